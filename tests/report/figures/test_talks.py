"""Can every word in the figures of a meeting be read: inside the picture, and none over another?

Pictures are read back as text: where each word stands in the SVG, and how wide it is at least.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.report.charts import placing, theme
from detente.report.charts.talks import BETWEEN, ending, scatter
from detente.report.figures.talks import talks_figures
from detente.report.tables.talks_chances import RECORD
from detente.talks.meeting import TalksResults
from detente.talks.table_round import OUTCOMES

#: Width of a letter over the size of type, at least; words of narrow letters may be narrower.
LEAST = 0.42
WIDTHS = (theme.NARROW, theme.WIDE, theme.FILE, theme.FULL)
SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Word:
    """A text of a picture and the box that it fills."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    fill: str

    def covers(self, other: Word) -> bool:
        """Whether two boxes share more than an edge."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.5 and down > 0.5


def words(svg: str) -> list[Word]:
    """Every text that is not turned and not of several lines."""
    out: list[Word] = []

    def walk(node: ElementTree.Element, x: float, y: float) -> None:
        move = node.get("transform", "")
        if "rotate" in move:
            return
        found = re.search(r"translate\(([-\d.e]+)[ ,]*([-\d.e]+)?\)", move)
        if found:
            x, y = x + float(found[1]), y + float(found[2] or 0)
        if node.tag == f"{SVG}text" and node.find(f"{SVG}tspan") is None:
            text = "".join(node.itertext()).strip()
            size = float(node.get("font-size", "11").removesuffix("px"))
            width = LEAST * size * len(text)
            shift = {"start": 0.0, "middle": width / 2, "end": width}[
                node.get("text-anchor", "start")
            ]
            if text and node.get("opacity") != "0":
                left = x - shift
                fill = node.get("fill", "")
                out.append(Word(text, left, y - 0.75 * size, left + width, y, fill))
        for child in node:
            walk(child, x, y)

    walk(ElementTree.fromstring(svg), 0.0, 0.0)
    return out


def check_readable(svg: str, width: int) -> list[Word]:
    """All words inside, none over another."""
    found = words(svg)
    for word in found:
        assert word.left >= -1, word
        assert word.right <= width + 1, word
    for one, other in combinations(found, 2):
        assert not one.covers(other), (one, other)
    return found


def ended(shares: list[float], record: list[float], spread: float = 0.03) -> pd.DataFrame:
    """Data of the figure of endings."""
    rows = []
    for title, names, values in (
        ("This meeting", OUTCOMES, shares),
        ("Record of past rounds", RECORD, record),
    ):
        start = 0.0
        for name, value in zip(names, values, strict=True):
            ours = title == "This meeting"
            low = max(0.0, value - spread) if ours else np.nan
            high = min(1.0, value + spread) if ours else np.nan
            rows.append((title, name, start, start + value, value, low, high))
            start += value
    return pd.DataFrame(rows, columns=["row", "outcome", "start", "end", "value", "low", "high"])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "shares",
    [
        [0.06, 0.03, 0.47, 0.27, 0.17],
        [0.01, 0.01, 0.02, 0.02, 0.94],
        [0.94, 0.02, 0.02, 0.01, 0.01],
        [0.48, 0.01, 0.02, 0.01, 0.48],
        [0.2, 0.2, 0.2, 0.2, 0.2],
        [0.0, 0.0, 0.7, 0.2, 0.1],
    ],
)
def test_every_ending_is_told_with_its_range(shares: list[float], width: int) -> None:
    data = ended(shares, [0.11, 0.6, 0.29])
    found = check_readable(theme.to_svg(ending(data, width)), width)
    texts = " | ".join(word.text for word in found)
    ours = data[data["row"] == "This meeting"]
    for value, low, high in zip(ours["value"], ours["low"], ours["high"], strict=True):
        span = f"{100 * low:.0f} to {100 * high:.0f}"
        assert f"{100 * value:.0f}\u00a0%" in texts
        assert span in texts
    for name in OUTCOMES:
        assert name in [word.text for word in found], "the legend names every ending"
    for name in RECORD:
        assert any(word.text.startswith(name) for word in found)


def test_the_record_has_colours_of_its_own() -> None:
    svg = theme.to_svg(ending(ended([0.1, 0.1, 0.4, 0.3, 0.1], [0.2, 0.5, 0.3]), theme.FULL))
    fills = re.findall(r'aria-roledescription="bar"[^>]*fill="([^"]+)"', svg) or re.findall(
        r'fill="(#[0-9a-f]{6})"', svg
    )
    assert set(BETWEEN.values()) <= set(fills)
    drawn = [word.text for word in words(svg)]
    assert drawn.count("keep talking") == 2, "once in the legend, once below the record"
    assert drawn.count("deal") == 1


def test_words_are_dark_on_light_and_light_on_dark() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    from detente.report.charts.talks import _colour, _ink_on

    for name in (*OUTCOMES, *RECORD):
        ends = sorted((light(_colour(name)), light(_ink_on(name))))
        # WCAG asks 3 of large or bold type; these bars are labelled once more in the table
        assert (ends[1] + 0.05) / (ends[0] + 0.05) > 4, name


def many_packages(near: float) -> pd.DataFrame:
    """A cloud, a frontier, and named points that crowd each other."""
    rng = np.random.default_rng(5)
    rows = [
        {"x": x, "y": y, "kind": "package" if x > 0 else "in the zone"}
        for x, y in rng.normal(0, 0.3, (300, 2))
    ]
    for kind in ("frontier", "lottery"):
        rows += [{"x": x, "y": 1 - x * x, "kind": kind} for x in np.linspace(0, 1, 6)]
    names = ("A climate token and a channel", "Both lift tariffs", "Nash and more", "", "", "")
    for n, name in enumerate(names):
        mark = chr(ord("A") + n)
        label = f"{mark}: {name}" if name else mark
        at = {"x": near * n, "y": near * (n % 3)}
        rows.append({**at, "kind": "named", "label": label, "mark": mark})
    for mark, called, x in (("0", "status quo", 0.0), ("d", "no deal", -near), ("w", "war", near)):
        rows.append({"x": x, "y": 0.0, "kind": "named", "label": f"{mark}: {called}", "mark": mark})
    return pd.DataFrame(rows)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("near", [0.0, 0.02, 0.1])
def test_words_of_neighbouring_points_stay_apart(near: float, width: int) -> None:
    data = many_packages(near)
    svg = theme.to_svg(scatter(data, width, ("United States", "China"), "percent"))
    found = check_readable(svg, width)
    named = data[data["kind"] == "named"]
    for text in named["label" if width >= theme.WIDE else "mark"]:
        assert text in [word.text for word in found]


def test_the_figures_of_a_shipped_meeting_can_be_read(meeting: TalksResults) -> None:
    for figure in talks_figures(meeting)[:2]:
        for width in WIDTHS:
            check_readable(theme.to_svg(figure.specification(width)), width)
        check_readable(figure.svg(), theme.FILE)


def test_every_coloured_figure_names_its_sides(meeting: TalksResults) -> None:
    for figure in talks_figures(meeting)[2:]:
        for width in (theme.NARROW, theme.WIDE):
            texts = [word.text for word in words(theme.to_svg(figure.specification(width)))]
            assert {"United States", "China"} <= set(texts), figure.id


# ---- placing -----------------------------------------------------------------------------

parts_of_one = st.lists(st.floats(0.002, 1.0), min_size=1, max_size=5).map(
    lambda values: [v / sum(values) for v in values]
)


@settings(deadline=None, max_examples=100)
@given(parts_of_one, st.sampled_from([294.0, 320.0, 1000.0]))
def test_flags_never_cover_each_other(shares: list[float], room: float) -> None:
    ends = np.cumsum(shares)
    at = [float(room * (end - share / 2)) for end, share in zip(ends, shares, strict=True)]
    widths = [80.0] * len(at)
    found = placing.flags(at, widths, room)
    assert found is not None
    boxes = []
    for x, width, flag in zip(at, widths, found, strict=True):
        left = {
            "left": x + placing.NEAR,
            "right": x - placing.NEAR - width,
            "center": x - width / 2,
        }[flag.align]
        assert left >= 0
        assert left + width <= room
        boxes.append((left, left + width, flag.level))
    for k, (left, right, level) in enumerate(boxes):
        for n, (start, end, other) in enumerate(boxes):
            if n == k:
                continue
            if other == level:
                assert right <= start or end <= left
            elif other > level:
                assert not left < at[n] < right, "a leader passes through words"


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.floats(0, 300), st.floats(5, 60)), min_size=1, max_size=6).map(
        lambda cells: sorted(cells)
    )
)
def test_words_on_a_line_are_kept_apart_and_inside(cells: list[tuple[float, float]]) -> None:
    centres, widths = [c for c, _ in cells], [w for _, w in cells]
    found = placing.spread(centres, widths, 300.0)
    needed = sum(widths) + placing.GAP * (len(widths) - 1)
    assert (found is None) == (needed > 300.0 + 1e-9)
    if found is None:
        return
    ends = [(x - w / 2, x + w / 2) for x, w in zip(found, widths, strict=True)]
    assert ends[0][0] >= -1e-9
    assert ends[-1][1] <= 300.0 + 1e-9
    for one, other in pairwise(ends):
        assert other[0] >= one[1] + placing.GAP - 1e-9
    if all(w / 2 <= c <= 300 - w / 2 for c, w in cells) and all(
        b - a >= (v + w) / 2 + placing.GAP for (a, v), (b, w) in pairwise(cells)
    ):
        assert found == pytest.approx(centres), "what fits stays where it is"
