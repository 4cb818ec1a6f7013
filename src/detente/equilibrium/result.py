"""What does the economy look like after the change?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.equilibrium.baseline import Prepared, baseline_of, labour_share_of
from detente.equilibrium.effort import net_of_effort
from detente.equilibrium.specification import Specification
from detente.measures.shock import Shock
from detente.world.model import World

if TYPE_CHECKING:
    from detente.equilibrium.certificate import Certificate

__all__ = ["Equilibrium", "SolverState"]


@dataclass(frozen=True, eq=False)
class SolverState:
    """Logs of hats at world value added unchanged: a warm start for the next solve.

    `ln_price`, `ln_sales` [economy, sector], `ln_income` [economy]; `ln_wage` per economy
    where labour is mobile, else per cell.
    """

    ln_price: FloatArray
    ln_sales: FloatArray
    ln_income: FloatArray
    ln_wage: FloatArray


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
    parts_sales, parts_expenditure
        One entry a part of the shock: its sales at the gate and at purchaser prices.
    input_share_prime
        Input shares of output after the change; None where technology keeps them.
    stopped
        Producers that lost every source of an input they need, [economy, sector].
    state
        Warm start for a neighbouring problem.
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
    parts_sales: FloatArray
    parts_expenditure: FloatArray
    state: SolverState
    stopped: NDArray[np.bool]
    input_share_prime: FloatArray | None = None
    compiled: Any = None
    rates: tuple[float, ...] = ()
    active: frozenset[int] = frozenset()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the compiled scenario and the certificate want the reader to know."""
        told = tuple(self.compiled.notes) if self.compiled is not None else ()
        return (*told, *self.certificate.notes)

    @property
    def income_hat(self) -> FloatArray:
        """Nominal income over its baseline, [economy]."""
        out: FloatArray = self.income_prime / self.world.income
        return out

    @property
    def consumer_price_hat(self) -> FloatArray:
        r""":math:`\hat P_n = \prod_j \hat P_{nj}^{\alpha_{nj}}`, [economy]."""
        out: FloatArray = np.exp((self.world.final_share * np.log(self.price_hat)).sum(axis=1))
        return out

    @property
    def real_income_hat(self) -> FloatArray:
        """Exact real income over its baseline, [economy]."""
        out: FloatArray = self.income_hat / self.consumer_price_hat
        return out

    @property
    def welfare_hat(self) -> FloatArray:
        """Real income net of the effort that labour takes, over its baseline, [economy].

        See :func:`detente.equilibrium.effort.net_of_effort`. Where labour supply is fixed this is
        real income.
        """
        epsilon = self.specification.labour_supply_elasticity
        before = net_of_effort(self.world.income, self.world.labour_income.sum(axis=1), epsilon)
        after = net_of_effort(self.income_prime, self.labour_income_prime.sum(axis=1), epsilon)
        out: FloatArray = after / before / self.consumer_price_hat
        return out


def frozen(array: Any) -> Any:
    """The array, read-only."""
    array.flags.writeable = False
    return array


def assemble(
    world: World,
    shock: Shock,
    specification: Specification,
    state: SolverState,
    prepared: Prepared,
) -> dict[str, Any]:
    """Every array of an equilibrium from the solver's state, at the asked numeraire."""
    base = baseline_of(world)
    hit, factors = prepared.hit, prepared.factors
    theta, psi = world.trade_elasticity, world.scale_elasticity
    if not specification.scale:
        psi = np.zeros_like(psi)
    n, j = base.output.shape
    closure = specification.closure_of(world)

    ln_price = state.ln_price
    ln_wage = np.broadcast_to(
        state.ln_wage[:, None] if state.ln_wage.ndim == 1 else state.ln_wage, (n, j)
    )
    sales_guess = np.where(prepared.closed, 0.0, base.output) * np.exp(state.ln_sales)
    income = base.income * np.exp(state.ln_income)
    profit = world.profit_share
    v_cost = (world.value_added_share - profit) / (1 - profit)
    g_cost = world.input_share / (1 - profit)
    eta = specification.input_elasticity
    if eta == 1.0:
        ln_nest = v_cost * ln_wage + np.matmul(ln_price[:, None, :], g_cost)[:, 0, :]
        input_share_prime = None
        labour_share = labour_share_of(world, closure)
        inputs = world.input_share
    else:
        nest = (
            v_cost * np.exp((1 - eta) * ln_wage)
            + np.matmul(np.exp((1 - eta) * ln_price)[:, None, :], g_cost)[:, 0, :]
        )
        ln_nest = np.log(nest / (v_cost + g_cost.sum(axis=1))) / (1 - eta)
        inputs = world.input_share * np.exp(
            (1 - eta) * (ln_price[:, :, None] - ln_nest[:, None, :])
        )
        input_share_prime = inputs
        labour_share = labour_share_of(world, closure) * np.exp((1 - eta) * (ln_wage - ln_nest))
    ln_cost = ln_nest - np.log(shock.productivity)
    expenditure = (
        world.final_share * income[:, None] + np.matmul(inputs, sales_guess[:, :, None])[:, :, 0]
    )

    # labour: efficiency units from income and wage of every cell
    paid_guess = labour_share * sales_guess
    works = base.labour_income > 0
    cell_hat = np.where(works, paid_guess / np.where(works, base.labour_income, 1.0), 0.0)
    total_hat = paid_guess.sum(axis=1) / base.labour_income.sum(axis=1)
    epsilon = specification.labour_supply_elasticity
    consumer_price = (world.final_share * ln_price).sum(axis=1)
    supply = (shock.labour * (total_hat * np.exp(-consumer_price)) ** epsilon) ** (
        1 / (1 + epsilon)
    )
    wage = np.exp(ln_wage)
    if specification.labour == "specific":
        labour_hat = np.where(works, np.broadcast_to(supply[:, None], (n, j)), 1.0)
        workers_hat = labour_hat
    else:
        labour_hat = np.where(works, cell_hat / wage, 1.0)
        workers_hat = (
            labour_hat
            if specification.labour == "mobile"
            else np.where(works, cell_hat / total_hat[:, None] * supply[:, None], 1.0)
        )

    with np.errstate(divide="ignore"):
        ln_labour = np.log(labour_hat) if psi.any() else 0.0
    pull = np.exp(-theta * (ln_cost - psi * ln_labour)) if psi.any() else np.exp(-theta * ln_cost)
    demand = expenditure * np.exp(theta * ln_price)
    z_kernel = np.ascontiguousarray(pull.T)[:, None, :]
    share_kernel = factors.pa * (z_kernel * np.exp(theta * ln_price).T[:, :, None])
    sales_kernel = factors.pab * (z_kernel * np.ascontiguousarray(demand.T)[:, :, None])
    sales = np.transpose(sales_kernel, (1, 2, 0))
    output = sales_kernel.sum(axis=1).T
    labour_income = labour_share * output
    profits = (profit * output).sum(axis=1)

    below = factors.pab if factors.pae is None else factors.pab + factors.pae
    passed_on = np.matmul(below, z_kernel[:, 0, :, None])[:, :, 0].T * demand
    revenue = (expenditure - passed_on).sum(axis=1)
    if factors.pae is not None:
        revenue = revenue + (
            np.matmul(np.ascontiguousarray(demand.T)[:, None, :], factors.pae)[:, 0, :].T * pull
        ).sum(axis=1)

    value = numeraire_of(world, specification, total_hat / supply, labour_income)
    transfer = transfer_prime(world, shock, specification, income, value, base)
    scale = 1.0 / value

    pieces = len(hit.flow) - len(shock.parts)
    flow, weight, k = hit.flow[pieces:], hit.weight[pieces:], hit.k[pieces:]
    parts_expenditure = (
        base.pi.reshape(-1)[flow]
        * weight
        * pull.reshape(-1)[flow % (n * j)]
        * demand.reshape(-1)[(flow // (n * j)) * j + flow % j]
    )
    return {
        "price_hat": frozen(np.exp(ln_price) * scale),
        "unit_cost_hat": frozen(np.exp(ln_cost) * scale),
        "wage_hat": frozen(wage * scale),
        "labour_hat": frozen(labour_hat),
        "workers_hat": frozen(workers_hat),
        "labour_supply_hat": frozen(supply),
        "expenditure_prime": frozen(expenditure * scale),
        "expenditure_share_prime": frozen(np.transpose(share_kernel, (1, 2, 0))),
        "sales_prime": frozen(sales * scale if scale != 1.0 else sales),
        "output_prime": frozen(output * scale),
        "labour_income_prime": frozen(labour_income * scale),
        "profits_prime": frozen(profits * scale),
        "net_revenue_prime": frozen(revenue * scale),
        "income_prime": frozen(income * scale),
        "transfer_prime": frozen(transfer * scale),
        "parts_sales": frozen(parts_expenditure / k * scale),
        "parts_expenditure": frozen(parts_expenditure * scale),
        "stopped": frozen(prepared.stopped),
        "input_share_prime": input_share_prime,
    }


def numeraire_of(
    world: World,
    specification: Specification,
    mean_wage_hat: FloatArray,
    labour_income_prime: FloatArray,
) -> float:
    """Value of the asked numeraire when world value added is unchanged."""
    name = specification.numeraire
    if name == "world value added":
        return 1.0
    if name == "world labour income":
        return float(labour_income_prime.sum() / world.labour_income.sum())
    return float(mean_wage_hat[world.economy_index(name)])


def transfer_prime(
    world: World,
    shock: Shock,
    specification: Specification,
    income: FloatArray,
    numeraire: float,
    base: Any,
) -> FloatArray:
    """Transfers after the change, at world value added unchanged."""
    closure = specification.closure_of(world)
    # a constant share of world value added needs no numeraire
    level = 1.0 if closure == "fixed-transfer" else numeraire
    change: FloatArray = shock.transfer_change * level
    if closure == "balanced":
        return change
    if closure == "proportional":
        d = world.transfer / base.income
        d_mean = (d * income).sum() / income.sum()
        shared: FloatArray = income * (d - d_mean) + change
        return shared
    fixed: FloatArray = world.transfer * level + change
    return fixed
