"""Which numbers of a meeting does nothing but judgement give, and what stands in for them?"""

from __future__ import annotations

from detente.talks.draws import FACTOR
from detente.talks.profile import Judged, Profile, Side
from detente.talks.section import TalksSection

__all__ = ["judged_numbers"]


def judged_numbers(
    section: TalksSection, profile: Profile, sides: tuple[Side, Side]
) -> dict[str, Judged]:
    """Every judged number of a meeting by its dotted name, as it is used.

    Worth beyond trade has no default and a range of a factor of three either way. Numbers of the
    reading are among them where statements are read.
    """
    found = [number for side in sides for number in (side.kappa, side.q, side.tau, side.drift)]
    fallback = section.fallback
    if fallback is not None and (fallback.measures or fallback.beyond):
        found.append(profile.judged("e", fallback.chance, "fallback.chance", fallback.source))
        found += [
            _beyond(f"fallback.beyond.{party}", worth, fallback.source)
            for party, worth in fallback.beyond.items()
        ]
    for name, issue in section.issue.items():
        for level, worths in issue.beyond.items():
            found += [
                _beyond(f"issue.{name}.beyond.{level}.{party}", worth, issue.why or issue.source)
                for party, worth in worths.items()
            ]
    if section.next_government is not None:
        chance, source = section.next_government.hazard, section.next_government.source
        found.append(Judged("next_government.hazard", chance, None, chance, chance, True, source))
    if section.said:
        for party in dict.fromkeys(said.by for said in section.said):
            found += [
                profile.judged("unwilling", section.unwilling.get(party), f"unwilling.{party}"),
                profile.judged("pressure", section.pressure.get(party), f"pressure.{party}"),
            ]
        found.append(profile.judged("candour", section.candour, "candour"))
    return {number.name: number for number in found}


def _beyond(name: str, worth: float, why: str) -> Judged:
    """Worth beyond trade: within a factor of three."""
    low, high = sorted((worth / FACTOR, worth * FACTOR))
    return Judged(name, worth, None, low, high, True, why)
