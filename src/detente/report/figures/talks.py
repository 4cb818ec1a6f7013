"""Which figures does a meeting call for?"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from detente.report.charts import talks as charts
from detente.report.charts import theme
from detente.report.charts.figure import Figure
from detente.report.tables.talks_chances import RECORD, WORTH, long_rows, long_table
from detente.report.words.captions import sized
from detente.report.words.choices import LABOUR
from detente.talks.answers import headline
from detente.talks.bands import WILLING
from detente.talks.frontier import convex_frontier, pareto_frontier
from detente.talks.ground import WAR
from detente.talks.meeting import TalksResults
from detente.talks.shown import LIKELY, shown_packages
from detente.talks.table_round import OUTCOMES
from detente.wording import chance, upper_first

__all__ = ["talks_figures"]

#: Packages drawn in the scatter; beyond, an even choice of them.
MOST_DOTS = 900


def _names(r: TalksResults) -> tuple[str, str]:
    first, second = (upper_first(t.removeprefix("the ")) for t in r.titles)
    return first, second


def _colours(r: TalksResults) -> dict[str, str]:
    return {n: theme.colour_of(s) for n, s in zip(_names(r), r.sides, strict=True)}


def talks_figures(r: TalksResults) -> list[Figure]:
    """Four figures: packages, support, statements, ending."""
    made = [_ending(r), _packages(r), _support(r), _odds(r)]
    return [f for f in made if f is not None]


def _ending(r: TalksResults) -> Figure:
    import pandas as pd

    rows, long = [], []
    for title, values in (
        ("This meeting", [(o, r.measures[o]) for o in OUTCOMES]),
        ("Record of past rounds", list(zip(RECORD, reversed(r.record.classes), strict=True))),
    ):
        start = 0.0
        for name, value in values:
            ours = title == "This meeting" and r.bands is not None
            low, high = r.bands.of(name) if ours and r.bands else (np.nan, np.nan)
            rows.append(
                {
                    "row": title,
                    "outcome": name,
                    "start": start,
                    "end": start + value,
                    "value": value,
                    "low": low,
                    "high": high,
                }
            )
            long.append(long_rows(r, title, f"chance:{name}", value))
            start += value
    return Figure(
        id="talks-ending",
        section="talks",
        title="How will it end?",
        subtitle="Chance of each ending, with its range; below, what 55 past meetings say",
        caption=f"Ranges of 5 to 95 %, over {r.drawn_over}. The record, "
        "read at this tone and level, tells three endings apart, not five.",
        alt=headline(r),
        data=long_table(long),
        specification=partial(sized, charts.ending, pd.DataFrame(rows)),
        is_wide=True,
    )


def _packages(r: TalksResults) -> Figure:
    import pandas as pd

    now = r.horizon.now
    stand, agenda = now.stand, r.ground.agenda
    u = stand.worth[0]
    valid = np.flatnonzero(r.ground.valid)
    zone = set(now.zone.members.tolist())
    shown = shown_packages(r)
    cloud = valid[:: max(1, -(-len(valid) // MOST_DOTS))]
    rows: list[dict[str, Any]] = []
    # both kinds stand in the legend even where the zone is empty
    for p in sorted({*cloud.tolist(), *now.zone.members[:MOST_DOTS].tolist()}):
        kind = "in the zone" if p in zone else "package"
        rows.append({"x": u[p, 0], "y": u[p, 1], "kind": kind, "label": agenda.changes(p)})
    for p in valid[pareto_frontier(u[valid])].tolist():
        rows.append({"x": u[p, 0], "y": u[p, 1], "kind": "frontier", "label": agenda.changes(p)})
    for p in valid[convex_frontier(u[valid])].tolist():
        rows.append({"x": u[p, 0], "y": u[p, 1], "kind": "lottery", "label": agenda.changes(p)})
    points = [(float(u[x.package, 0]), float(u[x.package, 1]), x.mark, x.names) for x in shown]
    d, war = stand.disagreement[0], stand.fought[WAR]
    points += [
        (0.0, 0.0, "0", ("status quo",)),
        (float(d[0]), float(d[1]), "d", ("no deal",)),
        (war[0], war[1], "w", ("threats carried out",)),
    ]
    for px, py, mark, called in points:
        text = f"{mark}: {called[0].strip('“”')}" + (" and more" if len(called) > 1 else "")
        text = mark if called == (LIKELY,) else text
        rows.append({"x": px, "y": py, "kind": "named", "label": text, "mark": mark})
    names = _names(r)
    long = [
        long_rows(r, x["label"], "worth", x[axis], economy=side)
        for x in rows
        for axis, side in zip(("x", "y"), r.sides, strict=True)
    ]
    return Figure(
        id="talks-packages",
        section="talks",
        title="What would both sign?",
        subtitle=f"Worth of each package, {WORTH}; the line joins the efficient ones, broken: "
        "lotteries over them",
        caption="In the zone: both better off than without a deal, likely to get home, holding by "
        f"itself. {len(zone):,} of {agenda.size - 1:,} packages; priced for the "
        f"{LABOUR[r.talks.labour]}; issues beyond trade at their stated salience. "
        "Letters as in the list of packages below; 0: things as they are, d: no deal, w: threats "
        "carried out.",
        alt=f"Scatter of packages by worth to {names[0]} and {names[1]}; {len(zone):,} of "
        f"{agenda.size - 1:,} lie in the zone of agreement.",
        data=long_table(long),
        specification=partial(sized, charts.scatter, pd.DataFrame(rows), names, WORTH),
        is_wide=True,
    )


def _support(r: TalksResults) -> Figure | None:
    import pandas as pd

    now, agenda = r.horizon.now, r.ground.agenda
    stand = now.stand
    chosen = {n.title: agenda.number(n.levels) for n in r.talks.named}
    for name, point in r.points.items():
        if point.packages[0] not in chosen.values():
            chosen[f"{name} solution"] = point.packages[0]
    if not chosen:
        return None
    names = _names(r)
    rows = [
        {
            "label": title,
            "side": names[k],
            "value": stand.support[p, k],
            "threshold": stand.threshold[k],
        }
        for title, p in chosen.items()
        for k in (0, 1)
    ]
    long = [
        long_rows(r, title, metric, float(value), economy=r.sides[k])
        for title, p in chosen.items()
        for k in (0, 1)
        for metric, value in (
            ("support", stand.support[p, k]),
            ("support_threshold", stand.threshold[k]),
            ("chance:gets home", stand.ratified[p, k]),
        )
    ]
    home = [t for t, p in chosen.items() if (stand.ratified[p] >= 0.5).all()]
    return Figure(
        id="talks-home",
        section="talks",
        title="Can it be got home?",
        subtitle=f"Support at home by package, {WORTH}; the upright mark is the threshold",
        caption="Support is what constituencies earn or lose, by their votes, and what issues "
        "weigh at home. China's ratification is a metaphor for assent inside the state.",
        alt=f"Bars of support against thresholds. Both thresholds are met by: "
        f"{', '.join(home) or 'none of these packages'}.",
        data=long_table(long),
        specification=partial(sized, charts.support, pd.DataFrame(rows), WORTH, _colours(r)),
    )


def _odds(r: TalksResults) -> Figure | None:
    import pandas as pd

    names = _names(r)
    rows, long = [], []
    for k, belief in enumerate(r.beliefs):
        if not belief.evidence:
            continue
        steps = [("before", 1 - belief.prior)]
        steps += [(e.statement.title, 1 - e.after) for e in belief.evidence]
        for step, (label, value) in enumerate(steps):
            label = f"{names[k]}: {label}" if label == "before" else label
            last = step == len(steps) - 1 and r.bands is not None
            low, high = r.bands.of(f"{WILLING}{r.sides[k]}") if last and r.bands else (np.nan,) * 2
            rows.append(
                {
                    "label": label,
                    "side": names[k],
                    "step": step,
                    "value": value,
                    "low": low,
                    "high": high,
                }
            )
            long.append(
                long_rows(r, label, "chance:for the audience at home", value, economy=r.sides[k])
            )
    if not rows:
        return None
    said = ", ".join(f"{names[k]} {chance(1 - b.posterior)}" for k, b in enumerate(r.beliefs))
    return Figure(
        id="talks-odds",
        section="talks",
        title="For the audience at home, or unwilling?",
        subtitle="How the odds of the two readings move, statement by statement",
        caption="Tone by the codebook, term by term; harsh words under known pressure prove "
        "little, and a room that repeats the talking points adds little.",
        alt=f"Dots by statement. In the end, believed to be willing: {said}.",
        data=long_table(long),
        specification=partial(sized, charts.odds, pd.DataFrame(rows), _colours(r)),
    )
