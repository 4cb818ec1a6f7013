"""Are the laws of the house kept? No cycles, no hidden imports, no sentences where facts live."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.repo.package import Module, classes, exported, home, imports, modules, sentences, told_by

#: Where a string may speak to a reader.
SPEAKS = {"errors", "wording", "case", "live", "report", "app", "cli", "__main__"}

#: Where the notes of repairs are written.
NOTES = {"detente.world.cleaning"}


def tangles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Sets of modules that reach each other (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(node: str) -> None:
        number[node] = lowest[node] = len(number)
        stack.append(node)
        for after in graph.get(node, set()) - {node}:
            if after not in number:
                visit(after)
                lowest[node] = min(lowest[node], lowest[after])
            elif after in stack:
                lowest[node] = min(lowest[node], number[after])
        if lowest[node] == number[node]:
            cut = stack.index(node)
            if len(stack) - cut > 1:
                found.append(sorted(stack[cut:]))
            del stack[cut:]

    for node in graph:
        if node not in number:
            visit(node)
    return found


def test_the_check_sees_a_tangle() -> None:
    assert tangles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]
    assert tangles({"a": {"b", "a"}, "b": set()}) == []


def test_no_two_modules_import_each_other() -> None:
    graph = {
        name: {found.target for found in imports(module) if not found.for_typing}
        for name, module in modules().items()
    }
    tangled = {name for knot in tangles(graph) for name in knot}
    assert tangled == set()


def test_no_import_of_the_package_hides_in_a_function() -> None:
    hidden = [
        f"{name}:{found.line}"
        for name, module in modules().items()
        for found in imports(module)
        if found.in_function
    ]
    assert hidden == []


def test_the_check_hears_a_sentence() -> None:
    text = '''
def told(n):
    """A docstring may speak to whoever reads the code, at any length."""
    if n < 0:
        problem = f"n is {n}, which is not what this function takes"
        raise ValueError(problem)
    return "this sentence would be better told by the report than here"
'''
    module = Module("detente.world.told", Path(), ast.parse(text))
    assert [line for line, _ in sentences(module)] == [7]


def test_only_the_top_floors_speak_to_a_reader() -> None:
    said = [
        f"{name}:{line}: {text}"
        for name, module in modules().items()
        if module.layer not in SPEAKS and name not in NOTES
        for line, text in sentences(module)
    ]
    assert said == []


def test_no_two_classes_share_a_name() -> None:
    twice = {name for name, places in classes().items() if len(places) > 1}
    assert twice == set()


def test_every_public_name_is_used(root: Path) -> None:
    places = (
        "README.md",
        "docs/*.md",
        "docs/**/*.py",
        "examples/*.py",
        "tools/*.py",
        "benchmarks/*.py",
    )
    told = {"cli", "run", "report"}
    texts = [path.read_text(encoding="utf-8") for place in places for path in root.glob(place)]
    texts += [m.path.read_text(encoding="utf-8") for m in modules().values() if m.layer in told]
    used = set(re.findall(r"\w+", "\n".join(texts)))
    public = {name: home(folder, name) for folder, names in exported().items() for name in names}
    reached: set[str] = set()
    while found := (used & public.keys()) - reached:
        reached |= found
        for name in found:  # what a used function takes or returns is used with it
            used |= told_by(public[name], name)
    idle = [
        f"{folder}.{name}"
        for folder, names in exported().items()
        for name in names
        if name not in used
    ]
    assert idle == []
