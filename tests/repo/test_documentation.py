"""Does the code that the pages show run?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if "```python" in page.read_text(encoding="utf-8")
]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def python_blocks(text: str) -> list[str]:
    """The fenced Python of a page, in order."""
    return re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_on_a_page_runs_from_top_to_bottom(page: Path, tmp_path: Path) -> None:
    script = tmp_path / f"{page.stem}.py"
    script.write_text("\n".join(python_blocks(page.read_text(encoding="utf-8"))), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_examples_are_there_and_say_what_they_show() -> None:
    assert len(EXAMPLES) >= 5
    for script in EXAMPLES:
        assert script.read_text(encoding="utf-8").startswith('"""')


@pytest.mark.slow
def test_readme_shows_what_the_command_prints(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sample = re.search(r"^```text\n\$ (detente run \S+)\n(.*?)^```$", readme, re.M | re.S)
    assert sample, "README shows no run"
    printed = subprocess.run(
        [sys.executable, "-m", *sample[1].split(), "--quiet"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    # README leaves out rows and columns of tables; what it shows must be what is printed now.
    # Sentences may break elsewhere, since lines are as wide as the terminal.
    rows = [set(re.split(r" {2,}", line.strip())) for line in printed.splitlines()]
    prose = " ".join(printed.split())
    for paragraph in sample[2].split("\n\n"):
        if " ".join(paragraph.split()) in prose:
            continue
        for line in paragraph.splitlines():
            cells = set(re.split(r" {2,}", line.strip()))
            assert line == "…" or any(cells <= row for row in rows), f"not printed any more: {line}"
