"""What was said before, and can anybody have changed it since?

A forecast is one file: what is asked, the odds, hashes of what they were made from, the hash of
the file before it, and last the hash of all that. A changed byte is found by the file's own hash,
a file that was taken out or put in by the next one's. What nothing in a folder can show, whether
the newest file was written when it says, its publication by commit shows.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from detente.errors import DataFileError, InputError, named, shortened
from detente.store import content_hash, write_whole
from detente.talks.fitted import Odds
from detente.talks.signs import Signs

__all__ = [
    "FIRST",
    "OUTCOMES",
    "ROWS",
    "Forecast",
    "SealedForecast",
    "check_open",
    "question_id",
    "read_chain",
    "seal",
]

#: Stands where the first forecast of a folder would name the hash of the one before.
FIRST = "0" * 64
#: What became of the forecasts of a folder.
OUTCOMES = "outcomes.toml"
#: A longer file is no forecast, in bytes.
LARGEST = 100_000
#: Odds that a forecast holds; own odds only where somebody gave them.
ROWS = ("record", "case", "blend", "base_rates")
#: What is sealed, and then the seal.
SEALED = re.compile(rb'(?s)\A(.*\n)seal = "([0-9a-f]{64})"\n\Z')
#: Odds of a file sum to one within this.
SUMS_TO_ONE = 1e-9


@dataclass(frozen=True)
class Forecast:
    """The odds of one meeting, and what they were made from.

    Attributes
    ----------
    case
        Name of the case.
    ends
        Last day on which the meeting may end.
    made
        Day of the forecast.
    question, resolution, resolution_source
        What is asked, by which rule it is settled, and where that is looked up.
    signs, zone_share
        Of the meeting; the share is None where nothing was priced.
    odds
        By row: record, case, blend, base_rates, and own where given.
    escalation
        Chance of escalation within six months.
    case_hash, world, world_hash, numbers_hash, version
        SHA-256 of the case file; the world, hash of its data; of the record's numbers; version
        of detente.
    """

    case: str
    ends: dt.date
    made: dt.date
    question: str
    resolution: str
    resolution_source: str
    signs: Signs
    zone_share: float | None
    odds: dict[str, Odds]
    escalation: float
    case_hash: str
    world: str
    world_hash: str
    numbers_hash: str
    version: str


#: What a file must hold to be one.
FORECAST = TypeAdapter(Forecast)


@dataclass(frozen=True)
class SealedForecast:
    """A forecast in its place in the chain.

    Attributes
    ----------
    id
        Name of its file without ending.
    number
        Its place, from 1.
    before
        Hash of the whole file before it.
    content
        The file.
    """

    id: str
    number: int
    before: str
    forecast: Forecast
    content: bytes


def question_id(case: str, ends: dt.date) -> str:
    """Name of a forecast: the day it ends and its case."""
    return f"{ends.isoformat()}-{case}"


def _inline(values: Mapping[str, float]) -> str:
    return "{ " + ", ".join(f"{name} = {float(value)!r}" for name, value in values.items()) + " }"


def _written(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Signs):
        return _inline(vars(value))
    return value.isoformat() if isinstance(value, dt.date) else repr(value)


def _body(forecast: Forecast, number: int, before: str) -> bytes:
    """Everything of a file that its seal covers: the fields in their order, none for None."""
    lines = [f"number = {number}"]
    for name, value in vars(forecast).items():
        if name == "odds":
            lines += [f"odds.{row} = {_inline(odds._asdict())}" for row, odds in value.items()]
        elif value is not None:
            lines.append(f"{name} = {_written(value)}")
    return ("\n".join([*lines, f'before = "{before}"']) + "\n").encode()


def check_open(
    folder: str | Path, case: str, ends: dt.date, made: dt.date
) -> tuple[SealedForecast, ...]:
    """The chain of a folder, if a question may still be forecast into it.

    Raises
    ------
    InputError
        The question ended before the day of the forecast, was forecast already, or a forecast of
        the folder is dated later.
    DataFileError
        A file of the folder was changed.
    """
    name = question_id(case, ends)
    if made > ends:
        raise InputError(
            f"{shortened(name)}: too late. The meeting ends by {ends} and today is {made}; a "
            "forecast is made before."
        )
    chain = read_chain(folder)
    path = Path(folder) / f"{name}.toml"
    if path.exists():
        raise InputError(
            f"{named(path)}: there is a sealed forecast of this question already, and none is "
            "written over. Ask another one with --ends."
        )
    if chain and chain[-1].forecast.made > made:
        raise InputError(
            f"{shortened(chain[-1].id)} was made on {chain[-1].forecast.made}, after today "
            f"({made}). Set the clock of this machine."
        )
    return chain


def seal(folder: str | Path, forecast: Forecast) -> Path:
    """Write a forecast behind the others of its folder, whole or not at all, and say where.

    It is refused as :func:`check_open` says.
    """
    chain = check_open(folder, forecast.case, forecast.ends, forecast.made)
    path = Path(folder) / f"{question_id(forecast.case, forecast.ends)}.toml"
    before = content_hash(chain[-1].content) if chain else FIRST
    body = _body(forecast, len(chain) + 1, before)
    content = body + f'seal = "{content_hash(body)}"\n'.encode()
    _opened(path, content)  # what cannot be read back is not written
    write_whole(path, content)
    return path


def _changed(path: Path, why: str) -> DataFileError:
    return DataFileError(
        f"{named(path)}: {why}. Sealed forecasts are never edited: restore the folder from its "
        "history (`git checkout -- FOLDER`)."
    )


def _opened(path: Path, content: bytes) -> SealedForecast:
    """One file, checked against its own seal."""
    found = SEALED.match(content)
    if found is None:
        raise _changed(path, "this is no sealed forecast, or its end was changed")
    body, said = found.groups()
    if content_hash(body) != said.decode():
        raise _changed(path, "its content is not what was sealed")
    try:
        table = tomllib.loads(body.decode())
        number, before = table.pop("number"), table.pop("before")
        forecast = FORECAST.validate_python({"zone_share": None, **table})
        if type(number) is not int or type(before) is not str:
            raise TypeError("number, before")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as problem:
        raise _changed(path, f"it lacks what a forecast has ({shortened(problem)})") from problem
    except ValidationError as problem:
        place = ".".join(str(part) for part in problem.errors(include_url=False)[0]["loc"])
        why = f"it lacks what a forecast has ({shortened(place)})"
        raise _changed(path, why) from None
    whole = all(abs(sum(odds) - 1) < SUMS_TO_ONE for odds in forecast.odds.values())
    if not whole or not set(ROWS) <= set(forecast.odds):
        raise _changed(path, "its odds are not four rows that sum to one")
    return SealedForecast(path.stem, number, before, forecast, content)


def read_chain(folder: str | Path) -> tuple[SealedForecast, ...]:
    """Every forecast of a folder in order, the whole chain checked.

    An absent folder has none.

    Raises
    ------
    DataFileError
        A file was changed, renamed, taken out or put in.
    """
    folder = Path(folder)
    found = []
    for path in sorted(folder.glob("*.toml")):
        if path.name == OUTCOMES:
            continue
        if path.stat().st_size > LARGEST:
            raise _changed(path, f"more than {LARGEST:,} bytes are no forecast")
        found.append(_opened(path, path.read_bytes()))
    chain = sorted(found, key=lambda one: one.number)
    before, day = FIRST, dt.date.min
    for place, one in enumerate(chain, start=1):
        path = folder / f"{one.id}.toml"
        if one.id != question_id(one.forecast.case, one.forecast.ends):
            raise _changed(path, "it was renamed")
        if one.number != place:
            raise _changed(path, f"it is forecast {one.number}, and number {place} is missing")
        if one.before != before:
            raise _changed(path, "the forecast before it is not the one that it was sealed on")
        if not day <= one.forecast.made <= one.forecast.ends:
            raise _changed(path, "its day does not follow the one before, or is after its end")
        before, day = content_hash(one.content), one.forecast.made
    return tuple(chain)
