"""What does the run say to what observers made of the meeting?

Each reading of the record is put as a question; the answer comes from the run.
"""

from __future__ import annotations

from collections.abc import Callable

from detente.talks.agenda import Agenda
from detente.talks.bands import CALM, WILLING
from detente.talks.meeting import TalksResults
from detente.talks.odds import belief_about
from detente.talks.outcome import look_ahead
from detente.talks.section import ReadingSection
from detente.wording import chance, of_income, tenths, tone

__all__ = ["banded", "read_record"]


def banded(results: TalksResults, name: str) -> str:
    """One measure of the run with its range, where bands were drawn."""
    text = chance(results.measures[name])
    if results.bands is not None:
        low, high = results.bands.of(name)
        text += f" ({chance(low)} to {chance(high)})"
    return text


def read_record(results: TalksResults, reading: ReadingSection) -> str:
    """What the run says to one reading of the record."""
    return _HOW[reading.about](results, reading)


def _side(r: TalksResults, reading: ReadingSection) -> int:
    return r.sides.index(reading.party) if reading.party else 0


def _audience(r: TalksResults, reading: ReadingSection) -> str:
    k = _side(r, reading)
    belief = r.beliefs[k]
    if not belief.evidence:
        return (
            f"{r.titles[k]} said nothing that is quoted here: {chance(1 - belief.prior)} for the "
            f"audience and willing, {chance(belief.prior)} unwilling, as before."
        )
    steps = "; ".join(
        f"{e.statement.title} (tone {tone(e.score)}): {chance(1 - e.after)} for the audience"
        for e in belief.evidence
    )
    strongest = next(e for e in belief.evidence if e.statement.id == belief.strongest)
    return (
        f"{banded(r, WILLING + r.sides[k])} that {r.titles[k]} spoke to its audience at home and "
        f"is willing, {chance(belief.posterior)} that it is unwilling (before a word was said: "
        f"{chance(1 - belief.prior)} and {chance(belief.prior)}). Statement by statement: "
        f"{steps}. "
        f"“{strongest.statement.title}” moves it most: without it, "
        f"{chance(1 - strongest.without)} for the audience. Harsh words under high known pressure "
        "prove little, and a room that repeats the talking points adds little."
    )


def _amplified(r: TalksResults, reading: ReadingSection) -> str:
    k = _side(r, reading)
    name = f"party.{r.sides[k]}.amplification"
    j = r.ground.judgements()[name]
    odds = []
    for value in (0.0, j.high):
        found = look_ahead(r.ground, dict(r.values) | {name: value})
        belief = belief_about(r.talks, r.talks.parties[k], dict(r.values) | {name: value})
        odds.append((belief.posterior, float(found.now.deal)))
    return (
        f"As a likelihood, not as a rule: if the pattern never held, {chance(odds[0][0])} would "
        f"be unwilling; at the upper end of the range ({chance(j.high)} of willing openings are "
        f"amplified), {chance(odds[1][0])}. The chance of a deal moves from {tenths(odds[0][1])} "
        f"to {tenths(odds[1][1])}"
        + (
            ", which is next to nothing: letting it out neither cost nor brought a deal."
            if abs(odds[1][1] - odds[0][1]) < 0.005
            else "."
        )
    )


def _worse(r: TalksResults, reading: ReadingSection) -> str:
    k = _side(r, reading)
    drift = r.values[f"party.{r.sides[k]}.threshold_drift"]
    zones = [len(x.within) for x in r.horizon.rounds]
    when = ", ".join(
        f"{n:,} at {round_.title}" + (" (on part of the agenda only)" if round_.issues else "")
        for round_, n in zip(r.talks.rounds, zones[1:], strict=True)
    )
    return (
        f"The hurdle at home in {r.titles[k]} rises by {of_income(drift)} of income a year; "
        f"{zones[0]:,} packages pass every filter and can be settled today, then "
        f"{when or 'no later round'}. Breakdown has {banded(r, 'breakdown')}, and escalation in "
        f"some form within six months {chance(1 - r.calm)}."
    )


def _toughness(r: TalksResults, reading: ReadingSection) -> str:
    said = []
    for end in ("low", "value", "high"):
        moved = dict(r.values)
        for side in r.sides:
            name = f"party.{side}.rally"
            moved[name] = getattr(r.ground.judgements()[name], end)
        found = look_ahead(r.ground, moved)
        said.append((len(found.now.zone.members), found.deal_by(len(found.rounds) - 1)))
    tones = [b.public_tone for b in r.horizon.now.stand.beliefs]
    return (
        f"Public tone was {tone(tones[0])} on the side of {r.titles[0]} and {tone(tones[1])} on "
        f"that of {r.titles[1]}. The sign is left open: if toughness closes room at home, "
        f"{said[0][0]:,} packages remain and a deal by the last round has {tenths(said[0][1])}; "
        f"if it does nothing, {said[1][0]:,} and {tenths(said[1][1])}; if it buys room, "
        f"{said[2][0]:,} and {tenths(said[2][1])}. So it bought room only if the "
        "rally was real; nothing in the room shows that it was."
    )


def _worthwhile(r: TalksResults, reading: ReadingSection) -> str:
    out = []
    for k, w in enumerate(r.worth):
        name = f"worth of meeting to {w.party}"
        band = ""
        if r.bands is not None:
            low, high = r.bands.of(name)
            band = f"; range {of_income(low)} to {of_income(high)}"
        verdict = "worth it" if w.total > 0 else "not worth it"
        out.append(
            f"To {r.titles[k]} it was {verdict}: {of_income(w.total)} of income{band} "
            f"({of_income(w.deal)} the chance of a deal, {of_income(w.calm)} calm, "
            f"{of_income(w.information)} what was learnt, {of_income(w.audience)} being seen to "
            "talk)."
        )
    out.append(
        "Escalation that the sides decide on counts against the meeting, because without one the "
        "record knows only that which comes without a channel: the part of calm is at its low end."
    )
    if all(w.information < 0.0005 for w in r.worth):
        out.append(
            "What is learnt is worth next to nothing here: whatever is heard, it hardly changes "
            "whether it pays to go on."
        )
    return " ".join(out)


def _excuse(r: TalksResults, reading: ReadingSection) -> str:
    now = r.horizon.now
    stand = now.stand
    out = []
    for k in (0, 1):
        members = now.zone.members
        best = (
            float(
                (
                    now.both_ratify[members]
                    * (stand.worth[1, members, k] - stand.disagreement[1, k])
                ).max()
            )
            if len(members)
            else 0.0
        )
        waiting = stand.disagreement[1, k] - stand.disagreement[0, k]
        belief = r.beliefs[k].posterior
        if waiting > 0 and best <= 0:
            out.append(
                f"For {r.titles[k]} if unwilling ({chance(belief)}), yes: waiting brings "
                f"{of_income(waiting)}, and no package of the zone brings more."
            )
        elif waiting > 0:
            out.append(
                f"{r.titles[k]} if unwilling ({chance(belief)}) gains {of_income(waiting)} by "
                f"waiting, but the best package of the zone would still bring "
                f"{of_income(best)} over that."
            )
    if not out:
        return "No: time is on neither side, so talking without a result gains nobody anything."
    return "Talking on is stalling where it beats every package that could be signed. " + " ".join(
        out
    )


def _calm(r: TalksResults, reading: ReadingSection) -> str:
    top = sorted(r.calm_worth.items(), key=lambda x: -abs(x[1]))[:4]
    said = ", ".join(
        f"{name} {of_income(x)}"
        if abs(x) >= 0.0005
        else f"{name} a {'gain' if x > 0 else 'loss'} below 0.001 %"
        for name, x in top
    )
    return (
        f"No escalation within six months has {banded(r, CALM)}; the record at this tone alone "
        f"would say {chance(1 - r.record.escalation)}. Against no meeting at all, that the "
        "announced measures are avoided is "
        f"{abs(100 * (r.calm - 1 + r.values['unintended_closed'])):.0f} points "
        f"{'likelier' if r.calm > 1 - r.values['unintended_closed'] else 'less likely'}, worth "
        f"{said} of real income."
        + (
            " Not getting worse is a result, if a small one in trade alone."
            if r.calm > 1 - r.values["unintended_closed"]
            else " What the sides may decide in anger outweighs what an open channel prevents."
        )
    )


def _levies(r: TalksResults, reading: ReadingSection) -> str:
    now = r.horizon.now
    agenda = r.ground.agenda
    k = _side(r, reading)
    mine = [
        j
        for j, issue in enumerate(agenda.issues)
        if (issue.id in reading.issues if reading.issues else r.sides[k] in issue.performs)
        and any(x.measures for x in issue.levels)
    ]
    lowering = 0.0
    for package, likely in now.signed.items():
        row = agenda.levels[package]
        if any(
            row[j] != agenda.standing[j] and _value(agenda, j, int(row[j]), r.sides[k]) < 0
            for j in mine
        ):
            lowering += likely
    return (
        f"Levies of {r.titles[k]} come down as part of a signed deal with a chance of "
        f"{chance(lowering)} at this meeting; the hurdle at home stands at "
        f"{of_income(now.stand.threshold[k])} and rises to "
        f"{of_income(r.horizon.rounds[-1].stand.threshold[k])} by the last round."
    )


def _value(agenda: Agenda, issue: int, level: int, party: str) -> float:
    """Value of one level to one side."""
    return agenda.issues[issue].levels[level].value.get(party, 0.0)


_HOW: dict[str, Callable[[TalksResults, ReadingSection], str]] = {
    "audience-or-unwilling": _audience,
    "amplified-before-concession": _amplified,
    "may-get-worse": _worse,
    "toughness-buys-room": _toughness,
    "meeting-worthwhile": _worthwhile,
    "excuse-for-inaction": _excuse,
    "no-escalation-is-a-result": _calm,
    "levies-stay": _levies,
}
