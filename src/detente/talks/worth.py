r"""What is a package worth over things as they are, and what is no deal worth?

.. math::
   u_i(x) = 100\left(\frac{\hat W_i(x)}{\hat W_i(x^0)} - 1\right) - \kappa_i c_i(x)
            + \sum_j v_i(x_j), \qquad d_i = e \min(0, u_i(\text{fallback}))

in % of a side's own real income. :math:`c_i(x)`, the revealed cost, is what the side's trade would
gain if each of its own measures that the package moves were moved alone, gains only: a side that
could have had this gain by itself and did not take it values the measure at its cost at least, so
:math:`\kappa_i \ge 1`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray

__all__ = ["Worths", "revealed_cost"]


def revealed_cost(alone: FloatArray, levels: NDArray[np.intp]) -> FloatArray:
    r""":math:`c_i(x) = \sum_{\text{own } j} \max(0, g_i(x_j))`, [package].

    Parameters
    ----------
    alone
        Trade gain to one side of moving its own part of an issue alone, [issue, level], padded
        with zeros; zero for issues that are not its own.
    levels
        Level of each issue in each package, [package, issue].

    Examples
    --------
    >>> alone = np.array([[0.0, 0.2, 0.5], [0.0, -0.3, 0.0]])
    >>> revealed_cost(alone, np.array([[1, 0], [2, 1]])).tolist()
    [0.2, 0.5]
    """
    issues = np.arange(len(alone))
    out: FloatArray = np.maximum(0.0, alone[issues, levels]).sum(axis=1)
    return out


@dataclass(frozen=True, eq=False)
class Worths:
    """Worth of every package and of no deal, in its parts, % of each side's real income.

    Attributes
    ----------
    trade
        Real income over things as they are, [package, side]; NaN where it was not solved.
    cost
        Revealed cost c of the own measures that a package moves, [package, side].
    beyond
        v, worth beyond trade by issue, [package, side, issue].
    kappa
        κ by side.
    threatened
        u of the fallback by side: trade, and beyond it.
    threatened_beyond
        The part of it that is judged.
    chance
        e, the chance that the fallback happens.
    """

    trade: FloatArray
    cost: FloatArray
    beyond: FloatArray
    kappa: FloatArray
    threatened: FloatArray
    threatened_beyond: FloatArray
    chance: float

    @property
    def total(self) -> FloatArray:
        """u, [package, side]."""
        out: FloatArray = self.trade - self.kappa * self.cost + self.beyond.sum(axis=2)
        return out

    @property
    def no_deal(self) -> FloatArray:
        """d by side: never above zero."""
        out: FloatArray = self.chance * np.minimum(0.0, self.threatened)
        return out

    @property
    def solved(self) -> NDArray[np.bool]:
        """Whether each package has a price, [package]."""
        finite = np.isfinite(self.trade)
        out: NDArray[np.bool] = np.logical_and(finite[:, 0], finite[:, 1])
        return out

    def with_(self, **changes: object) -> Worths:
        """The same with other judgements."""
        return replace(self, **changes)  # type: ignore[arg-type]
