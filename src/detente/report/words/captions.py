"""What stands under every figure, and how does a figure learn its width?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from detente.report.words.choices import closure, labour
from detente.run.results import Results

if TYPE_CHECKING:
    import pandas as pd

#: Rows shown in a figure that could have many.
TEN, TWELVE, SIX = 10, 12, 6


def caption(results: Results, *more: str) -> str:
    """Compared with what, base year, closure, run: under every figure."""
    model = results.model
    parts = [f"Compared with {results.compared_with}."]
    year = f"Base year {model.year}" if model.year else "Base year of the world's own data"
    parts.append(f"{year}; {closure(results)}; {labour(results)}.")
    return " ".join([*parts, *more])


def nominal(results: Results) -> str:
    """What prices and money values are measured in: a reader would take them for inflation."""
    return f"in units of {results.model.numeraire or 'world value added'}, not inflation"


def sized(draw: Callable[..., dict[str, Any]], data: pd.DataFrame, *rest: Any) -> dict[str, Any]:
    """The width is what a figure learns last; the drawing functions take it second."""
    *fixed, width = rest
    return draw(data, width, *fixed)
