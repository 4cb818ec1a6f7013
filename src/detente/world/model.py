"""What is the economy before the shock?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import UnknownNameError, WorldError

FloatArray = NDArray[np.float64]

#: Largest relative gap that the accounts of a baseline may show.
ACCOUNTS_TOLERANCE = 1e-8
#: Largest miss of value-added plus input shares that the trade-balance closing may carry
#: (Caliendo and Parro's published shares miss one by up to 3.7e-7).
SHARES_TOLERANCE = 1e-6

MARKET_STRUCTURES = ("competitive", "fixed-entry")
CLOSURES = ("balanced", "fixed-transfer", "proportional", "given", "trade-balance")

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Repair:
    """One change that was made to source data before it became a world.

    Attributes
    ----------
    rule
        Name of the written rule, e.g. "negative-final-demand".
    what
        What it changed and why, in a sentence.
    size
        How much it changed, in `unit`.
    unit
        "USD million", "percentage points", "share of output".
    cells
        How many cells it touched.
    """

    rule: str
    what: str
    size: float
    unit: str
    cells: int


@dataclass(frozen=True, eq=False)
class World:
    r"""A baseline: who makes what, who buys it from whom, at which wedges.

    Build one with :meth:`from_arrays` (own data) or :func:`detente.world.load_world` (shipped).
    All arrays are float64 and read-only; flows are in `currency` a year. Axes: importer n,
    exporter i, sector j; for inputs economy n, input k, sector j.

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
    goods
        Names of the sectors that are goods ("all goods" in a case file).
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
    currency: str = "USD million"
    year: int | None = None
    goods: tuple[str, ...] = ()
    employment: FloatArray | None = None
    emissions: FloatArray | None = None
    value_added_net_of_taxes: FloatArray | None = None
    elasticity_set: str = "own"
    economy_names: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    sector_names: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _EMPTY)
    repairs: tuple[Repair, ...] = ()
    descriptor: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    is_consistent: bool = True

    # ---- construction -------------------------------------------------------------------

    @classmethod
    def from_arrays(
        cls,
        economies: Sequence[str],
        sectors: Sequence[str],
        *,
        trade_elasticity: ArrayLike,
        sales: ArrayLike | None = None,
        expenditure: ArrayLike | None = None,
        value_added_share: ArrayLike | None = None,
        input_share: ArrayLike | None = None,
        final_share: ArrayLike | None = None,
        scale_elasticity: ArrayLike = 0.0,
        tariff: ArrayLike = 0.0,
        export_tax: ArrayLike = 0.0,
        production_subsidy: ArrayLike = 0.0,
        purchase_subsidy: ArrayLike = 0.0,
        transfer: ArrayLike | None = None,
        market_structure: str = "competitive",
        closure: str = "fixed-transfer",
        accounts: str = "exact",
        name: str = "own world",
        **also: Any,
    ) -> World:
        r"""A world from plain arrays, checked.

        Parameters
        ----------
        economies, sectors
            Codes, in the order of the axes.
        sales, expenditure
            Exactly one: trade [importer, exporter, sector] at the factory gate
            (:math:`V`), or at purchaser prices (:math:`X`, every wedge included).
        value_added_share, input_share
            Of gross output; [economy, sector] and [economy, input, sector]. Omit both for an
            economy without inputs; omit one to take it as the rest.
        final_share
            [economy, sector]. Omitted: what expenditure leaves after inputs.
        trade_elasticity, scale_elasticity
            One value or one per sector.
        tariff, export_tax, purchase_subsidy
            Baseline wedges, ad valorem fractions, [importer, exporter, sector] or a scalar.
        production_subsidy
            [economy, sector] or a scalar; below 1.
        transfer
            [economy]. Omitted: what the budgets imply.
        market_structure
            "competitive" or "fixed-entry".
        closure
            Default closure of the external account: "balanced", "fixed-transfer",
            "proportional", "given", "trade-balance".
        accounts
            "exact" refuses data that do not balance. "shares" keeps expenditure shares, final
            shares, technology and labour income only; the world must then be rebased.
        also
            Further fields of World: year, currency, goods, employment, emissions, names.

        Raises
        ------
        WorldError
            Negative or missing data, shares that miss one, goods markets or budgets that do
            not balance: with the name of the worst cell and the size of the gap.

        Examples
        --------
        >>> world = World.from_arrays(
        ...     ["HOM", "FOR"], ["goods"],
        ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
        >>> world.expenditure_share[0, 1, 0]
        np.float64(0.2)
        """
        from detente.world.accounts import world_from_arrays

        return world_from_arrays(
            cls,
            economies,
            sectors,
            trade_elasticity=trade_elasticity,
            sales=sales,
            expenditure=expenditure,
            value_added_share=value_added_share,
            input_share=input_share,
            final_share=final_share,
            scale_elasticity=scale_elasticity,
            tariff=tariff,
            export_tax=export_tax,
            production_subsidy=production_subsidy,
            purchase_subsidy=purchase_subsidy,
            transfer=transfer,
            market_structure=market_structure,
            closure=closure,
            accounts=accounts,
            name=name,
            **also,
        )

    def with_(self, **changes: Any) -> World:
        """A copy with some fields replaced; nothing is re-checked here, see `check_accounts`."""
        return replace(self, **changes)

    def aggregate(
        self,
        economies: Mapping[str, Sequence[str]] | None = None,
        sectors: Mapping[str, Sequence[str]] | None = None,
        name: str | None = None,
    ) -> World:
        """Merge economies and sectors, accounts exact: see :func:`detente.world.aggregate`."""
        from detente.world.aggregate import aggregate

        return aggregate(self, economies, sectors, name)

    # ---- labels -------------------------------------------------------------------------

    def economy_index(self, code: str, where: str = "") -> int:
        """Position of an economy on its axis; UnknownNameError names the nearest."""
        try:
            return self.economies.index(code)
        except ValueError:
            raise UnknownNameError("economy", code, self.economies, where) from None

    def sector_index(self, code: str, where: str = "") -> int:
        """Position of a sector on its axis; UnknownNameError names the nearest."""
        try:
            return self.sectors.index(code)
        except ValueError:
            raise UnknownNameError("sector", code, self.sectors, where) from None

    # ---- what follows from the accounts --------------------------------------------------

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
        """w_i L_ij, [economy, sector].

        Under the trade-balance closing value-added and input shares may miss one by 1e-6; an
        equilibrium of that closing pays labour what inputs and profits leave of sales.
        """
        if self.closure == "trade-balance" and self.is_consistent:
            left = 1.0 - self.input_share.sum(axis=1) - self.profit_share[None]
            rest: FloatArray = left * self.output
            return rest
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


def check_is_consistent(world: World) -> None:
    """Refuse a world of which only the shares are meant."""
    if not world.is_consistent:
        raise WorldError(
            f'world "{world.name}" was built from shares only: its accounts are not an '
            "equilibrium. Solve for one first with `detente.rebase(world)`."
        )
