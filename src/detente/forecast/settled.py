"""What became of the forecasts?"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.errors import InputError, UnknownNameError, named, shortened, shown
from detente.forecast.log import OUTCOMES, Forecast, SealedForecast
from detente.talks.fitted import ENDINGS

__all__ = ["MeetingOutcome", "read_outcomes"]


@dataclass(frozen=True)
class MeetingOutcome:
    """How a meeting ended.

    Attributes
    ----------
    endings
        As two people coded it, each on their own.
    """

    id: str
    date: dt.date
    endings: tuple[str, str]
    source: str


def read_outcomes(
    folder: str | Path, chain: Sequence[SealedForecast], today: dt.date
) -> tuple[MeetingOutcome, ...]:
    """What became of the forecasts of a folder, in the order in which they were settled.

    ``outcomes.toml`` has one table ``[[outcome]]`` for each: `forecast` (its name), `date`,
    `endings` (by two coders) and `source`. An absent file has none.

    Raises
    ------
    InputError
        A forecast is unknown, settled twice, or dated after its outcome; an ending is on no
        list; a day is in the future or after the question's end.
    """
    path = Path(folder) / OUTCOMES
    if not path.exists():
        return ()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("outcome", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise InputError(f"{named(path)}: {shortened(problem)}.") from problem
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InputError(f"{named(path)}: write each outcome as a table [[outcome]].")
    known = {one.id: one.forecast for one in chain}
    found: dict[str, MeetingOutcome] = {}
    for place, table in enumerate(tables, start=1):
        where = f"{named(path)}, outcome {place}"
        outcome = _outcome(table, known, where, today)
        if outcome.id in found:
            raise InputError(f"{where}: {shown(outcome.id)} was settled above already.")
        found[outcome.id] = outcome
    return tuple(sorted(found.values(), key=lambda one: (one.date, one.id)))


def _outcome(
    table: Mapping[str, Any], known: Mapping[str, Forecast], where: str, today: dt.date
) -> MeetingOutcome:
    """One table of outcomes, checked."""
    keys = ("forecast", "date", "endings", "source")
    for key in keys:
        if key not in table:
            raise InputError(f'{where}: "{key}" is missing; an outcome has {", ".join(keys)}.')
    for key in table:
        if key not in keys:
            raise UnknownNameError("key", key, keys, where=where)
    name, date, endings, source = (table[key] for key in keys)
    if not isinstance(name, str) or name not in known:
        raise UnknownNameError("forecast", str(name), known, where=where)
    if not isinstance(date, dt.date) or isinstance(date, dt.datetime):
        raise InputError(f"{where}: date = {shown(date)}: write year-month-day without quotes.")
    if not isinstance(endings, list) or len(endings) != 2:
        raise InputError(f"{where}: endings: write two, one by each coder.")
    for ending in endings:
        if ending not in ENDINGS:
            raise UnknownNameError("ending", str(ending), ENDINGS, where=where)
    if not isinstance(source, str) or not source.strip():
        raise InputError(f"{where}: source is empty: say where the outcome was read.")
    asked = known[name]
    if asked.made > date:
        raise InputError(
            f"{where}: {shown(name)} was made on {asked.made}, after its outcome of {date}. "
            "Such a forecast is not scored."
        )
    if date > asked.ends:
        raise InputError(
            f"{where}: the question ends on {asked.ends}, before {date}; a meeting later than "
            "that settles nothing."
        )
    if date > today:
        raise InputError(f"{where}: {date} is in the future.")
    return MeetingOutcome(name, date, (endings[0], endings[1]), source)
