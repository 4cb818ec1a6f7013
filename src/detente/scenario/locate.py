"""On which line of a TOML file does a key stand?

The parser of the standard library reports lines for broken syntax only; messages about what a file
says need the line of the key too. This finds them in text that is known to parse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[|\[)\s*(.+?)\s*(\]\]|\])\s*(?:#.*)?$")
_NAME = r"""(?:[A-Za-z0-9_\-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"^\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_PIECE = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_\-]+)""")


def _pieces(dotted: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _PIECE.findall(dotted))


def structure(text: str) -> Iterator[tuple[int, str, int]]:
    """Lines that begin outside any value, with the depth of brackets that the line reaches.

    Yields (line number, line, deepest bracket level); inside strings nothing counts.
    """
    quote = ""
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        starts_outside = not quote and depth == 0
        deepest, at = depth, 0
        while at < len(line):
            char = line[at]
            if quote:
                if char == "\\" and quote[0] == '"':
                    at += 2
                    continue
                if line.startswith(quote, at):
                    at += len(quote)
                    quote = ""
                    continue
            elif char == "#":
                break
            elif char in "\"'":
                quote = char * 3 if line.startswith(char * 3, at) else char
                at += len(quote)
                continue
            elif char in "[{":
                depth += 1
                deepest = max(deepest, depth)
            elif char in "]}":
                depth = max(0, depth - 1)
            at += 1
        if len(quote) == 1:
            quote = ""  # a one-line string ends with its line
        yield (number if starts_outside else -number), line, deepest


def lines_of(text: str) -> dict[Path, int]:
    """Line of every table and key: ``("measure", 2, "rate")`` is the third measure's rate.

    Examples
    --------
    >>> lines_of('name = "a"\\n[[measure]]\\nid = "x"\\n')[("measure", 0, "id")]
    3
    """
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    prefix: Path = ()
    for number, line, _ in structure(text):
        if number < 0:
            continue
        header = _HEADER.match(line)
        if header:
            path = _placed(_pieces(header[2]), counts)
            if header[1] == "[[":
                path = (*path[:-1], path[-1]) if path else path
                plain = tuple(path)
                counts[plain] = counts.get(plain, -1) + 1
                path = (*plain, counts[plain])
            prefix = path
            found.setdefault(path, number)
            continue
        key = _KEY.match(line)
        if key:
            path = (*prefix, *_pieces(key[1]))
            for length in range(len(prefix) + 1, len(path) + 1):
                found.setdefault(path[:length], number)
    return found


def _placed(names: tuple[str, ...], counts: dict[Path, int]) -> Path:
    """A header's path with the position in every array of tables it passes through."""
    path: Path = ()
    for k, name in enumerate(names):
        path = (*path, name)
        if k < len(names) - 1 and path in counts:
            path = (*path, counts[path])
    return path


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """Line of a key, or of the innermost table around it that has one."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None
