"""What do allies change?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

from detente.errors import InputError
from detente.talks.ground import Stand, hurt

__all__ = ["Joining", "joining", "joins_measure", "voting_power"]

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


@dataclass(frozen=True)
class Joining:
    """Whether somebody outside the room takes its measure, and what that changes inside.

    Attributes
    ----------
    own
        What the measure does to its own real income, percent.
    joins, joins_range
        Whether income and salience together speak for it: at the central salience, and at the
        low and the high end.
    disagreement, disagreement_with
        d_i of both sides without and with the measure where a threat is made.
    sides
        What it does to both sides' worth, percent.
    """

    id: str
    title: str
    own: float
    joins: bool
    joins_range: tuple[bool, bool]
    disagreement: tuple[float, float]
    disagreement_with: tuple[float, float]
    sides: tuple[float, float]


def joins_measure(own_gain: float, salience: float) -> bool:
    """An ally joins when its own welfare and what it attaches to the matter say so.

    Examples
    --------
    >>> joins_measure(-0.02, 0.05), joins_measure(-0.2, 0.05)
    (True, False)
    """
    return own_gain + salience > 0


def joining(stand: Stand) -> tuple[Joining, ...]:
    """Who would join, and how the value of no deal moves when they are consulted first.

    The coalition is formed before d is fixed: where its measure goes with a threat, the threat is
    valued with the coalition in it.
    """
    ground = stand.ground
    table, talks = ground.table, ground.talks
    out = []
    for third in talks.third_parties:
        row = table.request.extra[f"third {third.id}"]
        before = (
            table.request.base
            if third.alongside is None
            else table.request.extra[f"threat {third.alongside}"]
        )
        gain = table.gain(talks.income, third.economies)
        own = float(100 * (gain[row] / gain[before] - 1))
        salience = stand.values[f"third_party.{third.id}.salience"]
        without = tuple(float(x) for x in stand.disagreement[0])
        name = f"threat {third.alongside}"
        worth = [
            stand.fought[f"third {third.id}"][k] - (stand.fought[name][k] if third.alongside else 0)
            for k in (0, 1)
        ]
        changed = list(without)
        threat = next((t for t in talks.threats if t.id == third.alongside), None)
        if threat is not None:
            k = [p.id for p in talks.parties].index(threat.against)
            hit = stand.fought[f"against {threat.against}"][k] + worth[k]
            changed[k] = stand.carried_out[k] * hurt(hit)
        else:
            changed = [d + w for d, w in zip(without, worth, strict=True)]
        out.append(
            Joining(
                third.id,
                third.title,
                own,
                joins_measure(own, salience),
                (
                    joins_measure(own, third.salience.low),
                    joins_measure(own, third.salience.high),
                ),
                (without[0], without[1]),
                (changed[0], changed[1]),
                (worth[0], worth[1]),
            )
        )
    return tuple(out)
