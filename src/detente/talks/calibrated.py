"""Which numbers come from the record of past meetings?

Six of them, fitted to 55 meetings of 2017 to 2024 under either of two independent codings and
kept in a table beside this module (``tools/calibrate_talks.py`` writes it).
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import numpy as np

from detente.talks.calibration import (
    Meetings,
    ReducedForm,
    escalation_probability,
    outcome_probabilities,
)
from detente.talks.section import Judgement, TalksSection

__all__ = ["Record", "calibrated", "precision", "record_for"]

#: Number of standard errors to either side of a 90 % range of a normal.
NINETY = 1.645
CODINGS = ("first coder", "second coder")


@cache
def calibrated() -> dict[str, tuple[ReducedForm, ReducedForm]]:
    """For each coding the six numbers and their standard errors.

    Examples
    --------
    >>> sorted(calibrated())
    ['first coder', 'second coder']
    """
    text = files("detente.talks").joinpath("calibrated.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    out = {}
    for coding in CODINGS:
        mine = [r for r in rows if r["coding"] == coding]
        out[coding] = (
            ReducedForm(**{r["number"]: float(r["value"]) for r in mine}),
            ReducedForm(**{r["number"]: float(r["standard_error"]) for r in mine}),
        )
    return out


def precision() -> Judgement:
    """How sharply sides choose without a deal: the mean of both codings, with a 90 % range."""
    both = calibrated().values()
    mean = float(np.mean([form.logit_precision for form, _ in both]))
    error = float(np.mean([se.logit_precision for _, se in both]))
    return Judgement(
        value=mean,
        low=max(0.05, mean - NINETY * error),
        high=mean + NINETY * error,
        why="fitted to 55 past meetings: mean of two codings, range of 90 %",
    )


class Record:
    """What the record of past meetings alone would say of a meeting like this one.

    Attributes
    ----------
    classes
        P(no result or breakdown), P(keep talking), P(deal): mean of both codings.
    low, high
        The smaller and the larger of the two.
    escalation
        P(escalation within six months).
    """

    def __init__(self, meeting: Meetings) -> None:
        forms = [form for form, _ in calibrated().values()]
        each = np.array([outcome_probabilities(f, meeting)[0] for f in forms])
        self.classes: tuple[float, ...] = tuple(map(float, each.mean(axis=0)))
        self.low: tuple[float, ...] = tuple(map(float, each.min(axis=0)))
        self.high: tuple[float, ...] = tuple(map(float, each.max(axis=0)))
        self.escalation = float(
            np.mean([escalation_probability(f, meeting)[0] for f in forms])
        )


def record_for(talks: TalksSection, opening_tone: tuple[float, float]) -> Record:
    """The reduced form at the flags of a case and the tone of its opening."""
    return Record(
        Meetings(
            deadline=np.array([float(talks.dated_deadline)]),
            leader=np.array([float(talks.leaders)]),
            climate=np.array([float(talks.climate_only)]),
            opening_tone=np.clip(np.array([opening_tone], dtype=float), -10, 10),
        )
    )
