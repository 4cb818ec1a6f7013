"""Does merging economies and sectors keep every total, every budget and every revenue?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.against.random_worlds import random_world

from detente.errors import UnknownNameError, WorldError
from detente.world import World, aggregate, check_accounts, load_world

#: Sums of a few dozen float64 numbers in another order.
EXACT = 1e-11
#: Wedges are ratios of such sums.
RATIO = 1e-10


def mapping(labels: tuple[str, ...], seed: int, count: int) -> dict[str, list[str]]:
    """A random partition of labels into at most `count` groups, named after their first."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, count, len(labels))
    parts = [[x for x, g in zip(labels, group, strict=True) if g == k] for k in range(count)]
    return {f"{part[0]}+": part for part in parts if part}


def instrument_revenues(world: World) -> dict[str, np.ndarray]:
    """Revenue (or cost) of each instrument by the economy that collects or pays it."""
    gate = (1 - world.production_subsidy[None]) * world.sales
    border = (1 + world.export_tax) * gate
    landed = (1 + world.tariff) * border
    return {
        "production_subsidy": (world.production_subsidy[None] * world.sales).sum(axis=(0, 2)),
        "export_tax": (world.export_tax * gate).sum(axis=(0, 2)),
        "tariff": (world.tariff * border).sum(axis=(1, 2)),
        "purchase_subsidy": (world.purchase_subsidy * landed).sum(axis=(1, 2)),
    }


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_totals_and_revenues_are_kept(seed: int) -> None:
    world = random_world(seed, 5, 4, scale=True)
    by_economy = mapping(world.economies, seed, 3)
    by_sector = mapping(world.sectors, seed + 1, 2)
    merged = aggregate(world, by_economy, by_sector)
    assert max(check_accounts(merged).values()) < 1e-9
    e = np.array([[x in m for x in world.economies] for m in by_economy.values()], dtype=float)
    s = np.array([[x in m for x in world.sectors] for m in by_sector.values()], dtype=float)
    for name in ("output", "expenditure", "labour_income"):
        assert getattr(merged, name) == pytest.approx(e @ getattr(world, name) @ s.T, rel=EXACT)
    for name in ("income", "net_revenue", "transfer"):
        small, total = getattr(merged, name), e @ getattr(world, name)
        assert small == pytest.approx(total, rel=EXACT, abs=EXACT * world.world_value_added)
    after = instrument_revenues(merged)
    for name, before in instrument_revenues(world).items():
        assert after[name] == pytest.approx(
            e @ before, rel=RATIO, abs=RATIO * world.world_value_added
        ), name
    product = merged.trade_elasticity * merged.scale_elasticity
    limit = (world.trade_elasticity * world.scale_elasticity).max()
    assert product.max() <= limit * (1 + EXACT)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_merging_twice_is_merging_once(seed: int) -> None:
    world = random_world(seed, 6, 4, scale=True)
    e1, s1 = mapping(world.economies, seed, 4), mapping(world.sectors, seed + 1, 3)
    step = aggregate(world, e1, s1)
    e2, s2 = mapping(step.economies, seed + 2, 2), mapping(step.sectors, seed + 3, 2)
    twice = aggregate(step, e2, s2)
    once = aggregate(
        world,
        {new: [x for m in members for x in e1[m]] for new, members in e2.items()},
        {new: [x for m in members for x in s1[m]] for new, members in s2.items()},
    )
    assert twice.economies == once.economies
    for name in (
        "sales",
        "input_share",
        "final_share",
        "tariff",
        "export_tax",
        "production_subsidy",
        "purchase_subsidy",
        "trade_elasticity",
        "scale_elasticity",
    ):
        assert getattr(twice, name) == pytest.approx(getattr(once, name), rel=1e-9, abs=1e-12), name


def test_the_order_asked_for_is_a_permutation() -> None:
    world = random_world(3, 4, 3)
    order = [2, 0, 3, 1]
    turned = aggregate(world, {world.economies[k]: [world.economies[k]] for k in order})
    assert turned.sales == pytest.approx(world.sales[np.ix_(order, order)], rel=EXACT)
    assert turned.tariff == pytest.approx(
        world.tariff[np.ix_(order, order)] * (world.sales[np.ix_(order, order)] > 0),
        rel=RATIO,
        abs=RATIO,
    )
    assert turned.transfer == pytest.approx(world.transfer[order])
    assert turned.input_share == pytest.approx(world.input_share[order])


def test_tariffs_inside_a_group_become_a_wedge_on_own_purchases() -> None:
    sales = np.ones((3, 3, 1)) * 10.0
    sales[[0, 1, 2], [0, 1, 2], 0] = 100.0
    tariff = np.zeros((3, 3, 1))
    tariff[0, 1] = 0.2
    tariff[0, 2] = 0.5
    world = World.from_arrays(
        ["A", "B", "C"], ["x"], sales=sales, tariff=tariff, trade_elasticity=4.0
    )
    merged = aggregate(world, {"AB": ["A", "B"], "C": ["C"]})
    # 20 % of 10 paid on own purchases of 220; 50 % of 10 on purchases of 20 from C.
    assert merged.tariff[0, 0, 0] == pytest.approx(2 / 220)
    assert merged.tariff[0, 1, 0] == pytest.approx(5 / 20)
    assert merged.net_revenue[0] == pytest.approx(7.0)


def test_groups_and_goods_follow() -> None:
    world = load_world("icio-2022")
    e = {c: [c] for c in world.economies if c not in ("FRA", "ITA", "REU", "VNM", "MYS")}
    e["XEU"] = ["FRA", "ITA", "REU"]
    e["XVM"] = ["VNM", "MYS"]
    merged = aggregate(world, e)
    assert merged.groups["EU27"] == ("DEU", "XEU")
    assert set(merged.groups["ASEAN"]) == {"THA", "IDN", "XSE", "XVM"}
    assert "G7" not in merged.groups
    assert merged.goods == world.goods
    assert merged.descriptor["aggregated"]["economies"]["XEU"] == ["FRA", "ITA", "REU"]
    assert merged.employment is not None
    assert world.employment is not None
    assert merged.employment.sum() == pytest.approx(world.employment.sum())
    net = merged.value_added_net_of_taxes
    assert net is not None
    assert np.isfinite(net[merged.economies.index("USA")]).all()
    assert np.isnan(net[merged.economies.index("XEU")]).all()


def test_the_small_world_is_the_aggregate_of_the_big_one() -> None:
    big, small = load_world("icio-2022"), load_world("icio-2022-small")
    again = aggregate(
        big, small.descriptor["aggregated"]["economies"], small.descriptor["aggregated"]["sectors"]
    )
    # Shipped figures are rounded to USD 1 and to 1e-12 of output.
    assert small.sales == pytest.approx(again.sales, abs=1e-6)
    assert small.output.sum() == pytest.approx(big.output.sum(), rel=1e-12)
    assert small.tariff == pytest.approx(again.tariff, abs=1e-8)


def test_bad_mappings_are_refused() -> None:
    world = random_world(1, 3, 2)
    a, b, c = world.economies
    with pytest.raises(WorldError, match="is in no group"):
        aggregate(world, {"X": [a, b]})
    with pytest.raises(WorldError, match="2 times"):
        aggregate(world, {"X": [a, b], "Y": [b, c]})
    with pytest.raises(UnknownNameError, match=a):
        aggregate(world, {"X": [a.lower() + "x"]})
    for members in (a, 3, None):
        with pytest.raises(WorldError, match="must be a list"):
            aggregate(world, {"X": members})  # type: ignore[dict-item]
    with pytest.raises(UnknownNameError, match='"3"'):
        aggregate(world, {"X": [3]})  # type: ignore[list-item]
    with pytest.raises(WorldError, match="give a mapping"):
        aggregate(world, [a, b, c])  # type: ignore[arg-type]
    with pytest.raises(WorldError, match="row of totals"):
        aggregate(world, {"TOTAL": [a, b], c: [c]})
