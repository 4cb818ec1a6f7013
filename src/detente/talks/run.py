"""What does a meeting give? Odds, packages, blocks, delay, worth: facts only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import FloatArray
from detente.equilibrium.specification import specification_or_default
from detente.errors import ConvergenceError, InputError, check_kind, shown
from detente.progress import SILENT, Listener
from detente.scenario.targets import targets_of
from detente.talks.agenda import Agenda
from detente.talks.change import changes
from detente.talks.checks import check_talks, problems_of
from detente.talks.delay import delay_of, next_government_worth
from detente.talks.draws import share_with_a_zone
from detente.talks.given import MeetingGiven
from detente.talks.judged import judged_numbers
from detente.talks.meeting import meeting_worth
from detente.talks.odds import meeting_odds
from detente.talks.prices import Prices, price_sets
from detente.talks.profile import Judged, Side, profile_of, sides_of
from detente.talks.reading import Statement, UnwillingOdds, unwilling
from detente.talks.record import escalation
from detente.talks.results import NextGovernment, Pair, TalksPackage, TalksResults, WhatIf
from detente.talks.section import TalksSection
from detente.talks.signs import Signs
from detente.talks.stage import Stage
from detente.talks.table import Stages, gains, stages_of, worths_of
from detente.talks.tones import tone_found
from detente.talks.worth import Worths
from detente.talks.zone import Zone, break_evens, holding, linkage, zone_of

if TYPE_CHECKING:
    from detente.equilibrium import Specification
    from detente.world import World

__all__ = ["run_talks"]

#: Draws of the judged numbers behind Z.
DRAWS = 2_000
#: Years until the next meeting, where the file does not say.
WAIT = 1.0
#: An economy whose politics the record of escalation knows.
VOTER = "USA"


def run_talks(
    given: MeetingGiven,
    *,
    world: World | None = None,
    specification: Specification | None = None,
    draws: int = DRAWS,
    seed: int | None = None,
    folder: Path | None = None,
    workers: int | None = None,
    listener: Listener = SILENT,
) -> TalksResults:
    """Odds of a meeting, packages both would sign, what blocks the rest, what waiting is worth.

    Parameters
    ----------
    given
        The meeting, with what the rest of its case says.
    world
        The baseline; not needed where nothing on the table moves trade.
    specification
        Closure, labour market, technology.
    draws, seed
        Of the judged numbers; the case's seed where left out.
    folder
        Where priced packages are kept; a later call goes on from them.
    workers
        Threads.
    listener
        Told how far it has come.

    Raises
    ------
    CaseFileError
        What is wrong with the section, all at once.
    ConvergenceError, InfeasibleError
        How things are has no equilibrium.
    """
    check_kind(given, MeetingGiven, "run_talks: given", "load_case(CASE).meeting")
    if draws < 1:
        raise InputError(f"draws = {shown(draws)}: at least one draw is needed.")
    chosen = given.seed if seed is None else seed
    if chosen < 0:
        raise InputError(f"seed = {shown(chosen)}: a seed is zero or more.")
    section, ids = given.talks, tuple(given.measures)
    if world is None:
        given.refuse([(str(error), place) for error, place in check_talks(section, ids)])
    else:
        standing = given.standing
        used = section.measure_ids | set(standing)
        targets = {n: targets_of(world, m) for n, m in given.measures.items() if n in used}
        home = given.folder or Path()
        given.refuse(problems_of(section, world, ids, targets, home, standing))
    sides = sides_of(section, world)
    stages = stages_of(given, sides, world)
    prices = None
    if len(stages.sets) > 1:
        prices = price_sets(
            _needed(world),
            given.measures,
            stages.sets,
            specification=_at_horizon(section, specification),
            folder=folder,
            workers=workers,
            listener=listener,
        )
    return _Meeting(given, sides, stages, prices, draws, chosen).results()


def _needed(world: World | None) -> World:
    if world is None:
        raise InputError(
            "measures are on the table, so a world is needed to price them: "
            "run_talks(..., world=load_world(...))."
        )
    return world


def _at_horizon(section: TalksSection, specification: Specification | None) -> Specification:
    """The model at the horizon of the section: in the short run workers stay in their sectors."""
    chosen = specification_or_default(specification)
    if section.horizon == "short run":
        return replace(chosen, labour="specific", roy_elasticity=None)
    return chosen


class _Meeting:
    """One meeting, priced, on its way to results."""

    def __init__(
        self,
        given: MeetingGiven,
        sides: tuple[Side, Side],
        stages: Stages,
        prices: Prices | None,
        draws: int,
        seed: int,
    ) -> None:
        self.given, self.section = given, given.talks
        self.sides, self.stages, self.prices = sides, stages, prices
        self.draws, self.seed = draws, seed
        self.profile = profile_of(self.section)
        self.judged = judged_numbers(self.section, self.profile, sides)
        self.chance: Judged | None = self.judged.get("fallback.chance")
        self.q: Pair = (sides[0].q.value, sides[1].q.value)
        first, second = (tone_found(self.section.tone.get(s.id), s.id, given.folder) for s in sides)
        self.tones = (first, second)
        self.signs = self._signs()

    def _signs(self) -> Signs:
        """Signs of the opening day."""
        return Signs.of(
            level=self.section.level,
            channel=self.section.channel,
            dated=self.section.dated,
            diplomats=self.section.diplomats,
            tone=tuple(tone.value for tone in self.tones),
        )

    def _readings(self) -> dict[str, UnwillingOdds]:
        """How likely each side that said something is unwilling."""
        said: dict[str, list[Statement]] = {}
        for one in self.section.said:
            tone = tone_found(one.tone, one.by, self.given.folder).value
            said.setdefault(one.by, []).append(Statement(one.by, one.setting, tone, one.source))
        return {
            by: unwilling(
                statements,
                prior=self.judged[f"unwilling.{by}"].value,
                pressure=self.judged[f"pressure.{by}"].value,
                candour=self.judged["candour"].value,
                constants=self.profile.reading,
            )
            for by, statements in said.items()
        }

    def _worths(self, stage: Stage) -> Worths:
        chance = 0.0 if self.chance is None else self.chance.value
        return worths_of(stage, self.section, self.sides, self.prices, chance)

    def _zone_share(self, stage: Stage, worths: Worths) -> float | None:
        """Z of a stage; None where nothing is on the table."""
        if not stage.agenda.items:
            return None
        chance = (0.0, 0.0) if self.chance is None else (self.chance.low, self.chance.high)
        return share_with_a_zone(stage.agenda, worths, self.sides, chance, self.draws, self.seed)

    def results(self) -> TalksResults:
        """Everything that was found.

        Raises
        ------
        ConvergenceError
            The fallback has no equilibrium, so nothing can be said of no deal.
        """
        section, stage = self.section, self.stages.main
        agenda = stage.agenda
        members = {economy for side in self.sides for economy in side.economies}
        election = VOTER in members and section.date.year % 2 == 0
        worths = self._worths(stage) if agenda.items else None
        if worths is not None and not np.isfinite(worths.threatened).all():
            why = "" if self.prices is None else self.prices.failures.get(stage.no_deal, "")
            raise ConvergenceError(f"the fallback has no equilibrium: {why}")
        zone = None if worths is None else zone_of(worths, self.q)
        share = None if worths is None else self._zone_share(stage, worths)
        out = TalksResults(
            case=self.given.name,
            section=section,
            profile=self.profile,
            parties=self.sides,
            signs=self.signs,
            tones=self.tones,
            odds=meeting_odds(self.signs, zone_share=share, own=section.my_odds),
            changes=changes(self.signs, zone_share=share, own=section.my_odds),
            escalation=escalation(election),
            election_year=election,
            agenda=agenda,
            packages=(),
            worths=worths,
            zone=zone,
            calm=None if worths is None else zone_of(worths.with_(chance=0.0), self.q),
            priced=self.prices is not None,
            failures={} if self.prices is None else self.prices.failures,
            signed=None if section.signed is None else agenda.number(section.signed),
            break_evens=(),
            composed=None,
            linkage=None,
            holding=None,
            delay=None,
            next_government=self._next_government(),
            worth_of_meeting=None,
            reading=self._readings(),
            what_if=tuple(self._what_if(name) for name in self.stages.variants),
            judged=tuple(self.judged.values()),
        )
        if worths is None or zone is None:
            return out
        return self._with_packages(out, worths, zone)

    def _with_packages(self, out: TalksResults, worths: Worths, zone: Zone) -> TalksResults:
        """Results with all that is known of the packages."""
        agenda, nash = self.stages.main.agenda, zone.nash
        looked_at = [nash, *(out.frontier_ends or ()), out.signed]
        chosen = [k for k in dict.fromkeys(looked_at) if k is not None and worths.solved[k]]
        joined = None if nash is None else linkage(agenda, worths, nash)
        deal = out.odds.case.deal
        best = (0.0, 0.0) if nash is None else _pair(worths.total[nash])
        years = self.section.wait or WAIT
        first, second = (
            delay_of(side.drift.value, years, deal, u)
            for side, u in zip(self.sides, best, strict=True)
        )
        one, two = (
            meeting_worth(deal, u, threat)
            for u, threat in zip(best, _pair(worths.threatened), strict=True)
        )
        return replace(
            out,
            packages=_packages(agenda, worths, zone),
            break_evens=break_evens(agenda, worths, self.q, chosen),
            composed=None if joined is None else joined[1],
            linkage=None if joined is None else joined[0],
            holding=None if nash is None else holding(agenda, worths, nash),
            delay=(first, second),
            worth_of_meeting=(one, two),
        )

    def _next_government(self) -> NextGovernment | None:
        """What waiting carries of the next government; None where the file names none."""
        announced, successor = self.section.next_government, self.stages.successor
        if announced is None or successor is None:
            return None
        stage = self.stages.main
        moved = gains(self.prices, self.sides, [successor], stage.base)[0]
        worth = moved + stage.agenda.beyond[stage.agenda.number(announced.issue)].sum(axis=1)
        carried = _pair(np.array([next_government_worth(announced.hazard, u) for u in worth]))
        return NextGovernment(announced.by, announced.hazard, _pair(worth), carried)

    def _what_if(self, name: str) -> WhatIf:
        """The meeting with one thing changed."""
        stage, now = self.stages.variants[name], self.stages.main
        worths = self._worths(stage)
        zone, share = zone_of(worths, self.q), self._zone_share(stage, worths)
        settled = now.agenda.number(self.section.what_if[name].issue)
        moved = gains(self.prices, self.sides, [stage.base], now.base)[0]
        effects = {}
        if self.prices is not None:
            for economy in self.prices.economies:
                effects[economy] = float(self.prices.gain([stage.base], now.base, (economy,))[0])
        levels = None
        if zone.nash is not None:
            names = [item.name for item in stage.agenda.items]
            levels = dict(zip(names, stage.agenda.names(zone.nash), strict=True))
        return WhatIf(
            name=name,
            moved=_pair(moved + now.agenda.beyond[settled].sum(axis=1)),
            economies=effects,
            members=len(zone.members),
            zone_share=share,
            nash=levels,
            worth=None if zone.nash is None else _pair(worths.total[zone.nash]),
            odds=meeting_odds(self.signs, zone_share=share, own=self.section.my_odds),
        )


def _pair(values: FloatArray) -> Pair:
    return float(values[0]), float(values[1])


def _packages(agenda: Agenda, worths: Worths, zone: Zone) -> tuple[TalksPackage, ...]:
    """Every package with its facts."""
    members, frontier = set(zone.members.tolist()), set(zone.frontier.tolist())
    total, beyond = worths.total, worths.beyond.sum(axis=2)
    return tuple(
        TalksPackage(
            number=k,
            levels=agenda.names(k),
            trade=_pair(worths.trade[k]),
            cost=_pair(worths.cost[k]),
            beyond=_pair(beyond[k]),
            worth=_pair(total[k]),
            signs=(bool(zone.signs[k, 0]), bool(zone.signs[k, 1])),
            home=(bool(zone.home[k, 0]), bool(zone.home[k, 1])),
            in_zone=k in members,
            on_frontier=k in frontier,
        )
        for k in range(agenda.size)
    )
