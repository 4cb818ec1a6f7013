"""From whom does every economy buy, and at which price?"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

__all__ = [
    "demand_prime",
    "expenditure_share_prime",
    "exporter_revenue",
    "gate_value",
    "importer_revenue",
    "ln_price_hat",
    "part_expenditure_prime",
    "sales_prime",
    "supply_pull",
]


def supply_pull(
    ln_unit_cost: Float[Array, "exporter sector"],
    ln_labour: Float[Array, "exporter sector"] | None,
    theta: Float[Array, " sector"],
    psi: Float[Array, " sector"],
) -> Float[Array, "exporter sector"]:
    r"""How strongly a seller draws buyers.

    .. math:: z_{ij} = (\hat L_{ij}^{\psi_j}/\hat c_{ij})^{\theta_j}

    `ln_labour` None means no economies of scale.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> z = supply_pull(jnp.log(jnp.array([[2.0]])), None, jnp.array([3.0]), jnp.array([0.0]))
    >>> print(f"{float(z[0, 0]):.3f}")
    0.125
    """
    ln_gate_price = ln_unit_cost if ln_labour is None else ln_unit_cost - psi[None] * ln_labour
    return jnp.exp(-theta[None] * ln_gate_price)


def ln_price_hat(
    pa: Float[Array, "sector importer exporter"],
    z: Float[Array, "exporter sector"],
    theta: Float[Array, " sector"],
) -> Float[Array, "importer sector"]:
    r"""Log change of purchaser prices, :math:`\hat P_{nj} = (\sum_i a_{nij})^{-1/\theta_j}`.

    .. math:: a_{nij} = \pi_{nij}\, \hat L_{ij}^{\theta_j\psi_j}
                        (\hat c_{ij}\hat\kappa_{nij})^{-\theta_j}

    Where nothing is bought and nothing is offered the price is left unchanged.

    References
    ----------
    Caliendo and Parro (2015), equation (11); Kucheryavyy, Lyn and Rodríguez-Clare (2023).

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> pa = jnp.array([[[0.8, 0.2], [0.2, 0.8]]])
    >>> print(ln_price_hat(pa, jnp.ones((2, 1)), jnp.array([4.0])).round(3)[:, 0])
    [-0. -0.]
    """
    offered = jnp.einsum("jni,ij->nj", pa, z)
    is_offered = offered > 0
    return jnp.where(is_offered, -jnp.log(jnp.where(is_offered, offered, 1.0)) / theta[None], 0.0)


def demand_prime(
    expenditure: Float[Array, "importer sector"],
    ln_price: Float[Array, "importer sector"],
    theta: Float[Array, " sector"],
) -> Float[Array, "importer sector"]:
    r"""What a unit of pull sells to a buyer, :math:`q_{nj} = X'_{nj}\hat P_{nj}^{\theta_j}`.

    Every flow is its share of the baseline times its wedges, the pull of the seller and this.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> one = jnp.ones((1, 1))
    >>> print(demand_prime(10.0 * one, jnp.log(2.0 * one), jnp.array([3.0])))
    [[80.]]
    """
    return expenditure * jnp.exp(theta[None] * ln_price)


def gate_value(
    pab: Float[Array, "sector importer exporter"],
    z: Float[Array, "exporter sector"],
    demand: Float[Array, "importer sector"],
) -> Float[Array, "exporter sector"]:
    r"""Sales of every seller at the factory gate.

    .. math:: S_{ij} = \sum_n V'_{nij}
              = z_{ij}\sum_n \Big[\pi_{nij}\sum_h c_h\hat\kappa_h^{-\theta_j}/K_h\Big] q_{nj}

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> pab = jnp.array([[[0.8, 0.2], [0.2, 0.8]]])
    >>> print(gate_value(pab, jnp.ones((2, 1)), jnp.array([[10.0], [20.0]]))[:, 0])
    [12. 18.]
    """
    return z * jnp.einsum("jni,nj->ij", pab, demand)


def exporter_revenue(
    pae: Float[Array, "sector importer exporter"],
    z: Float[Array, "exporter sector"],
    demand: Float[Array, "importer sector"],
) -> Float[Array, " exporter"]:
    r"""What each exporter's government nets: export taxes less production subsidies.

    :math:`\sum_{nj} [e(1-s)-s] V'_{nij}`, part by part of every flow.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> pae = jnp.array([[[0.0, 0.02], [0.0, 0.0]]])
    >>> print(exporter_revenue(pae, jnp.ones((2, 1)), jnp.array([[10.0], [20.0]])))
    [0.  0.2]
    """
    return (z * jnp.einsum("jni,nj->ij", pae, demand)).sum(axis=1)


def importer_revenue(
    pa_below: Float[Array, "sector importer exporter"],
    z: Float[Array, "exporter sector"],
    demand: Float[Array, "importer sector"],
    expenditure: Float[Array, "importer sector"],
) -> Float[Array, " importer"]:
    r"""What each importer's government nets: import duties less purchase subsidies.

    Whatever purchasers pay goes to the seller, to the seller's government or to the buyer's:
    the bases of the wedges add up to one, so this is the rest.

    Parameters
    ----------
    pa_below
        Share of the seller and of the seller's government, `pab + pae`.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> below = jnp.array([[[0.8, 0.16], [0.2, 0.8]]])
    >>> x = jnp.array([[10.0], [20.0]])
    >>> print(importer_revenue(below, jnp.ones((2, 1)), x, x).round(6))
    [0.4 0. ]
    """
    passed_on = demand * jnp.einsum("jni,ij->nj", pa_below, z)
    return (expenditure - passed_on).sum(axis=1)


def sales_prime(
    pab: Float[Array, "sector importer exporter"],
    z: Float[Array, "exporter sector"],
    demand: Float[Array, "importer sector"],
) -> Float[Array, "sector importer exporter"]:
    r"""Sales of every flow at the factory gate, :math:`V'_{nij}`, whose sum is :func:`gate_value`.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> pab = jnp.array([[[0.8, 0.2], [0.2, 0.8]]])
    >>> print(sales_prime(pab, jnp.ones((2, 1)), jnp.array([[10.0], [20.0]]))[0])
    [[ 8.  2.]
     [ 4. 16.]]
    """
    return pab * z.T[:, None, :] * demand.T[:, :, None]


def expenditure_share_prime(
    pa: Float[Array, "sector importer exporter"],
    z: Float[Array, "exporter sector"],
    ln_price: Float[Array, "importer sector"],
    theta: Float[Array, " sector"],
) -> Float[Array, "sector importer exporter"]:
    r"""Expenditure shares :math:`\pi'_{nij} = a_{nij}/\sum_h a_{nhj}`.

    References
    ----------
    Caliendo and Parro (2015), equation (12).

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> pa = jnp.array([[[0.8, 0.2 * 1.1**-4.0], [0.2, 0.8]]])
    >>> z, theta = jnp.ones((2, 1)), jnp.array([4.0])
    >>> after = expenditure_share_prime(pa, z, ln_price_hat(pa, z, theta), theta)
    >>> print(f"{after[0, 0, 1]:.3f}")
    0.146
    """
    return sales_prime(pa, z, demand_prime(jnp.ones_like(ln_price), ln_price, theta))


def part_expenditure_prime(
    a: Float[np.ndarray, " part"],
    z: Float[np.ndarray, "exporter sector"],
    demand: Float[np.ndarray, "importer sector"],
    importer: Int[np.ndarray, " part"],
    exporter: Int[np.ndarray, " part"],
    sector: Int[np.ndarray, " part"],
) -> Float[np.ndarray, " part"]:
    r"""What purchasers spend on some parts of flows.

    Parts come in any number, so this is reckoned outside of compiled code.

    Parameters
    ----------
    a
        :math:`\pi_{nij} c_h\hat\kappa_h^{-\theta_j}` of every part.

    Examples
    --------
    >>> import numpy as np
    >>> z, demand, first = np.ones((2, 1)), np.array([[10.0], [20.0]]), np.array([0])
    >>> print(part_expenditure_prime(np.array([0.1]), z, demand, first + 1, first, first))
    [2.]
    """
    spent: Float[np.ndarray, " part"] = a * z[exporter, sector] * demand[importer, sector]
    return spent
