"""Which governments, offices and persons does a sentence name?

Names of governments, capitals and office-holders stand in two tables beside this module. Who is
introduced in a text with an office ("the Chinese vice minister Lin Mei") is known from there on;
so is who is introduced as an outsider ("Jane Doe, an analyst").
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from detente.data import economies
from detente.talks.texts.lists import word_list

__all__ = ["NOBODY", "OFFICIALS", "OTHERS", "Mention", "Names", "parties", "tokens_of"]

#: The speaker of what no government says.
NOBODY = ""

_TOKEN = re.compile(r"(?:[A-Z]\.){2,4}|[^\W_]+(?:[.’'-][^\W_]+)*|[^\w\s]")
_POLITE = frozenset(["Mr", "Ms", "Mrs", "Dr", "Mister", "Madam"])
#: Nouns of offices: their holders speak for a government. And of those who do not.
OFFICIALS = word_list("speakers", "officials")
OTHERS = word_list("speakers", "others")
_NO_NAME = word_list("speakers", "no_name")
#: Words that stand between a nationality and the name: "Chinese vice commerce minister".
_OF_OFFICE = word_list("speakers", "of_office")
#: How a description behind a name begins: "Jane Doe, a professor".
_DESCRIBES = word_list("speakers", "describes")


class Mention(NamedTuple):
    """A name in a sentence: positions of its words, whose it is, and what kind of name."""

    start: int
    end: int
    party: str
    kind: str


Table = Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]]


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def tokens_of(text: str) -> tuple[list[str], list[int]]:
    """Words and marks of a sentence, without 's, and where each begins."""
    words, at = [], []
    for m in _TOKEN.finditer(text):
        words.append(m[0].rstrip(".") if "." in m[0] and len(m[0]) > 1 else m[0])
        at.append(m.start())
    return words, at


@cache
def _table() -> Table:
    """Names by their first word, longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}

    def put(name: str, party: str, kind: str) -> None:
        words = tuple(w.replace("’", "'") for w in tokens_of(name)[0])
        found.setdefault(words[0], []).append((words, party, kind))

    for row in _rows("parties.csv"):
        for name in row["names"].split("|"):
            put(name, row["code"], row["kind"])
    known = {row["code"] for row in _rows("parties.csv")}
    for code, economy in economies().items():
        if code not in known and code not in ("ROW", "REU", "XSE"):
            put(economy.name, code, "name")
    for row in _rows("people.csv"):
        put(row["name"], row["party"], "person")
    order = {"person": 0, "office": 1, "title": 1, "name": 2, "adjective": 3}
    return {k: tuple(sorted(v, key=lambda e: (-len(e[0]), order[e[2]]))) for k, v in found.items()}


@cache
def parties() -> Mapping[str, str]:
    """Codes of the parties that a text can be by, each with a name.

    Examples
    --------
    >>> parties()["EU27"], parties()["CHE"]
    ('European Union', 'Switzerland')
    """
    named = {code: e.name for code, e in economies().items() if code not in ("ROW", "REU", "XSE")}
    for row in _rows("parties.csv"):
        if row["kind"] == "name":
            named.setdefault(row["code"], row["names"].split("|")[0])
    return named


class Names:
    """The names of one text: those of the tables, and those that it introduces."""

    def __init__(self) -> None:
        self._met: dict[str, str] = {}
        self._polite: dict[str, str] = {}  # surnames that are words too: only behind "Mr."

    def mentions(self, words: Sequence[str]) -> list[Mention]:
        """Names in a sentence, longest first at each place."""
        table, found, k = _table(), [], 0
        while k < len(words):
            word = words[k].replace("’", "'")
            bare = word.removesuffix("'s").removesuffix("'")
            best: Mention | None = None
            for key in dict.fromkeys((word, bare)):
                for name, party, kind in table.get(key, ()):
                    part = [w.replace("’", "'") for w in words[k : k + len(name)]]
                    if part:
                        part[-1] = (
                            part[-1].removesuffix("'s").removesuffix("'")
                            if (part[-1] != name[-1])
                            else part[-1]
                        )
                    if tuple(part) == name:
                        best = Mention(k, k + len(name), party, kind)
                        break
                if best:
                    break
            if best is None and word in _POLITE:
                at = k + 2 if words[k + 1 : k + 2] == ["."] else k + 1
                surname = words[at].removesuffix("’s").removesuffix("'s") if at < len(words) else ""
                if surname in self._polite:
                    best = Mention(k, at + 1, self._polite[surname], "person")
            if best is None and bare in self._met and bare[:1].isupper():
                best = Mention(k, k + 1, self._met[bare], "person")
            if best is None and word.isupper() and len(word) > 3:
                titled = table.get(word.title(), ())
                for name, party, kind in titled:
                    if len(name) == 1:
                        best = Mention(k, k + 1, party, kind)
                        break
            if best:
                found.append(best)
                k = best.end
            else:
                k += 1
        return found

    def learn(self, text: str) -> None:
        """Remember who is introduced with a nationality and an office, or as an outsider."""
        words, _ = tokens_of(text)
        if not words:
            return
        for m in self.mentions(words):
            if m.kind == "person":
                for name in words[m.start : m.end]:
                    if name[:1].isupper():
                        self._polite.setdefault(name, m.party)
                if m.end - m.start > 1 and words[m.start] not in _NO_NAME and m.party == "CHN":
                    self._met.setdefault(words[m.start], m.party)
                continue
            k, official = m.end, False
            if k < len(words) and words[k] in ("'", "s", "’"):
                k += 1
            official = m.kind == "title"
            while (
                k < len(words)
                and k < m.end + 7
                and (words[k].lower() in OFFICIALS or words[k].lower() in _OF_OFFICE)
            ):
                official = official or words[k].lower() in OFFICIALS
                k += 1
            if official and m.kind in ("adjective", "name", "title", "office"):
                self._meet(words, k, m.party)
                # "a spokesman for the Chinese embassy in Washington, Liu Pengyu, …"
                comma = next((j for j in range(k, min(len(words), k + 4)) if words[j] == ","), k)
                if words[comma + 3 : comma + 4] == [","]:
                    self._meet(words, comma + 1, m.party)
        for k in range(1, len(words) - 3):
            # "Jane Doe, an analyst …" and "Lin Mei, the Chinese vice minister"
            if words[k] == "," and words[k - 1][:1].isupper():
                role = words[k + 1 : k + 14]
                stop = next((j for j, w in enumerate(role) if w == ","), len(role))
                lowered = [w.lower().replace("’", "'") for w in role[:stop]]
                if not lowered or lowered[0] not in _DESCRIBES:
                    continue
                party = ""
                named = self.mentions(role[:stop])
                if set(lowered) & OTHERS:
                    party = NOBODY
                elif named and set(lowered) & OFFICIALS:
                    party = named[0].party
                elif lowered[0] in ("a", "an", "who"):
                    party = NOBODY
                else:
                    continue
                self._meet_before(words, k, party)

    def _meet(self, words: Sequence[str], k: int, party: str) -> None:
        while k < len(words) and words[k][:1].isupper() and words[k] not in _NO_NAME:
            self._remember(words[k], party)
            k += 1

    def _meet_before(self, words: Sequence[str], k: int, party: str) -> None:
        j = k - 1
        while j >= 0 and k - j < 4 and words[j][:1].isupper() and words[j] not in _NO_NAME:
            self._remember(words[j], party)
            j -= 1

    def _remember(self, name: str, party: str) -> None:
        known = any(n == (name,) for n, _, _ in _table().get(name, ()))
        if len(name) > 1 and name.isalpha() and not known:
            self._met.setdefault(name, party)
