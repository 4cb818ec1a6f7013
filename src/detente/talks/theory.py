"""Do the textbook cases hold? Closed forms of bargaining, threats and agreements that hold.

Reports rest on none; the arithmetic of packages is held to them. Discounts are β, chances p.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, permutations
from math import exp, inf, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import FloatArray
from detente.talks.zone import pareto_frontier

#: How good a pair of gains is.
Merit = Callable[[FloatArray], Any]


def alternating_offers(discount_1: float, discount_2: float) -> float:
    r"""First proposer's share without end, :math:`(1-\beta_2)/(1-\beta_1\beta_2)`; Rubinstein 1982.

    >>> round(alternating_offers(0.9, 0.8), 10)
    0.7142857143
    """
    return (1 - discount_2) / (1 - discount_1 * discount_2)


def finite_offers(discount_1: float, discount_2: float, rounds: int) -> float:
    """First proposer's share when the last of `rounds` offers takes all; Ståhl 1972.

    >>> round(finite_offers(0.8, 0.8, 3), 10)
    0.84
    """
    share = 1.0
    for turn in range(rounds - 1, 0, -1):
        share = 1 - (discount_2 if turn % 2 else discount_1) * share
    return share


def breakdown_offers(risk: float, breakdown: tuple[float, float]) -> float:
    r"""Share when a refusal ends the talks with chance p, :math:`b_1 + (1 - b_1 - b_2)/(2 - p)`.

    As p goes to zero it is the Nash solution over the breakdown values; Binmore, Rubinstein and
    Wolinsky 1986.

    >>> round(breakdown_offers(0.1, (0.2, 0.1)), 10)
    0.5684210526
    """
    b1, b2 = breakdown
    return b1 + (1 - b1 - b2) / (2 - risk)


def outside_option_share(discount: float, outside: float) -> float:
    r"""Responder's share, :math:`\max(\beta/(1+\beta), o)`; Binmore, Shaked and Sutton 1989.

    >>> round(outside_option_share(0.9, 0.3), 10)
    0.4736842105
    """
    return max(discount / (1 + discount), outside)


def ratified_offers(discount: float, minimum: float) -> float:
    r"""First proposer's share when its home ratifies only shares of at least m.

    :math:`1/(1+\beta)` if :math:`m \le \beta/(1+\beta)`, else :math:`1 - \beta(1 - m)`: what
    binds at home raises the own share (Schelling 1960; complete information in Iida 1993).

    >>> round(ratified_offers(0.9, 0.6), 10)
    0.64
    """
    if minimum <= discount / (1 + discount):
        return 1 / (1 + discount)
    return 1 - discount * (1 - minimum)


def split_of_pie(power: float, no_deal: tuple[float, float]) -> float:
    r""":math:`x_1 = d_1 + \alpha(1 - d_1 - d_2)`; Harsanyi and Selten 1972, Roth 1979.

    >>> round(split_of_pie(0.6, (0.1, 0.2)), 12)
    0.52
    """
    return no_deal[0] + power * (1 - no_deal[0] - no_deal[1])


def power_of_caution(exponent_1: float, exponent_2: float) -> float:
    r"""Power where a share x is worth :math:`x^{e_i}`; Roth and Rothblum 1982.

    >>> round(power_of_caution(0.5, 1.0), 12)
    0.333333333333
    """
    return exponent_1 / (exponent_1 + exponent_2)


def win_set_middle(lowest: float, highest: float) -> float | None:
    """Nash solution between win-sets from `lowest` and up to `highest`; None apart; Putnam 1988.

    >>> win_set_middle(0.25, 0.75)
    0.5
    """
    return None if lowest > highest else (lowest + highest) / 2


def agenda_setter(ideal: float, status_quo: float, ratifier: float) -> float:
    """The setter's ideal, projected on what the ratifier accepts; Romer and Rosenthal 1978.

    >>> round(agenda_setter(0.0, 1.0, 0.6), 12)
    0.2
    """
    low, high = sorted((status_quo, 2 * ratifier - status_quo))
    return min(max(ideal, low), high)


def waiting_threshold(discount: float, chance: float, with_dove: float, without: float) -> float:
    r"""Smallest deal worth taking now, :math:`\beta(p v_d + (1 - p) d)`, where with chance p the
    other government is replaced by one that signs a deal worth v_d.

    >>> round(waiting_threshold(0.95, 0.5, 0.6, 0.2), 12)
    0.38
    """
    return discount * (chance * with_dove + (1 - chance) * without)


def _segments(worth: ArrayLike, no_deal: ArrayLike) -> list[tuple[FloatArray, FloatArray]]:
    """Pieces of the frontier of lotteries, in gains over no deal, where both gain."""
    u = np.asarray(worth, dtype=float) - np.asarray(no_deal, dtype=float)
    hull: list[FloatArray] = []
    for point in u[pareto_frontier(u)]:
        while len(hull) > 1:
            (x, y), (dx, dy) = hull[-1] - hull[-2], point - hull[-2]
            if x * dy - y * dx < 0:
                break
            hull.pop()
        hull.append(point)
    if len(hull) == 1:
        hull *= 2
    found = []
    for a, b in pairwise(hull):
        step = b - a
        low = max([0.0, *(-a[k] / step[k] for k in (0, 1) if step[k] > 0)])
        high = min([1.0, *(-a[k] / step[k] for k in (0, 1) if step[k] < 0)])
        if low <= high:
            found.append((a + low * step, a + high * step))
    return found


def nash(worth: ArrayLike, no_deal: ArrayLike, power: float = 0.5) -> tuple[float, float] | None:
    r"""Worth at the largest :math:`(u_1 - d_1)^\alpha (u_2 - d_2)^{1-\alpha}` over lotteries.

    None where no lottery leaves both at least as well off as no deal; Nash 1950.

    >>> nash([[0, 1], [0.75, 0.75], [1, 0]], [0, 0])
    (0.75, 0.75)
    """
    points = []
    for a, b in _segments(worth, no_deal):
        step = b - a
        steepness = step[0] * step[1]
        best = 0.0
        if steepness:
            best = -(power * step[0] * a[1] + (1 - power) * step[1] * a[0]) / steepness
        points += [a, b, a + min(1.0, max(0.0, best)) * step]
    return _best(points, no_deal, lambda g: g[0] ** power * g[1] ** (1 - power))


def _along(worth: ArrayLike, no_deal: ArrayLike, ideal: FloatArray) -> tuple[float, float] | None:
    """The point of the frontier of lotteries whose gains over `ideal` are most equal."""
    points = []
    for a, b in _segments(worth, no_deal):
        (a1, a2), (b1, b2) = a / ideal, b / ideal
        turn = (a1 - a2) - (b1 - b2)
        share = (a1 - a2) / turn if turn else 0.0
        points += [a, b, a + min(1.0, max(0.0, share)) * (b - a)]
    return _best(points, no_deal, lambda g: min(g[0] / ideal[0], g[1] / ideal[1]))


def _best(gains: list[FloatArray], no_deal: ArrayLike, merit: Merit) -> tuple[float, float] | None:
    """Worth at the gains of the greatest merit; None where there are none."""
    if not gains:
        return None
    best = max(gains, key=merit) + np.asarray(no_deal, dtype=float)
    return float(best[0]), float(best[1])


def kalai_smorodinsky(worth: ArrayLike, no_deal: ArrayLike) -> tuple[float, float] | None:
    """Equal shares of what each could gain at best over lotteries; Kalai and Smorodinsky 1975.

    >>> kalai_smorodinsky([[0, 1], [0.75, 0.75], [1, 0]], [0, 0])
    (0.75, 0.75)
    """
    ends = [point for piece in _segments(worth, no_deal) for point in piece]
    return _along(worth, no_deal, np.max(ends, axis=0)) if ends else None


def egalitarian(worth: ArrayLike, no_deal: ArrayLike) -> tuple[float, float] | None:
    """Equal gains over no deal, over lotteries; Kalai 1977.

    >>> [round(u, 4) for u in egalitarian([[0, 1], [2, 0]], [0, 0])]
    [0.6667, 0.6667]
    """
    return _along(worth, no_deal, np.ones(2))


def _package(worth: ArrayLike, no_deal: ArrayLike, merit: Merit) -> tuple[float, float] | None:
    """Worth of the best package among those that leave both at least as well off as no deal."""
    gain = np.asarray(worth, dtype=float) - np.asarray(no_deal, dtype=float)
    return _best(list(gain[(gain >= 0).all(axis=1)]), no_deal, merit)


def egalitarian_package(worth: ArrayLike, no_deal: ArrayLike) -> tuple[float, float] | None:
    """Worth of the package with the largest smaller gain; ties go to the larger sum; Kalai 1977.

    >>> egalitarian_package([[0, 1], [0.6, 0.5], [2, 0]], [0, 0])
    (0.6, 0.5)
    """
    return _package(worth, no_deal, lambda g: (min(g), sum(g)))


def utilitarian_package(worth: ArrayLike, no_deal: ArrayLike) -> tuple[float, float] | None:
    """Worth of the package with the largest sum among those worth no deal to both.

    >>> utilitarian_package([[0, 1], [2, 0]], [0, 0])
    (2.0, 0.0)
    """
    return _package(worth, no_deal, sum)


class ThreatEquilibrium(NamedTuple):
    """Chances that a side bluffs, its target gives way, a threat is real, and one is made."""

    bluff: float
    concede: float
    posterior: float
    threat: float


def crisis_signalling(prior: float, war_cost: float, audience_cost: float) -> ThreatEquilibrium:
    r"""Who threatens, who gives way, and what a threat proves.

    A resolved threatener carries its threat out; an unresolved one that backs down pays a; a target
    that resists a real threat pays c. If :math:`p(1 + c) < 1`: bluff :math:`pc/(1-p)`, concede
    :math:`a/(1+a)`, posterior :math:`1/(1+c)`; else all threaten and the target concedes. The logic
    of Fearon 1994.

    >>> crisis_signalling(0.25, 1.0, 0.5).posterior
    0.5
    """
    if prior * (1 + war_cost) >= 1:
        return ThreatEquilibrium(1.0, 1.0, prior, 1.0)
    bluff = prior * war_cost / (1 - prior)
    concede = audience_cost / (1 + audience_cost)
    return ThreatEquilibrium(bluff, concede, 1 / (1 + war_cost), prior + (1 - prior) * bluff)


def carry_out_share(audience_cost: float) -> float:
    """Share of threateners who would go through with it, (1 + a)/2; Fearon 1997.

    >>> carry_out_share(0.3)
    0.65
    """
    return (1 + audience_cost) / 2


class Attrition(NamedTuple):
    """Rates of concession, time to the end, chances to give way at once, chance that none does."""

    rates: tuple[float, float]
    duration: float
    at_once: tuple[float, float]
    never: float


def attrition(
    demands: tuple[float, float], impatience: tuple[float, float], stubborn: tuple[float, float]
) -> Attrition:
    r"""War of attrition between sides that may be stubborn; Abreu and Gul 2000.

    .. math:: \lambda_1 = \frac{r_2(1 - a_1)}{a_1 + a_2 - 1}, \quad
              T_0 = \min_i \frac{-\ln z_i}{\lambda_i}, \quad
              \text{at once} = 1 - z_i e^{\lambda_i T_0}

    >>> [round(p, 4) for p in attrition((0.6, 0.6), (1, 1), (0.1, 0.3)).at_once]
    [0.6667, 0.0]
    """
    (a1, a2), (r1, r2) = demands, impatience
    rates = (r2 * (1 - a1) / (a1 + a2 - 1), r1 * (1 - a2) / (a1 + a2 - 1))
    duration = min(-log(z) / rate for z, rate in zip(stubborn, rates, strict=True))
    first, second = (
        max(0.0, 1 - z * exp(rate * duration)) for z, rate in zip(stubborn, rates, strict=True)
    )
    return Attrition(rates, duration, (first, second), stubborn[0] * stubborn[1])


def critical_discount(temptation: float, reward: float, punishment: float) -> float:
    r"""Smallest β that keeps cooperation, :math:`(T - R)/(T - P)`; Friedman 1971.

    Zero without temptation, infinite where the war is no punishment.

    >>> critical_discount(5, 3, 1)
    0.5
    """
    if temptation <= reward:
        return 0.0
    return inf if reward <= punishment else (temptation - reward) / (temptation - punishment)


class LinearTariffGame(NamedTuple):
    r"""Two alike governments, :math:`W_i = a t_i - b t_i^2/2 - c t_j`; Bagwell and Staiger 1990.

    >>> game = LinearTariffGame(a=1, b=1, c=1)
    >>> game.nash_tariff, game.cooperative_tariff(0.3), game.free_trade_discount
    (1.0, 0.4, 0.5)
    """

    a: float
    b: float
    c: float

    @property
    def nash_tariff(self) -> float:
        """a/b: what each sets alone."""
        return self.a / self.b

    @property
    def free_trade_discount(self) -> float:
        """β from which free trade holds by itself, a/(2c), also where it is not jointly best."""
        return self.a / (2 * self.c)

    def cooperative_tariff(self, discount: float) -> float:
        """Lowest tariff that Nash tariffs for ever after a breach sustain."""
        joint = (self.a - self.c) / self.b
        return max(0.0, joint, (self.a - 2 * discount * self.c) / self.b)


def voting_power(quota: float, weights: tuple[float, ...]) -> tuple[float, ...]:
    """Share of orders in which each voter turns losing into winning; Shapley and Shubik 1954.

    >>> [round(p, 4) for p in voting_power(51, (50, 49, 1))]
    [0.6667, 0.1667, 0.1667]
    """
    orders = list(permutations(range(len(weights))))
    turns = [
        next(v for k, v in enumerate(order) if sum(weights[w] for w in order[: k + 1]) >= quota)
        for order in orders
    ]
    return tuple(turns.count(voter) / len(orders) for voter in range(len(weights)))
