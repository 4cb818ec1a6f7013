"""Which axes and which unit does an array have, and how do arrays become one long table?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError, UnknownNameError
from detente.quantities import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Codes", "FloatArray", "Labelled", "cell", "long_table", "percent_change"]

FloatArray: TypeAlias = NDArray[np.float64]

AXES = ("importer", "exporter", "economy", "sector")


class Codes(Protocol):
    """Whatever knows the codes along the axes, such as a world."""

    @property
    def economies(self) -> Sequence[str]:
        """Codes of the economies, in order."""
        ...

    @property
    def sectors(self) -> Sequence[str]:
        """Codes of the sectors, in order."""
        ...


def codes_along(axis: str, codes: Codes) -> Sequence[str]:
    """The codes along an axis."""
    return codes.sectors if axis == "sector" else codes.economies


@dataclass(frozen=True, eq=False)
class Labelled:
    """An array with its axes and its unit.

    Attributes
    ----------
    values
        The numbers. NaN where the quantity has no meaning (a change from nothing).
    axes
        Names of the axes, among "importer", "exporter", "economy", "sector".
    unit
        "%", "pp", "USD million", "thousand persons", "Mt CO2-equivalent".
    metric
        Name in the `metric` column; several arrays may share it (by sector, and in total).
    """

    values: FloatArray
    axes: tuple[str, ...]
    unit: str
    metric: str

    def __post_init__(self) -> None:
        if any(axis not in AXES for axis in self.axes):
            raise InputError(f"{self.metric}: axes must be among {', '.join(AXES)}.")

    def rows(
        self, codes: Codes, quantile: float | None = None, *, drop_missing: bool = True
    ) -> dict[str, Any]:
        """Columns of the long table: metric, unit, value, and the codes of every cell.

        Parameters
        ----------
        codes
            Of every cell, such as those of a world.
        quantile
            Which quantile of the draws the values are; None for the central value.
        drop_missing
            Leave out cells without meaning, such as the change of a flow that never was.
        """
        value = np.asarray(self.values, dtype=float).reshape(-1)
        keep = np.flatnonzero(~np.isnan(value)) if drop_missing else np.arange(value.size)
        along = [np.asarray(codes_along(axis, codes), dtype=object) for axis in self.axes]
        at = np.unravel_index(keep, tuple(map(len, along))) if along else ()
        return {
            **{axis: c[k] for axis, c, k in zip(self.axes, along, at, strict=True)},
            "metric": self.metric,
            "unit": self.unit,
            "value": value[keep],
            "quantile": np.nan if quantile is None else quantile,
        }


def those_named(
    asked: str | Iterable[str] | None, known: Iterable[str], kind: str = "outcome"
) -> tuple[str, ...]:
    """Names that are asked for, one or several; None asks for all that are known.

    >>> those_named(None, ["wage", "price"]), those_named("wage", ["wage", "price"])
    (('wage', 'price'), ('wage',))
    >>> those_named(["wages"], ["wage", "price"])
    Traceback (most recent call last):
    ...
    detente.errors.UnknownNameError: Unknown outcome "wages". Nearest: "wage".
    """
    known = tuple(known)
    if asked is None:
        return known
    names = (asked,) if isinstance(asked, str) else tuple(asked)
    for name in names:
        if name not in known:
            raise UnknownNameError(kind, name, known)
    return names


def cell(item: Labelled, codes: Codes, where: Mapping[str, str]) -> FloatArray:
    """The part of an array that codes such as ``economy="USA"`` pick out."""
    index: list[int | slice] = [slice(None)] * len(item.axes)
    for axis, code in where.items():
        if axis not in item.axes:
            raise InputError(
                f"{item.metric} has the axes {', '.join(item.axes) or '(none)'}, not {axis}."
            )
        along = codes_along(axis, codes)
        if code not in along:
            kind = "sector" if axis == "sector" else "economy"
            raise UnknownNameError(kind, code, along, item.metric)
        index[item.axes.index(axis)] = along.index(code)
    return np.asarray(item.values[tuple(index)])


def long_table(
    pieces: Iterable[Mapping[str, Any]],
    *,
    scenario: str = "",
    compared_with: str = "",
    date: str = "",
) -> pd.DataFrame:
    """One table of many pieces, in the columns of :data:`detente.quantities.COLUMNS`.

    Parameters
    ----------
    pieces
        Columns by name, each one value or an array as long as the piece's "value"; from
        :meth:`Labelled.rows`, or written by hand. What a piece leaves out is blank.
    scenario, compared_with, date
        The same in every row, where the piece does not say otherwise.

    Examples
    --------
    >>> gain = {"metric": "welfare_pct", "economy": ["HOM", "FOR"], "value": [0.5, -0.2]}
    >>> one = {"metric": "rounds", "value": 7.0}
    >>> long_table([gain, one])[["metric", "economy", "value"]].values.tolist()
    [['welfare_pct', 'HOM', 0.5], ['welfare_pct', 'FOR', -0.2], ['rounds', '', 7.0]]
    """
    import pandas as pd

    blank = dict.fromkeys(COLUMNS, "") | {
        "scenario": scenario,
        "compared_with": compared_with,
        "date": date,
        "quantile": np.nan,
    }
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
    for piece in pieces:
        size = np.size(piece["value"])
        for name, given in (blank | dict(piece)).items():
            kind = float if name in ("value", "quantile") else object
            columns[name].append(np.broadcast_to(np.asarray(given, dtype=kind), (size,)))
    return pd.DataFrame(
        {name: np.concatenate(parts) if parts else [] for name, parts in columns.items()}
    )


def percent_change(after: FloatArray, before: FloatArray) -> FloatArray:
    """100 (after/before − 1); NaN where there was nothing before."""
    out = np.full(np.broadcast_shapes(np.shape(after), np.shape(before)), np.nan)
    np.divide(after, before, out=out, where=np.asarray(before) != 0)
    return 100.0 * (out - 1.0)
