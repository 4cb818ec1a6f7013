"""Is a side unwilling, or does it play to the audience at home?

Harsh words in public have two causes: no deal is wanted, or the audience at home wants to hear
them. Known pressure from home explains harsh words away; a candid private room then decides.
The answer moves no odds: tone counts once, among the signs of the record.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import InputError, UnknownNameError

__all__ = [
    "CandourRange",
    "NextStatement",
    "ReadingConstants",
    "Statement",
    "StatementTerm",
    "UnwillingOdds",
    "posterior_from_table",
    "unwilling",
]

SETTINGS = ("public", "private")
#: Bounds of a tone.
MOST_TONE = 10.0
#: Tones that a next statement could have, for the one that would move the odds most.
NEXT_TONES = (-8.0, 0.0, 8.0)


@dataclass(frozen=True)
class ReadingConstants:
    """How tones arise, on the scale from −10 to 10. All judged.

    Attributes
    ----------
    mean
        μ, tone of a willing side without pressure from home. 1; 0 to 2.
    unwilling_shift
        k, how much harsher an unwilling side speaks. 4; 2 to 6.
    pressure_shift
        k_D, how much harsher under full pressure from home. 4; 2 to 6.
    spread
        σ of a statement about its mean. 4; 3 to 5. The record's tones spread by 4.2.
    script_spread
        σ of a private statement that repeats the public one. 2; 1 to 3: coders' noise.
    """

    mean: float = 1.0
    unwilling_shift: float = 4.0
    pressure_shift: float = 4.0
    spread: float = 4.0
    script_spread: float = 2.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not math.isfinite(value):
                raise InputError(f"{name} of the reading must be a number; got {value}.")
        if min(self.spread, self.script_spread) <= 0:
            raise InputError("spread and script_spread of the reading must be above 0.")
        if self.unwilling_shift < 0 or self.pressure_shift < 0:
            raise InputError("the shifts of the reading are 0 or more: harsher, not milder.")


@dataclass(frozen=True)
class Statement:
    """What a side said: who, in public or in private, in which tone (−10..10), by which source."""

    by: str
    setting: str
    tone: float
    source: str = ""

    def __post_init__(self) -> None:
        if self.setting not in SETTINGS:
            raise UnknownNameError("setting of a statement", self.setting, SETTINGS)
        if not -MOST_TONE <= self.tone <= MOST_TONE:
            raise InputError(f"the tone of a statement lies in −10 to 10; got {self.tone}.")


class StatementTerm(NamedTuple):
    """What a statement adds to the log odds of unwilling."""

    statement: Statement
    log_odds: float


class NextStatement(NamedTuple):
    """A statement that would move the odds: its setting, tone, and the probability after it."""

    setting: str
    tone: float
    probability: float


class CandourRange(NamedTuple):
    """Probability of unwilling where private talk repeats the public line, and where frank."""

    scripted: float
    candid: float


class UnwillingOdds(NamedTuple):
    """How likely a side is unwilling.

    `terms` add up with the prior's log odds to those of `probability`; `most_informative` is what
    would move it most if it were said next; `by_candour` its values at candour 0 and 1.
    """

    probability: float
    prior: float
    terms: tuple[StatementTerm, ...]
    most_informative: NextStatement
    by_candour: CandourRange


def _log_normal(x: float, mean: float, spread: float) -> float:
    """Log density of a normal, without its constant."""
    return -0.5 * ((x - mean) / spread) ** 2 - math.log(spread)


def _log_mix(a: float, b: float, share: float) -> float:
    if share >= 1:
        return a
    if share <= 0:
        return b
    return float(np.logaddexp(math.log(share) + a, math.log1p(-share) + b))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


def public_term(tone: float, pressure: float, constants: ReadingConstants) -> float:
    r"""Log odds of unwilling that a public statement adds.

    .. math:: \ln\frac{N(y;\ \mu - k_D D - k,\ \sigma)}{N(y;\ \mu - k_D D,\ \sigma)}

    Examples
    --------
    >>> round(public_term(-7, 0.0, ReadingConstants()), 4)
    1.5
    """
    willing = constants.mean - constants.pressure_shift * pressure
    harsh = _log_normal(tone, willing - constants.unwilling_shift, constants.spread)
    return harsh - _log_normal(tone, willing, constants.spread)


def private_term(
    tone: float, public_tone: float | None, candour: float, constants: ReadingConstants
) -> float:
    r"""Log odds of unwilling that a private statement adds.

    .. math:: \ln\frac{\chi N(z; \mu - k, \sigma) + (1-\chi) N(z; \bar y, \sigma_s)}
                      {\chi N(z; \mu, \sigma) + (1-\chi) N(z; \bar y, \sigma_s)}

    With chance 1 − χ the room hears the public line (mean ȳ of the side's public statements)
    again. Where nothing was said in public, what is repeated says as much of either reading: any
    density common to both does; that of the mean of both is taken.
    """
    c = constants
    line = c.mean - c.unwilling_shift / 2 if public_tone is None else public_tone
    script = _log_normal(tone, line, c.script_spread)
    harsh = _log_mix(_log_normal(tone, c.mean - c.unwilling_shift, c.spread), script, candour)
    return harsh - _log_mix(_log_normal(tone, c.mean, c.spread), script, candour)


def _terms(
    said: Sequence[Statement], pressure: float, candour: float, constants: ReadingConstants
) -> tuple[StatementTerm, ...]:
    public = [s.tone for s in said if s.setting == "public"]
    line = sum(public) / len(public) if public else None
    return tuple(
        StatementTerm(
            s,
            public_term(s.tone, pressure, constants)
            if s.setting == "public"
            else private_term(s.tone, line, candour, constants),
        )
        for s in said
    )


def unwilling(
    statements: Sequence[Statement],
    prior: float = 0.5,
    pressure: float = 0.5,
    candour: float = 0.5,
    constants: ReadingConstants | None = None,
) -> UnwillingOdds:
    r"""How likely a side is unwilling, after what it said.

    .. math:: \ln\frac{P}{1-P} = \ln\frac{p_0}{1-p_0} + \sum_k t_k

    with t of :func:`public_term` and :func:`private_term`.

    Parameters
    ----------
    statements
        What one side said, in public and in private.
    prior
        Chance that it is unwilling, before; between 0 and 1, without the ends.
    pressure
        D, pressure from the audience at home, 0 to 1.
    candour
        χ, chance that private talk is frank rather than a repetition, 0 to 1.

    Raises
    ------
    InputError
        A chance out of its range, or statements of more than one side.

    Examples
    --------
    Under pressure from home the same tirade says less, and a frank mild word in private most:

    >>> harsh = Statement("CHN", "public", -8)
    >>> calm, pressed = (unwilling([harsh], pressure=d).probability for d in (0.0, 1.0))
    >>> mild = Statement("CHN", "private", 5)
    >>> frank = unwilling([harsh, mild], pressure=1.0, candour=1.0).probability
    >>> round(calm, 2), round(pressed, 2), round(frank, 2)
    (0.85, 0.68, 0.32)
    """
    c = constants or ReadingConstants()
    for name, value in {"pressure": pressure, "candour": candour}.items():
        if not 0 <= value <= 1:
            raise InputError(f"{name} lies between 0 and 1; got {value}.")
    if not 0 < prior < 1:
        raise InputError(f"the prior chance of unwilling lies between 0 and 1; got {prior}.")
    if len({s.by for s in statements}) > 1:
        raise InputError("statements of more than one side: read each side by itself.")
    start = math.log(prior / (1 - prior))

    def after(said: Sequence[Statement], frank: float) -> float:
        terms = _terms(said, pressure, frank, c)
        return _probability(start + math.fsum(t.log_odds for t in terms))

    now = after(statements, candour)
    by = statements[0].by if statements else ""
    nexts = [
        NextStatement(where, tone, after([*statements, Statement(by, where, tone)], candour))
        for where in SETTINGS
        for tone in NEXT_TONES
    ]
    return UnwillingOdds(
        now,
        prior,
        _terms(statements, pressure, candour, c),
        max(nexts, key=lambda n: abs(_logit(n.probability) - _logit(now))),
        CandourRange(after(statements, 0.0), after(statements, 1.0)),
    )


def _logit(p: float) -> float:
    p = min(max(p, 1e-300), 1 - 1e-16)
    return math.log(p) - math.log1p(-p)


def posterior_from_table(
    prior: float,
    pressure: float,
    public: ArrayLike,
    private: ArrayLike,
    *,
    public_harsh: bool | None,
    private_harsh: bool | None,
) -> float:
    r"""Probability that a side is unwilling, from yes-or-no observations, in log odds.

    .. math:: \ln\frac{P}{1-P} = \ln\frac{p_0}{1-p_0}
              + \ln\frac{\sum_D P(D) P(h | U, D)}{\sum_D P(D) P(h | W, D)}
              + \ln\frac{P(h' | U)}{P(h' | W)}

    Parameters
    ----------
    prior, pressure
        P(unwilling) before, and P(D = 1), the chance that it plays to the audience at home.
    public
        P(harsh in public | type, D): rows willing and unwilling, columns D = 0 and 1.
    private
        P(harsh in private | type): willing, unwilling.
    public_harsh, private_harsh
        What was seen; None where nothing was.

    References
    ----------
    Bayes' rule; Pearl (1988) on explaining away.

    Examples
    --------
    >>> table, room = [[0.2, 0.7], [0.8, 0.95]], [0.15, 0.7]
    >>> p = posterior_from_table(0.4, 0.9, table, room, public_harsh=True, private_harsh=False)
    >>> round(p, 6)
    0.252874
    """
    seen_public, seen_private = np.asarray(public, dtype=float), np.asarray(private, dtype=float)
    for name, value in {"prior": prior, "pressure": pressure}.items():
        if not 0 <= value <= 1:
            raise InputError(f"{name} must be a probability between 0 and 1; got {value}.")
    if seen_public.shape != (2, 2) or seen_private.shape != (2,):
        raise InputError("public has two rows and columns, private two values.")
    for name, table in {"public": seen_public, "private": seen_private}.items():
        if not ((table >= 0) & (table <= 1)).all():
            raise InputError(f"the table of {name} likelihoods must hold probabilities.")
    weight = np.array([1 - prior, prior])
    if public_harsh is not None:
        harsh = seen_public @ np.array([1 - pressure, pressure])
        weight = weight * (harsh if public_harsh else 1 - harsh)
    if private_harsh is not None:
        weight = weight * (seen_private if private_harsh else 1 - seen_private)
    if weight.sum() == 0:
        raise InputError("the observations are impossible under both readings.")
    with np.errstate(divide="ignore"):
        return _probability(float(np.log(weight[1]) - np.log(weight[0])))
