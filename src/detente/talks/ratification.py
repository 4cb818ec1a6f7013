"""Would the package get through at home?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import FloatArray
from detente.errors import InputError

__all__ = ["agenda_setter", "ratification_probability", "support", "win_set_overlap"]


#: Largest miss of the votes' sum from one.
VOTES_TOLERANCE = 1e-9


def support(gains: ArrayLike, votes: ArrayLike, salience: ArrayLike = 0.0) -> FloatArray:
    r"""Support at home, :math:`Q(x) = \sum_c \nu_c \, \text{gain}_c(x)` plus salience terms.

    Parameters
    ----------
    gains
        [package, constituency] or [constituency].
    votes
        ν_c, sums to one.
    salience
        Added to each package's support, in the same unit.

    Examples
    --------
    >>> float(support([1.0, -1.0], [0.75, 0.25]))
    0.5
    """
    nu = np.asarray(votes, dtype=float)
    if (nu < 0).any() or abs(nu.sum() - 1) > VOTES_TOLERANCE:
        raise InputError(f"votes of the constituencies must be ≥ 0 and sum to 1, not {nu.sum():g}.")
    out: FloatArray = np.asarray(gains, dtype=float) @ nu + np.asarray(salience, dtype=float)
    return out


def ratification_probability(
    support_at_home: ArrayLike, threshold: float, spread: float
) -> FloatArray:
    r"""Probability that a package gets home, :math:`P(x) = \Phi((Q(x) - q)/\tau)`.

    References
    ----------
    Putnam (1988); Iida (1993) for uncertain ratification.

    Examples
    --------
    >>> float(ratification_probability(0.2, 0.2, 0.1))
    0.5
    """
    if spread <= 0:
        raise InputError(
            f"the spread of the ratification threshold must be positive; got {spread}."
        )
    z = (np.asarray(support_at_home, dtype=float) - threshold) / spread
    out: FloatArray = 0.5 * np.vectorize(math.erfc, otypes=[float])(-z / math.sqrt(2))
    return out


def agenda_setter(ideal: float, status_quo: float, ratifier: float) -> float:
    """What a setter proposes to a ratifier with symmetric loss on a line.

    The accepted set is the interval around the ratifier's ideal that reaches the status quo; the
    outcome is the setter's ideal projected on it.

    References
    ----------
    Romer and Rosenthal (1978); Milner and Rosendorff (1997).

    Examples
    --------
    >>> round(agenda_setter(0.0, 1.0, 0.6), 12)
    0.2
    """
    low, high = sorted((status_quo, 2 * ratifier - status_quo))
    return min(max(ideal, low), high)


def win_set_overlap(lowest: float, highest: float) -> tuple[float, float] | None:
    """Shares of a pie that both sides ratify: side 1 from `lowest`, side 2 up to `highest`.

    None when the win-sets do not meet. With threat points at the ends of the win-sets the Nash
    solution is the middle.

    References
    ----------
    Putnam (1988).

    Examples
    --------
    >>> win_set_overlap(0.3, 0.7)
    (0.3, 0.7)
    """
    return (lowest, highest) if lowest <= highest else None
