"""By how much do the engine and the independent solver differ, case by case?

Sixty cases: every closure, labour regime and market structure, each on a random world of its own
with every wedge in force and transfers, under a shock that uses every instrument. Used by the
tests, and by the script that writes the validation page.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from tests.against import reference_solver as reference
from tests.against.random_worlds import random_shock, random_world

from detente.equilibrium import Specification, solve
from detente.measures.shock import Shock
from detente.world.model import World

#: Largest difference of any hat or level (relative to its scale) between the two solvers. Both
#: are asked for residuals far below; what is left is conditioning.
AGREED = 1e-9
#: Residual that the engine is asked for here.
ASKED = 1e-12
#: Residual that the reference must show.
REFERENCE = 2e-12

CLOSURES = ("balanced", "fixed-transfer", "proportional", "given", "trade-balance")
LABOUR: dict[str, dict[str, Any]] = {
    "mobile": {"labour": "mobile"},
    "specific": {"labour": "specific"},
    "roy": {"labour": "roy", "roy_elasticity": 1.6},
}
STRUCTURES: dict[str, dict[str, Any]] = {
    "competitive": {},
    "competitive with scale economies": {"scale": True},
    "fixed entry": {"fixed_entry": True},
    "competitive without inputs": {"inputs": False},
}
#: Options that go round the cases.
EXTRAS: tuple[dict[str, Any], ...] = (
    {},
    {"labour_supply_elasticity": 0.5},
    {"input_elasticity": 0.6},
    {"labour_supply_elasticity": 0.3, "input_elasticity": 1.4},
    {"labour_supply_elasticity": 1.0, "input_elasticity": 0.4},
)


@dataclass(frozen=True)
class Case:
    """One combination, with a world and a shock of its own."""

    structure: str
    closure: str
    labour: str
    seed: int

    @property
    def options(self) -> dict[str, Any]:
        """Fields of the specification that are set."""
        place = (
            list(STRUCTURES).index(self.structure)
            + CLOSURES.index(self.closure)
            + 2 * list(LABOUR).index(self.labour)
        )
        extras = EXTRAS[place % len(EXTRAS)]  # so that every value of each meets every option
        return {"closure": self.closure, **LABOUR[self.labour], **extras}

    def world(self) -> World:
        """Four economies, three or four sectors."""
        return random_world(self.seed, 4, 3 + self.seed % 2, **STRUCTURES[self.structure])

    def __str__(self) -> str:
        return f"{self.structure}, {self.closure}, {self.labour}"


CASES = tuple(
    Case(structure, closure, labour, 100 + k)
    for k, (structure, closure, labour) in enumerate(
        itertools.product(STRUCTURES, CLOSURES, LABOUR)
    )
)


def both(world: World, shock: Shock, **options: Any) -> tuple[Any, reference.Solution]:
    """The engine's and the reference's answer."""
    found = solve(world, shock, specification=Specification(**options), tolerance=ASKED)
    expected = reference.solve(
        reference.baseline_of(world),
        reference.change_of(world, shock),
        reference.Rules(**options),
    )
    return found, expected


def differences(found: Any, expected: reference.Solution, world: World) -> dict[str, float]:
    """Largest difference of each variable; levels relative to the economy's income."""
    made = world.labour_income > 0
    income = expected.income_prime

    def hats(name: str, where: Any = ...) -> float:
        a, b = np.asarray(getattr(found, name)), getattr(expected, name)
        return float(np.abs(a / b - 1)[where].max())

    def levels(name: str, scale: Any) -> float:
        a, b = np.asarray(getattr(found, name)), getattr(expected, name)
        return float((np.abs(a - b) / scale).max())

    return {
        "price_hat": hats("price_hat"),
        "unit_cost_hat": hats("unit_cost_hat", made),
        "wage_hat": hats("wage_hat", made),
        "labour_hat": hats("labour_hat", made),
        "labour_supply_hat": hats("labour_supply_hat"),
        "income_prime": hats("income_prime"),
        "expenditure_prime": levels("expenditure_prime", income[:, None]),
        "sales_prime": levels("sales_prime", income[:, None, None]),
        "labour_income_prime": levels("labour_income_prime", income[:, None]),
        "profits_prime": levels("profits_prime", income),
        "net_revenue_prime": levels("net_revenue_prime", income),
        "transfer_prime": levels("transfer_prime", income),
    }


def solved(case: Case) -> tuple[World, Any, reference.Solution]:
    """World, engine's and reference's answer of one case."""
    world = case.world()
    return world, *both(world, random_shock(case.seed, world), **case.options)
