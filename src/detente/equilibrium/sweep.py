"""What does one pass through every equation make of a guess?"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from detente.equilibrium.closure import income_prime, numeraire_hat
from detente.equilibrium.costs import ln_unit_cost_hat, ln_unit_cost_hat_ces
from detente.equilibrium.income import expenditure_prime, ln_consumer_price_hat
from detente.equilibrium.labour import VANISHED, LabourMarket, labour_market
from detente.equilibrium.problem import Problem, Settings, State
from detente.equilibrium.sourcing import (
    exporter_revenue,
    gate_value,
    importer_revenue,
    ln_price_hat,
    supply_pull,
)

__all__ = ["labour_shares", "sweep", "technology"]


def technology(
    p: Problem,
    settings: Settings,
    ln_wage: Float[Array, "economy sector"],
    ln_price: Float[Array, "economy sector"],
) -> Float[Array, "economy sector"]:
    """Log change of unit costs under the chosen technology."""
    if settings.complements:
        return ln_unit_cost_hat_ces(
            p.cost_labour, p.cost_input, ln_wage, ln_price, p.ln_productivity, p.eta
        )
    return ln_unit_cost_hat(p.cost_labour, p.cost_input, ln_wage, ln_price, p.ln_productivity)


def labour_shares(
    p: Problem,
    settings: Settings,
    ln_wage: Float[Array, "economy sector"],
    ln_cost_nest: Float[Array, "economy sector"],
) -> Float[Array, "economy sector"]:
    r"""Labour's share of sales; in a CES nest it moves with :math:`(\hat w/\hat c\hat A)^{1-\eta}`.

    `ln_cost_nest` is the log unit cost before productivity.
    """
    if settings.complements:
        return p.labour_share * jnp.exp((1.0 - p.eta) * (ln_wage - ln_cost_nest))
    return p.labour_share


def _cells(ln_wage: Array) -> Array:
    return ln_wage[:, None] if ln_wage.ndim == 1 else ln_wage


def _market(p: Problem, settings: Settings, paid: Array, ln_price: Array) -> LabourMarket:
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


def sweep(p: Problem, settings: Settings, state: State) -> State:
    """Every equation once, in the order prices, goods markets, labour, budgets.

    An equilibrium is a state that the sweep returns unchanged, with world value added at its
    baseline. Nominal variables are brought back to that numeraire at the end.
    """
    sales = p.sales * jnp.exp(state.ln_sales)
    income = p.income * jnp.exp(state.ln_income)
    shape = sales.shape
    market = None
    if state.ln_wage is not None:
        ln_wage = jnp.broadcast_to(_cells(state.ln_wage), shape)
    else:
        market = _market(p, settings, p.labour_share * sales, state.ln_price)
        ln_wage = market.ln_wage
    ln_cost = technology(p, settings, ln_wage, state.ln_price)
    ln_nest = ln_cost + p.ln_productivity
    share = labour_shares(p, settings, ln_wage, ln_nest)

    ln_labour = None
    if settings.scale:
        if market is None:
            market = _market(p, settings, share * sales, state.ln_price)
            # at the wage of the state, so that cost and scale speak of the same worker
            ln_labour = market.ln_labour + market.ln_wage - ln_wage
            if settings.labour == "specific":
                ln_labour = market.ln_labour
        else:
            ln_labour = market.ln_labour
    z = supply_pull(ln_cost, ln_labour, p.theta, p.psi)
    ln_price = ln_price_hat(p.pa, z, p.theta)

    power = 1.0 - p.eta
    complement = (power * state.ln_price, power * ln_nest) if settings.complements else None
    expenditure = expenditure_prime(p.alpha, p.g, income, sales, complement)
    demand = expenditure * jnp.exp(p.theta * ln_price)
    new_sales = gate_value(p.pab, z, demand)
    revenue = importer_revenue(p.pab if p.pae is None else p.pab + p.pae, z, demand, expenditure)
    if p.pae is not None:
        revenue = revenue + exporter_revenue(p.pae, z, demand)

    paid = share * new_sales
    new_ln_wage = None
    if state.ln_wage is not None:
        market = _market(p, settings, paid, ln_price)
        target = market.ln_mean_wage if settings.labour == "mobile" else market.ln_wage
        new_ln_wage = state.ln_wage + p.wage_step * (target - state.ln_wage)
        if settings.labour == "mobile" and not settings.elastic_labour:
            earned_by_labour = p.labour_income.sum(axis=1) * p.labour * jnp.exp(new_ln_wage)
        else:
            earned_by_labour = paid.sum(axis=1)
    else:
        earned_by_labour = (share * sales).sum(axis=1)
    assert market is not None
    profits = (p.profit_share * new_sales).sum(axis=1)
    numeraire = numeraire_hat(
        jnp.exp(market.ln_mean_wage),
        earned_by_labour.sum(),
        p.labour_income.sum(),
        p.anchor,
        settings.numeraire,
    )
    new_income = income_prime(
        earned_by_labour + profits + revenue,
        p.transfer,
        p.transfer_change,
        p.income,
        income,
        numeraire,
        settings.closure,
    )
    drift = jnp.log((earned_by_labour.sum() + profits.sum()) / p.value_added)
    sells = p.sales > 0
    ln_new_sales = jnp.where(
        sells,
        jnp.log(jnp.maximum(new_sales, VANISHED) / jnp.where(sells, p.sales, 1.0)) - drift,
        0.0,
    )
    return State(
        ln_price=ln_price - drift,
        ln_sales=ln_new_sales,
        ln_income=jnp.log(jnp.maximum(new_income, VANISHED) / p.income) - drift,
        ln_wage=None if new_ln_wage is None else new_ln_wage - drift,
    )
