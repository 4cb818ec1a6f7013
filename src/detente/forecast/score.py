"""How well did the forecasts turn out?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from detente.arrays import FloatArray
from detente.forecast.log import ROWS, SealedForecast
from detente.forecast.settled import MeetingOutcome
from detente.talks.fitted import ENDINGS, Odds
from detente.talks.odds import CASE_WEIGHT, shift_of
from detente.talks.record import odds_of

__all__ = [
    "ForecastScores",
    "MeanScore",
    "Reliability",
    "WeightPosterior",
    "brier_score",
    "log_score",
    "ranked_probability_score",
    "score_log",
    "weight_posterior",
]

#: Reliability is shown from so many forecasts on; fewer say nothing.
ENOUGH_FOR_RELIABILITY = 20
#: Bands of the chance of a deal.
BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
#: Prior of w, the weight of the case in signs: mean and spread.
WEIGHT_PRIOR = (CASE_WEIGHT, 1.0)
#: Where the posterior of w is worked out: four spreads either way.
WEIGHT_GRID = np.linspace(-3.5, 4.5, 401)


def log_score(odds: Odds, ending: int) -> float:
    """−ln of the chance given to what happened; less is better."""
    chance = odds[ending]
    return math.inf if chance == 0 else -math.log(chance)


def ranked_probability_score(odds: Odds, ending: int) -> float:
    r"""Squared error of the cumulative chances over the endings in order, less is better.

    .. math:: \frac{1}{4} \sum_{k=1}^{4} \Big(\sum_{j \le k} p_j - 1[j^* \le k]\Big)^2

    References
    ----------
    Epstein (1969), Journal of Applied Meteorology 8.

    Examples
    --------
    >>> ranked_probability_score(Odds(0, 1, 0, 0, 0), 2), ranked_probability_score(
    ...     Odds(1, 0, 0, 0, 0), 2)
    (0.25, 0.5)
    """
    below = list(accumulate(odds))[:-1]
    return sum((c - (ending <= k)) ** 2 for k, c in enumerate(below)) / len(below)


def brier_score(odds: Odds, ending: int) -> float:
    """Squared error of the five chances, summed; less is better."""
    return sum((p - (k == ending)) ** 2 for k, p in enumerate(odds))


#: Proper scores: their expectation is best where the truth is said (Gneiting and Raftery 2007).
SCORES: Mapping[str, Callable[[Odds, int], float]] = MappingProxyType(
    {
        "log score": log_score,
        "ranked probability score": ranked_probability_score,
        "Brier score": brier_score,
    }
)


class MeanScore(NamedTuple):
    """One score of one row of odds over all settled forecasts.

    Attributes
    ----------
    gain, standard_error
        Score of base rates less this one, paired by forecast; the error is None below two.
    """

    row: str
    score: str
    mean: float
    gain: float
    standard_error: float | None


class Reliability(NamedTuple):
    """Chance of a deal said in a band, and how often there was one."""

    said: float
    happened: float
    forecasts: int


class WeightPosterior(NamedTuple):
    """w, what a case with a sure zone counts in signs, given the settled forecasts."""

    mean: float
    deviation: float
    low: float
    high: float
    above_zero: float


@dataclass(frozen=True)
class ForecastScores:
    """How the forecasts of a folder turned out.

    Attributes
    ----------
    settled, waiting
        Names of forecasts with an outcome, in order, and without.
    means
        By row of odds and by score.
    reliability
        From 20 settled forecasts on, of the case's chance of a deal; empty before.
    running
        Π p_case/p_record after each settled forecast. With the record true it passes 20 once in
        twenty logs at most, whenever one looks (Henzi and Ziegel 2022; Choe and Ramdas 2024).
    weight
        Posterior of w.
    """

    settled: tuple[str, ...]
    waiting: tuple[str, ...]
    means: tuple[MeanScore, ...]
    reliability: tuple[Reliability, ...]
    running: tuple[float, ...]
    weight: WeightPosterior


def _of_both(score: Callable[[Odds, int], float], odds: Odds, outcome: MeetingOutcome) -> float:
    """Mean of a score over both codings."""
    return sum(score(odds, ENDINGS.index(ending)) for ending in outcome.endings) / 2


def weight_posterior(
    forecasts: Sequence[SealedForecast], outcomes: Sequence[MeetingOutcome]
) -> WeightPosterior:
    """Posterior of w on a grid, prior N(½, 1); each coding counts as half a forecast.

    Forecasts without a priced case say nothing about it.
    """
    log_density = -(((WEIGHT_GRID - WEIGHT_PRIOR[0]) / WEIGHT_PRIOR[1]) ** 2) / 2
    for sealed, outcome in zip(forecasts, outcomes, strict=True):
        forecast = sealed.forecast
        if forecast.zone_share is None:
            continue
        shifts = [shift_of(forecast.zone_share, float(w)) for w in WEIGHT_GRID]
        log_density -= [
            _of_both(log_score, odds_of(forecast.signs, shift), outcome) for shift in shifts
        ]
    density = np.exp(log_density - log_density.max())
    density /= density.sum()
    mean = float(density @ WEIGHT_GRID)
    low, high = np.interp([0.05, 0.95], np.cumsum(density), WEIGHT_GRID)
    return WeightPosterior(
        mean=mean,
        deviation=math.sqrt(float(density @ (WEIGHT_GRID - mean) ** 2)),
        low=float(low),
        high=float(high),
        above_zero=float(density[WEIGHT_GRID > 0].sum()),
    )


def _reliability(said: FloatArray, happened: FloatArray) -> tuple[Reliability, ...]:
    """Said and happened by band of what was said."""
    band = np.clip(np.searchsorted(BANDS, said, side="right") - 1, 0, len(BANDS) - 2)
    return tuple(
        Reliability(
            float(said[band == k].mean()),
            float(happened[band == k].mean()),
            int((band == k).sum()),
        )
        for k in range(len(BANDS) - 1)
        if (band == k).any()
    )


def score_log(
    chain: Sequence[SealedForecast], outcomes: Sequence[MeetingOutcome]
) -> ForecastScores:
    """Score every settled forecast of a chain, given as `read_chain` and `read_outcomes` do."""
    by_name = {sealed.id: sealed for sealed in chain}
    settled = [by_name[outcome.id] for outcome in outcomes]
    odds = [sealed.forecast.odds for sealed in settled]
    rows = ROWS if settled else ()
    means = []
    for name, score in SCORES.items():
        each = {
            row: np.array(
                [_of_both(score, o[row], out) for o, out in zip(odds, outcomes, strict=True)]
            )
            for row in rows
        }
        for row in rows:
            gain = each["base_rates"] - each[row]
            error = float(gain.std(ddof=1) / math.sqrt(len(gain))) if len(gain) > 1 else None
            means.append(MeanScore(row, name, float(each[row].mean()), float(gain.mean()), error))
    ratios = [
        math.exp(_of_both(log_score, o["record"], out) - _of_both(log_score, o["case"], out))
        for o, out in zip(odds, outcomes, strict=True)
    ]
    reliability: tuple[Reliability, ...] = ()
    if len(settled) >= ENOUGH_FOR_RELIABILITY:
        deals = [sum(e in ENDINGS[:2] for e in out.endings) / 2 for out in outcomes]
        said = np.array([o["case"].deal for o in odds])
        reliability = _reliability(said, np.array(deals))
    return ForecastScores(
        settled=tuple(sealed.id for sealed in settled),
        waiting=tuple(sealed.id for sealed in chain if sealed not in settled),
        means=tuple(means),
        reliability=reliability,
        running=tuple(accumulate(ratios, lambda a, b: a * b)),
        weight=weight_posterior(settled, outcomes),
    )
