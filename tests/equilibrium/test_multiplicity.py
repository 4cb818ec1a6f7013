"""Where several equilibria exist, which one is returned, and are the others found?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.laws.worlds import make_shock, make_world

from detente.equilibrium import other_equilibria, solve
from detente.equilibrium.multiplicity import jacobian_signs
from detente.errors import ConvergenceError
from detente.measures.shock import Shock
from detente.world.model import World


def twin_makers(theta_psi: float) -> World:
    """Two like economies, one of two sectors with strong economies of scale, nearly free trade."""
    share = np.array([[0.52, 0.48], [0.48, 0.52]])
    sales = np.stack([50 * share, 50 * np.array([[0.9, 0.1], [0.1, 0.9]])], axis=2)
    return World.from_arrays(
        ["A", "B"],
        ["chips", "other"],
        sales=sales,
        trade_elasticity=[5.0, 5.0],
        scale_elasticity=[theta_psi / 5, 0.0],
    )


def test_unique_without_strong_scale() -> None:
    world = make_world(71, scale=0.4)
    found = solve(world, make_shock(world, 71))
    assert {sign for _, sign in jacobian_signs(found, 4)} == {1}
    assert jacobian_signs(found, 4)[0] == (0.0, 1)
    assert other_equilibria(found, starts=6, spread=0.2) == ()


def test_the_joined_equilibrium_is_returned_and_others_are_found() -> None:
    """Above θψ = 1 chips gather in one economy or the other; the joined one is interior."""
    world = twin_makers(1.3)
    tariff = world.tariff.copy()
    tariff[0, 1, 0] = 1e-4
    found = solve(world, Shock.of(world, tariff=tariff))
    assert np.abs(np.log(found.output_prime / world.output)).max() < 0.1
    others = other_equilibria(found, starts=40, spread=1.0, seed=1)
    assert others
    for other in others:
        assert other.certificate.residual <= 1e-10
        assert "random start" in other.certificate.method
        assert np.abs(other.output_prime / found.output_prime - 1).max() > 1e-3


def test_a_fold_is_an_error_that_says_where() -> None:
    world = twin_makers(0.97)
    cost = np.ones(world.sales.shape)
    cost[1, 0, 0] = 3.0
    productivity = np.ones((2, 2))
    productivity[0, 0] = 0.5
    with pytest.raises(ConvergenceError, match=r"beyond \d+\.\d\d% of its size"):
        solve(make_folding(world), Shock.of(make_folding(world), productivity=productivity))


def make_folding(world: World) -> World:
    """The same economies with θψ above one: the interior equilibrium cannot follow far."""
    return world.with_(scale_elasticity=np.array([1.3 / 5, 0.0]))
