"""What could both sign, can it be got home, what do the words say, and how does it end?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.report.charts import placing, theme
from detente.report.charts.dots import height_of, rows_axis
from detente.report.charts.placing import beside
from detente.talks.table_round import OUTCOMES
from detente.wording import chance, wrap

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: The five outcomes from best to worst: greens to ambers, apart for any common colour blindness.
OUTCOME_COLOURS = ("#1d6f68", "#2f8f86", "#9fb3c4", "#d9b77c", "#a8641d")
#: From this width on there is room for words beside the points.
WIDE = 500
#: A tick label without a sign at zero.
SIGNED = "datum.value == 0 ? '0' : datum.label"
#: What axes and legend take of a scatter's width and height, in pixels.
BESIDE_PLOT, ABOVE_AND_BELOW = 56, 68
#: Height of a bar of endings.
BAR = 28


def scatter(data: pd.DataFrame, width: int, sides: tuple[str, str], unit: str) -> dict[str, Any]:
    """Packages by what they bring to either side.

    `data` has x, y, kind ("package", "in the zone", "frontier", "lottery", "named"), label
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
    layers = alt.layer(dots, lottery, edge, leaders, points, *words)
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
    for kind in ("frontier", "lottery"):
        line = pixels(data[data["kind"] == kind].sort_values("x"), 0.3)
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
        x=alt.X("value:Q", axis=alt.Axis(title=unit, format="+,f", labelExpr=SIGNED)),
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
        axis=alt.Axis(
            format="%",
            title="believed to speak to its audience and to be willing"
            if width >= WIDE
            else "believed to be willing",
            values=[0, 0.25, 0.5, 0.75, 1],
        ),
    )
    half = (
        alt.Chart(alt.Data(values=[{"half": 0.5}]))
        .mark_rule(color=theme.LINE, strokeDash=[3, 3])
        .encode(x="half:Q")
    )
    known = rows[rows["low"].notna()]
    spans = [
        alt.Chart(ours)
        .mark_rule(strokeWidth=2, opacity=0.5, color=colours[side])
        .encode(y=y, x="low:Q", x2="high:Q")
        for side, ours in known.groupby("side", sort=False)
    ]
    dots = base.mark_circle(size=90, opacity=1).encode(
        y=y,
        x=x,
        color=alt.Color(
            "side:N",
            scale=alt.Scale(domain=domain, range=[colours[d] for d in domain]),
            legend=alt.Legend(symbolType="circle", symbolOpacity=1),
        ),
    )
    words = base.mark_text(dy=-10).encode(y=y, x="value:Q", text=alt.Text("value:Q", format=".0%"))
    return theme.finish(alt.layer(half, *spans, dots, words), width, height_of(names, 30, 88))


def ending(data: pd.DataFrame, width: int) -> dict[str, Any]:
    """One bar over the outcomes with its ranges, and the record of past rounds below it.

    `data` has row, outcome, start, end, value, low, high (of the value; missing where unknown),
    in order. The legend holds the outcomes of the first row; the others are named beside the bar.
    What has no room in its segment stands above the bar, by a leader.
    """
    import altair as alt
    import pandas as pd

    room = float(width - (32 if width >= theme.FILE else 6))
    names = list(dict.fromkeys(data["row"]))
    domain = data.loc[data["row"] == names[0], "outcome"].tolist()
    bars, words, leaders, top = [], [], [], 0.0
    for name in names:
        rows = data[data["row"] == name]
        inside, below, above = _words_of(rows, room, is_first=name == names[0])
        words.append((0.0, top + 8, name, "left", theme.INK))
        top += 20 + 15 * max((level + 1 for _, level, _, _ in above), default=0)
        for x, level, align, text in above:
            y = top - 9 - 15 * level
            side = {"left": placing.NEAR, "right": -placing.NEAR}.get(align, 0.0)
            words.append((x + side, y, text, align, theme.INK))
            leaders.append((x / room, y - 5 if side else y + 7, top))
        for start, end, outcome in zip(rows["start"], rows["end"], rows["outcome"], strict=True):
            bars.append((start, end, top, top + BAR, outcome, _colour(outcome)))
        words += [(x, top + BAR / 2, text, "center", ink) for x, text, ink in inside]
        words += [(x, top + BAR + 11, text, "center", theme.MUTED) for x, text in below]
        top += BAR + (22 if below else 4) + 10
    down = alt.Y("top:Q", scale=alt.Scale(domain=[top, 0], nice=False), axis=None)
    percents = alt.Axis(format="%", title="chance", grid=False, values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    shown = pd.DataFrame(bars, columns=["start", "end", "top", "bottom", "outcome", "colour"])
    layers = [
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X("start:Q", scale=alt.Scale(domain=[0, 1]), axis=percents),
            x2="end:Q",
            y=down,
            y2="bottom:Q",
            color=alt.Color(
                "outcome:N",
                scale=alt.Scale(
                    domain=shown["outcome"].drop_duplicates().tolist(),
                    range=shown["colour"][~shown["outcome"].duplicated()].tolist(),
                ),
                legend=alt.Legend(
                    symbolType="square", columns=5 if width > 400 else 3, values=domain
                ),
            ),
        )
    ]
    if leaders:
        layers.append(
            alt.Chart(pd.DataFrame(leaders, columns=["x", "top", "bottom"]))
            .mark_rule(color=theme.LINE, strokeWidth=1)
            .encode(x="x:Q", y=down, y2="bottom:Q")
        )
    told = pd.DataFrame(words, columns=["x", "top", "text", "align", "ink"])
    told["x"] /= room
    for (align, ink), rows in told.groupby(["align", "ink"], sort=False):
        layers.append(
            alt.Chart(rows[["x", "top", "text"]])
            .mark_text(align=align, baseline="middle", color=ink)
            .encode(x="x:Q", y=down, text="text:N")
        )
    return theme.finish(alt.layer(*layers), width, int(top) + (70 if width > 400 else 86))


def _words_of(
    rows: pd.DataFrame, room: float, is_first: bool
) -> tuple[
    list[tuple[float, str, str]],
    list[tuple[float, str]],
    list[tuple[float, int, placing.Align, str]],
]:
    """Words inside the segments of a bar, below it, and above it by a leader, in pixels.

    Below stand the range, or the name of what is not in the legend.
    """
    cells = []
    for cell in rows.itertuples():
        at, has_range = room * (cell.start + cell.end) / 2, cell.low == cell.low
        span = f"{100 * cell.low:.0f} to {100 * cell.high:.0f}" if has_range else ""
        second = span if is_first else cell.outcome
        share = chance(cell.value)
        whole = f"{share} ({span})" if span else share if is_first else f"{cell.outcome} {share}"
        if cell.value == 0 and not (has_range and cell.high >= 0.005):
            continue
        fits = placing.text_width(share) + 4 <= room * cell.value
        cells.append((at, share, second, whole, _ink_on(cell.outcome), fits, cell.value))
    kept = [k for k, cell in enumerate(cells) if cell[5]]
    below: list[float] | None = None
    while kept:
        at = [cells[k][0] for k in kept]
        widths = [placing.text_width(cells[k][2]) for k in kept]
        below = placing.spread(at, widths, room)
        if below is not None and all(
            abs(x - a) <= max(4.0, w / 2 - 4) for x, a, w in zip(below, at, widths, strict=True)
        ):
            break
        kept.remove(min(kept, key=lambda k: cells[k][6]))
        below = None
    raised = [k for k in range(len(cells)) if k not in kept]
    found: list[placing.Flag] | None = None
    while found is None:
        found = placing.flags(
            [cells[k][0] for k in raised],
            [placing.text_width(cells[k][3]) for k in raised],
            room,
        )
        if found is None:  # slivers side by side: the table has their chances
            raised.remove(min(raised, key=lambda k: cells[k][6]))
    return (
        [(cells[k][0], cells[k][1], cells[k][4]) for k in kept],
        [(x, cells[k][2]) for x, k in zip(below or [], kept, strict=True) if cells[k][2]],
        [
            (cells[k][0], flag.level, flag.align, cells[k][3])
            for k, flag in zip(raised, found, strict=True)
        ],
    )


#: The record tells fewer classes apart: each has a colour between those that it puts together.
BETWEEN = {"deal": "#267f77", "no result or breakdown": "#c1813f"}


def _colour(outcome: str) -> str:
    """Colour of an ending, or of a class of the record."""
    return BETWEEN.get(outcome) or dict(zip(OUTCOMES, OUTCOME_COLOURS, strict=True))[outcome]


def _ink_on(outcome: str) -> str:
    """Colour of words on an ending's segment."""
    return "#ffffff" if outcome in ("breakthrough", "deal", "breakdown") else theme.CELL_INK
