"""How might the talks go, round by round, if the dice fell one way?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.talks.answers import percent
from detente.talks.ground import Ground
from detente.talks.odds import tone_model
from detente.talks.outcome import Horizon, look_ahead
from detente.talks.table_round import OUTCOMES, RoundResult
from detente.talks.zopa import Zopa

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
        What was signed, in words; "" where nothing was.
    """

    seed: int
    log: tuple[str, ...]
    ending: str
    package: str


def play(ground: Ground, seed: int, horizon: Horizon | None = None) -> Play:
    """Play a meeting and its later rounds once.

    Types are drawn from the beliefs, the tone of the rounds to come from the types, whether a
    text is ready and who gives way from the equilibrium.

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
    log = [f"{talks.title}, {talks.place or 'no place named'}, {talks.date} (play {seed})."]
    for k, belief in enumerate(stand.beliefs):
        for e in belief.evidence:
            log.append(
                f"  {e.statement.date} {e.statement.title}: tone {e.score:+.1f}; that "
                f"{titles[k]} is unwilling is now believed with {percent(e.after)}."
            )
    for k in (0, 1):
        log.append(f"  (Drawn for this play: {titles[k]} is {'un' if types[k] else ''}willing.)")
    ending, package = OUTCOMES[2], ""
    dates = [(talks.title, talks.date), *((r.title, r.date) for r in talks.rounds)]
    for number, (result, (title, date)) in enumerate(zip(solved.rounds, dates, strict=True)):
        log.append(f"Round {number + 1}: {title}, {date}.")
        if number:
            log += _tones(ground, rng, types, titles, values)
        log.append("  " + _zone_line(result.zone, ground, titles))
        ending, signed, lines = _round(result, rng, types, titles, ground)
        log += [f"  {line}" for line in lines]
        package = "" if signed is None else agenda.changes(signed)
        if ending != "keep talking":
            break
    else:
        log.append("The calendar is over; the sides are still talking.")
    log.append(f"Ending: {ending}." + (f" Signed: {package}." if package else ""))
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
        tone = float(np.clip(rng.normal(mean, model.public_spread), -10, 10))
        word = "harsh" if tone < -3 else "cool" if tone < 0 else "friendly"
        out.append(f"  {titles[k]} opens in public at {tone:+.1f}: {word}.")
    return out


def _zone_line(zone: Zopa, ground: Ground, titles: list[str]) -> str:
    return zone.explain(ground.agenda, (titles[0], titles[1]))


def _round(
    result: RoundResult,
    rng: np.random.Generator,
    types: list[bool],
    titles: list[str],
    ground: Ground,
) -> tuple[str, int | None, list[str]]:
    """Ending, signed package and lines of one round."""
    agenda = ground.agenda
    lines = []
    if result.demands is not None:
        for k in (0, 1):
            lines.append(f"{titles[k]} holds out for: {agenda.changes(result.demands[k])}.")
    draw = float(rng.random())
    total = 0.0
    for package, chance in result.signed.items():
        total += chance
        if draw < total:
            share = {k: v for k, v in result.outcome.items() if k in OUTCOMES[:2] and v > 0}
            ending = max(share, key=lambda o: share[o])
            lines.append(
                f"A text is ready and one side gives way. Signed: {agenda.changes(package)}."
            )
            home = float(result.both_ratify[package])
            lines.append(f"It gets home on both sides with {percent(home)}.")
            return ending, package, lines
    lines.append(
        "Nothing is signed: "
        + (
            "no text is ready, or nobody gives way."
            if len(result.signable)
            else "there is nothing that both prefer to talking on."
        )
    )
    actions = [
        str(rng.choice(("talk", "end", "escalate"), p=result.actions_by_type[k, int(types[k])]))
        for k in (0, 1)
    ]
    lines.append(f"{titles[0]} chooses to {actions[0]}, {titles[1]} to {actions[1]}.")
    if "escalate" in actions:
        return "breakdown", None, lines
    return ("keep talking" if actions == ["talk", "talk"] else "no result"), None, lines
