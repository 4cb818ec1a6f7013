"""Who gains by waiting?"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Delay", "delay_of", "next_government_worth"]


class Delay(NamedTuple):
    """What a side gains and loses by waiting.

    Attributes
    ----------
    years
        Until the next meeting.
    gained
        drift · years, % of real income.
    lost
        The chance that there is no deal then, times what the deal is worth over how things are.
    break_even
        The drift a year from which the side gains by waiting.
    gains
        Whether it gains.
    """

    years: float
    gained: float
    lost: float
    break_even: float
    gains: bool


def delay_of(drift: float, years: float, deal: float, worth: float) -> Delay:
    r"""Whether waiting pays: :math:`\text{drift} \cdot \Delta > (1 - p_D)(u(x) - u(x^0))`.

    Parameters
    ----------
    drift
        % of real income a year that the side gains while it waits.
    years
        Δ, until the next meeting.
    deal
        p_D, the chance that the next meeting ends with a deal.
    worth
        u of the deal that could be had now, over how things are.

    Examples
    --------
    >>> delay_of(0.02, 1.0, 0.75, 0.04)
    Delay(years=1.0, gained=0.02, lost=0.01, break_even=0.01, gains=True)
    """
    lost = (1 - deal) * worth
    gained = drift * years
    return Delay(years, gained, lost, lost / years, gained > lost)


def next_government_worth(hazard: float, worth: float) -> float:
    r"""What waiting carries of the next government: :math:`h (u(x') - u(x^0))`.

    Parameters
    ----------
    hazard
        h, the chance of another government before the next meeting.
    worth
        u of what it has announced, over how things are, % of real income.

    Examples
    --------
    >>> next_government_worth(0.5, -0.2)
    -0.1
    """
    return hazard * worth
