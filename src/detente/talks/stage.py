"""Which measures are in force under each package?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from detente.measures import Instrument
from detente.scenario.groups import Labels, resolve_economies
from detente.talks.agenda import Agenda
from detente.talks.profile import Side

__all__ = ["Measures", "Stage", "owners_of"]

#: Ids of measures in force together, in the order of the case.
Measures = tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """An agenda on what is in force besides.

    Attributes
    ----------
    agenda
        What is on the table.
    background
        Measures in force whatever is signed.
    fallback
        Measures added without a deal.
    order
        Ids of all measures of the case, in its order.
    owners
        Position of the side that takes each measure; left out where it is neither's alone.
    """

    agenda: Agenda
    background: Measures
    fallback: Measures
    order: Mapping[str, int]
    owners: Mapping[str, int] = field(default_factory=dict)

    def together(self, *lists: Iterable[str]) -> Measures:
        """One set of measures of several lists."""
        names = {name for names in (self.background, *lists) for name in names}
        return tuple(sorted(names, key=lambda name: self.order[name]))

    def package(self, number: int) -> Measures:
        """Measures in force under a package."""
        return self.together(self.agenda.measures(number))

    @cached_property
    def base(self) -> Measures:
        """Measures in force as things are."""
        return self.package(0)

    @cached_property
    def no_deal(self) -> Measures:
        """Measures in force if the fallback happens."""
        return self.together(self.base, self.fallback)

    def own_move(self, side: int, issue: int, level: int) -> Measures:
        """Measures in force when a side moves its own part of one issue alone.

        Where both have something to do, its own part is the measures that it takes itself: what
        the other side gives up is no gain that it could have had alone.
        """
        item = self.agenda.items[issue]
        if item.by == (side,):
            return self.package(self.agenda.alone(issue, level))
        if side not in item.by:
            return self.base
        kept = [m for m in item.measures[0] if self.owners.get(m) != side]
        new = [m for m in item.measures[level] if self.owners.get(m) == side]
        others = (m for k, i in enumerate(self.agenda.items) if k != issue for m in i.measures[0])
        return self.together(others, kept, new)

    @cached_property
    def sets(self) -> tuple[Measures, ...]:
        """Every set that has to be priced, how things are first, each once."""
        found = dict.fromkeys([self.base, self.no_deal])
        found |= dict.fromkeys(self.package(k) for k in range(self.agenda.size))
        for issue, level in self.agenda.moves:
            found |= dict.fromkeys(self.own_move(side, issue, level) for side in (0, 1))
        return tuple(found)

    def varied(self, add: Sequence[str], settled: Mapping[str, str]) -> Stage:
        """The stage where measures are added and some issues are settled already."""
        agenda = self.agenda
        here = agenda.without([i.name for i in agenda.items if i.name not in settled])
        measures = here.measures(here.number(settled))
        return replace(
            self,
            agenda=agenda.without(tuple(settled)),
            background=(*self.background, *add, *measures),
        )


def owners_of(
    measures: Mapping[str, Instrument], sides: tuple[Side, Side], labels: Labels | None
) -> dict[str, int]:
    """Position of the side that takes each measure, where one alone does."""
    owners = {}
    for name, measure in measures.items():
        by = set(measure.by) if labels is None else set(resolve_economies(labels, measure.by))
        for k, side in enumerate(sides):
            if by and by <= {*side.economies, side.id}:
                owners[name] = k
    return owners
