"""What does the report say about a meeting in words and tables?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeVar

from detente.report.tables.table import TextTable
from detente.talks.answers import Answer, Grid, answers, headline, limits
from detente.talks.bands import CALM, DEAL, WILLING, most_sensitive
from detente.talks.meeting import TalksResults, in_words
from detente.talks.table_round import OUTCOMES
from detente.talks.worth import TERMS
from detente.wording import MINUS, THIN, chance, tone

__all__ = ["TalksWords", "talks_words"]

Printed = TypeVar("Printed", TextTable, Grid)

#: A number and its unit, which stay together; an amount and its currency.
_UNIT = re.compile(r"(?<=\d) (?=(?:%|pp|m|million|bn|billion|tn|trillion)(?!\w))")
_CURRENCY = re.compile(r"(?<=[mn]) (?=[A-Z]{3}\b)")


def typeset(text: str) -> str:
    """The text with true minus signs, and with every unit held to its number.

    >>> typeset("at its low end (-1.3 instead of 2 %), 2021-03-18")
    'at its low end (−1.3 instead of 2\\xa0%), 2021-03-18'
    """
    signed = re.sub(r"(?<![\w.\-])-(?=\.?\d)", MINUS, text)
    return _CURRENCY.sub(THIN, _UNIT.sub(THIN, signed))


@dataclass(frozen=True)
class TalksWords:
    """Words and tables of the section.

    Attributes
    ----------
    chances
        The endings with their bands.
    terms
        Worth of the named packages, term by term.
    statements
        What was said, its tone and what it did to the odds.
    judgements
        Every judgement with its range and reason.
    """

    title: str
    answer: str
    answers: tuple[Answer, ...]
    chances: TextTable
    terms: TextTable
    statements: TextTable
    swings: TextTable
    judgements: TextTable
    limits: tuple[str, ...]
    drawn_over: str


def talks_words(r: TalksResults) -> TalksWords:
    """Everything of the section that is not a figure."""
    return TalksWords(
        title=r.talks.title,
        answer=typeset(headline(r)),
        answers=tuple(_set_answer(a) for a in answers(r)),
        chances=_set(_chances(r)),
        terms=_set(_terms(r)),
        statements=_set(_statements(r)),
        swings=_set(_swings(r)),
        judgements=_set(_judgements(r)),
        limits=tuple(map(typeset, limits(r))),
        drawn_over=r.drawn_over,
    )


def _set(table: Printed) -> Printed:
    """The table as it is printed."""
    return replace(
        table,
        head=tuple(map(typeset, table.head)),
        rows=tuple(tuple(map(_cell, row)) for row in table.rows),
        caption=typeset(table.caption),
    )


def _cell(text: str) -> str:
    """A cell as it is printed: the end of a range stays with its "to"."""
    return re.sub(rf" to (?=[{MINUS}\d])", f" to{THIN}", typeset(text))


def _set_answer(answer: Answer) -> Answer:
    """The answer as it is printed."""
    return replace(
        answer,
        question=typeset(answer.question),
        text=typeset(answer.text),
        source=typeset(answer.source),
        items=tuple((mark, typeset(text)) for mark, text in answer.items),
        grids=tuple(_set(grid) for grid in answer.grids),
    )


def _chances(r: TalksResults) -> TextTable:
    rows = []
    willing = [(f"{WILLING}{s}", f"{s} willing, not unwilling") for s in r.sides]
    plain = [(name, name) for name in (*OUTCOMES, DEAL, "deal by the last round", CALM)]
    for name, title in (*plain, *willing):
        band = ""
        if r.bands is not None:
            low, high = r.bands.of(name)
            band = f"{chance(low)} to {chance(high)}"
        inputs = ", ".join(in_words(s.name) for s in most_sensitive(r.swings, name))
        rows.append((title, inputs, chance(r.measures[name]), band))
    return TextTable(("Ending", "Hangs most on", "Chance", "5 to 95 %"), tuple(rows), 2)


def _signed(x: float) -> str:
    text = f"{abs(x):.3f}"
    return text if float(text) == 0 else ("−" if x < 0 else "+") + text


def _terms(r: TalksResults) -> TextTable:
    stand, agenda = r.horizon.now.stand, r.ground.agenda
    chosen = {n.title: agenda.number(n.levels) for n in r.talks.named}
    for name, point in r.points.items():
        if point.packages[0] not in chosen.values():
            chosen[f"{name} solution"] = point.packages[0]
    rows = []
    for title, p in chosen.items():
        for k in (0, 1):
            each = [_signed(x) for x in stand.terms[k].terms[p]]
            rows.append(
                (
                    title,
                    r.sides[k],
                    *each,
                    _signed(stand.worth[0, p, k]),
                    chance(float(stand.ratified[p, k])),
                )
            )
    head = ("Package", "Side", *(t.capitalize() for t in TERMS), "Worth", "Gets home")
    return TextTable(head, tuple(rows), len(TERMS) + 2)


def _statements(r: TalksResults) -> TextTable:
    rows = []
    for belief in r.beliefs:
        for e in belief.evidence:
            terms = ", ".join(f"{h.text} {h.score:+g}" for h in e.hits) or e.statement.why
            rows.append(
                (
                    e.statement.title,
                    e.statement.setting,
                    terms,
                    e.statement.source,
                    tone(e.score),
                    chance(e.after),
                )
            )
    head = ("Statement", "Where", "Terms and weights", "Source", "Tone", "Unwilling")
    return TextTable(head, tuple(rows), 2)


def _swings(r: TalksResults) -> TextTable:
    rows = [
        (
            in_words(s.name),
            f"{s.judgement.low:.3g} to {s.judgement.high:.3g}",
            f"{chance(s.at_low[DEAL])} to {chance(s.at_high[DEAL])}",
            f"{chance(s.at_low['keep talking'])} to {chance(s.at_high['keep talking'])}",
        )
        for s in r.swings[:8]
    ]
    return TextTable(("Input", "Range", "Deal", "Keep talking"), tuple(rows), 3)


def _judgements(r: TalksResults) -> TextTable:
    rows = [
        (in_words(name), j.why, f"{j.value:.3g}", f"{j.low:.3g} to {j.high:.3g}")
        for name, j in r.ground.judgements().items()
    ]
    return TextTable(("Judgement", "Why", "Value", "Range"), tuple(rows), 2)
