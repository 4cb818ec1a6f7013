"""Does every closed form agree with the named case it is held to, and with an independent code?"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detente.talks import theory as t
from detente.talks.zone import nash_point, pareto_frontier

#: Sums of a handful of products: only rounding separates two codes.
EXACT = 1e-12
#: Corners of a curved frontier; the solution may sit half a step of 2.5e-5 off.
CORNERS = 40001
#: Cases of the reading of statements, held to by its own tests.
ELSEWHERE = "tone"


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
        "nash": t.nash(u, d),
        "ks": t.kalai_smorodinsky(u, d),
        "egalitarian": t.egalitarian(u, d),
        "utilitarian": t.utilitarian_package(u, d),
    }


def _risk_aversion(_: dict[str, Any]) -> dict[str, Any]:
    """Worth sqrt(x) against 1 − x, in closed form and on a fine frontier."""
    closed = t.split_of_pie(t.power_of_caution(0.5, 1.0), (0.0, 0.0))
    x = np.linspace(0, 1, CORNERS)
    there = t.nash(np.column_stack([np.sqrt(x), 1 - x]), [0, 0])
    assert there is not None
    assert abs(there[0] ** 2 - closed) < 1 / CORNERS
    return {"x1": closed}


def _linkage(inputs: dict[str, Any]) -> dict[str, Any]:
    w = inputs["w"]
    one = t.nash([[0, 1], [1, 0]], [0, 0])
    linked = t.nash([[0, 1], [w, w], [1 - w, 1 - w], [1, 0]], [0, 0])
    assert one is not None
    assert linked is not None
    return {"separate": one[0], "linked": linked[0], "gain": linked[0] - one[0]}


def _threat(inputs: dict[str, Any]) -> dict[str, Any]:
    out = t.crisis_signalling(inputs["p"], inputs["c"], inputs["a"])
    return {
        "bluff": out.bluff,
        "concede": out.concede,
        "post": out.posterior,
        "prob_threat": out.threat,
    }


def _attrition(i: dict[str, Any]) -> dict[str, Any]:
    out = t.attrition((i["a1"], i["a2"]), (i["r1"], i["r2"]), (i["z1"], i["z2"]))
    return {
        "lambda1": out.rates[0],
        "lambda2": out.rates[1],
        "T0": out.duration,
        "mass_concede_1": out.at_once[0],
        "mass_concede_2": out.at_once[1],
        "p_both_stubborn": out.never,
    }


def _tariffs(i: dict[str, Any]) -> dict[str, Any]:
    game = t.LinearTariffGame(i["a"], i["b"], i["c"])
    return {
        "t_nash": game.nash_tariff,
        "t_coop": game.cooperative_tariff(i["delta"]),
        "delta_free_trade": game.free_trade_discount,
    }


def _win_sets(i: dict[str, Any]) -> dict[str, Any]:
    middle = t.win_set_middle(i["l"], i["u"])
    low, high = i["l"], i["u"]
    there = t.nash([[low, 1 - low], [high, 1 - high]], [low, 1 - high])
    assert there is not None
    assert middle == pytest.approx(there[0], abs=EXACT)
    return {"zopa": middle is not None, "nash": middle}


def _breakdown(i: dict[str, Any]) -> dict[str, Any]:
    threat = (i["b1"], i["b2"])
    limit = t.breakdown_offers(0.0, threat)
    assert limit == pytest.approx(t.split_of_pie(0.5, threat), abs=EXACT)
    return {"x1": t.breakdown_offers(i["p"], threat), "nbs_limit": limit}


def _allies(i: dict[str, Any]) -> dict[str, Any]:
    before = t.nash([[0, 1], [1, 0]], [0.0, 0.0])
    after = t.nash([[0, 1], [1, 0]], [i["e"], 0.0])
    assert before is not None
    assert after is not None
    return {"dx1": after[0] - before[0], "dx2": after[1] - before[1]}


SOLVERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "rub": lambda i: {"x1": t.alternating_offers(i["d1"], i["d2"])},
    "stahl": lambda i: {"x1": t.finite_offers(i["d"], i["d"], i["rounds"])},
    "brw": _breakdown,
    "outopt": lambda i: {"x2": t.outside_option_share(i["d"], i["outside2"])},
    "bs": _solutions,
    "anb": lambda i: {"x1": t.split_of_pie(i["alpha"], tuple(i["d"]))},
    "anb4": _risk_aversion,
    "link": _linkage,
    "aud": _threat,
    "aud4": lambda i: {"carry_out": t.carry_out_share(i["a"])},
    "ag": _attrition,
    "rep": lambda i: {"delta_star": t.critical_discount(i["T"], i["R"], i["P"])},
    "bst": _tariffs,
    "setter": lambda i: {"x": t.agenda_setter(i["s"], i["q"], i["r"])},
    "iida": lambda i: {"x1": t.ratified_offers(i["d"], i["m1"])},
    "winset": _win_sets,
    "coal1": lambda i: {"index": t.voting_power(i["q"], tuple(i["w"]))},
    "coal3": _allies,
    "elec": lambda i: {"threshold": t.waiting_threshold(i["delta"], i["q"], i["v_d"], i["d"])},
}


def test_every_named_case(own_results) -> None:
    """Each case of theorems.json at its own tolerance; no id may lack a solver."""
    cases = json.loads((own_results / "theorems.json").read_text(encoding="utf-8"))
    assert len(cases) >= 45
    for case in cases:
        key = case["id"] if case["id"] in SOLVERS else case["id"].rstrip("0123456789")
        if key == ELSEWHERE:
            continue
        got = SOLVERS[key](case["inputs"])
        for name, expected in case["expected"].items():
            np.testing.assert_allclose(
                np.asarray(got[name], dtype=float),
                np.asarray(expected, dtype=float),
                atol=case["tol"],
                rtol=0,
                err_msg=f"{case['id']}: {name}",
            )


def test_packages_of_an_independent_library(own_results) -> None:
    """Nash and egalitarian points, and the size of the frontier, over 1,024 packages each."""
    domains = json.loads((own_results / "bargaining_domains.json").read_text(encoding="utf-8"))
    assert len(domains) >= 8
    for domain in domains:
        columns = []
        for values, weights in zip(domain["values"], domain["weights"], strict=True):
            terms = [np.asarray(v) * w for v, w in zip(values, weights, strict=True)]
            columns.append([sum(combo) for combo in itertools.product(*terms)])
        worth, reserved = np.column_stack(columns), domain["reserved"]
        assert len(worth) == 1024
        at = nash_point(worth, reserved)
        np.testing.assert_allclose(worth[at], domain["ours"]["nash"], atol=EXACT)
        equal = t.egalitarian_package(worth, reserved)
        np.testing.assert_allclose(equal, domain["ours"]["kalai_egal"], atol=EXACT)
        rational = worth[(worth >= reserved).all(axis=1)]
        assert len(pareto_frontier(rational)) == domain["ours"]["n_pareto"]


@pytest.mark.parametrize("sides", [(0.9, 0.8), (0.5, 0.99)])
def test_finite_offers_approach_the_endless_ones(sides: tuple[float, float]) -> None:
    """Ståhl's game tends to Rubinstein's as the deadline recedes."""
    assert abs(t.finite_offers(*sides, rounds=4001) - t.alternating_offers(*sides)) < 1e-9


def test_free_trade_holds_from_its_discount_factor_on() -> None:
    """At β = a/(2c) one period's temptation equals all that is lost later."""
    a, b, c = 0.7, 1.3, 0.9
    game = t.LinearTariffGame(a, b, c)
    beta, own = game.free_trade_discount, game.nash_tariff
    temptation = a * own - b * own**2 / 2
    war = temptation - c * own
    assert temptation == pytest.approx(beta / (1 - beta) * -war, abs=EXACT)
    assert t.critical_discount(temptation, 0.0, war) == pytest.approx(beta, abs=EXACT)
    assert game.cooperative_tariff(beta) == pytest.approx(0.0, abs=EXACT)


def test_nothing_to_sign_has_no_point() -> None:
    """No package, and no lottery, leaves both as well off as no deal."""
    for point in (t.nash, t.kalai_smorodinsky, t.egalitarian):
        assert point([[0, 1], [1, 0]], [0.8, 0.8]) is None
    for package in (t.egalitarian_package, t.utilitarian_package):
        assert package([[0, 1], [1, 0]], [0.8, 0.8]) is None
    assert t.win_set_middle(0.7, 0.3) is None


@pytest.mark.parametrize("power", [0.5, 0.3])
def test_swapping_the_sides_swaps_the_point(power: float) -> None:
    u, d = np.array([[0.0, 2.0], [1.0, 1.7], [1.6, 0.5], [1.8, 0.1]]), np.array([0.2, 0.05])
    here = t.nash(u, d, power)
    there = t.nash(u[:, ::-1], d[::-1], 1 - power)
    assert here is not None
    assert there is not None
    np.testing.assert_allclose(here, there[::-1], atol=EXACT)
