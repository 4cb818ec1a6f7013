"""What does a finding of the schema mean to who wrote the file?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.case.lines import Path
from detente.case.schema import SCHEMA_VERSION, CaseFile
from detente.errors import UnknownNameError, nearest, schema_error, shown

__all__ = ["message"]

_NO_TABLE = ("model_type", "model_attributes_type", "dict_type")


def message(item: Mapping[str, Any]) -> tuple[Path, str]:
    """Where one finding of the schema is, and what it means.

    Parameters
    ----------
    item
        One of the errors that pydantic lists for a :class:`CaseFile`.
    """
    path, error = schema_error(item, CaseFile)
    kind, got = item["type"], item["input"]
    last = next((p for p in reversed(path) if isinstance(p, str)), "")
    in_talks = path[:1] == ("talks",)
    if path == ("schema",) and kind == "literal_error":
        return path, (
            f"this is format {shown(got)}; this version reads {SCHEMA_VERSION}. Write "
            f"schema = {SCHEMA_VERSION}."
        )
    if in_talks and kind == "missing" and last in ("why", "source"):
        return path, f'"{last}" is missing. Every judgement has a reason, every fact a source.'
    if last == "about" and isinstance(error, UnknownNameError):
        # a question that the run does not answer: nearest first, then all
        close = nearest(error.name, error.choices)
        first = f"Nearest: {', '.join(close)}. " if close else ""
        choices = ", ".join(error.choices)
        return path, f"unknown question {shown(got)}. {first}Choose from: {choices}."
    if kind in _NO_TABLE and " is written " not in str(error):
        return path, _no_table(last, got)
    return path, str(error).replace("Unknown ", "unknown ", 1)


def _no_table(last: str, got: object) -> str:
    """A single value where a table belongs."""
    return (
        f"{last} is a table of names and values, such as {{ USA = ... }} or [{last}] "
        f"(got {shown(got)})."
    )
