"""What can a government change? One small class per instrument, and how measures meet."""

from detente.measures.barriers import ExportBan, ImportBan, NonTariffBarrier
from detente.measures.base import Measure
from detente.measures.bounds import PurchaseCommitment, Quota, VoluntaryRestraint
from detente.measures.duties import AntiDumpingDuty, CountervailingDuty, SafeguardDuty, Tariff
from detente.measures.exports import ExportSubsidy, ExportTax
from detente.measures.fundamentals import LabourChange, ProductivityChange, TransferChange
from detente.measures.instruments import INSTRUMENTS, InstrumentRow, measure, table
from detente.measures.rates import Amount, Rate, parse_amount, parse_date, parse_rate
from detente.measures.shock import Parts, Shock, check_shock
from detente.measures.subsidies import (
    BarredInputs,
    ContentRule,
    ProductionSubsidy,
    PurchaseSubsidy,
)
from detente.measures.terms import Budget, Limit, Mirror, Surge

__all__ = [
    "INSTRUMENTS",
    "Amount",
    "AntiDumpingDuty",
    "BarredInputs",
    "Budget",
    "ContentRule",
    "CountervailingDuty",
    "ExportBan",
    "ExportSubsidy",
    "ExportTax",
    "ImportBan",
    "InstrumentRow",
    "LabourChange",
    "Limit",
    "Measure",
    "Mirror",
    "NonTariffBarrier",
    "Parts",
    "ProductionSubsidy",
    "ProductivityChange",
    "PurchaseCommitment",
    "PurchaseSubsidy",
    "Quota",
    "Rate",
    "SafeguardDuty",
    "Shock",
    "Surge",
    "Tariff",
    "TransferChange",
    "VoluntaryRestraint",
    "check_shock",
    "measure",
    "parse_amount",
    "parse_date",
    "parse_rate",
    "table",
]
