"""Is a war fought from codes alone, and taken up again where it was stopped?"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.games.small_worlds import make_small, two

import detente
from detente.equilibrium import Specification
from detente.errors import DamagedFileWarning, InputError, InterruptedRun
from detente.games import (
    Arena,
    Game,
    Government,
    Player,
    Strategy,
    TradeWar,
    staircase,
    trade_war,
    war,
)
from detente.progress import Listener
from detente.world import World

#: Rates from first-order conditions met to 1e-11.
RATE = 1e-7
#: Values at an optimum.
VALUE = 1e-12

#: Rates of two searches for the same profile.
RATES = 1e-8
BALANCED = Specification(closure="balanced")


class Impatient(Listener):
    """Presses Ctrl-C when a piece of work begins, or has come so far."""

    def __init__(self, text: str, done: int = 0) -> None:
        self.text, self.done = text, done

    def step(self, text: str) -> None:
        if text == self.text:
            raise KeyboardInterrupt

    def count(self, text: str, done: int, total: int) -> None:
        if text == self.text and done >= self.done:
            raise KeyboardInterrupt


def test_a_war_and_a_reply_from_codes_alone(small: World, arena: Arena) -> None:
    fought = detente.trade_war(small, players=["AAA", "BBB"], specification=BALANCED)
    players = [Player.of(arena, code) for code in ("AAA", "BBB")]
    expected = trade_war(arena, players)
    for code in ("AAA", "BBB"):
        assert fought.levels[code] == pytest.approx(expected.levels[code], abs=RATES)
    reply = detente.best_reply(small, ["AAA", "CCC"], specification=BALANCED)
    assert reply.player.name == "AAA+CCC"
    with pytest.raises(InputError, match="has a specification already"):
        trade_war(arena, ["AAA", "BBB"], specification=Specification(closure="fixed-transfer"))


def test_a_stopped_war_says_what_is_kept_and_goes_on(small: World, tmp_path: Path) -> None:
    codes = ["AAA", "BBB"]
    expected = trade_war(Arena(small, BALANCED), codes)
    impatient = Impatient("rounds of the trade war", 6)
    with pytest.raises(InterruptedRun, match="after 6 rounds of the trade war; nothing is kept"):
        trade_war(Arena(small, BALANCED), codes, listener=impatient)
    with pytest.raises(InterruptedRun, match=f"they are kept in {tmp_path}"):
        trade_war(Arena(small, BALANCED), codes, listener=impatient, folder=tmp_path)
    found = trade_war(Arena(small, BALANCED), codes, folder=tmp_path)
    assert found.levels["AAA"] == pytest.approx(expected.levels["AAA"], abs=RATES)
    assert list(tmp_path.glob("*.block")) == []


def test_replies_and_moves_of_a_stopped_game_are_not_searched_again(
    small: World, tmp_path: Path
) -> None:
    tariffs = (Strategy(),)
    game = Game(tuple(Government(c, (c,), tariffs) for c in ("AAA", "BBB")), moves=3)
    expected = war(Arena(small, BALANCED), game)

    def stopped(text: str, done: int = 0) -> int:
        arena = Arena(small, BALANCED)
        with pytest.raises(InterruptedRun) as said:
            war(arena, game, listener=Impatient(text, done), folder=tmp_path)
        told.append(str(said.value))
        return arena.solves

    told: list[str] = []
    stopped("best reply of BBB")
    assert f"after 1 of 2 best replies; they are kept in {tmp_path}" in told[-1]
    fresh = stopped("moves of the staircase", 2)
    assert "after 2 of 2 best replies" in told[-1]
    # two replies and two moves lie there: what is left is the third move
    assert stopped("rounds of the trade war", 1) < fresh
    assert "rounds of the trade war" in told[-1]
    found = war(Arena(small, BALANCED), game, folder=tmp_path)
    for mine, other in zip(found.replies, expected.replies, strict=True):
        assert mine.levels == pytest.approx(other.levels, abs=RATES)
        assert mine.starts == pytest.approx(other.starts)
    assert found.stairs[-1].value == pytest.approx(expected.stairs[-1].value, abs=1e-10)
    assert found.end is not None
    assert expected.end is not None
    assert np.array(found.end.value) == pytest.approx(np.array(expected.end.value), abs=1e-10)
    assert list(tmp_path.glob("*.block")) == []


def test_no_player_gains_by_deviating(arena: Arena, war: TradeWar) -> None:
    draw = np.random.default_rng(11)
    for k, player in enumerate(war.players):
        space = player.space
        for size in (0.01, 0.1, 0.5):
            for _ in range(8):
                x = war.x[k] + size * space.scale * draw.standard_normal(len(space))
                x = np.clip(x, space.lower, space.upper)
                there = arena.evaluate(space.apply(war.policies, x), player.objective)[0]
                assert there <= war.value[k] + VALUE
    assert max(war.regret) < 1e-6


def test_permuting_economies_permutes_the_war(war: TradeWar) -> None:
    other = Arena(make_small((2, 0, 1)), Specification(closure="balanced"))
    turned = trade_war(other, [Player.of(other, code) for code in ("BBB", "AAA")])
    for code, rate in war.welfare_pct.items():
        assert turned.welfare_pct[code] == pytest.approx(rate, abs=1e-9)
    assert turned.median_rates["AAA"] == pytest.approx(war.median_rates["AAA"], abs=RATE)


def test_everyone_at_war_loses_where_nobody_is_large(arena: Arena, small: World) -> None:
    everyone = [Player.of(arena, code) for code in small.economies]
    found = trade_war(arena, everyone)
    income = small.income
    assert np.average(found.welfare_hat, weights=income) < 1


def test_the_stairs_lead_to_the_war(arena: Arena, war: TradeWar) -> None:
    steps = staircase(arena, war.players, moves=14)
    assert [s.mover for s in steps[:3]] == ["", "AAA", "BBB"]
    assert steps[-1].value == pytest.approx(war.value, abs=1e-6)
    # each move is good for who makes it
    for before, after in pairwise(steps):
        k = war.names.index(after.mover)
        assert after.value[k] >= before.value[k] - VALUE


def test_interrupted_wars_go_on_where_they_stopped(
    arena: Arena, war: TradeWar, tmp_path: Any
) -> None:
    seen: list[int] = []

    class Stopping(Listener):
        def count(self, text: str, done: int, total: int) -> None:
            if done == 11:
                raise KeyboardInterrupt

    class Watching(Listener):
        def count(self, text: str, done: int, total: int) -> None:
            seen.append(done)

    with pytest.raises(InterruptedRun, match="after 11 rounds"):
        trade_war(arena, two(arena), folder=tmp_path, listener=Stopping())
    (state,) = tmp_path.glob("trade-war-*.block")
    again = trade_war(arena, two(arena), folder=tmp_path, listener=Watching())
    # the round that was kept is not counted again
    assert seen[0] == 12
    assert again.value == pytest.approx(war.value, abs=1e-10)
    assert not list(tmp_path.iterdir())
    state.write_bytes(b"not a block")
    with pytest.warns(DamagedFileWarning, match="computed again"):
        damaged = trade_war(arena, two(arena), folder=tmp_path)
    assert damaged.value == pytest.approx(war.value)
