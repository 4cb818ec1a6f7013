"""What if governments race each other with subsidies, where size makes industries productive?

With economies of scale several equilibria can exist. The one that counts is joined to the
baseline along the path of the policies; a search must not jump to another. Equilibria are followed
from one to the next, and the end is checked: the path from the baseline straight to the final
policies must lead to the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array

from detente.arrays import FloatArray
from detente.equilibrium.adjoint import gradient as derivative
from detente.equilibrium.multiplicity import jacobian_signs, other_equilibria
from detente.equilibrium.rebase import balanced_baseline
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.solve import solve
from detente.equilibrium.specification import Specification
from detente.errors import ConvergenceError, InputError
from detente.games.arena import CERTIFIED, Arena, Policies
from detente.games.best_reply import Player
from detente.games.game import Strategy
from detente.games.objectives import GovernmentWelfare, Objective
from detente.games.trade_war import TradeWar, trade_war
from detente.progress import SILENT, Listener
from detente.world.model import World, check_is_consistent

__all__ = ["IndustrialRace", "ScaleArena", "industrial_policy_race"]

#: Tolerance of the equilibria on the way and at the end.
TOLERANCE = 1e-12
#: Instruments that may be moved with economies of scale: one adjoint each.
MOVED = ("production_subsidy", "tariff", "export_tax")
#: Bounds of subsidies in a race unless others are given.
RACE_BOUNDS = (-0.1, 0.3)


class ScaleArena(Arena):
    """An arena with economies of scale: slower, and true to the path from the baseline.

    Parameters
    ----------
    world
        The baseline.
    instruments
        What the players may set, out of production_subsidy, tariff, export_tax.
    """

    def __init__(
        self,
        world: World,
        specification: Specification | None = None,
        instruments: Sequence[str] = ("production_subsidy",),
    ) -> None:
        check_is_consistent(world)
        self.specification = specification or Specification()
        self.specification.check_fits(world)
        if self.specification.closure_of(world) == "balanced":
            world = balanced_baseline(world, self.specification)
        unknown = [i for i in instruments if i not in MOVED]
        if unknown or not instruments:
            raise InputError(
                f"with economies of scale players set {', '.join(MOVED)}; got "
                f"{', '.join(unknown) or 'none'}."
            )
        self.world, self.instruments = world, tuple(instruments)
        self.in_force = Policies(
            tariff=jnp.asarray(np.log1p(world.tariff)),
            export_tax=jnp.asarray(np.log1p(world.export_tax)),
            production_subsidy=jnp.asarray(-np.log1p(-world.production_subsidy)),
            ban=jnp.zeros(world.sales.shape),
            transfer=jnp.zeros(len(world.economies)),
        )
        self._last: Equilibrium | None = None
        self._outcomes: dict[int, tuple[Objective, Callable[[Mapping[str, Array]], Array]]] = {}
        self.solves = 0

    def state(self, policies: Policies, *, rough: bool = False) -> Any:
        """The equilibrium, followed from the last one."""
        self.solves += 1
        self._last = solve(
            self.world,
            self.shock(policies),
            specification=self.specification,
            tolerance=1e-10 if rough else TOLERANCE,
            start=self._last,
        )
        return self._last

    def _outcome(self, objective: Objective) -> Callable[[Mapping[str, Array]], Array]:
        """The objective as a function of an equilibrium's arrays, the same one every time."""
        known = self._outcomes.get(id(objective))
        if known is None:
            if not isinstance(objective, GovernmentWelfare):
                raise InputError(
                    "with economies of scale a player maximises government welfare; "
                    f"{objective.label} is something else."
                )
            known = (objective, _welfare_of(self.world, objective))
            self._outcomes[id(objective)] = known
        return known[1]

    def values(
        self, policies: Policies, objectives: Sequence[Objective], x: Any = None
    ) -> FloatArray:
        """Several objectives at one equilibrium."""
        found = self.state(policies) if x is None else x
        arrays = {
            "labour_income_prime": jnp.asarray(found.labour_income_prime),
            "income_prime": jnp.asarray(found.income_prime),
            "consumer_price_hat": jnp.asarray(found.consumer_price_hat),
        }
        return np.array([float(self._outcome(o)(arrays)) for o in objectives])

    def gradient(
        self, policies: Policies, objective: Objective, x: Any = None, *, rough: bool = False
    ) -> tuple[float, Policies]:
        """Value and derivative in the logs of the instruments that are moved."""
        found = self.state(policies, rough=rough) if x is None else x
        outcome = self._outcome(objective)
        slopes: dict[str, Array] = {}
        for name in self.instruments:
            by_rate = derivative(found, outcome, name)
            rate = getattr(found.shock, name)
            # d rate / d log: 1 + t for ad valorem rates, 1 − s for subsidies
            factor = 1 - rate if name == "production_subsidy" else 1 + rate
            slopes[name] = jnp.asarray(by_rate * factor)
        zeros = {k: jnp.zeros_like(v) for k, v in self.in_force._asdict().items()}
        value = float(self.values(policies, [objective], found)[0])
        return value, Policies(**(zeros | slopes))

    def welfare_hat(self, policies: Policies, x: Any = None) -> FloatArray:
        """Real income of every economy over the baseline."""
        found = self.state(policies) if x is None else x
        out: FloatArray = found.welfare_hat
        return out

    def exposure(self, policies: Policies) -> Policies:
        """Sales under `policies` times trade elasticity: about how curved welfare is in each."""
        flows = jnp.asarray(
            self.state(policies, rough=True).sales_prime * self.world.trade_elasticity
        )
        return Policies(
            flows, flows, flows.sum(axis=0), flows, jnp.zeros(len(self.world.economies))
        )

    def certify(self, policies: Policies) -> Equilibrium:
        """The equilibrium at the end of the path from the baseline, which must be the same.

        Raises
        ------
        ConvergenceError
            The search has left the branch that is joined to the baseline.
        """
        straight = solve(
            self.world,
            self.shock(policies),
            specification=self.specification,
            tolerance=TOLERANCE,
        )
        gap = np.abs(straight.welfare_hat - self.welfare_hat(policies))
        if not gap.max() <= CERTIFIED:
            worst = int(np.argmax(gap))
            raise ConvergenceError(
                "the race has left the branch of equilibria that is joined to the baseline: real "
                f"income of {self.world.economies[worst]} differs by {gap[worst]:.1e} from that at "
                "the end of the straight path. Narrow the bounds of the subsidies."
            )
        return straight


def _welfare_of(
    world: World, objective: GovernmentWelfare
) -> Callable[[Mapping[str, Array]], Array]:
    """Government welfare from the arrays of an equilibrium (competitive markets)."""
    base = jnp.asarray(world.labour_income)
    income = jnp.asarray(world.income)
    lam, omega = objective.industry_weight, objective.economy_weight

    def weighted(paid: Array, income: Array) -> Array:
        wage_share = paid / paid.sum(axis=1, keepdims=True)
        rest = (income - paid.sum(axis=1))[:, None]
        return (lam * (paid + wage_share * rest)).sum(axis=1)

    def welfare(arrays: Mapping[str, Array]) -> Array:
        ratio = weighted(arrays["labour_income_prime"], arrays["income_prime"]) / weighted(
            base, income
        )
        return (omega * ratio / arrays["consumer_price_hat"]).sum()

    return welfare


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

    @property
    def passed_a_fold(self) -> bool:
        """Whether the Jacobian changed sign on the way."""
        return any(sign < 0 for _, sign in self.signs)


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
    arena = ScaleArena(world, specification)
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
