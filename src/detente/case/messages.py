"""What does a finding of the schema mean to who wrote the file?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.case.lines import Path
from detente.case.schema import SCHEMA_VERSION, CaseFile
from detente.errors import schema_error, shown

__all__ = ["FIRST_SCHEMA", "message", "of_first_schema"]

#: The format before this one.
FIRST_SCHEMA = 1

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
    if path == ("schema",) and kind == "literal_error":
        return path, (
            f"this is format {shown(got)}; this version reads {SCHEMA_VERSION}. Write "
            f"schema = {SCHEMA_VERSION}."
        )
    if kind in _NO_TABLE and " is written " not in str(error):
        return path, _no_table(last, got)
    return path, str(error).replace("Unknown ", "unknown ", 1)


def of_first_schema(talks: bool) -> str:
    """What to write instead of a file of the format before this one.

    Parameters
    ----------
    talks
        Whether it holds a meeting: the only part that is written differently now.
    """
    text = f"this is format {FIRST_SCHEMA}. Write schema = {SCHEMA_VERSION}"
    if not talks:
        return f"{text}; nothing else has changed."
    return (
        f"{text}, and [talks] anew: date, parties, level, tone, fallback, and a table "
        "issue.NAME with its levels for each issue; constituencies, threats, statements, rounds "
        "and judgements with ranges are gone. `detente new --talks` asks eight questions and "
        "writes the section; the rest of the file stays as it is."
    )


def _no_table(last: str, got: object) -> str:
    """A single value where a table belongs."""
    return (
        f"{last} is a table of names and values, such as {{ USA = ... }} or [{last}] "
        f"(got {shown(got)})."
    )
