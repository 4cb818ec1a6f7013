"""Do rates, amounts and dates mean what was written, and is everything else refused?"""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError, MeasureError, UnknownNameError
from detente.measures import Amount, Rate
from detente.measures.rates import (
    parse_amount,
    parse_change,
    parse_date,
    parse_income_share,
    parse_rate,
    parse_share,
)
from detente.wording import money

#: Decimal text to binary and back: a few units in the last place.
READ = 1e-12

few = settings(max_examples=60, deadline=None)
percents = st.decimals(min_value=0, max_value=999, places=2).map(str)


@few
@given(percents, st.sampled_from(["", " "]), st.floats(0, 2))
def test_three_ways_of_writing_a_rate_are_three_rates(
    number: str, space: str, level: float
) -> None:
    base = np.array([level])
    fraction = float(number) / 100
    written = parse_rate(f"{number}{space}%")
    added = parse_rate(f"+{number}{space}pp")
    raised = parse_rate(f"+{number}{space}%")
    assert level + written.points(base)[0] == pytest.approx(fraction, abs=READ)
    assert level + added.points(base)[0] == pytest.approx(level + fraction, abs=READ)
    assert level + raised.points(base)[0] == pytest.approx(level * (1 + fraction), abs=READ)


@few
@given(percents)
def test_minus_takes_away_what_plus_adds(number: str) -> None:
    base = np.array([0.3, 0.0])
    for unit in ("pp", "%"):
        up, down = parse_rate(f"+{number} {unit}"), parse_rate(f"-{number} {unit}")
        np.testing.assert_allclose(up.points(base) + down.points(base), 0, atol=READ)


def test_the_typographic_minus_is_a_minus() -> None:
    assert parse_rate("−5 pp") == parse_rate("-5 pp") == Rate(-0.05, "points")


def test_a_rate_is_read_once() -> None:
    rate = parse_rate("+10 pp")
    assert parse_rate(rate) is rate
    assert str(rate) == "+10 pp"


@pytest.mark.parametrize("bare", [25, 0.25, 0, -3, "25", "+25", "0.25", " 25 "])
def test_a_bare_number_is_refused_and_told_what_to_write(bare: object) -> None:
    with pytest.raises(MeasureError, match="is a bare number") as caught:
        parse_rate(bare)
    for unit in (' %" for the level', ' pp" to add points', ' %" to raise the level'):
        assert unit in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "%", "25 % %", "25 percentages", "twenty %", "1,5 %", "25 %%", "++5 pp", "25 bp", "25 % x",
     "nan %", "inf %", True, None, [25], {"a": 1}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: object) -> None:
    with pytest.raises(MeasureError):
        parse_rate(text)


def test_points_need_a_sign() -> None:
    with pytest.raises(MeasureError, match="needs a sign"):
        parse_rate("10 pp")


def test_a_rate_beyond_belief_is_refused() -> None:
    with pytest.raises(MeasureError, match="check the unit"):
        parse_rate("10001 %")


#: Pieces of what people write, and of what nobody should.
PIECES = ["25", "+", "-", "−", ".", ",", "%", "pp", "bn", "m", "USD", "$", "€", "e9",
          "2024-08-01", "\u00a0", "\u2009", " ", "٣", "of income", "percentage points", "\x00",
          "1e400"]  # fmt: skip
written = st.text(max_size=12) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
anything = written | st.none() | st.booleans() | st.integers() | st.floats() | st.lists(written)


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """Work of less than 0.2 s of this thread: how busy the machine is does not matter."""
    began = time.thread_time()
    yield
    assert time.thread_time() - began < 0.2


@settings(max_examples=300, deadline=None)
@given(anything)
@pytest.mark.parametrize(
    ("parse", "kind"), [(parse_rate, Rate), (parse_amount, Amount), (parse_date, dt.date),
                        (parse_share, float), (parse_change, float), (parse_income_share, float)],
)  # fmt: skip
def test_anything_is_read_or_refused(
    parse: Callable[[object], object], kind: type, value: object
) -> None:
    with at_once(), contextlib.suppress(InputError):
        assert isinstance(parse(value), kind)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(PIECES), st.integers(1_000, 60_000))
def test_long_texts_are_refused_at_once_and_not_repeated(piece: str, times: int) -> None:
    for parse in (parse_rate, parse_amount, parse_date, parse_share, parse_change):
        with at_once(), pytest.raises(InputError) as caught:
            parse(piece * times)
        assert len(str(caught.value)) < 60 + 240


@few
@given(st.floats(1e-1, 1e7), st.sampled_from([-1, 1]), st.sampled_from(["USD", "EUR", "GBP"]))
def test_an_amount_is_read_as_a_report_writes_it(size: float, sign: int, currency: str) -> None:
    read = parse_amount(money(sign * size, f"{currency} million"))
    assert read.currency == currency
    # Reports round to two digits at worst ("0.1 m").
    assert read.value == pytest.approx(sign * size * 1e6, rel=0.5)


@pytest.mark.parametrize(
    ("text", "value"),
    [("6.6 bn USD", 6.6e9), ("6.6 billion USD", 6.6e9), ("40 mn USD", 4e7), ("1 tn USD", 1e12),
     ("-5 thousand USD", -5e3), ("7 USD", 7.0), ("$5 bn", 5e9), ("5 bn $", 5e9),
     ("US$5 bn", 5e9), ("$549 m", 5.49e8), ("−$31.2\u00a0bn", -3.12e10), ("5 m EUR", 5e6),
     ("€5 m", 5e6), ("5 k USD", 5e3), ("549 m", None), ("USD 6.6 bn", 6.6e9),
     ("−CNY 5 m", -5e6), ("EUR5 m", 5e6), ("$240 m USD", 2.4e8), ("+12.0\u00a0EUR thousand", 1.2e4),
     ("1\u2009234.5\u00a0USD billion", 1.2345e12), ("1.2 tn", None), ("USD", None)],
)  # fmt: skip
def test_amounts(text: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(MeasureError):
            parse_amount(text)
    else:
        assert parse_amount(text).value == pytest.approx(value, rel=READ)


def test_amount_in_the_unit_of_the_world() -> None:
    assert parse_amount("6.6 bn USD").within("USD million") == pytest.approx(6600, rel=READ)
    assert parse_amount("6.6 bn USD").within("thousand USD") == pytest.approx(6.6e6, rel=READ)


def test_amount_in_another_currency_is_refused() -> None:
    with pytest.raises(MeasureError, match="does not guess exchange rates"):
        parse_amount("5 bn EUR").within("USD million")


def test_two_currencies_and_a_comma_are_named() -> None:
    for text in ("$5 m EUR", "USD 5 m EUR", "5 EUR m $"):
        with pytest.raises(MeasureError, match="names two currencies"):
            parse_amount(text)
    for text in ("180,000,000 USD", "1,2 bn EUR", "$1,234"):
        with pytest.raises(MeasureError, match="decimal point, not comma"):
            parse_amount(text)


def test_unknown_unit_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match='"billion"'):
        parse_amount("5 bilion USD")


@pytest.mark.parametrize("text", [5, "5", "bn USD", "5 bn", None, "nan bn USD", "1e30 USD"])
def test_amounts_that_say_too_little_are_refused(text: object) -> None:
    with pytest.raises(InputError):
        parse_amount(text)


def test_shares_lie_between_nothing_and_everything() -> None:
    assert parse_share("27 %") == pytest.approx(0.27, abs=READ)
    assert parse_share("100 %") == 1.0
    for wrong in ("0 %", "101 %", "-5 %", "+5 %", "27", 0.27, "27 pp"):
        with pytest.raises(MeasureError):
            parse_share(wrong)


def test_changes_have_a_sign() -> None:
    assert parse_change("-20 %") == pytest.approx(-0.2, abs=READ)
    for wrong in ("20 %", "-20", -0.2, "-20 pp"):
        with pytest.raises(MeasureError):
            parse_change(wrong)


def test_shares_of_income() -> None:
    assert parse_income_share("-1.5 % of income") == pytest.approx(-0.015, abs=READ)
    for wrong in ("1 % of income", "+1 %", "+1 % of output", "+100 % of income", 0.01):
        with pytest.raises(MeasureError):
            parse_income_share(wrong)


def test_dates() -> None:
    assert parse_date("2024-08-01") == parse_date(dt.date(2024, 8, 1)) == dt.date(2024, 8, 1)
    for wrong in ("2024-13-01", "1 August 2024", "2024", 2024, dt.datetime(2024, 8, 1), None):
        with pytest.raises(MeasureError):
            parse_date(wrong)
