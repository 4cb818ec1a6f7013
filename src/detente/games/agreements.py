"""What is an agreement, and what is it measured against?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import InputError
from detente.games.arena import Arena
from detente.games.best_reply import Player
from detente.games.policies import Policies
from detente.games.rows import games_table, value_rows, welfare_rows
from detente.games.trade_war import PlayedProfile, TradeWar

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["Agreement", "Threat", "as_threat", "threat_point"]


@dataclass(frozen=True, eq=False)
class Threat:
    """What every player has without an agreement.

    Attributes
    ----------
    name
        "status quo", "trade war", or how the case calls it.
    value
        Objective of every player over the baseline.
    """

    name: str
    value: tuple[float, ...]


def threat_point(
    arena: Arena,
    players: Sequence[Player],
    what: str | TradeWar | Policies | Sequence[float] = "status quo",
) -> Threat:
    """The threat point by name, from a trade war, from given policies, or given by numbers.

    Parameters
    ----------
    what
        "status quo" (the wedges in force), a :class:`TradeWar` among (at least) these players,
        :class:`Policies` that would hold without a deal, or one number a player.

    Examples
    --------
    >>> from detente.world import World
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> arena = Arena(world)
    >>> threat_point(arena, [Player.of(arena, code) for code in world.economies]).value
    (1.0, 1.0)
    """
    objectives = [p.objective for p in players]
    if isinstance(what, TradeWar):
        return Threat("trade war", tuple(arena.values(what.policies, objectives).tolist()))
    if isinstance(what, Policies):
        return Threat("given policies", tuple(arena.values(what, objectives).tolist()))
    if isinstance(what, str):
        if what != "status quo":
            raise InputError(
                f'the threat point "{what}" is not known: "status quo", a trade war that was '
                "computed, policies, or one number a player."
            )
        values = arena.values(arena.in_force, objectives)
        # the wedges in force are the baseline, where objectives are one up to rounding
        return Threat("status quo", tuple(float(round(v, 14)) for v in values))
    value = np.asarray(what, dtype=float)
    if value.shape != (len(players),) or not np.isfinite(value).all() or (value <= 0).any():
        raise InputError(
            "the threat point needs one positive value a player (objective over the baseline); "
            f"got {list(what)}."
        )
    return Threat("given", tuple(value.tolist()))


@dataclass(frozen=True, eq=False, kw_only=True)
class Agreement(PlayedProfile):
    """Policies that several governments set together.

    Attributes
    ----------
    name
        Which solution it is.
    threat
        What each would have without the agreement, and how that is called.
    weights
        Weight of each player at which the agreement maximises the weighted sum.
    transfers
        What each player's members receive from the others, in the world's currency.
    """

    name: str
    threat: Threat
    weights: tuple[float, ...]
    transfers: tuple[float, ...]

    @property
    def gain_pct(self) -> tuple[float, ...]:
        """Gain of each player over the threat point, percent."""
        return tuple(100 * (v / d - 1) for v, d in zip(self.value, self.threat.value, strict=True))

    def table(self, scenario: str = "") -> pd.DataFrame:
        """Long table: rates, gains over the threat, weights, transfers, real income of all."""
        rows = self.rows()
        rows += value_rows("objective_gain_pct", self.names, self.gain_pct)
        rows += value_rows("bargaining_weight", self.names, self.weights, "share")
        rows += value_rows("transfer_received", self.names, self.transfers, self.world.currency)
        rows += welfare_rows(self.world, self.welfare_hat)
        return games_table(
            scenario or f"{self.name} agreement", rows, compared_with=self.threat.name
        )


def as_threat(arena: Arena, players: Sequence[Player], threat: Any) -> Threat:
    """A threat point as it is, or by name, policies or numbers."""
    return threat if isinstance(threat, Threat) else threat_point(arena, players, threat)
