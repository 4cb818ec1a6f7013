"""Which figures does a run call for, and what do they say to someone who cannot see them?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from detente.report.charts import bars, dots, theme
from detente.report.charts.figure import Figure
from detente.report.figures.causes import (
    by_measure,
    channels,
    scenarios,
    strongest_parameters,
)
from detente.report.figures.games import game_figures
from detente.report.figures.talks import talks_figures
from detente.report.figures.trade import matrix_of_blocs, partners, tariff_path
from detente.report.words.captions import TEN, caption, sized
from detente.run.results import HIGH, LOW, Results, rows_of, value_of
from detente.wording import (
    display,
    in_sentence,
    join_names,
    percent,
    persons,
)

if TYPE_CHECKING:
    import pandas as pd


def figures(results: Results) -> list[Figure]:
    """All figures that the results can fill, in the order of the report."""
    made: list[Figure | None] = [_gains(results)]
    made += [_prices(results, code) for code in results.principals]
    made += [
        _paired(results, "output_pct", "industries", "Which industries grow and shrink"),
        _paired(results, "employment_change", "jobs", "Where jobs move"),
        partners(results),
        matrix_of_blocs(results),
        tariff_path(results),
    ]
    made += [by_measure(results, code) for code in results.principals]
    made += [channels(results, code) for code in results.principals]
    made += [
        scenarios(results, "packages"),
        scenarios(results, "alone"),
    ]
    made += [strongest_parameters(results, code) for code in results.principals]
    made += game_figures(results)
    if results.talks is not None:
        made += talks_figures(results.talks)
    return [figure for figure in made if figure is not None]


# ---- who gains, who loses ------------------------------------------------------------------


def _gains(results: Results) -> Figure | None:
    """Sorted dots of real income with ranges."""
    central = rows_of(results.headline, "welfare_pct", sector="")
    if central.empty:
        return None
    data = central[["economy", "value"]].sort_values("value", ascending=False)
    for name, quantile in (("low", LOW), ("high", HIGH)):
        found = rows_of(results.headline, "welfare_pct", quantile, sector="")
        data[name] = data["economy"].map(found.set_index("economy")["value"])
    data["code"] = data["economy"]
    data["label"] = display(list(data["economy"]), results.economy_names)
    best, worst = data.iloc[0], data.iloc[-1]
    named = [f"{r.label} {percent(r.value)}" for r in data.itertuples() if r.code in ("USA", "CHN")]
    alt = (
        f"Dots for {len(data)} economies sorted by change in real income, from {best['label']} "
        f"({percent(best['value'])}) to {worst['label']} ({percent(worst['value'])}). "
        + ("; ".join(named) + "." if named else "")
    )
    ranged = bool(data["low"].notna().any())
    return Figure(
        id="gains",
        section="gains",
        title="Real income by economy",
        subtitle="Change in real income, percent"
        + ("; bars hold 90 % of the draws" if ranged else "; no ranges were drawn"),
        caption=caption(results),
        alt=alt,
        data=rows_of_any_quantile(results.headline, "welfare_pct"),
        specification=partial(sized, dots.ranged_dots, data, "percent of real income"),
    )


def rows_of_any_quantile(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Central values and quantiles of one metric."""
    return table[table["metric"] == metric]


# ---- prices --------------------------------------------------------------------------------


def _prices(results: Results, code: str) -> Figure | None:
    """The largest price changes in one economy, the total set apart."""
    rows = rows_of(results.headline, "price_pct", economy=code)
    rows = rows[rows["sector"] != ""].dropna(subset=["value"])
    total = value_of(results.headline, "consumer_price_pct", economy=code)
    if rows.empty or total is None:
        return None
    apart = (rows["value"] - total).abs().sort_values(ascending=False)
    kept = rows.reindex(apart.index).head(TEN)
    kept = kept.sort_values("value", ascending=False)
    import pandas as pd

    data = pd.DataFrame(
        {
            "label": ["All consumer prices", *(results.sector(s) for s in kept["sector"])],
            "value": [total, *kept["value"]],
            "is_total": [True] + [False] * len(kept),
        }
    )
    name = results.economy(code)
    top = rows.loc[apart.index[0]]
    behind = pd.concat([rows_of(results.headline, "consumer_price_pct", economy=code), rows])
    return Figure(
        id=f"prices-{code.lower()}",
        section="prices",
        title=f"Prices in {in_sentence(results.economy_names.get(code, code))}",
        subtitle="Change in purchasers' prices, percent; all consumer prices on top, then the "
        f"{len(kept)} of {len(rows)} groups that depart most from them",
        caption=caption(
            results, f"Prices in units of {results.model.numeraire or 'the numeraire'}."
        ),
        alt=f"Bars of price changes in {name}: all consumer prices {percent(total)}; "
        f"furthest from it is {results.sector(top['sector'])} at {percent(top['value'])}.",
        data=behind,
        specification=partial(sized, bars.sorted_bars, data, "percent", theme.colour_of(code)),
    )


# ---- industries and jobs -------------------------------------------------------------------


def _paired(results: Results, metric: str, name: str, title: str) -> Figure | None:
    """Paired bars of the ten largest changes in either of the two principals."""
    who = list(results.principals)
    rows = rows_of(results.headline, metric)
    rows = rows[rows["economy"].isin(who) & (rows["sector"] != "")].dropna(subset=["value"])
    if rows.empty or len(who) < 2:
        return None
    size = rows.assign(size=rows["value"].abs()).groupby("sector")["size"].max()
    chosen = list(size.sort_values(ascending=False).head(TEN).index)
    data = rows[rows["sector"].isin(chosen)].copy()
    lead = data[data["economy"] == who[0]].set_index("sector")["value"]
    order = sorted(chosen, key=lambda s: -float(lead.get(s, 0.0)))
    data["rank"] = data["sector"].map({s: k for k, s in enumerate(order)})
    data = data.sort_values(["rank", "economy"])
    data["key"], data["label"] = data["sector"], [results.sector(s) for s in data["sector"]]
    names = [results.economy(code) for code in who]
    data["who"] = data["economy"].map(dict(zip(who, names, strict=True)))
    top = data.iloc[data["value"].abs().argmax()]
    is_jobs = metric == "employment_change"
    said = persons(top["value"]) + " jobs" if is_jobs else percent(top["value"])
    unit = "thousand jobs" if is_jobs else "percent"
    more = []
    if is_jobs:
        more.append("Jobs move between industries; the model holds total employment fixed.")
        if results.employment_basis:
            more.append(f"Employment by industry: {results.employment_basis}.")
    return Figure(
        id=name,
        section="industries",
        title=title,
        subtitle=("Change in employment, thousand" if is_jobs else "Change in output, percent")
        + "; the ten largest changes in either economy",
        caption=caption(results, *more),
        alt=f"Paired bars for {join_names(names)}, ten industries. The largest change: "
        f"{results.sector(top['sector'])} in {top['who']}, {said}.",
        data=rows,
        specification=partial(
            sized,
            bars.paired_bars,
            data[["key", "label", "who", "value"]],
            unit,
            names,
            theme.pair_of_colours(*who),
        ),
    )


__all__ = ["figures"]
