"""Worlds for the games: Ossa's seven regions, and a small one where nothing is symmetric."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.games.small_worlds import DEAL, make_small, two

from detente.equilibrium import Specification
from detente.games import Agreement, Arena, TradeWar, bargain, threat_point, trade_war
from detente.world import World


@pytest.fixture(scope="session")
def ossa(truth: Path, own_results: Path) -> Any:
    """Ossa's (2014) world, its weights, the author's optimum and the published numbers."""
    folder, found = truth / "ossa_2014", own_results / "ossa_2014"
    inputs = dict(np.load(folder / "inputs.npz"))
    world = World.from_arrays(
        [str(r) for r in inputs["regions"]],
        [str(s) for s in inputs["labels"]],
        sales=inputs["trade_ex_tariff"].transpose(1, 0, 2),
        tariff=inputs["tariff"].transpose(1, 0, 2),
        trade_elasticity=inputs["sigma"] - 1,
        market_structure="fixed-entry",
    )
    results = json.loads((found / "optimal_tariffs.json").read_text(encoding="utf-8"))
    return SimpleNamespace(
        world=world,
        arena=Arena(world, Specification(closure="fixed-transfer")),
        weights=inputs["lambda_pol"],
        stored=inputs["mfn_opt_pol"],
        optimal=results["mfn_optimal_no_lobbying"],
        published=results["published"],
        counterfactuals=json.loads((found / "counterfactuals.json").read_text(encoding="utf-8")),
        tariffs=dict(np.load(folder / "tariffs.npz")),
    )


@pytest.fixture(scope="session")
def small() -> World:
    return make_small()


@pytest.fixture(scope="session")
def arena(small: World) -> Arena:
    """Balanced: a transfer that is fixed while trade is shut out would be the whole game."""
    return Arena(small, Specification(closure="balanced"))


@pytest.fixture(scope="session")
def war(arena: Arena) -> TradeWar:
    return trade_war(arena, two(arena))


@pytest.fixture(scope="session")
def agreements(arena: Arena, war: TradeWar) -> dict[str, Agreement]:
    table = two(arena, DEAL)
    return bargain(arena, table, threat=threat_point(arena, table, war))
