"""What may a case file say? Its sections and keys, checked on reading, with a JSON Schema."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema

from detente.case.game_section import GameSection
from detente.case.lines import KeyLines
from detente.errors import CaseFileError, MeasureError, UnknownNameError
from detente.measures import INSTRUMENTS, Measure, measure
from detente.measures.base import STACKINGS, STATUSES
from detente.measures.terms import LICENCES, LIMITED, RELATIONS, RULES, WATCHES
from detente.scenario.scenario import Scenario
from detente.talks.given import MeetingGiven
from detente.talks.given import Path as Place
from detente.talks.section import TalksSection

#: Version of the format.
SCHEMA_VERSION = 1
WORLD = "world"
_IN_FORCE = re.compile(r"^in force (\d{4}-\d{2}-\d{2})$")

_RATE_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*[+\-−–]?\s*\d+(\.\d+)?\s*(%|pp|percentage points?|percent)(\s+of income)?\s*$",
    "description": 'A level "25 %", added points "+10 pp", or a relative change "+10 %".',
    "examples": ["25 %", "+10 pp", "+10 %", "+1 % of income"],
}
_SHARE_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$",
    "examples": ["27 %"],
}
_CHANGE_SCHEMA = {"type": "string", "pattern": r"^\s*[+\-−–]\s*\d+(\.\d+)?\s*%\s*$"}
_AMOUNT_SCHEMA = {
    "type": "string",
    "description": "A number, a scale and a currency.",
    "examples": ["6.6 bn USD", "+50 bn USD"],
}
_NAMES_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
    ]
}
_COVERAGE_SCHEMA = {
    "anyOf": [_SHARE_SCHEMA, {"type": "object", "additionalProperties": _SHARE_SCHEMA}]
}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


_BUDGET_SCHEMA = _object(
    ["amount", "years"], amount=_AMOUNT_SCHEMA, years={"type": "number", "exclusiveMinimum": 0}
)
_LIMIT_SCHEMA = _object(
    ["relation", "of"],
    relation={"enum": list(RELATIONS)},
    of={"enum": list(LIMITED)},
    amount=_AMOUNT_SCHEMA,
    change=_CHANGE_SCHEMA,
    licence={"enum": list(LICENCES)},
)
_RULE_SCHEMA = _object(
    ["kind"],
    kind={"enum": list(RULES)},
    of={"type": "string"},
    share=_SHARE_SCHEMA,
    threshold=_CHANGE_SCHEMA,
    watch={"enum": list(WATCHES)},
)
_INPUTS_SCHEMA = _object(
    [],
    sectors=_NAMES_SCHEMA,
    coverage=_COVERAGE_SCHEMA,
    product_group={"type": "string"},
    rate=_RATE_SCHEMA,
)


def _as_names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_names), WithJsonSchema(_NAMES_SCHEMA)]
_RATES_SCHEMA = {"anyOf": [_RATE_SCHEMA, {"type": "object", "additionalProperties": _RATE_SCHEMA}]}
RateText = Annotated[Any, WithJsonSchema(_RATES_SCHEMA)]
Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=80)]


class Section(BaseModel):
    """Base of all sections: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ModelSection(Section):
    """``[model]``: choices about the economy, where they differ from the world's defaults."""

    closure: (
        Literal["balanced", "fixed-transfer", "proportional", "given", "trade-balance"] | None
    ) = Field(default=None, description="closure of the external account")
    labour: Literal["mobile", "specific", "roy"] | None = Field(
        default=None, description="how workers move between sectors"
    )
    roy_elasticity: float | None = Field(
        default=None,
        gt=1,
        allow_inf_nan=False,
        description='elasticity of moving, for labour = "roy"',
    )
    labour_supply_elasticity: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="elasticity of labour supply to the real wage",
    )
    input_elasticity: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="elasticity of substitution among inputs",
    )
    elasticities: str | None = Field(
        default=None, description="a named set of trade and scale elasticities"
    )
    scale: bool | None = Field(default=None, description="external scale economies on or off")


class MeasureSection(Section):
    """``[[measure]]``: one thing that one government does."""

    id: Identifier = Field(description="a short name, used by packages")
    title: str = Field(default="", description="a readable name")
    kind: str = Field(
        description="the instrument", json_schema_extra={"enum": [*sorted(INSTRUMENTS)]}
    )
    by: Names = Field(description="who acts: an economy, several, or a group")
    on: Names | None = Field(
        default=None, description='the partners: economies, groups, "all others"'
    )
    except_for: Names | None = Field(default=None, description="economies left out of `on`")
    sectors: Names | None = Field(
        default=None, description='sector names, "all goods", "all services" or "all"'
    )
    rate: RateText = Field(
        default=None, description='"25 %", "+10 pp" or "+10 %"; or one rate per sector'
    )
    budget: Annotated[Any, WithJsonSchema(_BUDGET_SCHEMA)] = Field(
        default=None, description="an amount over a number of years; the rate is found"
    )
    limit: Annotated[Any, WithJsonSchema(_LIMIT_SCHEMA)] = Field(
        default=None, description="a bound on trade; the wedge is found"
    )
    amount: Annotated[Any, WithJsonSchema(_AMOUNT_SCHEMA)] = Field(
        default=None, description="of a transfer, a year"
    )
    counterpart: Names | None = Field(default=None, description="who gives what a transfer gives")
    coverage: Annotated[Any, WithJsonSchema(_COVERAGE_SCHEMA)] = Field(
        default=None, description="share of the flow that is hit, or one share per sector"
    )
    product_group: str | None = Field(
        default=None, description="a product group of the shipped table"
    )
    overlap: str | None = Field(
        default=None,
        description="how covered lines relate to those of other measures",
        json_schema_extra={"pattern": "^(nested|disjoint|independent|same-lines:.+)$"},
    )
    use: Names | None = Field(default=None, description='"final", or the user sectors')
    eligible: Names | None = Field(
        default=None, description="content rule: origins that get the credit"
    )
    inputs: Annotated[Any, WithJsonSchema(_INPUTS_SCHEMA)] = Field(
        default=None, description="content rule: components that disqualify"
    )
    stacking: str | None = Field(
        default=None,
        description="how it meets measures of its kind",
        json_schema_extra={"enum": list(STACKINGS)},
    )
    rule: Annotated[Any, WithJsonSchema(_RULE_SCHEMA)] = Field(
        default=None, description="mirror another measure, or wait for a surge of imports"
    )
    from_: dt.date | None = Field(default=None, alias="from", description="first day")
    until: dt.date | None = Field(default=None, description="first day no longer in force")
    authority: str = Field(default="", description="legal authority")
    status: str = Field(
        default="hypothetical",
        description="how real it is",
        json_schema_extra={"enum": list(STATUSES)},
    )
    source: Text = Field(description="publication, date, page: where the numbers are from")
    note: str = Field(default="", description="what a reader should know")

    def to_measure(self) -> Measure:
        """The measure that the section describes.

        Raises
        ------
        MeasureError, UnknownNameError
            What it says makes no sense for its instrument.
        """
        given = {
            key: getattr(self, key)
            for key in self.model_fields_set
            if key != "kind" and getattr(self, key) is not None
        }
        return measure(self.kind, **given)


class PackageSection(Section):
    """``[[package]]``: measures that are looked at together."""

    id: Identifier = Field(description="a short name")
    title: str = Field(default="", description="a readable name")
    measures: tuple[str, ...] = Field(default=(), description="ids of measures")
    lifts: tuple[str, ...] = Field(
        default=(), description="ids of measures of the comparison that the package takes away"
    )
    note: str = Field(default="", description="what a reader should know")
    compared_with: str | None = Field(
        default=None, description='another package, "world", or "in force YEAR-MONTH-DAY"'
    )
    date: dt.date | None = Field(
        default=None, description="the day on which its measures are looked at"
    )


class NotPricedSection(Section):
    """``[[not_priced]]``: what was on the table and has no price here."""

    title: Text = Field(description="what was on the table")
    why: Text = Field(description="why it has no price here")
    source: Text = Field(description="publication, date, page")


class UncertaintySection(Section):
    """``[uncertainty]``: which parameters are drawn, how often, from which seed."""

    draws: int = Field(default=200, ge=1, le=1_000_000, description="number of draws")
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="seed of the draws")
    parameters: tuple[str, ...] = Field(default=("trade_elasticity",), description="what is drawn")


class CaseFile(Section):
    """A case: measures with sources, packages of them, and what they are compared with.

    Read one with :func:`detente.case.load_case`.

    Examples
    --------
    >>> from detente.case import parse_case
    >>> case = parse_case('''
    ... schema = 1
    ... name = "one-tariff"
    ... world = "icio-2022"
    ... [[measure]]
    ... id = "cars"
    ... kind = "tariff"
    ... by = "USA"
    ... on = "CHN"
    ... sectors = ["motor_vehicles"]
    ... rate = "+75 pp"
    ... source = "an example"
    ... ''')
    >>> case.headline_scenario.ids
    ('cars',)
    """

    schema_: Literal[1] = Field(alias="schema", description="version of the format")
    name: Identifier = Field(description="a short name")
    title: str = Field(default="", description="a readable name")
    question: str = Field(default="", description="the question that the case answers")
    background: str = Field(default="", description="what happened")
    world: Text = Field(description="a shipped world, or the descriptor of your own")
    compared_with: str = Field(
        default=WORLD, description='"world", "in force YEAR-MONTH-DAY", or a package'
    )
    date: dt.date | None = Field(
        default=None, description="the day on which measures are looked at"
    )
    headline: str | None = Field(default=None, description="the package that the headline is about")
    model: ModelSection = Field(default=ModelSection(), description="choices about the economy")
    measures: tuple[MeasureSection, ...] = Field(
        default=(), alias="measure", max_length=500, description="what governments do"
    )
    packages: tuple[PackageSection, ...] = Field(
        default=(), alias="package", max_length=200, description="measures looked at together"
    )
    not_priced: tuple[NotPricedSection, ...] = Field(
        default=(), max_length=200, description="what has no price here"
    )
    uncertainty: UncertaintySection = Field(
        default=UncertaintySection(), description="draws of parameters"
    )
    game: GameSection | None = Field(default=None, description="a policy game")
    talks: TalksSection | None = Field(default=None, description="a meeting")

    _path: str = PrivateAttr("")
    _text: str = PrivateAttr("")
    _lines: KeyLines = PrivateAttr(default_factory=lambda: KeyLines("", {}))
    _built: dict[str, Measure] = PrivateAttr(default_factory=dict)

    # ---- where it came from --------------------------------------------------------------

    @property
    def path(self) -> str:
        """The file it was read from; empty for text."""
        return self._path

    @property
    def text(self) -> str:
        """The text it was read from: what provenance hashes."""
        return self._text

    @property
    def meeting(self) -> MeetingGiven:
        """The meeting of ``[talks]``, with what the rest of the case says about it.

        Raises
        ------
        CaseFileError
            The case has none.
        """
        if self.talks is None:
            raise CaseFileError(
                f"{self._path or self.name}: no [talks] section, so there is no meeting here. "
                "Shipped cases with one: anchorage-2021, beijing-2024; a meeting of your own "
                "starts with `detente new --talks`."
            )
        return MeetingGiven(
            name=self.name,
            talks=self.talks,
            measures={name: self.built(name) for name in self.measure_ids},
            closure=self.model.closure,
            labour_supply_elasticity=self.model.labour_supply_elasticity or 0.0,
            input_elasticity=self.model.input_elasticity or 1.0,
            seed=self.uncertainty.seed,
            placed=self._placed,
        )

    def _placed(self, problems: Sequence[tuple[str, Place]]) -> str:
        """Problems of the meeting, one a line, with file, line and key."""
        lines, said = self._lines, []
        for text, path in problems:
            place = ("talks", *path)
            line = lines.line(place)
            at = (lines.file or self.name, f"line {line}" if line else "", lines.key(place))
            said.append(f"{', '.join(p for p in at if p)}: {text}")
        return "\n".join(dict.fromkeys(said))

    # ---- measures and packages -----------------------------------------------------------

    @property
    def measure_ids(self) -> tuple[str, ...]:
        """Ids of all measures."""
        return tuple(m.id for m in self.measures)

    @property
    def package_ids(self) -> tuple[str, ...]:
        """Ids of all packages; without any, the case itself is the only one."""
        return tuple(p.id for p in self._packages)

    @property
    def _packages(self) -> tuple[PackageSection, ...]:
        if self.packages:
            return self.packages
        return (PackageSection(id=self.name, title=self.title, measures=self.measure_ids),)

    def built(self, name: str) -> Measure:
        """A measure by its id."""
        if name not in self._built:
            for section in self.measures:
                if section.id == name:
                    self._built[name] = section.to_measure()
                    break
            else:
                raise UnknownNameError("measure", name, self.measure_ids, where=self.name)
        return self._built[name]

    @property
    def headline_id(self) -> str:
        """Id of the headline package; the first where none is named."""
        return self.headline or self._packages[0].id

    @property
    def headline_scenario(self) -> Scenario:
        """The package that the headline is about."""
        return self.scenario(self.headline_id)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every package as a scenario."""
        return tuple(self.scenario(p.id) for p in self._packages)

    def compared_packages(self, package: str) -> tuple[PackageSection, ...]:
        """A package, the one that it is compared with, and so on."""
        sections = {p.id: p for p in self._packages}
        chain: dict[str, PackageSection] = {}
        name = package
        while name in sections and name not in chain:
            chain[name] = sections[name]
            name = sections[name].compared_with or self.compared_with
        return tuple(chain.values())

    def scenario(self, package: str) -> Scenario:
        """One package as a scenario, its comparison included.

        Where the comparison is "in force DAY", the package comes on top of the measures that were
        in force on that day, less those that it lifts.

        Raises
        ------
        UnknownNameError
            No such package.
        CaseFileError
            Packages that are compared with each other in a circle.
        """
        return self._scenario(package, ())

    def _scenario(self, package: str, asked: tuple[str, ...]) -> Scenario:
        if package in asked:
            raise CaseFileError(
                f"{self._path or self.name}: packages {', '.join((*asked, package))} are compared "
                "with each other in a circle."
            )
        section = next((p for p in self._packages if p.id == package), None)
        if section is None:
            raise UnknownNameError("package", package, self.package_ids, where=self.name)
        reference = section.compared_with or self.compared_with
        if reference == package:
            reference = WORLD
        day = section.date or self.date
        standing: tuple[str, ...] = ()
        comparison: Scenario | None = None
        if (since := in_force_day(reference)) is not None:
            standing = tuple(
                m.id
                for m in self.measures
                if m.status == "in force" and self.built(m.id).is_in_force(since)
            )
            comparison = Scenario(
                name=reference,
                measures=tuple(self.built(m) for m in standing),
                title=f"Measures in force on {since}",
                date=since,
            )
        elif reference != WORLD:
            comparison = self._scenario(reference, (*asked, package))
        for name in section.lifts:
            if name not in standing:
                raise UnknownNameError(
                    "measure of the comparison",
                    name,
                    standing,
                    where=f'package "{package}", lifts',
                    hint='Only a package compared with "in force DAY" has something to lift.',
                )
        kept = tuple(m for m in standing if m not in section.lifts and m not in section.measures)
        return Scenario(
            name=package,
            measures=tuple(self.built(m) for m in (*kept, *section.measures)),
            title=section.title,
            date=day,
            compared_with=comparison,
            note=section.note,
        )


def world_of(case: CaseFile, path: str = "") -> str:
    """What to pass to :func:`detente.world.load_world` for a case.

    A relative path of one's own world is looked up from the case file's folder.

    Parameters
    ----------
    path
        The case file, where the case does not know it yet.
    """
    home = case.path or path
    if home and case.world.endswith((".json", ".npz")) and not Path(case.world).is_absolute():
        return str(Path(home).parent / case.world)
    return case.world


def in_force_day(reference: str) -> dt.date | None:
    """The day in "in force 2024-04-01"; None for any other comparison."""
    match = _IN_FORCE.match(reference)
    if match is None:
        return None
    try:
        return dt.date.fromisoformat(match[1])
    except ValueError:
        raise MeasureError(f'"{reference}": {match[1]} is not a day of the calendar.') from None


def json_schema() -> Mapping[str, Any]:
    """JSON Schema of a case file, for completion in editors.

    Examples
    --------
    >>> json_schema()["properties"]["world"]["type"]
    'string'
    """
    schema = CaseFile.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "detente case file",
    }
