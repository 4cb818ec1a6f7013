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
    factors: tuple[Float[Array, "economy input"], Float[Array, "economy sector"]] | None = None,
) -> Float[Array, "economy sector"]:
    r"""Spending on every good, final and as input, at purchaser prices.

    .. math:: X'_{nj} = \alpha_{nj}Y'_n + \sum_k g_{njk}\sum_m V'_{mnk}

    Parameters
    ----------
    alpha, g
        Final shares and input shares of gross output.
    income, sales
        Levels after the change; sales at the factory gate.
    factors
        What input shares are multiplied by where inputs are a CES nest, see
        :func:`detente.equilibrium.costs.input_factors`; None where technology keeps them.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> x = expenditure_prime(jnp.ones((1, 1)), jnp.full((1, 1, 1), 0.5), jnp.array([10.0]),
    ...     jnp.array([[20.0]]))
    >>> print(x[0, 0])
    20.0
    """
    if factors is None:
        inputs = jnp.einsum("njk,nk->nj", g, sales)
    else:
        of_input, of_buyer = factors
        inputs = of_input * jnp.einsum("njk,nk->nj", g, sales * of_buyer)
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
