"""Do the threats threaten at the levels in force, and once they are priced?

Before a package is priced, each measure of a threat is brought onto the world beside the status
quo: threats that contradict each other or give are refused. Once the war is priced, a threat that
helps whom it should hurt is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import FloatArray
from detente.errors import MeasureError
from detente.measures import Instrument
from detente.scenario import CompiledScenario, Scenario, compile_scenario
from detente.scenario.targets import flow_name
from detente.talks.agenda import Agenda
from detente.talks.given import MeetingGiven, Problems
from detente.talks.section import ThreatSection
from detente.talks.threat_checks import (
    PROMISE,
    Announced,
    announced,
    between,
    called,
    carried_out_together,
    members,
    pairs,
    positions,
)
from detente.wording import of_income

if TYPE_CHECKING:
    from detente.talks.ground import Stand
    from detente.world import World

__all__ = ["check_threats", "helpful_threats", "threat_problems"]


#: Price factor that stands for a closed flow, so that closing counts as a very high duty.
CLOSED = 1e6
#: Change of a log price factor or a level that is a change.
CHANGED = 1e-9
#: Gain of a threat's target, in percent of real income, that would be printed as zero.
NO_GAIN = 5e-4


@dataclass(frozen=True, eq=False)
class _Push:
    """What one measure alone does to every part, over the status quo.

    Attributes
    ----------
    moved
        Change by what moves: log price factors for barriers, levels for the rest.
    before, after
        Duty on every part, without and with the measure.
    """

    moved: Mapping[str, FloatArray]
    before: FloatArray
    after: FloatArray


def threat_problems(given: MeetingGiven, world: World) -> list[str]:
    """Threats that contradict each other, give, or do nothing at the levels in force.

    Every threat's measures are brought onto the world together with the status quo, and each is
    compared with it alone, flow by flow; nothing is solved.
    """
    return [text for text, _ in _at_levels(given, world)]


def check_threats(given: MeetingGiven, world: World) -> None:
    """Refuse threats with problems, before a package is priced.

    Raises
    ------
    CaseFileError
        File, line, threat, measures and the levels in force.
    """
    given.refuse(_at_levels(given, world))


def _at_levels(given: MeetingGiven, world: World) -> Problems:
    talks = given.talks
    standing = [
        m
        for issue in Agenda(talks.issues).issues
        for level in issue.levels
        if level.id == issue.status_quo
        for m in level.measures
    ]
    in_force = tuple(dict.fromkeys((*talks.background, *standing)))
    out: Problems = []
    pushes: dict[tuple[str, bool], tuple[CompiledScenario, dict[str, _Push]]] = {}
    groups: dict[tuple[str, bool], list[Announced]] = {}
    for part in announced(talks):
        if not part.measures:
            continue
        alone = talks.threats[part.threat].successor_only
        # answers stand beside their own threat only
        key = (part.by if part.key == "measures" else f"the answers to {part.threat}", alone)
        groups.setdefault(key, []).append(part)
    for key, parts in groups.items():
        names = tuple(dict.fromkeys(m for part in parts for m in part.measures))
        try:
            pushes[key] = _pushes(given.measures, world, in_force, names)
        except MeasureError as error:
            ids = ", ".join(f'"{talks.threats[p.threat].id}"' for p in parts)
            out.append((f"{ids}: {key[0]} cannot carry this out: {error}", parts[-1].path))
            continue
        compiled, found = pushes[key]
        told: set[str] = set()
        for first, second in carried_out_together(talks):
            if first not in parts or second not in parts:
                continue
            for one, two in pairs(first, second):
                clash = _clash_at_levels(world, compiled, found, one, two)
                if clash:
                    out.append((f"{between(talks, first, second)}: {clash}", second.path))
                    told |= {one, two}
                    break
        for part in parts:
            by, on = (positions(world, members(talks, who)) for who in (part.by, part.on))
            gifts = [_gift(world, compiled, n, found[n], by, on) for n in part.measures]
            out += [
                (f"{called(talks, part)} {gift}", part.path)
                for name, gift in zip(part.measures, gifts, strict=True)
                if gift and name not in told
            ]
            idle = not any(x.any() for n in part.measures for x in found[n].moved.values())
            beyond = {compiled.measure_ids[m] for m, _, _ in compiled.fundamentals}
            if idle and not beyond & set(part.measures) and part.key == "measures":
                text = (
                    f"{called(talks, part)} what changes nothing: every level that "
                    f"{', '.join(part.measures)} would set is in force already, or the flow is "
                    "zero. Write more than is in force, or other goods."
                )
                out.append((text, part.path))
    return out


def _pushes(
    built: Mapping[str, Instrument], world: World, in_force: Sequence[str], names: Sequence[str]
) -> tuple[CompiledScenario, dict[str, _Push]]:
    """What each measure does by itself, over the status quo."""
    needed = {name: _with_mirrored(built, name) for name in names}
    every = dict.fromkeys([*in_force, *names, *(m for some in needed.values() for m in some)])
    compiled = compile_scenario(world, Scenario("threats", tuple(built[name] for name in every)))
    started = frozenset(range(len(compiled.measure_ids)))
    missing = [name for name in compiled.measure_ids if name not in in_force]
    rest = compiled.without(missing).shock(active=started).parts
    out = {}
    for name in names:
        kept = {name, *needed[name]} if built[name].mirror else {name}
        alone = compiled.without([m for m in missing if m not in kept]).shock(active=started).parts
        mine = np.zeros(len(rest), dtype=bool)
        mine[compiled.parts_of(compiled.measure_ids.index(name))] = True
        factor = [
            np.log((1 + p.tariff) * np.minimum(p.resource_cost, CLOSED)) for p in (rest, alone)
        ]
        moved = {
            "barrier": factor[1] - factor[0],
            **{
                w: getattr(alone, w) - getattr(rest, w)
                for w in ("export_tax", "production_subsidy", "purchase_subsidy")
            },
        }
        moved = {w: np.where(mine & (np.abs(x) > CHANGED), x, 0.0) for w, x in moved.items()}
        out[name] = _Push(moved, rest.tariff, alone.tariff)
    return compiled, out


def _with_mirrored(built: Mapping[str, Instrument], name: str) -> tuple[str, ...]:
    """The measures that a mirroring one follows, in turn."""
    out: list[str] = []
    rule = built[name].mirror
    while rule is not None and rule.of in built and rule.of not in (name, *out):
        out.append(rule.of)
        rule = built[rule.of].mirror
    return tuple(out)


def _weight(world: World, compiled: CompiledScenario) -> FloatArray:
    """Baseline sales behind every part, the weight of averages."""
    p = compiled.parts
    out: FloatArray = world.sales[p.importer, p.exporter, p.sector] * p.share
    return out


def _part_name(world: World, compiled: CompiledScenario, part: int) -> str:
    p = compiled.parts
    n, j = len(world.economies), len(world.sectors)
    return flow_name(world, int((p.importer[part] * n + p.exporter[part]) * j + p.sector[part]))


def _clash_at_levels(
    world: World, compiled: CompiledScenario, found: Mapping[str, _Push], one: str, two: str
) -> str:
    """Where two measures move what they share in opposite directions; "" if nowhere."""
    weight = _weight(world, compiled)
    for what in found[one].moved:
        first, second = found[one].moved[what], found[two].moved[what]
        shared = (first != 0) & (second != 0)
        pull = first @ (weight * shared), second @ (weight * shared)
        if pull[0] * pull[1] >= 0:
            continue
        part = int(np.argmax(weight * shared * (first * second < 0)))
        said = []
        for name in (one, two):
            push = found[name]
            way = "raises" if push.moved[what][part] > 0 else "lowers"
            levels = f" from {_pct(push.before[part])} to {_pct(push.after[part])}"
            duty = what == "barrier" and push.before[part] != push.after[part]
            said.append(f'"{name}" {way} it{levels if duty else ""}')
        thing = "the barrier" if what == "barrier" else f"the {what.replace('_', ' ')}"
        return (
            f"they move {thing} on {_part_name(world, compiled, part)} in opposite directions: "
            f"{' and '.join(said)}. Keep one, or name sectors and partners that do not overlap; "
            f"{PROMISE}."
        )
    return ""


def _gift(
    world: World,
    compiled: CompiledScenario,
    name: str,
    push: _Push,
    by: Sequence[int],
    on: Sequence[int],
) -> str:
    """Why a measure gives its target more than it takes, at the levels in force; "" if not."""
    p, weight = compiled.parts, _weight(world, compiled)
    bought = np.isin(p.importer, by) & np.isin(p.exporter, on)
    change = push.moved["barrier"] * bought
    if change @ weight >= 0:
        return ""
    lowered = np.flatnonzero(change < 0)
    part = int(lowered[np.argmax(weight[lowered])])
    before, after = push.before[part], push.after[part]
    if before == after:
        how = f"makes {_part_name(world, compiled, part)} cheaper to trade"
    else:
        flow = _part_name(world, compiled, part)
        how = f"lowers the duty on {flow} from {_pct(before)} to {_pct(after)}"
    more = len(lowered) - 1
    return (
        f'"{name}", which {how}{f" (and {more} more)" if more else ""}: that is a concession. '
        f"Write a level above what is in force, or points that add to it, such as rate = "
        f'"+25 pp"; {PROMISE}.'
    )


def _pct(rate: float) -> str:
    return f"{100 * rate:.3g} %"


# ---- at the priced war ------------------------------------------------------------------------


def helpful_threats(stand: Stand) -> tuple[str, ...]:
    """A sentence for every threat that, carried out and answered, leaves its target better off.

    In real income, or in worth: the target may value what it would answer with beyond its price.
    """
    ground = stand.ground
    out = []
    for threat in ground.talks.threats:
        name = f"threat {threat.id}"
        row = ground.table.request.extra[name]
        if not ground.table.solved[row]:
            continue
        k = next(k for k, s in enumerate(ground.sides) if s.party == threat.against)
        income, worth = float(ground.sides[k].gain[row]), stand.fought[name][k]
        if max(income, worth) > NO_GAIN:
            out.append(_helps(threat, ground.talks.parties[k].title, income, worth))
    return tuple(out)


def _helps(threat: ThreatSection, target: str, income: float, worth: float) -> str:
    carried = "carried out and answered" if threat.answers else "carried out"
    text = f"“{threat.title}” helps whom it is meant to hurt: {carried}, it leaves {target}"
    income_text = f"{of_income(income)} in real income"
    if income > NO_GAIN:
        return f"{text} better off, {income_text}: as a threat it moves nothing."
    return (
        f"{text} with {of_income(worth)} by its own weights ({income_text}): it values the answer "
        "more than the price, and could take that step unprovoked."
    )
