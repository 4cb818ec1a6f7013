"""Do the tables of a meeting hold what was found?"""

from __future__ import annotations

import pytest

from detente.report.tables.talks import (
    COLUMNS_OF_PACKAGES,
    judged_table,
    odds_table,
    package_columns,
    talks_long,
    talks_packages,
)
from detente.talks import TalksResults


def test_odds_are_three_rows_and_base_rates(met: TalksResults) -> None:
    table = odds_table(met)
    rows = [row[0].split(":")[0] for row in table.rows]
    assert rows == ["Record", "Case", "Blend", "For comparison"]
    assert all(len(row) == len(table.head) for row in table.rows)


def test_the_five_endings_of_each_row_sum_to_one(met: TalksResults) -> None:
    table = talks_long(met)
    five = table[
        table["metric"].str.startswith("chance:")
        & ~table["metric"].isin(["chance:deal", "chance:escalation"])
        & table["quantile"].isna()
    ]
    sums = five.groupby("scenario")["value"].sum()
    assert set(sums.index) == {"record", "case", "blend", "base rates"}
    assert sums.tolist() == pytest.approx([1.0] * 4)


def test_packages_are_one_row_each_and_every_column_has_a_meaning(met: TalksResults) -> None:
    table = talks_packages(met)
    assert len(table) == len(met.packages)
    assert [c["name"] for c in package_columns(met)] == table.columns.tolist()
    assert {c.partition(":")[0] for c in table.columns} == set(COLUMNS_OF_PACKAGES)


def test_defaults_are_marked(met: TalksResults) -> None:
    rows = judged_table(met).rows
    assert len(rows) == len(met.judged)
    assert {row[3] for row in rows} == {"given", "default"}
    assert sum(row[3] == "given" for row in rows) == sum(j.given for j in met.judged)
