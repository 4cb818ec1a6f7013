"""Are packages priced as the engine prices them one by one, and is nothing priced twice?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.talks.small_meeting import SIDES, issue, raw

from detente import World, solve
from detente.equilibrium import Specification
from detente.errors import DamagedFileWarning
from detente.measures import ImportBan, Tariff
from detente.scenario import Scenario
from detente.talks.agenda import Agenda
from detente.talks.price_table import TOLERANCE, Request, price_packages, request_of
from detente.talks.section import TalksSection

#: Two solutions, each within the table's tolerance; welfare moves less than the residual's tenfold.
PRICED = 10 * TOLERANCE

MEASURES = (
    Tariff(id="one-eased", by="AAA", on="BBB", sectors="goods", rate="10 %", stacking="replace"),
    Tariff(id="two-eased", by="BBB", on="AAA", sectors="goods", rate="+20 pp", stacking="add"),
    Tariff(id="three-a", by="AAA", on="CCC", sectors="goods", rate="+5 pp", stacking="add"),
    ImportBan(id="three-b", by="AAA", on="CCC", sectors="goods", coverage="30 %"),
    Tariff(id="hit", by="AAA", on="BBB", sectors="goods", rate="60 %", stacking="replace"),
)


@pytest.fixture(scope="module")
def world() -> World:
    flows = np.array(
        [
            [[80.0, 60.0], [20.0, 5.0], [10.0, 2.0]],
            [[15.0, 5.0], [200.0, 180.0], [5.0, 1.0]],
            [[8.0, 3.0], [12.0, 2.0], [70.0, 90.0]],
        ]
    )
    tariff = np.zeros((3, 3, 2))
    tariff[0, 1, 0] = 0.2
    return World.from_arrays(
        ["AAA", "BBB", "CCC"],
        ["goods", "services"],
        sales=flows,
        input_share=np.full((3, 2, 2), 0.2),
        trade_elasticity=[4.0, 2.0],
        tariff=tariff,
    )


@pytest.fixture(scope="module")
def request_(world: World) -> Request:
    three = issue("three", SIDES[0], ("as-is", 0, 0), ("a", 0, 0), ("b", 0, 0))
    three["level"][1]["measures"], three["level"][2]["measures"] = ["three-a"], ["three-b"]
    content = raw()
    content["issue"] = [*content["issue"][:2], three, content["issue"][3]]
    talks = TalksSection.model_validate(content)
    return request_of(Agenda(talks.issues), (), {"war": ("hit",)})


SPECIFIC = Specification(labour="specific", scale=False)


def test_packages_that_move_nothing_share_a_row(request_: Request) -> None:
    assert len(request_.row_of) == 2 * 2 * 3 * 2
    assert len(request_.rows) == 2 * 2 * 3 + 1
    assert request_.rows[request_.base] == ()
    assert request_.rows[request_.extra["war"]] == ("hit",)


@pytest.mark.parametrize("scale", [False, True])
def test_every_row_is_what_the_engine_finds_alone(
    world: World, request_: Request, scale: bool
) -> None:
    specification = Specification(labour="specific", scale=scale)
    here = world.with_(scale_elasticity=np.array([0.05, 0.0])) if scale else world
    found = price_packages(here, MEASURES, request_, specification=specification)
    by_id = {m.id: m for m in MEASURES}
    for row, names in enumerate(request_.rows):
        scenario = Scenario("x", tuple(by_id[n] for n in names))
        alone = solve(here, scenario if names else None, specification=specification)
        np.testing.assert_allclose(found.welfare_hat[row], alone.welfare_hat, atol=PRICED)
        wage = alone.wage_hat / alone.consumer_price_hat[:, None]
        np.testing.assert_allclose(found.real_wage_hat[row], wage, atol=100 * PRICED)
    assert found.solved.all()


def test_the_status_quo_gains_nothing_and_blocs_are_weighted(
    world: World, request_: Request
) -> None:
    found = price_packages(world, MEASURES, request_, specification=SPECIFIC)
    gain = found.gain("exact", ["BBB", "CCC"])
    assert gain[request_.base] == 1.0
    weights = found.income[[1, 2]] / found.income[[1, 2]].sum()
    row = request_.extra["war"]
    hats = found.welfare_hat[row] / found.welfare_hat[request_.base]
    assert gain[row] == pytest.approx(weights @ hats[[1, 2]])
    goods = found.sector_gain(["AAA"], ["goods"])[row]
    services = found.sector_gain(["AAA"], ["services"])[row]
    assert goods > services, "a tariff on goods shields those who make them"


def test_what_was_priced_is_not_priced_again(
    world: World, request_: Request, tmp_path: Path
) -> None:
    first = price_packages(world, MEASURES, request_, specification=SPECIFIC, folder=tmp_path)
    assert first.computed == len(request_.rows)
    again = price_packages(world, MEASURES, request_, specification=SPECIFIC, folder=tmp_path)
    assert again.computed == 0
    np.testing.assert_array_equal(first.welfare_hat, again.welfare_hat)
    assert {path.suffix for path in tmp_path.iterdir()} == {".block"}


def test_other_content_is_priced_anew(world: World, request_: Request, tmp_path: Path) -> None:
    price_packages(world, MEASURES, request_, specification=SPECIFIC, folder=tmp_path)
    other = (Tariff(id="one-eased", by="AAA", on="BBB", sectors="goods", rate="11 %",
                    stacking="replace"), *MEASURES[1:])  # fmt: skip
    assert price_packages(
        world, other, request_, specification=SPECIFIC, folder=tmp_path
    ).computed == len(request_.rows)
    dearer = world.with_(trade_elasticity=np.array([5.0, 2.0]))
    assert price_packages(
        dearer, MEASURES, request_, specification=SPECIFIC, folder=tmp_path
    ).computed == len(request_.rows)


def test_a_broken_block_is_priced_anew(world: World, request_: Request, tmp_path: Path) -> None:
    whole = price_packages(world, MEASURES, request_, specification=SPECIFIC, folder=tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:100])
    with pytest.warns(DamagedFileWarning, match="computed again"):
        again = price_packages(world, MEASURES, request_, specification=SPECIFIC, folder=tmp_path)
    assert again.computed == len(request_.rows)
    np.testing.assert_allclose(whole.welfare_hat, again.welfare_hat, atol=PRICED)
