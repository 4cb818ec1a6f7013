"""Which axes and which unit does an array of results have?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import InputError
from detente.quantities import COLUMNS
from detente.world.model import FloatArray, World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Labelled", "long_table"]

_AXES = ("importer", "exporter", "economy", "sector")


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
        if any(axis not in _AXES for axis in self.axes):
            raise InputError(f"{self.metric}: axes must be among {', '.join(_AXES)}.")


def labels_of(world: World, axis: str) -> tuple[str, ...]:
    """The codes along an axis."""
    return world.sectors if axis == "sector" else world.economies


def _columns_of(item: Labelled, world: World) -> dict[str, np.ndarray]:
    """Codes of every cell of an array, flattened, one array an axis."""
    shape = tuple(len(labels_of(world, axis)) for axis in item.axes)
    grids = np.indices(shape).reshape(len(shape), -1) if shape else np.zeros((0, 1), dtype=int)
    return {
        axis: np.asarray(labels_of(world, axis), dtype=object)[grids[k]]
        for k, axis in enumerate(item.axes)
    }


def long_table(
    world: World,
    items: Iterable[tuple[Labelled, float | None]],
    *,
    scenario: str = "",
    compared_with: str = "",
    date: str = "",
    drop_missing: bool = True,
) -> pd.DataFrame:
    """Rows for all arrays, in the columns of :data:`COLUMNS`.

    Parameters
    ----------
    world
        Gives the codes along the axes.
    items
        Arrays, each with its quantile, or None for the central value.
    drop_missing
        Leave out cells without meaning, such as the change of a flow that never was.

    Examples
    --------
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> gain = Labelled(np.array([0.5, -0.2]), ("economy",), "%", "welfare_pct")
    >>> long_table(world, [(gain, None)])[["metric", "economy", "value"]].values.tolist()
    [['welfare_pct', 'HOM', 0.5], ['welfare_pct', 'FOR', -0.2]]
    """
    import pandas as pd

    pieces: dict[str, list[np.ndarray]] = {name: [] for name in COLUMNS}
    constant = {"scenario": scenario, "compared_with": compared_with, "date": date}
    for item, quantile in items:
        value = np.asarray(item.values, dtype=float).reshape(-1)
        codes = _columns_of(item, world)
        keep = np.flatnonzero(~np.isnan(value)) if drop_missing else np.arange(value.size)
        for name in COLUMNS:
            if name == "value":
                column = value[keep]
            elif name == "quantile":
                column = np.full(keep.size, np.nan if quantile is None else quantile)
            elif name in codes:
                column = codes[name][keep]
            else:
                text = {"metric": item.metric, "unit": item.unit}.get(name, constant.get(name, ""))
                column = np.full(keep.size, text, dtype=object)
            pieces[name].append(column)
    return pd.DataFrame(
        {name: np.concatenate(parts) if parts else [] for name, parts in pieces.items()}
    )


def cell(item: Labelled, world: World, where: Mapping[str, str]) -> FloatArray:
    """The part of an array that codes such as ``economy="USA"`` pick out."""
    index: list[int | slice] = [slice(None)] * len(item.axes)
    for axis, code in where.items():
        if axis not in item.axes:
            raise InputError(
                f"{item.metric} has the axes {', '.join(item.axes) or '(none)'}, not {axis}."
            )
        finder = world.sector_index if axis == "sector" else world.economy_index
        index[item.axes.index(axis)] = finder(code, item.metric)
    return np.asarray(item.values[tuple(index)])


def percent_change(after: FloatArray, before: FloatArray) -> FloatArray:
    """100 (after/before − 1); NaN where there was nothing before."""
    out = np.full(np.broadcast_shapes(np.shape(after), np.shape(before)), np.nan)
    np.divide(after, before, out=out, where=np.asarray(before) != 0)
    return 100.0 * (out - 1.0)


def one_of(kind: str, name: str, choices: Sequence[str]) -> str:
    """`name` if it is a choice; UnknownNameError otherwise."""
    from detente.errors import UnknownNameError

    if name not in choices:
        raise UnknownNameError(kind, name, choices)
    return name
