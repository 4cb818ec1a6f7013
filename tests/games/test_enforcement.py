"""Who keeps its word, and from which patience on?"""

from __future__ import annotations

import pytest
from tests.games.small_worlds import DEAL, two

from detente.games import (
    Agreement,
    Arena,
    TradeWar,
    enforce,
    equal_gain,
    most_cooperative,
    threat_point,
    trade_war,
)

#: Values at an optimum.
VALUE = 1e-12


def test_patience_and_enforcement(
    arena: Arena, war: TradeWar, agreements: dict[str, Agreement]
) -> None:
    table = two(arena, DEAL)
    at_table = trade_war(arena, table)
    held = enforce(arena, at_table, agreements["equal-gain"])
    beta = held.critical_discount_factor
    assert 0 < beta < 1
    assert held.holds_at(beta + 1e-9)
    assert not held.holds_at(beta - 1e-6)
    assert (held.temptation >= held.reward - VALUE).all()
    assert (held.reward >= held.punishment - 1e-3).all()
    impatient = most_cooperative(arena, at_table, agreements["equal-gain"], 0.6 * beta)
    assert 0 < impatient.share < 1
    assert impatient.holds_at(0.6 * beta)
    farther = enforce(arena, at_table, agreements["equal-gain"], share=impatient.share + 0.01)
    assert not farther.holds_at(0.6 * beta)
    assert enforce(arena, at_table, "free trade").reward.shape == (2,)
    assert war.names == at_table.names


def test_payments_of_a_deal_are_made_while_it_is_kept(arena: Arena) -> None:
    table = two(arena, DEAL)
    war = trade_war(arena, table)
    paid = equal_gain(arena, table, threat=threat_point(arena, table, war), transfers=True)
    assert max(paid.transfers) > 0
    held = enforce(arena, war, paid)
    assert held.reward == pytest.approx(paid.value, abs=VALUE)
