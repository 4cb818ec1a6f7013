"""Are the objectives' derivatives right?"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from tests.games.small_worlds import make_small

from detente.equilibrium import Specification
from detente.errors import InputError
from detente.games import (
    Arena,
    Objective,
    Player,
    Policies,
    best_reply,
)
from detente.outcomes import outcomes_of
from detente.world import World

#: Labour markets in which real wages, employment and what a sector pays differ from one another.
MARKETS = {
    "mobile": Specification(closure="balanced"),
    "elastic": Specification(closure="balanced", labour_supply_elasticity=0.7),
    "roy, elastic": Specification(
        closure="balanced", labour="roy", roy_elasticity=1.6, labour_supply_elasticity=0.4
    ),
}
#: Two solvers, each exact to 1e-11.
SAME = 1e-9
#: Central differences of a function known to 1e-14 with steps of 1e-5.
DIFFERENCED = 2e-8


def objectives(world: World) -> list[Objective]:
    lam = np.random.default_rng(5).uniform(0.5, 1.5, (3, 2))
    parts = [Objective.welfare(world, c) for c in world.economies]
    return [
        Objective.welfare(world, "BBB"),
        Objective.welfare(world, ["AAA", "CCC"]),
        Objective.political(world, "AAA", lam),
        Objective.mixed("a mix", parts, [0.2, 0.5, 0.3]),
        *(
            Objective.outcome(world, "AAA", name)
            for name in (
                "real wage",
                "real sales:food",
                "employment:machines",
                "production abroad:BBB:food",
            )
        ),
    ]


@pytest.mark.parametrize("which", range(8))
def test_gradients_match_central_differences(arena: Arena, small: World, which: int) -> None:
    objective = objectives(small)[which]
    base = arena.in_force
    here = Policies(
        tariff=base.tariff + 0.1 * (1 - jnp.eye(3)[:, :, None]),
        export_tax=base.export_tax.at[0, 1, 1].set(0.05),
        production_subsidy=base.production_subsidy.at[2, 0].set(0.03),
        ban=base.ban.at[1, 2, 0].set(0.2),
        transfer=jnp.asarray([0.3, -0.1, -0.2]),
    )
    _, gradient = arena.gradient(here, objective)
    step = 1e-5
    moves = {
        "tariff": (0, 1, 1),
        "export_tax": (1, 0, 0),
        "production_subsidy": (0, 1),
        "ban": (1, 2, 0),
    }
    for name, at in moves.items():
        ends = [
            arena.values(
                here._replace(**{name: getattr(here, name).at[at].add(side * step)}), [objective]
            )[0]
            for side in (1.0, -1.0)
        ]
        assert float(getattr(gradient, name)[at]) == pytest.approx(
            (ends[0] - ends[1]) / (2 * step), abs=DIFFERENCED
        ), name
    # transfers sum to zero: differences between entries mean something
    move = jnp.asarray([1.0, -1.0, 0.0])
    ends = [
        arena.values(here._replace(transfer=here.transfer + side * 1e-3 * move), [objective])[0]
        for side in (1.0, -1.0)
    ]
    slope = float(gradient.transfer @ move)
    assert slope == pytest.approx((ends[0] - ends[1]) / 2e-3, abs=DIFFERENCED)


@pytest.mark.parametrize("market", MARKETS)
def test_named_objectives_are_the_outcomes_of_that_name(market: str) -> None:
    """A government that wants real wages or jobs wants what results call so."""
    arena = Arena(make_small(), MARKETS[market])
    base = arena.in_force
    policies = base._replace(tariff=base.tariff.at[0, 1:].add(0.3).at[1, 0].add(0.2))
    result = outcomes_of(arena.certify(policies))
    wanted = {
        "welfare": result.at("welfare_pct", economy="AAA"),
        "real wage": result.at("real_wage_pct", economy="AAA"),
        "employment:machines": result.at("employment_pct", economy="AAA", sector="machines"),
    }
    objectives = [Objective.outcome(arena.world, "AAA", name) for name in wanted]
    gains = 100 * (arena.values(policies, objectives) - 1)
    assert gains == pytest.approx(np.array(list(wanted.values())), abs=100 * SAME)


def test_employment_in_a_sector_is_no_aim_where_nobody_can_move() -> None:
    arena = Arena(make_small(), Specification(closure="balanced", labour="specific"))
    jobs = Objective.outcome(arena.world, "AAA", "employment:machines")
    mixed = Objective.mixed("both", [Objective.welfare(arena.world, "AAA"), jobs], [0.5, 0.5])
    for objective in (jobs, mixed):
        with pytest.raises(InputError, match="nobody changes sector"):
            best_reply(arena, Player.of(arena, "AAA", objective=objective))


def test_a_group_wants_the_sum_of_its_real_gains_in_money() -> None:
    arena = Arena(make_small(), MARKETS["elastic"])
    base = arena.in_force
    policies = base._replace(tariff=base.tariff.at[0, 1:].add(0.3).at[1, 0].add(0.2))
    money = outcomes_of(arena.certify(policies)).equivalent_variation[[0, 2]]
    income, wages = arena.world.income, arena.world.labour_income.sum(axis=1)
    net = (income - 0.7 / 1.7 * wages)[[0, 2]]
    group = Objective.welfare(arena.world, ["AAA", "CCC"])
    value = arena.values(policies, [group])[0]
    assert value - 1 == pytest.approx(money.sum() / net.sum(), abs=SAME)
