"""Where does trade go: which figures tell it?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from detente.report.charts import steps, theme, trade
from detente.report.charts.figure import Figure
from detente.report.words.captions import TWELVE, caption, sized
from detente.report.words.sources import TARIFF_PATH
from detente.run.results import Results, rows_of, unit_of
from detente.wording import (
    in_sentence,
    join_names,
    money,
    number,
)

if TYPE_CHECKING:
    import pandas as pd


def flows(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Amounts by importer and exporter: the rows for all sectors, else their sum."""
    rows = rows_of(table, metric)
    rows = rows[(rows["importer"] != "") & (rows["exporter"] != "")]
    totals = rows[rows["sector"] == ""]
    if len(totals):
        return totals[["importer", "exporter", "value"]]
    return rows.groupby(["importer", "exporter"], as_index=False, sort=False)["value"].sum()


def partners(results: Results) -> Figure | None:
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
            sized, trade.dumbbell, data[["key", "label", "who", "value"]], shown, labels, colours
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
        members = [code for code in results.groups.get(group, ()) if code in economies]
        left = [code for code in members if code not in out]  # a principal stands for itself
        out |= dict.fromkeys(left, label if left == members else f"Other {label}")
    for near in (("JPN", "KOR", "TWN"), ("MEX", "CAN")):
        left = [code for code in near if code in economies and code not in out]
        out |= dict.fromkeys(left, ", ".join(left))
    return {code: out.get(code, "Others") for code in economies}


def matrix_of_blocs(results: Results) -> Figure | None:
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
        specification=partial(sized, trade.matrix, cells, groups),
    )


def tariff_path(results: Results) -> Figure | None:
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
        caption=TARIFF_PATH,
        alt=f"Step lines of average tariffs. Last values: {said}.",
        data=table,
        specification=partial(sized, steps.step_lines, data, "percent", who, colours),
        is_wide=True,
    )
