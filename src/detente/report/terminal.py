"""What does the terminal show of a run?"""

from __future__ import annotations

from detente.report.tables import results as tables
from detente.report.tables.table import TextTable
from detente.report.words.captions import nominal
from detente.report.words.certainty import how_sure
from detente.report.words.problems import problems
from detente.run.results import Results


def run_tables(results: Results) -> list[TextTable]:
    """The tables below the answer."""
    shown = [tables.economies(results)]
    if packages := tables.packages(results):
        shown.append(packages)
    if found := tables.found(results):
        shown.append(found)
    return shown


def run_footing(results: Results) -> list[str]:
    """Lines on certainty under the tables."""
    return [
        f"Consumer prices and exports are {nominal(results)}.",
        *how_sure(results),
        *problems(results),
    ]
