"""How do the odds of the two readings move, statement by statement?

Each statement is scored by the codebook (or by hand, with a reason) and is evidence on whether its
speaker is unwilling or plays to an audience at home.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from detente.errors import InputError
from detente.talks.beliefs import ToneModel, posterior_unwilling
from detente.talks.section import PartySection, StatementSection, TalksSection
from detente.talks.statements import FEWEST_HITS, Hit, Reading, read_statement

__all__ = ["Belief", "Evidence", "belief_about", "scored", "tone_model"]

#: Points of the prior of audience pressure around its central value, and their weights.
PRESSURE_WEIGHTS = (0.25, 0.5, 0.25)


@dataclass(frozen=True)
class Evidence:
    """One statement as evidence.

    Attributes
    ----------
    score
        Tone, −10 to 10.
    hits
        Codebook terms behind it; none where it was set by hand.
    log_odds
        ln of P(unwilling)/P(willing) added by this statement, given those before it.
    after
        P(unwilling) once it was heard.
    without
        P(unwilling) on all statements but this one.
    """

    statement: StatementSection
    score: float
    hits: tuple[Hit, ...]
    log_odds: float
    after: float
    without: float


@dataclass(frozen=True)
class Belief:
    """What the other side may think of one side after all that was said.

    Attributes
    ----------
    prior, posterior
        P(unwilling) before and after.
    evidence
        Statement by statement.
    pressure
        Posterior mean of the pressure from the audience at home.
    strongest
        Id of the statement whose absence would move the posterior most; "" without any.
    public_tone, opening_tone
        Mean of all public statements, and the first of them; 0 without any.
    """

    party: str
    prior: float
    posterior: float
    evidence: tuple[Evidence, ...]
    pressure: float
    strongest: str
    public_tone: float
    opening_tone: float

    @property
    def odds(self) -> float:
        """Odds of "for the audience at home" against "unwilling"."""
        return (1 - self.posterior) / self.posterior if self.posterior > 0 else math.inf


def scored(statement: StatementSection) -> tuple[float, tuple[Hit, ...]]:
    """Tone of a statement: the codebook's mean, or the score set by hand.

    Raises
    ------
    InputError
        Too few terms of the codebook to judge by, and no score set by hand.
    """
    reading = _read(statement.text)
    if statement.score is not None:
        return statement.score, ()
    if len(reading.hits) < FEWEST_HITS:
        raise InputError(
            f'statement "{statement.id}": {reading.coverage_note()} Quote more of it, or set '
            "score = ... with a reason (why)."
        )
    return sum(h.score for h in reading.hits) / len(reading.hits), reading.hits


@cache
def _read(text: str) -> Reading:
    return read_statement(text)


def tone_model(values: Mapping[str, float], party: str, notice: float = 0.0) -> ToneModel:
    """The tone model of one side at given judgements.

    Parameters
    ----------
    notice
        What an open channel adds to the candour of the private room.
    """
    return ToneModel(
        public_mean=values["tone.public_mean"],
        private_mean=values["tone.private_mean"],
        unwilling_shift=values["tone.unwilling_shift"],
        pressure_shift=values["tone.pressure_shift"],
        public_spread=values["tone.public_spread"],
        private_spread=values["tone.private_spread"],
        script_spread=values["tone.script_spread"],
        candour=min(1.0, values["tone.candour"] + notice),
        amplified=values[f"party.{party}.amplification"],
    )


def belief_about(
    talks: TalksSection,
    party: PartySection,
    values: Mapping[str, float],
    with_closing: bool = True,
) -> Belief:
    """Posterior on one side's type, with the share of each statement in it.

    A private statement repeats, with probability 1 − χ, the side's last public one.

    Parameters
    ----------
    with_closing
        Whether words count that were said when the result was known.
    """
    model = tone_model(values, party.id)
    prior = values[f"party.{party.id}.unwilling"]
    levels = _pressure_levels(party, values[f"party.{party.id}.pressure"])
    said = [s for s in talks.statements if s.by == party.id and (with_closing or not s.closing)]
    tones = [scored(s) for s in said]
    public: float | None = None
    repeated: list[tuple[float, float | None]] = []
    for statement, (score, _) in zip(said, tones, strict=True):
        if statement.setting == "public":
            public = score
            repeated.append((score, None))
        else:
            repeated.append((score, public))

    def posterior(keep: list[int]) -> tuple[float, np.ndarray]:
        return _posterior(model, prior, [(said[k], *repeated[k]) for k in keep], levels)

    evidence = []
    before = prior
    for k, (statement, (score, hits)) in enumerate(zip(said, tones, strict=True)):
        after, _ = posterior(list(range(k + 1)))
        without, _ = posterior([m for m in range(len(said)) if m != k])
        evidence.append(
            Evidence(statement, score, hits, _log_odds(after) - _log_odds(before), after, without)
        )
        before = after
    final, joint = posterior(list(range(len(said))))
    strongest = max(evidence, key=lambda e: abs(e.without - final), default=None)
    publics = [t[0] for s, t in zip(said, tones, strict=True) if s.setting == "public"]
    return Belief(
        party=party.id,
        prior=prior,
        posterior=final,
        evidence=tuple(evidence),
        pressure=float(joint.sum(axis=0) @ np.asarray(levels)),
        strongest=strongest.statement.id if strongest is not None else "",
        public_tone=sum(publics) / len(publics) if publics else 0.0,
        opening_tone=publics[0] if publics else 0.0,
    )


def _pressure_levels(party: PartySection, centre: float) -> tuple[float, ...]:
    half = (party.pressure.high - party.pressure.low) / 4
    return tuple(min(1.0, max(0.0, centre + step * half)) for step in (-1.0, 0.0, 1.0))


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-12), 1 - 1e-12)
    return math.log(p / (1 - p))


def _posterior(
    model: ToneModel,
    prior: float,
    said: list[tuple[StatementSection, float, float | None]],
    levels: tuple[float, ...],
) -> tuple[float, np.ndarray]:
    """P(unwilling) and the joint posterior; private words may repeat the last public ones."""
    if not 0 < prior < 1:
        return prior, np.outer([1 - prior, prior], PRESSURE_WEIGHTS)
    publics = [(score, None) for s, score, _ in said if s.setting == "public"]
    _, joint = posterior_unwilling(model, prior, publics, levels, PRESSURE_WEIGHTS)
    for statement, score, repeated in said:
        if statement.setting == "private":
            for t, unwilling in enumerate((False, True)):
                joint[t] *= math.exp(model.private_log_likelihood(score, unwilling, repeated))
    joint = joint / joint.sum()
    return float(joint[1].sum()), joint
