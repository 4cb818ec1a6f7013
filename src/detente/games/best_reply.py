"""What is the best a government can do, given what the others do?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import ConvergenceError
from detente.games.arena import Arena, Policies
from detente.games.objectives import Objective
from detente.games.strategies import Strategy, StrategySpace
from detente.world.model import FloatArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BestReply", "Player", "best_reply"]

#: The search ends when no scaled first-order condition exceeds this; welfare is then within the
#: square of it.
GRADIENT_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Player:
    """A government: what it wants and what it may set."""

    space: StrategySpace
    objective: Objective

    @property
    def name(self) -> str:
        """Code of the economy, or of the members joined by +."""
        return self.space.player


@dataclass(frozen=True, eq=False)
class BestReply:
    """The best that a player can do against fixed policies of all others.

    Attributes
    ----------
    player
        Who replies.
    x
        The rates as the search knows them.
    value, value_before
        Objective at the reply, and under the policies that it replies to (one at the baseline).
    policies
        All wedges with the reply in place.
    first_order
        Largest scaled first-order condition that is not held by a bound.
    starts
        Objective reached from each start.
    is_maximum
        Whether sampled curvatures at the reply are all negative.
    evaluations
        Equilibria solved with a gradient.
    """

    player: Player
    x: FloatArray
    value: float
    value_before: float
    policies: Policies
    first_order: float
    starts: tuple[float, ...]
    is_maximum: bool
    evaluations: int

    @property
    def gain_pct(self) -> float:
        """What the reply adds to the objective, percent of the level replied to."""
        return 100 * (self.value / self.value_before - 1)

    @property
    def levels(self) -> FloatArray:
        """The rates; missing where the flow does not exist."""
        return self.player.space.levels(self.x)

    def table(self) -> pd.DataFrame:
        """One row a rate: instrument, player, partner, sector, rate, whether at a bound."""
        import pandas as pd

        space = self.player.space
        frame = pd.DataFrame([vars(r) for r in space.rates])
        return frame.assign(
            rate=self.levels, at_bound=space.at_bounds(self.x), identified=space.identified
        )


def projected_gradient(player: Player, x: FloatArray, gradient: FloatArray) -> float:
    """Largest first-order condition that no bound excuses."""
    space = player.space
    held = ((x <= space.lower) & (gradient < 0)) | ((x >= space.upper) & (gradient > 0))
    return float(np.abs(np.where(held, 0.0, gradient)).max(initial=0.0))


def _search(
    arena: Arena, policies: Policies, player: Player, start: FloatArray, most: int
) -> tuple[FloatArray, float, int, float]:
    from scipy.optimize import minimize

    space = player.space
    count = 0

    def loss(x: FloatArray) -> tuple[float, FloatArray]:
        nonlocal count
        count += 1
        value, gradient = arena.gradient(space.apply(policies, x), player.objective)
        return -value, -space.pull(gradient)

    x = np.clip(start, space.lower, space.upper)
    first_order = np.inf
    for _ in range(3):
        found = minimize(
            loss,
            x,
            jac=True,
            method="L-BFGS-B",
            bounds=list(zip(space.lower, space.upper, strict=True)),
            options={"maxiter": most, "maxfun": most, "maxcor": 20, "ftol": 0.0, "gtol": 1e-11},
        )
        x = found.x
        first_order = projected_gradient(player, x, -np.asarray(found.jac))
        if first_order <= GRADIENT_TOLERANCE or count >= most:
            break
    return x, -float(found.fun), count, first_order


def best_reply(
    arena: Arena,
    player: Player | str,
    policies: Policies | None = None,
    *,
    strategies: Sequence[Strategy] = (Strategy(),),
    start: FloatArray | None = None,
    starts: int = 1,
    seed: int = 0,
    check_curvature: bool = True,
    most_evaluations: int = 2000,
) -> BestReply:
    r"""A government's best policies against fixed policies of all others.

    Gradient of the objective by one adjoint solve, limited-memory BFGS within bounds on scaled
    logs of the rates.

    Parameters
    ----------
    arena
        The world in which policies are moved.
    player
        A :class:`Player`, or an economy's code for one that maximises welfare.
    policies
        What the others do; the wedges in force when left out.
    strategies
        What the player may set, when `player` is a code.
    starts
        Number of starting points: the present rates, then random ones within the bounds.
    check_curvature
        Sample second derivatives at the reply.

    Raises
    ------
    ConvergenceError
        The first-order conditions were not met from any start.

    References
    ----------
    Ossa (2014), optimal tariffs; the gradient by the implicit function theorem.

    Examples
    --------
    >>> from detente.world import World
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[1.0], [1.0]], [[1.0], [1e7]]], trade_elasticity=4.0)
    >>> reply = best_reply(Arena(world), "HOM")
    >>> round(float(reply.levels[0]), 4)    # a small economy: 1/θ
    0.25
    """
    if isinstance(player, str):
        player = Player(
            StrategySpace.of(arena.world, player, strategies),
            Objective.welfare(arena.world, player),
        )
    policies = arena.in_force if policies is None else policies
    before, _ = arena.evaluate(policies, player.objective)
    space = player.space
    rng = np.random.default_rng(seed)
    tried = [space.start if start is None else start]
    high = np.minimum(space.upper, space.lower + 1.0 * space.scale)
    tried += [rng.uniform(space.lower, high) for _ in range(starts - 1)]
    found = [_search(arena, policies, player, x, most_evaluations) for x in tried]
    evaluations = sum(f[2] for f in found)
    x, value, _, first_order = max(found, key=lambda f: f[1])
    if first_order > 100 * GRADIENT_TOLERANCE:
        raise ConvergenceError(
            f"no best reply of {player.name}: a first-order condition of {first_order:.1e} "
            f"remains after {evaluations} equilibria. Narrow the bounds or allow more."
        )
    is_maximum = _is_maximum(arena, policies, player, x, rng) if check_curvature else True
    return BestReply(
        player=player,
        x=x,
        value=value,
        value_before=before,
        policies=space.apply(policies, x),
        first_order=first_order,
        starts=tuple(f[1] for f in found),
        is_maximum=is_maximum,
        evaluations=evaluations,
    )


def _is_maximum(
    arena: Arena, policies: Policies, player: Player, x: FloatArray, rng: np.random.Generator
) -> bool:
    """Second differences along random directions that leave the bounds in peace."""
    space = player.space
    free = space.identified & ~space.at_bounds(x)
    if not free.any():
        return True
    for _ in range(4):
        direction = np.where(free, rng.standard_normal(len(x)), 0.0)
        direction *= 1e-4 / np.linalg.norm(direction)
        slopes = []
        for side in (1.0, -1.0):
            at = np.clip(x + side * direction, space.lower, space.upper)
            _, gradient = arena.gradient(space.apply(policies, at), player.objective)
            slopes.append(space.pull(gradient) @ direction)
        if slopes[0] - slopes[1] > 0:
            return False
    return True
