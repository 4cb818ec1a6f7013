"""Are the weights found that policies were made with?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente.games import (
    Arena,
    Objective,
    Player,
    Strategy,
    best_reply,
    revealed_weights,
)
from detente.world import World


def test_weights_are_recovered_from_a_best_reply(arena: Arena, small: World) -> None:
    lam = np.array([1.3, 0.7])
    player = Player.of(
        arena, "BBB", [Strategy(by="sector")], Objective.political(small, "BBB", lam)
    )
    reply = best_reply(arena, player)
    found = revealed_weights(arena, player.space, x=reply.x)
    assert found.weight == pytest.approx(lam, abs=1e-6)
    assert found.unexplained < 1e-6
    assert found.identified_directions == 2
    # tariffs that nobody would choose leave something unexplained
    odd = player.space.from_levels(np.array([0.0001, 0.9]))
    assert revealed_weights(arena, player.space, x=odd).unexplained > found.unexplained


def test_weights_are_recovered_in_ossas_world(ossa: Any) -> None:
    world = ossa.world
    player = Player.of(
        ossa.arena, "US", [Strategy(by="sector")], Objective.political(world, "US", ossa.weights)
    )
    reply = best_reply(ossa.arena, player)
    found = revealed_weights(ossa.arena, player.space, x=reply.x)
    expected = ossa.weights[world.economy_index("US")]
    assert found.weight == pytest.approx(expected / expected.mean(), abs=1e-7)
