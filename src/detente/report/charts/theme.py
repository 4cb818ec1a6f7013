"""How does every figure look? Colours, type, and the steps from a chart to SVG and PNG.

Blue and red belong to the United States and China alone. Gains and losses of other kinds are
teal and amber, which stay apart for readers with any common colour blindness. The page turns
figures dark by mapping the colours named here, see ``templates/report.css``.
"""

from __future__ import annotations

import re
from typing import Any

INK = "#16202c"
MUTED = "#5b6773"
GRID = "#e3e8ee"
LINE = "#8d99a6"
USA = "#2b5c9e"
CHN = "#c0392b"
OTHER = "#76828f"
GAIN = "#2f8f86"
LOSS = "#c4892a"
#: Text inside coloured cells: the same on a light and on a dark page.
CELL_INK = "#17212e"

FONT = "Inter, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
SIZE = 12

#: Widths in pixels: a card on a wide page, a whole row of it, a phone, and the figure files.
WIDE, FULL, NARROW, FILE = 520, 1080, 326, 720


def colour_of(economy: str) -> str:
    """Blue for the United States, red for China, grey for the rest."""
    return {"USA": USA, "CHN": CHN}.get(economy, OTHER)


def pair_of_colours(first: str, second: str) -> list[str]:
    """Colours of two economies shown side by side: their own, else dark and light grey."""
    colours = [colour_of(first), colour_of(second)]
    return [INK, OTHER] if colours[0] == colours[1] else colours


def label_width(width: int) -> int:
    """Pixels that row labels may take."""
    return int(width * (0.36 if width < 400 else 0.34))


def label_letters(width: int) -> int:
    """Letters of a row label that fit on one line."""
    return max(14, int(label_width(width) / 6.3))


def finish(chart: Any, width: int, height: int) -> dict[str, Any]:
    """The chart with the common theme and an exact outer size, as a specification."""
    axis = {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "labelFontSize": SIZE - 1,
        "titleFontSize": SIZE - 1,
        "gridColor": GRID,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "titlePadding": 8,
    }
    done = chart.properties(
        width=width,
        height=height,
        autosize={"type": "fit", "contains": "padding"},
        background="white",
    ).configure(
        font=FONT,
        aria=False,
        padding={"left": 2, "right": 4, "top": 4, "bottom": 2},
        view={"stroke": None},
        axis=axis,
        axisY={"labelColor": INK, "labelFontSize": SIZE, "grid": False},
        legend={
            "orient": "top",
            "title": None,
            "labelColor": INK,
            "labelFontSize": SIZE,
            "labelLimit": width - 30,
            "columnPadding": 14,
            "offset": 6,
        },
        text={"font": FONT, "fontSize": SIZE - 1, "color": INK},
    )
    specification: dict[str, Any] = done.to_dict(validate=False)
    return specification


def with_heading(
    specification: dict[str, Any], title: str, lines: list[str], note: list[str]
) -> dict[str, Any]:
    """The specification with title and subtitle, for a figure that stands on its own."""
    out = dict(specification)
    extra = 34 + 15 * (len(lines) + len(note))
    out["title"] = {
        "text": title,
        "subtitle": lines + note,
        "anchor": "start",
        "frame": "bounds",
        "fontSize": SIZE + 3,
        "color": INK,
        "subtitleColor": MUTED,
        "subtitleFontSize": SIZE - 1,
        "subtitlePadding": 4,
        "offset": 12,
    }
    out["height"] = int(out["height"]) + extra
    config = dict(out["config"])
    config["padding"] = {"left": 16, "right": 16, "top": 14, "bottom": 12}
    out["config"] = config
    return out


def to_svg(specification: dict[str, Any]) -> str:
    """Render without a browser."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(specification)
    return svg


def to_png(svg: str) -> bytes:
    """The same picture as PNG at twice the size."""
    import vl_convert

    png: bytes = vl_convert.svg_to_png(svg, scale=2)
    return png


_DROPPED = re.compile(
    r' (?:xmlns(?::xlink)?="[^"]*"|version="1\.1"|class="[^"]*"|role="[^"]*"|aria-[a-z]+="[^"]*"'
    r'|pointer-events="none"|opacity="1"|stroke-miterlimit="10"|font-family="[^"]*")'
)
_EMPTY_PATH = re.compile(r'<path d="[^"]*"(?: display="none")?/>')
_EMPTY_GROUP = re.compile(r"<g(?: transform=\"[^\"]*\")?></g>|<g></g>")
_TAG = re.compile(r"<[^>]+>")
_LONG_NUMBER = re.compile(r"(\d+\.\d)\d+")


def for_page(svg: str, alt: str, name: str) -> str:
    """The SVG as it stands inside the page: smaller, named, without outside addresses.

    Repeated attributes go, coordinates keep one decimal, identifiers get the figure's name
    so that two figures on a page never share one, and the alternative text is attached.
    """
    from html import escape

    text = _DROPPED.sub("", svg)
    text = _EMPTY_PATH.sub("", text)
    while _EMPTY_GROUP.search(text):
        text = _EMPTY_GROUP.sub("", text)
    text = _TAG.sub(lambda tag: _LONG_NUMBER.sub(r"\1", tag.group()), text)
    text = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    return text.replace("<svg", f'<svg role="img" aria-label="{escape(alt, quote=True)}"', 1)
