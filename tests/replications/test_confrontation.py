"""Is what the validation page says about the trade war what the data say?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tools import build_confrontation, build_validation

#: The tables carry five digits.
FIVE_DIGITS = 1e-4
#: Values below this are compared absolutely.
NEGLIGIBLE = 1e-5

NAMES = ("confrontation", "confrontation_by_sector", "confrontation_totals")


@pytest.mark.slow
def test_the_tables_are_what_the_data_give(source_tables: Path) -> None:
    """Recomputed from the source tables: every number of the committed tables."""
    tables = build_confrontation.build(source_tables)
    for name in NAMES:
        kept = pd.read_csv(build_confrontation.TABLES / f"{name}.csv", keep_default_na=False)
        now = tables[name].reset_index(drop=True)
        assert list(kept.columns) == list(now.columns)
        assert len(kept) == len(now)
        for column in now:
            if now[column].dtype.kind == "f":
                np.testing.assert_allclose(
                    pd.to_numeric(kept[column]),
                    now[column],
                    rtol=FIVE_DIGITS,
                    atol=NEGLIGIBLE,
                    err_msg=f"{name}, {column}",
                )
            else:
                assert list(kept[column].astype(str)) == list(now[column].astype(str))


def test_the_world_of_2017_is_the_shipped_one(source_tables: Path) -> None:
    """The flows compared are its own, and only a few percent of inputs had to give way."""
    sources = build_confrontation.read_sources(source_tables)
    world = build_confrontation.world_of_2017(build_confrontation.MAIN_STUDY)
    np.testing.assert_allclose(world.sales, sources.flows[2017], rtol=0, atol=1e-6)
    assert 0 < build_confrontation.inputs_scaled_away(world) < 3
    usa, china = world.economy_index("USA"), world.economy_index("CHN")
    # direction: China sold the US several times what it bought from it
    goods = world.sector_index("services")
    assert world.sales[usa, china, :goods].sum() > 2 * world.sales[china, usa, :goods].sum()


def test_the_tariffs_are_the_known_ones(source_tables: Path) -> None:
    """Sizes on public record: rises of US duties on machinery and China's on agriculture."""
    sources = build_confrontation.read_sources(source_tables)
    on_china, on_usa, mfn = build_confrontation.added_tariffs(
        sources, "trade-weighted", "after phase one"
    )
    place = sources.sectors.index
    assert on_china[place("machinery")] == pytest.approx(0.226 - 0.016, abs=0.001)
    assert on_usa[place("agriculture")] == pytest.approx(0.360 - 0.075, abs=0.001)
    # China cut its tariff on cars for everybody on 1 July 2018
    assert mfn[place("motor_vehicles")] == pytest.approx(0.136 - 0.227, abs=0.001)
    assert on_china[place("services")] == on_usa[place("services")] == 0


def test_average_over_counts_days() -> None:
    rates = pd.DataFrame({"2018-01-01": [1.0], "2019-07-01": [3.0], "2020-01-01": [9.0]})
    mean = build_confrontation.average_over(rates, "2019-01-01", "2020-01-01")
    assert mean[0] == pytest.approx((181 * 1.0 + 184 * 3.0) / 365)


def test_fit_finds_a_line() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=400)
    weight = rng.uniform(0.5, 2.0, 400)
    correlation, slope, error = build_confrontation.fit(x, 0.3 + 2 * x, weight)
    assert correlation == pytest.approx(1)
    assert slope == pytest.approx(2)
    assert error == pytest.approx(0, abs=1e-12)
    noisy = 2 * x + rng.normal(size=400)
    _, slope, error = build_confrontation.fit(x, noisy, np.ones(400))
    assert abs(slope - 2) < 3 * error
    assert error == pytest.approx(1 / 20, rel=0.3)


def test_the_page_shows_its_tables() -> None:
    """Numbers between the markers are those of docs/_tables: run tools/build_validation.py."""
    page = build_validation.PAGE.read_text(encoding="utf-8")
    assert page == build_validation.page_with_numbers(page)


def test_the_page_claims_what_the_tables_show() -> None:
    """The sentences under "What to make of it", one by one."""
    table = pd.read_csv(build_confrontation.TABLES / "confrontation.csv")
    main = table[
        (table["elasticities"] == build_confrontation.MAIN_STUDY)
        & (table["tariffs"] == build_confrontation.MAIN_TARIFFS)
        & ~table["scale"]
    ].set_index(["test", "window", "importer", "flows", "weights"])

    def row(
        test: str, window: str, importer: str, flows: str = "all", by: str = "trade"
    ) -> pd.Series:
        return main.loc[(test, window, importer, flows, by)]

    for importer in ("USA", "CHN"):
        hit = row("tariffs", "2017-2019", importer, "hit by tariffs")
        assert hit["mean_predicted"] < hit["mean_actual"] < 0
        assert row("tariffs", "2017-2019", importer)["slope"] < 1
    china, placebo = (
        row(t, w, "CHN") for t, w in (("tariffs", "2017-2019"), ("placebo", "2014-2017"))
    )
    assert china["slope"] > 3 * china["slope_standard_error"]
    assert abs(placebo["slope"]) < 2 * placebo["slope_standard_error"]
    for by, stands_out in (("trade", False), ("none", True)):
        usa = row("tariffs", "2017-2019", "USA", by=by)
        before = row("placebo", "2014-2017", "USA", by=by)
        apart = np.hypot(usa["slope_standard_error"], before["slope_standard_error"])
        assert (usa["slope"] - before["slope"] > 2 * apart) == stands_out
    assert row("tariffs", "2017-2019", "USA", "hit by tariffs")["correlation"] < 0.1
    for window in ("2017-2021", "2017-2022"):
        for importer in ("USA", "CHN"):
            later = row("tariffs", window, importer)["correlation"]
            assert later < row("tariffs", "2017-2019", importer)["correlation"]
        assert row("tariffs", window, "third countries")["slope"] > 5
        without = row("tariffs", window, "third countries", "all but from China")
        assert without["correlation"] < 0.1
    assert row("tariffs", "2017-2019", "third countries")["correlation"] < 0.1
