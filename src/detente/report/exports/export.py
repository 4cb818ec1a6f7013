"""How do the tables of a run become a workbook, Parquet files, or LaTeX?"""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import InputError, UnknownNameError, named
from detente.report.earlier import results_folder
from detente.report.exports import latex, xlsx
from detente.store import MANIFEST, manifest_of, write_whole

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("xlsx", "parquet", "latex")
_NEEDS = {"xlsx": "xlsxwriter", "parquet": "pyarrow"}


def writer_of(form: str) -> str:
    """The name under which a folder of results lists the files of an export."""
    return f"export {form}"


def export_run(folder: Path, form: str, target: Path | None = None) -> list[Path]:
    """Export the tables that a run left in `folder`.

    Parameters
    ----------
    folder
        Where a run wrote its results.
    form
        "xlsx" (one workbook, one sheet a table), "parquet" (one file a table) or "latex" (one
        booktabs table, economies by their main outcomes).
    target
        File, or folder for Parquet; beside the tables when left out.

    Raises
    ------
    InputError
        No run in the folder, an unknown format, or a package that is not installed.
    OutputError
        The target cannot be written.
    """
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS, where="export")
    if (manifest := manifest_of(folder)) is None:
        raise InputError(
            f"{named(folder)}: no run left its results here ({MANIFEST} is missing or damaged). "
            "Run a case first: `detente run beijing-2024`."
        )
    if form in _NEEDS:
        module = _NEEDS[form]
        if find_spec(module) is None:
            raise InputError(
                f"{form} needs the package {module}, which is not installed: pip install {module}."
            )
    frames = _tables(folder)
    if form == "xlsx":
        files = {"tables.xlsx": xlsx.workbook(frames)}
    elif form == "parquet":
        files = {f"parquet/{name}.parquet": _parquet(frame) for name, frame in frames.items()}
    else:
        files = {"economies.tex": latex.economies(frames["headline"], manifest).encode("utf-8")}
    if target is None:
        results_folder(folder, writer_of(form)).publish(files)
        return [folder / name for name in files]
    written = [target / Path(name).name if form == "parquet" else target for name in files]
    for path, content in zip(written, files.values(), strict=True):
        write_whole(path, content)
    return written


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _tables(folder: Path) -> dict[str, pd.DataFrame]:
    import pandas as pd

    text = dict.fromkeys(
        ("scenario", "compared_with", "importer", "exporter", "economy", "sector", "date", "unit"),
        "str",
    )
    out = {}
    for path in sorted((folder / "tables").glob("*.csv")):
        if "metric" not in pd.read_csv(path, nrows=0).columns:
            out[path.stem] = pd.read_csv(path, keep_default_na=False, na_values=[""])
            continue
        frame = pd.read_csv(path, dtype=text, keep_default_na=False, na_values={"value": [""]})
        frame["quantile"] = pd.to_numeric(frame["quantile"], errors="coerce")
        frame["value"] = pd.to_numeric(frame["value"], errors="coerce")
        out[path.stem] = frame
    if "headline" not in out:
        raise InputError(f"{named(folder)}: tables/headline.csv is missing; run the case again.")
    return out
