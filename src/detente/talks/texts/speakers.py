"""Whose words are these: a government's, both sides', the press's, or nobody's?

The subject of a verb of saying speaks, not its object: the words before the verb are read from
the left, past "On Monday," and "In a statement,", to the first noun phrase.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from detente.talks.texts.lists import word_list
from detente.talks.texts.names import NOBODY, OFFICIALS, OTHERS, Names

__all__ = ["BOTH", "PRESS", "SAME", "SAYS", "Speakers"]

BOTH, PRESS = "both", "press"
#: What a pronoun or "the official" stands for: whoever spoke last.
SAME = "same"

SAYS = word_list("speakers", "says")
#: What may follow a quotation with its subject behind it.
_TURNED = word_list("speakers", "turned")
#: Verbs of a tag set off by commas: "…, she said, …".
_TAGS = word_list("speakers", "tags")
#: What may follow such a tag.
_AFTER_TAG = word_list("speakers", "after_tag")
#: Longest subject of a tag, in words.
_TAG_SUBJECT = 9
_PRONOUNS = frozenset(["he", "she", "it", "they", "his", "her"])
_LEADING = word_list("speakers", "leading")
_STOPS_NP = word_list("speakers", "stops_np")
#: What may stand between a subject and its verb.
_BETWEEN = word_list("speakers", "between")
#: Behind these stands a clause with a verb of its own.
_CONJUNCTIONS = word_list("speakers", "conjunctions")
_JOIN = word_list("speakers", "join")
_BOTH_NOUNS = word_list("speakers", "both_nouns")


class Speakers(Names):
    """Who speaks in the sentences of one text."""

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
                here = [m for m in self.mentions(words) if m.start <= head < m.end]
                if not here:
                    break
                head = here[0].end
                continue
            head += 1
        np = words[:head]
        low = [w.lower() for w in np]
        named = [m for m in self.mentions(words) if m.start < head]
        pronoun = bool(low) and low[0] in _PRONOUNS and not (named and named[0].start == 0)
        if pronoun and len(low) < 4:
            return SAME
        if pronoun and "and" in low and named:  # "She and the vice premier"
            return BOTH
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
        inside = {k for m in named if m.kind == "office" for k in range(m.start, m.end)}
        inside |= {k for k, w in enumerate(low[1:]) if w in ("minister", "ministry")}
        outsider = any(w in OTHERS for k, w in enumerate(low) if k not in inside)
        if people and not outsider and "and" in low:
            # "Mr. Finer and Minister Liu": the other's minister, whoever it is
            after = np[low.index("and") + 1 :]
            unknown = not self.mentions(after) and any(w in OFFICIALS for w in low[-len(after) :])
            if unknown and len(after) > 1 and after[0][0].isupper() and after[-1][0].isupper():
                return BOTH
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
        behind = [w.lower() for w in words[head : head + 14]]
        later = self.mentions(words[head : head + 14])
        if official:
            if later and behind[0] in ("of", "for", "from", "in", "at", "with", ","):
                return later[0].party
            if "officials" in low and low[0] not in ("the", "those", "these"):
                return NOBODY
            spokes = low[-1].startswith("spokes")
            return SAME if spokes or low[0] in ("the", "that", "this", "its", "their") else NOBODY
        named_so = any(w[:1].isupper() for w in np)
        if named_so and later and set(behind) & OFFICIALS and not set(behind) & OTHERS:
            return later[0].party
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
                verbs = not SAYS.isdisjoint(w.lower() for w in words[k:stop])
                if verbs and words[k].lower() not in _CONJUNCTIONS:
                    break
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
            while before and before[-1].lower() in _BETWEEN and len(before) > 1:
                before = before[:-1]
            if not before or all(not w[0].isalnum() for w in before):
                if word in _TURNED and (k > clause or clause > 0 or k > 0):
                    stop = next((j for j in range(k + 1, n) if words[j] in '“".'), n)
                    return self.phrase(words[k + 1 : min(stop, k + 20)]) or NOBODY
                continue
            who = self._late(before) if before[0].lower() in _LEADING else self.phrase(before)
            if who is not None:
                return who
        return None

    def _late(self, words: Sequence[str]) -> str:
        """Subject behind a phrase without a comma: "On Friday evening Mr Yang told …"."""
        named = self.mentions(words)
        if not named or any(w.lower() in OTHERS for w in words[-4:]):
            return NOBODY
        return named[-1].party

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
        if not named:
            if low[0] == "the" and len(low) > 1 and low[1] in ("president", "secretary"):
                return SAME
            return None
        first = named[0]
        ahead = part[: first.start]
        if any(w[0].islower() and w not in ("the", "of", "and", "a") for w in ahead):
            return None
        for one, other in pairwise(named[:3]):
            between = low[one.end : other.start]
            if one.party != other.party and "and" in between and len(between) < 6:
                return BOTH
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
