"""Identities that hold for every world and every change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.against.random_worlds import random_shock, random_world
from tests.outcomes.peopled_worlds import gentle_shock, peopled

from detente.equilibrium import Equilibrium, Specification, solve
from detente.errors import InputError
from detente.measures.shock import Shock
from detente.outcomes import outcomes_of
from detente.outcomes.decomposition import (
    first_order_split,
    income_and_price_split,
    symmetric_split,
)
from detente.outcomes.emissions import embodied_emissions, home_emissions
from detente.outcomes.revenue import INSTRUMENTS, instrument_revenue
from detente.outcomes.state import baseline_state, state_of
from detente.outcomes.trade import import_shift
from detente.world.model import World

#: Algebra on solved numbers: rounding only.
EXACT = 1e-9
#: Two solutions of the same equations at the solver's tolerance of 1e-10, in percent.
SOLVED = 1e-7


def test_no_change_changes_nothing(world: World) -> None:
    result = outcomes_of(solve(world, specification=Specification(scale=False)))
    for name in result:
        if result.quantities[name].metric.split(":")[0] in (
            "trade_value", "revenue", "average_tariff", "average_tariff_current_weights",
        ):  # fmt: skip
            continue
        scale = world.income.max() if result.quantities[name].unit == world.currency else 1.0
        assert np.nanmax(np.abs(result[name])) < SOLVED * scale, name


def test_instruments_add_up_to_net_revenue(found: Equilibrium) -> None:
    state = state_of(found)
    total = sum(instrument_revenue(state, name) for name in INSTRUMENTS)
    assert np.abs(total - found.net_revenue_prime).max() < EXACT * found.income_prime.max()
    before = baseline_state(found.world)
    total = sum(instrument_revenue(before, name) for name in INSTRUMENTS)
    assert np.abs(total - found.world.net_revenue).max() < EXACT * found.world.income.max()


def test_money_and_percent_agree_in_sign_and_size(found: Equilibrium) -> None:
    result = outcomes_of(found)
    gain, money = result.welfare_pct, result.equivalent_variation
    assert (np.sign(gain) == np.sign(money)).all()
    assert np.allclose(money, gain / 100 * found.world.income, rtol=EXACT)
    assert np.allclose(gain, 100 * (found.welfare_hat - 1), rtol=EXACT)


def test_currency_changes_nothing_real() -> None:
    world = peopled(random_world(8))
    shock = random_shock(8, world)
    thousand = world.with_(sales=world.sales * 1000, transfer=world.transfer * 1000)
    moved = Shock.of(
        thousand, **{
            name: getattr(shock, name)
            for name in ("tariff", "export_tax", "production_subsidy", "purchase_subsidy",
                         "resource_cost", "parts", "productivity", "labour")
        }, transfer_change=shock.transfer_change * 1000,
    )  # fmt: skip
    a, b = outcomes_of(solve(world, shock)), outcomes_of(solve(thousand, moved))
    for name in a:
        factor = 1000 if a.quantities[name].unit == world.currency else 1
        scale = max(float(np.nanmax(np.abs(a[name]))), 1.0)
        assert np.nanmax(np.abs(a[name] * factor - b[name])) < SOLVED * scale * factor, name


def test_numeraire_changes_nothing_real() -> None:
    world = peopled(random_world(9, economies=3))
    # nominally fixed transfers would be fixed in another unit
    spec = Specification(closure="proportional")
    shock = Shock.of(world, tariff=world.tariff + 0.1 * (1 - np.eye(3))[:, :, None])
    a = outcomes_of(solve(world, shock, specification=spec))
    spec = Specification(closure="proportional", numeraire=world.economies[1])
    b = outcomes_of(solve(world, shock, specification=spec))
    for name in ("welfare_pct", "equivalent_variation", "real_wage_pct", "output_pct",
                 "employment_change", "trade_volume_pct", "emissions_change",
                 "average_tariff_current_weights", "real_income_without_transfer_pct"):  # fmt: skip
        scale = max(float(np.nanmax(np.abs(a[name]))), 1.0)
        assert np.nanmax(np.abs(a[name] - b[name])) < SOLVED * scale, name
    assert np.nanmax(np.abs(a["consumer_price_pct"] - b["consumer_price_pct"])) > 1e-3


def test_a_comparison_of_two_is_the_difference_of_their_variations(world: World) -> None:
    one = solve(world, gentle_shock(world, 0.05))
    two = solve(world, gentle_shock(world, 0.10))
    direct = outcomes_of(two, one)
    ev = [outcomes_of(x).equivalent_variation for x in (one, two)]
    assert np.allclose(direct.equivalent_variation, ev[1] - ev[0], rtol=0, atol=1e-6)
    hats = [1 + outcomes_of(x).welfare_pct / 100 for x in (one, two)]
    assert np.allclose(1 + direct.welfare_pct / 100, hats[1] / hats[0], rtol=EXACT)
    back = outcomes_of(one, two)
    assert np.allclose(direct.trade_change_by_pair, -back.trade_change_by_pair, equal_nan=True)
    same = outcomes_of(one, one)
    assert np.abs(same.welfare_pct).max() < EXACT


def test_different_worlds_and_specifications_are_not_compared(world: World) -> None:
    here = solve(world)
    with pytest.raises(InputError, match="baselines differ"):
        outcomes_of(here, solve(peopled(random_world(4))))
    with pytest.raises(InputError, match="specifications"):
        outcomes_of(here, solve(world, specification=Specification(labour="specific")))


def _elastic(seed: int) -> tuple[World, Equilibrium]:
    world = random_world(seed)
    shock = gentle_shock(world, 0.05)
    return world, solve(world, shock, specification=Specification(labour_supply_elasticity=0.5))


def test_effort_is_taken_off_real_income() -> None:
    world, found = _elastic(11)
    result = outcomes_of(found)
    eps, wages = 0.5, world.labour_income.sum(axis=1)
    price = found.consumer_price_hat
    after = found.income_prime / price - eps / (1 + eps) * (
        found.labour_income_prime.sum(axis=1) / price
    )
    before = world.income - eps / (1 + eps) * wages
    assert np.allclose(1 + result.welfare_pct / 100, after / before, rtol=EXACT)
    assert np.allclose(result.equivalent_variation, after - before, rtol=1e-8)
    assert np.abs(result.welfare_pct - result.real_income_pct).max() > 1e-3


def test_imports_change_by_size_creation_and_diversion(found: Equilibrium) -> None:
    before, after = baseline_state(found.world), state_of(found)
    shift = import_shift(before.border, after.border)
    own = np.arange(len(found.world.economies))
    change = after.border - before.border
    change[own, own] = 0.0
    total = shift.size + shift.creation + shift.diversion
    assert np.abs(total - change).max() < EXACT * before.border.max()
    assert np.abs(shift.diversion.sum(axis=1)).max() < EXACT * before.border.max()
    result = outcomes_of(found)
    imports = change.sum(axis=(1, 2))
    assert np.allclose(result.trade_size_total + result.trade_creation_total, imports)


def test_a_tariff_on_one_source_diverts_to_the_others() -> None:
    world = random_world(21)
    tariff = np.array(world.tariff)
    tariff[0, 1] += 0.3
    result = outcomes_of(solve(world, Shock.of(world, tariff=tariff)))
    name = world.economies
    assert result.at("trade_diversion_by_pair", importer=name[0], exporter=name[1]) < 0
    for other in (name[2], name[3]):
        assert result.at("trade_diversion_by_pair", importer=name[0], exporter=other) > 0
    assert result.at("trade_creation_total", importer=name[0]) < 0  # home goods gain


def test_importing_nothing_any_more_is_destruction_not_diversion() -> None:
    before = np.array([[[80.0], [15.0], [5.0]]])
    after = np.array([[[90.0], [0.0], [0.0]]])
    shift = import_shift(before, after)
    assert np.allclose(shift.diversion, 0)
    assert np.allclose((shift.size + shift.creation)[0, :, 0], [0.0, -15.0, -5.0])


def test_balances_add_up_to_transfers(found: Equilibrium) -> None:
    """Imports less exports at border prices are the transfer, and they sum to zero."""
    result = outcomes_of(found)
    change = found.transfer_prime - found.world.transfer
    assert np.allclose(result.balance_change, -change, atol=1e-6 * found.world.income.max())
    assert abs(result.balance_change.sum()) < 1e-9 * found.world.income.max()


def test_embodied_emissions_are_those_of_production(found: Equilibrium) -> None:
    for state in (baseline_state(found.world), state_of(found)):
        made, used = home_emissions(state), embodied_emissions(state)
        assert abs(made.sum() / used.sum() - 1) < 1e-8
        assert (used >= 0).all()
    # consumption and production differ in who is charged, not in how much
    assert np.abs(made.sum(axis=1) - used.sum(axis=1)).max() > 0.1


def test_embodied_emissions_without_inputs_follow_the_sales() -> None:
    world = peopled(random_world(13, inputs=False, wedges=False))
    state = baseline_state(world)
    assert world.emissions is not None
    by_flow = world.emissions[None] * world.sales / world.output[None]
    assert np.allclose(embodied_emissions(state).sum(axis=1), by_flow.sum(axis=(1, 2)))


@pytest.mark.parametrize("variant", ["inputs", "scale", "fixed entry", "specific", "roy"])
def test_splits_are_of_first_and_third_order(variant: str) -> None:
    """Halving the change quarters what first order misses and cuts the symmetric rest by 8."""
    world = random_world(5, scale=variant == "scale", fixed_entry=variant == "fixed entry")
    spec = Specification(
        labour=variant if variant in ("specific", "roy") else "mobile",
        roy_elasticity=2.0 if variant == "roy" else None,
    )
    first, symmetric = [], []
    for size in (0.02, 0.01):
        found = solve(world, gentle_shock(world, size), specification=spec, tolerance=1e-12)
        before, after = baseline_state(world), state_of(found)
        one, two = first_order_split(before, after), symmetric_split(before, after)
        exact = 100 * (found.welfare_hat - 1)
        for split in (one, two):
            assert np.allclose(sum(split.channels().values()), exact, atol=EXACT)
        first.append(np.abs(one.remainder).max())
        symmetric.append(np.abs(two.remainder).max())
    assert 3.4 < first[0] / first[1] < 4.6
    assert 6.4 < symmetric[0] / symmetric[1] < 9.6
    assert symmetric[1] < first[1] / 10


def test_income_and_prices_leave_nothing_over(found: Equilibrium) -> None:
    before, after = baseline_state(found.world), state_of(found)
    pieces = income_and_price_split(before, after)
    assert np.abs(pieces["not_allocated"]).max() < SOLVED
    total: Any = sum(pieces.values())
    assert np.allclose(total, 100 * np.log(found.welfare_hat), atol=EXACT)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_laws_on_random_worlds(seed: int) -> None:
    world = peopled(random_world(seed, economies=3))
    found = solve(world, random_shock(seed, world))
    before, after = baseline_state(world), state_of(found)
    total = sum(instrument_revenue(after, name) for name in INSTRUMENTS)
    assert np.abs(total - found.net_revenue_prime).max() < 1e-8 * found.income_prime.max()
    shift = import_shift(before.border, after.border)
    assert np.abs(shift.diversion.sum(axis=1)).max() < EXACT * before.border.max()
    assert abs(home_emissions(after).sum() / embodied_emissions(after).sum() - 1) < 1e-8
    result = outcomes_of(found)
    assert (np.sign(result.welfare_pct) == np.sign(result.equivalent_variation)).all()
    assert np.isfinite(result.welfare_pct).all()


def test_values_are_volumes_at_prices_of_the_gate(world: World) -> None:
    """Where neither the seller's subsidy nor its export tax moves."""
    shock = Shock.of(
        world,
        tariff=world.tariff * 1.5,
        productivity=np.linspace(0.8, 1.2, world.output.size).reshape(world.output.shape),
    )
    for scale in (False, True):
        result = outcomes_of(solve(world, shock, specification=Specification(scale=scale)))
        price = 1 + result.producer_price_pct[None] / 100
        value, volume = (1 + result[f"trade_{k}pct"] / 100 for k in ("", "volume_"))
        traded = np.isfinite(value)
        assert np.allclose(value[traded], (volume * price)[traded], rtol=EXACT)


@pytest.mark.parametrize("labour", ["mobile", "roy"])
def test_workers_answer_the_wage_of_an_hour_and_are_all_somewhere(
    world: World, labour: str
) -> None:
    """Heads are supplied by the real wage of each, and add up to what is supplied."""
    specification = Specification(
        scale=False, labour=labour, roy_elasticity=1.7 if labour == "roy" else None,
        labour_supply_elasticity=0.6,
    )  # fmt: skip
    shock = replace(random_shock(5, world), labour=np.ones(len(world.economies)))
    found = solve(world, shock, specification=specification)
    wage = 1 + outcomes_of(found).real_wage_pct / 100
    assert np.allclose(wage**0.6, found.labour_supply_hat, rtol=EXACT)
    paid = world.labour_income / world.labour_income.sum(axis=1, keepdims=True)
    assert np.allclose((paid * found.workers_hat).sum(axis=1), found.labour_supply_hat, rtol=EXACT)
