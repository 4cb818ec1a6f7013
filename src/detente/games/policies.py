"""Which wedges do governments move, and what do they leave as it is?"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Shaped
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.equilibrium.baseline import baseline_of
from detente.equilibrium.problem import Problem
from detente.equilibrium.wedges import exporter_rate, wedge_product
from detente.measures.shock import SHARE_SLACK, Shock
from detente.world.model import World

__all__ = ["FixedWedges", "Policies", "fixed_by", "import_value", "with_policies"]

#: Parts are filled up with empty ones to a multiple of this: packages share compiled kernels.
PADDED = 64


class Policies(NamedTuple):
    """Wedges of the whole world as the searches move them.

    Attributes
    ----------
    tariff, export_tax
        ln(1 + t) and ln(1 + e), [importer, exporter, sector]; where measures stand on parts of a
        flow, on the rest of it.
    production_subsidy
        −ln(1 − s), [economy, sector].
    ban
        Share of each flow that is closed, [importer, exporter, sector], in [0, 1].
    transfer
        Added to the transfer each economy receives, in its currency at an unchanged numeraire.
    part_tariff
        ln(1 + t) on each part of a flow that standing measures hit, [part].
    """

    tariff: Float[Array, "importer exporter sector"]
    export_tax: Float[Array, "importer exporter sector"]
    production_subsidy: Float[Array, "economy sector"]
    ban: Float[Array, "importer exporter sector"]
    transfer: Float[Array, " economy"]
    part_tariff: Float[Array, " part"] = np.zeros(0)  # type: ignore[assignment]


class FixedWedges(NamedTuple):
    """What policies do not move: shares, baseline wedge logs, purchase subsidies, parts.

    `pi` holds the baseline shares less the parts, times the resource cost to the power −θ;
    `part_pi` the same of every part. `part_ln_k` is the log wedge of a part without its tariff,
    `part_rate` what the exporter's government nets on it.
    """

    pi: Float[Array, "importer exporter sector"]
    ln_k: Float[Array, "importer exporter sector"]
    ln_purchase: Float[Array, "importer exporter sector"]
    part_flow: Int[Array, " part"]
    part_pi: Float[Array, " part"]
    part_theta: Float[Array, " part"]
    part_ln_k: Float[Array, " part"]
    part_rate: Float[Array, " part"]


def with_policies(problem: Problem, fixed: FixedWedges, policies: Policies) -> Problem:
    r"""The problem with the wedges of `policies` in place.

    .. math:: \ln K = \ln(1-s) + \ln(1+e) + \ln(1+t) + \ln(1-b)

    Parts h of a flow add :math:`\pi c_h(\hat\delta_h K_h/K)^{-\theta}`, as in
    :class:`detente.equilibrium.wedges.FlowFactors`.
    """
    ln_k = (
        policies.tariff
        + policies.export_tax
        - policies.production_subsidy[None]
        + fixed.ln_purchase
    )
    a = fixed.pi * (1.0 - policies.ban) * jnp.exp(-problem.theta[None, None] * (ln_k - fixed.ln_k))
    ab = a * jnp.exp(-ln_k)
    seller = jnp.exp(-policies.production_subsidy)[None]
    abe = ab * (jnp.expm1(policies.export_tax) * seller - (1.0 - seller))
    if fixed.part_flow.size:
        flow = fixed.part_flow
        ln_k_part = policies.part_tariff + fixed.part_ln_k
        left = (1.0 - policies.ban).ravel()[flow] * fixed.part_pi
        ln_k_hat = ln_k_part - fixed.ln_k.ravel()[flow]
        part = left * jnp.exp(-fixed.part_theta * ln_k_hat)
        part_b = part * jnp.exp(-ln_k_part)

        def with_parts(
            rest: Float[Array, "importer exporter sector"], of_parts: Float[Array, " part"]
        ) -> Float[Array, "importer exporter sector"]:
            return rest.ravel().at[flow].add(of_parts).reshape(rest.shape)

        a, ab = with_parts(a, part), with_parts(ab, part_b)
        abe = with_parts(abe, part_b * fixed.part_rate)

    def kernel(
        flows: Float[Array, "importer exporter sector"],
    ) -> Float[Array, "sector importer exporter"]:
        return jnp.transpose(flows, (2, 0, 1))

    return problem._replace(
        pa=kernel(a),
        pab=kernel(ab),
        pae=kernel(abe),
        transfer_change=policies.transfer,
    )


def fixed_by(world: World, shock: Shock, is_open: NDArray[np.bool]) -> FixedWedges:
    """What the world and a standing shock fix; routes that are not open stay shut."""
    base, parts = baseline_of(world), shock.parts
    shape = world.sales.shape
    flow = np.ravel_multi_index((parts.importer, parts.exporter, parts.sector), shape)
    theta = world.trade_elasticity[parts.sector]
    rest = 1.0 - np.bincount(flow, weights=parts.share, minlength=world.sales.size).reshape(shape)
    rest = np.where(rest < SHARE_SLACK, 0.0, rest)
    pi = np.where(is_open, base.pi * rest * shock.resource_cost**-world.trade_elasticity, 0.0)
    part_pi = np.where(is_open, base.pi, 0.0).reshape(-1)[flow]
    s, e, b = parts.production_subsidy, parts.export_tax, parts.purchase_subsidy

    def filled(array: NDArray[Any]) -> Shaped[Array, " part"]:
        return jnp.asarray(np.pad(array, (0, -len(parts) % PADDED)))

    return FixedWedges(
        pi=jnp.asarray(pi),
        ln_k=jnp.asarray(np.log(base.k)),
        ln_purchase=jnp.asarray(np.log1p(-shock.purchase_subsidy)),
        part_flow=filled(flow),
        part_pi=filled(part_pi * parts.share * parts.resource_cost**-theta),
        part_theta=filled(theta),
        part_ln_k=filled(np.log(wedge_product(s, e, np.zeros(len(parts)), b))),
        part_rate=filled(exporter_rate(s, e)),
    )


def import_value(world: World) -> FloatArray:
    """V·(1 + e)(1 − s): the base of the import duty, [importer, exporter, sector]."""
    out: FloatArray = world.sales * (1 + world.export_tax) * (1 - world.production_subsidy[None])
    return out
