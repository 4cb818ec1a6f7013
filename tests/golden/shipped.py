"""How is what a shipped case prints and solves kept small enough to compare?

Every shipped case is run as a user runs it, with few draws and without its talks, and three files
are kept of it: the text on the terminal, the text of the report, and one line for each group of
rows of each table. A group is the rows of one scenario, metric and quantile; its line holds
their number, a hash of their keys and units in order, and weighted sums of their values, so that
no value can change unseen. A fourth file holds what `detente talks` prints of a meeting. Renew
after a change that is better, and say in the commit which line changed and why::

    python -m tests.golden.shipped              # all cases
    python -m tests.golden.shipped decoupling   # one
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
CASES = tuple(
    sorted(
        entry.name.removesuffix(".toml")
        for entry in (resources.files("detente") / "cases").iterdir()
        if entry.name.endswith(".toml")
    )
)
#: Those that hold a meeting.
MEETINGS = ("anchorage-2021", "beijing-2024", "busan-2025")
#: Few draws, on one thread, from a seed of their own: enough to see that ranges are as they were.
OPTIONS = ("--draws", "12", "--seed", "7", "--workers", "1", "--quiet")
KEYS = ("compared_with", "importer", "exporter", "economy", "sector", "date", "unit")
GROUP = ("scenario", "metric", "quantile")


def without_talks(text: str) -> str:
    """A case file without its meeting, which is kept apart."""
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        header = re.match(r"\[\[?\s*([A-Za-z_-]+)", line)
        if header:
            inside = header[1] == "talks"
        if not inside:
            kept.append(line)
    return "".join(kept)


class _Reader(HTMLParser):
    """Text of a page, a line for each block; drawings and styles left out."""

    BLOCKS = frozenset(("p", "li", "tr", "h1", "h2", "h3", "h4", "section", "figure", "figcaption"))
    BLOCKS |= {"table", "summary", "div"}
    HIDDEN = frozenset(("style", "script", "svg"))

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.lines.append("")
        elif tag in ("td", "th"):
            self.lines[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.lines[-1] += data


def report_text(page: str) -> str:
    """What a report says, without the table of versions, hashes and machines."""
    reader = _Reader()
    reader.feed(page)
    lines = [" ".join(line.split()).strip("| ") for line in reader.lines]
    kept, provenance = [], False
    for line in filter(None, lines):
        provenance = (provenance or line == "Provenance of this run") and "Repeat it" not in line
        if not provenance:
            kept.append(line)
    return "\n".join(kept) + "\n"


def rounding(text: str) -> str:
    """`text` with numbers that are nothing but rounding (2e-13) written alike."""
    return re.sub(r"\b\d(\.\d+)?e-1\d\b", "0e-13", text)


def signature(rows: list[dict[str, str]]) -> dict[str, object]:
    """Number, keys and weighted sums of a group of rows.

    The weights are fixed pseudo-random numbers from 0.5 to 1.5, so values that swap places or move
    against each other change at least one sum.
    """
    keys = "\n".join("|".join(row[key] for key in KEYS) for row in rows)
    values = np.array([float(row["value"]) if row["value"] else np.nan for row in rows])
    weights = 0.5 + np.random.default_rng(1).random((2, len(rows)))
    return {
        "rows": len(rows),
        "keys": hashlib.sha256(keys.encode()).hexdigest()[:16],
        "missing": int(np.isnan(values).sum()),
        "sums": [float(f"{total:.12g}") for total in np.nansum(weights * values, axis=1)],
        "largest": float(f"{np.nanmax(np.abs(values), initial=0.0):.12g}"),
        "unit": rows[0]["unit"],
    }


def table_signatures(folder: Path) -> dict[str, dict[str, object]]:
    """Signatures of every group of rows below a folder of tables."""
    found: dict[str, dict[str, object]] = {}
    for path in sorted(folder.glob("*.csv")):
        groups: dict[str, list[dict[str, str]]] = defaultdict(list)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                groups[" | ".join((path.stem, *(row[key] for key in GROUP)))].append(row)
        found |= {name: signature(rows) for name, rows in groups.items()}
    return found


def printed(folder: Path, *arguments: str) -> str:
    """What a command prints, run in a folder on a terminal of 100 columns."""
    done = subprocess.run(
        [sys.executable, "-m", "detente", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stderr[-2000:]}")
    return done.stdout


def meeting(case: str, folder: Path) -> dict[str, str]:
    """What is printed of a case's meeting, by file name."""
    text = printed(folder, "talks", case, "--quiet", "--out", "out")
    return {f"{case}.talks.txt": rounding(text)}


def run(case: str, folder: Path) -> dict[str, str]:
    """Run a shipped case below `folder`; its three golden texts by file name."""
    shipped = resources.files("detente") / "cases" / f"{case}.toml"
    (folder / f"{case}.toml").write_text(without_talks(shipped.read_text(encoding="utf-8")))
    out = printed(folder, "run", f"{case}.toml", *OPTIONS, "--out", "out")
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    tables = table_signatures(folder / "out" / "tables")
    lines = ",\n".join(
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(line, ensure_ascii=False)}"
        for name, line in tables.items()
    )
    return {
        f"{case}.terminal.txt": rounding(out),
        f"{case}.report.txt": rounding(report_text(page)),
        f"{case}.tables.json": "{\n" + lines + "\n}\n",
    }


def renewed(cases: tuple[str, ...]) -> Iterator[str]:
    """Write the golden files of some cases anew; their names."""
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            texts = run(case, Path(folder))
            texts |= meeting(case, Path(folder)) if case in MEETINGS else {}
            for name, text in texts.items():
                (HERE / name).write_text(text, encoding="utf-8")
                yield name


if __name__ == "__main__":
    for written in renewed(tuple(sys.argv[1:]) or CASES):
        print(written)
