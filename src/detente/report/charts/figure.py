"""What is a figure? A chart at any width, its words, and the rows behind it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from detente.report.charts import theme

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Figure:
    """One figure of a report.

    Attributes
    ----------
    id
        Short name, also that of its files.
    section
        Which section of the report it stands in.
    title, subtitle
        What is shown, and in which unit.
    caption
        Compared with what, base year, closure, long or short run.
    alt
        What a reader who cannot see it should know.
    data
        The rows behind it, in the long format of all tables.
    specification
        The chart as a Vega-Lite specification, at a given width in pixels.
    is_wide
        True where it needs the full width of the page.
    """

    id: str
    section: str
    title: str
    subtitle: str
    caption: str
    alt: str
    data: pd.DataFrame
    specification: Callable[[int], dict[str, Any]]
    is_wide: bool = False

    def inline(self, width: int) -> str:
        """SVG for the page, at one width."""
        svg = theme.to_svg(self.specification(width))
        return theme.for_page(svg, self.alt, f"{self.id}-{width}")

    def svg(self) -> str:
        """SVG that stands on its own, with heading and caption."""
        fit = partial(textwrap.wrap, width=104)
        specification = theme.with_heading(
            self.specification(theme.FILE), self.title, fit(self.subtitle), fit(self.caption)
        )
        return theme.to_svg(specification)
