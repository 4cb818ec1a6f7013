"""What is the economy before the shock?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from numpy.typing import ArrayLike

from detente.arrays import FloatArray
from detente.errors import UnknownNameError, WorldError
from detente.world.accounts import Accounts
from detente.world.build import accounts_from_arrays, side_table
from detente.world.cleaning import Repair
from detente.world.labels import check_name, check_papers

__all__ = ["OWN_UNITS", "World", "check_is_consistent"]

#: What money is counted in where the data do not say.
OWN_UNITS = "units of your data"

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, eq=False, kw_only=True)
class World(Accounts):
    """A baseline: its accounts (:class:`~detente.world.accounts.Accounts`) with their papers.

    Build one with :meth:`from_arrays` (own data) or :func:`detente.world.load_world` (shipped).
    Flows are in `currency` a year.

    Attributes
    ----------
    currency
        Unit of money, such as "USD million"; :data:`OWN_UNITS` where nobody said.
    goods
        Names of the sectors that are goods ("all goods" in a case file).
    employment
        Thousand persons, [economy, sector]; NaN where it is not known.
    emissions
        Mt CO2-equivalent, [economy, sector]; NaN where they are not known.
    value_added_net_of_taxes
        Value added less net taxes on inputs, [economy, sector]; NaN where it is not known.
    groups
        Names that stand for several economies.
    repairs
        What was changed in the source data, and by how much.
    descriptor
        Sources, named elasticity sets and notes, as the world's file gives them.
    """

    currency: str = OWN_UNITS
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
        currency: str = OWN_UNITS,
        year: int | None = None,
        goods: Sequence[str] = (),
        employment: ArrayLike | None = None,
        emissions: ArrayLike | None = None,
        value_added_net_of_taxes: ArrayLike | None = None,
        elasticity_set: str = "own",
        economy_names: Mapping[str, str] = _EMPTY,
        sector_names: Mapping[str, str] = _EMPTY,
        groups: Mapping[str, Sequence[str]] = _EMPTY,
        repairs: Sequence[Repair] = (),
        descriptor: Mapping[str, Any] = _EMPTY,
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
        tariff, export_tax
            Baseline duties, ad valorem fractions, [importer, exporter, sector]; one number
            holds on all trade between two economies, and home sales pay nothing.
        purchase_subsidy
            [importer, exporter, sector], or one number for purchases from home and abroad.
        production_subsidy
            [economy, sector] or one number; below 1.
        transfer
            [economy]. Omitted: what the budgets imply, imports less exports at border prices.
        market_structure
            "competitive" or "fixed-entry".
        closure
            Default closure of the external account: "balanced", "fixed-transfer",
            "proportional", "given", "trade-balance".
        accounts
            "exact" refuses data that do not balance. "shares" keeps expenditure shares, final
            shares, technology and labour income only; the world must then be rebased.
        currency
            What the data are in, such as "EUR million"; amounts in measures need to know.
        year, goods, employment, emissions, value_added_net_of_taxes
            As in :class:`World`.
        elasticity_set, economy_names, sector_names, groups, repairs, descriptor
            As in :class:`World`.

        Raises
        ------
        UnknownNameError
            Goods, groups or names of what is no label; an unknown closure or market structure.
        WorldError
            Labels that are totals or two codes of one country, what is no number, negative or
            missing data, shares that miss one, goods markets or budgets that do not balance:
            with the name of the worst cell and the size of the gap.

        Examples
        --------
        >>> world = World.from_arrays(
        ...     ["HOM", "FOR"], ["goods"],
        ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
        >>> world.expenditure_share[0, 1, 0]
        np.float64(0.2)
        """
        whole, mended = accounts_from_arrays(
            economies,
            sectors,
            name=name,
            sales=sales,
            expenditure=expenditure,
            value_added_share=value_added_share,
            input_share=input_share,
            final_share=final_share,
            trade_elasticity=trade_elasticity,
            scale_elasticity=scale_elasticity,
            wedges={
                "tariff": tariff,
                "export_tax": export_tax,
                "production_subsidy": production_subsidy,
                "purchase_subsidy": purchase_subsidy,
            },
            transfer=transfer,
            market_structure=market_structure,
            closure=closure,
            accounts=accounts,
        )
        beside = {
            "employment": employment,
            "emissions": emissions,
            "value_added_net_of_taxes": value_added_net_of_taxes,
        }
        tables: dict[str, Any] = {
            key: None if value is None else side_table(key, value, whole)
            for key, value in beside.items()
        }
        for key, text in (
            ("name", name),
            ("currency", currency),
            ("elasticity_set", elasticity_set),
        ):
            check_name(key, text)
        if not isinstance(repairs, Sequence) or not all(isinstance(r, Repair) for r in repairs):
            raise WorldError("repairs: give a list of detente.world.Repair.")
        if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
            raise WorldError("year: give a whole number, such as 2022, or None.")
        if not isinstance(descriptor, Mapping):
            raise WorldError("descriptor: give a mapping.")
        check_papers(
            whole.economies,
            whole.sectors,
            goods=goods,
            economy_names=economy_names,
            sector_names=sector_names,
            groups=groups,
        )
        return cls(
            **vars(whole),
            **tables,
            currency=currency,
            year=year,
            goods=tuple(goods),
            elasticity_set=elasticity_set,
            economy_names=MappingProxyType(dict(economy_names)),
            sector_names=MappingProxyType(dict(sector_names)),
            groups=MappingProxyType({code: tuple(members) for code, members in groups.items()}),
            repairs=(*repairs, *mended),
            descriptor=MappingProxyType(dict(descriptor)),
        )

    def with_(self, **changes: Any) -> World:
        """A copy with some fields replaced; nothing is re-checked here, see `check_accounts`."""
        return replace(self, **changes)

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


def check_is_consistent(world: World) -> None:
    """Refuse a world of which only the shares are meant."""
    if not world.is_consistent:
        raise WorldError(
            f'world "{world.name}" was built from shares only: its accounts are not an '
            "equilibrium. Solve for one first with `detente.rebase(world)`."
        )
