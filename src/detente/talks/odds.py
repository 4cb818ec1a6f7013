"""How will the meeting end: by the record, by the case, and with one's own odds?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from detente.errors import InputError, shown
from detente.talks.fitted import ENDINGS, Odds, record_numbers
from detente.talks.record import (
    OddsRange,
    RecordOdds,
    chance_of_deal,
    meetings_behind,
    odds_of,
    ranges,
)
from detente.talks.signs import Signs

__all__ = [
    "CASE_WEIGHT",
    "OWN_MEETINGS",
    "MeetingOdds",
    "blended",
    "meeting_odds",
    "odds_given",
    "pooled",
    "shift_of",
    "weight_of_own",
]

#: w: a case where every draw has a zone counts as half a sign. A judgement; the forecast log
#: learns it.
CASE_WEIGHT = 0.5
#: n_J: own odds count as so many meetings. A judgement.
OWN_MEETINGS = 5.0
#: Own odds sum to one within this.
SUMS_TO_ONE = 1e-6


def shift_of(zone_share: float | None, weight: float = CASE_WEIGHT) -> float:
    """What the case adds to the sum of the signs: w·g with g = 2Z − 1.

    Z is the share of draws with a package that both would sign and get home, 0 to 1; None, where
    nothing was priced, shifts nothing.
    """
    if zone_share is None:
        return 0.0
    if not 0 <= zone_share <= 1:
        raise InputError(
            f"share of draws with a zone = {shown(zone_share)}: write a number from 0 to 1."
        )
    return weight * (2 * zone_share - 1)


def odds_given(own: Sequence[float]) -> Odds:
    """Somebody's own odds: five chances that sum to one, or an error."""
    chances = [float(p) for p in own]
    if len(chances) != len(ENDINGS):
        raise InputError(
            f"own odds have {len(chances)} numbers: write five, for {', '.join(ENDINGS)}."
        )
    if not all(0 <= p <= 1 for p in chances):
        raise InputError(f"own odds {shown(chances)}: write each from 0 to 1.")
    total = math.fsum(chances)
    if abs(total - 1) > SUMS_TO_ONE:
        raise InputError(f"own odds sum to {total:.6g}: write five that sum to 1.")
    return Odds(*chances)


def weight_of_own(meetings_of_record: float, meetings_of_own: float = OWN_MEETINGS) -> float:
    """ν = n_J / (n_J + n_R), the weight of own odds in the pool."""
    if not 0 <= meetings_of_own < math.inf:
        raise InputError(f"meetings behind own odds = {shown(meetings_of_own)}: write 0 or more.")
    return meetings_of_own / (meetings_of_own + meetings_of_record)


def pooled(
    case: Odds,
    own: Odds,
    meetings_of_record: float,
    meetings_of_own: float = OWN_MEETINGS,
) -> Odds:
    r"""Logarithmic pool of two sets of odds.

    .. math:: p \propto p_{case}^{1-\nu}\, p_{own}^{\nu}, \qquad \nu = \frac{n_J}{n_J + n_R}

    It commutes with updating: evidence that comes before or after pooling gives the same odds.

    Parameters
    ----------
    meetings_of_record
        n_R, effective meetings behind the case's chance of a deal.
    meetings_of_own
        n_J, meetings that own odds count as; 0 leaves the case as it is.

    References
    ----------
    Genest and Zidek (1986), "Combining probability distributions", Statistical Science 1.

    Examples
    --------
    >>> even = Odds(0.2, 0.2, 0.2, 0.2, 0.2)
    >>> sure = Odds(0.1, 0.7, 0.1, 0.05, 0.05)
    >>> print(f"{pooled(even, sure, meetings_of_record=5.0).partial_deal:.3f}")
    0.437
    """
    share = weight_of_own(meetings_of_record, meetings_of_own)
    raised = [p ** (1 - share) * q**share for p, q in zip(case, own, strict=True)]
    total = math.fsum(raised)
    if total == 0:
        raise InputError("own odds give no chance to any ending that the record allows.")
    return Odds(*(p / total for p in raised))


def blended(
    signs: Signs, zone_share: float | None, own: Sequence[float] | None, meetings_of_own: float
) -> Odds:
    """The case and own odds, pooled; the case where there are none."""
    shift = shift_of(zone_share)
    case = odds_of(signs, shift)
    if own is None:
        return case
    behind = chance_of_deal(signs, shift).meetings
    return pooled(case, odds_given(own), behind, meetings_of_own)


@dataclass(frozen=True)
class MeetingOdds:
    """Odds of one meeting in three rows, and what they rest on.

    Attributes
    ----------
    record
        By the signs of the opening day alone, with the meetings behind them.
    case
        The same, shifted by what the packages say.
    blend
        The case and own odds, pooled; the case where there are none.
    base_rates
        Shares of the endings in the record.
    zone_share
        Z, or None where nothing was priced.
    own, weight_of_own
        Own odds and ν, their weight in the blend; None and 0 without.
    record_range, case_range
        5-95 % of the chance of a deal and of each ending.
    """

    signs: Signs
    record: RecordOdds
    case: Odds
    blend: Odds
    base_rates: Odds
    zone_share: float | None
    own: Odds | None
    weight_of_own: float
    record_range: OddsRange
    case_range: OddsRange


def meeting_odds(
    signs: Signs,
    zone_share: float | None = None,
    own: Sequence[float] | None = None,
    meetings_of_own: float = OWN_MEETINGS,
) -> MeetingOdds:
    """Odds of the five endings by the record, by the case and blended.

    Parameters
    ----------
    zone_share
        Z, share of draws with a package that both would sign and get home, 0 to 1.
    own
        One's own odds of the five endings, best first, summing to 1.
    meetings_of_own
        How many meetings they count as, 0 or more.

    Examples
    --------
    >>> busan = meeting_odds(Signs.of(level="leader", dated=1, tone=3), zone_share=0.96)
    >>> print(f"{busan.record.odds.deal:.2f} {busan.case.deal:.2f}")
    0.78 0.88
    """
    shift = shift_of(zone_share)
    behind = chance_of_deal(signs, shift).meetings
    return MeetingOdds(
        signs=signs,
        record=RecordOdds(odds_of(signs), meetings_behind(signs)),
        case=odds_of(signs, shift),
        blend=blended(signs, zone_share, own, meetings_of_own),
        base_rates=record_numbers().base_rates,
        zone_share=zone_share,
        own=None if own is None else odds_given(own),
        weight_of_own=0.0 if own is None else weight_of_own(behind, meetings_of_own),
        record_range=ranges(signs),
        case_range=ranges(signs, shift),
    )
