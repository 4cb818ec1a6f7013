"""Do wages and workers make up labour income, and are the regimes each other's limits?"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from detente.equilibrium.labour import LabourMarket, labour_market
from detente.equilibrium.setup import prepare_jax

prepare_jax()

#: Algebra in float64.
EXACT = 1e-12
BEFORE = jnp.array([[3.0, 1.0, 2.0], [0.5, 4.0, 1.5]])
AFTER = jnp.array([[2.8, 1.3, 2.2], [0.6, 3.5, 1.7]])
ENDOWMENT, PRICE = jnp.array([0.1, 0.0]), jnp.array([0.02, -0.03])


def market(regime: str, zeta: float = 2.0, epsilon: float = 0.0) -> LabourMarket:
    return labour_market(
        AFTER, BEFORE, ENDOWMENT, PRICE, jnp.array(epsilon), jnp.array(zeta), regime, epsilon > 0
    )


@pytest.mark.parametrize("regime", ["mobile", "specific", "roy"])
@pytest.mark.parametrize("epsilon", [0.0, 0.5])
def test_wages_times_workers_are_labour_income(regime: str, epsilon: float) -> None:
    found = market(regime, epsilon=epsilon)
    income = jnp.log(AFTER.sum(axis=1) / BEFORE.sum(axis=1))
    assert np.allclose(found.ln_wage + found.ln_labour, jnp.log(AFTER / BEFORE), atol=EXACT)
    assert np.allclose(found.ln_mean_wage + found.ln_supply, income, atol=EXACT)


def test_mobile_workers_earn_one_wage_and_specific_ones_stay() -> None:
    assert np.allclose(np.ptp(market("mobile").ln_wage, axis=1), 0.0, atol=EXACT)
    assert np.allclose(market("specific").ln_labour, ENDOWMENT[:, None], atol=EXACT)


@pytest.mark.parametrize(("zeta", "limit"), [(1e9, "mobile"), (1.0, "specific")])
def test_roy_lies_between_them(zeta: float, limit: str) -> None:
    assert np.allclose(market("roy", zeta).ln_wage, market(limit).ln_wage, atol=1e-8)
