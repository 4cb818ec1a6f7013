"""Does an agreement hold without a court?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import InputError

__all__ = [
    "LinearTariffGame",
    "critical_discount",
    "is_self_enforcing",
]


def critical_discount(temptation: float, reward: float, punishment: float) -> float:
    r"""Smallest discount factor at which cooperation outlasts the temptation to break it.

    .. math:: \beta^* = \frac{T - R}{T - P}

    Parameters
    ----------
    temptation
        T, a period's worth of breaking the agreement while the other keeps it.
    reward, punishment
        R, worth of keeping it; P, worth of the war that follows a breach.

    Returns
    -------
    β*, 0 when there is no temptation, infinite when the war is no punishment.

    References
    ----------
    Friedman (1971), grim trigger; Bagwell and Staiger (1990) for tariffs.

    Examples
    --------
    >>> critical_discount(5, 3, 1)
    0.5
    """
    if temptation <= reward:
        return 0.0
    if reward <= punishment:
        return float("inf")
    return (temptation - reward) / (temptation - punishment)


def is_self_enforcing(
    deviation_gain: ArrayLike, agreement: ArrayLike, war: ArrayLike, discount: ArrayLike
) -> bool:
    r"""Whether no side gains by breaking the agreement once.

    .. math:: \text{gain}_i \le \frac{\beta_i}{1 - \beta_i} \left( u_i(x) - u_i(\text{war}) \right)

    Arguments by side. Pooled over issues this is what linkage does (Bernheim and Whinston 1990;
    Limão 2005): the gain is that of the best joint deviation in the issues a side performs.

    References
    ----------
    Bagwell and Staiger (1990, 2002).

    Examples
    --------
    >>> is_self_enforcing([2, 1], [3, 3], [1, 1], [0.5, 0.5])
    True
    """
    beta = np.asarray(discount, dtype=float)
    if ((beta < 0) | (beta >= 1)).any():
        raise InputError(f"a discount factor must lie in [0, 1); got {beta}.")
    future = beta / (1 - beta) * (np.asarray(agreement, float) - np.asarray(war, float))
    return bool(np.all(np.asarray(deviation_gain, dtype=float) <= future))


@dataclass(frozen=True)
class LinearTariffGame:
    r"""Two alike governments with :math:`W_i = a t_i - b t_i^2/2 - c\, t_j`.

    a is the gain from a first tariff, b how fast it fades, c the harm from the other's.

    References
    ----------
    The logic of Bagwell and Staiger (1990, 2002), solved by hand.

    Examples
    --------
    >>> game = LinearTariffGame(a=1, b=1, c=1)
    >>> game.nash_tariff, game.cooperative_tariff(0.3), game.free_trade_discount
    (1.0, 0.4, 0.5)
    """

    a: float
    b: float
    c: float

    def __post_init__(self) -> None:
        if min(self.a, self.b, self.c) <= 0:
            raise InputError("a, b and c of the linear tariff game must be positive.")

    @property
    def nash_tariff(self) -> float:
        """a/b: what each sets alone."""
        return self.a / self.b

    def cooperative_tariff(self, discount: float) -> float:
        """Lowest tariff that the threat of Nash tariffs for ever sustains."""
        joint = (self.a - self.c) / self.b
        return max(0.0, joint, (self.a - 2 * discount * self.c) / self.b)

    @property
    def free_trade_discount(self) -> float:
        """Discount factor from which free trade holds, a/(2c); infinite when a > c."""
        return self.a / (2 * self.c) if self.c >= self.a else float("inf")
