"""Which equilibrium is joined to the baseline?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float

from detente.equilibrium.methods.newton_krylov import ROUNDING, NewtonPoint
from detente.errors import ConvergenceError

__all__ = ["Path", "follow"]

#: A correction of more than this in logs is too far from its start to be trusted.
LONGEST_CORRECTION = 2.5
#: Corrections must shrink at least by this factor from one Newton step to the next.
PATIENCE = 0.5
#: Where corrections shrink by this factor, the next step may be twice as long.
EASY = 0.15
#: Shortest step, as a share of the shock, before the path is said to turn back.
SHORTEST_STEP = 1e-4
#: Residual that suffices on the way: the next corrector starts from it, nothing is read off it.
ON_THE_WAY = 1e-5


@dataclass(frozen=True)
class Path:
    """The end of a path, how much work it was, and the points that it went through.

    `points` holds the size of the shock and the state, the end included.
    """

    x: Float[Array, " state"]
    residual: float
    evaluations: int
    points: tuple[tuple[float, Float[Array, " state"]], ...]


def follow(
    correct: Callable[[float, Float[Array, " state"], float], NewtonPoint],
    x: Float[Array, " state"],
    tolerance: float,
    steps: int | None = None,
    enter: Callable[[Float[Array, " state"]], Float[Array, " state"]] = lambda x: x,
) -> Path:
    """Follow the equilibrium as the shock grows from nothing to its full size.

    Every step predicts along the last two points and corrects by Newton's method. A step is
    kept only if its corrections shrink fast from the first on, which is what holds where one
    equilibrium continues another; else it is halved.

    Parameters
    ----------
    correct
        Newton's method at a size of the shock in [0, 1], from a start, to a tolerance.
    x
        The state at size zero.
    steps
        Take at least so many steps of equal length.
    enter
        Applied to the start of the last step.

    Raises
    ------
    ConvergenceError
        No step is short enough: the path turns back (a fold).
    """
    longest = 0.5 if steps is None else 1.0 / steps
    size, step = 0.0, longest
    before: tuple[float, Float[Array, " state"]] | None = None
    points: list[tuple[float, Float[Array, " state"]]] = []
    evaluations = 0
    while True:
        target = min(1.0, size + step)
        if 1.0 - target < 1e-9:
            target = 1.0
        predicted = x
        if before is not None and size > before[0]:
            predicted = x + (x - before[1]) * ((target - size) / (size - before[0]))
        last = target == 1.0
        aim = tolerance if last else max(ON_THE_WAY, tolerance)
        point = correct(target, enter(predicted) if last else predicted, aim)
        evaluations += int(point.evaluations)
        # near rounding it is the certificate that says whether the aim was met
        good = (
            float(point.residual) <= max(aim, ROUNDING)
            and float(point.contraction) <= PATIENCE
            and float(point.first_step) <= LONGEST_CORRECTION
        )
        if good:
            points.append((target, point.x))
            if last:
                return Path(point.x, float(point.residual), evaluations, tuple(points))
            before, size, x = (size, x), target, point.x
            if float(point.contraction) <= EASY:
                step = min(longest if steps is not None else 1.0, 2 * step)
            continue
        step = (target - size) / 2
        if step < SHORTEST_STEP or not bool(jnp.isfinite(x).all()):
            raise ConvergenceError(
                f"the path of the shock cannot be followed beyond {size:.2%} of its size: there "
                "the equilibrium joined to the baseline ends. With economies of scale this is a "
                "fold (activity tips over to another place); without them, look for an economy "
                "whose income no longer covers the transfer it pays. Solve a smaller shock, lower "
                "scale elasticities, or start elsewhere (detente.equilibrium.other_equilibria)."
            )
