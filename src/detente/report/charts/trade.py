"""Where does trade go? Dumbbells by partner, and a small matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.charts import theme
from detente.report.charts.dots import height_of, padded, rows_axis, unique, value_axis, zero_line
from detente.wording import wrap

if TYPE_CHECKING:
    import pandas as pd


def dumbbell(
    data: pd.DataFrame, width: int, unit: str, where: list[str], colours: list[str]
) -> dict[str, Any]:
    """One row an exporter, one dot a destination, joined. `data` has key, label, who, value."""
    import altair as alt

    rows = data.copy()
    order = list(dict.fromkeys(rows["key"]))
    first = rows.drop_duplicates("key").set_index("key")["label"]
    names = unique([wrap(first[key], theme.label_letters(width), 2) for key in order])
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
    bar = (
        alt.Chart(spans)
        .mark_bar(height=4, color=theme.LINE, opacity=0.35)
        .encode(y=y, x=alt.X("min:Q"), x2="max:Q")
    )
    dots = (
        alt.Chart(rows[["row", "who", "value"]])
        .mark_circle(size=76, opacity=1)
        .encode(
            y=y,
            x=x,
            color=alt.Color(
                "who:N",
                scale=alt.Scale(domain=where, range=colours),
                legend=alt.Legend(columns=3 if width > 400 else 1),
            ),
        )
    )
    head = 74 if width > 400 else 104
    return theme.finish(alt.layer(bar, zero_line(), dots), width, height_of(names, 24, head))


def matrix(data: pd.DataFrame, width: int, groups: list[str]) -> dict[str, Any]:
    """Exporters by importers, one cell a change. `data` has exporter, importer, value, text."""
    import altair as alt

    above = unique([wrap(g, 6 if width < 400 else 12, 3) for g in groups])
    beside = unique([wrap(g, 10 if width < 400 else 12, 3) for g in groups])
    lines = max(name.count("|") for name in above)
    rows = data.copy()
    rows["to"] = rows["importer"].map(dict(zip(groups, above, strict=True)))
    rows["from"] = rows["exporter"].map(dict(zip(groups, beside, strict=True)))
    largest = float(rows["value"].abs().quantile(0.95)) or 1.0
    split = "split(datum.value, '|')"
    base = alt.Chart(rows[["from", "to", "value", "text"]]).encode(
        x=alt.X(
            "to:N",
            sort=above,
            title="buys",
            axis=alt.Axis(
                orient="top",
                labelExpr=split,
                labelAngle=0,
                labelLineHeight=12,
                labelColor=theme.INK,
                labelFontSize=10 if width < 400 else 11,
                labelPadding=6 + 12 * lines,
                labelLimit=90,
                labelOverlap=False,
                grid=False,
            ),
        ),
        y=alt.Y(
            "from:N",
            sort=beside,
            title="sells",
            axis=alt.Axis(
                labelExpr=split,
                labelLineHeight=12,
                labelFontSize=10 if width < 400 else 11,
                labelOverlap=False,
            ),
        ),
    )
    cells = base.mark_rect(stroke="white", strokeWidth=1.5).encode(
        color=alt.Color(
            "value:Q",
            scale=alt.Scale(
                domain=[-largest, 0, largest],
                range=["#e3b062", "#f1f2f0", "#7dbcb5"],
                clamp=True,
            ),
            legend=None,
        )
    )
    text = base.mark_text(color=theme.CELL_INK, fontSize=9 if width < 400 else 11).encode(
        text="text:N"
    )
    return theme.finish(alt.layer(cells, text), width, 60 + 38 * len(groups))
