"""Who said what in a text, and how warmly, sentence by sentence?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from detente.errors import InputError, UnknownNameError
from detente.talks.texts.genres import Genre, genre_of
from detente.talks.texts.lists import phrases, word_list
from detente.talks.texts.names import NOBODY, parties, tokens_of
from detente.talks.texts.sentences import Passage, Sentence, blocks, split
from detente.talks.texts.speakers import BOTH, PRESS, SAME, SAYS, Speakers
from detente.talks.texts.tone import WordMatch, sentence_tone, words_in

__all__ = ["ReadSentence", "Reading", "SpeakerTone", "read"]

#: Fewer sentences that speak than this are thin.
THIN = 10
#: A sentence whose words cancel to less than this leans no way.
EVEN = 0.3
#: From the tone of a sentence (−2..2) to that of a meeting's opening (−10..10).
TO_TEN = 5.0
#: Longest text that is read, in characters.
LONGEST_TEXT = 5_000_000

#: Labels before a colon that stand for the press, and for whoever moderates.
_ASKS = word_list("reader", "asks")
_AGENCIES = phrases("agencies")
_HOSTS = frozenset(["moderator", "operator", "host", "interpreter", "translator"])
_ANSWERS = frozenset(["a", "answer", "spokesperson"])


class ReadSentence(NamedTuple):
    """A sentence: who said it, its tone (−2..2), and the words that make it so.

    `speaker` is the code of an economy, "both", "press", or "" for nobody; `line` is where its
    paragraph begins.
    """

    text: str
    speaker: str
    score: float
    words: tuple[WordMatch, ...]
    line: int

    @property
    def speaks(self) -> bool:
        """Whether the sentence leans either way."""
        return self.score != 0.0


class SpeakerTone(NamedTuple):
    """What a speaker's sentences come to.

    `mean` (−2..2) is over those that speak, with its standard error; None where there are too few
    for either. `thin` says that fewer than ten speak.
    """

    speaker: str
    sentences: int
    speak: int
    mean: float | None
    standard_error: float | None
    thin: bool

    @property
    def tone(self) -> float | None:
        """The mean on the scale of a meeting's opening, −10 to 10."""
        return None if self.mean is None else TO_TEN * self.mean


class Reading(NamedTuple):
    """What a text says: its genre, its issuer ("" for none found), and its sentences."""

    genre: str
    issuer: str
    sentences: tuple[ReadSentence, ...]

    @property
    def speakers(self) -> Mapping[str, SpeakerTone]:
        """What each speaker's sentences come to, the one with most to say first."""
        names = dict.fromkeys(s.speaker for s in self.sentences)
        found = [self.of(name) for name in names]
        found.sort(key=lambda t: (t.speaker == NOBODY, t.speaker == PRESS, -t.speak, -t.sentences))
        return {t.speaker: t for t in found}

    def of(self, speaker: str | None = None) -> SpeakerTone:
        """What one speaker's sentences come to; all sentences together without a name."""
        mine = [s for s in self.sentences if speaker is None or s.speaker == speaker]
        scores = [s.score for s in mine if s.speaks]
        n = len(scores)
        mean = sum(scores) / n if n else None
        error = None
        if n > 1 and mean is not None:
            error = math.sqrt(sum((x - mean) ** 2 for x in scores) / (n - 1) / n)
        return SpeakerTone(speaker or NOBODY, len(mine), n, mean, error, n < THIN)


def party_code(by: str) -> str:
    """The code of a party from its code or name.

    Examples
    --------
    >>> party_code("usa"), party_code("European Union")
    ('USA', 'EU27')
    """
    known = parties()
    wanted = str(by).strip().lower()
    for code, name in known.items():
        if wanted in (code.lower(), name.lower()):
            return code
    if wanted in ("eu", "us", "uk", "prc"):
        return {"eu": "EU27", "us": "USA", "uk": "GBR", "prc": "CHN"}[wanted]
    choices = [*known, *known.values()]
    raise UnknownNameError("party", by, choices, hint='Write a code such as "USA" or "CHN".')


def read(text: str, by: str | None = None) -> Reading:
    """Score the sentences of a statement or a news text, and say who speaks in each.

    Parameters
    ----------
    text
        Plain text in English; marks of Markdown are taken off.
    by
        Code or name of the party whose statement it is. Without it the issuer is looked for in
        the text, else each sentence belongs to its subject, to both sides, the press or nobody.

    Returns
    -------
    Reading
        Headlines, datelines and footers are left out.

    Raises
    ------
    InputError
        The text is empty, longer than five million characters, or no text.
    UnknownNameError
        `by` is no party.

    Examples
    --------
    >>> reading = read("China firmly opposes these unfair tariffs and will take countermeasures.")
    >>> reading.sentences[0].speaker, reading.sentences[0].score
    ('CHN', -2.0)
    >>> reading.of("CHN").thin
    True
    """
    if not isinstance(text, str):
        raise InputError(f"a text is a string; got {type(text).__name__}.")
    if not text.strip().strip("\ufeff"):
        raise InputError("the text is empty: nothing to read.")
    if len(text) > LONGEST_TEXT:
        raise InputError(f"the text has {len(text):,} characters; {LONGEST_TEXT:,} are the most.")
    if "\x00" in text:
        raise InputError("this is no text: it holds a zero byte. Save it as plain text.")
    issuer = None if by is None else party_code(by)
    parts = blocks(text)
    genre = genre_of(text, parts)
    if issuer is not None:
        kind = genre.kind if genre.kind in ("transcript", "post") else "statement"
        genre = Genre(kind, issuer, True, genre.turns)
    return Reading(genre.kind, genre.issuer, tuple(_Turns(genre).sentences(parts)))


class _Turns:
    """Follows who speaks through a text, sentence by sentence."""

    def __init__(self, genre: Genre) -> None:
        self.genre = genre
        self.names = Speakers()
        self.last = NOBODY  # who spoke last
        self.turn: str | None = None  # whose turn it is in a transcript
        self.before = NOBODY  # whose the sentence before is
        self.open = False  # whether a quotation goes on from the paragraph before

    def sentences(self, parts: tuple[Passage, ...]) -> list[ReadSentence]:
        found: list[ReadSentence] = []
        for part in parts:
            if part.kind == "text" and self.genre.kind in ("report", "plain"):
                self.names.learn(part.text[:3000])
        for part in parts:
            if part.kind in ("headline", "footer"):
                continue
            if part.label and part.label not in self.genre.turns:
                small = sum(w.islower() for w in part.label.split())
                says = not SAYS.isdisjoint(part.label.lower().split())
                if says or 2 * small > len(part.label.split()):  # prose, no heading
                    part = replace(part, label="", text=f"{part.label}: {part.text}")
            said, open_ = split(part.text, self.open)
            who = self._block(part, said)
            self.open = open_
            for sentence, speaker in zip(said, who, strict=True):
                if not any(c.isalpha() for c in sentence.text):
                    continue
                words = words_in(sentence.text)
                score = sentence_tone(words)
                score = 0.0 if abs(score) < EVEN else round(score, 6)
                found.append(ReadSentence(sentence.text, speaker, score, words, part.line))
        return found

    def _block(self, part: Passage, said: tuple[Sentence, ...]) -> list[str]:
        kind = self.genre.kind
        if kind == "joint":
            return [BOTH] * len(said)
        if kind == "transcript":
            if part.label in self.genre.turns:
                self.turn = self._label(part.label)
            return [NOBODY if self.turn is None else self.turn] * len(said)
        if kind in ("statement", "post") and self.genre.sure:
            if part.text[:1] not in '“"[' and not self.open:
                self.turn = None
            elif part.label:
                self.turn = self._label(part.label)
            return [self._stated(s, self.turn) for s in said]
        if kind == "post":
            return [self.genre.issuer or self._plain(s) for s in said]
        if kind == "statement":
            return [self._readout(s) for s in said]
        if kind == "report":
            return self._reported(said)
        return [self._plain(s) for s in said]

    def _label(self, label: str) -> str:
        """Whose turn a label before a colon announces."""
        low = label.lower().strip(" .")
        if low in _ASKS or _AGENCIES.match(low) or low.split(" ")[0] in _ASKS:
            return PRESS
        if low in _HOSTS:
            return NOBODY
        if low in _ANSWERS or "administration official" in low:
            return self.genre.issuer
        words, _ = tokens_of(label if not label.isupper() else label.title())
        named = self.names.mentions(words)
        people = [m for m in named if m.kind == "person"] or [
            m for m in named if m.kind != "adjective"
        ]
        if people:
            return people[-1].party
        if self.genre.kind == "transcript" and low.startswith(
            (
                "the president",
                "president",
                "secretary",
                "mr.",
                "ms.",
                "mrs.",
                "director",
                "the vice president",
                "press secretary",
                "ambassador",
                "spokes",
            )
        ):
            return self.genre.issuer
        return NOBODY

    def _explicit(self, sentence: Sentence) -> str | None:
        words, at = tokens_of(sentence.text)
        quoted = [False] * len(words)
        k = 0
        for start, end in sentence.quoted:
            while k < len(words) and at[k] < start:
                k += 1
            while k < len(words) and at[k] < end:
                quoted[k] = True
                k += 1
        who = self.names.subject(words, quoted)
        return self._same(words) if who == SAME else who

    def _same(self, words: list[str]) -> str:
        """Whom a pronoun stands for: whoever spoke last, and both behind both."""
        return BOTH if self.before == BOTH and words[0] == "They" else self.last

    def _stated(self, sentence: Sentence, labelled: str | None) -> str:
        """In a government's own text everything is its own but what others are quoted with."""
        if labelled is not None:
            return labelled
        share = sum(b - a for a, b in sentence.quoted) / max(1, len(sentence.text))
        if sentence.inside or share > 0.3:
            who = self._explicit(sentence)
            if who is not None:
                self.last = who
                return who
            return self.last if sentence.inside and self.last else self.genre.issuer
        self.last = self.genre.issuer
        return self.genre.issuer

    def _readout(self, sentence: Sentence) -> str:
        """An account of a meeting by one side: each sentence its subject's, the rest its own."""
        words, _ = tokens_of(sentence.text)
        wanted = {"should", "must", "needs"} & set(words[:7])
        if words[:1] == ["They"] and self._explicit(sentence) is not None:
            self.before = BOTH
        elif wanted and self.last and self._explicit(sentence) is None:
            self.before = self.last  # "The U.S. side should …" goes on with who spoke
        else:
            self.before = self._plain(sentence) or self.genre.issuer
        return self.before

    def _plain(self, sentence: Sentence) -> str:
        who = self._explicit(sentence)
        if who is None:
            words, _ = tokens_of(sentence.text)
            who = self.names.opens(words)
            who = self._same(words) if who == SAME else who
        if who is None:
            return NOBODY
        if who not in (BOTH, PRESS):
            self.last = who
        return who

    def _reported(self, said: tuple[Sentence, ...]) -> list[str]:
        """In a news text: who is quoted, or is told to have said it; narration is nobody's."""
        explicit: list[str | None] = []
        carried, before = self.last, self.last
        for sentence in said:
            who = self._explicit(sentence)
            if who is not None:
                self.last = who
            else:  # "he" of the next sentence is the subject of this one
                opener = self.names.opens(tokens_of(sentence.text)[0])
                if opener and opener not in (BOTH, SAME) and not sentence.quoted:
                    self.last = opener
            explicit.append(who)
        out: list[str] = []
        carried = before
        for k, sentence in enumerate(said):
            found = explicit[k]
            if found is not None:
                carried = found
                out.append(found)
                continue
            share = sum(b - a for a, b in sentence.quoted) / max(1, len(sentence.text))
            if sentence.inside or share > 0.5:
                told_before = any(e is not None for e in explicit[:k])
                ahead = next((e for e in explicit[k:] if e is not None), None)
                if not told_before and ahead is not None and not (sentence.inside and self.open):
                    carried = ahead
                out.append(carried)
            else:
                out.append(NOBODY)
        return out
