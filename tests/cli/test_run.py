"""Does `detente run` go from a case file to a report, and what if it is stopped on the way?"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detente.cli import main
from detente.cli.commands.running import kept_beside
from detente.store import ResultFolder

CASE = """
schema = 2
name = "small-war"
title = "A small war"
question = "Who loses?"
world = "icio-2022-small"
headline = "both"

[[measure]]
id = "us"
title = "US duty on Chinese electronics"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["electronics"]
rate = "+25 pp"
stacking = "add"
source = "a test"

[[measure]]
id = "cn"
title = "Chinese duty on US farm goods"
kind = "tariff"
by = "CHN"
on = "USA"
sectors = ["agriculture"]
rate = "+10 pp"
stacking = "add"
source = "a test"

[[package]]
id = "both"
title = "Both duties"
measures = ["us", "cn"]

[[package]]
id = "us-first"
title = "The US duty alone"
measures = ["us"]

[[package]]
id = "answer"
title = "What the answer adds"
measures = ["us", "cn"]
compared_with = "us-first"

[[not_priced]]
title = "Delistings"
why = "The model has no financial assets."
source = "a test"

[uncertainty]
draws = 4000
seed = 3
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("case") / "small-war.toml"
    path.write_text(CASE)
    return path


@pytest.fixture(scope="module")
def finished(case: Path) -> tuple[dict[str, object], Path, str]:
    """One run through the whole pipeline, with its standard output and error streams."""
    place, options = case.parent / "out", ("--draws", "60", "--json")
    done = subprocess.run(
        [sys.executable, "-m", "detente", "run", str(case), "--out", str(place), *options],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), place, done.stderr


def test_the_answer_in_json(finished: tuple[dict[str, object], Path, str]) -> None:
    value, place, errors = finished
    assert errors == ""
    assert value["folder"] == str(place)
    assert value["complete"] is True
    assert "a scenario, not a forecast" in str(value["answer"])
    by_code = {e["economy"]: e for e in value["economies"]}  # type: ignore[attr-defined]
    assert len(by_code) == 10
    assert by_code["CHN"]["welfare_pct"] < 0
    for entry in by_code.values():
        assert entry["low"] <= entry["high"]
    assert value["draws"] == {"asked": 60, "finished": 60, "failed": 0, "seed": 3}


def test_the_files(finished: tuple[dict[str, object], Path, str]) -> None:
    _, place, _ = finished
    for name in ("report.html", "manifest.json", "datapackage.json"):
        assert (place / name).stat().st_size > 500
    tables = {p.stem for p in (place / "tables").iterdir()}
    assert {"headline", "trade", "packages", "alone", "choices", "drivers", "same_sign"} <= tables
    assert (place / "report.html").stat().st_size < 1_000_000
    manifest = json.loads((place / "manifest.json").read_text())
    assert set(manifest["residuals"]) == {"both", "us-first", "answer"}
    assert all(0 <= r <= 1e-10 for r in manifest["residuals"].values())
    assert manifest["scenario_hash"].startswith("sha256:")
    assert len(manifest["data_hash"]) == 64
    assert manifest["seed"] == 3
    assert manifest["platform"]["packages"]["jax"]


def test_attribution_sums_to_the_whole(finished: tuple[dict[str, object], Path, str]) -> None:
    import pandas as pd

    _, place, _ = finished
    table = pd.read_csv(place / "tables" / "headline.csv", keep_default_na=False)
    central = table[(table["quantile"] == "") & (table["sector"] == "")]
    shares = central[central["metric"].str.startswith("attribution:")]
    for code in ("USA", "CHN", "VNM"):
        whole = central[(central["metric"] == "welfare_pct") & (central["economy"] == code)]
        parts = shares[shares["economy"] == code]["value"].sum()
        assert parts == pytest.approx(float(whole["value"].iloc[0]), abs=1e-7)  # printed digits


def test_packages_keep_their_own_comparison(
    finished: tuple[dict[str, object], Path, str],
) -> None:
    """Two duties against one is one duty: both, us-first and answer chain (hats multiply)."""
    import pandas as pd

    _, place, _ = finished
    table = pd.read_csv(place / "tables" / "packages.csv", keep_default_na=False)
    rows = table[(table["metric"] == "welfare_pct") & (table["economy"] == "USA")]
    gain = rows.set_index("scenario")["value"].astype(float)
    chained = (1 + gain["us-first"] / 100) * (1 + gain["answer"] / 100)
    assert 100 * (chained - 1) == pytest.approx(gain["both"], abs=1e-7)
    words = rows.set_index("scenario")["compared_with"]
    assert words["both"] == "the world of 2022"
    assert words["answer"] == "\u201cThe US duty alone\u201d"


def test_the_model_choices(finished: tuple[dict[str, object], Path, str]) -> None:
    import pandas as pd

    _, place, _ = finished
    table = pd.read_csv(place / "tables" / "choices.csv", keep_default_na=False)
    rows = table[(table["metric"] == "welfare_pct") & (table["economy"] == "CHN")]
    gain = rows.set_index("scenario")["value"].astype(float)
    assert len(gain) >= 4
    assert gain["as in this report"] != pytest.approx(
        gain["workers stay in their industry (short run)"], rel=1e-3
    )


def test_text_on_the_terminal(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["run", str(case), "--out", str(tmp_path / "out"), "--no-ranges"])
    captured = capsys.readouterr()
    assert code == 0
    assert "\x1b" not in captured.out + captured.err
    assert "A small war" in captured.out
    assert "No ranges were drawn" in captured.out
    assert str(tmp_path / "out" / "report.html") in captured.out
    first, *_ = [line for line in captured.err.splitlines() if "real income" in line]
    assert "range" not in first  # the answer comes before the ranges
    assert captured.err.index("real income") < captured.err.index("packages")


#: The command, heard by Ctrl-C even where the tests run in the background, which ignores it.
LISTENING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from detente.cli import main
from detente.cli.commands.running import kept_beside
from detente.store import ResultFolder
sys.exit(main(sys.argv[1:]))
"""


def test_a_stopped_run_keeps_what_is_done(case: Path, tmp_path: Path) -> None:
    """Ctrl-C among the draws: exit code 130, a report with the draws that were done."""
    place = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENING, "run", str(case), "--out", str(place)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stderr is not None
    started = time.monotonic()
    seen = ""
    while "other model choices: 8 of" not in seen and "other model choices: 9 of" not in seen:
        line = process.stderr.readline()
        assert line, seen
        seen += line
        assert time.monotonic() - started < 240, seen
        if "draws:" in line:
            break
    time.sleep(3.0)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=240)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert "stopped" in errors
    manifest = json.loads((place / "manifest.json").read_text())
    assert manifest["draws"]["finished"] < 4000
    assert (place / "report.html").is_file()
    assert "real income" in out


def is_one_run(place: Path, *others: str) -> bool:
    """Whether a folder holds the files of its manifest, as they were written, and `others`."""
    written = json.loads((place / "manifest.json").read_text())["files"]["run"]
    there = {p.relative_to(place).as_posix(): p for p in place.rglob("*") if p.is_file()}
    return there.keys() == {*written, "manifest.json", *others} and all(
        hashlib.sha256(there[name].read_bytes()).hexdigest() == digest
        for name, digest in written.items()
    )


def started(case: Path, place: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "detente", "run", str(case), "--out", str(place), "--json"]
    return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_two_runs_at_once_into_one_folder_both_complete(case: Path, tmp_path: Path) -> None:
    place = tmp_path / "results"
    place.mkdir()
    (place / "notes.txt").write_text("mine")
    (tmp_path / "link").symlink_to(place)
    running = [started(case, tmp_path / "link", "--draws", "4", "--seed", s) for s in ("1", "2")]
    for one in running:
        _, errors = one.communicate(timeout=400)
        assert one.returncode == 0, errors.decode()
        assert errors == b""
    assert is_one_run(place, "notes.txt")
    assert (tmp_path / "link").is_symlink()


@pytest.mark.slow
def test_runs_that_are_killed_leave_a_whole_run_or_none(case: Path, tmp_path: Path) -> None:
    place = tmp_path / "results"
    options = ("--draws", "30", "--workers", "1")
    for seconds in (1.0, 4.0, 7.0, 10.0, 13.0):
        one = started(case, place, *options)
        time.sleep(seconds)
        one.kill()
        one.communicate()
        ResultFolder(place, "run")  # as the next run does
        assert not (place / "manifest.json").exists() or is_one_run(place)
    last = started(case, place, *options)
    _, errors = last.communicate(timeout=400)
    assert last.returncode == 0, errors.decode()
    assert is_one_run(place)
    assert {path.name for path in tmp_path.iterdir()} == {"results", ".draws"}


def test_finished_work_is_kept_where_one_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept_beside(tmp_path / "results") == tmp_path
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert kept_beside(tmp_path / "results") == tmp_path / "results"
