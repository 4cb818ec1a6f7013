"""How do two governments fare, by how hard each of them fights?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import FloatArray
from detente.errors import InputError
from detente.games.arena import Arena
from detente.games.trade_war import TradeWar, profile

__all__ = ["PayoffMap", "payoff_map"]

#: Sizes of the payoff map: multiples of each player's rates in the war, in logs.
MAP_REACH, MAP_POINTS = 2.0, 9


@dataclass(frozen=True, eq=False)
class PayoffMap:
    """Objectives of two players over a grid of how hard each fights.

    Attributes
    ----------
    names
        The two players.
    intensity
        Multiples of the (log) rates of the war: 0 is no duty at all, 1 the war.
    mean_rate
        Mean rate of each player at each intensity, [player, intensity].
    value
        Objective of each player, [player, intensity of the first, intensity of the second].
    """

    names: tuple[str, str]
    intensity: FloatArray
    mean_rate: FloatArray
    value: FloatArray

    def best_replies(self) -> tuple[FloatArray, FloatArray]:
        """Best intensity of the first for each of the second, and the reverse (parabolas)."""
        return (
            np.array(
                [_peak(self.intensity, self.value[0][:, k]) for k in range(len(self.intensity))]
            ),
            np.array(
                [_peak(self.intensity, self.value[1][k, :]) for k in range(len(self.intensity))]
            ),
        )


def _peak(x: FloatArray, y: FloatArray) -> float:
    """Top of the parabola through the best grid point and its neighbours."""
    k = int(np.clip(np.argmax(y), 1, len(x) - 2))
    a, b, _ = np.polyfit(x[k - 1 : k + 2], y[k - 1 : k + 2], 2)
    return float(np.clip(-b / (2 * a), x[0], x[-1])) if a < 0 else float(x[np.argmax(y)])


def payoff_map(
    arena: Arena, found: TradeWar, reach: float = MAP_REACH, points: int = MAP_POINTS
) -> PayoffMap:
    """Objectives of the two players of a war around it."""
    if len(found.players) != 2:
        raise InputError("a payoff map has two axes: it needs a war of two players.")
    first, second = found.players
    intensity = np.linspace(0.0, reach, points)
    value = np.empty((2, points, points))
    for a, s in enumerate(intensity):
        for b, t in enumerate(intensity):
            x = [
                np.clip(s * found.x[0], first.space.lower, first.space.upper),
                np.clip(t * found.x[1], second.space.lower, second.space.upper),
            ]
            policies = profile(arena, found.players, x)
            value[:, a, b] = arena.values(policies, [first.objective, second.objective])
    mean = np.array(
        [
            [p.space.mean_level(np.clip(s * x, p.space.lower, p.space.upper)) for s in intensity]
            for p, x in zip(found.players, found.x, strict=True)
        ]
    )
    return PayoffMap((first.name, second.name), intensity, mean, value)
