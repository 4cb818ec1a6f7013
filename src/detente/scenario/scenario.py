"""Which measures together, on which day, compared with what?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from detente.errors import MeasureError, UnknownNameError, shown
from detente.measures import Instrument
from detente.measures.rates import parse_date

#: A longer name is none.
LONGEST_NAME = 200


@dataclass(frozen=True)
class Scenario:
    """A package of measures, and what it is compared with.

    Attributes
    ----------
    name, title, note
        A short name for tables, a readable one, and what the reader should know.
    measures
        In order; ids are unique (a measure without one gets its kind and parties).
    date
        The day on which measures are looked at: those in force count. None counts all.
    compared_with
        The other scenario, or None for the world as it is.

    Examples
    --------
    >>> from detente.measures import Tariff
    >>> Scenario("war", (Tariff(by="USA", on="CHN", sectors="all goods", rate="60 %"),)).ids
    ('tariff-USA-CHN',)
    """

    name: str
    measures: tuple[Instrument, ...] = ()
    title: str = ""
    date: dt.date | None = None
    compared_with: Scenario | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if (
            not isinstance(self.name, str)
            or len(self.name) > LONGEST_NAME
            or not self.name.isprintable()
        ):
            raise MeasureError(
                f"a scenario has a name of at most {LONGEST_NAME} characters; got "
                f"{shown(self.name)}. Its measures come second."
            )
        if self.date is not None:
            object.__setattr__(self, "date", parse_date(self.date, f'scenario "{self.name}", date'))
        object.__setattr__(self, "measures", _with_ids(self.measures, self.name))
        for measure in self.measures:
            if measure.mirror is not None and measure.mirror.of not in self.ids:
                raise UnknownNameError(
                    "measure",
                    measure.mirror.of,
                    self.ids,
                    where=f"{measure.where}, rule.of",
                    hint=f'A mirrored measure must be part of the same package ("{self.name}").',
                )

    @classmethod
    def of(cls, measures: Sequence[Instrument], name: str = "scenario") -> Scenario:
        """A scenario of measures without further ado."""
        return cls(name, tuple(measures))

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all measures, in order."""
        return tuple(m.id for m in self.measures)

    @property
    def in_force(self) -> tuple[Instrument, ...]:
        """The measures that count on the scenario's day."""
        return tuple(m for m in self.measures if m.is_in_force(self.date))

    @property
    def compared_with_name(self) -> str:
        """Name of the comparison; "world" is the world as it is."""
        return "world" if self.compared_with is None else self.compared_with.name

    def without(self, ids: Sequence[str]) -> Scenario:
        """The same package without some measures."""
        for name in ids:
            if name not in self.ids:
                raise UnknownNameError("measure", name, self.ids, where=f'scenario "{self.name}"')
        return replace(self, measures=tuple(m for m in self.measures if m.id not in ids))


def _with_ids(measures: object, scenario: str) -> tuple[Instrument, ...]:
    """Ids for those without one; refuse the same id twice."""
    given = tuple(measures) if isinstance(measures, Sequence) else (measures,)
    taken: set[str] = set()
    for measure in given:
        if not isinstance(measure, Instrument):
            raise MeasureError(
                f'scenario "{scenario}": a measure is an object such as detente.measures.Tariff; '
                f"got {type(measure).__name__}."
            )
        if measure.id and measure.id in taken:
            raise MeasureError(f'scenario "{scenario}": two measures have the id "{measure.id}".')
        taken.add(measure.id)
    out = []
    for measure in given:
        if not measure.id:
            stem = "-".join(
                [measure.kind.replace("_", "-"), *measure.by[:2], *measure.partners[:2]]
            )
            stem = stem.replace(" ", "-")
            name, number = stem, 2
            while name in taken:
                name, number = f"{stem}-{number}", number + 1
            taken.add(name)
            measure = measure.model_copy(update={"id": name})
        out.append(measure)
    return tuple(out)
