"""What economy and what package of measures can break a solver that treats economies alike?

Random worlds that balance, asymmetric in everything: size, technology, tastes, elasticities,
wedges of every kind in force at the baseline, transfers, flows that are zero. And random changes
that use every instrument at once: tariffs, export taxes and subsidies, production and purchase
subsidies, resource costs, bans, covered parts (two on one flow, one of them closed),
productivity, labour, a transfer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.measures.shock import Parts, Shock
from detente.world.model import World

#: Share of foreign flows that are zero.
ZERO_FLOWS = 0.08


def random_world(
    seed: int,
    economies: int = 4,
    sectors: int = 3,
    *,
    scale: bool = False,
    fixed_entry: bool = False,
    inputs: bool = True,
    wedges: bool = True,
) -> World:
    """A consistent world without any symmetry; `scale` gives it scale economies."""
    rng = np.random.default_rng(seed)
    n, j = economies, sectors
    size = rng.uniform(0.3, 3.0, n)
    sales = rng.uniform(0.2, 1.0, (n, n, j)) * size[:, None, None] * size[None, :, None]
    sales *= rng.uniform(0.3, 2.0, (1, n, j)) * 1000.0
    own = np.arange(n)
    sales[own, own] *= rng.uniform(2.0, 5.0, (n, j))
    dead = rng.random((n, n, j)) < ZERO_FLOWS
    dead[own, own] = False
    sales[dead] = 0.0

    on = 1.0 if wedges else 0.0
    abroad = np.ones((n, n, j))
    abroad[own, own] = 0.0
    tariff = on * abroad * rng.uniform(0.0, 0.3, (n, n, j))
    export_tax = on * abroad * rng.uniform(-0.1, 0.15, (n, n, j))
    production_subsidy = on * rng.uniform(-0.05, 0.12, (n, j))
    purchase_subsidy = on * rng.uniform(0.0, 0.08, (n, n, j))
    factor = (1 - production_subsidy) * (1 + export_tax) * (1 + tariff) * (1 - purchase_subsidy)
    spending = (sales * factor).sum(axis=1)
    output = sales.sum(axis=0)

    if inputs:
        # who uses what is bought: a part of spending on each good, spread over users
        to_firms = rng.uniform(0.15, 0.55, (n, j)) * spending
        use = to_firms[:, :, None] * rng.dirichlet(np.full(j, 1.5), (n, j))
        input_share = use / output[:, None, :]
        most = 0.55 if fixed_entry else 0.75
        total = input_share.sum(axis=1, keepdims=True)
        input_share *= np.minimum(1.0, most / total)
    else:
        input_share = np.zeros((n, j, j))

    theta = rng.uniform(3.0, 7.0, j)
    psi = rng.uniform(0.02, 0.5, j) / theta if scale else np.zeros(j)
    if scale:
        psi[rng.integers(j)] = 0.0  # some sectors have none
    return World.from_arrays(
        [f"E{k:02d}" for k in range(n)],
        [f"s{k}" for k in range(j)],
        sales=sales,
        input_share=input_share,
        trade_elasticity=theta,
        scale_elasticity=psi,
        tariff=tariff,
        export_tax=export_tax,
        production_subsidy=production_subsidy,
        purchase_subsidy=purchase_subsidy,
        market_structure="fixed-entry" if fixed_entry else "competitive",
        name=f"random {seed}",
    )


def random_shock(seed: int, world: World, *, size: float = 1.0, bans: bool = True) -> Shock:
    """Every instrument at once; `size` scales all of it but the bans."""
    rng = np.random.default_rng(seed + 10_000)
    n, _, j = world.sales.shape
    abroad = np.ones((n, n, j))
    own = np.arange(n)
    abroad[own, own] = 0.0

    def some(shape: tuple[int, ...], share: float = 0.4) -> np.ndarray[Any, Any]:
        return (rng.random(shape) < share).astype(float)

    flow, cell = (n, n, j), (n, j)
    tariff = world.tariff + size * some(flow) * abroad * rng.uniform(-0.05, 0.4, flow)
    export_tax = world.export_tax + size * some(flow) * abroad * rng.uniform(-0.1, 0.2, flow)
    subsidy = world.production_subsidy + size * some(cell) * rng.uniform(-0.05, 0.1, cell)
    purchase = world.purchase_subsidy + size * some(flow) * rng.uniform(-0.05, 0.1, flow)
    cost = np.exp(size * some(flow) * rng.uniform(-0.1, 0.3, flow))
    if bans:
        closed = (rng.random(flow) < 0.08) & (abroad > 0)
        cost[closed] = np.inf

    # parts: a tenth of the flows in one part, some of these in two, one of the two closed
    where = np.argwhere((rng.random(flow) < 0.2) & (world.sales > 0))
    rows: list[tuple[int, int, int, float, bool]] = []
    for flow_hit in where:
        first = rng.uniform(0.1, 0.6)
        a, b, c = (int(k) for k in flow_hit)
        rows.append((a, b, c, first, False))
        if rng.random() < 0.5:
            rows.append((a, b, c, rng.uniform(0.1, 0.35), bans and a != b))
    importer, exporter, sector = (np.array([r[k] for r in rows], dtype=np.int64) for k in range(3))
    count = len(rows)
    at = (importer, exporter, sector)
    foreign = abroad[at]
    parts = Parts(
        importer,
        exporter,
        sector,
        np.array([r[3] for r in rows]),
        tariff[at] + size * foreign * rng.uniform(0.0, 0.5, count),
        export_tax[at] + size * foreign * rng.uniform(-0.1, 0.2, count),
        subsidy[exporter, sector] + size * rng.uniform(0.0, 0.1, count),
        purchase[at] + size * rng.uniform(-0.05, 0.1, count),
        np.where([r[4] for r in rows], np.inf, np.exp(size * rng.uniform(-0.1, 0.2, count))),
    )
    productivity = np.exp(size * rng.uniform(-0.1, 0.15, cell))
    labour = np.exp(size * rng.uniform(-0.05, 0.1, n))
    change = rng.uniform(-1, 1, n) * world.income * 0.02 * size
    change -= change.mean()
    return Shock.of(
        world,
        tariff=tariff,
        export_tax=export_tax,
        production_subsidy=subsidy,
        purchase_subsidy=purchase,
        resource_cost=cost,
        parts=parts,
        productivity=productivity,
        labour=labour,
        transfer_change=change,
    )
