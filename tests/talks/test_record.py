"""Odds by the record: the laws of the design."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from detente.talks import record_odds
from detente.talks.record import (
    ENDINGS,
    chance_of_deal,
    chance_of_none,
    escalation,
    meetings_behind,
    odds_of,
    ranges,
)
from detente.talks.signs import Signs

#: Algebra in double precision.
EXACT = 1e-12
#: Half the last printed digit.
PRINTED = 0.0051

EVERY = [
    Signs.of(level=level, channel=channel, dated=dated, tone=tone)
    for level, channel, dated, tone in product(
        ("leader", "minister"), ("economic", "climate", "diplomatic"), (0, 0.5, 1), (-9, -2, 3, 10)
    )
]


@pytest.mark.parametrize("signs", EVERY)
def test_five_odds_sum_to_one(signs: Signs) -> None:
    for shift in (-0.5, 0.0, 0.4):
        odds = odds_of(signs, shift)
        assert sum(odds) == pytest.approx(1, abs=EXACT)
        assert min(odds) > 0


def test_a_deal_is_likelier_with_each_sign_and_with_the_case() -> None:
    base = Signs(0, 0, 0.5, 1, -0.2)
    better = [
        replace(base, leaders=1.0),
        replace(base, climate=1.0),
        replace(base, dated=1.0),
        replace(base, diplomats=0.0),
        replace(base, tone=-0.1),
    ]
    for signs in better:
        assert chance_of_deal(signs).p > chance_of_deal(base).p
    assert chance_of_deal(base, 0.3).p > chance_of_deal(base).p
    reach = [chance_of_deal(Signs(0, 0, 0, 0, 0), s).p for s in np.linspace(-2, 4, 60)]
    assert (np.diff(reach) > 0).all()


def test_nothing_is_less_likely_the_warmer_the_tone() -> None:
    chances = [chance_of_none(y).p for y in np.linspace(-1, 1, 40)]
    assert (np.diff(chances) < 0).all()


def test_the_case_moves_only_the_deal() -> None:
    signs = Signs.of(level="minister", dated=0.5, tone=(-4, -1))
    plain, moved = odds_of(signs), odds_of(signs, 0.4)
    without = [1 - odds.deal for odds in (plain, moved)]
    for k in (2, 3, 4):
        assert plain[k] / without[0] == pytest.approx(moved[k] / without[1], abs=EXACT)


@pytest.mark.parametrize("signs", EVERY)
def test_a_breakthrough_stays_the_exception(signs: Signs) -> None:
    odds = odds_of(signs)
    assert odds.breakthrough / odds.deal < 0.31
    assert ranges(signs).high.breakthrough / ranges(signs).deal[1] < 0.31


def test_ranges_hold_the_odds_and_are_those_of_the_design() -> None:
    signs = Signs.of(level="minister", dated=1, tone=(-2, 1))
    odds, found = odds_of(signs), ranges(signs)
    assert found.deal[0] < odds.deal < found.deal[1]
    for low, p, high in zip(found.low, odds, found.high, strict=True):
        assert low < p < high
    assert ranges(signs) == found
    # with a deal all but sure, a breakthrough varies as its Beta: .02 to .31
    sure = ranges(Signs(1, 1, 1, 0, 1), 30.0)
    assert (sure.low.breakthrough, sure.high.breakthrough) == pytest.approx((0.02, 0.31), abs=0.01)


def test_escalation_as_printed() -> None:
    assert escalation(False) == pytest.approx((0.28, 0.18, 0.40), abs=PRINTED)
    assert escalation(True) == pytest.approx((0.55, 0.37, 0.71), abs=PRINTED)


def test_the_meetings_behind_are_the_nearest() -> None:
    signs = Signs.of(level="leader", tone=(0, 2))
    behind = meetings_behind(signs)
    far = [abs(m.s - signs.sum) for m in behind.alike]
    assert len(far) == 5
    assert far == sorted(far)
    assert 10 < behind.effective < 60
    assert behind.effective_without_deal > 5


def test_called_from_outside() -> None:
    odds, behind = record_odds(
        level="cabinet", channel="economic", dated=True, diplomats=np.bool_(False), tone=2
    )
    assert odds._fields == ENDINGS
    assert odds == odds_of(Signs(0, 0, 1, 0, 0.2))
    assert behind.alike[0].id
    assert record_odds(level="leader").odds == record_odds(level="leader", tone=(-3, 3)).odds
    with pytest.raises(TypeError):
        record_odds("leader")  # type: ignore[call-arg, misc]


def test_odds_come_without_heavy_packages() -> None:
    heavy = "{'jax', 'pandas', 'scipy', 'altair', 'xarray'}"
    code = (
        "import sys\nfrom detente.talks import record_odds\n"
        f"record_odds(level='leader', tone=3)\nassert not {heavy} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
