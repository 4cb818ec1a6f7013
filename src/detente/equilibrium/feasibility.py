"""Can everybody still buy what they need?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.equilibrium.wedges import FlowFactors
from detente.errors import InfeasibleError
from detente.world.model import World

__all__ = ["check_transfers_can_be_paid", "close_stopped", "stopped_producers"]

#: A transfer below this share of income is rounding of the accounts.
NO_TRANSFER = 1e-9


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


def check_transfers_can_be_paid(
    world: World, factors: FlowFactors, transfer: FloatArray, closure: str
) -> None:
    """Refuse a fixed transfer that no open route can carry.

    At border prices exports less imports of an economy equal what it gives to others. One that
    can sell nothing abroad gives nothing; one that can buy nothing abroad receives nothing.

    Raises
    ------
    InfeasibleError
        Names the economy, its transfer, and what to write instead.
    """
    open_route = np.array(factors.pa > 0)  # sector, importer, exporter
    np.einsum("jnn->jn", open_route)[...] = False
    buys, sells = open_route.any(axis=(0, 2)), open_route.any(axis=(0, 1))
    stuck = np.where(transfer < 0, ~sells, ~buys) & (np.abs(transfer) > NO_TRANSFER * world.income)
    if not stuck.any():
        return
    n = int(np.argmax(np.abs(transfer) * stuck))
    gives = transfer[n] < 0
    raise InfeasibleError(
        f"{world.economies[n]} can {'sell' if gives else 'buy'} nothing abroad under these "
        f'measures, but the closure "{closure}" has it {"give" if gives else "receive"} '
        f"{abs(transfer[n]):,.6g} {world.currency} a year, which only its "
        f'{"exports" if gives else "imports"} could pay. Use the closure "balanced" (each '
        "economy's trade balances before and after), leave a route open (coverage below 100 %), "
        "or bring the transfer to zero with a transfer_change."
    )


def close_stopped(factors: FlowFactors, stopped: NDArray[np.bool]) -> FlowFactors:
    """The factors without the routes of producers that have stopped."""
    keep = ~stopped.T[:, None, :]
    return FlowFactors(
        factors.pa * keep,
        factors.pab * keep,
        None if factors.pae is None else factors.pae * keep,
    )
