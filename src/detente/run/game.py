"""On which world, under which model choices, is the game of a case played?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import detente.games as games
import detente.world as worlds
from detente.case import world_of
from detente.run.engine import Overrides, specification_of

if TYPE_CHECKING:
    from detente.case import CaseFile
    from detente.equilibrium import Specification
    from detente.games import Game
    from detente.games.arena import Arena
    from detente.world import World


def arena_of(case: CaseFile, world: World, specification: Specification) -> tuple[Arena, Game]:
    """The arena and the game of a case that has one; economies of scale are off."""
    assert case.game is not None
    return games.Arena(world, replace(specification, scale=False)), case.game.game(world)


def open_game(case: CaseFile) -> tuple[Arena, Game]:
    """The game of a case on its world, under its model choices."""
    world = worlds.load_world(world_of(case), case.model.elasticities)
    return arena_of(case, world, specification_of(case, Overrides()))
