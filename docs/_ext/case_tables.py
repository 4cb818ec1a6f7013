"""Which keys does a case file have? Tables made from the schema.

The pages ``docs/case-files.md`` and ``docs/talks-file.md`` hold these tables between markers;
``python docs/_ext/case_tables.py`` renews them, and a test keeps pages and code together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from detente.case.schema import (
    NEEDED,
    CaseFile,
    ModelSection,
    NotPricedSection,
    PackageSection,
    UncertaintySection,
)
from detente.measures import INSTRUMENTS, keys, table
from detente.talks.section import (
    FallbackSection,
    IssueSection,
    NextGovernmentSection,
    PartySection,
    StatementSection,
    TalksSection,
    ToneSection,
    WhatIfSection,
)

PAGES = ("case-files.md", "talks-file.md")
SECTIONS: dict[str, type[BaseModel]] = {
    "case": CaseFile,
    "model": ModelSection,
    "package": PackageSection,
    "not_priced": NotPricedSection,
    "uncertainty": UncertaintySection,
    "talks": TalksSection,
    "party": PartySection,
    "tone": ToneSection,
    "issue": IssueSection,
    "fallback": FallbackSection,
    "what_if": WhatIfSection,
    "next_government": NextGovernmentSection,
    "said": StatementSection,
}
_BLOCK = re.compile(r"(<!-- table: ([a-z_.]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def refreshed(page: str) -> str:
    """A page with the tables between its markers made anew."""

    def made(what: str) -> str:
        if what == "instruments":
            return instruments_markdown()
        if what == "measure":
            return measure_markdown()
        return section_markdown(what)

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
    if isinstance(value, bool) or value in (None, "", (), {}) or isinstance(value, BaseModel):
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


if __name__ == "__main__":
    for name in PAGES:
        path = Path(__file__).parents[1] / name
        path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")
