from .compile import compile_scenario as compile_scenario
from .compiled import (
    CompiledScenario as CompiledScenario,
    FreeRate as FreeRate,
    Ledger as Ledger,
    Trigger as Trigger,
    Watch as Watch,
)
from .groups import resolve_economies as resolve_economies, resolve_sectors as resolve_sectors
from .scenario import Scenario as Scenario
