"""Are unit costs homogeneous in prices, and is Cobb-Douglas the limit of the nest?"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from detente.equilibrium.costs import ln_unit_cost_hat, ln_unit_cost_hat_ces
from detente.equilibrium.setup import prepare_jax

prepare_jax()

#: Algebra in float64.
EXACT = 1e-12
RNG = np.random.default_rng(7)
SHARES = RNG.dirichlet(np.ones(4), size=(2, 3))  # economy, sector: labour and three inputs
LABOUR = jnp.asarray(SHARES[:, :, 0])
INPUTS = jnp.asarray(SHARES[:, :, 1:].transpose(0, 2, 1))
WAGE, PRICE, PRODUCTIVITY = (jnp.asarray(RNG.normal(0, 0.1, (2, 3))) for _ in range(3))


@pytest.mark.parametrize("eta", [0.0, 0.5, 2.0])
def test_all_prices_up_is_all_costs_up(eta: float) -> None:
    def plain(more: float) -> jnp.ndarray:
        return ln_unit_cost_hat(LABOUR, INPUTS, WAGE + more, PRICE + more, PRODUCTIVITY)

    def nested(more: float) -> jnp.ndarray:
        wage, price = WAGE + more, PRICE + more
        return ln_unit_cost_hat_ces(LABOUR, INPUTS, wage, price, PRODUCTIVITY, jnp.array(eta))

    for cost in (plain, nested):
        assert np.allclose(cost(0.3) - cost(0.0), 0.3, atol=EXACT)


def test_productivity_lowers_costs_one_for_one() -> None:
    for eta in (0.0, 0.5, 2.0):
        before = ln_unit_cost_hat_ces(LABOUR, INPUTS, WAGE, PRICE, 0 * WAGE, jnp.array(eta))
        after = ln_unit_cost_hat_ces(LABOUR, INPUTS, WAGE, PRICE, 0 * WAGE + 0.2, jnp.array(eta))
        assert np.allclose(before - after, 0.2, atol=EXACT)


def test_the_nest_goes_to_cobb_douglas() -> None:
    limit = ln_unit_cost_hat(LABOUR, INPUTS, WAGE, PRICE, PRODUCTIVITY)
    gaps = [
        np.abs(
            ln_unit_cost_hat_ces(LABOUR, INPUTS, WAGE, PRICE, PRODUCTIVITY, jnp.array(1 + step))
            - limit
        ).max()
        for step in (1e-2, 1e-3)
    ]
    assert gaps[1] < gaps[0] < 1e-3
    assert gaps[1] == pytest.approx(gaps[0] / 10, rel=0.1)


def test_unchanged_prices_leave_costs_where_shares_miss_one() -> None:
    """Data under the trade-balance closing: shares that sum to 0.9."""
    one = jnp.zeros((1, 1))
    cost = ln_unit_cost_hat_ces(
        jnp.full((1, 1), 0.4), jnp.full((1, 1, 1), 0.5), one, one, one, jnp.array(0.5)
    )
    assert abs(float(cost[0, 0])) < 1e-15
