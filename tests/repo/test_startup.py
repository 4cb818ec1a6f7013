"""Is starting cheap? Imports are counted, not seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

#: Seconds of import each; none may be loaded before something is computed or drawn.
HEAVY = ("jax", "jaxlib", "pandas", "xarray", "altair", "vl_convert", "pyarrow", "dask", "scipy")

#: Runs the command line in this process and reports what got loaded, whatever the exit code.
PROBE = """
import sys
code = 0
try:
    from detente.cli import main
    sys.argv = ["detente", *{arguments!r}]
    code = main() or 0
except SystemExit as stop:
    code = stop.code or 0
loaded = sorted({{name.partition(".")[0] for name in sys.modules}} & set({heavy!r}))
print("\\nLOADED", *loaded)
print("CODE", code)
"""


def loaded_by(arguments: list[str], folder: Path) -> tuple[list[str], int, str]:
    """Heavy packages that a command loads, its exit code, and everything it wrote."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(arguments=arguments, heavy=HEAVY)],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert "LOADED" in done.stdout, done.stdout + done.stderr
    tail = done.stdout[done.stdout.rindex("LOADED") :].split()
    at = tail.index("CODE")
    return tail[1:at], int(tail[at + 1]), done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["run", "--help"],
        ["list", "cases"],
        ["list", "worlds"],
        ["list", "measures"],
        ["validate", "beijing-2024"],
    ],
    ids=" ".join,
)
def test_starting_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    heavy, code, said = loaded_by(arguments, tmp_path)
    assert heavy == []
    assert code == 0, said


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["run", "bejing-2024"], "beijing-2024"),
        (["validate", "no-such-file.toml"], "no-such-file.toml"),
        (["list", "wolrds"], "worlds"),
    ],
    ids=["misspelt case", "absent file", "misspelt list"],
)
def test_input_errors_load_nothing_heavy(arguments: list[str], named: str, tmp_path: Path) -> None:
    heavy, code, said = loaded_by(arguments, tmp_path)
    assert heavy == []
    assert code != 0
    assert named in said
    assert "Traceback" not in said


def test_importing_detente_loads_nothing_at_all(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, detente; print('numpy' in sys.modules)"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout.strip() == "False"
