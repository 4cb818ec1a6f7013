"""Can everybody still buy what they need?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.equilibrium.wedges import FlowFactors
from detente.errors import InfeasibleError
from detente.world.model import FloatArray, World

__all__ = ["close_stopped", "stopped_producers"]


def stopped_producers(
    world: World, factors: FlowFactors, output: FloatArray, input_elasticity: float
) -> NDArray[np.bool]:
    """Producers that closed routes leave without an input they cannot do without.

    A good is needed where final spending or a living producer uses it. A producer who loses
    every source of an input stops, which may leave others without a source: the check follows
    this chain to its end.

    Raises
    ------
    InfeasibleError
        A good that final demand needs has no seller left, by economy and sector.
    """
    open_route = factors.pa > 0
    needs = world.input_share > 0
    alive = output > 0
    while True:
        sourced = np.asarray((open_route & alive.T[:, None, :]).any(axis=2)).T
        crippled = (needs & ~sourced[:, :, None]).any(axis=1) & alive
        if not crippled.any():
            break
        if input_elasticity > 1:
            n, j = (int(k) for k in np.argwhere(crippled)[0])
            raise InfeasibleError(
                f"{world.sectors[j]} in {world.economies[n]} has no source left of an input, and "
                "with input_elasticity above 1 it would work without it, which is not solved for. "
                "Leave one route open, or use input_elasticity of at most 1."
            )
        alive &= ~crippled
    missing = (world.final_share > 0) & ~sourced
    if missing.any():
        n, j = (int(k) for k in np.argwhere(missing)[0])
        others = int(missing.sum()) - 1
        also = f" So are {others} other cell(s)." if others else ""
        raise InfeasibleError(
            f"{world.economies[n]} is left with no source of {world.sectors[j]}, which its final "
            f"demand needs ({world.final_share[n, j]:.2%} of spending).{also} "
            "Leave one route open, or ban only a share of the flow (coverage below 100 %)."
        )
    stopped: NDArray[np.bool] = (output > 0) & ~alive
    return stopped


def close_stopped(factors: FlowFactors, stopped: NDArray[np.bool]) -> FlowFactors:
    """The factors without the routes of producers that have stopped."""
    keep = ~stopped.T[:, None, :]
    return FlowFactors(
        factors.pa * keep,
        factors.pab * keep,
        None if factors.pae is None else factors.pae * keep,
    )
