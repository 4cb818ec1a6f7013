"""What do short answers to eight questions say about a meeting?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.data import economies, groups
from detente.errors import InputError, UnknownNameError, no_date, shown
from detente.scenario.groups import Labels, resolve_economies, resolve_sectors
from detente.talks.signs import CHANNELS, LEVELS

__all__ = ["QUESTIONS", "DutyAnswer", "IssueAnswer", "Question", "answer_of"]

#: Names by which parties are commonly called, besides those of the table.
COMMON = {"us": "USA", "u.s.": "USA", "america": "USA", "eu": "EU27", "uk": "GBR", "britain": "GBR"}
_DUTY = re.compile(r"(.+?) on (.+?),? ([a-z_ ]+?) ([+−-]?\d+(?:\.\d+)?) ?(pp|points?|%)", re.I)
_WORTH = re.compile(r"(.+?) worth ([+−-]?\d*\.?\d+) ?%?", re.I)
#: How a duty and an issue are written.
DUTY_FORM = '"USA on EU27 motor_vehicles +25 pp"'
ISSUE_FORM = (
    '"car duty by EU27: kept / lifted = EU27 on USA motor_vehicles -10 pp", or "standards by USA '
    'and EU27: none / agreed = USA worth 0.02, EU27 worth 0.01"'
)


@dataclass(frozen=True)
class DutyAnswer:
    """A duty: `by` on goods of `on`, with its rate as a case file writes it."""

    by: str
    on: str
    sector: str
    rate: str


@dataclass(frozen=True)
class IssueAnswer:
    """An issue: who acts, and for each level its duties and its worth beyond trade by party."""

    title: str
    by: tuple[str, ...]
    levels: Mapping[str, tuple[tuple[DutyAnswer, ...], Mapping[str, float]]]


@dataclass(frozen=True)
class Question:
    """One of the eight.

    Attributes
    ----------
    key
        What it is about; the option that answers it.
    text
        The question, for a person.
    default
        What no answer means.
    read
        Turns an answer into a value, given the earlier ones and the names of the world.
    many
        True where answers are taken until one is empty.
    """

    key: str
    text: str
    default: str
    read: Callable[[str, Mapping[str, Any], Labels], Any]
    many: bool = False


def answer_of(question: Question, text: str, earlier: Mapping[str, Any], labels: Labels) -> Any:
    """The value of an answer.

    Raises
    ------
    InputError
        It cannot be read; the message says how it is written.
    """
    return question.read(" ".join(text.replace("−", "-").split()), earlier, labels)


def _party(text: str, labels: Labels) -> str:
    """Code of an economy or group from what it is called."""
    names = {e.name.lower(): code for code, e in economies().items()}
    names |= {g.name.lower(): code for code, g in groups().items()} | COMMON
    plain = text.strip().lower().removeprefix("the ")
    code = names.get(plain, text.strip().upper())
    resolve_economies(labels, [code])
    return code


def _who(text: str, earlier: Mapping[str, Any], labels: Labels) -> tuple[str, str]:
    named = [n for n in re.split(r",|\band\b|\bv(?:s|ersus)?\b\.?|/", text) if n.strip()]
    if len(named) != 2:
        raise InputError(f'talks are between two parties, such as "USA, EU27"; got {shown(text)}.')
    first, second = (_party(n, labels) for n in named)
    both = set(resolve_economies(labels, [first])) & set(resolve_economies(labels, [second]))
    if both:
        raise InputError(f"both parties speak for {', '.join(sorted(both))}; name two that do not.")
    return first, second


def _when(text: str, earlier: Mapping[str, Any], labels: Labels) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(no_date(text)) from None


def _level(text: str, earlier: Mapping[str, Any], labels: Labels) -> str:
    if text.lower() not in LEVELS:
        raise UnknownNameError("level", text, LEVELS)
    return text.lower()


def _channel(text: str, earlier: Mapping[str, Any], labels: Labels) -> str:
    if text.lower() not in CHANNELS:
        raise UnknownNameError("channel", text, CHANNELS)
    return text.lower()


def _dated(text: str, earlier: Mapping[str, Any], labels: Labels) -> float:
    words = {"no": 0.0, "yes": 1.0, "arguable": 0.5, "0": 0.0, "1": 1.0, "0.5": 0.5}
    if text.lower() not in words:
        raise InputError(f"answer no, yes or arguable; got {shown(text)}.")
    return words[text.lower()]


def _tone(text: str, earlier: Mapping[str, Any], labels: Labels) -> tuple[float, float]:
    """One tone for both, or one a party: "2", "USA -1, EU27 3"."""
    parts = [p.strip() for p in text.split(",")]
    found: dict[str, float] = {}
    for part in parts:
        name, _, number = part.rpartition(" ")
        try:
            value = float(number)
        except ValueError:
            value = 99.0
        if not -10 <= value <= 10:
            raise InputError(
                f'a tone is a number from -10 to 10, such as "USA -1, EU27 3"; got {shown(part)}.'
            )
        found[_party(name, labels) if name else ""] = value
    who = earlier["who"]
    strangers = [name for name in found if name and name not in who]
    if strangers:
        raise UnknownNameError("party", strangers[0], who)
    both = found.get("", 0.0)
    return found.get(who[0], both), found.get(who[1], both)


def _duty(text: str, labels: Labels) -> DutyAnswer | None:
    match = _DUTY.fullmatch(text.strip())
    if match is None:
        return None
    by, on = _party(match[1], labels), _party(match[2], labels)
    sector = match[3].strip()
    resolve_sectors(labels, [sector])
    size, unit = match[4], match[5]
    if unit == "%":
        return DutyAnswer(by, on, sector, f"{size.lstrip('+')} %")
    return DutyAnswer(by, on, sector, f"{size if size[0] in '+-' else '+' + size} pp")


def _duties(text: str, earlier: Mapping[str, Any], labels: Labels) -> tuple[DutyAnswer, ...]:
    found = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        duty = _duty(part, labels)
        if duty is None:
            raise InputError(f"a duty is written {DUTY_FORM}; got {shown(part)}.")
        found.append(duty)
    return tuple(found)


def _issue(text: str, earlier: Mapping[str, Any], labels: Labels) -> IssueAnswer:
    head, colon, tail = text.partition(":")
    title, by, names = head.rpartition(" by ")
    who: Sequence[str] = earlier["who"]
    levels = [level.strip() for level in tail.split(" / ")]
    if not colon or not by or len(levels) < 2 or not title.strip():
        raise InputError(f"an issue is written {ISSUE_FORM}; got {shown(text)}.")
    acting = tuple(_party(n, labels) for n in re.split(r",|\band\b", names) if n.strip())
    for name in acting:
        if name not in who:
            raise UnknownNameError("party", name, who)
    found: dict[str, tuple[tuple[DutyAnswer, ...], Mapping[str, float]]] = {}
    for level in levels:
        name, _, content = level.partition(" = ")
        duties, worth = [], {}
        for part in filter(None, (p.strip() for p in content.split(","))):
            if match := _WORTH.fullmatch(part):
                party = _party(match[1], labels)
                if party not in who:
                    raise UnknownNameError("party", party, who)
                worth[party] = float(match[2])
            elif duty := _duty(part, labels):
                duties.append(duty)
            else:
                raise InputError(f"an issue is written {ISSUE_FORM}; got {shown(part)}.")
        found[name.strip()] = (tuple(duties), worth)
    contents = [(d, tuple(w.items())) for d, w in found.values()]
    if len(found) != len(levels) or len(set(contents)) < len(contents):
        raise InputError(
            "two levels are the same: each has a name of its own, and duties or a worth beyond "
            f"trade that the others do not have. An issue is written {ISSUE_FORM}."
        )
    return IssueAnswer(title.strip(), acting, found)


#: The eight, in order.
QUESTIONS = (
    Question("who", "Which two parties meet? Economies or groups", "USA, CHN", _who),
    Question("when", "On which day does it open?", "today", _when),
    Question("level", f"Who heads the delegations? {', '.join(LEVELS)}", "minister", _level),
    Question("channel", f"What is it about? {', '.join(CHANNELS)}", "economic", _channel),
    Question("dated", "Does a dated threat or deadline stand? no, yes, arguable", "no", _dated),
    Question(
        "tone", "How warmly do both open, from -10 to 10? One tone, or one a party", "0", _tone
    ),
    Question(
        "issue", f"What is on the table? One line an issue, first level as it is now: {ISSUE_FORM}",
        "", _issue, many=True,
    ),
    Question(
        "fallback", f"Which duties come without a deal? {DUTY_FORM}; none where all stays", "",
        _duties,
    ),
)  # fmt: skip
