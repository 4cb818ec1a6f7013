"""Who gains by waiting, and how is it said per year?"""

from __future__ import annotations

import pytest

from detente.talks.delay import delay_of, next_government_worth


def test_nobody_gains_by_waiting_for_a_deal_that_is_worth_something() -> None:
    out = delay_of(0.0, 1.0, 0.6, 0.05)
    assert out.lost == pytest.approx(0.02)
    assert not out.gains


def test_at_its_break_even_a_side_is_indifferent() -> None:
    out = delay_of(0.03, 2.0, 0.6, 0.05)
    again = delay_of(out.break_even, 2.0, 0.6, 0.05)
    assert again.gained == pytest.approx(again.lost)


def test_a_deal_that_is_certain_later_costs_nothing_to_wait_for() -> None:
    assert delay_of(0.001, 1.0, 1.0, 0.05).gains


def test_the_next_government_counts_by_its_chance() -> None:
    assert next_government_worth(0.0, -3.0) == 0.0
    assert next_government_worth(0.25, -2.0) == -0.5
