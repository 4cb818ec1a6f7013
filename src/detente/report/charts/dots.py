"""Who gains and who loses, and by which package? Sorted dots, with ranges where drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.charts import theme
from detente.wording import common_decimals, number, wrap

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def padded(low: float, high: float, left: float, right: float) -> list[float]:
    """A domain that holds zero, widened by shares of its span for marks and labels."""
    low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or 1.0
    return [low - left * span, high + right * span]


def zero_line() -> alt.Chart:
    """The line that parts gains from losses."""
    import altair as alt

    line: alt.Chart = alt.Chart(alt.Data(values=[{"zero": 0}]))
    ruled: alt.Chart = line.mark_rule(color=theme.INK).encode(x="zero:Q")
    return ruled


def value_axis(unit: str, width: int) -> alt.Axis:
    """The horizontal axis of signed values; zero carries no sign."""
    import altair as alt

    return alt.Axis(
        format="+,f",
        labelExpr="datum.value == 0 ? '0' : datum.label",
        title=unit,
        tickCount=5 if width > 400 else 4,
        labelOverlap=True,
        labelSeparation=8,
    )


def value_labels(base: alt.Chart) -> list[alt.Chart]:
    """Printed values beyond the mark, on the side away from zero so the line never strikes them.

    The rows carry left and right (the ends of the mark), text, and value for its sign.
    """
    import altair as alt

    right = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=7)
    left = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-7)
    return [
        right.encode(x=alt.X("right:Q"), text="text:N"),
        left.encode(x=alt.X("left:Q"), text="text:N"),
    ]


def rooms(values: pd.Series, width: int) -> tuple[float, float]:
    """Shares of the span to keep free left and right, so that printed values fit."""
    share = 46 / (0.58 * width)
    sides = [bool((values < 0).any()), bool((values >= 0).any())]
    room = share / (1 - share * sum(sides))
    return (room if sides[0] else 0.02, room if sides[1] else 0.02)


def rows_axis(labels: list[str], width: int, **scale: Any) -> alt.Y:
    """The vertical axis of named rows; "|" breaks a label into lines."""
    import altair as alt

    return alt.Y(
        "row:N",
        sort=labels,
        title=None,
        scale=alt.Scale(**scale),
        axis=alt.Axis(
            labelExpr="split(datum.value, '|')",
            labelLimit=theme.label_width(width) + 30,
            labelLineHeight=13,
            labelPadding=8,
        ),
    )


def unique(labels: list[str]) -> list[str]:
    """The labels, each told apart from the ones before it by invisible spaces."""
    seen: dict[str, int] = {}
    out = []
    for label in labels:
        count = seen.get(label, 0)
        seen[label] = count + 1
        out.append(label + "\u200b" * count)
    return out


def height_of(labels: list[str], step: int, head: int) -> int:
    """Height that gives every row its lines."""
    lines = max((label.count("|") + 1 for label in labels), default=1)
    return len(labels) * max(step, 8 + 13 * lines) + head


def ranged_dots(data: pd.DataFrame, width: int, unit: str) -> dict[str, Any]:
    """Sorted dots with ranges.

    `data` has label, code, value, low, high (NaN where there is no range), in the order shown.
    """
    import altair as alt

    rows = data.copy()
    rows["row"] = unique([wrap(label, theme.label_letters(width), 2) for label in rows["label"]])
    rows["colour"] = [theme.colour_of(code) for code in rows["code"]]
    places = common_decimals(rows["value"])
    rows["text"] = [number(v, places, sign=True) for v in rows["value"]]
    ends = rows[["value", "low", "high"]]
    rows["left"], rows["right"] = ends.min(axis=1), ends.max(axis=1)
    domain = padded(float(ends.min().min()), float(ends.max().max()), *rooms(rows["value"], width))
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=domain, nice=False),
        axis=value_axis(unit, width),
    )
    y = rows_axis(list(rows["row"]), width)
    colour = alt.Color("colour:N", scale=None, legend=None)
    base = alt.Chart(rows.drop(columns=["label", "code"])).encode(y=y)
    layers = [zero_line()]
    if bool(rows["low"].notna().any()):
        layers.append(
            base.transform_filter("isValid(datum.low)")
            .mark_bar(height=6, cornerRadius=3, opacity=0.35)
            .encode(x=alt.X("low:Q"), x2="high:Q", color=colour)
        )
    layers.append(base.mark_circle(size=72, opacity=1).encode(x=x, color=colour))
    layers += value_labels(base)
    return theme.finish(alt.layer(*layers), width, height_of(list(rows["row"]), 27, 46))


def paired_dots(
    data: pd.DataFrame, width: int, unit: str, who: list[str], colours: list[str]
) -> dict[str, Any]:
    """One row a package or measure, one dot an economy, joined by a line.

    `data` has label, who, value; rows in the order shown, `who` in display names.
    """
    import altair as alt

    rows = data.copy()
    order = list(dict.fromkeys(rows["key"]))
    first = rows.drop_duplicates("key").set_index("key")["label"]
    names = unique([wrap(first[key], theme.label_letters(width), 3) for key in order])
    rows["row"] = rows["key"].map(dict(zip(order, names, strict=True)))
    x = alt.X(
        "value:Q",
        scale=alt.Scale(
            domain=padded(float(rows["value"].min()), float(rows["value"].max()), 0.04, 0.04),
            nice=False,
        ),
        axis=value_axis(unit, width),
    )
    y = rows_axis(names, width)
    spans = rows.groupby("row", sort=False)["value"].agg(["min", "max"]).reset_index()
    lines = (
        alt.Chart(spans)
        .mark_rule(color=theme.LINE, strokeWidth=1.5, opacity=0.6)
        .encode(y=y, x=alt.X("min:Q"), x2="max:Q")
    )
    dots = (
        alt.Chart(rows[["row", "who", "value"]])
        .mark_circle(size=76, opacity=1)
        .encode(
            y=y,
            x=x,
            color=alt.Color("who:N", scale=alt.Scale(domain=who, range=colours)),
        )
    )
    return theme.finish(alt.layer(zero_line(), lines, dots), width, height_of(names, 26, 74))
