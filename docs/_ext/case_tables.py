"""Which keys does a case file have? Tables made from the schema, for two pages.

The pages ``docs/case-files.md`` and ``docs/talks-file.md`` hold these tables between markers;
``python docs/_ext/case_tables.py`` renews them, and a test keeps pages and code together.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from detente.case.schema import (
    NEEDED,
    CaseFile,
    ModelSection,
    NotPricedSection,
    PackageSection,
    UncertaintySection,
)
from detente.measures import INSTRUMENTS, keys, table
from detente.talks.checks import NOT_NEGATIVE, POSITIVE, PROBABILITIES, SHARES
from detente.talks.section import Judgement, TalksSection

PAGES = ("case-files.md", "talks-file.md")
SECTIONS: dict[str, type[BaseModel]] = {
    "case": CaseFile,
    "model": ModelSection,
    "package": PackageSection,
    "not_priced": NotPricedSection,
    "uncertainty": UncertaintySection,
}
_BLOCK = re.compile(r"(<!-- table: ([a-z_.]+) -->\n).*?(<!-- end -->)", re.DOTALL)
#: Where the keys of a judgement stand on the page.
JUDGEMENT = "judgement"


def refreshed(page: str) -> str:
    """A page with the tables between its markers made anew."""

    def made(what: str) -> str:
        if what == "instruments":
            return instruments_markdown()
        if what == "measure":
            return measure_markdown()
        return section_markdown(what) if what in SECTIONS else keys_markdown(what)

    return _BLOCK.sub(lambda m: f"{m[1]}{made(m[2])}{m[3]}", page)


# ---- the file ---------------------------------------------------------------------------------


def instruments_markdown() -> str:
    """The table of instruments."""
    rows = ["| kind | what it is | wedge | how much | who pays or earns |", "|---|---|---|---|---|"]
    for row in table():
        rows.append(
            f"| `{row.kind}` | {row.meaning} | {row.wedge} | {row.how_much} | {row.payer} |"
        )
    return "\n".join(rows) + "\n"


def measure_markdown() -> str:
    """The keys of a ``[[measure]]``, and which instruments take those that not all take."""
    rows = ["| key | needed | meaning | taken by |", "|---|---|---|---|"]
    for row in keys():
        needed = "yes" if row.key in ("kind", "by", *NEEDED) else _default(row.default)
        choices = ", ".join(f"`{word}`" for word in row.choices)
        meaning = f"{row.meaning}: {choices}" if choices else row.meaning
        rows.append(f"| `{row.key}` | {needed} | {meaning} | {_takers(row.taken_by)} |")
    return "\n".join(rows) + "\n"


def _takers(kinds: Sequence[str]) -> str:
    """Instruments in words: all, all but a few, or their names."""
    others = [kind for kind in INSTRUMENTS if kind not in kinds]
    if not others:
        return "all"
    named = ", ".join(f"`{kind}`" for kind in (others if len(others) < len(kinds) else kinds))
    return f"all but {named}" if len(others) < len(kinds) else named


def section_markdown(section: str) -> str:
    """The keys of one section of the file, from the schema."""
    rows = ["| key | needed | meaning |", "|---|---|---|"]
    for name, info in SECTIONS[section].model_fields.items():
        key = info.alias or name
        needed = "yes" if info.is_required() else _default(info.default)
        rows.append(f"| `{key}` | {needed} | {_meaning(info)} |")
    return "\n".join(rows) + "\n"


def _default(value: Any) -> str:
    if isinstance(value, bool) or value in (None, "", ()) or isinstance(value, BaseModel):
        return "no"
    if isinstance(value, tuple):
        value = ", ".join(f'"{v}"' for v in value)
        return f"no ({value})"
    return f'no ("{value}")' if isinstance(value, str) else f"no ({value})"


def _meaning(info: Any) -> str:
    choices = _few_choices(info.annotation) or (info.json_schema_extra or {}).get("enum", ())
    text = str(info.description)
    if choices and len(choices) <= 6:
        text += ": " + ", ".join(f"`{c}`" for c in choices)
    return text


def _few_choices(annotation: Any) -> tuple[Any, ...]:
    """What a key may be, where it is one of a few words."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    inner = [_few_choices(a) for a in get_args(annotation)]
    return next((c for c in inner if c), ())


# ---- the meeting -----------------------------------------------------------------------------


def tables_of() -> dict[str, type[BaseModel]]:
    """Every table of the section by its name in the file, and the judgement."""
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
    """The keys of one table of the section."""
    rows = ["| key | needed | what it is | default | meaning |", "|---|---|---|---|---|"]
    for key, info in _fields(tables_of()[table]):
        needed = "yes" if info.is_required() else "no"
        default = "" if info.is_required() else _shown(info.default)
        rows.append(
            f"| `{key}` | {needed} | {_kind(table, key, info)} | {default} | {info.description} |"
        )
    return "\n".join(rows) + "\n"


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


if __name__ == "__main__":
    for name in PAGES:
        path = Path(__file__).parents[1] / name
        path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")
