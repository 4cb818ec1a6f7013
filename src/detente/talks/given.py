"""What do talks need of a case?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from detente.errors import CaseFileError
from detente.measures import Instrument
from detente.talks.section import TalksSection

__all__ = ["MeetingGiven", "Path", "Problems"]

#: Where something stands in the section: keys, and positions in lists.
Path = tuple[str | int, ...]
#: Messages, each with the place that it is about.
Problems = list[tuple[str, Path]]


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
        Every measure of the case by its id.
    closure, labour_supply_elasticity, input_elasticity
        Choices about the economy.
    seed
        Of the draws.
    placed
        Turns problems of the section into lines with file, line and key.
    """

    name: str
    talks: TalksSection
    measures: Mapping[str, Instrument]
    closure: str | None
    labour_supply_elasticity: float
    input_elasticity: float
    seed: int
    placed: Callable[[Sequence[tuple[str, Path]]], str]

    def refuse(self, problems: Sequence[tuple[str, Path]]) -> None:
        """Raise what is wrong, where anything is.

        Raises
        ------
        CaseFileError
            One line a problem: file, line, key, what to write.
        """
        if problems:
            raise CaseFileError(self.placed(problems))
