"""Does what a ``[talks]`` section says make sense, and where does it not?"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from detente.errors import InputError, UnknownNameError, nearest
from detente.measures import Instrument
from detente.scenario.groups import Labels, resolve_economies, resolve_sectors
from detente.scenario.targets import Target
from detente.talks.agenda import Agenda, check_size
from detente.talks.given import Path, Problems
from detente.talks.odds import scored
from detente.talks.section import Judgement, TalksSection
from detente.talks.threat_checks import check_threats_by_name, contradictions

__all__ = ["check_talks", "problems_of"]

#: Votes of the constituencies of one side may miss one by so much.
VOTES_TOLERANCE = 1e-9
#: Judgements that are probabilities or shares.
PROBABILITIES = (
    "turnover",
    "demand",
    "unwilling",
    "pressure",
    "amplification",
    "prior",
    "hazard",
    "acts",
    "candour",
    "breakthrough_share",
    "unintended_closed",
    "unintended_open",
    "notice",
)
#: Judgements that must be above zero, and those that may be zero.
POSITIVE = (
    "impatience",
    "spread",
    "war_cost",
    "length",
    "public_spread",
    "private_spread",
    "script_spread",
)
NOT_NEGATIVE = ("audience_cost", "relative_gains", "failure_cost", "talking_cost", "weight")
#: Economies of a world that a message names.
FEW = 5
#: Days after the meeting on which a statement may still be about it.
LATEST_STATEMENT = 30
#: Shares by side, from all of it against the side to all of it for the side.
SHARES = ("value", "meets")
#: Lists whose entries have an id, by their key in the file.
LISTS = {
    "issue": "issues",
    "constituency": "constituencies",
    "threat": "threats",
    "statement": "statements",
    "round": "rounds",
    "third_party": "third_parties",
    "variant": "variants",
    "named": "named",
    "reading": "readings",
}


# ---- the meaning ------------------------------------------------------------------------------


def problems_of(
    talks: TalksSection,
    labels: Labels,
    ids: Sequence[str],
    targets: Mapping[str, Sequence[Target]],
    measures: Mapping[str, Instrument],
) -> Problems:
    """Everything that is wrong with a section of a case, as far as names and rates tell.

    Parameters
    ----------
    labels
        Names of the case's world.
    ids
        Of the case's measures.
    measures, targets
        Measures that can be understood, and what each does; threats are compared once all that
        they name are among them.
    """
    out = _sides(talks, labels) + check_talks(talks, tuple(ids)) + _names(talks, labels)
    if not out and talks.measure_ids <= measures.keys():
        out += contradictions(talks, measures, targets, labels)
    return out


def _sides(talks: TalksSection, labels: Labels) -> Problems:
    """Sides that the case's world does not have: told first, for much may follow from them."""
    out: Problems = []
    for k, party in enumerate(talks.parties):
        for name in [m for m in party.members if m not in labels.economies]:
            text = _no_economy(name, labels)
            if not party.economies and name not in labels.groups:
                meant = [n for n in _other_sides(talks) if n in labels.economies][:1]
                given = f'"{meant[0]}"' if meant else "..."
                text += (
                    f' The rest of [talks] speaks of {given}: write id = {given}, or keep "{name}" '
                    f"there too and say"
                    if meant
                    else " Take an economy of the world as id, or say"
                )
                text += f" here for whom the side speaks: economies = [{given}]."
            out.append((text, ("party", k, "economies" if party.economies else "id")))
    return out


def _other_sides(talks: TalksSection) -> list[str]:
    """What the section calls sides elsewhere that no party is called; most often first."""
    named = [c.party for c in talks.constituencies]
    named += [who for t in talks.threats for who in (t.by, t.against)]
    named += [s.by for s in talks.statements] + [s.party for s in talks.successors]
    named += [who for i in talks.issues for who in (*i.performs, *i.salience)]
    ids = [p.id for p in talks.parties]
    return [name for name, _ in Counter(n for n in named if n not in ids).most_common()]


def _no_economy(name: str, labels: Labels) -> str:
    """A name that is no economy of a world: what to write, and how to see them all."""
    try:
        inside = resolve_economies(labels, (name,))
    except UnknownNameError as error:
        close = bool(nearest(name, error.choices))
        few = ", ".join(labels.economies[:FEW])
        return str(error) if close else f"{error} The world has {few} and others."
    listed = ", ".join(f'"{e}"' for e in inside)
    return f'"{name}" is a group, no economy: name its members, economies = [{listed}].'


def _no_sector(name: str, labels: Labels) -> str:
    """A name that is no sector of a world: what to write, and how to see them all."""
    try:
        resolve_sectors(labels, (name,))
    except InputError as error:
        return str(error)
    return f'"{name}" is no sector. Name sectors one by one, or leave them out for everybody.'


def _names(talks: TalksSection, labels: Labels) -> Problems:
    """Economies of third parties and sectors that the case's world does not have."""
    out: Problems = []
    for k, third in enumerate(talks.third_parties):
        at: Path = ("third_party", k, "economies")
        out += [(_no_economy(e, labels), at) for e in third.economies if e not in labels.economies]
    for k, group in enumerate(talks.constituencies):
        at = ("constituency", k, "sectors")
        out += [(_no_sector(s, labels), at) for s in group.sectors if s not in labels.sectors]
    return out


class _Findings:
    """Collects problems."""

    def __init__(self) -> None:
        self.found: Problems = []

    def say(self, message: str, *path: str | int) -> None:
        self.found.append((message, path))

    def known(self, name: str, choices: Iterable[str], kind: str, *path: str | int) -> None:
        """Refuse a name that is on no list."""
        choices = tuple(choices)
        if name not in choices:
            self.say(str(UnknownNameError(kind, name, choices)), *path)


def check_talks(talks: TalksSection, measures: tuple[str, ...]) -> Problems:
    """What is wrong with a section beyond its form: messages and where they belong.

    Parameters
    ----------
    measures
        Ids of the case's measures.
    """
    found = _Findings()
    parties = [p.id for p in talks.parties]
    if len(parties) != 2 or len(set(parties)) != 2:
        at: Path = ("party", min(2, len(parties) - 1)) if parties else ()
        found.say(f"talks are between two parties; found {', '.join(parties) or 'none'}.", *at)
        return found.found
    checks: tuple[Callable[[TalksSection, _Findings], None], ...] = (
        _ids,
        _agenda,
        _rounds,
        _statements,
        _constituencies,
        _rest,
        _numbers,
    )
    for check in checks:
        check(talks, found)
    _measures(talks, measures, found)
    return found.found + check_threats_by_name(talks)


def _ids(talks: TalksSection, found: _Findings) -> None:
    """Ids are given once."""
    for what, field in LISTS.items():
        seen: set[str] = set()
        for k, part in enumerate(getattr(talks, field)):
            if part.id in seen:
                found.say(f'a second {what} with the id "{part.id}". Ids are given once.', what, k)
            seen.add(part.id)
    for k, issue in enumerate(talks.issues):
        levels = [x.id for x in issue.levels]
        for n, name in enumerate(levels):
            if name in levels[:n]:
                text = f'issue "{issue.id}" has a second level with the id "{name}".'
                found.say(text, "issue", k, "level", n, "id")


def _measures(talks: TalksSection, measures: tuple[str, ...], found: _Findings) -> None:
    """Measures that the case does not have."""
    lists: list[tuple[tuple[str, ...], Path]] = [(talks.background, ("background",))]
    for k, issue in enumerate(talks.issues):
        lists += [
            (level.measures, ("issue", k, "level", n, "measures"))
            for n, level in enumerate(issue.levels)
        ]
    for k, threat in enumerate(talks.threats):
        lists += [
            (threat.measures, ("threat", k, "measures")),
            (threat.answers, ("threat", k, "answers")),
        ]
    lists += [
        (t.measures, ("third_party", k, "measures")) for k, t in enumerate(talks.third_parties)
    ]
    lists += [(v.background, ("variant", k, "background")) for k, v in enumerate(talks.variants)]
    for names, path in lists:
        for name in names:
            found.known(name, measures, "measure", *path)


def _agenda(talks: TalksSection, found: _Findings) -> None:
    """Issues, levels, and whether there is anything to sign."""
    parties = [p.id for p in talks.parties]
    try:
        check_size(Agenda(talks.issues), talks.largest_agenda)
    except InputError as error:
        short = [k for k, i in enumerate(talks.issues) if len(i.levels) < 2]
        widest = max(range(len(talks.issues)), key=lambda k: len(talks.issues[k].levels), default=0)
        found.say(str(error), *(("issue", short[0] if short else widest) if talks.issues else ()))
    if talks.issues and all(i.talk_only for i in talks.issues):
        found.say(
            "every issue of the agenda is talk_only, so there is nothing to sign: settling them is "
            "an agreement to go on talking. Take talk_only off at least one issue, or add one that "
            "a deal could settle.",
            "issue",
            0,
            "talk_only",
        )
    for k, issue in enumerate(talks.issues):
        if issue.levels:
            ids = [x.id for x in issue.levels]
            found.known(issue.status_quo, ids, "level", "issue", k, "status_quo")
        for name in issue.performs:
            found.known(name, parties, "party", "issue", k, "performs")
        for key in ("salience", "at_home"):
            for name in getattr(issue, key):
                found.known(name, parties, "party", "issue", k, key, name)
        for n, level in enumerate(issue.levels):
            for key in SHARES:
                for name, value in getattr(level, key).items():
                    found.known(name, parties, "party", "issue", k, "level", n, key, name)
                    if not -1 <= value <= 1:
                        text = f"{key} lies between −1 and 1; got {value:g} for {name}."
                        found.say(text, "issue", k, "level", n, key, name)
    for k, package in enumerate(talks.named):
        try:
            if talks.issues and all(i.status_quo in [x.id for x in i.levels] for i in talks.issues):
                Agenda(talks.issues).number(package.levels)
        except UnknownNameError as error:
            found.say(str(error), "named", k, "levels")


def _rounds(talks: TalksSection, found: _Findings) -> None:
    """Rounds in order of time, and what each can settle."""
    parties, issues = [p.id for p in talks.parties], [i.id for i in talks.issues]
    climate = [i.id for i in talks.issues if i.climate]
    named = [f'"{name}"' for name in climate]
    write = (
        f"such as issues = [{', '.join(named)}]"
        if named
        else "issues = [...], with the ids of issues that are marked climate = true"
    )
    only_talk = {i.id for i in talks.issues if i.talk_only}
    strange = [i.id for i in talks.issues if not i.climate and not i.talk_only]
    if talks.climate_only and strange:
        text = (
            f"the meeting is on climate alone, but the agenda holds {', '.join(strange)}. Mark "
            "what belongs to climate with climate = true, and leave the rest out."
        )
        found.say(text, "climate_only")
    for k, coming in enumerate(talks.rounds):
        before = talks.rounds[k - 1].date if k else talks.date
        if coming.date <= before:
            text = (
                f"rounds are in order of time; {coming.date} is not after {before}"
                f"{', the day of the meeting' if not k else ''}."
            )
            found.say(text, "round", k, "date")
        for name in coming.hazard:
            found.known(name, parties, "party", "round", k, "hazard", name)
        for n, name in enumerate(coming.issues):
            if name in coming.issues[:n]:
                found.say(f'round "{coming.id}" names issue "{name}" twice.', "round", k, "issues")
            elif issues:
                found.known(name, issues, "issue", "round", k, "issues")
        if coming.climate_only and not coming.issues:
            why = "a round on climate alone says which issues of the agenda it can settle"
            found.say(f"{why}: {write}.", "round", k, "climate_only")
        other = [n for n in coming.issues if n in strange]
        if coming.climate_only and other:
            text = (
                f'round "{coming.id}" is on climate alone, but is to settle {", ".join(other)}. '
                "Mark issues that belong to climate with climate = true; leave the others out."
            )
            found.say(text, "round", k, "issues")
        if coming.issues and set(coming.issues) <= only_talk:
            text = (
                f'round "{coming.id}" can settle nothing but to go on talking (talk_only): name an '
                "issue of substance, or leave `issues` out."
            )
            found.say(text, "round", k, "issues")
    substance = len(talks.issues) - len(only_talk)
    stated = "binding_issues" in talks.model_fields_set
    if talks.issues and stated and talks.binding_issues > substance:
        text = (
            f"a breakthrough is to bind {talks.binding_issues} issues, but the agenda holds "
            f"{substance} of substance: no signed package could be called one. At most "
            f"binding_issues = {substance}."
        )
        found.say(text, "binding_issues")


def _statements(talks: TalksSection, found: _Findings) -> None:
    """Who spoke and when, and whether the words can be scored."""
    parties = [p.id for p in talks.parties]
    latest, why = talks.date + dt.timedelta(LATEST_STATEMENT), f"{LATEST_STATEMENT} days after it"
    following = [r.date for r in talks.rounds if r.date > talks.date]
    if following and min(following) <= latest:
        latest, why = min(following) - dt.timedelta(1), "the day before the next round"
    for k, statement in enumerate(talks.statements):
        if statement.date > latest:
            text = (
                f"said on {statement.date}, too late for a meeting of {talks.date}: what counts is "
                f"said by {latest}, {why}. Correct the date, or leave the statement to a case of "
                "its own."
            )
            found.say(text, "statement", k, "date")
        if statement.by not in parties:
            choices = " or ".join(f'by = "{p}"' for p in parties)
            text = (
                f'statement by "{statement.by}", who is not at the table. Write {choices}; names '
                "by which a text calls a side's speakers belong in `called` of its [[talks.party]]."
            )
            found.say(text, "statement", k, "by")
        if statement.score is not None and not statement.why:
            text = "a score that is set by hand needs a reason (why)."
            found.say(text, "statement", k, "score")
        try:
            scored(statement)
        except InputError as error:
            found.say(str(error), "statement", k, "text")


def _constituencies(talks: TalksSection, found: _Findings) -> None:
    """Votes of each side's constituencies sum to one."""
    parties = [p.id for p in talks.parties]
    for k, group in enumerate(talks.constituencies):
        found.known(group.party, parties, "party", "constituency", k, "party")
    for n, party in enumerate(parties):
        mine = [k for k, c in enumerate(talks.constituencies) if c.party == party]
        votes = {talks.constituencies[k].id: talks.constituencies[k].vote for k in mine}
        if not mine:
            found.say(
                f"{party} has no constituency; write at least one [[talks.constituency]] with "
                f'party = "{party}" (without sectors it is everybody).',
                "party",
                n,
            )
        elif abs(sum(votes.values()) - 1) > VOTES_TOLERANCE:
            total = sum(votes.values())
            listed = " + ".join(f"{v:g} ({name})" for name, v in votes.items())
            advice = (
                "Correct one of them"
                if total > 1
                else f"Raise one of them, or add a constituency with the missing {1 - total:.6g}"
            )
            text = (
                f"the votes of {party}'s constituencies sum to {total:g}, not to 1: {listed}. "
                f"{advice}."
            )
            found.say(text, "constituency", mine[0], "vote")


def _rest(talks: TalksSection, found: _Findings) -> None:
    """Successors, third parties, variants and readings name what there is."""
    parties, threats = [p.id for p in talks.parties], [t.id for t in talks.threats]
    for k, successor in enumerate(talks.successors):
        found.known(successor.party, parties, "party", "successor", k, "party")
        found.known(successor.threat, threats, "threat", "successor", k, "threat")
    for k, third in enumerate(talks.third_parties):
        if third.alongside is not None:
            found.known(third.alongside, threats, "threat", "third_party", k, "alongside")
        if third.asked_by is not None:
            found.known(third.asked_by, parties, "party", "third_party", k, "asked_by")
    judgements = talks.judgements()
    said = [s.id for s in talks.statements]
    for k, variant in enumerate(talks.variants):
        for name in variant.unsaid:
            found.known(name, said, "statement", "variant", k, "unsaid")
    for k, variant in enumerate(talks.variants):
        for name in variant.set:
            found.known(name, judgements, "judgement", "variant", k, "set", name)
    for k, reading in enumerate(talks.readings):
        if reading.party is not None:
            found.known(reading.party, parties, "party", "reading", k, "party")


# ---- ranges of judgements ---------------------------------------------------------------------


def _numbers(talks: TalksSection, found: _Findings) -> None:
    """Judgements, and the values that variants put in their place."""
    kinds: dict[str, str] = {}
    for name, kind, path, judgement in _judgements(talks, "", ()):
        kinds[name] = kind
        numbers = (judgement.low, judgement.value, judgement.high)
        wrong = range_problem(name, kind, numbers)
        if wrong:
            found.say(wrong, *path)
    for k, variant in enumerate(talks.variants):
        for name, value in variant.set.items():
            wrong = range_problem(name, kinds.get(name, ""), (value,))
            if wrong:
                found.say(wrong, "variant", k, "set", name)


def _judgements(
    part: Any, prefix: str, path: Path, kind: str = ""
) -> Iterator[tuple[str, str, Path, Judgement]]:
    """Every judgement: its dotted name, its key, where it stands, itself.

    Names are those of :meth:`TalksSection.judgements`.
    """
    if isinstance(part, Judgement):
        yield prefix, kind, path, part
    elif isinstance(part, BaseModel):
        for name, info in type(part).model_fields.items():
            key = info.alias or name
            yield from _judgements(getattr(part, name), _dotted(prefix, key), (*path, key), key)
    elif isinstance(part, dict):
        for key, inner in part.items():
            yield from _judgements(inner, _dotted(prefix, key), (*path, key), kind)
    elif isinstance(part, tuple):
        for k, inner in enumerate(part):
            if isinstance(inner, BaseModel):
                label = getattr(inner, "id", None) or getattr(inner, "party", "")
                yield from _judgements(inner, _dotted(prefix, str(label)), (*path, k), kind)


def _dotted(prefix: str, key: str) -> str:
    return f"{prefix}.{key}" if prefix else key


def range_problem(name: str, kind: str, numbers: tuple[float, ...]) -> str:
    """What is wrong with the range of one judgement; "" if nothing.

    Parameters
    ----------
    name, kind
        Its dotted name, and its key in the file.
    numbers
        Low, value and high; or the one value that a variant sets.

    Examples
    --------
    >>> range_problem("threat.cars.prior", "prior", (0.2, 1.4, 1.5))
    'threat.cars.prior is a probability or a share and must lie in [0, 1]; got 1.4 (value), \
1.5 (high).'
    """
    words = ("low", "value", "high") if len(numbers) == 3 else ("set",)

    def outside(fits: Callable[[float], bool]) -> str:
        bad = [(x, w) for x, w in zip(numbers, words, strict=True) if not fits(x)]
        return ", ".join(f"{x:g} ({w})" for x, w in bad)

    if kind == "text_coverage":
        bad = outside(lambda x: 0 < x <= 1)
        rule = (
            "is the chance that a ready text covers an issue: above 0, since a text covers "
            "something, and at most 1"
        )
    elif kind in PROBABILITIES:
        bad, rule = (
            outside(lambda x: 0 <= x <= 1),
            "is a probability or a share and must lie in [0, 1]",
        )
    elif kind in POSITIVE:
        bad, rule = outside(lambda x: x > 0), "must be positive"
    elif kind in NOT_NEGATIVE:
        bad, rule = outside(lambda x: x >= 0), "must not be negative"
    else:
        return ""
    return f"{name} {rule}; got {bad}." if bad else ""
