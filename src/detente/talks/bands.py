"""How sure is it, and what does it hang on most?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.arrays import FloatArray
from detente.errors import InputError
from detente.progress import SILENT, Listener
from detente.talks.ground import Ground
from detente.talks.odds import belief_about
from detente.talks.outcome import Horizon, look_ahead, no_escalation, worth_meeting
from detente.talks.section import Judgement
from detente.talks.table_round import OUTCOMES

__all__ = [
    "Bands",
    "Swing",
    "draw_judgements",
    "measures_of_outcome",
    "most_sensitive",
    "swings",
]

LOW, HIGH = 0.05, 0.95
DEAL, CALM = "deal", "no escalation within six months"
#: Begins the measure of each side's reading: it spoke to its audience at home and is willing.
WILLING = "willing: "


@dataclass(frozen=True, eq=False)
class Bands:
    """5 to 95 % of every probability over draws of the judgements.

    Attributes
    ----------
    names
        What is measured: the five outcomes, a deal, calm, the meeting's worth to both sides.
    values
        [draw, name].
    """

    names: tuple[str, ...]
    values: FloatArray
    seed: int

    def of(self, name: str) -> tuple[float, float]:
        """The 5 % and 95 % quantiles of one measure."""
        column = self.values[:, self.names.index(name)]
        low, high = np.quantile(column, [LOW, HIGH])
        return float(low), float(high)


@dataclass(frozen=True)
class Swing:
    """What one judgement does when it alone goes from its low to its high end.

    Attributes
    ----------
    at_low, at_high
        Every measure at the two ends.
    size
        Largest change of any of the five outcome probabilities.
    zones
        Packages in the zone at the two ends.
    """

    name: str
    judgement: Judgement
    at_low: Mapping[str, float]
    at_high: Mapping[str, float]
    size: float
    zones: tuple[int, int]


def measures_of_outcome(horizon: Horizon, values: Mapping[str, float]) -> dict[str, float]:
    """The probabilities that bands are drawn for."""
    out = {name: float(horizon.outcome[name]) for name in OUTCOMES}
    out[DEAL] = float(horizon.now.deal)
    out["deal by the last round"] = float(horizon.deal_by(len(horizon.rounds) - 1))
    out[CALM] = no_escalation(horizon.outcome, values)
    talks = horizon.now.stand.ground.talks
    for party in talks.parties:
        out[f"{WILLING}{party.id}"] = 1 - belief_about(talks, party, values).posterior
    for worth in worth_meeting(horizon):
        out[f"worth of meeting to {worth.party}"] = worth.total
    return out


def draw_judgements(
    judgements: Mapping[str, Judgement], draws: int, seed: int
) -> list[dict[str, float]]:
    """Values of all judgements, each drawn by itself from a triangle over its range.

    Draws do not move when judgements are added to the end; the same seed gives the same draws.
    """
    if draws < 1:
        raise InputError(f"bands need at least one draw; got {draws}.")
    rng = np.random.default_rng(seed)
    columns = {}
    for name, j in judgements.items():
        uniform = rng.random(draws)
        columns[name] = _triangle(uniform, j)
    return [{name: float(column[d]) for name, column in columns.items()} for d in range(draws)]


def _triangle(uniform: FloatArray, j: Judgement) -> FloatArray:
    """Quantiles of the triangular distribution over a judgement's range."""
    width = j.high - j.low
    if width == 0:
        return np.full(len(uniform), j.value)
    peak = (j.value - j.low) / width
    rising = j.low + np.sqrt(uniform * width * (j.value - j.low))
    falling = j.high - np.sqrt((1 - uniform) * width * (j.high - j.value))
    out: FloatArray = np.where(uniform < peak, rising, falling)
    return out


def draw_bands(
    grounds: Sequence[Ground],
    draws: int,
    seed: int,
    listener: Listener = SILENT,
    doubts: Sequence[tuple[Ground, Mapping[str, float]]] = (),
) -> Bands:
    """Work the talks out at every draw.

    Parameters
    ----------
    grounds
        The same meeting priced under several draws of the trade elasticities; they take turns.
    doubts
        Variants that cannot be excluded, with what they set: the case as judged and each of them
        take turns.
    """
    rows = []
    names: tuple[str, ...] = ()
    for d, drawn in enumerate(draw_judgements(grounds[0].judgements(), draws, seed)):
        turn, cases = d % (1 + len(doubts)), d // (1 + len(doubts))
        if turn == 0:
            here, values = grounds[cases % len(grounds)], drawn
        else:
            here, changed = doubts[turn - 1]
            values = drawn | dict(changed)
        found = measures_of_outcome(look_ahead(here, values), values)
        names = tuple(found)
        rows.append(list(found.values()))
        listener.count("draws of the talks", d + 1, draws)
    return Bands(names, np.array(rows), seed)


def swings(ground: Ground) -> tuple[Swing, ...]:
    """Every judgement at its low and its high end, the others central; the strongest first."""
    central = ground.central()
    out = []
    for name, j in ground.judgements().items():
        if j.low == j.high:
            continue
        ends, zones = [], []
        for value in (j.low, j.high):
            values = central | {name: value}
            horizon = look_ahead(ground, values)
            ends.append(measures_of_outcome(horizon, values))
            zones.append(len(horizon.now.zone.members))
        size = max(abs(ends[1][o] - ends[0][o]) for o in OUTCOMES)
        out.append(Swing(name, j, ends[0], ends[1], size, (zones[0], zones[1])))
    return tuple(sorted(out, key=lambda s: -s.size))


def most_sensitive(ends: Sequence[Swing], name: str, count: int = 3) -> tuple[Swing, ...]:
    """The inputs that move one measure most between their low and their high end."""
    moved = [(abs(s.at_high[name] - s.at_low[name]), s) for s in ends]
    moved.sort(key=lambda pair: -pair[0])
    return tuple(s for size, s in moved[:count] if size > 0)
