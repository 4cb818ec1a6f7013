"""What else can change? Transfers between economies, productivity, labour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from detente.errors import MeasureError
from detente.measures.base import Instrument, Rated, rate_help
from detente.measures.fields import Money, Names, OfIncome, OneRate
from detente.measures.rates import Amount, Rate

BY_INCOME = "others by income"


class Fundamental(Instrument):
    """A change of what an economy has, rather than of what trade pays."""

    hints: ClassVar[Mapping[str, str]] = {
        **Instrument.hints,
        "stacking": 'Such changes add up; stacking can only be "add".',
    }
    side: ClassVar[str] = "economy"

    stacking: Literal["add"] | None = Field(
        default=None, description="how it meets measures of its kind"
    )


class TransferChange(Fundamental):
    """Rebalancing: `by` spends more (or less) beyond its income, its counterparts less (or more).

    A country that saves less and consumes more raises its transfer :math:`D_n`; its trade surplus
    falls by as much, and the others' deficits with it.

    An `amount` is shared by income when `by` names several economies; the `counterpart` gives by
    income too.

    Examples
    --------
    >>> TransferChange(by="CHN", rate="+1 % of income").rate
    0.01
    """

    kind: Literal["transfer_change"] = "transfer_change"
    moves: ClassVar[str] = "transfer"
    wedge: ClassVar[str] = "D, transfer"
    payer: ClassVar[str] = "the counterparts give, `by` receives"
    base: ClassVar[str] = "share of own income, or an amount a year"
    meaning: ClassVar[str] = "`by` spends more (+) or less (−) beyond its income"

    rate: OfIncome | None = Field(
        default=None, description='of the own income of each economy: "+1 % of income"'
    )
    amount: Money | None = Field(default=None, description="of a transfer, a year")
    counterpart: Names = Field(default=(BY_INCOME,), description="who gives what a transfer gives")

    def problems(self) -> Iterator[MeasureError]:
        """What makes no sense for this instrument, each with the key that it is about."""
        yield from super().problems()
        if (self.rate is None) == (self.amount is None):
            yield MeasureError(
                'give exactly one of rate = "+1 % of income" and amount = "+50 bn USD".'
            )
        if self.amount is not None and not self.amount.text.startswith(("+", "-", "−", "–")):
            yield MeasureError(
                f'a change of the transfer needs a sign: "+{self.amount}" (spends more beyond its '
                f'income) or "-{self.amount}".',
                "amount",
            )

    @property
    def amounts(self) -> Mapping[str, Amount]:
        """The amount of the transfer, if it is one of money."""
        return {} if self.amount is None else {"amount": self.amount}


class _RelativeChange(Fundamental):
    """A fundamental that rises or falls by some percent."""

    rate_kinds: ClassVar[tuple[str, ...]] = ("relative",)
    payer: ClassVar[str] = "nobody"

    def problems(self) -> Iterator[MeasureError]:
        """What makes no sense for this instrument, each with the key that it is about."""
        yield from super().problems()
        if not self.rates:
            yield MeasureError('say how much: rate = "+2 %".', "rate")
        for rate in self.rates:
            if rate.value <= -1:
                yield MeasureError(f'"{rate}" leaves nothing.', "rate")


class ProductivityChange(_RelativeChange, Rated):
    """Output per unit of all inputs rises or falls.

    Examples
    --------
    >>> ProductivityChange(by="CHN", sectors="electrical_equipment", rate="+5 %").rate.value
    0.05
    """

    kind: Literal["productivity_change"] = "productivity_change"
    moves: ClassVar[str] = "productivity"
    wedge: ClassVar[str] = "Â, productivity"
    base: ClassVar[str] = "output per unit of all inputs"
    meaning: ClassVar[str] = "producers of `by` become more (+) or less (−) productive"

    def problems(self) -> Iterator[MeasureError]:
        """What makes no sense for this instrument, each with the key that it is about."""
        yield from super().problems()
        if not self.sectors:
            yield MeasureError('say which sectors are meant, such as "all".', "sectors")


class LabourChange(_RelativeChange):
    """The labour force grows or shrinks.

    Examples
    --------
    >>> LabourChange(by="JPN", rate="-1 %").rate.value
    -0.01
    """

    kind: Literal["labour_change"] = "labour_change"
    moves: ClassVar[str] = "labour"
    wedge: ClassVar[str] = "L̂, labour endowment"
    base: ClassVar[str] = "labour endowment"
    meaning: ClassVar[str] = "the labour force of `by` grows (+) or shrinks (−)"

    rate: OneRate | None = Field(default=None, description='a change such as "-1 %"')

    def problems(self) -> Iterator[MeasureError]:
        """What makes no sense for this instrument, each with the key that it is about."""
        yield from super().problems()
        if self.rate is not None and self.rate.kind not in self.rate_kinds:
            yield MeasureError(rate_help(type(self), self.rate), "rate")

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rate; empty without one."""
        return () if self.rate is None else (self.rate,)
