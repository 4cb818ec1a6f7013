"""Which instruments are there, which wedge does each move, and who pays?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from detente.errors import MeasureError, UnknownNameError
from detente.measures.barriers import ExportBan, ImportBan, NonTariffBarrier
from detente.measures.base import Measure
from detente.measures.bounds import PurchaseCommitment, Quota, VoluntaryRestraint
from detente.measures.duties import AntiDumpingDuty, CountervailingDuty, SafeguardDuty, Tariff
from detente.measures.exports import ExportSubsidy, ExportTax
from detente.measures.fundamentals import LabourChange, ProductivityChange, TransferChange
from detente.measures.subsidies import ContentRule, ProductionSubsidy, PurchaseSubsidy

_CLASSES: tuple[type[Measure], ...] = (
    Tariff,
    AntiDumpingDuty,
    CountervailingDuty,
    SafeguardDuty,
    ImportBan,
    ExportBan,
    ExportTax,
    ExportSubsidy,
    ProductionSubsidy,
    PurchaseSubsidy,
    NonTariffBarrier,
    ContentRule,
    Quota,
    VoluntaryRestraint,
    PurchaseCommitment,
    TransferChange,
    ProductivityChange,
    LabourChange,
)

#: Every instrument by its `kind`.
INSTRUMENTS: Mapping[str, type[Measure]] = MappingProxyType({c.kind: c for c in _CLASSES})


@dataclass(frozen=True)
class InstrumentRow:
    """One line of the table of instruments."""

    kind: str
    python: str
    meaning: str
    wedge: str
    by: str
    how_much: str
    payer: str
    base: str


def table() -> tuple[InstrumentRow, ...]:
    """Every instrument: what it is, the wedge it moves, who pays, and on what base.

    Examples
    --------
    >>> [row.kind for row in table()][:3]
    ['tariff', 'anti_dumping_duty', 'countervailing_duty']
    """
    rows = []
    for kind, instrument in INSTRUMENTS.items():
        ways = [w for w in ("rate", "budget", "limit", "amount") if w in instrument.takes]
        rows.append(
            InstrumentRow(
                kind=kind,
                python=instrument.__name__,
                meaning=instrument.meaning,
                wedge=instrument.wedge,
                by=instrument.side,
                how_much=", ".join(ways) or "nothing (closed)",
                payer=instrument.payer,
                base=instrument.base,
            )
        )
    return tuple(rows)


def measure(kind: str, **fields: Any) -> Measure:
    """A measure by the name of its instrument, as case files name it.

    Examples
    --------
    >>> measure("import_ban", by="USA", on="CHN", sectors="textiles", coverage="20 %").side
    'importer'
    """
    if kind not in INSTRUMENTS:
        raise UnknownNameError(
            "instrument",
            kind,
            INSTRUMENTS,
            where=f'measure "{fields["id"]}", kind' if fields.get("id") else "",
            hint="See `detente list measures`.",
        )
    instrument = INSTRUMENTS[kind]
    known = {*instrument.__dataclass_fields__}
    for key in fields:
        if key not in known:
            place = f'measure "{fields["id"]}"' if fields.get("id") else kind
            raise MeasureError(
                f'{place}: "{key.rstrip("_")}" means nothing for {kind}; it takes '
                f"{', '.join(sorted(k.rstrip('_') for k in instrument.takes))}."
            )
    return instrument(**fields)
