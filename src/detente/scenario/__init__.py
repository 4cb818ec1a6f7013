"""Which measures, when, under which rules?"""

from detente.scenario.compile import compile_scenario
from detente.scenario.compiled import CompiledScenario, FreeRate, Ledger, Trigger, Watch
from detente.scenario.groups import resolve_economies, resolve_sectors
from detente.scenario.load import (
    Finding,
    list_cases,
    load_case,
    parse_case,
    validate_case,
    world_of,
)
from detente.scenario.scenario import Scenario
from detente.scenario.schema import CaseFile, json_schema
from detente.scenario.write import case_to_toml, starter

__all__ = [
    "CaseFile",
    "CompiledScenario",
    "Finding",
    "FreeRate",
    "Ledger",
    "Scenario",
    "Trigger",
    "Watch",
    "case_to_toml",
    "compile_scenario",
    "json_schema",
    "list_cases",
    "load_case",
    "parse_case",
    "resolve_economies",
    "resolve_sectors",
    "starter",
    "validate_case",
    "world_of",
]
