"""Does the tornado find the parameters that matter, with the right sign and size?"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.arrays import Labelled
from detente.errors import InputError
from detente.uncertainty import Ensemble, draw_parameters, drivers, drivers_table
from detente.world.model import World

DRAWS = 400


@pytest.fixture(scope="module")
def linear() -> Ensemble:
    """An outcome that is 3 z_common − 1 z_s1 + 0.01 noise by construction."""
    world: World = random_world(1)
    drawn = draw_parameters(world, DRAWS, 5, log_sd=0.3)
    noise = np.random.default_rng(0).normal(size=DRAWS)
    one = 3 * drawn.factors[:, 0] - drawn.factors[:, 2] + 0.01 * noise
    values = np.stack([one, -one, one * 0, one + 7], axis=1)
    central = Labelled(np.array([0.0, 0.0, 0.0, 7.0]), ("economy",), "%", "welfare_pct")
    return Ensemble(
        world=world,
        names=("war",),
        compared_with={},
        central=MappingProxyType({"war": {"welfare_pct": central}}),
        values=MappingProxyType({"war": {"welfare_pct": values}}),
        parameters=drawn,
        failures=(),
        finished=np.ones(DRAWS, dtype=bool),
    )


def test_drivers_of_a_linear_outcome(linear: Ensemble) -> None:
    world = linear.world
    found = drivers(linear, economy=world.economies[0], count=2)
    assert [d.parameter for d in found] == ["all sectors", world.sectors[1]]
    assert abs(found[0].weight - 3 / np.sqrt(10)) < 0.03
    assert abs(found[1].weight + 1 / np.sqrt(10)) < 0.03
    assert found[0].high == pytest.approx(3 * 1.645, abs=0.02)
    assert found[1].low == pytest.approx(1.645, abs=0.02)
    assert found[0].rank_correlation > 0.9
    shifted = drivers(linear, economy=world.economies[3], count=1)[0]
    assert shifted.low == pytest.approx(7 - 3 * 1.645, abs=0.02)
    still = drivers(linear, economy=world.economies[2])
    assert all(d.weight == 0 and d.low == d.high == 0 for d in still)


def test_the_table_names_parameters_in_words(linear: Ensemble) -> None:
    table = drivers_table(linear, economy=linear.world.economies[0], count=2)
    assert table["scenario"].tolist()[:2] == ["trade elasticity, all sectors together"] * 2
    assert table["quantile"].tolist() == [0.05, 0.95] * 2
    assert set(table["economy"]) == {linear.world.economies[0]}


def test_too_few_draws_or_too_many_numbers(linear: Ensemble) -> None:
    with pytest.raises(InputError, match="pick one number"):
        drivers(linear)
    few = Ensemble(**{**linear.__dict__, "finished": np.arange(DRAWS) < 6})
    with pytest.raises(InputError, match="cannot tell"):
        drivers(few, economy=linear.world.economies[0])
