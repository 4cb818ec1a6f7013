"""How do the tables of a run become a workbook, Parquet files, or LaTeX?"""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import InputError, UnknownNameError
from detente.store import MANIFEST, ResultFolder, manifest_of, write_whole

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("xlsx", "parquet", "latex")
_NEEDS = {"xlsx": "xlsxwriter", "parquet": "pyarrow"}
#: Rows of a sheet in a workbook.
_LARGEST_SHEET = 1_048_575


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
            f"{folder}: no run left its results here ({MANIFEST} is missing or damaged). "
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
        files = {"tables.xlsx": _workbook(frames)}
    elif form == "parquet":
        files = {f"parquet/{name}.parquet": _parquet(frame) for name, frame in frames.items()}
    else:
        files = {"economies.tex": _latex(frames["headline"], manifest).encode("utf-8")}
    if target is None:
        ResultFolder(folder, writer_of(form)).publish(files)
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
        raise InputError(f"{folder}: tables/headline.csv is missing; run the case again.")
    return out


def _workbook(frames: dict[str, pd.DataFrame]) -> bytes:
    import pandas as pd

    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="xlsxwriter") as writer:
        for name, frame in frames.items():
            frame.head(_LARGEST_SHEET).to_excel(writer, sheet_name=name[:31], index=False)
            sheet = writer.sheets[name[:31]]
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
            sheet.set_column(0, len(frame.columns) - 1, 16)
    return buffer.getvalue()


def _escape(text: str) -> str:
    for mark in "&%$#_{}":
        text = text.replace(mark, f"\\{mark}")
    return text


def _latex(headline: pd.DataFrame, manifest: dict[str, object]) -> str:
    """Economies by real income (with its range), wages and prices; percent."""
    central = headline[headline["quantile"].isna() & (headline["sector"] == "")]
    metrics = [
        ("Real income", "welfare_pct"),
        ("Real wage", "real_wage_pct"),
        ("Consumer prices", "consumer_price_pct"),
    ]
    wide = {
        metric: central[central["metric"] == metric].set_index("economy")["value"]
        for _, metric in metrics
    }
    low, high = (
        headline[
            (headline["metric"] == "welfare_pct") & ((headline["quantile"] - q).abs() < 1e-9)
        ].set_index("economy")["value"]
        for q in (0.05, 0.95)
    )
    order = wide["welfare_pct"].sort_values(ascending=False).index
    compared = str(headline["compared_with"].iloc[0]) if len(headline) else ""
    lines = [
        f"% {manifest.get('case')}, package {manifest.get('package')}, detente "
        f"{manifest.get('detente')}, {manifest.get('scenario_hash')}",
        "\\begin{tabular}{lrcrr}",
        "\\toprule",
        "Economy & Real income & 90\\,\\% range & Real wage & Consumer prices \\\\",
        "\\midrule",
    ]
    for code in order:
        cells = [f"${wide[m].get(code, float('nan')):+.3f}$" for _, m in metrics]
        cells = ["" if "nan" in c else c for c in cells]
        spread = (
            f"$[{low[code]:+.3f},\\ {high[code]:+.3f}]$" if code in low and code in high else ""
        )
        lines.append(f"{_escape(str(code))} & {cells[0]} & {spread} & {cells[1]} & {cells[2]} \\\\")
    lines += [
        "\\bottomrule",
        "\\end{tabular}",
        f"% Percent changes. Compared with {compared}.",
        "",
    ]
    return "\n".join(lines)
