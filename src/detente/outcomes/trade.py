"""Where does trade go?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import FloatArray, Labelled, percent_change
from detente.outcomes.state import State

__all__ = ["ImportShift", "import_shift", "trade"]


def _foreign(flow: FloatArray) -> FloatArray:
    """`flow` with own sales set to zero."""
    out = flow.copy()
    own = np.arange(flow.shape[0])
    out[own, own] = 0.0
    return out


@dataclass(frozen=True, eq=False)
class ImportShift:
    r"""Why the imports of each good from each source changed; the three parts sum exactly.

    Attributes
    ----------
    size
        The importer buys more or less of the good in all, [importer, exporter, sector].
    creation
        Foreign goods replace home production (+), or are replaced by it (−).
    diversion
        One foreign source replaces another; sums to zero over sources.
    """

    size: FloatArray
    creation: FloatArray
    diversion: FloatArray


def import_shift(before: FloatArray, after: FloatArray) -> ImportShift:
    r"""Trade creation and trade diversion in the change from one trade matrix to another.

    Imports are total purchases times the import share times the source's share of imports,
    :math:`M_{nij} = B_{nj}\, m_{nj}\, f_{nij}`. The change of this product is split among its
    three factors by their Shapley values, which treat them alike and leave nothing over:

    .. math:: \Delta M = \phi(\Delta B) + \phi(\Delta m) + \phi(\Delta f), \qquad
              \phi(\Delta f) = \Delta f \cdot \tfrac16
              (2 B m + B m' + B' m + 2 B' m')

    and so on in turn. :math:`\phi(\Delta m)` is creation (Viner: a shift from a home source to
    a foreign one), :math:`\phi(\Delta f)` is diversion (from one foreign source to another);
    the latter sums to zero over sources because the shares do.

    Parameters
    ----------
    before, after
        Trade at border prices (before the duty), own sales on the diagonal,
        [importer, exporter, sector].

    References
    ----------
    Viner (1950), *The Customs Union Issue*, chapter 4, for the two notions; Shorrocks (2013,
    *Journal of Economic Inequality*) for the split.

    Examples
    --------
    >>> before = np.array([[[80.0], [10.0], [10.0]]])   # one importer: own, then two sources
    >>> after = np.array([[[80.0], [0.0], [20.0]]])
    >>> import_shift(before, after).diversion[0, :, 0].tolist()
    [0.0, -10.0, 10.0]
    """

    def factors(flow: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        total = flow.sum(axis=1, keepdims=True)
        foreign = _foreign(flow)
        imports = foreign.sum(axis=1, keepdims=True)
        share = np.divide(imports, total, out=np.zeros_like(total), where=total > 0)
        source = np.divide(foreign, imports, out=np.zeros_like(foreign), where=imports > 0)
        return total, share, source

    (b0, m0, f0), (b1, m1, f1) = factors(before), factors(after)
    # A good that stops or starts being imported has no mix of sources on one side: keep the
    # other side's, so that the whole change is creation, as it should be.
    gone, fresh = (f1.sum(axis=1, keepdims=True) == 0), (f0.sum(axis=1, keepdims=True) == 0)
    f0, f1 = np.where(fresh, f1, f0), np.where(gone, f0, f1)

    def shapley(
        dx: FloatArray, y0: FloatArray, y1: FloatArray, z0: FloatArray, z1: FloatArray
    ) -> FloatArray:
        out: FloatArray = dx * (2 * y0 * z0 + y0 * z1 + y1 * z0 + 2 * y1 * z1) / 6
        return out

    return ImportShift(
        size=shapley(b1 - b0, m0, m1, f0, f1),
        creation=shapley(m1 - m0, b0, b1, f0, f1),
        diversion=shapley(f1 - f0, b0, b1, m0, m1),
    )


def trade(before: State, after: State) -> dict[str, Labelled]:
    """Bilateral flows, imports, exports, balances, creation and diversion, labelled.

    Values are at border prices, before the import duty, in the world's currency at an unchanged
    numeraire. Volumes are at the baseline's factory-gate prices. Trade inside an economy is not
    trade here.
    """
    currency = after.world.currency
    flow, pair, economy = ("importer", "exporter", "sector"), ("importer", "exporter"), ("economy",)
    v0, v1 = _foreign(before.border), _foreign(after.border)
    q0, q1 = _foreign(before.quantity), _foreign(after.quantity)
    p0, p1 = v0.sum(axis=2), v1.sum(axis=2)
    shift = import_shift(before.border, after.border)
    moved = 0.5 * np.abs(shift.diversion).sum(axis=(1, 2))
    balance0, balance1 = p0.sum(axis=0) - p0.sum(axis=1), p1.sum(axis=0) - p1.sum(axis=1)
    own = np.eye(p0.shape[0], dtype=bool)

    def off(array: FloatArray) -> FloatArray:
        out = np.array(array, dtype=float)
        out[own] = np.nan
        return out

    items = {
        "trade_value": Labelled(off(v1), flow, currency, "trade_value"),
        "trade_change": Labelled(off(v1 - v0), flow, currency, "trade_change"),
        "trade_pct": Labelled(percent_change(v1, v0), flow, "%", "trade_pct"),
        "trade_volume_pct": Labelled(percent_change(q1, q0), flow, "%", "trade_volume_pct"),
        "trade_value_by_pair": Labelled(off(p1), pair, currency, "trade_value"),
        "trade_change_by_pair": Labelled(off(p1 - p0), pair, currency, "trade_change"),
        "trade_pct_by_pair": Labelled(percent_change(p1, p0), pair, "%", "trade_pct"),
        "trade_volume_pct_by_pair": Labelled(
            percent_change(q1.sum(axis=2), q0.sum(axis=2)), pair, "%", "trade_volume_pct"
        ),
        "imports_pct": Labelled(
            percent_change(p1.sum(axis=1), p0.sum(axis=1)), economy, "%", "imports_pct"
        ),
        "exports_pct": Labelled(
            percent_change(p1.sum(axis=0), p0.sum(axis=0)), economy, "%", "exports_pct"
        ),
        "imports_volume_pct": Labelled(
            percent_change(q1.sum(axis=(1, 2)), q0.sum(axis=(1, 2))),
            economy,
            "%",
            "imports_volume_pct",
        ),
        "exports_volume_pct": Labelled(
            percent_change(q1.sum(axis=(0, 2)), q0.sum(axis=(0, 2))),
            economy,
            "%",
            "exports_volume_pct",
        ),
        "balance_change": Labelled(balance1 - balance0, economy, currency, "balance_change"),
        "trade_creation": Labelled(
            shift.creation.sum(axis=1), ("importer", "sector"), currency, "trade_creation"
        ),
        "trade_creation_total": Labelled(
            shift.creation.sum(axis=(1, 2)), ("importer",), currency, "trade_creation"
        ),
        "trade_size_total": Labelled(
            shift.size.sum(axis=(1, 2)), ("importer",), currency, "trade_size"
        ),
        "trade_diversion_by_pair": Labelled(
            off(shift.diversion.sum(axis=2)), pair, currency, "trade_diversion"
        ),
        "trade_diversion_total": Labelled(moved, ("importer",), currency, "trade_diversion"),
    }
    return items
