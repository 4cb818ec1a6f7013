"""How is a meeting played from a terminal?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import detente.case
import detente.talks
import detente.world
from detente.cli.progress import progress
from detente.cli.screen import AsJson, grid, heading, paragraph, print_json
from detente.errors import InputError
from detente.wording import chance

if TYPE_CHECKING:
    from detente.talks.meeting import TalksResults

#: Plays and draws beyond this tell nothing new.
MOST = 100_000


def talks(
    case: Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")],
    seed: Annotated[int, typer.Option(help="Seed of the play; the same seed, the same talks.")] = 1,
    plays: Annotated[int, typer.Option(help="How many plays to show, seeds counting up.")] = 1,
    answers: Annotated[
        bool, typer.Option("--answers/--no-answers", help="Answer the case's questions too.")
    ] = True,
    draws: Annotated[int, typer.Option(help="Draws for the bands; 0 leaves them out.")] = 0,
    out: Annotated[
        Path, typer.Option(help="Folder that keeps priced packages for the next call.")
    ] = Path("out"),
    workers: Annotated[int | None, typer.Option(help="Threads for pricing.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    json: AsJson = False,
) -> None:
    """Price a meeting's packages, say how it would end, and play it round by round."""
    read = detente.case.load_case(case)
    meeting = read.meeting
    for name, value, least in (("--plays", plays, 0), ("--draws", draws, 0), ("--seed", seed, 0)):
        if not least <= value <= (2**63 if name == "--seed" else MOST):
            raise InputError(f"{name} {value}: at least {least}, at most {MOST:,}.")
    if workers is not None and workers < 1:
        raise InputError(f"--workers {workers}: at least 1.")
    with progress(quiet or json) as show:
        show.step("opening the world")
        world = detente.world.load_world(detente.case.world_of(read), read.model.elasticities)
        results = detente.talks.run_talks(
            meeting, world, draws=draws, folder=out / ".packages", workers=workers, listener=show
        )
        played = [
            detente.talks.play(results.ground, seed + k, results.horizon) for k in range(plays)
        ]
    if json:
        print_json({**detente.talks.as_json(results), "plays": [vars(p) for p in played]})
        return
    show_talks(results, answers)
    if len(played) > 1:
        print()
        counted = Counter(p.ending for p in played)
        said = ", ".join(f"{name} {count:,}" for name, count in counted.most_common())
        paragraph(f"{len(played):,} plays ended in: {said}.")
    for one in played:
        print()
        for line in one.log:
            indent = "  " if line.startswith(" ") else ""
            paragraph(line, indent)


def show_talks(results: TalksResults, with_answers: bool = True) -> None:
    """The terminal's summary of a meeting."""
    heading(results.talks.title)
    paragraph(detente.talks.headline(results))
    print()
    bands = results.bands
    rows = []
    for name in detente.talks.OUTCOMES:
        low, high = bands.of(name) if bands else (None, None)
        band = "" if low is None or high is None else f"{chance(low)} to {chance(high)}"
        swings = detente.talks.most_sensitive(results.swings, name)
        inputs = ", ".join(detente.talks.in_words(s.name) for s in swings)
        rows.append((name, chance(results.measures[name]), *([band] if bands else []), inputs))
    grid(("ending", "chance", *(["5 to 95 %"] if bands else []), "hangs most on"), rows)
    if bands:
        paragraph(f"Ranges over {results.drawn_over}.")
    if not with_answers:
        return
    for answer in detente.talks.answers(results):
        print()
        heading(answer.question)
        paragraph(answer.text)
        for mark, contents in answer.items:
            paragraph(f"{mark}. {contents}", "  ")
        for table in answer.grids:
            if table.caption:
                paragraph(table.caption + ":")
            grid(table.head, table.rows, table.numeric)
    print()
    heading("Limits")
    for line in detente.talks.limits(results):
        paragraph("- " + line)
