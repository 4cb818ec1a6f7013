"""What is there to choose from?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

import detente.case
import detente.data
import detente.measures
import detente.world
from detente.cli.screen import AsJson, grid, heading, pairs, print_json
from detente.errors import UnknownNameError
from detente.quantities import quantities


def list_names(
    what: Annotated[
        str,
        typer.Argument(
            help="cases, worlds, measures, metrics, sectors, economies or product-groups."
        ),
    ],
    world: Annotated[
        str, typer.Option(help="For sectors and economies: of which world.")
    ] = "icio-2022",
    json: AsJson = False,
) -> None:
    """List cases, worlds, measures, metrics, sectors, economies or product-groups."""
    choices: dict[str, Callable[[], None]] = {
        "cases": lambda: show_cases(json),
        "worlds": lambda: show_worlds(json),
        "measures": lambda: show_measures(json),
        "metrics": lambda: show_metrics(json),
        "sectors": lambda: show_sectors(world, json),
        "economies": lambda: show_economies(world, json),
        "product-groups": lambda: show_product_groups(json),
    }
    if what not in choices:
        raise UnknownNameError("list", what, choices, where="detente list")
    choices[what]()


def show_cases(json: bool) -> None:
    """The shipped cases."""
    cases = [detente.case.load_case(name) for name in detente.case.list_cases()]
    if json:
        print_json(
            [
                {
                    "name": c.name,
                    "title": c.title,
                    "question": c.question,
                    "world": c.world,
                    "measures": len(c.measures),
                    "packages": [p.id for p in c.packages],
                }
                for c in cases
            ]
        )
        return
    grid(
        ("Case", "Measures", "Packages", "Title"),
        [(c.name, str(len(c.measures)), str(len(c.packages)), c.title) for c in cases],
    )


def show_worlds(json: bool) -> None:
    """The shipped worlds."""
    rows = [detente.world.shipped_descriptor(name) for name in detente.world.list_worlds()]
    if json:
        keys = ("name", "title", "year", "closure", "elasticity_set")
        print_json(
            [
                {k: d.get(k) for k in keys}
                | {"economies": len(d["economies"]), "sectors": len(d["sectors"])}
                for d in rows
            ]
        )
        return
    grid(
        ("World", "Economies", "Sectors", "Title"),
        [(d["name"], str(len(d["economies"])), str(len(d["sectors"])), d["title"]) for d in rows],
    )


def show_measures(json: bool) -> None:
    """Every instrument: the wedge it moves, who pays, how much can be said."""
    rows = detente.measures.table()
    if json:
        print_json([asdict(row) for row in rows])
        return
    grid(
        ("Kind", "By", "How much", "What it is"),
        [(r.kind, r.by, r.how_much, r.meaning) for r in rows],
    )


def show_metrics(json: bool) -> None:
    """What the tables of results report, with units."""
    rows = [row for row in quantities().values() if row.kind == "metric"]
    if json:
        print_json([{"name": r.name, "unit": r.unit, "label": r.label} for r in rows])
        return
    grid(("Metric", "Unit", "What it is"), [(r.name, r.unit, r.label) for r in rows])


def show_sectors(world: str, json: bool) -> None:
    """Sectors of a world."""
    labels = detente.world.world_labels(world)
    rows = [
        {"code": s, "name": labels.sector_names.get(s, s), "good": s in labels.goods}
        for s in labels.sectors
    ]
    if json:
        print_json(rows)
        return
    grid(
        ("Sector", "Good", "Name"),
        [(str(r["code"]), "yes" if r["good"] else "no", str(r["name"])) for r in rows],
    )


def show_economies(world: str, json: bool) -> None:
    """Economies and groups of a world."""
    labels = detente.world.world_labels(world)
    groups = {code: list(members) for code, members in labels.groups.items()}
    if json:
        print_json(
            {
                "economies": [
                    {"code": e, "name": labels.economy_names.get(e, e)} for e in labels.economies
                ],
                "groups": groups,
            }
        )
        return
    grid(("Economy", "Name"), [(e, labels.economy_names.get(e, e)) for e in labels.economies])
    if groups:
        print()
        heading("Groups")
        pairs({code: " ".join(members) for code, members in groups.items()})


def show_product_groups(json: bool) -> None:
    """Product groups whose coverage is known, with their share of a sector's imports."""
    rows = detente.data.product_groups()
    if json:
        print_json(
            {
                name: {
                    "hs": list(g.hs_codes),
                    "imports_usd_million": g.imports,
                    "coverage": dict(g.coverage),
                    "duty_rate": g.duty_rate,
                    "source": g.source,
                }
                for name, g in rows.items()
            }
        )
        return
    table = []
    for name, g in rows.items():
        covered = ", ".join(f"{100 * share:.2g} % of {s}" for s, share in g.coverage)
        table.append((name, covered, f"{g.imports:,.0f}"))
    grid(("Product group", "Covers, of US imports from China", "USD million"), table, numeric=1)
