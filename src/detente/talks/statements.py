"""How harsh or friendly is a statement, and who said it?

A codebook (a table beside this module) gives each diplomatic term and protocol act a score from
−10 to 10, in the spirit of Goldstein's (1992) weights for acts between states. The weights are
our judgement; each comes with its reason and every hit is shown with its line, so that a reader
can disagree term by term. No network and no language model is used.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from detente.errors import InputError

__all__ = ["SPEAKERS", "Hit", "Reading", "Term", "codebook", "read_statement"]

#: Fewer hits than this for a side say nothing that could be relied on.
FEWEST_HITS = 3
#: Words that reverse a term when they stand just before it.
NEGATIONS = (
    r"(?:\bno(?:t|r)?\b|\bcannot\b|\bnever\b|\bwithout\b|\bnone of\b|\black(?:s|ed|ing)?\b|"
    r"n['’]t\b)"
)
REFUSES = r"\brefus(?:e|es|ed|ing) to"
#: How many words may stand between a negation and its term.
NEGATION_REACH = 3
_DENIAL = re.compile(
    rf"(?:{NEGATIONS}|{REFUSES})(?:\W+\w+){{0,{NEGATION_REACH}}}\W*$", re.IGNORECASE
)
#: "Will not accept coercion" is no denial of coercion.
_ACCEPTED = re.compile(
    r"\b(?:accept|tolerat|allow|permit|condon|stand for|put up with|bow to|yield to|give in to|"
    r"submit to|surrender to)",
    re.IGNORECASE,
)
#: Terms that begin so refuse what stands behind them.
_REFUSAL = re.compile(
    rf"(?:\w+\s+(?:not|never)|\w+n[’']t|cannot|never|{REFUSES})\s+(?!rul)", re.IGNORECASE
)
#: What is left of a term's weight, with the other sign, once it is denied.
DENIED = -0.5

_VERBS = (
    r"said|says|tells|told|adds|added|warns|warned|insists|insisted|argues|argued|replied|responded|"
    r"calls|called|accuses|accused|declares|declared|stresses|stressed|notes|noted|expresses|"
    r"expressed|describes|described|urges|urged|rejects|rejected|demands|demanded|vows|vowed|"
    r"reiterates|reiterated|complains|complained|spoke|criticises|criticizes|criticised|criticized|"
    r"announces|announced|acknowledges|acknowledged|condemns|condemned|denounces|denounced|blames|"
    r"blamed|opposes|opposed|welcomes|welcomed|protests|protested|threatens|threatened|refuses|"
    r"refused|suspends|suspended|expels|expelled|cancels|cancelled|canceled"
)
#: Who may stand behind "US" or "Chinese" and speak.
_OFFICES = (
    "(?:side|officials?|government|administration|delegation|negotiators?|diplomats?|representatives?"
    "|spokes(?:man|woman|person)|[Aa]mbassador|[Ee]mbassy|[Pp]resident|[Ss]ecretary|[Mm]inist(?:er|ry)"
    "|[Tt]rade [Rr]epresentative|[Tt]reasury|[Cc]ommerce|[Ss]tate|[Ff]oreign|[Vv]ice)"
)
#: Names and offices by which a text tells who speaks. Users add their own.
SPEAKERS: Mapping[str, tuple[str, ...]] = {
    "USA": (
        "Blinken",
        "Sullivan",
        "Yellen",
        "Biden",
        "Trump",
        "Raimondo",
        "Tai",
        "Bessent",
        "Lighthizer",
        "Mnuchin",
        "Kerry",
        "Campbell",
        "Burns",
        "Washington",
        "White House",
        "State Department",
        "Treasury",
        "Greer",
        "Lutnick",
        "Rubio",
        "Vance",
        f"(?:US|U\\.S\\.|American) {_OFFICES}",
        "Americans?",
        "[Tt]he United States",
        "[Tt]he US",
        "[Tt]he U\\.S\\.",
        # in the style of headlines: "US warns"
        f"(?:US|U\\.S\\.)(?= (?:{_VERBS})\\b)",
    ),
    "CHN": (
        "Yang(?: Jiechi)?",
        "Wang(?: Yi| Wentao)?",
        "Xi(?: Jinping)?",
        "Li(?: Qiang)?",
        "He Lifeng",
        "Pan(?: Gongsheng)?",
        "Liu(?: He)?",
        "Zhao(?: Lijian)?",
        "Lan(?: Fo[’']?an)?",
        "Beijing",
        f"Chinese {_OFFICES}",
        "Xinhua",
        "China[’']s (?:foreign|commerce|finance) ministry",
        "China",
    ),
}

#: Verbs whose subject may stand behind them ("said Yang"); behind others stands an object.
_INVERTING = r"said|says|added|warned|insisted|argued|replied|declared"
#: "Commission spokesman: “...”", as transcripts have it.
_HEADED = re.compile(r"\s*([^:\"“”\n]{2,60}):\s*[\"“]")
_PRONOUN = re.compile(r"^\W*(?:and |but )?(?:he|she|they)\b", re.IGNORECASE)
#: A stop that ends no sentence: of a title, an initial, or of "U.S." where the sentence goes on.
_ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Amb|vs)|(?<![\w.])[A-Z])\.$")
_STATES = re.compile(r"\b(?:U\.S|U\.K|U\.N|E\.U)\.$")
#: How a new sentence begins behind "the U.S."
_OPENER = re.compile(
    r"\s+[\"“‘]?(?:The|This|That|These|It|Its|He|She|They|We|I|But|And|In|On|At|As|For|If|While|When|"
    r"However|Both|No|China|Chinese|Beijing|Washington|Xi|Wang|Yang|Li)\b"
)


@dataclass(frozen=True)
class Term:
    """One line of the codebook: a pattern, its kind, its score and the reason for it."""

    pattern: str
    kind: str
    score: float
    dimension: str
    reason: str


@dataclass(frozen=True)
class Hit:
    """A term found in a text.

    Attributes
    ----------
    line
        Number of the line, from 1.
    text
        What stood there.
    score
        Its weight, after a denial was taken into account.
    speaker
        Side that said it, or "" where the text does not tell.
    quoted
        Whether it stood inside quotation marks.
    denied
        Whether a negation stood before it.
    term
        The codebook line that matched.
    """

    line: int
    text: str
    score: float
    speaker: str
    quoted: bool
    denied: bool
    term: Term


@dataclass(frozen=True)
class Reading:
    """What a text says by the codebook: each hit, and the mean score of each speaker."""

    hits: tuple[Hit, ...]
    words: int

    def score(self, speaker: str | None = None) -> float | None:
        """Mean score of a side's hits (all hits when None); None when coverage is too thin."""
        mine = [h.score for h in self.hits if speaker is None or h.speaker == speaker]
        if len(mine) < FEWEST_HITS:
            return None
        return sum(mine) / len(mine)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Sides to whom at least one hit was attributed."""
        return tuple(sorted({h.speaker for h in self.hits if h.speaker}))

    @property
    def _count(self) -> str:
        count = len(self.hits)
        return "No coded term" if not count else f"Only {count} coded term{'s' * (count > 1)}"

    def coverage_note(self) -> str:
        """A sentence that says whether there is enough to judge by."""
        thin = [s for s in self.speakers if self.score(s) is None]
        if len(self.hits) < FEWEST_HITS:
            return (
                f"{self._count} in {self.words} words: too thin to judge (the codebook covers "
                "English diplomatic language)."
            )
        if thin:
            return f"Too few coded terms to judge {' and '.join(thin)} on their own."
        return f"{len(self.hits)} coded terms in {self.words} words."


@cache
def codebook() -> tuple[Term, ...]:
    """The table of terms, in its own order.

    Examples
    --------
    >>> any(t.pattern.startswith("constructive") for t in codebook())
    True
    """
    text = files("detente.talks").joinpath("codebook.csv").read_text(encoding="utf-8")
    return tuple(
        Term(r["pattern"], r["kind"], float(r["score"]), r["dimension"], r["reason"])
        for r in csv.DictReader(text.splitlines())
    )


@dataclass(frozen=True)
class _Sentence:
    start: int
    text: str
    speaker: str


def _speaker_of(sentence: str, speakers: Mapping[str, Sequence[str]]) -> str:
    """Side named closest to a verb of saying, else the grammatical subject; "" when unclear."""
    names = {
        side: re.compile(r"(?<!\w)(?:" + "|".join(n) + r")(?!\w)") for side, n in speakers.items()
    }
    headed = _HEADED.match(sentence)
    for side, pattern in names.items():
        if headed and pattern.search(headed.group(1)):
            return side
    best: tuple[int, str] | None = None
    for verb in re.finditer(rf"\b(?:{_VERBS})\b", sentence):
        for side, pattern in names.items():
            for name in pattern.finditer(sentence):
                before = verb.start() - name.end()
                after = name.start() - verb.end()
                inverted = 0 <= after <= 2 and re.fullmatch(_INVERTING, verb.group())
                distance = before if before >= 0 else (after + 2 if inverted else -1)
                if 0 <= distance <= 60 and (best is None or distance < best[0]):
                    best = (distance, side)
    return best[1] if best else ""


def _split(block: str) -> list[tuple[int, str]]:
    """Sentences of a paragraph with their positions.

    Examples
    --------
    >>> [s for _, s in _split("The U.S. side spoke to Mr. Li. He left the U.S. China stayed.")]
    ['The U.S. side spoke to Mr. Li.', ' He left the U.S.', ' China stayed.']
    """
    out: list[tuple[int, str]] = []
    start = 0
    for stop in re.finditer(r"[.!?][\"”’']*(?=\s|$)|$", block):
        said = block[start : stop.end()]
        if _ABBREVIATED.search(said) and stop.end() < len(block):
            continue
        if _STATES.search(said) and not _OPENER.match(block, stop.end()):
            continue
        if said.strip():
            out.append((start, said))
        start = stop.end()
    if block[start:].strip():
        out.append((start, block[start:]))
    return out


def _sentences(text: str, speakers: Mapping[str, Sequence[str]]) -> list[_Sentence]:
    out: list[_Sentence] = []
    carried = ""
    for block in re.finditer(r"[^\n]+(?:\n(?!\n)[^\n]+)*", text):
        carried = ""
        for start, sentence in _split(block.group()):
            # a pronoun or an open quotation goes on with the speaker before it
            goes_on = bool(_PRONOUN.match(sentence)) or sentence.lstrip()[:1] in '"“'
            speaker = carried if _PRONOUN.match(sentence) and carried else ""
            speaker = speaker or _speaker_of(sentence, speakers) or (carried if goes_on else "")
            carried = speaker or carried
            out.append(_Sentence(block.start() + start, sentence, speaker))
    return _within_quotations(text, out)


def _within_quotations(text: str, sentences: list[_Sentence]) -> list[_Sentence]:
    """Sentences of one quotation belong to one speaker, wherever in it the text names him."""
    out = list(sentences)
    for start, end in _quoted_spans(text):
        inside = [k for k, s in enumerate(out) if s.start < end and s.start + len(s.text) > start]
        named = {out[k].speaker for k in inside if out[k].speaker}
        if len(named) == 1:
            speaker = named.pop()
            for k in inside:
                out[k] = _Sentence(out[k].start, out[k].text, speaker)
    return out


def _quoted_spans(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(r"“[^”]{1,1500}”|\"[^\"\n]{1,1500}\"", text)]


def _is_denied(before: str, words: str, term: Term) -> bool:
    """Whether a negation stands just before a term; refusing something harsh does not soften it."""
    found = _DENIAL.search(before)
    if found is None or re.match(r"no\b|without\b", words, re.IGNORECASE):
        return False
    return term.score > 0 or _ACCEPTED.search(found.group()) is None


def read_statement(text: str, speakers: Mapping[str, Sequence[str]] | None = None) -> Reading:
    """Score a statement or a news text by the codebook.

    Parameters
    ----------
    text
        Plain text in English.
    speakers
        For each side the names (regular expressions) by which the text calls it; default
        :data:`SPEAKERS`.

    Returns
    -------
    Every hit with line, weight, reason and speaker. Overlapping terms count once, the longest.

    Raises
    ------
    InputError
        The text is empty.

    Examples
    --------
    >>> reading = read_statement("Yang said the talks were candid, constructive and helpful.")
    >>> [(h.text, h.score) for h in reading.hits]
    [('candid', -1.0), ('constructive', 3.0), ('helpful', 2.0)]
    >>> reading.speakers
    ('CHN',)
    """
    if not text.strip():
        raise InputError("the text is empty: nothing to read.")
    sentences = _sentences(text, SPEAKERS if speakers is None else speakers)
    quoted = _quoted_spans(text)
    found: list[tuple[int, int, Term]] = []
    for term in codebook():
        # lines may break between the words of a term
        pattern = term.pattern.replace(" ", r"\s+")
        for m in re.finditer(rf"\b(?:{pattern})(?:\b|(?<=\W))", text, re.IGNORECASE):
            found.append((m.start(), m.end(), term))
    found.sort(key=lambda f: (f[0], f[0] - f[1]))
    hits: list[Hit] = []
    reached, refusal = -1, -1
    for start, end, term in found:
        if start < reached:
            continue
        ended, reached = max(reached, 0), end
        home = max((s for s in sentences if s.start <= start), key=lambda s: s.start)
        # who will not accept something friendly denies it, even where the refusal is a term itself
        since = refusal if refusal >= 0 and term.score > 0 else ended
        denied = _is_denied(text[max(home.start, since) : start], text[start:end], term)
        refusal = start if _REFUSAL.match(text, start) else -1
        hits.append(
            Hit(
                line=text.count("\n", 0, start) + 1,
                text=" ".join(text[start:end].split()),
                score=term.score * (DENIED if denied else 1.0),
                speaker=home.speaker,
                quoted=any(a <= start < b for a, b in quoted),
                denied=denied,
                term=term,
            )
        )
    return Reading(tuple(hits), len(re.findall(r"\w+", text)))
