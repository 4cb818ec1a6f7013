"""What may a case file say? Its sections and keys, checked on reading, with a JSON Schema."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PrivateAttr,
    ValidationError,
    WrapValidator,
)
from pydantic_core import InitErrorDetails, core_schema

from detente.case.game_section import GameSection
from detente.case.lines import KeyLines
from detente.equilibrium.specification import MOST_ELASTIC, Specification
from detente.errors import CaseFileError, MeasureError, UnknownNameError, no_date
from detente.measures import Instrument, Measure
from detente.scenario.scenario import Scenario
from detente.talks.given import MeetingGiven, Place
from detente.talks.section import TalksSection

#: Version of the format.
SCHEMA_VERSION = 2
WORLD = "world"
_IN_FORCE = re.compile(r"^in force (\d{4}-\d{2}-\d{2})$")

#: What a measure says in a case file, and may leave out in Python.
NEEDED = ("id", "source")


class _NeedsSource:
    """Says so in the JSON Schema."""

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema of every instrument, with the keys that a file needs."""
        found = handler(schema)
        for choice in found["oneOf"]:
            instrument = handler.resolve_ref_schema(choice)
            instrument["required"] = [*NEEDED, "kind", *instrument.get("required", ())]
            for key in NEEDED:
                instrument["properties"][key].update(minLength=1)
                instrument["properties"][key].pop("default", None)
        return found


def _identified(value: Any, validate: Callable[[Any], Any]) -> Any:
    """Tell what is missing together with everything else that is wrong."""
    absent = [key for key in NEEDED if isinstance(value, dict) and not value.get(key)]
    if not absent:
        return validate(value)
    errors = [InitErrorDetails(type="missing", loc=(key,), input=value) for key in absent]
    try:
        validate(value)
    except ValidationError as error:
        errors += [
            InitErrorDetails(
                type=item["type"], loc=item["loc"], input=item["input"], ctx=item.get("ctx", {})
            )
            for item in error.errors(include_url=False)
        ]
    raise ValidationError.from_exception_data("measure", errors)


#: A ``[[measure]]``: one thing that one government does, with its source.
MeasureInFile = Annotated[Measure, WrapValidator(_identified), _NeedsSource()]
Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=80)]


class Section(BaseModel):
    """Base of all sections: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


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
        le=MOST_ELASTIC,
        allow_inf_nan=False,
        description="elasticity of labour supply to the real wage",
    )
    input_elasticity: float | None = Field(
        default=None,
        gt=0,
        le=MOST_ELASTIC,
        allow_inf_nan=False,
        description="elasticity of substitution among inputs",
    )
    elasticities: str | None = Field(
        default=None, description="a named set of trade and scale elasticities"
    )
    scale: bool | None = Field(default=None, description="external scale economies on or off")

    def specification(self) -> Specification:
        """The variant of the model that is to be solved.

        Raises
        ------
        InputError
            Choices that do not go together.
        """
        labour = self.labour or "mobile"
        return Specification(
            closure=self.closure,
            labour=labour,
            roy_elasticity=self.roy_elasticity if labour == "roy" else None,
            labour_supply_elasticity=self.labour_supply_elasticity or 0.0,
            input_elasticity=self.input_elasticity or 1.0,
            scale=True if self.scale is None else self.scale,
        )


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
    ... schema = 2
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

    schema_: Literal[2] = Field(alias="schema", description="version of the format")
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
    measures: tuple[MeasureInFile, ...] = Field(
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
                "Shipped cases with one: anchorage-2021, beijing-2024, busan-2025; a meeting of "
                "your own starts with `detente new --talks`."
            )
        return MeetingGiven(
            name=self.name,
            talks=self.talks,
            measures={name: self.built(name) for name in self.measure_ids},
            compared_with=in_force_day(self.compared_with),
            seed=self.uncertainty.seed,
            folder=self.folder,
            placed=self._placed,
        )

    @property
    def folder(self) -> Path | None:
        """Where paths in the file start; None for a shipped case or a text."""
        return Path(self._path).parent if self._path else None

    def _placed(self, problems: Sequence[tuple[str, Place]]) -> str:
        """Problems of the meeting, one a line, with file, line and key."""
        said = (f"{self._lines.place(('talks', *path))}: {text}" for text, path in problems)
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

    def built(self, name: str) -> Instrument:
        """A measure by its id."""
        for measure in self.measures:
            if measure.id == name:
                return measure
        raise UnknownNameError("measure", name, self.measure_ids, where=self.name)

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
            there = tuple(
                m for m in self.measures if m.status == "in force" and m.is_in_force(since)
            )
            standing = tuple(m.id for m in there)
            comparison = Scenario(
                name=reference,
                measures=there,
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
        raise MeasureError(f'"{reference}": {no_date(match[1])}') from None


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
