"""Does it matter what values are measured in?

Under every closing of the external account and every regime of labour, after a change of the
endowment with labour: each problem is solved, and nothing real depends on the numeraire where no
transfer is fixed in its units.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.laws.worlds import SOLVED, TIGHT, distance, make_shock, make_world

from detente.equilibrium import Specification, rebase, solve
from detente.measures.shock import Shock
from detente.world import CLOSURES, World

#: Arrays that do not depend on currency or numeraire.
REAL = (
    "labour_hat",
    "workers_hat",
    "labour_supply_hat",
    "expenditure_share_prime",
    "welfare_hat",
    "real_income_hat",
)
LABOUR = {
    "mobile": {},
    "specific": {"labour": "specific"},
    "roy": {"labour": "roy", "roy_elasticity": 1.6, "labour_supply_elasticity": 0.4},
}
NUMERAIRES = ("world value added", "world labour income", "E1")


def endowment_of(world: World) -> Shock:
    """Labour grows by a tenth in one economy, nothing else moves."""
    labour = np.ones(len(world.economies))
    labour[0] = 1.1
    return Shock.of(world, labour=labour)


@pytest.mark.parametrize("closure", CLOSURES)
@pytest.mark.parametrize("labour", LABOUR)
def test_every_numeraire_is_solved(closure: str, labour: str) -> None:
    world = make_world(11)
    plain = Specification(closure=closure, **LABOUR[labour])
    for change in (endowment_of(world), make_shock(world, 11)):
        for numeraire in NUMERAIRES:
            specification = replace(plain, numeraire=numeraire)
            found = solve(world, change, specification=specification, tolerance=TIGHT)
            assert found.certificate.residual <= TIGHT, numeraire


@pytest.mark.parametrize("closure", CLOSURES)
@pytest.mark.parametrize("labour", LABOUR)
def test_nothing_real_depends_on_it(closure: str, labour: str) -> None:
    """A transfer given in units of the numeraire is the one nominal thing: leave it out."""
    world = make_world(12)
    if closure in ("given", "trade-balance"):
        world = rebase(world)
    change = replace(make_shock(world, 12), transfer_change=np.zeros(3))
    plain = Specification(closure=closure, **LABOUR[labour])
    one, *others = (
        solve(world, change, specification=replace(plain, numeraire=n), tolerance=TIGHT)
        for n in NUMERAIRES
    )
    for other in others:
        for name in REAL:
            assert distance(getattr(one, name), getattr(other, name)) < SOLVED, name


@pytest.mark.parametrize("labour", LABOUR)
@pytest.mark.parametrize("closure", ["given", "trade-balance"])
def test_a_given_transfer_is_fixed_in_it(closure: str, labour: str) -> None:
    world = World.from_arrays(
        ["HOM", "FOR"],
        ["g"],
        sales=[[[80.0], [30.0]], [[20.0], [180.0]]],
        trade_elasticity=4,
    )
    specification = Specification(closure=closure, numeraire="HOM", **LABOUR[labour])
    found = solve(world, Shock.of(world, labour=[1.1, 1]), specification=specification)
    worker = found.labour_income_prime[0].sum() / found.labour_supply_hat[0]
    mean_wage = worker / world.labour_income[0].sum()
    assert abs(mean_wage - 1) < SOLVED
    assert np.abs(found.transfer_prime - world.transfer).max() < SOLVED * world.income.min()
