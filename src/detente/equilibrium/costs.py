"""What does a unit cost to make, and of what?"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

__all__ = ["input_factors", "labour_share_prime", "ln_unit_cost_hat", "ln_unit_cost_hat_ces"]


def ln_unit_cost_hat(
    cost_labour: Float[Array, "economy sector"],
    cost_input: Float[Array, "economy input sector"],
    ln_wage: Float[Array, "economy sector"],
    ln_price: Float[Array, "economy input"],
    ln_productivity: Float[Array, "economy sector"],
) -> Float[Array, "economy sector"]:
    r"""Log change of unit costs with Cobb-Douglas technology.

    .. math:: \ln\hat c_{ij} = v_{ij}\ln\hat w_{ij} + \sum_k g_{ikj}\ln\hat P_{ik} - \ln\hat A_{ij}

    Parameters
    ----------
    cost_labour, cost_input
        Exponents: :math:`v` and :math:`g`; under fixed entry
        :math:`(v-1/\sigma)/(1-1/\sigma)` and :math:`g/(1-1/\sigma)`.
    ln_wage, ln_price, ln_productivity
        Logs of hats: wages per efficiency unit, purchaser prices, productivity.

    References
    ----------
    Caliendo and Parro (2015), equation (10).

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> half = jnp.full((1, 1), 0.5)
    >>> cost = ln_unit_cost_hat(half, half[None], jnp.array([[0.2]]), jnp.array([[0.4]]),
    ...     jnp.zeros((1, 1)))
    >>> print(f"{float(cost[0, 0]):.2f}")
    0.30
    """
    return cost_labour * ln_wage + jnp.einsum("nkj,nk->nj", cost_input, ln_price) - ln_productivity


def ln_unit_cost_hat_ces(
    cost_labour: Float[Array, "economy sector"],
    cost_input: Float[Array, "economy input sector"],
    ln_wage: Float[Array, "economy sector"],
    ln_price: Float[Array, "economy input"],
    ln_productivity: Float[Array, "economy sector"],
    eta: Float[Array, ""],
) -> Float[Array, "economy sector"]:
    r"""Log change of unit costs when labour and inputs substitute with elasticity η.

    .. math:: \hat c_{ij}^{1-\eta} \hat A_{ij}^{1-\eta} =
              v_{ij}\hat w_{ij}^{1-\eta} + \sum_k g_{ikj}\hat P_{ik}^{1-\eta}

    Below one, inputs complement each other: a scarce one drags the others down. The shares
    need not sum to one exactly in worlds under the trade-balance closing, so they are divided
    by their sum, which leaves unchanged prices unchanged.

    References
    ----------
    Baqaee and Farhi (2024).

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> half = jnp.full((1, 1), 0.5)
    >>> cost = ln_unit_cost_hat_ces(half, half[None], jnp.array([[0.0]]),
    ...     jnp.log(jnp.array([[3.0]])), jnp.zeros((1, 1)), jnp.array(0.0))
    >>> print(f"{float(jnp.exp(cost[0, 0])):.1f}")
    2.0
    """
    power = 1.0 - eta
    total = cost_labour + cost_input.sum(axis=1)
    nest = cost_labour * jnp.exp(power * ln_wage) + jnp.einsum(
        "nkj,nk->nj", cost_input, jnp.exp(power * ln_price)
    )
    return jnp.log(nest / total) / power - ln_productivity


def input_factors(
    ln_price: Float[Array, "economy input"],
    ln_nest: Float[Array, "economy sector"],
    eta: Float[Array, ""],
) -> tuple[Float[Array, "economy input"], Float[Array, "economy sector"]]:
    r"""By what input shares of a CES nest change, as a factor of the input times one of the buyer.

    .. math:: g'_{ikj} = g_{ikj}\,\hat P_{ik}^{1-\eta}\,(\hat c_{ij}\hat A_{ij})^{\eta-1}

    `ln_nest` is the log unit cost before productivity.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> dear, cheap = input_factors(
    ...     jnp.log(jnp.array([[3.0]])), jnp.log(jnp.array([[2.0]])), jnp.array(0.0))
    >>> print(f"{float(dear[0, 0] * cheap[0, 0]):.1f}")
    1.5
    """
    power = 1.0 - eta
    return jnp.exp(power * ln_price), jnp.exp(-power * ln_nest)


def labour_share_prime(
    labour_share: Float[Array, "economy sector"],
    ln_wage: Float[Array, "economy sector"],
    ln_nest: Float[Array, "economy sector"],
    eta: Float[Array, ""],
) -> Float[Array, "economy sector"]:
    r"""Labour's share of sales in a CES nest.

    .. math:: v'_{ij} = v_{ij}(\hat w_{ij}/\hat c_{ij}\hat A_{ij})^{1-\eta}

    `ln_nest` is the log unit cost before productivity.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> half, two = jnp.full((1, 1), 0.5), jnp.log(jnp.full((1, 1), 2.0))
    >>> print(labour_share_prime(half, two, 0 * two, jnp.array(0.0)))
    [[1.]]
    """
    return labour_share * jnp.exp((1.0 - eta) * (ln_wage - ln_nest))
