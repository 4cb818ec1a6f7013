"""Are the files of the project clean, consistent with each other, and complete?"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import detente

# The forbidden words are put together here so that this file does not contain them.
REGISTRY_HOSTS = ("pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org")
MACHINE_PATHS = ("/" + "work/", "/" + "root/", "/" + "home/", "/" + "farm/", "/" + "opt/")
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "# X" + "XX", "raise NotImplemented" + "Error")


def where(texts: dict[Path, str], root: Path, words: tuple[str, ...]) -> list[str]:
    """File and line of every occurrence of one of `words`."""
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()[:80]}"
        for path, text in texts.items()
        if any(word in text for word in words)
        for number, line in enumerate(text.splitlines(), 1)
        if any(word in line for word in words)
    ]


def configured_hosts() -> tuple[str, ...]:
    """Hosts that pip is told to use on this machine."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    return tuple(set(re.findall(r"https?://([^/'\" ]+)", listed)))


def test_no_machine_path_and_no_registry_host(texts: dict[Path, str], root: Path) -> None:
    assert where(texts, root, (*MACHINE_PATHS, *REGISTRY_HOSTS, *configured_hosts())) == []


def test_nothing_is_left_unfinished(texts: dict[Path, str], root: Path) -> None:
    code = {p: t for p, t in texts.items() if p.suffix in {".py", ".toml", ".md", ".html", ".css"}}
    assert where(code, root, UNFINISHED) == []


def test_no_pickle_is_read_or_kept(texts: dict[Path, str], project_files: list[Path]) -> None:
    assert [p for p in project_files if p.suffix in {".pkl", ".pickle", ".joblib"}] == []
    source = {p: t for p, t in texts.items() if p.suffix == ".py" and "src" in p.parts}
    loads = [p for p, t in source.items() if re.search(r"^\s*(import|from) pickle\b", t, re.M)]
    assert loads == []
    assert [p for p, t in source.items() if "allow_pickle=True" in t] == []


def test_modules_stay_readable(texts: dict[Path, str], root: Path) -> None:
    longest = 600
    long = {
        str(p.relative_to(root)): t.count("\n")
        for p, t in texts.items()
        if p.suffix == ".py" and "src" in p.parts and t.count("\n") > longest
    }
    assert long == {}, "look for the second question in these modules"


# ---- version ----------------------------------------------------------------------------


def test_the_version_stands_in_one_place(root: Path, texts: dict[Path, str]) -> None:
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(detente.__version__)}\b", changelog, re.M)
    metadata = [root / "pyproject.toml", root / "CITATION.cff", root / "docs" / "conf.py"]
    assert [p.name for p in metadata if detente.__version__ in texts[p]] == []
    said = [p for p, t in texts.items() if re.search(r"^__version__ = ", t, re.M)]
    assert said == [root / "src" / "detente" / "__init__.py"]


# ---- commands that the pages promise ------------------------------------------------------


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[Path, str]:
    found = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
    return {
        p: p.read_text(encoding="utf-8") for p in found if "_build" not in p.relative_to(root).parts
    }


def test_every_make_command_exists(pages: dict[Path, str], root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    for path, text in pages.items():
        named = set(re.findall(r"(?:`|^ {4}|^\$ )make ([a-z]+)", text, re.M))
        assert named <= targets, path.name


def test_workflows_and_hooks_run_what_the_makefile_runs(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    needs = dict(re.findall(r"^([a-z]+): ([a-z ]*?) *(?:\$\(VENV\).*)?##", makefile, re.M))

    def named(path: str) -> set[str]:
        return set(re.findall(r"\bmake ([a-z]+)", (root / path).read_text(encoding="utf-8")))

    assert named(".pre-commit-config.yaml") == set(needs["check"].split())
    assert named(".github/workflows/ci.yml") - {"test"} == {"setup", *needs["test"].split()}
    assert named(".github/workflows/release.yml") == {"dist", "test"}


def test_every_detente_command_exists(pages: dict[Path, str]) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "detente", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for path, text in pages.items():
        for command in set(re.findall(r"(?:`|^ {4}|^\$ )detente ([a-z]+)\b", text, re.M)):
            assert re.search(rf"\b{command}\b", said), f"{path.name}: detente {command}"


def test_readme_opens_with_the_two_commands(root: Path) -> None:
    top = (root / "README.md").read_text(encoding="utf-8").splitlines()[:20]
    assert any("make demo" in line for line in top)
    assert any("make test" in line for line in top)


def test_ci_runs_the_readme_command(root: Path) -> None:
    script = (root / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^make test$", script, re.M)
    assert "set -euo pipefail" in script


# ---- documentation ------------------------------------------------------------------------


def test_every_page_is_in_the_table_of_contents(root: Path) -> None:
    index = (root / "docs" / "index.md").read_text(encoding="utf-8")
    entries = {line.strip() for line in index.splitlines()}
    for page in sorted((root / "docs").glob("*.md")):
        if page.name != "index.md":
            assert page.stem in entries, f"docs/index.md does not list {page.stem}"


def test_every_example_is_listed_where_users_look(root: Path) -> None:
    guide = (root / "docs" / "start.md").read_text(encoding="utf-8")
    for script in sorted((root / "examples").glob("*.py")):
        assert script.name in guide


# ---- dependencies --------------------------------------------------------------------------


def names_in(requirements: list[str]) -> set[str]:
    """Package names of a list of requirements, extras and versions taken off."""
    return {re.split(r"[\[><=;~ ]", line)[0].lower() for line in requirements}


def group(project: dict[str, Any], name: str) -> list[str]:
    """The requirements of a dependency group, those of the groups it includes among them."""
    found: list[str] = []
    for entry in project["dependency-groups"][name]:
        found += [entry] if isinstance(entry, str) else group(project, entry["include-group"])
    return found


@pytest.mark.parametrize(
    ("lock", "name", "extras"),
    [("requirements.lock", "build", False), ("requirements-dev.lock", "dev", True)],
)
def test_locks_cover_what_is_declared_and_carry_hashes(
    lock: str, name: str, extras: bool, root: Path
) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    text = (root / lock).read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9._-]+)==\S+", text, re.M)
    declared = [*project["project"]["dependencies"], *group(project, name)]
    for needed in project["project"]["optional-dependencies"].values():
        declared += needed if extras else []
    assert names_in(declared) <= set(pinned)
    assert "://" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_short_lock_is_part_of_the_long_one(root: Path) -> None:
    def pins(name: str) -> set[str]:
        text = (root / name).read_text(encoding="utf-8")
        return set(re.findall(r"^[a-z0-9._-]+==[^ ;\\]+", text, re.M))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
