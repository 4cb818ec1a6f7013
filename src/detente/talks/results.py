"""What was found about a meeting?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from detente.talks.agenda import Agenda
from detente.talks.change import SignChange
from detente.talks.delay import Delay
from detente.talks.meeting import MeetingWorth
from detente.talks.odds import MeetingOdds
from detente.talks.profile import Judged, Profile, Side
from detente.talks.reading import UnwillingOdds
from detente.talks.record import Escalation
from detente.talks.section import TalksSection
from detente.talks.signs import Signs
from detente.talks.stage import Measures
from detente.talks.tones import ToneFound
from detente.talks.worth import Worths
from detente.talks.zone import BreakEven, Zone

__all__ = ["NextGovernment", "Pair", "TalksPackage", "TalksResults", "WhatIf"]

#: One number for each side.
Pair = tuple[float, float]


class TalksPackage(NamedTuple):
    """One package, % of each side's own real income over how things are.

    Attributes
    ----------
    number, levels
        Position, and the level of every issue.
    trade, cost, beyond, worth
        By side: what the prices say, what the own measures that it moves cost, what is judged,
        and u = trade − κ·cost + beyond.
    signs, home
        By side: whether it signs, and whether home lets pass what it signs.
    in_zone, on_frontier
        Both of both; and bettered by no other for both.
    """

    number: int
    levels: tuple[str, ...]
    trade: Pair
    cost: Pair
    beyond: Pair
    worth: Pair
    signs: tuple[bool, bool]
    home: tuple[bool, bool]
    in_zone: bool
    on_frontier: bool


class NextGovernment(NamedTuple):
    """What waiting carries of the next government.

    Attributes
    ----------
    by, hazard
        Whose, and the chance of it before the next meeting.
    worth
        By side: what it has announced, over how things are.
    carried
        By side: hazard times that.
    """

    by: str
    hazard: float
    worth: Pair
    carried: Pair


@dataclass(frozen=True)
class WhatIf:
    """The same meeting where measures are added or issues already settled.

    Attributes
    ----------
    name
        As in the file.
    moved
        By side: what the change itself is worth over how things are.
    economies
        What it does to the real income of each economy, %; empty without prices.
    members
        Packages in the zone.
    zone_share
        Z; None where nothing is left on the table.
    nash, worth
        Levels of the Nash point by issue, and its worth over the changed state by side; None
        where the zone is empty.
    odds
        With this Z.
    """

    name: str
    moved: Pair
    economies: Mapping[str, float]
    members: int
    zone_share: float | None
    nash: Mapping[str, str] | None
    worth: Pair | None
    odds: MeetingOdds


@dataclass(frozen=True, eq=False)
class TalksResults:
    """Everything that was found about a meeting.

    Attributes
    ----------
    section, profile, parties
        What was given, and the defaults behind it. `profile.is_default` says that nothing is
        known of the pair.
    tones
        Of the opening, by side: as given or as read off a text.
    signs, odds, changes, escalation, election_year
        By the record, the case and the blend; which one change moves them; what follows.
    agenda, packages
        What is on the table; every package, how things are first. Empty without issues.
    worths, zone
        Their worth in parts, and the zone of agreement; None without issues.
    calm
        The zone if no deal left things as they are: what the threat makes signable is missing.
    priced, failures
        False where nothing on the table moves trade; sets of measures without an equilibrium.
    signed
        The package that was signed, where the file knows it.
    composed, linkage
        The package put together issue by issue, and what the Nash point adds, by side.
    holding
        Of the Nash point: years that each side must look ahead for a year without an answer.
    delay, worth_of_meeting
        By side; None without issues.
    reading
        By party that said something: how likely it is unwilling; it moves no odds.
    judged
        Every number that nothing but judgement gives.
    """

    case: str
    section: TalksSection
    profile: Profile
    parties: tuple[Side, Side]
    signs: Signs
    tones: tuple[ToneFound, ToneFound]
    odds: MeetingOdds
    changes: tuple[SignChange, ...]
    escalation: Escalation
    election_year: bool
    agenda: Agenda
    packages: tuple[TalksPackage, ...]
    worths: Worths | None
    zone: Zone | None
    calm: Zone | None
    priced: bool
    failures: Mapping[Measures, str]
    signed: int | None
    break_evens: tuple[BreakEven, ...]
    composed: int | None
    linkage: Pair | None
    holding: Pair | None
    delay: tuple[Delay, Delay] | None
    next_government: NextGovernment | None
    worth_of_meeting: tuple[MeetingWorth, MeetingWorth] | None
    reading: Mapping[str, UnwillingOdds]
    what_if: tuple[WhatIf, ...]
    judged: tuple[Judged, ...]

    @property
    def nash(self) -> int | None:
        """The Nash point of the zone; None where it is empty."""
        return None if self.zone is None else self.zone.nash

    @property
    def frontier_ends(self) -> tuple[int, int] | None:
        """Packages of the frontier that are best for side 1 and for side 2."""
        if self.zone is None or not len(self.zone.frontier):
            return None
        return int(self.zone.frontier[-1]), int(self.zone.frontier[0])

    @property
    def worth_of_no_escalation(self) -> Pair | None:
        """By side, −u of the fallback."""
        if self.worth_of_meeting is None:
            return None
        first, second = self.worth_of_meeting
        return first.no_escalation, second.no_escalation
