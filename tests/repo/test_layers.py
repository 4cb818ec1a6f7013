"""Does every import go one way?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "detente"

#: Left to right; a module imports from the left of itself, never from the right.
LAYERS = (
    "errors",
    "quantities",
    "wording",
    "progress",
    "store",
    "arrays",
    "show",
    "data",
    "world",
    "measures",
    "scenario",
    "equilibrium",
    "outcomes",
    "uncertainty",
    "games",
    "talks",
    "forecast",
    "case",
    "run",
    "live",
    "run",
    "report",
    "app",
    "cli",
)

#: The front door (names loaded on first use) and `python -m detente` stand outside the layers.
DOORS = {"__init__", "__main__"}

#: Folders without code.
WITHOUT_CODE = {"cases", "__pycache__"}


def imported(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and dotted name of everything that a module imports, at any depth."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "detente":
                found += [(node.lineno, f"detente.{alias.name}") for alias in node.names]
            else:
                found.append((node.lineno, node.module))
    return found


def breaches(source: str, layer: str) -> list[str]:
    """The imports of `source`, a module of `layer`, that go the wrong way."""
    wrong = []
    for line, name in imported(ast.parse(source)):
        parts = name.split(".")
        if parts[0] != "detente" or len(parts) == 1:
            continue
        if parts[1] in LAYERS and LAYERS.index(parts[1]) > LAYERS.index(layer):
            wrong.append(f"line {line}: {layer} imports {name}")
        if parts[1] not in LAYERS and parts[1] not in {"__version__"}:
            wrong.append(f"line {line}: {name} is in no layer (import from its folder)")
    return wrong


MODULES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if path.relative_to(SOURCE).parts[0].removesuffix(".py") not in DOORS
]


def test_every_folder_and_module_has_its_layer() -> None:
    top = {p.stem if p.suffix == ".py" else p.name for p in SOURCE.iterdir()}
    code = {name for name in top if (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file()}
    assert code - DOORS - WITHOUT_CODE <= set(LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_go_leftwards(path: Path) -> None:
    layer = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    assert breaches(path.read_text(encoding="utf-8"), layer) == []


def test_the_check_itself_sees_a_breach() -> None:
    inside = "def f():\n    from detente.equilibrium.solve import solve\n"
    assert breaches(inside, "world") == ["line 2: world imports detente.equilibrium.solve"]
    assert breaches("from detente.world import World\n", "equilibrium") == []
    assert breaches("from detente import solve\n", "report") != []
