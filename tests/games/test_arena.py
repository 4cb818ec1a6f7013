"""Are values, derivatives and their derivatives right, with and without economies of scale?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.games.small_worlds import make_small

from detente.equilibrium import Specification
from detente.games import Arena, Objective, Policies, Strategy, StrategySpace

#: Slopes against central differences.
DIFFERENCED = 3e-8
#: Linear solves that steer Newton's method are good to 1e-6.
BENT = 1e-5

WORLDS = {
    "without scale": ({}, Specification(closure="balanced")),
    "with scale": ({"scale_elasticity": [0.05, 0.12]}, Specification(closure="balanced")),
    "with scale, elastic labour": (
        {"scale_elasticity": [0.05, 0.12]},
        Specification(closure="fixed-transfer", labour_supply_elasticity=0.4),
    ),
    "roy, elastic labour": (
        {},
        Specification(
            closure="proportional", labour="roy", roy_elasticity=1.5, labour_supply_elasticity=0.4
        ),
    ),
}


@pytest.fixture(params=WORLDS.values(), ids=list(WORLDS))
def stage(request: pytest.FixtureRequest) -> Arena:
    changes, specification = request.param
    return Arena(make_small(**changes), specification)


@pytest.fixture
def space(stage: Arena) -> StrategySpace:
    rules = [Strategy(), Strategy("export_tax"), Strategy("production_subsidy")]
    return StrategySpace.of(stage.world, "AAA", [*rules, Strategy("export_ban", ("CCC",))])


@pytest.fixture
def here(stage: Arena, space: StrategySpace) -> Policies:
    draw = np.random.default_rng(4).uniform(0.05, 0.15, len(space))
    return space.apply(stage.in_force, space.from_levels(draw))


def test_derivatives_in_every_instrument(
    stage: Arena, space: StrategySpace, here: Policies
) -> None:
    objective = Objective.political(stage.world, "AAA", {"machines": 1.4})
    x, step = space.read(here), 1e-4
    slope = space.pull(stage.gradient(here, objective)[1])
    for k in np.flatnonzero(space.identified):
        move = step * space.scale[k] * (np.arange(len(x)) == k)
        ends = [
            stage.values(space.apply(here, x + side * move), [objective])[0] for side in (1.0, -1.0)
        ]
        difference = (ends[0] - ends[1]) / (2 * step * space.scale[k])
        assert slope[k] == pytest.approx(difference, abs=DIFFERENCED / space.scale[k])


def test_how_derivatives_move(stage: Arena, space: StrategySpace, here: Policies) -> None:
    objective = Objective.political(stage.world, "AAA", {"machines": 1.4})
    x = space.read(here)
    v = np.random.default_rng(8).standard_normal(len(x)) * space.identified * space.scale
    step = 1e-4
    ends = [
        space.pull(stage.gradient(space.apply(here, x + side * step * v), objective)[1])
        for side in (1.0, -1.0)
    ]
    stage.gradient(here, objective)
    known, state = stage.last
    moved = space.pull(stage.slope_along(known, objective, space.push(v, known), state))
    difference = (ends[0] - ends[1]) / (2 * step)
    assert moved == pytest.approx(difference, abs=BENT * np.abs(difference).max())


def test_the_search_agrees_with_the_certified_solver(stage: Arena, here: Policies) -> None:
    assert stage.welfare_hat(here) == pytest.approx(stage.certify(here).welfare_hat, abs=1e-10)
