"""Do the searches find what can be solved by hand?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from detente.equilibrium import Specification
from detente.games import (
    Arena,
    Player,
    Strategy,
    best_reply,
    critical_discount_factors,
    trade_war,
)
from detente.world import World

#: A share of the world of 1e-7 is not quite nothing.
NEARLY_NOTHING = 1e-5
#: First-order conditions met to 1e-11 leave rates good to this.
RATE = 1e-8


@pytest.mark.parametrize("theta", [2.0, 4.0, 9.0])
def test_a_small_open_economy_sets_one_over_theta(theta: float) -> None:
    world = World.from_arrays(
        ["HOM", "FOR"],
        ["goods"],
        sales=[[[1.0], [1.0]], [[1.0], [1e7]]],
        trade_elasticity=theta,
    )
    reply = best_reply(Arena(world), "HOM")
    assert reply.levels[0] == pytest.approx(1 / theta, rel=NEARLY_NOTHING)
    assert reply.is_maximum


def test_lerner_an_export_tax_does_what_the_tariff_does() -> None:
    world = World.from_arrays(
        ["HOM", "FOR"],
        ["goods"],
        sales=[[[70.0], [30.0]], [[30.0], [150.0]]],
        trade_elasticity=5.0,
        closure="balanced",
    )
    arena = Arena(world)
    tariff = best_reply(arena, "HOM", strategies=[Strategy("tariff", by="uniform")])
    tax = best_reply(arena, "HOM", strategies=[Strategy("export_tax", by="uniform")])
    assert tariff.value == pytest.approx(tax.value, abs=1e-12)
    assert tariff.levels[0] == pytest.approx(tax.levels[0], rel=1e-6)


def johnson(theta: float, size: tuple[float, float], home: tuple[float, float]) -> np.ndarray:
    """Nash tariffs of two countries that trade one good each, from their offer curves.

    With D the share of its output that a country sells at home, its demand for imports has the
    elasticity 1 + θD, so that the other's best tariff is 1/(θD).
    """
    from scipy.optimize import fsolve

    ratio = [(1 - d) / d for d in home]  # imports over home purchases at the baseline

    def conditions(v: np.ndarray) -> list[float]:
        t1, t2, p = v  # p: price of country 1's good over that of country 2's
        r1 = ratio[0] * ((1 + t1) / p) ** -theta / (1 + t1)
        r2 = ratio[1] * ((1 + t2) * p) ** -theta / (1 + t2)
        balance = p * size[0] * r1 / (1 + r1) - size[1] * r2 / (1 + r2)
        return [t1 - (1 + r2) / theta, t2 - (1 + r1) / theta, balance]

    found = fsolve(conditions, [1 / theta, 1 / theta, 1.0], xtol=1e-13)
    return np.array(found[:2])


@pytest.mark.parametrize("theta", [3.0, 6.0])
def test_johnsons_two_countries(theta: float) -> None:
    sales = [[[80.0], [20.0]], [[20.0], [180.0]]]
    world = World.from_arrays(["ONE", "TWO"], ["goods"], sales=sales, trade_elasticity=theta)
    arena = Arena(world)
    war = trade_war(arena, [Player.of(arena, code) for code in world.economies])
    expected = johnson(theta, (100.0, 200.0), (0.8, 0.9))
    found = [float(war.levels[code][0]) for code in world.economies]
    assert found == pytest.approx(expected, abs=RATE)


def test_bagwell_and_staiger_in_the_linear_game(own_results: Path) -> None:
    rows = json.loads((own_results / "theorems.json").read_text(encoding="utf-8"))
    rows = [r for r in rows if r["id"].startswith("bst")]
    assert rows
    for row in rows:
        a, b, c = (float(row["inputs"][k]) for k in "abc")

        def worth(own: float, other: float, a: float = a, b: float = b, c: float = c) -> float:
            return a * own - b * own**2 / 2 - c * other

        nash = a / b
        beta = critical_discount_factors(
            np.array([worth(nash, 0.0)]), np.zeros(1), np.array([worth(nash, nash)])
        )
        assert beta[0] == pytest.approx(row["expected"]["delta_free_trade"], abs=row["tol"])


def test_the_uniform_tariff_is_at_most_as_good_as_differentiated_ones() -> None:
    world = World.from_arrays(
        ["HOM", "FOR", "OTH"],
        ["food", "steel"],
        sales=np.random.default_rng(3).uniform(1, 9, (3, 3, 2)) + 30 * np.eye(3)[:, :, None],
        trade_elasticity=[2.0, 7.0],
    )
    arena = Arena(world, Specification(closure="fixed-transfer"))
    gains = [
        best_reply(arena, "HOM", strategies=[Strategy(by=by)]).gain_pct  # type: ignore[arg-type]
        for by in ("uniform", "sector", "partner and sector")
    ]
    assert 0 < gains[0] < gains[1] < gains[2]
