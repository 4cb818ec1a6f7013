"""What is a table of the report: a head and rows of text cells, for HTML and for a terminal?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TextTable:
    """A head and rows of text; `numeric` counts the columns, from the right, set as figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: int = 0
    caption: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows)
