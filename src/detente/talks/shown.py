"""Which packages are worth a reader's look, and what do both sides get from each?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.talks.table_round import joint_share, kind_of
from detente.talks.zopa import deviation_gains

if TYPE_CHECKING:
    from detente.talks.bargaining import BargainingPoint
    from detente.talks.meeting import TalksResults
    from detente.talks.outcome import Horizon
    from detente.talks.section import TalksSection

__all__ = ["LIKELY", "Shown", "called", "shown_packages"]

#: Packages that are shown because they are the likeliest to be signed.
LIKELIEST = 3
#: What they are called.
LIKELY = "among the likeliest to be signed"


@dataclass(frozen=True)
class Shown:
    """One package, in the order in which packages are shown.

    Attributes
    ----------
    mark
        A letter to point at it: A, B, ...
    names
        Why it is shown: its title in the file, solutions that choose it, "likely to be signed".
    contents
        What it changes, in words.
    gain
        Worth over no deal, percent of own real income, by side.
    gets_home
        Chance that it is ratified, by side.
    signed
        Chance that it is signed at this meeting.
    kind
        What it would be called if it were signed; "keep talking" where it settles nothing else.
    breach_listed
        Worth of the best breach among the levels on the table, by side.
    breach_tariffs
        Real income that the best of all tariffs on the other side would add; None where it was
        not worked out, for the reason given.
    """

    mark: str
    package: int
    names: tuple[str, ...]
    contents: str
    gain: tuple[float, float]
    gets_home: tuple[float, float]
    signed: float
    kind: str
    breach_listed: tuple[float, float]
    breach_tariffs: tuple[float, float] | None
    why_none: str


def _letters(number: int) -> str:
    """A, B, ... Z, AA, AB, ...; as numbered lists in CSS go on.

    Examples
    --------
    >>> _letters(0), _letters(25), _letters(26), _letters(53)
    ('A', 'Z', 'AA', 'BB')
    """
    before, last = divmod(number, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def called(
    talks: TalksSection, points: Mapping[str, BargainingPoint], horizon: Horizon
) -> dict[int, tuple[str, ...]]:
    """Packages that are shown, and why: named ones, solutions, the likeliest to be signed."""
    agenda, signed = horizon.now.stand.ground.agenda, horizon.now.signed
    out: dict[int, list[str]] = {}
    for named in talks.named:
        out.setdefault(agenda.number(named.levels), []).append(f"“{named.title}”")
    for name, point in points.items():
        out.setdefault(point.packages[0], []).append(name)
    for package in sorted(signed, key=lambda p: (-signed[p], p))[:LIKELIEST]:
        if signed[package] > 0:
            out.setdefault(package, []).append(LIKELY)
    return {package: tuple(names) for package, names in out.items()}


def shown_packages(results: TalksResults) -> tuple[Shown, ...]:
    """What both sides get from each of the packages that are shown."""
    now, ground = results.horizon.now, results.ground
    stand, agenda = now.stand, ground.agenda
    breach = [
        deviation_gains(agenda, stand.worth[0, :, k], ground.sides[k].performed) for k in (0, 1)
    ]
    replies = {r.package: r for r in results.replies}
    share = joint_share(stand, now.gain)
    out = []
    for n, (p, names) in enumerate(called(results.talks, results.points, results.horizon).items()):
        reply = replies.get(p)
        only_talk = all(agenda.issues[k].talk_only for k in agenda.moved(p))
        out.append(
            Shown(
                mark=_letters(n),
                package=p,
                names=names,
                contents=agenda.changes(p),
                gain=(float(now.gain[p, 0]), float(now.gain[p, 1])),
                gets_home=(float(stand.ratified[p, 0]), float(stand.ratified[p, 1])),
                signed=now.signed.get(p, 0.0),
                kind="keep talking" if only_talk else kind_of(stand, p, share),
                breach_listed=(float(breach[0][p]), float(breach[1][p])),
                breach_tariffs=reply.gain if reply else None,
                why_none=reply.why_none if reply else "",
            )
        )
    return tuple(out)
