r"""Which values might the elasticities have?

Studies of the same sector disagree, and that is the uncertainty meant here: a draw is a trade
elasticity as one more study might have found it,

.. math:: \ln \theta_j^{(d)} = \ln \theta_j + \sigma_j
          \left(\sqrt{\rho}\, z_0^{(d)} + \sqrt{1 - \rho}\, z_j^{(d)}\right)

held within the span of what has been published for the sector: a draw beyond the lowest or the
highest estimate is put at that estimate. :math:`\theta_j` is the set in use, :math:`\sigma_j`
the standard deviation of :math:`\ln\theta_j` between the published studies of sector j (pooled over
sectors where fewer than two exist; those are not bounded), and :math:`\rho` the part of the
disagreement that a study carries through all sectors: some methods find high elasticities
everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.errors import InputError, UnknownNameError
from detente.wording import Note
from detente.world.elasticities import ElasticityStudies, elasticity_studies, with_elasticities
from detente.world.model import World

__all__ = ["SCALE_RULES", "ParameterDraws", "between_study_correlation", "draw_parameters"]

#: What happens to ψ when θ is drawn.
SCALE_RULES = ("product", "fixed")
#: Above this product of trade and scale elasticity no equilibrium with several producers is
#: stable, even without inputs.
LARGEST_PRODUCT = 1.0


@dataclass(frozen=True, eq=False)
class ParameterDraws:
    """Elasticities, one row a draw, and the independent factors behind them.

    Attributes
    ----------
    trade_elasticity, scale_elasticity
        [draw, sector].
    factors
        Standard normal and independent of each other, [draw, factor].
    factor_names
        "all sectors" for the common component, then the sectors' codes.
    log_sd, correlation, scale_rule, seed, sources
        How they came about, for the report.
    refused
        Draw: why it cannot be solved (θψ of one or more). Refused draws are counted as failed.
    """

    trade_elasticity: FloatArray
    scale_elasticity: FloatArray
    factors: FloatArray
    factor_names: tuple[str, ...]
    log_sd: FloatArray
    correlation: float
    scale_rule: str
    seed: int
    sources: tuple[str, ...]
    refused: dict[int, Note]

    def __len__(self) -> int:
        return len(self.trade_elasticity)

    def world(self, world: World, draw: int) -> World:
        """`world` with the elasticities of one draw."""
        theta, psi = self.trade_elasticity[draw].copy(), self.scale_elasticity[draw].copy()
        theta.flags.writeable = psi.flags.writeable = False
        return world.with_(trade_elasticity=theta, scale_elasticity=psi)


def between_study_correlation(studies: ElasticityStudies) -> float:
    r"""The part of the disagreement between studies that runs through all sectors.

    With :math:`r_{sj}` the deviation of study s from the mean of :math:`\ln\theta_j` over
    studies, the mean of :math:`r_{sj} r_{sk}` over pairs of different sectors of one study,
    over the mean of :math:`r_{sj}^2` (an intraclass correlation, Fisher 1925); zero if negative
    or unknown.

    Examples
    --------
    >>> agree = ElasticityStudies(("a", "b"), ("x", "y"), np.array([[2.0, 4.0], [4.0, 8.0]]))
    >>> round(between_study_correlation(agree), 12)
    1.0
    """
    values = np.log(studies.trade_elasticity)
    known = np.isfinite(values) & (studies.count > 1)
    cross = square = 0.0
    pairs = cells = 0
    count = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    residual = np.where(known, values - mean, 0.0)
    for row, mask in zip(residual, known, strict=True):
        size = int(mask.sum())
        squares = float((row**2).sum())
        cross += float(row.sum()) ** 2 - squares
        pairs += size * (size - 1)
        square += squares
        cells += size
    if not pairs or square == 0:
        return 0.0
    return float(np.clip((cross / pairs) / (square / cells), 0.0, 1.0))


def draw_parameters(
    world: World,
    draws: int,
    seed: int,
    *,
    log_sd: Any = None,
    correlation: float | None = None,
    scale_rule: str = "product",
    elasticity_sets: tuple[str, ...] | None = None,
) -> ParameterDraws:
    r"""Elasticities for `draws` draws; the first k are the same however many are asked.

    Parameters
    ----------
    world
        Its elasticities are the centres; its descriptor carries the table of studies.
    draws, seed
        How many, and the seed of the generator (PCG64).
    log_sd
        Standard deviation of ln θ, one or one a sector, not bounded. None: dispersion between the
        studies, within their span (the set in use included).
    correlation
        ρ in [0, 1]. None: estimated from the studies, see :func:`between_study_correlation`.
    scale_rule
        "product": ψ moves against θ so that θψ stays what the set says and never reaches one
        (studies that estimate both find their product much better determined than either).
        "fixed": ψ stays; draws with θψ of one or more are refused and counted as failed.
    elasticity_sets
        Draw whole named sets with equal chances instead (trade and scale elasticities as they
        belong together); `log_sd` and `correlation` do not apply then.

    Examples
    --------
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> draw_parameters(world, 2, seed=1, log_sd=0.5).trade_elasticity.round(3).tolist()
    [[6.032], [2.085]]
    """
    if draws < 1:
        raise InputError(f"draws: at least one is needed, got {draws}.")
    if scale_rule not in SCALE_RULES:
        raise UnknownNameError("scale rule", scale_rule, SCALE_RULES)
    if world.market_structure != "competitive":
        raise InputError(
            f'world "{world.name}": under {world.market_structure} profit shares hang on the '
            "elasticities, so a draw would be another baseline. Ranges are for competitive worlds."
        )
    rng = np.random.default_rng(seed)
    if elasticity_sets is not None:
        return _whole_sets(world, draws, seed, rng, tuple(elasticity_sets))
    studies = elasticity_studies(world)
    if log_sd is None:
        if not len(studies.studies) or studies.pooled_log_sd == 0:
            raise InputError(
                f'world "{world.name}" carries no table of elasticity studies: say how uncertain '
                "its elasticities are (draw_parameters(world, log_sd=0.5) takes the standard "
                "deviation of ln θ)."
            )
        sd = studies.log_sd_or_pooled()
        sources = tuple(studies.studies)
    else:
        sd = np.broadcast_to(np.asarray(log_sd, dtype=float), (len(world.sectors),)).copy()
        sources = ("given",)
    if not np.all(np.isfinite(sd)) or (sd < 0).any():
        raise InputError("log_sd: standard deviations must be zero or positive.")
    rho = correlation
    if rho is None:
        rho = between_study_correlation(studies) if log_sd is None else 0.0
    if not 0 <= rho <= 1:
        raise InputError(f"correlation: {rho} is not between zero and one.")
    z = rng.standard_normal((draws, 1 + len(world.sectors)))
    normal = np.sqrt(rho) * z[:, :1] + np.sqrt(1 - rho) * z[:, 1:]
    theta = world.trade_elasticity * np.exp(sd * normal)
    if log_sd is None:
        theta = _within_span(theta, world, studies)
    psi0 = world.scale_elasticity
    if scale_rule == "product":
        psi = world.trade_elasticity * psi0 / theta
    else:
        psi = np.broadcast_to(psi0, theta.shape).copy()
    return ParameterDraws(
        trade_elasticity=theta,
        scale_elasticity=psi,
        factors=z,
        factor_names=("all sectors", *world.sectors),
        log_sd=sd,
        correlation=float(rho),
        scale_rule=scale_rule,
        seed=seed,
        sources=sources,
        refused=_refused(world, theta, psi),
    )


def _within_span(theta: FloatArray, world: World, studies: ElasticityStudies) -> FloatArray:
    """Draws beyond the lowest or the highest published estimate are put at that estimate.

    The set in use counts as published. Put at the end rather than drawn again, so that an
    estimate at the edge of its span stays the most likely value instead of the least.
    """
    lowest, highest = studies.span()
    centre = world.trade_elasticity
    out: FloatArray = np.clip(theta, np.minimum(lowest, centre), np.maximum(highest, centre))
    return out


def _refused(world: World, theta: FloatArray, psi: FloatArray) -> dict[int, Note]:
    """Draws whose θψ reaches one where the set in use stays below."""
    product = theta * psi
    bad = (product >= LARGEST_PRODUCT) & (world.trade_elasticity * world.scale_elasticity < 1)
    return {
        int(d): Note(
            "scale too strong",
            (world.sectors[int(np.argmax(product[d]))], f"{product[d].max():.3f}"),
        )
        for d in np.flatnonzero(bad.any(axis=1))
    }


def _whole_sets(
    world: World, draws: int, seed: int, rng: np.random.Generator, names: tuple[str, ...]
) -> ParameterDraws:
    if not names:
        raise InputError("elasticity_sets: name at least one set.")
    worlds = [with_elasticities(world, name) for name in names]
    chosen = rng.integers(len(names), size=draws)
    theta = np.stack([worlds[k].trade_elasticity for k in chosen])
    psi = np.stack([worlds[k].scale_elasticity for k in chosen])
    indicator = (chosen[:, None] == np.arange(len(names))[None]).astype(float)
    return ParameterDraws(
        trade_elasticity=theta,
        scale_elasticity=psi,
        factors=indicator,
        factor_names=tuple(f"set {name}" for name in names),
        log_sd=np.zeros(len(world.sectors)),
        correlation=0.0,
        scale_rule="as in the set",
        seed=seed,
        sources=names,
        refused=_refused(world, theta, psi),
    )
