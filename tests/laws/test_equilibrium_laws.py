"""Which laws does every equilibrium obey, whatever the world?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.worlds import (
    EXACT,
    SOLVED,
    TIGHT,
    distance,
    make_shock,
    make_world,
    permuted,
    permuted_shock,
    split_in_halves,
)

from detente.equilibrium import Equilibrium, Specification, rebase, solve
from detente.measures.shock import Parts, Shock
from detente.world.model import World

few = settings(max_examples=5, deadline=None, derandomize=True)
seeds = st.integers(0, 10_000)

VARIANTS = {
    "competitive": ({}, Specification()),
    "specific": ({}, Specification(labour="specific")),
    "roy": ({}, Specification(labour="roy", roy_elasticity=1.6)),
    "elastic labour": ({}, Specification(labour_supply_elasticity=0.4)),
    "complements": ({}, Specification(input_elasticity=0.4)),
    "substitutes": ({}, Specification(input_elasticity=1.7)),
    "proportional": ({}, Specification(closure="proportional")),
    "given": ({}, Specification(closure="given")),
    "trade-balance": ({}, Specification(closure="trade-balance")),
    "balanced": ({"transfers": False}, Specification(closure="balanced")),
    "fixed entry": ({"market_structure": "fixed-entry"}, Specification()),
    "scale": ({"scale": 0.6}, Specification()),
    "scale, specific": ({"scale": 0.6}, Specification(labour="specific")),
    "scale, roy": ({"scale": 0.6}, Specification(labour="roy", roy_elasticity=1.6)),
    "scale, complements": ({"scale": 0.5}, Specification(input_elasticity=0.5)),
    "scale, elastic labour": ({"scale": 0.3}, Specification(labour_supply_elasticity=0.2)),
    "scale, proportional": ({"scale": 0.6}, Specification(closure="proportional")),
}

variants = pytest.mark.parametrize("variant", list(VARIANTS))

#: Arrays that do not depend on currency or numeraire.
REAL = ("labour_hat", "workers_hat", "labour_supply_hat", "expenditure_share_prime", "welfare_hat")
#: Arrays in units of the numeraire.
HATS = ("price_hat", "unit_cost_hat", "wage_hat")
VALUES = ("expenditure_prime", "sales_prime", "output_prime", "income_prime", "net_revenue_prime")


def solved(world: World, shock: Shock, specification: Specification) -> Equilibrium:
    return solve(world, shock, specification=specification, tolerance=TIGHT)


def world_of(variant: str, seed: int, **also: object) -> tuple[World, Specification]:
    options, specification = VARIANTS[variant]
    return make_world(seed, **{**options, **also}), specification  # type: ignore[arg-type]


@variants
@few
@given(seed=seeds)
def test_no_shock_changes_nothing(variant: str, seed: int) -> None:
    world, specification = world_of(variant, seed)
    found = solve(world, specification=specification)
    for name in (*HATS, "labour_hat", "workers_hat", "labour_supply_hat", "welfare_hat"):
        assert np.abs(getattr(found, name) - 1).max() < EXACT, name
    assert distance(found.sales_prime, world.sales) < EXACT
    assert distance(found.net_revenue_prime, world.net_revenue) < 1e-10


@variants
@few
@given(seed=seeds)
def test_every_block_of_equations_holds(variant: str, seed: int) -> None:
    world, specification = world_of(variant, seed)
    found = solved(world, make_shock(world, seed), specification)
    assert found.certificate.residual <= TIGHT
    assert found.certificate.closure == specification.closure_of(world)


@variants
@few
@given(seed=seeds, factor=st.floats(1e-6, 1e6))
def test_currency_changes_nothing_real(variant: str, seed: int, factor: float) -> None:
    world, specification = world_of(variant, seed)
    shock = make_shock(world, seed)
    other = world.with_(sales=world.sales * factor, transfer=world.transfer * factor)
    same = replace(shock, transfer_change=shock.transfer_change * factor)
    a, b = solved(world, shock, specification), solved(other, same, specification)
    for name in (*REAL, *HATS):
        assert distance(getattr(a, name), getattr(b, name)) < SOLVED, name
    for name in VALUES:
        assert distance(getattr(a, name) * factor, getattr(b, name)) < SOLVED, name


@pytest.mark.parametrize("variant", ["competitive", "roy", "proportional", "scale", "balanced"])
@pytest.mark.parametrize("numeraire", ["world labour income", "E1"])
@few
@given(seed=seeds)
def test_numeraire_changes_nothing_real(variant: str, numeraire: str, seed: int) -> None:
    world, specification = world_of(variant, seed)
    shock = replace(make_shock(world, seed), transfer_change=np.zeros(3))
    a = solved(world, shock, specification)
    b = solved(world, shock, replace(specification, numeraire=numeraire))
    for name in REAL:
        assert distance(getattr(a, name), getattr(b, name)) < SOLVED, name
    ratio = a.price_hat / b.price_hat
    assert np.abs(ratio / ratio[0, 0] - 1).max() < SOLVED
    if numeraire == "E1" and specification.labour == "mobile":
        assert np.abs(b.wage_hat[1] - 1).max() < SOLVED


def test_numeraire_matters_for_nominally_given_transfers() -> None:
    world, _ = world_of("given", 3)
    shock = make_shock(world, 3)
    a = solved(world, shock, Specification(closure="given"))
    b = solved(world, shock, Specification(closure="given", numeraire="E1"))
    assert np.abs(b.transfer_prime - world.transfer - shock.transfer_change).max() < 1e-8
    assert np.abs(a.welfare_hat - b.welfare_hat).max() > 1e-6


@variants
@few
@given(seed=seeds)
def test_order_of_economies_does_not_matter(variant: str, seed: int) -> None:
    world, specification = world_of(variant, seed)
    shock = make_shock(world, seed)
    order = np.random.default_rng(seed).permutation(3)
    a = solved(world, shock, specification)
    b = solved(permuted(world, order), permuted_shock(shock, order), specification)
    assert distance(b.welfare_hat, a.welfare_hat[order]) < SOLVED
    assert distance(b.price_hat, a.price_hat[order]) < SOLVED
    assert distance(b.sales_prime, a.sales_prime[np.ix_(order, order)]) < SOLVED
    assert distance(b.parts_sales, a.parts_sales) < SOLVED


@pytest.mark.parametrize("variant", [v for v in VARIANTS if v != "balanced"])
@few
@given(seed=seeds)
def test_identical_halves_are_one_economy(variant: str, seed: int) -> None:
    world, specification = world_of(variant, seed)
    shock = replace(make_shock(world, seed), parts=Parts.none())
    halves, same = split_in_halves(world, shock, 1)
    a, b = solved(world, shock, specification), solved(halves, same, specification)
    assert distance(b.welfare_hat, a.welfare_hat[[0, 1, 2, 1]]) < SOLVED
    assert distance(b.wage_hat, a.wage_hat[[0, 1, 2, 1]]) < SOLVED
    assert distance(b.output_prime[1] + b.output_prime[3], a.output_prime[1]) < SOLVED


@variants
@few
@given(seed=seeds)
def test_doing_rebasing_and_undoing_returns_home(variant: str, seed: int) -> None:
    world, specification = world_of(variant, seed)
    shock = replace(make_shock(world, seed), parts=Parts.none())
    there = rebase(world, solved(world, shock, specification))
    back = Shock.of(
        there,
        tariff=world.tariff,
        export_tax=world.export_tax,
        purchase_subsidy=world.purchase_subsidy,
        production_subsidy=world.production_subsidy,
        resource_cost=1 / shock.resource_cost,
        productivity=1 / shock.productivity,
        labour=1 / shock.labour,
        transfer_change=world.transfer - there.transfer,
    )
    # "proportional" ties transfers to the baseline of the moment; the others can be set back
    closing = {"proportional": "given", "balanced": "given"}
    closure = closing.get(specification.closure_of(world), specification.closure_of(world))
    home = rebase(there, solved(there, back, replace(specification, closure=closure)))
    assert distance(home.sales, world.sales) < 1e-8
    assert np.abs(home.transfer - world.transfer).max() < 1e-8 * world.world_value_added


def test_a_rebased_world_keeps_its_people_and_shares_out_all_of_output() -> None:
    """Nobody is made by changing sector; labour, inputs and profits are all of sales."""
    world = make_world(3)
    world = world.with_(employment=world.labour_income)
    roy = Specification(labour="roy", roy_elasticity=1.6)
    shock = replace(make_shock(world, 3), parts=Parts.none(), labour=np.ones(3))
    there = rebase(world, solved(world, shock, roy))
    assert there.employment is not None
    assert distance(there.employment.sum(axis=1), world.labour_income.sum(axis=1)) < SOLVED
    for structure in ("competitive", "fixed-entry"):
        world = make_world(3, market_structure=structure)
        shock = replace(make_shock(world, 3), parts=Parts.none())
        there = rebase(world, solved(world, shock, Specification(input_elasticity=0.6)))
        shares = there.value_added_share + there.input_share.sum(axis=1)
        assert distance(shares, np.ones_like(shares)) < SOLVED


@pytest.mark.parametrize("variant", ["competitive", "specific", "fixed entry", "scale", "roy"])
@few
@given(seed=seeds)
def test_lerner_import_tariff_equals_export_tax(variant: str, seed: int) -> None:
    options, specification = VARIANTS[variant]
    world = make_world(seed, **{**options, "transfers": False, "wedges": 0.0})  # type: ignore[arg-type]
    balanced = replace(specification, closure="balanced")
    rate, n = 0.25, len(world.economies)
    tariff, tax = world.tariff.copy(), world.export_tax.copy()
    tariff[0] = rate
    tariff[0, 0] = 0.0
    tax[:, 0] = rate
    tax[0, 0] = 0.0
    a = solved(world, Shock.of(world, tariff=tariff), balanced)
    b = solved(world, Shock.of(world, export_tax=tax), balanced)
    for name in ("welfare_hat", "expenditure_share_prime", "labour_hat"):
        assert distance(getattr(a, name), getattr(b, name)) < SOLVED, name
    assert np.abs(a.welfare_hat - 1).max() > 1e-4
    assert n == 3


@few
@given(seed=seeds)
def test_gains_from_trade_formula(seed: int) -> None:
    """One sector, no inputs, balanced: Ŵ = (Ŷ/ŵ) π̂_nn^(−1/θ) (Arkolakis and others, 2012)."""
    world = make_world(seed, 4, 1, inputs=False, transfers=False)
    shock = make_shock(world, seed)
    shock = replace(
        shock,
        parts=Parts.none(),
        transfer_change=np.zeros(4),
        labour=np.ones(4),
        productivity=np.ones((4, 1)),
        production_subsidy=world.production_subsidy,
    )
    found = solved(world, shock, Specification(closure="balanced"))
    own = np.arange(4)
    share = found.expenditure_share_prime[own, own, 0] / world.expenditure_share[own, own, 0]
    formula = found.income_hat / found.wage_hat[:, 0] * share ** (-1 / world.trade_elasticity[0])
    assert distance(found.welfare_hat, formula) < SOLVED
    free = make_world(seed, 4, 1, inputs=False, transfers=False, wedges=0.0)
    iceberg = Shock.of(free, resource_cost=shock.resource_cost)
    found = solved(free, iceberg, Specification(closure="balanced"))
    assert distance(found.income_hat, found.wage_hat[:, 0]) < SOLVED


@few
@given(seed=seeds)
def test_autarky_in_closed_form(seed: int) -> None:
    """No trade at all: only own shares, technology and tastes decide (no wedges, balanced).

    ln P = −(1/θ) ln π_nn + ln c with c from inputs at the same prices, in units of the wage.
    """
    world = make_world(seed, 3, 3, transfers=False, wedges=0.0)
    cost = np.full(world.sales.shape, np.inf)
    own = np.arange(3)
    cost[own, own] = 1.0
    found = solved(world, Shock.of(world, resource_cost=cost), Specification(closure="balanced"))
    for n in range(3):
        g, theta = world.input_share[n], world.trade_elasticity
        push = -np.log(1 / world.expenditure_share[n, n]) / theta
        ln_price = np.linalg.solve(np.eye(3) - g.T, -push)
        welfare = np.exp(-(world.final_share[n] * ln_price).sum())
        assert abs(found.welfare_hat[n] / welfare - 1) < SOLVED
    assert found.sales_prime[0, 1:].max() == 0.0


def test_small_open_economy_optimal_tariff_is_one_over_theta() -> None:
    """One sector, no inputs: an economy of weight zero gains from its tariff up to 1/θ."""
    theta, small = 4.0, 1e-5
    sales = np.array([[70 * small, 30 * small], [30 * small, 100.0]])[:, :, None]
    world = World.from_arrays(["SMA", "ROW"], ["goods"], sales=sales, trade_elasticity=theta)

    def welfare(rate: float) -> float:
        shock = Shock.of(world, tariff=np.array([[0.0, rate], [0.0, 0.0]])[:, :, None])
        return float(solved(world, shock, Specification()).welfare_hat[0])

    step = 1e-3
    rates = 1 / theta + np.array([-step, 0.0, step])
    low, mid, high = (welfare(r) for r in rates)
    best = rates[1] + step * 0.5 * (low - high) / (low - 2 * mid + high)
    assert abs(best - 1 / theta) < 2e-4  # the economy weighs 1e-5 of the world


@pytest.mark.parametrize("labour", ["mobile", "specific"])
def test_roy_spans_specific_and_mobile_labour(labour: str) -> None:
    """The gap closes in proportion to 1/ζ (mobile) or ζ − 1 (specific)."""
    world = make_world(11)
    shock = make_shock(world, 11)
    limit = solve(world, shock, specification=Specification(labour=labour)).welfare_hat
    gaps = []
    for distance_to_limit in (1e-2, 1e-3):
        zeta = 1 / distance_to_limit if labour == "mobile" else 1 + distance_to_limit
        found = solve(world, shock, specification=Specification(labour="roy", roy_elasticity=zeta))
        gaps.append(np.abs(found.welfare_hat - limit).max())
    assert gaps[1] < 1e-4
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.05)


def test_nearly_unit_input_elasticity_is_cobb_douglas() -> None:
    world = make_world(12)
    shock = make_shock(world, 12)
    limit = solve(world, shock).welfare_hat
    gaps = [
        np.abs(
            solve(world, shock, specification=Specification(input_elasticity=1 + d)).welfare_hat
            - limit
        ).max()
        for d in (1e-2, 1e-3)
    ]
    assert gaps[1] < 1e-4
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.05)


@pytest.mark.parametrize("scale", [0.0, 0.6])
def test_bans_are_exact_zeros_and_limits_of_costs(scale: float) -> None:
    world = make_world(13, scale=scale)
    cost = np.ones(world.sales.shape)
    cost[0, 1, :2] = np.inf
    banned = solve(world, Shock.of(world, resource_cost=cost))
    assert (banned.sales_prime[0, 1, :2] == 0).all()
    cost[0, 1, :2] = 1e6
    nearly = solve(world, Shock.of(world, resource_cost=cost))
    assert np.abs(banned.welfare_hat - nearly.welfare_hat).max() < 1e-7


@pytest.mark.parametrize("scale", [0.0, 0.6])
def test_parts_that_pay_alike_are_the_whole(scale: float) -> None:
    """A flow in three equal parts is the flow; a part hit at coverage c is its exact mixture."""
    world = make_world(14, scale=scale)
    tariff = world.tariff.copy()
    tariff[0, 2, 1] += 0.3
    whole = solve(world, Shock.of(world, tariff=tariff), tolerance=TIGHT)
    full = np.full(3, 1 / 3)
    at = tuple(np.full(3, k) for k in (0, 2, 1))
    parts = Parts(
        *at,
        share=full,
        tariff=np.full(3, tariff[0, 2, 1]),
        export_tax=np.full(3, world.export_tax[0, 2, 1]),
        production_subsidy=np.full(3, world.production_subsidy[2, 1]),
        purchase_subsidy=np.full(3, world.purchase_subsidy[0, 2, 1]),
        resource_cost=np.ones(3),
    )
    split = solve(world, Shock.of(world, parts=parts), tolerance=TIGHT)
    assert distance(split.sales_prime, whole.sales_prime) < SOLVED
    assert abs(split.parts_sales.sum() / whole.sales_prime[0, 2, 1] - 1) < SOLVED
    assert (
        abs(
            split.parts_expenditure.sum()
            / (whole.expenditure_share_prime[0, 2, 1] * whole.expenditure_prime[0, 1])
            - 1
        )
        < SOLVED
    )


@pytest.mark.parametrize("variant", ["scale", "scale, roy", "scale, complements"])
def test_number_of_steps_does_not_matter(variant: str) -> None:
    world, specification = world_of(variant, 15)
    shock = make_shock(world, 15, size=0.6)
    answers = [
        solve(world, shock, specification=specification, tolerance=TIGHT, steps=k).welfare_hat
        for k in (None, 4, 16)
    ]
    assert distance(answers[1], answers[0]) < SOLVED
    assert distance(answers[2], answers[0]) < SOLVED


@few
@given(seed=seeds)
def test_path_and_iteration_agree_without_scale(seed: int) -> None:
    world = make_world(seed, zeros=True)
    shock = make_shock(world, seed)
    a = solve(world, shock, tolerance=TIGHT, method="anderson")
    b = solve(world, shock, tolerance=TIGHT, method="continuation")
    assert distance(a.welfare_hat, b.welfare_hat) < SOLVED
    assert a.certificate.method != b.certificate.method


def test_zero_flows_stay_zero() -> None:
    world = make_world(16, zeros=True)
    zero = world.sales == 0
    assert zero.any()
    found = solve(world, make_shock(world, 16))
    assert (found.sales_prime[zero] == 0).all()
