"""Does Z go from never to always, and hang on each judgement by its name alone?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.talks import small_meeting

from detente.talks.agenda import Agenda, Item
from detente.talks.draws import FACTOR, share_with_a_zone
from detente.talks.profile import Side, sides_of
from detente.talks.worth import Worths

DRAWS, SEED = 4000, 3
#: A share of 4,000 draws is good to two points.
SHARE = 0.02


def sides(tau: float = 0.0) -> tuple[Side, Side]:
    first, second = sides_of(small_meeting.section(), small_meeting.world())
    sure = replace(first.tau, value=tau)
    return replace(first, tau=sure), replace(second, tau=sure)


def agenda(*worth: tuple[float, float]) -> Agenda:
    """One issue of side 1 whose other levels are worth this."""
    levels = tuple(str(k) for k in range(len(worth) + 1))
    return Agenda(
        (Item("issue", "issue", (0,), levels, ((),) * len(levels), ((0.0, 0.0), *worth)),)
    )


def worths(table: Agenda, trade: list[tuple[float, float]] | None = None) -> Worths:
    return Worths(
        trade=np.zeros((table.size, 2)) if trade is None else np.array([(0.0, 0.0), *trade]),
        cost=np.zeros((table.size, 2)),
        beyond=table.beyond,
        kappa=np.array([1.3, 1.3]),
        threatened=np.array([-1.0, -1.0]),
        threatened_beyond=np.zeros(2),
        chance=0.48,
    )


def share(table: Agenda, there: Worths, pair: tuple[Side, Side]) -> float:
    return share_with_a_zone(table, there, pair, (0.3, 0.65), DRAWS, SEED)


def test_what_is_good_for_both_is_always_there_and_what_is_not_never() -> None:
    good, bad = agenda((0.1, 0.1)), agenda((0.1, -0.1))
    assert share(good, worths(good), sides()) == 1.0
    assert share(bad, worths(bad), sides()) == 0.0


def test_what_only_the_threat_would_have_signed_does_not_count() -> None:
    """u is above d for both, but below zero for one: no zone without the threat."""
    table = agenda((0.1, -0.05))
    assert (worths(table).total[1] > worths(table).no_deal).all()
    assert share(table, worths(table), sides()) == 0.0


def test_a_factor_of_three_either_way() -> None:
    """Trade costs side 1 what is judged to come back: v f > t where ln f is uniform on ± ln 3."""
    table = agenda((0.1, 0.1))
    for cost, expected in ((0.1, 0.5), (0.1 * FACTOR, 0.0), (0.1 / FACTOR, 1.0)):
        there = worths(table, [(-cost, 0.0)])
        assert share(table, there, sides()) == pytest.approx(expected, abs=SHARE)


def test_kappa_is_drawn_from_one_to_two() -> None:
    table = agenda((0.0, 0.1))
    there = replace(worths(table, [(0.15, 0.0)]), cost=np.array([[0.0, 0.0], [0.1, 0.0]]))
    assert share(table, there, sides()) == pytest.approx(0.5, abs=SHARE)


def test_home_is_as_unsure_as_tau() -> None:
    table = agenda((0.1, 0.1))
    calm = replace(worths(table), threatened=np.zeros(2))
    surely = share(table, calm, sides(tau=0.001))
    assert surely == 1.0
    assert share(table, calm, sides(tau=10.0)) == pytest.approx(0.25, abs=0.03)


def test_other_issues_leave_the_draws_of_one_as_they_are() -> None:
    table = agenda((0.1, 0.1))
    there = worths(table, [(-0.08, 0.0)])
    idle = Item("idle", "idle", (1,), ("a", "b"), ((), ()), ((0.0, 0.0), (0.0, -1.0)))
    more = Agenda((*table.items, idle))
    trade = [(-0.08, 0.0) if more.levels[k, 0] else (0.0, 0.0) for k in range(1, more.size)]
    assert share(more, worths(more, trade), sides()) == share(table, there, sides())
