"""How is a measure told: what it is, on which goods, since when, and what was found for it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.measures import Budget, Instrument, TransferChange
from detente.measures.base import OnFlows, OnSectors
from detente.run.results import PackageFacts, Results, value_of
from detente.wording import points, quantity

#: Sectors named one by one before they are counted.
_FEW = 4

#: What holds a bound.
_EQUIVALENT = {
    "tariff": "tariff equivalent",
    "export_tax": "export-tax equivalent",
    "purchase_subsidy": "purchase subsidy",
}
#: Kinds whose found rate is the price of a bound rather than the measure's own.
_BOUNDS = ("quota", "voluntary_restraint", "purchase_commitment")


def how_much(measure: Instrument) -> str:
    """Rate, amount or bound, as written.

    >>> from detente.measures import Tariff
    >>> how_much(Tariff(by="USA", on="CHN", sectors=["steel"], rate="+75 pp"))
    '+75\\xa0pp'
    """
    if measure.rates:
        rates = sorted({quantity(str(rate)) for rate in measure.rates})
        return rates[0] if len(rates) == 1 else f"{len(measure.rates)} rates by sector"
    if isinstance(measure, TransferChange):
        return quantity(str(measure.amount if measure.rate is None else measure.rate))
    found_by = measure.found_by
    if isinstance(found_by, Budget):
        years = "1 year" if found_by.years == 1 else f"{found_by.years:g} years"
        return f"{quantity(str(found_by.amount))} over {years}"
    if found_by is not None:
        by = "" if found_by.change is None else f"{100 * found_by.change:+g} %"
        return f"{found_by.relation} {quantity(by or str(found_by.amount))} ({found_by.of})"
    return f"mirrors {measure.mirror.of}" if measure.mirror is not None else ""


def on_what(measure: Instrument, sector_names: Mapping[str, str]) -> str:
    """Products and their coverage.

    >>> from detente.measures import Tariff
    >>> steel = Tariff(by="USA", on="CHN", sectors=["steel"], rate="+75 pp", coverage="58 %")
    >>> on_what(steel, {"steel": "Basic metals (all)"})
    'basic metals (58\\xa0% of it)'
    """
    goods = ""
    if isinstance(measure, OnFlows) and measure.product_group:
        goods = measure.product_group
    elif isinstance(measure, OnSectors) and measure.sectors:
        named = [sector_names.get(s, s).split(" (")[0].lower() for s in measure.sectors]
        one_by_one = "sectors" in measure.model_fields_set and len(named) <= _FEW
        goods = ", ".join(named) if one_by_one else f"{len(named)} sectors"
    coverage = measure.coverage if isinstance(measure, OnFlows) else None
    if isinstance(coverage, Mapping):
        return f"{goods} (part covered)" if goods else "part covered"
    if coverage is not None:
        share = quantity(str(coverage))
        return f"{goods} ({share} of it)" if goods else f"{share} covered"
    return goods


def what(measure: Instrument, sector_names: Mapping[str, str]) -> str:
    """Kind, size and goods in one line."""
    kind = measure.kind.replace("_", " ")
    return ", ".join(filter(None, (kind, how_much(measure), on_what(measure, sector_names))))


def direction(measure: Instrument) -> str:
    """Who acts, and on whom.

    >>> from detente.measures import Tariff
    >>> direction(Tariff(by="USA", on=["CHN", "RUS"], sectors="all goods", rate="25 %"))
    'USA on CHN, RUS'
    """
    by, on = ", ".join(measure.by), ", ".join(measure.partners)
    return f"{by} on {on}" if on else by


def law(measure: Instrument) -> str:
    """Authority, status and dates.

    >>> from detente.measures import Tariff
    >>> law(Tariff(by="USA", on="CHN", sectors="all", rate="25 %", authority="Section 301"))
    'Section 301, hypothetical'
    """
    start = f"from {measure.from_}" if measure.from_ else ""
    end = f"until {measure.until}" if measure.until else ""
    dates = " ".join(filter(None, (start, end)))
    return ", ".join(filter(None, (measure.authority, measure.status, dates)))


def package_comparison(results: Results, package: PackageFacts) -> str:
    """What a package is compared with, where it says so itself; "" otherwise."""
    other = package.compared_with
    if other == "world":
        return "the world itself"
    titles = {p.id: f"“{p.title or p.id}”" for p in results.package_facts}
    return titles.get(other, other)


# ---- rates that the model found ------------------------------------------------------------


def found_words(results: Results, measure: Instrument) -> str:
    """What was found for a measure: its rate, or whether it started; "" for any other."""
    said = []
    started = value_of(results.headline, f"started:{measure.id}")
    if started is not None:
        said.append("started: its trigger fired" if started else "did not start: no trigger fired")
    rate = value_of(results.headline, f"found_rate:{measure.id}")
    if rate is not None and started != 0.0:
        kind = measure.kind.replace("_", " ")
        name = _EQUIVALENT.get(measure.wedge_moved, kind) if measure.kind in _BOUNDS else kind
        binds = rate > 0 or measure.kind not in _BOUNDS
        said.append(
            f"found: {name} of {points(rate, sign=False)}"
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
        entry: dict[str, Any] = {"measure": m.id, "moves": m.wedge_moved}
        if rate is not None:
            entry["rate_pp"] = rate
        if started is not None:
            entry["started"] = bool(started)
        out.append(entry)
    return out
