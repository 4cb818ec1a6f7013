"""Is a needed good without a source refused, and is everything else solved?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.laws.worlds import make_world

from detente.equilibrium import Specification, solve
from detente.errors import InfeasibleError
from detente.measures.shock import Shock
from detente.wording import Note
from detente.world.model import World


def chain() -> World:
    """Only A digs ore; ore makes steel everywhere; steel makes cars; people want cars and food."""
    economies, sectors = ["A", "B", "C"], ["ore", "steel", "cars", "food"]
    n, j = 3, 4
    g = np.zeros((n, j, j))
    g[:, 0, 1] = 0.4  # ore into steel
    g[:, 1, 2] = 0.4  # steel into cars
    cars = np.array([[6.0, 1.0, 1.0], [1.0, 5.0, 2.0], [1.0, 1.0, 7.0]])
    sales = np.zeros((n, n, j))
    sales[:, :, 2] = cars
    sales[:, :, 3] = np.array([[20.0, 2.0, 1.0], [3.0, 30.0, 2.0], [2.0, 1.0, 25.0]])
    steel = 0.4 * cars.sum(axis=0)  # steel each maker of cars needs, half of it from home
    for buyer in range(n):
        for seller in range(n):
            sales[buyer, seller, 1] = steel[buyer] * (0.5 if buyer == seller else 0.25)
    sales[:, 0, 0] = 0.4 * sales[:, :, 1].sum(axis=0)
    return World.from_arrays(
        economies, sectors, sales=sales, input_share=g, trade_elasticity=[3.0, 4.0, 5.0, 4.0]
    )


def closing(world: World, *routes: tuple[str, str, str]) -> Shock:
    cost = np.ones(world.sales.shape)
    for importer, exporter, sector in routes:
        at = (world.economies.index(importer), world.economies.index(exporter))
        cost[(*at, world.sectors.index(sector))] = np.inf
    return Shock.of(world, resource_cost=cost)


def test_no_source_for_final_demand_is_refused_by_name() -> None:
    world = chain()
    routes = [("B", seller, "food") for seller in world.economies]
    with pytest.raises(InfeasibleError, match="B is left with no source of food"):
        solve(world, closing(world, *routes))


def test_the_chain_is_followed_to_its_end() -> None:
    """Without ore nobody makes steel, without steel nobody makes cars, which all want."""
    world = chain()
    routes = [(buyer, "A", "ore") for buyer in world.economies]
    with pytest.raises(InfeasibleError, match=r"no source of cars.*2 other"):
        solve(world, closing(world, *routes))


@pytest.mark.parametrize("labour", ["mobile", "roy"])
def test_a_producer_without_an_input_stops(labour: str) -> None:
    world = chain()
    specification = Specification(labour=labour, roy_elasticity=1.5 if labour == "roy" else None)
    found = solve(world, closing(world, ("B", "A", "ore")), specification=specification)
    steel, b = world.sectors.index("steel"), world.economies.index("B")
    assert found.stopped[b, steel]
    assert found.stopped.sum() == 1
    assert found.output_prime[b, steel] == 0
    assert (found.sales_prime[:, b, steel] == 0).all()
    assert found.output_prime[:, steel].sum() > 0
    assert Note("stops", ("steel", "B")) in found.certificate.notes


def test_a_ban_by_half_is_no_stop() -> None:
    world = chain()
    cost = np.ones(world.sales.shape)
    cost[1, 0, 0] = 1e3
    found = solve(world, Shock.of(world, resource_cost=cost))
    assert not found.stopped.any()


def test_inputs_that_can_be_spared_are_refused_rather_than_guessed() -> None:
    world = chain()
    with pytest.raises(InfeasibleError, match="input_elasticity"):
        solve(
            world,
            closing(world, ("B", "A", "ore")),
            specification=Specification(input_elasticity=1.5),
        )


@pytest.mark.parametrize("scale", [0.0, 0.5])
def test_a_seller_whom_nobody_can_reach_sells_nothing(scale: float) -> None:
    world = make_world(31, scale=scale)
    cost = np.ones(world.sales.shape)
    cost[:, 1, 2] = np.inf
    found = solve(world, Shock.of(world, resource_cost=cost))
    assert found.output_prime[1, 2] == 0
    assert found.labour_hat[1, 2] == 0
    assert not found.stopped.any()


@pytest.mark.parametrize("gives", [True, False])
def test_autarky_of_one_that_has_a_transfer_is_refused_by_name(gives: bool) -> None:
    world = make_world(31)
    n = int(np.argmin(world.transfer) if gives else np.argmax(world.transfer))
    assert (world.transfer[n] < 0) == gives
    cost = np.ones(world.sales.shape)
    cost[n], cost[:, n], cost[n, n] = np.inf, np.inf, 1.0
    shock = Shock.of(world, resource_cost=cost)
    said = f"{world.economies[n]} can {'sell' if gives else 'buy'} nothing abroad"
    with pytest.raises(InfeasibleError, match=f'{said}.*"fixed-transfer".*"balanced"'):
        solve(world, shock, specification=Specification(closure="fixed-transfer"))
    found = solve(world, shock, specification=Specification(closure="balanced"))
    assert found.welfare_hat[n] < 1


def test_a_transfer_that_can_still_be_paid_is_not_refused() -> None:
    world = make_world(31)
    n = int(np.argmin(world.transfer))
    cost = np.ones(world.sales.shape)
    cost[n], cost[n, n] = np.inf, 1.0  # buys nothing abroad, still sells
    found = solve(
        world,
        Shock.of(world, resource_cost=cost),
        specification=Specification(closure="fixed-transfer"),
    )
    assert found.welfare_hat[n] < 1


def blocs(world: World, *together: tuple[int, ...]) -> Shock:
    """Trade only among the economies of each bloc."""
    cost = np.full(world.sales.shape, np.inf)
    for bloc in together:
        cost[np.ix_(bloc, bloc)] = 1.0
    return Shock.of(world, resource_cost=cost)


@pytest.mark.parametrize("closure", ["fixed-transfer", "given", "proportional"])
def test_blocs_with_a_transfer_between_them_are_refused_by_name(closure: str) -> None:
    world = make_world(32, economies=4)
    cut = blocs(world, (0, 2), (1, 3))
    between = abs(world.transfer[[0, 2]].sum())
    assert between > 1e-3 * world.income.min()
    said = rf'(E0 and E2|E1 and E3) can trade nothing outside.*"{closure}"'
    with pytest.raises(InfeasibleError, match=said) as refused:
        solve(world, cut, specification=Specification(closure=closure))
    assert (f"{between:,.6g}" in str(refused.value)) == (closure != "proportional")


def test_blocs_that_balance_are_solved() -> None:
    """Balanced, or with a change that leaves each bloc what it has."""
    world = make_world(32, economies=4)
    cut = blocs(world, (0, 2), (1, 3))
    assert (
        solve(world, cut, specification=Specification(closure="balanced")).welfare_hat < 1
    ).all()
    total = world.transfer[[0, 2]].sum()
    cut = replace(cut, transfer_change=np.array([-total, total, 0.0, 0.0]))
    found = solve(world, cut, specification=Specification(closure="given"))
    assert abs(found.transfer_prime[[0, 2]].sum()) < 1e-9 * world.world_value_added


def test_trade_one_way_has_to_be_paid_for() -> None:
    world = make_world(31)
    cost = np.ones(world.sales.shape)
    cost[:, 1], cost[1, 1] = np.inf, 1.0
    shock = Shock.of(world, resource_cost=cost)
    with pytest.raises(InfeasibleError, match=r"E1 can sell nothing abroad.*nothing pay for what"):
        solve(world, shock, specification=Specification(closure="balanced"))
    pays = np.array([-0.02, 0.04, -0.02]) * world.income.min()
    paid = replace(shock, transfer_change=pays - world.transfer)
    found = solve(world, paid, specification=Specification(closure="given"))
    assert found.transfer_prime[1] == pytest.approx(pays[1])
