from .compile import compile_scenario as compile_scenario
from .compiled import (
    CompiledScenario as CompiledScenario,
    FreeRate as FreeRate,
    Ledger as Ledger,
    Trigger as Trigger,
    Watch as Watch,
)
from .scenario import Scenario as Scenario
