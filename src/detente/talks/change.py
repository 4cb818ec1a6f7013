"""Which one change of a sign would move the odds most?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from detente.talks.fitted import Odds
from detente.talks.odds import OWN_MEETINGS, blended
from detente.talks.signs import Signs

__all__ = ["SignChange", "changes"]

#: A turn of tone that a reader could imagine, in y: two points of −10 to 10, the noise of coding.
TONE_STEP = 0.2


class SignChange(NamedTuple):
    """The odds with one sign changed.

    Attributes
    ----------
    sign
        "level", "channel", "dated" or "tone".
    before, after
        Words for level and channel, numbers for the others (tone on −10 to 10).
    odds
        The blend after the change.
    deal_pp, moved_pp
        Percentage points by which a deal, and each ending, becomes likelier.
    """

    sign: str
    before: str | float
    after: str | float
    odds: Odds
    deal_pp: float
    moved_pp: Odds

    @property
    def size(self) -> float:
        """Half the sum of all moves, in points: how much chance changes its place."""
        return sum(abs(p) for p in self.moved_pp) / 2


def _imagined(signs: Signs) -> Iterator[tuple[str, str | float, str | float, Signs]]:
    """Every change that a reader could imagine on the opening day."""
    if signs.leaders:
        yield "level", "leader", "minister", replace(signs, leaders=0.0)
    else:
        yield "level", "minister", "leader", replace(signs, leaders=1.0, diplomats=0.0)
        if signs.climate:
            yield "channel", "climate", "economic", replace(signs, climate=0.0)
        elif signs.diplomats:
            yield "channel", "diplomatic", "economic", replace(signs, diplomats=0.0)
        else:
            yield "channel", "economic", "diplomatic", replace(signs, diplomats=1.0)
    for dated in (0.0, 1.0):
        if dated != signs.dated:
            yield "dated", signs.dated, dated, replace(signs, dated=dated)
    for step in (-TONE_STEP, TONE_STEP):
        tone = max(-1.0, min(1.0, signs.tone + step))
        if tone != signs.tone:
            yield "tone", 10 * signs.tone, round(10 * tone, 9), replace(signs, tone=tone)


def changes(
    signs: Signs,
    zone_share: float | None = None,
    own: Sequence[float] | None = None,
    meetings_of_own: float = OWN_MEETINGS,
) -> tuple[SignChange, ...]:
    """What each single change of a sign would do to the blend, largest first.

    Signs, zone and own odds are given as to :func:`detente.talks.meeting_odds`.

    Examples
    --------
    >>> first = changes(Signs.of(level="leader", dated=1, tone=3))[0]
    >>> print(first.sign, first.after, f"{first.deal_pp:+.0f}")
    level minister -40
    """
    now = blended(signs, zone_share, own, meetings_of_own)
    found = []
    for sign, before, after, changed in _imagined(signs):
        then = blended(changed, zone_share, own, meetings_of_own)
        moved = Odds(*(100 * (p - q) for p, q in zip(then, now, strict=True)))
        found.append(SignChange(sign, before, after, then, moved.deal, moved))
    return tuple(sorted(found, key=lambda change: -change.size))
