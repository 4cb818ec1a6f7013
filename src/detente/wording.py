"""How is a number, a unit or a name written for a reader?

Every label, tile, sentence and table cell goes through these functions, so that a sign, a
percent and a percentage point look the same everywhere. Minus is the minus sign, a missing
value is blank, and a value too small to print is called small rather than zero.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MINUS = "\u2212"
#: Between a number and its unit: does not break over lines.
THIN = "\u00a0"

#: What an amount is counted in: read in a case file, written in a report.
MULTIPLES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "tn": 1e12,
    "trillion": 1e12,
}

#: What stands before an amount instead of a currency's code behind it; the longest first.
CURRENCY_SIGNS = {"US$": "USD", "$": "USD", "€": "EUR", "£": "GBP"}

#: What is said of each kind of note, with the names of what it is about.
NOTES = {
    "employment": "Employment: {}.",
    "mirrors nothing": '"{}" mirrors "{}", which is not in force.',
    "not in force": '"{}" is not in force on {} and counts for nothing.',
    "not joined": "Not joined to the baseline along the path of the shock.",
    "path followed": "Anderson acceleration stalled; the path of the shock was followed.",
    "prices at nothing": '"{}" prices at nothing: every flow that it names is zero in the '
    "baseline, and a flow that is zero stays zero.",
    "scale too strong": "trade times scale elasticity of {} is {}, not below one",
    "stops": "{} in {} stops: an input has no source left.",
}

#: Economies that have a colour of their own in every figure.
PRINCIPALS = ("USA", "CHN")

#: Effects below this, in percent, are called small and no direction is claimed.
SMALL_PCT = 0.0005

#: In a sentence these names take the article.
_WITH_ARTICLE = ("United States", "United Kingdom", "Rest of", "rest of", "European Union")

_SHORT = {
    "Rest of world": "Rest of world",
    "United States": "United States",
    "Saudi Arabia and UAE": "Saudi Arabia, UAE",
}


@dataclass(frozen=True)
class Note:
    """What a reader of a result should know, as a fact: what is the case, and of what.

    >>> print(Note("stops", ("steel", "CHN")))
    steel in CHN stops: an input has no source left.
    """

    what: str
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        return NOTES[self.what].format(*self.about)


def is_missing(value: float | None) -> bool:
    """True for None and NaN: printed blank, never as zero.

    >>> is_missing(float("nan")), is_missing(0.0)
    (True, False)
    """
    return value is None or (isinstance(value, float) and math.isnan(value))


def decimals(value: float, least: int = 2, most: int = 4) -> int:
    """How many decimals show two significant digits, within bounds.

    >>> decimals(0.00123), decimals(0.0123), decimals(0.4), decimals(12.0)
    (4, 3, 2, 1)
    """
    size = abs(value)
    if size >= 9.95:
        return 1
    if size >= 0.0995 or size < SMALL_PCT:
        return least
    return most - 1 if size >= 0.00995 else most


def common_decimals(values: Iterable[float]) -> int:
    """How many decimals suit a column: two digits of the largest, more where many would be zero.

    >>> common_decimals([0.75, 0.12, 0.03]), common_decimals([2.2, 0.004, 0.003, 0.002])
    (2, 3)
    """
    sizes = [abs(v) for v in values if not is_missing(v) and v != 0]
    if not sizes:
        return 2
    places = max(2, decimals(max(sizes)))
    while places < 4 and sum(round(v, places) == 0 for v in sizes) > len(sizes) / 3:
        places += 1
    return places


def number(value: float | None, digits: int | None = None, sign: bool = False) -> str:
    """A plain number with a true minus; blank when missing.

    >>> number(-0.123), number(0.5, sign=True), number(None)
    ('−0.12', '+0.50', '')
    """
    if value is None or is_missing(value):
        return ""
    places = decimals(value) if digits is None else digits
    text = f"{abs(value):,.{places}f}".replace(",", "\u2009")
    if float(f"{value:.{places}f}") == 0:
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def percent(value: float | None, sign: bool = True, digits: int | None = None) -> str:
    """A change in percent.

    >>> percent(0.1149), percent(-3.2), percent(0.0001)
    ('+0.11\\xa0%', '−3.20\\xa0%', '0.00\\xa0%')
    """
    return "" if is_missing(value) else number(value, digits, sign) + THIN + "%"


def visible(value: float | None) -> str:
    """A change in percent; one that two decimals would print as zero gets four.

    >>> visible(0.0002), visible(0.0), visible(-0.12)
    ('+0.0002\\xa0%', '0.00\\xa0%', '−0.12\\xa0%')
    """
    if value is None or is_missing(value):
        return ""
    small = 0 < abs(value) < SMALL_PCT
    return number(value, 4 if small else None, sign=True) + THIN + "%"


def quantity(text: str) -> str:
    """A rate or an amount that somebody wrote, its unit held to its number.

    >>> quantity("+10 pp"), quantity("6.6 bn USD"), quantity("+1 % of income")
    ('+10\\xa0pp', '6.6\\xa0bn\\xa0USD', '+1\\xa0% of income')
    """
    size, of, whole = text.partition(" of ")
    return THIN.join(size.split()) + of + whole


def points(value: float | None, sign: bool = True) -> str:
    """A change in percentage points.

    >>> points(1.5)
    '+1.50\\xa0pp'
    """
    return "" if is_missing(value) else number(value, sign=sign) + THIN + "pp"


def money(value: float | None, currency: str = "USD million", sign: bool = True) -> str:
    """An amount given in millions (or another stated unit), in the unit that reads best.

    >>> money(-31200), money(1_450_000), money(240)
    ('−$31.2\\xa0bn', '+$1.45\\xa0tn', '+$240\\xa0m')
    >>> money(12.0, "EUR thousand")
    '+12.0\\xa0EUR thousand'
    """
    if value is None or is_missing(value):
        return ""
    code, _, scale = currency.removesuffix(" a year").partition(" ")
    if scale != "million":
        return f"{number(value, sign=sign)}{THIN}{currency}"
    size = abs(value) * MULTIPLES[scale]
    unit = "tn" if size >= 9.995e11 else "bn" if size >= 9.995e8 else "m"
    shown = size / MULTIPLES[unit]
    places = 2 if unit == "tn" else int(shown < (99.95 if unit == "bn" else 9.5))
    amount = f"{shown:.{places}f}"
    mark = "" if float(amount) == 0 else MINUS if value < 0 else "+" if sign else ""
    prefix = "$" if code == "USD" else ""
    suffix = "" if code == "USD" else f"{THIN}{code}"
    return f"{mark}{prefix}{amount}{THIN}{unit}{suffix}"


def persons(value: float | None, sign: bool = True) -> str:
    """A number of people, given in thousands.

    >>> persons(-12.3), persons(0.25), persons(2400)
    ('−12\\xa0300', '+250', '+2.40\\xa0million')
    """
    if value is None or is_missing(value):
        return ""
    heads = abs(value) * 1e3
    mark = MINUS if value < 0 else "+" if sign else ""
    if heads >= 999_500:
        return f"{mark}{heads / 1e6:.2f}{THIN}million"
    rounded = round(heads, -2) if heads >= 1000 else round(heads, -1) if heads >= 100 else heads
    if round(rounded) == 0:
        return "0"
    return mark + f"{rounded:,.0f}".replace(",", THIN)


def with_unit(value: float | None, unit: str, sign: bool = True) -> str:
    """A number with the unit of its row in a long table.

    >>> with_unit(0.2, "percent"), with_unit(1.0, "pp"), with_unit(-3.0, "USD million")
    ('+0.20\\xa0%', '+1.00\\xa0pp', '−$3.0\\xa0m')
    """
    if is_missing(value):
        return ""
    if unit in ("percent", "%"):
        return percent(value, sign)
    if unit in ("pp", "percentage points"):
        return points(value, sign)
    if unit in ("thousand", "thousand persons"):
        return persons(value, sign)
    if unit.removesuffix(" a year").endswith("million"):
        return money(value, unit, sign)
    short = unit.replace("CO2-equivalent", "CO\u2082e").replace("CO2e", "CO\u2082e")
    return number(value, sign=sign) + (THIN + short if short else "")


def interval(low: float | None, high: float | None) -> str:
    """A range without its unit, each end with the digits of the larger.

    >>> interval(-0.06, 0.017)
    '−0.060 to 0.017'
    """
    if low is None or high is None or is_missing(low) or is_missing(high):
        return ""
    places = decimals(max(abs(low), abs(high)))
    return f"{number(low, places)} to {number(high, places)}"


def money_interval(low: float | None, high: float | None, currency: str = "USD million") -> str:
    """A range of amounts.

    >>> money_interval(-31200.0, 400.0)
    '−$31.2\\xa0bn to $400\\xa0m'
    """
    if is_missing(low) or is_missing(high):
        return ""
    return f"{money(low, currency, sign=False)} to {money(high, currency, sign=False)}"


def short_name(name: str) -> str:
    """A display name without its parenthesis.

    >>> short_name("Rest of ASEAN (SGP PHL KHM LAO MMR BRN)")
    'Rest of ASEAN'
    """
    plain = name.split(" (")[0]
    return _SHORT.get(plain, plain)


def in_sentence(name: str) -> str:
    """A name as it stands inside a sentence.

    >>> in_sentence("United States"), in_sentence("Rest of world"), in_sentence("China")
    ('the United States', 'the rest of the world', 'China')
    """
    plain = short_name(name)
    if plain == "Rest of world":
        return "the rest of the world"
    if plain == "Rest of EU":
        return "the rest of the EU"
    if plain.startswith("Rest of "):
        return "the rest of " + plain.removeprefix("Rest of ")
    if plain == "Saudi Arabia, UAE":
        return "Saudi Arabia and the UAE"
    return f"the {plain}" if plain.startswith(_WITH_ARTICLE) else plain


def world_named(name: str, year: int | None) -> str:
    """A world that something is compared with.

    >>> world_named("icio-2022", 2022), world_named("toy", None)
    ('the world of 2022', 'the world "toy"')
    """
    return f"the world of {year}" if year else f'the world "{name}"'


def comparison(name: str, title: str = "") -> str:
    """A package, or the measures of a day, that something is compared with.

    >>> comparison("in force 2024-04-01"), comparison("calm", "Calm seas")
    ('the measures in force 2024-04-01', '“Calm seas”')
    """
    return f"the measures {name}" if name.startswith("in force") else f"“{title or name}”"


def join_names(names: Sequence[str]) -> str:
    """Names in a row, "and" before the last.

    >>> join_names(["Mexico", "Viet Nam", "India"])
    'Mexico, Viet Nam and India'
    """
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]


def upper_first(text: str) -> str:
    """The text with its first letter large, the rest untouched.

    >>> upper_first("the United States gains")
    'The United States gains'
    """
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end.

    >>> sentence("duties are small")
    'Duties are small.'
    """
    text = upper_first(text.strip())
    return text if text.endswith(".") else text + "."


def wrap(text: str, width: int, lines: int = 3) -> str:
    """Text broken into at most `lines` lines, joined by "|" as the charts expect.

    >>> wrap("Section 301 duty on electric cars", 18)
    'Section 301 duty|on electric cars'
    """
    kept = text.replace("|", "/").replace(" %", THIN + "%").replace(" pp", THIN + "pp")
    parts = textwrap.wrap(kept, width, max_lines=lines, placeholder=" …")
    return "|".join(parts)


def display(codes: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Short display names of codes; a code without a name stays a code."""
    return [short_name(names.get(code, code)) for code in codes]


def chance(p: float) -> str:
    """A probability in whole percent.

    >>> chance(0.123), chance(0.002), chance(0.998)
    ('12\\xa0%', 'under 1\\xa0%', 'over 99\\xa0%')
    """
    if 0 < p < 0.005:
        return f"under 1{THIN}%"
    if 0.995 < p < 1:
        return f"over 99{THIN}%"
    return f"{100 * p:.0f}{THIN}%"


def tenths(p: float) -> str:
    """A probability in tenths of a percent, for comparing small changes.

    >>> tenths(0.1234)
    '12.3\\xa0%'
    """
    return f"{100 * p:.1f}{THIN}%"


def of_income(x: float) -> str:
    """A worth in percent of real income, signed.

    >>> of_income(-0.1234), of_income(0.0)
    ('−0.12\\xa0%', '0.00\\xa0%')
    """
    small = 0.0005 <= abs(x) < 0.0995
    return percent(x if round(x, 3) else 0.0, digits=3 if small else 2)


def tone(score: float) -> str:
    """A tone score, signed.

    >>> tone(-3.0), tone(0.0)
    ('−3.0', '0.0')
    """
    return number(score, 1, sign=True)


def day(date: dt.date) -> str:
    """A date as a reader writes it.

    >>> day(dt.date(2024, 4, 8))
    '8 April 2024'
    """
    return f"{date.day} {date:%B %Y}"
