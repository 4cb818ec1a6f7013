"""What does the package define, import and say? Read from its source, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "detente"


@dataclass(frozen=True)
class Module:
    """One source file of the package, parsed."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def layer(self) -> str:
        """Folder or module on the top floor: "world", "errors"."""
        return self.name.split(".")[1] if "." in self.name else ""


@dataclass(frozen=True)
class Import:
    """One module of the package that another imports, and how."""

    line: int
    target: str
    in_function: bool
    for_typing: bool


def dotted(path: Path) -> str:
    """Name under which a source file is imported."""
    parts = ("detente", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


@cache
def modules() -> dict[str, Module]:
    """Every module of the package by its name."""
    return {
        dotted(path): Module(dotted(path), path, ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(SOURCE.rglob("*.py"))
    }


@cache
def exported() -> dict[str, dict[str, str]]:
    """For each folder with a list of names, the module where each name is looked up."""
    found: dict[str, dict[str, str]] = {}
    for stub in sorted(SOURCE.rglob("__init__.pyi")):
        folder = dotted(stub)
        found[folder] = {
            alias.name: f"{folder}.{node.module}"
            for node in ast.parse(stub.read_text(encoding="utf-8")).body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
    return found


def home(module: str, name: str) -> str:
    """The module that defines `name` of `module`, through as many doors as it takes."""
    listed = exported().get(module, {})
    if name in listed:
        return home(listed[name], name)
    return f"{module}.{name}" if f"{module}.{name}" in modules() else module


def _statements(tree: ast.AST) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool, bool]]:
    """Every import of a tree; whether it is in a function; whether only for type checkers."""

    def walk(node: ast.AST, inside: bool, typing: bool) -> Iterator[tuple[ast.AST, bool, bool]]:
        for child in ast.iter_child_nodes(node):
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            checked = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            if isinstance(child, ast.Import | ast.ImportFrom):
                yield child, inside, typing
            yield from walk(child, inside or function, typing or checked)

    return walk(tree, False, False)  # type: ignore[return-value]


def _used_through(tree: ast.AST, door: str, module: str) -> set[str]:
    """Modules reached by attributes of an imported folder: ``world.load_world``."""
    found = set()
    for node in ast.walk(tree):
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id == door and names:
            at = module
            for name in names:
                at = home(at, name)
                if at not in exported():
                    break
            found.add(at)
    return found


def imports(module: Module) -> list[Import]:
    """Everything of the package that a module imports, each name at its home."""
    found = []
    for node, inside, typing in _statements(module.tree):
        targets: set[str] = set()
        if isinstance(node, ast.ImportFrom):
            if (node.module or "").split(".")[0] == "detente":
                targets = {home(node.module or "", alias.name) for alias in node.names}
        else:
            for alias in node.names:
                if alias.name.split(".")[0] == "detente":
                    door, start = alias.asname or "detente", alias.name
                    start = start if alias.asname else "detente"
                    targets |= {alias.name} | _used_through(module.tree, door, start)
        found += [Import(node.lineno, target, inside, typing) for target in sorted(targets)]
    return found


def classes() -> dict[str, list[str]]:
    """Modules in which a class of each name is defined."""
    found: dict[str, list[str]] = {}
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(module.name)
    return found


def told_by(module: str, name: str) -> set[str]:
    """Names that stand in the signature, or in the fields and methods, of what a module defines."""
    found: set[str] = set()
    for node in modules()[module].tree.body:
        defined = getattr(node, "name", None) == name or name in _given(node)
        if not defined:
            continue
        if isinstance(node, ast.Assign):
            found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        for part in ast.walk(node):
            annotations = [getattr(part, "annotation", None), getattr(part, "returns", None)]
            for annotation in filter(None, annotations):
                found |= {n.id for n in ast.walk(annotation) if isinstance(n, ast.Name)}
    return found


# ---- what it says -----------------------------------------------------------------------------

#: Arguments that describe a field or carry the note of an instrument or of a repair.
DESCRIBING = {"description", "hint", "note", "notes", "doc"}

#: A sentence has at least this many words.
WORDS = 8

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _is_error(node: ast.AST) -> bool:
    """Whether what stands inside speaks of a fault."""
    if isinstance(node, ast.Raise | ast.Assert):
        return True
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        return name.endswith(("Error", "Warning", "Finding")) or name == "warn"
    return False


def _given(node: ast.AST) -> set[str]:
    """Names that a statement gives a value, or adds to."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        targets = [node.target]
    return {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}


def _into_errors(function: ast.AST) -> set[str]:
    """Names used in a function's errors, or to make what is used there."""
    found: set[str] = set()
    before = -1
    while before < len(found):
        before = len(found)
        for node in ast.walk(function):
            if _is_error(node) or _given(node) & found:
                found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                found |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    return found


@cache
def _complaints() -> frozenset[str]:
    """Functions whose answers go into an error somewhere."""
    functions = [n for m in modules().values() for n in ast.walk(m.tree) if isinstance(n, Function)]
    found: set[str] = set()
    for function in functions:
        names = _into_errors(function)
        for node in ast.walk(function):
            if _is_error(node) or _given(node) & names:
                found |= {ast.unparse(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
    return frozenset(found)


def _docstrings(tree: ast.AST) -> set[int]:
    """Identities of the strings that stand alone as a statement."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _said(node: ast.AST) -> str:
    """The text of a string; a number or name to be filled in counts as one word."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(getattr(part, "value", "")) if isinstance(part, ast.Constant) else "x"
            for part in node.values
        )
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def sentences(module: Module) -> list[tuple[int, str]]:
    """Line and text of every string that speaks to a reader.

    Left out are docstrings, errors and what goes into them, descriptions of fields, notes of
    instruments (the attributes of their classes) and of repairs, and what a result prints.
    """
    documentation = _docstrings(module.tree)
    found = []

    def walk(node: ast.AST, errors: set[str]) -> None:
        if _is_error(node) or _given(node) & errors or id(node) in documentation:
            return
        if isinstance(node, Function):
            if node.name in _complaints() or node.name in {"__str__", "__repr__"}:
                return
            errors = errors | _into_errors(node)
        if isinstance(node, ast.keyword) and node.arg in DESCRIBING:
            return
        if isinstance(node, ast.Module | ast.ClassDef) and module.layer == "measures":
            for child in node.body:
                if not _given(child):
                    walk(child, errors)
            return
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Repair"):
            return
        text = _said(node)
        if sum(any(c.isalpha() for c in word) for word in text.split()) >= WORDS:
            found.append((getattr(node, "lineno", 0), text))
        if not isinstance(node, ast.JoinedStr):
            for child in ast.iter_child_nodes(node):
                walk(child, errors)

    constants = {name for node in module.tree.body for name in _given(node)}
    walk(module.tree, constants & _into_errors(module.tree))
    return found
