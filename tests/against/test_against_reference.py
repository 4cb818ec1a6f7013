"""Does the engine agree with an independent solver when everything happens at once?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.against import reference_solver as reference
from tests.against.agreement import (
    AGREED,
    CASES,
    EXTRAS,
    LABOUR,
    REFERENCE,
    Case,
    both,
    differences,
    solved,
)
from tests.against.random_worlds import random_shock, random_world
from tests.replications import published

from detente.measures.shock import Shock
from detente.world import check_accounts
from detente.world.model import World

#: Percentage points between the reference solver and the published results of another code.
PUBLISHED = 1e-10


def check_agreement(found: Any, expected: reference.Solution, world: World) -> None:
    """Every variable within the tolerance, all that differ named."""
    assert expected.residual < REFERENCE
    apart = {k: v for k, v in differences(found, expected, world).items() if not v < AGREED}
    assert not apart, f"engine and reference differ: {apart}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_instrument_at_once(case: Case) -> None:
    """One seed for each combination, so that no two see the same world."""
    world, found, expected = solved(case)
    check_agreement(found, expected, world)


def test_the_cases_mix_options() -> None:
    """Elastic labour and complementary inputs meet every structure, closure and regime."""
    for field in ("structure", "closure", "labour"):
        for value in {getattr(c, field) for c in CASES}:
            seen = [c.options for c in CASES if getattr(c, field) == value]
            for extras in EXTRAS:
                assert any(extras.items() <= options.items() for options in seen), (value, extras)


@pytest.mark.parametrize("seed", range(6))
def test_strong_scale_economies_stay_on_the_path(seed: int) -> None:
    """Theta times psi up to 0.8, inputs on top: the equilibrium joined to home."""
    world = random_world(200 + seed, 3, 3, scale=True)
    psi = np.linspace(0.0, 0.8, 3) / world.trade_elasticity
    world = world.with_(scale_elasticity=psi)
    shock = random_shock(seed, world, size=0.5, bans=seed % 2 == 0)
    found, expected = both(world, shock)
    check_agreement(found, expected, world)


@pytest.mark.parametrize("labour", LABOUR)
def test_parts_of_flows(labour: str) -> None:
    """What is sold by each measured part, not only by the flow."""
    world = random_world(31)
    shock = random_shock(31, world)
    found, expected = both(world, shock, **LABOUR[labour])
    live = world.sales[shock.parts.importer, shock.parts.exporter, shock.parts.sector] > 0
    assert live.sum() > 2
    ours = np.asarray(found.parts_sales)[live]
    theirs = expected.varieties_sales[: int(live.sum())]
    assert np.abs(ours - theirs).max() < AGREED * world.world_value_added
    assert not np.asarray(found.parts_sales)[~live].any()


def test_the_reference_breaks_no_law() -> None:
    """Walras: the reference drops no equation, so its residual covers all of them."""
    world = random_world(7, scale=True)
    solution = reference.solve(
        reference.baseline_of(world), reference.change_of(world, random_shock(7, world))
    )
    assert solution.residual < REFERENCE
    assert set(solution.residual_by_equation) == {
        "price",
        "goods",
        "labour demand",
        "labour supply by sector",
        "labour supply",
        "income",
        "numeraire",
    }


def test_the_reference_returns_home() -> None:
    """No change: ones; and the baseline that random worlds give it balances."""
    world = random_world(8, fixed_entry=True)
    assert max(check_accounts(world).values()) < REFERENCE
    base = reference.baseline_of(world)
    solution = reference.solve(base, reference.no_change(base))
    assert np.abs(solution.price_hat - 1).max() < REFERENCE
    assert np.abs(solution.sales_prime - world.sales).max() < REFERENCE * world.sales.max()


def test_the_reference_notices_a_wrong_answer() -> None:
    """A check that cannot fail is none: another elasticity must show."""
    world = random_world(9)
    shock = random_shock(9, world)
    found, _ = both(world, shock)
    other = replace(reference.baseline_of(world), theta=world.trade_elasticity * 1.001)
    expected = reference.solve(other, reference.change_of(world, shock))
    assert max(differences(found, expected, world).values()) > 1000 * AGREED


@pytest.mark.slow
def test_the_reference_replicates_on_its_own(truth: Path) -> None:
    """Scale economies, inputs and deficits: the reference against a third, independent code."""
    expected = published.own_result("us_china_2017", "trump_tariffs")["results"]
    world, tariff = published.us_china_world(truth, "deficit")
    change = reference.change_of(world, Shock.of(world, tariff=tariff))
    solution = reference.solve(reference.baseline_of(world), change, first_step=1.0)
    index = np.exp((world.final_share * np.log(solution.price_hat)).sum(axis=1))
    welfare = 100 * (solution.income_prime / world.income / index - 1)
    gap = np.abs(welfare - expected["deficit|psical|trump"]["W_pct"]).max()
    assert gap < PUBLISHED
