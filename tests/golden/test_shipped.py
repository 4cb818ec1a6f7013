"""Do the shipped cases still say and solve what they did?"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from tests.golden import shipped

#: Solved values agree to this relative size: of the level behind a change in percent, and of the
#: largest value of their unit in the table elsewhere.
SOLVED = 1e-8
#: Rates that an optimiser found.
OPTIMISED = 1e-4
OPTIMISED_TABLES = ("war", "deals")
#: Units that are 100 times a change of a level.
HUNDREDTHS = ("%", "pp", "log points × 100")


@pytest.fixture(scope="module", params=shipped.CASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Name of a case, and what it gives today."""
    name = str(request.param)
    return name, shipped.run(name, tmp_path_factory.mktemp(name))


def kept(name: str) -> str:
    return (Path(shipped.__file__).parent / name).read_text(encoding="utf-8")


def allowed(group: str, lines: dict[str, Any]) -> float:
    """How far the weighted sum of a group may move.

    A change that is nothing but rounding has no digits of its own: it is held against the largest
    value of its unit in its table.
    """
    line, (table, *_) = lines[group], group.split(" | ")
    if table in OPTIMISED_TABLES:
        return OPTIMISED * max(line["largest"], 1.0) * math.sqrt(line["rows"])
    level = (
        100.0
        if line["unit"] in HUNDREDTHS
        else max(
            other["largest"]
            for name, other in lines.items()
            if name.startswith(f"{table} | ") and other["unit"] == line["unit"]
        )
    )
    return SOLVED * level * math.sqrt(line["rows"])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["terminal", "report"])
def test_text_is_what_it_was(case: Any, kind: str) -> None:
    name, today = case
    text = today[f"{name}.{kind}.txt"]
    assert text.splitlines() == kept(f"{name}.{kind}.txt").splitlines()


@pytest.mark.slow
def test_tables_hold_the_same_rows_and_values(case: Any) -> None:
    name, today = case
    before, after = (
        json.loads(text) for text in (kept(f"{name}.tables.json"), today[f"{name}.tables.json"])
    )
    assert list(after) == list(before)
    moved = []
    for group, line in before.items():
        now = after[group]
        exact = ("rows", "keys", "missing", "unit")
        if any(line[key] != now[key] for key in exact) or any(
            abs(a - b) > allowed(group, before)
            for a, b in zip(line["sums"], now["sums"], strict=True)
        ):
            moved.append(f"{group}: {line} became {now}")
    assert moved == []


def test_a_changed_value_a_swap_and_a_renamed_key_are_seen() -> None:
    rows = [dict.fromkeys(shipped.KEYS, "x") | {"value": str(v)} for v in (1.0, 2.0, 3.0)]
    before = shipped.signature(rows)
    swapped = shipped.signature([rows[1] | {}, rows[0] | {}, rows[2]])
    assert max(abs(a - b) for a, b in zip(before["sums"], swapped["sums"], strict=True)) > 1e-3
    assert shipped.signature([rows[0] | {"sector": "y"}, *rows[1:]])["keys"] != before["keys"]
    assert shipped.signature([rows[0] | {"value": ""}, *rows[1:]])["missing"] == 1
