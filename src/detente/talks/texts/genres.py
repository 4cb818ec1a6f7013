"""What kind of text is it, and which government issued it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from detente.talks.texts.sentences import Block
from detente.talks.texts.speakers import Speakers, parties, tokens_of

__all__ = ["GENRES", "Genre", "genre_of", "turns_of"]

#: transcript: speakers before colons; joint: two governments speak as one; post: a short message
#: on a network; report: a news text; statement: one government speaks; plain: none of these.
GENRES = ("transcript", "joint", "post", "report", "statement", "plain")

#: Marks of a government's own voice, by party, with their strength.
_VOICES = {
    "USA": (
        (r"By the authority vested in me", 3),
        (r"THE WHITE HOUSE\b", 3),
        (r"\bI(?:, [A-Z][\w .]{3,40},)? (?:hereby|therefore)\b", 1),
        (r"President Donald J\. Trump", 3),
        (r"President Joseph R\. Biden", 2),
        (r"\b(?:U\.S\.C\.|Executive Order \d{5})", 1),
        (r"\b(?:Biden-Harris|Trump|Biden) Administration", 1),
        (r"\bthe (?:American people|Administration)\b", 1),
        (r"\bAmerican (?:workers|families|businesses|people|steel|manufactur\w+|jobs)", 1),
        (r"\bPresident (?:Biden|Trump) (?:is|has|will|took|believes|knows|signed|announced)\b", 1),
        (r"\bour (?:national security|economy|nation|country|supply chains|adversaries)\b", 1),
        (r"\bour (?:allies and partners|Country|farmers|workers)", 1),
        (r"\b(?:FACT SHEET|Fact Sheet|READOUT|Readout of)", 1),
    ),
    "CHN": (
        (r"\b[Tt]he Chinese side\b", 2),
        (r"\b[Tt]he (?:US|U\.S\.) side\b", 2),
        (r"(?:MOFCOM|Ministry of (?:Commerce|Foreign Affairs)|Foreign Ministry) [Ss]pokes", 2),
        (r"\b[Ss]pokesperson (?:of|for|from) the (?:Chinese )?(?:Ministry|Commerce|Foreign)", 2),
        (r"\bEmbassy of (?:the People['’]s Republic of )?China", 3),
        (r"\bChina (?:firmly|resolutely|strongly) (?:oppos|deplor|reject)\w+", 2),
        (r"\bChina (?:urges|calls on|once again urges)", 2),
        (r"\b(?:win-win cooperation|erroneous practices?|wrong practices?)", 1),
        (r"\bChina (?:will take|stands ready|always|has always|is willing)", 1),
        (r"\b[Tt]he relevant (?:US|U\.S\.) ", 1),
    ),
    "EU27": (
        (r"\bthe EU side\b", 2),
        (r"\b[Tt]he Commission (?:will|has|today|stands|is)\b", 2),
        (r"\bMember States\b", 1),
        (r"\bEuropean (?:workers|businesses|citizens|consumers)\b", 1),
    ),
}
_VOICE = {
    party: tuple((re.compile(mark, re.MULTILINE), strength) for mark, strength in marks)
    for party, marks in _VOICES.items()
}
#: From here on a voice is taken for the issuer's.
STRONG = 3
#: How much of a text is looked at for its genre, in characters.
LOOKED_AT = 40_000

_JOINT = re.compile(
    r"(?i)\b(?:joint (?:statement|communiqu[eé]|declaration|press statement)\b|the parties (?:will|agree|"
    r"recall|intend|affirm|commit|recogni|share|establish)|the participants(?:’ objective| plan| recognize|) (?:will|agree|intend|share|"
    r"recogni|affirm)|the two (?:countries|sides) (?:jointly )?(?:declare|announce) as follows)"
)
#: What two governments do together in the first paragraph of a joint text.
_AGREED = re.compile(
    r"\b[Tt]he Governments? of\b|\b(?:have |has )?(?:reached|agreed|reaffirm\w*|announce\w*)\b[^.]{0,200}"
    r"\b(?:[Aa]greement|[Ff]ramework|alliance|as follows)"
)
#: The verb of a joint text's first sentence: what stands before it is its subject.
_DOES = re.compile(
    r"\b(?:have|has|reached|agreed?|reaffirm\w*|announced?|shared?|declared?|affirm\w*|met)\b"
)
#: How an account of a meeting begins.
_READOUT = re.compile(
    r"\bmet (?:today|with|on|from|in)\b|\bspoke (?:today|with|by|on)\b|\bwill (?:meet|travel|hold)\b"
)
_AMERICAN = re.compile(
    r"\b[AP]\.?M\.? (?:E[DS]T|P[DS]T)|ADMINISTRATION OFFICIAL|White House|PRESIDENT BIDEN|PRESIDENT TRUMP"
)
_REPORTED = re.compile(
    r"\b(?:told (?:reporters|the Associated Press|AP|Reuters|Bloomberg|journalists|a briefing|CNBC|a news)"
    r"|according to|[Aa]nalysts?|economists?|on condition of anonymity|(?:,|”|\") (?:he|she|they) (?:said|added)"
    r"|(?:,|”|\") said [A-Z]|[A-Z][a-z]+ said(?: (?:on|in|that|late|Monday|Tuesday|Wednesday|Thursday|"
    r"Friday|Saturday|Sunday))?|was quoted|officials? (?:said|added)|(?:Reuters|AP|AFP|Bloomberg)\))"
)
_POSTED = re.compile(
    r"(?:^|\s)(?:@\w{2,15}|#\w{2,30}|RT @)|Thank you for your attention to this matter|"
    r"\bDJT\b|MAKE AMERICA GREAT AGAIN|Truth Social"
)
#: A post is at most this long, in characters.
LONGEST_POST = 3000


#: Words of a label before a colon that announce a speaker.
_TURN_ROLES = frozenset(
    """q a question answer reporter reporters journalist moderator operator host interpreter official
    president secretary minister premier ambassador mr ms mrs dr representative spokesperson
    spokesman spokeswoman director chancellor commissioner senator congressman congresswoman afp
    reuters bloomberg cctv kyodo nhk cnn yonhap xinhua""".split()
)


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


def turns_of(blocks: Sequence[Block]) -> frozenset[str]:
    """Labels before a colon that announce whose turn it is: roles, names, "Q"; no topics.

    Examples
    --------
    >>> from detente.talks.texts.sentences import blocks
    >>> sorted(turns_of(blocks("Q  Why?\\n\\nTHE PRESIDENT: Ask China.\\n\\nENDING A CRISIS: It ends.")))
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
        if single or (words & _TURN_ROLES and lower < 3) or (person and len(label.split()) <= 6):
            found.add(label)
        elif short and not label.isupper() and label in seen:
            found.add(label)
        seen.add(label)
    return frozenset(found)


def genre_of(text: str, blocks: Sequence[Block]) -> Genre:
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
    reports = len(_REPORTED.findall(head)) + 2 * any(
        re.search(r"(?:Reuters|AP|AFP|Bloomberg|Xinhua)\)", b.text[:60]) for b in blocks[:3]
    )
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
    if readout and density < 1 and quotes < 6 and (voice or speakers.opens(tokens_of(first)[0])):
        opener = speakers.opens(tokens_of(first)[0])
        return Genre("statement", voice or (opener if opener in parties() else "") or "", False)
    if sure and density < 1.5 and (density < 0.7 or quotes < 6):
        return Genre("statement", voice, True)
    if reports >= 2 and density >= 0.4:
        return Genre("report", "", False)
    if voice and strength >= 2:
        return Genre("statement", voice, True)
    opener = speakers.opens(tokens_of(said[0].text[:300])[0])
    if len(said) > 1 or len(said[0].text) > 400:
        if opener in ("USA", "CHN") and quotes < 4:
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
