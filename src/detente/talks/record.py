"""How did meetings with these signs end?"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from detente.arrays import FloatArray
from detente.talks.fitted import (
    ENDINGS,
    Chance,
    LogitPosterior,
    Odds,
    RecordedMeeting,
    record_numbers,
    recorded_meetings,
)
from detente.talks.signs import Signs

__all__ = [
    "ENDINGS",
    "Escalation",
    "MeetingsBehind",
    "OddsRange",
    "RecordOdds",
    "chance_of_deal",
    "chance_of_none",
    "escalation",
    "meetings_behind",
    "odds_of",
    "ranges",
    "record_odds",
]

#: At most so many meetings of the record are named beside the odds.
MOST_ALIKE = 5
#: 5-95 % of a normal, in standard deviations.
FIVE_PERCENT = NormalDist().inv_cdf(0.95)
#: Points over which ranges are taken, and of the grid of a Beta distribution.
LATTICE, BETA_GRID = 4096, 4001
#: Root of x⁵ = x + 1: steps of a lattice in four dimensions (Roberts 2018).
GOLDEN = 1.1673039782614187


class OddsRange(NamedTuple):
    """5-95 % of the chance of a deal and, each on its own, of the endings: they need not sum."""

    deal: tuple[float, float]
    low: Odds
    high: Odds


class Escalation(NamedTuple):
    """Chance of escalation within six months, and its 5-95 %."""

    chance: float
    low: float
    high: float


class MeetingsBehind(NamedTuple):
    """What stands behind the odds of a meeting.

    Attributes
    ----------
    effective
        n_R, effective meetings behind the chance of a deal.
    effective_without_deal
        The same behind the chance of nothing, if there is no deal.
    alike
        Meetings of the record whose signs sum to nearly the same, nearest first.
    """

    effective: float
    effective_without_deal: float
    alike: tuple[RecordedMeeting, ...]


class RecordOdds(NamedTuple):
    """Odds of the five endings by the record alone, and the meetings behind them."""

    odds: Odds
    meetings: MeetingsBehind


def chance_of_deal(signs: Signs, shift: float = 0.0) -> Chance:
    """p_D, chance of a deal, partial or a breakthrough; `shift` as in :func:`odds_of`."""
    return record_numbers().deal.chance(signs.sum + shift)


def chance_of_none(tone: float) -> Chance:
    """p_N, chance of no result or breakdown where there is no deal, at y from −1 to 1."""
    return record_numbers().no_result.chance(tone)


def _staged(deal: Any, none: Any, breakthrough: Any, breakdown: Any) -> Odds:
    """The five endings from two chances and two shares."""
    return Odds(
        deal * breakthrough,
        deal * (1 - breakthrough),
        (1 - deal) * (1 - none),
        (1 - deal) * none * (1 - breakdown),
        (1 - deal) * none * breakdown,
    )


def odds_of(signs: Signs, shift: float = 0.0) -> Odds:
    """Odds of the five endings.

    Parameters
    ----------
    shift
        What the case says, in signs: added to their sum for the chance of a deal only.

    Examples
    --------
    >>> busan = odds_of(Signs.of(level="leader", dated=1, tone=3))
    >>> print(" ".join(f"{p:.2f}" for p in busan))
    0.10 0.69 0.21 0.01 0.00
    """
    (best, partial), (worst, nothing) = record_numbers().breakthrough, record_numbers().breakdown
    deal, none = chance_of_deal(signs, shift).p, chance_of_none(signs.tone).p
    return _staged(deal, none, best / (best + partial), worst / (worst + nothing))


def _beta_quantile(u: FloatArray, counts: tuple[float, float]) -> FloatArray:
    """Quantiles of a Beta distribution, by its density on a grid."""
    edges = np.linspace(0, 1, BETA_GRID)
    middle = (edges[1:] + edges[:-1]) / 2
    density = middle ** (counts[0] - 1) * (1 - middle) ** (counts[1] - 1)
    below = np.concatenate([[0.0], np.cumsum(density)])
    return np.interp(u, below / below[-1], edges)


@cache
def _lattice() -> tuple[FloatArray, FloatArray]:
    """Standard deviations of both log odds, and both shares, at the points of a lattice."""
    u = np.mod(0.5 + np.arange(1, LATTICE + 1) * GOLDEN ** -np.arange(1.0, 5.0)[:, None], 1.0)
    inverse, numbers = NormalDist().inv_cdf, record_numbers()
    shares = map(_beta_quantile, u[2:], (numbers.breakthrough, numbers.breakdown))
    return np.array([[inverse(float(p)) for p in row] for row in u[:2]]), np.array([*shares])


def ranges(signs: Signs, shift: float = 0.0) -> OddsRange:
    """5-95 % of the chance of a deal, and of each ending, from what the record leaves open.

    The two log odds vary by their posterior, the two shares by their Beta; all four on a
    low-discrepancy lattice, so that the same signs give the same range.
    """
    numbers, x = record_numbers(), signs.sum + shift
    (deal_deviations, none_deviations), (breakthrough, breakdown) = _lattice()

    def drawn(posterior: LogitPosterior, at: float, deviations: FloatArray) -> FloatArray:
        log_odds = posterior.log_odds(at) + deviations * math.sqrt(posterior.variance(at))
        return np.asarray(1 / (1 + np.exp(-log_odds)))

    deal = drawn(numbers.deal, x, deal_deviations)
    none = drawn(numbers.no_result, signs.tone, none_deviations)
    endings = np.array(_staged(deal, none, breakthrough, breakdown))
    low, high = np.quantile(endings, [0.05, 0.95], axis=1)
    least, most = (numbers.deal.quantile(x, side) for side in (-FIVE_PERCENT, FIVE_PERCENT))
    return OddsRange((least, most), Odds(*map(float, low)), Odds(*map(float, high)))


def meetings_behind(signs: Signs) -> MeetingsBehind:
    """The effective numbers behind the odds, and the meetings most alike."""
    near = sorted(
        recorded_meetings(),
        key=lambda m: (round(abs(m.s - signs.sum), 9), abs(m.signs.tone - signs.tone), m.id),
    )
    return MeetingsBehind(
        effective=chance_of_deal(signs).meetings,
        effective_without_deal=chance_of_none(signs.tone).meetings,
        alike=tuple(near[:MOST_ALIKE]),
    )


def record_odds(
    *,
    level: Any,
    channel: Any = "economic",
    dated: Any = 0.0,
    diplomats: Any = None,
    tone: Any = 0.0,
) -> RecordOdds:
    """Odds of the five endings of a meeting by the record alone.

    Parameters
    ----------
    level, channel, dated, diplomats, tone
        Signs of the opening day, as :meth:`Signs.of` takes and refuses them.

    Examples
    --------
    >>> odds, behind = record_odds(level="minister", channel="diplomatic", tone=(-3, -7))
    >>> print(f"{odds.deal:.2f} {odds.keep_talking:.2f} {behind.effective:.0f} meetings")
    0.01 0.50 52 meetings
    """
    signs = Signs.of(level=level, channel=channel, dated=dated, diplomats=diplomats, tone=tone)
    return RecordOdds(odds_of(signs), meetings_behind(signs))


def escalation(election_year: bool) -> Escalation:
    """Chance of escalation within six months, by whether it is a year of US federal elections.

    Weak: it beats the base rate within the record, not from one administration to another.
    """
    posterior, x = record_numbers().escalation, float(election_year)
    low, high = (posterior.quantile(x, side) for side in (-FIVE_PERCENT, FIVE_PERCENT))
    return Escalation(posterior.chance(x).p, low, high)
