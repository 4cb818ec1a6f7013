"""One world and one equilibrium that all tests of outcomes share."""

from __future__ import annotations

import pytest
from tests.against.random_worlds import random_shock, random_world
from tests.outcomes.peopled_worlds import peopled

from detente.equilibrium import Equilibrium, Specification, solve
from detente.world.model import World


@pytest.fixture(scope="session")
def world() -> World:
    """Four economies, three sectors, every wedge in force, transfers, zero flows."""
    return peopled(random_world(3))


@pytest.fixture(scope="session")
def found(world: World) -> Equilibrium:
    """Under every instrument at once, bans and covered parts among them."""
    return solve(world, random_shock(3, world), specification=Specification(scale=False))
