"""What is this number: its symbol, axes, unit and meaning?"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from detente.errors import UnknownNameError

__all__ = [
    "COLUMNS",
    "KINDS",
    "Quantity",
    "label",
    "quantities",
    "quantity",
    "unit",
]

#: Columns of every table of results, long format, in this order; blank where not applicable.
COLUMNS = (
    "scenario",
    "compared_with",
    "metric",
    "importer",
    "exporter",
    "economy",
    "sector",
    "date",
    "quantile",
    "value",
    "unit",
)

#: The headings of the notation page, in its order.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "baseline": "The baseline",
        "wedge": "Wedges",
        "parameter": "Parameters",
        "change": "After the change",
        "metric": "What the tables report",
    }
)

#: Stands for the money of a world in the table of units.
_CURRENCY = "currency"


@dataclass(frozen=True)
class Quantity:
    """One row of the table of quantities.

    Attributes
    ----------
    name
        As in the code and in the `metric` column of result tables.
    symbol
        LaTeX, as in the equations; empty where a metric is known by its name only.
    axes
        Names of its axes in order, separated by commas; empty for one number.
    unit
        "currency" stands for the money of the world at hand; values in tables are a year's.
    label
        Short plain words for headings and axes of figures.
    meaning
        One sentence.
    kind
        One of `KINDS`.
    """

    name: str
    symbol: str
    axes: str
    unit: str
    label: str
    meaning: str
    kind: str


@cache
def quantities() -> Mapping[str, Quantity]:
    """Every quantity by name, in the order of the table.

    Examples
    --------
    >>> quantities()["trade_elasticity"].symbol
    '\\\\theta_j'
    """
    text = files("detente").joinpath("quantities.csv").read_text(encoding="utf-8")
    rows = (Quantity(**row) for row in csv.DictReader(text.splitlines()))
    return MappingProxyType({row.name: row for row in rows})


def quantity(name: str) -> Quantity:
    """The row of one quantity; of "revenue:tariff" and the like, the row before the colon.

    Raises
    ------
    UnknownNameError
        No such quantity; the nearest names are offered.

    Examples
    --------
    >>> quantity("welfare_pct").unit
    '%'
    """
    table = quantities()
    base = name.partition(":")[0]
    if base not in table:
        raise UnknownNameError("quantity", name, table)
    return table[base]


def label(name: str) -> str:
    """Plain words for a quantity; what follows a colon in its name is kept in brackets.

    Examples
    --------
    >>> label("real_wage_pct")
    'Real wage'
    >>> label("revenue:production_subsidy")
    'Revenue (production subsidy)'
    """
    words = quantity(name).label
    detail = name.partition(":")[2]
    return f"{words} ({detail.replace('_', ' ')})" if detail else words


def unit(name: str, currency: str = "USD million") -> str:
    """The unit of a quantity, with the money of a world in its place.

    Examples
    --------
    >>> unit("sales")
    'USD million a year'
    >>> unit("equivalent_variation", currency="EUR million")
    'EUR million'
    >>> unit("employment_change")
    'thousand persons'
    """
    words = quantity(name).unit
    return words.replace(_CURRENCY, currency, 1) if words.startswith(_CURRENCY) else words
