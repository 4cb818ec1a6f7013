r"""Which agreements hold without a court?

A party may break an agreement once and set its best reply to what the others keep; from then on
there is war for ever. It keeps its word if

.. math:: T_p - R_p \le \frac{\beta}{1 - \beta} (R_p - P_p)

with R what the agreement is worth a period, T the temptation and P the punishment (Friedman 1971;
Bagwell and Staiger 1990 for tariffs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import FloatArray
from detente.errors import InfeasibleError, InputError
from detente.games.agreements import Agreement
from detente.games.arena import Arena
from detente.games.best_reply import Player, best_reply
from detente.games.policies import Policies
from detente.games.rows import games_table, value_rows
from detente.games.trade_war import TradeWar, check_players, profile

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Enforcement",
    "critical_discount_factors",
    "enforce",
    "free_trade",
    "most_cooperative",
]

#: The most cooperative package is found to this share of the way from war to the deal.
SHARE_TOLERANCE = 1e-4


def critical_discount_factors(
    temptation: FloatArray, reward: FloatArray, punishment: FloatArray
) -> FloatArray:
    r""":math:`\beta^*_p = (T_p - R_p)/(T_p - P_p)`: from which patience on each keeps its word.

    Zero where nothing tempts; infinite where the war is no punishment.

    Examples
    --------
    >>> one = np.ones(1)
    >>> print(critical_discount_factors(5 * one, 3 * one, 1 * one))
    [0.5]
    """
    t, r, p = (np.asarray(v, dtype=float) for v in (temptation, reward, punishment))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (t - r) / (t - p)
    out: FloatArray = np.where(t <= r, 0.0, np.where(r <= p, np.inf, ratio))
    return out


@dataclass(frozen=True, eq=False)
class Enforcement:
    """Whether a package enforces itself.

    Attributes
    ----------
    package
        Name of the package.
    names
        The players.
    reward, temptation, punishment
        Objective of each player in the package, when it alone breaks it, and in the war.
    critical
        Discount factor from which on each player keeps its word.
    share
        How far the package is on the way from war (0) to the full deal (1).
    policies
        All wedges of the package.
    """

    package: str
    names: tuple[str, ...]
    reward: FloatArray
    temptation: FloatArray
    punishment: FloatArray
    critical: FloatArray
    share: float
    policies: Policies

    @property
    def critical_discount_factor(self) -> float:
        """The package holds from this discount factor on; infinite if never."""
        return float(self.critical.max())

    def holds_at(self, discount: float) -> bool:
        """Whether everybody keeps its word at this discount factor."""
        return bool(self.critical_discount_factor <= discount)

    def table(self) -> pd.DataFrame:
        """Long table: reward, temptation, punishment and critical discount factor by player."""
        rows: list[dict[str, Any]] = []
        for metric, values in (
            ("objective_pct", self.reward),
            ("temptation_pct", self.temptation),
            ("punishment_pct", self.punishment),
        ):
            rows += value_rows(metric, self.names, 100 * (values - 1))
        rows += value_rows("critical_discount_factor", self.names, self.critical, "ratio")
        return games_table(self.package, rows, compared_with="trade war")


def free_trade(arena: Arena, players: Sequence[Player]) -> tuple[FloatArray, ...]:
    """Every player's rates at zero (or at the nearest bound)."""
    return tuple(
        np.clip(p.space.from_levels(np.zeros(len(p.space))), p.space.lower, p.space.upper)
        for p in players
    )


def enforce(
    arena: Arena,
    war: TradeWar,
    package: Agreement | Sequence[FloatArray] | str,
    *,
    share: float = 1.0,
    name: str = "",
) -> Enforcement:
    """From which discount factor on a package enforces itself under the threat of a war.

    Parameters
    ----------
    war
        What follows a breach, for ever.
    package
        An agreement of the same players, their rates, or "free trade".
    share
        Part of the way from war to the package, in logs of 1 + rate.

    References
    ----------
    Friedman (1971); Bagwell and Staiger (1990).
    """
    players = war.players
    check_players(players)
    transfers: Any = None
    if isinstance(package, Agreement):
        if package.names != war.names:
            raise InputError(
                f"the agreement is between {', '.join(package.names)}, the war between "
                f"{', '.join(war.names)}: the players must be the same, in the same order."
            )
        rates, label = package.x, name or f"{package.name} agreement"
        transfers = package.policies.transfer
    elif isinstance(package, str):
        if package != "free trade":
            raise InputError(f'package "{package}" is not known; "free trade", or give the rates.')
        rates, label = free_trade(arena, players), name or "free trade"
    else:
        rates, label = tuple(package), name or "package"
    mixed = [w + share * (r - w) for w, r in zip(war.x, rates, strict=True)]
    policies = profile(arena, players, mixed)
    if transfers is not None:
        # who breaks the agreement is no longer paid, but this period's payment is made
        policies = policies._replace(transfer=share * transfers)
    reward = arena.values(policies, [p.objective for p in players])
    temptation = np.array(
        [
            max(
                float(now),
                best_reply(arena, p, policies, start=w, starts=2, thorough=False).value,
            )
            for p, w, now in zip(players, war.x, reward, strict=True)
        ]
    )
    punishment = np.array(war.value)
    return Enforcement(
        package=label,
        names=war.names,
        reward=reward,
        temptation=temptation,
        punishment=punishment,
        critical=critical_discount_factors(temptation, reward, punishment),
        share=share,
        policies=policies,
    )


def most_cooperative(
    arena: Arena,
    war: TradeWar,
    package: Agreement | Sequence[FloatArray] | str,
    discount: float,
) -> Enforcement:
    """The most cooperative enforceable package on the way from war to a deal.

    Packages lie on the straight line (in logs of 1 + rate) between the war and the deal; the
    answer is the farthest one that enforces itself at the discount factor.

    Raises
    ------
    InfeasibleError
        Nothing beyond the war itself enforces itself.
    """
    if not 0 <= discount < 1:
        raise InputError(f"a discount factor lies in [0, 1); got {discount:g}.")
    full = enforce(arena, war, package)
    if full.holds_at(discount):
        return full
    low, high, best = 0.0, 1.0, None
    while high - low > SHARE_TOLERANCE:
        middle = 0.5 * (low + high)
        tried = enforce(arena, war, package, share=middle)
        if tried.holds_at(discount):
            low, best = middle, tried
        else:
            high = middle
    if best is None:
        raise InfeasibleError(
            f"at a discount factor of {discount:g} no package between the war and "
            f"{full.package} enforces itself."
        )
    return best
