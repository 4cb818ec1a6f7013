"""What do talks need of a case?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from detente.errors import CaseFileError
from detente.measures import Instrument
from detente.talks.section import TalksSection

__all__ = ["MeetingGiven", "Place", "Problems"]

#: Where something stands in the section: keys, and positions in lists.
Place = tuple[str | int, ...]
#: Messages, each with the place that it is about.
Problems = list[tuple[str, Place]]


def _plain(problems: Sequence[tuple[str, Place]]) -> str:
    return "\n".join(text for text, _ in problems)


@dataclass(frozen=True)
class MeetingGiven:
    """A meeting with what the rest of its case says about it.

    Attributes
    ----------
    name
        Of the case.
    talks
        The ``[talks]`` section.
    measures
        Every measure of the case by its id, in its order.
    compared_with
        The day whose measures in force stand besides those of the section, for a case that is
        compared with "in force DAY"; None for the world as it is.
    seed
        Of the draws.
    folder
        Where paths of texts start.
    placed
        Turns problems of the section into lines with file, line and key.
    """

    name: str
    talks: TalksSection
    measures: Mapping[str, Instrument] = field(default_factory=dict)
    compared_with: dt.date | None = None
    seed: int = 1
    folder: Path | None = None
    placed: Callable[[Sequence[tuple[str, Place]]], str] = _plain

    @property
    def standing(self) -> tuple[str, ...]:
        """Measures in force whatever is signed: those of the comparison that are not on the table,
        and those of `always`."""
        on_table = self.talks.measure_ids
        day = self.compared_with
        there = (
            ()
            if day is None
            else (
                name
                for name, m in self.measures.items()
                if m.status == "in force" and m.is_in_force(day) and name not in on_table
            )
        )
        return tuple(dict.fromkeys([*there, *self.talks.always]))

    def refuse(self, problems: Sequence[tuple[str, Place]]) -> None:
        """Raise what is wrong, where anything is.

        Raises
        ------
        CaseFileError
            One line a problem: file, line, key, what to write.
        """
        if problems:
            raise CaseFileError(self.placed(problems))
