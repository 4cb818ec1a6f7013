"""What can a government forbid or make harder? Bans, export controls and red tape.

They raise the resource cost :math:`\\delta_{nij}`, which nobody earns; a ban is an infinite one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detente.errors import MeasureError
from detente.measures.base import FLOW_FIELDS, Measure
from detente.measures.rates import Rate

_NOBODY = "nobody: the cost is used up"


@dataclass(frozen=True, kw_only=True)
class _Ban(Measure):
    moves: ClassVar[str] = "resource_cost"
    takes: ClassVar[frozenset[str]] = FLOW_FIELDS | {"rule"}
    wedge: ClassVar[str] = "δ = ∞, closed"
    payer: ClassVar[str] = _NOBODY
    base: ClassVar[str] = "the covered share of the flow ends"

    def _check(self, where: str) -> None:
        self._need_flows(where)
        if self.stacking not in (None, "exempt"):
            raise MeasureError(
                f'{where}: bans do not stack (closed is closed); only stacking = "exempt", a '
                "carve-out, means something here."
            )
        if self.rule is not None and not self.has_trigger:
            raise MeasureError(f"{where}: a ban has no rate that could mirror another.")


@dataclass(frozen=True, kw_only=True)
class ImportBan(_Ban):
    """An import ban: `by` no longer buys the covered share from `on`.

    Examples
    --------
    >>> ImportBan(by="USA", on="CHN", sectors="textiles", coverage="20 %").kind
    'import_ban'
    """

    kind: ClassVar[str] = "import_ban"
    meaning: ClassVar[str] = "`by` stops buying from `on`"


@dataclass(frozen=True, kw_only=True)
class ExportBan(_Ban):
    """An export ban or export control: `by` no longer sells the covered share to `on`.

    Examples
    --------
    >>> ExportBan(by="USA", on="CHN", sectors="electronics", coverage="15 %").side
    'exporter'
    """

    kind: ClassVar[str] = "export_ban"
    side: ClassVar[str] = "exporter"
    meaning: ClassVar[str] = "`by` stops selling to `on` (export control)"


@dataclass(frozen=True, kw_only=True)
class NonTariffBarrier(Measure):
    """Licensing, testing, delay: what the importer pays more and nobody earns.

    The rate is a change of the whole cost: "+10 %" makes :math:`\\hat\\delta = 1.1`; "-5 %" makes
    trade easier.

    Examples
    --------
    >>> NonTariffBarrier(by="CHN", on="USA", sectors="agriculture", rate="+10 %").rate.value
    0.1
    """

    kind: ClassVar[str] = "non_tariff_barrier"
    moves: ClassVar[str] = "resource_cost"
    rate_kinds: ClassVar[tuple[str, ...]] = ("relative",)
    wedge: ClassVar[str] = "δ, resource cost"
    payer: ClassVar[str] = _NOBODY
    base: ClassVar[str] = "δ̂ = 1 + rate on the whole price"
    meaning: ClassVar[str] = "licensing, testing or delay that `by` puts on goods from `on`"

    def _read_rate(self, value: object, where: str) -> Rate:
        rate: Rate = super()._read_rate(value, where)
        if rate.value <= -1:
            raise MeasureError(f'{where}: "{rate}" leaves no price.')
        return rate

    def _check(self, where: str) -> None:
        super()._check(where)
        if self.stacking == "cap":
            raise MeasureError(f"{where}: a non-tariff barrier cannot be a cap.")
        if self.rule is not None and not self.has_trigger:
            raise MeasureError(f"{where}: a non-tariff barrier has no duty that mirrors another.")
