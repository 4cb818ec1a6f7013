"""Does the solver keep its promises on the shipped world?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from detente.equilibrium import Equilibrium, Specification, gradient, solve
from detente.measures.shock import Shock
from detente.world import World, load_world

#: Two solves of residual 1e-10 on 768 cells.
SOLVED = 1e-8


@cache
def world(scale: bool) -> World:
    return load_world("icio-2022", "lashkaripour-lugovskyy-2023" if scale else None)


def ban(on: World) -> Shock:
    """No trade in goods between the United States and China."""
    usa, chn = on.economy_index("USA"), on.economy_index("CHN")
    goods = [on.sector_index(name) for name in on.goods]
    cost = np.ones(on.sales.shape)
    cost[usa, chn, goods] = np.inf
    cost[chn, usa, goods] = np.inf
    return Shock.of(on, resource_cost=cost)


@pytest.mark.parametrize("scale", [False, True])
def test_no_shock_is_the_baseline(scale: bool) -> None:
    found = solve(world(scale))
    assert np.abs(found.welfare_hat - 1).max() < 1e-12
    assert found.certificate.residual < 1e-12


def test_goods_ban_with_economies_of_scale_is_joined_to_the_baseline() -> None:
    """Four steps, sixteen or as few as it takes: one equilibrium."""
    answers: list[Equilibrium] = [
        solve(world(True), ban(world(True)), steps=steps) for steps in (None, 4, 16)
    ]
    assert [a.certificate.steps for a in answers[1:]] == [4, 16]
    for other in answers[1:]:
        assert np.abs(other.welfare_hat / answers[0].welfare_hat - 1).max() < SOLVED
        assert np.abs(other.output_prime / answers[0].output_prime - 1).max() < 10 * SOLVED
    certificate = answers[0].certificate
    assert certificate.theta_psi < 1
    assert certificate.leontief_theta_psi > 1
    assert certificate.cells_above_one > 0
    welfare = dict(zip(world(True).economies, answers[0].welfare_hat, strict=True))
    assert welfare["USA"] < 1
    assert welfare["CHN"] < 1
    assert welfare["MEX"] > 1


@pytest.mark.parametrize("labour", ["specific", "roy"])
@pytest.mark.parametrize("scale", [False, True])
def test_every_labour_regime_is_certified(labour: str, scale: bool) -> None:
    specification = Specification(labour=labour, roy_elasticity=1.5 if labour == "roy" else None)
    found = solve(world(scale), ban(world(scale)), specification=specification)
    assert found.certificate.residual <= 1e-10


@pytest.mark.parametrize("scale", [False, True])
def test_slopes_match_differences(scale: bool) -> None:
    on = world(scale)
    usa, chn = on.economy_index("USA"), on.economy_index("CHN")
    electronics = on.sector_index("electronics")
    slope = gradient(solve(on, tolerance=1e-12), "welfare:USA")[usa, chn, electronics]

    def welfare(rate: float) -> float:
        tariff = on.tariff.copy()
        tariff[usa, chn, electronics] += rate
        return float(solve(on, Shock.of(on, tariff=tariff), tolerance=1e-12).welfare_hat[usa])

    def difference(h: float) -> float:
        return (welfare(h) - welfare(-h)) / (2 * h)

    extrapolated = (4 * difference(1e-3) - difference(2e-3)) / 3
    assert slope == pytest.approx(extrapolated, rel=1e-5)
