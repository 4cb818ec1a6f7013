"""How are the six numbers of the talks fitted to past meetings, and how are forecasts scored?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.errors import ConvergenceError
from detente.talks.reduced_form import (
    OUTCOME_CLASSES,
    Meetings,
    ReducedForm,
    escalation_probability,
    outcome_probabilities,
)

IntArray = NDArray[np.int64]

#: Weak normal priors (mean, spread): deals are the exception, effects are of the order of one.
PRIOR = ReducedForm(-1.0, 0.0, 0.0, 0.0, 1.0, -1.0)
PRIOR_SPREAD = ReducedForm(2.0, 1.0, 1.0, 1.0, 2.0, 2.0)


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
        Class of each meeting, position in `OUTCOME_CLASSES`.
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
