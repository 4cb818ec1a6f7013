"""By how much does a word turn, for what stands beside it in its clause?

Behind a denial; where what it names is prevented, lifted or ended; where something friendly is
broken off; where it is only asked for; where an accusation is laid to third countries.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.talks.texts.lists import word_list

__all__ = ["turn"]

#: Behind "not": what is left, with the other sign. Denied is not the same as opposed.
NEGATED = -0.6
#: Behind "not always".
PARTLY = -0.2
#: Behind "denied": an accusation denied is faintly mild.
DENIED = -0.3
#: What is lifted, prevented or ended turns whole; an accusation stays one, at less weight.
ENDED = -0.9
STILL_CHARGED = 0.7
#: Of an accusation that both undertake to see to, or that is laid to third countries.
SEEN_TO = 0.2
#: Something friendly that is asked of the other.
ASKED = 0.3
#: How many words a negation, a verb that turns, and a phrase behind reach.
NEGATION_REACH, TURN_REACH, BEHIND = 4, 8, 8

_NOT = word_list("turns", "not")
_NOT_BUT = word_list("turns", "not_but")
_PARTLY = frozenset(("always", "entirely", "fully", "all"))
_ACCEPT = tuple(word_list("turns", "accept"))
_PREVENT = tuple(word_list("turns", "prevent"))
_PREVENT_EXACT = word_list("turns", "prevent_exact")
_SEE_TO = ("address", "resolv", "refrain", "eliminat", "remov", "eas")
_COMBAT = ("combat", "counter", "fight", "tackl", "curb", "stem", "disrupt")
_BREAK = tuple(word_list("turns", "break"))
_DENY = tuple(word_list("turns", "deny"))
_FAIL = ("fail", "refus", "unwilling", "reluctan", "declin")
_ASK = word_list("turns", "ask")
_CALLS = frozenset(("call", "calls", "called", "calling"))
_TOGETHER = ("cooperat", "collaborat", "coordinat", "together", "jointly")
_CLAUSE = frozenset('.;:!?()—–“”"')
_WARM = frozenset(("accord", "warmth", "cooperation", "dialogue"))
_ENDS = frozenset(("measure", "threat", "peril", "concern"))
_CHARGES = frozenset(("charge", "opposition"))


def _is_not(token: str, following: str) -> bool:
    return (token in _NOT or token.endswith(("n't", "n’t"))) and following not in _NOT_BUT


def _prevents(tokens: Sequence[str], k: int) -> bool:
    """Whether a word prevents, lifts or ends; "to the end" does not."""
    token = tokens[k]
    if token == "end" and k and tokens[k - 1] in ("the", "an", "very", "bitter"):
        return False
    return token in _PREVENT_EXACT or token.startswith(_PREVENT)


def _negated(tokens: Sequence[str], k: int, at: int, warm: bool, accepted: bool) -> float | None:
    """What a negation at `k` leaves of the word at `at`; None where it does not reach it."""
    between = set(tokens[k + 1 : at])
    if warm:
        blocked = {",", "and", "or"} & between
    elif tokens[k] in ("no", "nothing", "none"):  # "no winners in a trade war"
        blocked = {"in", "from", "for", "at", "with"} & between
    else:  # "not held back by unfair practices"
        blocked = {"by"} & between
    if blocked or at - k > NEGATION_REACH + (2 if accepted else 0):
        return None
    if between & _PARTLY:
        return PARTLY
    if accepted:  # "will not accept coercion" is as harsh as coercion
        return -1.0 if warm else 1.0
    return NEGATED


def turn(tokens: Sequence[str], at: int, kind: str) -> float:
    """What counts of the weight of a word of some kind at a position.

    Parameters
    ----------
    tokens
        Words and marks of the sentence, in small letters.
    at
        Where the word stands.
    kind
        Its kind in the table.

    Examples
    --------
    >>> turn("they agreed to avoid conflict".split(), 4, "peril")
    -0.9
    >>> turn("we will not accept coercion".split(), 4, "charge")
    1.0
    >>> turn("they should lift tariffs".split(), 3, "measure")
    0.0
    """
    warm, charge = kind in _WARM, kind in _CHARGES
    factor, asked, urged = 1.0, False, False
    accepted = ended = negated = together = combat = False
    for k in range(at - 1, max(-1, at - TURN_REACH - 4), -1):
        token, following = tokens[k], tokens[k + 1]
        if token in _CLAUSE or token == "but":
            break
        near = at - k <= TURN_REACH
        accepted = accepted or token.startswith(_ACCEPT)
        together = together or token.startswith(_TOGETHER)
        if _is_not(token, following):
            left = None if negated else _negated(tokens, k, at, warm, accepted)
            if left is not None:
                negated, factor = True, factor * left
        elif warm:
            if at - k <= 4 and not ended and token.startswith(_BREAK):
                ended, factor = True, -factor
            elif at - k <= 6 and following == "to" and token.startswith(_FAIL):
                factor = -factor
        elif near and not ended and _prevents(tokens, k):
            if kind in _ENDS and (kind != "concern" or token.startswith(_SEE_TO)):
                ended, factor = True, factor * ENDED
            elif charge:
                ended = True
                factor *= SEEN_TO if token.startswith(_SEE_TO) else STILL_CHARGED
        elif near and not ended and token.startswith(_COMBAT):
            combat = True
            if kind == "peril":
                ended, factor = True, factor * ENDED
        elif near and token.startswith(_DENY) and kind in ("charge", "measure"):
            factor *= DENIED
        elif ended and at - k <= TURN_REACH + 2 and following == "to" and token.startswith(_FAIL):
            factor = -factor
        if token in _ASK or (token in _CALLS and following in ("on", "for")):
            asked, urged = True, token not in ("must", "should")
    if asked and ended and kind in ("measure", "threat") and factor < 0:
        return 0.0  # asked for, not done
    if urged and warm and factor > 0:
        return factor * ASKED
    behind = tokens[at + 1 : at + 1 + BEHIND]
    third = "countries" in behind and not {"third", "other"}.isdisjoint(behind)
    if charge and (third or (together and (combat or ended))):
        return factor * SEEN_TO
    return factor
