"""How are parties, endings, packages and changes of signs named in a sentence?"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from detente.talks import ENDINGS, Odds, SignChange, TalksResults
from detente.wording import (
    MINUS,
    chance,
    day,
    in_sentence,
    join_names,
    of_income,
    tone,
    upper_first,
)

#: The five endings, best first.
ENDING_WORDS = MappingProxyType(
    {
        "breakthrough": "a breakthrough",
        "partial_deal": "a partial deal",
        "keep_talking": "an agreement to talk on",
        "no_result": "no result",
        "breakdown": "a breakdown",
    }
)
#: The same as heads of columns.
ENDING_HEADS = MappingProxyType(
    {
        "breakthrough": "Breakthrough",
        "partial_deal": "Partial deal",
        "keep_talking": "Talk on",
        "no_result": "No result",
        "breakdown": "Breakdown",
    }
)
#: Who meets, by level.
WHO = MappingProxyType(
    {"leader": "heads of state or government", "minister": "ministers", "deputy": "deputies"}
)
#: What is said of a change of channel, by what it becomes.
CHANNEL = MappingProxyType(
    {
        "economic": "if economic officials led and the agenda were not one of climate or security",
        "climate": "if the agenda were climate alone",
        "diplomatic": "if diplomats or security advisers led",
    }
)


def name(r: TalksResults, side: int) -> str:
    """A side inside a sentence."""
    return in_sentence(r.parties[side].name)


def head(r: TalksResults, side: int) -> str:
    """A side at the head of a column."""
    return upper_first(in_sentence(r.parties[side].name).removeprefix("the "))


def capital(r: TalksResults, side: int) -> str:
    """The capital that stands for a side, or the side."""
    return in_sentence(r.parties[side].capital)


def where(r: TalksResults) -> str:
    """At which meeting."""
    title = r.section.title
    if title is None:
        return f"at their meeting of {day(r.section.date)}"
    return (
        f"at {title[0].lower()}{title[1:]}" if title.startswith(("The ", "A ")) else f"at {title}"
    )


def among(count: int, total: int) -> str:
    """So many of so many packages."""
    if count == total:
        return "the one package on the table" if total == 1 else f"all {total:,} packages"
    return f"{count if count else 'none'} of {total:,} packages"


def likeliest(odds: Odds) -> tuple[str, float]:
    """The likeliest ending in words, and its chance."""
    best = max(range(len(ENDINGS)), key=lambda k: odds[k])
    return ENDING_WORDS[ENDINGS[best]], odds[best]


def span(bounds: Sequence[float]) -> str:
    """A range of chances."""
    low, high = (100 * p for p in bounds)
    return f"{low:.0f} to {chance(high / 100)}"


def size(worth: float) -> str:
    """A worth without a plus."""
    return of_income(worth).lstrip("+")


def points_of(pp: float) -> str:
    """A move of a chance, in points."""
    size = f"{abs(pp):.0f}" if abs(pp) >= 1 else f"{abs(pp):.1f}"
    return f"{MINUS if pp < 0 else '+'}{size} points"


def levels(r: TalksResults, package: int) -> str:
    """What a package changes, issue by issue; "things as they are" where it changes nothing."""
    said = [
        f"{item.title} “{item.levels[k]}”"
        for item, k in zip(r.agenda.items, r.agenda.levels[package], strict=True)
        if k
    ]
    return join_names(said) if said else "things as they are"


def against(r: TalksResults, package: int) -> str:
    """A package by what it changes, or by how it differs from the balanced one if that is less."""
    whole = levels(r, package)
    if r.nash is None or package == r.nash:
        return whole if package != r.nash else "the balanced package"
    here, there = r.agenda.levels[package], r.agenda.levels[r.nash]
    said = [
        f"{item.title} “{item.levels[k]}”"
        for item, k, other in zip(r.agenda.items, here, there, strict=True)
        if k != other
    ]
    short = f"the balanced package with {join_names(said)}"
    return short if len(short) < len(whole) else whole


def signs_said(r: TalksResults) -> str:
    """The signs of the opening day, one by one."""
    s = r.signs
    said = [f"{WHO[r.section.level]} meet"]
    said += ["climate alone is on the agenda"] if s.climate else []
    said += ["diplomats or security advisers lead"] if s.diplomats else []
    if s.dated:
        said.append(f"a dated threat or deadline {'stands' if s.dated == 1 else 'could be argued'}")
    return join_names([*said, f"the tone is {tone(10 * s.tone)} of ±10"])


def changed(change: SignChange) -> str:
    """A change of a sign as a condition."""
    if change.sign == "level":
        return f"if {WHO[str(change.after)]} met instead of {WHO[str(change.before)]}"
    if change.sign == "channel":
        return CHANNEL[str(change.after)]
    if change.sign == "dated":
        return (
            "with a dated threat or deadline on the table"
            if float(change.after) > float(change.before)
            else "without a dated threat or deadline on the table"
        )
    warmer = "friendlier" if float(change.after) > float(change.before) else "harsher"
    return f"had both sides opened {warmer} ({tone(float(change.after))} instead of " + (
        f"{tone(float(change.before))})"
    )
