"""Which packages would both sign and get home, and what stops the rest?

A side signs what is worth more to it than no deal, u > d. Home lets pass what is worth at least q
more than no deal, u − d ≥ q. The zone is what both sides sign and get home.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.talks.agenda import Agenda
from detente.talks.worth import Worths

__all__ = [
    "Blocked",
    "BreakEven",
    "Zone",
    "break_evens",
    "holding",
    "linkage",
    "nash_point",
    "pareto_frontier",
    "zone_of",
]

BoolArray = NDArray[np.bool]
IntArray = NDArray[np.intp]


def pareto_frontier(worth: ArrayLike) -> IntArray:
    """Packages to which no other is at least as good for both and better for one.

    Parameters
    ----------
    worth
        [package, side].

    Returns
    -------
    Positions, from the best for side 2 to the best for side 1. Packages of equal worth to both
    are represented by the first.

    Examples
    --------
    >>> pareto_frontier([[0, 3], [1, 1], [2, 2], [3, 0]]).tolist()
    [0, 2, 3]
    """
    u = np.asarray(worth, dtype=float).reshape(-1, 2)
    order = np.lexsort((np.arange(len(u)), -u[:, 1], -u[:, 0]))
    best = np.maximum.accumulate(np.concatenate([[-np.inf], u[order, 1]]))[:-1]
    efficient: IntArray = order[u[order, 1] > best][::-1]
    return efficient


def nash_point(worth: ArrayLike, no_deal: ArrayLike) -> int | None:
    r"""The package with the largest :math:`(u_1 - d_1)(u_2 - d_2)` among those worth d to both.

    None where there is no such package. Ties go to the first on the frontier.

    References
    ----------
    Nash (1950).

    Examples
    --------
    >>> nash_point([[0, 1], [0.75, 0.75], [1, 0]], [0, 0])
    1
    """
    gain = np.asarray(worth, dtype=float).reshape(-1, 2) - np.asarray(no_deal, dtype=float)
    open_to = np.flatnonzero((gain >= 0).all(axis=1))
    if not len(open_to):
        return None
    there = open_to[pareto_frontier(gain[open_to])]
    return int(there[np.argmax(gain[there].prod(axis=1))])


class Blocked(NamedTuple):
    """What one filter of one side stops.

    Attributes
    ----------
    side
        Position of the side.
    filter
        "signs" (not worth more than no deal), or "home" (signed, but home does not let it pass).
    stopped
        Packages that the filter stops.
    alone
        Packages that nothing else stops, best for both together first.
    short
        By how much the best of them misses, % of the side's real income.
    """

    side: int
    filter: str
    stopped: int
    alone: tuple[int, ...]
    short: float


@dataclass(frozen=True, eq=False)
class Zone:
    """The zone and what bounds it; package 0, how things are, is no member.

    Attributes
    ----------
    signs, home
        Whether each side signs each package and gets it home, [package, side].
    members
        Packages in the zone.
    frontier
        Those of them that none betters for both, from the best for side 2 to the best for side 1.
    nash
        The one with the largest product of gains over no deal; None where the zone is empty.
    blocks
        One for each filter of each side.
    nearest, short
        Where the zone is empty: the package that misses by least in all, and by how much for each
        side.
    emptied_by
        Where the zone is empty: the filter that stops most packages alone, else most at all.
    """

    signs: BoolArray
    home: BoolArray
    members: IntArray
    frontier: IntArray
    nash: int | None
    blocks: tuple[Blocked, ...]
    nearest: int | None
    short: tuple[float, float]
    emptied_by: Blocked | None


def zone_of(worths: Worths, q: ArrayLike) -> Zone:
    """The zone of agreement.

    Parameters
    ----------
    worths
        Of every package and of no deal.
    q
        What home must see over no deal, by side, % of its real income.
    """
    u, d, needed = worths.total, worths.no_deal, np.asarray(q, dtype=float)
    usable = worths.solved.copy()
    usable[0] = False
    gain = np.where(usable[:, None], u - d, -np.inf)
    signs, home = gain > 0, gain >= needed
    passes = signs & home
    members = np.flatnonzero(passes.all(axis=1))
    frontier = members[pareto_frontier(u[members])]
    best = nash_point(u[members], d)
    short = np.maximum(0.0, np.maximum(needed, 0.0) - gain)
    joint = u.sum(axis=1)
    blocks = []
    for side in (0, 1):
        fails = {"signs": ~signs[:, side], "home": signs[:, side] & ~home[:, side]}
        for name, failing in fails.items():
            alone = np.flatnonzero(failing & passes[:, 1 - side] & usable)
            alone = alone[np.argsort(-joint[alone], kind="stable")]
            missing = float(short[alone[0], side]) if len(alone) else 0.0
            count = int((failing & usable).sum())
            blocks.append(Blocked(side, name, count, tuple(alone.tolist()), missing))
    nearest: int | None = None
    emptied_by = None
    gap = (0.0, 0.0)
    if not len(members) and usable.any():
        nearest = int(np.argmin(np.where(usable, short.sum(axis=1), np.inf)))
        gap = (float(short[nearest, 0]), float(short[nearest, 1]))
        emptied_by = max(blocks, key=lambda b: (len(b.alone), b.stopped))
    return Zone(
        signs=signs,
        home=signs & home,
        members=members,
        frontier=frontier,
        nash=None if best is None else int(members[best]),
        blocks=tuple(blocks),
        nearest=nearest,
        short=gap,
        emptied_by=emptied_by,
    )


class BreakEven(NamedTuple):
    """Where a package stops being signed.

    Attributes
    ----------
    package, side
        Of whom and what.
    what
        "kappa", "q", or the name of an issue whose worth beyond trade is meant.
    value
        As judged.
    at
        At this value the package is worth exactly what the side needs; None where no value of
        kappa changes anything.
    without_threat
        The same if no deal left things as they are; for q what the package is worth over them.
    """

    package: int
    side: int
    what: str
    value: float
    at: float | None
    without_threat: float | None


def break_evens(
    agenda: Agenda, worths: Worths, q: ArrayLike, packages: Sequence[int]
) -> tuple[BreakEven, ...]:
    r"""For some packages, each judged number at which they stop being signed.

    .. math::
       \kappa_i^* = \frac{T_i + V_i - \max(d_i, d_i + q_i)}{c_i}, \qquad
       v_{ij}^* = v_{ij} - (u_i - \max(d_i, d_i + q_i)), \qquad q_i^* = u_i - d_i
    """
    needed = np.maximum(np.asarray(q, dtype=float), 0.0)
    u, d, kappa = worths.total, worths.no_deal, worths.kappa
    found = []
    for package in packages:
        for side in (0, 1):
            room = float(u[package, side] - d[side] - needed[side])
            calm = float(u[package, side] - needed[side])
            cost = float(worths.cost[package, side])
            value = float(kappa[side])
            pair = (value + room / cost, value + calm / cost) if cost > 0 else (None, None)
            found.append(BreakEven(package, side, "kappa", value, *pair))
            over = float(u[package, side])
            asked = float(np.asarray(q, dtype=float)[side])
            found.append(BreakEven(package, side, "q", asked, over - float(d[side]), over))
            for k in np.flatnonzero(agenda.levels[package]):
                value = float(worths.beyond[package, side, k])
                pair = (value - room, value - calm)
                found.append(BreakEven(package, side, agenda.items[k].name, value, *pair))
    return tuple(found)


def linkage(agenda: Agenda, worths: Worths, nash: int) -> tuple[tuple[float, float], int]:
    """What settling the issues together adds to settling them one by one.

    Issue by issue, all others stay as they are, and the Nash point over that issue's levels is
    taken where both gain over things as they are. The package put together so is set against the
    Nash point of the table.

    Returns
    -------
    Worth added to each side, % of its real income, and the package put together.

    References
    ----------
    Tollison and Willett (1979); Sebenius (1983).
    """
    u = np.where(worths.solved[:, None], worths.total, -np.inf)
    levels = [0] * len(agenda.items)
    for k, item in enumerate(agenda.items):
        rows = [agenda.alone(k, level) for level in range(len(item.levels))]
        gaining = [row for row in rows[1:] if (u[row] > 0).all()]
        if gaining:
            best = nash_point(u[gaining], (0.0, 0.0))
            levels[k] = rows.index(gaining[best]) if best is not None else 0
    composed = agenda.at(levels)
    added = worths.total[nash] - worths.total[composed]
    return (float(added[0]), float(added[1])), composed


def holding(agenda: Agenda, worths: Worths, package: int) -> tuple[float, float]:
    """Years that each side must look ahead for each year that a breach goes unanswered.

    .. math:: \\max_{x'} (u_i(x') - u_i(x)) / (u_i(x) - d_i)

    over the packages that differ in the side's own issues alone. Infinite where the package is
    not worth more than no deal.

    References
    ----------
    Bagwell and Staiger (1990); Friedman (1971).
    """
    u, d = worths.total, worths.no_deal
    years = []
    for side in (0, 1):
        own = np.array([side in item.by for item in agenda.items], dtype=bool)
        same = (agenda.levels[:, ~own] == agenda.levels[package, ~own]).all(axis=1)
        breach = float(np.nanmax(u[same & worths.solved, side]) - u[package, side])
        kept = float(u[package, side] - d[side])
        years.append(breach / kept if kept > 0 else np.inf)
    return years[0], years[1]
