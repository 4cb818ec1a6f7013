"""Do frontier and Nash point keep their laws whatever the packages?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.talks.agenda import Agenda, Item
from detente.talks.worth import Worths, revealed_cost
from detente.talks.zone import holding, linkage, nash_point, pareto_frontier, zone_of

points = st.lists(
    st.tuples(st.floats(-5, 5, width=16), st.floats(-5, 5, width=16)), min_size=1, max_size=30
)
#: Below everything that is drawn.
NO_DEAL = np.array([-6.0, -6.5])


@settings(deadline=None, max_examples=60)
@given(points)
def test_nothing_dominates_the_frontier(worth: list[tuple[float, float]]) -> None:
    u = np.asarray(worth, dtype=float)
    frontier = pareto_frontier(u)
    for k in frontier:
        assert not ((u >= u[k]).all(axis=1) & (u > u[k]).any(axis=1)).any()
    for k in range(len(u)):
        assert (u[frontier] >= u[k]).all(axis=1).any()
    assert (np.diff(u[frontier, 0]) > 0).all()


@settings(deadline=None, max_examples=60)
@given(points, st.floats(0.1, 10), st.floats(-3, 3))
def test_units_do_not_matter(worth: list[tuple[float, float]], scale: float, shift: float) -> None:
    """Scaling and shifting one side's worth leaves the Nash product's package unchanged."""
    u, d = np.asarray(worth, dtype=float), NO_DEAL
    v, e = u.copy(), d.copy()
    v[:, 0], e[0] = scale * u[:, 0] + shift, scale * d[0] + shift
    product = np.prod(u - d, axis=1)
    here, there = nash_point(u, d), nash_point(v, e)
    assert here is not None
    assert there is not None
    assert product[there] == pytest.approx(product[here])


@settings(deadline=None, max_examples=60)
@given(points)
def test_the_nash_point_is_on_the_frontier(worth: list[tuple[float, float]]) -> None:
    u = np.asarray(worth, dtype=float)
    assert nash_point(u, NO_DEAL) in pareto_frontier(u)


def test_nothing_worth_no_deal_has_no_point() -> None:
    assert nash_point([[1.0, -1.0], [0.0, 0.2]], [0.5, 0.5]) is None
    assert nash_point(np.zeros((0, 2)), [0.0, 0.0]) is None


def item(name: str, by: int, *levels: str) -> Item:
    return Item(name, name, (by,), levels, ((),) * len(levels), ((0.0, 0.0),) * len(levels))


def swap() -> tuple[Agenda, Worths]:
    """Each side gives up one thing that is worth more to the other."""
    agenda = Agenda((item("mine", 0, "kept", "given"), item("yours", 1, "kept", "given")))
    trade = np.array([[0.0, 0.0], [0.5, -0.2], [-0.3, 0.6], [0.2, 0.4]])
    worths = Worths(
        trade=trade,
        cost=np.zeros((4, 2)),
        beyond=np.zeros((4, 2, 2)),
        kappa=np.array([1.0, 1.0]),
        threatened=np.array([-0.4, 0.1]),
        threatened_beyond=np.zeros(2),
        chance=0.25,
    )
    return agenda, worths


def test_linkage_is_all_where_neither_gives_alone() -> None:
    agenda, worths = swap()
    added, composed = linkage(agenda, worths, agenda.number({"mine": "given", "yours": "given"}))
    assert composed == 0
    assert added == (0.2, 0.4)


def test_an_agreement_holds_as_far_as_a_side_looks_ahead() -> None:
    """Side 1 would gain .3 by taking back its own part, and keeps .2 over its no deal of −.1."""
    agenda, worths = swap()
    both = agenda.number({"mine": "given", "yours": "given"})
    assert holding(agenda, worths, both) == pytest.approx((0.3 / 0.3, 0.2 / 0.4))
    assert holding(agenda, worths, 1)[1] == np.inf


def test_a_fallback_that_a_side_would_gain_by_is_no_better_than_how_things_are() -> None:
    _, worths = swap()
    assert worths.no_deal.tolist() == [-0.1, 0.0]


def test_a_package_without_a_price_is_in_no_zone() -> None:
    _, worths = swap()
    trade = worths.trade.copy()
    trade[3] = np.nan
    zone = zone_of(worths.with_(trade=trade), (0.0, 0.0))
    assert not len(zone.members)
    assert zone.nearest in (1, 2)


def test_home_stops_what_is_signed_only() -> None:
    _, worths = swap()
    zone = zone_of(worths, (0.35, 0.0))
    stops = {(b.side, b.filter): b for b in zone.blocks}
    assert stops[0, "home"].alone == (3,)
    assert stops[0, "home"].short == pytest.approx(0.05)
    assert stops[0, "signs"].stopped == 1
    assert not (zone.home & ~zone.signs).any()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_revealed_cost_counts_gains_alone(alone: list[float]) -> None:
    cost = revealed_cost(np.array([[0.0, *alone]]), np.array([[0], [1], [2], [3]]))
    assert cost.tolist() == [0.0, *(max(0.0, a) for a in alone)]
