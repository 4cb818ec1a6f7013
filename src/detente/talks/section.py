"""What may the ``[talks]`` section of a case file say?

Facts (who met, what was on the table, what was said) carry a source. Everything else is a
judgement: a value with its range and the reason for it, so that a reader sees what is data and
what is opinion, and can change either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

__all__ = [
    "READINGS",
    "ConstituencySection",
    "IssueSection",
    "Judgement",
    "LevelSection",
    "NamedPackageSection",
    "PartySection",
    "ReadingSection",
    "RoundSection",
    "StatementSection",
    "SuccessorSection",
    "TalksSection",
    "ThirdPartySection",
    "ThreatSection",
    "ToneSection",
    "VariantSection",
]

#: Questions that a reading of the record may be put as; each is answered from the run.
READINGS = (
    "audience-or-unwilling",
    "amplified-before-concession",
    "may-get-worse",
    "toughness-buys-room",
    "meeting-worthwhile",
    "excuse-for-inaction",
    "no-escalation-is-a-result",
    "levies-stay",
)

Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=80)]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]


class Part(BaseModel):
    """Base of all parts of the section: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Judgement(Part):
    """A number that no table gives: central value, range, reason."""

    value: float = Field(allow_inf_nan=False)
    low: float = Field(allow_inf_nan=False)
    high: float = Field(allow_inf_nan=False)
    why: Text

    @model_validator(mode="after")
    def _ordered(self) -> Judgement:
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"a judgement states low ≤ value ≤ high; got {self.low}, {self.value}, {self.high}"
            )
        return self


def _fixed(value: float, why: str) -> Judgement:
    return Judgement(value=value, low=value, high=value, why=why)


#: Officials may have words ready on any set of issues; at one half all sets are equally likely.
COVERAGE = Judgement(
    value=0.5,
    low=0.2,
    high=0.8,
    why="nothing is known of which issues officials have words ready on: every set of them is as "
    "likely as any other; between few issues and nearly all",
)


class PartySection(Part):
    """``[[talks.party]]``: one of the two sides."""

    id: Identifier
    title: Text
    economies: Names = ()
    delegation: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    ratification: Text
    impatience: Judgement
    turnover: Judgement
    audience_cost: Judgement
    demand: Judgement
    relative_gains: Judgement
    drift: Judgement
    unwilling: Judgement
    pressure: Judgement
    amplification: Judgement
    threshold: Judgement
    spread: Judgement
    threshold_drift: Judgement
    rally: Judgement
    failure_cost: Judgement
    talking_cost: Judgement

    @property
    def members(self) -> tuple[str, ...]:
        """Economies of the world that the side speaks for."""
        return self.economies or (self.id,)


class ConstituencySection(Part):
    """``[[talks.constituency]]``: a group at home, by the sectors it lives on."""

    id: Identifier
    title: Text
    party: str
    sectors: Names = ()
    weight: Judgement
    vote: float = Field(ge=0, le=1)
    source: Text


class LevelSection(Part):
    """``[[talks.issue.level]]``: one way of settling an issue."""

    id: Identifier
    title: Text
    measures: tuple[str, ...] = ()
    value: dict[str, float] = {}
    meets: dict[str, float] = {}


class IssueSection(Part):
    """``[[talks.issue]]``: something on the table, and how it could be settled.

    Attributes
    ----------
    talk_only
        Settling this issue and no other is an agreement to go on talking, not a deal.
    """

    id: Identifier
    title: Text
    performs: Names
    status_quo: str
    salience: dict[str, Judgement] = {}
    at_home: dict[str, Judgement] = {}
    talk_only: bool = False
    source: Text
    levels: tuple[LevelSection, ...] = Field(default=(), alias="level")


class ThreatSection(Part):
    """``[[talks.threat]]``: what a side says it does without a deal."""

    id: Identifier
    title: Text
    by: str
    against: str
    measures: tuple[str, ...] = Field(min_length=1)
    answers: tuple[str, ...] = ()
    levels: dict[str, str] = {}
    when: Text
    prior: Judgement
    war_cost: Judgement
    audience_cost: Judgement
    successor_only: bool = False
    source: Text


class StatementSection(Part):
    """``[[talks.statement]]``: what was said, and where."""

    id: Identifier
    title: Text
    by: str
    setting: Literal["public", "private"]
    date: dt.date
    text: Text
    score: float | None = Field(default=None, ge=-10, le=10)
    why: str = ""
    source: Text


class RoundSection(Part):
    """``[[talks.round]]``: a later meeting, and what may change before it.

    Attributes
    ----------
    issues
        What can be settled there; the whole agenda where left out.
    """

    id: Identifier
    title: Text
    date: dt.date
    issues: Names = ()
    leaders: bool = False
    dated_deadline: bool = False
    climate_only: bool = False
    hazard: dict[str, Judgement] = {}
    source: Text


class SuccessorSection(Part):
    """``[[talks.successor]]``: what another government would do."""

    party: str
    threat: str
    acts: Judgement
    source: Text


class ToneSection(Part):
    """``[talks.tone]``: how words come about."""

    public_mean: Judgement
    private_mean: Judgement
    unwilling_shift: Judgement
    pressure_shift: Judgement
    public_spread: Judgement
    private_spread: Judgement
    script_spread: Judgement
    candour: Judgement


class ThirdPartySection(Part):
    """``[[talks.third_party]]``: somebody outside the room, and the measure it may take."""

    id: Identifier
    title: Text
    economies: Names
    measures: tuple[str, ...] = Field(min_length=1)
    alongside: str | None = None
    asked_by: str | None = None
    salience: Judgement
    source: Text


class VariantSection(Part):
    """``[[talks.variant]]``: the same meeting with one thing changed."""

    id: Identifier
    title: Text
    set: dict[str, float] = {}
    background: tuple[str, ...] = ()
    source: Text


class NamedPackageSection(Part):
    """``[[talks.named]]``: a package worth pointing at; issues left out stay as they are."""

    id: Identifier
    title: Text
    levels: dict[str, str]


class ReadingSection(Part):
    """``[[talks.reading]]``: what observers made of it, put as a question."""

    id: Identifier
    text: Text
    about: Literal[
        "audience-or-unwilling",
        "amplified-before-concession",
        "may-get-worse",
        "toughness-buys-room",
        "meeting-worthwhile",
        "excuse-for-inaction",
        "no-escalation-is-a-result",
        "levies-stay",
    ]
    party: str | None = None
    source: Text


class TalksSection(Part):
    """``[talks]``: a meeting of two delegations.

    Attributes
    ----------
    income
        "exact" real income, or "earned": without transfers from abroad.
    text_coverage
        Chance that a ready text covers an issue, see :mod:`detente.talks.texts`.
    no_deal
        What stands behind a refusal: the "announced" threats, or the "trade war" that both would
        end in if each set its tariffs on the other as it likes best.
    """

    title: Text
    place: str = ""
    date: dt.date
    labour: Literal["mobile", "specific", "roy"] = "specific"
    roy_elasticity: float | None = Field(default=None, gt=1)
    scale: bool = False
    income: Literal["exact", "earned"] = "exact"
    background: tuple[str, ...] = ()
    no_deal: Literal["announced", "trade war"] = "announced"
    leaders: bool = False
    dated_deadline: bool = False
    climate_only: bool = False
    largest_agenda: int = Field(default=20_000, ge=1, le=20_000)
    binding_issues: int = Field(default=3, ge=1)
    breakthrough_share: Judgement
    text_coverage: Judgement = COVERAGE
    length: Judgement
    unintended_closed: Judgement
    unintended_open: Judgement
    notice: Judgement = _fixed(0.0, "no change of the private room's candour")
    parties: tuple[PartySection, ...] = Field(alias="party")
    issues: tuple[IssueSection, ...] = Field(default=(), alias="issue")
    constituencies: tuple[ConstituencySection, ...] = Field(default=(), alias="constituency")
    threats: tuple[ThreatSection, ...] = Field(default=(), alias="threat")
    statements: tuple[StatementSection, ...] = Field(default=(), alias="statement")
    rounds: tuple[RoundSection, ...] = Field(default=(), alias="round")
    successors: tuple[SuccessorSection, ...] = Field(default=(), alias="successor")
    tone: ToneSection
    third_parties: tuple[ThirdPartySection, ...] = Field(default=(), alias="third_party")
    variants: tuple[VariantSection, ...] = Field(default=(), alias="variant")
    named: tuple[NamedPackageSection, ...] = ()
    readings: tuple[ReadingSection, ...] = Field(default=(), alias="reading")

    def judgements(self) -> dict[str, Judgement]:
        """Every judgement by its dotted name, such as ``party.USA.impatience``.

        The names are those that a variant sets.
        """
        return dict(_judgements_in(self, ""))


def _judgements_in(part: Any, prefix: str) -> Iterator[tuple[str, Judgement]]:
    """Judgements below a part, tables of a list named by their id."""
    for name, info in type(part).model_fields.items():
        yield from _judgements_of(getattr(part, name), prefix + (info.alias or name))


def _judgements_of(value: Any, name: str) -> Iterator[tuple[str, Judgement]]:
    if isinstance(value, Judgement):
        yield name, value
    elif isinstance(value, BaseModel):
        yield from _judgements_in(value, name + ".")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _judgements_of(inner, f"{name}.{key}")
    elif isinstance(value, tuple):
        for inner in value:
            if isinstance(inner, BaseModel):
                key = getattr(inner, "id", None) or getattr(inner, "party", "")
                yield from _judgements_in(inner, f"{name}.{key}.")
