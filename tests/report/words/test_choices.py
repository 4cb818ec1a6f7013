"""Does every model choice have words, the same wherever it is told?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from detente.equilibrium.specification import LABOUR_REGIMES
from detente.report.tables.files import TABLES
from detente.report.tables.results import choices
from detente.report.words.choices import CLOSURES, LABOUR, choice
from detente.run.comparisons import CLOSURES as VARIED
from detente.run.results import AS_REPORTED, Results
from detente.world import CLOSURES as KNOWN


def test_every_closure_and_every_labour_market_has_words() -> None:
    assert set(CLOSURES) == set(KNOWN)
    assert set(LABOUR) == set(LABOUR_REGIMES)


def test_rows_of_other_choices_are_told_alike_on_the_page_and_in_the_file(
    results: Results,
) -> None:
    names = [AS_REPORTED, "labour=specific", *(f"closure={name}" for name in VARIED)]
    assert results.choices is not None
    one = results.choices[results.choices["scenario"] == results.choices["scenario"].iloc[0]]
    table = pd.concat([one.assign(scenario=name) for name in names], ignore_index=True)
    told = replace(results, choices=table)
    words = [choice(told, name) for name in names]
    assert len(set(words)) == len(names)
    assert not any("=" in text for text in words)
    assert [row[0] for row in choices(told).rows] == words
    written = TABLES["choices"].rows(told)
    assert written is not None
    assert list(dict.fromkeys(written["scenario"])) == words
