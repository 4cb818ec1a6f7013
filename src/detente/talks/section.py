"""What may the ``[talks]`` section of a case file say?

Facts (who met, what was on the table, what was said) carry a source. Everything else is a
judgement: a value with its range and the reason for it, so that a reader sees what is data and
what is opinion, and can change either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

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
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda v: (v,) if isinstance(v, str) else v),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
# "yes" is no truth value and "0.3" no number: what is read is what was written.
Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]


class Part(BaseModel):
    """Base of all parts of the section: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Judgement(Part):
    """A number that no table gives: central value, range, reason."""

    called: ClassVar[str] = "a judgement"
    written: ClassVar[str] = '{ value = 0.3, low = 0.1, high = 0.6, why = "..." }'

    value: Number = Field(description="the central value")
    low: Number = Field(description="the low end of the range")
    high: Number = Field(description="the high end of the range")
    why: Text = Field(description="the reason for value and range")

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

    id: Identifier = Field(
        description="an economy of the world, or any name with `economies`; how the rest of the "
        "section calls the side"
    )
    title: Text = Field(description="how the report calls it")
    economies: Names = Field(
        default=(), description="economies that the side speaks for; `id` itself where left out"
    )
    delegation: tuple[str, ...] = Field(
        default=(), description="who sits at the table, for the reader"
    )
    called: tuple[str, ...] = Field(
        default=(), description="names by which statements call its speakers, for the reader"
    )
    ratification: Text = Field(description="who has to say yes at home, in words")
    impatience: Judgement = Field(description="r, how fast the side discounts, a year")
    turnover: Judgement = Field(
        description="chance of another government, which keeps no word, within a year"
    )
    audience_cost: Judgement = Field(
        description="% of real income, for signing less than the whole public demand"
    )
    demand: Judgement = Field(
        description="how much was demanded in public: 0 nothing, 1 all, on the scale of `meets`"
    )
    relative_gains: Judgement = Field(
        description="how much the side, if unwilling, minds each percent that the other gains"
    )
    drift: Judgement = Field(
        description="% of real income a year by which no deal gets better for the side, if "
        "unwilling"
    )
    unwilling: Judgement = Field(
        description="chance that the side wants no deal, before a word is said"
    )
    pressure: Judgement = Field(description="from the audience at home: 0 none, 1 a full house")
    amplification: Judgement = Field(
        description="chance that a willing side is loud just before it gives way"
    )
    threshold: Judgement = Field(
        description="% of real earnings: support that a package needs at home"
    )
    spread: Judgement = Field(description="how unsure the threshold is, in the same percent")
    threshold_drift: Judgement = Field(
        description="how far the threshold moves in a year, in the same percent"
    )
    rally: Judgement = Field(
        description="% of support that the harshest public tone wins (or, below 0, loses)"
    )
    failure_cost: Judgement = Field(
        description="% of real income, for a signed deal that fails at home"
    )
    talking_cost: Judgement = Field(
        description="% of real income, for being seen to talk, under full pressure"
    )

    @property
    def members(self) -> tuple[str, ...]:
        """Economies of the world that the side speaks for."""
        return self.economies or (self.id,)


class ConstituencySection(Part):
    """``[[talks.constituency]]``: a group at home, by the sectors it lives on."""

    id: Identifier = Field(description="a short name")
    title: Text = Field(description="how the report calls it")
    party: str = Field(description="the side whose home it is")
    sectors: Names = Field(
        default=(), description="sectors that it lives on; everybody where left out"
    )
    weight: Judgement = Field(description="what it weighs beyond its share in income")
    vote: Number = Field(
        ge=0, le=1, description="its share in the support at home; those of a side sum to 1"
    )
    source: Text = Field(description="where its vote and sectors are from")


class LevelSection(Part):
    """``[[talks.issue.level]]``: one way of settling an issue."""

    id: Identifier = Field(description="a short name")
    title: Text = Field(description="how the report calls it")
    measures: tuple[str, ...] = Field(
        default=(),
        description="measures of the file that are taken at this level; none moves nothing in "
        "trade",
    )
    value: dict[str, Number] = Field(
        default={}, description="how much of its salience the level brings to each side"
    )
    meets: dict[str, Number] = Field(
        default={},
        description="share of each side's public demand that the level meets (or, below 0, "
        "takes back)",
    )


class IssueSection(Part):
    """``[[talks.issue]]``: something on the table, and how it could be settled."""

    id: Identifier = Field(description="a short name")
    title: Text = Field(description="how the report calls it")
    performs: Names = Field(
        description="sides that have to do something, and could break their word"
    )
    status_quo: str = Field(description="the level in force")
    salience: dict[str, Judgement] = Field(
        default={},
        description="% of real income that each side would give to settle it its way, beyond "
        "trade; 0 where left out",
    )
    at_home: dict[str, Judgement] = Field(
        default={},
        description="the same in the eyes of those who ratify; the side's own where left out",
    )
    talk_only: Flag = Field(
        default=False,
        description="settling this issue and no other is an agreement to go on talking, not a deal",
    )
    climate: Flag = Field(
        default=False, description="it belongs on the agenda of a meeting on climate alone"
    )
    source: Text = Field(description="that it was on the table")
    levels: tuple[LevelSection, ...] = Field(
        default=(), alias="level", description="ways of settling it: two or more"
    )


class ThreatSection(Part):
    """``[[talks.threat]]``: what a side says it does without a deal."""

    id: Identifier = Field(description="a short name")
    title: Text = Field(description="how the report calls it")
    by: str = Field(description="the side that threatens")
    against: str = Field(description="the other side")
    measures: tuple[str, ...] = Field(
        min_length=1, description="what it would do: measures of the file"
    )
    answers: tuple[str, ...] = Field(
        default=(),
        description="what the other side would do in return; each answers its own threat, so "
        "answers of different threats are not compared",
    )
    levels: dict[str, str] = Field(
        default={},
        description="levels that issues take once it is carried out; others stay as they are",
    )
    when: Text = Field(description="by when, in words")
    prior: Judgement = Field(description="chance that it is meant, before it is uttered")
    war_cost: Judgement = Field(
        description="what the fight costs the target, in units of the prize"
    )
    audience_cost: Judgement = Field(
        description="what backing down costs who threatened, in the same units"
    )
    successor_only: Flag = Field(
        default=False,
        description="only another government would carry it out; today it counts for nothing",
    )
    source: Text = Field(description="where it was made")


class StatementSection(Part):
    """``[[talks.statement]]``: what was said, and where."""

    id: Identifier = Field(description="a short name")
    title: Text = Field(description="how the report calls it")
    by: str = Field(description="the side that spoke")
    setting: Literal["public", "private"] = Field(
        description="before an audience or behind closed doors"
    )
    date: dt.date = Field(
        description="when: before the next round, and at most 30 days after the meeting"
    )
    text: Text = Field(description="the words that the codebook scores, in English")
    score: Number | None = Field(
        default=None,
        ge=-10,
        le=10,
        description="the tone set by hand, in place of the codebook's; then say `why`",
    )
    why: str = Field(default="", description="reason for a score set by hand")
    closing: Flag = Field(
        default=False,
        description="said when the result was known: evidence on the readings, not on how this "
        "meeting ends",
    )
    source: Text = Field(description="where it was said")


class RoundSection(Part):
    """``[[talks.round]]``: a later meeting, and what may change before it."""

    id: Identifier = Field(description="a short name")
    title: Text = Field(description="how the report calls it")
    date: dt.date = Field(description="its first day, in order of time and after the meeting")
    issues: Names = Field(
        default=(), description="what can be settled there; the whole agenda where left out"
    )
    leaders: Flag = Field(default=False, description="heads of state meet there")
    dated_deadline: Flag = Field(default=False, description="a dated threat stands then")
    climate_only: Flag = Field(
        default=False, description="it is about climate alone; say in `issues` what it can settle"
    )
    hazard: dict[str, Judgement] = Field(
        default={}, description="chance of another government in each side before it"
    )
    source: Text = Field(description="how it was known on the day of the meeting")


class SuccessorSection(Part):
    """``[[talks.successor]]``: what another government would do."""

    party: str = Field(description="the side that might change its government")
    threat: str = Field(description="the threat that the next one might carry out")
    acts: Judgement = Field(description="chance that it would")
    source: Text = Field(description="what it had said")


class ToneSection(Part):
    """``[talks.tone]``: how words come about."""

    public_mean: Judgement = Field(
        description="tone in public of a willing side without an audience, −10 to 10"
    )
    private_mean: Judgement = Field(description="its tone behind closed doors")
    unwilling_shift: Judgement = Field(
        description="how many points harsher an unwilling side speaks"
    )
    pressure_shift: Judgement = Field(
        description="how many points harsher a side speaks under full pressure"
    )
    public_spread: Judgement = Field(description="standard deviation of tones in public")
    private_spread: Judgement = Field(description="standard deviation of tones behind closed doors")
    script_spread: Judgement = Field(
        description="standard deviation of talking points around the last public tone"
    )
    candour: Judgement = Field(
        description="chance that the private room is candid and not the talking points again"
    )


class ThirdPartySection(Part):
    """``[[talks.third_party]]``: somebody outside the room, and the measure it may take."""

    id: Identifier = Field(description="a short name")
    title: Text = Field(description="how the report calls it")
    economies: Names = Field(description="who it is, by economies of the world")
    measures: tuple[str, ...] = Field(
        min_length=1, description="what it may do: measures of the file"
    )
    alongside: str | None = Field(
        default=None,
        description="the threat that its measures go with; by themselves where left out",
    )
    asked_by: str | None = Field(
        default=None, description="the side that asked for it, for the reader"
    )
    salience: Judgement = Field(
        description="% of its real income that joining is worth to it beyond trade"
    )
    source: Text = Field(description="why it might join")


class VariantSection(Part):
    """``[[talks.variant]]``: the same meeting with one thing changed."""

    id: Identifier = Field(description="a short name")
    title: Text = Field(description="how the report calls it")
    set: dict[str, Number] = Field(
        default={},
        description='judgements by dotted name, and what each becomes: `{ "party.USA.demand" = '
        "0.2 }`",
    )
    unsaid: Names = Field(
        default=(),
        description="statements left out, such as those before cameras that are not there",
    )
    background: tuple[str, ...] = Field(
        default=(), description="measures in force beside those of the case"
    )
    doubt: Flag = Field(
        default=False,
        description="neither the case as judged nor this can be excluded: draws for the ranges "
        "take turns",
    )
    source: Text = Field(description="why it is looked at")


class NamedPackageSection(Part):
    """``[[talks.named]]``: a package worth pointing at; issues left out stay as they are."""

    id: Identifier = Field(description="a short name")
    title: Text = Field(description="how the report calls it")
    levels: dict[str, str] = Field(
        description="a level for each issue that moves; others stay as they are"
    )


class ReadingSection(Part):
    """``[[talks.reading]]``: what observers made of it, put as a question."""

    id: Identifier = Field(description="a short name")
    text: Text = Field(description="the question, in the words of the record")
    about: Literal[
        "audience-or-unwilling",
        "amplified-before-concession",
        "may-get-worse",
        "toughness-buys-room",
        "meeting-worthwhile",
        "excuse-for-inaction",
        "no-escalation-is-a-result",
        "levies-stay",
    ] = Field(description="which question the run answers, see below")
    party: str | None = Field(
        default=None, description="the side that it is about; the first where left out"
    )
    issues: Names = Field(
        default=(),
        description='for "levies-stay": the issues that hold the levies; all priced ones that '
        "`party` performs where left out",
    )
    source: Text = Field(description="who asked")


class TalksSection(Part):
    """``[talks]``: a meeting of two delegations."""

    title: Text = Field(description="how the report calls the meeting")
    place: str = Field(default="", description="where")
    date: dt.date = Field(description="a day of the meeting: years to later rounds count from it")
    labour: Literal["mobile", "specific", "roy"] = Field(
        default="specific",
        description="how workers move between sectors: not (the short run), by a Roy model, or "
        "freely",
    )
    roy_elasticity: Number | None = Field(
        default=None, gt=1, description='elasticity of moving, for labour = "roy"'
    )
    scale: Flag = Field(default=False, description="external scale economies on or off")
    income: Literal["exact", "earned"] = Field(
        default="exact",
        description="what counts as real income: all of it, or without transfers from abroad",
    )
    background: tuple[str, ...] = Field(
        default=(), description="measures in force whatever is signed"
    )
    no_deal: Literal["announced", "trade war"] = Field(
        default="announced",
        description="what stands behind a refusal: the announced threats, or the war in which "
        "each sets its best tariffs on the other",
    )
    leaders: Flag = Field(
        default=False, description="heads of state meet: deals are likelier, says the record"
    )
    dated_deadline: Flag = Field(default=False, description="a dated threat stands at the opening")
    climate_only: Flag = Field(default=False, description="the meeting is about climate alone")
    largest_agenda: Whole = Field(
        default=20_000, ge=1, le=20_000, description="most packages that are priced"
    )
    binding_issues: Whole = Field(
        default=3, ge=1, description="issues that a breakthrough moves at least"
    )
    breakthrough_share: Judgement = Field(
        description="share of the joint gain that the frontier offers from which a deal is a "
        "breakthrough"
    )
    text_coverage: Judgement = Field(
        default=COVERAGE, description="chance that a ready text covers an issue"
    )
    length: Judgement = Field(
        description="years of ordinary bargaining that the meeting and its preparation stand for"
    )
    unintended_closed: Judgement = Field(
        description="chance of escalation within six months without a channel"
    )
    unintended_open: Judgement = Field(description="the same with an open channel")
    notice: Judgement = Field(
        default=_fixed(0.0, "no change of the private room's candour"),
        description="what an open channel adds to the candour of the next private room",
    )
    parties: tuple[PartySection, ...] = Field(
        alias="party", description="the two sides: exactly two"
    )
    issues: tuple[IssueSection, ...] = Field(
        default=(), alias="issue", description="what is on the table: at least one"
    )
    constituencies: tuple[ConstituencySection, ...] = Field(
        default=(), alias="constituency", description="groups at home: at least one a side"
    )
    threats: tuple[ThreatSection, ...] = Field(
        default=(), alias="threat", description="what is held out"
    )
    statements: tuple[StatementSection, ...] = Field(
        default=(), alias="statement", description="what was said"
    )
    rounds: tuple[RoundSection, ...] = Field(
        default=(), alias="round", description="what is on the calendar"
    )
    successors: tuple[SuccessorSection, ...] = Field(
        default=(), alias="successor", description="what another government would do"
    )
    tone: ToneSection = Field(description="how words come about")
    third_parties: tuple[ThirdPartySection, ...] = Field(
        default=(), alias="third_party", description="who is outside the room"
    )
    variants: tuple[VariantSection, ...] = Field(
        default=(), alias="variant", description="the same meeting with one thing changed"
    )
    named: tuple[NamedPackageSection, ...] = Field(
        default=(), description="packages worth pointing at"
    )
    readings: tuple[ReadingSection, ...] = Field(
        default=(), alias="reading", description="questions of observers"
    )

    @property
    def measure_ids(self) -> frozenset[str]:
        """Measures that the meeting names: in force, on the table, or held out."""
        lists = [self.background, *(v.background for v in self.variants)]
        lists += [level.measures for issue in self.issues for level in issue.levels]
        lists += [names for t in self.threats for names in (t.measures, t.answers)]
        lists += [t.measures for t in self.third_parties]
        return frozenset(name for names in lists for name in names)

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
