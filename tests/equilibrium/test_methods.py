"""Do the solution methods find known answers, and say so when there is none?"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from tests.laws.worlds import make_shock, make_world

from detente.equilibrium.jacobian import dense_jacobian, gaps
from detente.equilibrium.methods.anderson import anderson
from detente.equilibrium.methods.continuation import follow
from detente.equilibrium.methods.newton_krylov import NewtonPoint, gmres, newton
from detente.equilibrium.one_shock import road_of
from detente.equilibrium.setup import prepare_jax
from detente.equilibrium.specification import Specification
from detente.errors import ConvergenceError

prepare_jax()


def test_anderson_solves_a_linear_map_in_as_many_steps_as_it_has_eigenvalues() -> None:
    rates = jnp.array([0.9, 0.5, -0.7, 0.2])
    found = anderson(
        lambda x: rates * x + 1.0, jnp.zeros(4), jnp.array(1e-12), jnp.ones(4), memory=5
    )
    assert jnp.abs(found.x - 1 / (1 - rates)).max() < 1e-10
    assert int(found.evaluations) <= 8


def test_anderson_stops_at_not_a_number() -> None:
    found = anderson(jnp.log, jnp.array([0.5]), jnp.array(1e-12), jnp.ones(1))
    assert not float(found.residual) <= 1e-12
    assert int(found.evaluations) < 20


@pytest.mark.parametrize("size", [3, 40])
def test_gmres_solves_with_and_without_a_preconditioner(size: int) -> None:
    draw = np.random.default_rng(size)
    a = jnp.asarray(np.eye(size) + 0.3 * draw.normal(size=(size, size)) / np.sqrt(size))
    b = jnp.asarray(draw.normal(size=size))
    exact = jnp.linalg.solve(a, b)
    plain = gmres(lambda x: a @ x, b, lambda x: x, jnp.array(1e-11))
    near = jnp.linalg.inv(a + 0.01)
    helped = gmres(lambda x: a @ x, b, lambda x: near @ x, jnp.array(1e-11))
    for point in (plain, helped):
        assert jnp.abs(point.x - exact).max() < 1e-9
        assert float(point.residual) <= 1e-11
    assert int(helped.products) <= int(plain.products)
    assert int(helped.products) <= 4 or size < 4


def test_gmres_of_nothing_is_nothing() -> None:
    point = gmres(lambda x: 2 * x, jnp.zeros(3), lambda x: x, jnp.array(1e-11))
    assert jnp.array_equal(point.x, jnp.zeros(3))
    assert int(point.products) == 0


def test_newton_converges_quadratically_and_stops_when_it_does_not_contract() -> None:
    good = newton(lambda x: x**3 - 8, jnp.array([2.5]), lambda v: v, jnp.array(1e-12))
    assert abs(float(good.x[0]) - 2) < 1e-12
    assert float(good.contraction) < 0.5
    bad = newton(lambda x: x**2 + 1, jnp.array([0.5]), lambda v: v, jnp.array(1e-12))
    assert float(bad.contraction) > 0.5 or not float(bad.residual) <= 1e-12


def test_the_path_finds_the_joined_root_and_reports_a_fold() -> None:
    """x³ − x + 0.3·τ = 0 from x = 1: joined up to τ = 1; with 0.5·τ the root vanishes."""

    def corrector(strength: float) -> object:
        def correct(size: float, start: jnp.ndarray, tolerance: float) -> NewtonPoint:
            return newton(
                lambda x: x**3 - x + strength * size, start, lambda v: v, jnp.array(tolerance)
            )

        return correct

    path = follow(corrector(0.3), jnp.array([1.0]), 1e-12)  # type: ignore[arg-type]
    roots = np.roots([1, 0, -1, 0.3])
    assert abs(float(path.x[0]) - max(roots.real)) < 1e-10
    with pytest.raises(ConvergenceError, match=r"beyond 7\d\.\d\d%"):
        follow(corrector(0.5), jnp.array([1.0]), 1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize("labour", ["mobile", "specific"])
def test_dense_jacobian_is_the_derivative_of_the_gaps(labour: str) -> None:
    world = make_world(61, scale=0.5)
    road = road_of(world, make_shock(world, 61), Specification(labour=labour))
    x = 0.01 * jnp.asarray(np.random.default_rng(1).normal(size=road.x.shape))
    jacobian = dense_jacobian(road.end, road.settings, x)
    for k in range(0, len(x), 5):
        step = jnp.zeros_like(x).at[k].set(1e-6)
        slope = (
            gaps(road.end, road.settings, x + step) - gaps(road.end, road.settings, x - step)
        ) / 2e-6
        assert np.abs(jacobian[:, k] - np.asarray(slope)).max() < 1e-7
