"""What does the meeting's result say to the questions that its observers asked?"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from detente.talks.bands import CALM, DEAL, HIGH, LOW, most_sensitive
from detente.talks.meeting import Change, TalksResults, in_words
from detente.talks.outcome import look_ahead
from detente.talks.readings import banded, read_record
from detente.talks.shown import Shown, shown_packages
from detente.talks.table_round import OUTCOMES, choice_probabilities, one_side
from detente.talks.threat_levels import helpful_threats
from detente.talks.zopa import bargaining_power
from detente.wording import chance, day, of_income, tenths

__all__ = ["Answer", "Grid", "answers", "headline", "limits"]


#: Day of the last of the 55 meetings.
LAST_OF_RECORD = dt.date(2024, 11, 16)
#: A chance that moves by less has not moved.
NOTHING = 1e-3


@dataclass(frozen=True)
class Grid:
    """A small table of an answer; `numeric` counts the columns, from the right, set as figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: int
    caption: str = ""


@dataclass(frozen=True)
class Answer:
    """A question and what the run says to it, with where the question comes from.

    Attributes
    ----------
    items
        A lettered list below the text: mark and contents.
    grids
        Tables below that.
    """

    id: str
    question: str
    text: str
    source: str = ""
    items: tuple[tuple[str, str], ...] = ()
    grids: tuple[Grid, ...] = field(default=())


def headline(results: TalksResults) -> str:
    """The answer in two sentences."""
    ranked = sorted(OUTCOMES, key=lambda o: -results.measures[o])
    first, second = ranked[0], ranked[1]
    text = (
        f"{results.talks.title}: the likeliest ending is “{first}”, {banded(results, first)}; next "
        f"comes “{second}”, {banded(results, second)}; a deal of either kind has a chance of "
        f"{banded(results, DEAL)}. No escalation within six months: {banded(results, CALM)}."
    )
    return text + "".join(f" {line}" for line in _doubts(results))


def _doubts(r: TalksResults) -> list[str]:
    """Variants that cannot be excluded and under which another ending is the likeliest."""
    out = []
    usual = max(OUTCOMES, key=lambda o: r.measures[o])
    for variant, change in zip(r.talks.variants, r.variants, strict=True):
        likeliest = max(OUTCOMES, key=lambda o: change.measures[o])
        if variant.doubt and likeliest != usual:
            out.append(
                f"It hangs on a doubt, “{variant.title}”: then the likeliest ending is "
                f"“{likeliest}”, {chance(change.measures[likeliest])}, and a deal has "
                f"{chance(change.measures[DEAL])}."
            )
        elif variant.doubt and change.measures[DEAL] < r.measures[DEAL] / 2:
            out.append(
                f"That a deal can be had hangs on a doubt, “{variant.title}”: then it has "
                f"{chance(change.measures[DEAL])}."
            )
    return out


def answers(results: TalksResults) -> tuple[Answer, ...]:
    """All questions of the case with their answers."""
    out = [
        Answer("stake", "What is the table worth to both sides?", _stake(results)),
        _sign(results),
        _blocks(results),
        Answer("end", "Why does it end as it does, and who gains from delay?", _end(results)),
    ]
    if results.variants:
        text = (
            "The same meeting with what each row says changed, everything else as judged; rows "
            "that repeat the first differ from it by less than is printed:"
        )
        grid = _changes(results, results.variants)
        out.append(Answer("what-if", "What if one thing were otherwise?", text, grids=(grid,)))
    if results.third_parties:
        out.append(Answer("third", "What do third parties do, and change?", _third(results)))
    out.append(_single(results))
    for reading in results.talks.readings:
        text = read_record(results, reading)
        out.append(Answer(reading.id, reading.text, text, reading.source))
    return tuple(out)


def _stake(r: TalksResults) -> str:
    g, stand = r.ground, r.horizon.now.stand
    named = "; ".join(
        f"“{n.title}” is worth {of_income(stand.worth[0, g.agenda.number(n.levels), 0])} to "
        f"{r.titles[0]} and {of_income(stand.worth[0, g.agenda.number(n.levels), 1])} to "
        f"{r.titles[1]}"
        for n in r.talks.named
    )
    economy = [stand.terms[k].terms[:, 0] for k in (0, 1)]
    text = (
        f"In percent of own real income a year, and against things as they are: the economy alone "
        f"moves {r.titles[0]} between {of_income(economy[0].min())} and "
        f"{of_income(economy[0].max())} and {r.titles[1]} between {of_income(economy[1].min())} "
        f"and {of_income(economy[1].max())}; "
        f"what the issues are worth beyond trade is judgement and mostly larger. Income is "
        f"{_prices(r)}; other parts of a report may hold labour or transfers otherwise. "
        f"No deal is worth {of_income(stand.disagreement[0, 0])} and "
        f"{of_income(stand.disagreement[0, 1])}. "
    )
    return text + (named + "." if named else "")


def _prices(r: TalksResults) -> str:
    """How packages are priced, in a clause."""
    labour = {
        "mobile": "priced with workers that move freely between industries",
        "specific": "priced with workers tied to their industries",
        "roy": f"priced with workers that move at an elasticity of {r.talks.roy_elasticity or 0:g}",
    }[r.talks.labour]
    return labour + (", less transfers from abroad" if r.talks.income == "earned" else "")


def _sign(r: TalksResults) -> Answer:
    question = "Which packages would both sign and get home?"
    now, agenda = r.horizon.now, r.ground.agenda
    shown = shown_packages(r)
    items = tuple((x.mark, f"{', '.join(x.names)}: {x.contents}") for x in shown)
    if now.zone.is_empty:
        text = now.zone.explain(agenda, r.titles)
        return Answer("sign", question, text, items=items, grids=_packages(shown, r.sides))
    added, composed = r.linkage
    stand = now.stand
    power = bargaining_power((stand.of_party("impatience", 0), stand.of_party("impatience", 1)))
    solved: dict[str, list[str]] = {}
    for x in shown:
        chosen = [n for n in x.names if n in r.points]
        if chosen:
            solved[x.mark] = chosen
    said = "; ".join(f"{mark} ({', '.join(names)})" for mark, names in solved.items())
    text = (
        f"{len(now.zone.members):,} of {agenda.size - 1:,} packages leave both better off, have at "
        f"least even odds of getting home on each side and hold by themselves; {_alone(r)} Both "
        f"would sign {len(now.signable):,} rather than talk on.{_if_signed(r)} Solutions within "
        f"the zone (their spread is the honest band; bargaining power from impatience, "
        f"{chance(power)} to {chance(1 - power)}): {said}. "
        + (
            "Issue by issue nothing could be agreed that helps both; settled together, the Nash "
            "package is"
            if composed == agenda.status_quo
            else f"Issue by issue, {agenda.changes(composed)} would be agreed, whether or not it "
            "got home; settled together, the Nash package is"
        )
        + f" worth {of_income(added[0])} to {r.titles[0]} and {of_income(added[1])} to "
        f"{r.titles[1]} over that."
    )
    missing: dict[str, list[str]] = {}
    for x in shown:
        if x.why_none:
            missing.setdefault(x.why_none, []).append(x.mark)
    for why, marks in missing.items():
        text += f" The best of all tariffs were not worked out for {', '.join(marks)}: {why}."
    return Answer("sign", question, text, items=items, grids=_packages(shown, r.sides))


def _alone(r: TalksResults) -> str:
    """How many packages of the zone would hold issue by issue."""
    if not r.separate[0]:
        return "none would hold issue by issue, all only because the issues are linked."
    return (
        f"{r.separate[0]:,} of them would also hold issue by issue, the rest only because the "
        "issues are linked."
    )


def _if_signed(r: TalksResults) -> str:
    """What is signed, if anything is."""
    now = r.horizon.now
    if now.deal <= 0:
        return ""
    count = sum(c > 0 for c in now.signed.values())
    which = f"one of {count:,} packages" if count > 1 else "always the same"
    home = sum(c * float(now.both_ratify[p]) for p, c in now.signed.items())
    return (
        f" A text covers some of the issues or all of them. If one is signed, it is {which}, and a "
        f"breakthrough (at least {chance(now.stand.values['breakthrough_share'])} of what the "
        f"frontier offers, on {r.talks.binding_issues} issues or more) with "
        f"{chance(now.outcome['breakthrough'] / now.deal)}. Signed is not yet got home: signed "
        f"and home on both sides has {tenths(home)}, signed {tenths(now.deal)}."
    )


def _packages(shown: Sequence[Shown], sides: tuple[str, str]) -> tuple[Grid, ...]:
    """What the packages that are shown bring, and what breaking them would."""
    worth = Grid(
        (
            "",
            "if signed",
            *(f"{s} over no deal" for s in sides),
            *(f"{s} gets it home" for s in sides),
            "signed now",
        ),
        tuple(
            (x.mark, x.kind, *map(of_income, x.gain), *map(chance, x.gets_home), tenths(x.signed))
            for x in shown
        ),
        5,
        "Worth in percent of own real income a year",
    )
    breach = Grid(
        (
            "",
            *(f"{s} by levels on the table" for s in sides),
            *(f"{s} by its best tariffs" for s in sides),
        ),
        tuple(
            (
                x.mark,
                *map(of_income, x.breach_listed),
                *(map(of_income, x.breach_tariffs) if x.breach_tariffs else ("", "")),
            )
            for x in shown
        ),
        4,
        "What breaking the package would bring: the best breach among the levels on the table, in "
        "worth; the best of all tariffs on the other side, in real income alone",
    )
    return worth, breach


def _named(r: TalksResults, text: str) -> str:
    return text.replace("side 1", r.titles[0]).replace("side 2", r.titles[1])


def _blocks(r: TalksResults) -> Answer:
    question = "What blocks the rest?"
    now = r.horizon.now
    dropped = {c.title: c for c in r.filters}
    order = sorted(now.zone.blocks, key=lambda b: (-b.alone, -b.stopped))
    grid = Grid(
        ("Filter", "fails for", "alone", "zone without it", "deal now without it"),
        tuple(
            (
                _named(r, b.filter),
                f"{b.stopped:,}",
                f"{b.alone:,}",
                f"{dropped[b.filter].zone:,}",
                tenths(dropped[b.filter].measures[DEAL]),
            )
            for b in order
        ),
        4,
        "Packages that each filter stops, and stops alone; and the meeting without it",
    )
    most = max(r.filters, key=lambda c: c.measures[DEAL])
    text = (
        f"A text is ready at such a meeting with {chance(now.ready)}, whatever is on the table: "
        "no filter can lift the chance of a deal above that. "
    )
    if most.measures[DEAL] > r.measures[DEAL] + NOTHING:
        text += (
            f"Of the filters, “{_named(r, most.title)}” costs the most deals: without it "
            f"{tenths(most.measures[DEAL])} instead of {tenths(r.measures[DEAL])}."
        )
    elif now.deal > 0:
        text += (
            "Dropping any one filter does not raise it: texts are signed about as often, and where "
            "packages come in, the demands of the sides move further apart."
        )
    else:
        text += f"No single filter is the cause: {now.why_unsigned}."
    return Answer("blocks", question, text, grids=(grid,))


def _end(r: TalksResults) -> str:
    now = r.horizon.now
    acts = now.actions[:, 0]
    parts = [
        f"By the record a text is ready at such a meeting with {chance(now.ready)}; "
        + (
            f"then a deal follows with {chance(now.deal / now.ready if now.ready else 0)}."
            if len(now.signable)
            else f"but nothing can be signed: {now.why_unsigned}."
        ),
        f"Without a deal, going on is the habit of the record: at equal worths a side that opens "
        f"neutrally talks on with {chance(_habit(r))}; here it is {chance(float(acts[0]))} for "
        f"{r.titles[0]} and {chance(float(acts[1]))} for {r.titles[1]}.",
    ]
    delays = [now.talk[k] - now.end[k] for k in (0, 1)]
    said = [
        f"{of_income(abs(delays[k])).lstrip('+')} {'more' if delays[k] > 0 else 'less'} than "
        f"no deal to {r.titles[k]}"
        for k in (0, 1)
    ]
    parts.append(f"If they are willing, talking on is worth {said[0]} and {said[1]}.")
    for k in _gain_from_delay(r):
        drift = r.values[f"party.{r.sides[k]}.drift"]
        parts.append(
            f"Waiting by itself works for {r.titles[k]} only if it is unwilling (believed with "
            f"{chance(now.stand.unwilling[k])} before the result was known): then things as they "
            f"are improve for it by {of_income(drift)} a year while nothing is signed."
        )
    if now.demands is not None and now.clock is not None:
        slower = 0 if now.conceded[0] > now.conceded[1] else 1
        parts.append(
            f"If they hold out against each other, {r.titles[slower]} is the likelier to give way; "
            f"over the whole agenda neither ever gives way with a chance of "
            f"{chance(now.clock.never)}."
        )
    for k in (0, 1):
        gained = now.escalate[k] - max(now.end[k], now.talk[k])
        if math.isfinite(gained) and gained > NOTHING:
            parts.append(
                f"By its own weights {r.titles[k]} would gain {of_income(now.escalate[k])} by "
                "carrying out its threat, which makes breakdown likelier."
            )
    if r.talks.rounds:
        ahead = "; ".join(
            f"{x.title}, {day(x.date)}"
            + (f", on {_issues(r, x.issues)} only" if x.issues else "")
            + (
                f" (if it comes to that, a text with {chance(found.deal)})"
                if len(found.signable)
                else f" (nothing can be signed: {found.why_unsigned})"
            )
            for x, found in zip(r.talks.rounds, r.horizon.rounds[1:], strict=True)
        )
        parts.append(
            f"Ahead, as seen on the day: {ahead}. A deal on the agenda by the last of them has a "
            f"chance of "
            f"{banded(r, 'deal by the last round')}."
        )
    parts += _election(r)
    record = r.record.classes
    parts.append(
        f"The record alone would say {chance(record[0])} no result, {chance(record[1])} talking "
        f"on, {chance(record[2])} a deal."
    )
    return " ".join(parts)


def _issues(r: TalksResults, names: tuple[str, ...]) -> str:
    titles = [i.title for i in r.talks.issues if i.id in names]
    return " and ".join(titles)


def _habit(r: TalksResults) -> float:
    """Chance that one side talks on at a neutral tone, other things equal."""
    precision = r.values["record.logit_precision"]
    choice = choice_probabilities(
        np.array([0.0, 0.0, 0.0]),
        precision,
        1.0,
        0.0,
        one_side(r.values["record.escalation_intercept"]),
    )
    return float(choice[0])


def _election(r: TalksResults) -> list[str]:
    """What a change of government before a later round does to the worth of talking on."""
    hazards = [n for n in r.values if n.startswith("round.") and r.values[n] > 0]
    if not hazards:
        return []
    calm = look_ahead(r.ground, dict(r.values) | dict.fromkeys(hazards, 0.0)).now
    now = r.horizon.now
    without = [calm.talk[k] - calm.end[k] for k in (0, 1)]
    return [
        f"The chance of another government lowers what talking on is worth by "
        f"{of_income(calm.talk[0] - now.talk[0]).lstrip('+')} to {r.titles[0]} and "
        f"{of_income(calm.talk[1] - now.talk[1]).lstrip('+')} to {r.titles[1]}. It is charged to "
        "talking on alone, though ending the talks would not escape it: without it, talking on "
        f"against no deal is worth {of_income(without[0])} and {of_income(without[1])}."
    ]


def _gain_from_delay(r: TalksResults) -> list[int]:
    """Sides for which an unwilling type gains while nothing is signed."""
    return [k for k, s in enumerate(r.sides) if r.values[f"party.{s}.drift"] > 0]


def _changes(r: TalksResults, changes: Sequence[Change]) -> Grid:
    """Changes side by side, the meeting as judged first."""
    last = "deal by the last round"
    as_judged = ("as judged", r.measures, len(r.horizon.now.zone.members))
    rows = [as_judged, *((c.title, c.measures, c.zone) for c in changes)]
    return Grid(
        ("", "deal now", last, "keep talking", "breakdown", "packages in the zone"),
        tuple(
            (
                title,
                *(tenths(m[k]) for k in (DEAL, last, "keep talking", "breakdown")),
                f"{zone:,}",
            )
            for title, m, zone in rows
        ),
        5,
    )


def _third(r: TalksResults) -> str:
    out = []
    for j in r.third_parties:
        sure = j.joins_range[0] == j.joins_range[1]
        would = "would" if j.joins else "would not"
        before = " and ".join(of_income(x) for x in j.disagreement)
        after = " and ".join(of_income(x) for x in j.disagreement_with)
        out.append(
            f"{j.title}: own real income moves by {of_income(j.own)}; by the central judgement of "
            f"what it is worth beyond income, the step {would} be taken "
            + ("(so too at both ends of its range)" if sure else "(its range holds both answers)")
            + f". With it {r.titles[0]} moves by {of_income(j.sides[0])}, {r.titles[1]} by "
            f"{of_income(j.sides[1])}; no deal is worth "
            + (
                f"{after} instead of {before}."
                if after != before
                else f"{before}, to these digits as without it."
            )
        )
    return " ".join(out)


def _single(r: TalksResults) -> Answer:
    question = "Which single change would most raise the chance?"
    best = r.changes[0]
    last = "deal by the last round"
    grid = _changes(r, r.changes[:4])
    if best.measures[last] <= r.measures[last] + NOTHING:
        opened = max(r.changes, key=lambda c: c.zone)
        text = "None by itself raises the chance of a deal by the last round."
        if opened.zone > len(r.horizon.now.zone.members):
            text += f" The zone would grow most with {opened.title}: {opened.zone:,} packages."
        return Answer("change", question, text, grids=(grid,))
    text = (
        f"Of all changes of a single judgement or fact, {best.title}: a deal by the last round "
        f"then has {chance(best.measures[last])} instead of {chance(r.measures[last])}."
    )
    if any(c.id in ("leaders", "dated_deadline") for c in r.changes[:4]):
        text += " Leaders or a date act through the record, in which a text is readier then."
    text += " Side by side:"
    return Answer("change", question, text, grids=(grid,))


def limits(results: TalksResults) -> tuple[str, ...]:
    """What the numbers cannot bear, in plain words."""
    strongest = ", ".join(in_words(s.name) for s in results.swings[:3])
    out = [
        "A scenario, not a forecast: it says what follows from the stated judgements.",
        "Only trade has a price here. Salience, priors, audience costs and thresholds are "
        "judgement; each is listed with its range and its reason, and can be changed in the file.",
        f"The three inputs that move the outcome most: {strongest}.",
        "Statements are scored by a codebook of diplomatic terms; irony, omission and translation "
        "escape it, and statements of one day are counted as if independent.",
        "The six numbers taken from the record rest on 55 meetings, "
        + ("later ones than this among them, " if results.talks.date < LAST_OF_RECORD else "")
        + "with one breakthrough and one breakdown; five outcomes cannot be told apart on that "
        "record.",
        "Which issues a text covers is not known: every set of them that leaves something to sign "
        "counts by the stated chance. That moves the chances of breakthrough and partial deal far "
        "more than that of a deal of either kind."
        + (
            " In the record one deal in eleven or twelve was a breakthrough, so read its share "
            "here as too high."
            if results.measures["breakthrough"] > results.measures[DEAL] / 6
            else ""
        ),
        "The odds of the ending rest on what was said before the result was known; those of the "
        "readings on all that was said.",
        "The calendar is the one foreseen on the day; after its last round nothing is scheduled.",
        VERDICT,
    ]
    out += _draws(results)
    out += helpful_threats(results.horizon.now.stand)
    if "CHN" in results.sides:
        out.append(
            "China's ratification is a metaphor: the assent of ministries, provinces, leadership."
        )
    if results.talks.income == "earned":
        out.append(
            "Real income is taken without transfers from abroad: spending a surplus at home is no "
            "gain in income, and whoever lends less will be repaid less."
        )
    return tuple(out)


def _draws(r: TalksResults) -> list[str]:
    """What the ranges hold, and in how many draws nothing can be signed."""
    if r.bands is None:
        return []
    doubts = [v.title for v in r.talks.variants if v.doubt]
    turns = 1 + len(doubts)
    deal = r.bands.values[:, r.bands.names.index(DEAL)]
    out = []
    for n, title in enumerate(["the case as judged", *(f"“{t}”" for t in doubts)]):
        mine = deal[n::turns]
        if not len(mine):
            continue
        low, high = np.quantile(mine, [LOW, HIGH])
        out.append(
            f"Draws of {title}: a deal has {chance(float(low))} to {chance(float(high))}; "
            f"in {chance(float((mine == 0).mean()))} of them nothing could be signed at all."
        )
    return out


#: What the back-test found, in one sentence; docs/_tables/talks_scores.csv holds the numbers.
VERDICT = (
    "Held to 55 past meetings, each left out in turn, the six numbers beat base rates (ranked "
    "probability score .136 against .166 and .115 against .146 under the two codings) but not a "
    "ridge logit on the same five columns (.136 and .102; with whole administrations left out they "
    "beat it under one coding of two), and on escalation within six months they do not beat base "
    "rates (.256 and .262 against .240)."
)


def as_json(results: TalksResults) -> Mapping[str, object]:
    """What a program may want of a meeting."""
    return {
        "case": results.case,
        "title": results.talks.title,
        "answer": headline(results),
        "outcome": {o: round(results.measures[o], 6) for o in OUTCOMES},
        "bands": (
            {o: results.bands.of(o) for o in (*OUTCOMES, DEAL, CALM)} if results.bands else None
        ),
        "record": dict(
            zip(
                ("no result or breakdown", "keep talking", "deal"),
                results.record.classes,
                strict=True,
            )
        ),
        "packages": results.ground.agenda.size,
        "zone": len(results.horizon.now.zone.members),
        "signable": len(results.horizon.now.signable),
        "answers": [asdict(a) for a in answers(results)],
        "strongest_inputs": [s.name for s in results.swings[:3]],
        "inputs_by_outcome": {
            o: [s.name for s in most_sensitive(results.swings, o)] for o in (*OUTCOMES, DEAL, CALM)
        },
        "limits": list(limits(results)),
    }
