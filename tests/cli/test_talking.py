"""What does `detente talks` print, and what does `detente new --talks` ask?"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from detente.case import list_cases, load_case, parse_case
from detente.cli import main

MEETINGS = tuple(name for name in list_cases() if load_case(name).talks is not None)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    def done(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return done


def test_three_cases_hold_a_meeting() -> None:
    assert {"anchorage-2021", "beijing-2024", "busan-2025"} <= set(MEETINGS)


@pytest.mark.parametrize("name", MEETINGS)
def test_a_meeting_is_told_in_full(name: str, call: Any, tmp_path: Path) -> None:
    code, out, errors = call("talks", name, "-q", "--draws", "100", "--out", str(tmp_path))
    assert code == 0, errors
    for head in ("How will it end?", "What could both sign?", "Every judged number", "Limits"):
        assert f"\n{head}\n" in out
    assert "nan" not in out.split()
    assert "None" not in out.split()


def test_json_holds_the_odds(call: Any, tmp_path: Path) -> None:
    code, out, _ = call("talks", "busan-2025", "--json", "--draws", "100", "--out", str(tmp_path))
    value = json.loads(out)
    assert code == 0
    assert sum(value["odds"]["case"].values()) == pytest.approx(1)
    assert set(value["nash"]["worth"]) == {"USA", "CHN"}


def test_a_case_without_a_meeting_is_told_where_there_is_one(call: Any) -> None:
    code, _, errors = call("talks", "decoupling")
    assert code == 2
    assert "busan-2025" in errors


def test_eight_questions_from_a_pipe(
    call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "China and Japan\n2026-12-10\nleader\n\n\n1\nfish by CHN: shut / open = JPN worth 0.1\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    path = tmp_path / "mine.toml"
    code, _, errors = call("new", "--talks", str(path))
    assert code == 0
    assert all(f"{k} of 8." in errors for k in range(1, 9))
    case = parse_case(path.read_text(encoding="utf-8"))
    assert case.talks is not None
    assert tuple(case.talks.parties.named) == ("CHN", "JPN")
    assert call("validate", str(path))[0] == 0


def test_options_answer_and_are_named_when_wrong(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    code, out, _ = call("new", "--talks", "--who", "US, EU", "--tone", "US -2, EU 1")
    assert code == 0
    assert parse_case(out).talks is not None
    code, _, errors = call("new", "--talks", "--who", "US")
    assert code == 2
    assert "--who" in errors
    code, _, errors = call("new", "--who", "US, EU")
    assert code == 2
    assert "add --talks" in errors
