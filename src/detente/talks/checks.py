"""Does what a ``[talks]`` section says make sense, and where does it not?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from detente.errors import InputError, UnknownNameError, shortened
from detente.scenario.groups import Labels, resolve_economies
from detente.scenario.targets import Target
from detente.talks.agenda import MOST_PACKAGES, MOST_SETS, agenda_of, coarser
from detente.talks.contradictions import contradictions
from detente.talks.given import Place, Problems
from detente.talks.profile import party_ids, profile_of
from detente.talks.section import IssueSection, TalksSection, ToneSection
from detente.talks.tones import tone_found

__all__ = ["FIRST_MEETING", "check_talks", "problems_of"]

#: The first meeting of the record, Mar-a-Lago; what went before is another world.
FIRST_MEETING = dt.date(2017, 4, 6)
#: Odds may miss one by so much.
ODDS_TOLERANCE = 1e-6
#: Number of endings.
ENDINGS = 5

Found = Iterator[tuple[InputError, Place]]


def problems_of(
    section: TalksSection,
    labels: Labels,
    measure_ids: Sequence[str],
    targets: Mapping[str, Sequence[Target]] | None = None,
    folder: Path | None = None,
    standing: Sequence[str] = (),
) -> Problems:
    """Everything that is wrong with a section of a case, as far as names and numbers tell.

    Parameters
    ----------
    labels
        Names of the case's world.
    measure_ids
        Of the case's measures.
    targets
        What each measure does, as far as it is understood; None leaves out whether measures of a
        package contradict each other.
    folder
        Where paths of texts start; None leaves out whether they are there.
    standing
        Measures in force besides those that the section names.

    Returns
    -------
    Messages, each with its place in the section; empty where all is well.
    """
    found = list(_sides(section, labels))
    found += list(check_talks(section, measure_ids))
    found += [] if folder is None else list(_texts(section, folder))
    if not found and targets is not None:
        named = section.measure_ids | set(standing)
        there = [name for name in measure_ids if name in named]
        found = list(contradictions(section, there, targets, labels))
    return [(str(error), place) for error, place in found]


def _sides(section: TalksSection, labels: Labels) -> Found:
    """Sides that the case's world does not have, or that overlap."""
    try:
        parties = party_ids(section)
    except UnknownNameError:
        return
    inside: dict[str, set[str]] = {}
    for name in parties:
        own = section.parties.named.get(name)
        given = () if own is None else own.economies
        place: Place = ("parties", name, "economies") if given else ("parties", name)
        hint = "" if given else "Name an economy or group of the world, or say `economies` there."
        try:
            inside[name] = set(resolve_economies(labels, given or (name,)))
        except UnknownNameError as error:
            text = UnknownNameError("economy", error.name, error.choices, hint=hint or error.hint)
            yield text, place
    if len(inside) == 2 and (both := set.intersection(*inside.values())):
        names = ", ".join(sorted(both))
        yield InputError(f"both parties speak for {names}; name two that do not."), ("parties",)


def check_talks(section: TalksSection, measure_ids: Sequence[str]) -> Found:
    """What is wrong with a section beyond its form, without looking at a world."""
    try:
        profile = profile_of(section)
    except UnknownNameError as error:
        yield error, ("parties", "profile")
        return
    parties = party_ids(section)
    if len(parties) != 2:
        named = ", ".join(shortened(p) for p in parties) or "none"
        yield InputError(f"talks are between two parties; found {named}."), ("parties",)
        return
    if not profile.is_default:
        for name in section.parties.named:
            yield from _known("party", name, parties, ("parties", name))
    yield from _opening(section)
    yield from _by_party(section, parties)
    yield from _measures(section, measure_ids)
    for name, issue in section.issue.items():
        yield from _issue(name, issue, parties)
    yield from _in_force_twice(section)
    yield from _levels(section)
    yield from _size(section, (parties[0], parties[1]))


def _known(kind: str, name: str, choices: Iterable[str], place: Place) -> Found:
    choices = tuple(choices)
    if name not in choices:
        yield UnknownNameError(kind, name, choices), place


def _opening(section: TalksSection) -> Found:
    """Facts of the opening day."""
    if section.date < FIRST_MEETING:
        yield (
            InputError(
                f"{section.date} is before the record begins: odds are learnt from meetings since "
                f"{FIRST_MEETING}, and say nothing of earlier ones."
            ),
            ("date",),
        )
    if section.diplomats and section.level == "leader":
        yield (
            InputError("diplomats lead below leaders only: leave it out, or write another level."),
            ("diplomats",),
        )
    odds = section.my_odds
    if odds is None:
        return
    if len(odds) != ENDINGS:
        text = "breakthrough, partial deal, talking on, no result, breakdown"
        yield InputError(f"{len(odds)} odds; write five: {text}."), ("my_odds",)
    elif not all(0 <= p <= 1 for p in odds):
        yield InputError("odds lie between 0 and 1 each."), ("my_odds",)
    elif abs(sum(odds) - 1) > ODDS_TOLERANCE:
        yield InputError(f"the five odds sum to {sum(odds):g}; they must sum to 1."), ("my_odds",)


def _tones(section: TalksSection) -> Iterator[tuple[ToneSection, str, Place]]:
    """Every tone, whose it is, and its place."""
    yield from ((tone, name, ("tone", name)) for name, tone in section.tone.items())
    yield from ((s.tone, s.by, ("said", k, "tone")) for k, s in enumerate(section.said))


def _by_party(section: TalksSection, parties: Sequence[str]) -> Found:
    """Whatever is said of a party, is said of one of the two."""
    for key in ("tone", "unwilling", "pressure"):
        for name in getattr(section, key):
            yield from _known("party", name, parties, (key, name))
    for k, said in enumerate(section.said):
        yield from _known("party", said.by, parties, ("said", k, "by"))
    if section.next_government is not None:
        yield from _known("party", section.next_government.by, parties, ("next_government", "by"))
    if section.fallback is not None:
        for name in section.fallback.beyond:
            yield from _known("party", name, parties, ("fallback", "beyond", name))
    elif section.issue:
        yield (
            InputError(
                '"fallback" is missing: say what happens without a deal, such as fallback = '
                '{ measures = ["..."], source = "..." }; with measures = [] where all stays as it '
                "is."
            ),
            ("fallback",),
        )
    for name, chance in section.unwilling.items():
        if chance in (0, 1):
            yield (
                InputError("write a chance between 0 and 1, without the ends."),
                ("unwilling", name),
            )
    for tone, _, place in _tones(section):
        if (tone.value is None) == (tone.text is None):
            yield InputError(f"a tone is written {ToneSection.written}, not both."), place


def _texts(section: TalksSection, folder: Path) -> Found:
    """Texts that tones are read off."""
    for tone, by, place in _tones(section):
        if tone.text is not None:
            try:
                tone_found(tone, by, folder)
            except InputError as error:
                yield error, (*place, "by" if isinstance(error, UnknownNameError) else "text")


def _measures(section: TalksSection, measure_ids: Sequence[str]) -> Found:
    """Measures that the case does not have."""
    lists: list[tuple[Sequence[str], Place]] = [(section.always, ("always",))]
    for name, issue in section.issue.items():
        for level, names in issue.levels.items():
            lists.append((names, ("issue", name, "levels", level)))
    if section.fallback is not None:
        lists.append((section.fallback.measures, ("fallback", "measures")))
    if section.next_government is not None:
        lists.append((section.next_government.measures, ("next_government", "measures")))
    lists += [(w.add, ("what_if", name, "add")) for name, w in section.what_if.items()]
    for listed, place in lists:
        for name in listed:
            yield from _known("measure", name, measure_ids, place)


def _issue(name: str, issue: IssueSection, parties: Sequence[str]) -> Found:
    """An issue has owners and at least two ways to be settled that differ."""
    place: Place = ("issue", name)
    for party in issue.by:
        yield from _known("party", party, parties, (*place, "by"))
    if len(issue.levels) < 2:
        yield (
            InputError(
                f'issue "{shortened(name)}" has fewer than two levels, so there is nothing to '
                "settle: write how things are first, then what could be agreed."
            ),
            (*place, "levels"),
        )
        return
    for level, worth in issue.beyond.items():
        at = (*place, "beyond", level)
        yield from _known("level", level, issue.levels, at)
        for party in worth:
            yield from _known("party", party, parties, (*at, party))
        if level == issue.status_quo and any(worth.values()):
            yield InputError("the first level is how things are: it is worth nothing more."), at

    def content(level: str) -> tuple[frozenset[str], tuple[float, ...]]:
        worth = issue.beyond.get(level, {})
        return frozenset(issue.levels[level]), tuple(worth.get(p, 0.0) for p in parties)

    for first, second in combinations(issue.levels, 2):
        if content(first) == content(second):
            again = shortened(second)
            yield (
                InputError(
                    f'level "{again}" names no measure and no worth that "{shortened(first)}" does '
                    f"not have: name its measures, or write beyond.{again} = {{ {parties[0]} = "
                    f"..., {parties[1]} = ... }}, % of real income."
                ),
                (*place, "levels", second),
            )
            return


def _in_force_twice(section: TalksSection) -> Found:
    """What is always in force is on no table; what a threat adds is not in force already."""
    on_table: dict[str, str] = {}
    for name, issue in section.issue.items():
        for measure in dict.fromkeys(m for names in issue.levels.values() for m in names):
            if measure in on_table:
                text = (
                    f'measure "{shortened(measure)}" is in issue "{shortened(on_table[measure])}"'
                )
                yield InputError(f"{text} too: what one lifts the other keeps."), ("issue", name)
            on_table[measure] = name
    there = dict.fromkeys(section.always, "always")
    for name, issue in section.issue.items():
        if issue.levels:
            there |= dict.fromkeys(issue.levels[issue.status_quo], f"issue {shortened(name)}")
    for name in section.always:
        if name in on_table:
            where = shortened(on_table[name])
            text = f'measure "{shortened(name)}" is on the table in issue "{where}": not always.'
            yield InputError(text), ("always",)
    added: list[tuple[Sequence[str], Place]] = []
    if section.fallback is not None:
        added.append((section.fallback.measures, ("fallback", "measures")))
    if section.next_government is not None:
        added.append((section.next_government.measures, ("next_government", "measures")))
    added += [(w.add, ("what_if", name, "add")) for name, w in section.what_if.items()]
    for names, place in added:
        for name in names:
            if name in there:
                text = f'measure "{shortened(name)}" is in force already ({there[name]}).'
                yield InputError(f"{text} Name what would be added."), place


def _levels(section: TalksSection) -> Found:
    """Levels by issue that variants, another government and the outcome name."""
    places: list[tuple[Mapping[str, str], Place]] = [
        (w.issue, ("what_if", name, "issue")) for name, w in section.what_if.items()
    ]
    if section.next_government is not None:
        places.append((section.next_government.issue, ("next_government", "issue")))
        if not section.next_government.measures and not section.next_government.issue:
            text = "it announces nothing: name `measures`, or a level by `issue`."
            yield InputError(text), ("next_government",)
    if section.signed is not None:
        places.append((section.signed, ("signed",)))
    for named, place in places:
        for issue, level in named.items():
            yield from _known("issue", issue, section.issue, (*place, issue))
            if issue in section.issue:
                yield from _known("level", level, section.issue[issue].levels, (*place, issue))
    for name, what in section.what_if.items():
        if not what.add and not what.issue:
            text = "it changes nothing: write `add` with measures, or a level by `issue`."
            yield InputError(text), ("what_if", name)


def _size(section: TalksSection, parties: tuple[str, str]) -> Found:
    """More sets of measures, or packages, than are looked at; and which issue to coarsen."""
    agenda = agenda_of(section, parties)
    sets = {item.name: len({frozenset(m) for m in item.measures}) for item in agenda.items}
    levels = {item.name: len(item.levels) for item in agenda.items}
    checks = (
        (agenda.sets, MOST_SETS, "sets of measures", sets),
        (agenda.size, MOST_PACKAGES, "packages", levels),
    )
    for count, most, what, counts in checks:
        if count > most:
            cuts = coarser(counts, most)
            how = ", then ".join(f'"{shortened(n)}" to {k}' for n, k in cuts)
            advice = f"coarsen {how}" if cuts else "leave issues out"
            widest = cuts[0][0] if cuts else max(counts, key=lambda name: counts[name])
            yield (
                InputError(f"{count:,} {what}; at most {most:,} are priced: {advice}."),
                ("issue", widest),
            )
            return
