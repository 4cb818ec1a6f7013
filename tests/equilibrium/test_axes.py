"""Does an axis in the wrong place fail at once?

The whole suite runs so: arrays of different rank or kind never meet unsaid, and every call of an
equation is held against the axes that its signature names (`conftest.py` beside `src`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import TypeCheckError

from detente.equilibrium.labour import ln_labour_supply_hat
from detente.equilibrium.setup import prepare_jax
from detente.equilibrium.sourcing import gate_value, ln_price_hat, part_expenditure_prime
from detente.equilibrium.wedges import FlowFactors

prepare_jax()

#: Two economies and three sectors: the kernel's axes, and those of everything else.
FLOWS, CELLS, THETA, ONE = jnp.ones((3, 2, 2)), jnp.ones((2, 3)), jnp.ones(3), jnp.array(1.0)
LABELLED = np.ones((2, 2, 3))
FIRST = np.array([0])


def test_every_axis_in_its_place() -> None:
    assert gate_value(FLOWS, CELLS, CELLS).shape == CELLS.shape
    assert ln_price_hat(FLOWS, CELLS, THETA).shape == CELLS.shape


@pytest.mark.parametrize(
    "call",
    [
        lambda: gate_value(FLOWS.transpose(1, 2, 0), CELLS, CELLS),
        lambda: gate_value(FLOWS, CELLS.T, CELLS),
        lambda: ln_price_hat(FLOWS, CELLS, jnp.ones(2)),
        lambda: ln_labour_supply_hat(jnp.ones(2), jnp.ones(3), jnp.ones(2), ONE),
        lambda: part_expenditure_prime(
            np.ones(1), np.ones((2, 3)), np.ones((3, 2)), FIRST, FIRST, FIRST
        ),
        lambda: FlowFactors(np.asarray(FLOWS), LABELLED, None),
    ],
)
def test_a_swapped_axis_fails(call: Callable[[], Any]) -> None:
    with pytest.raises(TypeCheckError):
        call()


def test_ranks_and_kinds_do_not_mix() -> None:
    with pytest.raises(ValueError, match="jax_numpy_rank_promotion"):
        CELLS * THETA
    with pytest.raises(Exception, match="dtype promotion"):
        THETA * jnp.ones(3, dtype=int)
