"""Who gains and who loses?"""

from __future__ import annotations

from detente.arrays import FloatArray, Labelled, percent_change
from detente.equilibrium.effort import net_of_effort
from detente.outcomes.state import State

__all__ = [
    "equivalent_variation",
    "real_income_hat",
    "real_income_without_transfer_hat",
    "real_wage_hat",
    "welfare",
    "welfare_hat",
]


def real_income_hat(before: State, after: State) -> FloatArray:
    r"""Exact real income after over before, [economy].

    .. math:: \hat W_n = \hat Y_n / \prod_j \hat P_{nj}^{\alpha_{nj}}

    Final spending is Cobb-Douglas, so this is utility itself; no approximation is made.
    """
    return (after.income / after.consumer_price_hat) / (before.income / before.consumer_price_hat)


def _real(state: State, amount: FloatArray) -> FloatArray:
    """`amount` at the consumer prices of the baseline."""
    return amount / state.consumer_price_hat


def _utility(state: State) -> FloatArray:
    """Real income net of effort, at the consumer prices of the baseline, [economy]."""
    net = net_of_effort(
        state.income, state.labour_income.sum(axis=1), state.labour_supply_elasticity
    )
    return _real(state, net)


def welfare_hat(before: State, after: State) -> FloatArray:
    r"""Welfare after over before, [economy].

    Real income if labour supply is fixed. If it responds to the real wage with elasticity
    :math:`\varepsilon`, more work is not all gain and effort is taken off:

    .. math:: \hat W_n = \frac{\left(Y'_n - \frac{\varepsilon}{1+\varepsilon} w'_n L'_n\right)
              / \hat P_n}{Y_n - \frac{\varepsilon}{1+\varepsilon} w_n L_n}

    See :func:`detente.equilibrium.effort.net_of_effort` for the preferences behind it.
    """
    return _utility(after) / _utility(before)


def equivalent_variation(before: State, after: State) -> FloatArray:
    r"""The sum at baseline prices worth as much as the change, [economy], world's currency.

    .. math:: EV_n = \frac{Y'_n}{\hat P'_n} - \frac{Y_n}{\hat P_n}

    net of effort where labour supply responds. Both states are valued at the consumer prices of
    the baseline, so the variation from A to C is that from A to B plus that from B to C, and
    the numeraire does not matter.
    """
    return _utility(after) - _utility(before)


def real_income_without_transfer_hat(before: State, after: State) -> FloatArray:
    """Real income earned at home, (Y − D)/P, after over before, [economy].

    Rebalancing moves the transfer itself: an economy that lends less consumes more today. This
    is what is left when that is set aside.
    """
    return _real(after, after.income - after.transfer) / _real(
        before, before.income - before.transfer
    )


def real_wage_hat(before: State, after: State) -> FloatArray:
    """Labour income per unit of labour supplied over consumer prices, after over before."""

    def wage(state: State) -> FloatArray:
        return _real(state, state.labour_income.sum(axis=1) / state.labour_supply_hat)

    return wage(after) / wage(before)


def welfare(before: State, after: State) -> dict[str, Labelled]:
    """Welfare, real income and real wages, labelled."""
    by_economy = ("economy",)

    def percent(hat: FloatArray, name: str) -> Labelled:
        return Labelled(100 * (hat - 1), by_economy, "%", name)

    sector_wage = percent_change(
        after.wage_hat / after.consumer_price_hat[:, None],
        before.wage_hat / before.consumer_price_hat[:, None],
    )
    return {
        "welfare_pct": percent(welfare_hat(before, after), "welfare_pct"),
        "equivalent_variation": Labelled(
            equivalent_variation(before, after),
            by_economy,
            after.world.currency,
            "equivalent_variation",
        ),
        "real_income_pct": percent(real_income_hat(before, after), "real_income_pct"),
        "real_income_without_transfer_pct": percent(
            real_income_without_transfer_hat(before, after), "real_income_without_transfer_pct"
        ),
        "real_wage_pct": percent(real_wage_hat(before, after), "real_wage_pct"),
        "real_wage_by_sector_pct": Labelled(
            sector_wage, ("economy", "sector"), "%", "real_wage_pct"
        ),
    }
