"""What does a case file say about its measures and packages, in a reader's words?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.measures import Instrument, TransferChange
from detente.measures.base import OnFlows, OnSectors
from detente.measures.terms import Budget
from detente.run.results import MeasureFacts, NotPriced, PackageFacts
from detente.wording import quantity

if TYPE_CHECKING:
    from detente.case.schema import CaseFile

#: Sectors named one by one before they are counted.
_FEW = 4


def how_much(measure: Instrument) -> str:
    """Rate, amount or bound, as written in the file."""
    if measure.rates:
        values = sorted({quantity(str(rate)) for rate in measure.rates})
        return values[0] if len(values) == 1 else f"{len(measure.rates)} rates by sector"
    if isinstance(measure, TransferChange):
        return quantity(str(measure.amount if measure.rate is None else measure.rate))
    found_by = measure.found_by
    if isinstance(found_by, Budget):
        years = "1 year" if found_by.years == 1 else f"{found_by.years:g} years"
        return f"{quantity(str(found_by.amount))} over {years}"
    if found_by is not None:
        size = found_by.change if found_by.amount is None else found_by.amount
        return f"{found_by.relation} {quantity(str(size))} ({found_by.of})"
    return f"mirrors {measure.mirror.of}" if measure.mirror is not None else ""


def on_what(measure: Instrument, sector_names: Mapping[str, str]) -> str:
    """Products and their coverage."""
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


def measure_facts(measure: Instrument, sector_names: Mapping[str, str]) -> MeasureFacts:
    """One measure as the report tells it."""
    parts = (measure.kind.replace("_", " "), how_much(measure), on_what(measure, sector_names))
    dates = " ".join(
        text
        for text in (
            f"from {measure.from_}" if measure.from_ else "",
            f"until {measure.until}" if measure.until else "",
        )
        if text
    )
    return MeasureFacts(
        id=measure.id,
        title=measure.title,
        kind=measure.kind,
        by=", ".join(measure.by),
        on=", ".join(measure.partners),
        what=", ".join(part for part in parts if part),
        authority=measure.authority,
        status=measure.status,
        dates=dates,
        source=measure.source,
        moves=measure.wedge_moved,
    )


def package_facts(case: CaseFile) -> tuple[PackageFacts, ...]:
    """Every package; a case without any is one package itself."""
    if not case.packages:
        return (PackageFacts(case.name, case.title, case.measure_ids),)
    titles = {p.id: f"\u201c{p.title or p.id}\u201d" for p in case.packages}
    titles["world"] = "the world itself"
    return tuple(
        PackageFacts(
            p.id,
            p.title,
            tuple(p.measures),
            p.note,
            titles.get(p.compared_with, p.compared_with) if p.compared_with else "",
        )
        for p in case.packages
    )


def not_priced(case: CaseFile) -> tuple[NotPriced, ...]:
    """What the case names and cannot price."""
    return tuple(NotPriced(n.title, n.why, n.source) for n in case.not_priced)


def elasticity_title(descriptor: Mapping[str, Any], name: str) -> str:
    """An elasticity set in words."""
    found = descriptor.get("elasticity_sets", {}).get(name, {})
    return str(found.get("title") or name)
