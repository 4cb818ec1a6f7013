"""What do the commands print, in text and in JSON, and with which exit code?"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from detente import __version__
from detente.case import CaseFile, list_cases, load_case, parse_case
from detente.cli import main
from detente.cli.app import note
from detente.errors import DamagedFileWarning
from detente.world import World, save_world


class Done:
    """What a command left behind."""

    def __init__(self, code: int, out: str, errors: str) -> None:
        self.code, self.out, self.errors = code, out, errors

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def detente(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: str) -> Done:
        code = main(arguments)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


JSON_COMMANDS = [
    ("list", "cases"),
    ("list", "worlds"),
    ("list", "measures"),
    ("list", "sectors"),
    ("list", "economies"),
    ("list", "product-groups"),
    ("list", "metrics"),
    ("show", "beijing-2024"),
    ("validate", "beijing-2024"),
    ("validate", "--schema"),
    ("explain", "welfare_pct"),
    ("explain", "quota"),
    ("explain", "electronics"),
    ("explain", "EU27"),
    ("cite",),
    ("new",),
    ("world", "show"),
    ("world", "check", "icio-2022-small"),
    ("world", "sectors"),
    ("world", "economies"),
]


@pytest.mark.parametrize("arguments", JSON_COMMANDS, ids=" ".join)
def test_json_is_one_value(detente: Any, arguments: tuple[str, ...]) -> None:
    done = detente(*arguments, "--json")
    assert done.code == 0, done.errors
    assert done.json


@pytest.mark.parametrize("arguments", JSON_COMMANDS, ids=" ".join)
def test_piped_text_is_plain(detente: Any, arguments: tuple[str, ...]) -> None:
    done = detente(*arguments)
    assert done.code == 0, done.errors
    assert "\x1b" not in done.out
    assert not re.search("[\u2500-\u257f]", done.out), "box drawing in a pipe"


def test_version(detente: Any) -> None:
    assert detente("--version").out == f"detente {__version__}\n"


def test_lists_hold_what_is_shipped(detente: Any) -> None:
    cases = {c["name"] for c in detente("list", "cases", "--json").json}
    assert {"anchorage-2021", "beijing-2024", "trade-war-2018"} <= cases
    sectors = detente("list", "sectors", "--json").json
    assert len(sectors) == 32
    assert sum(s["good"] for s in sectors) >= 21
    economies = detente("list", "economies", "--world", "icio-2022-small", "--json").json
    assert economies["economies"][0] == {"code": "USA", "name": "United States"}
    measures = {m["kind"] for m in detente("list", "measures", "--json").json}
    assert {"tariff", "quota", "production_subsidy", "export_ban"} <= measures


@pytest.mark.parametrize("case", list_cases())
def test_a_shown_case_is_the_case(detente: Any, case: str) -> None:
    shown = detente("show", case, "--json").json
    assert all("kind" in measure for measure in shown["measure"])
    assert CaseFile.model_validate(shown).model_dump() == load_case(case).model_dump()


def test_world_check_reads_every_account(detente: Any) -> None:
    report = detente("world", "check", "icio-2022-small", "--json").json
    assert report["valid"] is True
    assert report["output"] == pytest.approx(199.69e6, rel=1e-3)  # world output, USD million


def test_own_worlds_are_shown_and_checked(detente: Any, tmp_path: Path) -> None:
    sales = [[[80.0], [20.0]], [[30.0], [180.0]]]
    own = World.from_arrays(["HOM", "FOR"], ["goods"], sales=sales, trade_elasticity=4.0)
    path = save_world(own, tmp_path / "own")
    shown = detente("world", "show", str(path)).out
    assert shown.splitlines()[0] == "own world"
    assert "Credits" not in shown
    checked = detente("world", "check", str(path)).out
    assert "output 310.0 units of your data" in checked.replace("\N{NO-BREAK SPACE}", " ")
    shares = World.from_arrays(
        ["HOM", "FOR"], ["goods"], sales=sales, trade_elasticity=4.0, accounts="shares"
    )
    found = detente("world", "check", str(save_world(shares, tmp_path / "shares")))
    assert found.code == 2
    assert "built from shares only" in found.errors


def test_new_writes_a_valid_case(detente: Any, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    assert detente("new", str(path)).code == 0
    assert detente("validate", str(path)).code == 0
    text = path.read_text(encoding="utf-8")
    case = parse_case(text)
    assert case.headline_id == "tariff-and-answer"
    assert sum(line.lstrip().startswith("#") or "#" in line for line in text.splitlines()) > 20


def test_new_never_overwrites(detente: Any, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("precious")
    done = detente("new", str(path))
    assert done.code == 5
    assert "exists already" in done.errors
    assert path.read_text() == "precious"
    (tmp_path / "bare.toml").write_text("precious")
    assert detente("new", str(tmp_path / "bare")).code == 5
    assert detente("new", str(path), "--force").code == 0
    assert tomllib.loads(path.read_text(encoding="utf-8"))["schema"] == 2


def test_new_prints_without_a_file(detente: Any) -> None:
    assert parse_case(detente("new").out).name == "my-case"


CASE = """
schema = 2
name = "bad"
world = "icio-2022"
[[measure]]
id = "a"
kind = "{kind}"
by = "{by}"
on = "CHN"
sectors = ["{sector}"]
rate = {rate}
from = {day}
source = "a test"
"""
GOOD = {
    "kind": "tariff",
    "by": "USA",
    "sector": "iron_steel",
    "rate": '"+25 pp"',
    "day": "2024-01-01",
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"by": "USB"}, ['"USB"', '"USA"']),
        ({"sector": "iron_stel"}, ['"iron_stel"', '"iron_steel"']),
        ({"kind": "tarif"}, ['"tarif"', '"tariff"']),
        ({"rate": "25"}, ["25", "%"]),
        ({"rate": '"25 per mille"'}, ["25 per mille"]),
        ({"day": '"next week"'}, ["next week"]),
        ({"day": "2024-02-31"}, ["line"]),
        ({"kind": "purchase_subsidy", "rate": '"100 %"'}, ["100 %"]),
    ],
    ids=["economy", "sector", "instrument", "bare rate", "unit", "date", "calendar", "subsidy"],
)
def test_bad_case_files(
    detente: Any, tmp_path: Path, change: dict[str, str], words: list[str]
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(CASE.format(**(GOOD | change)))
    for command in ("validate", "run"):
        done = detente(command, str(path))
        assert done.code == 2, done.out + done.errors
        assert "Traceback" not in done.errors
        assert "bad.toml" in done.errors
        for word in words:
            assert word in done.errors
    findings = detente("validate", str(path), "--json")
    assert findings.code == 2
    assert findings.json["valid"] is False


def test_the_good_case_is_good(detente: Any, tmp_path: Path) -> None:
    """The cases above differ from this one in a single word."""
    path = tmp_path / "good.toml"
    path.write_text(CASE.format(**GOOD))
    assert detente("validate", str(path)).code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a = " + b"[" * 5000 + b"]" * 5000, "nested deeper"),
        (b"x = 1\n" * 500_000, "larger than"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"name = unquoted", "not TOML"),
        (b"", "missing"),
    ],
    ids=["deep", "huge", "binary", "broken", "empty"],
)
def test_hostile_files(detente: Any, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "hostile.toml"
    path.write_bytes(content)
    done = detente("validate", str(path))
    assert done.code == 2
    assert words in done.errors
    assert len(done.errors) < 3000


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("list", "case"), 2, '"cases"'),
        (("show", "beijing"), 2, '"beijing-2024"'),
        (("explain", "welfare"), 2, "welfare_pct"),
        (("world", "check", "icio-2021"), 2, "icio-2022"),
        (("run", "beijing-2024", "--closure", "balance"), 2, '"balanced"'),
        (("run", "beijing-2024", "--labour", "stuck"), 2, '"specific"'),
        (("run", "beijing-2024", "--elasticities", "shapiro"), 2, "shapiro"),
        (("run", "beijing-2024", "--workers", "0"), 2, "--workers 0"),
        (("run", "beijing-2024", "--drawss", "3"), 2, "--draws"),
        (("frobnicate",), 2, "frobnicate"),
        (("export", "/nowhere/at/all"), 2, "detente run"),
        (("validate",), 2, "FILE"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_words_are_answered(
    detente: Any, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = detente(*arguments)
    assert done.code == code, done.errors
    assert words in done.errors
    assert "Traceback" not in done.errors


def test_unwritable_folder(detente: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = detente("run", "beijing-2024", "--out", str(tmp_path / "file" / "below"))
    assert done.code == 5
    assert "cannot be written" in done.errors


def test_a_reader_who_leaves_early_hears_no_complaint() -> None:
    """`detente list sectors | head -1` ends quietly."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "detente", "list", "sectors"],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    os.close(reading)
    _, errors = process.communicate(timeout=60)
    assert errors == ""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_full_disk_on_the_output_stream() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "detente", "list", "sectors"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 5
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr


def test_explain_says_how_a_measure_is_written(detente: Any) -> None:
    text = detente("explain", "tariff").out
    assert 'kind = "tariff"' in text
    assert "rate" in text
    assert "t_{nij}" in text
    assert "members" not in detente("explain", "CHN").out
    assert "members" in detente("explain", "EU27").out
    unknown = detente("explain", "welfare")
    assert "detente list metrics" in unknown.errors.replace("\n", " ")
    assert "welfare_pct" in detente("list", "metrics").out


def test_world_check_writes_money_once(detente: Any) -> None:
    text = detente("world", "check", "icio-2022-small").out
    assert "\u00a0tn" in text
    assert "million USD million" not in text


def test_a_damaged_file_of_ours_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    note("war-1.block: damaged; computed again.", DamagedFileWarning, "store.py", 7)
    assert capsys.readouterr().err == "detente: war-1.block: damaged; computed again.\n"
    note("invalid value", RuntimeWarning, "kernel.py", 7)
    assert "kernel.py:7: RuntimeWarning: invalid value" in capsys.readouterr().err
