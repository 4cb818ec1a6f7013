"""Does every key have its line, wherever it stands?"""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from detente.case import list_cases, load_case
from detente.case.lines import KeyLines, Path

TEXT = """\
schema = 2
a.b = { x = 1, y = [1,
  2, { q = "z # no comment", r.s = 5 }] }
text = '''
x = 1
[[no]]
'''
[m]
k = "q\\"" # [c]
list = [
  "a", # b
  "b",
  { who = "USA",
    x = 2 },
]
[[measure]]
id = "x"
[measure.sub]
z = \"\"\"two
lines\"\"\"
[[measure]]
"id" = "y"
[[measure.deep]]
"quoted key" = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("schema",), 1), (("a", "b", "x"), 2), (("a", "b", "y", 2, "r", "s"), 3), (("m", "k"), 9),
        (("m", "list", 1), 12), (("m", "list", 2, "x"), 14), (("measure", 0, "sub", "z"), 19),
        (("measure", 1), 21), (("measure", 1, "id"), 22),
        (("measure", 1, "deep", 0, "quoted key"), 24),
    ],
)  # fmt: skip
def test_keys_stand_where_they_are_written(path: Path, line: int) -> None:
    assert KeyLines.of(TEXT).line(path) == line


def test_what_is_not_there_has_the_line_of_what_is_around_it() -> None:
    lines = KeyLines.of(TEXT)
    assert lines.line(("measure", 1, "rate")) == 21
    assert lines.line(("nothing",)) is None


def places(tables: Any, at: Path = ()) -> list[Path]:
    """Every key of some tables."""
    if isinstance(tables, dict):
        return [p for k, v in tables.items() for p in [(*at, k), *places(v, (*at, k))]]
    if isinstance(tables, list) and any(isinstance(v, dict) for v in tables):
        return [p for k, v in enumerate(tables) for p in places(v, (*at, k))]
    return []


@pytest.mark.parametrize("name", list_cases())
def test_every_key_of_a_shipped_case_is_found(name: str) -> None:
    text = load_case(name).text
    lines, rows = KeyLines.of(text), text.splitlines()
    for path in places(tomllib.loads(text)):
        assert path in lines.found, path
        last = path[-1]
        assert str(last) in rows[lines.found[path] - 1], path


def test_entries_are_called_by_their_place_and_id() -> None:
    tables = {"measure": [{"id": "a"}, {"id": "b" * 500}]}
    lines = KeyLines("f", {}, tables)
    assert lines.key(("measure", 0, "rate")) == 'measure 1 ("a"), rate'
    assert len(lines.key(("measure", 1, "rate"))) < 100
