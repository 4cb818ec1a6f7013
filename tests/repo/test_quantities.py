"""Is every number that a table or an equation names in the table of quantities?"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from docs._ext.notation import notation_table

from detente.errors import UnknownNameError
from detente.quantities import KINDS, label, quantities, quantity, unit

AXES = {"importer", "exporter", "economy", "sector", "input", "part"}


def test_rows_are_complete_and_speak_one_language() -> None:
    for name, row in quantities().items():
        assert name == row.name
        assert row.kind in KINDS
        assert row.label
        assert row.unit
        assert row.meaning.endswith(".")
        assert {axis.strip() for axis in row.axes.split(",") if axis.strip()} <= AXES, name


def test_one_symbol_one_meaning() -> None:
    symbols = [row.symbol for row in quantities().values() if row.symbol]
    assert len(set(symbols)) == len(symbols)


def test_the_colon_carries_a_detail() -> None:
    assert label("revenue_change:tariff") == "Revenue (tariff)"
    assert unit("revenue:tariff", "EUR million") == "EUR million"
    with pytest.raises(UnknownNameError, match="welfare_pct"):
        quantity("welfare_pc")


@pytest.mark.parametrize("kind", KINDS)
def test_notation_lists_every_quantity_of_a_kind(kind: str) -> None:
    rows = notation_table(kind)[2:]
    assert len(rows) == sum(row.kind == kind for row in quantities().values())


def test_the_theory_page_shows_every_kind(root: Path) -> None:
    page = (root / "docs" / "theory.md").read_text(encoding="utf-8")
    assert re.findall(r"^```\{notation\} (\w+)$", page, re.M) == list(KINDS)


def test_fields_of_world_and_equilibrium_are_quantities() -> None:
    from detente.equilibrium import Equilibrium
    from detente.world import World

    #: What describes a world or a result and is not a number of the model.
    about = {
        "name", "economies", "sectors", "market_structure", "closure", "currency", "year", "goods",
        "elasticity_set", "economy_names", "sector_names", "groups", "repairs", "descriptor",
        "is_consistent", "value_added_net_of_taxes", "world", "shock", "compiled", "rates",
        "active", "specification", "certificate", "state", "stopped", "notes",
    }  # fmt: skip
    for holder in (World, Equilibrium):
        fields = {f.name for f in dataclasses.fields(holder) if not f.name.startswith("_")}
        assert fields - about <= set(quantities()), holder.__name__


def test_tables_report_only_known_metrics_in_their_units() -> None:
    import numpy as np

    from detente import World, solve
    from detente.measures import Shock
    from detente.outcomes import outcomes_of

    flows = np.array([[[80.0, 60.0], [20.0, 5.0]], [[15.0, 5.0], [200.0, 180.0]]])
    world = World.from_arrays(
        ["HOM", "FOR"],
        ["goods", "services"],
        sales=flows,
        input_share=np.full((2, 2, 2), 0.2),
        trade_elasticity=[4.0, 2.0],
        employment=np.array([[1.0, 2.0], [3.0, 5.0]]),
        emissions=np.array([[2.0, 1.0], [4.0, 2.0]]),
    )
    tariff = np.zeros((2, 2, 2))
    tariff[0, 1, 0] = 0.2
    table = outcomes_of(solve(world, Shock.of(world, tariff=tariff)), scenario="a tariff").table()
    for name, rows in table.groupby("metric"):
        row = quantity(str(name))
        assert row.kind == "metric", name
        assert set(rows["unit"]) == {unit(str(name), world.currency)}, name
        used = {a for a in ("importer", "exporter", "economy", "sector") if rows[a].any()}
        declared = {axis.strip() for axis in row.axes.split(",")}
        # An importer's total over its partners stands under the economy.
        assert used <= declared | {"economy"}, name
