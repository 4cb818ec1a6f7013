"""Whose words are these: a government's, both sides', the press's, or nobody's?

The subject of a verb of saying speaks, not its object: the words before the verb are read from
the left, past "On Monday," and "In a statement,", to the first noun phrase. Names of governments,
capitals and office-holders stand in two tables beside this module; who is introduced in the text
with an office ("the Chinese vice minister Lin Mei") is known from there on.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from detente.data import economies

__all__ = ["BOTH", "NOBODY", "PRESS", "Mention", "Speakers", "parties"]

BOTH, PRESS, NOBODY = "both", "press", ""
#: What a pronoun or "the official" stands for: whoever spoke last.
SAME = "same"

_TOKEN = re.compile(r"(?:[A-Z]\.){2,4}|[^\W_]+(?:[.’'-][^\W_]+)*|[^\w\s]")
SAYS = frozenset(
    """said says saying told tells added adds warned warns insisted insists argued argues replied
    replies responded responds declared declares stressed stresses emphasized emphasised emphasizes
    emphasises noted notes expressed expresses described describes urged urges rejected rejects
    demanded demands vowed vows reiterated reiterates complained complains spoke speaks criticized
    criticised criticizes criticises announced announces acknowledged acknowledges condemned
    condemns denounced denounces blamed blames opposed opposes accused accuses welcomed welcomes
    protested protests threatened threatens refused refuses called calls pledged pledges promised
    promises affirmed affirms reaffirmed reaffirms underscored underscores raised raises stated
    states claimed claims denied denies conceded concedes admitted admits suggested suggests
    signaled signalled signals indicated hoped hopes asked asks wrote writes posted posts tweeted
    remarked cautioned cautions confirmed confirms defended defends dismissed dismisses explained
    hailed hails praised praises lashed maintained objected objects proposed proposes repeated
    slammed slams thanked thanks voiced voices quoted cited deplored deplores agreed believes
    believed thinks committed highlighted recalled discussed offered offers appealed boasted
    charged answered answers declined declines ruled vowing countered hinted lamented pointed predicted predicts expects expected""".split()
)
#: What may follow a quotation with its subject behind it.
_TURNED = frozenset("said says added wrote warned asked told insisted declared argued".split())
#: Verbs of a tag set off by commas: "…, she said, …".
_TAGS = frozenset("said says added told wrote warned insisted noted promised explained".split())
#: What may follow such a tag.
_AFTER_TAG = frozenset(
    """, . ” " ; — – on in at late early through during after before via according reporters citing to
    monday tuesday wednesday thursday friday saturday sunday""".split()
)
#: Longest subject of a tag, in words.
_TAG_SUBJECT = 9
_POLITE = frozenset("Mr Ms Mrs Dr Mister Madam".split())
OFFICIALS = frozenset(
    """official officials spokesperson spokesman spokeswoman spokespersons minister ministers
    ministry secretary president premier ambassador ambassadors embassy envoy envoys diplomat
    diplomats negotiator negotiators delegation delegations government administration side leader
    leaders representative representatives adviser advisers advisor advisors commissioner
    chancellor cabinet authorities regulators team statement readout communique foreign counselor
    councilor governor general director chief counterpart department commission delegates media
    agency newspaper embassy consulate congressman bank""".split()
)
OTHERS = frozenset(
    """analyst analysts economist economists expert experts professor fellow fellows researcher
    researchers scholar scholars critic critics observer observers historian strategist strategists
    executive executives exporter exporters importer company companies firm firms farmer farmers
    worker workers business businesses lawmaker lawmakers senator senators republican republicans
    democrat democrats investor investors people public consumer consumers resident residents
    student students family families union unions ceo lawyer lawyers trader traders group groups
    former ex-official think-tank congress congressman congresswoman senate house person source
    sources chamber industry manufacturers producers hawks activists voters university institute
    economy exports imports market markets goods products""".split()
)
_PRONOUNS = frozenset("he she it they his her".split())
_LEADING = frozenset(
    """in on at after before during since as when while if although though despite speaking asked
    following with without under for by amid from earlier later meanwhile still however but and so
    yet then also instead moreover nonetheless nevertheless yesterday today separately citing
    according throughout over because given until once""".split()
)
_STOPS_NP = frozenset(
    "of in at from to for who which that on with by during as about whose".split()
)
_JOIN = frozenset("but and yet so then also however meanwhile still moreover , — – -".split())
_BOTH_NOUNS = frozenset(
    """sides leaders countries parties teams governments delegations participants presidents
    ministers nations economies officials""".split()
)
_NO_NAME = frozenset(
    "The A An Mr Mrs Ms Dr President Minister Vice Foreign Commerce Trade Finance Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December In On At But And He She It They".split()
)


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


class Speakers:
    """Who speaks in the sentences of one text; learns who is introduced in it."""

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
                and (
                    words[k].lower() in OFFICIALS
                    or words[k].lower()
                    in (
                        "vice",
                        "commerce",
                        "trade",
                        "finance",
                        "deputy",
                        "prime",
                        "senior",
                        "international",
                        "of",
                        "for",
                        "and",
                        "affairs",
                    )
                    or words[k].lower() in ("foreign", "defense", "defence", "treasury", "central")
                )
            ):
                official = official or words[k].lower() in OFFICIALS
                k += 1
            if official and m.kind in ("adjective", "name", "title", "office"):
                self._meet(words, k, m.party)
        for k in range(1, len(words) - 3):
            # "Jane Doe, an analyst …" and "Lin Mei, the Chinese vice minister"
            if words[k] == "," and words[k - 1][:1].isupper():
                role = words[k + 1 : k + 14]
                stop = next((j for j, w in enumerate(role) if w == ","), len(role))
                lowered = [w.lower() for w in role[:stop]]
                if not lowered or lowered[0] not in (
                    "a",
                    "an",
                    "the",
                    "who",
                    "chief",
                    "senior",
                    "professor",
                    "director",
                    "president",
                    "head",
                    "former",
                    "china",
                    "china's",
                    "us",
                    "u.s",
                ):
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
            if len(words[k]) > 1 and words[k].isalpha() and words[k] not in _table():
                self._met.setdefault(words[k], party)
            k += 1

    def _meet_before(self, words: Sequence[str], k: int, party: str) -> None:
        j = k - 1
        while j >= 0 and k - j < 4 and words[j][:1].isupper() and words[j] not in _NO_NAME:
            known = any(n == (words[j],) for n, _, kind in _table().get(words[j], ()))
            if len(words[j]) > 1 and words[j].isalpha() and not known:
                self._met.setdefault(words[j], party)
            j -= 1

    def phrase(self, words: Sequence[str]) -> str | None:
        """Who a noun phrase with what stands behind it is; None where it names no one."""
        words = list(words)
        while words and words[0].lower() in _JOIN:
            words = words[1:]
        if not words:
            return None
        head = 0
        while head < len(words) and words[head] != "," and words[head] not in ("(", "—", "–"):
            if head and words[head].lower() in _STOPS_NP:
                named = [m for m in self.mentions(words) if m.start <= head < m.end]
                if not named:
                    break
                head = named[0].end
                continue
            head += 1
        np = words[:head]
        low = [w.lower() for w in np]
        named = [m for m in self.mentions(words) if m.start < head]
        if low and low[0] in _PRONOUNS and len(low) < 4:
            return SAME
        if low and low[0] in ("i", "we"):
            return None
        if ("both" in low or "two" in low or "all" in low) and set(low) & _BOTH_NOUNS:
            return BOTH
        if "both" in low and len(low) == 1:
            return BOTH
        if low[:1] == ["the"] and low[-1:] and low[-1] in ("parties", "participants"):
            return BOTH
        people = [m for m in named if m.kind == "person"]
        if {"former", "ex-president"} & set(low):
            return NOBODY
        two = {m.party for m in named if m.party}
        if len(two) > 1 and "and" in low:
            return BOTH
        outsider = any(w in OTHERS for w in low)
        if people and not outsider:
            tail = [w.lower() for w in words[head : head + 12]]
            if "former" in tail[:4]:
                return NOBODY
            return people[-1].party
        if people and outsider:
            return (
                people[0].party
                if low.index(next(w for w in low if w in OTHERS)) > people[0].start + 3
                else NOBODY
            )
        if outsider and not any(m.kind == "office" for m in named):
            return NOBODY
        official = any(w in OFFICIALS for w in low)
        if named:
            first = named[0]
            last_named = named[-1]
            if official or first.kind in ("office", "title"):
                return first.party
            covered = sum(m.end - m.start for m in named)
            rest = [w for w in low if w not in ("the", "a", "an", "'", "both", "and")]
            if first.kind in ("name", "adjective") and len(rest) <= covered + (
                1 if rest and rest[-1] in ("also", "itself", "has", "have", "again", "later") else 0
            ):
                return last_named.party if "and" not in low else BOTH
            return NOBODY
        if official:
            tail = self.mentions(words[head : head + 14])
            behind = words[head].lower() if head < len(words) else ""
            if tail and behind in ("of", "for", "from", "in", "at", "with", ","):
                return tail[0].party
            if "officials" in low and low[0] not in ("the", "those", "these"):
                return NOBODY
            return SAME if low[0] in ("the", "that", "this", "its", "their") else NOBODY
        if any(w[:1].isupper() for w in np):
            tail = self.mentions(words[head : head + 14])
            behind = [w.lower() for w in words[head : head + 14]]
            if tail and set(behind) & OFFICIALS and not set(behind) & OTHERS:
                return tail[0].party
        return NOBODY

    def subject(self, words: Sequence[str], quoted: Sequence[bool]) -> str | None:
        """Who is the subject of a verb of saying outside quotations; None where there is none."""
        tagged = self._tagged(words, quoted)
        if tagged is not None:
            return tagged
        n = len(words)
        clause = 0
        k = 0
        while k < n and not quoted[k] and words[k].lower() in _LEADING and words[k][0].isupper():
            # past "On Monday," and "In a statement to the press,"
            if words[k].lower() in _JOIN or (k + 1 < n and words[k + 1] == ","):
                k += 1
            else:
                stop = next((j for j in range(k, min(n, k + 40)) if words[j] == ","), -1)
                if stop < 0 or words[k].lower() == "according":
                    break
                k = stop
            while k < n and words[k] in (",",):
                k += 1
            clause = k
            if k < n and not words[k][0].isupper() and words[k].lower() not in _LEADING:
                break
        for k in range(clause, n):
            word = words[k].lower()
            if quoted[k]:
                if k + 1 < n and not quoted[k + 1]:
                    clause = k + 1
                continue
            if word == "according" and k + 1 < n and words[k + 1].lower() == "to":
                stop = next((j for j in range(k + 2, n) if words[j] in ',.“"'), n)
                return self.phrase(words[k + 2 : stop]) or NOBODY
            made_clear = word in ("made", "makes") and k + 1 < n and words[k + 1].lower() == "clear"
            if word not in SAYS and not made_clear:
                continue
            before = list(words[clause:k])
            while before and before[0] in (",", "—", "–", "-", ")", "”", '"', "“"):
                before = before[1:]
            while (
                before
                and before[-1].lower()
                in (
                    "also",
                    "has",
                    "have",
                    "had",
                    "then",
                    "later",
                    "again",
                    "repeatedly",
                    "was",
                    "were",
                    "is",
                    "would",
                    "will",
                    "firmly",
                    "strongly",
                    "resolutely",
                    "previously",
                    "been",
                    "on",
                    "bluntly",
                    "publicly",
                    "did",
                    "not",
                    "further",
                    "both",
                    "be",
                    "recently",
                    "could",
                    "might",
                    "should",
                    "may",
                    "can",
                    "cannot",
                    "never",
                )
                and len(before) > 1
            ):
                before = before[:-1]
            if not before or all(not w[0].isalnum() for w in before):
                if word in _TURNED and (k > clause or clause > 0 or k > 0):
                    stop = next((j for j in range(k + 1, n) if words[j] in '“".'), n)
                    return self.phrase(words[k + 1 : min(stop, k + 20)]) or NOBODY
                continue
            who = self.phrase(before)
            if who is not None:
                return who
        return None

    def _tagged(self, words: Sequence[str], quoted: Sequence[bool]) -> str | None:
        """Who a tag behind a comma names: "…, the ministry said on Monday."""
        n = len(words)
        for k in range(3, n):
            if quoted[k] or words[k].lower() not in _TAGS:
                continue
            if k + 1 < n and words[k + 1].lower() not in _AFTER_TAG:
                continue
            comma = next(
                (j for j in range(k - 1, max(-1, k - _TAG_SUBJECT - 2), -1) if words[j] == ","), -1
            )
            part = words[comma + 1 : k]
            if comma < 2 or not part or any(quoted[comma + 1 : k]):
                continue
            if words[0].lower() in _LEADING and "," not in words[:comma] and not quoted[0]:
                continue
            if part[0].lower() in ("who", "which", "and", "but", "that"):
                continue
            names = bool(self.mentions(part)) or part[0].lower() in _PRONOUNS
            if names or any(w.lower() in OFFICIALS or w.lower() in OTHERS for w in part):
                return self.phrase(part)
        return None

    def opens(self, words: Sequence[str]) -> str | None:
        """Who the sentence begins with: its subject where no verb of saying tells."""
        k, n = 0, len(words)
        while k < n and words[k].lower() in _LEADING:
            stop = next((j for j in range(k, min(n, k + 30)) if words[j] == ","), -1)
            if stop < 0:
                break
            k = stop + 1
        part = words[k : k + 14]
        if not part:
            return None
        low = [w.lower() for w in part]
        if low[0] in ("both", "all") or low[:2] == ["the", "two"] or low[0] == "two":
            return BOTH if set(low[:5]) & _BOTH_NOUNS or low[0] == "both" else None
        if low[0] == "the" and len(low) > 1 and low[1] in ("parties", "participants", "sides"):
            return BOTH
        if low[0] in _PRONOUNS:
            return SAME
        named = self.mentions(part)
        if len({m.party for m in named[:2]}) > 1 and named[1].start - named[0].end < 6:
            if "and" in low[named[0].end : named[1].start]:
                return BOTH
        if not named:
            if low[0] == "the" and len(low) > 1 and low[1] in ("president", "secretary"):
                return SAME
            return None
        first = named[0]
        between = part[: first.start]
        if any(w[0].islower() and w not in ("the", "of", "and", "a") for w in between):
            return None
        behind = low[first.end : first.end + 2]
        if first.kind == "person" or first.kind in ("office", "title"):
            return first.party
        if first.end < len(part) and part[first.end - 1].endswith(("'s", "’s")):
            return first.party if set(behind) & OFFICIALS else None
        if behind and behind[0] in OTHERS:
            return None
        if first.kind == "adjective" and not set(low[first.end : first.end + 4]) & OFFICIALS:
            return first.party if part[first.start] in ("US", "U.S", "EU", "PRC") else None
        return first.party
