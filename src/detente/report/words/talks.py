"""What is said of a meeting: how it ends, what both would sign, what blocks the rest?

Sentences name the two sides of the meeting, whoever they are. A worth is in percent of the side's
own real income a year over how things are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.report.words import talks_after as after
from detente.report.words.talks_words import (
    ENDING_HEADS,
    ENDING_WORDS,
    against,
    among,
    capital,
    changed,
    levels,
    likeliest,
    name,
    points_of,
    signs_said,
    size,
    span,
    where,
)
from detente.talks import TalksResults, recorded_meetings
from detente.wording import chance, join_names, number, of_income, sentence, tone

#: Opening tones from here down are called harsh, −10 to 10.
HARSH = -3.0
#: A tenth of a point of chance: smaller moves are none.
TENTH = 0.05


@dataclass(frozen=True)
class Told:
    """A question of the page with its answer, in sentences."""

    question: str
    text: str


def talks_answer(r: TalksResults) -> str:
    """The answer in two sentences, the first of which stands alone."""
    a, b = name(r, 0), name(r, 1)
    best, share = likeliest(r.odds.blend)
    first = (
        f"{a} and {b} reach a deal {where(r)} with a chance of {chance(r.odds.blend.deal)}; the "
        f"likeliest ending is {best} ({chance(share)})"
    )
    return f"{sentence(first)} {sentence(_deal_in_short(r))}"


def _deal_in_short(r: TalksResults) -> str:
    """What could be signed, in a sentence."""
    if r.zone is None or not r.packages:
        return "the file puts nothing on the table, so the odds rest on the opening day alone"
    count = len(r.packages) - 1
    if r.nash is None:
        return f"{among(0, count)} on the table would be signed by both and pass at home"
    worth = r.packages[r.nash].worth
    return (
        f"{among(len(r.zone.members), count)} on the table would be signed by both and pass at "
        f"home. The one that balances both gains best is worth {of_income(worth[0])} of real "
        f"income to {name(r, 0)} and {of_income(worth[1])} to {name(r, 1)}"
    )


def talks_told(r: TalksResults) -> tuple[Told, ...]:
    """Every question that the meeting answers, in the order of the page."""
    asked = (
        ("How will it end?", _ending(r)),
        ("What one change would move the odds most?", _change(r)),
        ("What could both sign?", _signed(r)),
        ("What blocks the rest?", _blocks(r)),
        ("How far may the judged numbers be off?", _break_evens(r)),
        ("Unwilling, or playing to the audience at home?", _reading(r)),
        ("Loud before giving way?", _loud(r)),
        ("Who gains by waiting?", after.delay(r)),
        ("What would another government do?", after.next_government(r)),
        ("Was it worth meeting?", after.worth_of_meeting(r)),
        ("Is it an accomplishment if nothing gets worse?", after.calm(r)),
        ("Do the issues need each other, and would the deal hold?", after.linkage(r)),
    )
    told = ((question, " ".join(map(sentence, said))) for question, said in asked)
    return tuple(Told(question, text) for question, text in told if text)


# ---- odds -------------------------------------------------------------------------------------


def _ending(r: TalksResults) -> Iterator[str]:
    odds = r.odds
    total = number(r.signs.sum, 2, sign=True)
    yield f"the signs of the opening day sum to {total}: {signs_said(r)}"
    yield (
        f"by these alone the record gives a deal {chance(odds.record.odds.deal)} "
        f"({span(odds.record_range.deal)}), which about {odds.record.meetings.effective:.0f} "
        f"meetings stand behind; {_alike(r)}"
    )
    if odds.zone_share is not None:
        yield (
            f"the packages make it {chance(odds.case.deal)} ({span(odds.case_range.deal)}), since "
            "with judged numbers as unsure as they are both would sign something in "
            f"{chance(odds.zone_share)} of the draws"
        )
    if odds.own is not None:
        yield (
            f"own odds of {chance(odds.own.deal)}, which count as five meetings, make it "
            f"{chance(odds.blend.deal)}"
        )


def _alike(r: TalksResults) -> str:
    ended: dict[str, int] = {}
    for meeting in r.odds.record.meetings.alike:
        ended[meeting.endings[0]] = ended.get(meeting.endings[0], 0) + 1
    ranked = sorted(ended.items(), key=lambda item: -item[1])
    if len(ranked) == 1:
        return f"all of the {ranked[0][1]} most alike ended in {ENDING_WORDS[ranked[0][0]]}"
    said = [f"{n} ended in {ENDING_WORDS[ending]}" for ending, n in ranked]
    return f"of the {sum(ended.values())} most alike {join_names(said)}"


def _change(r: TalksResults) -> Iterator[str]:
    first = r.changes[0] if r.changes else None
    if first is None:
        return
    moved = sorted(zip(ENDING_HEADS, first.moved_pp, strict=True), key=lambda item: -abs(item[1]))
    said = join_names(
        [f"{ENDING_HEADS[k].lower()} {points_of(pp)}" for k, pp in moved[:2] if abs(pp) >= TENTH]
    )
    if abs(first.deal_pp) < 1:
        yield f"{changed(first)}: {said}; a deal would hardly be likelier"
        return
    yield (
        f"{changed(first)}, a deal would have a chance of {chance(first.odds.deal)} instead of "
        f"{chance(r.odds.blend.deal)}; most moved are {said}"
    )


# ---- packages ---------------------------------------------------------------------------------


def _signed(r: TalksResults) -> Iterator[str]:
    if r.zone is None or r.worths is None or not r.packages:
        return
    if r.nash is None:
        yield from _nothing(r)
    else:
        yield f"the package that balances both gains best has {levels(r, r.nash)}"
        calm = 0 if r.calm is None else len(r.calm.members)
        if calm < len(r.zone.members):
            d = [of_income(float(x)) for x in r.worths.no_deal]
            yield (
                f"without the threat {calm:,} of the {len(r.packages) - 1:,} packages would pass; "
                f"with it no deal is worth {d[0]} to {name(r, 0)} and {d[1]} to {name(r, 1)}"
            )
    if r.signed is not None:
        done = r.packages[r.signed]
        where_it_is = "outside what both would sign by these numbers"
        if done.in_zone:
            where_it_is = (
                "on the frontier" if done.on_frontier else "in the zone, below the frontier"
            )
        yield (
            f"what was agreed, {against(r, r.signed)}, is worth {of_income(done.worth[0])} to "
            f"{name(r, 0)} and {of_income(done.worth[1])} to {name(r, 1)}: {where_it_is}"
        )


def _nothing(r: TalksResults) -> Iterator[str]:
    """Why the zone is empty, and what comes nearest."""
    zone = r.zone
    if zone is None or zone.nearest is None or zone.emptied_by is None:
        yield "nothing on the table can be weighed"
        return
    stop = zone.emptied_by
    verb = "would not sign" if stop.filter == "signs" else "would not get home"
    yield f"{name(r, stop.side)} {verb} {stop.stopped:,} of {len(r.packages) - 1:,} packages"
    short = [f"{size(x)} to {name(r, k)}" for k, x in enumerate(zone.short) if x > 0]
    lacks = f"lacks {join_names(short)}" if short else f"leaves {name(r, stop.side)} no better off"
    yield f"nearest comes {levels(r, zone.nearest)}, which {lacks}"


def _blocks(r: TalksResults) -> Iterator[str]:
    if r.zone is None or not r.packages:
        return
    blocks = [b for b in r.zone.blocks if b.alone]
    joint = {b: sum(r.packages[b.alone[0]].worth) for b in blocks}
    for block in sorted(blocks, key=lambda b: -joint[b]):
        who, other = name(r, block.side), name(r, 1 - block.side)
        stops = (
            f"{who} alone refuses {len(block.alone):,} packages that {other} would sign"
            if block.filter == "signs"
            else f"{len(block.alone):,} packages fail at home in {who} alone"
        )
        yield (
            f"{stops}; the best of them, {against(r, block.alone[0])}, misses by "
            f"{size(block.short)}"
        )
    if not blocks and r.nash is not None:
        yield f"nothing does: all {len(r.packages) - 1:,} packages would be signed and pass at home"


def _break_evens(r: TalksResults) -> Iterator[str]:
    package = r.signed if r.signed is not None and r.packages[r.signed].in_zone else r.nash
    if package is None:
        return
    what = "what was agreed" if package == r.signed else "the balanced package"
    for side in (0, 1):
        rows = [b for b in r.break_evens if b.package == package and b.side == side]
        kappa = next((b for b in rows if b.what == "kappa" and b.at is not None), None)
        home = next((b for b in rows if b.what == "q"), None)
        if kappa is not None and kappa.at is not None:
            calm = "" if kappa.without_threat is None else number(kappa.without_threat, 1)
            calm = f", without the threat {calm} times" if kappa.without_threat else ""
            yield (
                f"{capital(r, side)} signs {what} while its own measures are worth less to it than "
                f"{number(kappa.at, 1)} times what they cost it{calm} (judged {kappa.value:g})"
            )
        if home is not None and home.at is not None:
            yield (
                f"home in {name(r, side)} may ask for {size(home.at)} over no deal before it fails "
                f"(judged {home.value:g})"
            )


# ---- words ------------------------------------------------------------------------------------


def _reading(r: TalksResults) -> Iterator[str]:
    for party, found in r.reading.items():
        side = next(k for k, p in enumerate(r.parties) if p.id == party)
        yield (
            f"{name(r, side)} is unwilling with a chance of {chance(found.probability)} (before a "
            f"word was said {chance(found.prior)}); else it is willing and speaks to its audience "
            "at home"
        )
        if any(term.statement.setting == "private" for term in found.terms):
            candid, scripted = (chance(p) for p in (found.by_candour[1], found.by_candour[0]))
            yield (
                "whether the room was candid changes nothing here"
                if candid == scripted
                else f"if the room was candid it is {candid}, if talking points were repeated "
                f"{scripted}"
            )
        told = found.most_informative
        yield (
            f"most would be learnt from a {told.setting} statement of tone {tone(told.tone)}: the "
            f"chance would be {chance(told.probability)}"
        )


def _loud(r: TalksResults) -> Iterator[str]:
    """The record: tone at the opening against the ending."""
    meetings = recorded_meetings()
    deals = ("breakthrough", "partial_deal")
    groups = (
        [m for m in meetings if 10 * m.signs.tone <= HARSH],
        [m for m in meetings if 10 * m.signs.tone > HARSH],
    )
    counts = [sum(e in deals for m in group for e in m.endings) / 2 for group in groups]
    yield (
        f"not by the record: of {len(groups[0])} meetings that opened at {tone(HARSH)} or harsher "
        f"{counts[0]:g} ended in a deal, of the {len(groups[1])} others {counts[1]:g}"
    )
    yield f"this one opened at {tone(10 * r.signs.tone)} on a scale from −10 to +10"


# ---- limits -----------------------------------------------------------------------------------


def talks_limits(r: TalksResults) -> tuple[str, ...]:
    """What these numbers cannot bear."""
    lines: list[str] = [
        "The record is 55 meetings of the United States and China of 2017 to 2024. "
        "For 2025 and 2026 its odds of a deal are still too low: it expects 3.2 where 6 were made.",
        "That packages count as half a sign, and own odds as five meetings, is judged; the log of "
        "sealed forecasts will tell.",
        "Chances of escalation are weak: they beat the base rate within the record, not from one "
        "administration to another.",
        "Whether a tough tone makes room at home is not answered: nothing in the record identifies "
        "it.",
    ]
    if r.profile.is_default:
        lines.append(
            f"Nothing is known of {name(r, 0)} and {name(r, 1)} as a pair: judged numbers are "
            "those of any pair, and the record is of two other parties."
        )
    if any(issue.beyond for issue in r.section.issue.values()):
        lines.append(
            "Worth beyond trade is judged, and may be off by a factor of three either way; the "
            "break-evens say how far."
        )
    if r.packages and not r.priced:
        lines.append("Nothing on the table moves trade, so judged worths alone weigh the packages.")
    elif r.packages:
        lines.append(
            "A side's own measures are taken to be worth their cost to it at least, since it keeps "
            f"them. Packages are priced for the {r.section.horizon}."
        )
    if r.failures:
        lines.append(f"{len(r.failures)} sets of measures have no equilibrium and are left out.")
    return tuple(lines)
