"""Was it worth meeting, and what is it worth that nothing gets worse?"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["MeetingWorth", "meeting_worth"]


class MeetingWorth(NamedTuple):
    """What a meeting is worth to a side, % of its real income.

    Attributes
    ----------
    expected
        The chance of a deal times what the deal is worth over how things are.
    no_escalation
        What it is worth that the fallback does not happen: −u(fallback); below zero where the
        side would gain by it.
    points_per_cost
        By how much, as a share, the meeting must lower the chance of the fallback to earn a cost
        of 1 % of real income; None where the side has nothing to lose by the fallback.
    """

    expected: float
    no_escalation: float
    points_per_cost: float | None

    def points_for(self, cost: float) -> float | None:
        """By how much the meeting must lower the chance of the fallback to earn a cost c.

        Parameters
        ----------
        cost
            % of the side's real income.

        Returns
        -------
        :math:`c / (-u(\\text{fallback}))`, a share; None where no such fall earns it.

        Examples
        --------
        >>> meeting_worth(0.8, 0.04, -0.25).points_for(0.01)
        0.04
        """
        return None if self.points_per_cost is None else cost * self.points_per_cost


def meeting_worth(deal: float, worth: float, fallback: float) -> MeetingWorth:
    r"""Expected worth :math:`p_D (u(x) - u(x^0))`; no escalation: :math:`-u(\text{fallback})`.

    Parameters
    ----------
    deal
        p_D, the chance of a deal.
    worth
        u of the deal, over how things are.
    fallback
        u of the fallback, over how things are.

    Examples
    --------
    >>> meeting_worth(0.5, 0.04, -0.25)
    MeetingWorth(expected=0.02, no_escalation=0.25, points_per_cost=4.0)
    """
    return MeetingWorth(
        expected=deal * worth,
        no_escalation=-fallback,
        points_per_cost=None if fallback >= 0 else -1.0 / fallback,
    )
