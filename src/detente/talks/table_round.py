"""What happens in one round of talks, given what both can expect from the next?

Packages that pass every filter and that both would rather sign than talk on can be signed, if a
text is ready: the record of past meetings says how often that is so. A text covers some of the
issues. Under it each side holds out for its favourite, and the reputation clock says who gives way
and when. Without a deal each side talks on, ends the talks or escalates by logit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.talks.clock import AttritionEquilibrium, concession_rates, reputation_clock
from detente.talks.ground import WAR, Stand
from detente.talks.texts import favourites_by_text
from detente.talks.worth import expected_gain
from detente.talks.zopa import Zopa, zone_of_agreement

__all__ = [
    "ACTIONS",
    "OUTCOMES",
    "RoundResult",
    "Text",
    "choice_probabilities",
    "joint_share",
    "kind_of",
    "one_side",
    "play_out",
    "who_first",
]


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

    At equal worths the odds of talking against ending are those of the reduced form that was
    fitted to past meetings. Its other number, ε, is there the log odds of escalation within six
    months; here it weighs escalating at once against ending, and what comes later is added by
    :func:`~detente.talks.outcome.no_escalation`.

    Parameters
    ----------
    worth
        V of talking, ending, escalating; −inf where an action is not open to the side.
    precision
        λ.
    stake
        From the worst that the talks hold for the side to its ideal point: the best package that
        leaves neither side below no deal, whether or not it would get home.
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


@dataclass(frozen=True)
class Text:
    """All texts under which the sides hold out for the same two packages.

    Attributes
    ----------
    chance
        P of one of them, given that a text is ready.
    demands
        What each side holds out for; the same where they agree at once.
    clock
        Who gives way and when; None where the demands agree.
    unwilling_sign
        Whether each side, if unwilling, would sign its own demand.
    """

    chance: float
    demands: tuple[int, int]
    clock: AttritionEquilibrium | None
    unwilling_sign: tuple[bool, bool]


@dataclass(frozen=True, eq=False)
class RoundResult:
    """One round seen from before it.

    Attributes
    ----------
    ready
        P that a text is ready to sign, from the record of past meetings.
    on_part
        Whether only some issues can be settled here.
    gain
        u_i(x) − d_i of willing sides, [package, side]; at a round on part of the agenda over
        things as they are.
    both_ratify
        P_1 P_2, [package].
    net
        S_i(x), expected gain of willing sides, [package, side].
    zone
        Packages that pass the filters; `signable` are those that both prefer to talking on, that
        move no issue beyond this round and settle more than to go on talking.
    within
        Packages of the zone that this round could settle, whether signable or not.
    texts
        What a ready text may lead to, the likeliest first.
    demands, clock
        Favourites, and who gives way, under a text on the whole of the round's agenda; None where
        nothing is signable.
    outcome
        P of each of :data:`OUTCOMES`.
    conceded
        P that each side gives way in this round (agreement at once counts for neither).
    signed
        P that each package is signed.
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
    on_part: bool
    gain: FloatArray
    both_ratify: FloatArray
    net: FloatArray
    zone: Zopa
    signable: NDArray[np.intp]
    within: NDArray[np.intp]
    texts: tuple[Text, ...]
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

    @property
    def why_unsigned(self) -> str:
        """Why nothing can be signed here; "" where something can."""
        if len(self.signable):
            return ""
        if not len(self.within):
            return "no package that could be settled here passes every filter"
        count = len(self.within)
        passes = f"{count:,} packages pass" if count > 1 else "one package passes"
        passes += " every filter"
        if not (self.net[self.within] > 0).all(axis=1).any():
            return f"{passes}, but the risk that it fails at home costs a side more than it brings"
        return f"{passes}, but a side would rather talk on"


@dataclass(frozen=True, eq=False)
class _Ending:
    """Where one text leads.

    Attributes
    ----------
    signed
        P of each package.
    gets
        P that side i, being of type t, signs each package, times P(t), by [side][type].
    nothing
        P that nothing is signed while the sides are of these types, [type of 1, type of 2].
    conceded
        P that each side gives way first.
    """

    signed: Mapping[int, float]
    gets: tuple[tuple[Mapping[int, float], ...], ...]
    nothing: FloatArray
    conceded: tuple[float, float]


def _agreed_at_once(
    package: int, unwilling: tuple[float, float], accepts: Sequence[bool]
) -> _Ending:
    """Both want the same; only an unwilling side that would not sign it stands in the way."""
    drawn = _drawn(unwilling)
    nothing = np.zeros((2, 2))
    for t, s in ((0, 1), (1, 0), (1, 1)):
        if (t and not accepts[0]) or (s and not accepts[1]):
            nothing[t, s] = drawn[t, s]
    done = drawn - nothing
    gets = tuple(
        tuple({package: float(x)} for x in (done.sum(axis=1) if k == 0 else done.sum(axis=0)))
        for k in (0, 1)
    )
    return _Ending({package: float(done.sum())}, gets, nothing, (0.0, 0.0))


def _held_out(
    demands: tuple[int, int],
    clock: AttritionEquilibrium,
    length: float,
    unwilling: tuple[float, float],
    accepts: Sequence[bool],
) -> _Ending:
    """Each side holds out for its own; a willing one gives way by the clock.

    An unwilling side never gives way, and signs its own demand only if that beats no deal to it.
    """
    b = unwilling
    first = who_first(clock, length)
    gone = tuple(clock.conceded_by(k, length) for k in (0, 1))
    nothing = np.outer((1 - b[0] - gone[0], b[0]), (1 - b[1] - gone[1], b[1]))
    signed: dict[int, float] = {}
    gets: list[tuple[dict[int, float], dict[int, float]]] = [({}, {}), ({}, {})]
    for k in (0, 1):
        other = 1 - k
        unmoved = b[k] * gone[other]  # side k unwilling, the other gives way
        moved = first[other] - unmoved  # side k willing, the other gives way first
        taken = unmoved if accepts[k] else 0.0
        if not accepts[k]:
            at = (1, 0) if k == 0 else (0, 1)
            nothing[at] += unmoved
        package = demands[k]
        signed[package] = signed.get(package, 0.0) + moved + taken
        gets[k][0][package] = moved
        gets[k][1][package] = taken
        gets[other][0][package] = moved + taken
    return _Ending(signed, tuple(gets), nothing, first)


def _drawn(unwilling: tuple[float, float]) -> FloatArray:
    """Chances of the types of both sides, [type of 1, type of 2]; 1 is unwilling."""
    first, second = unwilling
    out: FloatArray = np.outer((1 - first, first), (1 - second, second))
    return out


def play_out(
    stand: Stand,
    talk: tuple[float, float],
    talk_unwilling: tuple[float, float],
    ready: float = 1.0,
    without: tuple[int, ...] = (),
    issues: Sequence[str] = (),
) -> RoundResult:
    """Work out one round.

    Parameters
    ----------
    talk, talk_unwilling
        Worth of talking on to a willing and to an unwilling side, by side.
    ready
        P that a text is ready to sign at this round.
    without
        Positions of filters to leave out, for asking what a filter does.
    issues
        Issues that the round can settle, where those are not all.
    """
    ground, values = stand.ground, stand.values
    agenda = ground.agenda
    # a round on part of the agenda settles that part and leaves the rest to be talked about on:
    # its packages are set against things as they are, and talking on goes with them
    base = np.zeros((2, 2)) if issues else stand.disagreement
    afterwards = np.array([talk, talk_unwilling]) if issues else stand.disagreement
    gain = stand.worth[0] - base[0]
    failure = np.asarray(stand.failure)
    both = stand.ratified.prod(axis=1)
    net = expected_gain(both, stand.worth[0], base[0], failure)
    ratified, room = stand.ratified, stand.room
    gain_for_zone = gain
    if without:
        gain_for_zone, ratified, room = gain.copy(), ratified.copy(), room.copy()
        for f in without:
            (gain_for_zone, ratified, room)[f // 2][:, f % 2] = np.inf if f // 2 != 1 else 1.0
    zone = zone_of_agreement(agenda, gain_for_zone, ratified, room, ground.valid)
    here_net = net[zone.members]
    wanted = (here_net > 0) & (here_net + afterwards[0] > np.asarray(talk))
    at_hand = list(issues) or [i.id for i in agenda.issues]
    substance = [not i.talk_only for i in agenda.issues]
    settles = agenda.within(at_hand) & agenda.moves[:, substance].any(axis=1)
    within = zone.members[settles[zone.members]]
    signable = zone.members[settles[zone.members] & wanted.all(axis=1)]
    moved = agenda.moves[signable][:, [i.id in at_hand for i in agenda.issues]]
    b = (
        min(max(stand.unwilling[0], DOUBT), 1 - DOUBT),
        min(max(stand.unwilling[1], DOUBT), 1 - DOUBT),
    )
    length = values["length"]
    # what an unwilling side would get out of its own demand
    net_unwilling = expected_gain(both, stand.worth[1], base[1], failure)

    def text(chance: float, pair: tuple[int, int]) -> Text:
        demands = (int(signable[pair[0]]), int(signable[pair[1]]))
        accepts = (net_unwilling[demands[0], 0] > 0, net_unwilling[demands[1], 1] > 0)
        willed = (bool(accepts[0]), bool(accepts[1]))
        if demands[0] == demands[1]:
            return Text(chance, demands, None, willed)
        rates = concession_rates(
            (stand.of_party("impatience", 0), stand.of_party("impatience", 1)),
            (net[demands[0], 0], net[demands[1], 1]),
            (net[demands[1], 0], net[demands[0], 1]),
            (0.0, 0.0),
        )
        return Text(chance, demands, reputation_clock(rates, b), willed)

    by_text = favourites_by_text(moved, net[signable], values["text_coverage"])
    texts = tuple(text(chance, pair) for chance, pair in by_text)
    whole = favourites_by_text(moved, net[signable], 1.0)
    full = text(*whole[0]) if whole else None

    signed: dict[int, float] = {}
    gets: list[tuple[dict[int, float], dict[int, float]]] = [({}, {}), ({}, {})]
    first = np.zeros(2)
    nothing = (1 - ready * bool(texts)) * _drawn(b)
    for each in texts:
        mass = ready * each.chance
        if each.clock is None:
            ending = _agreed_at_once(each.demands[0], b, each.unwilling_sign)
        else:
            ending = _held_out(each.demands, each.clock, length, b, each.unwilling_sign)
        nothing = nothing + mass * ending.nothing
        first += mass * np.asarray(ending.conceded)
        _add(signed, ending.signed, mass)
        for k in (0, 1):
            for t in (0, 1):
                _add(gets[k][t], ending.gets[k][t], mass)

    outcome = dict.fromkeys(OUTCOMES, 0.0)
    share = joint_share(stand, gain)
    for package, chance in signed.items():
        outcome[kind_of(stand, package, share)] += float(chance)
    end = (float(stand.disagreement[0, 0]), float(stand.disagreement[0, 1]))
    escalate = tuple(
        stand.fought[f"by {s.party}"][k] if _has_threats(stand, s.party) else -np.inf
        for k, s in enumerate(ground.sides)
    )
    ideal = _ideal_point(stand)
    acts = np.empty((2, 2, len(ACTIONS)))
    for k in (0, 1):
        options = [talk[k], end[k], escalate[k]]
        best = max(ideal[k], *options)
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
    # P of talking on, of ending and of breaking down when the sides are of these types
    on = np.outer(acts[0, :, 0], acts[1, :, 0])
    fight = 1 - np.outer(1 - acts[0, :, 2], 1 - acts[1, :, 2])
    shut = 1 - on - fight
    outcome["breakdown"] += float((nothing * fight).sum())
    outcome["keep talking"] += float((nothing * on).sum())
    outcome["no result"] += float((nothing * shut).sum())
    mean = np.stack([nothing.sum(axis=1) @ acts[0], nothing.sum(axis=0) @ acts[1]])
    none = float(nothing.sum())
    value = np.empty((2, 2))  # [type, side]
    for k in (0, 1):
        for t in (0, 1):
            worth = afterwards[t, k] + (net if t == 0 else net_unwilling)[:, k]
            goes_on = talk[k] if t == 0 else talk_unwilling[k]
            mine = [np.take(x * nothing, t, axis=k).sum() for x in (on, shut, fight)]
            total = sum(c * worth[p] for p, c in gets[k][t].items())
            total += mine[0] * goes_on + mine[1] * stand.disagreement[t, k]
            total += mine[2] * stand.fought[WAR][k]
            value[t, k] = total / (b[k] if t else 1 - b[k])
    return RoundResult(
        stand=stand,
        ready=ready,
        on_part=bool(issues),
        gain=gain,
        both_ratify=both,
        net=net,
        zone=zone,
        signable=signable,
        within=within,
        texts=texts,
        demands=full.demands if full else None,
        clock=full.clock if full else None,
        outcome=outcome,
        conceded=(float(first[0]), float(first[1])),
        signed={p: float(c) for p, c in signed.items()},
        value=(float(value[0, 0]), float(value[0, 1])),
        value_unwilling=(float(value[1, 0]), float(value[1, 1])),
        talk=talk,
        end=end,
        escalate=(float(escalate[0]), float(escalate[1])),
        actions=mean / none if none > 0 else mean,
        actions_by_type=acts,
    )


def _ideal_point(stand: Stand) -> tuple[float, float]:
    """Worth to each side of its best package that leaves neither below no deal; else of no deal."""
    d = stand.disagreement[0]
    u = stand.worth[0][(stand.worth[0] >= d).all(axis=1) & stand.ground.valid]
    if not len(u):
        return float(d[0]), float(d[1])
    return float(u[:, 0].max()), float(u[:, 1].max())


def _add(into: dict[int, float], more: Mapping[int, float], weight: float) -> None:
    for package, chance in more.items():
        into[package] = into.get(package, 0.0) + weight * chance


def _has_threats(stand: Stand, party: str) -> bool:
    return any(t.by == party and not t.successor_only for t in stand.ground.talks.threats)


def joint_share(stand: Stand, gain: FloatArray) -> FloatArray:
    """Share of the largest joint gain on the frontier that each package holds, [package]."""
    ok = (gain >= 0).all(axis=1) & stand.ground.valid
    most = float(gain[ok].sum(axis=1).max()) if ok.any() else 0.0
    out: FloatArray = gain.sum(axis=1) / most if most > 0 else np.zeros(len(gain))
    return out


def kind_of(stand: Stand, package: int, share: FloatArray) -> str:
    """Breakthrough or partial deal, by :func:`joint_share` and the number of issues that bind."""
    ground = stand.ground
    enough = share[package] >= stand.values["breakthrough_share"]
    agenda = ground.agenda
    binding = sum(not agenda.issues[k].talk_only for k in agenda.moved(package))
    return OUTCOMES[0] if enough and binding >= ground.talks.binding_issues else OUTCOMES[1]
