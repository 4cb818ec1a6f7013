"""What does a finding of the schema mean to who wrote the file?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from detente.case.lines import Path
from detente.case.schema import SCHEMA_VERSION, CaseFile
from detente.errors import UnknownNameError, nearest, shown
from detente.measures import INSTRUMENTS
from detente.talks.section import Judgement

__all__ = ["message"]

_BOUNDS = {
    "greater_than": "above",
    "greater_than_equal": "at least",
    "less_than": "below",
    "less_than_equal": "at most",
}
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
#: What to write for keys that are missing.
_MISSING = {
    "schema": f"Write schema = {SCHEMA_VERSION} at the top.",
    "world": 'Write world = "icio-2022", or the path of your own.',
    "by": 'Say who acts, such as by = "USA".',
    "kind": f"Choose from {', '.join(INSTRUMENTS)}.",
    "id": 'A short name, such as id = "301-ev".',
}


def message(item: Mapping[str, Any]) -> str:
    """What one finding of the schema means.

    Parameters
    ----------
    item
        One of the errors that pydantic lists for a :class:`CaseFile`.
    """
    path, kind, got = tuple(item["loc"]), item["type"], item["input"]
    last = next((p for p in reversed(path) if isinstance(p, str)), "")
    known = item.get("ctx", {})
    if path == ("schema",) and kind == "literal_error":
        return (
            f"this is format {shown(got)}; this version reads {SCHEMA_VERSION}. Write "
            f"schema = {SCHEMA_VERSION}."
        )
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "missing":
        return f'"{last}" is missing.{_why(path)}'
    if kind == "literal_error":
        return _unknown_value(path, got)
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return _no_table(path, got)
    if kind in _PLAIN:
        return f"{last} is {_PLAIN[kind]} (got {shown(got)})."
    if kind.startswith(("date", "datetime")):
        return (
            f"{shown(got)} is not a date. Write year-month-day without quotes, such as 2024-08-01."
        )
    if kind == "string_pattern_mismatch":
        return f'{shown(got)} cannot be a short name: use letters, digits, "-", "_" and ".".'
    if kind == "too_long":
        return (
            f"{known.get('actual_length') or 'too many'} entries; at most "
            f"{known.get('max_length')} are read. Split the case into several files."
        )
    if kind in ("too_short", "string_too_short"):
        return f'"{last}" is empty: name at least {known["min_length"]}.'
    if kind == "string_too_long":
        return f'"{last}" is longer than {known["max_length"]} characters: {shown(got)}.'
    if kind in _BOUNDS:
        (bound,) = known.values()
        return f'"{last}" must be {_BOUNDS[kind]} {bound}; got {shown(got)}.'
    if kind == "value_error":  # our own words; what they are about stands in them
        text = str(known["error"]).rstrip(".")
        aside = isinstance(got, (dict, list, tuple, BaseModel)) or shown(got).strip('"') in text
        return f"{text}." if aside else f"{text} (got {shown(got)})."
    return f"{item['msg']} (got {shown(got)})."


def _unknown_key(path: Path) -> str:
    choices = [info.alias or name for name, info in _section_at(path[:-1]).model_fields.items()]
    error = str(UnknownNameError("key", str(path[-1]), choices))
    text = f"u{error[1:]}"
    if not nearest(str(path[-1]), choices) and len(choices) > 12:
        text += f" Known here: {', '.join(choices)}."
    return text


def _why(path: Path) -> str:
    last = str(path[-1])
    if last in ("why", "source") and path[0] == "talks":
        return " Every judgement has a reason, every fact a source."
    if last == "source":
        return " Every number has a source: publication, date, page."
    return f" {_MISSING[last]}" if last in _MISSING else ""


def _unknown_value(path: Path, got: object) -> str:
    last = next(p for p in reversed(path) if isinstance(p, str))
    section = _section_at(path[:-1])
    info = next(i for n, i in section.model_fields.items() if last in (n, i.alias))
    choices = [str(c) for c in _literals(info.annotation)]
    name = got if isinstance(got, str) else shown(got)
    if last == "about":  # a question that the run does not answer: nearest first, then all
        close = nearest(name, choices)
        first = f"Nearest: {', '.join(close)}. " if close else ""
        return f"unknown question {shown(got)}. {first}Choose from: {', '.join(choices)}."
    return str(UnknownNameError("value", name, choices))


def _no_table(path: Path, got: object) -> str:
    """A single value where a table belongs."""
    last = next((p for p in reversed(path) if isinstance(p, str)), "")
    number = isinstance(got, (int, float)) and not isinstance(got, bool)
    if number and _section_at(path) is Judgement:
        return (
            'a judgement is a table: { value = 0.3, low = 0.1, high = 0.6, why = "..." } '
            f"(got {shown(got)})."
        )
    return (
        f"{last} is a table of names and values, such as {{ USA = ... }} or [{last}] "
        f"(got {shown(got)})."
    )


def _section_at(path: Path) -> type[BaseModel]:
    """The model whose keys are expected at a place."""
    model: type[BaseModel] = CaseFile
    for piece in path:
        for name, info in model.model_fields.items():
            if piece in (name, info.alias):
                model = _model_in(info.annotation) or model
                break
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for m in map(_model_in, get_args(annotation)) if m is not None), None)


def _literals(annotation: Any) -> tuple[Any, ...]:
    """The words that a key may be."""
    inner = get_args(annotation)
    if inner and all(isinstance(a, (str, int)) for a in inner):
        return inner
    return next((found for found in map(_literals, inner) if found), ())
