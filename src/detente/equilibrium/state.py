"""What does the economy look like, given the unknowns that the solution methods move?

The equations from the unknowns to every array stand here, once. The sweep reads the next guess off
them, the adjoint differentiates them, the result is their value at the solution.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from detente.equilibrium.closure import numeraire_hat, transfer_rule
from detente.equilibrium.costs import (
    input_factors,
    labour_share_prime,
    ln_unit_cost_hat,
    ln_unit_cost_hat_ces,
)
from detente.equilibrium.effort import net_of_effort
from detente.equilibrium.income import expenditure_prime, ln_consumer_price_hat
from detente.equilibrium.labour import LabourMarket, labour_market
from detente.equilibrium.problem import Problem, Settings, Unknowns, unpack
from detente.equilibrium.sourcing import (
    demand_prime,
    expenditure_share_prime,
    exporter_revenue,
    gate_value,
    importer_revenue,
    sales_prime,
    supply_pull,
)

__all__ = ["Arrays", "Markets", "Production", "arrays_at", "arrays_of", "markets", "production"]


class Production(NamedTuple):
    """What wages, prices and sales make of costs.

    Attributes
    ----------
    sales, income
        Levels of the unknowns.
    market
        Labour markets at these sales.
    ln_wage, ln_labour
        Logs of the wage of every cell and of the efficiency units that its wage bill buys.
    ln_unit_cost
        Log change of unit costs, before economies of scale.
    labour_share
        Labour's share of sales.
    input_factors
        By what input shares change; None where technology keeps them.
    pull
        How strongly a seller draws buyers.
    """

    sales: Float[Array, "economy sector"]
    income: Float[Array, " economy"]
    market: LabourMarket
    ln_wage: Float[Array, "economy sector"]
    ln_labour: Float[Array, "economy sector"]
    ln_unit_cost: Float[Array, "economy sector"]
    labour_share: Float[Array, "economy sector"]
    input_factors: tuple[Float[Array, "economy input"], Float[Array, "economy sector"]] | None
    pull: Float[Array, "exporter sector"]


class Markets(NamedTuple):
    """What buyers spend, what sellers sell at the gate, what governments net."""

    expenditure: Float[Array, "importer sector"]
    demand: Float[Array, "importer sector"]
    sales: Float[Array, "exporter sector"]
    revenue: Float[Array, " economy"]


class Arrays(NamedTuple):
    """Every array of an equilibrium, in units of the asked numeraire.

    Names are those of :class:`detente.equilibrium.result.Equilibrium`. Flows have the kernel's
    axes. `pull` and `demand` are what a part of a flow is reckoned with.
    """

    price_hat: Float[Array, "economy sector"]
    unit_cost_hat: Float[Array, "economy sector"]
    wage_hat: Float[Array, "economy sector"]
    labour_hat: Float[Array, "economy sector"]
    workers_hat: Float[Array, "economy sector"]
    labour_supply_hat: Float[Array, " economy"]
    expenditure_prime: Float[Array, "economy sector"]
    expenditure_share_prime: Float[Array, "sector importer exporter"]
    sales_prime: Float[Array, "sector importer exporter"]
    output_prime: Float[Array, "economy sector"]
    labour_income_prime: Float[Array, "economy sector"]
    profits_prime: Float[Array, " economy"]
    net_revenue_prime: Float[Array, " economy"]
    income_prime: Float[Array, " economy"]
    transfer_prime: Float[Array, " economy"]
    consumer_price_hat: Float[Array, " economy"]
    real_income_hat: Float[Array, " economy"]
    welfare_hat: Float[Array, " economy"]
    input_share_prime: Float[Array, "economy input sector"] | None
    pull: Float[Array, "economy sector"]
    demand: Float[Array, "economy sector"]


def labour_of(
    p: Problem,
    settings: Settings,
    paid: Float[Array, "economy sector"],
    ln_price: Float[Array, "economy sector"],
) -> LabourMarket:
    """Labour markets that pay `paid` at these consumer prices."""
    return labour_market(
        paid,
        p.labour_income,
        jnp.log(p.labour),
        ln_consumer_price_hat(p.alpha, ln_price),
        p.epsilon,
        p.zeta,
        settings.labour,
        settings.elastic_labour,
    )


def production(p: Problem, settings: Settings, u: Unknowns) -> Production:
    """Costs and employment of every producer at the wages, prices and sales of the unknowns."""
    sales = p.sales * jnp.exp(u.ln_sales)
    income = p.income * jnp.exp(u.ln_income)
    if u.ln_wage is None:
        ln_wage = labour_of(p, settings, p.labour_share * sales, u.ln_price).ln_wage
    else:
        ln_wage = u.ln_wage[:, None] if settings.labour == "mobile" else u.ln_wage
        ln_wage = jnp.broadcast_to(ln_wage, sales.shape)
    cost = (p.cost_labour, p.cost_input, ln_wage, u.ln_price, p.ln_productivity)
    if settings.complements:
        ln_cost = ln_unit_cost_hat_ces(*cost, p.eta)
        ln_nest = ln_cost + p.ln_productivity
        share = labour_share_prime(p.labour_share, ln_wage, ln_nest, p.eta)
        factors = input_factors(u.ln_price, ln_nest, p.eta)
    else:
        ln_cost, share, factors = ln_unit_cost_hat(*cost), p.labour_share, None
    market = labour_of(p, settings, share * sales, u.ln_price)
    ln_labour = market.ln_labour
    if u.ln_wage is not None and settings.labour != "specific":
        # at the wage of the unknowns, so that cost and scale speak of the same worker
        ln_labour = ln_labour + market.ln_wage - ln_wage
    return Production(
        sales=sales,
        income=income,
        market=market,
        ln_wage=ln_wage,
        ln_labour=ln_labour,
        ln_unit_cost=ln_cost,
        labour_share=share,
        input_factors=factors,
        pull=supply_pull(ln_cost, ln_labour if settings.scale else None, p.theta, p.psi),
    )


def markets(p: Problem, made: Production, ln_price: Float[Array, "economy sector"]) -> Markets:
    """Who buys how much from whom, when purchasers pay `ln_price`."""
    expenditure = expenditure_prime(p.alpha, p.g, made.income, made.sales, made.input_factors)
    demand = demand_prime(expenditure, ln_price, p.theta)
    below = p.pab if p.pae is None else p.pab + p.pae
    revenue = importer_revenue(below, made.pull, demand, expenditure)
    if p.pae is not None:
        revenue = revenue + exporter_revenue(p.pae, made.pull, demand)
    return Markets(expenditure, demand, gate_value(p.pab, made.pull, demand), revenue)


def arrays_of(p: Problem, settings: Settings, u: Unknowns, numeraire: str) -> Arrays:
    """Every array at the unknowns, which are those of an equilibrium.

    Parameters
    ----------
    numeraire
        What values are told in: "value added", "labour income" or "wage".
    """
    made = production(p, settings, u)
    sold = markets(p, made, u.ln_price)
    market = made.market
    sales = sales_prime(p.pab, made.pull, sold.demand)
    output = sales.sum(axis=1).T
    labour_income = made.labour_share * output

    def of_cells(ln_hat: Float[Array, "economy sector"]) -> Float[Array, "economy sector"]:
        """Who sells nothing employs nobody that can leave; who never paid a wage stays at one."""
        hat = jnp.exp(ln_hat)
        if settings.labour != "specific":
            hat = jnp.where(made.labour_share * made.sales > 0, hat, 0.0)
        return jnp.where(p.labour_income > 0, hat, 1.0)

    labour_hat = workers_hat = of_cells(made.ln_labour)
    if settings.labour == "roy":
        workers_hat = of_cells(market.ln_labour + market.ln_wage - market.ln_mean_wage[:, None])
    input_share = None
    if made.input_factors is not None:
        of_input, of_buyer = made.input_factors
        input_share = p.g * of_input[:, :, None] * of_buyer[:, None, :]

    def value_of(kind: str) -> Float[Array, ""]:
        return numeraire_hat(
            jnp.exp(market.ln_mean_wage),
            labour_income.sum(),
            p.labour_income.sum(),
            p.anchor,
            kind,
        )

    share, amount = transfer_rule(
        p.transfer,
        p.transfer_change,
        p.income,
        made.income,
        value_of(settings.numeraire),
        settings.closure,
    )
    unit = 1.0 / value_of(numeraire)
    ln_consumer_price = ln_consumer_price_hat(p.alpha, u.ln_price)
    net = net_of_effort(made.income, labour_income.sum(axis=1), p.epsilon)
    net_before = net_of_effort(p.income, p.labour_income.sum(axis=1), p.epsilon)
    return Arrays(
        price_hat=jnp.exp(u.ln_price) * unit,
        unit_cost_hat=jnp.exp(made.ln_unit_cost) * unit,
        wage_hat=jnp.exp(made.ln_wage) * unit,
        labour_hat=labour_hat,
        workers_hat=workers_hat,
        labour_supply_hat=jnp.exp(market.ln_supply),
        expenditure_prime=sold.expenditure * unit,
        expenditure_share_prime=expenditure_share_prime(p.pa, made.pull, u.ln_price, p.theta),
        sales_prime=sales * unit,
        output_prime=output * unit,
        labour_income_prime=labour_income * unit,
        profits_prime=(p.profit_share[None] * output).sum(axis=1) * unit,
        net_revenue_prime=sold.revenue * unit,
        income_prime=made.income * unit,
        transfer_prime=(share * made.income + amount) * unit,
        consumer_price_hat=jnp.exp(ln_consumer_price) * unit,
        real_income_hat=jnp.exp(u.ln_income - ln_consumer_price),
        welfare_hat=net / net_before * jnp.exp(-ln_consumer_price),
        input_share_prime=input_share,
        pull=made.pull,
        demand=sold.demand * unit,
    )


@partial(jax.jit, static_argnames=("settings", "numeraire"))
def arrays_at(
    p: Problem, x: Float[Array, " state"], settings: Settings, numeraire: str
) -> tuple[Unknowns, Arrays]:
    """The unknowns in a vector, wages among them in any case, and every array there."""
    n, j = p.sales.shape
    u = unpack(x, n, j, settings)
    if u.ln_wage is None:
        market = production(p, settings, u).market
        wage = market.ln_mean_wage if settings.labour == "mobile" else market.ln_wage
        u = u._replace(ln_wage=wage)
    return u, arrays_of(p, settings, u, numeraire)
