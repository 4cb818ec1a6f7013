"""How strongly does trade react to prices, and how far do the studies differ?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.errors import UnknownNameError, WorldError
from detente.world.build import checked_elasticities
from detente.world.model import World

__all__ = ["ElasticityStudies", "elasticity_sets", "elasticity_studies", "with_elasticities"]


@dataclass(frozen=True, eq=False)
class ElasticityStudies:
    """What several studies say about the trade elasticity of each sector.

    Attributes
    ----------
    studies
        Short names, e.g. "caliendo_parro_2015".
    sectors
        As in the world.
    trade_elasticity
        θ, [study, sector]; NaN where a study has no value.
    """

    studies: tuple[str, ...]
    sectors: tuple[str, ...]
    trade_elasticity: FloatArray

    @property
    def count(self) -> FloatArray:
        """Number of studies with a value, [sector]."""
        out: FloatArray = np.isfinite(self.trade_elasticity).sum(axis=0).astype(float)
        return out

    @property
    def log_sd(self) -> FloatArray:
        """Standard deviation of ln θ between studies, [sector]; NaN with fewer than two."""
        out = np.full(len(self.sectors), math.nan)
        for k in range(len(self.sectors)):
            values = self.trade_elasticity[:, k]
            values = values[np.isfinite(values)]
            if len(values) > 1:
                out[k] = np.log(values).std(ddof=1)
        return out

    @property
    def pooled_log_sd(self) -> float:
        """Root mean square of `log_sd` over the sectors that have one.

        A stand-in for sectors with a single study (services); zero when no sector has two.
        """
        known = self.log_sd[np.isfinite(self.log_sd)]
        return float(np.sqrt((known**2).mean())) if len(known) else 0.0

    def log_sd_or_pooled(self) -> FloatArray:
        """`log_sd`, with the pooled value where a sector has fewer than two studies."""
        own = self.log_sd
        return np.where(np.isfinite(own), own, self.pooled_log_sd)

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest θ that any study found, [sector]; 0 and ∞ with fewer than two."""
        known = np.isfinite(self.trade_elasticity)
        enough = self.count > 1
        lowest = np.where(known, self.trade_elasticity, np.inf).min(axis=0, initial=np.inf)
        highest = np.where(known, self.trade_elasticity, 0.0).max(axis=0, initial=0.0)
        return np.where(enough, lowest, 0.0), np.where(enough, highest, np.inf)


def elasticity_sets(descriptor: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The named sets that a world's descriptor offers; empty when it offers none."""
    sets: Mapping[str, Mapping[str, Any]] = descriptor.get("elasticity_sets", {})
    return sets


def elasticities_of(
    descriptor: Mapping[str, Any], name: str, sectors: Sequence[str], where: str = ""
) -> tuple[FloatArray, FloatArray]:
    """Trade and scale elasticities [sector] of a named set, checked."""
    sets = elasticity_sets(descriptor)
    if not isinstance(name, str) or name not in sets:
        raise UnknownNameError("elasticity set", name, sets, where)
    theta, psi = (sets[name].get(key) for key in ("trade_elasticity", "scale_elasticity"))
    return checked_elasticities(tuple(sectors), theta, psi)


def with_elasticities(world: World, name: str) -> World:
    """The same accounts with another named set of trade and scale elasticities.

    Nothing else moves: under perfect competition the accounts of a baseline hold for every
    elasticity, because they are observed and not solved for.

    Raises
    ------
    UnknownNameError
        The world's descriptor offers no such set; the nearest is named.
    """
    if world.market_structure != "competitive":
        raise WorldError(
            f'world "{world.name}": under {world.market_structure} the profit share hangs on the '
            "elasticity, so another set makes other accounts. Build the world anew."
        )
    where = f'world "{world.name}"'
    theta, psi = elasticities_of(world.descriptor, name, world.sectors, where)
    return world.with_(trade_elasticity=theta, scale_elasticity=psi, elasticity_set=name)


def studies_of(descriptor: Mapping[str, Any], sectors: Sequence[str]) -> ElasticityStudies:
    """The table of studies that a descriptor carries."""
    table = descriptor.get("elasticity_studies", {})
    values = np.array(
        [[math.nan if v is None else float(v) for v in row] for row in table.values()]
    ).reshape(len(table), len(sectors))
    values.flags.writeable = False
    return ElasticityStudies(tuple(table), tuple(sectors), values)


def elasticity_studies(world: World) -> ElasticityStudies:
    """What the studies behind a world say, sector by sector.

    Examples
    --------
    >>> from detente.world import load_world
    >>> studies = elasticity_studies(load_world("icio-2022"))
    >>> bool(studies.log_sd[studies.sectors.index("petroleum")] > 0.5)
    True
    """
    return studies_of(world.descriptor, world.sectors)
