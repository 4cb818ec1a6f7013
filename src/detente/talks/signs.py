"""What can be read off the opening day of a meeting?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.errors import InputError, UnknownNameError, shown

__all__ = ["CHANNELS", "LEVELS", "Signs", "tone_of"]

#: Who meets, highest first.
LEVELS = ("leader", "minister", "deputy")
#: Over what, or through whom: trade and finance, climate alone, diplomats and security advisers.
CHANNELS = ("economic", "climate", "diplomatic")
#: Other words for these; the record's own word for ministers is "cabinet".
OTHER_WORDS = {
    "leaders": "leader",
    "ministers": "minister",
    "cabinet": "minister",
    "deputies": "deputy",
    "trade": "economic",
    "security": "diplomatic",
}
TRUTH_WORDS = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0, "none": 0.0}
#: Tones run from −10, hostile, to 10, warm.
WARMEST = 10.0


def _number(name: str, value: Any, low: float, high: float) -> float:
    """A finite number in its range, from anything that is one."""
    if isinstance(value, str):
        value = TRUTH_WORDS.get(value.strip().lower(), value)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not low <= number <= high:
        raise InputError(f"{name} = {shown(value)}: write a number from {low:g} to {high:g}.")
    return number


def _word(kind: str, value: Any, choices: tuple[str, ...]) -> str:
    """One of the words on a list, case and spaces aside."""
    word = str(value).strip().lower()
    word = OTHER_WORDS.get(word, word)
    if word not in choices:
        raise UnknownNameError(kind, str(value), choices)
    return word


def tone_of(tone: Any) -> float:
    """Mean opening tone, −10 to 10, from itself, both sides' tones, or a mapping of them.

    A tone that is not known, None, counts as neither warm nor harsh.

    Examples
    --------
    >>> tone_of(3), tone_of({"USA": -2, "CHN": 3}), tone_of((4, 5))
    (3.0, 0.5, 4.5)
    """
    sides = list(tone.values()) if isinstance(tone, Mapping) else tone
    # a number of NumPy may come as an array of no dimension
    several = hasattr(sides, "__len__") and getattr(sides, "ndim", 1) > 0
    tones = list(sides) if several and not isinstance(sides, (str, bytes)) else [sides, sides]
    both = [0.0 if side is None else _number("tone", side, -WARMEST, WARMEST) for side in tones]
    if len(both) != 2:
        raise InputError(
            f"tone has {len(both)} numbers: write the mean of both sides, or one tone a side."
        )
    return sum(both) / 2


@dataclass(frozen=True)
class Signs:
    r"""The five signs of an opening day.

    .. math:: s = \ell + c + t - m + y

    Attributes
    ----------
    leaders
        1 where heads of state or government meet.
    climate
        1 where climate alone is on the agenda.
    dated
        1 with a dated threat or deadline, ½ where one could argue.
    diplomats
        1 below leaders where diplomats or security advisers lead.
    tone
        y, mean opening tone of both sides over ten, −1 to 1.

    References
    ----------
    Dawes (1979): unit weights predict better than fitted ones where cases are few.

    Examples
    --------
    >>> Signs.of(level="leader", dated=1, tone=3).sum
    2.3
    """

    leaders: float
    climate: float
    dated: float
    diplomats: float
    tone: float

    @property
    def sum(self) -> float:
        """s, the one number that the chance of a deal rises in."""
        return self.leaders + self.climate + self.dated - self.diplomats + self.tone

    @classmethod
    def of(
        cls,
        *,
        level: Any,
        channel: Any = "economic",
        dated: Any = 0.0,
        diplomats: Any = None,
        tone: Any = 0.0,
    ) -> Signs:
        """The signs from how a meeting is described.

        Parameters
        ----------
        level
            "leader", "minister" (or "cabinet"), "deputy".
        channel
            "economic", "climate" (nothing else on the agenda), "diplomatic".
        dated
            0, ½ or 1; yes and no, True and False are taken.
        diplomats
            Whether diplomats or security advisers lead. None: a diplomatic channel says so.
            Leaders are never led.
        tone
            Mean on −10 to 10, or both sides' tones: a pair or a mapping. None: not known.

        Raises
        ------
        UnknownNameError
            A level or channel on no list.
        InputError
            A number that is none, or outside its range.
        """
        leaders = _word("level", level, LEVELS) == "leader"
        through = _word("channel", channel, CHANNELS)
        led = through == "diplomatic" if diplomats is None else diplomats
        led = _number("diplomats", led, 0.0, 1.0)
        return cls(
            leaders=float(leaders),
            climate=float(through == "climate"),
            dated=_number("dated", dated, 0.0, 1.0),
            diplomats=0.0 if leaders else led,
            tone=tone_of(tone) / WARMEST,
        )
