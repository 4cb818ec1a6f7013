"""What do allies change?"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

from detente.errors import InputError

__all__ = ["voting_power"]

#: Above this many members the exact count of orders is left to sampling elsewhere.
MOST_MEMBERS = 20


def voting_power(quota: float, weights: Sequence[float]) -> tuple[float, ...]:
    """Shapley-Shubik index: how often each member is the one that turns a coalition.

    Parameters
    ----------
    quota
        Weight that a coalition needs.
    weights
        Weight of each member.

    References
    ----------
    Shapley and Shubik (1954).

    Examples
    --------
    >>> [round(v, 6) for v in voting_power(51, [50, 49, 1])]
    [0.666667, 0.166667, 0.166667]
    """
    n = len(weights)
    if not 0 < n <= MOST_MEMBERS:
        raise InputError(f"voting power needs between 1 and {MOST_MEMBERS} members; got {n}.")
    if not 0 < quota <= sum(weights):
        raise InputError(f"the quota must lie between 0 and the total weight {sum(weights):g}.")
    total = factorial(n)
    index = [0.0] * n
    for coalition in range(1 << n):
        inside = [k for k in range(n) if coalition >> k & 1]
        weight = sum(weights[k] for k in inside)
        if weight >= quota:
            continue
        orders = factorial(len(inside)) * factorial(n - len(inside) - 1)
        for k in range(n):
            if not coalition >> k & 1 and weight + weights[k] >= quota:
                index[k] += orders / total
    return tuple(index)
