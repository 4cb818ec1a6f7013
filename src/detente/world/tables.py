"""How does a user's own table of trade become a world?"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.errors import DataFileError, UnknownNameError, WorldError, shortened
from detente.world.build import GIVEN_AXES
from detente.world.labels import check_labels, check_size, renamed
from detente.world.model import World

__all__ = ["world_from_tables"]

Row = Mapping[str, Any]

#: Tables in which every combination must be given: a missing share or elasticity is no zero.
_COMPLETE = ("value_added_share", "trade_elasticity", "final_share")


def _rows(name: str, table: Any, path: Path | None) -> list[tuple[str, Row]]:
    """(where, row) of a CSV file, a list of mappings, or a data frame."""
    if path is not None:
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.DictReader(stream, strict=True)
                columns = reader.fieldnames or []
                if len(set(columns)) != len(columns):
                    raise DataFileError(f"{path}: a column stands twice in its header line.")
                return [(f"{path}, line {reader.line_num}", row) for row in reader]
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise DataFileError(f"{path}: cannot be read ({reason}).") from None
        except (UnicodeDecodeError, csv.Error) as problem:
            raise DataFileError(
                f"{path}: not a UTF-8 CSV table ({problem}). Save it as CSV with a header line."
            ) from None
    records = table.to_dict("records") if hasattr(table, "to_dict") else table
    if isinstance(records, (str, Mapping)) or not isinstance(records, Iterable):
        raise WorldError(f"{name}: give a data frame or a list of rows (column: value).")
    rows = [(f"{name}, row {k + 1}", row) for k, row in enumerate(records)]
    for where, row in rows:
        if not isinstance(row, Mapping):
            raise WorldError(f"{where}: not a row of named columns (column: value).")
    return rows


def _is_empty(cell: Any) -> bool:
    """No text, or the NaN that a data frame puts where nothing stands."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell != cell


def _number(text: Any, where: str) -> float:
    try:
        value = float(text)
    except (TypeError, ValueError):
        raise WorldError(
            f'{where}: value "{shortened(str(text))}" is not a number (write 0.25, not "25 %").'
        ) from None
    if not math.isfinite(value):
        raise WorldError(f"{where}: value is missing or infinite.")
    return value


def _labels(rows: Iterable[tuple[str, Row]], columns: Sequence[str]) -> tuple[str, ...]:
    """Labels in order of first appearance."""
    seen: dict[str, None] = {}
    for _, row in rows:
        for column in columns:
            seen.setdefault(str(row[column]).strip())
    return tuple(seen)


def _array(
    name: str, rows: list[tuple[str, Row]], economies: Sequence[str], sectors: Sequence[str]
) -> FloatArray:
    """A dense array from long rows; refuses unknown labels and double rows."""
    axes = GIVEN_AXES[name]
    choices = [sectors if axis in ("sector", "input") else economies for axis in axes]
    positions = [{label: k for k, label in enumerate(c)} for c in choices]
    out = np.zeros([len(c) for c in choices])
    seen = np.zeros(out.shape, dtype=bool)
    for where, row in rows:
        at = []
        for axis, known, labels in zip(axes, positions, choices, strict=True):
            label = str(row[axis]).strip()
            if label not in known:
                kind = "sector" if axis in ("sector", "input") else "economy"
                hint = renamed(label, tuple(labels)) if kind == "economy" else ""
                raise UnknownNameError(kind, label, labels, where, hint)
            at.append(known[label])
        cell = tuple(at)
        if seen[cell]:
            raise WorldError(f"{where}: {' / '.join(str(row[a]) for a in axes)} is given twice.")
        seen[cell] = True
        out[cell] = _number(row["value"], where)
    if name in _COMPLETE and not seen.all():
        first = tuple(int(k) for k in np.argwhere(~seen)[0])
        labels_of = " / ".join(str(c[k]) for c, k in zip(choices, first, strict=True))
        raise WorldError(
            f"{name}: {int((~seen).sum())} combination(s) are missing, the first {labels_of}. "
            "A missing figure is not taken for zero here."
        )
    return out


def world_from_tables(
    tables: str | Path | Mapping[str, Any],
    *,
    economies: Sequence[str] | None = None,
    sectors: Sequence[str] | None = None,
    **also: Any,
) -> World:
    """A checked world from long tables: a folder of CSV files, or data frames by name.

    Parameters
    ----------
    tables
        A folder that holds NAME.csv, or a mapping from NAME to a data frame or a list of rows.
        Needed: `sales` (factory-gate prices) or `expenditure` (purchaser prices), columns
        importer, exporter, sector, value; `trade_elasticity`, columns sector, value. Optional:
        `input_share` (economy, input, sector, value), `value_added_share` and `final_share`
        (economy, sector, value), `tariff`, `export_tax`, `purchase_subsidy` (importer, exporter,
        sector, value), `production_subsidy` (economy, sector, value), `scale_elasticity`,
        `transfer` (economy, value), `employment`, `emissions`. Rates are fractions. A row that
        is absent from trade, inputs or wedges counts as zero.
    economies, sectors
        Order of the labels; left out, the order in which trade names them.
    also
        As in :meth:`World.from_arrays`: market_structure, closure, accounts, name, year, goods.

    Raises
    ------
    WorldError, UnknownNameError, DataFileError
        With file and line of what is wrong.

    Examples
    --------
    >>> trade = [
    ...     {"importer": n, "exporter": i, "sector": "goods", "value": v}
    ...     for n, i, v in [("HOM", "HOM", 80), ("HOM", "FOR", 20), ("FOR", "HOM", 20),
    ...                     ("FOR", "FOR", 180)]]
    >>> theta = [{"sector": "goods", "value": 4}]
    >>> world_from_tables({"sales": trade, "trade_elasticity": theta}).economies
    ('HOM', 'FOR')
    """
    read: dict[str, list[tuple[str, Row]]] = {}
    if isinstance(tables, (str, Path)):
        folder = Path(tables)
        if not os.path.isdir(folder):
            raise DataFileError(
                f"{shortened(str(folder))}: no such folder. Give a folder of CSV tables."
            )
        found = {path.stem: path for path in sorted(folder.glob("*.csv"))}
        unknown = [name for name in found if name not in GIVEN_AXES]
        if unknown:
            raise UnknownNameError("table", unknown[0], GIVEN_AXES, str(found[unknown[0]]))
        read = {name: _rows(name, None, path) for name, path in found.items()}
        where = str(folder)
    else:
        if not isinstance(tables, Mapping):
            raise WorldError("world_from_tables: give a folder, or tables by name.")
        for name, table in tables.items():
            if name not in GIVEN_AXES:
                raise UnknownNameError("table", name, GIVEN_AXES, "world_from_tables")
            read[name] = _rows(name, table, None)
        where = "world_from_tables"
    for name, rows in read.items():
        for at, row in rows:
            lacking = [c for c in (*GIVEN_AXES[name], "value") if _is_empty(row.get(c))]
            if lacking:
                raise WorldError(
                    f"{at}: column(s) {', '.join(lacking)} missing or empty. "
                    f"Table {name} has the columns {', '.join(GIVEN_AXES[name])}, value."
                )
    trade = [name for name in ("sales", "expenditure") if name in read]
    if len(trade) != 1:
        raise WorldError(f"{where}: give exactly one of the tables sales and expenditure.")
    if "trade_elasticity" not in read:
        raise WorldError(f"{where}: the table trade_elasticity (sector, value) is missing.")
    flows = read[trade[0]]
    e = check_labels("economies", economies or _labels(flows, ("importer", "exporter")))
    s = check_labels("sectors", sectors or _labels(flows, ("sector",)))
    check_size(e, s)
    arrays = {name: _array(name, rows, e, s) for name, rows in read.items()}
    return World.from_arrays(e, s, **{**arrays, **also})
