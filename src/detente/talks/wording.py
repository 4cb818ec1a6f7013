"""How are chances, worths and days written in a sentence?"""

from __future__ import annotations

import datetime as dt

__all__ = ["amount", "day", "percent", "tenths", "tone"]


def percent(p: float) -> str:
    """A probability in whole percent.

    Examples
    --------
    >>> percent(0.123), percent(0.002), percent(0.998)
    ('12 %', 'under 1 %', 'over 99 %')
    """
    if 0 < p < 0.005:
        return "under 1 %"
    if 0.995 < p < 1:
        return "over 99 %"
    return f"{100 * p:.0f} %"


def tenths(p: float) -> str:
    """A probability in tenths of a percent, for comparing small changes.

    Examples
    --------
    >>> tenths(0.1234)
    '12.3 %'
    """
    return f"{100 * p:.1f} %"


def amount(x: float) -> str:
    """A worth in percent of real income, signed.

    Examples
    --------
    >>> amount(-0.1234), amount(0.0)
    ('−0.12 %', '0.00 %')
    """
    rounded = f"{abs(x):.2f} %" if abs(x) >= 0.0995 or round(x, 3) == 0 else f"{abs(x):.3f} %"
    if round(x, 3) == 0:
        return "0.00 %"
    return ("−" if x < 0 else "+") + rounded


def day(date: dt.date) -> str:
    """A date as a reader writes it.

    Examples
    --------
    >>> day(dt.date(2024, 4, 8))
    '8 April 2024'
    """
    return f"{date.day} {date:%B %Y}"


def tone(score: float) -> str:
    """A tone score, signed.

    Examples
    --------
    >>> tone(-3.0), tone(0.0)
    ('−3.0', '0.0')
    """
    if round(score, 1) == 0:
        return "0.0"
    return f"{score:+.1f}".replace("-", "−")
