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
    """Refuse transfers that no open route can carry.

    At border prices what some economies together sell to the others less what they buy from them
    is what they give to them. Economies that can sell nothing to the rest give it nothing, and can
    buy from it only what it pays for; economies that can buy nothing from the rest receive nothing.

    Parameters
    ----------
    transfer
        What the closure fixes: the transfers themselves or, under "proportional", those of the
        baseline, whose shares of spending blocs that are cut off from each other cannot keep.

    Raises
    ------
    InfeasibleError
        Names the economies, their transfer, and what to write instead.
    """
    makes = np.max(factors.pa, axis=1).T > 0
    used = ((world.input_share > 0) & makes[:, None, :]).max(axis=2)
    wanted: NDArray[np.bool] = (world.final_share > 0) | used
    bought = np.where(wanted.T[:, :, None], factors.pa, 0.0).max(axis=0)
    sells_to: NDArray[np.bool] = (bought > 0).T  # exporter, importer
    np.fill_diagonal(sells_to, True)
    count = len(world.economies)
    reaches: NDArray[np.bool] = sells_to
    for _ in range(count.bit_length()):
        reaches = np.asarray(reaches.astype(float) @ reaches > 0)
    if reaches.all():
        return
    apart = [(reaches[k], True) for k in range(count)]  # whom k supplies, at any remove
    apart += [(reaches[:, k], False) for k in range(count)]  # who supplies k
    for inside, sells_nothing in sorted(apart, key=lambda bloc: int(bloc[0].sum())):
        if inside.all():
            continue
        given = -float(transfer[inside].sum())
        slack = NO_TRANSFER * float(world.income[inside].sum())
        across = sells_to[np.ix_(~inside, inside) if sells_nothing else np.ix_(inside, ~inside)]
        is_cut_off = not across.any()
        if closure == "proportional":
            stuck = is_cut_off and bool(np.any(np.abs(transfer) > NO_TRANSFER * world.income))
        elif is_cut_off:
            stuck = abs(given) > slack
        else:
            # trade goes one way only and has to be paid for
            stuck = given >= -slack if sells_nothing else given <= slack
        if stuck:
            raise InfeasibleError(
                _cut_off(world, inside, given, sells_nothing, is_cut_off, closure)
            )


def _cut_off(
    world: World,
    inside: NDArray[np.bool],
    given: float,
    sells_nothing: bool,
    is_cut_off: bool,
    closure: str,
) -> str:
    """What a transfer that cannot be carried is told as."""
    names = [code for code, is_in in zip(world.economies, inside, strict=True) if is_in]
    alone = len(names) == 1
    who = names[0] if alone else f"{', '.join(names[:-1])} and {names[-1]}"
    if is_cut_off:
        can = ("sell" if given > 0 else "buy") if alone else "trade"
    else:
        can = "sell" if sells_nothing else "buy"
    if closure == "proportional":
        what = "moves transfers with the spending of all economies"
    elif given:
        direction = "give" if given > 0 else "receive"
        amount = f"{abs(given):,.6g} {world.currency} a year"
        what = f"has {'it' if alone else 'them'} {direction} {amount}"
    else:
        what = f"has nothing pay for what {'it' if alone else 'they'} still "
        what += "buy there" if sells_nothing else "sell there"
    return (
        f"{who} can {can} nothing {'abroad' if alone else 'outside'} under these measures, but the "
        f'closure "{closure}" {what}, which only trade could carry. Use the closure "balanced" '
        "(each economy's trade balances before and after), leave a route open (coverage below "
        "100 %), or bring the transfer to zero with a transfer_change."
    )


def close_stopped(factors: FlowFactors, stopped: NDArray[np.bool]) -> FlowFactors:
    """The factors without the routes of producers that have stopped."""
    keep = ~stopped.T[:, None, :]
    return FlowFactors(
        factors.pa * keep,
        factors.pab * keep,
        None if factors.pae is None else factors.pae * keep,
    )
