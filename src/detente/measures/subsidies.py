"""What can a government pay for? Production at home, purchases, purchases by origin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from detente.errors import MeasureError
from detente.measures.base import Bilateral, Budgeted, OnFlows, Rated, Ruled
from detente.measures.fields import Coverage, Names, OneRate, WrittenTable, refuse

_PURCHASES = "b·(1 + t)(1 + e)(1 − s)V: the price after duty"


class ProductionSubsidy(OnFlows, Rated, Budgeted, Ruled):
    """Grants, cheap credit, cheap land: `by` pays a share of its own producers' sales.

    It covers sales to everyone, at home and abroad; `coverage` is the share of the sector's sales
    that is subsidised.

    Examples
    --------
    >>> grant = ProductionSubsidy(by="USA", sectors="electronics",
    ...                           budget={"amount": "6.6 bn USD", "years": 5})
    >>> grant.found_by.years
    5.0
    """

    kind: Literal["production_subsidy"] = "production_subsidy"
    moves: ClassVar[str] = "production_subsidy"
    side: ClassVar[str] = "producer"
    at_home: ClassVar[bool] = True
    in_baseline: ClassVar[bool] = True
    wedge: ClassVar[str] = "s, production subsidy"
    payer: ClassVar[str] = "the producer's government pays"
    base: ClassVar[str] = "s·V: all sales at the factory gate"
    meaning: ClassVar[str] = "grant, cheap credit or cheap land for the producers of `by`"


class PurchaseSubsidy(Bilateral, Rated, Budgeted, Ruled):
    """A subsidy of `by` to its buyers, for goods from `on`; "all" includes home.

    Examples
    --------
    >>> PurchaseSubsidy(by="USA", on="all", sectors="motor_vehicles", use="final",
    ...                 coverage="8 %", rate="+12 pp").at_home
    True
    """

    kind: Literal["purchase_subsidy"] = "purchase_subsidy"
    moves: ClassVar[str] = "purchase_subsidy"
    at_home: ClassVar[bool] = True
    in_baseline: ClassVar[bool] = True
    wedge: ClassVar[str] = "b, purchase subsidy"
    payer: ClassVar[str] = "the buyer's government pays"
    base: ClassVar[str] = _PURCHASES
    meaning: ClassVar[str] = "subsidy of `by` to those who buy from `on`"


class BarredInputs(WrittenTable):
    """Components that disqualify a product: makers of credited goods stop using them.

    Examples
    --------
    >>> BarredInputs(product_group="lithium-ion batteries").sectors
    ()
    """

    called: ClassVar[str] = "inputs"
    written: ClassVar[str] = (
        '{ sectors = ["electrical_equipment"], product_group = "lithium-ion batteries" }'
    )

    sectors: Names = Field(default=(), description="sectors of the components")
    coverage: Coverage | None = Field(
        default=None, description="share of those sectors' flows that consists of the components"
    )
    product_group: str | None = Field(
        default=None, description="or a product group of the shipped table"
    )
    rate: OneRate | None = Field(
        default=None,
        description='a rise of cost such as "+30 %"; without it makers do without the components',
    )

    @model_validator(mode="after")
    def _check(self) -> BarredInputs:
        if not (self.sectors or self.product_group):
            refuse(MeasureError(f"barred inputs are written {self.written}."))
        if self.rate is not None and (self.rate.kind != "relative" or self.rate.value <= 0):
            refuse(
                MeasureError(
                    'a rise of cost is meant, such as "+30 %"; leave it out to bar the components '
                    "altogether.",
                    "rate",
                )
            )
        return self


class ContentRule(Bilateral, Rated, Budgeted):
    """A purchase credit that goods from some origins, or with their components, do not get.

    The covered purchases by `by` from eligible origins get the credit (`rate`); goods from `on`,
    the barred origins, get none: neither this one nor a purchase subsidy of the baseline or of
    another measure. With `inputs` the bar works through components: the makers of the credited
    goods in `by` stop buying the covered components from `on`. What they buy is the part of the
    flow that goes to them as users.

    Origins that get the credit are `eligible`: everyone but the barred ones, home included, where
    that is left out.

    Examples
    --------
    >>> rule = ContentRule(by="USA", on="CHN", sectors="motor_vehicles", use="final",
    ...                    coverage="8 %", rate="+12 pp", eligible=["USA", "CAN", "MEX"],
    ...                    inputs={"product_group": "lithium-ion batteries"})
    >>> rule.inputs.product_group
    'lithium-ion batteries'
    """

    kind: Literal["content_rule"] = "content_rule"
    moves: ClassVar[str] = "purchase_subsidy"
    at_home: ClassVar[bool] = True
    in_baseline: ClassVar[bool] = True
    wedge: ClassVar[str] = "b, by origin; δ = ∞ on barred components"
    payer: ClassVar[str] = "the buyer's government pays; nobody earns the bar"
    base: ClassVar[str] = _PURCHASES
    meaning: ClassVar[str] = "purchase credit denied to goods from `on` or with their components"

    eligible: Names = Field(
        default=(), description="origins that get the credit; everyone but `on` where left out"
    )
    inputs: BarredInputs | None = Field(
        default=None, description="components that disqualify a product"
    )
    stacking: Literal["add", "replace"] | None = Field(
        default=None, description="how it meets measures of its kind"
    )

    def wrong_amount(self) -> Iterator[MeasureError]:
        """What is wrong with the ways in which it says how much; a bar on inputs needs none."""
        if self.inputs is None or self.rate is not None or self.budget is not None:
            yield from super().wrong_amount()
