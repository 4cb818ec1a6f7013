"""What is the tariff now, and under this? Two step lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.charts import theme

if TYPE_CHECKING:
    import pandas as pd


def step_lines(
    data: pd.DataFrame, width: int, unit: str, who: list[str], colours: list[str]
) -> dict[str, Any]:
    """Rates that hold from a date to the next. `data` has who, segment, date (ISO), value.

    Records of different segments are not joined: they are not comparable.
    """
    import altair as alt
    import pandas as pd

    rows = data.assign(date=pd.to_datetime(data["date"]))
    last = rows["date"].max()
    until = last + 0.04 * (last - rows["date"].min())
    held = rows[rows["date"] == last].assign(date=until)
    rows = pd.concat([rows, held])
    scale = alt.Scale(domain=who, range=colours)
    lines = (
        alt.Chart(rows[["who", "segment", "date", "value"]])
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=alt.X(
                "date:T",
                title=None,
                axis=alt.Axis(format="%Y", grid=False, tickCount="year", labelOverlap=True),
            ),
            y=alt.Y(
                "value:Q",
                title=unit,
                scale=alt.Scale(zero=True),
                axis=alt.Axis(grid=True, tickCount=6, labelColor=theme.MUTED),
            ),
            detail="segment:N",
            color=alt.Color(
                "who:N",
                scale=scale,
                legend=alt.Legend(symbolType="stroke", columns=2 if width > 400 else 1),
            ),
        )
    )
    return theme.finish(alt.layer(lines), width, 290)
