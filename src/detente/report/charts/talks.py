"""What could both sign, and how does it end?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.report.charts import placing, theme
from detente.report.charts.placing import beside
from detente.wording import chance

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: The five endings from best to worst: greens to ambers, apart for any common colour blindness.
ENDING_COLOURS = ("#1d6f68", "#2f8f86", "#9fb3c4", "#d9b77c", "#a8641d")
#: From this width on there is room for words beside the points.
WIDE = 500
#: A tick label without a sign at zero.
SIGNED = "datum.value == 0 ? '0' : datum.label"
#: What axes and legend take of a scatter's width and height, in pixels.
BESIDE_PLOT, ABOVE_AND_BELOW = 56, 68
#: Height of a bar of endings, of the words above it, and of the gap below it.
BAR, ABOVE, BELOW = 28, 18, 14


def scatter(data: pd.DataFrame, width: int, sides: tuple[str, str], unit: str) -> dict[str, Any]:
    """Packages by what they bring to either side.

    `data` has x, y, kind ("package", "in the zone", "frontier", "named"), label
    and mark; the narrow form shows marks.
    """
    import altair as alt

    def axis(name: str) -> alt.Axis:
        return alt.Axis(
            title=f"{name}, {unit}", format="+,f", labelExpr=SIGNED, tickCount=5, grid=True
        )

    height = min(420, int(width * 0.7))
    domain = [_widened(data[name]) for name in ("x", "y")]
    cloud = data[data["kind"].isin(["package", "in the zone"])]
    x = alt.X("x:Q", axis=axis(sides[0]), scale=alt.Scale(domain=domain[0], nice=False))
    y = alt.Y("y:Q", axis=axis(sides[1]), scale=alt.Scale(domain=domain[1], nice=False))
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
    placed = _placed(data, named["label" if width >= WIDE else "mark"].tolist(), width, height)
    words = [
        alt.Chart(rows)
        .mark_text(align=align, baseline="middle", color=theme.INK, fontSize=theme.SIZE - 1)
        .encode(x=alt.X("at_x:Q"), y=alt.Y("at_y:Q"), text="text:N")
        for align, rows in placed.groupby("align")
    ]
    leaders = (
        alt.Chart(placed[placed["is_far"]])
        .mark_rule(color=theme.LINE, strokeWidth=1)
        .encode(x=x, y=y, x2="tip_x:Q", y2="tip_y:Q")
    )
    layers = alt.layer(dots, edge, leaders, points, *words)
    return theme.finish(layers, width, height)


def _widened(values: pd.Series) -> list[float]:
    """A domain with some air around the values."""
    low, high = float(values.min()), float(values.max())
    air = 0.04 * ((high - low) or 1.0)
    return [low - air, high + air]


def _placed(data: pd.DataFrame, words: list[str], width: int, height: int) -> pd.DataFrame:
    """The named points with their words and where these stand, in the units of the axes."""
    room = np.array([width - BESIDE_PLOT, height - ABOVE_AND_BELOW], dtype=float)
    low, high = np.array([_widened(data["x"]), _widened(data["y"])]).T
    per = (high - low) / room

    def pixels(rows: pd.DataFrame, weight: float = 0.0) -> NDArray[np.float64]:
        at = (rows[["x", "y"]].to_numpy(dtype=float) - low) / per
        return np.column_stack([at[:, 0], room[1] - at[:, 1], np.full(len(at), weight)])

    # a line is worse to cover than dots
    drawn = [pixels(data[data["kind"].isin(["package", "in the zone"])], 0.05)]
    line = pixels(data[data["kind"] == "frontier"].sort_values("x"), 0.3)
    drawn += [line[:-1] + step * np.diff(line, axis=0) for step in np.linspace(0, 1, 9)]
    named = data[data["kind"] == "named"].copy()
    points = [(float(a), float(b)) for a, b, _ in pixels(named)]
    places = beside(points, words, (float(room[0]), float(room[1])), np.concatenate(drawn))
    return named.assign(
        text=words,
        at_x=[low[0] + place.x * per[0] for place in places],
        at_y=[low[1] + (room[1] - place.y) * per[1] for place in places],
        align=[place.align for place in places],
        is_far=[place.is_far for place in places],
        tip_x=[low[0] + place.tip[0] * per[0] for place in places],
        tip_y=[low[1] + (room[1] - place.tip[1]) * per[1] for place in places],
    )


def endings(data: pd.DataFrame, width: int) -> dict[str, Any]:
    """One bar a row over the five endings.

    `data` has row, ending, start, end, value, in order. What has no room in its segment is left
    to the table.
    """
    import altair as alt
    import pandas as pd

    room = float(width - (32 if width >= theme.FILE else 6))
    names, domain = list(dict.fromkeys(data["row"])), list(dict.fromkeys(data["ending"]))
    step = ABOVE + BAR + BELOW
    top = {name: k * step + ABOVE for k, name in enumerate(names)}
    height = step * len(names)
    shown = data.assign(top=[top[row] for row in data["row"]])
    shown["bottom"] = shown["top"] + BAR
    down = alt.Y("top:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=None)
    marks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    layers = [
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X(
                "start:Q",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", title="chance", grid=False, values=marks),
            ),
            x2="end:Q",
            y=down,
            y2="bottom:Q",
            color=alt.Color(
                "ending:N",
                scale=alt.Scale(domain=domain, range=list(ENDING_COLOURS)),
                legend=alt.Legend(symbolType="square", columns=5 if width > 400 else 3),
            ),
        )
    ]
    words = [(0.0, top[name] - ABOVE / 2, name, "left", theme.INK) for name in names]
    for cell in shown.itertuples():
        text = chance(cell.value)
        if placing.text_width(text) + 4 <= room * cell.value:
            dark = domain.index(cell.ending) in (0, 4)
            ink = "#ffffff" if dark else theme.CELL_INK
            words.append(((cell.start + cell.end) / 2, cell.top + BAR / 2, text, "center", ink))
    told = pd.DataFrame(words, columns=["x", "top", "text", "align", "ink"])
    for (align, ink), rows in told.groupby(["align", "ink"], sort=False):
        layers.append(
            alt.Chart(rows[["x", "top", "text"]])
            .mark_text(align=align, baseline="middle", color=ink)
            .encode(x="x:Q", y=down, text="text:N")
        )
    return theme.finish(alt.layer(*layers), width, height + (64 if width > 400 else 84))
