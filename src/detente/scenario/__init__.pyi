from .compile import compile_scenario as compile_scenario
from .compiled import (
    CompiledScenario as CompiledScenario,
    FreeRate as FreeRate,
    Ledger as Ledger,
    Trigger as Trigger,
    Watch as Watch,
)
from .groups import resolve_economies as resolve_economies, resolve_sectors as resolve_sectors
from .load import (
    Finding as Finding,
    list_cases as list_cases,
    load_case as load_case,
    parse_case as parse_case,
    validate_case as validate_case,
    world_of as world_of,
)
from .scenario import Scenario as Scenario
from .schema import CaseFile as CaseFile, json_schema as json_schema
from .write import case_to_toml as case_to_toml, starter as starter
