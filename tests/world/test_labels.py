"""Are totals, and two codes of one country, found among the labels?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.errors import UnknownNameError, WorldError
from detente.world import World, list_worlds, load_world, world_from_tables
from detente.world.labels import RENAMED, TOTALS, TWO_CODES, check_labels


def arrays(seed: int = 1) -> tuple[list[str], list[str], np.ndarray]:
    world = random_world(seed, 4, 3)
    return list(world.economies), list(world.sectors), np.array(world.sales)


@pytest.mark.parametrize("label", sorted(TOTALS["economies"]))
def test_known_totals_among_economies(label: str) -> None:
    for spelling in (label, label.upper(), label.title()):
        with pytest.raises(WorldError, match="row of totals"):
            check_labels("economies", ["USA", "CHN", spelling])


@pytest.mark.parametrize("label", sorted(TOTALS["sectors"]))
def test_known_totals_among_sectors(label: str) -> None:
    with pytest.raises(WorldError, match="row of totals"):
        check_labels("sectors", ["goods", "services", label.upper()])
    # a world of one sector may well call it so
    assert check_labels("sectors", [label]) == (label,)


def test_timor_leste_is_an_economy() -> None:
    assert check_labels("economies", ["TLS", "AUS"]) == ("TLS", "AUS")


@pytest.mark.parametrize("pair", RENAMED)
def test_two_codes_of_one_country(pair: tuple[str, str]) -> None:
    with pytest.raises(WorldError, match=f"{pair[0]} and {pair[1]} are two codes"):
        check_labels("economies", ["USA", pair[1], pair[0]])
    for code in pair:
        check_labels("economies", ["USA", code])


def test_a_short_and_a_long_code_of_one_country() -> None:
    assert len(set(TWO_CODES)) == len(TWO_CODES) == 251
    for pair in TWO_CODES:
        with pytest.raises(WorldError, match=f"{pair[:2]} and {pair[2:]} are two codes"):
            check_labels("economies", [pair[2:], "HOM", pair[:2]])
    check_labels("economies", [pair[:2] for pair in TWO_CODES])


def test_an_exporter_that_is_the_total_by_its_numbers() -> None:
    economies, sectors, sales = arrays()
    n = len(economies)
    wider = np.zeros((n + 1, n + 1, 3))
    wider[:n, :n] = sales
    wider[:n, n] = sales.sum(axis=1)
    wider[n, n] = 1.0
    with pytest.raises(WorldError, match='"sum of all": its sales are everywhere the sum'):
        World.from_arrays([*economies, "sum of all"], sectors, sales=wider, trade_elasticity=4.0)


def test_an_importer_that_is_the_total_by_its_numbers() -> None:
    economies, sectors, sales = arrays()
    n = len(economies)
    wider = np.zeros((n + 1, n + 1, 3))
    wider[:n, :n] = sales
    wider[n, :n] = sales.sum(axis=0).round(3)  # as a source prints it
    wider[n, n] = 1.0
    with pytest.raises(WorldError, match='"everybody": its purchases are everywhere the sum'):
        World.from_arrays([*economies, "everybody"], sectors, sales=wider, trade_elasticity=4.0)


def test_a_sector_that_is_the_total_by_its_numbers() -> None:
    economies, sectors, sales = arrays()
    wider = np.concatenate([sales, sales.sum(axis=2, keepdims=True)], axis=2)
    with pytest.raises(WorldError, match='"everything": its flows are everywhere the sum'):
        World.from_arrays(economies, [*sectors, "everything"], sales=wider, trade_elasticity=4.0)


def test_a_toy_in_which_one_sector_is_as_large_as_two() -> None:
    economies, _, sales = arrays()
    sales = sales[:, :, :1] * np.array([1.0, 1.0, 2.0])
    World.from_arrays(economies, ["a", "b", "c"], sales=sales, trade_elasticity=4.0)


@pytest.mark.parametrize("axis", [0, 1])
def test_an_economy_that_only_buys_or_only_sells(axis: int) -> None:
    economies, sectors, sales = arrays()
    n = len(economies)
    wider = np.zeros((n + 1, n + 1, 3))
    wider[:n, :n] = sales
    # half of what the first economy sells (or buys) stands under another code
    into, of = ((n, slice(n)), (0, slice(n))) if axis == 0 else ((slice(n), n), (slice(n), 0))
    wider[into] = wider[of] / 2
    verb = "sells" if axis == 0 else "buys"
    with pytest.raises(WorldError, match=f'"E99" {verb} nothing at all'):
        World.from_arrays([*economies, "E99"], sectors, sales=wider, trade_elasticity=4.0)


def test_a_renamed_economy_in_another_table_is_named() -> None:
    trade = [
        {"importer": n, "exporter": i, "sector": "goods", "value": v}
        for n, i, v in [
            ("ROM", "ROM", 80),
            ("ROM", "DEU", 20),
            ("DEU", "ROM", 20),
            ("DEU", "DEU", 180),
        ]
    ]
    tariff = [{"importer": "DEU", "exporter": "ROU", "sector": "goods", "value": 0.1}]
    theta = [{"sector": "goods", "value": 4}]
    with pytest.raises(UnknownNameError, match="two codes of one country"):
        world_from_tables({"sales": trade, "tariff": tariff, "trade_elasticity": theta})


@pytest.mark.parametrize("name", list_worlds())
def test_the_shipped_worlds_have_no_totals(name: str) -> None:
    assert load_world(name).economies
