"""Does welfare mean the same everywhere: real income net of the effort that it takes?"""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest
from tests.laws.worlds import TIGHT, make_shock, make_world

from detente.equilibrium import Equilibrium, Specification, gradient, solve
from detente.games import Arena, Objective
from detente.outcomes.state import baseline_state, state_of
from detente.outcomes.welfare import real_income_hat, welfare_hat
from detente.world.model import World

#: One number reckoned in two places.
SAME = 1e-11
#: Two equilibria, one of them solved by the games' own way.
SOLVED = 1e-9
#: Slopes by central differences.
DIFFERENCED = 2e-6
STEP = 1e-4

ELASTIC = Specification(labour_supply_elasticity=0.6)
REGIMES = [ELASTIC, replace(ELASTIC, labour="specific"), Specification()]


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(21)


def taxed(world: World, specification: Specification, more: float = 0.0) -> Equilibrium:
    shock = replace(make_shock(world, 21), labour=np.ones(3), productivity=np.ones((3, 3)))
    tariff = shock.tariff.copy()
    tariff[0, 1, 1] += more
    shock = replace(shock, tariff=tariff)
    return solve(world, shock, specification=specification, tolerance=TIGHT)


@pytest.mark.parametrize("specification", REGIMES, ids=str)
def test_results_and_outcomes_say_the_same(world: World, specification: Specification) -> None:
    found = taxed(world, specification)
    epsilon = specification.labour_supply_elasticity
    before, after = baseline_state(world, labour_supply_elasticity=epsilon), state_of(found)
    assert np.abs(found.welfare_hat - welfare_hat(before, after)).max() < SAME
    assert np.abs(found.real_income_hat - real_income_hat(before, after)).max() < SAME
    apart = np.abs(found.welfare_hat - found.real_income_hat).max()
    assert (apart > 1e-4) == (epsilon > 0)


@pytest.mark.parametrize("specification", REGIMES, ids=str)
def test_games_mean_it_too(world: World, specification: Specification) -> None:
    """One economy, and several as one: what they gain in money over what they have."""
    found = taxed(world, specification)
    arena = Arena(world, specification, standing=found)
    here = arena.in_force
    assert np.abs(arena.welfare_hat(here) - found.welfare_hat).max() < SOLVED
    alone = Objective.welfare(world, "E1")
    assert abs(arena.evaluate(here, alone)[0] - found.welfare_hat[1]) < SOLVED
    epsilon = specification.labour_supply_elasticity
    net = world.income - epsilon / (1 + epsilon) * world.labour_income.sum(axis=1)
    together = Objective.welfare(world, ["E0", "E2"])
    mean = np.average(found.welfare_hat[[0, 2]], weights=net[[0, 2]])
    assert abs(arena.evaluate(here, together)[0] - mean) < SOLVED


@pytest.mark.parametrize("specification", REGIMES, ids=str)
@pytest.mark.parametrize("name", ["welfare", "real_income"])
def test_derivatives_match_differences(
    world: World, specification: Specification, name: str
) -> None:
    slope = gradient(taxed(world, specification), f"{name}:E0")[0, 1, 1]
    up, down = (
        getattr(taxed(world, specification, sign * STEP), f"{name}_hat")[0] for sign in (1, -1)
    )
    assert abs(slope - (up - down) / (2 * STEP)) < DIFFERENCED


@pytest.mark.parametrize("specification", REGIMES, ids=str)
def test_derivatives_of_objectives_match_differences(
    world: World, specification: Specification
) -> None:
    arena = Arena(world, specification)
    objective = Objective.political(world, ["E0", "E2"], [2.0, 1.0, 0.5])
    policies = arena.in_force
    _, slope = arena.gradient(policies, objective)

    def at(step: float) -> float:
        moved = policies._replace(tariff=policies.tariff.at[0, 1, 1].add(step))
        return arena.evaluate(moved, objective)[0]

    difference = (at(STEP) - at(-STEP)) / (2 * STEP)
    assert abs(float(slope.tariff[0, 1, 1]) - difference) < DIFFERENCED
    assert jax.config.jax_enable_x64
