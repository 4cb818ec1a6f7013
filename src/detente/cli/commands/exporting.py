"""How do the tables of a run leave for a workbook, a paper or a database?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import detente.report
from detente.cli.screen import AsJson, print_json


def export(
    folder: Annotated[Path, typer.Argument(help="The folder that a run wrote, such as out/CASE.")],
    form: Annotated[str, typer.Option("--format", "-f", help="xlsx, parquet or latex.")] = "xlsx",
    to: Annotated[
        Path | None, typer.Option(help="File (folder for Parquet) [default: in the run's folder].")
    ] = None,
    json: AsJson = False,
) -> None:
    """Export the tables of a run as a workbook, as Parquet, or as a LaTeX table."""
    written = detente.report.export_run(folder, form, to)
    if json:
        print_json({"format": form, "files": [str(path) for path in written]})
        return
    for path in written:
        print(path)
