"""What happens in one round of talks, given what both can expect from the next?

Packages that pass every filter and that both would rather sign than talk on can be signed, if a
text is ready: the record of past meetings says how often that is so. Then each side holds out for
its favourite, and the reputation clock says who gives way and when. Without a deal each side
talks on, ends the talks or escalates by logit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.talks.clock import AttritionEquilibrium, concession_rates, reputation_clock
from detente.talks.ground import WAR, Stand
from detente.talks.worth import expected_gain
from detente.talks.zopa import Zopa, zone_of_agreement

__all__ = [
    "ACTIONS",
    "OUTCOMES",
    "RoundResult",
    "choice_probabilities",
    "one_side",
    "play_out",
    "who_first",
]

FloatArray = NDArray[np.float64]

#: How one meeting can end, best first.
OUTCOMES = ("breakthrough", "partial deal", "keep talking", "no result", "breakdown")
#: What a side can do when nothing was signed.
ACTIONS = ("talk", "end", "escalate")
#: A belief is kept this far from certainty: reputations need some doubt.
DOUBT = 1e-6


def choice_probabilities(
    worth: FloatArray, precision: float, stake: float, tone: float, escalation: float
) -> FloatArray:
    r"""Logit over talking on, ending and escalating.

    .. math:: \lambda \left(1 + \frac{y}{10} + \frac{V_{talk} - V_{end}}{\text{stake}}\right),
              \quad 0, \quad
              \epsilon - \lambda \frac{y}{10}
              + \lambda \frac{V_{esc} - V_{end}}{\text{stake}}

    At equal worths this is the reduced form that was fitted to past meetings, so its numbers mean
    the same here.

    Parameters
    ----------
    worth
        V of talking, ending, escalating; −inf where an action is not open to the side.
    precision
        λ.
    stake
        Spread between the best and the worst that the talks hold for the side.
    tone
        y, the side's own tone at the opening, −10 to 10.
    escalation
        ε of one side, see :func:`one_side`.

    References
    ----------
    McKelvey and Palfrey (1998).

    Examples
    --------
    >>> p = choice_probabilities(np.array([1.0, 1.0, -np.inf]), 2.0, 1.0, 0.0, -1.0)
    >>> print(f"{p[0]:.4f} {1 / (1 + math.exp(-2.0)):.4f} {p[2]:.0f}")
    0.8808 0.8808 0
    """
    gain = np.zeros(3)
    if stake > 0:
        gain = np.where(np.isfinite(worth), (worth - worth[1]) / stake, 0.0)
    u = np.array(
        [
            precision * (1 + tone / 10 + gain[0]),
            0.0,
            escalation - precision * tone / 10 + precision * gain[2],
        ]
    )
    u = np.where(np.isfinite(worth), u, -np.inf)
    weight = np.exp(u - u.max())
    out: FloatArray = weight / weight.sum()
    return out


def one_side(intercept: float) -> float:
    r"""Log odds of one side where either of two brings about log odds ε.

    .. math:: 1 - (1 - p)^2 = \Lambda(\epsilon)

    Examples
    --------
    >>> p = 1 / (1 + math.exp(-one_side(-1.0)))
    >>> abs(1 - (1 - p) ** 2 - 1 / (1 + math.exp(1.0))) < 1e-12
    True
    """
    neither = 1 / (1 + math.exp(intercept))
    p = 1 - math.sqrt(neither)
    return math.log(p / (1 - p))


def who_first(clock: AttritionEquilibrium, time: float) -> tuple[float, float]:
    r"""Probability that each side is the first to give way by `time`.

    .. math:: P(\text{1 first}) = o_1 + (1 - o_1)(1 - o_2)
              \frac{\lambda_1}{\lambda_1 + \lambda_2} (1 - e^{-(\lambda_1 + \lambda_2) t})

    with o the probability of giving way at the start, of which at most one is positive.

    Examples
    --------
    >>> clock = AttritionEquilibrium((1.0, 1.0), 3.0, (0.5, 0.0), (0.1, 0.1))
    >>> first = who_first(clock, 1.0)
    >>> abs(sum(first) - clock.deal_by(1.0)) < 1e-12
    True
    """
    t = min(max(time, 0.0), clock.duration)
    both = clock.rate[0] + clock.rate[1]
    later = (1 - clock.opening[0]) * (1 - clock.opening[1]) * (1 - math.exp(-both * t))
    return (
        clock.opening[0] + later * clock.rate[0] / both,
        clock.opening[1] + later * clock.rate[1] / both,
    )


@dataclass(frozen=True, eq=False)
class RoundResult:
    """One round seen from before it.

    Attributes
    ----------
    ready
        P that a text is ready to sign, from the record of past meetings.
    zone
        Packages that pass the filters; `signable` are those that both prefer to talking on.
    demands
        Favourite of each side among the signable ones; None where there are none.
    clock
        Who gives way and when; None where demands agree or nothing is signable.
    outcome
        P of each of :data:`OUTCOMES`.
    conceded
        P that each side gives way in this round (agreement at once counts for neither).
    value
        Expected worth to a willing side before the round, by side.
    value_unwilling
        The same to an unwilling side.
    talk, end, escalate
        Worth of each action without a deal to a willing side, by side.
    actions, actions_by_type
        P of each action without a deal, [side, action] and [side, type, action].
    """

    stand: Stand
    ready: float
    gain: FloatArray
    both_ratify: FloatArray
    zone: Zopa
    signable: NDArray[np.intp]
    demands: tuple[int, int] | None
    clock: AttritionEquilibrium | None
    outcome: Mapping[str, float]
    conceded: tuple[float, float]
    signed: Mapping[int, float]
    value: tuple[float, float]
    value_unwilling: tuple[float, float]
    talk: tuple[float, float]
    end: tuple[float, float]
    escalate: tuple[float, float]
    actions: FloatArray
    actions_by_type: FloatArray

    @property
    def deal(self) -> float:
        """P of a deal of either kind."""
        return self.outcome["breakthrough"] + self.outcome["partial deal"]


def play_out(
    stand: Stand,
    talk: tuple[float, float],
    talk_unwilling: tuple[float, float],
    ready: float = 1.0,
    without: tuple[int, ...] = (),
) -> RoundResult:
    """Work out one round.

    Parameters
    ----------
    ready
        P that a text is ready to sign at this round.
    talk, talk_unwilling
        Worth of talking on to a willing and to an unwilling side, by side.
    without
        Positions of filters to leave out, for asking what a filter does.
    """
    ground, values = stand.ground, stand.values
    d = stand.disagreement[0]
    gain = stand.worth[0] - d
    failure = np.array([stand.of_party("failure_cost", k) for k in (0, 1)])
    both = stand.ratified.prod(axis=1)
    net = expected_gain(both, stand.worth[0], d, failure)
    ratified, room = stand.ratified, stand.room
    gain_for_zone = gain
    if without:
        gain_for_zone, ratified, room = gain.copy(), ratified.copy(), room.copy()
        for f in without:
            (gain_for_zone, ratified, room)[f // 2][:, f % 2] = np.inf if f // 2 != 1 else 1.0
    zone = zone_of_agreement(ground.agenda, gain_for_zone, ratified, room, ground.valid)
    wanted = (net[zone.members] > 0) & (net[zone.members] + d > np.asarray(talk))
    signable = zone.members[wanted.all(axis=1)]
    b = tuple(min(max(x, DOUBT), 1 - DOUBT) for x in stand.unwilling)
    length = values["length"]
    signed: dict[int, float] = {}
    demands: tuple[int, int] | None = None
    clock: AttritionEquilibrium | None = None
    first = (0.0, 0.0)
    held = [(1 - b[0], b[0]), (1 - b[1], b[1])]  # masses of willing, unwilling that still stand
    refused = [0.0, 0.0]  # mass where the other gave way and this unwilling side said no
    if len(signable):
        demands = (_favourite(net, signable, 0), _favourite(net, signable, 1))
        accepts = tuple(_accepted(stand, demands[k], k, both, failure) for k in (0, 1))
        if demands[0] == demands[1]:
            share = 1.0
            for k in (0, 1):
                share *= 1.0 if accepts[k] else 1 - b[k]
            signed[demands[0]] = share
            refused = [0.0 if accepts[0] else b[0], 0.0 if accepts[1] else b[1] * (1 - b[0])]
            rest = max(0.0, 1 - share - sum(refused))
            refused[1] += rest
            held = [(0.0, 0.0), (0.0, 0.0)]
        else:
            rates = concession_rates(
                (stand.of_party("impatience", 0), stand.of_party("impatience", 1)),
                (net[demands[0], 0], net[demands[1], 1]),
                (net[demands[1], 0], net[demands[0], 1]),
                (0.0, 0.0),
            )
            clock = reputation_clock(rates, (b[0], b[1]))
            first = who_first(clock, length)
            # side k holds out unwilling while the other gives way: mass b_k F_other
            for k in (0, 1):
                other = 1 - k
                gone = clock.conceded_by(other, length)
                if not accepts[k]:
                    refused[k] = b[k] * gone
                signed[demands[k]] = signed.get(demands[k], 0.0) + first[other] - refused[k]
                held[k] = (1 - b[k] - clock.conceded_by(k, length), b[k])
    signed = {package: ready * chance for package, chance in signed.items()}
    first = (ready * first[0], ready * first[1])
    outcome = dict.fromkeys(OUTCOMES, 0.0)
    for package, chance in signed.items():
        outcome[_kind(stand, package, gain)] += chance
    end = (float(d[0]), float(d[1]))
    escalate = tuple(
        stand.fought[f"by {s.party}"][k] if _has_threats(stand, s.party) else -np.inf
        for k, s in enumerate(ground.sides)
    )
    acts = np.empty((2, 2, len(ACTIONS)))
    for k in (0, 1):
        options = [talk[k], end[k], escalate[k]]
        best = max(float(net[ground.valid, k].max()) + end[k], *options)
        worst = min(stand.fought[WAR][k], *(v for v in options if np.isfinite(v)))
        stake = best - worst
        for t, talk_on in enumerate((talk[k], talk_unwilling[k])):
            ended = float(stand.disagreement[t, k])
            acts[k, t] = choice_probabilities(
                np.array([talk_on, ended, escalate[k]]),
                values["record.logit_precision"],
                stake,
                stand.opening_tone[k],
                one_side(values["record.escalation_intercept"]),
            )
    branches = _branches(held, refused, b, ready)
    mean = np.zeros((2, len(ACTIONS)))
    for mass, t, s in branches:
        one, two = acts[0, t], acts[1, s]
        breakdown = 1 - (1 - one[2]) * (1 - two[2])
        going = one[0] * two[0]
        outcome["breakdown"] += mass * breakdown
        outcome["keep talking"] += mass * going
        outcome["no result"] += mass * (1 - breakdown - going)
        mean += mass * np.stack([one, two])
    nothing = sum(mass for mass, _, _ in branches)
    value, stubborn = [], []
    for k in (0, 1):
        other = 1 - k
        deals = sum(c * (net[p, k] + end[k]) for p, c in signed.items())
        open_, shut, fight = _no_deal_shares(acts, branches)
        value.append(deals + open_ * talk[k] + shut * end[k] + fight * stand.fought[WAR][k])
        gone = clock.conceded_by(other, length) if clock is not None else 0.0
        if demands is not None and clock is None:
            gone = 1.0
        takes = demands is not None and _accepted(stand, demands[k], k, both, failure)
        u_end = float(stand.disagreement[1, k])
        gone *= ready
        prize = _net_unwilling(stand, demands[k], k, both, failure) if takes and demands else 0.0
        left = 1 - gone if takes else 1.0
        mix = acts[k, 1]
        fights = np.where(np.isfinite(escalate[k]), escalate[k], 0.0)
        rest = mix[0] * talk_unwilling[k] + mix[1] * u_end + mix[2] * float(fights)
        stubborn.append((gone * (u_end + prize) if takes else 0.0) + left * rest)
    return RoundResult(
        stand=stand,
        ready=ready,
        gain=gain,
        both_ratify=both,
        zone=zone,
        signable=signable,
        demands=demands,
        clock=clock,
        outcome=outcome,
        conceded=first,
        signed=signed,
        value=(value[0], value[1]),
        value_unwilling=(stubborn[0], stubborn[1]),
        talk=talk,
        end=end,
        escalate=(float(escalate[0]), float(escalate[1])),
        actions=mean / nothing if nothing > 0 else mean,
        actions_by_type=acts,
    )


def _favourite(net: FloatArray, members: NDArray[np.intp], side: int) -> int:
    """The package best for one side; ties go to the one better for the other, then the first."""
    order = np.lexsort((members, -net[members, 1 - side], -net[members, side]))
    return int(members[order[0]])


def _net_unwilling(
    stand: Stand, package: int, side: int, both: FloatArray, failure: FloatArray
) -> float:
    """S of an unwilling side at one package."""
    return float(
        expected_gain(
            both[[package]],
            stand.worth[1][[package]],
            stand.disagreement[1],
            failure,
        )[0, side]
    )


def _accepted(stand: Stand, package: int, side: int, both: FloatArray, failure: FloatArray) -> bool:
    """Whether an unwilling side would sign its own demand when the other gives way."""
    return _net_unwilling(stand, package, side, both, failure) > 0


def _has_threats(stand: Stand, party: str) -> bool:
    return any(t.by == party and not t.successor_only for t in stand.ground.talks.threats)


def _branches(
    held: list[tuple[float, float]],
    refused: list[float],
    unwilling: tuple[float, ...],
    ready: float,
) -> list[tuple[float, int, int]]:
    """Masses without a deal by the types of both sides (1 is unwilling)."""
    out = []
    for t in (0, 1):
        for s in (0, 1):
            drawn = 1.0
            for b, kind in zip(unwilling, (t, s), strict=True):
                drawn *= b if kind else 1 - b
            out.append((ready * held[0][t] * held[1][s] + (1 - ready) * drawn, t, s))
    return [*out, (ready * refused[0], 1, 0), (ready * refused[1], 0, 1)]


def _no_deal_shares(
    acts: FloatArray, branches: list[tuple[float, int, int]]
) -> tuple[float, float, float]:
    """Masses of talking on, of ending and of escalating, over all types."""
    talk = end = fight = 0.0
    for mass, t, s in branches:
        breakdown = 1 - (1 - acts[0, t, 2]) * (1 - acts[1, s, 2])
        going = acts[0, t, 0] * acts[1, s, 0]
        fight += mass * breakdown
        talk += mass * going
        end += mass * (1 - breakdown - going)
    return talk, end, fight


def captured(stand: Stand, package: int, gain: FloatArray) -> float:
    """Share of the largest joint gain on the frontier that a package holds."""
    ok = (gain >= 0).all(axis=1) & stand.ground.valid
    most = float(gain[ok].sum(axis=1).max()) if ok.any() else 0.0
    return float(gain[package].sum() / most) if most > 0 else 0.0


def _kind(stand: Stand, package: int, gain: FloatArray) -> str:
    """Breakthrough or partial deal."""
    talks = stand.ground.talks
    binding = len(stand.ground.agenda.moved(package))
    share = captured(stand, package, gain)
    enough = share >= stand.values["breakthrough_share"]
    return OUTCOMES[0] if enough and binding >= talks.binding_issues else OUTCOMES[1]
