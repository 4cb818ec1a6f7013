"""How often is there a zone, given how unsure the judged numbers are?"""

from __future__ import annotations

import zlib

import numpy as np

from detente.arrays import FloatArray
from detente.talks.agenda import Agenda
from detente.talks.profile import Side
from detente.talks.worth import Worths

__all__ = ["FACTOR", "share_with_a_zone"]

#: A worth beyond trade is drawn between a third and three times what was judged.
FACTOR = 3.0
#: Entries of [package, draw] that are worked on at once.
AT_ONCE = 4_000_000


def _stream(seed: int, name: str) -> np.random.Generator:
    """Random numbers that depend on the name of a judgement, and on nothing else in the file."""
    return np.random.default_rng([seed, zlib.crc32(name.encode("utf-8"))])


def share_with_a_zone(
    agenda: Agenda,
    worths: Worths,
    sides: tuple[Side, Side],
    chance: tuple[float, float],
    draws: int,
    seed: int,
) -> float:
    """Z: the share of draws with a package that both prefer to how things are and to no deal, and
    get home.

    Parameters
    ----------
    chance
        Range of e.
    draws, seed
        q is normal with standard deviation τ; κ and e are uniform over their ranges; each side's
        worth beyond trade of an issue is log-uniform within a factor of three.
    """
    e = _stream(seed, "fallback.chance").uniform(*chance, draws)
    usable = worths.solved.copy()
    usable[0] = False
    levels = np.flatnonzero(usable)
    if not len(levels):
        return 0.0
    count = max(1, AT_ONCE // len(levels))
    found = 0
    drawn = [_drawn(agenda, side, draws, seed) for side in sides]
    for first in range(0, draws, count):
        rows = slice(first, first + count)
        good = np.ones((len(levels), len(e[rows])), dtype=bool)
        for k, (kappa, q, factor, threat) in enumerate(drawn):
            u = worths.trade[levels, k, None] - kappa[rows] * worths.cost[levels, k, None]
            u = u + worths.beyond[levels, k] @ factor[:, rows]
            judged = worths.threatened_beyond[k]
            below = worths.threatened[k] - judged + judged * threat[rows]
            d = e[rows] * np.minimum(0.0, below)
            good &= (u > 0) & (u > d) & (u - d >= q[rows])
        found += int(good.any(axis=0).sum())
    return found / draws


def _drawn(
    agenda: Agenda, side: Side, draws: int, seed: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Draws of a side's κ and q, and factors on its worth of issues and of the fallback."""
    kappa = _stream(seed, side.kappa.name).uniform(side.kappa.low, side.kappa.high, draws)
    q = _stream(seed, side.q.name).normal(side.q.value, side.tau.value, draws)
    width = np.log(FACTOR)

    def factor(name: str) -> FloatArray:
        out: FloatArray = np.exp(_stream(seed, f"{name}.{side.id}").uniform(-width, width, draws))
        return out

    issues = [factor(f"issue.{item.name}.beyond") for item in agenda.items]
    return kappa, q, np.array(issues).reshape(-1, draws), factor("fallback.beyond")
