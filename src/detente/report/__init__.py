"""How do we tell it? Tables, charts, prose, provenance, and the page that holds them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Figure": "detente.report.charts.figure",
    "Results": "detente.report.results",
    "answer": "detente.report.prose",
    "export_run": "detente.report.exports",
    "render_report": "detente.report.page",
    "run_case": "detente.report.running",
    "write_results": "detente.report.write",
}

__all__ = [
    "Figure",
    "Results",
    "answer",
    "export_run",
    "render_report",
    "run_case",
    "write_results",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (tables and charts are heavy)."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'detente.report' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
