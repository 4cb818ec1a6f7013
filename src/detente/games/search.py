"""How is the top of a smooth hill within bounds found, to the last digits?

Values of objectives carry sixteen digits, so a search that compares them stops at gradients of
about 1e-8. Gradients carry more: from there on first-order conditions are solved as equations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.arrays import FloatArray

__all__ = ["Summit", "climb", "held_by_bounds", "settle"]

#: Largest first-order condition of a finished search.
EXACT = 1e-11
#: Gradient at which comparing values hands over to solving equations.
HAND_OVER = 1e-6
#: Differences that steer the acceleration.
MEMORY = 10
#: Rounds without progress after which solving equations is given up.
PATIENT = 40


@dataclass(frozen=True, eq=False)
class Summit:
    """Where a search ended.

    Attributes
    ----------
    x
        The point.
    value
        The objective there; not a number where only gradients were used.
    first_order
        Largest component of the gradient that no bound holds.
    evaluations
        Gradients taken.
    """

    x: FloatArray
    value: float
    first_order: float
    evaluations: int


def held_by_bounds(
    x: FloatArray, gradient: FloatArray, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    """The gradient without what pushes against a bound.

    Examples
    --------
    >>> one = np.ones(2)
    >>> print(held_by_bounds(one, np.array([2.0, -2.0]), 0 * one, one))
    [ 0. -2.]
    """
    held = ((x <= lower) & (gradient < 0)) | ((x >= upper) & (gradient > 0))
    out: FloatArray = np.where(held, 0.0, gradient)
    return out


def climb(
    function: Callable[[FloatArray], tuple[float, FloatArray]],
    x: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    tolerance: float = HAND_OVER,
    most: int = 2000,
    memory: int = 20,
) -> Summit:
    """Limited-memory BFGS within bounds, uphill.

    Parameters
    ----------
    function
        Value and gradient.
    tolerance
        Largest free component of the gradient at which it stops.
    memory
        Pairs of steps and gradient changes that picture the curvature: many where some
        directions are nearly flat.
    """
    from scipy.optimize import minimize

    count = 0

    def loss(x: FloatArray) -> tuple[float, FloatArray]:
        nonlocal count
        count += 1
        value, gradient = function(x)
        return -value, -gradient

    found = minimize(
        loss,
        np.clip(x, lower, upper),
        jac=True,
        method="L-BFGS-B",
        bounds=np.column_stack([lower, upper]),
        options={"maxiter": most, "maxfun": most, "maxcor": memory, "ftol": 0.0, "gtol": tolerance},
    )
    free = held_by_bounds(found.x, -np.asarray(found.jac), lower, upper)
    return Summit(found.x, -float(found.fun), float(np.abs(free).max(initial=0.0)), count)


class Mixer:
    """Anderson acceleration of a map of NumPy vectors."""

    def __init__(self, memory: int = MEMORY) -> None:
        self.memory = memory
        self.forget()

    def forget(self) -> None:
        """Start again from no history."""
        self.x: list[FloatArray] = []
        self.f: list[FloatArray] = []

    def step(self, x: FloatArray, f: FloatArray) -> FloatArray:
        """The next point from a point and its residual."""
        self.x, self.f = [*self.x, x][-self.memory :], [*self.f, f][-self.memory :]
        if len(self.x) == 1:
            return x + f
        dx = np.diff(np.array(self.x), axis=0)
        df = np.diff(np.array(self.f), axis=0)
        gram = df @ df.T
        gram += 1e-12 * np.trace(gram) * np.eye(len(gram))
        gamma = np.linalg.lstsq(gram, df @ f, rcond=None)[0]
        out: FloatArray = x + f - gamma @ (dx + df)
        return out


def settle(
    gradient: Callable[[FloatArray], FloatArray],
    x: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    longest: FloatArray,
    *,
    reach: float | None = None,
    tolerance: float = EXACT,
    most: int = 400,
    stride: float = 1.0,
    memory: int = MEMORY,
    patience: int = PATIENT,
    watch: Callable[[int, float, FloatArray], None] | None = None,
) -> Summit:
    """Solve first-order conditions within bounds by accelerated steps along the gradient.

    In scaled logs of rates the curvature is near one, so that the gradient itself is a good step.

    Parameters
    ----------
    longest
        Longest step of each component.
    reach
        Farthest that the point may move before the search looks again, in longest steps: it then
        stays on the hill where it starts. Anywhere when left out.
    stride
        Multiplies the gradient where curvature is far from one.
    memory, patience
        Differences that steer the acceleration; rounds without progress before giving up.
    watch
        Told the round, the largest condition left and the point.

    Returns
    -------
    The best point met, by its largest free gradient component.
    """
    settings: dict[str, Any] = {
        "tolerance": tolerance,
        "stride": stride,
        "memory": memory,
        "patience": patience,
    }
    x = np.clip(x, lower, upper)
    if reach is None:
        return _settle(gradient, x, lower, upper, longest, most=most, watch=watch, **settings)
    done = 0
    while True:
        low = np.maximum(lower, x - reach * longest)
        high = np.minimum(upper, x + reach * longest)
        found = _settle(gradient, x, low, high, longest, most=most - done, watch=watch, **settings)
        done += found.evaluations
        walled = ((found.x <= low) & (low > lower)) | ((found.x >= high) & (high < upper))
        if not walled.any() or done >= most or np.array_equal(found.x, x):
            g = gradient(found.x)
            free = held_by_bounds(found.x, g, lower, upper)
            return Summit(found.x, float("nan"), float(np.abs(free).max(initial=0.0)), done + 1)
        x = found.x


def _settle(
    gradient: Callable[[FloatArray], FloatArray],
    x: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    longest: FloatArray,
    *,
    tolerance: float,
    most: int,
    stride: float,
    memory: int,
    patience: int,
    watch: Callable[[int, float, FloatArray], None] | None,
) -> Summit:
    """The iteration of :func:`settle` within one box."""
    best, least, since = x, np.inf, 0
    mixer, rounds = Mixer(memory), 0
    for rounds in range(1, most + 1):
        g = gradient(x)
        size = float(np.abs(held_by_bounds(x, g, lower, upper)).max(initial=0.0))
        if watch is not None:
            watch(rounds, size, x)
        since = 0 if size < 0.9 * least else since + 1
        if size < least:
            best, least = x, size
        if size <= tolerance or since > patience:
            break
        if since and since % 13 == 0:
            mixer.forget()
            x = best
            g = gradient(x)
        move = np.clip(x + stride * g, lower, upper) - x
        proposed = mixer.step(x, move)
        x = np.clip(np.clip(proposed, x - longest, x + longest), lower, upper)
    return Summit(best, float("nan"), least, rounds)
