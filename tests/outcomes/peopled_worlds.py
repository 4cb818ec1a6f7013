"""Worlds with workers and emissions, and changes that move every instrument in proportion."""

from __future__ import annotations

import numpy as np

from detente.measures.shock import Parts, Shock
from detente.world.model import World


def peopled(world: World, seed: int = 5) -> World:
    """The world with workers, emissions and goods named."""
    rng = np.random.default_rng(seed)
    shape = world.output.shape
    return world.with_(
        employment=rng.uniform(1.0, 20.0, shape),
        emissions=rng.uniform(0.5, 3.0, shape),
        goods=world.sectors[:2],
    )


def gentle_shock(world: World, size: float) -> Shock:
    """Every instrument in proportion to `size`, on whole flows and on parts of one flow."""
    tariff, export_tax = np.array(world.tariff), np.array(world.export_tax)
    subsidy, purchase = np.array(world.production_subsidy), np.array(world.purchase_subsidy)
    tariff[0, 1] += size
    export_tax[2, 0] += size
    subsidy[1] += size / 2
    purchase[3] += size / 3
    to, of, j = np.array([0, 1, 1]), np.array([2, 0, 0]), np.array([1, 2, 2])
    parts = Parts(
        importer=to,
        exporter=of,
        sector=j,
        share=np.array([0.4, 0.3, 0.2]),
        tariff=tariff[to, of, j] + size * np.array([1.0, 1.0, 2.0]),
        export_tax=export_tax[to, of, j],
        production_subsidy=subsidy[of, j] + size / 5,
        purchase_subsidy=purchase[to, of, j],
        resource_cost=1 + size * np.array([0.0, 1.0, 0.0]),
    )
    productivity = np.ones(world.output.shape)
    productivity[2] += size
    income = world.income.min()
    return Shock.of(
        world,
        tariff=tariff,
        export_tax=export_tax,
        production_subsidy=subsidy,
        purchase_subsidy=purchase,
        parts=parts,
        productivity=productivity,
        labour=1 + size * np.array([0.0, 1.0, 0.0, 0.0]),
        transfer_change=size * income * np.array([1.0, -1.0, 0.0, 0.0]),
    )
