"""Which chances does a meeting have by what is known at its opening? Six numbers.

Past meetings have no price table each, so a reduced form of the talks is fitted to them (in
``tools/calibrate_talks.py``): each number is read off a named column, fixed in advance. Everything
else in the talks layer is judgement and is listed as such.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.errors import InputError

__all__ = [
    "OUTCOME_CLASSES",
    "Meetings",
    "ReducedForm",
    "escalation_probability",
    "outcome_probabilities",
]

IntArray = NDArray[np.int64]

#: The three classes that the record can tell apart, from worst to best; one breakthrough and one
#: breakdown in the whole record do not let five be told apart.
OUTCOME_CLASSES = ("no result or breakdown", "keep talking", "deal")


@dataclass(frozen=True)
class Meetings:
    """Past meetings as the reduced form sees them; one row a meeting.

    Attributes
    ----------
    deadline
        1 where a dated deadline or threat stood at the opening.
    leader
        1 where heads of state met.
    climate
        1 where climate was the only subject.
    opening_tone
        [meeting, side], tone before and at the opening, −10 to 10. Never the closing tone.
    """

    deadline: FloatArray
    leader: FloatArray
    climate: FloatArray
    opening_tone: FloatArray

    def __post_init__(self) -> None:
        count = len(self.deadline)
        if self.opening_tone.shape != (count, 2) or not (
            len(self.leader) == len(self.climate) == count
        ):
            raise InputError("every column of the meetings needs one row a meeting.")
        if np.abs(self.opening_tone).max(initial=0) > 10:
            raise InputError("opening tones lie between −10 and 10.")

    def __len__(self) -> int:
        return len(self.deadline)

    def rows(self, keep: NDArray[np.bool] | IntArray) -> Meetings:
        """Some of the meetings."""
        return Meetings(
            self.deadline[keep], self.leader[keep], self.climate[keep], self.opening_tone[keep]
        )


@dataclass(frozen=True)
class ReducedForm:
    """The six numbers.

    Attributes
    ----------
    base_hazard
        Log odds of a deal at a meeting without deadline, below leaders, not on climate alone.
    deadline_effect, leader_effect, climate_effect
        What each adds to the log odds.
    logit_precision
        λ: how strongly a side's opening tone decides whether it talks on without a deal.
    escalation_intercept
        Log odds of escalation within six months at a neutral opening tone.
    """

    base_hazard: float
    deadline_effect: float
    leader_effect: float
    climate_effect: float
    logit_precision: float
    escalation_intercept: float

    def values(self) -> FloatArray:
        """The numbers in order."""
        return np.array([getattr(self, f.name) for f in fields(self)])


def _logistic(x: FloatArray) -> FloatArray:
    out: FloatArray = 1 / (1 + np.exp(-x))
    return out


def outcome_probabilities(form: ReducedForm, meetings: Meetings) -> FloatArray:
    r"""Probability of each class, [meeting, class].

    A deal comes with log odds linear in deadline, level and agenda. Without one each side talks
    on by logit, :math:`P_i = 1/(1 + e^{-\lambda (1 + y_i/10)})` with :math:`y_i` its opening
    tone, and the talks go on if both do.

    References
    ----------
    McKelvey and Palfrey (1998) for the logit choices.
    """
    log_odds = (
        form.base_hazard
        + form.deadline_effect * meetings.deadline
        + form.leader_effect * meetings.leader
        + form.climate_effect * meetings.climate
    )
    deal = _logistic(log_odds)
    both_talk = _logistic(form.logit_precision * (1 + meetings.opening_tone / 10)).prod(axis=1)
    return np.column_stack([(1 - deal) * (1 - both_talk), (1 - deal) * both_talk, deal])


def escalation_probability(form: ReducedForm, meetings: Meetings) -> FloatArray:
    r"""Probability of escalation in six months, :math:`\Lambda(\epsilon - \lambda \bar y/10)`."""
    tone = meetings.opening_tone.mean(axis=1) / 10
    return _logistic(form.escalation_intercept - form.logit_precision * tone)
