"""How is the external account closed, and what are values measured in?"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

__all__ = ["income_prime", "numeraire_hat", "transfer_rule"]


def transfer_rule(
    transfer: Float[Array, " economy"],
    transfer_change: Float[Array, " economy"],
    income: Float[Array, " economy"],
    income_prime: Float[Array, " economy"],
    numeraire: Float[Array, ""],
    closure: str,
) -> tuple[Float[Array, " economy"], Float[Array, " economy"]]:
    r"""Share of spending and fixed amount that make up a transfer, :math:`D'_n = d'_n Y'_n + f_n`.

    Fixed: :math:`D'_n = D_n` at the numeraire, plus the given change. Proportional: transfers
    stay a share of spending, less what makes them sum to zero,

    .. math:: d'_n = d_n - \bar d, \quad d_n = D_n/Y_n, \quad
              \bar d = \sum_m d_m Y'_m / \sum_m Y'_m

    Parameters
    ----------
    transfer, transfer_change
        Baseline transfer and its given change, in world currency at an unchanged numeraire.
    income, income_prime
        Final spending at the baseline, and what it is taken to be for the world mean of d.
    numeraire
        Value of the numeraire at the kernel's prices (world value added unchanged).
    closure
        "fixed" or "proportional".

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> y = jnp.array([100.0, 50.0])
    >>> share, amount = transfer_rule(
    ...     jnp.array([5.0, -5.0]), jnp.zeros(2), y, y, jnp.array(1.0), "proportional")
    >>> print(share, amount)
    [ 0.05 -0.1 ] [0. 0.]
    """
    if closure == "proportional":
        d = transfer / income
        return d - (d * income_prime).sum() / income_prime.sum(), numeraire * transfer_change
    return jnp.zeros_like(income), numeraire * (transfer + transfer_change)


def income_prime(
    earned: Float[Array, " economy"],
    transfer_share: Float[Array, " economy"],
    transfer_amount: Float[Array, " economy"],
) -> Float[Array, " economy"]:
    r"""Final spending: what is earned at home and the transfer.

    .. math:: Y'_n = E'_n + d'_n Y'_n + f_n

    Parameters
    ----------
    earned
        Labour income, profits and net revenue of every wedge.
    transfer_share, transfer_amount
        From :func:`transfer_rule`.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> print(income_prime(jnp.array([95.0, 55.0]), jnp.array([0.05, -0.1]), jnp.zeros(2)))
    [100.  50.]
    """
    return (earned + transfer_amount) / (1.0 - transfer_share)


def numeraire_hat(
    mean_wage_hat: Float[Array, " economy"],
    labour_income_prime: Float[Array, ""],
    labour_income: Float[Array, ""],
    anchor: Float[Array, " economy"],
    numeraire: str,
) -> Float[Array, ""]:
    """Value of the numeraire when world value added is held at its baseline.

    `anchor` picks the economy whose wage is meant, where a wage is.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> one = jnp.array(1.0)
    >>> print(numeraire_hat(jnp.array([1.1, 0.9]), one, one, jnp.array([1.0, 0.0]), "wage"))
    1.1
    """
    if numeraire == "wage":
        return (anchor * mean_wage_hat).sum()
    if numeraire == "labour income":
        return labour_income_prime / labour_income
    return jnp.ones_like(labour_income_prime)
