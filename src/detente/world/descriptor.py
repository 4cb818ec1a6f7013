"""What may the descriptor of a world say?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, FailFast, Field, StringConstraints, ValidationError

from detente.errors import DataFileError, DetenteError, schema_error, shortened
from detente.world.labels import LONGEST, check_labels, check_papers, check_size
from detente.world.model import OWN_UNITS

__all__ = ["SCHEMA", "Descriptor", "described", "read_descriptor"]

#: Number of the layout of descriptors that this version reads and writes.
SCHEMA = 1
#: Largest descriptor in bytes; those that ship have a fortieth of it.
LARGEST = 1_000_000
#: Longest note in a descriptor.
NOTE = 20_000

REMEDY = "Give the .json file that save_world wrote."

Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Note = Annotated[str, StringConstraints(max_length=NOTE)]
#: A list stops at its first wrong member: half a million of them need no half million messages.
Names = Annotated[list[Name], FailFast()]
Numbers = Annotated[list[float], FailFast()]


class _AsWritten(BaseModel):
    """Typed as written: no text for a number, no number for a truth."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False, defer_build=True)


class ArraysEntry(_AsWritten):
    """Where the arrays are, and what they hash to."""

    path: Annotated[str, StringConstraints(pattern=r"^[^/\\\x00-\x1f]{1,200}\.npz$")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class RepairEntry(_AsWritten):
    """As :class:`detente.world.Repair`."""

    model_config = ConfigDict(extra="forbid")

    rule: Name
    what: Note
    size: float
    unit: Name
    cells: int


class ElasticitySet(_AsWritten):
    """A named set of elasticities that belong together, one of each for every sector."""

    title: Note = ""
    note: Note = ""
    trade_elasticity: Numbers
    scale_elasticity: Numbers


class Descriptor(_AsWritten):
    """A world but for its arrays: labels, choices, sources, named elasticity sets.

    Keys that are not named here are kept as they are and read by nobody.
    """

    name: Name
    economies: Names
    sectors: Names
    arrays: ArraysEntry
    title: Note = ""
    year: Annotated[int, Field(ge=-10_000, le=10_000)] | None = None
    currency: Name = OWN_UNITS
    market_structure: Name = "competitive"
    closure: Name = "fixed-transfer"
    elasticity_set: Name = "own"
    is_consistent: bool = True
    goods: Names = []
    economy_names: dict[Name, Name] = {}
    sector_names: dict[Name, Name] = {}
    groups: dict[Name, Names] = {}
    repairs: Annotated[list[RepairEntry], FailFast()] = []
    elasticity_sets: dict[Name, ElasticitySet] = {}
    elasticity_studies: dict[Name, Annotated[list[float | None], FailFast()]] = {}
    elasticity_study_references: dict[Name, Note] = {}
    sources: Annotated[list[dict[Name, Note]], FailFast()] = []
    defaults: dict[Name, Note] = {}
    years_basis: Note = ""
    valuation: Note = ""
    sourcing: Note = ""
    tariff_basis: Note = ""
    employment_basis: Note = ""
    emissions_basis: Note = ""


def described(content: Mapping[str, Any], where: str) -> Descriptor:
    """The descriptor of a world, typed.

    Raises
    ------
    DataFileError
        With `where`, the key and what is wrong with it.
    """
    try:
        found = Descriptor.model_validate(content)
    except ValidationError as problem:
        raise DataFileError(
            f"{where}: not the descriptor of a world. {_first_problems(problem)} {REMEDY}"
        ) from None
    try:
        economies = check_labels("economies", found.economies)
        sectors = check_labels("sectors", found.sectors)
        check_size(economies, sectors)
        check_papers(
            economies,
            sectors,
            goods=found.goods,
            economy_names=found.economy_names,
            sector_names=found.sector_names,
            groups=found.groups,
        )
    except DetenteError as problem:
        raise DataFileError(f"{where}: {problem}") from None
    for table, rows in (
        ("elasticity_studies", found.elasticity_studies),
        ("elasticity_sets", {k: s.trade_elasticity for k, s in found.elasticity_sets.items()}),
        ("elasticity_sets", {k: s.scale_elasticity for k, s in found.elasticity_sets.items()}),
    ):
        for name, row in rows.items():
            if len(row) != len(sectors):
                raise DataFileError(
                    f'{where}: {table}, "{name}" has {len(row)} elasticities for {len(sectors)} '
                    f"sectors. {REMEDY}"
                )
    if any(x is not None and x <= 0 for row in found.elasticity_studies.values() for x in row):
        raise DataFileError(f"{where}: elasticity_studies must be positive or null. {REMEDY}")
    return found


def _first_problems(problem: ValidationError, count: int = 3) -> str:
    """The first problems that pydantic found, with their places."""
    errors = problem.errors(include_url=False)
    said = []
    for error in errors[:count]:
        path, what = schema_error(error, Descriptor)
        named = bool(path) and str(what).startswith((f"{path[-1]} ", f'"{path[-1]}" '))
        place = ".".join(str(part) for part in (path[:-1] if named else path))
        said.append(f"{shortened(place)}: {what}" if place else str(what))
    more = f" And {len(errors) - count} more." if len(errors) > count else ""
    return " ".join(said) + more


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def read_descriptor(content: bytes, path: Path) -> dict[str, Any]:
    """The content of a descriptor, every key that anything reads checked.

    Raises
    ------
    DataFileError
        No JSON, another schema, a key that is missing or of the wrong type: with its place.
    """
    if len(content) > LARGEST:
        raise DataFileError(
            f"{path}: {len(content):,} bytes; a descriptor has at most {LARGEST:,}. {REMEDY}"
        )
    try:
        out: Any = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise DataFileError(f"{path}: not valid JSON. {REMEDY}") from None
    if not isinstance(out, dict) or "schema" not in out:
        raise DataFileError(f"{path}: not the descriptor of a world: no key schema. {REMEDY}")
    schema = out["schema"]
    if schema != SCHEMA or isinstance(schema, bool):
        raise DataFileError(
            f"{path}: written in schema {shortened(str(schema))}; this version reads {SCHEMA}. "
            f"{REMEDY}"
        )
    described(out, str(path))
    kept: dict[str, Any] = out
    return kept
