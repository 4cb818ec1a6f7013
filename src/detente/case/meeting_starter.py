"""How does a meeting of one's own begin, from eight answers?"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from detente.case.meeting_answers import DutyAnswer, IssueAnswer
from detente.data import economies, groups
from detente.talks import record_odds
from detente.talks.profile import profile_of, sides_of
from detente.talks.section import TalksSection

__all__ = ["meeting_starter"]

#: What judged numbers of a side are called beside their defaults.
MEANT = {
    "kappa": "its own measures are worth so many times what they cost it",
    "q": "% of real income over no deal that home must see",
    "tau": "how unsure q is",
    "drift": "% a year that it gains while it waits",
}


def meeting_starter(answers: Mapping[str, Any], name: str = "my-meeting") -> str:
    """A case file with a meeting, from answers to the eight questions.

    Parameters
    ----------
    answers
        By question: who, when, level, channel, dated, tone, issue (a list), fallback.

    Returns
    -------
    Text of a file that validates and runs as it is: judged numbers stand at the defaults of the
    pair's profile, or of any pair, and are marked.

    Examples
    --------
    >>> import datetime as dt, detente.case
    >>> text = meeting_starter({"who": ("CHN", "JPN"), "when": dt.date(2026, 12, 14),
    ...     "level": "minister", "channel": "economic", "dated": 0.0, "tone": (-1.0, 1.0),
    ...     "issue": [], "fallback": ()})
    >>> detente.case.parse_case(text).talks.level
    'minister'
    """
    return "\n".join(_lines(answers, name)) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _quoted(text)


def _listed(names: Any) -> str:
    return "[" + ", ".join(map(_quoted, names)) + "]"


def _named(code: str) -> str:
    table = economies().get(code) or groups().get(code)
    return code if table is None else table.name


class _Measures:
    """Measures of the answers, each once, with an id."""

    def __init__(self) -> None:
        self.ids: dict[DutyAnswer, str] = {}

    def of(self, duties: tuple[DutyAnswer, ...]) -> list[str]:
        """Ids of duties."""
        for duty in duties:
            plain = re.sub(r"[^a-z0-9]+", "-", f"{duty.by}-{duty.sector}".lower())
            self.ids.setdefault(duty, f"{plain}-{len(self.ids) + 1}")
        return [self.ids[duty] for duty in duties]

    def lines(self) -> Iterator[str]:
        """One block a measure."""
        for duty, name in self.ids.items():
            adds = duty.rate.endswith("pp")
            yield "[[measure]]"
            yield f"id = {_quoted(name)}"
            title = f"{_named(duty.by)} on {_named(duty.on)}, {duty.sector}: {duty.rate}"
            yield f"title = {_quoted(title)}"
            yield 'kind = "tariff"'
            yield f"by = {_quoted(duty.by)}"
            yield f"on = {_quoted(duty.on)}"
            yield f"sectors = {_listed([duty.sector])}"
            yield f"rate = {_quoted(duty.rate)}"
            yield f'stacking = "{"add" if adds else "replace"}"'
            yield 'status = "hypothetical"'
            yield 'source = "Hypothetical: given when this file was begun. Write where it is from."'
            yield ""


def _lines(answers: Mapping[str, Any], name: str) -> Iterator[str]:
    who = answers["who"]
    measures = _Measures()
    fallback = measures.of(answers["fallback"])
    issues = [list(_issue(issue, measures)) for issue in answers["issue"]]
    sides = f"{_named(who[0])} and {_named(who[1])}"
    yield "# A meeting: `detente talks FILE` works it out, `detente run FILE` writes the report."
    yield "# Facts need a source; what is judged is marked, with its default."
    yield ""
    yield "schema = 2"
    yield f"name = {_quoted(name)}"
    yield f"title = {_quoted(sides + ', ' + answers['when'].isoformat())}"
    yield 'world = "icio-2022"'
    yield 'compared_with = "world"'
    yield ""
    yield from measures.lines()
    yield from _packages(answers, measures, fallback)
    yield from _opening(answers)
    if answers["issue"]:
        yield "[talks.fallback]    # what happens without a deal"
        yield f"measures = {_listed(fallback)}"
        yield "# chance = 0.48    # judged, the default: 132 of 274 US threats were carried out"
        yield 'source = "write where it was announced, or why nothing would change"'
        yield ""
    for issue in issues:
        yield from issue


def _packages(
    answers: Mapping[str, Any], measures: _Measures, fallback: list[str]
) -> Iterator[str]:
    """A package for each issue that moves trade, and one for the fallback."""
    packages = {}
    for k, issue in enumerate(answers["issue"], 1):
        moved = [measures.of(duties) for duties, _ in list(issue.levels.values())[1:] if duties]
        if moved:
            packages[f"issue-{k}"] = (issue.title, moved[-1])
    if fallback:
        packages["no-deal"] = ("No deal: the fallback", fallback)
    for key, (title, ids) in packages.items():
        yield "[[package]]"
        yield f"id = {_quoted(key)}"
        yield f"title = {_quoted(title)}"
        yield f"measures = {_listed(ids)}"
        yield ""


def _opening(answers: Mapping[str, Any]) -> Iterator[str]:
    """Facts of the opening day, and the sides with their defaults."""
    who, when, tone = answers["who"], answers["when"], answers["tone"]
    signs = {key: answers[key] for key in ("level", "channel", "dated")}
    odds, behind = record_odds(**signs, tone=tone)
    likely = ", ".join(f"{k.replace('_', ' ')} {100 * p:.0f} %" for k, p in odds._asdict().items())
    yield "[talks]"
    yield f"# By these signs the record, worth {behind.effective:.0f} meetings here, alone gives"
    yield f"# {likely}"
    yield '# title = "The talks of ..."    # how the report calls the meeting'
    yield f"date = {when.isoformat()}"
    yield f"level = {_quoted(answers['level'])}"
    yield f"channel = {_quoted(answers['channel'])}"
    yield f"dated = {answers['dated']:g}    # a dated threat or deadline: 0, 0.5 where arguable, 1"
    for party, value in zip(who, tone, strict=True):
        source = _quoted("write who said what, and where")
        yield f"tone.{_key(party)} = {{ value = {value:g}, source = {source} }}"
    yield 'source = "write where these facts are from"'
    yield "# my_odds = [0.05, 0.35, 0.45, 0.12, 0.03]    # your own, counted as five meetings"
    yield ""
    section = _section(who, when)
    profile = profile_of(section)
    known = "any pair" if profile.is_default else f'the profile "{profile.name}"'
    yield "[talks.parties]"
    yield f"# Judged, and left at the defaults of {known}. To judge one yourself write"
    yield f'# {_key(who[0])} = {{ q = 0.05, why = "..." }}'
    for number, meaning in MEANT.items():
        values = [getattr(side, number) for side in sides_of(section)]
        said = ", ".join(f"{_key(s)} {v.value:g}" for s, v in zip(who, values, strict=True))
        yield f"#   {number:<6} {said} ({values[0].low:.2g} to {values[0].high:.2g}): {meaning}"
    for party in who:
        yield f"{_key(party)} = {{}}"
    yield ""


def _section(who: tuple[str, str], when: dt.date) -> TalksSection:
    parties: Any = list(who)
    return TalksSection.model_validate({"date": when, "parties": parties, "level": "leader"})


def _issue(issue: IssueAnswer, measures: _Measures) -> Iterator[str]:
    """One issue with its levels."""
    key = re.sub(r"[^a-z0-9]+", "-", issue.title.lower()).strip("-") or "issue"
    yield f"[talks.issue.{key}]"
    yield f"title = {_quoted(issue.title[0].upper() + issue.title[1:])}"
    yield f"by = {_listed(issue.by)}"
    levels = ", ".join(
        f"{_key(level)} = {_listed(measures.of(duties))}"
        for level, (duties, _) in issue.levels.items()
    )
    yield f"levels = {{ {levels} }}    # the first is how things are"
    for level, (_, worth) in issue.levels.items():
        if worth:
            said = ", ".join(f"{_key(party)} = {value:g}" for party, value in worth.items())
            yield f"beyond.{_key(level)} = {{ {said} }}    # judged, % of own income, factor of 3"
    if any(worth for _, worth in issue.levels.values()):
        yield 'why = "write the reason for what is judged"'
    yield 'source = "write where it was put on the table"'
    yield ""
