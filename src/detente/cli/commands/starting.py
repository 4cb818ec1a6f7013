"""How does one begin a case of one's own?"""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import detente.case
import detente.world
from detente.cli.screen import AsJson, print_json
from detente.errors import InputError, OutputError, named
from detente.store import write_whole

if TYPE_CHECKING:
    from detente.case import Question

#: The world whose names the answers use.
WORLD = "icio-2022"
#: At most so many issues are asked for.
MOST_ISSUES = 12


def new(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; without a file it is printed.")
    ] = None,
    talks: Annotated[
        bool, typer.Option("--talks", help="A meeting, from eight questions.")
    ] = False,
    who: Annotated[
        str | None, typer.Option(help='Answers the first question: "USA, EU27".')
    ] = None,
    when: Annotated[str | None, typer.Option(help="The opening day, 2026-12-14.")] = None,
    level: Annotated[str | None, typer.Option(help="leader, minister or deputy.")] = None,
    channel: Annotated[str | None, typer.Option(help="economic, climate, diplomatic.")] = None,
    dated: Annotated[
        str | None, typer.Option(help="A dated threat or deadline: no, yes, arguable.")
    ] = None,
    tone: Annotated[str | None, typer.Option(help='"2", or "USA -1, EU27 3".')] = None,
    issue: Annotated[
        list[str] | None,
        typer.Option(help='"duty by EU27: kept / lifted = EU27 on USA motor_vehicles -10 pp".'),
    ] = None,
    fallback: Annotated[
        str | None, typer.Option(help='Without a deal: "USA on EU27 motor_vehicles +25 pp".')
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    json: AsJson = False,
) -> None:
    """Write a commented case file to start from.

    With --talks, questions that no option answers are asked; an empty answer takes the default.
    """
    given = {
        "who": who, "when": when, "level": level, "channel": channel, "dated": dated,
        "tone": tone, "issue": issue, "fallback": fallback,
    }  # fmt: skip
    said = [f"--{key}" for key, value in given.items() if value is not None]
    if said and not talks:
        raise InputError(f"{said[0]} answers a question about a meeting: add --talks.")
    place = None if file is None else _free(file, force)
    if talks:
        name = "my-meeting" if place is None else place.stem
        text = detente.case.meeting_starter(_answers(given), _short(name))
    else:
        text = detente.case.starter()
    if place is None:
        if json:
            print_json({"case": text})
        else:
            print(text, end="")
        return
    write_whole(place, text.encode("utf-8"))
    if json:
        print_json({"file": str(place)})
        return
    alone = f"; the meeting alone: detente talks {place}" if talks else ""
    print(
        f"{place} written. Check it: detente validate {place}; run it: detente run {place}{alone}"
    )


def _free(file: Path, force: bool) -> Path:
    """Where the file is written; refused where something is there already."""
    for place in dict.fromkeys((file, file if file.suffix else file.with_suffix(".toml"))):
        if os.path.exists(place) and not force:
            raise OutputError(
                f"{named(place)} exists already. Choose another name, or add --force."
            )
    return place


def _short(name: str) -> str:
    """A name that a case may have."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    return kept.strip("-.") or "my-meeting"


# ---- the eight questions ------------------------------------------------------------------------


def _answers(given: dict[str, Any]) -> dict[str, Any]:
    """Every question answered: by its option, by a person, or by its default."""
    labels = detente.world.world_labels(WORLD)
    found: dict[str, Any] = {}
    for count, question in enumerate(detente.case.QUESTIONS, 1):
        value = given[question.key]
        if value is None:
            ask = f"{count} of {len(detente.case.QUESTIONS)}. {question.text}"
            found[question.key] = _asked(question, ask, found, labels)
            continue
        try:
            texts = value if question.many else [value]
            read = [detente.case.answer_of(question, t, found, labels) for t in texts]
        except InputError as error:
            raise InputError(f"--{question.key}: {error}") from None
        found[question.key] = read if question.many else read[0]
    return found


def _asked(question: Question, text: str, found: dict[str, Any], labels: Any) -> Any:
    """The answers of a person, asked again where one cannot be read."""
    default = dt.date.today().isoformat() if question.default == "today" else question.default
    read: list[Any] = []
    print(f"{text}{f' [{default}]' if default else ''}", file=sys.stderr)
    while len(read) < MOST_ISSUES:
        line = _line()
        answer = (line or "").strip() or (default if not question.many else "")
        if question.many and not answer:
            return read
        try:
            value = detente.case.answer_of(question, answer, found, labels)
        except InputError as error:
            if line is None or not sys.stdin.isatty():
                raise
            print(str(error), file=sys.stderr)
            continue
        if not question.many:
            return value
        read.append(value)
    return read


def _line() -> str | None:
    """A line of the input stream; None at its end."""
    if sys.stdin is None:
        raise InputError("standard input is closed. Answer by options: --who, --when, --level …")
    print("> ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline() or None
