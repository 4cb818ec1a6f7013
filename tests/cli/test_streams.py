"""What becomes of a command whose output, error or input stream is closed or full?"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from detente.errors import InputError, OutputError

BASH = shutil.which("bash")
pytestmark = pytest.mark.skipif(BASH is None, reason="streams are closed by a shell")


def at_shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BASH), "-c", f'"{sys.executable}" -m detente {line}'],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


@pytest.mark.parametrize(
    "line", ["list cases >&-", "--help >&-", "run decoupling >&-", "list worlds 1</dev/null"]
)
def test_closed_output_is_one_line_and_one_exit(line: str, tmp_path: Path) -> None:
    done = at_shell(line, tmp_path)
    assert done.returncode == OutputError.exit_code
    assert len(done.stderr.splitlines()) == 1
    assert "standard output is closed" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_an_error_stream_the_exit_alone_speaks(tmp_path: Path) -> None:
    done = at_shell("list nonsense 2>&-", tmp_path)
    assert done.returncode == InputError.exit_code
    assert done.stdout == ""
    done = at_shell("list cases 2>&- <&-", tmp_path)
    assert done.returncode == 0
    assert "decoupling" in done.stdout
    assert at_shell("list cases >&- 2>&-", tmp_path).returncode == OutputError.exit_code


def test_closed_input_is_an_input_error(tmp_path: Path) -> None:
    done = at_shell("read - <&-", tmp_path)
    assert done.returncode == InputError.exit_code
    assert done.stderr == (
        "detente: -: standard input is closed. Pipe a text into it, or name a file.\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    done = at_shell("list cases --json > /dev/full", tmp_path)
    assert done.returncode == OutputError.exit_code
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_error_stream_leaves_the_exit_code(tmp_path: Path) -> None:
    for line in ("list nonsense", "nonsense", "run nonsense.toml"):
        assert at_shell(f"{line} 2> /dev/full", tmp_path).returncode == InputError.exit_code


@pytest.mark.parametrize(
    "line",
    ["{x}", "--{x}", "list {x}", "run {x}", "validate {x}.toml", "run decoupling --package {x}",
     "run decoupling --draws {x}", "run decoupling --out {x}", "new {x}", "explain {x}",
     "world show {x}", "cite {x}", "export {x}", "war {x}"],
)  # fmt: skip
def test_a_word_of_100_kilobytes_is_not_repeated(line: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "detente", *line.format(x="x" * 100_000).split()],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode in (InputError.exit_code, OutputError.exit_code)
    assert "Traceback" not in done.stderr
    assert 0 < len(done.stderr) < 1_000
    assert list(tmp_path.iterdir()) == []
