"""What do the accounts of a baseline say, and do they hold?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import FloatArray
from detente.errors import WorldError

__all__ = [
    "ACCOUNTS_TOLERANCE",
    "AXES",
    "CLOSURES",
    "MARKET_STRUCTURES",
    "Accounts",
    "cell_name",
    "check_accounts",
]


#: Largest relative gap that the accounts of a baseline may show.
ACCOUNTS_TOLERANCE = 1e-8
#: Largest miss of value-added plus input shares that the trade-balance closing may carry
#: (Caliendo and Parro's published shares miss one by up to 3.7e-7).
SHARES_TOLERANCE = 1e-6

MARKET_STRUCTURES = ("competitive", "fixed-entry")
CLOSURES = ("balanced", "fixed-transfer", "proportional", "given", "trade-balance")

#: Axes of every array of a baseline.
AXES: dict[str, tuple[str, ...]] = {
    "sales": ("importer", "exporter", "sector"),
    "value_added_share": ("economy", "sector"),
    "input_share": ("economy", "input", "sector"),
    "final_share": ("economy", "sector"),
    "trade_elasticity": ("sector",),
    "scale_elasticity": ("sector",),
    "tariff": ("importer", "exporter", "sector"),
    "export_tax": ("importer", "exporter", "sector"),
    "production_subsidy": ("economy", "sector"),
    "purchase_subsidy": ("importer", "exporter", "sector"),
    "transfer": ("economy",),
    "employment": ("economy", "sector"),
    "emissions": ("economy", "sector"),
    "value_added_net_of_taxes": ("economy", "sector"),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Accounts:
    r"""Who makes what, who buys it from whom, at which wedges: the arrays of a baseline.

    All arrays are float64 and read-only. Axes: importer n, exporter i, sector j; for inputs
    economy n, input k, sector j.

    Attributes
    ----------
    sales
        :math:`V_{nij}`, at the factory gate, before every wedge, own sales on the diagonal.
    value_added_share, input_share
        :math:`v_{nj}` and :math:`g_{nkj}` of gross output; they sum to one.
    final_share
        :math:`\alpha_{nj}` of final spending; sums to one over sectors.
    trade_elasticity, scale_elasticity
        :math:`\theta_j > 0` and :math:`\psi_j \ge 0`.
    tariff, export_tax, purchase_subsidy
        :math:`t, e, b` in force, ad valorem fractions, [importer, exporter, sector].
    production_subsidy
        :math:`s_{ij}` in force, [economy, sector].
    transfer
        :math:`D_n`, spending beyond income; sums to zero.
    is_consistent
        False when only the shares are meant (accounts="shares"): the world must be rebased
        (:func:`detente.equilibrium.rebase`) before anything is solved on it.
    """

    name: str
    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    sales: FloatArray
    value_added_share: FloatArray
    input_share: FloatArray
    final_share: FloatArray
    trade_elasticity: FloatArray
    scale_elasticity: FloatArray
    tariff: FloatArray
    export_tax: FloatArray
    production_subsidy: FloatArray
    purchase_subsidy: FloatArray
    transfer: FloatArray
    market_structure: str = "competitive"
    closure: str = "fixed-transfer"
    is_consistent: bool = True

    @property
    def wedge_factor(self) -> FloatArray:
        """(1 − s)(1 + e)(1 + t)(1 − b): purchaser price over the factory-gate price."""
        return (
            (1 - self.production_subsidy[None])
            * (1 + self.export_tax)
            * (1 + self.tariff)
            * (1 - self.purchase_subsidy)
        )

    @property
    def expenditure_by_source(self) -> FloatArray:
        """X_nij at purchaser prices."""
        return self.sales * self.wedge_factor

    @property
    def expenditure(self) -> FloatArray:
        """X_nj at purchaser prices, [economy, sector]."""
        out: FloatArray = self.expenditure_by_source.sum(axis=1)
        return out

    @property
    def expenditure_share(self) -> FloatArray:
        """π_nij, sums to one over exporters wherever anything is bought."""
        total = self.expenditure[:, None, :]
        return np.divide(
            self.expenditure_by_source, total, out=np.zeros_like(self.sales), where=total > 0
        )

    @property
    def output(self) -> FloatArray:
        """Gross output at the factory gate, [economy, sector]."""
        out: FloatArray = self.sales.sum(axis=0)
        return out

    @property
    def inputs_bought(self) -> FloatArray:
        """What firms spend on each good at purchaser prices, [economy, input]."""
        out: FloatArray = np.einsum("nkj,nj->nk", self.input_share, self.output)
        return out

    @property
    def profit_share(self) -> FloatArray:
        """1/σ_j of sales under fixed entry (σ = θ + 1), zero under competition, [sector]."""
        if self.market_structure == "fixed-entry":
            return 1.0 / (1.0 + self.trade_elasticity)
        return np.zeros_like(self.trade_elasticity)

    @property
    def labour_share(self) -> FloatArray:
        """Labour's share of sales: v less profits, [economy, sector].

        Under the trade-balance closing it is what inputs and profits leave, which differs from v
        where published shares miss one: incomes of such a baseline are those that clear trade.
        """
        if self.closure == "trade-balance" and self.is_consistent:
            rest: FloatArray = 1.0 - self.input_share.sum(axis=1) - self.profit_share[None]
            return rest
        return self.value_added_share - self.profit_share[None]

    @property
    def labour_income(self) -> FloatArray:
        """w_i L_ij, [economy, sector]."""
        return self.labour_share * self.output

    @property
    def profits(self) -> FloatArray:
        """Profits by economy."""
        out: FloatArray = (self.profit_share[None] * self.output).sum(axis=1)
        return out

    @property
    def net_revenue(self) -> FloatArray:
        """What each government collects less what it pays on every wedge, [economy].

        Bases as in the wedge table: s·V, e(1 − s)V, t(1 + e)(1 − s)V, b(1 + t)(1 + e)(1 − s)V.
        """
        gate = (1 - self.production_subsidy[None]) * self.sales
        border = (1 + self.export_tax) * gate
        landed = (1 + self.tariff) * border
        exporter = (self.export_tax * gate - self.production_subsidy[None] * self.sales).sum(
            axis=(0, 2)
        )
        importer = (self.tariff * border - self.purchase_subsidy * landed).sum(axis=(1, 2))
        out: FloatArray = exporter + importer
        return out

    @property
    def income(self) -> FloatArray:
        """Y_n, final spending: labour income, profits, net revenue and the transfer."""
        out: FloatArray = (
            self.labour_income.sum(axis=1) + self.profits + self.net_revenue + self.transfer
        )
        return out

    @property
    def world_value_added(self) -> float:
        """Labour income and profits of all economies: the default numeraire."""
        return float(self.labour_income.sum() + self.profits.sum())


def cell_name(labels: tuple[tuple[str, ...], ...], position: tuple[int, ...]) -> str:
    """A cell by its labels: "HOM / FOR / goods"."""
    return " / ".join(names[k] for names, k in zip(labels, position, strict=True))


def check_accounts(world: Accounts, tolerance: float = ACCOUNTS_TOLERANCE) -> dict[str, float]:
    r"""Check every identity of a baseline; return the relative gap of each.

    Goods markets :math:`X_{nj} = \alpha_{nj} Y_n + \sum_k g_{njk} \sum_m V_{mnk}`, the budget of
    each economy, transfers that sum to zero, shares that sum to one.

    Raises
    ------
    WorldError
        Naming the worst economy and sector and the size of the gap.
    """
    x, income = world.expenditure, world.income
    loose = SHARES_TOLERANCE if world.closure == "trade-balance" else tolerance
    taken = world.final_share * income[:, None] + world.inputs_bought
    gap = (taken - x) / x.sum(axis=1, keepdims=True)
    worst = tuple(int(k) for k in np.unravel_index(np.argmax(np.abs(gap)), x.shape))
    gaps = {
        "goods market": float(np.abs(gap).max()),
        "transfers": float(abs(world.transfer.sum()) / world.world_value_added),
        "final shares": float(np.abs(world.final_share.sum(axis=1) - 1).max()),
    }
    if gaps["goods market"] > loose:
        raise WorldError(
            f'world "{world.name}" does not balance: '
            f"{cell_name((world.economies, world.sectors), worst)} is bought for "
            f"{x[worst]:.8g} but final use and inputs take {taken[worst]:.8g} "
            f"(gap {gaps['goods market']:.2e} of the economy's spending, tolerance {loose:g}). "
            "Correct the data, leave `final_share` and `transfer` out so that they follow from "
            'trade, or pass accounts="shares" and rebase.'
        )
    if gaps["transfers"] > loose:
        raise WorldError(
            f'world "{world.name}": transfers sum to {world.transfer.sum():.6g}, not zero.'
        )
    if gaps["final shares"] > tolerance:
        raise WorldError(f'world "{world.name}": final shares do not sum to one.')
    return gaps
