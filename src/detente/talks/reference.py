"""Which keys does ``[talks]`` have? Tables for the page, and a schema for editors.

The page ``docs/talks-file.md`` holds these tables between markers; :func:`refreshed` renews them,
and a test keeps the page and the code together.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from detente.scenario import json_schema
from detente.talks.checks import NOT_NEGATIVE, POSITIVE, PROBABILITIES, SHARES
from detente.talks.section import Judgement, TalksSection

__all__ = ["case_schema", "keys_markdown", "refreshed", "tables_of"]

_BLOCK = re.compile(r"(<!-- table: ([a-z_.]+) -->\n).*?(<!-- end -->)", re.DOTALL)
#: Where the keys of a judgement stand on the page.
JUDGEMENT = "judgement"


def tables_of() -> dict[str, type[BaseModel]]:
    """Every table of the section by its name in the file, and the judgement.

    Examples
    --------
    >>> list(tables_of())[:4]
    ['talks', 'talks.party', 'talks.issue', 'talks.issue.level']
    """
    out: dict[str, type[BaseModel]] = {}

    def walk(name: str, model: type[BaseModel]) -> None:
        out[name] = model
        for key, info in _fields(model):
            inner = _part_in(info.annotation)
            if inner is not None and inner is not Judgement:
                walk(f"{name}.{key}", inner)

    walk("talks", TalksSection)
    return {**out, JUDGEMENT: Judgement}


def keys_markdown(table: str) -> str:
    """The keys of one table of the section.

    Examples
    --------
    >>> print(keys_markdown("talks.successor").splitlines()[4])
    | `acts` | yes | judgement, 0 to 1 |  | chance that it would |
    """
    rows = ["| key | needed | what it is | default | meaning |", "|---|---|---|---|---|"]
    for key, info in _fields(tables_of()[table]):
        needed = "yes" if info.is_required() else "no"
        default = "" if info.is_required() else _shown(info.default)
        rows.append(
            f"| `{key}` | {needed} | {_kind(table, key, info)} | {default} | {info.description} |"
        )
    return "\n".join(rows) + "\n"


def refreshed(page: str) -> str:
    """A page with the tables between its markers made anew."""
    return _BLOCK.sub(lambda m: f"{m[1]}{keys_markdown(m[2])}{m[3]}", page)


def case_schema() -> Mapping[str, Any]:
    """JSON Schema of a case file with its meeting, for completion in editors.

    Examples
    --------
    >>> sorted(case_schema()["$defs"]["TalksSection"]["properties"])[:3]
    ['background', 'binding_issues', 'breakthrough_share']
    """
    case = dict(json_schema())
    talks = TalksSection.model_json_schema(by_alias=True)
    inner = talks.pop("$defs")
    shared = {*inner, TalksSection.__name__} & set(case["$defs"])
    if shared:
        raise RuntimeError(f"two parts of a case file are called {', '.join(sorted(shared))}")
    described = {"description": case["properties"]["talks"]["description"], "default": None}
    reference = {"$ref": f"#/$defs/{TalksSection.__name__}"}
    return {
        **case,
        "$defs": {**case["$defs"], **inner, TalksSection.__name__: talks},
        "properties": {
            **case["properties"],
            "talks": {"anyOf": [reference, {"type": "null"}], **described},
        },
    }


# ---- what a key takes -------------------------------------------------------------------------


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(info.alias or name, info) for name, info in model.model_fields.items()]


def _part_in(annotation: Any) -> type[BaseModel] | None:
    """The table that a key holds, alone or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((p for p in map(_part_in, get_args(annotation)) if p is not None), None)


def _kind(table: str, key: str, info: FieldInfo) -> str:
    """Kind and range of what a key takes."""
    kind, part = info.annotation, _part_in(info.annotation)
    origin = get_origin(kind)
    if part is Judgement:
        words = f"judgement{_range_of(key)}"
        return f"by side: {words}" if origin is dict else words
    if part is not None:
        name = f"{table}.{key}"
        return f"tables `[[{name}]]`" if origin is tuple else f"table `[{name}]`"
    if choices := _choices(kind):
        return ", ".join(f'`"{c}"`' for c in choices)
    if origin is tuple:
        least = next((m.min_length for m in info.metadata if hasattr(m, "min_length")), 0)
        return "names, at least one" if least else "names"
    if origin is dict:
        if str in get_args(kind)[1:]:
            return "by issue: a level"
        return "by side: −1 to 1" if key in SHARES else "by judgement: a number"
    plain = next(a for a in (get_args(kind) or (kind,)) if a is not type(None))
    plain = get_args(plain)[0] if hasattr(plain, "__metadata__") else plain
    names = {bool: "`true`, `false`", dt.date: "date", int: "whole number", float: "number"}
    if plain is str:
        return "short name" if key == "id" else "text"
    return names[plain] + _bounds(info)


def _choices(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()


def _range_of(key: str) -> str:
    """What a judgement's three numbers must keep to."""
    if key == "text_coverage":
        return ", above 0 to 1"
    if key in PROBABILITIES:
        return ", 0 to 1"
    if key in POSITIVE:
        return ", above 0"
    return ", 0 or more" if key in NOT_NEGATIVE else ""


def _bounds(info: FieldInfo) -> str:
    """Bounds of a plain number."""
    given = {
        name: getattr(m, name)
        for m in info.metadata
        for name in ("ge", "gt", "le")
        if getattr(m, name, None) is not None
    }
    if "ge" in given and "le" in given:
        return f", {given['ge']:,} to {given['le']:,}".replace("-", "−")
    if "ge" in given:
        return f", {given['ge']:,} or more"
    return f", above {given['gt']:,}" if "gt" in given else ""


def _shown(default: Any) -> str:
    """A default as it would stand in a file; "" where nothing is meant."""
    if isinstance(default, Judgement):
        return f"{default.value:g} ({default.low:g} to {default.high:g})"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if default in (None, "", ()) or default == {}:
        return ""
    return f'`"{default}"`' if isinstance(default, str) else f"{default:,}"
