"""Are the objectives' derivatives right?"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from detente.games import (
    Arena,
    Objective,
    Policies,
)
from detente.world import World

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
