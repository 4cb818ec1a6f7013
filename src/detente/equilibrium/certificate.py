"""Is this really an equilibrium? Checked from the equations, apart from the solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.equilibrium.specification import Specification
from detente.measures.shock import Shock
from detente.wording import Note
from detente.world.model import World

__all__ = ["Certificate", "Gap", "certify"]

#: Cells below this share of their economy's spending are held to that share, not to themselves:
#: sums of large numbers cannot be checked more finely than their rounding.
SMALLEST_CELL = 1e-12


@dataclass(frozen=True)
class Gap:
    """The largest relative gap of one block of equations, and where it is."""

    size: float
    economy: str = ""
    sector: str = ""

    def __str__(self) -> str:
        where = " / ".join(p for p in (self.economy, self.sector) if p)
        return f"{self.size:.2e}" + (f" ({where})" if where else "")


@dataclass(frozen=True)
class Certificate:
    """What was solved, how, and how well every block of equations holds.

    Attributes
    ----------
    blocks
        Largest relative gap of "prices", "goods markets", "labour" (or "trade balance"),
        "budgets", "walras" and "transfers".
    method, evaluations, steps
        How it was found: evaluations of all equations, steps along the path.
    closure, numeraire, market_structure, labour, scale
        What was solved, by name.
    tolerance
        What every block had to reach.
    theta_psi, leontief_theta_psi, cells_above_one
        Largest θψ; largest θψ times the own Leontief coefficient, and in how many cells it
        exceeds one. Uniqueness is sure only without inputs and below one.
    notes
        What a reader should know, in sentences.
    """

    blocks: Mapping[str, Gap]
    method: str
    evaluations: int
    steps: int
    closure: str
    numeraire: str
    market_structure: str
    labour: str
    scale: bool
    tolerance: float
    theta_psi: float = 0.0
    leontief_theta_psi: float = 0.0
    cells_above_one: int = 0
    notes: tuple[Note, ...] = field(default=())

    @property
    def residual(self) -> float:
        """The largest gap of all blocks."""
        return max(gap.size for gap in self.blocks.values())

    @property
    def worst_block(self) -> str:
        """The block with the largest gap."""
        return max(self.blocks, key=lambda name: self.blocks[name].size)

    def __str__(self) -> str:
        lines = [
            f"residual {self.residual:.1e} (tolerance {self.tolerance:.0e}), {self.method}, "
            f"{self.evaluations} evaluations, {self.steps} step(s)",
            f"closure {self.closure}, labour {self.labour}, {self.market_structure}, "
            f"scale economies {'on' if self.scale else 'off'}, numeraire {self.numeraire}",
        ]
        lines += [f"  {name}: {gap}" for name, gap in self.blocks.items()]
        lines += [f"  {note}" for note in self.notes]
        return "\n".join(lines)


def _cell_gap(world: World, gap: FloatArray) -> Gap:
    size = np.abs(gap)
    if np.isnan(size).any():
        size = np.where(np.isnan(size), np.inf, size)
    at = np.unravel_index(int(np.argmax(size)), size.shape)
    sector = world.sectors[int(at[1])] if size.ndim == 2 else ""
    return Gap(float(size[at]), world.economies[int(at[0])], sector)


def _world_gap(gap: Any) -> Gap:
    """A gap of the world as a whole; infinite where there is nothing to reckon it from."""
    return Gap(float(np.inf if np.isnan(gap) else abs(gap)))


def _hit_shares(
    world: World, shock: Shock
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    r"""For every flow, sums over its parts of :math:`c\hat\kappa^{-\theta}` times
    1, 1/K, the exporter's and the importer's net collection per unit of purchaser spending."""

    def pieces(share: Any, delta: Any, s: Any, e: Any, t: Any, b: Any, k0: Any, theta: Any) -> Any:
        k = (1 - s) * (1 + e) * (1 + t) * (1 - b)
        kappa_hat = delta * k / k0
        hit = share * np.where(kappa_hat == 1.0, 1.0, kappa_hat**-theta)
        gate = hit / k
        exporter = gate * (e * (1 - s) - s)
        importer = gate * (1 - s) * (1 + e) * (t - b * (1 + t))
        return hit, gate, exporter, importer

    p = shock.parts
    at = (p.importer, p.exporter, p.sector)
    rest = np.ones(world.sales.shape)
    np.subtract.at(rest, at, p.share)
    rest[np.abs(rest) < 1e-9] = 0.0
    k0 = world.wedge_factor
    changed = (
        (shock.tariff != world.tariff)
        | (shock.export_tax != world.export_tax)
        | (shock.purchase_subsidy != world.purchase_subsidy)
        | (shock.production_subsidy != world.production_subsidy)[None]
        | (shock.resource_cost != 1.0)
    )
    s = np.broadcast_to(shock.production_subsidy[None], world.sales.shape)
    theta = np.broadcast_to(world.trade_elasticity, world.sales.shape)
    e, t, b = shock.export_tax, shock.tariff, shock.purchase_subsidy
    gate = rest / k0
    whole = [rest, gate, gate * (e * (1 - s) - s), gate * (1 - s) * (1 + e) * (t - b * (1 + t))]
    where = np.nonzero(changed)
    if len(where[0]):
        moved = pieces(
            rest[where],
            shock.resource_cost[where],
            s[where],
            e[where],
            t[where],
            b[where],
            k0[where],
            theta[where],
        )
        for dense, sparse in zip(whole, moved, strict=True):
            dense[where] = sparse
    if len(p):
        extra = pieces(
            p.share,
            p.resource_cost,
            p.production_subsidy,
            p.export_tax,
            p.tariff,
            p.purchase_subsidy,
            k0[at],
            world.trade_elasticity[p.sector],
        )
        for dense, sparse in zip(whole, extra, strict=True):
            np.add.at(dense, at, sparse)
    return whole[0], whole[1], whole[2], whole[3]


def certify(
    world: World,
    shock: Shock,
    specification: Specification,
    found: Mapping[str, Any],
) -> dict[str, Gap]:
    """Largest relative gap of every block of equations, from the equations alone.

    Parameters
    ----------
    found
        The arrays of an :class:`~detente.equilibrium.result.Equilibrium` by name.
    """
    closure = specification.closure_of(world)
    theta = world.trade_elasticity
    psi = world.scale_elasticity if specification.scale else np.zeros_like(theta)
    sigma_inverse = world.profit_share
    v, g = world.value_added_share, world.input_share
    p_hat, w_hat, c_hat = found["price_hat"], found["wage_hat"], found["unit_cost_hat"]
    x, y, sales = found["expenditure_prime"], found["income_prime"], found["sales_prime"]
    output, transfer = found["output_prime"], found["transfer_prime"]
    pi_prime = found["expenditure_share_prime"]
    eta = specification.input_elasticity
    ln_p, ln_w = np.log(p_hat), np.log(w_hat)

    # unit costs
    if eta == 1.0:
        ln_c = ((v - sigma_inverse) * ln_w + np.einsum("ikj,ik->ij", g, ln_p)) / (
            1 - sigma_inverse
        ) - np.log(shock.productivity)
        g_prime = g
        labour_part = v - sigma_inverse
    else:
        inside = (v - sigma_inverse) * w_hat ** (1 - eta) + np.einsum(
            "ikj,ik->ij", g, p_hat ** (1 - eta)
        )
        weights = v - sigma_inverse + g.sum(axis=1)
        ln_c = np.log(inside / weights) / (1 - eta) - np.log(shock.productivity)
        relative = np.exp(ln_c) * shock.productivity
        g_prime = g * (p_hat[:, :, None] / relative[:, None, :]) ** (1 - eta)
        labour_part = (v - sigma_inverse) * (w_hat / relative) ** (1 - eta)
    if closure == "trade-balance":
        labour_part = labour_part + (1 - v - g.sum(axis=1))
    cost_gap = np.expm1(ln_c - np.log(c_hat))

    # prices and sourcing
    hit, gate, exporter_part, importer_part = _hit_shares(world, shock)
    pull = np.exp(-theta * ln_c)
    if psi.any():
        pull = pull * found["labour_hat"] ** (theta * psi)
    stopped = found["stopped"]
    pull = np.where(stopped, 0.0, pull)
    by_source = world.sales * world.wedge_factor
    total = by_source.sum(axis=1, keepdims=True)
    pi = np.divide(by_source, total, out=np.zeros_like(by_source), where=total > 0)
    a = pi * hit * pull[None]
    offered = a.sum(axis=1)
    is_offered = offered > 0
    needless = stopped & ~((g > 0) & ~is_offered[:, :, None]).any(axis=1)
    cost_gap = np.where(stopped, np.where(needless, np.inf, 0.0), cost_gap)
    price_gap = np.where(
        is_offered,
        np.expm1(-np.log(np.where(is_offered, offered, 1.0)) / theta - ln_p),
        0.0,
    )
    share_gap = np.abs(a / np.where(is_offered, offered, 1.0)[:, None, :] - pi_prime).max(axis=1)
    prices = np.maximum(np.maximum(np.abs(price_gap), np.abs(cost_gap)), share_gap)

    # goods markets: what is bought is what final use and inputs take, at sellers' own sales
    spending = pi * pull[None] * (p_hat**theta * x)[:, None, :]
    sold = spending * gate
    floor = SMALLEST_CELL * x.sum(axis=1, keepdims=True)
    wanted = world.final_share * y[:, None] + np.einsum("njk,nk->nj", g_prime, output)
    goods = np.abs(wanted - x) / np.maximum(x, floor)
    sold_gap = np.abs(sold.sum(axis=0) - output) / np.maximum(output, floor)
    flow_gap = np.abs(sold - sales).max(axis=0) / np.maximum(output, floor)
    goods = np.maximum(goods, np.maximum(sold_gap, flow_gap))

    # incomes
    paid = labour_part * output
    labour_income = found["labour_income_prime"]
    l0 = world.labour_income
    supply = found["labour_supply_hat"]
    real_wage = (paid.sum(axis=1) / l0.sum(axis=1) / supply) / np.exp(
        (world.final_share * ln_p).sum(axis=1)
    )
    supply_gap = supply / (shock.labour * real_wage**specification.labour_supply_elasticity) - 1
    labour_gap = _labour_gap(specification, l0, w_hat, found, paid, supply)
    profits = (sigma_inverse * output).sum(axis=1)
    revenue = (spending * exporter_part).sum(axis=(0, 2)) + (spending * importer_part).sum(
        axis=(1, 2)
    )
    earned = labour_income.sum(axis=1) + profits + revenue + transfer
    budget = np.maximum(
        np.abs(earned / y - 1),
        np.abs(revenue - found["net_revenue_prime"]) / y,
    )
    # external account, implied by all the others: what foreigners are paid for imports less
    # what they pay for exports is the transfer
    border = sold + spending * exporter_part
    imports, exports = border.sum(axis=(1, 2)), border.sum(axis=(0, 2))
    external = (imports - exports - transfer) / y
    blocks = {"prices": _cell_gap(world, prices), "goods markets": _cell_gap(world, goods)}
    labour_gaps = np.maximum(labour_gap, np.abs(supply_gap)[:, None])
    if closure == "trade-balance":
        blocks["trade balance"] = _cell_gap(world, external)
        blocks["labour"] = _cell_gap(world, labour_gaps)
        blocks["budgets"] = _cell_gap(world, budget)
        blocks["walras"] = _world_gap((external * y).sum() / y.sum())
    else:
        blocks["labour"] = _cell_gap(world, labour_gaps)
        blocks["budgets"] = _cell_gap(world, budget)
        blocks["walras"] = _cell_gap(world, external)
    value_added = paid.sum() + profits.sum()
    rule = _transfer_rule(world, shock, closure, y, value_added)
    blocks["transfers"] = max(
        _world_gap(transfer.sum() / value_added),
        _cell_gap(world, (rule - transfer) / y),
        key=lambda gap: gap.size,
    )
    return blocks


def _transfer_rule(
    world: World, shock: Shock, closure: str, y: FloatArray, value_added: float
) -> FloatArray:
    """What the closure says the transfers are, in units of the numeraire."""
    given: FloatArray = world.transfer + shock.transfer_change
    if closure == "balanced":
        return shock.transfer_change
    if closure == "fixed-transfer":
        return given * (value_added / world.world_value_added)
    if closure == "proportional":
        d = world.transfer / world.income
        shared: FloatArray = y * (d - (d * y).sum() / y.sum()) + shock.transfer_change
        return shared
    return given


def _labour_gap(
    specification: Specification,
    l0: FloatArray,
    w_hat: FloatArray,
    found: Mapping[str, Any],
    paid: FloatArray,
    supply: FloatArray,
) -> FloatArray:
    """Relative gap of labour markets by cell: wage bills, and workers over their supply."""
    works = (l0 > 0) & (paid > 0)
    safe = np.where(works, paid, 1.0)
    bill = np.where(works, w_hat * l0 * found["labour_hat"] / safe - 1, 0.0)
    bill = np.maximum(
        np.abs(bill), np.where(works, np.abs(found["labour_income_prime"] / safe - 1), 0.0)
    )
    share = l0 / l0.sum(axis=1, keepdims=True)
    if specification.labour == "mobile":
        employed = (share * np.where(l0 > 0, found["labour_hat"], 0.0)).sum(axis=1)
        market = np.abs(employed / supply - 1)[:, None]
    elif specification.labour == "specific":
        market = np.abs(found["labour_hat"] / supply[:, None] - 1) * works
    else:
        zeta = specification.roy_elasticity
        assert zeta is not None
        # in logs: a large ζ is a legitimate way to nearly mobile labour
        ln_w = np.log(np.where(works, w_hat, 1.0))
        top = np.where(works, ln_w, -np.inf).max(axis=1, keepdims=True)
        mean_power = (share * np.where(works, np.exp(zeta * (ln_w - top)), 0.0)).sum(axis=1)
        ln_mean = top + np.log(mean_power)[:, None] / zeta
        mean = np.exp(ln_mean)
        workers = np.exp(zeta * (ln_w - ln_mean)) * supply[:, None]
        units = workers * mean / w_hat
        market = (
            np.maximum(
                np.abs(found["workers_hat"] / workers - 1), np.abs(found["labour_hat"] / units - 1)
            )
            * works
        )
    out: FloatArray = np.maximum(bill, market)
    return out


def scale_conditions(world: World, specification: Specification) -> tuple[float, float, int]:
    """Largest θψ, largest θψ × own Leontief coefficient, and cells where that exceeds one.

    The Leontief coefficient of an economy's sector on itself multiplies the force of scale
    economies: a sector that buys much from itself gets cheaper inputs as it grows.
    """
    if not specification.scale or not world.scale_elasticity.any():
        return 0.0, 0.0, 0
    theta_psi = world.trade_elasticity * world.scale_elasticity
    share = np.einsum("nnj->nj", world.expenditure_share)
    identity = np.eye(len(world.sectors))
    own = np.linalg.inv(identity[None] - world.input_share * share[:, :, None])
    product = theta_psi * np.einsum("njj->nj", own)
    return float(theta_psi.max()), float(product.max()), int((product > 1).sum())
