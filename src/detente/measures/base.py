"""What do all measures have in common? Who acts on whom, on what, how much, when, and why.

A measure is a frozen value. Its class (one per instrument) says which wedge of the model it
moves, who `by` and `on` are, and which ways of saying "how much" it understands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from detente.errors import MeasureError, UnknownNameError
from detente.measures.rates import Rate, parse_date, parse_rate, parse_share
from detente.measures.terms import Budget, Limit, Mirror, Surge, read_rule

STACKINGS = ("add", "replace", "cap", "exempt")
STATUSES = ("in force", "announced", "proposed", "hypothetical")
FINAL_USE = "final"

#: Fields that any measure understands.
COMMON_FIELDS = frozenset(
    {"by", "id", "title", "from_", "until", "authority", "status", "source", "note"}
)
#: Fields of measures that hit flows.
FLOW_FIELDS = frozenset(
    {"on", "except_for", "sectors", "coverage", "product_group", "overlap", "use", "stacking"}
)


def names(value: object, field: str, where: str) -> tuple[str, ...]:
    """One name or several, as a tuple."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, Sequence) or not all(isinstance(v, str) and v for v in value):
        raise MeasureError(f"{where}: {field} is a name or a list of names; got {value!r}.")
    twice = [v for i, v in enumerate(value) if v in value[:i]]
    if twice:
        raise MeasureError(f'{where}: {field} names "{twice[0]}" twice.')
    return tuple(value)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Base of every instrument; use the instruments, such as :class:`Tariff`.

    Parameters
    ----------
    by
        Who acts: an economy, a list, or a group such as "EU27".
    on
        The partners it is aimed at: economies, groups, "all others" (everyone but `by`).
    except_for
        Economies left out of `on`.
    sectors
        Sector names, "all goods", "all services" or "all".
    rate
        "25 %" (the level), "+10 pp" (points added), "+10 %" (the level raised by a tenth); or one
        rate per sector, whose names then need no `sectors`.
    budget
        ``{"amount": "6.6 bn USD", "years": 5}``: the rate is found that costs as much a year.
    limit
        ``{"relation": "at most", "change": "-20 %", "of": "quantity"}``.
    coverage
        Share of each flow that is hit, at purchaser prices: "27 %", or one share per sector.
    product_group
        A product group of the shipped table; its share of the sector's imports is the coverage,
        and measures on the same group are known to hit the same lines.
    overlap
        How the covered lines relate to those of other measures on the same flow:
        "same-lines:NAME", "nested", "disjoint" or "independent" (the default).
    use
        "final", or the user sectors whose purchases are hit; everything by default.
    stacking
        How it meets other measures of the same instrument: "add", "replace", "cap", "exempt".
    from_, until
        First day, and first day no longer in force.
    authority, status, source, note, id, title
        Legal authority; "in force", "announced", "proposed" or "hypothetical"; where the
        numbers are from; anything else; a short name; a readable name.
    rule
        ``{"kind": "mirror", "of": "id"}`` or ``{"kind": "surge", "threshold": "+20 %"}``.
    """

    kind: ClassVar[str] = ""
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
    #: Fields beyond the common ones.
    takes: ClassVar[frozenset[str]] = FLOW_FIELDS | {"rate", "rule"}
    #: Words for `table()`.
    wedge: ClassVar[str] = ""
    payer: ClassVar[str] = ""
    base: ClassVar[str] = ""
    meaning: ClassVar[str] = ""

    by: Any
    on: Any = ()
    except_for: Any = ()
    sectors: Any = ()
    rate: Any = None
    budget: Any = None
    limit: Any = None
    coverage: Any = None
    product_group: str | None = None
    overlap: str | None = None
    use: Any = None
    stacking: str | None = None
    from_: Any = None
    until: Any = None
    authority: str = ""
    status: str = "hypothetical"
    source: str = ""
    note: str = ""
    rule: Any = None
    id: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        where = self.where
        self._refuse_foreign_fields(where)
        put = object.__setattr__
        for key in ("by", "on", "except_for", "sectors"):
            put(self, key, names(getattr(self, key), key.removesuffix("_for"), where))
        if not self.by:
            raise MeasureError(f'{where}: say who acts, such as by = "USA".')
        if isinstance(self.rate, Mapping):
            put(self, "rate", self._read_rates(where))
            put(self, "sectors", self.sectors or tuple(self.rate))
        elif self.rate is not None:
            put(self, "rate", self._read_rate(self.rate, f"{where}, rate"))
        if self.budget is not None:
            put(self, "budget", Budget.read(self.budget, where))
        if self.limit is not None:
            put(self, "limit", Limit.read(self.limit, where))
        if self.rule is not None:
            put(self, "rule", read_rule(self.rule, where))
        if self.coverage is not None:
            put(self, "coverage", read_coverage(self.coverage, f"{where}, coverage"))
        if self.use is not None:
            put(self, "use", names(self.use, "use", where))
        for key in ("from_", "until"):
            if getattr(self, key) is not None:
                put(self, key, parse_date(getattr(self, key), f"{where}, {key.rstrip('_')}"))
        if self.from_ and self.until and self.from_ >= self.until:
            raise MeasureError(
                f"{where}: it ends ({self.until}) before it starts ({self.from_}); `until` is the "
                "first day no longer in force."
            )
        if self.stacking is not None and self.stacking not in STACKINGS:
            raise UnknownNameError("stacking", str(self.stacking), STACKINGS, where=where)
        if self.status not in STATUSES:
            raise UnknownNameError("status", str(self.status), STATUSES, where=where)
        if self.overlap is not None:
            check_overlap(self.overlap, where)
        self._check(where)

    # ---- what subclasses refine ----------------------------------------------------------

    def _read_rates(self, where: str) -> dict[str, Rate]:
        """One rate per sector, for just the sectors that are named."""
        if "sectors" not in self.takes:
            raise MeasureError(f"{where}: a rate by sector means nothing for {self.kind}.")
        if not self.rate:
            raise MeasureError(f"{where}, rate: the table is empty.")
        rates = {str(s): self._read_rate(r, f"{where}, rate.{s}") for s, r in self.rate.items()}
        if self.sectors and set(self.sectors) != set(rates):
            raise MeasureError(
                f"{where}: sectors and the table of rates name different sectors; leave `sectors` "
                "out, since the table says which are meant."
            )
        return rates

    def _read_rate(self, value: object, where: str) -> Any:
        rate = parse_rate(value, where)
        if rate.kind not in self.rate_kinds:
            raise MeasureError(f"{where}: {self._rate_help(rate)}")
        return rate

    def _rate_help(self, rate: Rate) -> str:
        number = f"{100 * abs(rate.value):g}"
        if rate.kind == "relative":
            return (
                f'the baseline holds no {self.kind.replace("_", " ")} that "{rate}" could raise; '
                f'write "+{number} pp" to add points or "{number} %" for the level.'
            )
        return f'a {self.kind.replace("_", " ")} is a change: write "+{number} %" or "-{number} %".'

    def _check(self, where: str) -> None:
        """Refuse what makes no sense for this instrument."""
        self._need_flows(where)
        self._need_amount(where)

    # ---- shared checks -------------------------------------------------------------------

    @property
    def where(self) -> str:
        """How messages call this measure."""
        return f'measure "{self.id}"' if self.id else self.kind.replace("_", " ")

    @property
    def wedge_moved(self) -> str:
        """The wedge that this measure moves; a quota's depends on who holds the licence."""
        return self.moves

    def _refuse_foreign_fields(self, where: str) -> None:
        allowed = COMMON_FIELDS | self.takes
        for field in fields(self):
            if field.name in allowed:
                continue
            value = getattr(self, field.name)
            if value not in (None, (), "", field.default):
                shown = sorted(f.rstrip("_") for f in self.takes)
                raise MeasureError(
                    f'{where}: "{field.name.rstrip("_")}" means nothing for {self.kind}. Beside '
                    f"by, dates and source it takes {', '.join(shown)}."
                )

    def _need_flows(self, where: str) -> None:
        if not self.on and self.side in ("importer", "exporter"):
            whom = "whose goods" if self.side == "importer" else "which buyers"
            raise MeasureError(
                f'{where}: say {whom} are meant, such as on = "CHN" or on = "all others".'
            )
        if not self.sectors and not self.product_group:
            raise MeasureError(
                f'{where}: say which sectors are meant, such as sectors = ["motor_vehicles"] or '
                '"all goods".'
            )

    def _need_amount(self, where: str) -> None:
        ways = [w for w in ("rate", "budget", "limit") if getattr(self, w) is not None]
        possible = [w for w in ("rate", "budget", "limit") if w in self.takes]
        if len(ways) > 1:
            raise MeasureError(f"{where}: give only one of {' and '.join(ways)}.")
        if not ways and not isinstance(self.rule, Mirror) and self.stacking != "exempt":
            examples = {
                "rate": 'rate = "+25 pp"',
                "budget": 'budget = { amount = "6.6 bn USD", years = 5 }',
                "limit": 'limit = { relation = "at most", change = "-20 %", of = "quantity" }',
            }
            raise MeasureError(
                f"{where}: say how much: {' or '.join(examples[w] for w in possible)}."
            )
        if ways and self.stacking == "exempt":
            raise MeasureError(f'{where}: an exemption (stacking = "exempt") has no {ways[0]}.')
        if self.stacking in ("cap", "exempt") and self.rule is not None:
            raise MeasureError(f'{where}: stacking = "{self.stacking}" cannot carry a rule.')
        levels = [r for r in self.rates if r.kind == "level"]
        if self.stacking == "cap" and not (levels and len(levels) == len(self.rates)):
            raise MeasureError(
                f'{where}: a cap is a level, such as rate = "25 %"; it bounds what the measures of '
                "this instrument add up to."
            )
        if self.stacking == "add" and levels and self.kind in ("tariff", "export_tax"):
            raise MeasureError(
                f'{where}: a level ("{levels[0]}") cannot be added to another. Write '
                f'"+{100 * levels[0].value:g} pp" to add points, or stacking = "replace".'
            )
        self._refuse_impossible_level(where)
        if isinstance(self.rule, Mirror) and any(r.kind != "points" for r in self.rates):
            raise MeasureError(
                f'{where}: what a mirroring measure adds on its own is in points, such as "+5 pp".'
            )

    def _refuse_impossible_level(self, where: str) -> None:
        """A price must be left: subsidies stay below 100 %, charges above −100 %."""
        if self.moves == "resource_cost":
            return
        pays = self.sign < 0 or self.moves in ("production_subsidy", "purchase_subsidy")
        for rate in self.rates:
            if pays and rate.kind != "relative" and rate.value >= 1:
                raise MeasureError(
                    f'{where}: a subsidy of "{rate}" leaves no price. It must stay below 100 %; '
                    "the rate is a share of the price."
                )
            if not pays and rate.value <= -1:
                raise MeasureError(f'{where}: "{rate}" leaves no price to charge a duty on.')

    # ---- questions that others ask -------------------------------------------------------

    def is_in_force(self, day: dt.date | None) -> bool:
        """Whether the measure applies on a day: from its first day until the day before `until`.

        Without a day every measure applies.
        """
        if day is None:
            return True
        return (self.from_ is None or self.from_ <= day) and (
            self.until is None or day < self.until
        )

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rate, or the rates by sector in the order of `sectors`; empty without one."""
        if isinstance(self.rate, Mapping):
            return tuple(self.rate.values())
        return () if self.rate is None else (self.rate,)

    @property
    def has_free_rate(self) -> bool:
        """Whether the rate is found in equilibrium (a budget or a limit)."""
        return self.budget is not None or self.limit is not None

    @property
    def has_trigger(self) -> bool:
        """Whether it starts only after an import surge."""
        return isinstance(self.rule, Surge)

    def coverage_of(self, sector: str) -> float | None:
        """The share that the measure states for a sector; None if it states none."""
        if isinstance(self.coverage, Mapping):
            if sector not in self.coverage:
                raise MeasureError(
                    f"{self.where}: coverage is given by sector but not for {sector}."
                )
            return float(self.coverage[sector])
        return None if self.coverage is None else float(self.coverage)


def read_coverage(value: object, where: str) -> float | dict[str, float]:
    """A share, or one share per sector."""
    if isinstance(value, Mapping):
        if not value:
            raise MeasureError(f"{where}: the table is empty.")
        return {str(k): parse_share(v, f"{where}.{k}") for k, v in value.items()}
    return parse_share(value, where)


def check_overlap(text: object, where: str) -> None:
    """Refuse a word that does not say how covered lines relate."""
    choices = ("same-lines:NAME", "nested", "disjoint", "independent")
    if not isinstance(text, str) or not (
        text in choices[1:] or (text.startswith("same-lines:") and text != "same-lines:")
    ):
        raise UnknownNameError("overlap", str(text), choices, where=where)
