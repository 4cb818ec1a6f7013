"""How are many problems solved in one kernel, on an accelerator?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from detente.equilibrium.baseline import problem_of, settings_of
from detente.equilibrium.methods.anderson import FixedPoint
from detente.equilibrium.one_shock import (
    AIMS,
    accelerate,
    certified,
    checked,
    solve_shock,
    vector_of,
)
from detente.equilibrium.problem import Problem, Settings, state_size
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.setup import prepare_jax
from detente.equilibrium.specification import Specification
from detente.errors import ConvergenceError, InfeasibleError
from detente.measures.shock import Shock
from detente.world.model import World

__all__ = ["solve_stacked"]


@partial(jax.jit, static_argnames=("settings",))
def accelerate_all(
    problems: Problem,
    starts: Float[Array, "draw state"],
    tolerance: Float[Array, ""],
    settings: Settings,
) -> FixedPoint:
    """Anderson acceleration of many problems at once, each with its own end."""
    points: FixedPoint = jax.vmap(lambda p, x: accelerate(p, x, tolerance, settings))(
        problems, starts
    )
    return points


def solve_stacked(
    worlds: Sequence[World],
    shocks: Sequence[Shock],
    specification: Specification,
    *,
    tolerance: float = 1e-10,
    start: Equilibrium | None = None,
) -> list[Equilibrium | ConvergenceError | InfeasibleError]:
    """Many problems without economies of scale in one vectorised kernel.

    What the common run leaves above the tolerance is solved again by itself; what fails comes
    back as its error.
    """
    prepare_jax()
    settings = settings_of(worlds[0], specification, wage_state=True)
    out: list[Equilibrium | ConvergenceError | InfeasibleError | None] = [None] * len(shocks)
    ready = {}
    for k, (world, shock) in enumerate(zip(worlds, shocks, strict=True)):
        try:
            ready[k] = problem_of(world, shock, specification)
        except InfeasibleError as failure:
            out[k] = failure
    problems = [prepared.problem for prepared in ready.values()]
    if problems:
        if any(problem.pae is not None for problem in problems):
            zero = jnp.zeros_like(problems[0].pa)
            problems = [p if p.pae is not None else p._replace(pae=zero) for p in problems]
        stacked = jax.tree_util.tree_map(lambda *leaves: jnp.stack(leaves), *problems)
        n, j = worlds[0].final_share.shape
        x = jnp.zeros(state_size(n, j, settings)) if start is None else vector_of(start, settings)
        starts = jnp.broadcast_to(x, (len(problems), len(x)))
        point = accelerate_all(stacked, starts, jnp.asarray(AIMS[0] * tolerance), settings)
        ends, rounds = np.asarray(point.x), np.asarray(point.evaluations)
    for row, (k, prepared) in enumerate(ready.items()):
        state, found, blocks = checked(
            worlds[k], shocks[k], specification, prepared, settings, ends[row]
        )
        try:
            if not max(block.size for block in blocks.values()) <= tolerance:
                out[k] = solve_shock(worlds[k], shocks[k], specification, tolerance=tolerance)
                continue
            out[k] = certified(
                worlds[k],
                shocks[k],
                specification,
                prepared,
                state,
                found,
                blocks,
                method="Anderson acceleration, stacked",
                evaluations=int(rounds[row]),
                steps=1,
                tolerance=tolerance,
                notes=(),
                on_failure="raise",
                labels={},
            )
        except ConvergenceError as failure:
            out[k] = failure
    return [entry for entry in out if entry is not None]
