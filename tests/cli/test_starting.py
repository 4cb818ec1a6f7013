"""Is starting cheap? Help, lists, checks and refusals load nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("jax", "jaxlib", "pandas", "xarray", "altair", "vl_convert", "pyarrow", "scipy")

PROBE = f"""
import sys
import detente
from detente.cli import main
code = main(sys.argv[1:])
heavy = {{name.partition(".")[0] for name in sys.modules}} & set({HEAVY!r})
sys.stdout.flush()
print("HEAVY", *sorted(heavy), file=sys.stderr)
sys.exit(code)
"""

WRONG_SECTOR = """
schema = 1
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


def probe(*arguments: str) -> tuple[int, str, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    errors, _, heavy = done.stderr.rpartition("HEAVY")
    return done.returncode, done.stdout, errors, heavy.strip()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("run", "--help"),
        ("list", "cases"),
        ("list", "worlds"),
        ("list", "measures"),
        ("list", "sectors"),
        ("list", "economies"),
        ("list", "product-groups"),
        ("show", "beijing-2024"),
        ("validate", "beijing-2024"),
        ("validate", "--schema"),
        ("explain", "welfare_pct"),
        ("new",),
        ("cite",),
        ("world", "show"),
    ],
    ids=" ".join,
)
def test_light_commands(arguments: tuple[str, ...]) -> None:
    code, out, errors, heavy = probe(*arguments)
    assert code == 0, errors
    assert out.strip()
    assert heavy == ""


def test_refusals_are_light(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(WRONG_SECTOR)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder")
    for arguments in (
        ("run", str(wrong)),
        ("run", "beijing-2024", "--package", "us-increase"),
        ("run", "beijing-2024", "--draws", "0"),
        ("run", "beijing-2024", "--out", str(blocked)),
        ("run", "no-such-case"),
        ("validate", str(wrong)),
        ("list", "secrets"),
        ("explain", "welfare"),
        ("world", "show", "icio-2023"),
        ("run",),
    ):
        code, out, errors, heavy = probe(*arguments)
        assert code in (2, 5), (arguments, errors)
        assert errors.strip()
        assert "Traceback" not in errors
        assert out == "" or arguments[0] == "validate"
        assert heavy == "", (arguments, heavy)


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
