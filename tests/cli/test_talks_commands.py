"""Do `detente read`, `detente talks` and the check of a meeting say what they should?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.cli.app import run_command_line

TEXT = (
    "The opening ran over. Yang said the visitors spoke with condescension.\n"
    "He accused Washington of hypocrisy and of interference.\n"
)


def test_read_shows_each_term_with_line_weight_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "opening.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert run_command_line(["read", str(path)]) == 0
    said = capsys.readouterr().out
    assert "hypocrisy" in said
    assert "the other's good faith is denied" in said
    assert "CHN: -5" in said or "CHN: -4" in said
    assert run_command_line(["read", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sides"]["CHN"] < -3
    assert {h["line"] for h in found["hits"]} == {1, 2}


def test_read_takes_names_for_another_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "news.txt"
    path.write_text("Brussels said it was constructive, helpful and productive.", encoding="utf-8")
    assert run_command_line(["read", str(path), "--side", "EU=Brussels", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sides"]["EU"] > 2
    assert run_command_line(["read", str(path), "--side", "EU"]) == 2
    assert "write a side and its names" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"\xff\xfe\x00x", "UTF-8"), (None, "cannot be read")],
    ids=["empty", "binary", "absent"],
)
def test_read_refuses_what_is_no_text(
    content: bytes | None, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "text.txt"
    if content is not None:
        path.write_bytes(content)
    assert run_command_line(["read", str(path)]) == 2
    assert words in capsys.readouterr().err


def test_thin_coverage_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "thin.txt"
    path.write_text("The ministers had lunch.", encoding="utf-8")
    assert run_command_line(["read", str(path)]) == 0
    assert "too thin to judge" in capsys.readouterr().out


def test_a_meeting_is_played_the_same_with_the_same_seed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "mine.toml"
    assert run_command_line(["new", "--talks", str(case)]) == 0
    assert run_command_line(["validate", str(case)]) == 0
    capsys.readouterr()
    said = []
    for _ in range(2):
        arguments = ["talks", str(case), "--seed", "5", "--out", str(tmp_path), "--json"]
        assert run_command_line(arguments) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[1]
    assert said[0]["packages"] == 8
    assert sum(said[0]["outcome"].values()) == pytest.approx(1, abs=1e-4)
    assert said[0]["plays"][0]["log"]


def test_validate_finds_what_is_wrong_with_a_meeting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "mine.toml"
    run_command_line(["new", "--talks", str(case)])
    text = case.read_text(encoding="utf-8")
    case.write_text(text.replace("vote = 0.9", "vote = 0.8"), encoding="utf-8")
    assert run_command_line(["validate", str(case)]) == 2
    assert "sum to 0.9, not to 1" in capsys.readouterr().err
    assert run_command_line(["talks", str(case)]) == 2


def test_a_case_without_a_meeting_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["talks", "decoupling"]) == 2
    assert "no [talks] section" in capsys.readouterr().err
