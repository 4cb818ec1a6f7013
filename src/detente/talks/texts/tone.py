"""How warm or harsh is a sentence, and which words make it so?

Words and their weights stand in a table beside this module: a prior by hand for each, and the
weight after the sentences that were labelled (`tools/fit_reader.py`). A word turns behind a
denial, or where what it names is prevented, lifted or broken off.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from detente.talks.texts.lists import word_list
from detente.talks.texts.turns import turn

__all__ = ["Word", "WordMatch", "sentence_tone", "vocabulary", "words_in"]

#: Bounds of a sentence's tone: −2 is an accusation, a threat or a penalty, 2 an agreement.
MOST = 2.0
#: What each further word of the same sign still counts, strongest first.
FURTHER = 0.5
#: Longest run of letters that is looked up; longer is no word.
LONGEST_WORD = 30

#: A sentence with more of its words in capitals is shouted, and hides no titles.
SHOUTED = 0.75
#: So many words with capitals in a row are the title of a paper.
LONG_TITLE = 6

_TOKEN = re.compile(r"(?:[A-Za-z]\.){2,4}|[A-Za-z][A-Za-z’'-]*(?:\.[A-Za-z])*|\d[\d.,]*|[^\w\s]")
_ROLES = word_list("tone", "roles")
_LINKS = frozenset(["of", "the", "for", "and", "on", "in", "to"])
_ROLE_WORDS = (("national", "security", "advis"), ("trade", "representative"), ("secretary", "of"))


class Word(NamedTuple):
    """An entry of the table: words in a row, each a choice of forms, `*` for any ending."""

    words: tuple[tuple[str, ...], ...]
    kind: str
    prior: float
    weight: float
    text: str


class WordMatch(NamedTuple):
    """A word found in a sentence.

    `weight` is that of the table, `share` what of it counts: turned where denied or prevented,
    less where stronger words stand beside it; `effect` is their product.
    """

    text: str
    entry: str
    kind: str
    weight: float
    share: float
    start: int

    @property
    def effect(self) -> float:
        """What the word adds to its sentence."""
        return self.share * self.weight


@cache
def vocabulary() -> tuple[Word, ...]:
    """The table of words.

    Examples
    --------
    >>> next(w.kind for w in vocabulary() if w.text == "breakthrough")
    'accord'
    """
    text = files(__package__).joinpath("words.csv").read_text(encoding="utf-8")
    return tuple(
        Word(
            tuple(tuple(part.split("|")) for part in row["words"].split()),
            row["kind"],
            float(row["prior"]),
            float(row["weight"]),
            row["words"],
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def _index() -> Mapping[str, tuple[Word, ...]]:
    found: dict[str, list[Word]] = {}
    for word in vocabulary():
        for form in word.words[0]:
            found.setdefault(form, []).append(word)
    return {k: tuple(sorted(v, key=lambda w: -len(w.words))) for k, v in found.items()}


def _fits(forms: tuple[str, ...], token: str) -> bool:
    return any(
        token.startswith(form[:-1]) if form.endswith("*") else token == form for form in forms
    )


def _longest(tokens: Sequence[str], at: int) -> Word | None:
    """The longest entry whose words begin at a position."""
    token, index = tokens[at], _index()
    if len(token) > LONGEST_WORD or not token[0].isalpha():
        return None
    best: Word | None = None
    keys = [token, *(token[:n] + "*" for n in range(3, len(token) + 1))]
    for key in keys:
        for word in index.get(key, ()):
            if best is not None and len(word.words) <= len(best.words):
                break
            rest = tokens[at + 1 : at + len(word.words)]
            if len(rest) == len(word.words) - 1 and all(map(_fits, word.words[1:], rest)):
                best = word
                break
    return best


def _titles(raw: Sequence[str], tokens: Sequence[str]) -> set[int]:
    """Positions of names of offices, laws and papers: "National Security Advisor", "… Act"."""
    masked: set[int] = set()
    letters = sum(t[0].isalpha() for t in raw)
    shouted = sum(t[0].isupper() for t in raw) > SHOUTED * letters
    k = 0
    while k < len(raw):
        for role in _ROLE_WORDS:
            here = tokens[k : k + len(role)]
            if len(here) == len(role) and all(map(str.startswith, here, role)):
                masked.update(range(k, k + len(role)))
        # the first word of a sentence has its capital anyway
        follows = k or (len(raw) > 1 and raw[1][0].isupper())
        if shouted or not raw[k][0].isupper() or not follows:
            k += 1
            continue
        end = k + 1
        while end < len(raw):
            ahead = next(
                (
                    j
                    for j in (0, 1, 2)
                    if tokens[end + j : end + j + 1] and (tokens[end + j] not in _LINKS)
                ),
                3,
            )
            if end + ahead >= len(raw) or not raw[end + ahead][0].isupper():
                break
            end += ahead + 1
        named = sum(t[0].isupper() for t in raw[k:end])
        if (named > 1 and not _ROLES.isdisjoint(tokens[k:end])) or named >= LONG_TITLE:
            masked.update(range(k, end))
        k = end
    return masked


def words_in(text: str) -> tuple[WordMatch, ...]:
    """The words of the table in a sentence, each with its weight and what it adds.

    Examples
    --------
    >>> [(w.text, w.effect > 0) for w in words_in("They agreed to avoid conflict.")]
    [('agreed', True), ('conflict', True)]
    """
    spans = [m.span() for m in _TOKEN.finditer(text)]
    raw = [text[a:b] for a, b in spans]
    tokens = [re.sub("’", "'", t).lower().removesuffix("'s") for t in raw]
    masked = _titles(raw, tokens)
    found: list[tuple[int, int, Word, float]] = []
    k = 0
    while k < len(tokens):
        word = None if k in masked else _longest(tokens, k)
        if word is None:
            k += 1
            continue
        end = k + len(word.words)
        if word.weight or word.prior:
            factor = turn(tokens, k, word.kind)
            found.append((k, end, word, factor))
        k = end
    order = sorted(range(len(found)), key=lambda i: -abs(found[i][2].prior * found[i][3]))
    share = [0.0] * len(found)
    seen = {True: 0, False: 0}
    for i in order:
        _, _, word, factor = found[i]
        sign = word.prior * factor > 0
        share[i] = factor * FURTHER ** seen[sign]
        seen[sign] += factor != 0
    return tuple(
        WordMatch(
            text[spans[k][0] : spans[end - 1][1]],
            word.text,
            word.kind,
            word.weight,
            share[i],
            spans[k][0],
        )
        for i, (k, end, word, _) in enumerate(found)
    )


def sentence_tone(words: Sequence[WordMatch]) -> float:
    r"""Tone of a sentence from its words.

    .. math:: y = \max(-2, \min(2, \sum_k e_k)), \qquad e_k = t_k 2^{-r_k} w_k

    with w the weight of the table, t the turn, r the rank of the word among those of its sign.

    Examples
    --------
    >>> sentence_tone(words_in("China firmly opposes this bullying.")) < -1
    True
    """
    return max(-MOST, min(MOST, sum(w.effect for w in words)))
