"""What stands under every figure, and how does a figure learn its width?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from detente.run.results import Results

if TYPE_CHECKING:
    import pandas as pd

CLOSURES = {
    "balanced": "trade of every economy balanced",
    "fixed-transfer": "transfers between economies fixed as shares of world value added",
    "proportional": "external balances in proportion to income",
    "given": "external balances set by the measures",
    "trade-balance": "trade balances as in the data",
}
LABOUR = {
    "mobile": "long run: workers move freely between industries",
    "specific": "short run: workers stay in their industry",
    "roy": "medium run: workers move where they are good at it",
}
#: Rows shown in a figure that could have many.
TEN, TWELVE, SIX = 10, 12, 6


def caption(results: Results, *more: str) -> str:
    """Compared with what, base year, closure, run: under every figure."""
    model = results.model
    parts = [f"Compared with {results.compared_with}."]
    year = f"Base year {model.year}" if model.year else "Base year of the world's own data"
    parts.append(
        f"{year}; {CLOSURES.get(model.closure, model.closure)}; "
        f"{LABOUR.get(model.labour, model.labour)}."
    )
    return " ".join([*parts, *more])


def sized(draw: Callable[..., dict[str, Any]], data: pd.DataFrame, *rest: Any) -> dict[str, Any]:
    """The width is what a figure learns last; the drawing functions take it second."""
    *fixed, width = rest
    return draw(data, width, *fixed)
