"""Which measures of a meeting would stand together without saying how they meet?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from detente.errors import InputError
from detente.scenario.groups import Labels
from detente.scenario.targets import Target, clashes, no_rule
from detente.talks.given import Place
from detente.talks.section import TalksSection

__all__ = ["contradictions"]


def contradictions(
    section: TalksSection,
    names: Sequence[str],
    targets: Mapping[str, Sequence[Target]],
    labels: Labels,
) -> Iterator[tuple[InputError, Place]]:
    """Measures that stand together in a package and meet without a rule.

    Parameters
    ----------
    names
        Of the measures that the meeting has to do with, in the order of the case: the second of two
        has to say how they meet.
    targets
        What each measure does, as far as it is understood.
    """
    every = [t for name in names if name in targets for t in targets[name]]
    exclusive = [
        [frozenset(names) for names in issue.levels.values()] for issue in section.issue.values()
    ]
    told: set[tuple[str, str]] = set()
    for (second, first), flow in sorted(clashes(every, len(labels.sectors)).items()):
        one, two = every[first], every[second]
        pair = (str(one.measure.id), str(two.measure.id))
        if pair in told or _never_together(pair, exclusive):
            continue
        told.add(pair)
        yield no_rule(labels, one, two, flow), ()


def _never_together(pair: tuple[str, str], exclusive: list[list[frozenset[str]]]) -> bool:
    """Whether two measures belong to different levels of one issue, and to no level together."""
    for levels in exclusive:
        homes = [[k for k, names in enumerate(levels) if name in names] for name in pair]
        if all(homes):
            return not set(homes[0]) & set(homes[1])
    return False
