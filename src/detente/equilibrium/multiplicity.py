"""Is this the only equilibrium, and did the path to it cross a fold?"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from detente.equilibrium.baseline import problem_of
from detente.equilibrium.jacobian import dense_jacobian
from detente.equilibrium.one_shock import checked, correct, part_way, path_of, road_of
from detente.equilibrium.result import Equilibrium
from detente.wording import Note

__all__ = ["jacobian_signs", "other_equilibria"]

#: Two equilibria are the same if no price, sale or income differs by more in logs.
SAME = 1e-6
#: A search from a random start may take so many Newton steps, of any contraction.
SEARCH_STEPS = 40


def jacobian_signs(equilibrium: Equilibrium, steps: int = 8) -> tuple[tuple[float, int], ...]:
    """Sign of the determinant of the equations' Jacobian along the path of the shock.

    Plus one as at the baseline; a change on the way means that the path passed a singular
    point and the equilibrium is of another kind than the baseline. The Jacobian is formed as a
    matrix at every point: seconds on a large world.

    Parameters
    ----------
    equilibrium
        Its shock is walked again from the baseline.
    steps
        Points at least.

    Returns
    -------
    Pairs of the size of the shock, 0 to 1, and the sign relative to the baseline's.
    """
    road = road_of(equilibrium.world, equilibrium.shock, equilibrium.specification)
    path = path_of(road, equilibrium.certificate.tolerance, steps)

    def sign(size: float, x: object) -> float:
        problem = part_way(
            road.begin, road.end, jnp.asarray(size), jnp.asarray(1.0 if size >= 1 else 0.0)
        )
        jacobian = dense_jacobian(problem, road.settings, jnp.asarray(x))
        return float(np.linalg.slogdet(jacobian)[0])

    baseline = sign(0.0, road.x)
    return ((0.0, 1), *((size, int(sign(size, x) * baseline)) for size, x in path.points))


def other_equilibria(
    equilibrium: Equilibrium, *, starts: int = 20, spread: float = 0.5, seed: int = 0
) -> tuple[Equilibrium, ...]:
    """Equilibria of the same problem that are not joined to the baseline.

    Newton's method from random starts: sales are scattered by `spread` in logs around the
    equilibrium, prices and incomes by a tenth of that. What is found is certified; that
    nothing is found proves nothing.

    Parameters
    ----------
    equilibrium
        The one joined to the baseline.
    starts, spread, seed
        How many random starts, how wide, from which seed.
    """
    world, specification = equilibrium.world, equilibrium.specification
    tolerance = equilibrium.certificate.tolerance
    road = road_of(world, equilibrium.shock, specification, equilibrium)
    prepared = problem_of(world, equilibrium.shock, specification, newton=True)
    n, j = prepared.closed.shape
    draw = np.random.default_rng(seed)
    width = np.full(road.x.shape, 0.1 * spread)
    width[n * j : 2 * n * j] = spread
    known = [np.asarray(road.x)]
    found: list[Equilibrium] = []
    one = jnp.asarray(1.0)
    for _ in range(starts):
        start = road.enter(road.x + jnp.asarray(width * draw.standard_normal(road.x.shape)))
        point = correct(
            road.begin,
            road.end,
            one,
            start,
            road.inverse,
            jnp.asarray(0.1 * tolerance),
            road.settings,
            patience=1e6,
            max_steps=SEARCH_STEPS,
        )
        x = np.asarray(point.x)
        if not float(point.residual) <= 0.1 * tolerance:
            continue
        if any(np.abs(x - other).max() <= SAME for other in known):
            continue
        known.append(x)
        state, arrays, blocks = checked(
            world, equilibrium.shock, specification, prepared, road.settings, point.x
        )
        if max(gap.size for gap in blocks.values()) > tolerance:
            continue
        certificate = replace(
            equilibrium.certificate,
            blocks=blocks,
            method="Newton-Krylov from a random start",
            evaluations=int(point.evaluations),
            steps=1,
            notes=(Note("not joined"),),
        )
        found.append(replace(equilibrium, certificate=certificate, state=state, **arrays))
    return tuple(found)
