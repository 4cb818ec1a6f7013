"""What is in a world, where does it come from, and do its accounts hold?"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.data.files import check_shipped
from detente.world.accounts import check_accounts
from detente.world.model import FloatArray, World
from detente.world.shipped import NAMES, load_world

__all__ = ["check_lines", "check_world", "describe_lines", "describe_world"]


def _border(array: FloatArray) -> FloatArray:
    """Flows that cross a border: own sales set to zero."""
    out = np.array(array)
    np.einsum("nnj->nj", out)[...] = 0.0
    return out


def average_tariffs(world: World) -> dict[str, float]:
    """Average tariff on goods by importer, weighted with imports at basic prices.

    Examples
    --------
    >>> from detente.world import load_world
    >>> round(100 * average_tariffs(load_world("icio-2022"))["JPN"], 1)
    1.0
    """
    goods = [world.sectors.index(g) for g in world.goods or world.sectors]
    bought = _border(world.sales)[:, :, goods]
    paid = (bought * world.tariff[:, :, goods]).sum(axis=(1, 2))
    total = bought.sum(axis=(1, 2))
    mean = np.divide(paid, total, out=np.zeros_like(paid), where=total > 0)
    return {code: float(m) for code, m in zip(world.economies, mean, strict=True)}


def describe_world(world: World | str) -> dict[str, Any]:
    """What `detente world show` prints: plain numbers and text, ready for JSON.

    Parameters
    ----------
    world
        A world, the name of a shipped one, or the path of a descriptor.

    Examples
    --------
    >>> describe_world("icio-2022")["output"] > 1.9e8
    True
    """
    if isinstance(world, str):
        world = load_world(world)
    d = world.descriptor
    goods = set(world.goods)
    crossing = _border(world.sales)
    tariffs = average_tariffs(world)
    return {
        "name": world.name,
        "title": d.get("title", world.name),
        "year": world.year,
        "currency": world.currency,
        "economies": [
            {
                "code": code,
                "name": world.economy_names.get(code, code),
                "output": float(world.output[n].sum()),
                "value_added": float((world.value_added_share * world.output)[n].sum()),
                "imports": float(crossing[n].sum()),
                "exports": float(crossing[:, n].sum()),
                "average_tariff": tariffs[code],
                "transfer": float(world.transfer[n]),
            }
            for n, code in enumerate(world.economies)
        ],
        "sectors": [
            {
                "code": code,
                "name": world.sector_names.get(code, code),
                "is_good": code in goods,
                "trade_elasticity": float(world.trade_elasticity[k]),
                "scale_elasticity": float(world.scale_elasticity[k]),
                "output": float(world.output[:, k].sum()),
            }
            for k, code in enumerate(world.sectors)
        ],
        "groups": {code: list(members) for code, members in world.groups.items()},
        "output": float(world.output.sum()),
        "value_added": world.world_value_added,
        "trade": float(crossing.sum()),
        "market_structure": world.market_structure,
        "closure": world.closure,
        "elasticity_set": world.elasticity_set,
        "elasticity_sets": {
            name: {"title": chosen["title"], "note": chosen["note"]}
            for name, chosen in d.get("elasticity_sets", {}).items()
        },
        "defaults": dict(d.get("defaults", {})),
        "bases": {
            key: d[key]
            for key in (
                "years_basis",
                "valuation",
                "inputs",
                "sourcing",
                "services_basis",
                "tariff_basis",
                "employment_basis",
                "emissions_basis",
                "value_added_net_of_taxes_basis",
                "not_changed",
            )
            if key in d
        },
        "repairs": [
            {"rule": r.rule, "what": r.what, "size": r.size, "unit": r.unit, "cells": r.cells}
            for r in world.repairs
        ],
        "sources": [dict(source) for source in d.get("sources", ())],
        "hash": d.get("arrays", {}).get("sha256"),
    }


def describe_lines(world: World | str) -> list[str]:
    """`describe_world` as lines of plain text."""
    d = describe_world(world)
    trillion, billion = 1e6, 1e3
    lines = [
        f"{d['name']}: {d['title']}",
        f"  year {d['year']}, {d['currency']}; {len(d['economies'])} economies, "
        f"{len(d['sectors'])} sectors",
        f"  output {d['output'] / trillion:.1f}, value added {d['value_added'] / trillion:.1f}, "
        f"trade {d['trade'] / trillion:.1f} (millions of the unit above)",
        f"  {d['market_structure']}; closure {d['closure']}; elasticities {d['elasticity_set']}",
        "",
        "Economies (value added, imports, exports in thousands of the unit; mean tariff on goods)",
    ]
    lines += [
        f"  {e['code']:5} {e['name']:24} {e['value_added'] / billion:10,.0f} "
        f"{e['imports'] / billion:8,.0f} {e['exports'] / billion:8,.0f} "
        f"{100 * e['average_tariff']:5.1f} %"
        for e in d["economies"]
    ]
    lines += ["", "Sectors (trade elasticity, scale elasticity)"]
    lines += [
        f"  {s['code']:26} {s['name']:42} {s['trade_elasticity']:6.2f} "
        f"{s['scale_elasticity']:5.2f}{'' if s['is_good'] else '   service'}"
        for s in d["sectors"]
    ]
    for title, entries in (
        ("Groups", {c: " ".join(m) for c, m in d["groups"].items()}),
        (
            "Elasticity sets",
            {n: f"{s['title']}. {s['note']}" for n, s in d["elasticity_sets"].items()},
        ),
        ("Defaults", d["defaults"]),
        ("What the figures are", d["bases"]),
    ):
        if entries:
            lines += ["", title, *(f"  {key}: {text}" for key, text in entries.items())]
    lines += ["", f"Repairs ({len(d['repairs'])})"]
    lines += [
        f"  {r['rule']}: {r['size']:,.4g} {r['unit']} in {r['cells']} cells. {r['what']}"
        for r in d["repairs"]
    ]
    lines += ["", "Sources"]
    lines += [
        f"  {s['publisher']}: {s['title']}, {s['edition']}. Used for {s['used_for']}. "
        f"Licence: {s['licence']}. {s['credit']}"
        for s in d["sources"]
    ]
    return [*lines, "", f"SHA-256 of the arrays: {d['hash'] or 'not from a file'}"]


def check_world(world: World | str) -> dict[str, Any]:
    """What `detente world check` prints: the relative gap of every identity, and the hashes.

    Raises
    ------
    DataFileError
        A file is absent, truncated or altered.
    WorldError
        An identity fails, with the worst economy and sector.

    Examples
    --------
    >>> check_world("icio-2022-small")["gaps"]["goods market"] < 1e-8
    True
    """
    hashes: dict[str, str] = {}
    if isinstance(world, str):
        if world in NAMES:
            hashes = check_shipped()
        world = load_world(world)
    gaps = check_accounts(world)
    shares = world.value_added_share + world.input_share.sum(axis=1)
    source = world.expenditure_share.sum(axis=1)[world.expenditure > 0]
    gaps["value-added and input shares"] = float(np.abs(shares - 1)[world.output > 0].max())
    gaps["expenditure shares"] = float(np.abs(source - 1).max())
    psi_theta = world.trade_elasticity * world.scale_elasticity
    own = np.einsum("njj->nj", world.input_share)
    # Inputs bought at home: a rise in own scale feeds back through them.
    home = np.einsum("nnj->nj", world.expenditure_share)
    leontief = np.linalg.inv(np.eye(len(world.sectors)) - world.input_share * home[:, :, None])
    reinforced = psi_theta * np.einsum("njj->nj", leontief)
    return {
        "name": world.name,
        "gaps": gaps,
        "lowest_value_added_share": float(world.value_added_share[world.output > 0].min()),
        "zero_flows": int((world.sales == 0).sum()),
        "largest_own_input_share": float(own.max()),
        "largest_theta_psi": float(psi_theta.max()),
        "largest_theta_psi_leontief": float(reinforced.max()),
        "cells_with_theta_psi_leontief_above_one": int((reinforced > 1).sum()),
        "files": hashes,
    }


def check_lines(world: World | str) -> list[str]:
    """`check_world` as lines of plain text."""
    c = check_world(world)
    lines = [f"{c['name']}: accounts hold"]
    lines += [f"  {name}: largest relative gap {gap:.1e}" for name, gap in c["gaps"].items()]
    lines += [
        f"  lowest value-added share of output: {100 * c['lowest_value_added_share']:.1f} %",
        f"  flows that are zero (and stay zero): {c['zero_flows']}",
        f"  largest θψ {c['largest_theta_psi']:.2f}; times the own Leontief coefficient "
        f"at home {c['largest_theta_psi_leontief']:.2f}, above one in "
        f"{c['cells_with_theta_psi_leontief_above_one']} cells",
    ]
    if c["files"]:
        lines.append(f"  {len(c['files'])} shipped files have the hashes of the data package")
    return lines
