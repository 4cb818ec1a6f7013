"""Does every closed form agree with the named case it is held to?"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detente.talks import bargaining as b
from detente.talks.beliefs import posterior_from_table
from detente.talks.clock import concession_rates, reputation_clock
from detente.talks.enforcement import LinearTariffGame, critical_discount
from detente.talks.ratification import agenda_setter, win_set_overlap
from detente.talks.third_parties import voting_power
from detente.talks.threats import carry_out_share, crisis_signalling
from detente.talks.timing import waiting_threshold

#: Corners of a curved frontier; the solution may sit half a step of 2.5e-5 off.
CORNERS = 40001

HARSH_PUBLIC = [[0.2, 0.7], [0.8, 0.95]]
HARSH_PRIVATE = [0.15, 0.7]


def _frontier(inputs: dict[str, Any]) -> list[list[float]]:
    if "vertices" in inputs:
        return list(inputs["vertices"])
    if inputs["frontier"] == "1-x^2":
        x = np.linspace(0, 1, CORNERS)
        return np.column_stack([x, 1 - x**2]).tolist()
    assert inputs["frontier"] == "(2-x)/2"
    return [[0.0, 1.0], [2.0, 0.0]]


def _solutions(inputs: dict[str, Any]) -> dict[str, Any]:
    u, d = _frontier(inputs), inputs["d"]
    return {
        "nash": b.nash(u, d, lotteries=True).worth,
        "ks": b.kalai_smorodinsky(u, d, lotteries=True).worth,
        "egalitarian": b.egalitarian(u, d, lotteries=True).worth,
        "utilitarian": b.utilitarian(u, d).worth,
    }


def _risk_aversion(_: dict[str, Any]) -> dict[str, Any]:
    """Worth sqrt(x) against 1 − x, in closed form and on a fine frontier."""
    closed = b.split_of_pie(b.power_of_caution(0.5, 1.0), (0.0, 0.0))
    x = np.linspace(0, 1, CORNERS)
    on_frontier = b.nash(np.column_stack([np.sqrt(x), 1 - x]), [0, 0], lotteries=True)
    assert abs(on_frontier.worth[0] ** 2 - closed) < 1 / CORNERS
    return {"x1": closed}


def _linkage(inputs: dict[str, Any]) -> dict[str, Any]:
    w = inputs["w"]
    one = b.nash([[0, 1], [1, 0]], [0, 0], lotteries=True).worth[0]
    packages = [[0, 1], [w, w], [1 - w, 1 - w], [1, 0]]
    linked = b.nash(packages, [0, 0], lotteries=True).worth[0]
    return {"separate": one, "linked": linked, "gain": linked - one}


def _threat(inputs: dict[str, Any]) -> dict[str, Any]:
    out = crisis_signalling(inputs["p"], inputs["c"], inputs["a"])
    return {
        "bluff": out.bluff,
        "concede": out.concede,
        "post": out.posterior,
        "prob_threat": out.threat,
    }


def _attrition(inputs: dict[str, Any]) -> dict[str, Any]:
    a1, a2 = inputs["a1"], inputs["a2"]
    rates = concession_rates((inputs["r1"], inputs["r2"]), (a1, a2), (1 - a2, 1 - a1), (0.0, 0.0))
    out = reputation_clock(rates, (inputs["z1"], inputs["z2"]))
    return {
        "lambda1": rates[0],
        "lambda2": rates[1],
        "T0": out.duration,
        "mass_concede_1": out.opening[0],
        "mass_concede_2": out.opening[1],
        "p_both_stubborn": out.never,
    }


def _tariffs(inputs: dict[str, Any]) -> dict[str, Any]:
    game = LinearTariffGame(inputs["a"], inputs["b"], inputs["c"])
    return {
        "t_nash": game.nash_tariff,
        "t_coop": game.cooperative_tariff(inputs["delta"]),
        "delta_free_trade": game.free_trade_discount,
    }


def _win_sets(inputs: dict[str, Any]) -> dict[str, Any]:
    overlap = win_set_overlap(inputs["l"], inputs["u"])
    assert overlap is not None
    low, high = overlap
    middle = b.nash([[low, 1 - low], [high, 1 - high]], [low, 1 - high], lotteries=True)
    return {"zopa": True, "nash": middle.worth[0]}


def _breakdown(inputs: dict[str, Any]) -> dict[str, Any]:
    threat = (inputs["b1"], inputs["b2"])
    return {
        "x1": b.breakdown_offers(inputs["p"], threat),
        "nbs_limit": b.split_of_pie(0.5, threat),
    }


def _allies(inputs: dict[str, Any]) -> dict[str, Any]:
    before = b.nash([[0, 1], [1, 0]], [0.0, 0.0], lotteries=True).worth
    after = b.nash([[0, 1], [1, 0]], [inputs["e"], 0.0], lotteries=True).worth
    return {"dx1": after[0] - before[0], "dx2": after[1] - before[1]}


SOLVERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "rub": lambda i: {"x1": b.alternating_offers(i["d1"], i["d2"])},
    "stahl": lambda i: {"x1": b.finite_offers(i["d"], i["d"], i["rounds"])},
    "brw": _breakdown,
    "outopt": lambda i: {"x2": b.outside_option_share(i["d"], i["outside2"])},
    "bs": _solutions,
    "anb": lambda i: {"x1": b.split_of_pie(i["alpha"], tuple(i["d"]))},
    "link": _linkage,
    "aud": _threat,
    "ag": _attrition,
    "rep": lambda i: {"delta_star": critical_discount(i["T"], i["R"], i["P"])},
    "bst": _tariffs,
    "setter": lambda i: {"x": agenda_setter(i["s"], i["q"], i["r"])},
    "iida": lambda i: {"x1": b.ratified_offers(i["d"], i["m1"])},
    "winset": _win_sets,
    "tone": lambda i: {
        "post": posterior_from_table(
            i["prior"],
            i["pD"],
            HARSH_PUBLIC,
            HARSH_PRIVATE,
            public_harsh=i["public_harsh"],
            private_harsh=i["private_harsh"],
        )
    },
    "coal1": lambda i: {"index": voting_power(i["q"], i["w"])},
    "coal3": _allies,
    "elec": lambda i: {"threshold": waiting_threshold(i["delta"], i["q"], i["v_d"], i["d"])},
    "anb4": _risk_aversion,
    "aud4": lambda i: {"carry_out": carry_out_share(i["a"])},
}


def test_every_named_case(own_results) -> None:
    """Each case of theorems.json at its own tolerance; no id may lack a solver."""
    cases = json.loads((own_results / "theorems.json").read_text())
    assert len(cases) >= 45
    for case in cases:
        key = case["id"] if case["id"] in SOLVERS else case["id"].rstrip("0123456789")
        got = SOLVERS[key](case["inputs"])
        for name, expected in case["expected"].items():
            np.testing.assert_allclose(
                np.asarray(got[name], dtype=float),
                np.asarray(expected, dtype=float),
                atol=case["tol"],
                rtol=0,
                err_msg=f"{case['id']}: {name}",
            )


@pytest.mark.parametrize("sides", [(0.9, 0.8), (0.5, 0.99)])
def test_finite_offers_approach_the_endless_ones(sides: tuple[float, float]) -> None:
    """Ståhl's game tends to Rubinstein's as the deadline recedes."""
    gap = b.finite_offers(*sides, rounds=4001) - b.alternating_offers(*sides)
    assert abs(gap) < 1e-9


def test_more_patience_never_lowers_the_own_share() -> None:
    grid = np.linspace(0.05, 0.95, 19)
    for other in (0.3, 0.9):
        shares = [b.alternating_offers(own, other) for own in grid]
        assert all(np.diff(shares) > 0)


def test_the_clock_leaves_nobody_unsure_at_its_end() -> None:
    """At the end both are believed stubborn for certain: the surviving mass is the prior."""
    out = reputation_clock((1.3, 0.7), (0.05, 0.2))
    for side in (0, 1):
        assert math.isclose(1 - out.conceded_by(side, out.duration), out.stubborn[side])
