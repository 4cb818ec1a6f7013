"""How does an answer reach the terminal?

On a terminal: colour and rules. In a pipe or a file: plain text, aligned with spaces. With
``--json``: one JSON value on the output stream and nothing else.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from detente.report.tables.table import TextTable

#: The option that every command takes.
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def is_terminal() -> bool:
    """Whether a person watches the output stream."""
    return sys.stdout.isatty()


def width() -> int:
    """Columns to fill: those of the terminal, at most 110."""
    return min(shutil.get_terminal_size((100, 24)).columns or 100, 110)


def print_json(value: Any) -> None:
    """One JSON value; what JSON does not know becomes text."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=_plain, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)


def heading(text: str) -> None:
    """A line above what belongs together."""
    if is_terminal():
        from rich.console import Console

        Console(highlight=False).print(text, style="bold")
    else:
        print(text)


def paragraph(text: str, indent: str = "") -> None:
    """Running text, folded at the width of the terminal."""
    for line in text.strip().split("\n\n"):
        folded = re.sub(r"[ \t\n]+", " ", line).strip()
        print(textwrap.fill(folded, width(), initial_indent=indent, subsequent_indent=indent))


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: int = 0) -> None:
    """A table; the last `numeric` columns are set to the right."""
    if not rows:
        return
    if is_terminal():
        _rich_grid(head, rows, numeric)
        return
    columns = [[str(head[k]), *(str(row[k]) for row in rows)] for k in range(len(head))]
    widths = [max(len(cell) for cell in column) for column in columns]
    for line in zip(*columns, strict=True):
        cells = [
            cell.rjust(w) if k >= len(head) - numeric else cell.ljust(w)
            for k, (cell, w) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def show_table(table: TextTable) -> None:
    """A table with its caption above it, where it has one."""
    if table.caption:
        heading(table.caption)
    grid(table.head, table.rows, table.numeric)


def _rich_grid(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: int) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for k, name in enumerate(head):
        right = k >= len(head) - numeric
        longest = max(len(str(row[k])) for row in rows)
        table.add_column(
            name,
            justify="right" if right else "left",
            min_width=longest if right else min(longest, 18),
        )
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(highlight=False, width=width()).print(table)


def pairs(items: Mapping[str, object]) -> None:
    """Names and values, one a line, values folded; missing values left out."""
    shown = {k: v for k, v in items.items() if v not in (None, "", (), [])}
    if not shown:
        return
    left = max(len(k) for k in shown) + 2
    for name, value in shown.items():
        text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        lines = textwrap.wrap(" ".join(text.split()), max(30, width() - left)) or [""]
        print(name.ljust(left) + lines[0])
        for line in lines[1:]:
            print(" " * left + line)
