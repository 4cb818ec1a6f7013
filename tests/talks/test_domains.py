"""Do the solutions over many packages agree with an independent library?"""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InfeasibleError
from detente.talks import bargaining as b
from detente.talks.frontier import convex_frontier, pareto_frontier

#: Sums of a handful of products: only rounding separates two codes.
EXACT = 1e-12


def _packages(domain: dict) -> np.ndarray:
    columns = []
    for side in (0, 1):
        terms = [
            np.asarray(values) * weight
            for values, weight in zip(domain["values"][side], domain["weights"][side], strict=True)
        ]
        columns.append([sum(combo) for combo in itertools.product(*terms)])
    return np.column_stack(columns)


def test_nash_and_egalitarian_points(own_results) -> None:
    domains = json.loads((own_results / "bargaining_domains.json").read_text())
    assert len(domains) >= 8
    for domain in domains:
        worth, reserved = _packages(domain), domain["reserved"]
        assert len(worth) == 1024
        for ours, key in ((b.nash, "nash"), (b.egalitarian, "kalai_egal")):
            got = ours(worth, reserved).worth
            np.testing.assert_allclose(got, domain["ours"][key], atol=EXACT, err_msg=domain["id"])
        rational = worth[(worth >= reserved).all(axis=1)]
        assert len(pareto_frontier(rational)) == domain["ours"]["n_pareto"]


points = st.lists(
    st.tuples(st.floats(-5, 5, width=16), st.floats(-5, 5, width=16)), min_size=1, max_size=30
)


@settings(deadline=None, max_examples=60)
@given(points)
def test_nothing_dominates_the_frontier(worth: list[tuple[float, float]]) -> None:
    u = np.asarray(worth, dtype=float)
    frontier = pareto_frontier(u)
    for k in frontier:
        assert not ((u >= u[k]).all(axis=1) & (u > u[k]).any(axis=1)).any()
    for k in range(len(u)):
        assert (u[frontier] >= u[k]).all(axis=1).any()
    assert set(convex_frontier(u)) <= set(frontier)


@settings(deadline=None, max_examples=60)
@given(points, st.floats(0.1, 10), st.floats(-3, 3))
def test_units_do_not_matter(worth: list[tuple[float, float]], scale: float, shift: float) -> None:
    """Scaling and shifting one side's worth leaves the Nash product's package unchanged."""
    u, d = np.asarray(worth, dtype=float), np.array([-6.0, -6.0])
    v, e = u.copy(), d.copy()
    v[:, 0] = scale * u[:, 0] + shift
    e[0] = scale * d[0] + shift
    gain = np.prod(u - d, axis=1)
    assert gain[b.nash(v, e).packages[0]] == pytest.approx(gain[b.nash(u, d).packages[0]])


@settings(deadline=None, max_examples=60)
@given(points)
def test_swapping_the_sides_swaps_the_solution(worth: list[tuple[float, float]]) -> None:
    u, d = np.asarray(worth, dtype=float), np.array([-6.0, -6.5])
    for solution in (b.nash, b.kalai_smorodinsky, b.egalitarian):
        for lotteries in (False, True):
            here = solution(u, d, lotteries=lotteries).worth
            there = solution(u[:, ::-1], d[::-1], lotteries=lotteries).worth
            gain_here = np.asarray(here) - d
            gain_there = np.asarray(there)[::-1] - d
            assert np.prod(gain_here) == pytest.approx(np.prod(gain_there), rel=1e-9) or (
                np.min(gain_here) == pytest.approx(np.min(gain_there))
            )


def test_an_empty_bargaining_set_is_explained() -> None:
    with pytest.raises(InfeasibleError, match="nearest"):
        b.nash([[0.0, 0.0], [1.0, -1.0]], [0.5, 0.5])


@pytest.mark.parametrize("rounds", [1, 2, 3, 8])
@pytest.mark.parametrize("discounts", [(0.9, 0.8), (0.5, 0.95)])
def test_offers_over_packages_are_staahls_on_a_fine_pie(
    discounts: tuple[float, float], rounds: int
) -> None:
    """A pie cut into 4,000 slices; each round may round the share by one slice."""
    slices = 4000
    share = np.arange(slices + 1) / slices
    package = b.package_offers(np.column_stack([share, 1 - share]), [0, 0], discounts, rounds)
    assert package is not None
    exact = b.finite_offers(*discounts, rounds=rounds)
    assert abs(share[package] - exact) <= rounds / slices


def test_who_offers_first_gets_no_less() -> None:
    u = np.array([[0.9, 0.1], [0.6, 0.5], [0.4, 0.7], [0.1, 0.9]])
    first = b.package_offers(u, [0, 0], (0.9, 0.9), 5, first=0)
    second = b.package_offers(u, [0, 0], (0.9, 0.9), 5, first=1)
    assert first is not None
    assert second is not None
    assert u[first, 0] >= u[second, 0]


def test_offers_that_nobody_takes() -> None:
    assert b.package_offers([[1.0, -1.0]], [0.0, 0.0], (0.9, 0.9), 4) is None


@given(power=st.floats(0.05, 0.95), far=st.floats(0.5, 4.0))
def test_power_is_the_share_of_a_pie(power: float, far: float) -> None:
    """Lotteries over two packages are a pie: each side gets its power of what it could have."""
    worth = b.nash([[0.0, 1.0], [far, 0.0]], [0.0, 0.0], power=power, lotteries=True).worth
    assert worth == pytest.approx((power * far, 1 - power), rel=1e-9)
