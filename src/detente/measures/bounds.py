"""Which bounds can be set on trade itself, and who earns the rent?

The engine finds the shadow wedge that holds the bound. The holder of the licence earns it: like a
duty if the importer holds it, like an export tax if the exporter does; a purchase commitment is
held by a subsidy that the buyer's government pays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detente.errors import MeasureError
from detente.measures.base import FLOW_FIELDS, Measure

_TAKES = FLOW_FIELDS | {"limit"}


@dataclass(frozen=True, kw_only=True)
class _Bound(Measure):
    takes: ClassVar[frozenset[str]] = _TAKES
    relation: ClassVar[str] = "at most"
    licence: ClassVar[str | None] = "importer"

    def _check(self, where: str) -> None:
        self._need_flows(where)
        self._need_amount(where)
        if self.stacking in ("cap", "exempt", "replace"):
            raise MeasureError(
                f'{where}: stacking = "{self.stacking}" means nothing for a bound; bounds on the '
                'same flow each hold (stacking = "add").'
            )
        if self.limit.relation != self.relation:
            raise MeasureError(
                f'{where}: the limit of a {self.kind.replace("_", " ")} is "{self.relation}", not '
                f'"{self.limit.relation}".'
            )
        if self.licence is None and self.limit.licence is not None:
            raise MeasureError(f"{where}: a purchase commitment has no licence and no rent.")

    @property
    def wedge_moved(self) -> str:
        """The wedge that holds the bound."""
        holder = self.limit.licence or self.licence
        return {"importer": "tariff", "exporter": "export_tax"}.get(str(holder), self.moves)


@dataclass(frozen=True, kw_only=True)
class Quota(_Bound):
    """An import quota of `by` on goods from `on`; the importer holds the licences unless said.

    Examples
    --------
    >>> quota = Quota(by="USA", on="CHN", sectors="textiles",
    ...               limit={"relation": "at most", "change": "-20 %", "of": "quantity"})
    >>> quota.wedge_moved
    'tariff'
    """

    kind: ClassVar[str] = "quota"
    moves: ClassVar[str] = "tariff"
    wedge: ClassVar[str] = "t (importer's licence) or e (exporter's licence)"
    payer: ClassVar[str] = "the holder of the licence earns the rent"
    base: ClassVar[str] = "as a duty, or as an export tax"
    meaning: ClassVar[str] = "import quota of `by` on goods from `on`"


@dataclass(frozen=True, kw_only=True)
class VoluntaryRestraint(_Bound):
    """A voluntary export restraint: `by` sells at most so much to `on` and earns the rent.

    Examples
    --------
    >>> limit = {"relation": "at most", "change": "-30 %", "of": "quantity"}
    >>> VoluntaryRestraint(by="CHN", on="EU27", sectors="motor_vehicles", limit=limit).wedge_moved
    'export_tax'
    """

    kind: ClassVar[str] = "voluntary_restraint"
    moves: ClassVar[str] = "export_tax"
    side: ClassVar[str] = "exporter"
    licence: ClassVar[str | None] = "exporter"
    wedge: ClassVar[str] = "e (exporter's licence) or t (importer's licence)"
    payer: ClassVar[str] = "the holder of the licence earns the rent"
    base: ClassVar[str] = "as an export tax, or as a duty"
    meaning: ClassVar[str] = "`by` limits its own sales to `on`"


@dataclass(frozen=True, kw_only=True)
class PurchaseCommitment(_Bound):
    """A promise of `by` to buy at least so much from `on`, kept with a subsidy to its buyers.

    Examples
    --------
    >>> limit = {"relation": "at least", "amount": "40 bn USD", "of": "value"}
    >>> PurchaseCommitment(by="CHN", on="USA", sectors="agriculture", limit=limit).wedge_moved
    'purchase_subsidy'
    """

    kind: ClassVar[str] = "purchase_commitment"
    moves: ClassVar[str] = "purchase_subsidy"
    relation: ClassVar[str] = "at least"
    licence: ClassVar[str | None] = None
    wedge: ClassVar[str] = "b, purchase subsidy"
    payer: ClassVar[str] = "the buyer's government pays"
    base: ClassVar[str] = "b·(1 + t)(1 + e)(1 − s)V: the price after duty"
    meaning: ClassVar[str] = "`by` promises to buy at least so much from `on`"
