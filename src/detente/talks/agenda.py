"""What is on the table, and how many packages can be made of it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2, prod

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError, UnknownNameError
from detente.talks.section import IssueSection, LevelSection

__all__ = ["Agenda", "check_size"]

IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Agenda:
    """Issues with their levels; packages are numbered with the last issue moving fastest.

    Examples
    --------
    >>> levels = lambda *names: tuple(LevelSection(id=n, title=n) for n in names)
    >>> make = lambda name, *names: IssueSection(
    ...     id=name, title=name, performs="A", status_quo=names[0], source="example",
    ...     level=levels(*names))
    >>> agenda = Agenda((make("tariffs", "kept", "lifted"), make("chips", "shut", "half", "open")))
    >>> agenda.size, agenda.describe(agenda.number({"chips": "half"}))
    (6, 'kept · half')
    """

    issues: tuple[IssueSection, ...]

    def __len__(self) -> int:
        return len(self.issues)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each issue."""
        return tuple(len(i.levels) for i in self.issues)

    @property
    def size(self) -> int:
        """Number of packages."""
        return prod(self.shape)

    @cached_property
    def levels(self) -> IntArray:
        """Level of each issue in each package, [package, issue]."""
        grid = np.indices(self.shape).reshape(len(self), -1).T
        out: IntArray = np.ascontiguousarray(grid).astype(np.intp)
        return out

    @cached_property
    def standing(self) -> tuple[int, ...]:
        """Position of the level now in force, by issue."""
        return tuple([x.id for x in i.levels].index(i.status_quo) for i in self.issues)

    @property
    def status_quo(self) -> int:
        """Number of the package that changes nothing."""
        return int(np.ravel_multi_index(self.standing, self.shape))

    @property
    def priced(self) -> tuple[int, ...]:
        """Positions of the issues that have a level with measures."""
        return tuple(k for k, i in enumerate(self.issues) if any(x.measures for x in i.levels))

    def performed_by(self, party: str) -> tuple[int, ...]:
        """Positions of the issues that a side performs."""
        return tuple(k for k, i in enumerate(self.issues) if party in i.performs)

    def number(self, levels: dict[str, str]) -> int:
        """Number of a package; issues left out stay as they are."""
        at = list(self.standing)
        for issue, level in levels.items():
            names = [i.id for i in self.issues]
            if issue not in names:
                raise UnknownNameError("issue", issue, names)
            k = names.index(issue)
            choices = [x.id for x in self.issues[k].levels]
            if level not in choices:
                raise UnknownNameError("level", level, choices, where=f'issue "{issue}"')
            at[k] = choices.index(level)
        return int(np.ravel_multi_index(tuple(at), self.shape))

    def level_of(self, package: int, issue: int) -> LevelSection:
        """The level that a package sets an issue to."""
        return self.issues[issue].levels[int(self.levels[package, issue])]

    @cached_property
    def moves(self) -> NDArray[np.bool]:
        """Whether each package changes each issue, [package, issue]."""
        out: NDArray[np.bool] = np.not_equal(self.levels, np.asarray(self.standing))
        return out

    def moved(self, package: int) -> tuple[int, ...]:
        """Positions of the issues that a package changes."""
        return tuple(int(k) for k in np.flatnonzero(self.moves[package]))

    def within(self, issues: Sequence[str]) -> NDArray[np.bool]:
        """Whether each package leaves all issues but these as they are, [package].

        Examples
        --------
        >>> level = lambda name: LevelSection(id=name, title=name)
        >>> make = lambda name: IssueSection(
        ...     id=name, title=name, performs="A", status_quo="no", source="example",
        ...     level=(level("no"), level("yes")))
        >>> Agenda((make("one"), make("two"))).within(["two"]).tolist()
        [True, True, False, False]
        """
        outside = np.array([i.id not in issues for i in self.issues])
        out: NDArray[np.bool] = np.logical_not((self.moves & outside).any(axis=1))
        return out

    def describe(self, package: int) -> str:
        """The levels of a package, all issues."""
        return " · ".join(self.level_of(package, k).title for k in range(len(self)))

    def changes(self, package: int) -> str:
        """What a package changes, in words; "nothing changes" for the status quo."""
        moved = self.moved(package)
        if not moved:
            return "nothing changes"
        return "; ".join(
            f"{self.issues[k].title}: {self.level_of(package, k).title}" for k in moved
        )


def check_size(agenda: Agenda, largest: int) -> None:
    """Refuse an agenda that leaves nothing to settle or too much to price.

    Raises
    ------
    InputError
        An issue with fewer than two levels, or more packages than the limit: how many, and
        which issue to coarsen.
    """
    if not agenda.issues:
        raise InputError(
            "the agenda is empty: write at least one [[talks.issue]] with two levels or more."
        )
    for issue in agenda.issues:
        if len(issue.levels) < 2:
            found = "no level" if not issue.levels else f'one level ("{issue.levels[0].id}")'
            raise InputError(
                f'issue "{issue.id}" has {found}, so there is nothing to settle. Write two '
                "[[talks.issue.level]] or more, the present state among them, or leave the "
                "issue out."
            )
    if agenda.size > largest:
        raise InputError(
            f"the agenda makes {agenda.size:,} packages ({' × '.join(map(str, agenda.shape))}), "
            f"more than the {largest:,} allowed. {_how_to_coarsen(agenda, largest)}"
        )


def _how_to_coarsen(agenda: Agenda, largest: int) -> str:
    """Which issues to coarsen until the agenda fits: the widest first, of these the unpriced.

    Levels of an issue without measures cost no equilibrium, so nothing that was priced is lost.
    """
    counts = list(agenda.shape)
    cuts: list[tuple[str, str]] = []
    while prod(counts) > largest and max(counts) > 2:
        widest = max(range(len(counts)), key=lambda k: (counts[k], k not in agenda.priced, -k))
        kept = max(2, largest // (prod(counts) // counts[widest]))
        cuts.append((agenda.issues[widest].id, f"keep {kept} of its {counts[widest]} levels"))
        counts[widest] = kept
    if prod(counts) > largest:
        most = int(log2(largest)) if largest > 1 else 0
        return (
            f"Even with two levels for each of the {len(counts)} issues there are too many: settle "
            f"at most {most} issues, each of two levels, or fewer with more."
        )
    (first, how), *others = cuts
    then = "".join(f', then "{name}": {more}' for name, more in others)
    return f'Coarsen issue "{first}" first: {how}{then}. That leaves {prod(counts):,} packages.'
