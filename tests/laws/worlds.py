"""Which worlds and shocks are the laws tested on?

Asymmetric ones: every economy, sector and direction of trade differs, and every instrument is in
force in the baseline, so that a swapped importer and exporter or a wrong tax base shows.
"""

from __future__ import annotations

import numpy as np

from detente.measures.shock import Parts, Shock
from detente.world.model import World

#: Algebra: rounding of sums of some thousand terms.
EXACT = 1e-12
#: Equilibria solved to 1e-12: two of them compared, with room for conditioning.
SOLVED = 1e-9
#: What the solver is asked for where equilibria are compared.
TIGHT = 1e-12


def make_world(
    seed: int,
    economies: int = 3,
    sectors: int = 3,
    *,
    inputs: bool = True,
    wedges: float = 0.15,
    transfers: bool = True,
    scale: float = 0.0,
    market_structure: str = "competitive",
    closure: str = "fixed-transfer",
    zeros: bool = False,
    trade_elasticity: object = None,
) -> World:
    """A random world whose accounts hold exactly.

    Parameters
    ----------
    wedges
        Largest baseline rate of each instrument.
    scale
        Largest product θψ; zero for none.
    zeros
        Some cross-border flows are zero.
    """
    draw = np.random.default_rng(seed)
    n, j = economies, sectors
    size = np.exp(draw.normal(0.0, 0.7, n))
    taste = draw.dirichlet(np.full(j, 3.0), n)
    pull = np.exp(draw.normal(0.0, 0.6, (n, n, j)))
    pull[np.arange(n), np.arange(n)] *= 6.0
    if zeros:
        gone = draw.random((n, n, j)) < 0.2
        gone[np.arange(n), np.arange(n)] = False
        pull[gone] = 0.0
    share = pull / pull.sum(axis=1, keepdims=True)
    sales = 100.0 * size[:, None, None] * taste[:, None, :] * share
    theta = draw.uniform(1.5, 6.0, j) if trade_elasticity is None else trade_elasticity
    rates = {
        "tariff": wedges * draw.random((n, n, j)),
        "export_tax": wedges * (draw.random((n, n, j)) - 0.4),
        "purchase_subsidy": 0.5 * wedges * draw.random((n, n, j)),
    }
    for rate in rates.values():
        rate[np.arange(n), np.arange(n)] = 0.0
    rates["production_subsidy"] = wedges * (draw.random((n, j)) - 0.3)
    sales = _balance(sales, rates)
    if transfers:
        # imports up to 15 % above or below balance: transfers that every economy can pay
        off = ~np.eye(n, dtype=bool)[:, :, None]
        sales = sales * np.where(off, 1.0 + 0.3 * (draw.random((n, 1, 1)) - 0.5), 1.0)
    if inputs:
        # inputs take less than is bought of every good, so that final demand is positive
        g = draw.uniform(0.2, 1.0, (n, j, j))
        g *= draw.uniform(0.25, 0.5, (n, 1, j)) / g.sum(axis=1, keepdims=True)
        bought = sales.sum(axis=1)
        used = np.einsum("nkj,nj->nk", g, sales.sum(axis=0))
        g *= np.minimum(1.0, 0.6 * (bought / used).min(axis=1))[:, None, None]
    else:
        g = np.zeros((n, j, j))
    return World.from_arrays(
        [f"E{k}" for k in range(n)],
        [f"s{k}" for k in range(j)],
        sales=sales,
        input_share=g,
        trade_elasticity=theta,
        scale_elasticity=scale * draw.uniform(0.3, 1.0, j) / np.asarray(theta),
        market_structure=market_structure,
        closure=closure,
        name=f"random {seed}",
        **rates,
    )


def _balance(sales: np.ndarray, rates: dict[str, np.ndarray]) -> np.ndarray:
    """Scale each economy's imports until trade at border prices balances everywhere."""
    border = (1 - rates["production_subsidy"][None]) * (1 + rates["export_tax"])
    sales = sales.copy()
    n = len(sales)
    off = ~np.eye(n, dtype=bool)
    for _ in range(20000):
        value = (sales * border).sum(axis=2) * off
        ratio = value.sum(axis=0) / value.sum(axis=1)
        if np.abs(ratio - 1).max() < 1e-15:
            break
        factor = np.where(off, np.sqrt(ratio)[:, None], 1.0)
        sales *= factor[:, :, None]
    return sales


def make_shock(world: World, seed: int, size: float = 0.3) -> Shock:
    """Every kind of change at once: wedges, parts, resource costs, fundamentals, transfers."""
    draw = np.random.default_rng(1000 + seed)
    n, j = len(world.economies), len(world.sectors)
    off = ~np.eye(n, dtype=bool)[:, :, None]
    change = draw.normal(0.0, 0.02, n) * world.income.min() * size
    return Shock.of(
        world,
        tariff=world.tariff + off * size * draw.random((n, n, j)),
        export_tax=world.export_tax + off * size * 0.5 * (draw.random((n, n, j)) - 0.5),
        purchase_subsidy=world.purchase_subsidy + off * size * 0.2 * draw.random((n, n, j)),
        production_subsidy=world.production_subsidy + size * 0.3 * (draw.random((n, j)) - 0.5),
        resource_cost=np.where(off, np.exp(size * 0.3 * draw.normal(size=(n, n, j))), 1.0),
        parts=make_parts(world, seed, size),
        productivity=np.exp(size * 0.3 * draw.normal(size=(n, j))),
        labour=np.exp(size * 0.2 * draw.normal(size=n)),
        transfer_change=change - change.mean(),
    )


def make_parts(world: World, seed: int, size: float = 0.3) -> Parts:
    """Two parts of some flows, each hit otherwise; one of them banned."""
    draw = np.random.default_rng(2000 + seed)
    n, j = len(world.economies), len(world.sectors)
    flows = [(a, b, k) for a in range(n) for b in range(n) for k in range(j) if a != b]
    chosen = draw.choice(len(flows), size=min(4, len(flows)), replace=False)
    importer, exporter, sector = (
        np.repeat(np.array([flows[c][axis] for c in chosen], dtype=np.int64), 2)
        for axis in range(3)
    )
    m = len(importer)
    cost = np.exp(size * 0.2 * draw.normal(size=m))
    cost[0] = np.inf
    at = (importer, exporter, sector)
    return Parts(
        importer=importer,
        exporter=exporter,
        sector=sector,
        share=draw.uniform(0.1, 0.45, m),
        tariff=world.tariff[at] + size * draw.random(m),
        export_tax=world.export_tax[at] + 0.3 * size * draw.random(m),
        production_subsidy=world.production_subsidy[exporter, sector] + 0.2 * size * draw.random(m),
        purchase_subsidy=world.purchase_subsidy[at] + 0.2 * size * draw.random(m),
        resource_cost=cost,
    )


def permuted(world: World, order: np.ndarray) -> World:
    """The same world with its economies in another order."""
    flows = {
        name: getattr(world, name)[np.ix_(order, order)]
        for name in ("sales", "tariff", "export_tax", "purchase_subsidy")
    }
    cells = {
        name: getattr(world, name)[order]
        for name in (
            "value_added_share",
            "input_share",
            "final_share",
            "production_subsidy",
            "transfer",
        )
    }
    return world.with_(economies=tuple(world.economies[k] for k in order), **flows, **cells)


def permuted_shock(shock: Shock, order: np.ndarray) -> Shock:
    """The same shock for :func:`permuted`."""
    back = np.argsort(order)
    parts = shock.parts
    return Shock(
        tariff=shock.tariff[np.ix_(order, order)],
        export_tax=shock.export_tax[np.ix_(order, order)],
        purchase_subsidy=shock.purchase_subsidy[np.ix_(order, order)],
        production_subsidy=shock.production_subsidy[order],
        resource_cost=shock.resource_cost[np.ix_(order, order)],
        parts=Parts(
            back[parts.importer],
            back[parts.exporter],
            parts.sector,
            parts.share,
            parts.tariff,
            parts.export_tax,
            parts.production_subsidy,
            parts.purchase_subsidy,
            parts.resource_cost,
        ),
        productivity=shock.productivity[order],
        labour=shock.labour[order],
        transfer_change=shock.transfer_change[order],
    )


def split_in_halves(world: World, shock: Shock, economy: int) -> tuple[World, Shock]:
    """One economy as two identical halves, which trade with each other as with themselves."""
    n = len(world.economies)
    order = np.append(np.arange(n), economy)
    weight = np.ones(n + 1)
    weight[[economy, n]] = 0.5
    both = np.ix_(order, order)
    bigger = world.with_(
        economies=(*world.economies, f"{world.economies[economy]}'"),
        sales=world.sales[both] * (weight[:, None] * weight[None, :])[:, :, None],
        tariff=world.tariff[both],
        export_tax=world.export_tax[both],
        purchase_subsidy=world.purchase_subsidy[both],
        production_subsidy=world.production_subsidy[order],
        value_added_share=world.value_added_share[order],
        input_share=world.input_share[order],
        final_share=world.final_share[order],
        transfer=world.transfer[order] * weight,
    )
    return bigger, Shock(
        tariff=shock.tariff[both],
        export_tax=shock.export_tax[both],
        purchase_subsidy=shock.purchase_subsidy[both],
        production_subsidy=shock.production_subsidy[order],
        resource_cost=shock.resource_cost[both],
        parts=Parts.none(),
        productivity=shock.productivity[order],
        labour=shock.labour[order],
        transfer_change=shock.transfer_change[order] * weight,
    )


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """Largest gap relative to the size of the entry, or of the array for tiny ones."""
    scale = np.maximum(np.abs(b), 1e-6 * np.abs(b).max())
    return float(np.max(np.abs(a - b) / np.where(scale > 0, scale, 1.0)))
