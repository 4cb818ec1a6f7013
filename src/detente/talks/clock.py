"""Who gives way first, and when?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from detente.errors import InputError

__all__ = ["AttritionEquilibrium", "concession_rates", "reputation_clock"]


@dataclass(frozen=True)
class AttritionEquilibrium:
    """Equilibrium of the war of attrition with reputations.

    Attributes
    ----------
    rate
        λ_i, the rate at which side i concedes while both still hold out; per unit of the
        impatience it was computed from.
    duration
        Time at which both are believed stubborn for certain and nobody concedes any more.
    opening
        Probability that side i concedes at once; at most one of the two is positive.
    stubborn
        Prior belief that side i never concedes.
    """

    rate: tuple[float, float]
    duration: float
    opening: tuple[float, float]
    stubborn: tuple[float, float]

    @property
    def never(self) -> float:
        """Probability that neither ever concedes."""
        return self.stubborn[0] * self.stubborn[1]

    def conceded_by(self, side: int, time: float) -> float:
        """Probability that `side` (0 or 1) has conceded by `time`, had the other not."""
        t = min(max(time, 0.0), self.duration)
        return 1 - (1 - self.opening[side]) * math.exp(-self.rate[side] * t)

    def time_of_concession(self, side: int, uniform: float) -> float:
        """When a side concedes that is willing to in the end, at a quantile between 0 and 1.

        Inverts :meth:`conceded_by` over its range for a willing side, up to 1 − b.
        """
        share = uniform * (1 - self.stubborn[side])
        if share <= self.opening[side]:
            return 0.0
        if self.rate[side] == 0:
            return math.inf
        return -math.log((1 - share) / (1 - self.opening[side])) / self.rate[side]

    def deal_by(self, time: float) -> float:
        """Probability that one of the two has conceded by `time`."""
        return 1 - (1 - self.conceded_by(0, time)) * (1 - self.conceded_by(1, time))


def concession_rates(
    impatience: tuple[float, float],
    own_demand: tuple[float, float],
    other_demand: tuple[float, float],
    disagreement: tuple[float, float],
) -> tuple[float, float]:
    r"""Rates of concession that keep the other side indifferent between waiting and giving way.

    .. math:: \lambda_1 = \frac{r_2 [u_2(x^1) - d_2]}{u_2(x^2) - u_2(x^1)}

    and alike for side 2, where x¹ and x² are what the sides demand.

    Parameters
    ----------
    impatience
        r of each side, per unit of time.
    own_demand
        u_1(x¹) and u_2(x²): what each gets if the other gives way.
    other_demand
        u_1(x²) and u_2(x¹): what each gets if it gives way.
    disagreement
        d_1, d_2.

    References
    ----------
    Abreu and Gul (2000), in the form of a fixed pair of packages.

    Examples
    --------
    >>> rates = concession_rates((1, 2), (0.7, 0.5), (0.5, 0.3), (0, 0))
    >>> [round(r, 10) for r in rates]
    [3.0, 2.5]
    """
    rates = []
    for you in (1, 0):
        gap = own_demand[you] - other_demand[you]
        if gap <= 0:
            raise InputError("the demands are compatible: the sides agree at once, no clock runs.")
        if other_demand[you] < disagreement[you]:
            raise InputError(
                f"side {you + 1} would rather have no deal than give way: it never concedes."
            )
        if impatience[you] <= 0:
            raise InputError(f"impatience of side {you + 1} must be positive.")
        rates.append(impatience[you] * (other_demand[you] - disagreement[you]) / gap)
    return rates[0], rates[1]


def reputation_clock(
    rate: tuple[float, float], stubborn: tuple[float, float]
) -> AttritionEquilibrium:
    r"""The war of attrition between two sides that may each be unwilling for ever.

    :math:`T_i = -\ln b_i/\lambda_i` is when side i would be believed stubborn for certain; the
    slower of the two concedes at the start with probability
    :math:`1 - b_i e^{\lambda_i \min T}`, so that both clocks end together.

    References
    ----------
    Abreu and Gul (2000); Özyurt (2014).

    Examples
    --------
    >>> out = reputation_clock((2.0, 2.0), (0.1, 0.3))
    >>> round(out.opening[0], 10), out.opening[1]
    (0.6666666667, 0.0)
    """
    for b in stubborn:
        if not 0 < b < 1:
            raise InputError(f"the belief that a side is unwilling must lie in (0, 1); got {b}.")
    ends = [-math.log(b) / r if r > 0 else math.inf for b, r in zip(stubborn, rate, strict=True)]
    duration = min(ends)
    if math.isinf(duration):
        raise InputError("neither side ever concedes: both rates are zero.")
    opening = [
        max(0.0, 1 - b * math.exp(r * duration)) if end > duration else 0.0
        for b, r, end in zip(stubborn, rate, ends, strict=True)
    ]
    return AttritionEquilibrium(rate, duration, (opening[0], opening[1]), stubborn)
