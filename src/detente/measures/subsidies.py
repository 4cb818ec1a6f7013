"""What can a government pay for? Production at home, purchases, purchases by origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from detente.errors import MeasureError, UnknownNameError
from detente.measures.base import FLOW_FIELDS, Measure, names, read_coverage
from detente.measures.rates import Rate, parse_rate

_PURCHASES = "b·(1 + t)(1 + e)(1 − s)V: the price after duty"


@dataclass(frozen=True, kw_only=True)
class ProductionSubsidy(Measure):
    """Grants, cheap credit, cheap land: `by` pays a share of its own producers' sales.

    It covers sales to everyone, at home and abroad; `coverage` is the share of the sector's sales
    that is subsidised.

    Examples
    --------
    >>> grant = ProductionSubsidy(by="USA", sectors="electronics",
    ...                           budget={"amount": "6.6 bn USD", "years": 5})
    >>> grant.has_free_rate
    True
    """

    kind: ClassVar[str] = "production_subsidy"
    moves: ClassVar[str] = "production_subsidy"
    side: ClassVar[str] = "producer"
    at_home: ClassVar[bool] = True
    in_baseline: ClassVar[bool] = True
    takes: ClassVar[frozenset[str]] = (FLOW_FIELDS - {"on", "except_for", "use"}) | {
        "rate",
        "budget",
        "rule",
    }
    wedge: ClassVar[str] = "s, production subsidy"
    payer: ClassVar[str] = "the producer's government pays"
    base: ClassVar[str] = "s·V: all sales at the factory gate"
    meaning: ClassVar[str] = "grant, cheap credit or cheap land for the producers of `by`"


@dataclass(frozen=True, kw_only=True)
class PurchaseSubsidy(Measure):
    """A subsidy of `by` to its buyers, for goods from `on`; "all" includes home.

    Examples
    --------
    >>> PurchaseSubsidy(by="USA", on="all", sectors="motor_vehicles", use="final",
    ...                 coverage="8 %", rate="+12 pp").at_home
    True
    """

    kind: ClassVar[str] = "purchase_subsidy"
    moves: ClassVar[str] = "purchase_subsidy"
    at_home: ClassVar[bool] = True
    in_baseline: ClassVar[bool] = True
    takes: ClassVar[frozenset[str]] = FLOW_FIELDS | {"rate", "budget", "rule"}
    wedge: ClassVar[str] = "b, purchase subsidy"
    payer: ClassVar[str] = "the buyer's government pays"
    base: ClassVar[str] = _PURCHASES
    meaning: ClassVar[str] = "subsidy of `by` to those who buy from `on`"


@dataclass(frozen=True)
class BarredInputs:
    """Components that disqualify a product: makers of credited goods stop using them.

    Attributes
    ----------
    sectors
        Sectors of the components.
    coverage, product_group
        Share of those sectors' flows that consists of the components.
    rate
        None closes the part (makers do without); "+30 %" is a resource cost instead.
    """

    sectors: tuple[str, ...]
    coverage: Any = None
    product_group: str | None = None
    rate: Rate | None = None

    @classmethod
    def read(cls, value: object, where: str) -> BarredInputs:
        """From ``{ sectors = ["electrical_equipment"], coverage = "27 %" }``."""
        if isinstance(value, BarredInputs):
            return value
        keys = ("sectors", "coverage", "product_group", "rate")
        if not isinstance(value, Mapping) or not ("sectors" in value or "product_group" in value):
            raise MeasureError(
                f'{where}: barred inputs are written {{ sectors = ["electrical_equipment"], '
                f'product_group = "lithium-ion batteries" }}; got {value!r}.'
            )
        for key in value:
            if key not in keys:
                raise UnknownNameError("key of inputs", str(key), keys, where=where)
        rate = value.get("rate")
        if rate is not None:
            rate = parse_rate(rate, f"{where}, inputs.rate")
            if rate.kind != "relative" or rate.value <= 0:
                raise MeasureError(
                    f'{where}: inputs.rate is a rise of cost such as "+30 %"; leave it out to bar '
                    "the components altogether."
                )
        coverage = value.get("coverage")
        return cls(
            names(value.get("sectors"), "inputs.sectors", where),
            None if coverage is None else read_coverage(coverage, f"{where}, inputs.coverage"),
            value.get("product_group"),
            rate,
        )


@dataclass(frozen=True, kw_only=True)
class ContentRule(Measure):
    """A purchase credit that goods from some origins, or with their components, do not get.

    The covered purchases by `by` from eligible origins get the credit (`rate`); goods from `on`,
    the barred origins, get none: neither this one nor a purchase subsidy of the baseline or of
    another measure. With `inputs` the bar works through components: the makers of the credited
    goods in `by` stop buying the covered components from `on`. What they buy is the part of the
    flow that goes to them as users.

    Parameters
    ----------
    on
        Barred origins.
    eligible
        Origins that get the credit; everyone else, home included, when left out.
    inputs
        ``{"sectors": ["electrical_equipment"], "product_group": "lithium-ion batteries"}``, see
        :class:`BarredInputs`.

    Examples
    --------
    >>> rule = ContentRule(by="USA", on="CHN", sectors="motor_vehicles", use="final",
    ...                    coverage="8 %", rate="+12 pp", eligible=["USA", "CAN", "MEX"],
    ...                    inputs={"product_group": "lithium-ion batteries"})
    >>> rule.inputs.product_group
    'lithium-ion batteries'
    """

    kind: ClassVar[str] = "content_rule"
    moves: ClassVar[str] = "purchase_subsidy"
    at_home: ClassVar[bool] = True
    in_baseline: ClassVar[bool] = True
    takes: ClassVar[frozenset[str]] = FLOW_FIELDS | {"rate", "budget", "eligible", "inputs"}
    wedge: ClassVar[str] = "b, by origin; δ = ∞ on barred components"
    payer: ClassVar[str] = "the buyer's government pays; nobody earns the bar"
    base: ClassVar[str] = _PURCHASES
    meaning: ClassVar[str] = "purchase credit denied to goods from `on` or with their components"

    eligible: Any = field(default=())
    inputs: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "eligible", names(self.eligible, "eligible", self.where))
        if self.inputs is not None:
            object.__setattr__(self, "inputs", BarredInputs.read(self.inputs, self.where))
        super().__post_init__()

    def _check(self, where: str) -> None:
        self._need_flows(where)
        if self.rate is None and self.budget is None and self.inputs is None:
            self._need_amount(where)
        if self.rate is not None and self.budget is not None:
            raise MeasureError(f"{where}: give only one of rate and budget.")
        if self.stacking in ("cap", "exempt"):
            raise MeasureError(f'{where}: stacking = "{self.stacking}" means nothing here.')
