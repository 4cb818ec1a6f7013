"""Does the report say what was found: rates, triggers, ranges of money, channels?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from tests.report.invented import row

from detente.measures import ProductionSubsidy, Quota, SafeguardDuty
from detente.report.figures.causes import channels
from detente.report.tables import results as tables
from detente.report.tables.files import as_csv
from detente.report.terminal import run_tables
from detente.report.values import run_values
from detente.report.words.answer import answer, third_countries
from detente.report.words.method import limits
from detente.report.words.tiles import tiles
from detente.run.results import THIRD, Results, normal
from detente.wording import Note

CARS = {"by": "USA", "on": "CHN", "sectors": ["cars"]}
LIMIT = {"relation": "at most", "change": "-20 %", "of": "quantity"}
FOUND = (
    Quota(id="cap", title="A cap on cars", limit=LIMIT, **CARS),
    Quota(id="idle", title="A wide cap", limit=LIMIT, **CARS),
    ProductionSubsidy(
        id="fund", by="USA", sectors=["chips"], budget={"amount": "6.6 bn USD", "years": 5}
    ),
    SafeguardDuty(
        id="guard",
        title="A guard",
        rate="+25 pp",
        rule={"kind": "surge", "threshold": "+10 %"},
        **CARS,
    ),
)


def more(results: Results, *rows: dict[str, object]) -> Results:
    table = pd.concat([results.headline, normal(pd.DataFrame(list(rows)))], ignore_index=True)
    return replace(results, headline=table)


def found(results: Results) -> Results:
    told = more(
        results,
        row("found_rate:cap", 12.5, "pp"),
        row("found_rate:idle", 0.0, "pp"),
        row("found_rate:fund", 3.2, "pp"),
        row("started:guard", 0.0, "1"),
    )
    return replace(told, measures=FOUND)


def test_found_rates_are_in_every_form(results: Results) -> None:
    told = found(results)
    what = [cells[2] for cells in tables.measures(told).rows]
    assert what[0] == (
        "quota, at most -20\u00a0% (quantity), motor vehicles; "
        "found: tariff equivalent of 12.5\u00a0pp"
    )
    assert what[1].endswith("nothing needed, the bound holds by itself")
    assert what[2] == (
        "production subsidy, 6.6\u00a0bn\u00a0USD over 5 years, electronics; "
        "found: production subsidy of 3.20\u00a0pp"
    )
    assert what[3].endswith("did not start: no trigger fired")
    assert any(t.head == ("Measure", "Found by the model") for t in run_tables(told))
    assert not any(t.head == ("Measure", "Found by the model") for t in run_tables(results))
    assert run_values(told)["found"][0] == {"measure": "cap", "moves": "tariff", "rate_pp": 12.5}
    assert run_values(told)["found"][3]["started"] is False
    assert "found_rate:cap" in as_csv(told.headline)


def _money(results: Results, low: float, high: float) -> Results:
    at = ((0.05, low), (0.95, high))
    name = f"equivalent_variation_of:{THIRD}"
    return more(
        results,
        *(row(name, value, "USD million", quantile=q) for q, value in at),
        *(
            row("equivalent_variation", -9_900.0 + d, "USD million", economy="USA", quantile=q)
            for q, d in ((0.05, -1_000.0), (0.95, 2_000.0))
        ),
    )


def test_money_has_its_range(results: Results) -> None:
    told = _money(results, -200.0, 900.0)
    assert (
        "−$9.9\u00a0bn (−$10.9\u00a0bn to −$7.9\u00a0bn) for the United States" in answer(told).body
    )
    assert "(−$200\u00a0m to $900\u00a0m) for everyone else" in answer(told).body
    tile = next(t for t in tiles(told) if t.label == "Third countries together")
    assert tile.notes[0] == "−$200\u00a0m to $900\u00a0m"
    assert "(" not in answer(results).body.split("In money")[1].split("Among")[0]


def test_no_direction_for_third_countries_where_the_range_holds_zero(results: Results) -> None:
    table = results.headline.copy()
    at = (table["metric"] == "equivalent_variation") & (table["economy"] == "VNM")
    table.loc[at, "value"] = -8_000.0
    losing = replace(results, headline=table)
    assert third_countries(_money(losing, -9_000.0, -2_000.0))[0].endswith("lose")
    unsettled = third_countries(_money(losing, -9_000.0, 50.0))[0]
    assert unsettled == "for third countries together the sign is not settled"


def test_channels_show_the_split_that_leaves_less_over(results: Results) -> None:
    first = channels(results, "USA")
    assert first is not None
    assert "First-order split" in first.caption
    assert "beyond the first order" in first.alt
    better = more(
        results,
        *(
            row(f"symmetric_pct:{name}", value, "%", economy="USA")
            for name, value in (("terms_of_trade", 0.03), ("volume_of_trade", -0.0705))
        ),
    )
    second = channels(better, "USA")
    assert second is not None
    assert "Symmetric split" in second.caption
    assert "not split" in second.alt
    worse = better.headline.copy()
    worse.loc[worse["metric"] == "symmetric_pct:terms_of_trade", "value"] = 9.0
    third = channels(replace(better, headline=worse), "USA")
    assert third is not None
    assert "First-order split" in third.caption


def test_a_package_of_next_to_nothing_is_not_zero(results: Results) -> None:
    assert results.packages is not None
    table = results.packages.copy()
    at = (table["metric"] == "welfare_pct") & (table["economy"] == "USA")
    table.loc[at, "value"] = 0.0002
    shown = tables.packages(replace(results, packages=table))
    assert all("+0.0002\u00a0%" in cells for cells in shown.rows)


def test_the_source_of_jobs_is_said_once(results: Results) -> None:
    twice = replace(results, notes=(Note("employment", ("totals split by value added",)),))
    assert sum("split by value added" in line for line in limits(twice)) == 1
