"""How does the report tell a game: the stairs, the map, the frontier, and a table?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from detente.report.charts import games, theme
from detente.report.charts.figure import Figure
from detente.report.words.captions import sized
from detente.run.results import normal
from detente.wording import in_sentence, join_names, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.games.play import Deals, War
    from detente.run.results import Results

#: Compared with what, on every figure of a game.
COMPARED = "Compared with the wedges in force in the base year; without economies of scale."


def game_figures(results: Results) -> list[Figure]:
    """The figures of war and deals, for the section "game"."""
    out: list[Figure | None] = []
    if results.war is not None:
        out += [_stairs(results, results.war), _map(results, results.war)]
    if results.deals is not None:
        out.append(_frontier(results, results.deals))
    return [figure for figure in out if figure is not None]


def _colours(names: Sequence[str]) -> list[str]:
    if len(names) == 2:
        return theme.pair_of_colours(names[0], names[1])
    return [theme.colour_of(name) for name in names]


def _shown(results: Results, names: Sequence[str]) -> list[str]:
    return [results.economy(name) for name in names]


def _stairs(results: Results, war: War) -> Figure | None:
    """Gain of every player after every move."""
    import pandas as pd

    if len(war.stairs) < 2:
        return None
    names = _shown(results, war.names)
    code_of = dict(zip(war.names, names, strict=True))
    data = pd.DataFrame(
        [
            {
                "move": k,
                "who": name,
                "value": 100 * (value - 1),
                "mover": code_of.get(step.mover, ""),
            }
            for k, step in enumerate(war.stairs)
            for name, value in zip(names, step.value, strict=True)
        ]
    )
    last = war.stairs[-1]
    ends = "; ".join(
        f"{n} {percent(100 * (v - 1))}" for n, v in zip(names, last.value, strict=True)
    )
    table = normal(war.table())
    return Figure(
        id="staircase",
        section="game",
        title="Reply and counter-reply",
        subtitle="Each move is the mover's best reply to what the others did before; a dot marks "
        "who moved",
        caption=COMPARED,
        alt=f"Step lines over {len(war.stairs) - 1} moves of {join_names(names)}. In the end: "
        f"{ends}.",
        data=table[table["scenario"].str.startswith("move ")],
        specification=partial(sized, games.staircase, data, names, _colours(war.names)),
    )


def _map(results: Results, war: War) -> Figure | None:
    """Joint gains over both sides' tariffs, best replies, the war ringed."""
    import pandas as pd

    if war.map is None or war.end is None:
        return None
    grid = war.map
    names = _shown(results, grid.names)
    total = 100 * (grid.value.sum(axis=0) - 2)
    cells = pd.DataFrame(
        [
            {"first": s, "second": t, "value": total[a, b]}
            for a, s in enumerate(grid.intensity)
            for b, t in enumerate(grid.intensity)
        ]
    )
    first, second = grid.best_replies()
    lines = pd.DataFrame(
        [
            {"who": f"best reply of {in_sentence(names[0])}", "order": k, "first": s, "second": t}
            for k, (s, t) in enumerate(zip(first, grid.intensity, strict=True))
        ]
        + [
            {"who": f"best reply of {in_sentence(names[1])}", "order": k, "first": s, "second": t}
            for k, (s, t) in enumerate(zip(grid.intensity, second, strict=True))
        ]
    )
    nash = pd.DataFrame({"first": [1.0], "second": [1.0]})
    rows: list[dict[str, Any]] = [
        {
            "scenario": f"{s:.2f} and {t:.2f} of the war",
            "compared_with": "wedges in force",
            "metric": "objective_pct",
            "economy": code,
            "value": 100 * (grid.value[k, a, b] - 1),
            "unit": "%",
        }
        for k, code in enumerate(grid.names)
        for a, s in enumerate(grid.intensity)
        for b, t in enumerate(grid.intensity)
    ]
    return Figure(
        id="payoffs",
        section="game",
        title="Where the best replies cross",
        subtitle="Ground: sum of both gains, from losses (brown) to gains (green). Zero is no "
        "duty at all, one the war, which is ringed",
        caption=COMPARED + " Best replies in one dimension: all rates of a side move together.",
        alt=f"Map of the joint gain over the tariffs of {join_names([*map(in_sentence, names)])}; "
        "the two best-reply lines cross at the ringed point, the trade war.",
        data=normal(pd.DataFrame(rows)),
        specification=partial(sized, _map_at, cells, (lines, nash), names, _colours(grid.names)),
    )


def _map_at(
    cells: Any, width: int, more: tuple[Any, Any], names: list[str], colours: list[str]
) -> dict[str, Any]:
    return games.payoff_map(cells, more[0], more[1], width, names, colours)


def _frontier(results: Results, deals: Deals) -> Figure | None:
    """Efficient points and the named agreements over the threat."""
    import pandas as pd

    if len(deals.names) != 2 or not deals.frontier:
        return None
    names = _shown(results, deals.names)
    line = pd.DataFrame(
        [
            {"order": k, "first": p.gain_pct[0], "second": p.gain_pct[1]}
            for k, p in enumerate(deals.frontier)
        ]
    )
    points = _named_points(deals)
    table = normal(deals.table())
    return Figure(
        id="frontier",
        section="game",
        title="What both would sign",
        subtitle=f"Gains over the threat point ({deals.threat.name}), percent of real income",
        caption="Efficient tariffs on each other; " + COMPARED.lower(),
        alt=f"Falling line of efficient agreements between {join_names(names)} with the points "
        + join_names([str(p["label"]) for p in points])
        + ".",
        data=table[table["metric"] == "objective_gain_pct"],
        specification=partial(sized, _frontier_at, line, pd.DataFrame(points), names),
    )


def _named_points(deals: Deals) -> list[dict[str, Any]]:
    """Agreements that both prefer to the threat, and the threat; close ones share a label."""
    found: list[dict[str, Any]] = [{"label": deals.threat.name, "first": 0.0, "second": 0.0}]
    span = max(max(p.gain_pct) for p in deals.frontier)
    for name, deal in deals.agreements.items():
        first, second = deal.gain_pct
        if min(first, second) < -0.05 * span:
            continue
        near = [
            p for p in found[1:]
            if max(abs(p["first"] - first), abs(p["second"] - second)) < 0.04 * span
        ]  # fmt: skip
        if near:
            near[0]["label"] += f", {name}"
        else:
            found.append({"label": name, "first": first, "second": second})
    return found


def _frontier_at(line: Any, width: int, points: Any, names: list[str]) -> dict[str, Any]:
    return games.frontier(line, points, width, names)
