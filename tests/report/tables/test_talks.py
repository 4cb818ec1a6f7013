"""Can a reader check every number of a meeting from its tables alone?

The reader here knows nothing of the program: it opens the CSV text with the csv module and works
the zone, the frontier and the bargaining points out again by their definitions.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.talks import small_meeting

from detente.quantities import quantity, unit
from detente.report.exports.export import export_run
from detente.report.tables.files import as_csv, as_wide_csv, datapackage
from detente.report.tables.talks import (
    package_columns,
    price_row,
    talks_packages,
    talks_prices,
    talks_table,
)
from detente.run.results import COLUMNS, Results
from detente.talks.bands import swings
from detente.talks.full_reply import FullReply
from detente.talks.meeting import Change, TalksResults, in_words
from detente.talks.zopa import FILTERS

#: Sums in another order than the program's.
ROUNDING = 1e-12
#: Ten significant digits of a long table.
PRINTED = 1e-9

#: The page that explains the tables.
PAGE = Path(__file__).resolve().parents[3] / "docs" / "outcomes.md"

Row = dict[str, str]


@pytest.fixture(scope="module")
def small() -> TalksResults:
    return small_meeting.worked_out(small_meeting.ground())


def read(r: TalksResults) -> list[Row]:
    return list(csv.DictReader(io.StringIO(as_wide_csv(talks_packages(r)))))


def pair(row: Row, name: str, sides: tuple[str, str]) -> tuple[float, float]:
    return float(row[f"{name}:{sides[0]}"]), float(row[f"{name}:{sides[1]}"])


def check_as_a_reader(
    rows: list[Row], sides: tuple[str, str], only_talk: tuple[str, ...] = ()
) -> None:
    """Everything that follows from other columns does.

    Parameters
    ----------
    only_talk
        Issues of which the descriptor says that alone they are an agreement to talk on.
    """
    standing = next(r for r in rows if "status quo" in r["points"].split("; "))
    issues = [c for c in rows[0] if c.startswith("issue:")]
    priced = [r for r in rows if r["priced"] == "True"]
    zone, signable = [], []
    for row in priced:
        moved = sum(row[c] != standing[c] for c in issues)
        assert int(row["issues_moved"]) == moved
        both, wanted, passes = 1.0, True, True
        expected = []
        for s in sides:
            at = {
                c.removesuffix(f":{s}"): float(x)
                for c, x in row.items()
                if x and c.endswith(f":{s}")
            }
            common = at["economy"] + at["constituencies"] + at["salience"] + at["audience"]
            assert at["worth"] == pytest.approx(common, abs=ROUNDING)
            unwilling = common + at["relative_gains"]
            assert at["worth_unwilling"] == pytest.approx(unwilling, abs=ROUNDING)
            assert at["gain"] == pytest.approx(at["worth"] - at["disagreement"], abs=ROUNDING)
            z = (at["support"] - at["threshold"]) / at["spread"]
            assert at["gets_home"] == pytest.approx(0.5 * math.erfc(-z / math.sqrt(2)))
            both *= at["gets_home"]
            passes = passes and at["gain"] > 0 and at["gets_home"] >= 0.5 and at["room"] >= 0
        assert float(row["both_ratify"]) == pytest.approx(both)
        for s in sides:
            net = both * float(row[f"gain:{s}"]) - (1 - both) * float(row[f"failure_cost:{s}"])
            assert float(row[f"expected_gain:{s}"]) == pytest.approx(net, abs=ROUNDING)
            expected.append(net)
            no_deal = float(row[f"disagreement:{s}"])
            wanted = wanted and net > 0 and net + no_deal > float(row[f"talking_on:{s}"])
        if passes and moved:
            zone.append(row)
            if wanted and any(row[c] != standing[c] for c in issues if c not in only_talk):
                signable.append(row)
    assert [r["package"] for r in rows if r["in_zone"] == "True"] == [r["package"] for r in zone]
    assert zone, "the meeting of this test has a zone"
    flagged = [r["package"] for r in rows if r["signable"] == "True"]
    assert flagged == [r["package"] for r in signable]
    assert all(r["signable"] == "True" for r in rows if float(r["chance_signed"]) > 0)
    check_frontier(priced, sides)
    check_points(zone, sides)


def check_frontier(rows: list[Row], sides: tuple[str, str]) -> None:
    worth = np.array([pair(r, "worth", sides) for r in rows])
    for k, row in enumerate(rows):
        as_good = (worth >= worth[k]).all(axis=1)
        better = as_good & (worth > worth[k]).any(axis=1)
        first = int(np.flatnonzero((worth == worth[k]).all(axis=1))[0])
        assert (row["frontier"] == "True") == (not better.any() and first == k), row["package"]


def check_points(zone: list[Row], sides: tuple[str, str]) -> None:
    gain = np.array([pair(r, "gain", sides) for r in zone])
    r1, r2 = pair(zone[0], "impatience", sides)
    power = r2 / (r1 + r2)
    scores = {
        "Nash": power * np.log(gain[:, 0]) + (1 - power) * np.log(gain[:, 1]),
        "Kalai-Smorodinsky": (gain / gain.max(axis=0)).min(axis=1),
        "egalitarian": gain.min(axis=1),
        "utilitarian": gain.sum(axis=1),
    }
    for name, score in scores.items():
        marked = [k for k, r in enumerate(zone) if name in r["points"].split("; ")]
        assert len(marked) == 1, name
        assert score[marked[0]] == pytest.approx(score.max(), abs=ROUNDING), name


def test_a_reader_finds_zone_frontier_and_points_again(small: TalksResults) -> None:
    rows = read(small)
    assert len(rows) == small.ground.agenda.size
    check_as_a_reader(rows, small.sides)


@pytest.mark.slow
def test_a_reader_finds_them_again_in_a_shipped_meeting(meeting: TalksResults) -> None:
    rows = read(meeting)
    told = [c for c in package_columns(meeting) if "alone it is" in c.meaning]
    assert told, "the shipped meeting has a channel to talk on"
    check_as_a_reader(rows, meeting.sides, tuple(c.name for c in told))
    deal = sum(float(r["chance_signed"]) for r in rows)
    assert deal == pytest.approx(meeting.horizon.now.deal)
    by_kind = {
        kind: sum(float(r["chance_signed"]) for r in rows if r["kind"] == kind)
        for kind in ("breakthrough", "partial deal")
    }
    for kind, chance in by_kind.items():
        assert chance == pytest.approx(meeting.measures[kind])
    named = {n.id for n in meeting.talks.named}
    assert named <= {name for r in rows for name in r["points"].split("; ")}


def test_self_enforcement_follows_from_worth_and_who_performs(small: TalksResults) -> None:
    rows = read(small)
    performed = {"AAA": ("issue:one", "issue:three"), "BBB": ("issue:two", "issue:four")}
    issues = [c for c in rows[0] if c.startswith("issue:")]
    for side, mine in performed.items():
        for row in rows:
            others = [c for c in issues if c not in mine]
            best = max(
                float(x[f"worth:{side}"]) for x in rows if all(x[c] == row[c] for c in others)
            )
            at, beta = float(row[f"worth:{side}"]), float(row[f"discount:{side}"])
            assert float(row[f"best_breach:{side}"]) == pytest.approx(best - at, abs=ROUNDING)
            room = beta / (1 - beta) * (at - min(0.0, float(row[f"war:{side}"]))) - (best - at)
            assert float(row[f"room:{side}"]) == pytest.approx(room, abs=ROUNDING)


def test_numbers_read_back_as_they_were(small: TalksResults) -> None:
    rows = read(small)
    for k, side in enumerate(small.sides):
        back = [float(row[f"worth:{side}"]) for row in rows]
        assert back == small.horizon.now.stand.worth[0, :, k].tolist()


def test_best_tariffs_stand_where_they_were_worked_out(small: TalksResults) -> None:
    told = replace(small, replies=(FullReply(3, (0.25, 0.5)), FullReply(5, None, "no answer")))
    rows = read(told)
    for k, side in enumerate(small.sides):
        filled = {int(r["package"]): r[f"best_tariffs:{side}"] for r in rows}
        assert {p for p, x in filled.items() if x} == {3}
        assert float(filled[3]) == (0.25, 0.5)[k]


def test_the_descriptor_states_the_true_columns(small: TalksResults, results: Results) -> None:
    told = replace(results, talks=small)
    tables = ["talks", "talks_packages", "talks_prices"]
    resources = {r["name"]: r for r in datapackage(told, tables)["resources"]}
    fields = resources["talks_packages"]["schema"]["fields"]
    frame = talks_packages(small)
    assert [f["name"] for f in fields] == list(frame.columns)
    kinds = {"integer": "i", "number": "f", "boolean": "b", "string": "OUT"}
    for field in fields:
        kind = frame[field["name"]].dtype.kind
        assert kind in kinds[field["type"]], field["name"]
        assert field["description"].endswith(".")
    long = resources["talks_prices"]["schema"]["fields"]
    assert tuple(f["name"] for f in long) == COLUMNS


def test_packages_without_a_price_are_blank_never_zero() -> None:
    ground = small_meeting.ground()
    row = ground.table.request.rows.index(("two-eased",))
    solved = ground.table.solved.copy()
    solved[row] = False
    hats = ground.table.welfare_hat.copy()
    hats[row] = np.nan
    table = replace(ground.table, solved=solved, welfare_hat=hats, earned_hat=hats)
    valid = solved[table.request.row_of]
    r = small_meeting.worked_out(small_meeting.ground())
    rows = read(replace(r, ground=replace(r.ground, table=table, valid=valid)))
    absent = [x for x in rows if x["price_row"] == price_row(row)]
    assert absent
    for x in absent:
        assert x["priced"] == "False"
        assert x["worth:AAA"] == x["gain:BBB"] == x["kind"] == ""
        assert x["frontier"] == "False"
    prices = talks_prices(replace(r, ground=replace(r.ground, table=table)))
    here = prices[(prices["scenario"] == price_row(row)) & (prices["metric"] == "welfare_pct")]
    assert len(here) == 2
    assert here["value"].isna().all()


# ---- prices ------------------------------------------------------------------------------


def test_every_package_finds_its_prices(small: TalksResults) -> None:
    prices = talks_prices(small)
    rows = read(small)
    at = prices.set_index(["scenario", "metric", "economy"])["value"]
    for row in rows:
        for side in small.sides:
            income = float(at[row["price_row"], "welfare_pct", side])
            assert float(row[f"economy:{side}"]) == pytest.approx(income, abs=PRINTED)
    held = prices[prices["metric"].str.startswith("in_force:")]
    for row in rows:
        measures = set(held.loc[held["scenario"] == row["price_row"], "metric"])
        eased = {f"in_force:{k}-eased" for k in ("one", "two") if row[f"issue:{k}"] == "eased"}
        assert measures == eased


def test_situations_stand_under_their_names(small: TalksResults) -> None:
    prices = talks_prices(small)
    extra = small.ground.table.request.extra
    assert set(extra) <= set(prices["scenario"])
    for name, row in extra.items():
        there = prices[prices["scenario"] == name]
        same = prices[prices["scenario"] == price_row(row)]
        assert there["value"].tolist() == same["value"].tolist()
    losses = prices[
        (prices["scenario"] == "all threats carried out") & (prices["metric"] == "welfare_pct")
    ]
    expected = 100 * (small.ground.table.welfare_hat[extra["all threats carried out"]] - 1)
    np.testing.assert_allclose(losses["value"], expected)


def test_trade_is_told_with_each_other_and_with_the_world() -> None:
    r = small_meeting.worked_out(small_meeting.ground())
    table = r.ground.table
    trade = np.broadcast_to(np.array([[9.0, 4.0], [2.0, 9.0]]), table.trade.shape).copy()
    row = table.request.rows.index(("one-eased",))
    trade[row, 0, 1], trade[row, 0, 0] = 5.0, 90.0
    prices = talks_prices(replace(r, ground=replace(r.ground, table=replace(table, trade=trade))))
    here = prices[
        (prices["scenario"] == price_row(row)) & (prices["metric"] == "factory_gate_trade_pct")
    ]
    at = here.set_index(["importer", "exporter"])["value"]
    assert at["AAA", "BBB"] == pytest.approx(25.0)
    assert at["BBB", "AAA"] == 0.0
    assert at["AAA", ""] == pytest.approx(25.0), "own sales are no trade"
    assert at["", "BBB"] == pytest.approx(25.0)
    assert ("AAA", "AAA") not in at.index


def test_jobs_are_told_where_heads_move_and_only_there(small: TalksResults) -> None:
    assert "employment_change" not in set(talks_prices(small)["metric"])
    table = small.ground.table
    heads = table.workers_hat.copy()
    row = table.request.rows.index(("one-eased",))
    heads[row, 1] = (1.1, 0.8)
    people = np.array([[5.0, 7.0], [20.0, 10.0]])
    moved = replace(table, workers_hat=heads, employment=people)
    prices = talks_prices(replace(small, ground=replace(small.ground, table=moved)))
    at = prices[prices["metric"] == "employment_change"].set_index(
        ["scenario", "economy", "sector"]
    )["value"]
    assert at[price_row(row), "BBB", "goods"] == pytest.approx(2.0)
    assert at[price_row(row), "BBB", "services"] == pytest.approx(-2.0)
    assert at[price_row(row), "AAA", "goods"] == 0.0
    still = replace(table, employment=people)
    prices = talks_prices(replace(small, ground=replace(small.ground, table=still)))
    assert "employment_change" not in set(prices["metric"])


def check_metrics(frame: pd.DataFrame) -> None:
    assert tuple(frame.columns) == COLUMNS
    for name, rows in frame.groupby("metric"):
        row = quantity(str(name))
        assert row.kind == "metric"
        assert set(rows["unit"]) == {unit(str(name))}, name
        used = {a for a in ("importer", "exporter", "economy", "sector") if rows[a].any()}
        assert used <= {axis.strip() for axis in row.axes.split(",")}, name


def test_every_metric_is_documented(changed: TalksResults) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for frame in (talks_table(changed), talks_prices(changed)):
        check_metrics(frame)
        for metric in set(frame["metric"]):
            assert f"`{metric.partition(':')[0]}" in text, metric


# ---- chances -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def changed(small: TalksResults) -> TalksResults:
    """The invented meeting with one thing changed at a time, each told apart by its zone."""
    ends = swings(small.ground)[:4]
    assert ends, "some judgements of the invented meeting have a range"
    one = {**small.measures, "deal": 0.125}
    return replace(
        small,
        swings=tuple(replace(s, zones=(20 + n, 30 + n)) for n, s in enumerate(ends)),
        variants=(Change("v", "what if it rained", one, 11),),
        filters=tuple(Change(f"f{n}", t, one, 40 + n) for n, t in enumerate(FILTERS)),
        changes=(Change("c", "a date is set", one, 12),),
    )


def test_every_change_of_one_thing_stands_with_all_its_chances(changed: TalksResults) -> None:
    table = talks_table(changed)
    told: dict[str, tuple[Mapping[str, float], int]] = {
        "this meeting": (changed.measures, len(changed.horizon.now.zone.members)),
        "what if it rained": (changed.variants[0].measures, 11),
        "a date is set": (changed.changes[0].measures, 12),
    }
    for n, name in enumerate(FILTERS):
        whose = name.replace("side 1", changed.titles[0]).replace("side 2", changed.titles[1])
        told[f"without the filter: {whose}"] = (changed.filters[n].measures, 40 + n)
    for n, swing in enumerate(changed.swings):
        told[f"{in_words(swing.name)} at its low end"] = (swing.at_low, 20 + n)
        told[f"{in_words(swing.name)} at its high end"] = (swing.at_high, 30 + n)
    for scenario, (measures, zone) in told.items():
        rows = table[(table["scenario"] == scenario) & table["quantile"].isna()]
        at = rows.set_index(["metric", "economy"])["value"]
        assert at["packages_in_zone", ""] == zone, scenario
        for name, value in measures.items():
            if name.startswith("willing: "):
                assert at["chance:willing", name.removeprefix("willing: ")] == value
            elif not name.startswith("worth of meeting"):
                assert at[f"chance:{name}", ""] == value, scenario


def test_what_meeting_and_linking_are_worth_stands_by_side(changed: TalksResults) -> None:
    table = talks_table(changed)
    at = table[table["scenario"] == "this meeting"].set_index(["metric", "economy"])["value"]
    parts = [m.partition(":")[2] for m, _ in at.index if m.startswith("worth_of_meeting:")]
    text = PAGE.read_text(encoding="utf-8")
    assert {"deal", "information", "audience"} < set(parts)
    assert all(f"`{part}`" in text for part in parts)
    for k, side in enumerate(changed.sides):
        each = [at[f"worth_of_meeting:{part}", side] for part in dict.fromkeys(parts)]
        assert sum(each) == pytest.approx(at["worth_of_meeting", side], abs=ROUNDING)
        assert each[0] == changed.worth[k].deal
        assert at["linkage_value", side] == changed.linkage[0][k]
        assert at["chance:talks on without a deal", side] == changed.horizon.now.actions[k, 0]
    assert at["chance:a text is ready", ""] == changed.horizon.now.ready
    assert at["packages_in_zone:holding issue by issue", ""] == changed.separate[0]


def test_no_number_of_a_shipped_meeting_stands_twice(meeting: TalksResults) -> None:
    table = talks_table(meeting)
    key = ["scenario", "metric", "economy", "date", "quantile"]
    assert not table.duplicated(key).any(), table[table.duplicated(key, keep=False)]
    assert {c.title for c in meeting.changes} <= set(table["scenario"])
    ends = {f"{in_words(s.name)} at its low end" for s in meeting.swings}
    assert len(ends) == len(meeting.swings)
    assert ends <= set(table["scenario"])


@pytest.mark.slow
def test_prices_of_a_shipped_meeting_are_whole_and_small(meeting: TalksResults) -> None:
    prices = talks_prices(meeting)
    check_metrics(prices)
    check_metrics(talks_table(meeting))
    assert len(as_csv(prices)) < 5e6
    table = meeting.ground.table
    groups = {c.id: c for c in meeting.talks.constituencies}
    row = table.request.extra["all threats carried out"]
    there = prices[prices["scenario"] == "all threats carried out"]
    assert len(there[there["metric"] == "welfare_pct"]) == len(table.economies)
    for name, group in groups.items():
        found = there[there["metric"] == f"constituency_income_pct:{name}"]
        assert found["economy"].tolist() == [group.party]
        if group.sectors:
            members = next(p.members for p in meeting.talks.parties if p.id == group.party)
            gain = 100 * (table.sector_gain(members, group.sectors)[row] - 1)
            assert found["value"].item() == pytest.approx(gain)
    base = prices[(prices["scenario"] == price_row(table.request.base))]
    still = base.loc[~base["metric"].str.startswith("in_force"), "value"].fillna(0)
    assert still.abs().max() < PRINTED


def test_a_workbook_takes_the_wide_table_as_it_is(small: TalksResults, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "manifest.json").write_text('{"files": {}}', encoding="utf-8")
    for name, text in (
        ("headline", as_csv(talks_table(small))),
        ("talks_packages", as_wide_csv(talks_packages(small))),
    ):
        (tmp_path / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    export_run(tmp_path, "parquet")
    back = pd.read_parquet(tmp_path / "parquet" / "talks_packages.parquet")
    assert list(back.columns) == [c.name for c in package_columns(small)]
    assert back["in_zone"].dtype == bool


def test_the_page_of_outcomes_names_every_column(small: TalksResults) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for column in package_columns(small):
        assert f"`{column.name.partition(':')[0]}" in text, column.name
