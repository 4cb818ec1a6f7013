"""Where do the rates of a player start, with measures in force below them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.games.objectives import GovernmentWelfare, Objective
from detente.games.policies import import_value
from detente.measures.shock import SHARE_SLACK
from detente.world.model import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.equilibrium import Equilibrium

__all__ = ["Present", "present", "welfare_from"]


class Present(NamedTuple):
    """Levels that rates start from, and what they would be paid on.

    Attributes
    ----------
    base
        Customs value, [importer, exporter, sector].
    tariff
        Level on each flow; where parts of it pay different ones, their mean by customs value.
    export_tax, production_subsidy
        Levels, on the rest of each flow where parts of it pay others.
    output, income
        [economy, sector] and [economy].
    part_flow
        Flat position of each part's flow.
    """

    base: FloatArray
    tariff: FloatArray
    export_tax: FloatArray
    production_subsidy: FloatArray
    output: FloatArray
    income: FloatArray
    part_flow: NDArray[np.int64]


def present(world: World, standing: Equilibrium | None = None) -> Present:
    """The world as it is, or as it is under measures that stay in force.

    Examples
    --------
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> print(present(world).base[0, :, 0])
    [80. 20.]
    """
    if standing is None:
        return Present(
            base=import_value(world),
            tariff=world.tariff,
            export_tax=world.export_tax,
            production_subsidy=world.production_subsidy,
            output=world.output,
            income=world.income,
            part_flow=np.zeros(0, dtype=np.int64),
        )
    shock, parts = standing.shock, standing.shock.parts
    shape = world.sales.shape
    flow = np.ravel_multi_index((parts.importer, parts.exporter, parts.sector), shape)

    def summed(of_parts: FloatArray) -> FloatArray:
        out = np.bincount(flow, weights=of_parts, minlength=world.sales.size)
        return out.reshape(shape).astype(float)

    is_covered = summed(parts.share) > 1 - SHARE_SLACK
    rest = np.where(is_covered, 0.0, standing.sales_prime - summed(standing.parts_sales))
    rest = np.maximum(rest, 0.0) * (1 + shock.export_tax) * (1 - shock.production_subsidy[None])
    paid_on = standing.parts_sales * (1 + parts.export_tax) * (1 - parts.production_subsidy)
    base = rest + summed(paid_on)
    duty = rest * shock.tariff + summed(paid_on * parts.tariff)
    return Present(
        base=base,
        tariff=np.where(base > 0, duty / np.where(base > 0, base, 1.0), shock.tariff),
        export_tax=shock.export_tax,
        production_subsidy=shock.production_subsidy,
        output=standing.output_prime,
        income=standing.income_prime,
        part_flow=flow,
    )


def welfare_from(
    world: World, members: str | Sequence[str], standing: Equilibrium | None = None
) -> GovernmentWelfare:
    r"""Real income of a player: the sum of real gains in money at what stands.

    .. math:: \sum_n \omega_n \hat W_n, \qquad \omega_n \propto Y'_n/\hat R'_n

    with income Y and real income R under the standing measures, so that what members gain over the
    present adds up at the present's incomes.

    Examples
    --------
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> print(welfare_from(world, ["HOM", "FOR"]).economy_weight.round(3))
    [0.333 0.667]
    """
    plain = Objective.welfare(world, members)
    if standing is None:
        return plain
    is_member = np.asarray(plain.economy_weight) > 0
    weight = np.where(is_member, standing.income_prime / standing.real_income_hat, 0.0)
    return GovernmentWelfare(plain.label, jnp.asarray(weight / weight.sum()), plain.industry_weight)
