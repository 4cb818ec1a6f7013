"""Is a number written the same way everywhere, and read the way it is written?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.measures.rates import parse_amount, parse_rate
from detente.wording import MINUS, MULTIPLES, THIN, chance, money, of_income, percent, quantity


@given(value=st.floats(0.1, 1e9), sign=st.sampled_from([-1.0, 1.0]))
def test_an_amount_that_was_written_is_read_back(value: float, sign: float) -> None:
    written = money(sign * value, "EUR million")
    read = parse_amount(written.replace(THIN, " ").replace(MINUS, "-"))
    assert read.currency == "EUR"
    # one decimal is printed at least: half of it, or the second significant digit
    assert read.value / 1e6 == pytest.approx(sign * value, rel=0.06, abs=0.0501)


@given(value=st.floats(0.1, 9e7))
def test_an_amount_has_at_most_four_digits_before_its_multiple(value: float) -> None:
    size, multiple = money(value, sign=False).removeprefix("$").split(THIN)
    assert len(size.replace(".", "")) <= 4
    assert multiple in MULTIPLES


@pytest.mark.parametrize("text", ["25 %", "+10 pp", "-3.5 pp", "+10 %"])
def test_a_rate_held_to_its_unit_is_the_same_rate(text: str) -> None:
    assert parse_rate(quantity(text)) == parse_rate(text)
    assert " " not in quantity(text)


@given(x=st.floats(-50, 50))
def test_a_minus_is_a_minus_sign_and_nothing_at_the_digits_shown_has_no_sign(x: float) -> None:
    for text in (percent(x), of_income(x), percent(x, digits=3)):
        assert "-" not in text
        if float(re.sub(r"[^\d.]", "", text)) == 0:
            assert text[0].isdigit()


def test_a_chance_is_never_certain_unless_it_is() -> None:
    assert (chance(0.0), chance(1.0)) == (f"0{THIN}%", f"100{THIN}%")
    assert chance(0.9999) == f"over 99{THIN}%"
