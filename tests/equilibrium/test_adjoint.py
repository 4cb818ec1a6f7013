"""Do derivatives match central differences, for every wedge?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from tests.laws.worlds import TIGHT, make_shock, make_world

from detente.equilibrium import Equilibrium, Specification, gradient, solve
from detente.errors import UnknownNameError
from detente.measures.shock import Shock
from detente.world.model import World

#: Central differences at h and 2h, extrapolated: the error is h⁴ of the fifth derivative and
#: the solver's 1e-12 over h.
STEP = 1e-3
DIFFERENCED = 2e-6

CASES = {
    "competitive": ({}, Specification()),
    "specific": ({}, Specification(labour="specific")),
    "roy, proportional": (
        {},
        Specification(labour="roy", roy_elasticity=1.6, closure="proportional"),
    ),
    "complements, elastic labour": (
        {},
        Specification(input_elasticity=0.5, labour_supply_elasticity=0.3),
    ),
    "given, wage numeraire": ({}, Specification(closure="given", numeraire="E2")),
    "fixed entry": ({"market_structure": "fixed-entry"}, Specification()),
    "scale": ({"scale": 0.6}, Specification()),
    "scale, roy": ({"scale": 0.6}, Specification(labour="roy", roy_elasticity=1.6)),
}
#: One flow without parts, and the flow of the shock's first part.
FLOW = (0, 1, 2)


def shifted(shock: Shock, wedge: str, at: tuple[int, ...], by: float) -> Shock:
    """The shock with one rate moved, on all parts of its flow."""
    if wedge == "transfer":
        change = shock.transfer_change.copy()
        change[at[0]] += by
        change[at[1]] -= by
        return replace(shock, transfer_change=change)
    array = np.array(getattr(shock, wedge))
    array[at] += by
    p = shock.parts
    if wedge in ("productivity", "labour"):
        return replace(shock, **{wedge: array})
    if wedge == "production_subsidy":
        hit = (p.exporter == at[0]) & (p.sector == at[1])
    else:
        hit = (p.importer == at[0]) & (p.exporter == at[1]) & (p.sector == at[2])
    level = np.where(hit, getattr(p, wedge) + by, getattr(p, wedge))
    return replace(shock, **{wedge: array}, parts=replace(p, **{wedge: level}))


def difference(
    found: Equilibrium, wedge: str, at: tuple[int, ...], outcome: Any, step: float
) -> float:
    def slope(h: float) -> float:
        up, down = (
            outcome(
                solve(
                    found.world,
                    shifted(found.shock, wedge, at, sign * h),
                    specification=found.specification,
                    tolerance=TIGHT,
                )
            )
            for sign in (1, -1)
        )
        return float((up - down) / (2 * h))

    return (4 * slope(step) - slope(2 * step)) / 3


@pytest.mark.parametrize("case", list(CASES))
def test_gradient_of_welfare_in_every_wedge(case: str) -> None:
    options, specification = CASES[case]
    world = make_world(5, **options)  # type: ignore[arg-type]
    shock = make_shock(world, 5)
    found = solve(world, shock, specification=specification, tolerance=TIGHT)
    p = shock.parts
    parted = (int(p.importer[2]), int(p.exporter[2]), int(p.sector[2]))
    places: dict[str, list[tuple[int, ...]]] = {
        "tariff": [FLOW, parted],
        "export_tax": [FLOW, parted],
        "purchase_subsidy": [FLOW, parted],
        "resource_cost": [FLOW, parted],
        "production_subsidy": [(1, 2), (parted[1], parted[2])],
        "productivity": [(1, 1)],
        "labour": [(2,)],
        "transfer": [(0, 1)],
    }
    for wedge, cells in places.items():
        slope = gradient(found, "welfare:E0", wedge)
        for at in cells:
            step = STEP * (world.income.min() if wedge == "transfer" else 1.0)
            expected = difference(found, wedge, at, lambda e: e.welfare_hat[0], step)
            got = slope[at[0]] - slope[at[1]] if wedge == "transfer" else slope[at]
            scale = max(abs(expected), 1e-3 * float(np.abs(slope).max()))
            assert abs(got - expected) < DIFFERENCED * scale + 2e-9, (wedge, at, got, expected)


@pytest.mark.parametrize("case", ["competitive", "given, wage numeraire", "scale", "specific"])
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("income:E1", lambda e: e.income_prime[1]),
        ("price_index:E1", lambda e: e.consumer_price_hat[1]),
        ("output:E1:s2", lambda e: e.output_prime[1, 2]),
        ("price:E2:s0", lambda e: e.price_hat[2, 0]),
        ("sales:E0:E1:s2", lambda e: e.sales_prime[0, 1, 2]),
    ],
)
def test_gradient_of_every_named_outcome(case: str, name: str, read: Any) -> None:
    options, specification = CASES[case]
    world = make_world(6, **options)  # type: ignore[arg-type]
    found = solve(world, make_shock(world, 6), specification=specification, tolerance=TIGHT)
    got = gradient(found, name)[FLOW]
    expected = difference(found, "tariff", FLOW, read, STEP)
    assert got == pytest.approx(expected, rel=2e-5, abs=1e-8 * abs(float(read(found))))


def total_utility(arrays: Mapping[str, Any]) -> Any:
    return jnp.log(arrays["welfare_hat"]).sum() + 1e-3 * arrays["labour_hat"][0, 1]


def test_gradient_of_a_function_of_the_arrays() -> None:
    world = make_world(7)
    found = solve(world, make_shock(world, 7), tolerance=TIGHT)
    got = gradient(found, total_utility, "export_tax")[FLOW]

    def read(e: Equilibrium) -> float:
        return float(np.log(e.welfare_hat).sum() + 1e-3 * e.labour_hat[0, 1])

    assert got == pytest.approx(difference(found, "export_tax", FLOW, read, STEP), rel=1e-5)


def test_closed_and_empty_flows_have_no_slope() -> None:
    world = make_world(8, zeros=True)
    cost = np.ones(world.sales.shape)
    cost[FLOW] = np.inf
    slope = gradient(solve(world, Shock.of(world, resource_cost=cost)), "welfare:E0")
    assert slope[FLOW] == 0.0
    assert (slope[world.sales == 0] == 0).all()
    assert np.abs(slope).max() > 0


@pytest.mark.parametrize(
    ("outcome", "wedge", "said"),
    [
        ("welfare:E9", "tariff", "E9"),
        ("happiness:E0", "tariff", "welfare"),
        ("output:E0", "tariff", "ECONOMY:SECTOR"),
        ("welfare:E0", "tarif", "tariff"),
    ],
)
def test_unknown_names_are_refused(outcome: str, wedge: str, said: str) -> None:
    world: World = make_world(5)
    with pytest.raises(UnknownNameError, match=said):
        gradient(solve(world), outcome, wedge)
