"""What does every flow pay after the change, and to whom?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from detente.arrays import FloatArray
from detente.errors import MeasureError
from detente.measures.shock import SHARE_SLACK, Shock
from detente.world.model import World

__all__ = ["FlowFactors", "flow_factors", "hit_factors", "wedge_product"]


def wedge_product(s: FloatArray, e: FloatArray, t: FloatArray, b: FloatArray) -> FloatArray:
    """K = (1 − s)(1 + e)(1 + t)(1 − b): purchaser price over the factory-gate price.

    Examples
    --------
    >>> s, nothing, t = np.array([0.1]), np.zeros(1), np.array([0.25])
    >>> print(wedge_product(s, nothing, t, nothing))
    [1.125]
    """
    out: FloatArray = (1 - s) * (1 + e) * (1 + t) * (1 - b)
    return out


def exporter_rate(s: FloatArray, e: FloatArray) -> FloatArray:
    """e(1 − s) − s: what the exporter's government nets per unit of sales at the gate."""
    out: FloatArray = e * (1 - s) - s
    return out


@dataclass(frozen=True)
class FlowFactors:
    r"""How each baseline share is scaled by the wedges, in the kernel's axes.

    With parts h of a flow, weights :math:`c_h` and price factors :math:`\hat\kappa_h`:

    Attributes
    ----------
    pa
        :math:`\pi \sum_h c_h \hat\kappa_h^{-\theta}`, [sector, importer, exporter].
    pab
        :math:`\pi \sum_h c_h \hat\kappa_h^{-\theta}/K_h`: the same at the factory gate.
    pae
        :math:`\pi \sum_h c_h \hat\kappa_h^{-\theta}(e_h(1-s_h)-s_h)/K_h`: what the exporter's
        government nets; None where no export tax and no production subsidy exists.
    """

    pa: Float[np.ndarray, "sector importer exporter"]
    pab: Float[np.ndarray, "sector importer exporter"]
    pae: Float[np.ndarray, "sector importer exporter"] | None


@dataclass(frozen=True)
class HitFactors:
    """One entry for every hit piece of a flow: the rests first, then the parts.

    `flow` is the flat position in [importer, exporter, sector]; `weight` is
    c_h κ̂_h^{−θ} (zero for a ban), `k` the wedge product, `rate` the exporter's net rate.
    """

    flow: Int[np.ndarray, " piece"]
    weight: Float[np.ndarray, " piece"]
    k: Float[np.ndarray, " piece"]
    rate: Float[np.ndarray, " piece"]
    s: Float[np.ndarray, " piece"]
    e: Float[np.ndarray, " piece"]
    t: Float[np.ndarray, " piece"]
    b: Float[np.ndarray, " piece"]
    touched: Int[np.ndarray, " rest"]


def _power(kappa_hat: FloatArray, theta: FloatArray) -> FloatArray:
    """κ̂^{−θ}; an infinite cost gives an exact zero."""
    out: FloatArray = np.power(kappa_hat, -theta)
    return out


def hit_factors(
    world: World, shock: Shock, k_baseline: Float[np.ndarray, "importer exporter sector"]
) -> HitFactors:
    """Every piece of a flow whose wedges differ from the baseline's.

    Raises
    ------
    MeasureError
        The parts of a flow together exceed the flow.
    """
    changed = np.zeros(world.sales.shape, dtype=bool)
    for name in ("tariff", "export_tax", "purchase_subsidy"):
        new, old = getattr(shock, name), getattr(world, name)
        if new is not old:
            changed |= new != old
    if shock.production_subsidy is not world.production_subsidy:
        changed |= (shock.production_subsidy != world.production_subsidy)[None]
    changed |= shock.resource_cost != 1.0
    flat_dense = np.flatnonzero(changed)
    parts = shock.parts
    n, j = len(world.economies), len(world.sectors)
    flat_parts = (parts.importer * n + parts.exporter) * j + parts.sector
    touched = np.union1d(flat_dense, flat_parts) if len(parts) else flat_dense
    theta = world.trade_elasticity[touched % j]
    rest = np.ones(len(touched))
    if len(parts):
        np.subtract.at(rest, np.searchsorted(touched, flat_parts), parts.share)
        if rest.min() < -SHARE_SLACK:
            at = int(touched[int(np.argmin(rest))])
            raise MeasureError(
                f"the parts of {world.sectors[at % j]} from {world.economies[at // j % n]} to "
                f"{world.economies[at // (j * n)]} add up to {1 - rest.min():.6f} of the flow. "
                "Say how the measures overlap (same lines, nested, independent)."
            )
        rest = np.where(rest < SHARE_SLACK, 0.0, rest)
    s = shock.production_subsidy.reshape(-1)[touched % (n * j)]
    e, t, b, delta = (
        getattr(shock, name).reshape(-1)[touched]
        for name in ("export_tax", "tariff", "purchase_subsidy", "resource_cost")
    )
    k = wedge_product(s, e, t, b)
    k0 = k_baseline.reshape(-1)
    weight = rest * _power(delta * k / k0[touched], theta)
    if not len(parts):
        return HitFactors(touched, weight, k, exporter_rate(s, e), s, e, t, b, touched)
    k_part = wedge_product(
        parts.production_subsidy, parts.export_tax, parts.tariff, parts.purchase_subsidy
    )
    weight_part = parts.share * _power(
        parts.resource_cost * k_part / k0[flat_parts], world.trade_elasticity[parts.sector]
    )
    return HitFactors(
        flow=np.concatenate([touched, flat_parts]),
        weight=np.concatenate([weight, weight_part]),
        k=np.concatenate([k, k_part]),
        rate=np.concatenate(
            [exporter_rate(s, e), exporter_rate(parts.production_subsidy, parts.export_tax)]
        ),
        s=np.concatenate([s, parts.production_subsidy]),
        e=np.concatenate([e, parts.export_tax]),
        t=np.concatenate([t, parts.tariff]),
        b=np.concatenate([b, parts.purchase_subsidy]),
        touched=touched,
    )


def flow_factors(
    hit: HitFactors,
    pi: Float[np.ndarray, "importer exporter sector"],
    baseline: FlowFactors,
    *,
    keep_exporter: bool,
) -> FlowFactors:
    """The baseline's factors with the hit flows replaced.

    Parameters
    ----------
    hit
        From :func:`hit_factors`.
    pi
        Baseline expenditure shares, [importer, exporter, sector].
    baseline
        The factors without any change, in the kernel's axes.
    keep_exporter
        Whether exporters' governments collect or pay anything, before or after.
    """
    touched = hit.touched
    pa, pab = baseline.pa.copy(), baseline.pab.copy()
    pae = None
    if keep_exporter:
        pae = np.zeros_like(pa) if baseline.pae is None else baseline.pae.copy()
    if not len(touched):
        return FlowFactors(pa, pab, pae)
    n, _, j = pi.shape
    kernel_position = (touched % j) * n * n + touched // j
    share = pi.reshape(-1)[touched]
    where = np.searchsorted(touched, hit.flow)

    def summed(piece: FloatArray) -> FloatArray:
        out: FloatArray = np.bincount(where, weights=piece, minlength=len(touched)) * share
        return out

    pa.reshape(-1)[kernel_position] = summed(hit.weight)
    pab.reshape(-1)[kernel_position] = summed(hit.weight / hit.k)
    if pae is not None:
        pae.reshape(-1)[kernel_position] = summed(hit.weight * hit.rate / hit.k)
    return FlowFactors(pa, pab, pae)
