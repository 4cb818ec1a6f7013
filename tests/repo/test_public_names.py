"""Is every public name listed, documented, and on a page of the reference?"""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import detente

SOURCE = Path(detente.__file__).parent
FOLDERS = sorted(p.parent.name for p in SOURCE.glob("*/__init__.py"))
#: What the reference has a page for: every folder but the command line, and the ground floor.
REFERENCE = [*(name for name in FOLDERS if name != "cli"), "errors", "quantities", "wording"]


def undocumented(module: ModuleType) -> list[str]:
    """Public functions and classes of a module without a docstring of their own."""
    bare = []
    for name in module.__all__:
        thing = getattr(module, name)
        if not (inspect.isfunction(thing) or inspect.isclass(thing)):
            continue
        text = inspect.getdoc(thing) or ""
        # A dataclass without a docstring gets its signature as one.
        if not text or text.startswith(f"{name}("):
            bare.append(name)
    return bare


def test_the_front_door_opens_every_name_it_lists() -> None:
    for name in detente.__all__:
        assert getattr(detente, name) is not None
    assert sorted(detente.__all__) == dir(detente)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = detente.no_such_name


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_lists_its_names_and_each_is_documented(folder: str) -> None:
    module = import_module(f"detente.{folder}")
    assert module.__doc__, f"detente.{folder} does not say what question it answers"
    assert getattr(module, "__all__", None), f"detente.{folder} lists no public names"
    assert len(set(module.__all__)) == len(module.__all__)
    missing = [name for name in module.__all__ if not hasattr(module, name)]
    assert missing == []
    assert undocumented(module) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_module_hides_a_name_of_its_folder(folder: str) -> None:
    """Importing `folder.x` sets `x` on the folder: a public `x` must then be the one in x.py."""
    here = SOURCE / folder
    modules = {p.stem for p in here.glob("*.py")} | {p.parent.name for p in here.glob("*/*.py")}
    stub = here / "__init__.pyi"
    text = stub.read_text(encoding="utf-8") if stub.is_file() else ""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            home = (node.module or "").partition(".")[0]
            hidden = {alias.name for alias in node.names} & modules - {home}
            assert hidden == set()


@pytest.mark.parametrize("name", REFERENCE)
def test_every_folder_is_in_the_reference(name: str, root: Path) -> None:
    pages = "\n".join(p.read_text(encoding="utf-8") for p in root.glob("docs/reference/*.md"))
    assert f"automodule:: detente.{name}\n" in pages


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.stem)
def test_every_module_asks_its_question_first(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(('"""', 'r"""')), f"{path.name} has no opening docstring"
