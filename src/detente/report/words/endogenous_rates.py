"""Which rates did the model find for the headline's measures, and which of them started?"""

from __future__ import annotations

from typing import Any

from detente.run.results import MeasureFacts, Results, value_of
from detente.wording import points

#: What holds a bound, in words.
_EQUIVALENT = {
    "tariff": "tariff equivalent",
    "export_tax": "export-tax equivalent",
    "purchase_subsidy": "purchase subsidy",
}
#: Kinds whose found rate is the price of a bound rather than the measure's own.
_BOUNDS = ("quota", "voluntary_restraint", "purchase_commitment")


def found_words(results: Results, measure: MeasureFacts) -> str:
    """What was found for a measure: its rate, or whether it started; "" for any other."""
    said = []
    started = value_of(results.headline, f"started:{measure.id}")
    if started is not None:
        said.append("started: its trigger fired" if started else "did not start: no trigger fired")
    rate = value_of(results.headline, f"found_rate:{measure.id}")
    if rate is not None and started != 0.0:
        kind = measure.kind.replace("_", " ")
        what = _EQUIVALENT.get(measure.moves, kind) if measure.kind in _BOUNDS else kind
        binds = rate > 0 or measure.kind not in _BOUNDS
        said.append(
            f"found: {what} of {points(rate, sign=False)}"
            if binds
            else "found: nothing needed, the bound holds by itself"
        )
    return "; ".join(said)


def found_rows(results: Results) -> list[tuple[str, str]]:
    """Measure and what was found for it, where there is anything."""
    rows = [(m.title or m.id, found_words(results, m)) for m in results.measures]
    return [(title, words) for title, words in rows if words]


def found_values(results: Results) -> list[dict[str, Any]]:
    """The same as plain values: measure, what it moves, points, whether it started."""
    out = []
    for m in results.measures:
        rate = value_of(results.headline, f"found_rate:{m.id}")
        started = value_of(results.headline, f"started:{m.id}")
        if rate is None and started is None:
            continue
        entry: dict[str, Any] = {"measure": m.id, "moves": m.moves}
        if rate is not None:
            entry["rate_pp"] = rate
        if started is not None:
            entry["started"] = bool(started)
        out.append(entry)
    return out
