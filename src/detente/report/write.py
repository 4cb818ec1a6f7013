"""Which files does a run leave behind?

::

    out/CASE/report.html            the report, one file
             tables/*.csv           long tables: scenario, compared_with, metric, ...; and
                                    talks_packages, one row a package
             figures/*.svg|png|csv  every figure, and the rows behind it
             manifest.json          version, hashes, seed, platform, residual, timings, and which
                                    files are the run's
             datapackage.json       what each table holds
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.progress import SILENT, Listener
from detente.report.charts import theme
from detente.report.exports.export import FORMATS, writer_of
from detente.report.figures.figures import figures
from detente.report.page import render_report
from detente.run.results import COLUMNS, Results, normal
from detente.store import ResultFolder

if TYPE_CHECKING:
    import pandas as pd

#: What each table holds, in a sentence.
TABLES = {
    "headline": "The headline package: central values, and quantiles where drawn.",
    "trade": "Trade of the headline package by importer, exporter and sector.",
    "packages": "Every package, central values; `scenario` is its id.",
    "alone": "Each measure of the headline alone, central values; `scenario` is its id.",
    "choices": "The headline under other model choices; `scenario` says which.",
    "drivers": "The headline with one parameter at a time at its low and high value.",
    "same_sign": "Share of draws with the sign of the central value.",
    "tariff_path": "Average tariffs by date.",
    "war": "Best replies, staircase and trade war of [game]; `scenario` says which.",
    "deals": "Agreements, frontier and enforcement of [game]; `scenario` says which.",
    "talks": "How the case's meeting ends: chances and their quantiles, and the worth of threats.",
    "talks_packages": "Every package of the case's meeting, one row each: levels, worth by term, "
    "filters, points, and the chance that it is signed.",
    "talks_prices": "What each set of measures on the table of the meeting does to the economies; "
    "`scenario` is the `price_row` of talks_packages or a situation that is no package.",
}
#: Tables with columns of their own instead of one number a row.
WIDE = ("talks_packages",)


def as_csv(table: pd.DataFrame) -> str:
    """A long table as CSV: blank where missing, ten significant digits."""
    columns = [c for c in COLUMNS if c in table.columns]
    text: str = table[columns].to_csv(index=False, float_format="%.10g", lineterminator="\n")
    return text


def as_wide_csv(table: pd.DataFrame) -> str:
    """A wide table as CSV: blank where missing, numbers that read back as they were.

    Which of two packages is better can hang on the last digit, so all are kept.
    """
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text


def _fields(results: Results, table: str) -> list[dict[str, str]]:
    """Columns of a table with their types."""
    if table in WIDE and results.talks is not None:
        from detente.report.tables.talks import package_columns

        return [c.field for c in package_columns(results.talks)]
    types = {"quantile": "number", "value": "number"}
    return [{"name": c, "type": types.get(c, "string")} for c in COLUMNS]


def datapackage(results: Results, tables: list[str]) -> dict[str, Any]:
    """A data package descriptor of the tables."""
    return {
        "profile": "tabular-data-package",
        "name": results.case,
        "title": results.title or results.case,
        "licenses": [{"name": "CC-BY-4.0", "title": "Results; source data under their own terms"}],
        "sources": [{"title": line} for line in results.credits],
        "resources": [
            {
                "name": name,
                "path": f"tables/{name}.csv",
                "profile": "tabular-data-resource",
                "description": TABLES[name],
                "schema": {"fields": _fields(results, name), "missingValues": [""]},
            }
            for name in tables
        ],
    }


def _table(results: Results, name: str) -> pd.DataFrame | None:
    """One table of the results; those of a game and of a meeting are laid out here."""
    if name in ("war", "deals"):
        played = getattr(results, name)
        return None if played is None else normal(played.table())
    if not name.startswith("talks"):
        table: pd.DataFrame | None = getattr(results, name)
        return table
    if results.talks is None:
        return None
    from detente.report.tables import talks as talks_tables

    laid_out: pd.DataFrame = getattr(talks_tables, "talks_table" if name == "talks" else name)(
        results.talks
    )
    return laid_out


def write_results(
    results: Results,
    folder: ResultFolder,
    manifest: Mapping[str, Any],
    *,
    listener: Listener = SILENT,
) -> Path:
    """Write everything into a folder of results, whole or not at all.

    Parameters
    ----------
    results
        What the run found.
    folder
        Opened at the beginning of the run, so that an unwritable place was refused early.
    manifest
        Provenance, written as it is with the writing time added.
    listener
        Told how many figures are drawn.
    """
    started = time.perf_counter()
    written = []
    files: dict[str, str | bytes] = {}
    flows = results.headline["importer"].ne("") & results.headline["sector"].ne("")
    parts = {"headline": results.headline[~flows], "trade": results.headline[flows]}
    for name in TABLES:
        table = parts[name] if name in parts else _table(results, name)
        if table is not None and len(table):
            text = as_wide_csv(table) if name in WIDE else as_csv(table)
            files[f"tables/{name}.csv"] = text
            written.append(name)
    drawn = figures(results)
    files["report.html"] = render_report(results, drawn, listener)
    for figure in drawn:
        svg = figure.svg()
        files[f"figures/{figure.id}.svg"] = svg
        files[f"figures/{figure.id}.png"] = theme.to_png(svg)
        files[f"figures/{figure.id}.csv"] = as_csv(figure.data)
    files["datapackage.json"] = json.dumps(datapackage(results, written), indent=2)
    full = dict(manifest)
    timings = dict(full.get("timings_seconds", {}))
    timings["report"] = round(time.perf_counter() - started, 3)
    full["timings_seconds"] = timings
    return folder.publish(files, full, outdated=map(writer_of, FORMATS))
