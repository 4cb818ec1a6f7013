"""What is emitted at home, and what is embodied in consumption?"""

from __future__ import annotations

import numpy as np

from detente.arrays import FloatArray, Labelled
from detente.errors import ConvergenceError
from detente.outcomes.state import State

__all__ = ["embodied_emissions", "emissions", "home_emissions"]

#: Relative change at which the sum over production rounds stops.
ROUNDS_TOLERANCE = 1e-12
MOST_ROUNDS = 2000


def home_emissions(state: State) -> FloatArray:
    """Emissions of production: baseline emissions times real output, [economy, sector], Mt.

    Intensity per unit of real output stays as in the baseline: producers neither abate nor
    switch fuels, and households' own emissions are not counted.
    """
    world = state.world
    if world.emissions is None:
        return np.zeros_like(state.output)
    hat = np.divide(
        state.real_output, world.output, out=np.zeros_like(world.output), where=world.output > 0
    )
    return world.emissions * hat


def embodied_emissions(state: State) -> FloatArray:
    r"""Emissions all along the chain of what each economy consumes, [economy, sector], Mt.

    Every sale carries its producer's emissions and those of its inputs, round by round. With
    :math:`m_{ij}` the emissions in a unit of i's sales of j at the factory gate and
    :math:`u_{nk} = \sum_h (V_{nhk}/X_{nk})\, m_{hk}` those in a unit of n's spending on k,

    .. math:: m_{ij} = \frac{E_{ij}}{R_{ij}} + \sum_k g_{ikj}\, u_{ik},
              \qquad \text{embodied}_{nj} = \alpha_{nj} Y_n\, u_{nj}

    which is the multi-regional Leontief inverse without the matrix: summed over economies it
    gives back the emissions of production. Each purchase of a good is taken to have the same
    mix of sources, whoever uses it.

    References
    ----------
    Peters (2008, *Ecological Economics*), equations (6)-(9); Miller and Blair (2009), chapter 10.
    """
    world = state.world
    if world.emissions is None:
        return np.zeros_like(state.output)
    direct = np.divide(
        home_emissions(state), state.output, out=np.zeros_like(state.output), where=state.output > 0
    )
    spent = state.expenditure[:, None, :]
    mix = np.divide(state.sales, spent, out=np.zeros_like(state.sales), where=spent > 0)
    inputs = np.ascontiguousarray(state.input_share.transpose(0, 2, 1))  # economy, user, input
    content = direct
    for _ in range(MOST_ROUNDS):
        per_spending = np.einsum("nhk,hk->nk", mix, content)
        following = direct + np.matmul(inputs, per_spending[:, :, None])[:, :, 0]
        gap = np.abs(following - content).max()
        content = following
        if gap <= ROUNDS_TOLERANCE * max(float(content.max()), 1e-300):
            break
    else:
        raise ConvergenceError(
            f"emissions embodied in consumption: still moving by {gap:.1e} after {MOST_ROUNDS} "
            "rounds of production; some sector uses as many inputs as it makes."
        )
    per_spending = np.einsum("nhk,hk->nk", mix, content)
    embodied: FloatArray = world.final_share * state.income[:, None] * per_spending
    return embodied


def emissions(before: State, after: State) -> dict[str, Labelled]:
    """Emissions at home and embodied in consumption, changes in Mt, labelled; {} if unknown."""
    if after.world.emissions is None:
        return {}
    unit = "Mt CO2-equivalent"
    home = home_emissions(after) - home_emissions(before)
    embodied = embodied_emissions(after).sum(axis=1) - embodied_emissions(before).sum(axis=1)
    return {
        "emissions_change": Labelled(home.sum(axis=1), ("economy",), unit, "emissions_change"),
        "emissions_change_by_sector": Labelled(
            home, ("economy", "sector"), unit, "emissions_change"
        ),
        "emissions_embodied_change": Labelled(
            embodied, ("economy",), unit, "emissions_embodied_change"
        ),
    }
