"""Which figures does a meeting call for?"""

from __future__ import annotations

from functools import partial

from detente.report.charts import talks as charts
from detente.report.charts.figure import Figure
from detente.report.tables.talks import points_shown, talks_long
from detente.report.words.captions import sized
from detente.report.words.talks_words import ENDING_HEADS, head, name
from detente.run.results import normal
from detente.talks import ENDINGS, TalksResults
from detente.wording import chance, join_names

#: Unit of every worth.
WORTH = "percent of own real income a year"


def talks_figures(r: TalksResults) -> list[Figure]:
    """The figures of a meeting, for the section "talks"."""
    made = [_odds(r), _scatter(r)]
    return [figure for figure in made if figure is not None]


def _odds(r: TalksResults) -> Figure:
    """Record, case and blend, each one bar."""
    import pandas as pd

    o, rows = r.odds, []
    bars = [("Record: the signs of the opening day", o.record.odds)]
    bars += [("Case: with the packages", o.case)] if o.zone_share is not None else []
    bars += [("Blend: with own odds", o.blend)] if o.own is not None else []
    for row, odds in (*bars, ("All 55 meetings of the record", o.base_rates)):
        start = 0.0
        for ending, value in zip(ENDINGS, odds, strict=True):
            end = start + value
            rows.append((row, ENDING_HEADS[ending], start, end, value))
            start = end
    data = pd.DataFrame(rows, columns=["row", "ending", "start", "end", "value"])
    table = talks_long(r)
    said = join_names(
        [f"{ENDING_HEADS[e].lower()} {chance(p)}" for e, p in zip(ENDINGS, o.blend, strict=True)]
    )
    return Figure(
        id="talks-odds",
        section="talks",
        title="How will it end?",
        subtitle="Chances of the five endings",
        caption="By the signs of the opening day, by the packages, and by own odds where the file "
        "has them. Ranges are in the table.",
        alt=f"Bars of the chances of five endings. In the end: {said}.",
        data=table[table["metric"].str.startswith("chance:")],
        specification=partial(sized, charts.endings, data),
    )


def _scatter(r: TalksResults) -> Figure | None:
    """Packages by what they are worth to either side."""
    import pandas as pd

    if r.zone is None or len(r.packages) < 2:
        return None
    worths = [(p.number, *p.worth) for p in r.packages if p.worth[0] == p.worth[0]]
    zone, edge, rows = set(r.zone.members.tolist()), set(r.zone.frontier.tolist()), []
    for k, x, y in worths:
        rows.append((x, y, "in the zone" if k in zone else "package", "", ""))
        if k in edge:
            rows.append((x, y, "frontier", "", ""))
    named = {0: "things as they are", **points_shown(r)}
    for mark, (k, title) in enumerate(named.items()):
        rows.append((*r.packages[k].worth, "named", title, str(mark)))
    data = pd.DataFrame(rows, columns=["x", "y", "kind", "label", "mark"])
    names = (head(r, 0), head(r, 1))
    long = pd.DataFrame(
        [
            {"scenario": f"package {k}", "metric": "worth", "economy": side.id, "value": value}
            for k, *worth in worths
            for side, value in zip(r.parties, worth, strict=True)
        ]
    ).assign(unit="percent of own real income")
    list_of = "; ".join(f"{mark} {title}" for mark, title in enumerate(named.values()))
    return Figure(
        id="talks-packages",
        section="talks",
        title="What could both sign?",
        subtitle=f"Worth of each package over things as they are, {WORTH}; the line joins those of "
        "the zone that none betters for both",
        caption=f"In the zone: signed by both and let pass at home. {len(zone):,} of "
        f"{len(r.packages) - 1:,} packages. Points: {list_of}.",
        alt=f"Scatter of packages by worth to {name(r, 0)} and {name(r, 1)}; {len(zone):,} of "
        f"{len(r.packages) - 1:,} lie in the zone of agreement.",
        data=normal(long),
        specification=partial(sized, charts.scatter, data, names, "% of income a year"),
    )
