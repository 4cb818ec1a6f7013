"""Was it meant for the audience at home, or a sign that no deal is wanted?

Two causes can stand behind a harsh word in public: the side is unwilling (T = U), or it plays to
an audience at home (pressure D). High known pressure explains the harsh word away; what is said
in a candid private room then decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import FloatArray
from detente.errors import InputError

__all__ = ["ToneModel", "posterior_from_table", "posterior_unwilling"]


def _check_probability(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise InputError(f"{name} must be a probability between 0 and 1; got {value}.")


def posterior_from_table(
    prior: float,
    pressure: float,
    public: ArrayLike,
    private: ArrayLike,
    *,
    public_harsh: bool | None,
    private_harsh: bool | None,
) -> float:
    """Probability that the side is unwilling, from yes-or-no observations.

    Parameters
    ----------
    prior
        P(T = U) before.
    pressure
        P(D = 1), the chance that the side plays to its audience at home.
    public
        P(harsh in public | T, D): rows willing and unwilling, columns D = 0 and 1.
    private
        P(harsh in private | T): willing, unwilling.
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
    _check_probability("prior", prior)
    _check_probability("pressure", pressure)
    p_public, p_private = np.asarray(public, dtype=float), np.asarray(private, dtype=float)
    for name, table in (("public", p_public), ("private", p_private)):
        if ((table < 0) | (table > 1)).any():
            raise InputError(f"the table of {name} likelihoods must hold probabilities.")
    weight = np.array([1 - prior, prior])
    if public_harsh is not None:
        harsh = p_public @ np.array([1 - pressure, pressure])
        weight = weight * (harsh if public_harsh else 1 - harsh)
    if private_harsh is not None:
        weight = weight * (p_private if private_harsh else 1 - p_private)
    if weight.sum() == 0:
        raise InputError("the observations are impossible under both readings.")
    return float(weight[1] / weight.sum())


@dataclass(frozen=True)
class ToneModel:
    r"""How tone scores arise, in public and in private, on a scale from −10 to 10.

    .. math::
       y_{public}  &\sim N(\mu_{pub} - k 1[U] - k_D D,\ \sigma_{pub}^2) \\
       y_{private} &\sim \chi N(\mu_{priv} - k 1[U],\ \sigma_{priv}^2)
                         + (1 - \chi) N(y_{public},\ \sigma_{script}^2)

    Every number here is a judgement, to be stated with its range wherever a result is shown.

    Attributes
    ----------
    public_mean, private_mean
        μ of a willing side without pressure.
    unwilling_shift
        k, how much harsher an unwilling side speaks.
    pressure_shift
        k_D, how much harsher under full pressure from the audience at home.
    public_spread, private_spread, script_spread
        σ of each.
    candour
        χ, the chance that the private room is candid rather than a reading of talking points.
    amplified
        Chance that a willing side speaks in public as harshly as an unwilling one because it is
        about to concede. A pattern that observers report is a likelihood, not a rule.
    """

    public_mean: float
    private_mean: float
    unwilling_shift: float
    pressure_shift: float
    public_spread: float
    private_spread: float
    script_spread: float
    candour: float
    amplified: float = 0.0

    def __post_init__(self) -> None:
        _check_probability("candour", self.candour)
        _check_probability("chance of amplified rhetoric", self.amplified)
        if min(self.public_spread, self.private_spread, self.script_spread) <= 0:
            raise InputError("the spreads of the tone model must be positive.")

    def public_log_likelihood(self, score: float, unwilling: bool, pressure: float) -> float:
        """Log density of a public score."""
        mean = self.public_mean - self.pressure_shift * pressure
        harsh = _log_normal(score, mean - self.unwilling_shift, self.public_spread)
        if unwilling or self.amplified == 1:
            return harsh
        plain = _log_normal(score, mean, self.public_spread)
        if self.amplified == 0:
            return plain
        return float(
            np.logaddexp(math.log(1 - self.amplified) + plain, math.log(self.amplified) + harsh)
        )

    def private_log_likelihood(
        self, score: float, unwilling: bool, public_score: float | None
    ) -> float:
        """Log density of a private score; the script repeats the public one when there is one."""
        candid = _log_normal(
            score, self.private_mean - self.unwilling_shift * unwilling, self.private_spread
        )
        if public_score is None or self.candour == 1:
            return candid
        script = _log_normal(score, public_score, self.script_spread)
        if self.candour == 0:
            return script
        return float(
            np.logaddexp(math.log(self.candour) + candid, math.log(1 - self.candour) + script)
        )


def _log_normal(x: float, mean: float, spread: float) -> float:
    return -0.5 * ((x - mean) / spread) ** 2 - math.log(spread * math.sqrt(2 * math.pi))


def posterior_unwilling(
    model: ToneModel,
    prior: float,
    observations: Sequence[tuple[float | None, float | None]],
    pressure_levels: ArrayLike,
    pressure_weights: ArrayLike,
) -> tuple[float, FloatArray]:
    """Exact posterior over type and audience pressure.

    Parameters
    ----------
    observations
        (public score, private score) by occasion; None where nothing is known.
    pressure_levels, pressure_weights
        Possible levels of D in [0, 1] and their prior weights; the level is common to all
        occasions.

    Returns
    -------
    P(unwilling), and the joint posterior [type, pressure level].

    Examples
    --------
    >>> model = ToneModel(0, 1, 4, 4, 2, 2, 1, 1.0)
    >>> harsh, _ = posterior_unwilling(model, 0.5, [(-4, None)], [0.0], [1.0])
    >>> excused, _ = posterior_unwilling(model, 0.5, [(-4, None)], [1.0], [1.0])
    >>> harsh > 0.5 > excused
    True
    """
    _check_probability("prior", prior)
    levels = np.asarray(pressure_levels, dtype=float)
    weights = np.asarray(pressure_weights, dtype=float)
    if levels.shape != weights.shape or ((levels < 0) | (levels > 1)).any() or (weights < 0).any():
        raise InputError("pressure levels lie in [0, 1] and come with as many weights ≥ 0.")
    if weights.sum() == 0:
        raise InputError("the weights of the pressure levels are all zero.")
    with np.errstate(divide="ignore"):
        log_joint = np.log(np.array([1 - prior, prior]))[:, None] + np.log(weights / weights.sum())
    for public, private in observations:
        for t, unwilling in enumerate((False, True)):
            for k, pressure in enumerate(levels):
                if public is not None:
                    log_joint[t, k] += model.public_log_likelihood(public, unwilling, pressure)
                if private is not None:
                    log_joint[t, k] += model.private_log_likelihood(private, unwilling, public)
    joint = np.exp(log_joint - log_joint.max())
    joint /= joint.sum()
    return float(joint[1].sum()), joint
