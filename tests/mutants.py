"""How is sound input spoiled, and what may come of reading it? One tool for every reader.

A mutant is made from a seed, so that one that broke a reader can be kept: write its seed in an
``@example`` of the test. ``DETENTE_FUZZ`` says how many times more mutants are tried (`make fuzz`).
"""

from __future__ import annotations

import copy
import os
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

#: What one piece of input may take, whatever it is.
SECONDS, MEGABYTES = 2.0, 300.0
#: The longest message that is still one clear message a finding.
LONGEST_LINE = 2_000

Made = TypeVar("Made")
Test = TypeVar("Test", bound=Callable[..., None])

_STATUS = Path("/proc/self/status")
_PEAK = Path("/proc/self/clear_refs")


def many(count: int) -> int:
    """How many mutants to try, where `make test` tries so many."""
    return count * int(os.environ.get("DETENTE_FUZZ", "1"))


def fuzzed(count: int, **inputs: st.SearchStrategy[Any]) -> Callable[[Test], Test]:
    """Calls a test with `count` inputs, the same in every run; a seed each where none is given."""

    def of(test: Test) -> Test:
        drawn = given(**(inputs or {"seed": st.integers(0, 2**32 - 1)}))(test)
        tried = settings(max_examples=many(count), derandomize=True, deadline=None, database=None)(
            drawn
        )
        return pytest.mark.fuzz(tried)

    return of


def bounded(work: Callable[[], Made], refusal: type[Exception]) -> Made | Exception:
    """What work comes to, or the refusal that it raises; any other exception is the test's.

    Fails where it takes longer or holds more memory than any input may, or where a message is
    empty or repeats what it was given without end. What took too long is tried once more: other
    work on the machine slows a processor, and only adds.
    """
    found: Made | Exception
    for _ in range(2):
        before, began = _memory(reset=True), time.process_time()
        try:
            found = work()
        except refusal as error:
            found = error
        seconds, megabytes = time.process_time() - began, _memory() - before
        if seconds < SECONDS:
            break
    assert seconds < SECONDS, f"{seconds:.1f} s"
    assert megabytes < MEGABYTES, f"{megabytes:.0f} MB"
    if isinstance(found, Exception):
        lengths = [len(line) for line in str(found).splitlines()]
        assert 0 < max(lengths, default=0) <= LONGEST_LINE, str(found)[:LONGEST_LINE]
    return found


def _memory(reset: bool = False) -> float:
    """Megabytes: now, forgetting the peak so far, or at the peak since; 0 where nobody says."""
    if not _STATUS.exists():
        return 0.0
    if reset and _PEAK.exists():
        _PEAK.write_text("5")
    found = re.search(r"VmRSS:\s+(\d+)" if reset else r"VmHWM:\s+(\d+)", _STATUS.read_text())
    return int(found[1]) / 1024 if found else 0.0


# ---- text -------------------------------------------------------------------------------------

#: Values that are right somewhere, wrong elsewhere, or right nowhere.
ODD: tuple[str, ...] = (
    '""', '" "', '"x"', '"\\u0000"', '"' + "x" * 15_000 + '"', '"""' + "\n" * 3_000 + '"""',
    "0", "-1", "1", "1.5", "1e308", "1e999", "-0.0", "nan", "inf", "-inf", "true", "false",
    "0x" + "F" * 9_000, "9" * 4_000, "[]", "[[]]", "[1, \"a\", {}]", "{}", "{ a = { b = [] } }",
    "[" * 15 + "]" * 15, "[" * 40 + "]" * 40, "2024-01-01", "0001-01-01", "9999-12-31",
    "2024-13-01", "12:30:00", "1979-05-27T07:32:00Z", '"2024-01-01"', '"25 %"', '"+10 pp"',
    '"+10 %"', '"-150 %"', '"１２ %"', '"1e999 %"', '"0.000001 %"', '"+1 % of income"',
    '"6.6 bn USD"', '"6.6 bn EUR"', '"1e400 USD"', '"USA"', '["USA", "USA"]', '"all"',
    '"all others"', '"all goods"', '"EU27"', '"world"', '"in force 2024-04-01"',
    '"in force 0000-00-00"', '"same-lines:a"', '"nested"', '"add"', '"cap"', '"exempt"',
    "[" + ", ".join(f'"n{k}"' for k in range(1_500)) + "]",
    "[" + ", ".join(['"USA"'] * 900) + "]",
    "{ " + ", ".join(f"k{k} = 1" for k in range(900)) + " }",
    '{ kind = "mirror", of = "us-cars" }', '{ kind = "surge", threshold = "+20 %" }',
    '{ relation = "at most", change = "-20 %", of = "value" }',
    '{ amount = "1 bn USD", years = 0 }', '{ value = 0.3, low = 0.1, high = 0.6, why = "x" }',
)  # fmt: skip
#: Pieces that break a text in the middle.
PIECES: tuple[str, ...] = (
    "\x00", "\n", "\r", "\r\n", '"', "'", '"""', "'''", "[", "]", "[[", "]]", "{", "}", "=", ".",
    ",", "#", "\\", "\\u12", "é", "−", "\ufeff", "💥", "a.b.c = 1\n", "[talks]\n", "[[measure]]\n",
    "[game]\n", " " * 5_000, "a" * 5_000, "a." * 50, "x = 1\n" * 300,
)  # fmt: skip

_PAIR = re.compile(r"^(\s*)([A-Za-z_]+)(\s*=\s*)(.*)$")


def spoiled(text: str, rng: random.Random) -> str:
    """A text with one to four edits: of characters, lines, keys, values, tables."""
    lines = text.split("\n")
    for _ in range(rng.choice((1, 1, 2, 4))):
        rng.choice(_EDITS)(lines, rng)
    return "\n".join(lines)


def _characters(lines: list[str], rng: random.Random) -> None:
    at = rng.randrange(len(lines))
    line = lines[at]
    begin = rng.randrange(len(line) + 1)
    end = min(len(line), begin + rng.choice((0, 0, 1, 3, 40)))
    lines[at] = line[:begin] + rng.choice((*PIECES, "")) + line[end:]


def _line(lines: list[str], rng: random.Random) -> None:
    at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        del lines[at : at + rng.choice((1, 1, 2, 10))]
    elif kind == 1:
        lines[at:at] = [lines[to]] * rng.choice((1, 1, 2, 600))
    elif kind == 2:
        lines[at], lines[to] = lines[to], lines[at]
    else:
        del lines[at:]
    if not lines:
        lines.append("")


def _pair(lines: list[str], rng: random.Random) -> tuple[int, re.Match[str]] | None:
    """A line that says "key = value"."""
    for _ in range(20):
        at = rng.randrange(len(lines))
        if found := _PAIR.match(lines[at]):
            return at, found
    return None


def _value(lines: list[str], rng: random.Random) -> None:
    if found := _pair(lines, rng):
        at, match = found
        lines[at] = f"{match[1]}{match[2]}{match[3]}{rng.choice(ODD)}"


def _borrowed(lines: list[str], rng: random.Random) -> None:
    """The value of one key under another."""
    one, two = _pair(lines, rng), _pair(lines, rng)
    if one and two:
        at, match = one
        lines[at] = f"{match[1]}{match[2]}{match[3]}{two[1][4]}"


def _key(lines: list[str], rng: random.Random) -> None:
    one, two = _pair(lines, rng), _pair(lines, rng)
    if one and two:
        at, match = one
        key = rng.choice((match[2][:-1] or "x", match[2] + "s", two[1][2], f'"{match[2]} "'))
        lines[at] = f"{match[1]}{key}{match[3]}{match[4]}"


def _name(lines: list[str], rng: random.Random) -> None:
    """A name inside quotes misspelt, doubled or dropped."""
    at = rng.randrange(len(lines))
    names = list(re.finditer(r'"([^"]*)"', lines[at]))
    if names:
        found = rng.choice(names)
        name = rng.choice((found[1][:-1], found[1] + "x", found[1] * 2, "", "x" * 200))
        lines[at] = f'{lines[at][: found.start()]}"{name}"{lines[at][found.end() :]}'


def _table(lines: list[str], rng: random.Random) -> None:
    """A header made single or double, moved, or with its whole table said again."""
    heads = [k for k, line in enumerate(lines) if line.lstrip().startswith("[")]
    if not heads:
        return
    at = rng.choice(heads)
    kind = rng.randrange(4)
    line = lines[at].strip()
    if kind == 0:
        lines[at] = line[1:-1] if line.startswith("[[") else f"[{line}]"
    elif kind == 1:
        lines[at] = lines[rng.choice(heads)]
    elif kind == 2:
        del lines[at]
    else:
        end = next((k for k in heads if k > at), len(lines))
        lines[at:at] = lines[at:end] * rng.choice((1, 1, 30))


_EDITS: Sequence[Callable[[list[str], random.Random], None]] = (
    _characters, _line, _value, _value, _borrowed, _key, _name, _table,
)  # fmt: skip


# ---- bytes and trees ----------------------------------------------------------------------------


def flipped(content: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, cut out, put in or doubled."""
    out = bytearray(content)
    for _ in range(rng.choice((1, 1, 3))):
        at = rng.randrange(len(out))
        kind = rng.randrange(4)
        if kind == 0:
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            out[at : at + 4] = rng.randbytes(4)
        elif kind == 2:
            del out[at : at + rng.randrange(1, 40)]
        else:
            out[at:at] = out[at : at + rng.randrange(1, 40)]
    return bytes(out)


#: Values that no place of a tree of JSON expects, each made anew.
ODD_JSON: tuple[Callable[[], Any], ...] = (
    lambda: None, lambda: True, lambda: False, lambda: 0, lambda: -1, lambda: 10**400,
    lambda: 1e308, lambda: -1e-308, lambda: "", lambda: "x", lambda: "x" * 100_000, lambda: "\x00",
    lambda: [], lambda: [[]], lambda: {}, lambda: {"a": {"b": []}}, lambda: [None], lambda: ["a"],
    lambda: float("nan"), lambda: float("inf"), lambda: "/", lambda: "../w.npz",
    lambda: ["E00"] * 5_000, lambda: [f"s{k}" for k in range(900)],
)  # fmt: skip


def grafted(tree: Any, rng: random.Random) -> Any:
    """A copy of a tree of JSON with one or two places changed, dropped or doubled."""
    out = copy.deepcopy(tree)
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.choice(list(_places(out)))
        if not at:
            continue
        holder = out
        for key in at[:-1]:
            holder = holder[key]
        kind = rng.randrange(4)
        if kind == 0:
            del holder[at[-1]]
        elif kind == 1 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[at[-1]]))
        else:
            holder[at[-1]] = rng.choice(ODD_JSON)()
    return out


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a tree of JSON."""
    yield at
    if isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(part, (*at, key))
