"""Which bounds can be set on trade itself, and who earns the rent?

The engine finds the shadow wedge that holds the bound. The holder of the licence earns it: like a
duty if the importer holds it, like an export tax if the exporter does; a purchase commitment is
held by a subsidy that the buyer's government pays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from detente.errors import MeasureError
from detente.measures.base import Bilateral, Instrument
from detente.measures.terms import Budget, Limit


class Bound(Bilateral):
    """What bounds share: a limit on trade, and a holder of the licence."""

    hints: ClassVar[Mapping[str, str]] = {
        **Instrument.hints,
        "stacking": 'Bounds on the same flow each hold (stacking = "add").',
    }
    relation: ClassVar[str] = "at most"
    holder: ClassVar[str | None] = "importer"

    limit: Limit | None = Field(default=None, description="a bound on trade; the wedge is found")
    stacking: Literal["add"] | None = Field(
        default=None, description="how it meets measures of its kind"
    )

    def wrong_amount(self) -> Iterator[MeasureError]:
        """What is wrong with the limit."""
        yield from super().wrong_amount()
        if self.limit is None:
            return
        if self.limit.relation != self.relation:
            yield MeasureError(
                f'the limit of a {self.kind.replace("_", " ")} is "{self.relation}", not '
                f'"{self.limit.relation}".',
                "limit",
            )
        if self.holder is None and self.limit.licence is not None:
            yield MeasureError("a purchase commitment has no licence and no rent.", "limit")

    @property
    def found_by(self) -> Budget | Limit | None:
        """The limit that a free rate must meet."""
        return self.limit

    @property
    def wedge_moved(self) -> str:
        """The wedge that holds the bound."""
        licence = None if self.limit is None else self.limit.licence
        holder = licence or self.holder
        return {"importer": "tariff", "exporter": "export_tax"}.get(str(holder), self.moves)


class Quota(Bound):
    """An import quota of `by` on goods from `on`; the importer holds the licences unless said.

    Examples
    --------
    >>> quota = Quota(by="USA", on="CHN", sectors="textiles",
    ...               limit={"relation": "at most", "change": "-20 %", "of": "quantity"})
    >>> quota.wedge_moved
    'tariff'
    """

    kind: Literal["quota"] = "quota"
    moves: ClassVar[str] = "tariff"
    wedge: ClassVar[str] = "t (importer's licence) or e (exporter's licence)"
    payer: ClassVar[str] = "the holder of the licence earns the rent"
    base: ClassVar[str] = "as a duty, or as an export tax"
    meaning: ClassVar[str] = "import quota of `by` on goods from `on`"


class VoluntaryRestraint(Bound):
    """A voluntary export restraint: `by` sells at most so much to `on` and earns the rent.

    Examples
    --------
    >>> limit = {"relation": "at most", "change": "-30 %", "of": "quantity"}
    >>> VoluntaryRestraint(by="CHN", on="EU27", sectors="motor_vehicles", limit=limit).wedge_moved
    'export_tax'
    """

    kind: Literal["voluntary_restraint"] = "voluntary_restraint"
    moves: ClassVar[str] = "export_tax"
    side: ClassVar[str] = "exporter"
    holder: ClassVar[str | None] = "exporter"
    wedge: ClassVar[str] = "e (exporter's licence) or t (importer's licence)"
    payer: ClassVar[str] = "the holder of the licence earns the rent"
    base: ClassVar[str] = "as an export tax, or as a duty"
    meaning: ClassVar[str] = "`by` limits its own sales to `on`"


class PurchaseCommitment(Bound):
    """A promise of `by` to buy at least so much from `on`, kept with a subsidy to its buyers.

    Examples
    --------
    >>> limit = {"relation": "at least", "amount": "40 bn USD", "of": "value"}
    >>> PurchaseCommitment(by="CHN", on="USA", sectors="agriculture", limit=limit).wedge_moved
    'purchase_subsidy'
    """

    kind: Literal["purchase_commitment"] = "purchase_commitment"
    moves: ClassVar[str] = "purchase_subsidy"
    relation: ClassVar[str] = "at least"
    holder: ClassVar[str | None] = None
    wedge: ClassVar[str] = "b, purchase subsidy"
    payer: ClassVar[str] = "the buyer's government pays"
    base: ClassVar[str] = "b·(1 + t)(1 + e)(1 − s)V: the price after duty"
    meaning: ClassVar[str] = "`by` promises to buy at least so much from `on`"
