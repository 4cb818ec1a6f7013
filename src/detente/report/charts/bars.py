"""Which prices and industries move, and which parameters matter? Bars from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.charts import theme
from detente.report.charts.dots import (
    height_of,
    padded,
    rooms,
    rows_axis,
    unique,
    value_axis,
    value_labels,
    zero_line,
)
from detente.wording import common_decimals, number, wrap

if TYPE_CHECKING:
    import pandas as pd

#: Between the total and its parts.
_GAP = "\u200a"


def label_space(width: int) -> tuple[int, int]:
    """Letters a line and lines of a long row label: a phone's short lines need more of them."""
    return theme.label_letters(width), 5 if width < 400 else 3


def sorted_bars(data: pd.DataFrame, width: int, unit: str, colour: str) -> dict[str, Any]:
    """Bars in the order given, with their values; a row whose `is_total` is set stands apart.

    `data` has label, value, is_total.
    """
    import altair as alt

    rows = data.copy()
    rows["row"] = unique([wrap(label, theme.label_letters(width), 2) for label in rows["label"]])
    labels = list(rows["row"])
    total = int(rows["is_total"].sum())
    if 0 < total < len(labels):
        labels.insert(total, _GAP)
    rows["colour"] = [theme.INK if t else colour for t in rows["is_total"]]
    places = common_decimals(rows["value"])
    rows["text"] = [number(v, places, sign=True) for v in rows["value"]]
    rows["left"], rows["right"] = rows["value"].clip(upper=0), rows["value"].clip(lower=0)
    low, high = float(rows["value"].min()), float(rows["value"].max())
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=padded(low, high, *rooms(rows["value"], width)), nice=False),
        axis=value_axis(unit, width),
    )
    y = rows_axis(labels, width, domain=labels)
    base = alt.Chart(rows.drop(columns=["label", "is_total"])).encode(y=y)
    bars = base.mark_bar(height=12).encode(
        x=x, color=alt.Color("colour:N", scale=None, legend=None)
    )
    return theme.finish(
        alt.layer(bars, zero_line(), *value_labels(base)), width, height_of(labels, 20, 46)
    )


def paired_bars(
    data: pd.DataFrame, width: int, unit: str, who: list[str], colours: list[str]
) -> dict[str, Any]:
    """Two bars a row, one an economy. `data` has key, label, who, value."""
    import altair as alt

    rows = data.copy()
    order = list(dict.fromkeys(rows["key"]))
    first = rows.drop_duplicates("key").set_index("key")["label"]
    names = unique([wrap(first[key], theme.label_letters(width), 2) for key in order])
    rows["row"] = rows["key"].map(dict(zip(order, names, strict=True)))
    x = alt.X(
        "value:Q",
        scale=alt.Scale(
            domain=padded(float(rows["value"].min()), float(rows["value"].max()), 0.03, 0.03),
            nice=False,
        ),
        axis=value_axis(unit, width),
    )
    y = rows_axis(names, width, paddingInner=0.28, paddingOuter=0.14)
    bars = (
        alt.Chart(rows[["row", "who", "value"]])
        .mark_bar()
        .encode(
            y=y,
            yOffset=alt.YOffset("who:N", sort=who),
            x=x,
            color=alt.Color(
                "who:N",
                scale=alt.Scale(domain=who, range=colours),
                legend=alt.Legend(symbolType="square"),
            ),
        )
    )
    return theme.finish(alt.layer(bars, zero_line()), width, height_of(names, 34, 74))


def waterfall(data: pd.DataFrame, width: int, unit: str, colour: str) -> dict[str, Any]:
    """Steps from zero to a total. `data` has label, value, is_total; the total comes last."""
    import altair as alt

    rows = data.copy()
    rows["row"] = unique([wrap(label, *label_space(width)) for label in rows["label"]])
    position, starts, ends = 0.0, [], []
    for value, is_total in zip(rows["value"], rows["is_total"], strict=True):
        starts.append(0.0 if is_total else position)
        position = value if is_total else position + value
        ends.append(position)
    rows["start"], rows["finish"] = starts, ends
    rows["colour"] = [
        colour if total else theme.GAIN if value >= 0 else theme.LOSS
        for value, total in zip(rows["value"], rows["is_total"], strict=True)
    ]
    places = common_decimals(rows["value"])
    rows["text"] = [number(v, places, sign=True) for v in rows["value"]]
    rows["left"] = rows[["start", "finish"]].min(axis=1)
    rows["right"] = rows[["start", "finish"]].max(axis=1)
    low = float(rows[["start", "finish"]].min().min())
    high = float(rows[["start", "finish"]].max().max())
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=padded(low, high, *rooms(rows["value"], width)), nice=False),
        axis=value_axis(unit, width),
    )
    labels = list(rows["row"])
    y = rows_axis(labels, width)
    base = alt.Chart(rows.drop(columns=["label", "is_total"])).encode(y=y)
    bars = base.mark_bar(height=13).encode(
        x=x, x2="finish:Q", color=alt.Color("colour:N", scale=None, legend=None)
    )
    return theme.finish(
        alt.layer(zero_line(), bars, *value_labels(base)), width, height_of(labels, 24, 46)
    )


def tornado(data: pd.DataFrame, width: int, unit: str, centre: float) -> dict[str, Any]:
    """What the strongest parameters do at their low and high draw.

    `data` has label, low, high: the outcome with the parameter at its low and high value.
    """
    import altair as alt

    rows = data.copy()
    rows["row"] = unique([wrap(label, *label_space(width)) for label in rows["label"]])
    sides = ["parameter at its low value", "parameter at its high value"]
    long = rows.melt(id_vars=["row"], value_vars=["low", "high"], value_name="value")
    long["side"] = long["variable"].map(dict(zip(["low", "high"], sides, strict=True)))
    long["centre"] = centre
    low = min(float(long["value"].min()), centre)
    high = max(float(long["value"].max()), centre)
    span = (high - low) or 1.0
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[low - 0.05 * span, high + 0.05 * span], nice=False),
        axis=value_axis(unit, width),
    )
    names = list(rows["row"])
    y = rows_axis(names, width)
    bars = (
        alt.Chart(long[["row", "value", "centre", "side"]])
        .mark_bar(height=13)
        .encode(
            y=y,
            x=x,
            x2="centre:Q",
            color=alt.Color(
                "side:N",
                scale=alt.Scale(domain=sides, range=[theme.LOSS, theme.GAIN]),
                legend=alt.Legend(symbolType="square", columns=2 if width > 400 else 1),
            ),
        )
    )
    line = (
        alt.Chart(alt.Data(values=[{"centre": centre}]))
        .mark_rule(color=theme.INK)
        .encode(x="centre:Q")
    )
    return theme.finish(alt.layer(bars, line), width, height_of(names, 28, 88))
