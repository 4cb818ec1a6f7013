"""What may the ``[talks]`` section of a case file say?

Facts of the opening day, the agenda with its levels, what happens without a deal, and the few
numbers that nothing but judgement gives. Everything that may be left out has its default in
:mod:`detente.talks.profile`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from detente.errors import InputError, UnknownNameError, shown

__all__ = [
    "FallbackSection",
    "IssueSection",
    "NextGovernmentSection",
    "PartiesSection",
    "PartySection",
    "StatementSection",
    "TalksSection",
    "ToneSection",
    "WhatIfSection",
]

Text = Annotated[str, Field(min_length=1)]
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda v: (v,) if isinstance(v, str) else v),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
#: "yes" is no truth value and "0.3" no number: what is read is what was written.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Chance = Annotated[Number, Field(ge=0, le=1)]
Tone = Annotated[Number, Field(ge=-10, le=10)]
#: That there are five is said together with everything else that is wrong with them.
FiveOdds = Annotated[
    tuple[Number, ...],
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 5, "maxItems": 5}),
]
ByParty = dict[str, Number]


class _Also:
    """Says in the JSON Schema what else may be written in place of a table."""

    def __init__(self, *others: dict[str, Any]) -> None:
        self.others = others

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The table's own schema, or one of the others."""
        return {"anyOf": [*self.others, handler(schema)]}


#: Steps of time over which packages can be priced.
HORIZONS = ("long run", "short run")


class TalksPart(BaseModel):
    """Base of all parts of the section: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class PartySection(TalksPart):
    """``parties.USA``: what differs from the profile, or the defaults, for one side."""

    name: Text | None = Field(default=None, description="how the report calls the side")
    economies: Names = Field(
        default=(),
        description="economies that the side speaks for; the side itself, or its group's members, "
        "where left out",
    )
    kappa: Annotated[Number, Field(ge=1, le=100)] | None = Field(
        default=None,
        description="κ: the side values a measure of its own that it keeps at κ times what it "
        "costs it",
    )
    q: Number | None = Field(
        default=None,
        description="% of real income over no deal that home must see to let a package pass",
    )
    tau: Annotated[Number, Field(ge=0)] | None = Field(
        default=None, description="τ: standard deviation of q, in the same percent"
    )
    drift: Number | None = Field(
        default=None, description="% of real income a year that the side gains while it waits"
    )
    why: str = Field(default="", description="the reason for the numbers of this side")


def _parties(value: object) -> object:
    """The three ways to name parties, as one: a profile, two names, or a table."""
    if isinstance(value, str):
        return {"profile": value}
    if isinstance(value, (list, tuple)):
        if len(value) != 2 or not all(isinstance(v, str) for v in value):
            raise ValueError(f"talks are between two parties; got {shown(list(value))}")
        if value[0] == value[1]:
            raise ValueError(f"both parties are {shown(value[0])}; name two different ones")
        return {name: {} for name in value}
    return value


class PartiesSection(BaseModel):
    """``parties``: a profile by name, two economies or groups, or a table by party."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)
    __pydantic_extra__: dict[str, PartySection] = Field(init=False)
    called: ClassVar[str] = "parties"
    written: ClassVar[str] = '"us-china", or ["USA", "EU27"]'

    profile: Text | None = Field(
        default=None, description="a shipped profile; the one of the pair where there is one"
    )

    @property
    def named(self) -> dict[str, PartySection]:
        """What is said of each party, in the order of the file."""
        return dict(self.__pydantic_extra__ or {})

    @classmethod
    def unknown_key(cls, key: str) -> InputError:
        """A key that no party has."""
        return UnknownNameError("key", key, PartySection.model_fields)


def _tone(value: object) -> object:
    return value if isinstance(value, (dict, ToneSection)) else {"value": value}


class ToneSection(TalksPart):
    """``tone.USA``: a number, or the text that it is to be read off."""

    called: ClassVar[str] = "a tone"
    written: ClassVar[str] = '3, or { text = "opening.txt", by = "USA" }'

    value: Tone | None = Field(
        default=None, description="mean tone of the opening, −10 (hostile) to 10 (warm)"
    )
    text: Text | None = Field(
        default=None, description="a text file, its path from the folder of the case file"
    )
    by: Text | None = Field(default=None, description="whose sentences of the text count")
    source: str = Field(default="", description="where it was said")


ToneOrText = Annotated[ToneSection, BeforeValidator(_tone), _Also({"type": "number"})]


class IssueSection(TalksPart):
    """``issue.NAME``: something on the table, and how it could be settled."""

    title: Text | None = Field(default=None, description="how the report calls it; the name itself")
    by: Names = Field(description="who has to do something: one party or both", min_length=1)
    levels: dict[Text, Names] = Field(
        description="ways of settling it, each with the measures in force there; the first is how "
        "things are"
    )
    beyond: dict[str, ByParty] = Field(
        default={},
        description="by level: % of real income that it is worth to each side beyond trade, only "
        "where the model prices nothing that matters; drawn within a factor of three",
    )
    why: str = Field(default="", description="the reason for what stands under `beyond`")
    source: str = Field(default="", description="that it was on the table")

    @property
    def status_quo(self) -> str:
        """The level in force."""
        return next(iter(self.levels))


class FallbackSection(TalksPart):
    """``fallback``: what happens without a deal."""

    measures: Names = Field(
        default=(), description="measures that are taken without a deal; none where all stays"
    )
    chance: Chance | None = Field(default=None, description="e: the chance that they are taken")
    beyond: ByParty = Field(
        default={}, description="% of real income that they are worth to each side beyond trade"
    )
    source: Text = Field(description="where they were announced, or why nothing would change")


class WhatIfSection(TalksPart):
    """``what_if.NAME``: the same meeting where measures are added or issues already settled."""

    add: Names = Field(default=(), description="measures in force besides those of `always`")
    issue: dict[str, str] = Field(default={}, description="a level by issue: settled beforehand")


class NextGovernmentSection(TalksPart):
    """``next_government``: what another government has announced."""

    by: Text = Field(description="the party whose government may change")
    hazard: Chance = Field(description="h: chance that it changes before the next meeting")
    measures: Names = Field(default=(), description="measures that it has announced")
    issue: dict[str, str] = Field(default={}, description="levels that issues would take")
    source: Text = Field(description="where it was announced")


class StatementSection(TalksPart):
    """``said``: a statement that the reading weighs."""

    by: Text = Field(description="the party that spoke")
    setting: Literal["public", "private"] = Field(
        description="before an audience or behind closed doors"
    )
    tone: ToneOrText = Field(description="its tone, −10 to 10, or the text that it is read off")
    source: Text = Field(description="where it was said")


class TalksSection(TalksPart):
    """``[talks]``: a meeting of two delegations."""

    title: Text | None = Field(default=None, description="how the report calls the meeting")
    place: str = Field(default="", description="where")
    date: dt.date = Field(description="the opening day")
    parties: Annotated[
        PartiesSection,
        BeforeValidator(_parties),
        _Also({"type": "string"}, {"type": "array", "items": {"type": "string"}}),
    ] = Field(description="the two sides: a profile, two names, or a table by party")
    level: Literal["leader", "minister", "deputy"] = Field(description="who heads the delegations")
    channel: Literal["economic", "climate", "diplomatic"] = Field(
        default="economic",
        description="what the meeting is about; diplomatic where diplomats or security advisers "
        "lead it",
    )
    diplomats: Annotated[bool, Field(strict=True)] | None = Field(
        default=None,
        description="diplomats or security advisers lead, below leaders; follows from level and "
        "channel where left out",
    )
    dated: Chance = Field(
        default=0.0,
        description="a dated threat or deadline stands: 0 no, 1 yes, 0.5 where one could argue",
    )
    tone: dict[str, ToneOrText] = Field(
        default={}, description="mean tone of each side before and at the opening, −10 to 10"
    )
    always: Names = Field(default=(), description="measures in force whatever is signed")
    fallback: FallbackSection | None = Field(
        default=None, description="what happens without a deal"
    )
    my_odds: FiveOdds | None = Field(
        default=None,
        description="your own odds of breakthrough, partial deal, talking on, no result and "
        "breakdown; they count as five meetings",
    )
    issue: dict[Text, IssueSection] = Field(default={}, description="what is on the table")
    what_if: dict[Text, WhatIfSection] = Field(
        default={}, description="the same meeting with one thing changed"
    )
    next_government: NextGovernmentSection | None = Field(
        default=None, description="what another government has announced"
    )
    signed: dict[str, str] | None = Field(
        default=None,
        description="a level by issue: what was agreed, where it is known; it moves no odds",
    )
    said: tuple[StatementSection, ...] = Field(
        default=(), description="statements for the reading: unwilling, or playing to the gallery"
    )
    unwilling: dict[str, Chance] = Field(
        default={}, description="chance that a side wants no deal, before a word is said"
    )
    pressure: dict[str, Chance] = Field(
        default={}, description="pressure from the audience at home: 0 none, 1 a full house"
    )
    candour: Chance | None = Field(
        default=None, description="chance that the private room is candid"
    )
    wait: Annotated[Number, Field(gt=0, le=20)] | None = Field(
        default=None, description="years until the next meeting, for what a delay is worth"
    )
    horizon: Literal["long run", "short run"] = Field(
        default="long run",
        description="when packages are priced: in the short run workers stay in their sectors",
    )
    source: str = Field(default="", description="where the facts of the opening day are from")

    @property
    def measure_ids(self) -> frozenset[str]:
        """Measures that the meeting names: in force, on the table, or held out."""
        lists: list[Any] = [self.always, *(w.add for w in self.what_if.values())]
        lists += [names for issue in self.issue.values() for names in issue.levels.values()]
        lists += [] if self.fallback is None else [self.fallback.measures]
        lists += [] if self.next_government is None else [self.next_government.measures]
        return frozenset(name for names in lists for name in names)
