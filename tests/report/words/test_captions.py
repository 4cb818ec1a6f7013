"""Does every figure and table say what its numbers are compared with and measured in?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from tests.report.invented import by_economy, row

from detente.report.figures.causes import by_measure, scenarios
from detente.report.tables import results as tables
from detente.report.terminal import run_footing
from detente.report.words.answer import Effect, moves
from detente.report.words.certainty import how_sure
from detente.report.words.method import limits
from detente.report.words.tiles import tiles
from detente.run.results import Results, normal


def test_measures_alone_name_their_own_comparison(results: Results) -> None:
    """The headline is set against another package here, each measure alone against the world."""
    against_package = replace(results, compared_with="“Peace”")
    alone = scenarios(against_package, "alone")
    packages = scenarios(against_package, "packages")
    assert alone is not None
    assert packages is not None
    assert "Compared with the world of 2022." in alone.caption
    assert "Compared with “Peace”." in packages.caption


def test_a_package_that_moves_the_transfer_says_what_is_left_without_it(results: Results) -> None:
    rows = by_economy("package-two", -2.0)
    for code, value in (("USA", -0.034), ("CHN", 0.102)):
        at = {"scenario": "package-two", "economy": code}
        rows.append(row("balance_change", -30_000.0, "USD million", **at))
        rows.append(row("real_income_without_transfer_pct", value, "%", **at))
    moved = replace(
        results, packages=normal(pd.DataFrame([*by_economy("package-one", 1.0), *rows]))
    )
    first, second = (line[0] for line in tables.packages(moved).rows)
    assert "without the transfer" not in first
    assert "real income without the transfer: United States −0.034" in second
    assert "China +0.10" in second


def test_prices_are_not_taken_for_inflation(results: Results) -> None:
    tile = next(t for t in tiles(results) if "consumer prices" in t.label)
    assert "in units of world value added, not inflation" in tile.notes
    assert any("not inflation" in line for line in run_footing(results))


def test_sampled_shares_say_so(results: Results) -> None:
    exact = by_measure(results, "USA")
    errors = [
        row(f"attribution_error:{name}", size, "pp", economy="USA")
        for name, size in (("duty-a", 0.002), ("duty-b", 0.0004))
    ]
    sampled = by_measure(
        replace(results, headline=pd.concat([results.headline, normal(pd.DataFrame(errors))])),
        "USA",
    )
    assert exact is not None
    assert sampled is not None
    assert "sampled" not in exact.caption
    assert "largest standard error is 0.002 points" in sampled.caption


def test_a_central_value_outside_its_range_is_owned_up_to(results: Results) -> None:
    outside = moves(Effect("USA", "the United States", -0.181, -0.17, -0.09))
    assert "the central value lies outside it" in outside
    assert "outside" not in moves(Effect("USA", "the United States", -0.12, -0.17, -0.09))
    table = results.headline.copy()
    central = (table["metric"] == "welfare_pct") & table["quantile"].isna()
    table.loc[central & (table["economy"] == "CHN"), "value"] = -0.5
    said = how_sure(replace(results, headline=table))
    assert any(line.startswith("For China the central value lies outside") for line in said)
    assert not any("outside the range" in line for line in how_sure(results))


def test_a_world_without_employment_claims_no_jobs(results: Results) -> None:
    assert any(line.startswith("Jobs by industry") for line in limits(results))
    jobless = replace(results, employment={}, employment_basis="none: counted for 2022 only")
    assert not any("Jobs by industry" in line for line in limits(jobless))
