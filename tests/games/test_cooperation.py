"""Are agreements efficient, and shared as they say?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.games.small_worlds import DEAL, two

from detente.games import (
    Agreement,
    Arena,
    TradeWar,
    equal_gain,
    frontier,
    nash_product,
    threat_point,
)
from detente.games.trade_war import profile

#: Values at an optimum.
VALUE = 1e-12


def test_agreements_are_what_they_say(
    arena: Arena, war: TradeWar, agreements: dict[str, Agreement]
) -> None:
    fair, nash = agreements["equal-gain"], agreements["Nash"]
    best_sum = agreements["utilitarian"]
    threat = np.array(war.value)
    assert np.ptp(fair.gain_pct) < 1e-8
    assert min(fair.gain_pct) > 0
    gains = {k: np.array(a.value) - threat for k, a in agreements.items()}
    for other in agreements.values():
        assert min(other.gain_pct) <= min(fair.gain_pct) + 1e-8
        assert np.prod(np.maximum(np.array(other.value) - threat, 0)) <= np.prod(gains["Nash"]) * (
            1 + 1e-9
        )
    income = np.array([arena.world.income[arena.world.economy_index(c)] for c in war.names])
    for gain in gains.values():
        assert income @ gain <= income @ gains["utilitarian"] + 1e-9
    assert nash.first_order < 1e-9
    assert best_sum.transfers == pytest.approx((0, 0))
    assert arena.certify(fair.policies).certificate.residual < 1e-10


def test_no_joint_change_makes_both_better_off(
    arena: Arena, agreements: dict[str, Agreement]
) -> None:
    deal = agreements["equal-gain"]
    draw = np.random.default_rng(2)
    for size in (1e-3, 1e-2, 0.2):
        for _ in range(10):
            x = [
                np.clip(
                    y + size * p.space.scale * draw.standard_normal(len(y)),
                    p.space.lower,
                    p.space.upper,
                )
                for p, y in zip(deal.players, deal.x, strict=True)
            ]
            there = arena.values(
                profile(arena, deal.players, x), [p.objective for p in deal.players]
            )
            assert (there - deal.value).min() <= VALUE


def test_payments_never_make_the_fair_deal_smaller(
    arena: Arena, agreements: dict[str, Agreement], war: TradeWar
) -> None:
    table = two(arena, DEAL)
    paid = equal_gain(arena, table, threat=threat_point(arena, table, war), transfers=True)
    assert min(paid.gain_pct) >= min(agreements["equal-gain"].gain_pct) - 1e-8
    assert sum(paid.transfers) == pytest.approx(0, abs=1e-9)


def test_the_frontier_falls(arena: Arena, agreements: dict[str, Agreement]) -> None:
    fair = agreements["equal-gain"]
    points = frontier(arena, fair.players, 5, threat=fair.threat, fair=fair)
    first, second = np.array([p.gain_pct for p in points]).T
    assert (np.diff(first) > 0).all()
    assert (np.diff(second) < 0).all()


def test_power_moves_the_deal_to_the_powerful(
    arena: Arena, agreements: dict[str, Agreement], war: TradeWar
) -> None:
    """The deal is the best of its own product, and equal power that of no other."""
    table = two(arena, DEAL)
    threat = threat_point(arena, table, war)
    equal, power = agreements["Nash"], (0.75, 0.25)
    strong = nash_product(arena, table, threat=threat, power=power, fair=agreements["equal-gain"])
    gains = [np.array(a.value) - np.array(war.value) for a in (strong, equal)]
    assert gains[0][0] > gains[1][0]
    assert gains[0][1] < gains[1][1]
    assert np.dot(power, np.log(gains[0])) > np.dot(power, np.log(gains[1]))
    # weights are the slopes of the product
    assert strong.weights[0] * gains[0][0] / power[0] == pytest.approx(
        strong.weights[1] * gains[0][1] / power[1], rel=1e-6
    )
