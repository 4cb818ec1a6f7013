"""Which packages can be made of what is on the table?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.errors import UnknownNameError
from detente.talks.section import TalksSection

__all__ = ["MOST_PACKAGES", "MOST_SETS", "Agenda", "Item", "agenda_of", "coarser"]

IntArray = NDArray[np.intp]

#: Sets of measures that packages may make: each is an equilibrium.
MOST_SETS = 500
#: Packages that may be weighed, sets of measures times levels that move nothing in trade.
MOST_PACKAGES = 20_000


@dataclass(frozen=True)
class Item:
    """An issue as the packages see it.

    Attributes
    ----------
    name, title
        Short and readable.
    by
        Positions of the sides that have to do something.
    levels
        Names; the first is how things are.
    measures
        In force at each level.
    beyond
        Worth beyond trade by level and side, [level][side], % of real income.
    """

    name: str
    title: str
    by: tuple[int, ...]
    levels: tuple[str, ...]
    measures: tuple[tuple[str, ...], ...]
    beyond: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Agenda:
    """Issues with their levels; packages are numbered with the last issue moving fastest.

    Package 0 is how things are: every issue at its first level.

    Examples
    --------
    >>> item = lambda name, *levels: Item(
    ...     name, name, (0,), levels, tuple((k,) for k in levels), ((0.0, 0.0),) * len(levels))
    >>> agenda = Agenda((item("tariffs", "kept", "lifted"), item("chips", "shut", "half", "open")))
    >>> agenda.size, agenda.names(agenda.number({"chips": "half"}))
    (6, ('kept', 'half'))
    """

    items: tuple[Item, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each issue."""
        return tuple(len(item.levels) for item in self.items)

    @property
    def size(self) -> int:
        """Number of packages, how things are among them."""
        return prod(self.shape)

    @cached_property
    def levels(self) -> IntArray:
        """Level of each issue in each package, [package, issue]."""
        if not self.items:
            return np.zeros((1, 0), dtype=np.intp)
        out: IntArray = np.indices(self.shape).reshape(len(self.shape), -1).T.astype(np.intp)
        return np.ascontiguousarray(out)

    def number(self, levels: Mapping[str, str]) -> int:
        """Number of a package; issues left out stay as they are.

        Raises
        ------
        UnknownNameError
            No such issue or level.
        """
        at = [0] * len(self.items)
        names = [item.name for item in self.items]
        for issue, level in levels.items():
            if issue not in names:
                raise UnknownNameError("issue", issue, names)
            item = self.items[k := names.index(issue)]
            if level not in item.levels:
                raise UnknownNameError("level", level, item.levels, where=f'issue "{issue}"')
            at[k] = item.levels.index(level)
        return self.at(at)

    def at(self, levels: Sequence[int]) -> int:
        """Number of the package with these levels."""
        return int(np.ravel_multi_index(tuple(levels), self.shape)) if self.items else 0

    def names(self, package: int) -> tuple[str, ...]:
        """Names of the levels of a package, all issues."""
        at = self.levels[package]
        return tuple(item.levels[k] for item, k in zip(self.items, at, strict=True))

    def alone(self, issue: int, level: int) -> int:
        """The package that moves one issue and leaves the others as they are."""
        at = [0] * len(self.items)
        at[issue] = level
        return self.at(at)

    @property
    def moves(self) -> Iterator[tuple[int, int]]:
        """Every way to move one issue: its position and the level."""
        for k, item in enumerate(self.items):
            for level in range(1, len(item.levels)):
                yield k, level

    def measures(self, package: int) -> tuple[str, ...]:
        """Measures that the levels of a package put in force."""
        at = self.levels[package]
        lists = (item.measures[k] for item, k in zip(self.items, at, strict=True))
        return tuple(dict.fromkeys(name for names in lists for name in names))

    @cached_property
    def sets(self) -> int:
        """How many different sets of measures the packages make."""
        return prod(len({frozenset(m) for m in item.measures}) for item in self.items)

    @cached_property
    def beyond(self) -> FloatArray:
        """Worth beyond trade by issue, [package, side, issue]."""
        out = np.zeros((self.size, 2, len(self.items)))
        for k, item in enumerate(self.items):
            out[:, :, k] = np.asarray(item.beyond)[self.levels[:, k]]
        return out

    def without(self, issues: Sequence[str]) -> Agenda:
        """The agenda without some issues."""
        return Agenda(tuple(item for item in self.items if item.name not in issues))


def agenda_of(section: TalksSection, parties: tuple[str, str]) -> Agenda:
    """The agenda of a section; names are taken as checked.

    Parameters
    ----------
    parties
        Ids of the two sides, in order.
    """
    items = []
    for name, issue in section.issue.items():
        worth = [issue.beyond.get(level, {}) for level in issue.levels]
        items.append(
            Item(
                name=name,
                title=issue.title or name,
                by=tuple(k for k, party in enumerate(parties) if party in issue.by),
                levels=tuple(issue.levels),
                measures=tuple(tuple(m) for m in issue.levels.values()),
                beyond=tuple((w.get(parties[0], 0.0), w.get(parties[1], 0.0)) for w in worth),
            )
        )
    return Agenda(tuple(items))


def coarser(counts: Mapping[str, int], most: int) -> tuple[tuple[str, int], ...]:
    """Which issues to coarsen, and to how many levels, until their product is at most so many.

    The widest first. Empty where even two levels each are too many.

    Examples
    --------
    >>> coarser({"tariffs": 4, "chips": 9}, 20)
    (('chips', 5),)
    """
    left = dict(counts)
    cuts: dict[str, int] = {}
    while prod(left.values()) > most:
        name = max(left, key=lambda k: left[k])
        if left[name] <= 2:
            return ()
        others = prod(left.values()) // left[name]
        cuts[name] = left[name] = max(2, min(left[name] - 1, most // others))
    return tuple(cuts.items())
