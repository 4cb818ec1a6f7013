"""Does a user's own table become the right world, and is a wrong one answered well?"""

from __future__ import annotations

import csv
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.against.random_worlds import random_world
from tests.mutants import bounded, fuzzed

from detente.errors import DataFileError, DetenteError, UnknownNameError, WorldError
from detente.world import World, world_from_tables

AXES: dict[str, tuple[str, ...]] = {
    "sales": ("importer", "exporter", "sector"),
    "tariff": ("importer", "exporter", "sector"),
    "export_tax": ("importer", "exporter", "sector"),
    "purchase_subsidy": ("importer", "exporter", "sector"),
    "production_subsidy": ("economy", "sector"),
    "input_share": ("economy", "input", "sector"),
    "trade_elasticity": ("sector",),
}


def long(world: World, name: str) -> list[dict[str, Any]]:
    """A field of a world as long rows."""
    axes = AXES[name]
    labels = [world.sectors if a in ("sector", "input") else world.economies for a in axes]
    array = getattr(world, name)
    return [
        {a: lab[k] for a, lab, k in zip(axes, labels, at, strict=True)} | {"value": float(v)}
        for at, v in np.ndenumerate(array)
    ]


@pytest.fixture
def world() -> World:
    return random_world(11, 4, 3)


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the files of a sound folder hold, by name."""
    folder = tmp_path_factory.mktemp("tables")
    for name in AXES:
        write(folder, name, long(random_world(11, 4, 3), name))
    return {name: (folder / f"{name}.csv").read_bytes() for name in AXES}


def test_rows_and_files_give_the_same_world(world: World, tmp_path: Path) -> None:
    tables = {name: long(world, name) for name in AXES}
    for name, rows in tables.items():
        write(tmp_path, name, rows)
    for made in (world_from_tables(tables), world_from_tables(tmp_path)):
        for name in (*AXES, "final_share", "transfer"):
            assert getattr(made, name) == pytest.approx(getattr(world, name), abs=1e-9), name


def test_data_frames_are_taken(world: World) -> None:
    import pandas as pd

    frames = {name: pd.DataFrame(long(world, name)) for name in AXES}
    frames["sales"] = frames["sales"].sample(frac=1, random_state=1)
    made = world_from_tables(frames, economies=world.economies, sectors=world.sectors)
    assert np.array_equal(made.sales, world.sales)


def test_purchaser_prices(world: World) -> None:
    tables = {name: long(world, name) for name in AXES if name != "sales"}
    x = world.expenditure_by_source
    tables["expenditure"] = [
        row | {"value": x[world.economies.index(row["importer"]),
                          world.economies.index(row["exporter"]),
                          world.sectors.index(row["sector"])]}
        for row in long(world, "sales")
    ]  # fmt: skip
    assert world_from_tables(tables).sales == pytest.approx(world.sales, rel=1e-12)


def change(rows: list[dict[str, Any]], **cells: Any) -> list[dict[str, Any]]:
    return [rows[0] | cells, *rows[1:]]


@pytest.mark.parametrize(
    ("table", "cells", "error", "says"),
    [
        ("sales", {"value": "25 %"}, WorldError, "row 1: value"),
        ("sales", {"value": ""}, WorldError, "missing or empty"),
        ("sales", {"value": float("nan")}, WorldError, "missing or empty"),
        ("sales", {"value": float("inf")}, WorldError, "missing or infinite"),
        ("tariff", {"importer": "QQQ"}, UnknownNameError, "QQQ"),
        ("tariff", {"sector": "nothing"}, UnknownNameError, "nothing"),
        ("sales", {"value": -1.0}, WorldError, "negative"),
    ],
)
def test_wrong_cells(
    world: World, table: str, cells: dict[str, Any], error: type[Exception], says: str
) -> None:
    tables = {name: long(world, name) for name in AXES}
    tables[table] = change(tables[table], **cells)
    with pytest.raises(error, match=says):
        world_from_tables(tables, economies=world.economies, sectors=world.sectors)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (3, "sales: give a data frame"),
        ("sales.csv", "sales: give a data frame"),
        ({"importer": "A"}, "sales: give a data frame"),
        ([1, 2], "sales, row 1: not a row"),
        ([None], "sales, row 1: not a row"),
        ([], "at least one name"),
        ([{"importer": float("nan"), "exporter": "A", "sector": "x", "value": 1}], "importer"),
        ([{"importer": " ", "exporter": "A", "sector": "x", "value": 1}], "importer"),
        ([{"importer": "A", "exporter": "A", "sector": "x", "value": "y" * 9_999}], "not a number"),
        ([{"importer": f"{k}", "exporter": "A", "sector": "x", "value": 1} for k in range(2_000)],
         "at most 1,000"),
        ([{"importer": f"{k}", "exporter": "A", "sector": f"{k}", "value": 1} for k in range(900)],
         "at most 6,000,000"),
    ],
)  # fmt: skip
def test_rows_that_are_no_table(rows: Any, says: str) -> None:
    with pytest.raises(WorldError, match=says) as caught:
        world_from_tables({"sales": rows, "trade_elasticity": [{"sector": "x", "value": 4}]})
    assert len(str(caught.value)) < 400


def test_wrong_tables(world: World, tmp_path: Path) -> None:
    tables = {name: long(world, name) for name in AXES}
    with pytest.raises(WorldError, match="given twice"):
        world_from_tables(tables | {"sales": [*tables["sales"], tables["sales"][0]]})
    with pytest.raises(WorldError, match="missing, the first"):
        world_from_tables(tables | {"trade_elasticity": tables["trade_elasticity"][1:]})
    with pytest.raises(UnknownNameError, match="tariff"):
        world_from_tables(tables | {"tarif": []})
    with pytest.raises(WorldError, match="exactly one of"):
        world_from_tables({k: v for k, v in tables.items() if k != "sales"})
    with pytest.raises(DataFileError, match="no such folder"):
        world_from_tables(tmp_path / "absent")
    write(tmp_path, "sales", tables["sales"])
    with pytest.raises(WorldError, match="trade_elasticity"):
        world_from_tables(tmp_path)
    (tmp_path / "tariff.csv").write_bytes(b"importer,exporter,sector,value\n\xff\xfe,a,b,1\n")
    with pytest.raises(DataFileError, match="UTF-8"):
        world_from_tables(tmp_path)
    (tmp_path / "tariff.csv").write_text("importer,exporter,sector,value,value\nA,B,x,1,2\n")
    with pytest.raises(DataFileError, match="stands twice"):
        world_from_tables(tmp_path)


@fuzzed(500)
def test_damaged_tables_are_a_world_or_one_error(tables: dict[str, bytes], seed: int) -> None:
    rng = random.Random(seed)
    name = rng.choice(list(tables))
    content = bytearray(tables[name])
    for _ in range(rng.choice((1, 2, 5))):
        at = rng.randrange(len(content))
        content[at : at + rng.choice((0, 1, 9))] = rng.choice(
            (b"", b"\n", b",", b'"', b"\x00", b"\xff", b"-", b"e999", b"nan", b"x" * 200_000)
        )
    with tempfile.TemporaryDirectory() as folder:
        for each, whole in tables.items():
            Path(folder, f"{each}.csv").write_bytes(bytes(content) if each == name else whole)
        made = bounded(lambda: world_from_tables(folder), DetenteError)
    if isinstance(made, World):
        assert np.isfinite(made.income).all()
