"""Do the dated tariffs and the product groups say what their sources say?"""

from __future__ import annotations

import datetime as dt
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detente.data import (
    hs_sectors,
    product_group,
    product_groups,
    sectors,
    us_china_tariffs,
    us_tariff_additions,
    us_tariff_daily,
)
from detente.errors import InputError, UnknownNameError

#: The source prints values to USD 0.1 million; the smallest sector touched (agriculture) imports
#: USD 899 million, so half a digit is 6e-5 of it.
PRINTED = 6e-5
#: It prints sector splits to two digits.
SPLIT = 0.005


def test_coverage_is_the_share_of_the_source(source_tables: Path) -> None:
    import csv

    with (source_tables / "us_imports_from_china_2024_product_groups.csv").open() as stream:
        table = list(csv.DictReader(stream))
    known = product_groups()
    assert list(known) == [row["product_group"] for row in table]
    for row in table:
        group = known[row["product_group"]]
        if len(group.coverage) == 1:
            share = float(row["share_of_sector_imports"])
            assert group.coverage_of(row["sector"]) == pytest.approx(share, abs=PRINTED)


def test_coverages_are_shares_of_goods() -> None:
    goods = {code for code, sector in sectors().items() if sector.is_good}
    for group in product_groups().values():
        assert group.source
        for sector, share in group.coverage:
            assert sector in goods
            assert 0 < share < 1
        weights = hs_sectors()[group.hs_codes[0]]
        assert {s for s, _ in weights} == {s for s, _ in group.coverage}
        assert sum(w for _, w in weights) == pytest.approx(1, abs=SPLIT)


def test_the_dispute_mostly_runs_elsewhere() -> None:
    """Key figures: direct solar 0.03 %, electric cars 0.7 %, batteries 27 % of their sectors."""
    share = {
        name: product_group(name).coverage[0][1]
        for name in ("solar cells and modules", "electric passenger vehicles",
                     "lithium-ion batteries")
    }  # fmt: skip
    assert share["solar cells and modules"] == pytest.approx(0.0003, abs=5e-5)
    assert share["electric passenger vehicles"] == pytest.approx(0.007, abs=5e-4)
    assert share["lithium-ion batteries"] == pytest.approx(0.27, abs=0.01)


def test_an_unknown_group_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="lithium-ion batteries"):
        product_group("lithium ion battery")


def test_us_tariff_rises_in_the_war_and_all_goods_lies_between_sectors() -> None:
    total = us_china_tariffs("USA", basis="statutory")
    rates = [r.rate for r in total]
    assert rates[:-1] == sorted(rates[:-1])
    # The phase-one deal of February 2020 halved list 4A.
    assert rates[-1] < rates[-2]
    by_sector = [us_china_tariffs("USA", s.code) for s in sectors().values() if s.is_good]
    for record in us_china_tariffs("USA"):
        same_day = [r.rate for rows in by_sector for r in rows if r.date == record.date]
        assert min(same_day) <= record.rate <= max(same_day)


def test_average_of_2024_is_the_census_average() -> None:
    """US Census Bureau: calculated duties over imports from China, 2024, 11.2 %."""
    (record,) = [r for r in us_china_tariffs("USA") if r.date == date(2024, 12, 31)]
    assert record.rate == pytest.approx(0.112, abs=5e-4)


def test_additions_hold_until_the_next_date() -> None:
    before = us_tariff_additions(date(2025, 4, 4))
    after = us_tariff_additions(date(2025, 4, 6))
    assert {r.exporter for r in before} == {r.exporter for r in after}
    rate = {r.exporter: r.rate for r in after}
    assert rate["CHN"] > {r.exporter: r.rate for r in before}["CHN"]
    assert rate["DEU"] == rate["REU"]
    assert us_tariff_additions(date(2025, 1, 1)) == ()
    assert all(0 <= r < 0.4 for _, r in us_tariff_daily())


@pytest.mark.parametrize("day", ["2025", "2025-04-09", 2025, dt.datetime(2025, 4, 9), b"", []])
def test_what_is_no_day_is_refused(day: Any) -> None:
    with pytest.raises(InputError, match=r"is not a day\. Give a datetime\.date"):
        us_tariff_additions(day)


def test_an_unknown_basis_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match='"statutory"'):
        us_china_tariffs(basis="statutry")
