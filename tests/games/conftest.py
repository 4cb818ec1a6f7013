"""Worlds for the games: Ossa's seven regions, and a small one where nothing is symmetric."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.equilibrium import Specification
from detente.games import Arena
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


def make_small(order: tuple[int, ...] = (0, 1, 2), **changes: Any) -> World:
    """Three economies, two sectors, inputs, tariffs in force; economies in any order."""
    draw = np.random.default_rng(7)
    sales = draw.uniform(1.0, 6.0, (3, 3, 2))
    for n, size in enumerate((60.0, 90.0, 40.0)):
        sales[n, n] = size * np.array([0.4, 0.6])
    tariff = draw.uniform(0.0, 0.15, (3, 3, 2))
    tariff[np.arange(3), np.arange(3)] = 0.0
    value_added = np.array([[0.5, 0.6], [0.4, 0.7], [0.55, 0.45]])
    mix = np.array([0.3, 0.7])[None, :, None] * np.ones((3, 2, 2))
    take = np.array(order)
    given: dict[str, Any] = {
        "sales": sales[np.ix_(take, take)],
        "tariff": tariff[np.ix_(take, take)],
        "value_added_share": value_added[take],
        "input_share": (mix * (1 - value_added)[:, None, :])[take],
        "trade_elasticity": [3.0, 6.0],
        "goods": ("food", "machines"),
    }
    names = np.array(["AAA", "BBB", "CCC"])[take].tolist()
    return World.from_arrays(names, ["food", "machines"], **(given | changes))


@pytest.fixture(scope="session")
def small() -> World:
    return make_small()


@pytest.fixture(scope="session")
def arena(small: World) -> Arena:
    """Balanced: a transfer that is fixed while trade is shut out would be the whole game."""
    return Arena(small, Specification(closure="balanced"))
