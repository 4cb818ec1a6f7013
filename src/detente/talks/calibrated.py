"""Which numbers come from the record of past meetings?

Six of them, fitted to 55 meetings of 2017 to 2024 under either of two independent codings and
kept in a table beside this module (``tools/calibrate_talks.py`` writes it).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files

import numpy as np

from detente.talks.reduced_form import (
    Meetings,
    ReducedForm,
    escalation_probability,
    outcome_probabilities,
)
from detente.talks.section import Judgement, TalksSection

__all__ = ["Record", "calibrated", "readiness", "record_for", "record_judgements"]

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


def record_judgements() -> dict[str, Judgement]:
    """The six numbers as inputs: mean of both codings, with a range of 90 %.

    Examples
    --------
    >>> sorted(record_judgements())[0]
    'record.base_hazard'
    """
    both = list(calibrated().values())
    out = {}
    for f in fields(ReducedForm):
        mean = float(np.mean([getattr(form, f.name) for form, _ in both]))
        error = float(np.mean([getattr(se, f.name) for _, se in both]))
        low = mean - NINETY * error
        out[f"record.{f.name}"] = Judgement(
            value=mean,
            low=max(0.05, low) if f.name == "logit_precision" else low,
            high=mean + NINETY * error,
            why="fitted to 55 past meetings: mean of two codings, range of 90 %",
        )
    return out


def readiness(
    values: Mapping[str, float], deadline: bool, leaders: bool, climate_only: bool
) -> float:
    r"""Chance that a text is ready to sign, :math:`\Lambda(b_0 + b_1 + b_2 + b_3)`.

    The record's hazard of a deal at a meeting of this level, with or without a dated deadline,
    on climate alone or not. The talks can only lower it: a deal needs a text and two sides that
    sign it.

    Examples
    --------
    >>> none = dict.fromkeys(record_judgements(), 0.0)
    >>> readiness(none, False, False, False)
    0.5
    """
    odds = values["record.base_hazard"]
    odds += values["record.deadline_effect"] * deadline
    odds += values["record.leader_effect"] * leaders
    odds += values["record.climate_effect"] * climate_only
    return float(1 / (1 + np.exp(-odds)))


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
        self.escalation = float(np.mean([escalation_probability(f, meeting)[0] for f in forms]))


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
