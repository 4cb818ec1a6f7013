"""What do the kernels need to know about a world and its shock?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

__all__ = ["Problem", "Settings", "Unknowns", "pack", "state_size", "unpack"]


@dataclass(frozen=True)
class Settings:
    """Choices that change which equations are compiled (everything else is data).

    Attributes
    ----------
    labour
        "mobile", "specific" or "roy".
    closure
        "fixed" (the transfer is a number at the kernel's numeraire) or "proportional".
    numeraire
        "value added", "labour income" or "wage": what nominal transfers are fixed in.
    complements
        Inputs are a CES nest rather than Cobb-Douglas.
    elastic_labour
        Labour supply answers to the real wage.
    scale
        External economies of scale are at work.
    wage_state
        Log wages are part of the state and move a step towards the market's; otherwise they
        follow from sales at once.
    """

    labour: str = "mobile"
    closure: str = "fixed"
    numeraire: str = "value added"
    complements: bool = False
    elastic_labour: bool = False
    scale: bool = False
    wage_state: bool = True


class Problem(NamedTuple):
    r"""Arrays of one equilibrium problem. Axes: importer n, exporter i, sector j, input k.

    `pa`, `pab`, `pae`: see :class:`detente.equilibrium.wedges.FlowFactors`.
    """

    pa: Float[Array, "sector importer exporter"]
    pab: Float[Array, "sector importer exporter"]
    pae: Float[Array, "sector importer exporter"] | None
    g: Float[Array, "economy input sector"]
    cost_input: Float[Array, "economy input sector"]
    cost_labour: Float[Array, "economy sector"]
    alpha: Float[Array, "economy sector"]
    labour_share: Float[Array, "economy sector"]
    profit_share: Float[Array, " sector"]
    theta: Float[Array, " sector"]
    psi: Float[Array, " sector"]
    sales: Float[Array, "economy sector"]
    labour_income: Float[Array, "economy sector"]
    income: Float[Array, " economy"]
    ln_productivity: Float[Array, "economy sector"]
    labour: Float[Array, " economy"]
    transfer: Float[Array, " economy"]
    transfer_change: Float[Array, " economy"]
    anchor: Float[Array, " economy"]
    value_added: Float[Array, ""]
    zeta: Float[Array, ""]
    epsilon: Float[Array, ""]
    eta: Float[Array, ""]
    wage_step: Float[Array, ""]


class Unknowns(NamedTuple):
    """Logs of hats that the solution methods move, zero at the baseline.

    `ln_wage` is per economy where labour is mobile, per cell otherwise, and None where wages
    follow from sales at once (`Settings.wage_state` False).
    """

    ln_price: Float[Array, "economy sector"]
    ln_sales: Float[Array, "economy sector"]
    ln_income: Float[Array, " economy"]
    ln_wage: Float[Array, " economy"] | Float[Array, "economy sector"] | None


def state_size(n: int, j: int, settings: Settings) -> int:
    """Length of the state as a vector."""
    wages = 0
    if settings.wage_state:
        wages = n if settings.labour == "mobile" else n * j
    return 2 * n * j + n + wages


def pack(unknowns: Unknowns) -> Float[Array, " state"]:
    """The unknowns as one vector: prices, sales, incomes, wages."""
    return jnp.concatenate([block.ravel() for block in unknowns if block is not None])


def unpack(x: Float[Array, " state"], n: int, j: int, settings: Settings) -> Unknowns:
    """The unknowns from their vector."""
    cells = n * j
    price, sales = x[:cells].reshape(n, j), x[cells : 2 * cells].reshape(n, j)
    income, rest = x[2 * cells : 2 * cells + n], x[2 * cells + n :]
    if not settings.wage_state:
        return Unknowns(price, sales, income, None)
    wage = rest if settings.labour == "mobile" else rest.reshape(n, j)
    return Unknowns(price, sales, income, wage)
