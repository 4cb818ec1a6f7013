"""What belongs to the project?"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Folders that tools make; only asked when the checkout is not a git repository.
_MADE = {".git", ".venv", "build", "dist", "out", "_build", "__pycache__"}


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def project_files(root: Path) -> list[Path]:
    """Every file of the project: tracked or about to be, nothing that tools made."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [root / line for line in listed.stdout.splitlines()]
    else:
        found = [p for p in root.rglob("*") if not _MADE.intersection(p.relative_to(root).parts)]
        found = [p for p in found if not any(part.startswith(".") for part in p.parts[-2:-1])]
    return sorted(path for path in found if path.is_file())


@pytest.fixture(scope="session")
def texts(project_files: list[Path]) -> dict[Path, str]:
    """The text files of the project, by path."""
    found: dict[Path, str] = {}
    for path in project_files:
        try:
            found[path] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found
