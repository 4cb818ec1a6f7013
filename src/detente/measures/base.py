"""What do all measures have in common? Who acts on whom, on what, how much, when, and why.

A measure is a frozen value. Its class, one per instrument, has the fields that mean something for
it and says which wedge of the model it moves; the small classes here are what instruments share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from detente.errors import InputError, MeasureError, shortened
from detente.measures.fields import (
    Actors,
    Coverage,
    Day,
    Identifier,
    Names,
    Overlap,
    Rates,
    Stacking,
    Status,
    WrittenTable,
    refuse,
)
from detente.measures.rates import Amount, Rate, parse_date
from detente.measures.terms import Budget, Limit, Mirror, Rule, Surge

FINAL_USE = "final"

#: Ways of saying how much, with an example of each.
_WAYS = {
    "rate": 'rate = "+25 pp"',
    "budget": 'budget = { amount = "6.6 bn USD", years = 5 }',
    "limit": 'limit = { relation = "at most", change = "-20 %", of = "quantity" }',
}


class Instrument(WrittenTable):
    """What every measure says; use the instruments, such as :class:`Tariff`."""

    called: ClassVar[str] = "instrument"
    missing: ClassVar[Mapping[str, str]] = {
        "id": 'A short name, such as id = "301-ev".',
        "by": 'Say who acts, such as by = "USA".',
        "source": "Every number has a source: publication, date, page.",
    }
    hints: ClassVar[Mapping[str, str]] = {"kind": "See `detente list measures`."}

    #: What moves: a wedge ("tariff", "export_tax", "production_subsidy", "purchase_subsidy",
    #: "resource_cost") or "productivity", "labour", "transfer".
    moves: ClassVar[str] = ""
    #: +1 if a higher rate raises the wedge, −1 if it lowers it (an export subsidy).
    sign: ClassVar[int] = 1
    #: Who `by` is: "importer", "exporter", "producer" or "economy".
    side: ClassVar[str] = "importer"
    #: Whether purchases from home are hit too when `on` says "all".
    at_home: ClassVar[bool] = False
    #: Whether the world's baseline holds the level of this instrument.
    in_baseline: ClassVar[bool] = False
    #: Kinds of rate that make sense.
    rate_kinds: ClassVar[tuple[str, ...]] = ("level", "points", "relative")
    #: Words for `table()`.
    wedge: ClassVar[str] = ""
    payer: ClassVar[str] = ""
    base: ClassVar[str] = ""
    meaning: ClassVar[str] = ""

    id: Identifier = Field(default="", description="a short name, used by packages")
    title: str = Field(default="", description="a readable name")
    kind: str = Field(default="", description="the instrument")
    by: Actors = Field(description="who acts: an economy, several, or a group")
    from_: Day | None = Field(default=None, alias="from", description="first day")
    until: Day | None = Field(default=None, description="first day no longer in force")
    stacking: Stacking | None = Field(default=None, description="how it meets measures of its kind")
    authority: str = Field(default="", description="legal authority")
    status: Status = Field(default="hypothetical", description="how real it is")
    source: str = Field(
        default="", description="publication, date, page: where the numbers are from"
    )
    note: str = Field(default="", description="what a reader should know")

    # ---- what makes no sense -------------------------------------------------------------

    @model_validator(mode="after")
    def _check(self) -> Self:
        self.settle()
        refuse(*self.problems())
        return self

    def settle(self) -> None:
        """Fill in what one field says about another."""

    def problems(self) -> Iterator[MeasureError]:
        """What makes no sense for this instrument, each with the key that it is about."""
        if self.from_ and self.until and self.from_ >= self.until:
            yield MeasureError(
                f"it ends ({self.until}) before it starts ({self.from_}); `until` is the first "
                "day no longer in force.",
                "until",
            )

    @classmethod
    def place(cls, fields: Mapping[str, Any]) -> str:
        """How messages call a measure that is being made."""
        name = fields.get("id")
        if isinstance(name, str) and name:
            return f'measure "{shortened(name)}"'
        return kind_of(cls).replace("_", " ")

    @property
    def where(self) -> str:
        """How messages call this measure."""
        return self.place({"id": self.id})

    @classmethod
    def takes(cls) -> tuple[str, ...]:
        """The keys that this instrument takes beside those of every measure.

        Examples
        --------
        >>> from detente.measures import LabourChange
        >>> LabourChange.takes()
        ('rate',)
        """
        return tuple(sorted(key for key in cls.model_fields if key not in Instrument.model_fields))

    @classmethod
    def unknown_key(cls, key: str) -> InputError | None:
        """An error for a key that other instruments take; None for one that none takes."""
        if not any(key in other.model_fields for other in _descendants(Instrument)):
            return None
        return MeasureError(
            f'"{key}" means nothing for {kind_of(cls)}. Beside by, dates and source it takes '
            f"{', '.join(cls.takes())}."
        )

    # ---- questions that others ask -------------------------------------------------------

    @property
    def wedge_moved(self) -> str:
        """The wedge that this measure moves; a quota's depends on who holds the licence."""
        return self.moves

    def is_in_force(self, day: dt.date | None) -> bool:
        """Whether the measure applies on a day: from its first day until the day before `until`.

        Without a day every measure applies.
        """
        if day is None:
            return True
        day = parse_date(day, self.where)
        return (self.from_ is None or self.from_ <= day) and (
            self.until is None or day < self.until
        )

    @property
    def partners(self) -> tuple[str, ...]:
        """Those it is aimed at, as written; empty for an instrument that has none."""
        return ()

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rate, or the rates by sector in the order of `sectors`; empty without one."""
        return ()

    @property
    def found_by(self) -> Budget | Limit | None:
        """The budget or limit that a free rate must meet; None where no rate is free."""
        return None

    @property
    def mirror(self) -> Mirror | None:
        """The measure that its rate follows, if it follows one."""
        return None

    @property
    def surge(self) -> Surge | None:
        """The surge of imports that starts it, if it waits for one."""
        return None

    @property
    def amounts(self) -> Mapping[str, Amount]:
        """The amounts of money that it names, by key."""
        found = self.found_by
        if found is None or found.amount is None:
            return {}
        return {found.called: found.amount}


def kind_of(instrument: type[Instrument]) -> str:
    """The name that case files know an instrument by."""
    return str(instrument.model_fields["kind"].default)


def _descendants(of: type[Instrument]) -> Iterator[type[Instrument]]:
    for below in of.__subclasses__():
        yield below
        yield from _descendants(below)


# ---- which flows ------------------------------------------------------------------------------


class OnSectors(Instrument):
    """A measure on some sectors."""

    sectors: Names = Field(
        default=(), description='sector names, "all goods", "all services" or "all"'
    )


class OnFlows(OnSectors):
    """A measure on flows of some sectors, or on a covered share of them."""

    coverage: Coverage | None = Field(
        default=None, description="share of the flow that is hit, or one share per sector"
    )
    product_group: str | None = Field(
        default=None, description="a product group of the shipped table"
    )
    overlap: Overlap | None = Field(
        default=None, description="how covered lines relate to those of other measures"
    )

    def problems(self) -> Iterator[MeasureError]:
        """What makes no sense for this instrument, each with the key that it is about."""
        yield from super().problems()
        if not self.sectors and not self.product_group:
            yield MeasureError(
                'say which sectors are meant, such as sectors = ["motor_vehicles"] or "all goods".',
                "sectors",
            )
        yield from self.wrong_amount()

    def wrong_amount(self) -> Iterator[MeasureError]:
        """What is wrong with the ways in which it says how much."""
        possible = [way for way in _WAYS if way in type(self).model_fields]
        given = [way for way in possible if getattr(self, way) is not None]
        if len(given) > 1:
            yield MeasureError(f"give only one of {' and '.join(given)}.", given[1])
        if not given and self.mirror is None and self.stacking != "exempt":
            yield MeasureError(f"say how much: {' or '.join(_WAYS[way] for way in possible)}.")
        if given and self.stacking == "exempt":
            yield MeasureError(f'an exemption (stacking = "exempt") has no {given[0]}.', given[0])
        if self.stacking in ("cap", "exempt") and (self.mirror or self.surge):
            yield MeasureError(f'stacking = "{self.stacking}" cannot carry a rule.', "stacking")
        yield from self.wrong_rates()

    def wrong_rates(self) -> Iterator[MeasureError]:
        """What is wrong with its rates, given how it meets other measures."""
        levels = [r for r in self.rates if r.kind == "level"]
        if self.stacking == "cap" and not (levels and len(levels) == len(self.rates)):
            yield MeasureError(
                'a cap is a level, such as rate = "25 %"; it bounds what the measures of this '
                "instrument add up to.",
                "rate",
            )
        if self.stacking == "add" and levels and self.kind in ("tariff", "export_tax"):
            yield MeasureError(
                f'a level ("{levels[0]}") cannot be added to another. Write '
                f'"+{100 * levels[0].value:g} pp" to add points, or stacking = "replace".',
                "rate",
            )
        yield from self._impossible_levels()
        if self.mirror is not None and any(r.kind != "points" for r in self.rates):
            yield MeasureError(
                'what a mirroring measure adds on its own is in points, such as "+5 pp".', "rate"
            )

    def _impossible_levels(self) -> Iterator[MeasureError]:
        """A price must be left: subsidies stay below 100 %, charges above −100 %."""
        if self.moves == "resource_cost":
            return
        pays = self.sign < 0 or self.moves in ("production_subsidy", "purchase_subsidy")
        for rate in self.rates:
            if pays and rate.kind != "relative" and rate.value >= 1:
                yield MeasureError(
                    f'a subsidy of "{rate}" leaves no price. It must stay below 100 %; the rate '
                    "is a share of the price.",
                    "rate",
                )
            if not pays and rate.value <= -1:
                yield MeasureError(f'"{rate}" leaves no price to charge a duty on.', "rate")

    @property
    def users(self) -> tuple[str, ...] | None:
        """Whose purchases are hit: "final" or user sectors; None for everybody's."""
        return None

    def coverage_of(self, sector: str) -> float | None:
        """The share that the measure states for a sector; None if it states none."""
        if isinstance(self.coverage, Mapping):
            if sector not in self.coverage:
                raise MeasureError(
                    f"{self.where}: coverage is given by sector but not for {sector}.", "coverage"
                )
            return float(self.coverage[sector])
        return None if self.coverage is None else float(self.coverage)


class Bilateral(OnFlows):
    """A measure on flows between those who act and their partners."""

    on: Names = Field(default=(), description='the partners: economies, groups, "all others"')
    except_for: Names = Field(default=(), description="economies left out of `on`")
    use: Names | None = Field(default=None, description='"final", or the user sectors')

    def problems(self) -> Iterator[MeasureError]:
        """What makes no sense for this instrument, each with the key that it is about."""
        if not self.on:
            whom = "whose goods" if self.side == "importer" else "which buyers"
            yield MeasureError(
                f'say {whom} are meant, such as on = "CHN" or on = "all others".', "on"
            )
        yield from super().problems()

    @property
    def partners(self) -> tuple[str, ...]:
        """Those it is aimed at, as written."""
        return self.on

    @property
    def users(self) -> tuple[str, ...] | None:
        """Whose purchases are hit: "final" or user sectors; None for everybody's."""
        return self.use


# ---- how much ---------------------------------------------------------------------------------


class Rated(OnSectors):
    """A measure with a rate, or with one rate per sector."""

    rate: Rates | None = Field(
        default=None, description='"25 %", "+10 pp" or "+10 %"; or one rate per sector'
    )

    @field_validator("rate")
    @classmethod
    def _known_kind(cls, rate: Rate | dict[str, Rate] | None) -> Rate | dict[str, Rate] | None:
        by_key = rate if isinstance(rate, dict) else {} if rate is None else {"": rate}
        refuse(
            *(
                MeasureError(rate_help(cls, each), key)
                for key, each in by_key.items()
                if each.kind not in cls.rate_kinds
            )
        )
        return rate

    def settle(self) -> None:
        """One rate per sector says which sectors are meant."""
        if isinstance(self.rate, dict) and not self.sectors:
            # Not through pydantic: a case file that leaves `sectors` out is written without it.
            self.__dict__["sectors"] = tuple(self.rate)

    def problems(self) -> Iterator[MeasureError]:
        """What makes no sense for this instrument, each with the key that it is about."""
        yield from super().problems()
        if isinstance(self.rate, dict) and set(self.sectors) != set(self.rate):
            yield MeasureError(
                "sectors and the table of rates name different sectors; leave `sectors` out, since "
                "the table says which are meant.",
                "sectors",
            )

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rate, or the rates by sector in the order of `sectors`; empty without one."""
        if isinstance(self.rate, dict):
            return tuple(self.rate.values())
        return () if self.rate is None else (self.rate,)


def rate_help(instrument: type[Instrument], rate: Rate) -> str:
    """What to write instead of a kind of rate that means nothing for an instrument."""
    number, kind = f"{100 * abs(rate.value):g}", kind_of(instrument).replace("_", " ")
    if rate.kind == "relative":
        return (
            f'the baseline holds no {kind} that "{rate}" could raise; write "+{number} pp" to add '
            f'points or "{number} %" for the level.'
        )
    return f'a {kind} is a change: write "+{number} %" or "-{number} %".'


class Budgeted(Instrument):
    """A measure whose rate may be found from what it costs."""

    budget: Budget | None = Field(
        default=None, description="an amount over a number of years; the rate is found"
    )

    @property
    def found_by(self) -> Budget | Limit | None:
        """The budget that a free rate must meet, if there is one."""
        return self.budget


class Triggered(Instrument):
    """A measure that may wait for a surge of imports."""

    rule: Surge | None = Field(default=None, description="wait for a surge of imports")

    @property
    def surge(self) -> Surge | None:
        """The surge of imports that starts it, if it waits for one."""
        return self.rule


class Ruled(Instrument):
    """A measure that may follow another one, or wait for a surge of imports."""

    rule: Rule | None = Field(
        default=None, description="mirror another measure, or wait for a surge of imports"
    )

    @property
    def mirror(self) -> Mirror | None:
        """The measure that its rate follows, if it follows one."""
        return self.rule if isinstance(self.rule, Mirror) else None

    @property
    def surge(self) -> Surge | None:
        """The surge of imports that starts it, if it waits for one."""
        return self.rule if isinstance(self.rule, Surge) else None


class Charge(Bilateral, Rated, Ruled):
    """A charge on flows that has a rate and may follow another one."""
