"""Do the written rules change what they say, and say how much?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.world import World, cleaning


def test_negative_final_demand_keeps_the_total() -> None:
    final = np.array([[-5.0, 30.0, 75.0], [10.0, 20.0, 0.0]])
    mended, repair = cleaning.clip_negative_final_demand(final)
    assert (mended >= 0).all()
    assert mended.sum(axis=1) == pytest.approx(final.sum(axis=1))
    assert np.array_equal(mended[1], final[1])
    assert (repair.size, repair.cells) == (5.0, 1)
    kept, _ = cleaning.clip_negative_final_demand(final, rescale=False)
    assert kept.tolist() == np.maximum(final, 0).tolist()


def test_a_mended_table_becomes_a_world() -> None:
    world = random_world(5, 3, 3)
    share = np.array(world.input_share)
    share[0, :, 1] *= 1.2 / share[0, :, 1].sum()
    mended, repair = cleaning.raise_value_added(share, floor=0.1)
    assert repair.cells == 1
    assert repair.size == pytest.approx(0.3)
    assert 1 - mended.sum(axis=1).max() == pytest.approx(0.1)
    untouched = [(n, j) for n in range(3) for j in range(3) if (n, j) != (0, 1)]
    for n, j in untouched:
        assert np.array_equal(mended[n, :, j], share[n, :, j])


def test_tiny_flows_and_home_sources() -> None:
    sales = np.array([[[0.001, 0.0], [4.0, 9.0]], [[0.002, 5.0], [8.0, 7.0]]])
    mended, repair = cleaning.drop_tiny_flows(sales, 0.01)
    assert mended[0, 0, 0] == 0.001
    assert mended[1, 0, 0] == 0.0
    assert (repair.cells, repair.size) == (1, 0.002)
    home, repair = cleaning.give_home_source(sales, share=1e-3)
    assert home[0, 0, 1] == pytest.approx(0.009)
    assert repair.cells == 1
    assert np.array_equal(home[1], sales[1])
    World.from_arrays(["A", "B"], ["x", "y"], sales=home, trade_elasticity=3.0)


def test_capped_schedules_keep_preferences() -> None:
    schedule = np.array([0.8, 0.4, 0.0])
    mended, repair = cleaning.cap_schedule(schedule, 0.2, np.array([1.0, 3.0, 9.0]))
    assert mended.tolist() == pytest.approx([0.2, 0.1, 0.0])
    assert repair.size == pytest.approx(100 * (-0.6 * 1 - 0.3 * 3) / 4)
    assert repair.cells == 2
    lower, repair = cleaning.cap_schedule(schedule, 0.9)
    assert np.array_equal(lower, schedule)
    assert repair.cells == 0


def test_replaced_and_restored_rates() -> None:
    tariff = np.array([0.01, 0.05, 0.2])
    mended, repair = cleaning.restore_mfn(tariff, np.full(3, 0.08), 0.75, np.array([1.0, 1.0, 5.0]))
    assert mended.tolist() == pytest.approx([0.06, 0.06, 0.2])
    assert repair.size == pytest.approx(3.0)
    taken, repair = cleaning.replace_rates(tariff, np.array([np.nan, 0.0, np.nan]))
    assert taken.tolist() == [0.01, 0.0, 0.2]
    assert repair.size == pytest.approx(-5.0)


def test_own_tariffs_and_elasticities() -> None:
    tariff = np.full((2, 2, 1), 0.1)
    mended, repair = cleaning.leave_out_own_tariffs(tariff, np.array([[50.0], [0.0]]))
    assert mended[:, :, 0].tolist() == [[0.0, 0.1], [0.1, 0.0]]
    assert repair.size == pytest.approx(5.0)
    theta, repair = cleaning.replace_elasticity(np.array([3.0, 64.85]), 1, [3.6, 4.0, 8.9])
    assert theta.tolist() == [3.0, 4.0]
    assert repair.size == pytest.approx(-60.85)
