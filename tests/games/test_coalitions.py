"""Is choosing together worth it, and to whom?"""

from __future__ import annotations

import pytest

from detente.games import (
    Arena,
    Objective,
    Player,
    Strategy,
    best_reply,
    coalition_game,
)

#: Values at an optimum.
VALUE = 1e-12


def test_choosing_together_is_worth_it_together(arena: Arena) -> None:
    game = coalition_game(arena, "AAA", ["BBB"], strategies=[Strategy(partners=("CCC",))])
    alone, joint = game.of(), game.of("BBB")
    income = arena.world.income
    inside = [arena.world.economy_index(c) for c in joint.members]
    # nobody else answers: the union can do what its leader did alone
    assert (income[inside] @ joint.welfare_hat[inside]) >= (
        income[inside] @ alone.welfare_hat[inside]
    )
    assert {c.blocs for c in game.compositions} == {(), ("BBB",)}
    for composition in game.stable:
        assert not game.would_leave(composition)
        assert not game.would_join(composition)
    assert len(game.table()) == 6


def test_weights_of_a_coalition(arena: Arena) -> None:
    parts = [Objective.welfare(arena.world, code) for code in ("AAA", "BBB")]
    wants = Objective.mixed("mostly AAA", parts, [1.0, 0.0])
    one = Player.of(arena, ["AAA", "BBB"], objective=wants)
    value = arena.evaluate(arena.in_force, one.objective)[0]
    assert value == pytest.approx(1.0, abs=VALUE)
    reply = best_reply(arena, one)
    assert reply.welfare_hat[0] == pytest.approx(reply.value, abs=VALUE)
