"""How is a trade war of a case fought from a terminal?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import detente.case
import detente.games
import detente.report
import detente.run
from detente.cli.progress import progress
from detente.cli.screen import AsJson, heading, paragraph, print_json, show_table
from detente.errors import InputError
from detente.store import ResultFolder

if TYPE_CHECKING:
    from detente.case import CaseFile
    from detente.games import Game
    from detente.report.tables.table import TextTable

#: Where the state of long work is kept below the results.
KEPT = ".game"


def war(
    case: Annotated[str, typer.Argument(help="A shipped case, or a case file with [game].")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the table [default: out/CASE].")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    json: AsJson = False,
) -> None:
    """What each government of a case would choose: best replies, staircase, trade war."""
    read = with_game(case)
    place = out or Path("out") / read.name
    folder = detente.report.results_folder(place, "war", ["tables/war.csv"])
    with progress(quiet or json) as show:
        show.step("opening the world")
        arena, game = detente.run.open_game(read)
        found = detente.games.war(arena, game, listener=show, folder=place / KEPT)
    written = write_table(folder, found.table())
    if json:
        print_json(detente.report.war_values(found) | {"table": str(written)})
        return
    tables, footing = detente.report.war_tables(found), detente.report.war_footing(found)
    show_game(read, game, tables, footing, written)


def with_game(case: str) -> CaseFile:
    """The case, known to have a [game] section before anything heavy is loaded."""
    read = detente.case.load_case(case)
    if read.game is None:
        raise InputError(
            f"{read.path or read.name} has no [game] section. Begin one with [game] and a "
            '[[game.player]] such as who = "USA".'
        )
    return read


def write_table(folder: ResultFolder, table: Any) -> Path:
    """The long table as CSV, named after the command."""
    name = f"tables/{folder.writer}.csv"
    return folder.publish({name: detente.report.as_csv(table)}) / name


def show_game(
    case: CaseFile, game: Game, tables: Sequence[TextTable], footing: Sequence[str], written: Path
) -> None:
    """The question of a game, its tables, what is said below them, and where all of it lies."""
    heading(case.title or case.name)
    if game.question:
        paragraph(game.question)
    for table in tables:
        print()
        show_table(table)
    print()
    for line in footing:
        paragraph(line)
    print()
    print(f"Table: {written}")
