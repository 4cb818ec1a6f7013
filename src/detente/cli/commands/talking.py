"""How is a meeting worked out from a terminal?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import detente.case
import detente.report
import detente.run
from detente.cli.progress import progress
from detente.cli.screen import AsJson, heading, paragraph, print_json, show_table
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.report.tables.table import TextTable

#: Draws beyond this tell nothing new.
MOST = 1_000_000


def talks(
    case: Annotated[str, typer.Argument(help="A shipped case, or a case file with [talks].")],
    draws: Annotated[
        int | None, typer.Option(help="Draws of the judged numbers [default: 2000].")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws; the case's own.")] = None,
    out: Annotated[
        Path, typer.Option(help="Folder that keeps priced packages for the next call.")
    ] = Path("out"),
    workers: Annotated[int | None, typer.Option(help="Threads for pricing.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    json: AsJson = False,
) -> None:
    """Say how a meeting ends, which packages both would sign, and what blocks the rest."""
    read = detente.case.load_case(case)
    _ = read.meeting  # a case without one is refused before anything heavy is loaded
    for name, value, least, most in (
        ("--draws", draws, 1, MOST),
        ("--seed", seed, 0, 2**63),
        ("--workers", workers, 1, 1_000),
    ):
        if value is not None and not least <= value <= most:
            raise InputError(f"{name} {value}: at least {least:,}, at most {most:,}.")
    with progress(quiet or json) as show:
        found = detente.run.meet(
            read,
            draws=draws,
            seed=seed,
            folder=out / detente.run.PACKAGES,
            workers=workers,
            listener=show,
        )
    if json:
        print_json(detente.report.talks_values(found))
        return
    page = detente.report.talks_page(found)
    heading(read.talks.title if read.talks and read.talks.title else read.title or read.name)
    paragraph(page.answer)
    below = {
        "How will it end?": (page.odds, page.alike),
        "What one change would move the odds most?": (page.changes,),
        "Unwilling, or playing to the audience at home?": (page.reading,),
    }
    for told in page.told:
        print()
        heading(told.question)
        paragraph(told.text)
        if told.question == "What could both sign?":
            for package, content, *worth in page.packages.rows:
                paragraph(f"- {package} ({' and '.join(worth)}): {content}.", "  ")
        for table in below.get(told.question, ()):
            if table:
                print()
                show_table(table)
    for title, table in (
        ("What if?", page.what_if),
        ("Every judged number", without_last(page.judged)),
    ):
        if table:
            print()
            heading(title)
            show_table(table)
    print()
    heading("Limits")
    for line in page.limits:
        paragraph("- " + line)


def without_last(table: TextTable) -> TextTable:
    """The table without its last column: reasons stand in the report."""
    rows = tuple(row[:-1] for row in table.rows)
    return replace(table, head=table.head[:-1], rows=rows)
