"""How is the top of a smooth hill within bounds found, to the last digits?

Values of objectives carry sixteen digits, so a search that compares them stops at gradients of
about 1e-8. Gradients carry more: from there on first-order conditions are solved as equations, by
accelerated steps along the gradient and, where directions are nearly flat, by Newton's method.

A trial point at which no equilibrium is found (a fold, a transfer that cannot be paid) counts as
lower than where the search stands: the step is shortened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.errors import ConvergenceError, InfeasibleError

__all__ = [
    "EXACT",
    "UNSOLVABLE",
    "Summit",
    "climb",
    "held_by_bounds",
    "left_open",
    "polish",
    "settle",
]

#: What a trial point raises that has no equilibrium, or none that is found.
UNSOLVABLE = (ConvergenceError, InfeasibleError)

#: Largest first-order condition of a finished search.
EXACT = 1e-11
#: Gradient at which comparing values hands over to solving equations.
HAND_OVER = 1e-6
#: Differences that steer the acceleration.
MEMORY = 10
#: Rounds without progress after which solving equations is given up.
PATIENT = 40
#: A step to a point without an equilibrium is cut to this share, so many times in a row.
SHORTER, MOST_CUTS = 0.25, 20
#: Newton's method: steps at most; directions in which one step pictures the curvature; gap of the
#: linear equation over its right-hand side at which a step is good enough.
NEWTON_STEPS, DIRECTIONS, LINEAR_GAP = 30, 120, 1e-3


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
    unsolvable
        Why the last trial point without an equilibrium had none; empty where all had one.
    """

    x: FloatArray
    value: float
    first_order: float
    evaluations: int
    unsolvable: str = ""


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


def left_open(x: FloatArray, gradient: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """The largest first-order condition that no bound holds."""
    return float(np.abs(held_by_bounds(x, gradient, lower, upper)).max(initial=0.0))


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

    count, trouble = 0, ""
    tried: list[tuple[FloatArray, float, FloatArray]] = []

    def loss(x: FloatArray) -> tuple[float, FloatArray]:
        nonlocal count, trouble
        count += 1
        try:
            value, gradient = function(x)
        except UNSOLVABLE as problem:
            if not tried:
                raise
            trouble = str(problem)
            # a parabola that falls from where the search stands, and has risen as much by here:
            # its lowest point, where the line search looks next, is at a quarter of the step
            _, value, gradient = tried[0]
            step = x - tried[0][0]
            fall = abs(float(gradient @ step)) or 1.0
            return fall - value, 3 * fall * step / max(float(step @ step), 1e-300)
        tried.append((np.array(x), value, gradient))
        return -value, -gradient

    def moved(x: FloatArray) -> None:
        """Where the search stands comes first; points tried on the way are forgotten."""
        tried[:] = [t for t in reversed(tried) if np.array_equal(t[0], x)][:1] or tried[:1]

    minimize(
        loss,
        np.clip(x, lower, upper),
        jac=True,
        method="L-BFGS-B",
        bounds=np.column_stack([lower, upper]),
        callback=moved,
        options={"maxiter": most, "maxfun": most, "maxcor": memory, "ftol": 0.0, "gtol": tolerance},
    )
    x, value, gradient = tried[0]
    return Summit(x, value, left_open(x, gradient, lower, upper), count, trouble)


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
            first = left_open(found.x, gradient(found.x), lower, upper)
            return Summit(found.x, float("nan"), first, done + 1, found.unsolvable)
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
    good, trouble, cuts = x, "", 0
    mixer, rounds = Mixer(memory), 0
    for rounds in range(1, most + 1):
        try:
            g = gradient(x)
        except UNSOLVABLE as problem:
            trouble, cuts = str(problem), cuts + 1
            if least == np.inf:
                raise
            if cuts > MOST_CUTS:
                break
            mixer.forget()
            x = good + SHORTER * (x - good)
            continue
        good, cuts = x, 0
        size = left_open(x, g, lower, upper)
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
    return Summit(best, float("nan"), least, rounds, trouble)


def polish(
    gradient: Callable[[FloatArray], FloatArray],
    along: Callable[[FloatArray], FloatArray],
    x: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    longest: FloatArray,
    tolerance: float = EXACT,
) -> Summit:
    r"""Newton's method on first-order conditions, from nearby: the way over nearly flat ground.

    Each step solves :math:`H d = -g` by GMRES among the components that no bound holds. A step is
    cut until the largest condition left falls; where none makes it fall, the search ends.

    Parameters
    ----------
    along
        :math:`Hv`: how the gradient moves along v, where it was taken last.
    longest
        Longest step of each component.

    References
    ----------
    Nocedal and Wright (2006), "Numerical Optimization", chapters 7 and 16.

    Examples
    --------
    >>> flat = np.array([1.0, 1e-6])
    >>> one = np.ones(2)
    >>> top = polish(lambda x: flat * (0.5 - x), lambda v: -flat * v, 0.4 * one, 0 * one, one, one)
    >>> print(top.x.round(6), top.first_order < 1e-11)
    [0.5 0.5] True
    """
    from scipy.sparse.linalg import LinearOperator, gmres

    g = gradient(x)
    count, trouble, first = 1, "", left_open(x, g, lower, upper)
    for _ in range(NEWTON_STEPS):
        if first <= tolerance:
            break
        free = ~(((x <= lower) & (g <= 0)) | ((x >= upper) & (g >= 0)))

        def among_free(v: FloatArray, free: Any = free) -> FloatArray:
            nonlocal count
            count += 1
            out: FloatArray = np.where(free, along(np.where(free, v.ravel(), 0.0)), 0.0)
            return out

        matrix = LinearOperator((len(x), len(x)), matvec=among_free, dtype=float)
        right = np.where(free, -g, 0.0)
        try:
            step, _ = gmres(matrix, right, rtol=LINEAR_GAP, restart=DIRECTIONS, maxiter=1)
        except UNSOLVABLE as problem:
            trouble = str(problem)
            break
        # what is nearly flat may want to go far: it is held back alone
        step, left = np.clip(step, -longest, longest), np.inf
        for _ in range(MOST_CUTS):
            ahead = np.clip(x + step, lower, upper)
            count += 1
            try:
                there = gradient(ahead)
                left = left_open(ahead, there, lower, upper)
            except UNSOLVABLE as problem:
                trouble = str(problem)
            if left < first:
                break
            step = SHORTER * step
        if not left < first:
            break
        x, g, first = ahead, there, left
    return Summit(x, float("nan"), first, count, trouble)
