"""Do shares add up, and does every sale have its buyer?"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from detente.equilibrium.setup import prepare_jax
from detente.equilibrium.sourcing import (
    demand_prime,
    expenditure_share_prime,
    gate_value,
    ln_price_hat,
    sales_prime,
    supply_pull,
)

prepare_jax()

#: Algebra in float64.
EXACT = 1e-12
RNG = np.random.default_rng(11)
PI = jnp.asarray(RNG.dirichlet(np.ones(3), size=(2, 3)))  # sector, importer, exporter
THETA, PSI = jnp.array([4.0, 7.0]), jnp.array([0.1, 0.05])
COST, LABOUR = (jnp.asarray(RNG.normal(0, 0.1, (3, 2))) for _ in range(2))
SPENDING = jnp.asarray(RNG.uniform(1, 9, (3, 2)))


def test_shares_sum_to_one_and_a_zero_stays_zero() -> None:
    pi = PI.at[0, 1, 2].set(0.0)
    z = supply_pull(COST, LABOUR, THETA, PSI)
    share = expenditure_share_prime(pi, z, ln_price_hat(pi, z, THETA), THETA)
    assert np.allclose(share.sum(axis=2), 1.0, atol=EXACT)
    assert share[0, 1, 2] == 0.0


def test_costs_alike_everywhere_are_prices_and_move_no_share() -> None:
    z = supply_pull(jnp.full((3, 2), 0.2), None, THETA, PSI)
    price = ln_price_hat(PI, z, THETA)
    assert np.allclose(price, 0.2, atol=EXACT)
    assert np.allclose(expenditure_share_prime(PI, z, price, THETA), PI, atol=EXACT)


def test_what_is_spent_is_sold() -> None:
    z = supply_pull(COST, None, THETA, PSI)
    demand = demand_prime(SPENDING, ln_price_hat(PI, z, THETA), THETA)
    assert np.allclose(gate_value(PI, z, demand).sum(axis=0), SPENDING.sum(axis=0), atol=1e-11)
    sales = sales_prime(PI, z, demand)
    assert np.allclose(sales.sum(axis=2).T, SPENDING, atol=1e-11)
    assert np.allclose(sales.sum(axis=1).T, gate_value(PI, z, demand), atol=1e-11)
