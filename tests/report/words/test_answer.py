"""Is the sentence honest: signs, units, ranges, and what it does not claim?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.report.words.answer import Effect, answer, moves, third_countries, verdict
from detente.run.results import Results, normal
from detente.wording import (
    MINUS,
    interval,
    money,
    number,
    percent,
    persons,
    points,
    with_unit,
)

sizes = st.floats(0.002, 50)
signs = st.sampled_from([-1.0, 1.0])


def of(value: float, low: float | None = None, high: float | None = None) -> Effect:
    return Effect("USA", "the United States", value, low, high)


def other(value: float, low: float | None = None, high: float | None = None) -> Effect:
    return Effect("CHN", "China", value, low, high)


@given(a=sizes, b=sizes, sign_a=signs, sign_b=signs)
@settings(deadline=None, max_examples=60)
def test_verdict_names_gainer_and_loser(a: float, b: float, sign_a: float, sign_b: float) -> None:
    text = verdict(of(sign_a * a), other(sign_b * b))
    if sign_a == sign_b:
        assert text.startswith("both")
        assert ("gain" in text) == (sign_a > 0)
        assert ("lose" in text) == (sign_a < 0)
        if ", " in text:
            larger = "China" if b > a else "the United States"
            assert text.endswith(f"{larger} more")
    else:
        gainer = "the United States" if sign_a > 0 else "China"
        assert text.startswith(f"{gainer} gains")
        assert text.endswith("loses")


def test_no_direction_where_the_range_holds_zero() -> None:
    assert verdict(of(0.1, -0.02, 0.3), other(-0.1, -0.3, 0.02)).startswith("neither")
    assert verdict(of(0.1, -0.02, 0.3), other(-0.1, -0.3, -0.02)) == (
        "China loses; for the United States the sign is not settled"
    )


@given(value=sizes, sign=signs)
@settings(deadline=None, max_examples=60)
def test_rises_and_falls_carry_no_second_sign(value: float, sign: float) -> None:
    text = moves(of(sign * value))
    assert text.startswith("rises" if sign > 0 else "falls")
    assert MINUS not in text
    assert "+" not in text


def test_small_effects_are_called_small() -> None:
    assert "hardly changes" in moves(of(0.0001))
    assert "hardly changes" in moves(of(-0.0001))


def test_answer_says_what_it_is(results: Results) -> None:
    said = answer(results)
    assert said.lead == "Both the United States and China lose, China more; third countries " + (
        "together hardly notice."
    )
    assert "real income falls 0.041\u00a0% (90\u00a0% range" in said.body
    assert "and 0.11\u00a0% (90\u00a0% range" in said.body
    assert f"{MINUS}$9.9\u00a0bn for the United States" in said.body
    assert "Vietnam gains most (+0.080\u00a0%)" in said.body
    assert "a scenario, not a forecast" in said.body
    assert "forecast" not in said.text.replace("not a forecast", "")


def test_mirrored_results_mirror_the_answer(results: Results) -> None:
    table = results.headline.copy()
    flip = table["metric"].isin(["welfare_pct", "equivalent_variation"])
    table.loc[flip, "value"] *= -1
    table["quantile"] = table["quantile"].where(table["quantile"].isna(), 1 - table["quantile"])
    said = answer(replace(results, headline=table))
    assert said.lead.startswith("Both the United States and China gain, China more")
    assert "real income rises 0.041" in said.body
    assert "+$9.9\u00a0bn for the United States" in said.body


def test_third_countries_are_summed_in_money(results: Results) -> None:
    clause, total = third_countries(results)
    assert total == pytest.approx(361.0)
    assert clause == "third countries together hardly notice"
    table = results.headline.copy()
    at = (table["metric"] == "equivalent_variation") & (table["economy"] == "VNM")
    table.loc[at, "value"] = -8_000.0
    clause, total = third_countries(replace(results, headline=table))
    assert clause == "third countries together lose"
    assert total == pytest.approx(-7_959.0)


def test_nothing_changes_claims_nothing(results: Results) -> None:
    table = results.headline.copy()
    table["value"] = 1e-12
    said = answer(replace(results, headline=normal(table)))
    assert said.lead.startswith("Neither the United States nor China clearly gains or loses")
    assert "hardly notice" in said.lead


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (percent(-0.114), f"{MINUS}0.11\u00a0%"),
        (points(2.5), "+2.50\u00a0pp"),
        (money(-31_250.0), f"{MINUS}$31.2\u00a0bn"),
        (money(2.5e6), "+$2.50\u00a0tn"),
        (money(12.0, "EUR million"), "+12\u00a0m\u00a0EUR"),
        (persons(-1.25), f"{MINUS}1\u00a0200"),
        (with_unit(3.0, "%"), "+3.00\u00a0%"),
        (with_unit(3.0, "pp"), "+3.00\u00a0pp"),
        (with_unit(-2.0, "Mt CO2-equivalent"), f"{MINUS}2.00\u00a0Mt CO\u2082e"),
        (interval(-0.2, 0.01), f"{MINUS}0.20 to 0.01"),
        (number(-0.00001), "0.00"),
        (number(float("nan")), ""),
        (percent(None), ""),
    ],
)
def test_numbers_as_printed(text: str, wanted: str) -> None:
    assert text == wanted
