"""Do the shipped cases say what the public record says, and do they make economic sense?"""

from __future__ import annotations

import csv
import functools
import re
from pathlib import Path

import numpy as np
import pytest

from detente.case import CaseFile, list_cases, load_case, validate_case
from detente.measures import Instrument
from detente.scenario import CompiledScenario, compile_scenario
from detente.world import World, load_world

CASES = (
    "anchorage-2021",
    "beijing-2024",
    "busan-2025",
    "decoupling",
    "liberation-day-2025",
    "trade-war-2018",
)

#: Rates in the case files are printed with one decimal of a percent.
PRINTED = 0.05 + 1e-9
#: Shares computed from the table of product groups and printed in percent with one decimal.
PRINTED_SHARE = 0.0006

#: Additions decided by USTR, 89 FR 76581 (18 September 2024), in percentage points.
SECTION_301_STEPS = {
    "301-ev": 75.0,
    "301-plug-in": 75.0,
    "301-lithium-batteries": 17.5,
    "301-battery-parts": 17.5,
    "301-solar": 25.0,
    "301-chips": 25.0,
    "301-steel": 17.5,
    "301-aluminium": 17.5,
    "301-cranes": 25.0,
    "301-syringes": 100.0,
    "301-medical-gloves": 92.5,
    "301-magnets": 25.0,
}

#: Executive Order 14257, annex I, of partners that are one economy of the world (or one rate).
RECIPROCAL = {
    "CHN": 34, "EU27": 20, "JPN": 24, "KOR": 25, "TWN": 32, "IND": 26, "VNM": 46, "THA": 36,
    "IDN": 32, "MYS": 24, "GBR": 10, "BRA": 10, "AUS": 10, "TUR": 10, "GLF": 10,
}  # fmt: skip


@functools.cache
def case_of(name: str) -> CaseFile:
    return load_case(name)


@functools.cache
def world() -> World:
    return load_world("icio-2022")


@functools.cache
def before_the_war() -> World:
    return load_world("icio-2017")


@functools.cache
def compiled(case: str, package: str) -> CompiledScenario:
    its_world = before_the_war() if case_of(case).world == "icio-2017" else world()
    return compile_scenario(its_world, case_of(case).scenario(package))


def packages() -> list[tuple[str, str]]:
    return [(name, package) for name in CASES for package in case_of(name).package_ids]


def points(measure: Instrument) -> float:
    return 100 * float(measure.rate.value)


# ---- form --------------------------------------------------------------------------------


def test_every_case_is_shipped() -> None:
    assert set(CASES) <= set(list_cases())


@pytest.mark.parametrize("name", list_cases())
def test_nothing_is_found_wrong(name: str) -> None:
    assert [str(f) for f in validate_case(name)] == []


@pytest.mark.parametrize("name", CASES)
def test_a_case_asks_a_question_and_says_what_it_leaves_out(name: str) -> None:
    case = case_of(name)
    assert case.question.endswith("?")
    assert len(case.background.split()) >= 40
    assert case.headline in case.package_ids
    assert len(case.not_priced) >= 3


@pytest.mark.parametrize("name", CASES)
def test_every_number_has_a_source_with_a_year_or_is_called_hypothetical(name: str) -> None:
    for section in case_of(name).measures:
        dated = re.search(r"\b(19|20)\d\d\b", section.source)
        assert dated or section.source.startswith("Hypothetical"), section.id
        if section.status == "hypothetical":
            assert re.match("Hypothetical|War tariffs", section.source), section.id
        elif section.kind in ("tariff", "countervailing_duty", "import_ban", "export_ban"):
            assert section.from_ is not None or section.status == "proposed", section.id


@pytest.mark.parametrize("name", CASES)
def test_coverage_below_the_whole_flow_is_explained(name: str) -> None:
    for section in case_of(name).measures:
        coverage = getattr(section, "coverage", None)
        if coverage is None or isinstance(coverage, dict):
            continue
        assert re.search("coverage|share of chips", section.source, re.IGNORECASE), section.id


@pytest.mark.parametrize(("name", "package"), packages())
def test_no_measure_of_a_package_is_out_of_force_on_its_day(name: str, package: str) -> None:
    scenario = case_of(name).scenario(package)
    assert scenario.measures
    assert scenario.in_force == scenario.measures


@pytest.mark.parametrize("name", CASES)
def test_every_measure_is_used(name: str) -> None:
    case = case_of(name)
    used = {m for p in case.packages for m in (*p.measures, *p.lifts)}
    used |= case.talks.measure_ids if case.talks else set()
    assert used == set(case.measure_ids)


# ---- on the world ------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "package"), packages())
def test_every_package_compiles_and_prices_at_something(name: str, package: str) -> None:
    whole = compiled(name, package)
    assert not [n for n in whole.notes if n.what == "prices at nothing"]
    assert whole.measure_ids


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("beijing-2024", "rollback"),
        ("anchorage-2021", "tariffs-lifted"),
        ("anchorage-2021", "small-step"),
    ],
)
def test_lifting_tariffs_raises_none_and_pays_no_import(name: str, package: str) -> None:
    shock = compiled(name, package).shock()
    before = compiled(name, package).parts.tariff
    assert np.all(shock.parts.tariff <= before + 1e-12)
    assert np.any(shock.parts.tariff < before - 0.01)
    assert np.all(shock.parts.tariff >= 0)


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("beijing-2024", "us-increases"),
        ("beijing-2024", "threat-60-returned"),
        ("liberation-day-2025", "announced-and-returned"),
        ("liberation-day-2025", "escalation"),
        ("liberation-day-2025", "truce"),
    ],
)
def test_new_tariffs_lower_none(name: str, package: str) -> None:
    shock = compiled(name, package).shock()
    assert np.all(shock.parts.tariff > compiled(name, package).parts.tariff)


def tariffs_between_the_two(package: str) -> np.ndarray:
    """US tariffs on China and Chinese ones on the US under a package of the war, by sector."""
    w = before_the_war()
    usa, china = w.economy_index("USA"), w.economy_index("CHN")
    parts = compiled("trade-war-2018", package).shock().parts
    level = np.array(w.tariff)
    level[parts.importer, parts.exporter, parts.sector] = parts.tariff
    away = np.ones(level.shape[:2], dtype=bool)
    away[usa, china] = away[china, usa] = False
    assert np.array_equal(level[away], w.tariff[away])
    return np.array([level[usa, china], level[china, usa]])


def test_the_war_is_above_the_peace_and_peaks_in_2019() -> None:
    w = before_the_war()
    usa, china = w.economy_index("USA"), w.economy_index("CHN")
    peace = np.array([w.tariff[usa, china], w.tariff[china, usa]])
    war, height = tariffs_between_the_two("war"), tariffs_between_the_two("wave-4")
    assert np.all(war >= peace)
    # Only medicines (USA) and services are spared.
    assert [int((row > 0).sum()) for row in war - peace] == [20, 21]
    # Halving the last lists leaves no rate higher.
    assert np.all(height >= war - 1e-12)
    assert np.all((height > war + 0.01).sum(axis=1) >= 3)


def test_waves_of_the_war_rise_one_above_the_other() -> None:
    """Average US and Chinese duties, weighted with the world's trade, grow from wave to wave."""
    w = before_the_war()
    usa, china = w.economy_index("USA"), w.economy_index("CHN")
    bought = np.array([w.sales[usa, china], w.sales[china, usa]])
    averages = [
        (tariffs_between_the_two(package) * bought).sum(axis=1) / bought.sum(axis=1)
        for package in ("wave-1", "wave-2", "wave-3", "wave-3-raised", "wave-4")
    ]
    assert np.all(np.diff(averages, axis=0) > 0)


def test_bans_close_both_directions() -> None:
    parts = compiled("decoupling", "goods-both-ways").shock().parts
    assert np.all(np.isinf(parts.resource_cost))
    assert np.all(parts.share == 1)
    usa, china = world().economy_index("USA"), world().economy_index("CHN")
    assert set(parts.importer.tolist()) == set(parts.exporter.tolist()) == {usa, china}


def test_free_rates_are_the_amounts_of_the_record() -> None:
    grant = compiled("beijing-2024", "chips-grant").free_rates
    assert [(f.quantity, f.relation, round(f.level)) for f in grant] == [("net_cost", "==", 1100)]
    bought = compiled("trade-war-2018", "phase-one-purchases").free_rates
    assert [(f.quantity, f.relation, round(f.level)) for f in bought] == [
        ("import_value", ">=", 34200),
        ("import_value", ">=", 40400),
    ]


def test_third_countries_wait_each_for_its_own_surge() -> None:
    triggers = compiled("beijing-2024", "threat-60-deflected").triggers
    assert len(triggers) == 5
    europe = {world().economy_index(e) for e in world().groups["EU27"]}
    watching = [frozenset(t.watch.importer.tolist()) for t in triggers]
    assert all(w == europe or len(w) == 1 for w in watching)


# ---- against the record ------------------------------------------------------------------


def test_section_301_steps_are_those_of_the_notice() -> None:
    case = case_of("beijing-2024")
    assert {m: points(case.built(m)) for m in SECTION_301_STEPS} == pytest.approx(SECTION_301_STEPS)
    headline = case.scenario("us-increases")
    assert set(headline.ids) == set(SECTION_301_STEPS)


def test_reciprocal_rates_are_those_of_annex_one() -> None:
    case = case_of("liberation-day-2025")
    found = {
        partner: points(m)
        for m in case.scenario("announced").measures
        for partner in m.on
        if partner not in ("XSE", "ROW")
    }
    assert found == pytest.approx(RECIPROCAL)


def test_reciprocal_rates_spare_canada_mexico_and_russia() -> None:
    parts = compiled("liberation-day-2025", "announced").shock().parts
    spared = {world().economy_index(e) for e in ("CAN", "MEX", "RUS")}
    assert not spared & set(parts.exporter.tolist())
    assert len(set(parts.exporter.tolist())) == len(world().economies) - 1 - len(spared)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


PEACE = "2018-01-01"
#: Days of general cuts of China's tariffs in the dated table, each with the date before it.
GENERAL_CUTS = (
    ("2018-04-02", "2018-05-01"),
    ("2018-05-01", "2018-07-01"),
    ("2018-09-24", "2018-11-01"),
)


@pytest.mark.parametrize(
    ("file", "column", "prefix", "cuts"),
    [
        (
            "tradewar_us_tariff_on_china_2018_2020.csv",
            "wavg_pct_us_imports_from_china_2024",
            "us-",
            (),
        ),
        (
            "tradewar_china_tariff_on_us_2018_2020.csv",
            "wavg_pct_china_imports_from_us_2017",
            "china-",
            GENERAL_CUTS,
        ),
    ],
)
def test_war_tariffs_are_those_of_the_tables(
    source_tables: Path, file: str, column: str, prefix: str, cuts: tuple[tuple[str, str], ...]
) -> None:
    """Additions: each day's level less that of the peace, general cuts left out."""
    table = {
        (r["date"], r["sector"]): float(r[column]) for r in rows(source_tables / file) if r[column]
    }

    def added(day: str, sector: str) -> float:
        fell = sum(table[b, sector] - table[a, sector] for a, b in cuts if b <= day)
        return table[day, sector] - table[PEACE, sector] - fell

    def expected(day: str, sector: str) -> float:
        if (day, sector) in table:
            return added(day, sector)
        # China's table ends in 2019: half of the step of September 2019 was taken off.
        step = table["2019-09-01", sector] - table["2019-06-01", sector]
        return added("2019-12-26", sector) - max(0.0, step) / 2

    case = case_of("trade-war-2018")
    sectors = {s for d, s in table if d == PEACE} - {"pharmaceuticals"}
    compared = 0
    for name in case.measure_ids:
        if name.startswith(prefix):
            rates = case.built(name).rate
            for sector in sectors:
                stated = 100 * rates[sector].value if sector in rates else 0.0
                fell_by = -0.35 if sector not in rates else -PRINTED
                apart = stated - max(0.0, expected(name.removeprefix(prefix), sector))
                assert abs(apart) <= PRINTED, (name, sector)
                assert expected(name.removeprefix(prefix), sector) > fell_by, (name, sector)
                compared += 1
    assert compared >= 6 * 20


def test_what_the_reciprocal_duties_reach_is_what_the_table_says(source_tables: Path) -> None:
    table = rows(source_tables / "tradewar_us_tariff_on_china_2024_2026.csv")
    added = {(r["date"], r["sector"]): float(r["added_since_2025"]) for r in table}
    coverage = case_of("liberation-day-2025").built("reciprocal-eu").coverage
    for sector, share in coverage.items():
        reached = (added["2025-04-09", sector] - added["2025-03-12", sector]) / 1.25
        assert share == pytest.approx(reached, abs=0.005 + 1e-9), sector


def test_the_share_of_medical_gloves_follows_from_the_tables(source_tables: Path) -> None:
    groups = rows(source_tables / "us_imports_from_china_2024_product_groups.csv")
    group = next(g for g in groups if g["product_group"] == "facemasks and medical gloves")
    split = dict(part.split() for part in group["sector_split"].split("; "))
    in_rubber = float(split["rubber_plastics"])
    sector = next(
        float(r["imports_usd_2024"])
        for r in rows(source_tables / "tradewar_us_tariff_on_china_2024_2026.csv")
        if r["sector"] == "rubber_plastics"
    )
    share = 1e6 * float(group["us_imports_from_china_2024_usd_mn"]) * in_rubber / sector
    gloves = case_of("beijing-2024").built("301-medical-gloves").coverage
    assert gloves == pytest.approx(share, abs=PRINTED_SHARE)


def test_amounts_in_sources_agree_with_the_world() -> None:
    """Flows of the ICIO that sources quote are those of the shipped world."""
    w = world()

    def flow(importer: str, exporter: str, *sectors: str) -> float:
        n, i = w.economy_index(importer), w.economy_index(exporter)
        return 1e-3 * float(sum(w.sales[n, i, w.sector_index(s)] for s in sectors))

    assert flow("CHN", "USA", "electronics") == pytest.approx(19.1, abs=0.05)
    assert flow("CHN", "USA", "agriculture", "food") == pytest.approx(27.2, abs=0.06)
    assert flow("CHN", "USA", "energy_mining", "petroleum") == pytest.approx(18.0, abs=0.06)
    assert flow("BRA", "CHN", "motor_vehicles") == pytest.approx(2.34, abs=0.005)
    assert flow("USA", "CHN", "ict") == pytest.approx(6.60, abs=0.005)
    europe = sum(flow(e, "CHN", "motor_vehicles") for e in w.groups["EU27"])
    assert europe == pytest.approx(16.0, abs=0.05)
    china = w.economy_index("CHN")
    output = 1e-3 * w.output[china]
    assert output[w.sector_index("motor_vehicles")] == pytest.approx(1216, abs=1)
    assert output[w.sector_index("electrical_equipment")] == pytest.approx(1201, abs=1)
    w = before_the_war()
    assert flow("CHN", "USA", "agriculture") == pytest.approx(10.27, abs=0.005)
    assert flow("CHN", "USA", "food") == pytest.approx(4.47, abs=0.005)
    assert flow("CHN", "USA", "energy_mining") == pytest.approx(4.28, abs=0.005)
    assert flow("CHN", "USA", "petroleum") == pytest.approx(2.19, abs=0.005)


# ---- the answers have the right signs ----------------------------------------------------


def test_the_war_hurts_both_and_helps_those_who_step_in() -> None:
    from detente.equilibrium import solve

    war = solve(before_the_war(), compiled("trade-war-2018", "war").shock())
    change = dict(zip(war.world.economies, war.welfare_hat - 1, strict=True))
    assert change["VNM"] > 0
    assert change["MEX"] > 0
    # Fajgelbaum, Goldberg, Kennedy and Khandelwal (2020) have the US lose 0.04 % of GDP.
    assert -6e-4 < change["USA"] < -2e-4
    assert -3e-3 < change["CHN"] < 3 * change["USA"]
    # What the documentation says of it.
    assert 100 * change["USA"] == pytest.approx(-0.038, abs=0.0005)
    assert 100 * change["CHN"] == pytest.approx(-0.1635, abs=0.0005)


def test_what_the_cases_say_of_duties_that_were_waived() -> None:
    """The bracket in the notes of the packages in which China drops its duties."""
    from detente.equilibrium import solve

    w = world()
    china, usa = w.economy_index("CHN"), w.economy_index("USA")
    before = solve(w).welfare_hat
    for case, both, alone in (
        ("anchorage-2021", "tariffs-lifted", "tariffs-lifted-by-us"),
        ("beijing-2024", "rollback", "rollback-us-only"),
    ):
        change = [
            100 * (solve(w, compiled(case, p).shock()).welfare_hat / before - 1)
            for p in (alone, both)
        ]
        assert [c[usa] for c in change] == pytest.approx([0.015, 0.154], abs=0.0006)
        assert [c[china] for c in change] == pytest.approx([0.215, 0.228], abs=0.0006)
        note = next(p for p in case_of(case).packages if p.id == both).note
        assert "+0.015 %" in str(note)
    goods = [w.sector_index(s) for s in w.goods]
    lifted = solve(w, compiled("anchorage-2021", "tariffs-lifted").shock())
    exports = 1e-3 * lifted.sales_prime[china, usa]
    assert exports[goods].sum() == pytest.approx(471, abs=1)
    assert exports[w.sector_index("nonferrous_metals")] == pytest.approx(193, abs=1)


def test_what_the_documentation_says_of_chinese_duties() -> None:
    """They are well above what customs collected, as the page on data admits with numbers."""
    w = world()
    china, usa = w.economy_index("CHN"), w.economy_index("USA")
    duties = (w.tariff * w.sales)[china]
    assert 1e-3 * duties.sum() == pytest.approx(105, abs=1)
    assert 1e-3 * duties[usa].sum() == pytest.approx(27, abs=0.5)
