"""Is the threat real, and what follows for the value of no deal?"""

from __future__ import annotations

from dataclasses import dataclass

from detente.errors import InputError

__all__ = ["CrisisEquilibrium", "carry_out_share", "crisis_signalling", "disagreement_value"]


@dataclass(frozen=True)
class CrisisEquilibrium:
    """Equilibrium of one threat.

    Attributes
    ----------
    bluff
        Probability that an unresolved threatener threatens.
    concede
        Probability that the target gives way.
    posterior
        Probability that a threat, once made, is real.
    threat
        Probability that a threat is made.
    """

    bluff: float
    concede: float
    posterior: float
    threat: float


def crisis_signalling(prior: float, war_cost: float, audience_cost: float) -> CrisisEquilibrium:
    r"""Who threatens, who gives way, and what a threat proves.

    A threatener of unknown resolve claims a prize of one. A resolved one carries out its threat;
    an unresolved one that backs down pays the audience cost a. The target that resists a real
    threat pays c. If :math:`p(1 + c) < 1` an unresolved threatener bluffs with probability
    :math:`pc/(1-p)`, the target concedes with :math:`a/(1+a)` and believes :math:`1/(1+c)`;
    otherwise all threaten and the target concedes.

    Parameters
    ----------
    prior
        p, probability of resolve, in [0, 1).
    war_cost, audience_cost
        c and a, in units of the prize; positive.

    References
    ----------
    The logic of Fearon (1994, 1997), in its smallest form.

    Examples
    --------
    >>> crisis_signalling(0.25, 1.0, 0.5).posterior
    0.5
    """
    if not 0 <= prior <= 1:
        raise InputError(f"the prior of a real threat must lie in [0, 1]; got {prior}.")
    if war_cost <= 0 or audience_cost < 0:
        raise InputError("the cost of a fight must be positive, the audience cost not negative.")
    if prior * (1 + war_cost) >= 1:
        return CrisisEquilibrium(bluff=1.0, concede=1.0, posterior=prior, threat=1.0)
    bluff = prior * war_cost / (1 - prior)
    return CrisisEquilibrium(
        bluff=bluff,
        concede=audience_cost / (1 + audience_cost),
        posterior=1 / (1 + war_cost),
        threat=prior + (1 - prior) * bluff,
    )


def carry_out_share(audience_cost: float) -> float:
    r"""Share of threateners who would go through with it, :math:`(1 + a)/2`.

    The value of war is uniform on [−1, 1]; one who backs down pays a, so all with a value above
    −a carry the threat out: tying hands makes threats true.

    References
    ----------
    Fearon (1997).

    Examples
    --------
    >>> carry_out_share(0.3)
    0.65
    """
    if not 0 <= audience_cost <= 1:
        raise InputError(f"the audience cost must lie in [0, 1] here; got {audience_cost}.")
    return (1 + audience_cost) / 2


def disagreement_value(
    status_quo: float, escalation: float, threats: tuple[float, ...] = ()
) -> float:
    r"""Worth of no deal, :math:`d_i = (1 - e_i) u_i(x^0) + e_i u_i(\text{escalation})`.

    Parameters
    ----------
    status_quo, escalation
        Worth of things as they are, and of the announced escalation.
    threats
        For each threat made against the side, the probability that it is carried out;
        together :math:`e = 1 - \prod (1 - e_k)`.

    Examples
    --------
    >>> disagreement_value(0.0, -1.0, (0.5, 0.2))
    -0.6
    """
    spared = 1.0
    for e in threats:
        if not 0 <= e <= 1:
            raise InputError(f"the probability of a threat must lie in [0, 1]; got {e}.")
        spared *= 1 - e
    return spared * status_quo + (1 - spared) * escalation
