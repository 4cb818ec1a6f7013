"""What does a case file say about its measures and packages, in a reader's words?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.run.results import MeasureFacts, NotPriced, PackageFacts
from detente.wording import quantity

if TYPE_CHECKING:
    from detente.case.schema import CaseFile, MeasureSection

#: Sectors named one by one before they are counted.
_FEW = 4


def how_much(section: MeasureSection) -> str:
    """Rate, amount or bound, as written in the file."""
    rate = section.rate
    if isinstance(rate, Mapping):
        values = sorted({quantity(str(v)) for v in rate.values()})
        return values[0] if len(values) == 1 else f"{len(rate)} rates by sector"
    if rate is not None:
        return quantity(str(rate))
    if isinstance(section.budget, Mapping):
        years = section.budget.get("years")
        amount = quantity(str(section.budget.get("amount")))
        return f"{amount} over {years} year{'' if years == 1 else 's'}"
    if isinstance(section.limit, Mapping):
        size = section.limit.get("amount") or section.limit.get("change")
        return f"{section.limit.get('relation')} {quantity(str(size))} ({section.limit.get('of')})"
    if section.amount is not None:
        return quantity(str(section.amount))
    if isinstance(section.rule, Mapping) and section.rule.get("kind") == "mirror":
        return f"mirrors {section.rule.get('of')}"
    return ""


def on_what(section: MeasureSection, sector_names: Mapping[str, str]) -> str:
    """Products and their coverage."""
    if section.product_group:
        goods = section.product_group
    elif section.sectors:
        named = [sector_names.get(s, s).split(" (")[0].lower() for s in section.sectors]
        goods = ", ".join(named) if len(named) <= _FEW else f"{len(named)} sectors"
    elif isinstance(section.rate, Mapping):
        goods = f"{len(section.rate)} sectors"
    else:
        goods = ""
    if isinstance(section.coverage, str):
        share = quantity(section.coverage)
        goods = f"{goods} ({share} of it)" if goods else f"{share} covered"
    elif isinstance(section.coverage, Mapping):
        goods = f"{goods} (part covered)" if goods else "part covered"
    return goods


def measure_facts(section: MeasureSection, sector_names: Mapping[str, str]) -> MeasureFacts:
    """One measure as the report tells it."""
    parts = (section.kind.replace("_", " "), how_much(section), on_what(section, sector_names))
    dates = " ".join(
        text
        for text in (
            f"from {section.from_}" if section.from_ else "",
            f"until {section.until}" if section.until else "",
        )
        if text
    )
    return MeasureFacts(
        id=section.id,
        title=section.title,
        kind=section.kind,
        by=", ".join(section.by),
        on=", ".join(section.on or ()),
        what=", ".join(part for part in parts if part),
        authority=section.authority,
        status=section.status,
        dates=dates,
        source=section.source,
        moves=section.to_measure().wedge_moved,
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
