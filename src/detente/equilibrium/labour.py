"""Where do people work, and at which wage?"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

__all__ = ["LabourMarket", "labour_market", "ln_labour_supply_hat"]

#: A sector that nobody buys from any more employs this share of before, so that logs exist.
VANISHED = 1e-300


class LabourMarket(NamedTuple):
    """Logs of hats that clear labour markets given labour income by cell."""

    ln_wage: Float[Array, "economy sector"]
    ln_labour: Float[Array, "economy sector"]
    ln_supply: Float[Array, " economy"]
    ln_mean_wage: Float[Array, " economy"]


def ln_labour_supply_hat(
    ln_endowment: Float[Array, " economy"],
    ln_labour_income: Float[Array, " economy"],
    ln_consumer_price: Float[Array, " economy"],
    epsilon: Float[Array, ""],
) -> Float[Array, " economy"]:
    r"""Log change of labour supplied.

    .. math:: \hat L_i = \hat\ell_i (\hat w_i/\hat P_i)^{\varepsilon}

    With :math:`\hat w_i = \hat I_i/\hat L_i` this is explicit:
    :math:`\hat L_i^{1+\varepsilon} = \hat\ell_i (\hat I_i/\hat P_i)^{\varepsilon}`.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> zero = jnp.zeros(1)
    >>> print(ln_labour_supply_hat(zero, jnp.array([0.2]), zero, jnp.array(1.0)))
    [0.1]
    """
    return (ln_endowment + epsilon * (ln_labour_income - ln_consumer_price)) / (1.0 + epsilon)


def labour_market(
    labour_income_prime: Float[Array, "economy sector"],
    labour_income: Float[Array, "economy sector"],
    ln_endowment: Float[Array, " economy"],
    ln_consumer_price: Float[Array, " economy"],
    epsilon: Float[Array, ""],
    zeta: Float[Array, ""],
    regime: str,
    elastic: bool,
) -> LabourMarket:
    r"""Wages and employment that go with the labour income of every cell.

    With :math:`\hat I_{ij}` labour income of a cell, :math:`\hat I_i` of the economy and
    :math:`\hat s_{ij} = \hat I_{ij}/\hat I_i`:

    - mobile: :math:`\hat w_{ij} = \hat I_i/\hat L_i`, efficiency units
      :math:`\hat L_{ij} = \hat I_{ij}/\hat w_{ij}`;
    - specific: :math:`\hat w_{ij} = \hat I_{ij}/\hat L_i`, :math:`\hat L_{ij} = \hat L_i`;
    - roy: :math:`\hat w_{ij} = \hat s_{ij}^{1/\zeta}\hat I_i/\hat L_i`,
      :math:`\hat L_{ij} = \hat s_{ij}\hat I_i/\hat w_{ij}`.

    References
    ----------
    Galle, Rodríguez-Clare and Yi (2023), for roy.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> before, after = jnp.array([[1.0, 1.0]]), jnp.array([[1.5, 0.5]])
    >>> zero, one = jnp.zeros(1), jnp.array(1.0)
    >>> m = labour_market(after, before, zero, zero, 0 * one, one, "mobile", False)
    >>> print(jnp.exp(m.ln_labour).round(3))
    [[1.5 0.5]]
    """
    total = labour_income_prime.sum(axis=1)
    ln_income = jnp.log(jnp.maximum(total, VANISHED) / labour_income.sum(axis=1))
    ln_supply = (
        ln_labour_supply_hat(ln_endowment, ln_income, ln_consumer_price, epsilon)
        if elastic
        else ln_endowment
    )
    ln_mean_wage = ln_income - ln_supply
    works = (labour_income > 0) & (labour_income_prime > 0)
    ln_cell = jnp.where(
        works,
        jnp.log(
            jnp.maximum(jnp.where(works, labour_income_prime, 1.0), VANISHED)
            / jnp.where(works, labour_income, 1.0)
        ),
        ln_income[:, None],
    )
    ln_share = ln_cell - ln_income[:, None]
    if regime == "mobile":
        ln_wage = jnp.broadcast_to(ln_mean_wage[:, None], ln_cell.shape)
    elif regime == "specific":
        ln_wage = ln_share + ln_mean_wage[:, None]
    else:
        ln_wage = ln_share / zeta + ln_mean_wage[:, None]
    return LabourMarket(ln_wage, ln_cell - ln_wage, ln_supply, ln_mean_wage)
