"""Does an axis in the wrong place fail at once?

In a process of its own, where arrays of different rank or kind never meet unsaid and every call of
an equation is checked against the axes that its signature names.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

BEGIN = """
from jaxtyping import TypeCheckError, install_import_hook
install_import_hook("detente.equilibrium", "beartype.beartype")
import jax
import jax.numpy as jnp
from tests.laws.worlds import make_shock, make_world
from detente.equilibrium import Specification, solve, gradient
from detente.equilibrium.sourcing import gate_value, ln_price_hat

def fails(call, error):
    try:
        call()
    except error:
        return True
    return False
"""

SWAPPED = """
flows, cells = jnp.ones((3, 2, 2)), jnp.ones((2, 3))
assert gate_value(flows, cells, cells).shape == (2, 3)
assert fails(lambda: gate_value(flows.transpose(1, 2, 0), cells, cells), TypeCheckError)
assert fails(lambda: gate_value(flows, cells.T, cells), TypeCheckError)
assert fails(lambda: ln_price_hat(flows, cells, jnp.ones(2)), TypeCheckError)
assert fails(lambda: cells * jnp.ones(3), ValueError)
assert fails(lambda: jnp.ones(3) * jnp.ones(3, dtype=int), Exception)
"""

SOLVED = """
world = make_world(1, economies=2, scale={scale})
found = solve(world, make_shock(world, 1), specification=Specification({variant}))
assert found.certificate.residual < 1e-10
gradient(found, "welfare:E0")
"""

VARIANTS = {
    "mobile": ("", 0.0),
    "roy, elastic": (
        "labour='roy', roy_elasticity=1.6, labour_supply_elasticity=0.4, closure='proportional'",
        0.0,
    ),
    "scale, complements": ("input_elasticity=0.5", 0.4),
}


def run_strictly(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program],
        env={
            **os.environ,
            "JAX_NUMPY_RANK_PROMOTION": "raise",
            "JAX_NUMPY_DTYPE_PROMOTION": "strict",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_a_swapped_axis_fails() -> None:
    """Two economies and three sectors: the kernel's axes, and those of everything else."""
    run_strictly(SWAPPED)


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_the_equations_keep_their_axes(variant: str) -> None:
    said, scale = VARIANTS[variant]
    run_strictly(SOLVED.format(variant=said, scale=scale))
