"""What can go wrong, and what should the user do next?

::

    DetenteError
    ├── InputError               the request cannot be read or makes no sense    exit code 2
    │   ├── UnknownNameError     a name that is on no list (nearest is offered)
    │   ├── CaseFileError        a case file breaks the schema (file, line, key)
    │   ├── MeasureError         a measure is contradictory, or two overlap without a rule
    │   ├── WorldError           accounts that do not balance, negative or missing data
    │   └── DataFileError        a data file is absent, truncated or altered
    ├── InfeasibleError          no equilibrium can exist (a good without a source)     3
    ├── ConvergenceError         the tolerance was missed; nothing is returned          4
    ├── OutputError              results cannot be written (folder, disk)               5
    └── InterruptedRun           stopped by the user; what was finished is kept       130

    UserWarning
    └── DamagedFileWarning       finished work of ours was damaged and is done again
"""

from __future__ import annotations

import calendar
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, get_args

__all__ = [
    "CaseFileError",
    "ConvergenceError",
    "DamagedFileWarning",
    "DataFileError",
    "DetenteError",
    "InfeasibleError",
    "InputError",
    "InterruptedRun",
    "MeasureError",
    "OutputError",
    "UnknownNameError",
    "WorldError",
    "check_kind",
    "named",
    "nearest",
    "no_date",
    "placed",
    "schema_error",
    "shortened",
    "shown",
]

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")

#: The most that a message repeats of what somebody wrote, in characters.
LONGEST_ECHO = 60
#: Paths up to this length are said whole.
LONGEST_PATH = 255
#: Choices beyond this are not searched for the nearest.
MOST_COMPARED = 10_000


class DetenteError(Exception):
    """Base of every error that detente raises on purpose; its text is meant for the user."""

    exit_code = 1


class InputError(DetenteError):
    """The request cannot be read or makes no sense."""

    exit_code = 2


class UnknownNameError(InputError):
    """A name that is on no list.

    Parameters
    ----------
    kind
        What the name should have been: "economy", "sector", "instrument".
    name
        What was written.
    choices
        What could have been written.
    where
        File and entry, or the call.
    hint
        What to do next, e.g. a command that lists the choices.

    Examples
    --------
    >>> print(UnknownNameError("sector", "steel", ["iron_steel", "food"], where="steel.toml"))
    steel.toml: unknown sector "steel". Nearest: "iron_steel".
    """

    def __init__(
        self, kind: str, name: str, choices: Iterable[str], where: str = "", hint: str = ""
    ) -> None:
        name = str(name)  # what stands where a name should may be anything
        self.kind, self.name, self.choices, self.where = kind, name, tuple(choices), where
        self.hint = hint
        close = nearest(name, self.choices)
        said = shortened(name)
        text = f'{where}: unknown {kind} "{said}".' if where else f'Unknown {kind} "{said}".'
        if close:
            text += " Nearest: " + ", ".join(f'"{shortened(c)}"' for c in close) + "."
        elif len(self.choices) <= 12:
            listed = ", ".join(f'"{shortened(c)}"' for c in self.choices)
            text += f" Choose from: {listed}."
        if hint:
            text += f" {hint}"
        super().__init__(text)


class CaseFileError(InputError):
    """A case file breaks the schema."""


class MeasureError(InputError):
    """A measure is contradictory, or two measures overlap without a stacking rule.

    Parameters
    ----------
    text
        What is wrong.
    key
        The field of the measure that it is about, if one alone is.
    """

    def __init__(self, text: str, key: str = "") -> None:
        super().__init__(text)
        self.key = key


class WorldError(InputError):
    """World data are negative, missing, or do not balance."""


class DataFileError(InputError):
    """A data file is absent, truncated or altered."""


class InfeasibleError(DetenteError):
    """No equilibrium can exist under these measures."""

    exit_code = 3


class ConvergenceError(DetenteError):
    """The solver missed its tolerance. The text names the worst block, economy and sector."""

    exit_code = 4


class OutputError(DetenteError):
    """Results cannot be written."""

    exit_code = 5


class InterruptedRun(DetenteError):
    """Stopped by the user; the text says what was kept and how to go on."""

    exit_code = 130


class DamagedFileWarning(UserWarning):
    """Finished work that was kept cannot be read; it is done again."""


def shortened(value: object) -> str:
    """What a message repeats of a value: its beginning, if it is long, on one line.

    Examples
    --------
    >>> shortened("short"), len(shortened("long" * 1000)), shortened("two\\nlines")
    ('short', 60, 'two\\\\nlines')
    """
    text = str(value)
    plain = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: LONGEST_ECHO + 1])
    return plain if len(plain) <= LONGEST_ECHO else plain[: LONGEST_ECHO - 1] + "…"


def check_kind(value: object, kind: type, what: str, made_by: str) -> None:
    """Refuse what is not of a kind, and say how one is made.

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_kind("icio-2022", int, "solve: world", "load_world(...)")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: solve: world must be of type int, which load_world(...) gives; got \
"icio-2022".
    """
    if not isinstance(value, kind):
        got = shown(value) if isinstance(value, str) else type(value).__name__
        raise InputError(
            f"{what} must be of type {kind.__name__}, which {made_by} gives; got {got}."
        )


def named(path: object) -> str:
    """A path as a message says it: whole, unless no path is so long or it cannot be printed.

    Examples
    --------
    >>> named("out/case"), len(named("x" * 1000))
    ('out/case', 60)
    """
    text = str(path)
    return text if len(text) <= LONGEST_PATH and text.isprintable() else shortened(text)


def nearest(name: str, choices: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Up to `count` choices that resemble `name`, best first, case ignored.

    Examples
    --------
    >>> nearest("eletronics", ["electronics", "food"])
    ('electronics',)
    """
    by_lower = {c[:LONGEST_ECHO].lower(): c for c in islice(choices, MOST_COMPARED)}
    low = name[:LONGEST_ECHO].lower()
    inside = [c for c in by_lower if low and (low in c or c in low)]
    close = difflib.get_close_matches(low, by_lower, n=count, cutoff=0.6)
    ranked = dict.fromkeys([*close, *inside])
    return tuple(by_lower[c] for c in list(ranked)[:count])


def no_date(value: object) -> str:
    """What is wrong with what should be a date.

    Examples
    --------
    >>> print(no_date("2024-13-01"))
    there is no month 13 in 2024-13-01. Dates are year-month-day, such as 2024-08-01.
    >>> print(no_date("1 August"))
    "1 August" is not a date. Dates are year-month-day, such as 2024-08-01.
    """
    rule = "Dates are year-month-day, such as 2024-08-01."
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return f"{shown(value)} is not a date. {rule}"
    year, month, day = map(int, found.groups())
    if not 1 <= month <= 12:
        return f"there is no month {month} in {found[0]}. {rule}"
    if year < 1 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return f"there is no day {day} in month {month} of {year} ({found[0]}). {rule}"
    return f"{found[0]} lacks a zero: write {year:04}-{month:02}-{day:02}."


def shown(value: object) -> str:
    """A value as it stands in a file, cut to what a message should repeat.

    Examples
    --------
    >>> shown(True), shown("25"), shown(list(range(1000)))
    ('true', '"25"', '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{shortened(value)}"'
    try:
        return shortened(repr(value))
    except (ValueError, RecursionError):  # no number of thousands of digits is written out
        return f"a {type(value).__name__} that is too long to show"


def placed(error: InputError, where: str) -> InputError:
    """The same error with its place in front.

    Examples
    --------
    >>> print(placed(MeasureError("25 is a bare number."), "tariff, rate"))
    tariff, rate: 25 is a bare number.
    """
    if isinstance(error, UnknownNameError):
        return UnknownNameError(error.kind, error.name, error.choices, where, error.hint)
    return type(error)(f"{where}: {error}")


# ---- what pydantic finds, in our words ------------------------------------------------------


def schema_error(item: Mapping[str, Any], root: Any) -> tuple[tuple[str | int, ...], InputError]:
    """Where a table breaks its schema, and what that means to who wrote it.

    A model may help with words of its own: `called` (what such a table is), `written` (an
    example of it), `missing` and `hints` (by key: what to do where it is absent or wrong), and
    `unknown_key` (an error for a key that it does not have).

    Parameters
    ----------
    item
        One of the errors that pydantic lists.
    root
        The model, or union of models, that its location starts from.

    Returns
    -------
    The path of the key, without the names of union members, and the error without a place.
    """
    path, model, members = _walk(tuple(item["loc"]), root)
    kind, got = item["type"], item["input"]
    key = next((str(p) for p in reversed(path) if isinstance(p, str)), "")
    hint = getattr(model, "hints", {}).get(key, "")
    if kind == "extra_forbidden":
        return path, _unknown_key(key, model)
    if kind == "missing":
        why = getattr(model, "missing", {}).get(key, "")
        return path, InputError(f'"{key}" is missing.{why and " " + why}')
    if kind == "union_tag_not_found":
        tag = str(item["ctx"]["discriminator"]).strip("'")
        why = f"Choose from {', '.join(_tags(members))}."
        return (*path, tag), InputError(f'"{tag}" is missing. {why}')
    if kind == "union_tag_invalid":
        tag = str(item["ctx"]["discriminator"]).strip("'")
        called = getattr(members[0], "called", tag)
        unknown = UnknownNameError(called, str(item["ctx"]["tag"]), _tags(members), hint=hint)
        return (*path, tag), unknown
    if kind == "literal_error":
        choices = [str(c) for c in _choices_of(model, key)]
        what = key if isinstance(got, str) else "value"
        name = got if isinstance(got, str) else shown(got)
        return path, UnknownNameError(what, name, choices, hint=hint)
    told = item.get("ctx", {}).get("error")
    if isinstance(told, InputError):
        return path, told
    written = " or ".join(w for m in members if (w := getattr(m, "written", "")))
    if kind in ("model_type", "model_attributes_type", "dict_type") and written:
        return path, InputError(f"{members[0].called} is written {written}; got {shown(got)}.")
    return path, InputError(_words(item, path, key))


def _words(item: Mapping[str, Any], path: tuple[str | int, ...], key: str) -> str:
    """What a value that breaks its schema should have been."""
    kind, got = item["type"], shown(item["input"])
    if kind in _PLAIN:
        return f"{key} is {_PLAIN[kind]} (got {got})."
    if kind.startswith(("date", "datetime")):
        return no_date(item["input"])
    if kind == "string_pattern_mismatch":
        return f'{got} cannot be a short name: use letters, digits, "-", "_" and ".".'
    if kind == "too_long":
        bounds = item.get("ctx", {})
        count = bounds.get("actual_length") or "too many"
        return (
            f"{count} entries; at most {bounds.get('max_length')} are read. Split the case into "
            "several files."
        )
    if kind in ("too_short", "string_too_short"):
        return f'"{key}" is empty: name at least {item["ctx"]["min_length"]}.'
    if kind == "string_too_long":
        return f'"{key}" is longer than {item["ctx"]["max_length"]} characters: {got}.'
    if kind in _BOUNDS:
        (bound,) = item["ctx"].values()
        return f'"{key}" must be {_BOUNDS[kind]} {bound:,}; got {got}.'
    if kind == "value_error":  # our own words; what they are about stands in them
        text = str(item["ctx"]["error"]).rstrip(".")
        plain = isinstance(item["input"], (str, int, float))
        aside = not plain or got.strip('"') in text
        return f"{text}." if aside else f"{text} (got {got})."
    return f"{item['msg']} (got {got})."


#: What belongs where something else was written, by pydantic's kinds of errors.
_PLAIN = {
    "bool_type": "true or false, without quotes",
    "bool_parsing": "true or false, without quotes",
    "float_type": "a number, without quotes",
    "float_parsing": "a number, without quotes",
    "int_type": "a whole number, without quotes",
    "int_parsing": "a whole number, without quotes",
    "int_parsing_size": "a whole number of fewer digits",
    "int_from_float": "a whole number",
    "finite_number": "a finite number",
    "string_type": "text in quotes",
    "tuple_type": "a list, such as [...]",
    "list_type": "a list, such as [...]",
}
_BOUNDS = {
    "greater_than": "above",
    "greater_than_equal": "at least",
    "less_than": "below",
    "less_than_equal": "at most",
}


def _unknown_key(key: str, model: Any) -> InputError:
    own = getattr(model, "unknown_key", None)
    error: InputError | None = own(key) if own is not None else None
    if error is not None:
        return error
    fields = getattr(model, "model_fields", {})
    choices = [info.alias or name for name, info in fields.items()]
    known = f"Known here: {', '.join(choices)}."
    hint = known if not nearest(key, choices) and len(choices) > 12 else ""
    return UnknownNameError("key", key, choices, hint=hint)


def _walk(
    location: tuple[str | int, ...], root: Any
) -> tuple[tuple[str | int, ...], Any, tuple[Any, ...]]:
    """A location without the names of union members, the model around its last key, and the
    models that may stand there."""
    path: list[str | int] = []
    members, model = tuple(_models(root)), None
    for piece in location:
        chosen = tuple(m for m in members if piece in (*_tags([m]), m.__name__))
        if len(members) > 1 and chosen:
            members = chosen
            continue
        path.append(piece)
        if isinstance(piece, int) or not members:
            continue
        model = members[0]
        found = (f for name, f in model.model_fields.items() if piece in (name, f.alias))
        members = tuple(m for field in found for m in _models(field.annotation))
    if len(members) == 1 and not (path and isinstance(path[-1], str)):
        model = members[0]
    return tuple(path), model, members


def _models(annotation: Any) -> Iterator[Any]:
    """Every model that a type allows."""
    if hasattr(annotation, "model_fields"):
        yield annotation
        return
    for inner in get_args(annotation):
        yield from _models(inner)


def _tags(members: Iterable[Any]) -> list[str]:
    """What tells the members of a union apart: the choices of their `kind`."""
    return [str(c) for m in members for c in _choices_of(m, "kind")]


def _choices_of(model: Any, key: str) -> tuple[Any, ...]:
    """The words that a key of a model may be."""
    fields = getattr(model, "model_fields", {})
    info = next((f for name, f in fields.items() if key in (name, f.alias)), None)
    return () if info is None else tuple(_literals(info.annotation))


def _literals(annotation: Any) -> Iterator[Any]:
    for inner in get_args(annotation):
        if isinstance(inner, (str, int)) and not isinstance(inner, bool):
            yield inner
        else:
            yield from _literals(inner)
