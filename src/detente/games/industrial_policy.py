"""What if governments race each other with subsidies, where size makes industries productive?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.equilibrium.multiplicity import jacobian_signs, other_equilibria
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.specification import Specification
from detente.errors import InputError
from detente.games.arena import Arena
from detente.games.best_reply import Player
from detente.games.game import Strategy
from detente.games.objectives import Objective
from detente.games.trade_war import TradeWar, trade_war
from detente.progress import SILENT, Listener
from detente.world.model import World

__all__ = ["IndustrialRace", "industrial_policy_race"]

#: Bounds of subsidies in a race unless others are given.
RACE_BOUNDS = (-0.1, 0.3)


@dataclass(frozen=True, eq=False)
class IndustrialRace:
    """An equilibrium of subsidies, and what is known about others.

    Attributes
    ----------
    war
        The profile, with regrets and the certified equilibrium at the end of the path.
    signs
        Size of the policies and sign of the Jacobian relative to the baseline along the path:
        a change of sign means that the path passed a fold.
    branches
        Other equilibria of the economy under the same policies that random starts found; their
        real incomes differ although every rate is the same.
    """

    war: TradeWar
    signs: tuple[tuple[float, int], ...]
    branches: tuple[Equilibrium, ...]


def industrial_policy_race(
    world: World,
    members: Sequence[str],
    sectors: Sequence[str],
    *,
    bounds: tuple[float, float] = RACE_BOUNDS,
    objectives: Mapping[str, Objective] | None = None,
    specification: Specification | None = None,
    regret_starts: int = 1,
    branch_starts: int = 6,
    check_path: bool = True,
    listener: Listener = SILENT,
) -> IndustrialRace:
    """The Nash equilibrium when governments set production subsidies by sector.

    Parameters
    ----------
    members
        Who races.
    sectors
        Which industries are subsidised.
    bounds
        Lowest and highest subsidy.
    objectives
        By player; real income where none is given.
    branch_starts
        Random starts of the search for other equilibria under the final policies.
    check_path
        Follow the sign of the Jacobian along the path (seconds on a large world).

    References
    ----------
    Ju, Ma, Wang and Zhu (2024); Lashkaripour and Lugovskyy (2023).
    """
    if not sectors:
        raise InputError("an industrial-policy race needs at least one sector.")
    arena = Arena(world, specification)
    strategy = Strategy("production_subsidy", sectors=tuple(sectors), bounds=bounds)
    wanted = objectives or {}
    players = [Player.of(arena, code, [strategy], wanted.get(code)) for code in members]
    war = trade_war(arena, players, regret_starts=regret_starts, listener=listener)
    found = war.equilibrium
    return IndustrialRace(
        war=war,
        signs=jacobian_signs(found) if check_path else (),
        branches=other_equilibria(found, starts=branch_starts) if branch_starts else (),
    )
