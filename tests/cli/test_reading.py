"""What does `detente read` print, and what does it say of what it cannot read?"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from detente.cli import main

STATEMENT = "China firmly opposes this bullying. The door of dialogue is open.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "statement.txt"
    path.write_text(STATEMENT, encoding="utf-8")
    return path


def test_a_table_by_speaker_then_sentences_with_their_words(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["read", str(file), "--by", "china"]) == 0
    said = capsys.readouterr().out
    assert "a statement by China" in said
    assert "fewer than ten sentences" in said
    assert "bullying" in said
    assert all(len(line) <= 80 for line in said.splitlines()[1:])


def test_the_same_in_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (china,) = found["speakers"]
    assert (china["speaker"], china["speak"], china["thin"]) == ("CHN", 2, True)
    words = found["sentences"][0]["words"]
    assert sum(w["counts"] for w in words) <= found["sentences"][0]["score"] == -2


def test_the_input_stream_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(STATEMENT.encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    assert main(["read", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["issuer"] == "CHN"


def test_a_page_of_html_is_read_without_its_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<!DOCTYPE html><html><head><style>p {color: red}</style></head><body>"
        "<script>let threat = 'bully';</script><nav>War &amp; peace</nav>"
        f"<p>{STATEMENT}</p><p>It &quot;will not&quot; yield.</p></body></html>",
        encoding="utf-8",
    )
    assert main(["read", str(path), "--by", "CHN", "--json"]) == 0
    texts = [s["text"] for s in json.loads(capsys.readouterr().out)["sentences"]]
    assert texts == [
        "China firmly opposes this bullying.",
        "The door of dialogue is open.",
        'It "will not" yield.',
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b" \n", "empty, nothing to read"),
        ("bytes.txt", b"MZ\x00\x01\x02", "no text, but a file of bytes"),
        ("latin.txt", "caf\xe9".encode("latin-1"), "not UTF-8"),
        ("paper.pdf", b"%PDF-1.7", "a PDF. Save it as plain text"),
        ("note.docx", b"PK", "a Word document"),
        ("long.txt", b"a" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert main(["read", str(path)]) == 2
    assert message in capsys.readouterr().err


def test_an_absent_file_and_an_unknown_party_are_said(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(file.parent / "none.txt")]) == 2
    assert "cannot be read (No such file" in capsys.readouterr().err
    assert main(["read", str(file.parent)]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert main(["read", str(file), "--by", "Chna"]) == 2
    assert 'Unknown party "Chna". Nearest: "China"' in capsys.readouterr().err


def test_a_text_that_names_no_government_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "weather.txt"
    path.write_text("It rained all day and nobody came.", encoding="utf-8")
    assert main(["read", str(path)]) == 0
    assert "--by" in capsys.readouterr().out
