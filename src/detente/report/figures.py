"""Which figures does a run call for, and what do they say to someone who cannot see them?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from detente.report.charts import bars, dots, steps, theme, trade
from detente.report.charts.figure import Figure
from detente.report.results import HIGH, LOW, Results, rows_of, unit_of, value_of
from detente.report.wording import (
    display,
    in_sentence,
    join_names,
    money,
    number,
    percent,
    persons,
)

if TYPE_CHECKING:
    import pandas as pd

CLOSURES = {
    "balanced": "trade of every economy balanced",
    "fixed-transfer": "transfers between economies fixed as shares of world value added",
    "proportional": "external balances in proportion to income",
    "given": "external balances set by the measures",
    "trade-balance": "trade balances as in the data",
}
LABOUR = {
    "mobile": "long run: workers move freely between industries",
    "specific": "short run: workers stay in their industry",
    "roy": "medium run: workers move where they are good at it",
}
#: Rows shown in a figure that could have many.
TEN, TWELVE, SIX = 10, 12, 6


def caption(results: Results, *more: str) -> str:
    """Compared with what, base year, closure, run: under every figure."""
    model = results.model
    parts = [f"Compared with {results.compared_with}."]
    year = f"Base year {model.year}" if model.year else "Base year of the world's own data"
    parts.append(
        f"{year}; {CLOSURES.get(model.closure, model.closure)}; "
        f"{LABOUR.get(model.labour, model.labour)}."
    )
    return " ".join([*parts, *more])


def figures(results: Results) -> list[Figure]:
    """All figures that the results can fill, in the order of the report."""
    made: list[Figure | None] = [_gains(results)]
    made += [_prices(results, code) for code in results.principals]
    made += [
        _paired(results, "output_pct", "industries", "Which industries grow and shrink"),
        _paired(results, "employment_change", "jobs", "Where jobs move"),
        _partners(results),
        _matrix(results),
        _tariff_path(results),
    ]
    made += [_by_measure(results, code) for code in results.principals]
    made += [_channels(results, code) for code in results.principals]
    made += [
        _scenarios(results, "packages"),
        _scenarios(results, "alone"),
    ]
    made += [_drivers(results, code) for code in results.principals]
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
        specification=partial(_sized, dots.ranged_dots, data, "percent of real income"),
    )


def rows_of_any_quantile(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Central values and quantiles of one metric."""
    return table[table["metric"] == metric]


def _sized(draw: Callable[..., dict[str, Any]], data: pd.DataFrame, *rest: Any) -> dict[str, Any]:
    """The width is what a figure learns last; the drawing functions take it second."""
    *fixed, width = rest
    return draw(data, width, *fixed)


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
        specification=partial(_sized, bars.sorted_bars, data, "percent", theme.colour_of(code)),
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
            _sized,
            bars.paired_bars,
            data[["key", "label", "who", "value"]],
            unit,
            names,
            theme.pair_of_colours(*who),
        ),
    )


# ---- trade ---------------------------------------------------------------------------------


def flows(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Amounts by importer and exporter: the rows for all sectors, else their sum."""
    rows = rows_of(table, metric)
    rows = rows[(rows["importer"] != "") & (rows["exporter"] != "")]
    totals = rows[rows["sector"] == ""]
    if len(totals):
        return totals[["importer", "exporter", "value"]]
    return rows.groupby(["importer", "exporter"], as_index=False, sort=False)["value"].sum()


def _partners(results: Results) -> Figure | None:
    """Change in exports to the two principals and to everyone else, by exporter."""
    import pandas as pd

    table = flows(results.headline, "trade_change")
    who = list(results.principals)
    if table.empty or len(who) < 2:
        return None
    table = table[table["importer"] != table["exporter"]]
    unit = unit_of(results.headline, "trade_change", results.model.currency)
    places = {code: f"to {in_sentence(results.economy_names.get(code, code))}" for code in who}
    labels = [*places.values(), "to everyone else"]
    spread = table.assign(who=table["importer"].map(places).fillna(labels[-1]))
    spread = spread.groupby(["exporter", "who"], as_index=False)["value"].sum()
    size = spread.assign(size=spread["value"].abs()).groupby("exporter")["size"].max()
    chosen = list(size.sort_values(ascending=False).head(TWELVE).index)
    lead = spread[spread["who"] == labels[0]].set_index("exporter")["value"]
    order = sorted(chosen, key=lambda c: -float(lead.get(c, 0.0)))
    scale, shown = _scaled(unit)
    data = spread[spread["exporter"].isin(chosen)].copy()
    data["value"] = data["value"] * scale
    data["rank"] = data["exporter"].map({c: k for k, c in enumerate(order)})
    data = data.sort_values(["rank", "who"])
    data["key"], data["label"] = data["exporter"], [results.economy(c) for c in data["exporter"]]
    top = spread.iloc[spread["value"].abs().argmax()]
    colours = [*theme.pair_of_colours(*who), theme.OTHER]
    return Figure(
        id="partners",
        section="trade",
        title="Where exports go",
        subtitle=f"Change in exports by destination, {shown} a year; the twelve exporters "
        "that move most",
        caption=caption(results, "At the exporter's factory gate, before any duty."),
        alt=f"For each of {len(chosen)} exporters, dots for the change in exports "
        f"{join_names(labels)}. The largest: {results.economy(top['exporter'])} {top['who']}, "
        f"{money(top['value'], unit)}.",
        data=pd.DataFrame(rows_of(results.headline, "trade_change", sector="")),
        specification=partial(
            _sized, trade.dumbbell, data[["key", "label", "who", "value"]], shown, labels, colours
        ),
    )


def _scaled(unit: str) -> tuple[float, str]:
    """Millions become billions; other units stay."""
    if unit == "USD million":
        return 1e-3, "$ bn"
    if unit.endswith(" million"):
        return 1e-3, unit.removesuffix(" million") + " bn"
    return 1.0, unit


def blocs(results: Results, economies: list[str]) -> dict[str, str]:
    """Each economy's bloc in the small matrix: the principals, the largest groups, the rest."""
    if len(economies) <= 7:
        return {code: results.economy(code) for code in economies}
    out = {code: results.economy(code) for code in results.principals}
    wanted = [
        ("EU27", "EU27"),
        ("ASEAN", "ASEAN"),
    ]
    for group, label in wanted:
        for code in results.groups.get(group, ()):
            if code in economies:
                out.setdefault(code, label)
    for members, label in (
        (("JPN", "KOR", "TWN"), "JPN, KOR, TWN"),
        (("MEX", "CAN"), "MEX, CAN"),
    ):
        for code in members:
            if code in economies:
                out.setdefault(code, label)
    return {code: out.get(code, "Others") for code in economies}


def _matrix(results: Results) -> Figure | None:
    """Change in trade among a handful of blocs."""
    table = flows(results.headline, "trade_change")
    if table.empty:
        return None
    table = table[table["importer"] != table["exporter"]]
    economies = list(dict.fromkeys([*table["exporter"], *table["importer"]]))
    bloc = blocs(results, economies)
    foremost = [bloc[code] for code in results.principals if code in bloc]
    groups = list(dict.fromkeys([*foremost, *bloc.values()]))
    groups.sort(key=lambda group: group == "Others")
    unit = unit_of(results.headline, "trade_change", results.model.currency)
    scale, shown = _scaled(unit)
    cells = table.assign(
        exporter=table["exporter"].map(bloc),
        importer=table["importer"].map(bloc),
        value=table["value"] * scale,
    )
    cells = cells.groupby(["exporter", "importer"], as_index=False)["value"].sum()
    largest = float(cells["value"].abs().max()) if len(cells) else 0.0
    digits = 1 if largest >= 1 else 2 if largest >= 0.1 else 3
    cells["text"] = [number(v, digits, sign=True) for v in cells["value"]]
    top = cells.iloc[cells["value"].abs().argmax()]
    return Figure(
        id="matrix",
        section="trade",
        title="Who sells more or less to whom",
        subtitle=f"Change in trade, {shown} a year; rows sell, columns buy",
        caption=caption(
            results, "At the factory gate. Trade between members of a group is on the diagonal."
        ),
        alt=f"Matrix of changes in trade among {join_names(groups)}. The largest cell: "
        f"{top['exporter']} to {top['importer']}, {money(top['value'] / scale, unit)}.",
        data=rows_of(results.headline, "trade_change", sector=""),
        specification=partial(_sized, trade.matrix, cells, groups),
    )


def _tariff_path(results: Results) -> Figure | None:
    """Average tariffs of the principals on each other, by date."""
    table = results.tariff_path
    if table is None or table.empty:
        return None
    data = table.dropna(subset=["value"]).copy()
    data["who"] = [
        f"{results.economy(i)} on {results.economy(e)}"
        for i, e in zip(data["importer"], data["exporter"], strict=True)
    ]
    data["segment"] = data["who"] + data["compared_with"]
    who = list(dict.fromkeys(data["who"]))
    colours = [theme.colour_of(c) for c in dict.fromkeys(data["importer"])]
    last = data.sort_values("date").groupby("who", sort=False).tail(1)
    said = "; ".join(f"{r.who} {number(r.value, 1)} % from {r.date}" for r in last.itertuples())
    return Figure(
        id="tariffs",
        section="trade",
        title="The tariff on each other's goods",
        subtitle="Average tariff on goods, percent, by the date it took effect",
        caption=results.tariff_path_note,
        alt=f"Step lines of average tariffs. Last values: {said}.",
        data=table,
        specification=partial(_sized, steps.step_lines, data, "percent", who, colours),
        is_wide=True,
    )


# ---- why -----------------------------------------------------------------------------------


def _by_measure(results: Results, code: str) -> Figure | None:
    """Waterfall of one economy's change in real income by measure."""
    import pandas as pd

    rows = results.headline
    rows = rows[
        rows["metric"].str.startswith("attribution:")
        & (rows["economy"] == code)
        & rows["quantile"].isna()
        & (rows["sector"] == "")
    ]
    total = value_of(results.headline, "welfare_pct", economy=code)
    if rows.empty or total is None:
        return None
    order = rows.reindex(rows["value"].abs().sort_values(ascending=False).index)
    labels = [results.measure_title(m.removeprefix("attribution:")) for m in order["metric"]]
    values = [float(v) for v in order["value"]]
    if len(values) > TWELVE:
        rest = sum(values[TWELVE - 1 :])
        labels = [*labels[: TWELVE - 1], f"{len(values) - TWELVE + 1} smaller measures"]
        values = [*values[: TWELVE - 1], rest]
    gap = total - sum(values)
    if abs(gap) > max(1e-6, 0.02 * abs(total)):
        labels.append("not attributed")
        values.append(gap)
    data = pd.DataFrame(
        {
            "label": [*labels, "All together"],
            "value": [*values, total],
            "is_total": [False] * len(values) + [True],
        }
    )
    name = results.economy(code)
    return Figure(
        id=f"why-{code.lower()}",
        section="why",
        title=f"{name}: which measure does it",
        subtitle="Contribution of each measure to the change in real income, percent",
        caption=caption(
            results, "Shapley shares: each measure's effect averaged over the orders of adding it."
        ),
        alt=f"Waterfall for {name}: the largest contribution is {labels[0]} "
        f"({percent(values[0])}); all together {percent(total)}.",
        data=rows,
        specification=partial(
            _sized, bars.waterfall, data, "percent of real income", theme.colour_of(code)
        ),
    )


def _channels(results: Results, code: str) -> Figure | None:
    """Terms of trade, volume of trade, and what the first-order split leaves out."""
    import pandas as pd

    get = partial(value_of, results.headline, economy=code)
    terms, volume, total = (
        get("terms_of_trade_pct"),
        get("volume_of_trade_pct"),
        get("welfare_pct"),
    )
    if terms is None or volume is None or total is None:
        return None
    data = pd.DataFrame(
        {
            "label": [
                "Terms of trade",
                "Volume of trade",
                "Beyond the first order",
                "Real income",
            ],
            "value": [terms, volume, total - terms - volume, total],
            "is_total": [False, False, False, True],
        }
    )
    metrics = ["terms_of_trade_pct", "volume_of_trade_pct", "welfare_pct"]
    name = results.economy(code)
    return Figure(
        id=f"channels-{code.lower()}",
        section="why",
        title=f"{name}: through which channel",
        subtitle="First-order split of the change in real income, percent",
        caption=caption(
            results,
            "Terms of trade and volume of trade after Caliendo and Parro (2015), at baseline "
            "weights; the rest is what large changes, scale, subsidies and transfers add.",
        ),
        alt=f"Waterfall for {name}: terms of trade {percent(terms)}, volume of trade "
        f"{percent(volume)}, beyond the first order {percent(total - terms - volume)}, "
        f"real income {percent(total)}.",
        data=rows_of(results.headline, metrics, economy=code, sector=""),
        specification=partial(
            _sized, bars.waterfall, data, "percent of real income", theme.colour_of(code)
        ),
    )


# ---- packages and measures alone -----------------------------------------------------------


def _scenarios(results: Results, which: str) -> Figure | None:
    """One row a package (or a measure alone), dots for the two principals."""
    table = results.packages if which == "packages" else results.alone
    who = list(results.principals)
    if table is None or table.empty or len(who) < 2:
        return None
    rows = rows_of(table, "welfare_pct", sector="")
    rows = rows[rows["economy"].isin(who)].dropna(subset=["value"])
    if rows["scenario"].nunique() < 2:
        return None
    data = rows.copy()
    title = results.package_title if which == "packages" else results.measure_title
    names = [results.economy(c) for c in who]
    data["key"], data["label"] = data["scenario"], [title(s) for s in data["scenario"]]
    data["who"] = data["economy"].map(dict(zip(who, names, strict=True)))
    lead = data[data["economy"] == who[0]].set_index("scenario")["value"]
    if which == "alone":
        size = data.assign(size=data["value"].abs()).groupby("scenario")["size"].max()
        keep = size.sort_values(ascending=False).head(2 * TWELVE).index
        data = data[data["scenario"].isin(keep)]
    if which == "alone":
        data["order"] = data["scenario"].map(lead)
        data = data.sort_values("order", ascending=False, kind="stable")
    top = data.iloc[data["value"].abs().argmax()]
    is_packages = which == "packages"
    count = data["scenario"].nunique()
    differing = {p.compared_with for p in results.package_facts if p.compared_with}
    more = (
        ["A package with another comparison says so in the table."]
        if is_packages and len(differing) > 1
        else []
    )
    return Figure(
        id=which,
        section=which,
        title="Real income under each package" if is_packages else "Each measure alone",
        subtitle="Change in real income, percent; one row a "
        + (
            "package"
            if is_packages
            else f"measure, taken by itself; {count} of {rows['scenario'].nunique()}, the largest "
            "effects"
        ),
        caption=caption(results, *more),
        alt=f"Dots for {join_names(names)} under {count} "
        + ("packages" if is_packages else "measures, each alone")
        + f". The largest effect: {top['label']}, {top['who']} {percent(top['value'])}.",
        data=rows,
        specification=partial(
            _sized,
            dots.paired_dots,
            data[["key", "label", "who", "value"]],
            "percent of real income",
            names,
            theme.pair_of_colours(*who),
        ),
        is_wide=True,
    )


# ---- how sure ------------------------------------------------------------------------------


def _drivers(results: Results, code: str) -> Figure | None:
    """The six parameters that move one economy's real income most."""
    table = results.drivers
    centre = value_of(results.headline, "welfare_pct", economy=code)
    if table is None or table.empty or centre is None:
        return None
    low = rows_of(table, "welfare_pct", LOW, economy=code).set_index("scenario")["value"]
    high = rows_of(table, "welfare_pct", HIGH, economy=code).set_index("scenario")["value"]
    import pandas as pd

    data = pd.DataFrame({"low": low, "high": high}).dropna()
    if data.empty:
        return None
    data["span"] = (data["high"] - data["low"]).abs()
    data = data.sort_values("span", ascending=False).head(SIX).reset_index(names="label")
    top = data.iloc[0]
    name = results.economy(code)
    return Figure(
        id=f"drivers-{code.lower()}",
        section="sure",
        title=f"{name}: what the answer hangs on",
        subtitle="Change in real income, percent, with one parameter at a time at its low and "
        "high value; the six strongest",
        caption=caption(results, "Low and high: the 5th and 95th percentile of the parameter."),
        alt=f"Tornado for {name} around {percent(centre)}. Strongest: {top['label']}, from "
        f"{percent(top['low'])} to {percent(top['high'])}.",
        data=table[(table["metric"] == "welfare_pct") & (table["economy"] == code)],
        specification=partial(_sized, bars.tornado, data, "percent of real income", centre),
    )


__all__ = ["blocs", "caption", "figures", "flows"]
