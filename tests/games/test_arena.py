"""Are values, derivatives and their derivatives right, with and without economies of scale?"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.games.small_worlds import make_small, two

from detente.equilibrium import Specification
from detente.games import (
    Arena,
    Objective,
    Policies,
    Strategy,
    StrategySpace,
    best_reply,
)
from detente.games.best_reply import uniform_start
from detente.world import World

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


def test_the_certified_solver_agrees_bans_by_coverage_included(arena: Arena) -> None:
    policies = arena.in_force._replace(
        tariff=arena.in_force.tariff + 0.2 * (1 - jnp.eye(3)[:, :, None]),
        ban=arena.in_force.ban.at[0, 1, 1].set(0.4).at[2, 1, 0].set(1.0),
        transfer=jnp.asarray([1.0, -1.0, 0.0]),
    )
    found = arena.certify(policies)
    assert np.abs(found.welfare_hat - arena.welfare_hat(policies)).max() < 1e-9
    assert found.certificate.residual < 1e-10


def test_exposure_is_what_flows_times_the_elasticity(arena: Arena, small: World) -> None:
    players = two(arena)
    high = players[0].space.apply(arena.in_force, uniform_start(players[0].space, 2))
    found = arena.certify(high)
    for policies, sales in ((arena.in_force, arena.world.sales), (high, found.sales_prime)):
        exposure, expected = arena.exposure(policies), sales * small.trade_elasticity
        assert_allclose(exposure.tariff, expected, rtol=1e-8)
        assert_allclose(exposure.production_subsidy, expected.sum(axis=0), rtol=1e-8)


def test_both_ways_of_finding_equilibria_agree_where_scale_hardly_matters(arena: Arena) -> None:
    rule = [Strategy("production_subsidy", sectors=("machines",), bounds=(-0.2, 0.3)), Strategy()]
    fast = best_reply(arena, "AAA", strategies=rule)
    nearly = make_small(scale_elasticity=1e-10)
    followed = Arena(nearly, Specification(closure="balanced"))
    assert followed.settings.scale
    assert not arena.settings.scale
    slow = best_reply(followed, "AAA", strategies=rule, starts=1)
    assert slow.value == pytest.approx(fast.value, abs=1e-10)
    assert slow.levels == pytest.approx(fast.levels, abs=1e-8)
