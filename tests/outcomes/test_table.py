"""Is every outcome labelled, complete and readable?"""

from __future__ import annotations

import json

import numpy as np
import pytest

from detente import Shock, solve
from detente.equilibrium import Equilibrium
from detente.errors import InputError, UnknownNameError
from detente.outcomes import Outcomes, outcomes_of
from detente.quantities import COLUMNS, unit
from detente.world.model import World


@pytest.fixture(scope="module")
def result(found: Equilibrium) -> Outcomes:
    return outcomes_of(found, scenario="all at once")


def test_every_metric_is_explained_with_its_unit(result: Outcomes) -> None:
    for item in result.quantities.values():
        said = unit(item.metric, result.world.currency).removesuffix(" a year")
        assert item.unit == said, item.metric


def test_the_table_holds_every_number_once(result: Outcomes) -> None:
    table = result.table()
    assert tuple(table.columns) == COLUMNS
    assert table["quantile"].isna().all()
    assert table["value"].notna().all()
    labels = ["metric", "importer", "exporter", "economy", "sector"]
    assert not table.duplicated(labels).any()
    expected = sum(int((~np.isnan(q.values)).sum()) for q in result.quantities.values())
    assert len(table) == expected
    world = result.world
    flow = table[
        (table["metric"] == "trade_change")
        & (table["importer"] == world.economies[2])
        & (table["exporter"] == world.economies[0])
        & (table["sector"] == world.sectors[1])
    ]
    assert flow["value"].item() == result.trade_change[2, 0, 1]
    assert set(table["scenario"]) == {"all at once"}
    assert set(table["compared_with"]) == {world.name}


def test_the_table_of_one_outcome_or_of_several(result: Outcomes) -> None:
    one = result.table("welfare_pct")
    assert one.equals(result.table(["welfare_pct"]))
    assert set(one["metric"]) == {"welfare_pct"}
    assert set(result.table(["welfare_pct", "output_pct"])["metric"]) == {
        "welfare_pct",
        "output_pct",
    }
    for wrong in ("welfare", ["output_pct", "welfare"]):
        with pytest.raises(UnknownNameError, match="welfare_pct"):
            result.table(wrong)


def test_cells_by_code(result: Outcomes, world: World) -> None:
    name = world.economies
    assert result.at("welfare_pct", economy=name[2]) == result.welfare_pct[2]
    assert result.at("output_pct", economy=name[1]).shape == (len(world.sectors),)
    with pytest.raises(UnknownNameError, match="welfare_pct"):
        result["welfare"]
    with pytest.raises(UnknownNameError, match="economy"):
        result.at("welfare_pct", economy="ZZZ")
    with pytest.raises(InputError, match="has the axes economy"):
        result.at("welfare_pct", importer=name[0])
    with pytest.raises(ValueError, match="read-only"):
        result.welfare_pct[0] = 1.0


def test_as_json_and_as_text(result: Outcomes) -> None:
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert plain["quantities"]["welfare_pct"]["values"] == result.welfare_pct.tolist()
    assert plain["quantities"]["trade_pct_by_pair"]["values"][0][0] is None
    text = str(result)
    assert "all at once, compared with" in text
    assert "closure: fixed-transfer" in text
    best = result.world.economies[int(np.argmax(result.welfare_pct))]
    assert text.splitlines()[2].startswith(best)


def test_average_tariffs_by_hand(world: World) -> None:
    """One duty on part of one flow: weights at the baseline, and as trade is afterwards."""
    from detente.equilibrium import solve
    from detente.measures.shock import Parts, Shock

    to, of, j = np.array([0]), np.array([1]), np.array([1])
    base_rate = world.tariff[0, 1, 1]
    parts = Parts(
        to, of, j, np.array([0.25]), np.array([base_rate + 0.4]), world.export_tax[to, of, j],
        world.production_subsidy[of, j], world.purchase_subsidy[to, of, j], np.ones(1),
    )  # fmt: skip
    found = solve(world, Shock.of(world, parts=parts))
    result = outcomes_of(found)
    border = world.sales * (1 + world.export_tax) * (1 - world.production_subsidy)
    goods = [0, 1]
    share = border[0, 1, 1] / border[0, 1, goods].sum()
    change = result.at(
        "average_tariff_change_by_pair", importer=world.economies[0], exporter=world.economies[1]
    )
    assert abs(change - 100 * share * 0.25 * 0.4) < 1e-10
    paid = result.at(
        "average_tariff_current_weights_change_by_pair",
        importer=world.economies[0],
        exporter=world.economies[1],
    )
    assert 0 < paid < change  # trade leaves what has become dear


def test_a_world_without_a_year_has_no_base_year() -> None:
    world = World.from_arrays(
        ["HOM", "FOR"], ["g"], sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0
    )
    for year, said in ((None, False), (2020, True)):
        found = outcomes_of(solve(world.with_(year=year), Shock.none(world)))
        assert ("base year: 2020" in str(found)) == said
        assert ("base year" in found.settings) == said
        assert not any(line.rstrip().endswith(":") for line in str(found).splitlines())
