"""What does the economy look like after the change?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jaxtyping import Array, Float
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.equilibrium.baseline import Prepared
from detente.equilibrium.certificate import Certificate
from detente.equilibrium.problem import Settings, Unknowns
from detente.equilibrium.sourcing import part_expenditure_prime
from detente.equilibrium.specification import Specification
from detente.equilibrium.state import arrays_at
from detente.measures.shock import Shock
from detente.wording import Note
from detente.world.model import World

__all__ = ["Equilibrium", "result_arrays"]


@dataclass(frozen=True, eq=False)
class Equilibrium:
    r"""An equilibrium after a change, with its certificate. Nothing here is unconverged.

    Hats are counterfactual over baseline; primes are levels in the world's currency, at the
    numeraire of the specification. Axes: importer n, exporter i, sector j.

    Attributes
    ----------
    world
        The baseline that was used (solved again without transfers where the closure is
        "balanced").
    shock, compiled, rates, active
        What was changed; the compiled scenario it came from, the free rates found for it and the
        measures whose trigger fired, where there were any.
    price_hat, unit_cost_hat
        Purchaser prices [importer, sector]; unit costs before economies of scale
        [exporter, sector].
    wage_hat, labour_hat, workers_hat, labour_supply_hat
        Wage per efficiency unit, efficiency units and heads by cell; labour supply by economy.
    expenditure_prime, expenditure_share_prime
        :math:`X'_{nj}` and :math:`\pi'_{nij}` at purchaser prices.
    sales_prime, output_prime
        :math:`V'_{nij}` and its sum over importers, at the factory gate.
    labour_income_prime, profits_prime, net_revenue_prime, transfer_prime, income_prime
        Income and where it comes from.
    consumer_price_hat, real_income_hat
        :math:`\hat P_n = \prod_j \hat P_{nj}^{\alpha_{nj}}` and income over it.
    welfare_hat
        Real income net of the effort that labour takes, over its baseline; real income where
        labour supply is fixed. See :func:`detente.equilibrium.effort.net_of_effort`.
    parts_sales, parts_expenditure
        One entry a part of the shock: its sales at the gate and at purchaser prices.
    input_share_prime
        Input shares of output after the change; None where technology keeps them.
    stopped
        Producers that lost every source of an input they need, [economy, sector].
    state
        The unknowns of the solver, a warm start for a neighbouring problem: logs of hats at world
        value added unchanged.
    """

    world: World
    shock: Shock
    specification: Specification
    certificate: Certificate
    price_hat: FloatArray
    unit_cost_hat: FloatArray
    wage_hat: FloatArray
    labour_hat: FloatArray
    workers_hat: FloatArray
    labour_supply_hat: FloatArray
    expenditure_prime: FloatArray
    expenditure_share_prime: FloatArray
    sales_prime: FloatArray
    output_prime: FloatArray
    labour_income_prime: FloatArray
    profits_prime: FloatArray
    net_revenue_prime: FloatArray
    income_prime: FloatArray
    transfer_prime: FloatArray
    consumer_price_hat: FloatArray
    real_income_hat: FloatArray
    welfare_hat: FloatArray
    parts_sales: FloatArray
    parts_expenditure: FloatArray
    state: Unknowns
    stopped: NDArray[np.bool]
    input_share_prime: FloatArray | None = None
    compiled: Any = None
    rates: tuple[float, ...] = ()
    active: frozenset[int] = frozenset()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the compiled scenario and the certificate want the reader to know."""
        told = tuple(self.compiled.notes) if self.compiled is not None else ()
        return (*told, *self.certificate.notes)

    @property
    def income_hat(self) -> FloatArray:
        """Nominal income over its baseline, [economy]."""
        out: FloatArray = self.income_prime / self.world.income
        return out


def frozen(array: Any) -> Any:
    """The array as NumPy's, read-only."""
    array = np.asarray(array)
    array.flags.writeable = False
    return array


def result_arrays(
    p: Prepared,
    settings: Settings,
    x: Float[Array | np.ndarray, " state"],
    numeraire: str,
) -> tuple[Unknowns, dict[str, Any]]:
    """The unknowns at a solution and the fields of an equilibrium that follow from them.

    Parameters
    ----------
    x
        The vector that a solution method found.
    numeraire
        What values are told in, see :func:`detente.equilibrium.state.arrays_of`.
    """
    unknowns, arrays = arrays_at(p.problem, x, settings, numeraire)
    found: dict[str, Any] = {
        name: None if a is None else frozen(a) for name, a in arrays._asdict().items()
    }
    for name in ("expenditure_share_prime", "sales_prime"):
        found[name] = found[name].transpose(1, 2, 0)
    pull, demand = found.pop("pull"), found.pop("demand")
    parts, hit = p.parts, p.hit
    first = len(hit.flow) - len(parts)
    a = p.parts_share * hit.weight[first:]
    spent = part_expenditure_prime(a, pull, demand, parts.importer, parts.exporter, parts.sector)
    found["parts_expenditure"] = frozen(spent)
    found["parts_sales"] = frozen(spent / hit.k[first:])
    found["stopped"] = frozen(p.stopped)
    return jax.tree.map(np.asarray, unknowns), found
