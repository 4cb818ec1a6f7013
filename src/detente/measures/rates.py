"""How much? Rates, amounts, shares and dates as people write them.

Three rates look alike and mean different things, so a bare number is refused:

=========== ======================================= ========================
written      means                                   a tariff of 8 % becomes
=========== ======================================= ========================
``"25 %"``   the level is 25 %                       25 %
``"+10 pp"`` ten points are added to the level       18 %
``"+10 %"``  the level is raised by a tenth          8.8 %
=========== ======================================= ========================
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Self

from detente.errors import MeasureError, UnknownNameError, no_date, shortened, shown
from detente.wording import CURRENCY_SIGNS, MULTIPLES

if TYPE_CHECKING:
    from detente.arrays import FloatArray

#: Longer texts are no rate, amount or date.
LONGEST_TEXT = 80
#: Largest rate that is believed to be meant: 10,000 %.
LARGEST_RATE = 100.0
#: Larger amounts of money than this, in any currency, are beyond the world economy.
LARGEST_AMOUNT = 1e15

_MINUS = ("-", "−", "–")
_SIGN = re.compile(r"[+\-−–]?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+\-]?\d+)?")
_POINTS = re.compile(r"pp|p\.p\.|percentage +points?|points?", re.IGNORECASE)
_PERCENT = re.compile(r"%|percent|per +cent", re.IGNORECASE)
_CURRENCIES = ("USD", "EUR", "CNY", "JPY", "GBP", "KRW", "CAD", "MXN", "BRL", "INR", "TWD")


def _at(where: str) -> str:
    return f"{where}: " if where else ""


class _Written(NamedTuple):
    """A text taken apart: its sign, its number, and what stands behind them."""

    sign: str
    number: str
    rest: str

    @property
    def value(self) -> float:
        """The number with its sign."""
        return -float(self.number) if self.sign in _MINUS else float(self.number)

    @property
    def unit(self) -> str:
        """ "points", "percent" or "" where the rest begins with neither."""
        if _POINTS.match(self.rest):
            return "points"
        return "percent" if _PERCENT.match(self.rest) else ""

    @property
    def after_unit(self) -> str:
        """What stands behind the unit."""
        found = _POINTS.match(self.rest) or _PERCENT.match(self.rest)
        return self.rest[found.end() :].strip() if found else self.rest


def _plain_text(text: object) -> str:
    """A text with plain spaces; "" for anything else and for what is too long to be meant."""
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        return ""
    return " ".join(text.replace("\u2009", "").split())


def _take_apart(text: str) -> _Written | None:
    """Sign, number and rest of a plain text; None where it does not begin with a number."""
    sign = _SIGN.match(text)[0]  # type: ignore[index]  # it matches the empty text too
    behind = text[len(sign) :].lstrip()
    number = _NUMBER.match(behind)
    return _Written(sign, number[0], behind[number.end() :].strip()) if number else None


@dataclass(frozen=True)
class Rate:
    """A rate as it was meant.

    Attributes
    ----------
    value
        Ad valorem fraction: 0.25 for "25 %", 0.10 for "+10 pp" and for "+10 %".
    kind
        "level", "points" (added), or "relative" (the level times one plus value).
    text
        What was written.
    """

    value: float
    kind: str
    text: str = field(compare=False, default="")

    def points(self, base: FloatArray) -> FloatArray:
        """What the rate adds to the levels `base`, as fractions.

        Examples
        --------
        >>> import numpy as np
        >>> base = np.array([0.08])
        >>> [round(float(parse_rate(t).points(base)[0]), 4) for t in ("25 %", "+10 pp", "+10 %")]
        [0.17, 0.1, 0.008]
        """
        if self.kind == "level":
            return self.value - base
        if self.kind == "points":
            return self.value + 0 * base
        return base * self.value

    def __str__(self) -> str:
        return self.text or f"{100 * self.value:+g} {'pp' if self.kind == 'points' else '%'}"


def parse_rate(text: object, where: str = "") -> Rate:
    """Read "25 %", "+10 pp" or "+10 %"; refuse a bare number.

    Parameters
    ----------
    text
        What was written. A :class:`Rate` is returned as it is.
    where
        File and key, or the measure: begins the message of an error.

    Raises
    ------
    MeasureError
        A bare number, an unknown unit, points without a sign, something unreadable.

    Examples
    --------
    >>> parse_rate("+10 pp")
    Rate(value=0.1, kind='points', text='+10 pp')
    >>> parse_rate(25)
    Traceback (most recent call last):
    ...
    detente.errors.MeasureError: 25 is a bare number. Write "25 %" for the level, "+25 pp" to \
add points, or "+25 %" to raise the level by that share of itself.
    """
    if isinstance(text, Rate):
        return text
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        raise MeasureError(
            f'{_at(where)}a rate is written as text, such as "25 %", "+10 pp" or "+10 %"; '
            f"got {shown(text)}."
        )
    plain = _plain_text(text) if isinstance(text, str) else shown(text)
    written = _take_apart(plain)
    if not isinstance(text, str) or (written is not None and not written.rest):
        number = plain.lstrip("+-−–").strip()
        as_percent = _percent_of(number)
        doubt = (
            f' If it is meant as a fraction, {number} is "{as_percent} %".' if as_percent else ""
        )
        raise MeasureError(
            f'{_at(where)}{plain} is a bare number. Write "{number} %" for the level, '
            f'"+{number} pp" to add points, or "+{number} %" to raise the level by that share of '
            f"itself.{doubt}"
        )
    if written is None or not written.unit or written.after_unit:
        raise MeasureError(
            f'{_at(where)}cannot read the rate "{shortened(text)}". Write "25 %" for a '
            'level, "+10 pp" to add points, "+10 %" to raise the level by a tenth (decimal point, '
            "not comma)."
        )
    value = written.value / 100
    if not math.isfinite(value) or abs(value) > LARGEST_RATE:
        raise MeasureError(
            f'{_at(where)}the rate "{plain}" is beyond {LARGEST_RATE:.0%}: check the unit. To '
            "close a flow use an import or export ban."
        )
    if written.unit == "points":
        if not written.sign:
            raise MeasureError(
                f'{_at(where)}"{plain}" needs a sign: "+{plain}" adds points, "-{plain}" takes '
                "them away; a level is written in %."
            )
        return Rate(value, "points", plain)
    return Rate(value, "relative" if written.sign else "level", plain)


def _percent_of(number: str) -> str:
    """The percentage that a number below one may have been meant as; "" for any other.

    >>> _percent_of("0.25"), _percent_of("25")
    ('25', '')
    """
    try:
        value = float(number)
    except ValueError:
        return ""
    return f"{100 * value:.6g}" if 0 < value < 1 else ""


class Fraction(float):
    """A fraction that remembers how it was written."""

    text: str

    def __new__(cls, value: float, text: str = "") -> Self:
        """The fraction, and the text that it was read from."""
        fraction = super().__new__(cls, value)
        fraction.text = text
        return fraction

    def __str__(self) -> str:
        return self.text or f"{100 * float(self):g} %"


class Share(Fraction):
    """A share that was read with its unit."""


class Change(Fraction):
    """A signed change."""


class IncomeShare(Fraction):
    """A change that was read as a share of an economy's own income."""


def parse_share(text: object, where: str = "") -> Share:
    """A share between 0 (excluded) and 100 %, written "27 %".

    Examples
    --------
    >>> parse_share("27 %")
    0.27
    """
    if isinstance(text, Share):
        return text
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        number = shown(text)
        raise MeasureError(
            f"{_at(where)}{number} is a bare number. Write the share with its unit: "
            f'"{_percent_of(number) or number} %".'
        )
    written = _take_apart(_plain_text(text))
    if written is None or written.sign or written.unit != "percent" or written.after_unit:
        raise MeasureError(
            f'{_at(where)}a share is written like "27 %", without a sign; got {shown(text)}.'
        )
    value = written.value / 100
    if not 0 < value <= 1:
        raise MeasureError(f'{_at(where)}the share "{text}" must be above 0 % and at most 100 %.')
    return Share(value, _plain_text(text))


def parse_change(text: object, where: str = "") -> Change:
    """A signed change as a fraction: "-20 %" is −0.2.

    Examples
    --------
    >>> parse_change("-20 %")
    -0.2
    """
    if isinstance(text, Change):
        return text
    written = _take_apart(_plain_text(text))
    if written is None or not written.sign or written.unit != "percent" or written.after_unit:
        raise MeasureError(
            f'{_at(where)}a change is written with its sign and in %, like "-20 %" or "+5 %"; '
            f"got {shown(text)}."
        )
    value = written.value / 100
    if abs(value) > LARGEST_RATE:
        raise MeasureError(f'{_at(where)}the change "{text}" is beyond {LARGEST_RATE:.0%}.')
    return Change(value, _plain_text(text))


def plain(amount: float) -> str:
    """An amount of money without powers of ten: whole from a thousand on.

    >>> plain(1.8e8), plain(240.125)
    ('180,000,000', '240.125')
    """
    return f"{amount:,.0f}" if abs(amount) >= 1e3 else f"{amount:.6g}"


def parse_income_share(text: object, where: str = "") -> IncomeShare:
    """A signed share of an economy's own income: "+1 % of income" is 0.01.

    Examples
    --------
    >>> parse_income_share("+1 % of income")
    0.01
    """
    if isinstance(text, IncomeShare):
        return text
    written = _take_apart(_plain_text(text))
    if (
        written is None
        or not written.sign
        or written.unit != "percent"
        or written.after_unit.lower() != "of income"
    ):
        raise MeasureError(
            f'{_at(where)}a change of the transfer is written like "+1 % of income" (spending '
            f"beyond income rises by one per cent of the economy's own income); got {shown(text)}."
        )
    value = written.value / 100
    if abs(value) >= 1:
        raise MeasureError(f'{_at(where)}"{text}" is the whole income or more.')
    return IncomeShare(value, _plain_text(text))


@dataclass(frozen=True)
class Amount:
    """An amount of money.

    Attributes
    ----------
    value
        In units of `currency`: 6.6e9 for "6.6 bn USD".
    currency
        ISO 4217 code.
    text
        What was written.
    """

    value: float
    currency: str
    text: str = field(compare=False, default="")

    def within(self, world_currency: str, where: str = "") -> float:
        """The amount in the unit that a world is written in, such as "USD million".

        Examples
        --------
        >>> parse_amount("6.6 bn USD").within("USD million")
        6600.0
        """
        scale = 1.0
        currency = ""
        for word in world_currency.replace("$", " ").split():
            if word.lower() in MULTIPLES:
                scale = MULTIPLES[word.lower()]
            else:
                currency = word
        if currency.upper() not in _CURRENCIES:
            raise MeasureError(
                f'{_at(where)}the amount "{self.text}" is in {self.currency}, but the world '
                f'counts money in "{world_currency}". Say what its data are in: '
                'World.from_arrays(…, currency="USD million").'
            )
        if currency.upper() != self.currency:
            raise MeasureError(
                f'{_at(where)}the world is in "{world_currency}" but the amount "{self.text}" in '
                f"{self.currency}. Write it in {currency or 'the currency of the world'}; detente "
                "does not guess exchange rates."
            )
        return self.value / scale

    def __str__(self) -> str:
        return self.text


def parse_amount(text: object, where: str = "") -> Amount:
    """Read an amount such as "6.6 bn USD", "-50 million USD" or "$549 m".

    Raises
    ------
    MeasureError
        A bare number.
    UnknownNameError
        A unit or currency on no list; names the nearest.

    Examples
    --------
    >>> parse_amount("6.6 bn USD").value
    6600000000.0
    """
    if isinstance(text, Amount):
        return text
    plain = _plain_text(text)
    sign = _SIGN.match(plain)[0]  # type: ignore[index]  # it matches the empty text too
    signs = CURRENCY_SIGNS | {code: code for code in _CURRENCIES}
    ahead = next((s for s in signs if plain.startswith(s, len(sign))), "")
    written = _take_apart(sign + plain[len(sign) + len(ahead) :])
    if isinstance(text, (int, float)) or (written is not None and not (written.rest or ahead)):
        number = plain or shown(text)
        raise MeasureError(
            f"{_at(where)}{number} is a bare number. Write the amount with its unit, such as "
            f'"{number} bn USD".'
        )
    if written is None:
        raise MeasureError(
            f'{_at(where)}cannot read the amount {shown(text)}. Write it like "6.6 bn USD".'
        )
    scale, currency = 1.0, signs.get(ahead, "")
    seen_scale = False
    for word in written.rest.split():
        code = CURRENCY_SIGNS.get(word, word.upper())
        if word.lower() in MULTIPLES and not seen_scale:
            scale, seen_scale = MULTIPLES[word.lower()], True
        elif code in _CURRENCIES and currency in ("", code):
            currency = code
        elif code in _CURRENCIES:
            raise MeasureError(f'{_at(where)}"{plain}" names two currencies. Write one of them.')
        elif word.startswith(","):
            raise MeasureError(
                f'{_at(where)}cannot read the amount "{shortened(plain)}" (decimal point, not '
                'comma, and nothing between thousands). Write it like "6.6 bn USD".'
            )
        else:
            raise UnknownNameError(
                "unit",
                word,
                [*MULTIPLES, *_CURRENCIES],
                where=where or f'amount "{plain}"',
                hint='An amount is a number, a scale and a currency: "6.6 bn USD".',
            )
    if not currency:
        raise MeasureError(f'{_at(where)}"{plain}" names no currency. Write it like "6.6 bn USD".')
    value = written.value * scale
    if not math.isfinite(value) or abs(value) > LARGEST_AMOUNT:
        raise MeasureError(f'{_at(where)}the amount "{plain}" is larger than the world economy.')
    return Amount(value, currency, plain)


def parse_date(value: object, where: str = "") -> dt.date:
    """An ISO date: a TOML date, a `datetime.date`, or text such as "2024-08-01".

    Examples
    --------
    >>> parse_date("2024-08-01")
    datetime.date(2024, 8, 1)
    """
    if isinstance(value, dt.datetime):
        raise MeasureError(f"{_at(where)}a day is meant, not a time: write {value.date()}.")
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise MeasureError(f"{_at(where)}{no_date(value)}")
