"""Are best replies found to the last digits, also where ground is flat or ends?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.games.small_worlds import make_small
from tests.replications.published import us_china_world

from detente.equilibrium import Specification
from detente.games import (
    Arena,
    Objective,
    Player,
    Strategy,
    best_reply,
    trade_war,
)
from detente.games.arena import CERTIFIED
from detente.games.search import EXACT
from detente.world import World

#: Values at an optimum.
VALUE = 1e-12


def test_subsidies_with_scale_economies_beside_a_fold(truth: Path) -> None:
    """22 goods, default bounds: trial points beyond the fold shorten the step."""
    world, _ = us_china_world(truth, "balanced")
    arena = Arena(world)
    rule = Strategy("production_subsidy", sectors=tuple(world.sectors[:22]))
    reply = best_reply(arena, "CHN", strategies=[rule], starts=1)
    assert reply.first_order < 1e-10
    assert reply.is_maximum
    assert reply.bounds_hit == ()
    assert 7.0 < reply.gain_pct < 8.0
    # at the end of the straight path from the baseline stands the same equilibrium
    assert arena.certify(reply.policies).welfare_hat == pytest.approx(reply.welfare_hat, abs=1e-9)


@pytest.mark.parametrize("code", ["EU", "Japan", "US"])
@pytest.mark.parametrize("lobbies", [False, True])
def test_general_optima_leave_no_condition_open(ossa: Any, code: str, lobbies: bool) -> None:
    world = ossa.world
    wants = Objective.political(world, code, ossa.weights) if lobbies else None
    player = Player.of(ossa.arena, code, objective=wants)
    reply = best_reply(ossa.arena, player)
    assert reply.first_order < EXACT


def test_a_war_with_lobbying_from_thirty_percent_everywhere(ossa: Any) -> None:
    players = [
        Player.of(
            ossa.arena,
            code,
            [Strategy(bounds=(-0.9, 10.0))],
            Objective.political(ossa.world, code, ossa.weights),
        )
        for code in ossa.world.economies
    ]
    start = [p.space.from_levels(np.full(len(p.space), 0.3)) for p in players]
    war = trade_war(ossa.arena, players, start=start, regret_starts=1)
    assert max(war.regret) < 1e-10
    assert war.first_order < 1e-8


@pytest.mark.parametrize("cap", [0.05, 0.0501, 0.0503, 0.07])
def test_rates_on_a_bound_stay_on_it(arena: Arena, cap: float) -> None:
    """Scaling a bound forth and back must not move it by a digit."""
    for seed in range(4):
        arena.state(arena.in_force._replace(tariff=arena.in_force.tariff + 0.1 * seed))
        reply = best_reply(arena, "AAA", strategies=[Strategy(bounds=(0.0, cap))])
        assert len(reply.bounds_hit) == 4
        assert reply.first_order == 0.0


@pytest.mark.parametrize("labour", ["mobile", "specific"])
def test_no_other_rate_is_better_where_labour_supply_is_elastic(labour: Any) -> None:
    """Welfare is net of effort, in the search as in the certified solver."""
    specification = Specification(closure="balanced", labour=labour, labour_supply_elasticity=0.5)
    arena = Arena(make_small(), specification)
    reply = best_reply(arena, "AAA", starts=1)
    assert reply.first_order < EXACT
    assert reply.is_maximum
    home = arena.world.economy_index("AAA")
    best = arena.certify(reply.policies).welfare_hat[home]
    assert reply.value == pytest.approx(best, abs=CERTIFIED)
    draw = np.random.default_rng(2)
    for _ in range(4):
        moved = reply.levels * (1 + 0.05 * draw.standard_normal(len(reply.levels)))
        policies = reply.player.space.apply(arena.in_force, reply.player.space.from_levels(moved))
        assert arena.certify(policies).welfare_hat[home] < best


def test_searches_see_through_prohibitive_starts(arena: Arena) -> None:
    player = Player.of(arena, "AAA")
    space = player.space
    shut = space.from_levels(np.full(len(space), 9.0))
    away = best_reply(arena, player, start=shut)
    assert away.value == pytest.approx(best_reply(arena, player).value, abs=1e-10)


def test_rates_on_flows_that_are_nearly_shut_out_are_found_as_fast() -> None:
    """With θ up to 51 flows fall to a tenth at the optimum, and curvature with them."""
    draw = np.random.default_rng(3)
    n, size = 8, np.array([1.0, 0.02, 0.05, 0.03])
    sales = draw.uniform(0.2, 3.0, (n, n, 4)) * size
    for k in range(n):
        sales[k, k] = draw.uniform(30.0, 80.0) * size
    world = World.from_arrays(
        [f"E{k}" for k in range(n)],
        ["s0", "s1", "s2", "s3"],
        sales=sales,
        trade_elasticity=[8.0, 51.0, 25.0, 40.0],
    )
    arena = Arena(world, Specification(closure="balanced"))
    reply = best_reply(arena, "E0", starts=1)
    policies = arena.exposure(arena.in_force), arena.exposure(reply.policies)
    left = [reply.player.space.pull(p) for p in policies]
    assert (left[1] / left[0]).min() < 0.1
    assert reply.first_order < 1e-10
    # 21 gradients; 34 where curvature is taken to be that of the baseline
    assert reply.evaluations < 28
    assert_allclose(reply.value, best_reply(arena, "E0", starts=4).value, rtol=VALUE)
