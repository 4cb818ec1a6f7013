"""How does a run become one page that needs nothing else?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from detente.progress import SILENT, Listener
from detente.report.charts import theme
from detente.report.charts.figure import Figure
from detente.report.tables import results as tables
from detente.report.tables.games import deals_table
from detente.report.talks import talks_page
from detente.report.words import certainty, method, sources
from detente.report.words.answer import answer
from detente.report.words.captions import nominal
from detente.report.words.games import game_words
from detente.report.words.tiles import tiles
from detente.run.results import Results
from detente.wording import MINUS

if TYPE_CHECKING:
    from jinja2 import Environment

#: A report with static figures stays below this, in bytes.
LARGEST_REPORT = 1_000_000


@dataclass(frozen=True)
class Drawn:
    """A figure as the template meets it."""

    id: str
    section: str
    title: str
    subtitle: str
    caption: str
    alt: str
    wide: str
    narrow: str
    is_wide: bool


def drawn(figure: Figure) -> Drawn:
    """Render one figure for a wide page and for a phone."""
    return Drawn(
        figure.id,
        figure.section,
        figure.title,
        figure.subtitle,
        figure.caption,
        figure.alt,
        figure.inline(theme.FULL if figure.is_wide else theme.WIDE),
        figure.inline(theme.NARROW),
        figure.is_wide,
    )


def environment() -> Environment:
    """The templates, with everything escaped that is not marked as safe."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files("detente.report") / "templates"
    sources = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith((".j2", ".css"))
    }
    return Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def in_section(figures: Sequence[Drawn], name: str) -> list[Drawn]:
    """The figures of one section."""
    return [figure for figure in figures if figure.section == name]


def render_report(results: Results, figures: Sequence[Figure], listener: Listener = SILENT) -> str:
    """The report as one HTML text, offline, with every figure inside.

    Parameters
    ----------
    results
        What the run found.
    figures
        From :func:`detente.report.figures.figures`.
    listener
        Told how many figures are drawn.
    """
    shown = []
    for done, figure in enumerate(figures):
        listener.count("figures", done, len(figures))
        shown.append(drawn(figure))
    context: dict[str, Any] = {
        "results": results,
        "answer": answer(results),
        "tiles": tiles(results),
        "nominal": nominal(results),
        "figures": shown,
        "talks": None if results.talks is None else talks_page(results.talks),
        "of": partial(in_section, shown),
        "economies": tables.economies(results),
        "packages": tables.packages(results),
        "measures": tables.measures(results),
        "certainty": tables.certainty(results),
        "choices": tables.choices(results),
        "also": tables.also(results),
        "how_sure": certainty.how_sure(results),
        "method": method.method(results),
        "limits": method.limits(results),
        "failures": certainty.failures(results),
        "credits": sources.credits(results.sources),
        "repairs": sources.repair_lines(results.repairs),
        "game_words": game_words(results),
        "agreements": deals_table(results),
        "provenance": tables.provenance(results),
        "command": method.command(results),
    }
    text: str = environment().get_template("report.html.j2").render(context)
    return text.replace(f"{MINUS}$", f"{MINUS}\u2060$")  # no line break after the minus
