"""Do tests mirror the modules, and does each stand on its own?"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.repo.package import SOURCE

TESTS = Path(__file__).resolve().parents[1]

#: Files of tests that speak of a folder as a whole, of shipped files, of papers, or of bad input.
WHOLE = {
    "case/test_fuzz.py",
    "case/test_shipped_cases.py",
    "cli/test_commands.py",
    "cli/test_run.py",
    "cli/test_streams.py",
    "data/test_shipped_files.py",
    "data/test_tariff_tables.py",
    "equilibrium/test_axes.py",
    "equilibrium/test_methods.py",
    "equilibrium/test_shipped_world.py",
    "games/test_bad_input.py",
    "games/test_by_hand.py",
    "games/test_published.py",
    "outcomes/test_laws.py",
    "outcomes/test_nafta_split.py",
    "world/test_data_page.py",
}


def test_a_file_of_tests_is_named_after_its_module() -> None:
    strangers = set()
    for path in TESTS.glob("*/test_*.py"):
        folder = SOURCE / path.parent.name
        modules = {module.stem for module in folder.rglob("*.py")}
        if folder.is_dir() and path.stem.removeprefix("test_") not in modules:
            strangers.add(path.relative_to(TESTS).as_posix())
    assert strangers == WHOLE, "name it after the module whose laws it holds"


def test_no_test_imports_another() -> None:
    wrong = []
    for path in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests"):
                names = (node.module or "").split(".")
                if any(name == "conftest" or name.startswith("test_") for name in names):
                    wrong.append(f"{path.relative_to(TESTS)}:{node.lineno}")
    assert wrong == [], "what tests share lies in a module that is no test"
