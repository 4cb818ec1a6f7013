"""On which worlds is speed measured?

Each entry builds a world and a shock. Those that need tables beside the project say so and are
left out, by name, where the tables are absent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detente.measures.shock import Shock
from detente.world import load_world
from detente.world.model import World

ROOT = Path(__file__).resolve().parents[1]


class TablesAbsent(Exception):
    """A folder of source tables or reference data is not there."""


@dataclass(frozen=True)
class Problem:
    """A world, what happens to it, and the time that one solve may take on one core.

    `limit_ms` is the project's own target for a solve at residual 1e-10, compilation apart.
    """

    title: str
    build: Callable[[], tuple[World, Shock]]
    limit_ms: float
    rivals: bool = False
    memory_limit_mb: float | None = None


def _folder(variable: str, default: str) -> Path:
    folder = Path(os.environ.get(variable, ROOT.parent / "shared" / default))
    if not folder.is_dir():
        raise TablesAbsent(f"{folder} is absent (set {variable})")
    return folder


def icio_2022(scale: bool = False) -> tuple[World, Shock]:
    """The shipped world and a 60 % US tariff on Chinese goods."""
    world = load_world("icio-2022", "lashkaripour-lugovskyy-2023" if scale else None)
    return world, tariff_on_goods(world, "USA", "CHN", 0.6)


def icio_2022_ban() -> tuple[World, Shock]:
    """The shipped world with scale economies and a ban on US-China goods trade."""
    world = load_world("icio-2022", "lashkaripour-lugovskyy-2023")
    cost = np.ones(world.sales.shape)
    usa, chn = world.economy_index("USA"), world.economy_index("CHN")
    goods = [world.sector_index(name) for name in world.goods]
    cost[usa, chn, goods] = np.inf
    cost[chn, usa, goods] = np.inf
    return world, Shock.of(world, resource_cost=cost)


def tariff_on_goods(world: World, by: str, on: str, rate: float) -> Shock:
    """A tariff at `rate` on all goods of one economy."""
    tariff = world.tariff.copy()
    goods = [world.sector_index(name) for name in world.goods]
    tariff[world.economy_index(by), world.economy_index(on), goods] = rate
    return Shock.of(world, tariff=tariff)


def caliendo_parro() -> tuple[World, Shock]:
    """NAFTA's tariff changes on the published data of Caliendo and Parro (2015)."""
    folder = _folder("DETENTE_TRUTH", "truth") / "caliendo_parro_2015"
    n, j = 31, 40
    trade = np.zeros((n, n, j))
    imports = np.loadtxt(folder / "xbilat1993.txt").reshape(20, n, n) * 1000
    trade[:, :, :20] = imports.transpose(1, 2, 0)
    exports = trade.sum(axis=0)
    output = np.maximum(np.loadtxt(folder / "GO.txt").T, exports)
    trade[np.arange(n), np.arange(n)] = output - exports
    v = np.loadtxt(folder / "B.txt").T
    g = np.loadtxt(folder / "IO.txt").reshape(n, j, j) * (1 - v)[:, None, :]
    tariffs = {}
    for year in (1993, 2005):
        tariffs[year] = np.zeros((n, n, j))
        read = np.loadtxt(folder / f"tariffs{year}.txt").reshape(20, n, n) / 100
        tariffs[year][:, :, :20] = read.transpose(1, 2, 0)
    spending = (trade * (1 + tariffs[1993])).sum(axis=1)
    final = np.maximum(spending - np.einsum("nkj,nj->nk", g, trade.sum(axis=0)), 0.0)
    world = World.from_arrays(
        [f"economy {k}" for k in range(n)],
        [f"sector {k}" for k in range(j)],
        sales=trade,
        value_added_share=v,
        input_share=g,
        final_share=final / final.sum(axis=1, keepdims=True),
        trade_elasticity=np.concatenate([np.loadtxt(folder / "T.txt").ravel(), np.full(20, 8.22)]),
        tariff=tariffs[1993],
        closure="trade-balance",
        accounts="shares",
        name="caliendo-parro-1993",
    )
    from detente.equilibrium import rebase

    balanced = rebase(world)
    new = balanced.tariff.copy()
    nafta = np.array([4, 19, 29])  # Canada, Mexico, USA
    for a in nafta:
        for b in nafta[nafta != a]:
            new[a, b] = tariffs[2005][a, b]
    return balanced, Shock.of(balanced, tariff=new)


def full_icio() -> tuple[World, Shock]:
    """All 81 economies and 50 industries of the table, no tariffs; 25 % on one economy's goods."""
    folder = _folder("DETENTE_DATA", "data") / "full"
    with np.load(folder / "icio2022_81x50.npz", allow_pickle=False) as table:
        n, j = 81, 50
        flows = np.maximum(table["Z"], 0).astype(float).reshape(n, j, n, j)
        final = np.maximum(table["F"], 0).astype(float).reshape(n, j, n)
        codes = [str(c) for c in table["countries"]]
        industries = [str(s) for s in table["sectors"]]
    sales = np.ascontiguousarray((flows.sum(axis=3) + final).transpose(2, 0, 1))
    output = sales.sum(axis=0)
    inputs = flows.sum(axis=0).transpose(1, 0, 2)
    g = np.divide(
        inputs, output[:, None, :], out=np.zeros_like(inputs), where=output[:, None, :] > 0
    )
    # inputs may not exceed output where the table's rounding says so
    total = g.sum(axis=1, keepdims=True)
    g = np.where(total > 0.98, g * 0.98 / np.maximum(total, 1e-300), g)
    del flows, inputs
    spending = sales.sum(axis=1)
    left = spending - np.einsum("nkj,nj->nk", g, output)
    final_demand = np.maximum(left, 0.0)
    world = World.from_arrays(
        codes,
        industries,
        sales=sales,
        input_share=g,
        final_share=final_demand / final_demand.sum(axis=1, keepdims=True),
        trade_elasticity=5.0,
        accounts="shares",
        name="icio-81x50",
    )
    from detente.equilibrium import rebase

    balanced = rebase(world)
    tariff = balanced.tariff.copy()
    usa, chn = balanced.economy_index("USA"), balanced.economy_index("CHN")
    tariff[usa, chn, :27] = 0.25
    return balanced, Shock.of(balanced, tariff=tariff)


PROBLEMS: dict[str, Problem] = {
    "icio-24x32": Problem(
        "shipped world, 24 x 32, 60 % tariff", icio_2022, limit_ms=6, rivals=True
    ),
    "icio-24x32-scale": Problem(
        "shipped world with scale economies, 60 % tariff",
        lambda: icio_2022(scale=True),
        limit_ms=250,
    ),
    "icio-24x32-scale-ban": Problem(
        "shipped world with scale economies, goods ban", icio_2022_ban, limit_ms=250
    ),
    "cp-31x40": Problem(
        "Caliendo-Parro 1993, 31 x 40, NAFTA", caliendo_parro, limit_ms=10, rivals=True
    ),
    "icio-81x50": Problem(
        "full table, 81 x 50, 25 % tariff", full_icio, limit_ms=50, memory_limit_mb=1024
    ),
}
