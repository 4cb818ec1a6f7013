"""How does a war unfold, where does it end, and what could a deal add? Three pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.charts import theme
from detente.wording import in_sentence

if TYPE_CHECKING:
    import pandas as pd


def _signed(title: str) -> Any:
    """An axis of gains and losses in percent, with its zero line marked."""
    import altair as alt

    return alt.Axis(
        title=title,
        grid=True,
        tickCount=5,
        format="+.3~f",
        labelColor=theme.MUTED,
        labelExpr="datum.value == 0 ? '0' : datum.label",
    )


def staircase(data: pd.DataFrame, width: int, who: list[str], colours: list[str]) -> dict[str, Any]:
    """Gain after every move. `data` has move, who, value, mover."""
    import altair as alt

    scale = alt.Scale(domain=who, range=colours)
    base = alt.Chart(data)
    lines = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        x=alt.X(
            "move:Q",
            title="move",
            axis=alt.Axis(tickMinStep=1, format="d", grid=False, tickCount=int(data["move"].max())),
        ),
        y=alt.Y("value:Q", axis=_signed("gain since the base year, percent")),
        color=alt.Color("who:N", scale=scale, legend=alt.Legend(symbolType="stroke")),
    )
    moved = base.transform_filter("datum.who === datum.mover").mark_point(
        filled=True, size=70, opacity=1
    )
    return theme.finish(
        alt.layer(
            lines,
            moved.encode(x="move:Q", y="value:Q", color=alt.Color("who:N", scale=scale)),
        ),
        width,
        290,
    )


def payoff_map(
    cells: pd.DataFrame,
    replies: pd.DataFrame,
    nash: pd.DataFrame,
    width: int,
    names: list[str],
    colours: list[str],
) -> dict[str, Any]:
    """Joint gain over both intensities; best replies as lines; the war ringed.

    `cells` has first, second, value (the sum in percent); `replies` has who, order, first, second;
    `nash` has first, second.
    """
    import altair as alt

    step = float(cells["first"].drop_duplicates().sort_values().diff().min())
    cells = cells.assign(
        left=cells["first"] - step / 2,
        right=cells["first"] + step / 2,
        low=cells["second"] - step / 2,
        high=cells["second"] + step / 2,
    )
    largest = float(cells["value"].abs().max()) or 1.0
    ground = (
        alt.Chart(cells)
        .mark_rect()
        .encode(
            x=alt.X(
                "left:Q",
                title=f"tariffs of {in_sentence(names[0])}, multiple of those in the war",
                scale=alt.Scale(nice=False),
                axis=alt.Axis(grid=False, tickCount=5),
            ),
            x2="right:Q",
            y=alt.Y(
                "low:Q",
                title=f"tariffs of {in_sentence(names[1])}, multiple of those in the war",
                scale=alt.Scale(nice=False),
                axis=alt.Axis(grid=False, tickCount=5),
            ),
            y2="high:Q",
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(
                    domain=[-largest, 0, largest], range=[theme.LOSS, "#f7f5f0", theme.GAIN]
                ),
                legend=None,
            ),
        )
    )
    lines = (
        alt.Chart(replies)
        .mark_line(strokeWidth=2.5)
        .encode(
            x="first:Q",
            y="second:Q",
            order="order:Q",
            stroke=alt.Stroke(
                "who:N",
                scale=alt.Scale(
                    domain=[f"best reply of {in_sentence(n)}" for n in names], range=colours
                ),
                legend=alt.Legend(symbolType="stroke", columns=2 if width > 400 else 1),
            ),
        )
    )
    ring = alt.Chart(nash).mark_point(
        size=240, filled=False, color=theme.INK, strokeWidth=2.2, opacity=1
    ).encode(x="first:Q", y="second:Q")  # fmt: skip
    return theme.finish(alt.layer(ground, lines, ring), width, min(width, 400))


def frontier(
    line: pd.DataFrame, points: pd.DataFrame, width: int, names: list[str]
) -> dict[str, Any]:
    """The efficient frontier with the named points. Both have first, second; points also label."""
    import altair as alt

    first, second = (f"gain of {n} over the threat, percent" for n in names)
    curve = (
        alt.Chart(line)
        .mark_line(color=theme.LINE, strokeWidth=2)
        .encode(
            x=alt.X("first:Q", axis=_signed(first), scale=alt.Scale(zero=True)),
            y=alt.Y("second:Q", axis=_signed(second), scale=alt.Scale(zero=True)),
            order="order:Q",
        )
    )
    base = alt.Chart(points).encode(x="first:Q", y="second:Q")
    dots = base.mark_point(filled=True, size=75, color=theme.INK, opacity=1)
    words = base.mark_text(align="left", dx=9, dy=-8).encode(text="label:N")
    return theme.finish(alt.layer(curve, dots, words), width, min(width, 360))
