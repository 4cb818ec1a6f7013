"""Which tables does a run write, what does each hold, and how is it written down?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from detente.quantities import COLUMNS
from detente.report.tables.talks import package_columns, talks_long, talks_packages
from detente.report.words.choices import choice
from detente.report.words.sources import credits
from detente.run.results import Results, normal

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TableFile:
    """A table that a run writes.

    Attributes
    ----------
    holds
        What is in it, in a sentence.
    rows
        The table of some results; None where they have none.
    columns
        Columns of its own, with their types, where it is not long.
    """

    holds: str
    rows: Callable[[Results], pd.DataFrame | None]
    columns: Callable[[Results], list[dict[str, str]]] | None = None

    def written(self, results: Results) -> str:
        """The table as CSV; "" where there is nothing to write.

        A long table has ten significant digits. In a table with columns of its own, which of
        two rows is better can hang on the last digit, so all are kept.
        """
        table = self.rows(results)
        if table is None or table.empty:
            return ""
        return as_csv(table) if self.columns is None else as_wide_csv(table)

    def fields(self, results: Results) -> list[dict[str, str]]:
        """Columns with their types."""
        if self.columns is not None:
            return self.columns(results)
        types = {"quantile": "number", "value": "number"}
        return [{"name": c, "type": types.get(c, "string")} for c in COLUMNS]


def as_csv(table: pd.DataFrame) -> str:
    """A long table as CSV: blank where missing, ten significant digits."""
    columns = [c for c in COLUMNS if c in table.columns]
    text: str = table[columns].to_csv(index=False, float_format="%.10g", lineterminator="\n")
    return text


def as_wide_csv(table: pd.DataFrame) -> str:
    """A wide table as CSV: blank where missing, numbers that read back as they were."""
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text


def _is_flow(table: pd.DataFrame) -> pd.Series:
    return table["importer"].ne("") & table["sector"].ne("")


def _choices(results: Results) -> pd.DataFrame | None:
    table = results.choices
    if table is None:
        return None
    return table.assign(scenario=[choice(results, name) for name in table["scenario"]])


def _played(part: str) -> Callable[[Results], pd.DataFrame | None]:
    def rows(results: Results) -> pd.DataFrame | None:
        found = getattr(results, part)
        return None if found is None else normal(found.table())

    return rows


def _met(lay_out: Callable[[Any], Any]) -> Callable[[Results], Any]:
    def rows(results: Results) -> Any:
        return None if results.talks is None else lay_out(results.talks)

    return rows


TABLES = {
    "headline": TableFile(
        "The headline package: central values, and quantiles where drawn.",
        lambda results: results.headline[~_is_flow(results.headline)],
    ),
    "trade": TableFile(
        "Trade of the headline package by importer, exporter and sector.",
        lambda results: results.headline[_is_flow(results.headline)],
    ),
    "packages": TableFile(
        "Every package, central values; `scenario` is its id.", attrgetter("packages")
    ),
    "alone": TableFile(
        "Each measure of the headline alone, central values; `scenario` is its id.",
        attrgetter("alone"),
    ),
    "choices": TableFile(
        "The headline under other model choices; `scenario` says which.", _choices
    ),
    "drivers": TableFile(
        "The headline with one parameter at a time at its low and high value.",
        attrgetter("drivers"),
    ),
    "same_sign": TableFile(
        "Share of draws with the sign of the central value.", attrgetter("same_sign")
    ),
    "tariff_path": TableFile("Average tariffs by date.", attrgetter("tariff_path")),
    "war": TableFile(
        "Best replies, staircase and trade war of [game]; `scenario` says which.", _played("war")
    ),
    "deals": TableFile(
        "Agreements, frontier and enforcement of [game]; `scenario` says which.",
        _played("deals"),
    ),
    "talks": TableFile(
        "How the case's meeting ends, by record, case and blend, and what it is worth; `scenario` "
        "says which, or is a variant.",
        _met(talks_long),
    ),
    "talks_packages": TableFile(
        "Every package of the case's meeting, one row each: levels, worth by part, who signs.",
        _met(talks_packages),
        _met(package_columns),
    ),
}


def datapackage(results: Results, tables: Sequence[str]) -> dict[str, Any]:
    """A data package descriptor of the tables."""
    return {
        "profile": "tabular-data-package",
        "name": results.case,
        "title": results.title or results.case,
        "licenses": [{"name": "CC-BY-4.0", "title": "Results; source data under their own terms"}],
        "sources": [{"title": line} for line in credits(results.sources)],
        "resources": [
            {
                "name": name,
                "path": f"tables/{name}.csv",
                "profile": "tabular-data-resource",
                "description": TABLES[name].holds,
                "schema": {"fields": TABLES[name].fields(results), "missingValues": [""]},
            }
            for name in tables
        ],
    }
