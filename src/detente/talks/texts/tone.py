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

__all__ = ["Word", "WordMatch", "sentence_tone", "vocabulary", "words_in"]

#: Bounds of a sentence's tone: −2 is an accusation, a threat or a penalty, 2 an agreement.
MOST = 2.0
#: What each further word of the same sign still counts, strongest first.
FURTHER = 0.5
#: Behind "not": what is left, with the other sign. Denied is not the same as opposed.
NEGATED = -0.6
#: Behind "denied": an accusation denied is faintly mild.
DENIED = -0.3
#: What is lifted, prevented or ended turns whole; an accusation stays one, at less weight.
ENDED = -0.9
STILL_CHARGED = 0.7
#: Something friendly that is asked of the other.
ASKED = 0.3
#: How many words a negation, and a verb that turns, reach.
NEGATION_REACH, TURN_REACH = 4, 8
#: Longest run of letters that is looked up; longer is no word.
LONGEST_WORD = 30

_TOKEN = re.compile(r"(?:[A-Za-z]\.){2,4}|[A-Za-z][A-Za-z’'-]*(?:\.[A-Za-z])*|\d[\d.,]*|[^\w\s]")
_NOT = word_list("tone", "not")
_NOT_BUT = word_list("tone", "not_but")
_ACCEPT = ("accept", "tolerat", "allow", "permit", "condon", "bow", "yield", "surrender", "stand")
_PREVENT = tuple(word_list("tone", "prevent"))
_EXACT = word_list("tone", "exact")
_COMBAT = ("combat", "counter", "fight", "tackl", "curb", "stem", "disrupt", "combat")
_BREAK = ("suspen", "cancel", "halt", "abandon", "withdr", "terminat", "sever", "scrap", "boycott")
_DENY = ("denied", "denies", "deny", "denying", "rejected", "rejects", "refut", "dismiss")
_FAIL = ("fail", "refus", "unwilling", "reluctan", "declin")
_ASK = word_list("tone", "ask")
_CLAUSE = frozenset('.;:!?()—–“”"')
_WARM = frozenset(("accord", "warmth", "cooperation", "dialogue"))
_ENDS = frozenset(("measure", "threat", "peril", "concern"))
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
    """Positions of names of offices, laws and bodies: "National Security Advisor", "… Act"."""
    masked: set[int] = set()
    shouted = sum(t.isupper() and len(t) > 1 for t in raw) * 2 > sum(t.isalpha() for t in raw)
    k = 0
    while k < len(raw):
        for role in _ROLE_WORDS:
            here = tokens[k : k + len(role)]
            if len(here) == len(role) and all(map(str.startswith, here, role)):
                masked.update(range(k, k + len(role)))
        if shouted or not raw[k][0].isupper():
            k += 1
            continue
        end = k + 1
        while end < len(raw) and (
            raw[end][0].isupper()
            or (tokens[end] in _LINKS and end + 1 < len(raw) and raw[end + 1][0].isupper())
            or (
                tokens[end] in _LINKS
                and end + 2 < len(raw)
                and raw[end + 2][0].isupper()
                and tokens[end + 1] in _LINKS
            )
        ):
            end += 1
        if end - k > 1 and any(t in _ROLES for t in tokens[k:end]):
            masked.update(range(k, end))
        k = end
    return masked


def _starts(token: str, stems: tuple[str, ...]) -> bool:
    return token.startswith(stems)


def _is_preventer(token: str) -> bool:
    return token in _EXACT or any(
        token.startswith(stem) for stem in _PREVENT if stem not in _EXACT and stem != "eas"
    )


def _turned(tokens: Sequence[str], at: int, word: Word) -> float:
    """By how much a word turns, for what stands before it in its clause."""
    factor, asked, urged = 1.0, False, False
    accepted = prevented = negated = False
    warm = word.kind in _WARM
    for back in range(1, min(at, TURN_REACH + 3) + 1):
        k = at - back
        token = tokens[k]
        if token in _CLAUSE or (token == "but" and back > 0):
            break
        if _starts(token, _ACCEPT):
            accepted = True
        following = tokens[k + 1] if k + 1 < len(tokens) else ""
        if (token in _NOT or token.endswith(("n't", "n’t"))) and following not in _NOT_BUT:
            between = {",", "and", "or"} & set(tokens[k + 1 : at]) if warm else set()
            if token in ("no", "nothing", "none"):  # "no winners in a trade war"
                between |= {"in", "from", "for", "at", "with"} & set(tokens[k + 1 : at])
            elif not warm:  # "not held back by unfair practices"
                between |= {"by"} & set(tokens[k + 1 : at])
            if back <= NEGATION_REACH + (2 if accepted else 0) and not negated and not between:
                negated = True
                factor *= 1.0 if accepted and not warm else -1.0 if accepted else NEGATED
        elif (
            back <= TURN_REACH
            and not prevented
            and _is_preventer(token)
            and not (token == "end" and k and tokens[k - 1] in ("the", "an", "very", "bitter"))
        ):
            if word.kind in _ENDS:
                prevented = True
                address = token.startswith(("address", "resolv", "eas"))
                if word.kind != "concern" or address:
                    factor *= ENDED
            elif word.kind in ("charge", "opposition"):
                prevented = True
                factor *= STILL_CHARGED
            elif warm and _starts(token, _BREAK) and back <= 4:
                prevented = True
                factor *= -1.0
        elif (
            word.kind == "peril"
            and back <= TURN_REACH
            and not prevented
            and _starts(token, _COMBAT)
        ):
            prevented = True
            factor *= ENDED
        elif warm and back <= 4 and not prevented and _starts(token, _BREAK):
            prevented = True
            factor *= -1.0
        elif back <= TURN_REACH and _starts(token, _DENY) and word.kind in ("charge", "measure"):
            factor *= DENIED
        elif back <= 6 and following == "to" and _starts(token, _FAIL) and (warm or prevented):
            factor *= -1.0
        elif token in _ASK or (
            token in ("call", "calls", "called", "calling") and following in ("on", "for")
        ):
            asked = True
            urged = token not in ("must", "should")
    if asked and prevented and not warm and factor * word.weight > 0:
        return 0.0  # asked for, not done
    if urged and warm and factor > 0:
        return ASKED
    return factor


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
            factor = _turned(tokens, k, word)
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
