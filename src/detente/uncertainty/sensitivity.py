"""Which parameters matter most?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import cell, long_table
from detente.errors import InputError
from detente.uncertainty.ensemble import Ensemble

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Driver", "drivers", "drivers_table"]

#: Standard normal quantile of 0.95.
Z95 = 1.6448536269514722
#: Draws needed for each parameter before a regression says anything.
DRAWS_PER_PARAMETER = 1.5


@dataclass(frozen=True)
class Driver:
    """How one parameter moves one outcome.

    Attributes
    ----------
    parameter
        A sector's code, "all sectors" for the common component, or "set ..." for a whole set.
    low, high
        The outcome with this parameter at its 5 % and 95 % quantile, the others as in use.
    weight
        Standardised regression coefficient, −1 to 1; its square is roughly the share of the
        outcome's variance that the parameter explains, since the factors are independent.
    rank_correlation
        Spearman's, which no outlier can fool.
    """

    parameter: str
    low: float
    high: float
    weight: float
    rank_correlation: float


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 0, ties at their mean, along the first axis."""
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(len(values), dtype=float)
    for value in np.unique(values[np.diff(np.sort(values), prepend=np.nan) == 0]):
        same = values == value
        ranks[same] = ranks[same].mean()
    return ranks


def drivers(
    result: Ensemble,
    outcome: str = "welfare_pct",
    scenario: str | None = None,
    count: int = 6,
    **codes: str,
) -> tuple[Driver, ...]:
    """The parameters that one outcome hangs on most, strongest first.

    A linear regression of the outcome on the independent standard normal factors behind the
    draws (Saltelli et al. 2008, section 1.2.5). Rank correlations stand beside it: where the two
    disagree, the effect is not close to linear.

    Parameters
    ----------
    outcome, codes
        One number per draw: ``drivers(result, "welfare_pct", economy="USA")``.
    count
        How many.

    Raises
    ------
    InputError
        The codes do not pick one number, or the draws are too few to tell parameters apart.
    """
    name = result.names[0] if scenario is None else scenario
    sample = result.sample(outcome, name, **codes)
    if sample.ndim != 1:
        raise InputError(
            f'drivers: pick one number of "{outcome}", e.g. economy="{result.world.economies[0]}".'
        )
    failed = {d for d, of, _ in result.failures if of == name}
    done = [d for d in range(result.draws) if result.finished[d] and d not in failed]
    factors = result.parameters.factors[done]
    moving = np.flatnonzero(factors.std(axis=0) > 0)
    need = int(DRAWS_PER_PARAMETER * len(moving)) + 2
    if len(sample) < need:
        raise InputError(
            f"drivers: {len(sample)} draws cannot tell {len(moving)} parameters apart; "
            f"at least {need} are needed."
        )
    z = factors[:, moving]
    centred = z - z.mean(axis=0)
    slope, *_ = np.linalg.lstsq(centred, sample - sample.mean(), rcond=None)
    spread = float(sample.std())
    item = result.central[name][outcome]
    central = float(cell(item, result.world, codes))
    out = []
    sample_ranks = _ranks(sample)
    for k, column in enumerate(moving):
        weight = float(slope[k] * z[:, k].std() / spread) if spread > 0 else 0.0
        ranks = _ranks(z[:, k])
        rank = float(np.corrcoef(ranks, sample_ranks)[0, 1]) if spread > 0 else 0.0
        step = Z95 * float(slope[k])
        out.append(
            Driver(
                parameter=result.parameters.factor_names[int(column)],
                low=central - step,
                high=central + step,
                weight=weight,
                rank_correlation=rank,
            )
        )
    out.sort(key=lambda d: -abs(d.weight))
    return tuple(out[:count])


def drivers_table(
    result: Ensemble,
    outcome: str = "welfare_pct",
    scenario: str | None = None,
    count: int = 6,
    **codes: str,
) -> pd.DataFrame:
    """The same in long format: `scenario` is the parameter in words, quantile 0.05 and 0.95."""
    import pandas as pd

    name = result.names[0] if scenario is None else scenario
    item = result.central[name][outcome]
    frames = []
    for driver in drivers(result, outcome, name, count, **codes):
        words = driver.parameter
        if words in result.world.sectors:
            words = f"trade elasticity, {result.world.sector_names.get(words, words)}"
        elif words == "all sectors":
            words = "trade elasticity, all sectors together"
        ends = {"value": [driver.low, driver.high], "quantile": [0.05, 0.95]}
        frames.append(
            long_table(
                [{"metric": item.metric, "unit": item.unit, **codes, **ends}],
                scenario=words,
                compared_with=result.compared_with.get(name) or result.world.name,
            )
        )
    return pd.concat(frames, ignore_index=True)
