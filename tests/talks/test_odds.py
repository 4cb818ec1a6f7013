"""Record, case and blend: pooling and its laws."""

from __future__ import annotations

import math

import pytest

from detente.errors import InputError
from detente.talks.fitted import Odds, record_numbers
from detente.talks.odds import meeting_odds, odds_given, pooled, shift_of, weight_of_own
from detente.talks.signs import Signs

#: Algebra in double precision.
EXACT = 1e-12

SIGNS = Signs.of(level="minister", dated=1, tone=(-4, 1))
OWN = (0.05, 0.5, 0.3, 0.1, 0.05)


def test_without_prices_or_weight_the_case_is_the_record() -> None:
    assert meeting_odds(SIGNS).case == meeting_odds(SIGNS).record.odds
    assert shift_of(0.9, weight=0.0) == 0
    assert shift_of(None) == 0


def test_half_a_zone_says_nothing() -> None:
    assert shift_of(0.5) == 0
    assert meeting_odds(SIGNS, 0.5).case == meeting_odds(SIGNS).record.odds


def test_a_zone_makes_a_deal_likelier_an_empty_one_less() -> None:
    full, empty = meeting_odds(SIGNS, 1.0), meeting_odds(SIGNS, 0.0)
    assert shift_of(1.0) == -shift_of(0.0) == 0.5
    assert empty.case.deal < full.record.odds.deal < full.case.deal
    assert full.case_range.deal[0] > empty.case_range.deal[0]
    assert full.record_range == empty.record_range


def test_own_odds_of_no_meetings_change_nothing() -> None:
    found = meeting_odds(SIGNS, 0.8, OWN, meetings_of_own=0)
    assert found.blend == pytest.approx(found.case, abs=EXACT)
    assert found.weight_of_own == 0


def test_own_odds_that_agree_change_nothing() -> None:
    case = meeting_odds(SIGNS, 0.8).case
    assert pooled(case, case, 20.0) == pytest.approx(case, abs=EXACT)


def test_the_blend_lies_between_and_leans_to_where_more_is_known() -> None:
    found = meeting_odds(SIGNS, 0.3, OWN)
    assert found.own is not None
    assert found.case.deal < found.blend.deal < found.own.deal
    assert 0.05 < found.weight_of_own < 0.4
    more = meeting_odds(SIGNS, 0.3, OWN, meetings_of_own=50)
    assert more.blend.deal > found.blend.deal
    assert weight_of_own(20.0) == 0.2


def test_pooling_commutes_with_updating() -> None:
    likelihood = (0.9, 0.2, 0.4, 0.7, 0.1)

    def updated(odds: Odds) -> Odds:
        raised = [p * x for p, x in zip(odds, likelihood, strict=True)]
        return Odds(*(p / math.fsum(raised) for p in raised))

    case, own = meeting_odds(SIGNS, 0.9).case, Odds(*OWN)
    before = pooled(updated(case), updated(own), 17.0)
    after = updated(pooled(case, own, 17.0))
    assert before == pytest.approx(after, abs=EXACT)


def test_odds_sum_to_one_and_base_rates_stand_beside() -> None:
    found = meeting_odds(SIGNS, 0.7, OWN)
    for odds in (found.record.odds, found.case, found.blend):
        assert sum(odds) == pytest.approx(1, abs=EXACT)
    assert found.base_rates == record_numbers().base_rates


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ((0.5, 0.5), "have 2 numbers"),
        ((0.2, 0.2, 0.2, 0.2, 0.21), "sum to 1.01"),
        ((1.2, -0.2, 0, 0, 0), "each from 0 to 1"),
        ((float("nan"), 0.2, 0.2, 0.2, 0.2), "each from 0 to 1"),
    ],
)
def test_own_odds_are_checked(own: tuple[float, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        odds_given(own)


def test_bad_shares_and_counts_are_refused() -> None:
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(InputError, match="from 0 to 1"):
            shift_of(share)
    with pytest.raises(InputError, match="write 0 or more"):
        weight_of_own(20.0, -1.0)
    impossible = pooled(Odds(*OWN), Odds(1, 0, 0, 0, 0), 5.0)
    assert impossible == Odds(1, 0, 0, 0, 0)
