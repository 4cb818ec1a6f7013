"""Which instruments are there, which wedge does each move, and who pays?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, get_args

from pydantic import Field

from detente.errors import UnknownNameError, placed
from detente.measures.barriers import ExportBan, ImportBan, NonTariffBarrier
from detente.measures.base import Instrument, kind_of
from detente.measures.bounds import PurchaseCommitment, Quota, VoluntaryRestraint
from detente.measures.duties import AntiDumpingDuty, CountervailingDuty, SafeguardDuty, Tariff
from detente.measures.exports import ExportSubsidy, ExportTax
from detente.measures.fundamentals import LabourChange, ProductivityChange, TransferChange
from detente.measures.subsidies import ContentRule, ProductionSubsidy, PurchaseSubsidy

#: Any instrument: the type of a ``[[measure]]`` of a case file, told apart by its `kind`.
Measure = Annotated[
    Tariff
    | AntiDumpingDuty
    | CountervailingDuty
    | SafeguardDuty
    | ImportBan
    | ExportBan
    | ExportTax
    | ExportSubsidy
    | ProductionSubsidy
    | PurchaseSubsidy
    | NonTariffBarrier
    | ContentRule
    | Quota
    | VoluntaryRestraint
    | PurchaseCommitment
    | TransferChange
    | ProductivityChange
    | LabourChange,
    Field(discriminator="kind"),
]

#: Every instrument by its `kind`.
INSTRUMENTS: Mapping[str, type[Instrument]] = MappingProxyType(
    {kind_of(instrument): instrument for instrument in get_args(get_args(Measure)[0])}
)


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
        ways = [w for w in ("rate", "budget", "limit", "amount") if w in instrument.model_fields]
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


@dataclass(frozen=True)
class KeyRow:
    """One line of the table of keys that measures take."""

    key: str
    meaning: str
    choices: tuple[str, ...]
    default: str
    taken_by: tuple[str, ...]


def keys() -> tuple[KeyRow, ...]:
    """Every key of a measure: what it means, what it may be, and which instruments take it.

    Examples
    --------
    >>> next(row for row in keys() if row.key == "limit").taken_by
    ('quota', 'voluntary_restraint', 'purchase_commitment')
    """
    taken: dict[str, list[str]] = {}
    for kind, instrument in INSTRUMENTS.items():
        for name in instrument.model_fields:
            taken.setdefault(name, []).append(kind)
    rows = []
    for name, kinds in taken.items():
        fields = [INSTRUMENTS[kind].model_fields[name] for kind in kinds]
        words = dict.fromkeys(word for field in fields for word in _words_of(field.annotation))
        default = fields[0].default
        rows.append(
            KeyRow(
                key=fields[0].alias or name,
                meaning=str(Instrument.model_fields.get(name, fields[0]).description),
                choices=() if name == "kind" else tuple(words),
                default=default if isinstance(default, str) and name != "kind" else "",
                taken_by=tuple(kinds),
            )
        )
    return tuple(rows)


def _words_of(annotation: Any) -> tuple[str, ...]:
    """What a key may be, where it is one of a few words."""
    return tuple(
        word
        for inner in get_args(annotation)
        for word in ((inner,) if isinstance(inner, str) else _words_of(inner))
    )


def measure(kind: str, **fields: Any) -> Instrument:
    """A measure by the name of its instrument, as case files name it.

    Examples
    --------
    >>> measure("import_ban", by="USA", on="CHN", sectors="textiles", coverage="20 %").side
    'importer'
    """
    if kind not in INSTRUMENTS:
        unknown = UnknownNameError(
            "instrument", kind, INSTRUMENTS, hint="See `detente list measures`."
        )
        raise placed(unknown, f'measure "{fields["id"]}", kind') if fields.get("id") else unknown
    return INSTRUMENTS[kind](**fields)
