"""Which packages would both sign, keep and get home, and what stops the rest?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.arrays import FloatArray
from detente.errors import InputError
from detente.talks.agenda import Agenda
from detente.talks.bargaining import (
    BargainingPoint,
    egalitarian,
    kalai_smorodinsky,
    nash,
    utilitarian,
)

__all__ = [
    "FILTERS",
    "Block",
    "Zopa",
    "bargaining_power",
    "deviation_gains",
    "enforcement_room",
    "linkage_value",
    "separate_enforcement",
    "solutions",
    "zone_of_agreement",
]

BoolArray = NDArray[np.bool]

#: Filters in the order in which a package meets them; each names the side it belongs to.
FILTERS = (
    "side 1 is better off than without a deal",
    "side 2 is better off than without a deal",
    "side 1 gets it home",
    "side 2 gets it home",
    "side 1 would keep it",
    "side 2 would keep it",
)
#: Those that are met or missed in points of chance; the others in percent of income.
HOME = FILTERS[2:4]
#: A package gets home when it does so with at least this probability.
LIKELY = 0.5


def bargaining_power(impatience: tuple[float, float]) -> float:
    r"""Weight of side 1 in the Nash product, :math:`r_2/(r_1 + r_2)`.

    References
    ----------
    Rubinstein (1982); Binmore, Rubinstein and Wolinsky (1986).

    Examples
    --------
    >>> bargaining_power((1.0, 3.0))
    0.75
    """
    if min(impatience) <= 0:
        raise InputError("impatience of both sides must be positive.")
    return impatience[1] / (impatience[0] + impatience[1])


def deviation_gains(agenda: Agenda, worth: ArrayLike, performed: tuple[int, ...]) -> FloatArray:
    """Most that a side gains by breaking each package in the issues that it performs, [package].

    All the issues that it performs may be broken at once: this is the pooled temptation.

    Examples
    --------
    >>> from detente.talks.section import IssueSection, LevelSection
    >>> pair = (LevelSection(id="no", title="no"), LevelSection(id="yes", title="yes"))
    >>> issue = lambda name, who: IssueSection(
    ...     id=name, title=name, performs=who, status_quo="no", source="example", level=pair)
    >>> agenda = Agenda((issue("a", "A"), issue("b", "B")))
    >>> deviation_gains(agenda, [0.0, 3.0, -1.0, 2.0], (0,)).tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    u = np.asarray(worth, dtype=float).reshape(agenda.shape)
    best = u.max(axis=performed, keepdims=True) if performed else u
    out: FloatArray = (best - u).reshape(-1)
    return out


def enforcement_room(
    agenda: Agenda,
    worth: ArrayLike,
    war: float,
    discount: float,
    performed: tuple[int, ...],
) -> FloatArray:
    r"""What is left when the future that a breach would lose is set against the temptation.

    .. math:: \frac{\beta}{1 - \beta} (u_i(x) - u_i(\text{war})) - \max_{x'} (u_i(x') - u_i(x))

    Pooled over issues. A package holds by itself where this is not negative.

    References
    ----------
    Bagwell and Staiger (1990, 2002); Bernheim and Whinston (1990); Limão (2005).

    Examples
    --------
    >>> from detente.talks.section import IssueSection, LevelSection
    >>> pair = (LevelSection(id="no", title="no"), LevelSection(id="yes", title="yes"))
    >>> issue = lambda name, who: IssueSection(
    ...     id=name, title=name, performs=who, status_quo="no", source="example", level=pair)
    >>> agenda = Agenda((issue("a", "A"), issue("b", "B")))
    >>> enforcement_room(agenda, [0.0, 3.0, -1.0, 2.0], 0.0, 0.5, (0,)).tolist()
    [0.0, 3.0, -2.0, 1.0]
    """
    if not 0 <= discount < 1:
        raise InputError(f"a discount factor must lie in [0, 1); got {discount}.")
    u = np.asarray(worth, dtype=float)
    future = discount / (1 - discount) * (u - war)
    out: FloatArray = future - deviation_gains(agenda, u, performed)
    return out


def separate_enforcement(
    agenda: Agenda, worth: ArrayLike, discount: float, performed: tuple[int, ...]
) -> BoolArray:
    """Whether a side keeps each issue when a breach ends cooperation on that issue alone.

    The temptation is the best other level of the one issue, the punishment its return to what is
    in force now. Where this fails and the pooled test holds, linkage is what enforces the deal.

    References
    ----------
    Limão (2005); Bernheim and Whinston (1990).
    """
    u = np.asarray(worth, dtype=float).reshape(agenda.shape)
    kept = np.ones(agenda.shape, dtype=bool)
    for k in performed:
        tempted = u.max(axis=k, keepdims=True) - u
        ended = np.take(u, [agenda.standing[k]], axis=k)
        future = discount / (1 - discount) * (u - ended)
        moved = np.ones(agenda.shape[k], dtype=bool)
        moved[agenda.standing[k]] = False
        shape = [1] * len(agenda.shape)
        shape[k] = agenda.shape[k]
        kept &= (tempted <= future) | ~moved.reshape(shape)
    out: BoolArray = kept.reshape(-1)
    return out


@dataclass(frozen=True)
class Block:
    """One filter: how many packages it stops, and how many it stops alone."""

    filter: str
    stopped: int
    alone: int


@dataclass(frozen=True, eq=False)
class Zopa:
    """The zone of agreement and what bounds it.

    Attributes
    ----------
    members
        Packages that pass every filter and change something.
    passes
        [package, filter].
    blocks
        What each filter does.
    nearest
        The package that misses by least where the zone is empty, else None.
    missing
        How far the nearest misses, by filter, in the filter's own unit.
    """

    members: NDArray[np.intp]
    passes: BoolArray
    blocks: tuple[Block, ...]
    nearest: int | None
    missing: dict[str, float]

    @property
    def is_empty(self) -> bool:
        """True where nothing can be signed."""
        return not len(self.members)

    def explain(self, agenda: Agenda, sides: tuple[str, str]) -> str:
        """Why there is a zone or none, in a sentence or two."""

        def named(text: str) -> str:
            return text.replace("side 1", sides[0]).replace("side 2", sides[1])

        total = len(self.passes) - 1
        if not self.is_empty:
            return f"{len(self.members):,} of {total:,} packages pass every filter."
        worst = max(self.blocks, key=lambda b: (b.alone, b.stopped))
        empties = [b for b in self.blocks if b.stopped == worst.stopped and b.alone == worst.alone]
        which = " and ".join(f"“{named(b.filter)}”" for b in empties)
        text = (
            f"No package passes every filter. What empties the zone: {which} "
            f"{'stops' if len(empties) == 1 else 'each stop'} {worst.stopped:,} of {total:,}"
            + (f", {worst.alone:,} of them alone." if worst.alone else ".")
        )
        if self.nearest is not None:
            gaps = ", ".join(
                f"{named(f)}: short by "
                + (f"{100 * v:.0f} points of chance" if f in HOME else f"{v:.3g} % of income")
                for f, v in self.missing.items()
            )
            text += f" The nearest is “{agenda.changes(self.nearest)}” ({gaps})."
        return text


def zone_of_agreement(
    agenda: Agenda,
    gain: ArrayLike,
    ratified: ArrayLike,
    room: ArrayLike,
    valid: ArrayLike | None = None,
) -> Zopa:
    """Packages that leave both better off, get through at home and hold by themselves.

    Parameters
    ----------
    gain
        u_i(x) − d_i, [package, side]; better off means strictly positive.
    ratified
        P_i(x), [package, side]; at least one half.
    room
        From :func:`enforcement_room`, [package, side]; not negative.
    valid
        False for packages without a price.
    """
    g, p, e = (np.asarray(a, dtype=float) for a in (gain, ratified, room))
    passes = np.column_stack(
        [g[:, 0] > 0, g[:, 1] > 0, p[:, 0] >= LIKELY, p[:, 1] >= LIKELY, e[:, 0] >= 0, e[:, 1] >= 0]
    )
    usable = np.ones(len(g), dtype=bool) if valid is None else np.asarray(valid, dtype=bool).copy()
    usable[agenda.status_quo] = False
    members = np.flatnonzero(passes.all(axis=1) & usable)
    blocks = tuple(
        Block(
            name,
            int((~passes[usable, k]).sum()),
            int((~passes[usable, k] & np.delete(passes[usable], k, axis=1).all(axis=1)).sum()),
        )
        for k, name in enumerate(FILTERS)
    )
    nearest: int | None = None
    missing: dict[str, float] = {}
    if not len(members) and usable.any():
        short = np.column_stack(
            [np.maximum(0.0, -g), np.maximum(0.0, LIKELY - p), np.maximum(0, -e)]
        )
        scale = np.maximum(short[usable].max(axis=0), 1e-12)
        order = np.where(usable, (short / scale).sum(axis=1) + (~passes).sum(axis=1), np.inf)
        nearest = int(np.argmin(order))
        missing = {
            FILTERS[k]: float(short[nearest, k])
            for k in range(len(FILTERS))
            if not passes[nearest, k]
        }
    return Zopa(members, passes, blocks, nearest, missing)


def solutions(
    worth: ArrayLike, disagreement: ArrayLike, members: ArrayLike, power: float
) -> dict[str, BargainingPoint]:
    """Nash, Kalai-Smorodinsky, egalitarian and utilitarian points within a zone.

    Their positions are those of packages; their spread is the honest band of what "the" deal is.
    Empty where the zone is.
    """
    at = np.asarray(members, dtype=np.intp)
    if not len(at):
        return {}
    u = np.asarray(worth, dtype=float)[at]
    found = {
        "Nash": nash(u, disagreement, power),
        "Kalai-Smorodinsky": kalai_smorodinsky(u, disagreement),
        "egalitarian": egalitarian(u, disagreement),
        "utilitarian": utilitarian(u, disagreement),
    }
    return {
        name: BargainingPoint(p.worth, tuple(int(at[k]) for k in p.packages), p.weights)
        for name, p in found.items()
    }


def linkage_value(
    agenda: Agenda,
    worth: ArrayLike,
    disagreement: ArrayLike,
    power: float,
    members: ArrayLike,
    alone: Sequence[ArrayLike] | None = None,
) -> tuple[tuple[float, float], int]:
    """What settling the issues together adds to settling them one by one.

    Issue by issue, all others stay as they are and the Nash solution over that issue's levels is
    taken where both gain; the package composed of these is set against the joint solution.

    Parameters
    ----------
    alone
        For each issue the worth of packages when it alone is talked about, [issue][package,
        side]: nobody is then held to a demand that the issue cannot meet. `worth` where left out.

    Returns
    -------
    Worth added to each side, and the composed package. Zero where nothing can be signed jointly.

    References
    ----------
    Tollison and Willett (1979); Bernheim and Whinston (1990).
    """
    u, d = np.asarray(worth, dtype=float), np.asarray(disagreement, dtype=float)
    levels = list(agenda.standing)
    for k in range(len(agenda)):
        rows = []
        for level in range(agenda.shape[k]):
            at = list(agenda.standing)
            at[k] = level
            rows.append(int(np.ravel_multi_index(tuple(at), agenda.shape)))
        here = u if alone is None else np.asarray(alone[k], dtype=float)
        gains = here[rows] - here[agenda.status_quo]
        if not (gains > 0).all(axis=1).any():
            continue
        point = nash(here[rows], here[agenda.status_quo], power)
        levels[k] = point.packages[0]
    composed = int(np.ravel_multi_index(tuple(levels), agenda.shape))
    at_members = np.asarray(members, dtype=np.intp)
    if not len(at_members):
        return (0.0, 0.0), composed
    joint = solutions(u, d, at_members, power)["Nash"].packages[0]
    added = u[joint] - u[composed]
    return (float(added[0]), float(added[1])), composed
