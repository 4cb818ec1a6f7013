"""How are the deals of a case worked out from a terminal?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import detente.games
import detente.report
import detente.run
from detente.cli.commands.war import KEPT, show_game, with_game, write_table
from detente.cli.progress import progress
from detente.cli.screen import AsJson, print_json
from detente.errors import InterruptedRun


def deals(
    case: Annotated[str, typer.Argument(help="A shipped case, or a case file with [game].")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the table [default: out/CASE].")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    json: AsJson = False,
) -> None:
    """What the governments of a case could gain together, how to share it, whether it holds."""
    read = with_game(case)
    place = out or Path("out") / read.name
    folder = detente.report.results_folder(place, "deals", ["tables/deals.csv"])
    with progress(quiet or json) as show:
        show.step("opening the world")
        arena, game = detente.run.open_game(read)
        end = detente.games.war(arena, game, listener=show, folder=place / KEPT)
        try:
            found = detente.games.deals(arena, game, found=end, listener=show, folder=place / KEPT)
        except KeyboardInterrupt:
            raise InterruptedRun("stopped before the deals were found.") from None
    written = write_table(folder, found.table())
    if json:
        print_json(detente.report.deals_values(found) | {"table": str(written)})
        return
    tables, footing = detente.report.deals_tables(found), detente.report.deals_footing(found)
    show_game(read, game, tables, footing, written)
