"""Do the accounts add up, by hand and in every random world, and is each broken identity named?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.against.random_worlds import random_world

from detente.errors import WorldError
from detente.world import World, check_accounts

#: Sums of a few dozen float64 numbers in another order.
EXACT = 1e-11


def test_every_base_by_hand() -> None:
    """One good, two economies; HOM imports 20 from FOR, which HOM taxes and FOR taxes too."""
    world = World.from_arrays(
        ["HOM", "FOR"],
        ["goods"],
        sales=[[[80.0], [20.0]], [[40.0], [100.0]]],
        tariff=[[[0.0], [0.5]], [[0.0], [0.0]]],
        export_tax=[[[0.0], [0.25]], [[0.0], [0.0]]],
        production_subsidy=[[0.0], [0.1]],
        purchase_subsidy=[[[0.0], [0.2]], [[0.0], [0.0]]],
        trade_elasticity=4.0,
    )
    gate = 0.9 * 20  # after FOR's subsidy
    border, landed = 1.25 * gate, 1.5 * 1.25 * gate
    assert world.expenditure[0, 0] == pytest.approx(80 + 0.8 * landed)
    assert world.net_revenue == pytest.approx(
        [0.5 * border - 0.2 * landed, 0.25 * gate - 0.1 * 120.0]
    )
    assert world.transfer == pytest.approx([border - 40.0, 40.0 - border])
    assert world.income == pytest.approx(world.expenditure.sum(axis=1))


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), entry=st.booleans())
def test_identities_of_random_worlds(seed: int, entry: bool) -> None:
    world = random_world(seed, 4, 3, fixed_entry=entry)
    assert max(check_accounts(world).values()) < EXACT
    assert world.expenditure_share.sum(axis=1) == pytest.approx(1.0)
    assert world.inputs_bought.sum() + world.world_value_added == pytest.approx(world.output.sum())
    assert world.income == pytest.approx((world.expenditure - world.inputs_bought).sum(axis=1))
    # what governments collect on wedges is what purchasers pay beyond the factory gate
    paid = world.expenditure.sum() - world.sales.sum()
    assert world.net_revenue.sum() == pytest.approx(paid)
    assert abs(world.transfer.sum()) < EXACT * world.world_value_added


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sales": lambda w: 1.01 * w.sales[0:1] + w.sales}, "E0. / s. is bought for"),
        ({"final_share": lambda w: w.final_share[:, ::-1]}, "does not balance"),
        ({"transfer": lambda w: w.transfer + 1e-6 * w.income.sum()}, "does not balance"),
        ({"tariff": lambda w: w.tariff + 0.1}, "does not balance"),
    ],
)
def test_a_broken_identity_is_named(changes: dict[str, Any], says: str) -> None:
    world = random_world(3, 3, 2)
    broken = replace(world, **{name: make(world) for name, make in changes.items()})
    with pytest.raises(WorldError, match=says):
        check_accounts(broken)
