"""What kind of text is it, and which government issued it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from detente.talks.texts.lists import phrases, voices, word_list
from detente.talks.texts.names import parties, tokens_of
from detente.talks.texts.sentences import Passage
from detente.talks.texts.speakers import Speakers

__all__ = ["GENRES", "Genre", "genre_of", "turns_of"]

#: transcript: speakers before colons; joint: two governments speak as one; post: a short message
#: on a network; report: a news text; statement: one government speaks; plain: none of these.
GENRES = ("transcript", "joint", "post", "report", "statement", "plain")

#: Marks of a government's own voice, by party, with their strength.
_VOICE = voices()
#: From here on a voice is taken for the issuer's.
STRONG = 3
#: How much of a text is looked at for its genre, in characters.
LOOKED_AT = 40_000

_JOINT = phrases("joint")
#: What two governments do together in the first paragraph of a joint text.
_AGREED = phrases("agreed")
#: The verb of a joint text's first sentence: what stands before it is its subject.
_DOES = phrases("does")
_DATELINE = phrases("dateline")
#: How an account of a meeting begins.
_READOUT = phrases("readout")
_AMERICAN = phrases("american")
_REPORTED = phrases("reported")
_POSTED = phrases("posted")
#: Who says "we" speaks for itself.
_OURS = re.compile(r"\b(?:[Ww]e|[Oo]ur)\b")
#: A post is at most this long, in characters.
LONGEST_POST = 3000


#: Words of a label before a colon that announce a speaker.
_TURN_ROLES = word_list("genres", "turn_roles")


class Genre(NamedTuple):
    """Kind of a text, its issuer ("" where none is found), and whether that is beyond doubt."""

    kind: str
    issuer: str
    sure: bool
    turns: frozenset[str] = frozenset()


def _voice(text: str) -> tuple[str, int]:
    found = {
        party: sum(strength * min(2, len(mark.findall(text))) for mark, strength in marks)
        for party, marks in _VOICE.items()
    }
    best = max(found, key=lambda p: found[p])
    rest = max(v for p, v in found.items() if p != best)
    return (best, found[best]) if found[best] > rest else ("", 0)


def turns_of(blocks: Sequence[Passage]) -> frozenset[str]:
    """Labels before a colon that announce whose turn it is: roles, names, "Q"; no topics.

    Examples
    --------
    >>> from detente.talks.texts.sentences import blocks
    >>> text = "Q  Why?\\n\\nTHE PRESIDENT: Ask China.\\n\\nENDING A CRISIS: It ends."
    >>> sorted(turns_of(blocks(text)))
    ['Q', 'THE PRESIDENT']
    """
    found: set[str] = set()
    seen: set[str] = set()
    speakers = Speakers()
    for block in blocks:
        label = block.label
        words = set(re.findall(r"[a-z&]+", label.lower()))
        if not label or block.kind != "text" or len(label) > 60 or block.text[:1] in '“"':
            continue
        titled = label.title() if label.isupper() else label
        person = any(m.kind == "person" for m in speakers.mentions(tokens_of(titled)[0]))
        short = len(label.split()) <= 4 and all(w[:1].isupper() for w in label.split())
        single = label.lower() in ("q", "a", "question", "answer")
        lower = sum(w.islower() for w in label.split())
        if (
            single
            or (words & _TURN_ROLES and lower < 3)
            or (person and len(label.split()) <= 6)
            or (short and not label.isupper() and label in seen)
        ):
            found.add(label)
        seen.add(label)
    return frozenset(found)


def genre_of(text: str, blocks: Sequence[Passage]) -> Genre:
    """The genre of a text.

    Examples
    --------
    >>> from detente.talks.texts.sentences import blocks
    >>> text = "The Chinese side firmly opposes this. China urges the US side to correct it."
    >>> genre_of(text, blocks(text))
    Genre(kind='statement', issuer='CHN', sure=True, turns=frozenset())
    """
    head = " ".join(text[:LOOKED_AT].split())
    said = [b for b in blocks if b.kind in ("text", "bullet")]
    if not said:
        return Genre("plain", "", False)
    voice, strength = _voice(head)
    sure = strength >= STRONG
    turns = turns_of(blocks)
    if sum(b.label in turns for b in said) >= 2 and any(
        said[k].label in turns for k in range(min(3, len(said)))
    ):
        american = _AMERICAN.search(head)
        return Genre("transcript", "USA" if american else voice, True, turns)
    speakers = Speakers()
    first = said[0].text[:600]
    named = {m.party for m in speakers.mentions(tokens_of(first)[0]) if m.kind != "adjective"}
    lines = text[:LOOKED_AT].splitlines()
    begins = [line for b in said[:2] for line in lines[b.line - 1 : b.line]]
    dated = any(_DATELINE.match(line) for line in begins)
    reports = len(_REPORTED.findall(head)) + (3 if dated else 0)
    verb = _DOES.search(first)
    subject = tokens_of(first[: verb.start()])[0] if verb else []
    two = {m.party for m in speakers.mentions(subject) if m.kind in ("name", "person")}
    readout = _READOUT.search(first[:400]) is not None
    together = len(two) > 1 and "and" in subject and not readout
    quotes = head.count("“") + head.count('"') // 2
    density = reports / max(1.0, len(head) / 1000)
    opening = " ".join(b.text for b in blocks[:3])[:700]
    joint = (
        len(_JOINT.findall(head))
        + head.count("Participants") // 3
        + 2 * bool(_JOINT.search(opening))
    )
    issued = voice == "USA" and re.search(r"By the authority|Fact Sheet|FACT SHEET", head)
    if (
        joint >= 2
        and (len(named) > 1 or head.count("Participants") > 5)
        and density < 1
        and not issued
    ):
        return Genre("joint", "", True)
    if together and _AGREED.search(first) and density < 1 and not issued:
        return Genre("joint", "", True)
    if len(head) < LONGEST_POST and _POSTED.search(head) and density < 2:
        return Genre("post", voice or _poster(head), sure)
    told = reports - (3 if dated else 0)
    if readout and told < 2 and quotes < 6 and (voice or speakers.opens(tokens_of(first)[0])):
        opener = speakers.opens(tokens_of(first)[0])
        return Genre("statement", voice or (opener if opener in parties() else "") or "", False)
    if sure and density < 1.5 and (density < 0.7 or quotes < 6):
        return Genre("statement", voice, True)
    if reports >= 2 and density >= 0.4:
        return Genre("report", "", False)
    if voice and strength >= 2:
        return Genre("statement", voice, True)
    opener = speakers.opens(tokens_of(said[0].text[:300])[0])
    if opener in parties() and quotes < 2 and _OURS.search(head):
        return Genre("statement", opener or "", True)
    if (len(said) > 1 or len(said[0].text) > 400) and opener in ("USA", "CHN") and quotes < 4:
        return Genre("statement", opener or "", False)
    return Genre("plain", "", False)


def _poster(text: str) -> str:
    """Of two governments, the one that a short message in the first person does not name."""
    if not re.search(r"\b(?:I|we|We|our|Our|my)\b", text):
        return ""
    named = {m.party for m in Speakers().mentions(tokens_of(text)[0])}
    if "CHN" in named and re.search(r"(?i)\b(?:our country|america|usa|u\.s\.)", text):
        return "USA"
    rest = {"USA", "CHN"} - named
    return rest.pop() if len(rest) == 1 else ""
