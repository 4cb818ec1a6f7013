"""What is on the table, and how many packages can be made of it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from detente.errors import CaseFileError, InputError, UnknownNameError, nearest
from detente.talks.section import IssueSection, LevelSection, TalksSection

if TYPE_CHECKING:
    from detente.scenario import CaseFile

__all__ = ["Agenda", "check_size", "check_talks", "read_talks"]

IntArray = NDArray[np.intp]

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


@dataclass(frozen=True)
class Agenda:
    """Issues with their levels; packages are numbered with the last issue moving fastest.

    Examples
    --------
    >>> levels = lambda *names: tuple(LevelSection(id=n, title=n) for n in names)
    >>> make = lambda name, *names: IssueSection(
    ...     id=name, title=name, performs="A", status_quo=names[0], source="example",
    ...     level=levels(*names))
    >>> agenda = Agenda((make("tariffs", "kept", "lifted"), make("chips", "shut", "half", "open")))
    >>> agenda.size, agenda.describe(agenda.number({"chips": "half"}))
    (6, 'kept · half')
    """

    issues: tuple[IssueSection, ...]

    def __len__(self) -> int:
        return len(self.issues)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each issue."""
        return tuple(len(i.levels) for i in self.issues)

    @property
    def size(self) -> int:
        """Number of packages."""
        return prod(self.shape)

    @cached_property
    def levels(self) -> IntArray:
        """Level of each issue in each package, [package, issue]."""
        grid = np.indices(self.shape).reshape(len(self), -1).T
        out: IntArray = np.ascontiguousarray(grid).astype(np.intp)
        return out

    @cached_property
    def standing(self) -> tuple[int, ...]:
        """Position of the level now in force, by issue."""
        return tuple([x.id for x in i.levels].index(i.status_quo) for i in self.issues)

    @property
    def status_quo(self) -> int:
        """Number of the package that changes nothing."""
        return int(np.ravel_multi_index(self.standing, self.shape))

    @property
    def priced(self) -> tuple[int, ...]:
        """Positions of the issues that have a level with measures."""
        return tuple(k for k, i in enumerate(self.issues) if any(x.measures for x in i.levels))

    def performed_by(self, party: str) -> tuple[int, ...]:
        """Positions of the issues that a side performs."""
        return tuple(k for k, i in enumerate(self.issues) if party in i.performs)

    def number(self, levels: dict[str, str]) -> int:
        """Number of a package; issues left out stay as they are."""
        at = list(self.standing)
        for issue, level in levels.items():
            names = [i.id for i in self.issues]
            if issue not in names:
                raise UnknownNameError("issue", issue, names)
            k = names.index(issue)
            choices = [x.id for x in self.issues[k].levels]
            if level not in choices:
                raise UnknownNameError("level", level, choices, where=f'issue "{issue}"')
            at[k] = choices.index(level)
        return int(np.ravel_multi_index(tuple(at), self.shape))

    def level_of(self, package: int, issue: int) -> LevelSection:
        """The level that a package sets an issue to."""
        return self.issues[issue].levels[int(self.levels[package, issue])]

    def moved(self, package: int) -> tuple[int, ...]:
        """Positions of the issues that a package changes."""
        changed = self.levels[package] != np.asarray(self.standing)
        return tuple(int(k) for k in np.flatnonzero(changed))

    def describe(self, package: int) -> str:
        """The levels of a package, all issues."""
        return " · ".join(self.level_of(package, k).title for k in range(len(self)))

    def changes(self, package: int) -> str:
        """What a package changes, in words; "nothing changes" for the status quo."""
        moved = self.moved(package)
        if not moved:
            return "nothing changes"
        return "; ".join(
            f"{self.issues[k].title}: {self.level_of(package, k).title}" for k in moved
        )


def check_size(agenda: Agenda, largest: int) -> None:
    """Refuse an agenda that leaves nothing to settle or too much to price.

    Raises
    ------
    InputError
        An issue with fewer than two levels, or more packages than the limit: how many, and
        which issue to coarsen.
    """
    if not agenda.issues:
        raise InputError(
            "the agenda is empty: write at least one [[talks.issue]] with two levels or more."
        )
    for issue in agenda.issues:
        if len(issue.levels) < 2:
            found = "no level" if not issue.levels else f'one level ("{issue.levels[0].id}")'
            raise InputError(
                f'issue "{issue.id}" has {found}, so there is nothing to settle. Write two '
                "[[talks.issue.level]] or more, the present state among them, or leave the "
                "issue out."
            )
    if agenda.size > largest:
        widest = max(agenda.issues, key=lambda i: len(i.levels))
        count = len(widest.levels)
        allowed = largest * count // agenda.size
        advice = (
            f"keep {allowed} of its {count} levels"
            if allowed >= 2
            else "cut it to two levels and another issue after it"
        )
        raise InputError(
            f"the agenda makes {agenda.size:,} packages ({' × '.join(map(str, agenda.shape))}), "
            f'more than the {largest:,} allowed. Coarsen issue "{widest.id}" first: {advice}.'
        )


def read_talks(case: CaseFile) -> TalksSection:
    """The ``[talks]`` section of a case, checked.

    Raises
    ------
    CaseFileError
        The case has none, or what it says makes no sense: file, line, key, what to write.
    """
    if case.talks is None:
        raise CaseFileError(
            f"{case.path or case.name}: no [talks] section, so there is no meeting here. Shipped "
            "cases with one: anchorage-2021, beijing-2024; a meeting of your own starts with "
            "`detente new --talks`."
        )
    from detente.scenario import locate

    lines = locate.lines_of(case.text) if case.text else {}
    where = case.path or case.name
    try:
        section = TalksSection.model_validate(dict(case.talks))
    except ValidationError as error:
        found = [_finding(item, lines, where, case.talks) for item in error.errors()]
        raise CaseFileError("\n".join(dict.fromkeys(found[:10]))) from None
    problems = check_talks(section, case.measure_ids, _makers(case))
    problems += _names(section, case)
    if problems:
        said = [_placed(message, path, lines, where, case.talks) for message, path in problems]
        raise CaseFileError("\n".join(said[:10]))
    return section


Path = tuple[str | int, ...]


def _names(talks: TalksSection, case: CaseFile) -> list[tuple[str, Path]]:
    """Economies and sectors that the case's world does not have."""
    from detente.scenario import world_of
    from detente.world.shipped import world_labels

    labels = world_labels(world_of(case))
    wanted: list[tuple[str, str, tuple[str, ...], Path]] = []
    for k, party in enumerate(talks.parties):
        path: Path = ("party", k, "economies" if party.economies else "id")
        wanted += [("economy", name, labels.economies, path) for name in party.members]
    for k, group in enumerate(talks.constituencies):
        at: Path = ("constituency", k, "sectors")
        wanted += [("sector", name, labels.sectors, at) for name in group.sectors]
    for k, third in enumerate(talks.third_parties):
        at = ("third_party", k, "economies")
        wanted += [("economy", name, labels.economies, at) for name in third.economies]
    return [
        (str(UnknownNameError(kind, name, known)), path)
        for kind, name, known, path in wanted
        if name not in known
    ]


def _makers(case: CaseFile) -> dict[str, tuple[str, Any, Any]]:
    """For each measure that sets a level of its own: kind, partners and sectors."""
    return {m.id: (m.kind, m.on, m.sectors) for m in case.measures if m.stacking == "replace"}


def _placed(message: str, path: Path, lines: dict[Any, int], where: str, raw: Any) -> str:
    from detente.scenario import locate

    words: list[str] = []
    at: Any = raw
    for piece in path:
        if isinstance(piece, int):
            at = at[piece] if isinstance(at, list) and piece < len(at) else None
            name = at.get("id") if isinstance(at, dict) else None
            words[-1] += f" {piece + 1}" + (f' ("{name}")' if isinstance(name, str) else "")
        else:
            words.append(str(piece))
            at = at.get(piece) if isinstance(at, dict) else None
    line = locate.line_of(lines, ("talks", *path))
    place = ", ".join(p for p in (where, f"line {line}" if line else "", ", ".join(words)) if p)
    return f"{place}: {message}"


def _finding(item: Any, lines: dict[Any, int], where: str, raw: Any) -> str:
    path = tuple(item["loc"])
    kind = item["type"]
    if kind == "missing":
        message = f'"{path[-1]}" is missing.'
        if path[-1] in ("why", "source"):
            message += " Every judgement has a reason, every fact a source."
    elif kind == "extra_forbidden":
        known = [f.alias or n for n, f in TalksSection.model_fields.items()]
        close = nearest(str(path[-1]), known)
        message = f'unknown key "{path[-1]}".' + (f' Nearest: "{close[0]}".' if close else "")
    elif kind in ("model_type", "model_attributes_type", "dict_type"):
        message = (
            'a judgement is a table: { value = 0.3, low = 0.1, high = 0.6, why = "..." } '
            f"(got {item['input']!r})."
        )
    else:
        message = f"{re.sub(r'^Value error, ', '', item['msg'])} (got {item['input']!r})."
    return _placed(message, path, lines, where, raw)


def check_talks(
    talks: TalksSection,
    measures: tuple[str, ...],
    makers: dict[str, tuple[str, Any, Any]] | None = None,
) -> list[tuple[str, Path]]:
    """What is wrong with a section beyond its form: messages and where they belong.

    Parameters
    ----------
    measures
        Ids of the case's measures.
    makers
        Measures that set a level of their own (kind, partners, sectors): two of them on the same
        flows contradict each other.
    """
    out: list[tuple[str, Path]] = []
    parties = [p.id for p in talks.parties]
    if len(parties) != 2 or len(set(parties)) != 2:
        out.append((f"talks are between two parties; found {parties}.", ("party",)))
        return out

    def known(name: str, choices: Any, kind: str, path: Path) -> None:
        if name not in choices:
            out.append((str(UnknownNameError(kind, name, choices)), path))

    for what in ("issue", "threat", "statement", "round", "constituency", "variant", "named"):
        field = {"constituency": "constituencies", "named": "named"}.get(what, what + "s")
        seen: set[str] = set()
        for k, part in enumerate(getattr(talks, field)):
            if part.id in seen:
                out.append((f'a second {what} with the id "{part.id}".', (what, k, "id")))
            seen.add(part.id)
    try:
        check_size(Agenda(talks.issues), talks.largest_agenda)
    except InputError as error:
        out.append((str(error), ("issue",)))
    for k, issue in enumerate(talks.issues):
        ids = [x.id for x in issue.levels]
        if issue.levels:
            known(issue.status_quo, ids, "level", ("issue", k, "status_quo"))
        for name in issue.performs:
            known(name, parties, "party", ("issue", k, "performs"))
        for name in (*issue.salience, *issue.at_home):
            known(name, parties, "party", ("issue", k, "salience"))
        for n, level in enumerate(issue.levels):
            for measure in level.measures:
                known(measure, measures, "measure", ("issue", k, "level", n, "measures"))
            for name, value in (*level.value.items(), *level.meets.items()):
                known(name, parties, "party", ("issue", k, "level", n))
                if not -1 <= value <= 1:
                    text = f"value and meets lie between −1 and 1; got {value} for {name}."
                    out.append((text, ("issue", k, "level", n)))
    for name in talks.background:
        known(name, measures, "measure", ("background",))
    out += _threats(talks, parties, measures, makers or {})
    for k, statement in enumerate(talks.statements):
        if statement.by not in parties:
            text = (
                f'statement by "{statement.by}", who is not at the table. '
                f"Choose from {', '.join(parties)}, or add the speaker's names to `called` of a "
                "party."
            )
            out.append((text, ("statement", k, "by")))
        if statement.score is not None and not statement.why:
            text = "a score that is set by hand needs a reason (why)."
            out.append((text, ("statement", k, "score")))
    for k, group in enumerate(talks.constituencies):
        known(group.party, parties, "party", ("constituency", k, "party"))
    for party in parties:
        votes = [c.vote for c in talks.constituencies if c.party == party]
        if not votes:
            out.append((f"{party} has no constituency; write at least one.", ("constituency",)))
        elif abs(sum(votes) - 1) > VOTES_TOLERANCE:
            text = (
                f"the votes of {party}'s constituencies sum to {sum(votes):g}, not to 1 "
                f"({' + '.join(f'{v:g}' for v in votes)})."
            )
            out.append((text, ("constituency",)))
    for k, successor in enumerate(talks.successors):
        known(successor.party, parties, "party", ("successor", k, "party"))
        known(successor.threat, [t.id for t in talks.threats], "threat", ("successor", k, "threat"))
    for k, coming in enumerate(talks.rounds):
        before = talks.rounds[k - 1].date if k else talks.date
        if coming.date <= before:
            out.append(
                (f"rounds are in order of time; {coming.date} follows {before}.", ("round", k))
            )
        for name in coming.hazard:
            known(name, parties, "party", ("round", k, "hazard"))
    for k, third in enumerate(talks.third_parties):
        for measure in third.measures:
            known(measure, measures, "measure", ("third_party", k, "measures"))
        if third.alongside is not None:
            threats = [t.id for t in talks.threats]
            known(third.alongside, threats, "threat", ("third_party", k, "alongside"))
        if third.asked_by is not None:
            known(third.asked_by, parties, "party", ("third_party", k, "asked_by"))
    judgements = talks.judgements()
    for k, variant in enumerate(talks.variants):
        for name in variant.set:
            known(name, judgements, "judgement", ("variant", k, "set"))
        for measure in variant.background:
            known(measure, measures, "measure", ("variant", k, "background"))
    for k, reading in enumerate(talks.readings):
        if reading.party is not None:
            known(reading.party, parties, "party", ("reading", k, "party"))
    for k, package in enumerate(talks.named):
        try:
            if talks.issues and all(i.status_quo in [x.id for x in i.levels] for i in talks.issues):
                Agenda(talks.issues).number(package.levels)
        except UnknownNameError as error:
            out.append((str(error), ("named", k, "levels")))
    for name, judgement in judgements.items():
        out += [(text, _path_of(name)) for text in _range(name, judgement)]
    return out


def _path_of(name: str) -> Path:
    return tuple(name.split(".")[:1])


def _range(name: str, judgement: Any) -> list[str]:
    """What is wrong with the range of one judgement."""
    pieces = name.split(".")
    kinds = {pieces[-1], pieces[-2] if len(pieces) > 1 else ""}
    numbers = (judgement.low, judgement.value, judgement.high)
    if kinds & set(PROBABILITIES) and not all(0 <= x <= 1 for x in numbers):
        return [f"{name} is a probability or a share and must lie in [0, 1]; got {numbers}."]
    if kinds & set(POSITIVE) and not all(x > 0 for x in numbers):
        return [f"{name} must be positive; got {numbers}."]
    if kinds & set(NOT_NEGATIVE) and not all(x >= 0 for x in numbers):
        return [f"{name} must not be negative; got {numbers}."]
    return []


def _threats(
    talks: TalksSection,
    parties: list[str],
    measures: tuple[str, ...],
    makers: dict[str, tuple[str, Any, Any]],
) -> list[tuple[str, Path]]:
    """Threats by nobody, against oneself, or that cannot both be carried out."""
    out: list[tuple[str, Path]] = []
    placed: dict[tuple[str, Any], tuple[str, str]] = {}
    for k, threat in enumerate(talks.threats):
        for key in ("by", "against"):
            name = getattr(threat, key)
            if name not in parties:
                text = str(UnknownNameError("party", name, parties))
                out.append((text, ("threat", k, key)))
        for issue, level in threat.levels.items():
            choices = {i.id: [x.id for x in i.levels] for i in talks.issues}
            if level not in choices.get(issue, []):
                text = str(UnknownNameError("level", level, choices.get(issue, list(choices))))
                out.append((text, ("threat", k, "levels")))
        if threat.by == threat.against:
            text = f'threat "{threat.id}" is made by {threat.by} against itself.'
            out.append((text, ("threat", k, "against")))
        for measure in (*threat.measures, *threat.answers):
            if measure not in measures:
                text = str(UnknownNameError("measure", measure, measures))
                out.append((text, ("threat", k, "measures")))
        for measure in threat.measures:
            if measure in talks.background:
                text = f'threat "{threat.id}" holds out "{measure}", which is in force already.'
                out.append((text, ("threat", k, "measures")))
            if measure not in makers:
                continue
            key_of = (threat.by, makers[measure])
            first = placed.setdefault(key_of, (threat.id, measure))
            if first[0] != threat.id and first[1] != measure:
                text = (
                    f'threats "{first[0]}" and "{threat.id}" contradict each other: '
                    f'"{first[1]}" and "{measure}" set different levels for the same goods, so '
                    "both cannot be carried out. Keep one, or let the later one add to the first."
                )
                out.append((text, ("threat", k, "measures")))
    return out
