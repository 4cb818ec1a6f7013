"""Do transfers sum to zero, whatever the closure, and is spending what is earned and given?"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from detente.equilibrium.closure import income_prime, transfer_rule
from detente.equilibrium.setup import prepare_jax

prepare_jax()

#: Algebra in float64.
EXACT = 1e-12
TRANSFER = jnp.array([5.0, -7.0, 2.0])
BEFORE, AFTER = jnp.array([90.0, 40.0, 70.0]), jnp.array([80.0, 55.0, 66.0])


@pytest.mark.parametrize("closure", ["fixed", "proportional"])
def test_transfers_sum_to_zero_and_close_the_budget(closure: str) -> None:
    share, amount = transfer_rule(TRANSFER, jnp.zeros(3), BEFORE, AFTER, jnp.array(1.1), closure)
    paid = share * AFTER + amount
    assert float(paid.sum()) == pytest.approx(0.0, abs=EXACT * 100)
    assert np.allclose(income_prime(AFTER - paid, share, amount), AFTER, rtol=EXACT)


def test_fixed_transfers_are_worth_the_numeraire() -> None:
    share, amount = transfer_rule(TRANSFER, jnp.zeros(3), BEFORE, AFTER, jnp.array(1.1), "fixed")
    assert np.allclose(amount, 1.1 * TRANSFER, rtol=EXACT)
    assert not share.any()


def test_nothing_changed_leaves_proportional_transfers_as_they_were() -> None:
    one = jnp.array(1.0)
    share, amount = transfer_rule(TRANSFER, jnp.zeros(3), BEFORE, BEFORE, one, "proportional")
    assert np.allclose(share * BEFORE + amount, TRANSFER, rtol=EXACT)
