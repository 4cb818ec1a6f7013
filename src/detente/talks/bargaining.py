"""On which package would two sides settle?

Axiomatic solutions over a finite list of packages or over lotteries between them, and the
strategic model of alternating offers that stands behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.arrays import FloatArray
from detente.errors import InfeasibleError, InputError
from detente.talks.frontier import convex_frontier, pareto_frontier

__all__ = [
    "BargainingPoint",
    "alternating_offers",
    "breakdown_offers",
    "egalitarian",
    "finite_offers",
    "kalai_smorodinsky",
    "nash",
    "outside_option_share",
    "package_offers",
    "power_of_caution",
    "ratified_offers",
    "split_of_pie",
    "utilitarian",
]


@dataclass(frozen=True)
class BargainingPoint:
    """A solution: what each side gets, and which packages it mixes.

    Attributes
    ----------
    worth
        Worth to side 1 and side 2.
    packages
        One position, or two when the solution is a lottery.
    weights
        Probability of each.
    """

    worth: tuple[float, float]
    packages: tuple[int, ...]
    weights: tuple[float, ...]


def _rational(worth: ArrayLike, disagreement: ArrayLike) -> tuple[FloatArray, FloatArray]:
    u, d = np.asarray(worth, dtype=float), np.asarray(disagreement, dtype=float)
    if d.shape != (2,) or not np.isfinite(d).all():
        raise InputError(f"disagreement must be two finite numbers; got {d.tolist()}.")
    return u, d


def _point(u: FloatArray, k: int) -> BargainingPoint:
    return BargainingPoint((float(u[k, 0]), float(u[k, 1])), (int(k),), (1.0,))


def _mixed(u: FloatArray, a: int, b: int, weight_b: float) -> BargainingPoint:
    weight_b = float(np.clip(weight_b, 0.0, 1.0))
    if weight_b == 0.0:
        return _point(u, a)
    if weight_b == 1.0:
        return _point(u, b)
    mix = (1 - weight_b) * u[a] + weight_b * u[b]
    return BargainingPoint((float(mix[0]), float(mix[1])), (a, b), (1 - weight_b, weight_b))


def _individually_rational(u: FloatArray, d: FloatArray) -> NDArray[np.intp]:
    keep = np.flatnonzero((u >= d).all(axis=1))
    if not len(keep):
        gap = np.maximum(d - u, 0).sum(axis=1)
        k = int(np.argmin(gap))
        raise InfeasibleError(
            "no package leaves both sides at least as well off as no deal; the nearest, package "
            f"{k}, falls short by {max(d[0] - u[k, 0], 0):.4g} for side 1 and "
            f"{max(d[1] - u[k, 1], 0):.4g} for side 2."
        )
    return keep


def _rational_segments(u: FloatArray, d: FloatArray) -> FloatArray:
    """Corners of the convex frontier, cut at the disagreement point, best for 2 first."""
    corners = u[convex_frontier(u)]
    out: list[FloatArray] = []
    for a, b in pairwise(corners):
        low, high = 0.0, 1.0
        for side in (0, 1):
            step = b[side] - a[side]
            if step:
                cut = (d[side] - a[side]) / step
                low, high = (max(low, cut), high) if step > 0 else (low, min(high, cut))
        if low <= high:
            out += [a + low * (b - a), a + high * (b - a)]
    out += [c for c in corners if (c >= d).all()]
    return np.asarray(out)


def nash(
    worth: ArrayLike,
    disagreement: ArrayLike,
    power: float = 0.5,
    lotteries: bool = False,
) -> BargainingPoint:
    r"""The Nash bargaining solution.

    .. math:: \max_x \; (u_1(x) - d_1)^{\alpha} (u_2(x) - d_2)^{1-\alpha}

    Parameters
    ----------
    worth
        [package, side].
    disagreement
        Worth of no deal to each side.
    power
        α, weight of side 1, in (0, 1). With impatience r it is r_2/(r_1 + r_2) (Binmore,
        Rubinstein and Wolinsky 1986).
    lotteries
        Also consider lotteries over two packages.

    Raises
    ------
    InfeasibleError
        No package leaves both at least as well off as no deal.

    References
    ----------
    Nash (1950); Harsanyi and Selten (1972) for the weights.

    Examples
    --------
    >>> nash([[0, 1], [0.75, 0.75], [1, 0]], [0, 0]).worth
    (0.75, 0.75)
    """
    u, d = _rational(worth, disagreement)
    if not 0 < power < 1:
        raise InputError(f"bargaining power must lie between 0 and 1; got {power}.")
    weights = np.array([power, 1 - power])

    def product(gain: FloatArray) -> float:
        gain = np.maximum(gain, 0.0)
        return float(np.prod(gain**weights))

    candidates: list[BargainingPoint] = []
    if not lotteries:
        keep = _individually_rational(u, d)
        frontier = keep[pareto_frontier(u[keep])]
        candidates = [_point(u, int(k)) for k in frontier]
    else:
        corners = convex_frontier(u)
        candidates = [_point(u, int(k)) for k in corners if (u[k] >= d).all()]
        for a, b in pairwise(corners):
            step, start = u[b] - u[a], u[a] - d
            # first-order condition of α ln(x + pτ) + (1 − α) ln(y + qτ) along the segment
            denominator = step[0] * step[1]
            if denominator:
                tau = -(power * step[0] * start[1] + (1 - power) * step[1] * start[0]) / denominator
                mix = _mixed(u, int(a), int(b), float(tau))
                if (np.asarray(mix.worth) >= d).all():
                    candidates.append(mix)
        if not candidates:
            _individually_rational(u, d)
            raise InfeasibleError("no lottery leaves both sides better off than no deal.")
    return max(candidates, key=lambda c: product(np.asarray(c.worth) - d))


def kalai_smorodinsky(
    worth: ArrayLike, disagreement: ArrayLike, lotteries: bool = False
) -> BargainingPoint:
    r"""The Kalai-Smorodinsky solution: equal shares of what each could at best gain.

    The ideal point is the best that each side can have while the other still gets its
    disagreement value. Over a list the solution is the package with the largest smallest share.

    References
    ----------
    Kalai and Smorodinsky (1975).

    Examples
    --------
    >>> kalai_smorodinsky([[0, 1], [0.75, 0.75], [1, 0]], [0, 0], lotteries=True).worth
    (0.75, 0.75)
    """
    u, d = _rational(worth, disagreement)
    if lotteries:
        segments = _rational_segments(u, d)
        if not len(segments):
            _individually_rational(u, d)
            raise InfeasibleError("no lottery leaves both sides better off than no deal.")
        ideal = segments.max(axis=0) - d
    else:
        ideal = u[_individually_rational(u, d)].max(axis=0) - d
    return _proportional(u, d, ideal, lotteries)


def egalitarian(
    worth: ArrayLike, disagreement: ArrayLike, lotteries: bool = False
) -> BargainingPoint:
    """The egalitarian solution: equal gains over no deal (Kalai 1977).

    Over a list it is the package with the largest smaller gain; ties go to the larger sum.

    Examples
    --------
    >>> egalitarian([[0, 1], [2, 0]], [0, 0], lotteries=True).packages
    (0, 1)
    """
    u, d = _rational(worth, disagreement)
    return _proportional(u, d, np.ones(2), lotteries)


def _proportional(
    u: FloatArray, d: FloatArray, direction: FloatArray, lotteries: bool
) -> BargainingPoint:
    """The efficient point whose gains are largest along `direction` (max-min of the ratios)."""
    scale = np.where(direction > 0, direction, 1.0)
    keep = _individually_rational(u, d) if not lotteries else np.arange(len(u))
    gains = (u[keep] - d) / scale
    order = np.lexsort((-gains.sum(axis=1), -gains.min(axis=1)))
    best = _point(u, int(keep[order[0]]))
    if not lotteries:
        return best
    corners = convex_frontier(u)
    value = float(gains.min(axis=1).max())
    for a, b in pairwise(corners):
        ga, gb = (u[a] - d) / scale, (u[b] - d) / scale
        spread = (ga[0] - ga[1]) - (gb[0] - gb[1])
        if spread:
            tau = (ga[0] - ga[1]) / spread
            if 0 <= tau <= 1 and (1 - tau) * ga[0] + tau * gb[0] > value:
                value = float((1 - tau) * ga[0] + tau * gb[0])
                best = _mixed(u, int(a), int(b), float(tau))
    if value < 0:
        _individually_rational(u, d)
    return best


def utilitarian(worth: ArrayLike, disagreement: ArrayLike) -> BargainingPoint:
    """The package with the largest sum of worth among those that both prefer to no deal.

    Examples
    --------
    >>> utilitarian([[0, 1], [2, 0]], [0, 0]).worth
    (2.0, 0.0)
    """
    u, d = _rational(worth, disagreement)
    keep = _individually_rational(u, d)
    return _point(u, int(keep[np.argmax(u[keep].sum(axis=1))]))


def split_of_pie(power: float, disagreement: tuple[float, float]) -> float:
    r"""Side 1's share of a unit pie: :math:`x_1 = d_1 + \alpha (1 - d_1 - d_2)`.

    References
    ----------
    Harsanyi and Selten (1972); Roth (1979).

    Examples
    --------
    >>> round(split_of_pie(0.6, (0.1, 0.2)), 12)
    0.52
    """
    d1, d2 = disagreement
    if d1 + d2 > 1:
        raise InfeasibleError(f"disagreement values {d1} + {d2} leave nothing of the pie to share.")
    return d1 + power * (1 - d1 - d2)


def power_of_caution(exponent_1: float, exponent_2: float) -> float:
    r"""Bargaining power that stands for risk aversion: :math:`\alpha = e_1/(e_1 + e_2)`.

    Sides that value a share x of a pie at :math:`x^{e_i}`, e in (0, 1], settle where risk-neutral
    sides with these powers would: the more cautious gets less.

    References
    ----------
    Roth and Rothblum (1982); Osborne and Rubinstein (1990), chapter 2.

    Examples
    --------
    >>> round(split_of_pie(power_of_caution(0.5, 1.0), (0.0, 0.0)), 12)
    0.333333333333
    """
    for e in (exponent_1, exponent_2):
        if not 0 < e <= 1:
            raise InputError(f"the exponent of a cautious side lies in (0, 1]; got {e}.")
    return exponent_1 / (exponent_1 + exponent_2)


def alternating_offers(discount_1: float, discount_2: float) -> float:
    r"""First proposer's share when offers alternate without end.

    .. math:: x_1 = \frac{1 - \beta_2}{1 - \beta_1 \beta_2}

    References
    ----------
    Rubinstein (1982).

    Examples
    --------
    >>> round(alternating_offers(0.9, 0.8), 10)
    0.7142857143
    """
    for value in (discount_1, discount_2):
        if not 0 <= value < 1:
            raise InputError(f"a discount factor must lie in [0, 1); got {value}.")
    return (1 - discount_2) / (1 - discount_1 * discount_2)


def finite_offers(discount_1: float, discount_2: float, rounds: int) -> float:
    """First proposer's share when the last of `rounds` alternating offers takes all.

    References
    ----------
    Ståhl (1972); solved backwards.

    Examples
    --------
    >>> round(finite_offers(0.8, 0.8, 3), 10)
    0.84
    """
    if rounds < 1:
        raise InputError(f"alternating offers need at least one round; got {rounds}.")
    discounts = (discount_1, discount_2)
    share = 1.0
    for turn in range(rounds - 2, -1, -1):
        responder = (turn + 1) % 2
        share = 1 - discounts[responder] * share
    return share


def package_offers(
    worth: ArrayLike,
    disagreement: ArrayLike,
    discounts: tuple[float, float],
    rounds: int,
    first: int = 0,
) -> int | None:
    r"""The package that alternating offers over a list end with; None where all rounds are waited.

    Solved backwards. In the last round the proposer takes what is best for it and leaves the other
    at least its disagreement value. Before, the other accepts what is worth at least waiting,
    :math:`(1 - \beta_j) d_j + \beta_j v_j`, and the proposer offers only what beats waiting for
    itself.

    Parameters
    ----------
    worth, disagreement
        [package, side] and [side].
    discounts
        β of each side from one round to the next.
    rounds
        Number of offers at most.
    first
        Side that makes the first offer.

    References
    ----------
    Ståhl (1972); Rubinstein (1982) as the number of rounds grows.

    Examples
    --------
    >>> pie = [[s / 100, 1 - s / 100] for s in range(101)]
    >>> package_offers(pie, [0, 0], (0.8, 0.8), 3), round(finite_offers(0.8, 0.8, 3), 12)
    (84, 0.84)
    """
    u, d = _rational(worth, disagreement)
    if rounds < 1:
        raise InputError(f"alternating offers need at least one round; got {rounds}.")
    for value in discounts:
        if not 0 <= value <= 1:
            raise InputError(f"a discount factor must lie in [0, 1]; got {value}.")
    beta = np.asarray(discounts, dtype=float)
    worth_now: FloatArray = d.copy()
    agreed: int | None = None
    for turn in range(rounds - 1, -1, -1):
        proposer = (first + turn) % 2
        other = 1 - proposer
        waiting = (1 - beta) * d + beta * worth_now if turn < rounds - 1 else d
        # a hair of tolerance: offers that leave the other exactly indifferent are accepted
        room = 1e-12 * max(1.0, float(np.abs(u).max()))
        open_to = np.flatnonzero(
            (u[:, other] >= waiting[other] - room) & (u[:, proposer] >= waiting[proposer] - room)
        )
        if len(open_to):
            best = open_to[np.lexsort((-u[open_to, other], -u[open_to, proposer]))[0]]
            worth_now, agreed = u[best], int(best)
        else:
            worth_now = waiting
    return agreed


def breakdown_offers(risk: float, breakdown: tuple[float, float]) -> float:
    r"""First proposer's share when each refusal ends the talks with probability p.

    .. math:: x_1 = b_1 + \frac{1 - b_1 - b_2}{2 - p}

    As p goes to zero it becomes the Nash solution with the breakdown values as threat point.

    References
    ----------
    Binmore, Rubinstein and Wolinsky (1986).

    Examples
    --------
    >>> round(breakdown_offers(0.1, (0.2, 0.1)), 10)
    0.5684210526
    """
    if not 0 <= risk <= 1:
        raise InputError(f"the risk of breakdown must lie in [0, 1]; got {risk}.")
    b1, b2 = breakdown
    return b1 + (1 - b1 - b2) / (2 - risk)


def outside_option_share(discount: float, outside: float) -> float:
    r"""Responder's share when it may take an outside option: :math:`\max(\beta/(1+\beta), o)`.

    An option worth less than the bargain is no argument (the outside option principle).

    References
    ----------
    Binmore, Shaked and Sutton (1989).

    Examples
    --------
    >>> round(outside_option_share(0.9, 0.3), 10)
    0.4736842105
    """
    return max(discount / (1 + discount), outside)


def ratified_offers(discount: float, minimum: float) -> float:
    r"""First proposer's share when its side ratifies only shares of at least m.

    1/(1 + β) if m ≤ β/(1 + β), else 1 − β(1 − m): a binding constraint at home raises the
    negotiator's own share (the Schelling conjecture).

    References
    ----------
    Complete-information case of Iida (1993); Putnam (1988); Schelling (1960).

    Examples
    --------
    >>> round(ratified_offers(0.9, 0.6), 10)
    0.64
    """
    if minimum <= discount / (1 + discount):
        return 1 / (1 + discount)
    return 1 - discount * (1 - minimum)
