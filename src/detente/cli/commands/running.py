"""How is a case run from a terminal?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import detente.case
import detente.equilibrium
import detente.report
import detente.run
import detente.world
from detente.cli.progress import progress
from detente.cli.screen import AsJson, heading, paragraph, print_json, show_table
from detente.errors import InputError, InterruptedRun, UnknownNameError

if TYPE_CHECKING:
    from detente.case import CaseFile
    from detente.run.results import Results

#: Draws beyond this in one run ask for a machine of another kind.
MOST_DRAWS = 1_000_000
#: Files of every run: what is in their way is refused before the work.
FILES = ("report.html", "datapackage.json", "tables/headline.csv")
#: Those of a case with a game too.
GAME_FILES = ("tables/war.csv", "tables/deals.csv")


def run(
    case: Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results [default: out/CASE].")
    ] = None,
    package: Annotated[
        str | None, typer.Option(help="Package of the headline [default: the case's own].")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(help="Draws for the ranges [default: the case's own].")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws.")] = None,
    workers: Annotated[int | None, typer.Option(help="Threads for the draws.")] = None,
    no_ranges: Annotated[bool, typer.Option("--no-ranges", help="Leave out the draws.")] = False,
    closure: Annotated[
        str | None, typer.Option(help="Closure of the external account, in place of the case's.")
    ] = None,
    labour: Annotated[str | None, typer.Option(help="mobile, specific or roy.")] = None,
    roy_elasticity: Annotated[float | None, typer.Option(help="With --labour roy.")] = None,
    elasticities: Annotated[str | None, typer.Option(help="A named elasticity set.")] = None,
    scale: Annotated[
        bool | None, typer.Option("--scale/--no-scale", help="Scale economies on or off.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    json: AsJson = False,
) -> None:
    """Solve a case and write its report, figures and tables.

    The headline is printed as soon as it is known; the rest follows in the report.
    """
    checked = _checked(case, package, draws, seed, workers, closure, labour, elasticities)

    place = out or Path("out") / checked.name
    folder = detente.report.results_folder(
        place, "run", FILES if checked.game is None else (*FILES, *GAME_FILES)
    )
    with progress(quiet or json) as show:
        done = detente.run.run_case(
            checked,
            package=package,
            draws=draws,
            seed=seed,
            workers=workers,
            ranges=not no_ranges,
            overrides=detente.run.Overrides(closure, labour, roy_elasticity, elasticities, scale),
            listener=show,
            first=None
            if quiet or json
            else lambda found: show.note(detente.report.answer(found).text),
            folder=kept_beside(place) / ".draws",
        )
        show.step("drawing the report")
        written = detente.report.write_results(done.results, folder, done.manifest, listener=show)
    if json:
        value = detente.report.run_values(done.results) | {
            "folder": str(written),
            "complete": not done.stopped,
        }
        if done.results.talks is not None:
            value["talks"] = detente.report.talks_values(done.results.talks)
        print_json(value)
    else:
        show_results(done.results, written)
    if done.stopped:
        raise InterruptedRun(
            f"stopped; what was finished is in {written}, and finished draws are kept for the "
            "next run of the same case."
        )


def kept_beside(place: Path) -> Path:
    """Where finished work is kept for the next run: beside the results, or else among them."""
    beside = place.absolute().parent
    return beside if os.access(beside, os.W_OK) else place


def _checked(
    case: str,
    package: str | None,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    closure: str | None,
    labour: str | None,
    elasticities: str | None,
) -> CaseFile:
    """Refuse what makes no sense before anything heavy is loaded."""
    read = detente.case.load_case(case)
    if package is not None and package not in read.package_ids:
        raise UnknownNameError(
            "package",
            package,
            read.package_ids,
            where=f"case {read.name}",
            hint=f"List them with `detente show {case}`.",
        )
    for name, value, least in (
        ("--draws", draws, 1),
        ("--workers", workers, 1),
        ("--seed", seed, 0),
    ):
        if value is not None and not least <= value <= (MOST_DRAWS if name == "--draws" else 2**63):
            raise InputError(
                f"{name} {value}: at least {least}"
                + (f", at most {MOST_DRAWS:,}." if name == "--draws" else ".")
            )
    if closure is not None and closure not in detente.world.CLOSURES:
        raise UnknownNameError("closure", closure, detente.world.CLOSURES, where="--closure")
    if labour is not None and labour not in detente.equilibrium.LABOUR_REGIMES:
        raise UnknownNameError(
            "labour regime", labour, detente.equilibrium.LABOUR_REGIMES, where="--labour"
        )
    if elasticities is not None:
        sets = detente.world.world_labels(detente.case.world_of(read)).elasticity_sets
        if elasticities not in sets:
            raise UnknownNameError("elasticity set", elasticities, sets, where="--elasticities")
    return read


def show_results(results: Results, folder: Path) -> None:
    """The terminal's summary: answer, tables, certainty, where the report lies."""
    heading(results.title or results.case)
    paragraph(detente.report.answer(results).text)
    for table in detente.report.run_tables(results):
        print()
        show_table(table)
    if results.talks is not None:
        print()
        paragraph(detente.report.talks_page(results.talks).answer)
    print()
    for line in detente.report.run_footing(results):
        paragraph(line)
    print()
    print(f"Report: {folder / 'report.html'}")
    print(f"Tables: {folder / 'tables'}")
