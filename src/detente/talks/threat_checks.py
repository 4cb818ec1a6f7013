"""Do the threats contradict each other, or give where they target to hit? By names and rates.

What only the levels in force tell is looked at in :mod:`detente.talks.threat_levels`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from detente.errors import MeasureError, UnknownNameError
from detente.measures import Instrument
from detente.measures.base import Rated
from detente.scenario.groups import Labels
from detente.scenario.targets import Target, check_stacking, flow_name
from detente.talks.given import Path, Problems
from detente.talks.section import TalksSection

__all__ = [
    "BARRIERS",
    "PROMISE",
    "Announced",
    "announced",
    "between",
    "called",
    "carried_out_together",
    "check_threats_by_name",
    "contradictions",
    "members",
    "pairs",
    "positions",
]


#: Wedges that keep the partner's goods out: on one flow all of them count together.
BARRIERS = ("tariff", "resource_cost")
PROMISE = "a promise to lower belongs to a level of an issue"


@dataclass(frozen=True)
class Announced:
    """Measures that would be taken together by one side: a threat's own, or its answers."""

    threat: int
    key: str
    measures: tuple[str, ...]
    by: str
    on: str

    @property
    def path(self) -> Path:
        """Where the list stands."""
        return "threat", self.threat, self.key


def announced(talks: TalksSection) -> list[Announced]:
    """What each side says it would do, list by list."""
    out = []
    for k, threat in enumerate(talks.threats):
        out.append(Announced(k, "measures", threat.measures, threat.by, threat.against))
        out.append(Announced(k, "answers", threat.answers, threat.against, threat.by))
    return out


def carried_out_together(talks: TalksSection) -> Iterator[tuple[Announced, Announced]]:
    """Lists that one side would carry out together, each with itself first.

    Threats of one government go together; a successor's stand alone. Answers go with their own
    threat only: another threat may be answered in another way.
    """
    lists = announced(talks)
    for part in lists:
        yield part, part
    own = [part for part in lists if part.key == "measures"]
    for first, second in combinations(own, 2):
        one, two = talks.threats[first.threat], talks.threats[second.threat]
        if one.by == two.by and one.successor_only == two.successor_only:
            yield first, second


# ---- by name ----------------------------------------------------------------------------------


def check_threats_by_name(talks: TalksSection) -> Problems:
    """Threats by nobody, against oneself, of what is in force, or at odds over an issue."""
    out: Problems = []
    parties = [p.id for p in talks.parties]
    levels = {i.id: [x.id for x in i.levels] for i in talks.issues}
    for k, threat in enumerate(talks.threats):
        for key in ("by", "against"):
            name = getattr(threat, key)
            if name not in parties:
                out.append((str(UnknownNameError("party", name, parties)), ("threat", k, key)))
        if threat.by == threat.against:
            text = f'threat "{threat.id}" is made by {threat.by} against itself.'
            out.append((text, ("threat", k, "against")))
        for issue, level in threat.levels.items():
            known = issue in levels
            if not known or level not in levels[issue]:
                kind, name = ("level", level) if known else ("issue", issue)
                error = UnknownNameError(kind, name, levels[issue] if known else levels)
                out.append((str(error), ("threat", k, "levels", issue)))
        for measure in threat.measures:
            if measure in talks.background:
                text = (
                    f'threat "{threat.id}" holds out "{measure}", which is in force already '
                    "(background). Take it out of one of the two."
                )
                out.append((text, ("threat", k, "measures")))
            if measure in threat.answers:
                text = (
                    f'threat "{threat.id}" lists "{measure}" both as what {threat.by} does and as '
                    f"what {threat.against} answers. Take it out of one of the two."
                )
                out.append((text, ("threat", k, "answers")))
    return out + _clashing_levels(talks)


def _clashing_levels(talks: TalksSection) -> Problems:
    """Threats that are carried out together and set one issue to different levels.

    Today's threats of both sides go together once all are carried out; so do those of successors
    where nobody threatens today.
    """
    today = [not t.successor_only for t in talks.threats]
    war = today if any(today) else [True] * len(today)
    out: Problems = []
    for (k, one), (n, two) in combinations(enumerate(talks.threats), 2):
        same_government = one.by == two.by and one.successor_only == two.successor_only
        if not same_government and not (war[k] and war[n]):
            continue
        for issue in [i for i in one.levels if two.levels.get(i, one.levels[i]) != one.levels[i]]:
            who = "" if one.by == two.by else f", one by {one.by} and one by {two.by},"
            text = (
                f'threats "{one.id}" and "{two.id}"{who} contradict each other: they set issue '
                f'"{issue}" to "{one.levels[issue]}" and to "{two.levels[issue]}", and both are '
                "carried out together where talks break down. Let both name one level, or drop "
                "one."
            )
            out.append((text, ("threat", n, "levels", issue)))
    return out


# ---- by name and rate -------------------------------------------------------------------------


def contradictions(
    talks: TalksSection,
    built: Mapping[str, Instrument],
    targets: Mapping[str, Sequence[Target]],
    labels: Labels,
) -> Problems:
    """Threats that cannot both be carried out, or that give: as far as names and rates tell.

    Parameters
    ----------
    built, targets
        The case's measures, and what each does by itself.
    labels
        Names of the case's world.
    """
    out: Problems = []
    told: set[str] = set()
    for part in announced(talks):
        target = set(members(talks, part.on))
        for name in part.measures:
            acting = {e for by in built[name].by for e in labels.groups.get(by, (by,))}
            if acting <= target:
                text = (
                    f'{called(talks, part)} "{name}", a measure of {", ".join(built[name].by)}, '
                    f"the side that it is aimed at. Name a measure that {part.by} takes."
                )
                out.append((text, part.path))
                told.add(name)
    for first, second in carried_out_together(talks):
        for one, two in pairs(first, second):
            clash = _clash(built, targets, labels, one, two) or _unsaid(targets, labels, one, two)
            if clash:
                out.append((f"{between(talks, first, second)}: {clash}", second.path))
                told |= {one, two}
                break
    for part in announced(talks):
        by, on = (positions(labels, members(talks, who)) for who in (part.by, part.on))
        for name in part.measures:
            if name not in told and _gives(built, targets[name], labels, name, by, on):
                text = (
                    f'{called(talks, part)} "{name}" ({_how_much(built[name])}), which leaves '
                    f"{part.on}'s terms as they are or betters them: a concession, no threat. "
                    f"{_instead(built[name])}; {PROMISE}."
                )
                out.append((text, part.path))
    return out


def members(talks: TalksSection, party: str) -> tuple[str, ...]:
    """Economies that a side speaks for."""
    return next(p.members for p in talks.parties if p.id == party)


def positions(labels: Labels, members: Sequence[str]) -> list[int]:
    """Positions of economies in a world, as far as it has them."""
    return [k for k, e in enumerate(labels.economies) if e in members]


def pairs(first: Announced, second: Announced) -> list[tuple[str, str]]:
    """Every two different measures of two lists; of one list where both are the same."""
    if first is second:
        return list(combinations(first.measures, 2))
    return [(a, b) for a in first.measures for b in second.measures if a != b]


def called(talks: TalksSection, part: Announced) -> str:
    """How messages begin: who threatens or answers with what."""
    threat = talks.threats[part.threat].id
    if part.key == "answers":
        return f'threat "{threat}": {part.by} would answer with'
    return f'threat "{threat}": {part.by} threatens with'


def between(talks: TalksSection, first: Announced, second: Announced) -> str:
    """How messages call a contradiction."""
    one, two = talks.threats[first.threat].id, talks.threats[second.threat].id
    if first.key == "answers":
        return f'the answers to threat "{one}" contradict each other'
    if first is second:
        return f'threat "{one}" contradicts itself'
    return f'threats "{one}" and "{two}" contradict each other'


def _how_much(measure: Instrument, sector: str = "") -> str:
    """What a measure does, in the file's own words."""
    kind = measure.kind.replace("_", " ")
    if measure.stacking == "exempt":
        return f"{kind}, exempt"
    if isinstance(measure, Rated) and isinstance(measure.rate, Mapping):
        rate = measure.rate.get(sector)
        return f"{kind}, {rate}" if rate is not None else f"{kind}, rates by sector"
    return f"{kind}, {measure.rates[0]}" if measure.rates else kind


def _instead(measure: Instrument) -> str:
    """What to write for a measure that would hit."""
    if "rate" in measure.takes() and measure.moves != "purchase_subsidy":
        more = "+25 pp" if "points" in measure.rate_kinds else "+25 %"
        return f'Write more than is in force, such as rate = "{more}"'
    return "Name a measure that taxes, hampers or closes trade"


def _direction(
    built: Mapping[str, Instrument],
    name: str,
    target: Target,
    sector: int,
    seen: tuple[str, ...] = (),
) -> int:
    """Which way a target moves its wedge: 1, −1, or 0 where that hangs on the level in force."""
    measure = built[name]
    if target.fixed is not None:
        return 1 if target.fixed == "closed" and measure.stacking != "exempt" else 0
    if measure.stacking in ("cap", "exempt"):
        return 0
    if measure.found_by is not None:
        return target.sign
    if sector in target.rates:
        rate = target.rates[sector]
        if rate.kind == "level" and target.at_baseline_level:
            none_above = all(r.kind == "level" and r.value <= 0 for r in target.rates.values())
            return -target.sign if none_above else 0
        return target.sign * int(np.sign(rate.value))
    rule = measure.mirror
    if rule is not None and rule.of in built and rule.of not in (name, *seen):
        signs = {int(np.sign(r.value)) for r in built[rule.of].rates if r.kind != "level"}
        return target.sign * int(np.sign(rule.share)) * (signs.pop() if len(signs) == 1 else 0)
    return 0


def _clash(
    built: Mapping[str, Instrument],
    targets: Mapping[str, Sequence[Target]],
    labels: Labels,
    one: str,
    two: str,
) -> str:
    """Why two measures of one side cannot both be carried out; "" if they can."""
    for first in targets[one]:
        for second in targets[two]:
            for flow in _shared(labels, first, second):
                sector = flow % len(labels.sectors)
                ways = _direction(built, one, first, sector), _direction(built, two, second, sector)
                if ways[0] * ways[1] < 0:
                    up, down = (one, two) if ways[0] > 0 else (two, one)
                    return _opposite(built, labels, up, down, flow)
                if first.component != second.component:
                    continue
                exempt = [n for n in (one, two) if built[n].stacking == "exempt"]
                if len(exempt) == 1:
                    other = two if exempt[0] == one else one
                    return (
                        f'"{other}" hits {_flow(labels, flow)} and "{exempt[0]}" exempts it. Drop '
                        "one, or name sectors and partners that do not overlap."
                    )
                levels = _level(built, one, first, sector), _level(built, two, second, sector)
                if None not in levels and levels[0] != levels[1]:
                    rates = first.rates[sector], second.rates[sector]
                    return (
                        f'on {_flow(labels, flow)} "{one}" sets the level "{rates[0]}" and "{two}" '
                        f'"{rates[1]}", so both cannot be carried out. Name sectors or partners '
                        "that do not overlap, let the later one add points to the first (such as "
                        '"+25 pp" with stacking = "add"), or mark what another government would '
                        "do as successor_only = true."
                    )
    return ""


def _unsaid(targets: Mapping[str, Sequence[Target]], labels: Labels, one: str, two: str) -> str:
    """Whether two measures meet and neither says how."""

    try:
        check_stacking(labels, (*targets[one], *targets[two]))
    except MeasureError as error:
        return str(error)
    return ""


def _shared(labels: Labels, one: Target, two: Target) -> Iterator[int]:
    """One flow of each sector on which two targets meet and move the same thing."""
    if one.wedge != two.wedge and not {one.wedge, two.wedge} <= set(BARRIERS):
        return
    if one.uses is not None and two.uses is not None and not (one.uses & two.uses):
        return
    flows = np.intersect1d(one.flow, two.flow)
    sectors = flows % len(labels.sectors)
    for sector in np.unique(sectors).tolist():
        a, b = one.lines[sector], two.lines[sector]
        if a.relation == b.relation == "disjoint" and (a.name is None or a.name != b.name):
            continue
        yield int(flows[sectors == sector][0])


def _level(built: Mapping[str, Instrument], name: str, target: Target, sector: int) -> float | None:
    """The level that a target sets by itself; None where it adds, bounds or exempts."""
    rate = target.rates.get(sector)
    sets = built[name].stacking in (None, "replace")
    return rate.value if rate is not None and rate.kind == "level" and sets else None


def _opposite(
    built: Mapping[str, Instrument], labels: Labels, up: str, down: str, flow: int
) -> str:
    sector = labels.sectors[flow % len(labels.sectors)]
    return (
        f'"{up}" ({_how_much(built[up], sector)}) and "{down}" ({_how_much(built[down], sector)}) '
        f"move {_flow(labels, flow)} in opposite directions, so both cannot be carried out. Keep "
        f"one: {PROMISE}, and what another government would do to a threat with successor_only = "
        "true."
    )


def _flow(labels: Labels, flow: int) -> str:
    return flow_name(labels, flow)


def _gives(
    built: Mapping[str, Instrument],
    targets: Sequence[Target],
    labels: Labels,
    name: str,
    by: Sequence[int],
    on: Sequence[int],
) -> bool:
    """Whether a measure lowers all that it moves of what keeps the target's goods out."""
    n, j = len(labels.economies), len(labels.sectors)
    for target in targets:
        importer, exporter = target.flow // (n * j), target.flow // j % n
        buys = np.isin(importer, by) & np.isin(exporter, on)
        sells = np.isin(importer, on) & np.isin(exporter, by)
        if target.wedge in BARRIERS:
            here, gift = buys, -1
        elif target.wedge == "export_tax" and built[name].kind == "export_tax":
            here, gift = sells, -1
        elif target.wedge == "purchase_subsidy" and buys.all():
            here, gift = buys, 1
        else:
            continue
        sectors = set((target.flow[here] % j).tolist())  # np.unique would load numpy.ma
        ways = {_direction(built, name, target, s) for s in sectors}
        if ways == {gift}:
            return True
    return False
