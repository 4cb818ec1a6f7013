"""What does a case's meeting come to, from priced packages to how it ends?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.progress import SILENT, Listener
from detente.talks.bands import Bands, Swing, draw_bands, measures_of_outcome, swings
from detente.talks.bargaining import BargainingPoint, package_offers
from detente.talks.calibrated import Record, record_for
from detente.talks.full_reply import FullReply, full_replies
from detente.talks.given import MeetingGiven
from detente.talks.ground import Ground, Stand, request_for, stand_at
from detente.talks.odds import Belief, belief_about
from detente.talks.outcome import (
    Horizon,
    MeetingWorth,
    look_ahead,
    no_escalation,
    worth_meeting,
    worth_of_calm,
)
from detente.talks.price_table import PriceTable, price_packages
from detente.talks.section import TalksSection
from detente.talks.shown import called
from detente.talks.third_parties import Joining, joining
from detente.talks.threat_levels import check_threats
from detente.talks.zopa import FILTERS, bargaining_power, linkage_value, solutions

if TYPE_CHECKING:
    from detente.equilibrium import Specification
    from detente.world import World

__all__ = ["Change", "TalksResults", "price_ground", "run_talks", "specification_for"]

IntArray = NDArray[np.intp]

#: Draws of the trade elasticities under which all packages are priced again for the bands.
ELASTICITY_DRAWS = 4
DRAWS = 200


#: Judgements that nobody at the table can change: how words, texts and the record are read ...
NOBODYS = ("record.", "tone.", "breakthrough_share", "text_coverage", "length", "unintended")
#: ... and what is believed of a side before it speaks.
BELIEFS = (".unwilling", ".amplification")


@dataclass(frozen=True)
class Change:
    """The same meeting with one thing changed.

    Attributes
    ----------
    zone
        Packages that pass every filter.
    """

    id: str
    title: str
    measures: Mapping[str, float]
    zone: int


@dataclass(frozen=True, eq=False)
class TalksResults:
    """Everything that was found about a meeting.

    Attributes
    ----------
    replies
        Full best replies to the packages that are reported; empty where they were left out.
    """

    case: str
    talks: TalksSection
    ground: Ground
    values: Mapping[str, float]
    horizon: Horizon
    measures: Mapping[str, float]
    points: Mapping[str, BargainingPoint]
    linkage: tuple[tuple[float, float], int]
    separate: tuple[int, int]
    worth: tuple[MeetingWorth, MeetingWorth]
    calm: float
    calm_worth: Mapping[str, float]
    record: Record
    third_parties: tuple[Joining, ...]
    variants: tuple[Change, ...]
    filters: tuple[Change, ...]
    changes: tuple[Change, ...]
    bands: Bands | None
    swings: tuple[Swing, ...]
    replies: tuple[FullReply, ...] = ()

    @property
    def drawn_over(self) -> str:
        """What the ranges are over, in words."""
        doubts = [f"“{v.title}”" for v in self.talks.variants if v.doubt]
        text = "the judgements and the trade elasticities"
        if not doubts:
            return text
        if len(doubts) == 1:
            return f"{text}; every second draw takes {doubts[0]}"
        return f"{text}; draws take the case as judged, {' and '.join(doubts)} in turn"

    @cached_property
    def beliefs(self) -> tuple[Belief, Belief]:
        """What may be believed of each side after all that was said, closing words included."""
        first, second = (belief_about(self.talks, p, self.values) for p in self.talks.parties)
        return first, second

    @property
    def sides(self) -> tuple[str, str]:
        """Ids of both sides."""
        return self.ground.sides[0].party, self.ground.sides[1].party

    @property
    def titles(self) -> tuple[str, str]:
        """Both sides in words."""
        return self.talks.parties[0].title, self.talks.parties[1].title


def specification_for(given: MeetingGiven) -> Specification:
    """Closure of the case, labour market and scale of the talks."""
    from detente.equilibrium import Specification

    talks = given.talks
    return Specification(
        closure=given.closure,
        labour=talks.labour,
        roy_elasticity=talks.roy_elasticity if talks.labour == "roy" else None,
        labour_supply_elasticity=given.labour_supply_elasticity,
        input_elasticity=given.input_elasticity,
        scale=talks.scale,
    )


def price_ground(
    given: MeetingGiven,
    world: World,
    *,
    background: Sequence[str] = (),
    war: tuple[float, float] | None = None,
    folder: Path | None = None,
    workers: int | None = None,
    listener: Listener = SILENT,
) -> Ground:
    """Price the packages of a meeting and lay out the ground.

    Parameters
    ----------
    background
        Measures in force beside the case's own, whatever is signed.
    war
        Worth of the trade war, where it is the threat; from :func:`worth_of_war`.
    """
    table: PriceTable = price_packages(
        world,
        tuple(given.measures.values()),
        request_for(given.talks, background),
        specification=specification_for(given),
        folder=folder,
        workers=workers,
        listener=listener,
    )
    return Ground.of(given.talks, table, war)


def worth_of_war(talks: TalksSection, world: World, closure: str | None) -> tuple[float, float]:
    """What the trade war of the policy game is worth to both sides, percent of real income.

    Each side sets tariffs by sector on the other as suits its real income best, given the other's;
    neither gains by another rate. Third countries keep theirs.

    References
    ----------
    Ossa (2014).
    """
    from detente.equilibrium import Specification
    from detente.games.arena import Arena
    from detente.games.best_reply import Player
    from detente.games.game import Strategy
    from detente.games.trade_war import trade_war

    specification = Specification(
        closure=closure,
        labour=talks.labour,
        roy_elasticity=talks.roy_elasticity if talks.labour == "roy" else None,
        scale=False,
    )
    arena = Arena(world, specification)
    members = [p.members for p in talks.parties]
    players = [
        Player.of(arena, mine, [Strategy("tariff", partners=yours, by="sector")])
        for mine, yours in zip(members, members[::-1], strict=True)
    ]
    found = trade_war(arena, players)
    return 100 * (found.value[0] - 1), 100 * (found.value[1] - 1)


def run_talks(
    given: MeetingGiven,
    world: World,
    *,
    draws: int = DRAWS,
    elasticity_draws: int = ELASTICITY_DRAWS,
    seed: int | None = None,
    folder: Path | None = None,
    workers: int | None = None,
    listener: Listener = SILENT,
    with_replies: bool = True,
) -> TalksResults:
    """Work a meeting out.

    Parameters
    ----------
    world
        The case's world.
    draws
        Draws of the judgements for the bands; 0 leaves them out.
    elasticity_draws
        Draws of the trade elasticities under which packages are priced again for the bands; 0,
        or a world without a table of studies, keeps the central ones.
    folder
        Where priced packages are kept for a later run.
    with_replies
        Whether to work out what either side's best tariffs would add to the packages reported.
    """
    talks = given.talks
    check_threats(given, world)
    chosen = given.seed if seed is None else seed
    war: tuple[float, float] | None = None
    if talks.no_deal == "trade war":
        listener.step("fighting the trade war that stands behind a refusal")
        war = worth_of_war(talks, world, given.closure)
    listener.step("pricing the packages")
    ground = price_ground(
        given,
        world,
        war=war,
        folder=folder,
        workers=workers,
        listener=listener,
    )
    values = ground.central()
    listener.step("working the talks out")
    horizon = look_ahead(ground, values)
    now = horizon.now
    stand = now.stand
    power = bargaining_power((stand.of_party("impatience", 0), stand.of_party("impatience", 1)))
    calm = no_escalation(horizon.outcome, values)
    ends = swings(ground)
    from detente.talks.zopa import separate_enforcement

    kept = [
        separate_enforcement(
            ground.agenda, stand.worth[0, :, k], stand.discount[k], ground.sides[k].performed
        )
        for k in (0, 1)
    ]
    alone = int((kept[0] & kept[1])[now.zone.members].sum())
    points = solutions(stand.worth[0], stand.disagreement[0], now.zone.members, power) | _offers(
        stand, now.zone.members, horizon.years
    )
    replies: tuple[FullReply, ...] = ()
    if with_replies:
        listener.step("working out the best tariffs against the packages reported")
        reported = tuple(called(talks, points, horizon))
        replies = full_replies(given, world, ground, reported, folder=folder)
    one_by_one = [stand_at(ground, values, 0.0, stand.beliefs, (i.id,)) for i in talks.issues]
    linkage = linkage_value(
        ground.agenda,
        stand.worth[0],
        stand.disagreement[0],
        power,
        now.zone.members,
        [s.worth[0] for s in one_by_one],
    )
    variants = _variants(given, world, ground, folder, workers, listener)
    doubts = [
        (there, variant.set)
        for variant, (_, there) in zip(talks.variants, variants, strict=True)
        if variant.doubt
    ]
    return TalksResults(
        case=given.name,
        talks=talks,
        ground=ground,
        values=values,
        horizon=horizon,
        measures=measures_of_outcome(horizon, values),
        points=points,
        linkage=linkage,
        separate=(alone, len(now.zone.members)),
        worth=worth_meeting(horizon),
        calm=calm,
        calm_worth=worth_of_calm(ground, values, calm),
        record=record_for(talks, stand.opening_tone),
        third_parties=joining(stand),
        variants=tuple(change for change, _ in variants),
        filters=_filters(ground, values),
        changes=_changes(ground, values, ends),
        bands=_bands(
            given, world, ground, draws, elasticity_draws, chosen, folder, listener, doubts
        ),
        swings=ends,
        replies=replies,
    )


def _offers(stand: Stand, members: IntArray, years: Sequence[float]) -> dict[str, BargainingPoint]:
    """Where alternating offers end within the zone, one offer a round of the calendar."""
    if not len(members):
        return {}
    u, d = stand.worth[0][members], stand.disagreement[0]
    gap = years[-1] / (len(years) - 1) if len(years) > 1 else 1.0
    beta = tuple(float(np.exp(-stand.of_party("impatience", k) * gap)) for k in (0, 1))
    out = {}
    for first, side in enumerate(stand.ground.sides):
        found = package_offers(u, d, (beta[0], beta[1]), len(years), first)
        if found is not None:
            package = int(members[found])
            worth = (float(u[found, 0]), float(u[found, 1]))
            name = f"alternating offers ({side.party} first)"
            out[name] = BargainingPoint(worth, (package,), (1.0,))
    return out


def _change(
    name: str, title: str, ground: Ground, values: Mapping[str, float], **more: object
) -> Change:
    found = look_ahead(ground, values, **more)  # type: ignore[arg-type]
    return Change(name, title, measures_of_outcome(found, values), len(found.now.zone.members))


def _variants(
    given: MeetingGiven,
    world: World,
    ground: Ground,
    folder: Path | None,
    workers: int | None,
    listener: Listener,
) -> tuple[tuple[Change, Ground], ...]:
    """The case's own what-ifs; those with other measures in force are priced anew."""
    out = []
    talks = given.talks
    for variant in talks.variants:
        here = ground
        if variant.background:
            listener.step(f"pricing the packages again: {variant.title}")
            here = price_ground(
                given, world, background=variant.background, war=ground.war, folder=folder
            )
        if variant.unsaid:
            said = tuple(s for s in talks.statements if s.id not in variant.unsaid)
            here = replace(here, talks=talks.model_copy(update={"statements": said}))
        values = here.central() | variant.set
        out.append((_change(variant.id, variant.title, here, values), here))
    return tuple(out)


def _filters(ground: Ground, values: Mapping[str, float]) -> tuple[Change, ...]:
    """What each filter holds back: the meeting without it."""
    return tuple(
        _change(f"filter-{k}", name, ground, values, without=(k,)) for k, name in enumerate(FILTERS)
    )


def _changes(
    ground: Ground, values: Mapping[str, float], ends: Sequence[Swing]
) -> tuple[Change, ...]:
    """Single changes in somebody's hands, the most helpful for a deal first."""
    talks = ground.talks
    out = []
    for flag, title in (
        ("leaders", "the heads of state meet instead"),
        ("dated_deadline", "a threat or an offer on the table gets a date"),
    ):
        if not getattr(talks, flag):
            moved = replace(ground, talks=talks.model_copy(update={flag: True}))
            out.append(_change(flag, title, moved, values))
    for swing in ends:
        if swing.name.startswith(NOBODYS) or swing.name.endswith(BELIEFS):
            continue
        j = swing.judgement
        for word, value, found, zone in (
            ("low", j.low, swing.at_low, swing.zones[0]),
            ("high", j.high, swing.at_high, swing.zones[1]),
        ):
            now, then = (f"{x:g}".replace("-", "−") for x in (j.value, value))
            title = f"{in_words(swing.name)} at its {word} end ({then} instead of {now})"
            out.append(Change(f"{swing.name}:{word}", title, found, zone))
    return tuple(
        sorted(out, key=lambda c: (-round(c.measures["deal by the last round"], 6), -c.zone))
    )


def in_words(name: str) -> str:
    """A judgement's dotted name for a reader.

    Examples
    --------
    >>> in_words("party.USA.audience_cost")
    'USA: audience cost'
    >>> in_words("issue.chips.salience.CHN")
    'salience of chips to CHN'
    """
    pieces = name.split(".")
    if pieces[0] == "party":
        return f"{pieces[1]}: {pieces[2].replace('_', ' ')}"
    if pieces[0] == "issue":
        what = "salience" if pieces[2] == "salience" else "weight at home"
        return f"{what} of {pieces[1]} to {pieces[3]}"
    if pieces[0] in ("threat", "constituency", "third_party", "successor"):
        return f"{pieces[0].replace('_', ' ')} {pieces[1]}: {pieces[2].replace('_', ' ')}"
    if pieces[0] == "round":
        return f"chance of another government in {pieces[3]} before {pieces[1]}"
    if pieces[0] == "tone":
        return f"tone: {pieces[1].replace('_', ' ')}"
    if pieces[0] == "record":
        return f"record: {pieces[1].replace('_', ' ')}"
    return name.replace("_", " ")


def _bands(
    given: MeetingGiven,
    world: World,
    ground: Ground,
    draws: int,
    elasticity_draws: int,
    seed: int,
    folder: Path | None,
    listener: Listener,
    doubts: Sequence[tuple[Ground, Mapping[str, float]]],
) -> Bands | None:
    """Bands over judgements, and over elasticities where the world knows how unsure they are."""
    if draws < 1:
        return None
    grounds = [ground]
    if elasticity_draws > 0:
        from detente.uncertainty.parameters import draw_parameters

        try:
            drawn = draw_parameters(world, elasticity_draws, seed)
        except InputError:
            drawn = None
        if drawn is not None:
            for d in range(len(drawn)):
                if d in drawn.refused:
                    continue
                listener.step(f"pricing the packages under elasticity draw {d + 1} of {len(drawn)}")
                there = drawn.world(world, d)
                grounds.append(price_ground(given, there, war=ground.war, folder=folder))
    return draw_bands(
        grounds,
        draws,
        seed,
        listener,
        doubts,
    )
