"""Is starting cheap? Help, lists, checks and refusals load nothing heavy: imports are counted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

#: Seconds of import each; none may be loaded before something is computed or drawn.
HEAVY = ("jax", "jaxlib", "pandas", "xarray", "altair", "vl_convert", "pyarrow", "dask", "scipy")
#: A tenth of a second and more each; not for what neither reads a case nor opens a world.
#: (Pydantic comes with the typer that reads the options of a command.)
WEIGHTY = (*HEAVY, "numpy", "rich")

#: Runs commands one after another: what was loaded for one would be seen at all that follow.
PROBE = """
import contextlib, io, json, sys
from detente.cli import main
for arguments in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(
        io.StringIO()
    ) as errors:
        code = main(arguments)
    loaded = {name.partition(".")[0] for name in sys.modules} & set(json.loads(sys.argv[2]))
    print(json.dumps([code, out.getvalue(), errors.getvalue(), sorted(loaded)]))
"""

WRONG_SECTOR = """
schema = 2
name = "wrong"
world = "icio-2022"
[[measure]]
id = "a"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["steel"]
rate = "+25 pp"
source = "none"
"""

#: These load no command at all, not even the reader of its options.
OF_THE_WHOLE = ("--help", "--version")

#: These open neither a case nor a world, whatever their exit code.
LIGHTER = {
    "lst": 2,
    "list": 2,
    "list secrets": 2,
    "list metrics": 0,
    "list measures": 0,
    "list product-groups": 0,
    "explain USA": 0,
    "explain welfare_pct": 0,
    "new": 0,
    "run": 2,
    "run --help": 0,
    "world --help": 0,
    "export nowhere": 2,
    "read nowhere": 2,
}

LIGHT = (
    "list cases",
    "list worlds",
    "list sectors",
    "list economies",
    "show beijing-2024",
    "validate beijing-2024",
    "validate --schema",
    "cite",
    "world show",
)

#: A refused command, and what its message must name.
REFUSED = {
    "run wrong.toml": "steel",
    "run beijing-2024 --package us-increase": "us-increase",
    "run beijing-2024 --draws 0": "--draws",
    "run beijing-2024 --out blocked": "blocked",
    "run bejing-2024": "beijing-2024",
    "run no-such-case": "no-such-case",
    "validate wrong.toml": "steel",
    "validate no-such-file.toml": "no-such-file.toml",
    "list secrets": "secrets",
    "list wolrds": "worlds",
    "explain welfare": "welfare",
    "world show icio-2023": "icio-2022",
    "run": "case",
}


def probed(
    lines: Iterable[str], folder: Path, heavy: Sequence[str] = HEAVY
) -> list[tuple[int, str, str, list[str]]]:
    """Exit code, both streams, and the heavy packages that are loaded after each command."""
    arguments = json.dumps([line.split() for line in lines])
    done = subprocess.run(
        [sys.executable, "-c", PROBE, arguments, json.dumps(heavy)],
        capture_output=True,
        text=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def test_the_help_of_the_whole_loads_no_command(tmp_path: Path) -> None:
    for code, out, errors, loaded in probed(OF_THE_WHOLE, tmp_path, (*WEIGHTY, "pydantic")):
        assert code == 0, errors
        assert out.strip()
        assert loaded == []


def test_what_opens_neither_case_nor_world_comes_without_numpy(tmp_path: Path) -> None:
    found = probed(LIGHTER, tmp_path, WEIGHTY)
    for (line, ends), (code, _, errors, loaded) in zip(LIGHTER.items(), found, strict=True):
        assert code == ends, (line, errors)
        assert loaded == [], line


def test_light_commands(tmp_path: Path) -> None:
    for line, (code, out, errors, heavy) in zip(LIGHT, probed(LIGHT, tmp_path), strict=True):
        assert code == 0, (line, errors)
        assert out.strip(), line
        assert heavy == [], line


def test_refusals_are_light(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text(WRONG_SECTOR)
    (tmp_path / "blocked").write_text("a file, not a folder")
    answers = probed(REFUSED, tmp_path)
    for (line, named), (code, out, errors, heavy) in zip(REFUSED.items(), answers, strict=True):
        assert code in (2, 5), (line, errors)
        assert errors.strip(), line
        assert named in out + errors, (line, out, errors)
        assert "Traceback" not in errors
        assert out == "" or line.startswith("validate")
        assert heavy == [], line


def test_importing_detente_loads_nothing() -> None:
    code = (
        "import sys, detente; "
        "print(*sorted({m.partition('.')[0] for m in sys.modules} & "
        "{'jax', 'pandas', 'numpy', 'pydantic', 'altair', 'typer', 'rich'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
