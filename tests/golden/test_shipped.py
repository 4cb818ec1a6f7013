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


def moved(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Groups of rows whose number, keys, unit or values are not what they were."""
    exact = ("rows", "keys", "missing", "unit")
    return [
        f"{group}: {line} became {after[group]}"
        for group, line in before.items()
        if any(line[key] != after[group][key] for key in exact)
        or any(
            abs(a - b) > allowed(group, before)
            for a, b in zip(line["sums"], after[group]["sums"], strict=True)
        )
    ]


@pytest.mark.slow
@pytest.mark.parametrize("case", shipped.CASES)
def test_text_rows_and_values_are_what_they_were(case: str, tmp_path: Path) -> None:
    """One test a case, since every worker that shares its run would run it again."""
    today = shipped.run(case, tmp_path)
    for kind in ("terminal", "report"):
        name = f"{case}.{kind}.txt"
        assert today[name].splitlines() == kept(name).splitlines(), name
    tables = f"{case}.tables.json"
    before, after = json.loads(kept(tables)), json.loads(today[tables])
    assert list(after) == list(before)
    assert moved(before, after) == []


@pytest.mark.parametrize("case", shipped.MEETINGS)
def test_what_is_told_of_a_meeting_is_what_it_was(case: str, tmp_path: Path) -> None:
    for name, text in shipped.meeting(case, tmp_path).items():
        assert text.splitlines() == kept(name).splitlines(), name


def test_a_changed_value_a_swap_and_a_renamed_key_are_seen() -> None:
    rows = [dict.fromkeys(shipped.KEYS, "x") | {"value": str(v)} for v in (1.0, 2.0, 3.0)]
    before = shipped.signature(rows)
    swapped = shipped.signature([rows[1] | {}, rows[0] | {}, rows[2]])
    assert max(abs(a - b) for a, b in zip(before["sums"], swapped["sums"], strict=True)) > 1e-3
    assert shipped.signature([rows[0] | {"sector": "y"}, *rows[1:]])["keys"] != before["keys"]
    assert shipped.signature([rows[0] | {"value": ""}, *rows[1:]])["missing"] == 1
