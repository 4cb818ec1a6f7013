"""What do the page and the terminal show of a meeting?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.report.tables import talks as tables
from detente.report.tables.table import TextTable
from detente.report.words.talks import Told, talks_answer, talks_limits, talks_told
from detente.talks import TalksResults


@dataclass(frozen=True)
class TalksPage:
    """Everything that is shown of a meeting, in words and tables of text."""

    answer: str
    odds: TextTable
    alike: TextTable
    changes: TextTable
    packages: TextTable
    told: tuple[Told, ...]
    break_evens: TextTable
    reading: TextTable
    what_if: TextTable
    judged: TextTable
    given: int
    limits: tuple[str, ...]


def talks_page(r: TalksResults) -> TalksPage:
    """A meeting as a page shows it."""
    return TalksPage(
        answer=talks_answer(r),
        odds=tables.odds_table(r),
        alike=tables.alike_table(r),
        changes=tables.changes_table(r),
        packages=tables.packages_table(r),
        told=talks_told(r),
        break_evens=tables.break_evens_table(r),
        reading=tables.reading_table(r),
        what_if=tables.what_if_table(r),
        judged=tables.judged_table(r),
        given=sum(number.given for number in r.judged),
        limits=talks_limits(r),
    )


def talks_values(r: TalksResults) -> dict[str, Any]:
    """A meeting as plain values for a program."""
    o, ids = r.odds, [side.id for side in r.parties]

    def by_side(pair: Any) -> dict[str, Any] | None:
        return None if pair is None else dict(zip(ids, pair, strict=True))

    def package(number: int | None) -> dict[str, Any] | None:
        if number is None:
            return None
        p = r.packages[number]
        levels = {i.name: v for i, v in zip(r.agenda.items, p.levels, strict=True)}
        return {
            "number": p.number,
            "levels": levels,
            "worth": by_side(p.worth),
            "trade": by_side(p.trade),
            "beyond": by_side(p.beyond),
            "in_zone": p.in_zone,
            "on_frontier": p.on_frontier,
        }

    return {
        "case": r.case,
        "answer": talks_answer(r),
        "parties": ids,
        "signs": vars(r.signs) | {"sum": r.signs.sum},
        "odds": {
            "record": o.record.odds._asdict(),
            "case": o.case._asdict(),
            "blend": o.blend._asdict(),
            "base_rates": o.base_rates._asdict(),
            "deal": {"record": o.record.odds.deal, "case": o.case.deal, "blend": o.blend.deal},
            "deal_range": {"record": o.record_range.deal, "case": o.case_range.deal},
            "zone_share": o.zone_share,
            "own": None if o.own is None else o.own._asdict(),
            "meetings_behind": o.record.meetings.effective,
            "alike": [m.id for m in o.record.meetings.alike],
        },
        "changes": [c._asdict() | {"odds": c.odds._asdict()} for c in r.changes],
        "escalation": r.escalation._asdict() | {"election_year": r.election_year},
        "packages": len(r.packages),
        "in_zone": 0 if r.zone is None else len(r.zone.members),
        "nash": package(r.nash),
        "signed": package(r.signed),
        "frontier": [] if r.zone is None else [package(int(k)) for k in r.zone.frontier],
        "blocks": []
        if r.zone is None
        else [
            {
                "side": ids[b.side],
                "filter": b.filter,
                "stopped": b.stopped,
                "alone": len(b.alone),
                "best": package(b.alone[0]) if b.alone else None,
                "short": b.short,
            }
            for b in r.zone.blocks
        ],
        "break_evens": [b._asdict() | {"side": ids[b.side]} for b in r.break_evens],
        "linkage": by_side(r.linkage),
        "holding_years": by_side(r.holding),
        "delay": None if r.delay is None else by_side([d._asdict() for d in r.delay]),
        "next_government": None if r.next_government is None else r.next_government._asdict(),
        "worth_of_meeting": None
        if r.worth_of_meeting is None
        else by_side([m._asdict() for m in r.worth_of_meeting]),
        "reading": {party: found.probability for party, found in r.reading.items()},
        "what_if": {
            w.name: {
                "by_itself": by_side(w.moved),
                "in_zone": w.members,
                "zone_share": w.zone_share,
                "deal": w.odds.case.deal,
            }
            for w in r.what_if
        },
        "judged": [vars(j) for j in r.judged],
        "limits": list(talks_limits(r)),
    }
