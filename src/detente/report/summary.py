"""What does the terminal show of a run?"""

from __future__ import annotations

from typing import Any

from detente.report.tables import results as tables
from detente.report.words.answer import answer
from detente.report.words.captions import nominal
from detente.report.words.certainty import how_sure
from detente.report.words.measures import found_values
from detente.report.words.problems import problems
from detente.run.results import HIGH, LOW, Results, rows_of, value_of


def json_summary(results: Results) -> dict[str, Any]:
    """The answer, the tiles and the welfare of every economy as plain values."""
    said = answer(results)
    rows = rows_of(results.headline, "welfare_pct", sector="")
    economies = []
    for code, value in zip(rows["economy"], rows["value"], strict=True):
        economies.append(
            {
                "economy": code,
                "name": results.economy(code),
                "welfare_pct": float(value),
                "low": value_of(results.headline, "welfare_pct", LOW, economy=code),
                "high": value_of(results.headline, "welfare_pct", HIGH, economy=code),
                "equivalent_variation": value_of(
                    results.headline, "equivalent_variation", economy=code
                ),
            }
        )
    return {
        "case": results.case,
        "package": results.headline_id,
        "compared_with": results.compared_with,
        "answer": said.text,
        "economies": economies,
        "currency": results.model.currency,
        "draws": {
            "asked": results.draws.asked,
            "finished": results.draws.finished,
            "failed": results.draws.failed,
            "seed": results.draws.seed,
        },
        "model": {
            "world": results.model.world,
            "year": results.model.year,
            "closure": results.model.closure,
            "labour": results.model.labour,
            "scale": results.model.scale,
            "elasticities": results.model.elasticity_set,
            "horizon": results.model.horizon,
        },
        "found": found_values(results),
        "notes": list(results.notes),
        "provenance": dict(results.provenance),
    }


def summary(results: Results) -> tuple[str, list[tables.Table]]:
    """The answer in sentences, and the tables below it."""
    shown = [tables.economies(results)]
    if packages := tables.packages(results):
        shown.append(packages)
    if found := tables.found(results):
        shown.append(found)
    return answer(results).text, shown


def footing(results: Results) -> list[str]:
    """Lines on certainty under the tables."""
    return [
        f"Consumer prices and exports are {nominal(results)}.",
        *how_sure(results),
        *problems(results),
    ]
