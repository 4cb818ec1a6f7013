"""What else is wrong with a section that is broken at some places?"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.scenario.groups import Labels
from detente.scenario.targets import Target
from detente.talks.checks import problems_of
from detente.talks.given import Place, Problems
from detente.talks.section import TalksSection

__all__ = ["problems_despite"]

#: Stands in for what a section must have and does not, so that the rest can be looked at.
STAND_IN = {"date": "2025-01-01", "level": "leader"}
#: Tables whose entries can be left out one by one.
BY_NAME = ("issue", "tone", "unwilling", "pressure", "what_if")
#: What can be said of a section whose parties are not understood.
WITHOUT_PARTIES = ("date", "my_odds", "always", "diplomats")


def problems_despite(
    raw: object,
    broken: Iterable[Place],
    labels: Labels,
    measure_ids: Sequence[str],
    targets: Mapping[str, Sequence[Target]] | None = None,
    folder: Path | None = None,
) -> Problems:
    """Problems of meaning of the parts of a section whose form is right.

    Parameters
    ----------
    raw
        The section as it stands in the file.
    broken
        Places at which its form is wrong; they are not spoken of again, nor is what may follow
        from them.
    labels, measure_ids, targets, folder
        As for :func:`detente.talks.problems_of`.
    """
    if not isinstance(raw, Mapping):
        return []
    left: dict[str, Any] = copy.deepcopy(dict(raw))
    gone: set[Place] = set()
    for place in broken:
        root = str(place[0]) if place else ""
        cut = place[:2] if root in BY_NAME and isinstance(left.get(root), dict) else place[:1]
        if len(cut) == 2:
            left[root].pop(cut[1], None)
        else:
            left.pop(root, None)
        gone.add(cut)
    lost = {str(place[0]) for place in gone}
    parties = {} if "parties" in left else {"parties": [labels.economies[0], labels.economies[-1]]}
    try:
        section = TalksSection.model_validate(STAND_IN | parties | left)
    except ValidationError:
        return []
    found = problems_of(section, labels, measure_ids, targets, folder)
    found = [
        (text, place) for text, place in found if place[:1] not in gone and place[:2] not in gone
    ]
    if parties:
        found = [(text, place) for text, place in found if place and place[0] in WITHOUT_PARTIES]
    if "issue" in lost:  # what names an issue may mean one that is broken
        found = [(text, p) for text, p in found if "signed" not in p and "issue" not in p[1:]]
    return found
