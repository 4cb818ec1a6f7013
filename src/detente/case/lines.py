"""On which line of a case file does a key stand?

The parser of the standard library reports lines for broken syntax only; messages about what a file
says need the line of the key too. One pass over the text finds them, with the depth that the text
reaches, before the parser sees it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.errors import CaseFileError, shortened

__all__ = ["DEEPEST", "KeyLines", "Path"]

#: Keys, and positions in lists: ``("measure", 2, "rate")`` is the third measure's rate.
Path = tuple[str | int, ...]

#: Files that are nested deeper than this, or have keys of more parts, are refused.
DEEPEST = 20

_TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\r]++|\#[^\n]*+)
  | (?P<end>\n)
  | (?P<mark>[\[\]{}=,.])
  | (?P<text>
        \"{3}(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:\"{3,5})?+
      | '{3}(?:[^']|'(?!''))*+(?:'{3,5})?+
      | "(?:[^"\\\n]|\\[^\n])*+"?+
      | '[^'\n]*+'?+ )
  | (?P<word>[^\s\[\]{}=,.\#"']++)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class KeyLines:
    """Where the keys of a text stand.

    Attributes
    ----------
    file
        What messages call the text.
    found
        First line of every table and key.
    tables
        What the text says: names the entries of lists in messages.

    Examples
    --------
    >>> KeyLines.of('name = "a"\\n[[measure]]\\nid = "x"\\n').line(("measure", 0, "id"))
    3
    """

    file: str
    found: Mapping[Path, int] = field(repr=False)
    tables: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, text: str, file: str = "") -> KeyLines:
        """The lines of a text.

        Raises
        ------
        CaseFileError
            It is nested too deeply for any case file.
        """
        return cls(file, _Walk(file).over(text))

    def line(self, path: Path) -> int | None:
        """Line of a key, or of the innermost table around it that has one."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.found:
                return self.found[path[:length]]
        return None

    def place(self, path: Path) -> str:
        """Where something stands: file, line, key."""
        line = self.line(path)
        parts = (self.file, f"line {line}" if line else "", self.key(path))
        return ", ".join(part for part in parts if part)

    def key(self, path: Path) -> str:
        """A key as the reader of the file sees it: measure 3 ("301-ev"), rate."""
        words: list[str] = []
        at: Any = self.tables
        for piece in path:
            if isinstance(piece, int):
                at = at[piece] if isinstance(at, list) and piece < len(at) else None
                name = at.get("id") if isinstance(at, dict) else None
                named = f' ("{shortened(name)}")' if isinstance(name, str) else ""
                words[-1] += f" {piece + 1}{named}"
            else:
                words.append(shortened(piece))
                at = at.get(piece) if isinstance(at, dict) else None
        return ", ".join(words)


class _Walk:
    """One pass over the tokens of a text."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.line = 1
        self.found: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        self.table: Path = ()  # the table that the last header opened
        self.open: list[tuple[str, Path]] = []  # brackets not yet closed, and what they hold
        self.at: Path = ()  # the key whose value is being read, or the entry of a list
        self.key: list[str] = []  # pieces of the key that is being read
        self.doing = "key"  # or "header", "value", "rest" (until the line ends)

    def over(self, text: str) -> dict[Path, int]:
        last = 0
        for match in _TOKEN.finditer(text):
            kind, piece = match.lastgroup, match[0]
            if kind == "mark":
                self.mark(piece, doubled=match.start() == last + 1 and text[last] == piece)
                last = match.start()
            elif kind == "end":
                self.line += 1
                if not self.open:
                    self.key, self.doing = [], "key"
            elif kind != "blank":
                if self.doing in ("key", "header"):
                    self.key.append(piece.strip("\"'"))
                    self.keep_shallow(len(self.key))
                elif kind == "text":
                    self.entry()
                if kind == "text":
                    self.line += piece.count("\n")
        return self.found

    def mark(self, piece: str, doubled: bool) -> None:
        if self.doing == "value":
            self.in_value(piece)
        elif self.doing == "key" and piece == "=":
            path = (*(self.open[-1][1] if self.open else self.table), *self.key)
            for length in range(len(path) - len(self.key) + 1, len(path) + 1):
                self.found.setdefault(path[:length], self.line)
            self.at, self.key, self.doing = path, [], "value"
        elif self.doing == "key" and piece in "}]" and self.open:
            self.close()
        elif self.doing == "key" and piece == "[" and not (self.open or self.key):
            self.doing, self.in_list = "header", False
        elif self.doing == "header" and piece == "[" and doubled:
            self.in_list = True
        elif self.doing == "header" and piece == "]":
            self.header()

    def in_value(self, piece: str) -> None:
        if piece in "[{":
            self.entry()
            self.open.append((piece, self.at))
            self.keep_shallow(len(self.open))
            self.key = []
            self.doing = "value" if piece == "[" else "key"
            self.at = (*self.at, 0)
        elif piece in "]}" and self.open:
            self.close()
        elif piece == "," and self.open:
            bracket, path = self.open[-1]
            if bracket == "{":
                self.key, self.doing = [], "key"
            elif isinstance(self.at[-1], int):
                self.at = (*path, self.at[-1] + 1)

    def close(self) -> None:
        _, self.at = self.open.pop()
        self.doing = "value" if self.open else "rest"

    def entry(self) -> None:
        """A text or table in a list, where it does not stand on the line of its key."""
        if self.open and self.found.get(self.at[:-1]) != self.line:
            self.found.setdefault(self.at, self.line)

    def header(self) -> None:
        path: Path = ()
        for place, name in enumerate(self.key):
            path = (*path, name)
            if place < len(self.key) - 1 and path in self.counts:
                path = (*path, self.counts[path])
        if self.in_list and path:
            self.counts[path] = self.counts.get(path, -1) + 1
            self.found.setdefault(path, self.line)
            path = (*path, self.counts[path])
        self.found.setdefault(path, self.line)
        self.table, self.key, self.doing = path, [], "rest"

    def keep_shallow(self, depth: int) -> None:
        if depth > DEEPEST:
            raise CaseFileError(
                f"{self.file}, line {self.line}: nested deeper than {DEEPEST} levels. A case file "
                "needs three."
            )
