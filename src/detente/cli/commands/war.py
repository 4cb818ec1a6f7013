"""How is a trade war of a case fought from a terminal?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.progress import progress
from detente.cli.screen import AsJson, grid, heading, paragraph, print_json
from detente.errors import InputError
from detente.progress import Listener
from detente.store import ResultFolder
from detente.wording import number, percent

if TYPE_CHECKING:
    from detente.case import CaseFile
    from detente.games.arena import Arena
    from detente.games.game import Game
    from detente.games.play import War

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
    folder = ResultFolder(place, "war", ["tables/war.csv"])
    with progress(quiet or json) as show:
        show.step("opening the world")
        arena, game = opened(read)
        found = fought(arena, game, show, place)
    written = write_table(folder, found.table())
    if json:
        print_json(as_json(found) | {"table": str(written)})
        return
    heading(read.title or read.name)
    if game.question:
        paragraph(game.question)
    show_war(found)
    print()
    print(f"Table: {written}")


def with_game(case: str) -> CaseFile:
    """The case, checked and known to have a [game] section, before anything heavy is loaded."""
    from detente.case import load_case

    read = load_case(case)
    if read.game is None:
        raise InputError(
            f"{read.path or read.name} has no [game] section. Begin one with [game] and a "
            '[[game.player]] such as who = "USA".'
        )
    return read


def opened(read: CaseFile) -> tuple[Arena, Game]:
    """The arena on the world and with the model choices of a case, and its game."""
    from detente.case import world_of
    from detente.games import Arena
    from detente.run.run import Overrides, specification_of
    from detente.world import load_world

    world = load_world(world_of(read), read.model.elasticities)
    # games are played without economies of scale, whatever the rest of the case says
    arena = Arena(world, specification_of(read, Overrides(scale=False)))
    assert read.game is not None
    return arena, read.game.game(world)


def fought(arena: Arena, game: Game, show: Listener, place: Path) -> War:
    """The war of a case, with progress; what is done is kept when it is stopped."""
    from detente.games.play import war as fight

    return fight(arena, game, listener=show, folder=place / KEPT)


def write_table(folder: ResultFolder, table: Any) -> Path:
    """The long table as CSV, named after the command."""
    from detente.report.tables.files import as_csv

    name = f"tables/{folder.writer}.csv"
    return folder.publish({name: as_csv(table)}) / name


def show_war(found: War) -> None:
    """What each may set, best replies, the staircase, the war."""
    from detente.games.rows import median_of

    print()
    heading("What each government may set")
    grid(
        ("Player", "Instrument", "Rates", "Lowest", "Highest"),
        [
            (r.player.name, kind, str(count), low, high)
            for r in found.replies
            for kind, count, low, high in r.player.space.ranges()
        ],
        3,
    )
    print()
    heading("Best reply of each government to the tariffs in force")
    grid(
        ("Player", "Median rate", "Own gain", "At a bound", "No such flow"),
        [
            (
                r.player.name,
                percent(100 * median_of(r.levels), sign=False, digits=1),
                percent(r.gain_pct, digits=3),
                str(len(r.bounds_hit)),
                str(len(r.unidentified)),
            )
            for r in found.replies
        ],
        4,
    )
    if found.stairs:
        rows = [
            (str(k), s.mover or "base year", *(percent(100 * (v - 1), digits=3) for v in s.value))
            for k, s in enumerate(found.stairs)
        ]
        print()
        heading("Reply and counter-reply (change of each objective since the base year)")
        grid(("Move", "By", *found.names), rows, len(found.names))
    if found.end is None:
        return
    end = found.end
    print()
    heading("The trade war: nobody gains by departing alone")
    grid(
        ("Player", "Median rate", "Objective", "Regret", "At a bound"),
        [
            (
                name,
                percent(100 * end.median_rates[name], sign=False, digits=1),
                percent(100 * (value - 1), digits=3),
                f"{100 * regret:.0e} %",
                str(end.bounds_hit[name]),
            )
            for name, value, regret in zip(end.names, end.value, end.regret, strict=True)
        ],
        4,
    )
    print()
    print("Real income, percent of the base year:")
    paragraph(
        "; ".join(f"{k} {number(v, 3, sign=True)}" for k, v in end.welfare_pct.items()), indent="  "
    )
    print(
        f"Certified: largest residual {end.equilibrium.certificate.residual:.0e}; first-order "
        f"conditions to {end.first_order:.0e}."
    )


def as_json(found: War) -> dict[str, Any]:
    """The war as JSON."""
    from detente.games.rows import median_of

    value: dict[str, Any] = {
        "best_replies": {
            r.player.name: {
                "median_rate_pct": 100 * median_of(r.levels),
                "gain_pct": r.gain_pct,
                "at_bound": list(r.bounds_hit),
                "unidentified": list(r.unidentified),
            }
            for r in found.replies
        },
        "staircase": [
            {"move": k, "by": s.mover, "objective_pct": [100 * (v - 1) for v in s.value]}
            for k, s in enumerate(found.stairs)
        ],
    }
    if found.end is not None:
        end = found.end
        value["trade_war"] = {
            "median_rate_pct": {k: 100 * v for k, v in end.median_rates.items()},
            "objective_pct": dict(zip(end.names, [100 * (v - 1) for v in end.value], strict=True)),
            "regret_pct": dict(zip(end.names, [100 * r for r in end.regret], strict=True)),
            "welfare_pct": end.welfare_pct,
        }
    return value
