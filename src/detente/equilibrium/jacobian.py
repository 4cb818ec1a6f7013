"""How do the equations respond to their unknowns?"""

from __future__ import annotations

from functools import partial
from weakref import WeakKeyDictionary

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from detente.arrays import FloatArray
from detente.equilibrium.baseline import problem_of, settings_of
from detente.equilibrium.problem import Problem, Settings, pack, state_size, unpack
from detente.equilibrium.specification import Specification
from detente.equilibrium.sweep import sweep
from detente.measures.shock import Shock
from detente.world.model import World

__all__ = ["dense_jacobian", "gaps", "preconditioner"]

#: Columns of the Jacobian that are made at a time, so that large worlds stay in memory.
COLUMNS = 256

_Key = tuple[Settings, float, float, float]
_INVERSES: WeakKeyDictionary[World, dict[_Key, Float[Array, "state state"]]] = WeakKeyDictionary()


def gaps(problem: Problem, settings: Settings, x: Float[Array, " state"]) -> Float[Array, " state"]:
    """F(x) = G(x) − x, zero at an equilibrium."""
    n, j = problem.sales.shape
    return pack(sweep(problem, settings, unpack(x, n, j, settings))) - x


@partial(jax.jit, static_argnames=("settings",))
def _columns(
    problem: Problem,
    x: Float[Array, " state"],
    directions: Float[Array, "column state"],
    settings: Settings,
) -> Float[Array, "column state"]:
    _, product = jax.linearize(lambda y: gaps(problem, settings, y), x)
    columns: Float[Array, "column state"] = jax.vmap(product)(directions)
    return columns


def dense_jacobian(
    problem: Problem, settings: Settings, x: Float[Array, " state"], dtype: type = np.float64
) -> FloatArray:
    """∂F/∂x as a matrix: for preconditioning and for the sign of its determinant only."""
    size = int(x.shape[0])
    out: FloatArray = np.empty((size, size), dtype=dtype)
    for first in range(0, size, COLUMNS):
        width = min(COLUMNS, size - first)
        directions = np.zeros((COLUMNS, size))
        directions[np.arange(width), first + np.arange(width)] = 1.0
        block = np.asarray(_columns(problem, x, jnp.asarray(directions), settings))
        out[:, first : first + width] = block[:width].T
    return out


def preconditioner(world: World, specification: Specification) -> Float[Array, "state state"]:
    """Inverse Jacobian at the baseline, in single precision, kept as long as the world lives.

    A shock moves the Jacobian moderately, so one inverse serves every shock of a world. Single
    precision halves the memory traffic, and only the number of iterations depends on it.
    """
    settings = settings_of(world, specification, wage_state=False)
    key = (
        settings,
        float(specification.roy_elasticity or 0.0),
        specification.labour_supply_elasticity,
        specification.input_elasticity,
    )
    known = _INVERSES.setdefault(world, {})
    if key not in known:
        prepared = problem_of(world, Shock.none(world), specification, newton=True)
        n, j = prepared.closed.shape
        size = state_size(n, j, settings)
        # a large world's inverse is formed in single precision throughout, to spare memory
        dtype = np.float32 if size > 4000 else np.float64
        jacobian = dense_jacobian(prepared.problem, settings, jnp.zeros(size), dtype)
        known[key] = jnp.asarray(np.linalg.inv(jacobian).astype(np.float32))
    return known[key]
