"""Which packages cannot be bettered for both sides at once?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.arrays import FloatArray
from detente.errors import InputError

__all__ = ["convex_frontier", "pareto_frontier"]

IntArray = NDArray[np.intp]


def _worths(worth: ArrayLike) -> FloatArray:
    """Worth of packages as [package, side], checked."""
    u = np.asarray(worth, dtype=float)
    if u.ndim != 2 or u.shape[1] != 2 or not len(u):
        raise InputError(
            f"worth must be an array [package, side] of two sides and at least one package; "
            f"its shape is {u.shape}."
        )
    if not np.isfinite(u).all():
        raise InputError(f"worth of package {int(np.argwhere(~np.isfinite(u))[0, 0])} is missing.")
    return u


def pareto_frontier(worth: ArrayLike) -> IntArray:
    """Packages to which no other is at least as good for both and better for one.

    Parameters
    ----------
    worth
        [package, side], in any unit that each side compares with itself.

    Returns
    -------
    Positions of the efficient packages, from the best for side 2 to the best for side 1.
    Packages of equal worth to both are represented by the first.

    Examples
    --------
    >>> pareto_frontier([[0, 3], [1, 1], [2, 2], [3, 0]]).tolist()
    [0, 2, 3]
    """
    u = _worths(worth)
    order = np.lexsort((np.arange(len(u)), -u[:, 1], -u[:, 0]))
    best = np.maximum.accumulate(np.concatenate([[-np.inf], u[order, 1]]))[:-1]
    efficient: IntArray = order[u[order, 1] > best][::-1]
    return efficient


def convex_frontier(worth: ArrayLike) -> IntArray:
    """Efficient packages that no lottery over two others betters: the upper convex hull.

    Parameters
    ----------
    worth
        [package, side].

    Returns
    -------
    Positions of the corners, from the best for side 2 to the best for side 1.

    Examples
    --------
    >>> convex_frontier([[0, 3], [1, 1.9], [2, 1.8], [3, 0]]).tolist()
    [0, 2, 3]
    """
    u = _worths(worth)
    hull: list[int] = []
    for k in pareto_frontier(u):
        while len(hull) >= 2:
            a, b = u[hull[-2]], u[hull[-1]]
            turn = (b[0] - a[0]) * (u[k, 1] - a[1]) - (b[1] - a[1]) * (u[k, 0] - a[0])
            if turn < 0:
                break
            hull.pop()
        hull.append(int(k))
    return np.asarray(hull, dtype=np.intp)
