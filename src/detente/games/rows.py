"""Which rows of the long table do results of games fill?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import FloatArray, long_table
from detente.games.strategies import StrategySpace
from detente.world.model import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "games_table",
    "median_of",
    "rate_rows",
    "unidentified",
    "value_rows",
    "welfare_rows",
]

#: Instruments that the buyer's government sets.
AT_THE_IMPORTER = ("tariff",)


def games_table(
    scenario: str, rows: Iterable[dict[str, Any]], compared_with: str = "wedges in force"
) -> pd.DataFrame:
    """Rows of a game as a long table; held against the wedges in force unless said."""
    return long_table(rows, scenario=scenario, compared_with=compared_with)


def rate_rows(space: StrategySpace, x: FloatArray) -> list[dict[str, Any]]:
    """One row a rate, in percent; missing where the flow does not exist."""
    rows = []
    for rate, level in zip(space.rates, space.levels(x), strict=True):
        row: dict[str, Any] = {
            "metric": f"policy_rate:{rate.instrument}",
            "sector": rate.sector,
            "value": 100 * float(level),
            "unit": "%",
        }
        if rate.instrument == "production_subsidy":
            row["economy"] = rate.player
        elif rate.instrument in AT_THE_IMPORTER:
            row |= {"importer": rate.player, "exporter": rate.partner}
        else:
            row |= {"importer": rate.partner, "exporter": rate.player}
        rows.append(row)
    return rows


def value_rows(
    metric: str, names: Sequence[str], values: Iterable[float], unit: str = "%"
) -> list[dict[str, Any]]:
    """One row a player."""
    return [{"metric": metric, "economy": list(names), "value": list(values), "unit": unit}]


def welfare_rows(world: World, welfare_hat: FloatArray) -> list[dict[str, Any]]:
    """Real income of every economy, percent."""
    return value_rows("welfare_pct", world.economies, 100 * (welfare_hat - 1))


def median_of(levels: FloatArray) -> float:
    """Median of the rates that are identified."""
    known = levels[np.isfinite(levels)]
    return float(np.median(known)) if len(known) else float("nan")


def unidentified(space: StrategySpace) -> tuple[str, ...]:
    """Which rates move nothing that could be measured, in words."""
    return tuple(
        " ".join(
            filter(None, (r.player, r.instrument, r.partner and f"with {r.partner}", r.sector))
        )
        for r, known in zip(space.rates, space.identified, strict=True)
        if not known
    )
