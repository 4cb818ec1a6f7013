"""Do searches reach the top, also over flat ground and beside ground that does not exist?"""

from __future__ import annotations

import numpy as np
import pytest

from detente.arrays import FloatArray
from detente.errors import ConvergenceError, InfeasibleError
from detente.games.search import EXACT, climb, held_by_bounds, polish, settle

ONE = np.ones(2)
#: Where the hill has its top.
TOP = np.array([0.5, 0.3])
#: Values of a hill that is one high: rates are good to the root of their rounding.
BY_VALUES = 1e-6


def hill(x: FloatArray) -> tuple[float, FloatArray]:
    return 1.0 - float((x - TOP) @ (x - TOP)) / 2, TOP - x


@pytest.mark.parametrize("kind", [ConvergenceError, InfeasibleError])
def test_a_climb_shortens_a_step_into_the_void(kind: type[Exception]) -> None:
    met = 0

    def beside_a_fold(x: FloatArray) -> tuple[float, FloatArray]:
        nonlocal met
        if x[0] > 0.51:
            met += 1
            raise kind("no equilibrium here")
        # so steep at the start that the first steps go far beyond the fold
        value, gradient = hill(x)
        return 50 * value, 50 * gradient

    found = climb(beside_a_fold, np.array([-3.0, 0.0]), -4 * ONE, 4 * ONE)
    assert met > 0
    assert found.x == pytest.approx(TOP, abs=BY_VALUES)
    assert found.unsolvable == "no equilibrium here"


def test_a_climb_ends_at_the_edge_and_says_so() -> None:
    def with_an_edge(x: FloatArray) -> tuple[float, FloatArray]:
        if x[0] > 0.2:
            raise ConvergenceError("a fold")
        return hill(x)

    found = climb(with_an_edge, np.zeros(2), -ONE, ONE)
    assert 0.19 < found.x[0] <= 0.2
    assert found.first_order > 0.1
    assert found.unsolvable == "a fold"
    with pytest.raises(ConvergenceError, match="a fold"):
        climb(with_an_edge, ONE, -ONE, ONE)


def test_settling_shortens_a_step_into_the_void() -> None:
    def slope(x: FloatArray) -> FloatArray:
        if x[0] > 0.55:
            raise ConvergenceError("a fold")
        return 3 * (TOP - x)

    found = settle(slope, np.zeros(2), -ONE, ONE, ONE)
    assert found.x == pytest.approx(TOP, abs=1e-10)
    assert found.unsolvable == "a fold"


def test_polishing_crosses_flat_and_bent_ground_within_bounds() -> None:
    curved = np.array([1e-5, 120.0, 1.0, 1.0])
    top, lower, upper = np.array([0.2, 0.4, 2.0, 0.0]), np.zeros(4), np.ones(4)
    # the last does not move anything
    curved[3] = 0.0
    at = [np.zeros(4)]

    def slope(x: FloatArray) -> FloatArray:
        at[0] = x
        return curved * np.sinh(top - x)

    def along(v: FloatArray) -> FloatArray:
        return -curved * np.cosh(top - at[0]) * v

    start = np.array([0.9, 0.1, 0.3, 0.7])
    found = polish(slope, along, start, lower, upper, 0.3 * np.ones(4))
    assert found.first_order <= EXACT
    assert found.x == pytest.approx([0.2, 0.4, 1.0, 0.7], abs=1e-5)


def test_settling_respects_bounds() -> None:
    peak = np.array([0.3, 2.0, -1.0])
    found = settle(
        lambda x: peak - x, np.zeros(3), np.zeros(3), np.ones(3), 0.1 * np.ones(3), reach=1.0
    )
    assert found.x == pytest.approx([0.3, 1.0, 0.0], abs=1e-11)
    assert not held_by_bounds(found.x, peak - found.x, np.zeros(3), np.ones(3)).round(11).any()
