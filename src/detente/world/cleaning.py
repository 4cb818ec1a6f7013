"""Which written rule mends what the statistics get wrong, and by how much?

Every rule takes arrays and returns the mended array with a :class:`Repair`, which says what was
changed, how many cells, and by how much. A world keeps its repairs and prints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.arrays import FloatArray

__all__ = [
    "Repair",
    "cap_schedule",
    "clip_negative_final_demand",
    "drop_tiny_flows",
    "give_home_source",
    "leave_out_own_tariffs",
    "raise_value_added",
    "replace_elasticity",
    "replace_rates",
    "restore_mfn",
]


@dataclass(frozen=True)
class Repair:
    """One change that was made to source data before it became a world.

    Attributes
    ----------
    rule
        Name of the written rule, e.g. "negative-final-demand".
    what
        What it changed and why, in a sentence.
    size
        How much it changed, in `unit`.
    unit
        "USD million", "percentage points", "share of output".
    cells
        How many cells it touched.
    """

    rule: str
    what: str
    size: float
    unit: str
    cells: int


def _weighted_points(before: FloatArray, after: FloatArray, weight: FloatArray | None) -> float:
    """Mean change of the rates that moved, percentage points, weighted with trade."""
    moved = before != after
    if not moved.any():
        return 0.0
    w = np.ones_like(before) if weight is None else np.asarray(weight, dtype=float)
    total = w[moved].sum()
    if total == 0:
        return float(100 * (after - before)[moved].mean())
    return float(100 * ((after - before) * w)[moved].sum() / total)


def clip_negative_final_demand(
    final: FloatArray, rescale: bool = True
) -> tuple[FloatArray, Repair]:
    """Set negative final demand to zero.

    Final demand of one category less inventories drawn down can be negative; a household that
    spends a negative share has no meaning in the model.

    Parameters
    ----------
    final
        [economy, sector].
    rescale
        Shrink the other cells of the economy so that its total is kept.

    Examples
    --------
    >>> import numpy as np
    >>> mended, repair = clip_negative_final_demand(np.array([[-10.0, 60.0, 40.0]]))
    >>> mended.round(6).tolist(), repair.size
    ([[0.0, 54.0, 36.0]], 10.0)
    """
    clipped = np.maximum(final, 0.0)
    size = float((clipped - final).sum())
    if rescale:
        total = clipped.sum(axis=1, keepdims=True)
        clipped = clipped * np.divide(
            final.sum(axis=1, keepdims=True), total, out=np.ones_like(total), where=total > 0
        )
    repair = Repair(
        "negative-final-demand",
        "Negative final demand was set to zero"
        + (" and the economy's other cells scaled to keep its total." if rescale else "."),
        size,
        "currency",
        int((final < 0).sum()),
    )
    return clipped, repair


def raise_value_added(input_share: FloatArray, floor: float = 0.01) -> tuple[FloatArray, Repair]:
    """Scale down the inputs of cells whose value added is below a floor.

    Parameters
    ----------
    input_share
        [economy, input, sector], of gross output.
    floor
        Smallest value-added share that is left.

    Examples
    --------
    >>> import numpy as np
    >>> mended, repair = raise_value_added(np.array([[[1.1]]]), floor=0.05)
    >>> round(float(mended[0, 0, 0]), 6), repair.cells
    (0.95, 1)
    """
    used = input_share.sum(axis=1, keepdims=True)
    short = used > 1 - floor
    scale = np.where(short, (1 - floor) / np.where(short, used, 1.0), 1.0)
    repair = Repair(
        "low-value-added",
        f"Inputs were scaled down where value added was below {floor:g} of output.",
        float((used - used * scale).max()),
        "share of output",
        int(short.sum()),
    )
    return input_share * scale, repair


def drop_tiny_flows(sales: FloatArray, threshold: float) -> tuple[FloatArray, Repair]:
    """Set trade below a threshold to zero; own sales are never touched.

    Examples
    --------
    >>> import numpy as np
    >>> sales = np.array([[[5.0], [0.001]], [[2.0], [7.0]]])
    >>> drop_tiny_flows(sales, 0.01)[1].cells
    1
    """
    tiny = (sales > 0) & (sales < threshold)
    tiny[np.arange(len(sales)), np.arange(len(sales))] = False
    repair = Repair(
        "tiny-flows",
        f"Trade flows below {threshold:g} were set to zero.",
        float(sales[tiny].sum()),
        "currency",
        int(tiny.sum()),
    )
    return np.where(tiny, 0.0, sales), repair


def give_home_source(sales: FloatArray, share: float = 1e-6) -> tuple[FloatArray, Repair]:
    """Let an economy that buys but does not sell a good to itself do so, minutely.

    A ban on every foreign source would otherwise leave nothing to buy. The home flow is `share`
    of what the economy buys.

    Examples
    --------
    >>> import numpy as np
    >>> sales = np.array([[[0.0], [5.0]], [[0.0], [7.0]]])
    >>> mended, repair = give_home_source(sales)
    >>> bool(mended[0, 0, 0] > 0), repair.cells
    (True, 1)
    """
    bought = sales.sum(axis=1)
    diagonal = np.einsum("nnj->nj", sales)
    lacking = (bought > 0) & (diagonal <= 0)
    mended = sales.copy()
    np.einsum("nnj->nj", mended)[...] = np.where(lacking, share * bought, diagonal)
    repair = Repair(
        "no-home-source",
        f"Economies without a home source were given {share:g} of what they buy.",
        float((mended - sales).sum()),
        "currency",
        int(lacking.sum()),
    )
    return mended, repair


def leave_out_own_tariffs(
    tariff: FloatArray, inner_trade: FloatArray, unit: str = "currency"
) -> tuple[FloatArray, Repair]:
    """Set tariffs of a group of countries on itself to zero.

    Trade inside a group is own trade in a world where the group is one economy, and own trade
    crosses no border.

    Parameters
    ----------
    tariff
        [importer, exporter, sector].
    inner_trade
        Trade between different members of each composite economy, [economy, sector]; the size
        of the repair is the revenue that the tariffs would bring on it.
    unit
        What trade is counted in.

    Examples
    --------
    >>> import numpy as np
    >>> mended, repair = leave_out_own_tariffs(np.array([[[0.1]]]), np.array([[50.0]]))
    >>> float(mended[0, 0, 0]), repair.size
    (0.0, 5.0)
    """
    mended = tariff.copy()
    diagonal = np.einsum("nnj->nj", mended)
    left_out = float((diagonal * inner_trade).sum())
    cells = int((diagonal != 0).sum())
    diagonal[...] = 0.0
    repair = Repair(
        "tariffs-inside-groups",
        "Tariffs between the members of a composite economy were left out: its inner trade is "
        "own trade here. The size is the revenue they would bring on trade between members.",
        left_out,
        unit,
        cells,
    )
    return mended, repair


def cap_schedule(
    schedule: FloatArray,
    highest: float,
    trade: FloatArray | None = None,
    rule: str = "capped-schedule",
    why: str = "",
) -> tuple[FloatArray, Repair]:
    """Scale an importer's rates on one sector so that the highest equals a cap.

    Scaling keeps the ratios between partners, hence preferences: a partner that paid nothing
    still pays nothing, one that paid half of the highest rate still does.

    Parameters
    ----------
    schedule
        Rates by exporter, ad valorem fractions.
    highest
        The cap; a schedule that is lower already stays as it is.
    trade
        Imports by exporter, used only to weigh the size of the repair.

    Examples
    --------
    >>> import numpy as np
    >>> cap_schedule(np.array([0.9, 0.45, 0.0]), 0.1)[0].tolist()
    [0.1, 0.05, 0.0]
    """
    top = float(schedule.max())
    scale = min(1.0, highest / top) if top > 0 else 1.0
    mended = schedule * scale
    points = _weighted_points(schedule, mended, trade)
    return mended, Repair(rule, why, points, "percentage points", int((mended != schedule).sum()))


def replace_rates(
    tariff: FloatArray,
    replacement: FloatArray,
    trade: FloatArray | None = None,
    rule: str = "replaced-rates",
    why: str = "",
) -> tuple[FloatArray, Repair]:
    """Take rates from a better source where it has any (NaN: it has none).

    Examples
    --------
    >>> import numpy as np
    >>> mended, repair = replace_rates(np.array([0.9, 0.1]), np.array([0.05, np.nan]))
    >>> mended.tolist(), repair.size
    ([0.05, 0.1], -85.0)
    """
    has = np.isfinite(replacement)
    mended = np.where(has, replacement, tariff)
    points = _weighted_points(tariff, mended, trade)
    return mended, Repair(rule, why, points, "percentage points", int(has.sum()))


def restore_mfn(
    tariff: FloatArray,
    mfn: FloatArray,
    floor: float = 1.0,
    trade: FloatArray | None = None,
    rule: str = "restored-mfn",
    why: str = "",
) -> tuple[FloatArray, Repair]:
    """Raise rates to a floor, a share of the most-favoured-nation rate.

    Parameters
    ----------
    tariff
        Rates that look too low, any shape.
    mfn
        Most-favoured-nation rates, same shape.
    floor
        Lowest plausible ratio of the rate to the most-favoured-nation rate.

    Examples
    --------
    >>> import numpy as np
    >>> restore_mfn(np.array([0.01, 0.09]), np.array([0.08, 0.08]), 0.75)[0].tolist()
    [0.06, 0.09]
    """
    mended = np.maximum(tariff, floor * mfn)
    points = _weighted_points(tariff, mended, trade)
    return mended, Repair(rule, why, points, "percentage points", int((mended != tariff).sum()))


def replace_elasticity(
    trade_elasticity: FloatArray,
    sector: int,
    others: Sequence[float],
    why: str = "",
) -> tuple[FloatArray, Repair]:
    """Replace one sector's trade elasticity by the median of other studies.

    Examples
    --------
    >>> import numpy as np
    >>> replace_elasticity(np.array([64.85, 3.0]), 0, [3.6, 4.0, 6.4])[0].tolist()
    [4.0, 3.0]
    """
    mended = np.array(trade_elasticity, dtype=float)
    mended[sector] = float(np.median(others))
    size = float(mended[sector] - trade_elasticity[sector])
    return mended, Repair("outlying-elasticity", why, size, "trade elasticity", 1)
