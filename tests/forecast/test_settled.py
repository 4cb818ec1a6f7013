"""Outcomes: each problem is refused with its place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.forecast.log import Forecast, SealedForecast
from detente.forecast.settled import read_outcomes
from detente.talks.odds import meeting_odds
from detente.talks.signs import Signs

TODAY = dt.date(2026, 3, 30)


def sealed(name: str) -> SealedForecast:
    signs = Signs.of(level="leader", tone=1)
    odds = meeting_odds(signs)
    forecast = Forecast(
        *(name, dt.date(2026, 4, 1), dt.date(2026, 3, 2), "q", "r", "s", signs, None),
        {"record": odds.record.odds, "case": odds.case},
        *(0.3, "a", "w", "b", "c", "1"),
    )
    return SealedForecast(f"2026-04-01-{name}", 1, "", forecast, b"")


CHAIN = (sealed("one"), sealed("two"))
GOOD = """
[[outcome]]
forecast = "2026-04-01-two"
date = 2026-03-20
endings = ["partial_deal", "keep_talking"]
source = "agency, 20 March"

[[outcome]]
forecast = "2026-04-01-one"
date = 2026-03-10
endings = ["no_result", "no_result"]
source = "agency, 10 March"
"""


def test_outcomes_come_in_the_order_of_their_days(tmp_path: Path) -> None:
    assert read_outcomes(tmp_path, CHAIN, TODAY) == ()
    (tmp_path / "outcomes.toml").write_text(GOOD)
    found = read_outcomes(tmp_path, CHAIN, TODAY)
    assert [one.id for one in found] == ["2026-04-01-one", "2026-04-01-two"]
    assert found[1].endings == ("partial_deal", "keep_talking")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2026-03-20", "2026-03-01", "was made on 2026-03-02, after its outcome"),
        ("2026-03-20", "2026-04-02", "the question ends on 2026-04-01"),
        ("2026-03-20", "2026-03-31", "in the future"),
        ("2026-03-20", '"20 March"', "without quotes"),
        ("01-two", "01-too", 'Nearest: "2026-04-01-two"'),
        ("01-one", "01-two", "settled above already"),
        ('"partial_deal", ', "", "write two"),
        ("partial_deal", "partial deal", 'Nearest: "partial_deal"'),
        ('source = "agency, 20 March"', "", '"source" is missing'),
        ("agency, 20 March", " ", "source is empty"),
        ("source =", "sauce =", '"source" is missing'),
        ("date = 2026-03-20", "date = 2026-03-20\nnote = 1", 'unknown key "note"'),
        ("[[outcome]]", "[outcome]", "outcomes.toml"),
        ("endings = [", "endings = ", "outcomes.toml"),
    ],
)
def test_problems_are_told_with_their_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "outcomes.toml").write_text(GOOD.replace(old, new, 1))
    with pytest.raises(InputError, match=r"outcomes\.toml") as told:
        read_outcomes(tmp_path, CHAIN, TODAY)
    assert said in str(told.value)
