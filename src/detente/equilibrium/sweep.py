"""What does one pass through every equation make of a guess?"""

from __future__ import annotations

import jax.numpy as jnp

from detente.equilibrium.closure import income_prime, numeraire_hat, transfer_rule
from detente.equilibrium.labour import VANISHED
from detente.equilibrium.problem import Problem, Settings, Unknowns
from detente.equilibrium.sourcing import ln_price_hat
from detente.equilibrium.state import labour_of, markets, production

__all__ = ["sweep"]


def sweep(p: Problem, settings: Settings, u: Unknowns) -> Unknowns:
    """Every equation once, in the order prices, goods markets, labour, budgets.

    An equilibrium is what the sweep returns unchanged, with world value added at its baseline.
    Nominal variables are brought back to that numeraire at the end.
    """
    made = production(p, settings, u)
    ln_price = ln_price_hat(p.pa, made.pull, p.theta)
    sold = markets(p, made, ln_price)

    paid = made.labour_share * sold.sales
    ln_wage = None
    if u.ln_wage is None:
        market = made.market
        earned_by_labour = (made.labour_share * made.sales).sum(axis=1)
    else:
        market = labour_of(p, settings, paid, ln_price)
        target = market.ln_mean_wage if settings.labour == "mobile" else market.ln_wage
        ln_wage = u.ln_wage + p.wage_step * (target - u.ln_wage)
        earned_by_labour = paid.sum(axis=1)
        if settings.labour == "mobile" and not settings.elastic_labour:
            earned_by_labour = p.labour_income.sum(axis=1) * p.labour * jnp.exp(ln_wage)
    profits = (p.profit_share[None] * sold.sales).sum(axis=1)
    numeraire = numeraire_hat(
        jnp.exp(market.ln_mean_wage),
        earned_by_labour.sum(),
        p.labour_income.sum(),
        p.anchor,
        settings.numeraire,
    )
    transfer = transfer_rule(
        p.transfer, p.transfer_change, p.income, made.income, numeraire, settings.closure
    )
    income = income_prime(earned_by_labour + profits + sold.revenue, *transfer)
    drift = jnp.log((earned_by_labour.sum() + profits.sum()) / p.value_added)
    sells = p.sales > 0
    sales_hat = jnp.maximum(sold.sales, VANISHED) / jnp.where(sells, p.sales, 1.0)
    return Unknowns(
        ln_price=ln_price - drift,
        ln_sales=jnp.where(sells, jnp.log(sales_hat) - drift, 0.0),
        ln_income=jnp.log(jnp.maximum(income, VANISHED) / p.income) - drift,
        ln_wage=None if ln_wage is None else ln_wage - drift,
    )
