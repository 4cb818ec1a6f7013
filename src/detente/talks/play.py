"""How might the talks go, round by round, if the dice fell one way?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.talks.agenda import Agenda
from detente.talks.ground import Ground
from detente.talks.odds import tone_model
from detente.talks.outcome import Horizon, look_ahead
from detente.talks.table_round import OUTCOMES, RoundResult, joint_share, kind_of
from detente.wording import chance, tone

__all__ = ["Play", "play"]


@dataclass(frozen=True)
class Play:
    """One play of a meeting.

    Attributes
    ----------
    seed
        The same seed gives the same play.
    log
        Lines for a reader, in order.
    ending
        How it ended; one of the five outcomes.
    package
        What was signed, in words; "" where nothing was. A text on part of the agenda at a later
        round lets the talks go on and stands in the log.
    """

    seed: int
    log: tuple[str, ...]
    ending: str
    package: str


def play(ground: Ground, seed: int, horizon: Horizon | None = None) -> Play:
    """Play a meeting and its later rounds once.

    Types are drawn from the beliefs; the tone of the rounds to come, who gives way and what is
    done without a deal from the types; whether a text is ready, and on what, from the odds.

    Parameters
    ----------
    horizon
        The solved talks at central judgements; worked out when left out.
    """
    rng = np.random.default_rng(seed)
    values = ground.central()
    solved = horizon or look_ahead(ground, values)
    talks, agenda = ground.talks, ground.agenda
    titles = [p.title for p in talks.parties]
    stand = solved.now.stand
    types = [bool(rng.random() < b) for b in stand.unwilling]
    place = "" if not talks.place or talks.place in talks.title else f", {talks.place}"
    log = [f"{talks.title}{place}, {talks.date} (play {seed})."]
    heard = [(e, titles[k]) for k, belief in enumerate(stand.beliefs) for e in belief.evidence]
    for e, title in sorted(heard, key=lambda pair: pair[0].statement.date):
        log.append(
            f"  {e.statement.date} {e.statement.title}: tone {tone(e.score)}; that "
            f"{title} is unwilling is now believed with {chance(e.after)}."
        )
    for k in (0, 1):
        log.append(f"  (Drawn for this play: {titles[k]} is {'un' if types[k] else ''}willing.)")
    ending, package, on_the_way = OUTCOMES[2], "", list[str]()
    dates = [(talks.title, talks.date), *((r.title, r.date) for r in talks.rounds)]
    for number, (result, (title, date)) in enumerate(zip(solved.rounds, dates, strict=True)):
        log.append(f"Round {number + 1}: {title}, {date}.")
        if number:
            log += _tones(ground, rng, types, titles, values)
        log.append("  " + _zone_line(result, ground, titles))
        ending, signed, lines = _round(result, rng, types, titles, ground)
        log += [f"  {line}" for line in lines]
        if signed is not None and result.on_part:
            on_the_way.append(agenda.changes(signed))
            log.append("  The rest of the agenda is talked about on.")
            ending = "keep talking"
        elif signed is not None:
            package = agenda.changes(signed)
        if ending != "keep talking":
            break
    else:
        log.append("The calendar is over; the sides are still talking.")
    said = f" Signed on part of the agenda: {'; '.join(on_the_way)}." if on_the_way else ""
    log.append(f"Ending: {ending}.{said}" + (f" Signed: {package}." if package else ""))
    return Play(seed, tuple(log), ending, package)


def _tones(
    ground: Ground,
    rng: np.random.Generator,
    types: list[bool],
    titles: list[str],
    values: dict[str, float],
) -> list[str]:
    """Tones of a round to come, drawn by type and pressure."""
    out = []
    for k, party in enumerate(ground.talks.parties):
        model = tone_model(values, party.id)
        mean = model.public_mean - model.unwilling_shift * types[k]
        mean -= model.pressure_shift * values[f"party.{party.id}.pressure"]
        score = float(np.clip(rng.normal(mean, model.public_spread), -10, 10))
        word = "harsh" if score < -3 else "cool" if score < 0 else "friendly"
        out.append(f"  {titles[k]} opens in public at {tone(score)}: {word}.")
    return out


def _zone_line(result: RoundResult, ground: Ground, titles: list[str]) -> str:
    if result.zone.is_empty:
        return result.zone.explain(ground.agenda, (titles[0], titles[1]))
    if not result.texts:
        return f"Nothing can be signed here: {result.why_unsigned}."
    return (
        f"Of {len(result.within):,} packages that pass every filter and could be settled here, "
        f"both would sign {len(result.signable):,}."
    )


def _round(
    result: RoundResult,
    rng: np.random.Generator,
    types: list[bool],
    titles: list[str],
    ground: Ground,
) -> tuple[str, int | None, list[str]]:
    """Ending, signed package and lines of one round."""
    agenda = ground.agenda
    lines: list[str] = []
    package, why = _signing(result, rng, types, titles, agenda, lines)
    if package is not None:
        ending = kind_of(result.stand, package, joint_share(result.stand, result.gain))
        lines.append(f"Signed: {agenda.changes(package)}.")
        home = float(result.both_ratify[package])
        lines.append(f"It gets home on both sides with {chance(home)}.")
        return ending, package, lines
    if result.texts:
        lines.append(f"Nothing is signed: {why}.")
    actions = [
        str(rng.choice(("talk", "end", "escalate"), p=result.actions_by_type[k, int(types[k])]))
        for k in (0, 1)
    ]
    lines.append(f"Then {titles[0]} chooses to {actions[0]}, {titles[1]} to {actions[1]}.")
    if "escalate" in actions:
        return "breakdown", None, lines
    return ("keep talking" if actions == ["talk", "talk"] else "no result"), None, lines


def _signing(
    result: RoundResult,
    rng: np.random.Generator,
    types: list[bool],
    titles: list[str],
    agenda: Agenda,
    lines: list[str],
) -> tuple[int | None, str]:
    """What is signed, or why nothing is: text, demands and clock, in this order."""
    if not result.texts:
        return None, result.why_unsigned
    if rng.random() >= result.ready:
        return None, "no text is ready"
    chances = np.array([t.chance for t in result.texts])
    text = result.texts[int(rng.choice(len(chances), p=chances / chances.sum()))]
    first, second = text.demands
    if text.clock is None:
        lines.append(f"A text is ready, and both want the same of it: {agenda.changes(first)}.")
        for k in (0, 1):
            if types[k] and not text.unwilling_sign[k]:
                return None, f"{titles[k]} would rather have no deal"
        return first, ""
    lines.append(
        f"A text is ready. {titles[0]} holds out for: {agenda.changes(first)}; "
        f"{titles[1]} for: {agenda.changes(second)}."
    )
    length = result.stand.values["length"]
    times = [
        np.inf if types[k] else text.clock.time_of_concession(k, float(rng.random()))
        for k in (0, 1)
    ]
    loser = int(np.argmin(times))
    if times[loser] > length:
        return None, "nobody gives way"
    lines.append(f"In the end {titles[loser]} gives way.")
    winner = 1 - loser
    if types[winner] and not text.unwilling_sign[winner]:
        return None, f"{titles[winner]} would rather have no deal, even on its own terms"
    return text.demands[winner], ""
