"""What does every economy earn, and what does it spend on what?"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

__all__ = ["expenditure_prime", "ln_consumer_price_hat"]


def expenditure_prime(
    alpha: Float[Array, "economy sector"],
    g: Float[Array, "economy input sector"],
    income: Float[Array, " economy"],
    sales: Float[Array, "economy sector"],
    complement: tuple[Float[Array, "economy input"], Float[Array, "economy sector"]] | None = None,
) -> Float[Array, "economy sector"]:
    r"""Spending on every good, final and as input, at purchaser prices.

    .. math:: X'_{nj} = \alpha_{nj}Y'_n + \sum_k g_{njk}\sum_m V'_{mnk}

    Parameters
    ----------
    alpha, g
        Final shares and input shares of gross output.
    income, sales
        Levels after the change; sales at the factory gate.
    complement
        Log price of each input and log unit cost (before productivity) times 1 − η, where
        inputs are a CES nest: shares become
        :math:`g_{njk}(\hat P_{nj}/\hat c_{nk}\hat A_{nk})^{1-\eta}`.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> x = expenditure_prime(jnp.ones((1, 1)), jnp.full((1, 1, 1), 0.5), jnp.array([10.0]),
    ...     jnp.array([[20.0]]))
    >>> print(x[0, 0])
    20.0
    """
    if complement is None:
        inputs = jnp.einsum("njk,nk->nj", g, sales)
    else:
        ln_price_power, ln_cost_power = complement
        inputs = jnp.exp(ln_price_power) * jnp.einsum(
            "njk,nk->nj", g, sales * jnp.exp(-ln_cost_power)
        )
    return alpha * income[:, None] + inputs


def ln_consumer_price_hat(
    alpha: Float[Array, "economy sector"], ln_price: Float[Array, "economy sector"]
) -> Float[Array, " economy"]:
    r"""Log change of the consumer price index, :math:`\sum_j \alpha_{nj}\ln\hat P_{nj}`.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> print(ln_consumer_price_hat(jnp.array([[0.25, 0.75]]), jnp.array([[0.4, 0.0]])))
    [0.1]
    """
    return (alpha * ln_price).sum(axis=1)
