"""How harsh or friendly is a text, and who said what in it?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.screen import AsJson, grid, heading, paragraph, print_json
from detente.errors import InputError
from detente.talks.statements import SPEAKERS, read_statement

#: A longer text is not a statement.
LARGEST_TEXT = 5_000_000


def read(
    file: Annotated[str, typer.Argument(help='A text file; "-" reads the input stream.')],
    side: Annotated[
        list[str] | None,
        typer.Option(
            help='Names by which the text calls a side, such as "EU=Brussels|Commission".'
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Score a statement or a news text, term by term.

    The codebook knows English diplomatic language. Nothing leaves this machine and no language
    model is asked: each term found is shown with its line, weight and reason.
    """
    text = _text_of(file)
    speakers = dict(SPEAKERS)
    for item in side or []:
        name, _, called = item.partition("=")
        if not name.strip() or not called.strip():
            raise InputError(f'--side "{item}": write a side and its names, "EU=Brussels".')
        speakers[name.strip()] = (*speakers.get(name.strip(), ()), *called.split("|"))
    reading = read_statement(text, speakers)
    sides = [*reading.speakers]
    if json:
        print_json(
            {
                "words": reading.words,
                "score": reading.score(),
                "sides": {s: reading.score(s) for s in sides},
                "note": reading.coverage_note(),
                "hits": [
                    {
                        "line": h.line,
                        "text": h.text,
                        "score": h.score,
                        "speaker": h.speaker,
                        "quoted": h.quoted,
                        "denied": h.denied,
                        "kind": h.term.kind,
                        "reason": h.term.reason,
                    }
                    for h in reading.hits
                ],
            }
        )
        return
    total = reading.score()
    heading(f"{file}: {'too thin to judge' if total is None else f'tone {total:+.1f} of ±10'}")
    paragraph(reading.coverage_note())
    if not reading.hits:
        return
    print()
    rows = [
        (
            str(h.line),
            h.speaker or "?",
            h.text + (" (denied)" if h.denied else ""),
            h.term.reason,
            f"{h.score:+.1f}",
        )
        for h in reading.hits
    ]
    grid(("line", "side", "term", "why", "weight"), rows, 1)
    print()
    for name in sides:
        score = reading.score(name)
        count = sum(h.speaker == name for h in reading.hits)
        said = "too few terms to judge" if score is None else f"{score:+.1f}"
        print(f"{name}: {said} ({count} term{'s' if count != 1 else ''})")
    unknown = sum(not h.speaker for h in reading.hits)
    if unknown:
        paragraph(f"{unknown} of {len(reading.hits)} terms stand where the text names no speaker.")


def _text_of(file: str) -> str:
    """The text of a file or of the input stream."""
    try:
        if file == "-" and sys.stdin is None:
            raise InputError("-: standard input is closed. Pipe a text into it, or name a file.")
        if file == "-":
            raw = sys.stdin.buffer.read(LARGEST_TEXT + 1)
        else:
            with Path(file).open("rb") as stream:
                raw = stream.read(LARGEST_TEXT + 1)
    except OSError as problem:
        raise InputError(f"{file}: cannot be read ({problem.strerror}).") from None
    if len(raw) > LARGEST_TEXT:
        raise InputError(f"{file}: larger than {LARGEST_TEXT / 1e6:g} MB; a statement is shorter.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{file}: not UTF-8 text. Save it as plain text in UTF-8.") from None
