r"""Which political weights would make the observed policies a best reply?

At a best reply with weights λ every free rate x satisfies

.. math:: \sum_s \lambda_s \frac{\partial}{\partial x}\frac{Y'_s}{\hat P} = 0

which is linear in λ: the weights are a non-negative least-squares problem, one adjoint a sector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import FloatArray
from detente.errors import InputError
from detente.games.arena import Arena
from detente.games.objectives import Objective
from detente.games.policies import Policies
from detente.games.rows import games_table
from detente.games.strategies import StrategySpace

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RevealedWeights", "revealed_weights"]

#: Weight of the condition that λ has mean one, beside first-order conditions of size one.
MEAN_ONE = 1e3


@dataclass(frozen=True, eq=False)
class RevealedWeights:
    """Political weights read off policies.

    Attributes
    ----------
    player
        Whose policies were read.
    sectors, weight
        λ by sector, mean one.
    unexplained
        Norm of the first-order conditions that remain over their norm at equal weights: zero when
        the policies are a best reply, one when weights explain nothing.
    conditions
        Rates with a first-order condition; those on a bound have none.
    identified_directions
        Directions in the space of weights that the conditions pin down (one is the scale).
    """

    player: str
    sectors: tuple[str, ...]
    weight: FloatArray
    unexplained: float
    conditions: int
    identified_directions: int

    def table(self) -> pd.DataFrame:
        """Long table: one row a sector."""
        rows = [
            {
                "metric": "political_weight",
                "economy": self.player,
                "sector": sector,
                "value": float(weight),
                "unit": "ratio",
            }
            for sector, weight in zip(self.sectors, self.weight, strict=True)
        ]
        return games_table(f"revealed weights of {self.player}", rows)


def revealed_weights(
    arena: Arena,
    space: StrategySpace,
    policies: Policies | None = None,
    x: FloatArray | None = None,
    *,
    pooled: Sequence[Sequence[str]] = (),
    ridge: float = 0.0,
) -> RevealedWeights:
    """The weights that come closest to making a player's rates a best reply.

    Parameters
    ----------
    space
        The player's rates: the policies that are read.
    policies
        All wedges; those in force when left out.
    x
        The player's rates, where they are to be read at another point than `policies`.
    pooled
        Groups of sectors with a common weight, e.g. all services: tariffs hardly reveal theirs.
    ridge
        Pull of every weight towards one; picks among weights that do equally well.

    References
    ----------
    The first-order conditions of Grossman and Helpman (1994) with Ossa's (2014) government
    welfare; Ossa fits weights to tariffs he takes to be non-cooperative instead.
    """
    from scipy.optimize import nnls

    world = arena.world
    if len(space.members) != 1:
        raise InputError("political weights are revealed for one economy at a time.")
    if ridge < 0:
        raise InputError("ridge must not be negative.")
    n = world.economy_index(space.members[0])
    policies = arena.in_force if policies is None else policies
    if x is None:
        x = space.start
    else:
        policies = space.apply(policies, x)
    state = arena.state(policies)
    sectors = len(world.sectors)
    # Y_s over its sum, so that each one-sector objective counts by its size
    added = (world.labour_share + world.profit_share[None])[n] * world.output[n]
    wage_share = world.labour_share[n] * world.output[n]
    wage_share = wage_share / wage_share.sum()
    size = added + wage_share * (world.income[n] - added.sum())
    columns = []
    for s in range(sectors):
        if size[s] == 0:
            columns.append(np.zeros(len(space)))
            continue
        weights = np.ones((len(world.economies), sectors))
        weights[n] = np.arange(sectors) == s
        only = Objective.political(world, space.members[0], weights)
        _, gradient = arena.gradient(policies, only, state)
        columns.append(size[s] / size.sum() * space.pull(gradient))
    matrix = np.array(columns).T
    keep = space.identified & ~space.at_bounds(x)
    if not keep.any():
        raise InputError(
            f"every rate of {space.player} sits on a bound or on a flow that does not exist: "
            "nothing reveals its weights."
        )
    matrix = matrix[keep]
    groups = [tuple(world.sector_index(s, "pooled sectors") for s in group) for group in pooled]
    taken = {s for group in groups for s in group}
    groups += [(s,) for s in range(sectors) if s not in taken]
    pool = np.zeros((sectors, len(groups)))
    for g, members in enumerate(groups):
        pool[list(members), g] = 1.0
    at_one = float(np.linalg.norm(matrix.sum(axis=1)))
    scale = 1.0 / max(float(np.abs(matrix).max()), 1e-300)
    reduced = scale * matrix @ pool
    mean = pool.sum(axis=0) / sectors
    stacked = [reduced, MEAN_ONE * mean[None]]
    right = [np.zeros(len(reduced)), np.array([MEAN_ONE])]
    if ridge:
        stacked.append(np.sqrt(ridge) * np.eye(len(groups)))
        right.append(np.sqrt(ridge) * np.ones(len(groups)))
    found, _ = nnls(np.concatenate(stacked), np.concatenate(right), maxiter=50 * len(groups))
    weight = pool @ found
    weight = weight / weight.mean()
    singular = np.linalg.svd(reduced, compute_uv=False)
    left = float(np.linalg.norm(matrix @ weight))
    return RevealedWeights(
        player=space.player,
        sectors=world.sectors,
        weight=weight,
        unexplained=left / at_one if at_one > 0 else 0.0,
        conditions=int(keep.sum()),
        identified_directions=int((singular > 1e-9 * singular[0]).sum()) + 1,
    )
