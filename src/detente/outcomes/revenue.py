"""What does each instrument bring in or cost, and for whom?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import FloatArray, Labelled
from detente.outcomes.state import State, Wedges

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium

__all__ = [
    "INSTRUMENTS",
    "average_tariff",
    "flow_revenue",
    "instrument_revenue",
    "measure_revenue",
    "revenue",
]

#: Instrument: who collects or pays, and the sign in the budget.
INSTRUMENTS = {
    "tariff": ("importer", 1.0),
    "export_tax": ("exporter", 1.0),
    "production_subsidy": ("exporter", -1.0),
    "purchase_subsidy": ("importer", -1.0),
}


def flow_revenue(state: State, instrument: str) -> FloatArray:
    r"""Rate times base on every flow, part by part, [importer, exporter, sector].

    Bases: :math:`sV`, :math:`e(1-s)V`, :math:`t(1+e)(1-s)V`, :math:`b(1+t)(1+e)(1-s)V`, with
    V at the factory gate. Positive also for subsidies; see :func:`instrument_revenue` for signs.
    """
    rest = state.rest_wedges
    rate = getattr(rest, instrument)
    if np.any(rate):
        out = np.array(rate * rest.base(instrument, state.rest_sales))
    else:
        out = np.zeros_like(state.sales)
    parts = state.shock.parts
    if len(parts):
        wedges = state.part_wedges
        piece = getattr(wedges, instrument) * wedges.base(instrument, state.parts_sales)
        np.add.at(out, (parts.importer, parts.exporter, parts.sector), piece)
    return out


def instrument_revenue(state: State, instrument: str) -> FloatArray:
    """Revenue (+) or cost (−) of one instrument for each economy's budget, [economy].

    The four instruments together are the net revenue of the equilibrium.
    """
    side, sign = INSTRUMENTS[instrument]
    axes = (1, 2) if side == "importer" else (0, 2)
    out: FloatArray = sign * flow_revenue(state, instrument).sum(axis=axes)
    return out


def average_tariff(
    tariff_paid: FloatArray, weights: FloatArray, goods: np.ndarray, axes: tuple[int, ...]
) -> FloatArray:
    """Duties on foreign goods over their border value, in percent, summed over `axes`.

    Parameters
    ----------
    tariff_paid
        Duty at the weights' values, [importer, exporter, sector].
    weights
        Border value, [importer, exporter, sector].
    goods
        Which sectors count, booleans. Services carry no duty and would only dilute it.
    """
    foreign = ~np.eye(weights.shape[0], dtype=bool)[:, :, None] & goods
    paid, value = (tariff_paid * foreign).sum(axis=axes), (weights * foreign).sum(axis=axes)
    rate: FloatArray = np.divide(paid, value, out=np.full(value.shape, np.nan), where=value > 0)
    return 100 * rate


def rate_at_baseline_weights(state: State) -> FloatArray:
    """Tariff on a flow, its parts weighed by their baseline shares, [importer, exporter, sector].

    This is the statutory average: nobody has moved yet. Within a flow the baseline pays one
    rate, so shares at purchaser and at border prices are equal.
    """
    parts, rate = state.shock.parts, np.array(state.shock.tariff)
    if len(parts):
        at = (parts.importer, parts.exporter, parts.sector)
        np.add.at(rate, at, parts.share * (parts.tariff - state.shock.tariff[at]))
    return rate


def measure_revenue(equilibrium: Equilibrium) -> dict[str, FloatArray]:
    """Revenue (+) or cost (−) of each measure for each economy's budget, [economy].

    Every measure gets its share of the rate that a part pays, as the scenario's ledger says,
    times that part's base. What is left of the budget belongs to wedges already in force.
    """
    compiled = equilibrium.compiled
    if compiled is None:
        return {}
    ledger = compiled.ledger(equilibrium.rates, equilibrium.active)
    n = len(equilibrium.world.economies)
    out = {
        name: np.zeros(n)
        for k, name in enumerate(compiled.measure_ids)
        if k not in compiled.removed
    }
    parts, v = equilibrium.shock.parts, equilibrium.parts_sales
    wedges = Wedges(
        parts.tariff, parts.export_tax, parts.production_subsidy, parts.purchase_subsidy
    )
    kinds = np.asarray(ledger.instrument)
    for instrument, (side, sign) in INSTRUMENTS.items():
        rows = np.flatnonzero(kinds == instrument)
        if not rows.size:
            continue
        part = np.asarray(ledger.part)[rows]
        payer = (parts.importer if side == "importer" else parts.exporter)[part]
        amount = sign * np.asarray(ledger.rate)[rows] * wedges.base(instrument, v)[part]
        owner = np.asarray(ledger.measure)[rows]
        for name in out:
            mine = owner == compiled.measure_ids.index(name)
            if mine.any():
                out[name] += np.bincount(payer[mine], weights=amount[mine], minlength=n)
    return out


def revenue(before: State, after: State) -> dict[str, Labelled]:
    """Revenue by instrument, its change, and average applied tariffs, labelled.

    Two averages are given, by their weights: baseline imports (what the law asks for) and
    current imports (what is paid once trade has moved away from dear sources).
    """
    world = after.world
    out: dict[str, Labelled] = {}
    for instrument in INSTRUMENTS:
        now = instrument_revenue(after, instrument)
        then = instrument_revenue(before, instrument)
        for stem, value in (("revenue", now), ("revenue_change", now - then)):
            key = f"{stem}:{instrument}"
            out[key] = Labelled(value, ("economy",), world.currency, key)
    for stem, value in (
        ("revenue", after.net_revenue),
        ("revenue_change", after.net_revenue - before.net_revenue),
    ):
        out[stem] = Labelled(value, ("economy",), world.currency, stem)

    goods = np.array([s in world.goods for s in world.sectors]) | (not world.goods)
    base = world.sales * (1 + world.export_tax) * (1 - world.production_subsidy[None])
    averages = {}
    for state, when in ((before, "before"), (after, "after")):
        paid = flow_revenue(state, "tariff")
        statutory = rate_at_baseline_weights(state) * base
        for suffix, axes in (("", (1, 2)), ("_by_pair", (2,))):
            averages[when, "average_tariff" + suffix] = average_tariff(statutory, base, goods, axes)
            averages[when, "average_tariff_current_weights" + suffix] = average_tariff(
                paid, state.border, goods, axes
            )
    for name in ("average_tariff", "average_tariff_current_weights"):
        for suffix, axes_names in (("", ("economy",)), ("_by_pair", ("importer", "exporter"))):
            now, then = averages["after", name + suffix], averages["before", name + suffix]
            out[name + suffix] = Labelled(now, axes_names, "%", name)
            out[name + "_change" + suffix] = Labelled(
                now - then, axes_names, "pp", name + "_change"
            )
    return out
