"""Which issues does a text cover that is ready to sign, and what do the sides then hold out for?

Officials seldom have words ready on the whole agenda. A ready text covers a set of issues; what
it leaves out stays as it is. Under each text either side has a favourite among the packages that
both would sign.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.errors import InputError

__all__ = ["favourites_by_text", "text_chances"]

IntArray = NDArray[np.intp]


def text_chances(issues: int, coverage: float) -> FloatArray:
    r"""Chance of each set of issues before one asks whether anything in it can be signed.

    .. math:: P(A) \propto s^{|A|} (1 - s)^{n - |A|}

    Sets are numbered in binary: issue k is covered where bit k is set.

    Parameters
    ----------
    issues
        n, how many issues the meeting can settle.
    coverage
        s, above 0 and at most 1; at one half every set is equally likely.

    Examples
    --------
    >>> text_chances(2, 0.5).tolist(), text_chances(2, 1.0).tolist()
    ([0.25, 0.25, 0.25, 0.25], [0.0, 0.0, 0.0, 1.0])
    """
    if not 0 < coverage <= 1:
        raise InputError(f"a text covers an issue with a chance in (0, 1]; got {coverage}.")
    out = np.ones(1)
    for _ in range(issues):
        out = np.concatenate([(1 - coverage) * out, coverage * out])
    return out


def favourites_by_text(
    moved: NDArray[np.bool], net: FloatArray, coverage: float
) -> tuple[tuple[float, tuple[int, int]], ...]:
    r"""Favourites of both sides under every text that leaves something to sign.

    .. math:: x^i(A) = \arg\max_{x \in \mathcal S,\; m(x) \subseteq A} S_i(x)

    with m(x) the issues that x moves and 𝒮 the packages that both would sign. Only sets A that
    hold such a package count: nobody prepares a text that cannot be signed.

    Parameters
    ----------
    moved
        Which of the issues that the meeting can settle each signable package moves,
        [package, issue].
    net
        S_i(x), expected gain of each of them, [package, side].
    coverage
        s of :func:`text_chances`.

    Returns
    -------
    tuple
        Chance and favourites (positions in `moved`) of each pair, the likeliest first; ties of a
        side go to what the other likes better, then to the first. Empty without packages.

    Examples
    --------
    Two issues; the first pays side 1, the second side 2, both together pay both:

    >>> moved = np.array([[True, False], [False, True], [True, True]])
    >>> net = np.array([[3.0, 1.0], [1.0, 3.0], [2.0, 2.0]])
    >>> [(round(p, 4), pair) for p, pair in favourites_by_text(moved, net, 0.5)]
    [(0.3333, (0, 0)), (0.3333, (0, 1)), (0.3333, (1, 1))]
    """
    count, issues = moved.shape
    if not count:
        return ()
    sets = moved @ (1 << np.arange(issues))
    ranks, orders = [], []
    for side in (0, 1):
        order = np.lexsort((np.arange(count), -net[:, 1 - side], -net[:, side]))
        rank = np.empty(count, dtype=np.intp)
        rank[order] = np.arange(count)
        best = np.full(1 << issues, count, dtype=np.intp)
        np.minimum.at(best, sets, rank)
        for k in range(issues):  # best over all subsets, one issue at a time
            halves = best.reshape(-1, 2, 1 << k)
            np.minimum(halves[:, 1], halves[:, 0], out=halves[:, 1])
        ranks.append(best)
        orders.append(order)
    chance = np.where(ranks[0] < count, text_chances(issues, coverage), 0.0)
    total = float(chance.sum())
    if total == 0:
        return ()
    pairs, which = np.unique(ranks[0] * (count + 1) + ranks[1], return_inverse=True)
    mass = np.bincount(which, weights=chance) / total
    found = [
        (float(m), (int(orders[0][pair // (count + 1)]), int(orders[1][pair % (count + 1)])))
        for pair, m in zip(pairs.tolist(), mass, strict=True)
        if m > 0
    ]
    return tuple(sorted(found, key=_likeliest))


def _likeliest(entry: tuple[float, Sequence[int]]) -> tuple[float, Sequence[int]]:
    return -round(entry[0], 12), entry[1]
