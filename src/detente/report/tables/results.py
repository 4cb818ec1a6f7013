"""Which numbers stand in the tables of the report?

Each table is a head and rows of text cells, ready to print in HTML or on a terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.tables.table import TextTable
from detente.report.words.choices import choice
from detente.report.words.measures import (
    direction,
    found_rows,
    found_words,
    law,
    package_comparison,
    what,
)
from detente.run.results import HIGH, LOW, MID, Results, rows_of, unit_of, value_of
from detente.wording import (
    THIN,
    common_decimals,
    interval,
    is_missing,
    money,
    number,
    percent,
    visible,
    with_unit,
)

if TYPE_CHECKING:
    import pandas as pd


def economies(results: Results) -> TextTable:
    """One row an economy: real income, money, wages, prices, exports."""
    table = results.headline
    columns = [
        ("Real income", "welfare_pct"),
        ("In money, a year", "equivalent_variation"),
        ("Real wage", "real_wage_pct"),
        ("Consumer prices", "consumer_price_pct"),
        ("Exports", "exports_pct"),
    ]
    present = [(head, metric) for head, metric in columns if (table["metric"] == metric).any()]
    order = rows_of(table, "welfare_pct", sector="").sort_values("value", ascending=False)
    codes = list(order["economy"])
    cells = [_column(table, metric, codes) for _, metric in present]
    rows = [
        (results.economy(code), *(column[k] for column in cells)) for k, code in enumerate(codes)
    ]
    return TextTable(("Economy", *(head for head, _ in present)), tuple(rows), len(present))


def _column(table: pd.DataFrame, metric: str, codes: list[str]) -> list[str]:
    """One outcome of all economies, percents with the same number of decimals."""
    unit = unit_of(table, metric)
    values = [value_of(table, metric, economy=code) for code in codes]
    if unit not in ("%", "percent"):
        return [with_unit(v, unit) for v in values]
    places = common_decimals([v for v in values if v is not None])
    return ["" if v is None else number(v, places, sign=True) + THIN + "%" for v in values]


def _third(results: Results, scenario: str) -> str:
    """Everyone but the principals, in money, under one package."""
    if results.packages is None:
        return ""
    rows = rows_of(results.packages, "equivalent_variation", sector="", scenario=scenario)
    others = rows[~rows["economy"].isin(results.involved)]["value"].dropna()
    unit = unit_of(results.packages, "equivalent_variation", results.model.currency)
    return money(float(others.sum()), unit) if len(others) else ""


#: A package moves the transfers themselves where external balances move by this share of the
#: equivalent variation or more; then real income without the transfer is said beside it.
TRANSFER_SHARE = 0.25


def _without_transfer(results: Results, scenario: str) -> str:
    """Real income without the transfer, in brackets, where the package moves the transfer."""
    if results.packages is None:
        return ""

    def get(metric: str, code: str) -> float:
        found = value_of(results.packages, metric, scenario=scenario, economy=code)
        return 0.0 if found is None or is_missing(found) else float(found)

    moved = any(
        abs(get("balance_change", code))
        > TRANSFER_SHARE * abs(get("equivalent_variation", code))
        > 0
        for code in results.principals
    )
    if not moved:
        return ""
    said = (
        f"{results.economy(code)} {percent(get('real_income_without_transfer_pct', code))}"
        for code in results.principals
    )
    return f" (real income without the transfer: {', '.join(said)})"


def packages(results: Results) -> TextTable:
    """One row a package."""
    if results.packages is None or results.packages.empty:
        return TextTable((), ())
    who = results.principals
    differ = any(p.compared_with for p in results.package_facts)
    rows = []
    for package in results.package_facts:
        effects = [
            visible(value_of(results.packages, "welfare_pct", scenario=package.id, economy=code))
            for code in who
        ]
        name = package.title or package.id
        if package.id == results.headline_id:
            name += " (headline)"
        name += _without_transfer(results, package.id)
        against = package_comparison(results, package) or results.compared_with
        compared = (against,) if differ else ()
        rows.append(
            (name, str(len(package.measures)), *compared, *effects, _third(results, package.id))
        )
    head = (
        "Package",
        "Measures",
        *(("Compared with",) if differ else ()),
        *(results.economy(c) for c in who),
        "Third countries, a year",
    )
    return TextTable(head, tuple(rows), len(who) + 1)


def measures(results: Results) -> TextTable:
    """One row a measure: what it is, since when, on whose authority, from which source."""
    rows = []
    for m in results.measures:
        said = "; ".join(filter(None, (what(m, results.sector_names), found_words(results, m))))
        rows.append((m.title or m.id, direction(m), said, law(m), m.source))
    head = ("Measure", "Who on whom", "What", "Authority, status, dates", "Source")
    return TextTable(head, tuple(rows))


def found(results: Results) -> TextTable:
    """Rates that were found for budgets and bounds, and which waiting measures started."""
    return TextTable(("Measure", "Found by the model"), tuple(found_rows(results)))


def certainty(results: Results) -> TextTable:
    """Median, range and share of draws with the same sign, for those most concerned."""
    if not results.has_ranges:
        return TextTable((), ())
    rows = []
    central = rows_of(results.headline, "welfare_pct", sector="")
    order = central.reindex(central["value"].abs().sort_values(ascending=False).index)
    others = [c for c in order["economy"] if c not in results.principals][:6]
    for code in [*results.principals, *others]:
        get = [
            value_of(results.headline, "welfare_pct", q, economy=code)
            for q in (None, MID, LOW, HIGH)
        ]
        share = value_of(results.same_sign, "same_sign:welfare_pct", economy=code)
        rows.append(
            (
                results.economy(code),
                percent(get[0]),
                percent(get[1]),
                interval(get[2], get[3]),
                "" if is_missing(share) or share is None else f"{100 * share:.0f}\u00a0%",
            )
        )
    head = ("Economy", "Central", "Median", "90\u00a0% range", "Same sign in")
    return TextTable(head, tuple(rows), 4, "Change in real income")


def choices(results: Results) -> TextTable:
    """Does the answer hold under other assumptions?"""
    table = results.choices
    if table is None or table.empty:
        return TextTable((), ())
    who = results.principals
    rows = []
    for scenario in dict.fromkeys(table["scenario"]):
        effects = [
            percent(value_of(table, "welfare_pct", scenario=scenario, economy=code)) for code in who
        ]
        rows.append((choice(results, scenario), *effects))
    return TextTable(("Assumption", *(results.economy(c) for c in who)), tuple(rows), len(who))


def also(results: Results) -> TextTable:
    """Other outcomes of the two principals, one row each."""
    wanted = [
        ("Real income without the transfer", "real_income_without_transfer_pct"),
        ("Terms of trade (first order)", "terms_of_trade_pct"),
        ("Volume of trade (first order)", "volume_of_trade_pct"),
        ("Real wage", "real_wage_pct"),
        ("Imports", "imports_pct"),
        ("Exports", "exports_pct"),
        ("External balance", "balance_change"),
        ("Public revenue: duties and taxes less subsidies", "revenue_change"),
        ("Emissions of production", "emissions_change"),
        ("Emissions embodied in purchases", "emissions_embodied_change"),
    ]
    rows = []
    for label, metric in wanted:
        values = [value_of(results.headline, metric, economy=c) for c in results.principals]
        if any(v is not None for v in values):
            unit = unit_of(results.headline, metric)
            rows.append((label, *(with_unit(v, unit) for v in values)))
    return TextTable(
        ("Outcome", *(results.economy(c) for c in results.principals)),
        tuple(rows),
        len(results.principals),
    )


def provenance(results: Results) -> TextTable:
    """Version, hashes, seed, residual: what makes the run repeatable."""
    rows = []
    for key, value in results.provenance.items():
        if value is None or value == "":
            continue
        text = f"{value:.2g}" if isinstance(value, float) else str(value)
        rows.append((key.replace("_", " "), text))
    return TextTable(("What", "Value"), tuple(rows))
