"""What can go wrong, and what should the user do next?

::

    DetenteError
    ├── InputError               the request cannot be read or makes no sense    exit code 2
    │   ├── UnknownNameError     a name that is on no list (nearest is offered)
    │   ├── CaseFileError        a case file breaks the schema (file, line, key)
    │   ├── MeasureError         a measure is contradictory, or two overlap without a rule
    │   ├── WorldError           accounts that do not balance, negative or missing data
    │   └── DataFileError        a data file is absent, truncated or altered
    ├── InfeasibleError          no equilibrium can exist (a good without a source)     3
    ├── ConvergenceError         the tolerance was missed; nothing is returned          4
    ├── OutputError              results cannot be written (folder, disk)               5
    └── InterruptedRun           stopped by the user; what was finished is kept       130

    UserWarning
    └── DamagedFileWarning       finished work of ours was damaged and is done again
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

__all__ = [
    "CaseFileError",
    "ConvergenceError",
    "DamagedFileWarning",
    "DataFileError",
    "DetenteError",
    "InfeasibleError",
    "InputError",
    "InterruptedRun",
    "MeasureError",
    "OutputError",
    "UnknownNameError",
    "WorldError",
    "nearest",
    "shortened",
    "shown",
]

#: The most that a message repeats of what somebody wrote, in characters.
LONGEST_ECHO = 60
#: Choices beyond this are not searched for the nearest.
MOST_COMPARED = 10_000


class DetenteError(Exception):
    """Base of every error that detente raises on purpose; its text is meant for the user."""

    exit_code = 1


class InputError(DetenteError):
    """The request cannot be read or makes no sense."""

    exit_code = 2


class UnknownNameError(InputError):
    """A name that is on no list.

    Parameters
    ----------
    kind
        What the name should have been: "economy", "sector", "instrument".
    name
        What was written.
    choices
        What could have been written.
    where
        File and entry, or the call.
    hint
        What to do next, e.g. a command that lists the choices.

    Examples
    --------
    >>> print(UnknownNameError("sector", "steel", ["iron_steel", "food"], where="steel.toml"))
    steel.toml: unknown sector "steel". Nearest: "iron_steel".
    """

    def __init__(
        self, kind: str, name: str, choices: Iterable[str], where: str = "", hint: str = ""
    ) -> None:
        self.kind, self.name, self.choices, self.where = kind, name, tuple(choices), where
        close = nearest(name, self.choices)
        said = shortened(name)
        text = f'{where}: unknown {kind} "{said}".' if where else f'Unknown {kind} "{said}".'
        if close:
            text += " Nearest: " + ", ".join(f'"{shortened(c)}"' for c in close) + "."
        elif len(self.choices) <= 12:
            listed = ", ".join(f'"{shortened(c)}"' for c in self.choices)
            text += f" Choose from: {listed}."
        if hint:
            text += f" {hint}"
        super().__init__(text)


class CaseFileError(InputError):
    """A case file breaks the schema."""


class MeasureError(InputError):
    """A measure is contradictory, or two measures overlap without a stacking rule."""


class WorldError(InputError):
    """World data are negative, missing, or do not balance."""


class DataFileError(InputError):
    """A data file is absent, truncated or altered."""


class InfeasibleError(DetenteError):
    """No equilibrium can exist under these measures."""

    exit_code = 3


class ConvergenceError(DetenteError):
    """The solver missed its tolerance. The text names the worst block, economy and sector."""

    exit_code = 4


class OutputError(DetenteError):
    """Results cannot be written."""

    exit_code = 5


class InterruptedRun(DetenteError):
    """Stopped by the user; the text says what was kept and how to go on."""

    exit_code = 130


class DamagedFileWarning(UserWarning):
    """Finished work that was kept cannot be read; it is done again."""


def shortened(value: object) -> str:
    """What a message repeats of a value: its beginning, if it is long.

    Examples
    --------
    >>> shortened("short"), len(shortened("long" * 1000))
    ('short', 60)
    """
    text = str(value)
    return text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 1] + "…"


def nearest(name: str, choices: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Up to `count` choices that resemble `name`, best first, case ignored.

    Examples
    --------
    >>> nearest("eletronics", ["electronics", "food"])
    ('electronics',)
    """
    by_lower = {c[:LONGEST_ECHO].lower(): c for c in islice(choices, MOST_COMPARED)}
    low = name[:LONGEST_ECHO].lower()
    inside = [c for c in by_lower if low and (low in c or c in low)]
    close = difflib.get_close_matches(low, by_lower, n=count, cutoff=0.6)
    ranked = dict.fromkeys([*close, *inside])
    return tuple(by_lower[c] for c in list(ranked)[:count])


def shown(value: object) -> str:
    """A value as it stands in a file, cut to what a message should repeat.

    Examples
    --------
    >>> shown(True), shown("25"), shown(list(range(1000)))
    ('true', '"25"', '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{shortened(value)}"'
    try:
        return shortened(repr(value))
    except ValueError:  # Python writes out no number of thousands of digits
        return f"a {type(value).__name__} with a number of thousands of digits"
