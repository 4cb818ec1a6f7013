"""Are games that make no sense refused before anything is solved?"""

from __future__ import annotations

from typing import Any

import pytest

from detente.case import parse_case
from detente.errors import CaseFileError, InputError, UnknownNameError
from detente.games import Game, Government, Strategy
from detente.world import World, load_world

TARIFFS = (Strategy(),)
USA, CHN = Government("USA", ("USA",), TARIFFS), Government("CHN", ("CHN",), TARIFFS)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Game(()), "at least one player"),
        (lambda: Game((USA, USA)), "two players are called USA"),
        (lambda: Game((USA, Government("us", ("USA",), TARIFFS))), "USA is in two players, USA an"),
        (lambda: Government("USA", (), TARIFFS), "player USA: it needs at least one economy"),
        (lambda: Government("USA", ("USA",), ()), "player USA: it may set nothing"),
        (lambda: Strategy(partners=()), "it names no partner"),
        (lambda: Strategy(sectors=()), "it names no sector"),
        (lambda: Strategy("production_subsidy", ("CHN",)), "has no partners"),
        (
            lambda: Government("USA", ("USA",), TARIFFS, weights={"cars": -1.0}),
            "weight of cars must be finite and not negative",
        ),
        (
            lambda: Government("both", ("USA", "CHN"), TARIFFS, objective="real wage"),
            "several economies have the objective welfare, not real wage",
        ),
        (lambda: Game((USA, CHN), threat={"USA": -1.0}), "one number for each of USA, CHN"),
        (
            lambda: Game((USA, CHN), threat={"USA": float("nan"), "CHN": 0.0}),
            "the change of USA is in percent, above −100; got nan",
        ),
        (lambda: Game((USA, CHN), discount=1.0), r"lies in \[0, 1\)"),
        (lambda: Game((USA, CHN), points=1), "points at least 2"),
    ],
)
def test_what_makes_no_sense_is_refused(made: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        made()


def test_an_objective_that_nobody_knows() -> None:
    with pytest.raises(UnknownNameError, match='unknown objective "happiness"'):
        Government("USA", ("USA",), TARIFFS, objective="happiness")


CASE = """
schema = 2
name = "small"
world = "icio-2022-small"
[game]
[[game.player]]
who = "USA"
[[game.player]]
who = "CHN"
[[game.strategy]]
"""


@pytest.fixture(scope="module")
def world() -> World:
    return load_world("icio-2022-small")


def game(text: str, world: World) -> Game:
    section = parse_case(text).game
    assert section is not None
    return section.game(world)


def test_a_player_whose_rules_name_only_itself_may_set_nothing(world: World) -> None:
    with pytest.raises(CaseFileError, match="player CHN: it may set nothing"):
        game(CASE + 'on = "CHN"\n', world)
    both = game(CASE + 'on = "CHN"\n[[game.strategy]]\non = "USA"\n', world)
    assert [p.strategies[0].partners for p in both.players] == [("CHN",), ("USA",)]


def test_a_subsidy_that_names_partners_is_refused(world: World) -> None:
    with pytest.raises(CaseFileError, match="a production subsidy has no partners"):
        game(CASE + 'instrument = "production_subsidy"\non = "CHN"\n', world)


def test_every_economy_of_a_world_may_play(world: World) -> None:
    text = "".join(f'[[game.player]]\nwho = "{code}"\n' for code in world.economies)
    head, tail = CASE.split('[[game.player]]\nwho = "USA"')[0], "[[game.strategy]]\n"
    everyone = game(head + text + tail, world)
    assert everyone.names == world.economies
