"""Which small world do the games share? Three economies, two sectors, nothing symmetric."""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.games import Arena, Player, Strategy
from detente.world import World

#: What a deal may set: import subsidies too.
DEAL = [Strategy(bounds=(-0.5, 3.0))]


def make_small(order: tuple[int, ...] = (0, 1, 2), **changes: Any) -> World:
    """Three economies, two sectors, inputs, tariffs in force; economies in any order."""
    draw = np.random.default_rng(7)
    sales = draw.uniform(1.0, 6.0, (3, 3, 2))
    for n, size in enumerate((60.0, 90.0, 40.0)):
        sales[n, n] = size * np.array([0.4, 0.6])
    tariff = draw.uniform(0.0, 0.15, (3, 3, 2))
    tariff[np.arange(3), np.arange(3)] = 0.0
    value_added = np.array([[0.5, 0.6], [0.4, 0.7], [0.55, 0.45]])
    mix = np.array([0.3, 0.7])[None, :, None] * np.ones((3, 2, 2))
    take = np.array(order)
    given: dict[str, Any] = {
        "sales": sales[np.ix_(take, take)],
        "tariff": tariff[np.ix_(take, take)],
        "value_added_share": value_added[take],
        "input_share": (mix * (1 - value_added)[:, None, :])[take],
        "trade_elasticity": [3.0, 6.0],
        "goods": ("food", "machines"),
    }
    names = np.array(["AAA", "BBB", "CCC"])[take].tolist()
    return World.from_arrays(names, ["food", "machines"], **(given | changes))


def two(arena: Arena, strategies: list[Strategy] | None = None) -> list[Player]:
    return [Player.of(arena, code, strategies or [Strategy()]) for code in ("AAA", "BBB")]
