"""What is a package worth to a side, term by term?

All terms are in percent of the side's own real income a year. Only the first comes from the
economy alone; the weights of the others are judgements, stated with their ranges in the case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import FloatArray
from detente.errors import InputError

__all__ = [
    "TERMS",
    "Worth",
    "audience_term",
    "constituency_term",
    "discount_factor",
    "economy_term",
    "expected_gain",
    "relative_gains_term",
    "salience_term",
]


#: The terms in the order of the sum.
TERMS = ("economy", "constituencies", "salience", "relative gains", "audience")


def economy_term(real_income_hat: ArrayLike) -> FloatArray:
    r"""Exact real income, :math:`100 (\hat W_i(x) - 1)`.

    Examples
    --------
    >>> float(economy_term(1.25))
    25.0
    """
    out: FloatArray = 100 * (np.asarray(real_income_hat, dtype=float) - 1)
    return out


def constituency_term(weights: ArrayLike, group_gain: ArrayLike) -> FloatArray:
    r"""What groups at home weigh beyond their share in income, :math:`\sum_c \omega_c V_c(x)`.

    Parameters
    ----------
    weights
        ω_c, one a constituency.
    group_gain
        V_c(x) in percent of the group's own real income, [package, constituency].

    References
    ----------
    Grossman and Helpman (1994) for organised groups that weigh more than their heads.

    Examples
    --------
    >>> constituency_term([0.5, 0.125], [[2.0, -8.0]]).tolist()
    [0.0]
    """
    out: FloatArray = np.asarray(group_gain, dtype=float) @ np.asarray(weights, dtype=float)
    return out


def salience_term(salience: ArrayLike, value: ArrayLike) -> FloatArray:
    r"""Issues as a money equivalent, :math:`\sum_j s_j v_j(x_j)`.

    Parameters
    ----------
    salience
        s_j, percent of real income that the side would give for settling issue j its way.
    value
        v_j(x_j) in [−1, 1], [package, issue].

    Examples
    --------
    >>> salience_term([0.5, 0.25], [[1.0, 0.0], [1.0, -1.0]]).tolist()
    [0.5, 0.25]
    """
    out: FloatArray = np.asarray(value, dtype=float) @ np.asarray(salience, dtype=float)
    return out


def relative_gains_term(weight: float, other_real_income_hat: ArrayLike) -> FloatArray:
    r"""What an unwilling side minds of the other's gain, :math:`-\rho \max(0, 100(\hat W - 1))`.

    References
    ----------
    Powell (1991); Grieco (1988).

    Examples
    --------
    >>> relative_gains_term(0.5, [1.5, 0.5]).tolist()
    [-25.0, -0.0]
    """
    out: FloatArray = -weight * np.maximum(0.0, economy_term(other_real_income_hat))
    return out


def audience_term(slope: float, demand: float, met: ArrayLike) -> FloatArray:
    r"""Cost of falling short of what was demanded in public, :math:`-A \max(0, m - g(x))`.

    Parameters
    ----------
    slope
        A, percent of real income for missing the whole demand.
    demand
        m, how much was demanded, 0 to 1.
    met
        g(x), how much of it the package meets.

    References
    ----------
    Fearon (1994); Leventoğlu and Tarar (2005).

    Examples
    --------
    >>> audience_term(2.0, 0.5, [0.0, 0.25, 1.0]).tolist()
    [-1.0, -0.5, -0.0]
    """
    out: FloatArray = -slope * np.maximum(0.0, demand - np.asarray(met, dtype=float))
    return out


def discount_factor(impatience: float, period: float, turnover: float) -> float:
    r""":math:`\beta = e^{-r\Delta}(1 - h)`: patience, less the chance of another government.

    Parameters
    ----------
    impatience
        r per year.
    period
        Δ in years.
    turnover
        h, chance over the period that a government comes which keeps no word given before.

    Examples
    --------
    >>> discount_factor(0.0, 1.0, 0.25)
    0.75
    """
    if impatience < 0 or period < 0 or not 0 <= turnover <= 1:
        raise InputError(
            f"impatience and period must not be negative and turnover lies in [0, 1]; got "
            f"{impatience}, {period}, {turnover}."
        )
    return float(np.exp(-impatience * period) * (1 - turnover))


def expected_gain(
    ratified: ArrayLike, worth: ArrayLike, disagreement: ArrayLike, failure_cost: ArrayLike
) -> FloatArray:
    r"""Gain from signing before it is known whether both get it home.

    .. math:: S_i(x) = P_1 P_2 (u_i(x) - d_i) - (1 - P_1 P_2) f_i

    Parameters
    ----------
    ratified
        P_1 P_2, [package].
    worth
        [package, side].
    disagreement, failure_cost
        d_i and f_i, [side].

    References
    ----------
    Iida (1993), involuntary defection.

    Examples
    --------
    >>> expected_gain([0.5], [[3.0, 1.0]], [1.0, 0.0], [0.5, 1.0]).tolist()
    [[0.75, 0.0]]
    """
    both = np.asarray(ratified, dtype=float)[:, None]
    gain = np.asarray(worth, dtype=float) - np.asarray(disagreement, dtype=float)
    out: FloatArray = both * gain - (1 - both) * np.asarray(failure_cost, dtype=float)
    return out


@dataclass(frozen=True, eq=False)
class Worth:
    """The terms of every package's worth to one side.

    Attributes
    ----------
    terms
        [package, term], in the order of :data:`TERMS`. The relative gains are those that the
        side would mind if it were unwilling.
    """

    terms: FloatArray

    def of(self, unwilling: bool) -> FloatArray:
        """Worth to a willing or an unwilling side, [package]."""
        keep = np.array([True, True, True, unwilling, True])
        out: FloatArray = self.terms[:, keep].sum(axis=1)
        return out
