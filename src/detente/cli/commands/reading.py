"""How warm or harsh is a text, and who said what in it?"""

from __future__ import annotations

import re
import sys
from html import unescape
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.cli.screen import AsJson, grid, heading, paragraph, print_json, width
from detente.errors import InputError
from detente.talks.texts import Reading, ReadSentence, SpeakerTone, parties
from detente.talks.texts import read as read_text
from detente.wording import number

#: A longer text is no statement, in bytes.
LARGEST_TEXT = 5_000_000
#: What a file name of another format ends in, and how to make a text of it.
FORMATS = {
    ".docx": "a Word document",
    ".doc": "a Word document",
    ".odt": "a document",
    ".rtf": "a document",
    ".pdf": "a PDF",
    ".epub": "a book",
}
#: How each genre is called.
GENRES = {
    "transcript": "a transcript",
    "joint": "a joint statement",
    "post": "a post",
    "report": "a news report",
    "statement": "a statement",
    "plain": "a text of no known kind",
}
#: How those are called that are no economy.
CALLED = {"both": "both sides", "press": "the press", "": "nobody"}


def read(
    file: Annotated[str, typer.Argument(help='A text file; "-" reads the input stream.')],
    by: Annotated[
        str | None,
        typer.Option(help='Whose statement it is: "USA", "China". Left out: found in the text.'),
    ] = None,
    json: AsJson = False,
) -> None:
    """Score a statement or a news text, sentence by sentence.

    Each sentence is scored from -2 (accusation, threat, penalty) to 2 (agreement), each word with
    its weight, and belongs to whoever says it. English only. Nothing leaves this machine, and no
    language model is asked.
    """
    found = read_text(_text_of(file), by)
    if json:
        print_json(_as_json(found))
        return
    issuer = "" if not found.issuer else f" by {_name(found.issuer)}"
    heading(f"{file}: {GENRES[found.genre]}{issuer}")
    _table(found)
    print()
    for sentence in found.sentences:
        if sentence.words or sentence.speaker:
            _sentence(sentence)


def _name(speaker: str) -> str:
    return CALLED.get(speaker) or parties()[speaker]


def _table(found: Reading) -> None:
    """Who says how much, how warmly, and whether it is enough to go by."""
    tones = found.speakers.values()
    rows = [
        (
            _name(t.speaker),
            str(t.sentences),
            str(t.speak),
            _signed(t.mean),
            number(t.standard_error, 2),
            _signed(t.tone, 1),
            "thin" if t.thin else "",
        )
        for t in tones
    ]
    grid(("speaker", "sentences", "speak", "mean", "s.e.", "tone of 10", ""), rows, 6)
    governments = [t for t in tones if t.speaker not in ("", "press")]
    if not governments:
        paragraph(
            "No sentence could be given to a government. Say whose statement it is with --by."
        )
    elif all(t.thin for t in governments):
        paragraph("Thin: fewer than ten sentences of any one side speak. The means say little.")


def _signed(value: float | None, digits: int = 2) -> str:
    return number(value, digits, sign=True)


def _sentence(sentence: ReadSentence) -> None:
    """A sentence with its speaker and score, and its words with their weights below."""
    speaker = CALLED.get(sentence.speaker, sentence.speaker)
    paragraph(f"{_signed(sentence.score)}  {speaker}, line {sentence.line}: {sentence.text}")
    if sentence.words:
        words = "; ".join(
            f"{w.text} {_signed(w.weight)}"
            + ("" if w.effect == w.weight else f" counts {_signed(w.effect)}")
            for w in sentence.words
        )
        paragraph(words, indent=" " * min(7, width() // 10))


def _as_json(found: Reading) -> dict[str, Any]:
    def told(tone: SpeakerTone) -> dict[str, Any]:
        return {**tone._asdict(), "tone": tone.tone}

    return {
        "genre": found.genre,
        "issuer": found.issuer or None,
        "all": told(found.of()),
        "speakers": [told(t) for t in found.speakers.values()],
        "sentences": [
            {
                "line": s.line,
                "speaker": s.speaker or None,
                "score": s.score,
                "text": s.text,
                "words": [
                    {
                        "text": w.text,
                        "kind": w.kind,
                        "weight": w.weight,
                        "counts": w.effect,
                    }
                    for w in s.words
                ],
            }
            for s in found.sentences
        ],
    }


def _text_of(file: str) -> str:
    """The text of a file or of the input stream; a page of HTML without its marks."""
    ending = Path(file).suffix.lower()
    if ending in FORMATS:
        raise InputError(f"{file}: {FORMATS[ending]}. Save it as plain text (.txt) first.")
    try:
        if file == "-" and sys.stdin is None:
            raise InputError("-: standard input is closed. Pipe a text into it, or name a file.")
        if file == "-":
            raw = sys.stdin.buffer.read(LARGEST_TEXT + 1)
        else:
            with Path(file).open("rb") as stream:
                raw = stream.read(LARGEST_TEXT + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "no such name of a file"
        raise InputError(f"{file}: cannot be read ({reason}).") from None
    if len(raw) > LARGEST_TEXT:
        raise InputError(f"{file}: larger than {LARGEST_TEXT / 1e6:g} MB; a statement is shorter.")
    if b"\x00" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{file}: no text, but a file of bytes. Save it as plain text (.txt).")
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{file}: not UTF-8 text. Save it as plain text in UTF-8.") from None
    if not text.strip():
        raise InputError(f"{file}: empty, nothing to read.")
    if ending in (".html", ".htm") or text.lstrip()[:15].lower().startswith(("<!doctype", "<html")):
        text = _without_marks(text)
    return text


def _without_marks(page: str) -> str:
    """The text of an HTML page: scripts, styles, menus and tags taken off."""
    for name in ("script", "style", "nav", "header", "footer", "noscript", "aside"):
        parts = re.split(rf"(?i)<{name}\b", page)
        page = parts[0] + " ".join(
            re.split(rf"(?i)</{name}\s*>", part, maxsplit=1)[-1] for part in parts[1:]
        )
    page = re.sub(r"(?i)</?(?:p|div|h[1-6]|li|br|tr|section|article)\b[^<>]{0,2000}>", "\n\n", page)
    return unescape(re.sub(r"<[^<>]{0,2000}>", " ", page))
