"""What else can change? Transfers between economies, productivity, labour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from detente.errors import MeasureError
from detente.measures.base import Measure, names
from detente.measures.rates import Amount, parse_amount, parse_income_share

BY_INCOME = "others by income"


@dataclass(frozen=True, kw_only=True)
class TransferChange(Measure):
    """Rebalancing: `by` spends more (or less) beyond its income, its counterparts less (or more).

    A country that saves less and consumes more raises its transfer :math:`D_n`; its trade surplus
    falls by as much, and the others' deficits with it.

    Parameters
    ----------
    rate
        "+1 % of income": of the own income of each economy in `by`.
    amount
        "+50 bn USD" a year, shared by income when `by` names several economies.
    counterpart
        "others by income", or the economies that give (by their income).

    Examples
    --------
    >>> TransferChange(by="CHN", rate="+1 % of income").rate
    0.01
    """

    kind: ClassVar[str] = "transfer_change"
    moves: ClassVar[str] = "transfer"
    side: ClassVar[str] = "economy"
    takes: ClassVar[frozenset[str]] = frozenset({"rate", "amount", "counterpart", "stacking"})
    wedge: ClassVar[str] = "D, transfer"
    payer: ClassVar[str] = "the counterparts give, `by` receives"
    base: ClassVar[str] = "share of own income, or an amount a year"
    meaning: ClassVar[str] = "`by` spends more (+) or less (−) beyond its income"

    amount: Any = None
    counterpart: Any = BY_INCOME

    def __post_init__(self) -> None:
        where = self.where
        if self.amount is not None:
            object.__setattr__(self, "amount", self._read_amount(where))
        object.__setattr__(self, "counterpart", names(self.counterpart, "counterpart", where))
        super().__post_init__()

    def _read_amount(self, where: str) -> Amount:
        amount = parse_amount(self.amount, f"{where}, amount")
        if not amount.text.startswith(("+", "-", "−", "–")):
            raise MeasureError(
                f'{where}: a change of the transfer needs a sign: "+{amount}" (spends more beyond '
                f'its income) or "-{amount}".'
            )
        return amount

    def _read_rate(self, value: object, where: str) -> Any:
        return parse_income_share(value, where)

    def _check(self, where: str) -> None:
        if (self.rate is None) == (self.amount is None):
            raise MeasureError(
                f'{where}: give exactly one of rate = "+1 % of income" and amount = "+50 bn USD".'
            )
        if self.stacking not in (None, "add"):
            raise MeasureError(f'{where}: transfers add up; stacking can only be "add".')


@dataclass(frozen=True, kw_only=True)
class _FundamentalChange(Measure):
    rate_kinds: ClassVar[tuple[str, ...]] = ("relative",)
    side: ClassVar[str] = "economy"
    payer: ClassVar[str] = "nobody"

    def _check(self, where: str) -> None:
        if "sectors" in self.takes and not self.sectors:
            raise MeasureError(f'{where}: say which sectors are meant, such as "all".')
        if self.rate is None:
            raise MeasureError(f'{where}: say how much: rate = "+2 %".')
        for rate in self.rates:
            if rate.value <= -1:
                raise MeasureError(f'{where}: "{rate}" leaves nothing.')
        if self.stacking not in (None, "add"):
            raise MeasureError(f'{where}: such changes add up; stacking can only be "add".')


@dataclass(frozen=True, kw_only=True)
class ProductivityChange(_FundamentalChange):
    """Output per unit of all inputs rises or falls.

    Examples
    --------
    >>> ProductivityChange(by="CHN", sectors="electrical_equipment", rate="+5 %").rate.value
    0.05
    """

    kind: ClassVar[str] = "productivity_change"
    moves: ClassVar[str] = "productivity"
    takes: ClassVar[frozenset[str]] = frozenset({"rate", "sectors", "stacking"})
    wedge: ClassVar[str] = "Â, productivity"
    base: ClassVar[str] = "output per unit of all inputs"
    meaning: ClassVar[str] = "producers of `by` become more (+) or less (−) productive"


@dataclass(frozen=True, kw_only=True)
class LabourChange(_FundamentalChange):
    """The labour force grows or shrinks.

    Examples
    --------
    >>> LabourChange(by="JPN", rate="-1 %").rate.value
    -0.01
    """

    kind: ClassVar[str] = "labour_change"
    moves: ClassVar[str] = "labour"
    takes: ClassVar[frozenset[str]] = frozenset({"rate", "stacking"})
    wedge: ClassVar[str] = "L̂, labour endowment"
    base: ClassVar[str] = "labour endowment"
    meaning: ClassVar[str] = "the labour force of `by` grows (+) or shrinks (−)"
