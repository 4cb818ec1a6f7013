"""Do the parts of a flow add up to the flow, however its covered lines and uses overlap?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.against.random_worlds import random_world

from detente.errors import MeasureError
from detente.measures.coverage import Lines, final_use_share, partition, user_share

#: Sums and products of a few shares in double precision.
EXACT = 1e-12

few = settings(max_examples=80, deadline=None)
shares = st.floats(0.01, 1.0)
covered = st.builds(Lines, shares, st.none(), st.sampled_from([None, "nested", "independent"]))


@few
@given(st.lists(covered, min_size=1, max_size=6))
def test_weights_sum_to_one_and_each_measure_hits_its_share(lines: list[Lines]) -> None:
    parts = partition(lines)
    assert sum(w for w, _ in parts) == pytest.approx(1, abs=EXACT)
    assert all(w > 0 for w, _ in parts)
    for k, line in enumerate(lines):
        assert sum(w for w, m in parts if k in m) == pytest.approx(line.share, abs=EXACT)
    assert len({m for _, m in parts}) == len(parts)


@few
@given(st.lists(covered, min_size=2, max_size=5), st.randoms())
def test_the_order_of_measures_changes_nothing(lines: list[Lines], random: object) -> None:
    order = list(range(len(lines)))
    random.shuffle(order)  # type: ignore[attr-defined]
    direct = {frozenset(m): w for w, m in partition(lines)}
    moved = {frozenset(order[k] for k in m): w for w, m in partition([lines[k] for k in order])}
    assert direct.keys() == moved.keys()
    for members, weight in direct.items():
        assert moved[members] == pytest.approx(weight, abs=EXACT)


@few
@given(shares, shares)
def test_independent_lines_meet_on_the_product_of_shares(one: float, two: float) -> None:
    parts = partition([Lines(one), Lines(two)])
    both = sum(w for w, m in parts if m == (0, 1))
    assert both == pytest.approx(one * two, abs=EXACT)


@few
@given(shares, shares)
def test_nested_lines_meet_on_the_smaller_share(one: float, two: float) -> None:
    parts = partition([Lines(one, relation="nested"), Lines(two)])
    both = sum(w for w, m in parts if m == (0, 1))
    assert both == pytest.approx(min(one, two), abs=EXACT)


def test_the_same_lines_are_one_set() -> None:
    lines = [Lines(0.3, "batteries"), Lines(0.3, "batteries"), Lines(0.5)]
    parts = {m: w for w, m in partition(lines)}
    assert set(parts) == {(0, 1, 2), (0, 1), (2,), ()}


def test_disjoint_lines_never_meet() -> None:
    lines = [Lines(0.3, "a", "disjoint"), Lines(0.5, "b", "disjoint")]
    assert [m for _, m in partition(lines)] == [(0,), (1,), ()]


def test_wholly_hit_flows_leave_exactly_nothing() -> None:
    # A rest of 1e-17 would keep a closed flow open.
    for share in (0.1, 0.3, 1 / 3, 0.7, 1e-9):
        parts = partition([Lines(1.0), Lines(share)])
        rest = 1.0
        for weight, members in parts:
            assert members
            rest -= weight
        assert rest == 0.0


def test_uses_split_a_flow_as_coverage_does() -> None:
    uses = [frozenset({2}), None]
    parts = partition([Lines(0.5), Lines(1.0)], uses, [0.25, 0.35, 0.4])
    assert {m: round(w, 12) for w, m in parts} == {(0, 1): 0.2, (1,): 0.8}


def test_different_uses_never_meet() -> None:
    parts = partition([Lines(1.0), Lines(1.0)], [frozenset({0}), frozenset({1})], [0.3, 0.5, 0.2])
    assert {m: round(w, 12) for w, m in parts} == {(0,): 0.3, (1,): 0.5, (): 0.2}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([Lines(0.3, "a"), Lines(0.4, "a")], "two shares"),
        ([Lines(0.6, "a", "disjoint"), Lines(0.6, "b", "disjoint")], "exclude each other"),
        ([Lines(0.5)] * 9, "would split it into 512 parts"),
    ],
)
def test_contradictions_are_refused_with_the_flow(lines: list[Lines], message: str) -> None:
    with pytest.raises(MeasureError, match=message) as caught:
        partition(lines, where="cars, USA from CHN")
    assert "cars, USA from CHN" in str(caught.value)


def test_shares_of_use_sum_to_one_on_a_world() -> None:
    # What is bought is bought for final use or by some sector: the goods-market identity.
    world = random_world(3, 4, 3)
    total = final_use_share(world) + sum(user_share(world, k) for k in range(3))
    np.testing.assert_allclose(total, 1.0, atol=1e-8)
