"""What could both sign, can it be got home, what do the words say, and how does it end?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.charts import theme
from detente.report.charts.dots import height_of, rows_axis
from detente.report.wording import wrap

if TYPE_CHECKING:
    import pandas as pd

#: The five outcomes from best to worst: greens to ambers, apart for any common colour blindness.
OUTCOME_COLOURS = ("#1d6f68", "#2f8f86", "#9fb3c4", "#d9b77c", "#a8641d")
#: From this width on there is room for words beside the points.
WIDE = 500


def scatter(data: pd.DataFrame, width: int, sides: tuple[str, str], unit: str) -> dict[str, Any]:
    """Packages by what they bring to either side.

    `data` has x, y, kind ("package", "in the zone", "frontier", "lottery", "named"), label
    and mark; the narrow form shows marks.
    """
    import altair as alt

    def axis(name: str) -> alt.Axis:
        return alt.Axis(title=f"{name}, {unit}", format="+,f", tickCount=5, grid=True)

    cloud = data[data["kind"].isin(["package", "in the zone"])]
    x = alt.X("x:Q", axis=axis(sides[0]), scale=alt.Scale(nice=True, zero=False))
    y = alt.Y("y:Q", axis=axis(sides[1]), scale=alt.Scale(nice=True, zero=False))
    dots = (
        alt.Chart(cloud)
        .mark_circle(size=14, opacity=0.55)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=["package", "in the zone"], range=["#c3ccd5", theme.GAIN]),
                legend=alt.Legend(symbolType="circle"),
            ),
        )
    )
    lottery = (
        alt.Chart(data[data["kind"] == "lottery"].sort_values("x"))
        .mark_line(color=theme.INK, strokeWidth=1, strokeDash=[4, 3], interpolate="linear")
        .encode(x=x, y=y, order="x:Q")
    )
    edge = (
        alt.Chart(data[data["kind"] == "frontier"].sort_values("x"))
        .mark_line(color=theme.INK, strokeWidth=1.2, interpolate="linear")
        .encode(x=x, y=y, order="x:Q")
    )
    named = data[data["kind"] == "named"]
    points = (
        alt.Chart(named)
        .mark_point(filled=True, size=70, color=theme.INK, shape="diamond")
        .encode(x=x, y=y)
    )
    words = (
        alt.Chart(named)
        .mark_text(align="left", dx=8, dy=-6, color=theme.INK, fontSize=theme.SIZE - 1)
        .encode(x=x, y=y, text="label:N" if width >= WIDE else "mark:N")
    )
    layers = alt.layer(dots, lottery, edge, points, words)
    return theme.finish(layers, width, min(420, int(width * 0.7)))


def support(data: pd.DataFrame, width: int, unit: str, colours: dict[str, str]) -> dict[str, Any]:
    """Support at home as bars against a threshold.

    `data` has label, side, value, threshold.
    """
    import altair as alt

    rows = data.copy()
    rows["row"] = [wrap(label, theme.label_letters(width), 3) for label in rows["label"]]
    names = list(dict.fromkeys(rows["row"]))
    domain = list(dict.fromkeys(rows["side"]))
    base = alt.Chart(rows)
    y = rows_axis(names, width)
    offset = alt.YOffset("side:N", sort=domain)
    bars = base.mark_bar(height=8).encode(
        y=y,
        yOffset=offset,
        x=alt.X("value:Q", axis=alt.Axis(title=unit, format="+,f")),
        color=alt.Color(
            "side:N",
            scale=alt.Scale(domain=domain, range=[colours[d] for d in domain]),
            legend=alt.Legend(symbolType="square"),
        ),
    )
    ticks = base.mark_tick(thickness=3, color=theme.INK, height=12).encode(
        y=y, yOffset=offset, x="threshold:Q"
    )
    return theme.finish(alt.layer(bars, ticks), width, height_of(names, 34, 88))


def odds(data: pd.DataFrame, width: int, colours: dict[str, str]) -> dict[str, Any]:
    """P(for the audience at home) after each statement.

    `data` has label, side, step, value; low and high where the range is known.
    """
    import altair as alt

    rows = data.copy()
    rows["row"] = [wrap(label, theme.label_letters(width), 3) for label in rows["label"]]
    names = list(dict.fromkeys(rows["row"]))
    domain = list(dict.fromkeys(rows["side"]))
    base = alt.Chart(rows)
    y = rows_axis(names, width)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", title="believed to speak to its audience and to be willing"),
    )
    half = (
        alt.Chart(alt.Data(values=[{"half": 0.5}]))
        .mark_rule(color=theme.LINE, strokeDash=[3, 3])
        .encode(x="half:Q")
    )
    known = rows[rows["low"].notna()]
    spans = (
        alt.Chart(known)
        .mark_rule(strokeWidth=2, opacity=0.5)
        .encode(
            y=y,
            x="low:Q",
            x2="high:Q",
            color=alt.Color(
                "side:N", scale=alt.Scale(domain=domain, range=[colours[d] for d in domain])
            ),
        )
    )
    dots = base.mark_circle(size=90, opacity=1).encode(
        y=y,
        x=x,
        color=alt.Color(
            "side:N",
            scale=alt.Scale(domain=domain, range=[colours[d] for d in domain]),
            legend=alt.Legend(symbolType="circle"),
        ),
    )
    words = base.mark_text(dy=-10).encode(y=y, x="value:Q", text=alt.Text("value:Q", format=".0%"))
    return theme.finish(alt.layer(half, spans, dots, words), width, height_of(names, 30, 88))


def ending(data: pd.DataFrame, width: int) -> dict[str, Any]:
    """One bar over the outcomes, ranges below it, the record of past rounds beside it.

    `data` has row, outcome, start, end, value, low, high (of the value; missing where unknown),
    in order.
    """
    import altair as alt

    rows = data.copy()
    names = list(dict.fromkeys(rows["row"]))
    domain = list(dict.fromkeys(rows["outcome"]))
    rows["text"] = [
        f"{100 * v:.0f} %" if v >= (0.06 if width > 400 else 0.12) else "" for v in rows["value"]
    ]
    rows["middle"] = (rows["start"] + rows["end"]) / 2
    rows["range"] = [
        f"{100 * low:.0f} to {100 * high:.0f}" if text and low == low else ""
        for text, low, high in zip(rows["text"], rows["low"], rows["high"], strict=True)
    ]
    base = alt.Chart(rows)
    y = rows_axis(names, width)
    bars = base.mark_bar(height=28).encode(
        y=y,
        x=alt.X(
            "start:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", title="chance")
        ),
        x2="end:Q",
        color=alt.Color(
            "outcome:N",
            scale=alt.Scale(domain=domain, range=_colours(domain)),
            legend=alt.Legend(symbolType="square", columns=3 if width > 400 else 2),
        ),
    )
    words = base.mark_text(color=theme.CELL_INK, fontWeight="bold").encode(
        y=y, x="middle:Q", text="text:N"
    )
    spans = base.mark_text(dy=24, color=theme.MUTED).encode(y=y, x="middle:Q", text="range:N")
    return theme.finish(alt.layer(bars, words, spans), width, height_of(names, 64, 100))


def _colours(domain: list[str]) -> list[str]:
    """Colours by name of the outcome; the record's coarser classes take the nearest."""
    best = dict(
        zip(
            ("breakthrough", "partial deal", "keep talking", "no result", "breakdown"),
            OUTCOME_COLOURS,
            strict=True,
        )
    )
    best |= {"deal": OUTCOME_COLOURS[1], "no result or breakdown": OUTCOME_COLOURS[3]}
    return [best[d] for d in domain]
