"""How will a meeting end, said before; and how well was it said?"""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import detente.case
import detente.forecast
import detente.run
import detente.world
from detente import __version__
from detente.cli.progress import progress
from detente.cli.screen import AsJson, grid, heading, paragraph, print_json
from detente.errors import InputError, no_date
from detente.store import content_hash
from detente.talks.fitted import Odds
from detente.wording import chance, day, interval, number

if TYPE_CHECKING:
    from detente.talks import MeetingOdds

#: How endings and rows of odds are called.
ENDING_WORDS = ("breakthrough", "partial deal", "talking on", "no result", "breakdown")
ROW_WORDS = {
    "record": "record",
    "case": "case",
    "blend": "blend",
    "base_rates": "base rates",
    "own": "own odds",
}
#: What two coders are asked, each on their own.
RESOLUTION = (
    "Two people code the ending on their own, from what both sides and the press published until "
    "ten days after the last day of the meeting. Breakthrough: a comprehensive agreement is "
    "concluded. Partial deal: at least one measure is agreed that a government would not have "
    "taken alone. Talking on: further meetings or channels are agreed, and no more. No result: "
    "not even that. Breakdown: the talks are broken off, or one side strikes at the table. "
    "Where the two sides do not meet by the last day, the question lapses and is not scored."
)
RESOLUTION_SOURCE = "statements of both sides, and two news agencies"
Folder = Annotated[Path, typer.Option(help="Folder of the forecasts.")]


def forecast(
    case: Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")],
    ends: Annotated[str, typer.Option(help="Last day of the meeting, year-month-day.")],
    folder: Folder = Path("forecasts"),
    source: Annotated[
        str, typer.Option(help="Where the outcome will be looked up.")
    ] = RESOLUTION_SOURCE,
    draws: Annotated[
        int | None, typer.Option(help="Draws of the judged numbers [default: 2,000].")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    json: AsJson = False,
) -> None:
    """Seal the odds of a case's meeting before it ends: what is said now cannot be changed.

    Commit the file to publish it: its hash covers the odds, the case and the forecast before it.
    """
    last = _date(ends)
    today = dt.date.today()
    read = detente.case.load_case(case)
    meeting = read.meeting
    detente.forecast.check_open(folder, read.name, last, today)
    with progress(quiet or json) as show:
        found = detente.run.meet(read, draws=draws, listener=show)
    odds = found.odds
    world = detente.case.world_of(read)
    descriptor = detente.world.shipped_descriptor(world)
    made = detente.forecast.Forecast(
        case=read.name,
        ends=last,
        made=today,
        question=f"How does {meeting.talks.title or read.title or read.name} end by {day(last)}?",
        resolution=RESOLUTION,
        resolution_source=source,
        signs=odds.signs,
        zone_share=odds.zone_share,
        odds=_rows(odds),
        escalation=found.escalation.chance,
        case_hash=content_hash(read.text.encode()),
        world=world,
        world_hash=str(descriptor.get("arrays", {}).get("sha256", "")),
        numbers_hash=content_hash((files("detente.talks") / "record.toml").read_bytes()),
        version=__version__,
    )
    path = detente.forecast.seal(folder, made)
    if json:
        said = {
            "file": str(path),
            "question": made.question,
            "made": made.made,
            "ends": made.ends,
            "odds": {row: odds._asdict() for row, odds in made.odds.items()},
            "zone_share": made.zone_share,
            "escalation": made.escalation,
        }
        print_json(said)
        return
    heading(made.question)
    grid(
        ["", *ENDING_WORDS],
        [(ROW_WORDS[row], *(chance(p) for p in odds)) for row, odds in made.odds.items()],
        numeric=len(ENDING_WORDS),
    )
    print()
    paragraph(f"Escalation within six months: {chance(made.escalation)}, weakly known.")
    paragraph(f"Sealed as {path}. Commit it to publish it.")


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--ends: {no_date(text)}") from None


def _rows(odds: MeetingOdds) -> dict[str, Odds]:
    """The odds of a meeting by row, own odds where they were given."""
    rows = {
        "record": odds.record.odds,
        "case": odds.case,
        "blend": odds.blend,
        "base_rates": odds.base_rates,
    }
    return rows if odds.own is None else {**rows, "own": odds.own}


def score(folder: Folder = Path("forecasts"), json: AsJson = False) -> None:
    """Check the chain of sealed forecasts, and score those whose outcome is known.

    Outcomes stand in outcomes.toml in the same folder: forecast, date, endings by two coders,
    source.
    """
    chain = detente.forecast.read_chain(folder)
    if not chain:
        raise InputError(f"{folder}: no forecast here. Write one with `detente forecast CASE`.")
    outcomes = detente.forecast.read_outcomes(folder, chain, dt.date.today())
    found = detente.forecast.score_log(chain, outcomes)
    if json:
        values = {
            "settled": found.settled,
            "waiting": found.waiting,
            "scores": [row._asdict() for row in found.means],
            "reliability": [band._asdict() for band in found.reliability],
            "running": found.running,
            "weight": found.weight._asdict(),
        }
        print_json(values)
        return
    count = len(found.settled)
    heading(f"{len(chain)} sealed, {count} settled; the chain is whole.")
    for name in dict.fromkeys(row.score for row in found.means):
        rows = [row for row in found.means if row.score == name]
        print()
        grid(
            [name, "mean", "gain on base rates", "standard error"],
            [
                (
                    ROW_WORDS[row.row],
                    number(row.mean, 3),
                    "" if row.row == "base_rates" else number(row.gain, 3, sign=True),
                    "" if row.row == "base_rates" else number(row.standard_error, 3),
                )
                for row in rows
            ],
            numeric=3,
        )
    if found.reliability:
        print()
        grid(
            ["a deal: said", "happened", "forecasts"],
            [(chance(b.said), chance(b.happened), str(b.forecasts)) for b in found.reliability],
            numeric=3,
        )
    if found.running:
        print()
        paragraph(
            f"Case against record: the running product is {number(found.running[-1], 2)}, at most "
            f"{number(max(found.running), 2)} so far. Were the record true, it would pass 20 in "
            "one log of twenty, whenever one looks."
        )
        weight = found.weight
        paragraph(
            f"A sure zone counts {number(weight.mean, 2)} signs "
            f"({interval(weight.low, weight.high)}), with odds of {chance(weight.above_zero)} "
            "that it counts at all; half a sign was assumed."
        )
    for name in found.waiting:
        paragraph(f"Waiting: {name}")
