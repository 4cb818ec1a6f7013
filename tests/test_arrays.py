"""Are arrays labelled rightly, and is their table long?"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from detente.arrays import Labelled, cell, long_table, percent_change
from detente.errors import InputError, UnknownNameError
from detente.quantities import COLUMNS
from detente.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return World.from_arrays(
        ["AAA", "BBB"],
        ["x", "y", "z"],
        sales=np.arange(1.0, 13.0).reshape(2, 2, 3),
        trade_elasticity=4.0,
        closure="balanced",
    )


def test_every_cell_gets_the_codes_of_its_place(world: World) -> None:
    values = np.arange(12.0).reshape(2, 2, 3)
    item = Labelled(values, ("importer", "exporter", "sector"), "%", "trade_pct")
    table = long_table([item.rows(world)], scenario="s", compared_with="w", date="2025-01-01")
    assert tuple(table.columns) == COLUMNS
    for row in table.itertuples():
        at = (
            world.economies.index(row.importer),
            world.economies.index(row.exporter),
            world.sectors.index(row.sector),
        )
        assert row.value == values[at]
        codes = {"importer": row.importer, "exporter": row.exporter, "sector": row.sector}
        assert cell(item, world, codes) == row.value
    assert set(table["scenario"]) == {"s"}
    assert table["quantile"].isna().all()
    assert set(table["economy"]) == {""}


def test_missing_cells_leave_or_stay(world: World) -> None:
    item = Labelled(np.array([np.nan, 2.0]), ("economy",), "%", "welfare_pct")
    assert long_table([item.rows(world, 0.05)])[
        ["economy", "quantile", "value"]
    ].values.tolist() == [["BBB", 0.05, 2.0]]
    assert len(long_table([item.rows(world, drop_missing=False)])) == 2


def test_a_number_without_axes_is_one_row(world: World) -> None:
    table = long_table([Labelled(np.array(3.0), (), "1", "rounds").rows(world)])
    assert table[["metric", "value", "unit"]].values.tolist() == [["rounds", 3.0, "1"]]


def test_no_pieces_make_an_empty_table_with_all_columns() -> None:
    table = long_table([])
    assert tuple(table.columns) == COLUMNS
    assert table.empty


def test_a_piece_may_say_otherwise_than_the_table() -> None:
    table = long_table([{"metric": "m", "value": [1, 2], "scenario": "mine"}], scenario="all")
    assert table["scenario"].tolist() == ["mine", "mine"]


def test_a_piece_of_two_lengths_is_refused() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        long_table([{"metric": "m", "economy": ["A", "B", "C"], "value": [1.0, 2.0]}])


def test_wrong_axes_and_codes_are_named(world: World) -> None:
    with pytest.raises(InputError, match="axes must be among"):
        Labelled(np.ones(2), ("country",), "%", "m")
    item = Labelled(np.ones(2), ("economy",), "%", "m")
    with pytest.raises(InputError, match="has the axes economy, not sector"):
        cell(item, world, {"sector": "x"})
    with pytest.raises(UnknownNameError, match="unknown economy"):
        cell(item, world, {"economy": "CCC"})


def test_a_change_from_nothing_has_no_percent() -> None:
    change = percent_change(np.array([1.0, 3.0]), np.array([0.0, 2.0]))
    assert np.isnan(change[0])
    assert change[1] == pytest.approx(50.0)


def test_pandas_is_loaded_only_for_a_table() -> None:
    code = "import sys, detente.arrays; sys.exit('pandas' in sys.modules or 'jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
