"""Do stacking rules mean what they say, and do contributions add up to the level?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.measures.stacking import Layer, stack

EXACT = 1e-12
few = settings(max_examples=80, deadline=None)
HERE = np.array([0])

layer = st.builds(
    lambda parts, rule, points: Layer(np.array(sorted(parts)), rule, np.full(len(parts), points)),
    st.sets(st.integers(0, 3), min_size=1),
    st.sampled_from(["add", "replace", "cap", "exempt", "deny"]),
    st.floats(-0.2, 2.0),
)


def one(rule: str, points: float) -> Layer:
    return Layer(HERE, rule, np.array([points]))


@few
@given(st.lists(layer, max_size=6))
def test_contributions_sum_to_the_total(layers: list[Layer]) -> None:
    base = np.array([0.0, 0.05, 0.1, 0.4])
    total, each = stack(layers, base)
    summed = np.zeros(4)
    for piece, contribution in zip(layers, each, strict=True):
        np.add.at(summed, piece.parts, contribution)
    np.testing.assert_allclose(summed, total, atol=EXACT)


@few
@given(st.lists(st.floats(-0.1, 1.0), min_size=2, max_size=5), st.randoms())
def test_the_order_of_additions_changes_nothing(points: list[float], random: object) -> None:
    shuffled = list(points)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, _ = stack([one("add", p) for p in points], np.zeros(1))
    second, _ = stack([one("add", p) for p in shuffled], np.zeros(1))
    np.testing.assert_allclose(first, second, atol=EXACT)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([one("add", 0.2), one("replace", 0.1)], 0.1),
        ([one("replace", 0.1), one("add", 0.2)], 0.3),
        ([one("add", 0.2), one("add", 0.3), one("cap", 0.4)], 0.4),
        ([one("cap", 0.4), one("add", 0.2), one("add", 0.3)], 0.4),
        ([one("add", 0.2), one("cap", 0.4)], 0.2),
        ([one("exempt", 0.0), one("add", 0.2)], 0.0),
        ([one("add", np.inf), one("exempt", 0.0)], 0.0),
        ([one("add", 0.2), one("deny", 0.0)], -0.05),
    ],
)
def test_each_rule(layers: list[Layer], expected: float) -> None:
    total, _ = stack(layers, np.array([0.05]))
    assert total[0] == pytest.approx(expected, abs=EXACT)
