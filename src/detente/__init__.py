"""What does a package of trade measures do to every economy?

The names below are loaded when they are first used, so that ``import detente`` costs nothing.
Everything else lives in the folders: ``detente.world``, ``detente.measures``,
``detente.scenario``, ``detente.equilibrium``, ``detente.outcomes``, ``detente.uncertainty``,
``detente.report``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.equilibrium import (
        Certificate,
        Equilibrium,
        Specification,
        gradient,
        rebase,
        solve,
        solve_batch,
    )
    from detente.errors import DetenteError
    from detente.measures import Shock, Tariff
    from detente.outcomes import Outcomes
    from detente.report import run_case
    from detente.scenario import CaseFile, Scenario, compile_scenario, load_case
    from detente.uncertainty import Ensemble, ensemble
    from detente.world import World, check_accounts, list_worlds, load_world

__version__ = "0.1.0"

__all__ = [
    "CaseFile",
    "Certificate",
    "DetenteError",
    "Ensemble",
    "Equilibrium",
    "Outcomes",
    "Scenario",
    "Shock",
    "Specification",
    "Tariff",
    "World",
    "__version__",
    "check_accounts",
    "compile_scenario",
    "ensemble",
    "gradient",
    "list_worlds",
    "load_case",
    "load_world",
    "rebase",
    "run_case",
    "solve",
    "solve_batch",
]

_HOME = {
    "CaseFile": "detente.scenario",
    "Certificate": "detente.equilibrium",
    "DetenteError": "detente.errors",
    "Ensemble": "detente.uncertainty",
    "Equilibrium": "detente.equilibrium",
    "Outcomes": "detente.outcomes",
    "Scenario": "detente.scenario",
    "Shock": "detente.measures",
    "Specification": "detente.equilibrium",
    "Tariff": "detente.measures",
    "World": "detente.world",
    "check_accounts": "detente.world",
    "compile_scenario": "detente.scenario",
    "ensemble": "detente.uncertainty",
    "gradient": "detente.equilibrium",
    "list_worlds": "detente.world",
    "load_case": "detente.scenario",
    "load_world": "detente.world",
    "rebase": "detente.equilibrium",
    "run_case": "detente.report",
    "solve": "detente.equilibrium",
    "solve_batch": "detente.equilibrium",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its folder on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'detente' has no attribute '{name}'")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return list(__all__)
