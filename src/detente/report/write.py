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
from typing import Any

from detente.progress import SILENT, Listener
from detente.report.charts import theme
from detente.report.exports.export import FORMATS, writer_of
from detente.report.figures.figures import figures
from detente.report.page import render_report
from detente.report.tables.files import TABLES, as_csv, datapackage
from detente.run.results import Results
from detente.store import ResultFolder


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
    texts = {name: table.written(results) for name, table in TABLES.items()}
    written = [name for name, text in texts.items() if text]
    files: dict[str, str | bytes] = {f"tables/{name}.csv": texts[name] for name in written}
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
