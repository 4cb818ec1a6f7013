"""Where does a sentence of a text begin and end, and what of it is no sentence at all?

Markdown marks are taken off, lines folded. A block is a paragraph, a bullet or a line set apart;
headlines, datelines, footers and stage directions are kept apart from what is said.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from detente.talks.texts.lists import phrases, word_list

__all__ = ["Passage", "Sentence", "blocks", "split"]

#: A longer "sentence" is cut: it has no stops, and is no sentence of any language.
LONGEST_SENTENCE = 2000

#: Words before a full stop that end no sentence unless a new one plainly begins.
ABBREVIATIONS = word_list("sentences", "abbreviations")
#: Words that begin a sentence even behind "U.S." or "Jr."
OPENERS = word_list("sentences", "openers")

_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\([^()\s]{0,400}\)")
_URL = re.compile(r"https?://\S{1,400}")
_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,400}>")
_MARKS = re.compile(r"\\(?=[^\w\s])|\*+|(?<!\w)_+|_+(?!\w)|[\u2060\u200b\ufeff]")
_BULLET = re.compile(r"[ \t]*(?:[-•·▪*+–—]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])[ \t]+(?=\S)")
_HASHES = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(?=\w)")
_DATELINE = phrases("dateline")
_FOOTER = phrases("footer")
_LABEL = re.compile(r"^([A-Z](?:[^:\n.?!“\"]|(?<=[A-Z])\.|(?<=M[rs])\.){0,70}?):\s+(?=\S)")
_LONG_LABEL = re.compile(r"^([A-Z](?:[^:\n.?!“\"]|(?<=\b[A-Z])\.){1,160}?):\s+(?=[“\"])")
_SPOKEN = re.compile(r"(?:Q|[A-Z][A-Z.,’'() -]{2,60}:)\s+\S")
_ASIDE = re.compile(r"\((?:As interpreted|Laughter|Applause|inaudible|Crosstalk|sic)\.?\)", re.I)
_STOP = re.compile(r"[.!?…][\"”’'\])]{0,4}(?=\s|$)")


@dataclass(frozen=True)
class Passage:
    """A paragraph, bullet or line of a text.

    Attributes
    ----------
    kind
        "text", "bullet", "headline" or "footer".
    label
        What stands before a colon at its beginning, as in a transcript; "" for none.
    text
        The rest, on one line.
    line
        Line of the text where it begins, from 1.
    """

    kind: str
    label: str
    text: str
    line: int


@dataclass(frozen=True)
class Sentence:
    """A sentence: its text, where its quotations lie in it, and whether it begins inside one."""

    text: str
    quoted: tuple[tuple[int, int], ...]
    inside: bool


def _plain(line: str) -> str:
    line = _LINK.sub(r"\1", line)
    line = _URL.sub("", _TAG.sub("", line))
    return _ASIDE.sub("", _MARKS.sub("", line).replace("\u00a0", " ")).rstrip()


def _raw_blocks(text: str) -> Iterator[tuple[str, list[str], int]]:
    """Kind, lines and first line of what stands together."""
    lines: list[str] = []
    kind, first = "text", 0
    for number, raw in enumerate(text.splitlines(), 1):
        marked = _HASHES.match(raw)
        bullet = _BULLET.match(raw) if not marked else None
        starred = raw.strip().startswith("**") and raw.strip().endswith("**")
        line = _plain(raw[marked.end() :] if marked else raw[bullet.end() :] if bullet else raw)
        if not line.strip() or bullet or marked:
            if lines:
                yield kind, lines, first
            kind, lines = "text", []
        if not line.strip():
            continue
        if not lines:
            first = number
            kind = "headline" if marked else "bullet" if bullet else "text"
        lines.append(line.strip())
        if marked or (starred and len(lines) == 1 and line.strip()[-1] not in ".!?:"):
            yield "headline", lines, first
            kind, lines = "text", []
    if lines:
        yield kind, lines, first


def _is_headline(text: str, first: bool) -> bool:
    """A line without a stop: short, in capitals, or with most words capitalised."""
    if text[-1] in '.!?…:;,”"' or len(text) > 200:
        return text[-1] in ".:" and text.isupper() and len(text.split()) < 15
    words = re.findall(r"[^\W\d_][\w’'.-]*", text)
    long = [w for w in words if len(w) > 3]
    if not long or text.isupper():
        return True
    titled = sum(w[0].isupper() for w in long) / len(long)
    return titled > 0.7 or (first and len(words) < 22)


def blocks(text: str) -> tuple[Passage, ...]:
    """The paragraphs, bullets, headlines and footers of a text.

    Examples
    --------
    >>> found = blocks("TALKS END\\n\\nBEIJING (Reuters) - They met.\\n\\n- One\\n- Two\\n\\n###")
    >>> [(b.kind, b.text) for b in found]
    [('headline', 'TALKS END'), ('text', 'They met.'), ('bullet', 'One'), ('bullet', 'Two'),
    ('footer', '###')]
    """
    found: list[Passage] = []
    raw = list(_raw_blocks(text))
    spoken = len(raw) > 1
    for kind, lines, first in raw:
        whole = " ".join(lines)
        if kind == "text" and _FOOTER.match(whole[:200]) and len(whole) < 200:
            kind = "footer"
        elif kind == "text" and spoken and len(whole) < 220 and not _SPOKEN.match(whole):
            kind = "headline" if _is_headline(whole, not found) else "text"
        label = ""
        if kind in ("text", "bullet"):
            whole = _DATELINE.sub("", whole, count=1) if kind == "text" else whole
            if match := _LABEL.match(whole) or _LONG_LABEL.match(whole):
                label, whole = match[1], whole[match.end() :]
            elif match := re.match(r"(Q|Q&A)\s+(?=\S)", whole):
                label, whole = "Q", whole[match.end() :]
        if whole:
            found.append(Passage(kind, label, whole, first))
    return tuple(found)


def _ends(text: str, stop: int, after: int) -> bool:
    """Whether the stop at `stop`, with the next text from `after`, ends a sentence."""
    rest = text[after : after + 40].lstrip()
    if not rest:
        return True
    begin = rest.lstrip('"“‘([—–- ')[:1]
    if not (begin.isupper() or begin.isdigit() or rest[0] in '“‘"(['):
        return False
    if text[stop] != ".":
        return True
    before = re.search(r"[\w.&’'-]*$", text[max(0, stop - 24) : stop])
    word = before.group().lower() if before else ""
    opener = re.match(r"[\"“‘(]*(\w+)", rest)
    opens = opener is not None and opener[1] in OPENERS
    initial = len(word) == 1 and word.isalpha() and word != "i"
    if word in ABBREVIATIONS or initial or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word):
        return opens and word not in {"mr", "mrs", "ms", "dr", "no", "gen", "sen", "rep"}
    return True


_TAGGED = re.compile(
    r"(?:[A-Z][\w’'.-]*|[Tt]he|[Hh]e|[Ss]he|[Tt]hey|of|for|and|an?|[a-z]{3,14})"
    r"(?: [\w’'.-]{1,20}){0,5} (?:said|says|added|told|asked|replied|warned|wrote|insisted)\b"
)


def split(text: str, inside: bool = False) -> tuple[tuple[Sentence, ...], bool]:
    """Sentences of a block, and whether a quotation is left open at its end.

    Parameters
    ----------
    text
        A paragraph on one line.
    inside
        Whether the paragraph before left a quotation open. One that then begins with a mark of
        quotation goes on with it.

    Examples
    --------
    >>> found, open_ = split("The U.S. side met Mr. Li. “It was good. We agreed,” she said. Fine.")
    >>> [s.text for s in found], open_
    (['The U.S. side met Mr. Li.', '“It was good.', 'We agreed,” she said.', 'Fine.'], False)
    """
    quotes = _quotations(text, inside)
    open_ = bool(quotes) and quotes[-1][1] > len(text)
    cuts = [0]
    for stop in _STOP.finditer(text):
        if _ends(text, stop.start(), stop.end()) or stop.start() - cuts[-1] > LONGEST_SENTENCE:
            cuts.append(stop.end())
    if cuts[-1] < len(text):
        cuts.append(len(text))
    pieces: list[list[int]] = []
    for a, b in itertools.pairwise(cuts):
        for start in range(a, b, LONGEST_SENTENCE):
            end = min(b, start + LONGEST_SENTENCE)
            tag = text[start:end].lstrip()
            closes = text[max(0, start - 3) : start].rstrip()[-2:] in ("!”", "?”", '!"', '?"')
            if pieces and closes and len(tag) < 90 and _TAGGED.match(tag):
                pieces[-1][1] = end
            elif tag:
                pieces.append([start + len(text[start:end]) - len(tag), end])
    found = []
    at = 0
    for start, end in pieces:
        while at < len(quotes) and quotes[at][1] <= start:
            at += 1
        mine, k = [], at
        while k < len(quotes) and quotes[k][0] < end:
            mine.append((max(quotes[k][0], start) - start, min(quotes[k][1], end) - start))
            k += 1
        begun = at < len(quotes) and quotes[at][0] < start
        found.append(
            Sentence(text[start:end].rstrip(), tuple(mine), begun or (inside and not start))
        )
    return tuple(found), open_


def _quotations(text: str, inside: bool) -> list[tuple[int, int]]:
    """Spans of quotations; one left open ends behind the text."""
    found: list[tuple[int, int]] = []
    goes_on = inside and text[:1] in '“"'
    start = 0 if goes_on else -1
    for mark in re.finditer(r"[“”\"]", text[1:] if goes_on else text):
        k = mark.start() + (1 if goes_on else 0)
        sign = text[k]
        if sign == "“" or (sign == '"' and start < 0):
            start = k if start < 0 else start
        elif start >= 0:
            found.append((start, k + 1))
            start = -1
    if start >= 0:
        found.append((start, len(text) + 1))
    return found
