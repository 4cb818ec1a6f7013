"""One change of a sign: only what a reader could imagine, largest first."""

from __future__ import annotations

import pytest

from detente.talks.change import changes
from detente.talks.odds import meeting_odds
from detente.talks.signs import Signs

BUSAN = Signs.of(level="leader", dated=1, tone=(3, 3))
ANCHORAGE = Signs.of(level="minister", channel="diplomatic", tone=(-4, -8))


def test_the_largest_comes_first() -> None:
    for signs in (BUSAN, ANCHORAGE):
        sizes = [change.size for change in changes(signs, 0.6)]
        assert sizes == sorted(sizes, reverse=True)


def test_moves_are_differences_of_the_blend() -> None:
    own = (0.1, 0.6, 0.2, 0.05, 0.05)
    now = meeting_odds(ANCHORAGE, 0.4, own).blend
    for change in changes(ANCHORAGE, 0.4, own):
        assert sum(change.moved_pp) == pytest.approx(0, abs=1e-9)
        assert change.deal_pp == pytest.approx(100 * (change.odds.deal - now.deal), abs=1e-9)
        assert sum(change.odds) == pytest.approx(1, abs=1e-12)


def test_directions() -> None:
    moved = {(c.sign, c.after): c.deal_pp for c in changes(ANCHORAGE)}
    assert moved["level", "leader"] > moved["channel", "economic"] > 0
    assert moved["dated", 1.0] > 0
    assert moved["tone", -4.0] > 0 > moved["tone", -8.0]
    busan = {(c.sign, c.after): c.deal_pp for c in changes(BUSAN)}
    assert busan["level", "minister"] < 0
    assert busan["dated", 0.0] < 0


def test_only_changes_that_one_could_imagine() -> None:
    assert {c.sign for c in changes(BUSAN)} == {"level", "dated", "tone"}
    warm = Signs.of(level="minister", channel="climate", dated=0.5, tone=10)
    told = [(c.sign, c.before, c.after) for c in changes(warm)]
    assert ("channel", "climate", "economic") in told
    assert not any(after == "climate" for _, _, after in told)
    assert [c for c in told if c[0] == "tone"] == [("tone", 10.0, 8.0)]
    assert len([c for c in told if c[0] == "dated"]) == 2


def test_leaders_are_not_led() -> None:
    up = next(c for c in changes(ANCHORAGE) if c.sign == "level")
    same = meeting_odds(Signs.of(level="leader", tone=(-4, -8))).blend
    assert up.odds == pytest.approx(same, abs=1e-12)
