"""Does an array of the wrong shape ever reach the wrong axes?"""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import MeasureError
from detente.measures import Shock
from detente.world import World

WORLD = World.from_arrays(
    ["HOM", "FOR"],
    ["goods", "services"],
    trade_elasticity=4.0,
    sales=[[[80.0, 90.0], [20.0, 5.0]], [[15.0, 5.0], [200.0, 180.0]]],
)


def test_an_array_without_one_axis_is_refused() -> None:
    """[importer, exporter] would be read as [exporter, sector], silently where both are two."""
    with pytest.raises(MeasureError, match=r"expected \(2, 2, 2\)"):
        Shock.of(WORLD, tariff=np.array([[0.0, 0.25], [0.0, 0.0]]))


def test_a_scalar_and_axes_of_length_one_hold_throughout() -> None:
    assert np.all(Shock.of(WORLD, tariff=0.1).tariff == 0.1)
    tariff = Shock.of(WORLD, tariff=np.array([[[0.0], [0.25]], [[0.0], [0.0]]])).tariff
    assert tariff.shape == (2, 2, 2)
    assert np.all(tariff[0, 1] == 0.25)
