"""What follows from a meeting: who gains by waiting, was it worth it, would a deal hold?"""

from __future__ import annotations

from collections.abc import Iterator

from detente.report.words.talks_words import levels, name, size, span
from detente.talks import TalksResults
from detente.wording import chance, in_sentence, join_names, number, of_income

#: A cost of holding a meeting to set its worth against, % of real income.
COST = 0.01
#: Whose elections the chance of escalation hangs on.
VOTER = "USA"


def delay(r: TalksResults) -> Iterator[str]:
    """Who gains by waiting."""
    if r.delay is None or r.nash is None:
        return
    for side, d in enumerate(r.delay):
        wait = "a year" if d.years == 1 else f"{d.years:g} years"
        lost, gained = size(d.lost), size(d.gained)
        brings = f"brings {gained}" if d.gained else "brings nothing"
        yield (
            f"{name(r, side)} {'does' if d.gains else 'does not'}: to wait {wait} puts {lost} at "
            f"risk and {brings}; it would pay from {size(d.break_even)} a year on"
        )


def next_government(r: TalksResults) -> Iterator[str]:
    """What another government would do."""
    announced = r.next_government
    if announced is None:
        return
    side = next(k for k, p in enumerate(r.parties) if p.id == announced.by)
    yield (
        f"with a chance of {chance(announced.hazard)} another government is in office in "
        f"{name(r, side)} before the next meeting; what it has announced is worth "
        f"{of_income(announced.worth[0])} to {name(r, 0)} and "
        f"{of_income(announced.worth[1])} to {name(r, 1)}"
    )
    yield (
        f"times its chance, waiting carries {of_income(announced.carried[0])} and "
        f"{of_income(announced.carried[1])} of it"
    )


# ---- worth ------------------------------------------------------------------------------------


def worth_of_meeting(r: TalksResults) -> Iterator[str]:
    """What holding the meeting is worth."""
    if r.worth_of_meeting is None or r.nash is None:
        return
    first, second = r.worth_of_meeting
    yield (
        f"the chance of a deal makes it worth {of_income(first.expected)} to {name(r, 0)} and "
        f"{of_income(second.expected)} to {name(r, 1)}"
    )
    needed = [(name(r, k), m.points_for(COST)) for k, m in enumerate(r.worth_of_meeting)]
    said = [f"{100 * p:.0f} points for {who}" for who, p in needed if p is not None and p <= 1]
    if said:
        yield (
            f"if holding it cost {COST:g} % of real income, it would have to lower the chance of "
            f"the fallback by {join_names(said)}"
        )
    never = [who for who, p in needed if p is None or p > 1]
    if never:
        yield (
            f"to {join_names(never)} the fallback costs less than {COST:g} %, so no fall of its "
            "chance alone would earn as much"
        )


def calm(r: TalksResults) -> Iterator[str]:
    """What it is worth that nothing gets worse."""
    calm = r.worth_of_no_escalation
    if calm is not None and any(calm):
        more = ""
        if r.nash is not None:
            over = [k for k in (0, 1) if calm[k] > r.packages[r.nash].worth[k] > 0]
            if over:
                who = "both" if len(over) == 2 else name(r, over[0])
                more = f", to {who} more than the balanced package"
        yield (
            f"that the fallback does not happen is worth {of_income(calm[0])} to {name(r, 0)} and "
            f"{of_income(calm[1])} to {name(r, 1)}{more}"
        )
    e, voter = r.escalation, in_sentence("United States")
    year = (
        f"{r.section.date.year} being {'a' if r.election_year else 'no'} year of federal elections"
    )
    if not any(VOTER in side.economies for side in r.parties):
        year = f"without an election in {voter}"
    yield (
        f"escalation followed within six months of such meetings with a chance of "
        f"{chance(e.chance)} ({span((e.low, e.high))}), {year}: weak evidence"
    )


def linkage(r: TalksResults) -> Iterator[str]:
    """Whether the issues need each other, and whether the deal holds."""
    if r.nash is None or r.linkage is None or r.composed is None:
        return
    if len(r.agenda.items) > 1:
        alone = levels(r, r.composed) if r.composed else "nothing"
        yield (
            f"settled one by one the issues would give {alone}; settling them together adds "
            f"{of_income(r.linkage[0])} to {name(r, 0)} and "
            f"{of_income(r.linkage[1])} to {name(r, 1)}"
        )
    if r.holding is not None:
        years = [f"{name(r, k)} {number(h, 1)}" for k, h in enumerate(r.holding)]
        yield (
            "without a court it holds if a side looks ahead so many years for each year that a "
            f"breach goes unanswered: {join_names(years)}"
        )
