"""What is each package worth at this meeting, and with one thing changed?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.arrays import FloatArray
from detente.scenario.groups import Labels
from detente.talks.agenda import agenda_of
from detente.talks.given import MeetingGiven
from detente.talks.prices import Prices
from detente.talks.profile import Side
from detente.talks.section import TalksSection
from detente.talks.stage import Measures, Stage, owners_of
from detente.talks.worth import Worths, revealed_cost

__all__ = ["Stages", "gains", "stages_of", "worths_of"]


@dataclass(frozen=True)
class Stages:
    """The meeting, its variants, and what the next government would put in force.

    Attributes
    ----------
    main
        The agenda on what is in force.
    variants
        The same with one thing changed, by name.
    successor
        Measures in force once the next government has done what it announced; None without one.
    """

    main: Stage
    variants: Mapping[str, Stage]
    successor: Measures | None

    @property
    def sets(self) -> tuple[Measures, ...]:
        """Every set of measures that is looked at, how things are first."""
        found = dict.fromkeys(self.main.sets)
        for stage in self.variants.values():
            found |= dict.fromkeys(stage.sets)
        return tuple(found if self.successor is None else found | {self.successor: None})


def stages_of(given: MeetingGiven, sides: tuple[Side, Side], labels: Labels | None) -> Stages:
    """The stages of a meeting that was checked."""
    section = given.talks
    main = Stage(
        agenda=agenda_of(section, (sides[0].id, sides[1].id)),
        background=given.standing,
        fallback=() if section.fallback is None else section.fallback.measures,
        order={name: k for k, name in enumerate(given.measures)},
        owners=owners_of(given.measures, sides, labels),
    )
    announced = section.next_government
    successor = None
    if announced is not None:
        levels = main.agenda.measures(main.agenda.number(announced.issue))
        successor = main.together(levels, announced.measures)
    variants = {name: main.varied(w.add, w.issue) for name, w in section.what_if.items()}
    return Stages(main, variants, successor)


def gains(
    prices: Prices | None, sides: tuple[Side, Side], sets: Sequence[Measures], base: Measures
) -> FloatArray:
    """Real income of each side over that under another set, %, [set, side]; zero without prices."""
    if prices is None:
        return np.zeros((len(sets), 2))
    return np.column_stack([prices.gain(sets, base, side.economies) for side in sides])


def worths_of(
    stage: Stage,
    section: TalksSection,
    sides: tuple[Side, Side],
    prices: Prices | None,
    chance: float,
) -> Worths:
    """Worth of every package of a stage and of no deal.

    Parameters
    ----------
    chance
        e, the chance that the fallback happens without a deal.
    """
    agenda = stage.agenda
    trade = gains(prices, sides, [stage.package(k) for k in range(agenda.size)], stage.base)
    cost = np.zeros_like(trade)
    moves = list(agenda.moves)
    for side in (0, 1):
        alone = np.zeros((len(agenda.items), max(agenda.shape, default=1)))
        own = [stage.own_move(side, issue, level) for issue, level in moves]
        for (issue, level), gain in zip(
            moves, gains(prices, sides, own, stage.base)[:, side], strict=True
        ):
            alone[issue, level] = gain
        cost[:, side] = revealed_cost(alone, agenda.levels)
    unpriced = ~np.isfinite(cost).all(axis=1)
    trade[unpriced], cost[unpriced] = np.nan, 0.0
    said = {} if section.fallback is None else section.fallback.beyond
    judged = np.array([said.get(side.id, 0.0) for side in sides])
    return Worths(
        trade=trade,
        cost=cost,
        beyond=agenda.beyond,
        kappa=np.array([side.kappa.value for side in sides]),
        threatened=gains(prices, sides, [stage.no_deal], stage.base)[0] + judged,
        threatened_beyond=judged,
        chance=chance,
    )
