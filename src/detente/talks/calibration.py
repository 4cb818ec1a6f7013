"""How well would the model have called the meetings of the past?

Fifty-odd dated high-level meetings have no price table each, so a reduced form of the talks is
scored on them: six numbers, fixed in advance, each read off a named column. Everything else in
the talks layer is judgement and is listed as such.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.errors import ConvergenceError, InputError

__all__ = [
    "OUTCOME_CLASSES",
    "Meetings",
    "ReducedForm",
    "Score",
    "escalation_probability",
    "fit_reduced_form",
    "log_loss",
    "outcome_probabilities",
    "predict_held_out",
    "ranked_probability_score",
    "reliability",
    "standard_errors",
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


#: Weak normal priors (mean, spread): deals are the exception, effects are of the order of one.
PRIOR = ReducedForm(-1.0, 0.0, 0.0, 0.0, 1.0, -1.0)
PRIOR_SPREAD = ReducedForm(2.0, 1.0, 1.0, 1.0, 2.0, 2.0)


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


def _negative_log_posterior(
    x: FloatArray, meetings: Meetings, outcome: IntArray, escalated: NDArray[np.bool]
) -> float:
    """−ln of likelihood times prior, up to a constant."""
    form = ReducedForm(*map(float, x))
    p = outcome_probabilities(form, meetings)[np.arange(len(outcome)), outcome]
    e = escalation_probability(form, meetings)
    likelihood = np.log(p).sum() + np.log(np.where(escalated, e, 1 - e)).sum()
    return float(-likelihood + 0.5 * (((x - PRIOR.values()) / PRIOR_SPREAD.values()) ** 2).sum())


def standard_errors(
    form: ReducedForm, meetings: Meetings, outcome: IntArray, escalated: NDArray[np.bool]
) -> ReducedForm:
    """Posterior spread of the six numbers: curvature of the log posterior at its mode."""
    x, step = form.values(), 1e-3
    size = len(x)
    curvature = np.empty((size, size))
    unit = np.eye(size) * step
    for a in range(size):
        for b in range(size):
            corners = [
                s
                * t
                * _negative_log_posterior(
                    x + s * unit[a] + t * unit[b], meetings, outcome, escalated
                )
                for s in (1, -1)
                for t in (1, -1)
            ]
            curvature[a, b] = sum(corners) / (4 * step**2)
    return ReducedForm(*map(float, np.sqrt(np.diag(np.linalg.inv(curvature)))))


def fit_reduced_form(
    meetings: Meetings, outcome: IntArray, escalated: NDArray[np.bool]
) -> ReducedForm:
    """The six numbers of highest posterior density under the weak priors.

    Parameters
    ----------
    outcome
        Class of each meeting, position in :data:`OUTCOME_CLASSES`.
    escalated
        Whether escalation followed within six months.

    Raises
    ------
    ConvergenceError
        The search for the mode did not end.
    """
    from scipy.optimize import minimize

    found = minimize(
        _negative_log_posterior,
        PRIOR.values(),
        args=(meetings, outcome, escalated),
        method="BFGS",
        options={"gtol": 1e-5},
    )
    if np.abs(found.jac).max() > 1e-3:
        raise ConvergenceError(
            f"the fit of the reduced form stopped with a slope of {np.abs(found.jac).max():.1e}."
        )
    return ReducedForm(*map(float, found.x))


def predict_held_out(
    meetings: Meetings,
    outcome: IntArray,
    escalated: NDArray[np.bool],
    group: IntArray,
    predict: Callable[[Meetings, IntArray, NDArray[np.bool], Meetings], FloatArray] | None = None,
) -> FloatArray:
    """Probabilities for each meeting from a fit to the other groups only.

    Parameters
    ----------
    group
        Meetings of one group are held out together: `arange` for leave-one-out, the
        administration for leave-one-administration-out.
    predict
        A rival: (training meetings, outcomes, escalations, held-out meetings) → probabilities.
        Default: the reduced form.
    """
    out = np.empty((len(meetings), len(OUTCOME_CLASSES)))
    for g in np.unique(group):
        held = group == g
        train = ~held
        if predict is None:
            form = fit_reduced_form(meetings.rows(train), outcome[train], escalated[train])
            out[held] = outcome_probabilities(form, meetings.rows(held))
        else:
            out[held] = predict(
                meetings.rows(train), outcome[train], escalated[train], meetings.rows(held)
            )
    return out


@dataclass(frozen=True)
class Score:
    """Mean score over meetings and its standard error."""

    mean: float
    standard_error: float


def _score(each: FloatArray) -> Score:
    return Score(float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each))))


def ranked_probability_score(probability: FloatArray, outcome: IntArray) -> Score:
    r"""Mean squared error of the cumulative probabilities, over the number of classes less one.

    0 is perfect; it charges more for a miss by two classes than by one.

    References
    ----------
    Epstein (1969).

    Examples
    --------
    >>> ranked_probability_score(np.array([[0., 0, 1], [0, 1, 0]]), np.array([2, 2])).mean
    0.25
    """
    steps = probability.shape[1] - 1
    cumulative = np.cumsum(probability, axis=1)[:, :steps]
    happened = (outcome[:, None] <= np.arange(steps)).astype(float)
    return _score(((cumulative - happened) ** 2).sum(axis=1) / steps)


def log_loss(probability: FloatArray, outcome: IntArray) -> Score:
    """Mean of −ln of the probability given to what happened."""
    return _score(-np.log(probability[np.arange(len(outcome)), outcome]))


def reliability(
    probability: FloatArray, happened: NDArray[np.bool], edges: FloatArray
) -> list[tuple[float, float, int]]:
    """Mean forecast, share that happened and count, by band of the forecast."""
    out = []
    for low, high in pairwise(edges):
        last = high == edges[-1]
        inside = (probability >= low) & ((probability <= high) if last else (probability < high))
        if inside.any():
            out.append(
                (
                    float(probability[inside].mean()),
                    float(happened[inside].mean()),
                    int(inside.sum()),
                )
            )
    return out
