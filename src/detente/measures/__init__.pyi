from .barriers import (
    ExportBan as ExportBan,
    ImportBan as ImportBan,
    NonTariffBarrier as NonTariffBarrier,
)
from .base import Instrument as Instrument
from .bounds import (
    PurchaseCommitment as PurchaseCommitment,
    Quota as Quota,
    VoluntaryRestraint as VoluntaryRestraint,
)
from .duties import (
    AntiDumpingDuty as AntiDumpingDuty,
    CountervailingDuty as CountervailingDuty,
    SafeguardDuty as SafeguardDuty,
    Tariff as Tariff,
)
from .exports import ExportSubsidy as ExportSubsidy, ExportTax as ExportTax
from .fundamentals import (
    LabourChange as LabourChange,
    ProductivityChange as ProductivityChange,
    TransferChange as TransferChange,
)
from .instruments import (
    INSTRUMENTS as INSTRUMENTS,
    Measure as Measure,
    InstrumentRow as InstrumentRow,
    KeyRow as KeyRow,
    keys as keys,
    measure as measure,
    table as table,
)
from .rates import Amount as Amount, Rate as Rate
from .shock import Parts as Parts, Shock as Shock
from .subsidies import (
    BarredInputs as BarredInputs,
    ContentRule as ContentRule,
    ProductionSubsidy as ProductionSubsidy,
    PurchaseSubsidy as PurchaseSubsidy,
)
from .terms import Budget as Budget, Limit as Limit, Mirror as Mirror, Surge as Surge
