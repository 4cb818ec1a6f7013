"""What may a field of a measure hold, and how is it read? Names, rates, shares, amounts, dates."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from detente.errors import (
    InputError,
    MeasureError,
    UnknownNameError,
    schema_error,
    shortened,
    shown,
)
from detente.measures.rates import (
    Amount,
    Change,
    IncomeShare,
    Rate,
    Share,
    parse_amount,
    parse_change,
    parse_date,
    parse_income_share,
    parse_rate,
    parse_share,
)

#: More names than this in one list, or sectors in one table, are refused.
MOST_NAMES = 2_000
#: Of the errors in one table no more than this are told.
MOST_TOLD = 10

_T = TypeVar("_T")


class _Keys:
    """The signature of a table's class: its keys, each with its type as the source writes it."""

    def __get__(self, table: object, owner: type[BaseModel]) -> inspect.Signature:
        written = {
            k: t
            for c in reversed(owner.__mro__)
            for k, t in vars(c).get("__annotations__", {}).items()
        }
        return inspect.Signature(
            [
                inspect.Parameter(
                    name,
                    inspect.Parameter.KEYWORD_ONLY,
                    annotation=written[name],
                    default=inspect.Parameter.empty if field.is_required() else field.default,
                )
                for name, field in owner.model_fields.items()
            ]
        )


class WrittenTable(BaseModel):
    """A table that somebody writes, in Python or in a case file: frozen, unknown keys refused.

    Making one in Python raises :class:`MeasureError` or :class:`UnknownNameError`; the reader of
    case files validates with the same models and asks :func:`detente.errors.schema_error` for
    the place and the words of each error.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)

    #: What messages call such a table.
    called: ClassVar[str] = ""
    #: An example, for whoever wrote something else.
    written: ClassVar[str] = ""
    #: By key: what to do where it is missing, or where a word is not one of its choices.
    missing: ClassVar[Mapping[str, str]] = {}
    hints: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise _raised(error, type(self), fields) from None

    # The reader of a case file builds tables inside tables; with this mark pydantic does so
    # directly and lists every error, instead of calling the constructor above, which raises.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    # What editors complete and `help` shows. pydantic puts its own in place, with every validator
    # spelt out, once a class is first used.
    __signature__ = _Keys()

    @classmethod
    def __pydantic_on_complete__(cls) -> None:
        cls.__signature__ = _Keys()

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """What was written, without the defaults."""
        for name in type(self).model_fields:
            if name in self.model_fields_set:
                yield name, getattr(self, name)

    @classmethod
    def place(cls, fields: Mapping[str, Any]) -> str:
        """How messages call a table that is being made."""
        return cls.called


def _raised(
    error: ValidationError, model: type[WrittenTable], fields: Mapping[str, Any]
) -> InputError:
    """What pydantic found, as one error of ours."""
    place = model.place(fields)
    told = []
    for item in error.errors(include_url=False)[:MOST_TOLD]:
        path, found = schema_error(item, model)
        told.append((", ".join(p for p in (place, ".".join(map(shortened, path))) if p), found))
    where, first = told[0]
    if len(told) == 1 and isinstance(first, UnknownNameError):
        return UnknownNameError(first.kind, first.name, first.choices, where, first.hint)
    return MeasureError("\n".join(f"{where}: {_begun(found)}" for where, found in told))


def _begun(error: InputError) -> str:
    """The words of an error behind its place."""
    return re.sub(r"^Unknown ", "unknown ", str(error))


def refuse(*errors: MeasureError) -> None:
    """Raise what is wrong inside a validator: each error at the key that it is about."""
    if errors:
        raise ValidationError.from_exception_data(
            "measure",
            [
                InitErrorDetails(
                    type=PydanticCustomError("value_error", "{error}", {"error": error}),
                    loc=(error.key,) if error.key else (),
                    input=None,
                )
                for error in errors
            ],
        )


def _told(read: Callable[[object], _T]) -> Callable[[object], _T]:
    """A reader of one value as a validator: our own errors travel through pydantic's lists."""

    def validate(value: object) -> _T:
        try:
            return read(value)
        except InputError as error:
            raise PydanticCustomError("value_error", "{error}", {"error": error}) from None

    return validate


def _one_or_by_sector(read: Callable[[object], _T]) -> Callable[[object], _T | dict[str, _T]]:
    """A reader of one value, or of a table of values by sector."""
    one = _told(read)

    def validate(value: object) -> _T | dict[str, _T]:
        if not isinstance(value, Mapping):
            return one(value)
        if not value:
            refuse(MeasureError("the table is empty."))
        _bounded(len(value))
        values, errors = {}, []
        for sector, each in value.items():
            try:
                values[str(sector)] = read(each)
            except InputError as error:
                errors.append(MeasureError(_begun(error), str(sector)))
        refuse(*errors[:MOST_TOLD])
        return values

    return validate


def _bounded(count: int) -> None:
    if count > MOST_NAMES:
        refuse(
            MeasureError(
                f"{count:,} names; at most {MOST_NAMES:,} are read. A group says it shorter, such "
                'as "EU27", "all others" or "all goods".'
            )
        )


def read_names(value: object) -> tuple[str, ...]:
    """One name or several, as a tuple.

    Examples
    --------
    >>> read_names("USA"), read_names(["USA", "CHN"])
    (('USA',), ('USA', 'CHN'))
    """
    if value is None:
        return ()
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)):
        raise MeasureError(f"a name or a list of names is meant; got {shown(value)}.")
    _bounded(len(names))
    seen: set[str] = set()
    for name in names:
        if not isinstance(name, str) or not name:
            raise MeasureError(f"a name or a list of names is meant; got {shown(name)}.")
        if name in seen:
            raise MeasureError(f'"{shortened(name)}" is named twice.')
        seen.add(name)
    return tuple(names)


def _somebody(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        refuse(MeasureError('say who acts, such as by = "USA".'))
    return names


def _overlap(text: object) -> str:
    """A word, or "same-lines:" and a name, that says how covered lines relate."""
    choices = ("same-lines:NAME", "nested", "disjoint", "independent")
    if not isinstance(text, str) or not (
        text in choices[1:] or (text.startswith("same-lines:") and text != "same-lines:")
    ):
        raise UnknownNameError("overlap", text if isinstance(text, str) else shown(text), choices)
    return text


# ---- what an editor is told about texts that are read -------------------------------------

_RATE_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*[+\-−–]?\s*\d+(\.\d+)?\s*(%|pp|percentage points?|percent)\s*$",
    "description": 'A level "25 %", added points "+10 pp", or a relative change "+10 %".',
    "examples": ["25 %", "+10 pp", "+10 %"],
}
_INCOME_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*[+\-−–]\s*\d+(\.\d+)?\s*(%|percent)\s+of income\s*$",
    "examples": ["+1 % of income"],
}
_SHARE_SCHEMA = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$", "examples": ["27 %"]}
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


def _by_sector(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [dict(one), {"type": "object", "additionalProperties": dict(one)}]}


def _as_written(value: object) -> object:
    """A value as a case file says it."""
    if isinstance(value, Mapping):
        return {key: str(each) for key, each in value.items()}
    return str(value)


_WRITTEN = PlainSerializer(_as_written)

# ---- the types of fields -------------------------------------------------------------------

Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9_.\-]*)?$", max_length=80)]
Names = Annotated[
    tuple[str, ...], BeforeValidator(_told(read_names)), WithJsonSchema(_NAMES_SCHEMA)
]
Actors = Annotated[Names, AfterValidator(_somebody)]
OneRate = Annotated[Rate, PlainValidator(_told(parse_rate)), _WRITTEN, WithJsonSchema(_RATE_SCHEMA)]
Rates = Annotated[
    Rate | dict[str, Rate],
    PlainValidator(_one_or_by_sector(parse_rate)),
    _WRITTEN,
    WithJsonSchema(_by_sector(_RATE_SCHEMA)),
]
OfIncome = Annotated[
    IncomeShare,
    PlainValidator(_told(parse_income_share)),
    _WRITTEN,
    WithJsonSchema(_INCOME_SCHEMA),
]
Part = Annotated[Share, PlainValidator(_told(parse_share)), _WRITTEN, WithJsonSchema(_SHARE_SCHEMA)]
Coverage = Annotated[
    Share | dict[str, Share],
    PlainValidator(_one_or_by_sector(parse_share)),
    _WRITTEN,
    WithJsonSchema(_by_sector(_SHARE_SCHEMA)),
]
Shift = Annotated[
    Change, PlainValidator(_told(parse_change)), _WRITTEN, WithJsonSchema(_CHANGE_SCHEMA)
]
Money = Annotated[
    Amount, PlainValidator(_told(parse_amount)), _WRITTEN, WithJsonSchema(_AMOUNT_SCHEMA)
]
Day = Annotated[
    dt.date,
    BeforeValidator(_told(parse_date)),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Overlap = Annotated[
    str,
    BeforeValidator(_told(_overlap)),
    WithJsonSchema({"type": "string", "pattern": "^(nested|disjoint|independent|same-lines:.+)$"}),
]
Stacking = Literal["add", "replace", "cap", "exempt"]
Status = Literal["in force", "announced", "proposed", "hypothetical"]
