"""Which numbers come from the record of meetings?

Two posterior logits, fitted by ``tools/fit_record.py`` to 55 meetings of the United States and
China, 2017 to 2024, each coded twice; both codings count at half weight. How far they can be
trusted out of sample is in the score table that ships with them.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from detente.talks.signs import Signs

__all__ = [
    "ENDINGS",
    "Chance",
    "LogitPosterior",
    "Odds",
    "RecordNumbers",
    "RecordedMeeting",
    "record_numbers",
    "recorded_meetings",
]


class Odds(NamedTuple):
    """Chances of the five endings, best first; they sum to one."""

    breakthrough: float
    partial_deal: float
    keep_talking: float
    no_result: float
    breakdown: float

    @property
    def deal(self) -> float:
        """Chance of a deal, partial or a breakthrough."""
        return self.breakthrough + self.partial_deal

    @property
    def none(self) -> float:
        """Chance of no result or breakdown."""
        return self.no_result + self.breakdown


#: The five endings, best first.
ENDINGS = Odds._fields


class Chance(NamedTuple):
    """A chance and the effective number of meetings behind it."""

    p: float
    meetings: float


@dataclass(frozen=True)
class LogitPosterior:
    r"""Intercept and slope of a logit: mode, and inverse curvature of the log posterior there.

    Examples
    --------
    >>> sure = LogitPosterior((0.0, 1.0), ((1e-12, 0.0), (0.0, 1e-12)))
    >>> print(f"{sure.chance(1.0).p:.4f}")
    0.7311
    """

    mean: tuple[float, float]
    covariance: tuple[tuple[float, float], tuple[float, float]]

    def log_odds(self, x: float) -> float:
        """Log odds at `x`, at the mode."""
        return self.mean[0] + self.mean[1] * x

    def variance(self, x: float) -> float:
        """v, the variance of the log odds at `x`."""
        (aa, ab), (_, bb) = self.covariance
        return aa + 2 * ab * x + bb * x * x

    def chance(self, x: float) -> Chance:
        r"""Chance at `x`, averaged over the posterior, and the meetings behind it.

        .. math:: \operatorname{logit} p = \frac{x'b}{\sqrt{1 + \pi x'Vx/8}}, \qquad
                  n_R = \frac{1}{p(1-p)\,x'Vx}

        References
        ----------
        MacKay (1992), "The evidence framework applied to classification networks", equation (10).
        """
        v = self.variance(x)
        p = _logistic(self.log_odds(x) / math.sqrt(1 + math.pi * v / 8))
        return Chance(p, 1 / (p * (1 - p) * v))

    def quantile(self, x: float, deviations: float) -> float:
        """Chance at `x`, so many standard deviations of the log odds above the mode."""
        return _logistic(self.log_odds(x) + deviations * math.sqrt(self.variance(x)))


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z))


class RecordNumbers(NamedTuple):
    """What the tool fitted to the record.

    Attributes
    ----------
    deal
        Log odds of a deal on the sum of the signs.
    no_result
        Log odds of no result or breakdown, where there is no deal, on the tone.
    breakthrough, breakdown
        Beta counts: a breakthrough given a deal, a breakdown given no result.
    escalation
        Log odds of escalation within six months on the federal election year.
    base_rates
        Shares of the endings in the record, mean of both codings.
    """

    deal: LogitPosterior
    no_result: LogitPosterior
    breakthrough: tuple[float, float]
    breakdown: tuple[float, float]
    escalation: LogitPosterior
    base_rates: Odds


@cache
def record_numbers() -> RecordNumbers:
    """The shipped numbers, output of ``tools/fit_record.py``."""
    table = tomllib.loads((files("detente.talks") / "record.toml").read_text(encoding="utf-8"))

    def posterior(name: str) -> LogitPosterior:
        a, b = table[name]["covariance"]
        return LogitPosterior(tuple(table[name]["mean"]), (tuple(a), tuple(b)))

    return RecordNumbers(
        deal=posterior("deal"),
        no_result=posterior("no_result"),
        breakthrough=tuple(table["stages"]["breakthrough"]),
        breakdown=tuple(table["stages"]["breakdown"]),
        escalation=posterior("escalation"),
        base_rates=Odds(**table["base_rates"]),
    )


@dataclass(frozen=True)
class RecordedMeeting:
    """One meeting of the record; its endings are those of both coders."""

    id: str
    start: dt.date
    place: str
    signs: Signs
    endings: tuple[str, str]
    source: str

    @property
    def s(self) -> float:
        """Sum of its signs."""
        return self.signs.sum


@cache
def recorded_meetings() -> tuple[RecordedMeeting, ...]:
    """Every meeting of the record, in order of time."""
    text = (files("detente.talks") / "record.csv").read_text(encoding="utf-8")
    return tuple(
        RecordedMeeting(
            id=row["id"],
            start=dt.date.fromisoformat(row["start"]),
            place=row["place"],
            signs=Signs.of(
                level=row["level"],
                channel=row["channel"],
                dated=row["dated"],
                tone=(row["tone_us"], row["tone_cn"]),
            ),
            endings=(row["ending"], row["ending_coder2"]),
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )
