"""What is known of a pair of parties before they meet?

Every number that nothing but judgement gives has a default here: that of the pair's profile, else
that of any pair. What the file gives comes first.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from math import inf
from types import MappingProxyType
from typing import Any

from detente.data import economies, groups
from detente.errors import UnknownNameError
from detente.scenario.groups import Labels, resolve_economies
from detente.talks.reading import ReadingConstants
from detente.talks.section import TalksSection

__all__ = ["Judged", "Profile", "Side", "list_profiles", "profile_of", "sides_of"]

#: The profile behind all others.
ANY_PAIR = "any-pair"
#: What numbers can be: κ is revealed to be at least one, chances and shares lie within 0 and 1.
BOUNDS = {"kappa": (1.0, inf), "tau": (0.0, inf)} | dict.fromkeys(
    ("e", "unwilling", "pressure", "candour"), (0.0, 1.0)
)
#: 5 % of a normal lie above so many standard deviations.
FIVE_PERCENT = 1.645


@dataclass(frozen=True)
class Judged:
    """A number that nothing but judgement gives.

    Attributes
    ----------
    name
        Dotted, as in the file: "parties.USA.kappa", "issue.farm.beyond.lifted.USA".
    value, default
        What is used, and what would be; None where there is no default.
    low, high
        Range over which it is drawn, or in which it may well lie.
    given
        True where the file gives it.
    source
        The reason: the file's own where it gives one, else the profile's.
    """

    name: str
    value: float
    default: float | None
    low: float
    high: float
    given: bool
    source: str


@dataclass(frozen=True)
class Profile:
    """A pair, or any pair.

    Attributes
    ----------
    name
        Name of its file.
    parties
        What is known of each side: `name`, `capital`. Empty for any pair.
    numbers
        Defaults by name.
    reading
        How tones arise.
    """

    name: str
    parties: Mapping[str, Mapping[str, Any]]
    numbers: Mapping[str, Judged]
    reading: ReadingConstants

    @property
    def is_default(self) -> bool:
        """True where nothing is known of the pair: what holds for any pair is used."""
        return self.name == ANY_PAIR

    def judged(self, number: str, given: float | None, name: str, source: str = "") -> Judged:
        """A number as it is used: the file's, else the default.

        The range of a given number is as wide as the default's, within what the number can be.
        """
        base = self.numbers[number]
        value = base.value if given is None else given
        least, most = BOUNDS.get(number, (-inf, inf))
        return Judged(
            name=name,
            value=value,
            default=base.value,
            low=base.low if given is None else max(least, base.low + given - base.value),
            high=base.high if given is None else min(most, base.high + given - base.value),
            given=given is not None,
            source=source or ("" if given is not None else base.source),
        )


@dataclass(frozen=True)
class Side:
    """One of the two parties.

    Attributes
    ----------
    id
        As in the file.
    name, capital
        For the reader; `capital` falls back on the name.
    economies
        Whom it speaks for.
    kappa, q, tau, drift
        As used.
    """

    id: str
    name: str
    capital: str
    economies: tuple[str, ...]
    kappa: Judged
    q: Judged
    tau: Judged
    drift: Judged


def list_profiles() -> tuple[str, ...]:
    """Names of the shipped profiles of pairs.

    Examples
    --------
    >>> list_profiles()
    ('us-china',)
    """
    folder = resources.files("detente.talks") / "profiles"
    names = (f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    return tuple(sorted(name for name in names if name != ANY_PAIR))


@cache
def _read(name: str) -> Profile:
    file = resources.files("detente.talks") / "profiles" / f"{name}.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    numbers = {} if name == ANY_PAIR else dict(_read(ANY_PAIR).numbers)
    for key, said in table.get("numbers", {}).items():
        numbers[key] = Judged(
            name=key,
            value=said["value"],
            default=said["value"],
            low=said["low"],
            high=said["high"],
            given=False,
            source=said["source"],
        )
    return Profile(
        name=name,
        parties=MappingProxyType(table.get("parties", {})),
        numbers=MappingProxyType(numbers),
        reading=ReadingConstants(**table.get("reading", {})),
    )


def profile_of(section: TalksSection) -> Profile:
    """The profile that a meeting's parties have: the one named, else the pair's, else any pair's.

    Raises
    ------
    UnknownNameError
        No profile of that name.
    """
    asked = section.parties.profile
    if asked is not None:
        if asked not in list_profiles():
            raise UnknownNameError("profile", asked, list_profiles())
        return _read(asked)
    named = set(section.parties.named)
    for name in list_profiles():
        if set(_read(name).parties) == named:
            return _read(name)
    return _read(ANY_PAIR)


def party_ids(section: TalksSection) -> tuple[str, ...]:
    """Ids of the parties: the profile's where one is named, else the file's, in its order."""
    if section.parties.profile is not None:
        return tuple(profile_of(section).parties)
    return tuple(section.parties.named)


def sides_of(section: TalksSection, labels: Labels | None = None) -> tuple[Side, Side]:
    """The two parties with every number that is used for them.

    Parameters
    ----------
    labels
        The world, for the members of groups; without one a side speaks for the economy that it is
        called after.
    """
    profile = profile_of(section)
    first, second = (_side(name, section, profile, labels) for name in party_ids(section))
    return first, second


def _side(name: str, section: TalksSection, profile: Profile, labels: Labels | None) -> Side:
    own = section.parties.named.get(name)
    known = profile.parties.get(name, {})

    def judged(number: str) -> Judged:
        given = None if own is None else getattr(own, number)
        why = "" if own is None or given is None else own.why
        return profile.judged(number, given, f"parties.{name}.{number}", why)

    inside = own.economies if own is not None else ()
    if not inside:
        inside = (name,) if labels is None else resolve_economies(labels, (name,))
    listed = economies().get(name) or groups().get(name)
    shown = (own.name if own is not None else None) or known.get("name")
    shown = shown or (name if listed is None else listed.name)
    q, tau = judged("q"), judged("tau")
    width = FIVE_PERCENT * tau.value
    return Side(
        id=name,
        name=shown,
        capital=known.get("capital", shown),
        economies=inside,
        kappa=judged("kappa"),
        q=replace(q, low=q.value - width, high=q.value + width),
        tau=tau,
        drift=judged("drift"),
    )
