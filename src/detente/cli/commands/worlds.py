"""What is in a world, and is its file as it should be?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

import detente.world
from detente.cli.commands.listing import show_economies, show_sectors
from detente.cli.screen import AsJson, heading, pairs, paragraph, print_json
from detente.report.words.sources import credits, repair_lines
from detente.wording import money

worlds = typer.Typer(
    name="world",
    add_completion=False,
    help="Look into a world: show, check, economies, sectors.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="A shipped world, or the path of a descriptor.")]


@worlds.command()
def show(name: Name = "icio-2022", json: AsJson = False) -> None:
    """Sources, credits, defaults, elasticity sets and every repair of a world."""
    d = detente.world.shipped_descriptor(name)
    if json:
        print_json(d)
        return
    heading(": ".join(part for part in (d["name"], d.get("title", "")) if part))
    facts: dict[str, object] = {
        "economies": f"{len(d['economies'])}: " + " ".join(d["economies"]),
        "sectors": f"{len(d['sectors'])}, of which {len(d.get('goods', ()))} goods",
        "year": d.get("year"),
        "currency": d.get("currency"),
        "market structure": d.get("market_structure"),
        "closure": d.get("closure"),
        "elasticities": d.get("elasticity_set"),
        "elasticity sets": list(d.get("elasticity_sets", {})),
        **({"what is of which year": d["years_basis"]} if "years_basis" in d else {}),
        "valuation": d.get("valuation"),
        "tariffs": d.get("tariff_basis"),
        "employment": d.get("employment_basis"),
        "emissions": d.get("emissions_basis"),
        "file hash": d.get("arrays", {}).get("sha256"),
    }
    pairs(facts)
    if lines := repair_lines(d.get("repairs", ())):
        print()
        heading(f"Repairs of the source data ({len(lines)})")
        for line in lines:
            paragraph("- " + line)
    if lines := credits(d.get("sources", ())):
        print()
        heading("Credits")
        for line in lines:
            paragraph(line)


@worlds.command()
def check(name: Name = "icio-2022", json: AsJson = False) -> None:
    """Read the whole file, compare its hash, and check every account."""
    world = detente.world.load_world(name)
    detente.world.check_is_consistent(world)
    detente.world.check_accounts(world)
    report: dict[str, Any] = {
        "world": world.name,
        "valid": True,
        "economies": len(world.economies),
        "sectors": len(world.sectors),
        "output": float(world.output.sum()),
        "value_added": world.world_value_added,
        "currency": world.currency,
        "repairs": len(world.repairs),
    }
    if json:
        print_json(report)
        return
    print(f"{world.name}: hash as recorded, shares, goods markets and budgets balance.")
    output, added = (
        money(report[key], world.currency, sign=False) for key in ("output", "value_added")
    )
    print(
        f"{report['economies']} economies, {report['sectors']} sectors, output {output} and value "
        f"added {added} a year. Arrays are in {world.currency}."
    )


@worlds.command()
def economies(name: Name = "icio-2022", json: AsJson = False) -> None:
    """Codes and names of the economies, and the groups they form."""
    show_economies(name, json)


@worlds.command()
def sectors(name: Name = "icio-2022", json: AsJson = False) -> None:
    """Codes and names of the sectors."""
    show_sectors(name, json)
