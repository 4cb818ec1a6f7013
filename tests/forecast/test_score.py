"""Scores: the truth is the best forecast, and luck makes no running product."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from detente.forecast.log import Forecast, SealedForecast
from detente.forecast.score import (
    SCORES,
    log_score,
    ranked_probability_score,
    score_log,
    weight_posterior,
)
from detente.forecast.settled import MeetingOutcome
from detente.talks.fitted import ENDINGS, Odds
from detente.talks.odds import meeting_odds, shift_of
from detente.talks.record import odds_of
from detente.talks.signs import Signs

TRUTH = Odds(0.05, 0.25, 0.45, 0.2, 0.05)


def logged(
    count: int, rng: np.random.Generator, weight: float = 0.5
) -> tuple[list[SealedForecast], list[MeetingOutcome]]:
    """A log in which the case counts `weight` signs in truth."""
    chain, outcomes = [], []
    for k in range(count):
        signs = Signs.of(
            level=str(rng.choice(["leader", "minister"])),
            dated=float(rng.choice([0, 0.5, 1])),
            tone=float(rng.uniform(-6, 5)),
        )
        zone = float(rng.choice([0.02, 0.5, 0.98]))
        odds = meeting_odds(signs, zone)
        rows = {
            "record": odds.record.odds,
            "case": odds.case,
            "blend": odds.blend,
            "base_rates": odds.base_rates,
        }
        day = dt.date(2026, 1, 1) + dt.timedelta(k)
        forecast = Forecast(
            *(f"m{k}", day, day, "q", "r", "s", signs, zone, rows, 0.3, "a", "w", "b", "c", "1")
        )
        chain.append(SealedForecast(f"{day}-m{k}", k + 1, "", forecast, b""))
        truth = np.array(odds_of(signs, shift_of(zone, weight)))
        ending = ENDINGS[int(rng.choice(5, p=truth / truth.sum()))]
        outcomes.append(MeetingOutcome(f"{day}-m{k}", day, (ending, ending), "x"))
    return chain, outcomes


@pytest.mark.parametrize("name", SCORES)
def test_the_expected_score_is_best_at_the_truth(name: str) -> None:
    score = SCORES[name]

    def expected(said: Odds) -> float:
        return sum(p * score(said, k) for k, p in enumerate(TRUTH))

    rng = np.random.default_rng(3)
    for _ in range(200):
        said = Odds(*(float(p) for p in rng.dirichlet([1.0] * 5)))
        near = Odds(*(0.98 * p + 0.02 * q for p, q in zip(TRUTH, said, strict=True)))
        assert expected(said) > expected(near) > expected(TRUTH)


def test_a_miss_by_more_endings_costs_more() -> None:
    sure = Odds(0, 0, 1, 0, 0)
    ranked = [ranked_probability_score(sure, k) for k in range(5)]
    assert ranked == [0.5, 0.25, 0, 0.25, 0.5]
    assert log_score(sure, 1) == math.inf


def test_an_empty_log() -> None:
    found = score_log((), ())
    assert (found.settled, found.means, found.running) == ((), (), ())
    assert found.weight.mean == pytest.approx(0.5, abs=1e-6)
    assert found.weight.deviation == pytest.approx(1, abs=0.01)


def test_means_and_gains_by_hand() -> None:
    rng = np.random.default_rng(1)
    chain, outcomes = logged(3, rng)
    split = replace(outcomes[1], endings=("partial_deal", "keep_talking"))
    outcomes = [outcomes[0], split]
    found = score_log(chain, outcomes)
    assert found.waiting == (chain[2].id,)
    each = []
    for sealed, outcome in zip(chain, outcomes, strict=False):
        row = sealed.forecast.odds
        losses = {
            name: np.mean([-math.log(row[name][ENDINGS.index(e)]) for e in outcome.endings])
            for name in ("case", "record", "base_rates")
        }
        each.append(losses)
    case = next(m for m in found.means if (m.row, m.score) == ("case", "log score"))
    gains = np.array([loss["base_rates"] - loss["case"] for loss in each])
    assert case.mean == pytest.approx(np.mean([loss["case"] for loss in each]))
    assert case.gain == pytest.approx(gains.mean())
    assert case.standard_error == pytest.approx(gains.std(ddof=1) / math.sqrt(2))
    ratios = np.exp([loss["record"] - loss["case"] for loss in each])
    assert found.running == pytest.approx(np.cumprod(ratios))
    assert found.reliability == ()


def test_reliability_comes_from_twenty_on() -> None:
    chain, outcomes = logged(20, np.random.default_rng(5))
    assert score_log(chain, outcomes[:19]).reliability == ()
    bands = score_log(chain, outcomes).reliability
    assert sum(band.forecasts for band in bands) == 20
    assert [band.said for band in bands] == sorted(band.said for band in bands)


def test_with_the_record_true_the_product_seldom_passes_twenty() -> None:
    rng = np.random.default_rng(20)
    passed = 0
    for _ in range(200):
        product, highest = 1.0, 1.0
        for _ in range(12):
            signs = Signs.of(level="minister", dated=1, tone=float(rng.uniform(-6, 5)))
            record = odds_of(signs)
            case = odds_of(signs, shift_of(float(rng.choice([0.02, 0.98]))))
            k = int(rng.choice(5, p=np.array(record) / sum(record)))
            product *= case[k] / record[k]
            highest = max(highest, product)
        passed += highest > 20
    assert passed / 200 <= 0.05


def test_the_log_learns_the_weight_of_the_case() -> None:
    rng = np.random.default_rng(11)
    strong = weight_posterior(*logged(60, rng, weight=2.0))
    none = weight_posterior(*logged(60, rng, weight=0.0))
    assert strong.mean > none.mean + 0.5
    assert strong.above_zero > 0.95
    assert strong.deviation < 1
    assert strong.low < strong.mean < strong.high


def test_a_case_without_prices_says_nothing_of_the_weight() -> None:
    chain, outcomes = logged(4, np.random.default_rng(2))
    unpriced = [replace(one, forecast=replace(one.forecast, zone_share=None)) for one in chain]
    assert weight_posterior(unpriced, outcomes) == weight_posterior((), ())
