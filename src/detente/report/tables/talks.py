"""Which tables does a meeting leave: odds, packages, break-evens, variants, judged numbers?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from detente.data import economies
from detente.report.tables.table import TextTable
from detente.report.words.talks_words import (
    ENDING_HEADS,
    ENDING_WORDS,
    changed,
    head,
    levels,
    name,
    points_of,
)
from detente.run.results import HIGH, LOW, normal
from detente.talks import ENDINGS, TalksResults
from detente.talks.profile import Judged
from detente.wording import THIN, chance, day, number, of_income, short_name, tone, upper_first

if TYPE_CHECKING:
    import pandas as pd

#: Other economies named beside a variant, and the smallest effect on one that is, %.
MOST_MOVED, SEEN = 2, 0.0005
#: What judged numbers are called, by the last part of their name.
JUDGED = {
    "kappa": "κ: worth of its own measures over their cost",
    "q": "q: % over no deal that home must see",
    "tau": "τ: how unsure q is",
    "drift": "% a year that it gains while it waits",
    "chance": "e: chance that the fallback happens",
    "hazard": "h: chance of another government before the next meeting",
    "unwilling": "chance that it wants no deal, before a word is said",
    "pressure": "pressure from its audience at home, 0 to 1",
    "candour": "chance that the private room is candid",
}


def odds_table(r: TalksResults) -> TextTable:
    """Five endings by record, case and blend, base rates for comparison."""
    o = r.odds
    behind = f"{o.record.meetings.effective:.0f} of 55"
    own = "own odds blended in" if o.own is not None else "no own odds: the case"
    rows = [
        ("Record: the opening day's signs", o.record.odds, o.record_range, behind),
        ("Case: with the packages", o.case, o.case_range, behind),
        (f"Blend: {own}", o.blend, None, ""),
        ("For comparison: all meetings", o.base_rates, None, "55"),
    ]
    return TextTable(
        ("Odds", "Meetings behind", "Deal", *ENDING_HEADS.values()),
        tuple(
            (
                title,
                meetings,
                _ranged(odds.deal, None if span is None else span.deal),
                *(
                    _ranged(p, None if span is None else (span.low[k], span.high[k]))
                    for k, p in enumerate(odds)
                ),
            )
            for title, odds, span, meetings in rows
        ),
        6,
        "Chances; in brackets 5 to 95 %",
    )


def _ranged(p: float, span: tuple[float, float] | None) -> str:
    text = chance(p)
    if span is None or round(100 * span[1]) == 0:
        return text
    return f"{text} ({100 * span[0]:.0f}–{100 * span[1]:.0f})"


def alike_table(r: TalksResults) -> TextTable:
    """Meetings of the record whose signs sum to nearly the same."""
    rows = []
    for m in r.odds.record.meetings.alike:
        endings = " / ".join(dict.fromkeys(map(_ending, m.endings)))
        rows.append((day(m.start).replace(" ", THIN), m.place, endings, number(m.s, 2, sign=True)))
    head = ("Date", "Place", "Ending (both coders where they differ)", "Sum of signs")
    caption = f"Meetings most alike; here the signs sum to {number(r.signs.sum, 2, sign=True)}"
    return TextTable(head, tuple(rows), 1, caption)


def _ending(ending: str) -> str:
    return ENDING_WORDS[ending].removeprefix("a ").removeprefix("an ")


def changes_table(r: TalksResults) -> TextTable:
    """What each single change of a sign would do."""
    rows = [(upper_first(changed(c)), points_of(c.deal_pp), chance(c.odds.deal)) for c in r.changes]
    return TextTable(("One change", "Deal", "then"), tuple(rows), 2)


def points_shown(r: TalksResults) -> dict[int, str]:
    """Packages that have a name: the balanced one, the ends of the frontier, what was signed."""
    named: dict[int, str] = {}

    def call(package: int | None, title: str) -> None:
        if package is not None:
            named[package] = f"{named[package]}, {title}" if package in named else title

    call(r.nash, "balanced (Nash)")
    call(r.signed, "agreed")
    first, second = r.frontier_ends or (None, None)
    call(first, f"best for {name(r, 0)}")
    call(second, f"best for {name(r, 1)}")
    return named


def packages_table(r: TalksResults) -> TextTable:
    """The named packages, what each changes, and what it is worth."""
    rows = []
    for package, title in points_shown(r).items():
        p = r.packages[package]
        rows.append((upper_first(title), upper_first(levels(r, package)), *map(of_income, p.worth)))
    return TextTable(("Package", "What changes", head(r, 0), head(r, 1)), tuple(rows), 2)


def break_evens_table(r: TalksResults) -> TextTable:
    """Judged numbers at which the named packages stop being signed."""
    named, rows = points_shown(r), []
    titles = {item.name: item.title for item in r.agenda.items}
    for b in r.break_evens:
        if b.package not in (r.nash, r.signed) or b.at is None:
            continue
        if b.what in titles and b.value == 0:
            continue
        what = titles.get(b.what, b.what)
        rows.append(
            (
                upper_first(named[b.package]),
                head(r, b.side),
                what if b.what in titles else JUDGED[b.what],
                number(b.value, 3),
                number(b.at, 3),
                number(b.without_threat, 3),
            )
        )
    heads = ("Package", "Side", "Judged number", "judged", "fails at", "without the threat")
    return TextTable(heads, tuple(rows), 3)


def what_if_table(r: TalksResults) -> TextTable:
    """The meeting with one thing changed."""
    count = len(r.zone.members) if r.zone is not None else 0
    share = r.odds.zone_share or 0.0
    rows = [("As it is", "", "", f"{count:,}", chance(share), chance(r.odds.case.deal), "")]
    rows += [
        (
            upper_first(w.name),
            number(w.moved[0], 3, sign=True),
            number(w.moved[1], 3, sign=True),
            f"{w.members:,}",
            "" if w.zone_share is None else chance(w.zone_share),
            chance(w.odds.case.deal),
            _others(r, w.economies),
        )
        for w in r.what_if
    ]
    sides = (f"by itself, {head(r, 0)}", head(r, 1))
    heads = ("What if", *sides, "Both would sign", "in draws", "Deal", "Others most moved")
    return TextTable(heads, tuple(rows) if r.what_if else (), 6)


def _others(r: TalksResults, effects: Mapping[str, float]) -> str:
    """The other economies that a variant moves most by itself."""
    table = economies()
    inside = {economy for side in r.parties for economy in side.economies}
    moved = [(code, x) for code, x in effects.items() if code not in inside and abs(x) >= SEEN]
    most = sorted(moved, key=lambda item: -abs(item[1]))[:MOST_MOVED]
    named = ((short_name(table[c].name) if c in table else c, x) for c, x in most)
    return ", ".join(f"{name} {of_income(x)}" for name, x in named)


def judged_table(r: TalksResults) -> TextTable:
    """Every judged number, its default marked."""
    rows = [
        (
            _judged_name(r, j),
            number(j.value, None if abs(j.value) >= 0.01 or not j.value else 3),
            f"{number(j.low, 3)}{THIN}to{THIN}{number(j.high, 3)}",
            "given" if j.given else "default",
            j.source or "the file gives no reason",
        )
        for j in r.judged
    ]
    heads = ("Judged number", "Value", "Range", "From", "Reason")
    return TextTable(heads, tuple(rows), 0)


def _judged_name(r: TalksResults, j: Judged) -> str:
    """A judged number in words: whose, and what."""
    parts = j.name.split(".")
    names = {p.id: head(r, k) for k, p in enumerate(r.parties)}
    who = next((names[p] for p in reversed(parts) if p in names), "")
    if ".beyond." in j.name:
        title = {i.name: i.title for i in r.agenda.items}.get(parts[1], "fallback")
        level = "" if parts[0] == "fallback" else f" “{'.'.join(parts[3:-1])}”"
        return f"{who}: {title}{level}, worth beyond trade, %"
    what = next((JUDGED[p] for p in reversed(parts) if p in JUDGED), j.name)
    return f"{who}: {what}" if who else what


# ---- files ------------------------------------------------------------------------------------


def talks_long(r: TalksResults) -> pd.DataFrame:
    """Odds, and what the meeting and its variants are worth, in the long format."""
    import pandas as pd

    return normal(pd.DataFrame(list(_rows(r))))


def _rows(r: TalksResults) -> Iterator[dict[str, Any]]:
    o = r.odds
    rows = (("record", o.record.odds, o.record_range), ("case", o.case, o.case_range))
    for scenario, odds, span in (
        *rows,
        ("blend", o.blend, None),
        ("base rates", o.base_rates, None),
    ):
        for k, ending in enumerate(ENDINGS):
            ends = () if span is None else ((LOW, span.low[k]), (HIGH, span.high[k]))
            for quantile, value in ((None, odds[k]), *ends):
                yield _row(scenario, f"chance:{ending}", value, "share", quantile=quantile)
        ends = () if span is None else ((LOW, span.deal[0]), (HIGH, span.deal[1]))
        for quantile, value in ((None, odds.deal), *ends):
            yield _row(scenario, "chance:deal", value, "share", quantile=quantile)
    for k, value in enumerate(r.escalation):
        yield _row("record", "chance:escalation", value, "share", quantile=(None, LOW, HIGH)[k])
    unit = "percent of own real income"
    for k, side in enumerate(r.parties):
        if r.worth_of_meeting is not None:
            met = r.worth_of_meeting[k]
            yield _row("case", "worth_of_meeting:deal", met.expected, unit, side.id)
            yield _row("case", "worth_of_meeting:no escalation", met.no_escalation, unit, side.id)
        if r.linkage is not None:
            yield _row("case", "linkage_value", r.linkage[k], unit, side.id)
    for w in r.what_if:
        yield _row(w.name, "chance:deal", w.odds.case.deal, "share")
        yield _row(w.name, "packages_in_zone", w.members, "1")
        for k, side in enumerate(r.parties):
            yield _row(w.name, "worth", w.moved[k], unit, side.id)
        for economy, value in w.economies.items():
            yield _row(w.name, "welfare_pct", value, "%", economy)


def _row(
    scenario: str,
    metric: str,
    value: float,
    unit: str,
    economy: str = "",
    quantile: float | None = None,
) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "metric": metric,
        "economy": economy,
        "value": value,
        "unit": unit,
        "quantile": quantile,
    }


def talks_packages(r: TalksResults) -> pd.DataFrame:
    """Every package, one row each, with all its digits."""
    import pandas as pd

    named = points_shown(r) if r.packages else {}
    ids = [side.id for side in r.parties]
    rows = []
    for p in r.packages:
        row: dict[str, Any] = {"package": p.number}
        row |= {f"issue:{i.name}": v for i, v in zip(r.agenda.items, p.levels, strict=True)}
        for part in ("worth", "trade", "cost", "beyond", "signs", "home"):
            row |= {f"{part}:{s}": v for s, v in zip(ids, getattr(p, part), strict=True)}
        row |= {
            "in_zone": p.in_zone,
            "on_frontier": p.on_frontier,
            "named": named.get(p.number, ""),
        }
        rows.append(row)
    return pd.DataFrame(rows)


#: What the columns of :func:`talks_packages` hold: type, meaning.
COLUMNS_OF_PACKAGES = {
    "package": ("integer", "number of the package; 0 is things as they are"),
    "issue": ("string", "level of the issue"),
    "worth": ("number", "u: worth over things as they are, % of the side's own real income"),
    "trade": ("number", "change in real income, %"),
    "cost": ("number", "what its own measures that the package moves cost the side, %"),
    "beyond": ("number", "judged worth beyond trade, %"),
    "signs": ("boolean", "worth more to the side than no deal"),
    "home": ("boolean", "signed, and home lets it pass"),
    "in_zone": ("boolean", "both sides sign it and get it home"),
    "on_frontier": ("boolean", "no other package of the zone is better for both"),
    "named": ("string", "what it is called in the report"),
}


def package_columns(r: TalksResults) -> list[dict[str, str]]:
    """Columns of the packages with type and meaning."""
    found = []
    for column in talks_packages(r).columns:
        kind, meaning = COLUMNS_OF_PACKAGES[column.partition(":")[0]]
        found.append({"name": column, "type": kind, "description": meaning})
    return found


def reading_table(r: TalksResults) -> TextTable:
    """Statement by statement, what each adds to the log odds of unwilling."""
    rows = [
        (
            head(r, next(k for k, p in enumerate(r.parties) if p.id == party)),
            term.statement.setting,
            tone(term.statement.tone),
            number(term.log_odds, 2, sign=True),
            term.statement.source,
        )
        for party, found in r.reading.items()
        for term in found.terms
    ]
    heads = ("Side", "Setting", "Tone", "Adds to the log odds of unwilling", "Source")
    return TextTable(heads, tuple(rows), 0)
