"""Is the answer about those who act and those who are acted on?"""

from __future__ import annotations

from dataclasses import replace

from detente.report.words.answer import answer
from detente.run.results import Results


def _with(results: Results, by: str, on: str) -> Results:
    measure = results.measures[0].model_copy(update={"by": (by,), "on": (on,) if on else ()})
    return replace(results, measures=(measure,), groups={"ASEAN": ("VNM", "XSE")})


def test_the_united_states_and_china_where_they_are_meant(results: Results) -> None:
    for by, on in (("USA", "CHN"), ("CHN", "USA"), ("USA", "all others"), ("CHN", "")):
        assert _with(results, by, on).principals == ("USA", "CHN")


def test_who_acts_comes_first_where_others_act(results: Results) -> None:
    assert _with(results, "VNM", "CHN").principals == ("VNM", "CHN")


def test_a_group_that_acts_is_not_a_third_country(results: Results) -> None:
    """One member stands in the foreground; the group's sum is said, and no member is a third."""
    own = _with(results, "ASEAN", "CHN")
    assert own.principals[0] in ("VNM", "XSE")
    assert own.principals[1] == "CHN"
    assert own.involved == {"VNM", "XSE", "CHN"}
    assert "for the ASEAN as a whole" in answer(own).body
