"""How are the shipped worlds and tables made from the source tables?

    python tools/build_worlds.py [--out FOLDER]

Writes into src/detente/data (or another folder): shipped/NAME.npz and .json for the worlds
icio-2022, icio-2022-small and icio-2017, the small CSV tables, and datapackage.json with the hash
of each file. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from build_tables import build_tables
from elasticity_tables import DEFAULT, STUDIES, elasticity_sets, studies
from source_tables import (
    ROOT,
    InputOutput,
    Tariffs,
    by_cell,
    data_folder,
    employment_totals,
    input_output,
    tariffs_in_force,
    value_added_net_of_taxes,
)
from world_of_2017 import SERVICES, YEAR, parts_of_2017
from world_texts import BASES, BASES_2017, DEFAULTS, SOURCES, SOURCES_2017

from detente.arrays import FloatArray
from detente.store import content_hash
from detente.world import World, aggregate
from detente.world.descriptor import SCHEMA
from detente.world.storage import (
    axis_lengths,
    descriptor_bytes,
    packed,
    unpacked,
    world_from_stored,
)

#: Written by hand, shipped as they are.
HAND_TABLES = ("economies.csv", "sectors.csv", "groups.csv")
VERSION = "1.0.0"

SMALL_ECONOMIES = {
    "USA": ["USA"],
    "CHN": ["CHN"],
    "EU27": ["DEU", "FRA", "ITA", "REU"],
    "JPN": ["JPN"],
    "KOR": ["KOR"],
    "TWN": ["TWN"],
    "IND": ["IND"],
    "MEX": ["MEX"],
    "VNM": ["VNM"],
    "ROW": ["GBR", "CAN", "BRA", "AUS", "RUS", "TUR", "MYS", "THA", "IDN", "XSE", "GLF", "ROW"],
}
SMALL_SECTORS = {
    "agriculture": ["agriculture", "forestry_fishing"],
    "energy_mining": ["energy_mining", "other_mining", "petroleum"],
    "food_textiles": ["food", "textiles"],
    "chemicals": ["chemicals", "pharmaceuticals", "rubber_plastics"],
    "iron_steel": ["iron_steel"],
    "electronics": ["electronics"],
    "electrical_equipment": ["electrical_equipment"],
    "machinery": ["machinery"],
    "motor_vehicles": ["motor_vehicles"],
    "other_manufacturing": [
        "wood_paper",
        "nonmetal_minerals",
        "nonferrous_metals",
        "fabricated_metals",
        "other_transport_equipment",
        "other_manufacturing",
    ],
    "business_services": ["ict", "finance", "business_services"],
    "other_services": [
        "utilities",
        "construction",
        "trade",
        "transport",
        "hospitality",
        "real_estate",
        "public_services",
        "other_services",
    ],
}
SMALL_NAMES = {
    "agriculture": "Agriculture, forestry and fishing",
    "energy_mining": "Mining and petroleum",
    "food_textiles": "Food, textiles and clothing",
    "chemicals": "Chemicals, pharmaceuticals and plastics",
    "other_manufacturing": "Other manufacturing",
    "business_services": "Digital, financial and business services",
    "other_services": "Other services",
}


def big_world_parts(table: InputOutput, tariffs: Tariffs) -> dict[str, FloatArray]:
    """The arrays of `icio-2022`: rounded so that every machine writes the same bytes."""
    sales = np.round(
        table.intermediate.sum(axis=3).transpose(2, 0, 1) + table.final.transpose(2, 0, 1), 6
    )
    at_gate = table.intermediate  # seller, good, buyer, user
    factor = 1 + tariffs.rate.transpose(1, 2, 0)  # seller, good, buyer
    inputs = np.round((at_gate * factor[..., None]).sum(axis=0).transpose(1, 0, 2), 6)
    output = sales.sum(axis=0)
    input_share = np.round(inputs / output[:, None, :], 12)
    value_added = np.round((1 - input_share.sum(axis=1)) * output, 6)
    if (value_added <= 0).any():
        raise ValueError("value added is not positive in every cell: a repair rule is needed")
    total = employment_totals(table.economies)
    employment = total[:, None] * value_added / value_added.sum(axis=1, keepdims=True)
    net, _ = value_added_net_of_taxes(table.economies, table.sectors)
    emissions = by_cell("ghg_scope1_2022_24x32.csv", "ghg_mtco2e", table.economies, table.sectors)
    return {
        "sales": sales,
        "input_share": input_share,
        "tariff": tariffs.rate,
        "employment": np.round(employment, 6),
        "emissions": np.round(emissions, 6),
        "value_added_net_of_taxes": np.round(net, 6),
    }


def names_of(table: str, codes: list[str], folder: Path) -> dict[str, str]:
    """Display names from a hand-written table."""
    import csv

    with (folder / table).open(encoding="utf-8", newline="") as stream:
        by_code = {r["code"]: r["name"] for r in csv.DictReader(stream)}
    return {code: by_code[code] for code in codes}


def group_table(folder: Path, economies: tuple[str, ...]) -> dict[str, list[str]]:
    """Groups whose members are all economies of the world."""
    import csv

    with (folder / "groups.csv").open(encoding="utf-8", newline="") as stream:
        table = {r["code"]: r["members"].split() for r in csv.DictReader(stream)}
    return {code: members for code, members in table.items() if set(members) <= set(economies)}


def describe_arrays(arrays: dict[str, FloatArray], path: str, content: bytes) -> dict[str, Any]:
    """The entry of the array file in a descriptor."""
    return {
        "path": path,
        "sha256": content_hash(content),
        "bytes": len(content),
        "shapes": {name: list(array.shape) for name, array in arrays.items()},
    }


def stored(descriptor: dict[str, Any], content: bytes, out: Path) -> dict[str, FloatArray]:
    """The arrays as they come back from what was written."""
    return unpacked(content, axis_lengths(descriptor["economies"], descriptor["sectors"]), out)


def write(path: Path, content: bytes) -> None:
    """Write one product."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def build_big(out: Path, hand: Path) -> World:
    """Write `icio-2022` and return it, loaded from what was written."""
    table = input_output()
    sales = table.intermediate.sum(axis=3).transpose(2, 0, 1) + table.final.transpose(2, 0, 1)
    tariffs = tariffs_in_force(table.economies, table.sectors, sales)
    arrays = big_world_parts(table, tariffs)
    content = packed(arrays)
    sets = elasticity_sets(table.sectors, table.goods)
    theta_psi = np.array(sets["lashkaripour-lugovskyy-2023"]["trade_elasticity"]) * np.array(
        sets["lashkaripour-lugovskyy-2023"]["scale_elasticity"]
    )
    if theta_psi.max() >= 1:
        raise ValueError("θψ reaches one: equilibria would not be unique even without inputs")
    descriptor = {
        "schema": SCHEMA,
        "profile": "detente-world",
        "name": "icio-2022",
        "title": "The world economy of 2022 in 24 economies and 32 sectors",
        "version": VERSION,
        "year": 2022,
        "currency": "USD million",
        "market_structure": "competitive",
        "closure": "fixed-transfer",
        "elasticity_set": DEFAULT,
        "economies": list(table.economies),
        "sectors": list(table.sectors),
        "goods": list(table.goods),
        "economy_names": names_of("economies.csv", list(table.economies), hand),
        "sector_names": names_of("sectors.csv", list(table.sectors), hand),
        "groups": group_table(hand, table.economies),
        "defaults": DEFAULTS,
        **BASES,
        **tariffs.notes,
        "repairs": [asdict(r) | {"size": round(r.size, 6)} for r in tariffs.repairs],
        "elasticity_sets": sets,
        "elasticity_studies": studies(table.sectors),
        "elasticity_study_references": STUDIES,
        "sources": SOURCES,
        "arrays": describe_arrays(arrays, "icio-2022.npz", content),
    }
    write(out / "shipped/icio-2022.npz", content)
    write(out / "shipped/icio-2022.json", descriptor_bytes(descriptor))
    return world_from_stored(descriptor, stored(descriptor, content, out), where="icio-2022")


def build_small(world: World, out: Path, hand: Path) -> World:
    """Write `icio-2022-small`, the aggregate of the big world."""
    small = aggregate(world, SMALL_ECONOMIES, SMALL_SECTORS, name="icio-2022-small")
    net = np.array(small.value_added_net_of_taxes)
    _, eu = value_added_net_of_taxes(world.economies, world.sectors)
    row = list(SMALL_ECONOMIES).index("EU27")
    for k, members in enumerate(SMALL_SECTORS.values()):
        net[row, k] = sum(eu[world.sectors.index(m)] for m in members)
    if small.employment is None or small.emissions is None:
        raise ValueError("the big world lost employment or emissions")
    arrays = {
        "sales": np.round(small.sales, 6),
        "input_share": np.round(small.input_share, 12),
        "tariff": np.round(small.tariff, 8),
        "employment": np.round(small.employment, 6),
        "emissions": np.round(small.emissions, 6),
        "value_added_net_of_taxes": np.round(net, 6),
    }
    content = packed(arrays)
    d = dict(small.descriptor)
    rounded_elasticities(d)
    inner = float((np.einsum("nnj->nj", small.tariff) * np.einsum("nnj->nj", small.sales)).sum())
    d["repairs"] = [
        *d["repairs"],
        {
            "rule": "tariffs-between-merged-economies",
            "what": "Tariffs between economies that are one here are kept as a wedge on its "
            "purchases from itself (ROW), so that revenue and prices are what they were. The "
            "size is that revenue.",
            "size": round(inner, 3),
            "unit": "USD million",
            "cells": int((np.einsum("nnj->nj", arrays["tariff"]) != 0).sum()),
        },
    ]
    d |= {
        "name": "icio-2022-small",
        "title": "The world economy of 2022 in 10 economies and 12 sectors",
        "economies": list(small.economies),
        "sectors": list(small.sectors),
        "goods": list(small.goods),
        "economy_names": names_of("economies.csv", list(small.economies), hand),
        "sector_names": {s: SMALL_NAMES.get(s) or world.sector_names[s] for s in small.sectors},
        "groups": {code: list(members) for code, members in small.groups.items()},
        "arrays": describe_arrays(arrays, "icio-2022-small.npz", content),
    }
    write(out / "shipped/icio-2022-small.npz", content)
    write(out / "shipped/icio-2022-small.json", descriptor_bytes(d))
    return world_from_stored(d, stored(d, content, out), where="icio-2022-small")


def rounded_elasticities(descriptor: dict[str, Any]) -> None:
    """Round the merged elasticity sets and studies of an aggregated descriptor, in place."""
    for chosen in descriptor["elasticity_sets"].values():
        for key in ("trade_elasticity", "scale_elasticity"):
            chosen[key] = [round(x, 6) for x in chosen[key]]
    descriptor["elasticity_studies"] = {
        name: [None if x is None else round(x, 6) for x in row]
        for name, row in descriptor["elasticity_studies"].items()
    }


def build_2017(world: World, out: Path) -> World:
    """Write `icio-2017`, the world before the trade war, with the merged sets of the big one."""
    parts = parts_of_2017(input_output())
    merged = aggregate(world, sectors=parts.merged_from, name="icio-2017")
    elasticities = {
        key: merged.descriptor[key]
        for key in ("elasticity_sets", "elasticity_studies", "elasticity_study_references")
    }
    rounded_elasticities(elasticities)
    content = packed(parts.arrays)
    descriptor = {
        "schema": SCHEMA,
        "profile": "detente-world",
        "name": "icio-2017",
        "title": "The world economy of 2017, before the trade war, in 24 economies and 22 sectors",
        "version": VERSION,
        "year": YEAR,
        "currency": "USD million",
        "market_structure": "competitive",
        "closure": "fixed-transfer",
        "elasticity_set": DEFAULT,
        "economies": list(merged.economies),
        "sectors": list(parts.sectors),
        "goods": list(merged.goods),
        "economy_names": dict(merged.economy_names),
        "sector_names": dict(merged.sector_names) | {SERVICES: "Services"},
        "groups": {code: list(members) for code, members in world.groups.items()},
        "merged_sectors": {SERVICES: parts.merged_from[SERVICES]},
        "defaults": DEFAULTS,
        **BASES_2017,
        **parts.notes,
        "repairs": [asdict(r) | {"size": round(r.size, 6)} for r in parts.repairs],
        **elasticities,
        "sources": SOURCES_2017,
        "arrays": describe_arrays(parts.arrays, "icio-2017.npz", content),
    }
    write(out / "shipped/icio-2017.npz", content)
    write(out / "shipped/icio-2017.json", descriptor_bytes(descriptor))
    return world_from_stored(descriptor, stored(descriptor, content, out), where="icio-2017")


def build_package(out: Path, names: list[str]) -> None:
    """Write datapackage.json: every file with its hash, the sources with their credits."""
    resources = []
    for name in sorted(names):
        content = (out / name).read_bytes()
        resources.append({"path": name, "bytes": len(content), "sha256": content_hash(content)})
    package = {
        "name": "detente-data",
        "title": "Tables shipped with detente",
        "version": VERSION,
        "created_by": "tools/build_worlds.py",
        "sources": SOURCES,
        "resources": resources,
    }
    write(
        out / "datapackage.json",
        (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode("utf-8"),
    )


def build(out: Path) -> tuple[World, ...]:
    """Everything; the worlds as they load from what was written."""
    hand = ROOT / "src/detente/data"
    out.mkdir(parents=True, exist_ok=True)
    for name in HAND_TABLES:
        if out.resolve() != hand.resolve():
            shutil.copyfile(hand / name, out / name)
    big = build_big(out, hand)
    worlds = (big, build_small(big, out, hand), build_2017(big, out))
    tables = build_tables(out)
    files = [f"shipped/{w.name}.{end}" for w in worlds for end in ("json", "npz")]
    build_package(out, [*HAND_TABLES, *tables, *files])
    return worlds


def main() -> None:
    """Build from the command line."""
    parser = argparse.ArgumentParser(description="Build the shipped worlds and tables.")
    parser.add_argument("--out", type=Path, default=ROOT / "src/detente/data")
    out = parser.parse_args().out
    print(f"sources: {data_folder()}")
    for world in build(out):
        print(f"{world.name}: {len(world.economies)} x {len(world.sectors)}")
        for repair in world.repairs:
            print(f"  {repair.rule}: {repair.size:,.4g} {repair.unit}, {repair.cells} cells")
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts:
            print(f"{path.stat().st_size:>10,} {path.relative_to(out)}")


if __name__ == "__main__":
    main()
