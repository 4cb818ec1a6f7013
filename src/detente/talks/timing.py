"""What is it worth to talk on, or to wait for another government?"""

from __future__ import annotations

from detente.errors import InputError

__all__ = ["meanwhile", "value_of_talking", "waiting_threshold"]


def waiting_threshold(discount: float, chance: float, with_dove: float, without: float) -> float:
    r"""Smallest deal worth taking now: :math:`\beta (q v_d + (1 - q) d)`.

    With chance q the other government is replaced by one that signs a deal worth v_d, otherwise
    no deal is had.

    Examples
    --------
    >>> round(waiting_threshold(0.95, 0.5, 0.6, 0.2), 12)
    0.38
    """
    for name, value in (("discount factor", discount), ("chance of a change", chance)):
        if not 0 <= value <= 1:
            raise InputError(f"the {name} must lie in [0, 1]; got {value}.")
    return discount * (chance * with_dove + (1 - chance) * without)


def value_of_talking(
    status_quo: float,
    later: float,
    later_under_successor: float,
    discount: float,
    hazard: float,
    cost: float,
) -> float:
    r"""Worth of meeting again rather than ending the talks.

    .. math:: V_{talk} = (1 - \beta) u(x^0) + \beta [(1 - h) V + h V'] - c

    Parameters
    ----------
    status_quo
        u(x⁰), enjoyed meanwhile.
    later, later_under_successor
        V and V′, worth of the next meeting with this government across the table and with
        another.
    discount, hazard
        β to the next meeting; h, chance of another government before it.
    cost
        c, cost of being seen to talk.

    Examples
    --------
    >>> round(value_of_talking(0.0, 0.4, 0.2, 0.9, 0.5, 0.05), 12)
    0.22
    """
    for name, value in (("discount factor", discount), ("hazard", hazard)):
        if not 0 <= value <= 1:
            raise InputError(f"the {name} must lie in [0, 1]; got {value}.")
    return (
        (1 - discount) * status_quo
        + discount * ((1 - hazard) * later + hazard * later_under_successor)
        - cost
    )


def meanwhile(now: float, then: float, discount: float) -> float:
    r"""What waiting pays meanwhile, where worth is that of all the time to come.

    .. math:: u = \frac{a(t) - \beta\, a(t + \Delta)}{1 - \beta}

    so that :math:`(1 - \beta) u + \beta\, a(t + \Delta) = a(t)`: waiting alone gains nothing.

    Parameters
    ----------
    now, then
        a(t) and a(t + Δ), worth of no deal from each day on.
    discount
        β, below one.

    Examples
    --------
    >>> round(0.1 * meanwhile(1.0, 1.05, 0.9) + 0.9 * 1.05, 12)
    1.0
    """
    if not 0 <= discount < 1:
        raise InputError(f"the discount factor must lie in [0, 1); got {discount}.")
    return (now - discount * then) / (1 - discount)
