"""How is one shock solved?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from detente.equilibrium.baseline import (
    Prepared,
    has_scale,
    numeraire_kind,
    problem_of,
    settings_of,
)
from detente.equilibrium.certificate import Certificate, Gap, certify, scale_conditions
from detente.equilibrium.jacobian import gaps, preconditioner
from detente.equilibrium.methods.anderson import FixedPoint, anderson
from detente.equilibrium.methods.continuation import PATIENCE, Path, follow
from detente.equilibrium.methods.newton_krylov import NewtonPoint, newton
from detente.equilibrium.problem import Problem, Settings, Unknowns, pack, state_size, unpack
from detente.equilibrium.result import Equilibrium, result_arrays
from detente.equilibrium.setup import prepare_jax
from detente.equilibrium.specification import Specification
from detente.equilibrium.sweep import sweep
from detente.errors import ConvergenceError, InputError
from detente.measures.shock import Shock, checked_shock
from detente.wording import Note
from detente.world.model import World

__all__ = ["solve_shock"]

#: The solver aims below the tolerance of the certificate, which adds the rounding of its own
#: sums and the step from the state's equations to the model's; once more if that was not enough.
AIMS = (0.25, 0.0025)
#: Differences that Anderson acceleration remembers (5 to 8 do equally well on real worlds).
MEMORY = 7
#: What a certificate calls the ways of solving.
METHOD_NAMES = {
    "iteration": "Anderson acceleration",
    "path": "continuation, Newton-Krylov",
}
#: A gap that is no matter of rounding: iteration went astray.
STALLED = 1e-6
#: Evaluations after which Anderson acceleration is given up for the path of the shock.
PATIENT = 600


@partial(jax.jit, static_argnames=("settings", "memory", "max_evaluations"))
def accelerate(
    problem: Problem,
    start: Float[Array, " state"],
    tolerance: Float[Array, ""],
    settings: Settings,
    memory: int = MEMORY,
    max_evaluations: int = PATIENT,
) -> FixedPoint:
    """Anderson-accelerated sweeps from `start` to `tolerance`."""
    n, j = problem.sales.shape
    scale = jnp.ones_like(start).at[2 * n * j + n :].set(1.0 / problem.wage_step)
    return anderson(
        lambda x: pack(sweep(problem, settings, unpack(x, n, j, settings))),
        start,
        tolerance,
        scale,
        memory=memory,
        max_evaluations=max_evaluations,
    )


def part_way(
    begin: Problem, end: Problem, size: Float[Array, ""], is_end: Float[Array, ""]
) -> Problem:
    """The problem with a share `size` of every flow hit, the rest as at the beginning.

    Linear in the flows' factors: exactly the coverage of a measure. Fundamentals and transfers
    move in proportion.
    """

    def between(a: Float[Array, "*axes"], b: Float[Array, "*axes"]) -> Float[Array, "*axes"]:
        return a + size * (b - a)

    return end._replace(
        pa=between(begin.pa, end.pa),
        pab=between(begin.pab, end.pab),
        pae=None if end.pae is None or begin.pae is None else between(begin.pae, end.pae),
        sales=jnp.where(is_end > 0, end.sales, jnp.maximum(begin.sales, end.sales)),
        ln_productivity=between(begin.ln_productivity, end.ln_productivity),
        labour=jnp.exp(between(jnp.log(begin.labour), jnp.log(end.labour))),
        transfer=between(begin.transfer, end.transfer),
        transfer_change=between(begin.transfer_change, end.transfer_change),
    )


@partial(jax.jit, static_argnames=("settings", "patience", "max_steps"))
def correct(
    begin: Problem,
    end: Problem,
    size: Float[Array, ""],
    start: Float[Array, " state"],
    inverse: Float[Array, "state state"],
    tolerance: Float[Array, ""],
    settings: Settings,
    patience: float = PATIENCE,
    max_steps: int = 12,
) -> NewtonPoint:
    """Newton's method at one size of the shock."""
    problem = part_way(begin, end, size, jnp.where(size >= 1.0, 1.0, 0.0))
    return newton(
        lambda x: gaps(problem, settings, x),
        start,
        lambda v: (inverse @ v.astype(inverse.dtype)).astype(v.dtype),
        tolerance,
        max_steps=max_steps,
        patience=patience,
    )


def solve_shock(
    world: World,
    shock: Shock,
    specification: Specification,
    *,
    tolerance: float = 1e-10,
    method: str = "auto",
    start: Equilibrium | None = None,
    on_failure: str = "raise",
    steps: int | None = None,
    neighbour: World | None = None,
    **labels: Any,
) -> Equilibrium:
    """The equilibrium under one shock, certified.

    Parameters
    ----------
    neighbour
        A world whose baseline Jacobian may serve as preconditioner (parameter draws).
    labels
        `compiled`, `rates`, `active` of the result.
    """
    prepare_jax()
    shock = checked_shock(world, shock)
    if start is not None and (
        start.state.ln_price.shape != world.final_share.shape
        or start.specification.labour != specification.labour
    ):
        raise InputError(
            "solve: `start` is an equilibrium of another world or labour regime; leave it out."
        )
    scale = has_scale(world, specification)
    if method == "anderson" and scale:
        raise InputError(
            'solve: method="anderson" may reach an equilibrium that is not joined to the '
            'baseline where economies of scale are at work. Use "auto", or switch them off '
            "(Specification(scale=False))."
        )
    prepared = problem_of(world, shock, specification)
    # each plan is a way and how far below the tolerance it aims; the path is the last resort
    plans = [("path" if scale or method == "continuation" else "iteration", aim) for aim in AIMS]
    if method == "auto" and not scale:
        plans.append(("path", AIMS[0]))
    notes: list[Note] = []
    evaluations, steps_taken, astray = 0, 1, False
    for way, aim in plans:
        if way == "iteration" and astray:
            continue
        if way == "path":
            if astray:
                notes.append(Note("path followed"))
            origin = start if start is not None and start.world is world else None
            road = road_of(world, shock, specification, origin, neighbour)
            path = path_of(road, aim * tolerance, steps)
            settings, x = road.settings, path.x
            work, gap, steps_taken = path.evaluations, path.residual, len(path.points)
        else:
            settings = settings_of(world, specification, wage_state=True)
            x, work, gap = _by_acceleration(prepared, settings, aim * tolerance, start)
        evaluations += work
        state, found, blocks = checked(world, shock, specification, prepared, settings, x)
        worst = max(block.size for block in blocks.values())
        if worst <= tolerance:
            break
        astray = way == "iteration" and (gap > aim * tolerance or not worst <= STALLED)
    return certified(
        world,
        shock,
        specification,
        prepared,
        state,
        found,
        blocks,
        method=METHOD_NAMES[way],
        evaluations=evaluations,
        steps=steps_taken,
        tolerance=tolerance,
        notes=notes,
        on_failure=on_failure,
        labels=labels,
    )


def checked(
    world: World,
    shock: Shock,
    specification: Specification,
    prepared: Prepared,
    settings: Settings,
    x: Float[Array | np.ndarray, " state"],
) -> tuple[Unknowns, dict[str, Any], dict[str, Gap]]:
    """The unknowns in a vector, all arrays there, and the gaps of the equations."""
    # a vector that went astray overflows here; its gaps come out infinite and are refused
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        state, found = result_arrays(prepared, settings, x, numeraire_kind(specification))
        return state, found, certify(world, shock, specification, found)


def certified(
    world: World,
    shock: Shock,
    specification: Specification,
    prepared: Prepared,
    state: Unknowns,
    found: dict[str, Any],
    blocks: dict[str, Gap],
    *,
    method: str,
    evaluations: int,
    steps: int,
    tolerance: float,
    notes: Sequence[Note],
    on_failure: str,
    labels: dict[str, Any],
) -> Equilibrium:
    """The equilibrium with its certificate, or the error that it missed the tolerance."""
    theta_psi, leontief, above = scale_conditions(world, specification)
    stops = [
        Note("stops", (world.sectors[j], world.economies[n]))
        for n, j in np.argwhere(prepared.stopped)
    ]
    certificate = Certificate(
        blocks=blocks,
        method=method,
        evaluations=evaluations,
        steps=steps,
        closure=specification.closure_of(world),
        numeraire=specification.numeraire,
        market_structure=world.market_structure,
        labour=specification.labour,
        scale=has_scale(world, specification),
        tolerance=tolerance,
        theta_psi=theta_psi,
        leontief_theta_psi=leontief,
        cells_above_one=above,
        notes=(*notes, *stops),
    )
    if not certificate.residual <= tolerance and on_failure == "raise":
        raise missed(certificate)
    return Equilibrium(
        world=world,
        shock=shock,
        specification=specification,
        certificate=certificate,
        state=state,
        **found,
        **labels,
    )


def _by_acceleration(
    prepared: Prepared, settings: Settings, aim: float, start: Equilibrium | None
) -> tuple[Float[Array, " state"], int, float]:
    """Vector of unknowns, evaluations and residual of Anderson acceleration."""
    n, j = prepared.closed.shape
    x = np.zeros(state_size(n, j, settings)) if start is None else vector_of(start, settings)
    point = accelerate(prepared.problem, x, np.float64(aim), settings)
    return point.x, int(point.evaluations), float(point.residual)


def vector_of(start: Equilibrium, settings: Settings) -> Float[Array, " state"]:
    """The state of an equilibrium as the vector that the settings ask for."""
    wage = start.state.ln_wage if settings.wage_state else None
    return pack(jax.tree.map(jnp.asarray, start.state._replace(ln_wage=wage)))


@dataclass(frozen=True)
class Road:
    """The two ends of a shock's path as the kernels take them."""

    begin: Problem
    end: Problem
    x: Float[Array, " state"]
    inverse: Float[Array, "state state"]
    settings: Settings
    enter: Callable[[Float[Array, " state"]], Float[Array, " state"]]


def road_of(
    world: World,
    shock: Shock,
    specification: Specification,
    start: Equilibrium | None = None,
    neighbour: World | None = None,
) -> Road:
    """From the baseline, or from the shock of `start`, to the full shock."""
    settings = settings_of(world, specification, wage_state=False)
    prepared = problem_of(world, shock, specification, newton=True)
    end = prepared.problem
    origin = Shock.none(world) if start is None else start.shock
    begin = problem_of(world, origin, specification, newton=True).problem
    if (begin.pae is None) != (end.pae is None):
        zero = jnp.zeros_like(begin.pa)
        begin = begin._replace(pae=zero if begin.pae is None else begin.pae)
        end = end._replace(pae=zero if end.pae is None else end.pae)
    n, j = prepared.closed.shape
    x = jnp.zeros(state_size(n, j, settings)) if start is None else vector_of(start, settings)
    cells = n * j
    open_cells = jnp.asarray(~prepared.closed.ravel())

    def enter(y: Float[Array, " state"]) -> Float[Array, " state"]:
        """Sellers that nobody can reach at the end have no sales to speak of."""
        return y.at[cells : 2 * cells].set(jnp.where(open_cells, y[cells : 2 * cells], 0.0))

    inverse = preconditioner(neighbour or world, specification)
    begin, end = jax.device_put((begin, end))  # once, not at every size of the shock
    return Road(begin, end, x, inverse, settings, enter)


def path_of(road: Road, aim: float, steps: int | None = None) -> Path:
    """Follow a road to its end."""
    return follow(
        lambda size, y, tolerance: correct(
            road.begin,
            road.end,
            jnp.asarray(size),
            y,
            road.inverse,
            jnp.asarray(tolerance),
            road.settings,
        ),
        road.x,
        aim,
        steps,
        road.enter,
    )


def missed(certificate: Certificate) -> ConvergenceError:
    """The error of a solve that missed its tolerance."""
    block = certificate.worst_block
    gap: Gap = certificate.blocks[block]
    where = " / ".join(p for p in (gap.economy, gap.sector) if p)
    return ConvergenceError(
        f"no equilibrium within {certificate.tolerance:.0e}: the worst gap is {gap.size:.2e} in "
        f"{block}{f' ({where})' if where else ''} after {certificate.evaluations} evaluations "
        f"({certificate.method}). A smaller shock, the closure "
        f'(now "{certificate.closure}") or extreme elasticities are the usual reasons.'
    )
