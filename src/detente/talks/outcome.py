"""How does the meeting end, and is meeting at all worth it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.arrays import FloatArray
from detente.talks.calibrated import readiness
from detente.talks.ground import WAR, Ground, Stand, stand_at
from detente.talks.odds import tone_model
from detente.talks.section import RoundSection, TalksSection
from detente.talks.table_round import RoundResult, play_out
from detente.talks.timing import meanwhile, value_of_talking

__all__ = [
    "Horizon",
    "MeetingWorth",
    "look_ahead",
    "no_escalation",
    "value_of_information",
    "worth_meeting",
    "worth_of_calm",
]


DAYS_A_YEAR = 365.25
#: Points at which the tone of a private session is imagined before it takes place.
TONES = np.linspace(-10, 10, 81)


@dataclass(frozen=True, eq=False)
class Horizon:
    """The meeting and all later rounds, solved from the last one backwards.

    Attributes
    ----------
    rounds
        The meeting first.
    years
        Time of each since the meeting.
    """

    rounds: tuple[RoundResult, ...]
    years: tuple[float, ...]

    @property
    def now(self) -> RoundResult:
        """The meeting itself."""
        return self.rounds[0]

    @property
    def outcome(self) -> Mapping[str, float]:
        """P of the five outcomes of the meeting."""
        return self.now.outcome

    def deal_by(self, round_: int) -> float:
        """P of a deal on the agenda by a round.

        Talks go on only after "keep talking", or after a text at a round on part of the agenda:
        that settles its part, is no deal on the agenda, and leaves the rest to be talked about.
        """
        alive, deal = 1.0, 0.0
        for result in self.rounds[: round_ + 1]:
            if result.on_part:
                alive *= result.outcome["keep talking"] + result.deal
                continue
            deal += alive * result.deal
            alive *= result.outcome["keep talking"]
        return deal


def look_ahead(
    ground: Ground, values: Mapping[str, float], without: tuple[int, ...] = ()
) -> Horizon:
    r"""Solve the calendar backwards.

    .. math:: V_{talk} = (1-\beta) u(x^0) + \beta [(1-h) V + h V'] - c D

    with V the value of the next round, V′ what another government would bring, h its hazard and
    c·D the cost of being seen to talk under pressure D. After the last round nothing is scheduled
    and talking on is worth the status quo less its cost.
    """
    talks = ground.talks
    dates = [talks.date, *(r.date for r in talks.rounds)]
    years = [(d - talks.date).days / DAYS_A_YEAR for d in dates]
    first = stand_at(ground, values, 0.0)
    # a round that can settle everything is no restricted one
    scope = [(), *(r.issues if set(r.issues) < _all(talks) else () for r in talks.rounds)]
    stands = [first] + [
        stand_at(ground, values, t, first.beliefs, on)
        for t, on in zip(years[1:], scope[1:], strict=True)
    ]
    results: list[RoundResult] = []
    for k in range(len(dates) - 1, -1, -1):
        stand = stands[k]
        after = results[0] if results else None
        talk, stubborn = [], []
        for side in (0, 1):
            cost = stand.of_party("talking_cost", side) * stand.of_party("pressure", side)
            r = stand.of_party("impatience", side)
            if after is None:
                talk.append(-cost)
                stubborn.append(_improved(stand, side) - cost)
                continue
            beta = float(np.exp(-r * (years[k + 1] - years[k])))
            rising = [_improved(stands[n], side) for n in (k, k + 1)]
            hazard, successor = _another_government(stand, talks.rounds[k], side, after)
            for into, value, u0, changed in (
                (talk, after.value[side], 0.0, successor[0]),
                (
                    stubborn,
                    after.value_unwilling[side],
                    meanwhile(rising[0], rising[1], beta),
                    successor[1],
                ),
            ):
                into.append(value_of_talking(u0, value, changed, beta, hazard, cost))
        flags = talks if k == 0 else talks.rounds[k - 1]
        ready = readiness(values, flags.dated_deadline, flags.leaders, flags.climate_only)
        found = play_out(
            stand,
            (talk[0], talk[1]),
            (stubborn[0], stubborn[1]),
            ready,
            without,
            scope[k],
        )
        results.insert(0, found)
    return Horizon(tuple(results), tuple(years))


def _all(talks: TalksSection) -> set[str]:
    return {issue.id for issue in talks.issues}


def _improved(stand: Stand, side: int) -> float:
    """By how much things as they are have improved for an unwilling side, all time to come."""
    return float(stand.disagreement[1, side] - stand.disagreement[0, side])


def _another_government(
    stand: Stand, coming: RoundSection, side: int, after: RoundResult
) -> tuple[float, tuple[float, float]]:
    """Hazard of another government on either side before a round, and V′ of one side by type."""
    ground, values = stand.ground, stand.values
    own = (after.value[side], after.value_unwilling[side])
    hazards = {name: values[f"round.{coming.id}.hazard.{name}"] for name in coming.hazard}
    total = 1 - float(np.prod([1 - h for h in hazards.values()]))
    weight = sum(hazards.values())
    if total == 0 or weight == 0:
        return 0.0, own
    worth = [0.0, 0.0]
    for name, hazard in hazards.items():
        for kind in (0, 1):
            then = own[kind]
            for successor in ground.talks.successors:
                if successor.party == name:
                    acts = values[f"successor.{name}.acts"]
                    fought = stand.fought[f"threat {successor.threat}"][side]
                    then = (1 - acts) * own[kind] + acts * fought
            worth[kind] += hazard / weight * then
    return total, (worth[0], worth[1])


def no_escalation(outcome: Mapping[str, float], values: Mapping[str, float]) -> float:
    r"""P(no escalation within six months).

    .. math:: 1 - P_{breakdown} - P_{none} h_{closed} - (P_{talk} + P_{deal}) h_{open}

    Escalation nobody meant is rarer where a working channel is open (h_open < h_closed).

    Examples
    --------
    >>> sure = dict.fromkeys(("breakthrough", "partial deal", "no result", "breakdown"), 0.0)
    >>> sure["keep talking"] = 1.0
    >>> no_escalation(sure, {"unintended_open": 0.25, "unintended_closed": 0.5})
    0.75
    """
    channel = outcome["breakthrough"] + outcome["partial deal"] + outcome["keep talking"]
    return float(
        1
        - outcome["breakdown"]
        - outcome["no result"] * values["unintended_closed"]
        - channel * values["unintended_open"]
    )


def worth_of_calm(ground: Ground, values: Mapping[str, float], chance: float) -> dict[str, float]:
    """What the chance of no escalation is worth to each economy, percent of real income.

    The loss that all threats carried out would bring it, times how much likelier calm is than
    without the meeting.
    """
    table = ground.table
    row, base = table.request.extra[WAR], table.request.base
    hat = table.earned_hat if ground.talks.income == "earned" else table.welfare_hat
    loss = 100 * (1 - hat[row] / hat[base])
    without = 1 - values["unintended_closed"]
    return {
        name: float((chance - without) * x) for name, x in zip(table.economies, loss, strict=True)
    }


def value_of_information(
    prior: float, willing: FloatArray, unwilling: FloatArray, talk: float, script: FloatArray
) -> float:
    r"""What hearing the private room is worth before one decides to go on.

    .. math:: E_s[\max(p_s v_W + (1-p_s) v_U,\, v_{end})] - \max(p v_W + (1-p) v_U,\, v_{end})

    never negative. The room is candid with the probability that the likelihoods hold.

    Parameters
    ----------
    prior
        P(unwilling) of the other side.
    willing, unwilling
        Likelihoods of what may be heard, by type; each sums to one.
    talk, script
        `script` holds v_W, v_U, v_end in this order; `talk` shifts the first two.

    Examples
    --------
    >>> told = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    >>> value_of_information(0.5, *told, 0.0, np.array([1.0, -1.0, 0.0]))
    0.5
    """
    v_w, v_u, v_end = script[0] + talk, script[1] + talk, script[2]
    heard = (1 - prior) * willing + prior * unwilling
    on = (1 - prior) * willing * v_w + prior * unwilling * v_u
    informed = np.maximum(on, heard * v_end).sum()
    blind = max((1 - prior) * v_w + prior * v_u, v_end)
    return float(max(0.0, informed - blind))


@dataclass(frozen=True)
class MeetingWorth:
    """What holding the meeting is worth to one side, percent of real income, by piece.

    Attributes
    ----------
    deal
        Deals that may be signed now, over waiting for the next round.
    calm
        Escalation that the meeting prevents or brings, times what it costs the side.
    information
        What one learns of the other before deciding to go on.
    audience
        Being seen to talk.
    """

    party: str
    deal: float
    calm: float
    information: float
    audience: float

    @property
    def total(self) -> float:
        """All pieces together."""
        return self.deal + self.calm + self.information + self.audience


def worth_meeting(horizon: Horizon) -> tuple[MeetingWorth, MeetingWorth]:
    """Should one meet at all? The pieces for each side.

    A deal that may come of it now, over waiting for the next round; the chance of no escalation
    with the meeting over that without one, times what escalation costs; what one learns of the
    other; less the cost of being seen to talk.
    """
    now = horizon.now
    stand = now.stand
    ground, values = stand.ground, stand.values
    calmer = no_escalation(now.outcome, values) - (1 - values["unintended_closed"])
    channel = 1 - now.outcome["no result"] - now.outcome["breakdown"]
    out = []
    for k, side in enumerate(ground.sides):
        waiting = max(0.0, now.talk[k] - now.end[k])
        deal = sum(c * (now.net[p, k] - waiting) for p, c in now.signed.items())
        loss = max(0.0, -stand.fought[WAR][k])
        b = stand.unwilling[1 - k]
        cost = stand.of_party("talking_cost", k) * stand.of_party("pressure", k)
        v_u = now.end[k] - cost
        v_w = (now.talk[k] - b * v_u) / (1 - b) if b < 1 else v_u
        heard = _likelihoods(ground, values, 1 - k, values["notice"] * channel)
        before = stand.beliefs[1 - k].prior
        told = value_of_information(before, *heard, 0.0, np.array([v_w, v_u, now.end[k]]))
        out.append(MeetingWorth(side.party, float(deal), calmer * loss, told, -cost))
    return out[0], out[1]


def _likelihoods(
    ground: Ground, values: Mapping[str, float], other: int, notice: float
) -> tuple[FloatArray, FloatArray]:
    """Chances of each tone in the private room, by the type of the side that speaks."""
    model = tone_model(values, ground.sides[other].party, notice)
    # the script tells nothing of the type: its tone is spread around a neutral public word
    each = [
        np.exp([model.private_log_likelihood(float(y), u, 0.0) for y in TONES])
        for u in (False, True)
    ]
    return each[0] / each[0].sum(), each[1] / each[1].sum()
