"""What is a profile of policies worth to each government, and in which direction is it better?

One solve of the equilibrium and one adjoint solve a government give the value of its objective
and the derivative in every wedge of the world at once. Measures may stand below the policies, on
parts of flows too: each part keeps what they make of it, but for its tariff, which may be set.

With economies of scale several equilibria can exist. The one that counts is joined to the
baseline along the path of the policies; a search must not jump to another. Equilibria are then
followed from one to the next, and the end is checked: the path from the baseline straight to the
final policies must lead to the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from detente.arrays import FloatArray
from detente.equilibrium.baseline import problem_of, settings_of
from detente.equilibrium.jacobian import preconditioner
from detente.equilibrium.methods.continuation import follow
from detente.equilibrium.one_shock import correct, vector_of
from detente.equilibrium.problem import state_size
from detente.equilibrium.rebase import balanced_baseline
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.solve import solve
from detente.equilibrium.specification import Specification, specification_or_default
from detente.errors import ConvergenceError, InputError, check_kind
from detente.games import kernels
from detente.games.objectives import Objective
from detente.games.policies import Policies, fixed_by
from detente.measures.shock import Parts, Shock
from detente.world.model import World, check_is_consistent

__all__ = ["Arena"]

#: Residual to which the inner equilibria are solved; values of objectives are that good.
INNER_TOLERANCE = 1e-14
#: The same of equilibria that are followed from one to the next by Newton's method.
FOLLOWED_TOLERANCE = 1e-12
#: Relative residual of the adjoint; a gradient that good is enough for any search.
ADJOINT_TOLERANCE = 1e-12
#: Relative residual of the linear solves for how derivatives move: they steer Newton's method.
BEND_TOLERANCE = 1e-6
#: Residuals of equilibria and adjoints while a search is still far from its goal.
ROUGH = (1e-11, 1e-7)
#: What is left of an iteration that stops at rounding, over its tolerance.
SLACK = 100
#: Residual of the certified solve.
CERTIFICATE = 1e-10
#: Real incomes of the search and of the certified solve agree to this.
CERTIFIED = 1e-9


class Arena:
    """A world in which policies are moved: warm solves, values and gradients.

    Parameters
    ----------
    world
        The baseline; its wedges in force are the policies one starts from.
    specification
        Closure and labour market (any of them), with or without economies of scale.
    standing
        An equilibrium of this world under the same specification whose change stays in force: the
        policies start from its wedges, and on parts of flows everything but the tariff stays as it
        is. Rates that a budget or a limit has set there are kept. Values are still over the
        world's baseline.

    Raises
    ------
    InputError
        `standing` belongs to another world or specification; inputs are complements.

    Examples
    --------
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> arena = Arena(world)
    >>> value, _ = arena.evaluate(arena.in_force, Objective.welfare(world, "HOM"))
    >>> round(value, 12)
    1.0
    """

    def __init__(
        self,
        world: World,
        specification: Specification | None = None,
        standing: Equilibrium | None = None,
    ) -> None:
        check_kind(world, World, "the world of a game", "load_world(NAME)")
        check_is_consistent(world)
        self.specification = specification_or_default(specification)
        self.specification.check_fits(world)
        if self.specification.closure_of(world) == "balanced":
            world = balanced_baseline(world, self.specification)
        self.world = world
        settings = settings_of(world, self.specification, wage_state=True)
        if settings.complements:
            raise InputError("policy games are solved with Cobb-Douglas inputs (elasticity 1).")
        self.settings = replace(settings, wage_state=not settings.scale)
        if standing is not None and (
            standing.world is not world or standing.specification != self.specification
        ):
            raise InputError(
                "the equilibrium that stands below the policies was solved for another world or "
                "specification: solve it for this one."
            )
        self.standing = standing
        shock = Shock.none(world) if standing is None else standing.shock
        prepared = problem_of(world, shock, self.specification, newton=settings.scale)
        self._problem = prepared.problem
        self._fixed = fixed_by(world, shock, np.transpose(prepared.factors.pa, (1, 2, 0)) > 0)
        self._inverse = preconditioner(world, self.specification) if settings.scale else None
        filled = np.zeros(len(self._fixed.part_flow))
        filled[: len(shock.parts)] = np.log1p(shock.parts.tariff)
        self.in_force = Policies(
            tariff=jnp.asarray(np.log1p(shock.tariff)),
            export_tax=jnp.asarray(np.log1p(shock.export_tax)),
            production_subsidy=jnp.asarray(-np.log1p(-shock.production_subsidy)),
            ban=jnp.zeros(world.sales.shape),
            transfer=jnp.asarray(shock.transfer_change),
            part_tariff=jnp.asarray(filled),
        )
        n, j = len(world.economies), len(world.sectors)
        origin = jnp.zeros(state_size(n, j, self.settings))
        self._origin = origin if standing is None else vector_of(standing, self.settings)
        self.last = (self.in_force, self._origin)
        self._adjoints: dict[str, Float[Array, " state"]] = {}
        self.solves = 0

    @classmethod
    def on(cls, place: Arena | World, specification: Specification | None = None) -> Arena:
        """The arena itself, or one on a world.

        Raises
        ------
        InputError
            A specification is given for an arena that has its own.
        """
        if not isinstance(place, Arena):
            return cls(place, specification)
        if specification not in (None, place.specification):
            raise InputError("the arena has a specification already: give it a world instead.")
        return place

    def state(self, policies: Policies, *, rough: bool = False) -> Float[Array, " state"]:
        """Solver's state of the equilibrium under `policies`, reached from the last one.

        `rough` is for searches that are still far from their goal: residual 1e-11.

        Raises
        ------
        ConvergenceError
            Neither from the last equilibrium nor from that in force was one found.
        """
        reach = self._followed if self.settings.scale else self._accelerated
        found = reach(policies, rough)
        self.last = (policies, found)
        return found

    def _accelerated(self, policies: Policies, rough: bool) -> Float[Array, " state"]:
        """By iteration, which leads to the one equilibrium there is, from anywhere."""
        tolerance = ROUGH[0] if rough else INNER_TOLERANCE
        for start in (self.last[1], jnp.zeros_like(self._origin)):
            self.solves += 1
            end = kernels.accelerated(
                self._problem, self._fixed, policies, start, jnp.asarray(tolerance), self.settings
            )
            x: Float[Array, " state"] = end.x
            if float(end.residual) <= SLACK * tolerance and bool(jnp.isfinite(x).all()):
                return x
        raise ConvergenceError(
            f"no equilibrium under these policies within {SLACK * tolerance:.0e} "
            f"(residual {float(end.residual):.1e}). Narrow the bounds of the strategies."
        )

    def _followed(self, policies: Policies, rough: bool) -> Float[Array, " state"]:
        """Along the path from the last equilibrium, else from the one in force."""
        end = kernels.problem_under(self._problem, self._fixed, policies)
        trouble: ConvergenceError | None = None
        for known, x in (self.last, (self.in_force, self._origin)):
            begin = kernels.problem_under(self._problem, self._fixed, known)
            self.solves += 1
            try:
                return follow(
                    lambda size, y, aim, begin=begin: correct(  # type: ignore[misc]
                        begin,
                        end,
                        jnp.asarray(size),
                        y,
                        self._inverse,
                        jnp.asarray(aim),
                        self.settings,
                    ),
                    x,
                    ROUGH[0] if rough else FOLLOWED_TOLERANCE,
                ).x
            except ConvergenceError as problem:
                trouble = problem
        assert trouble is not None
        raise trouble

    def values(
        self,
        policies: Policies,
        objectives: Sequence[Objective],
        x: Float[Array, " state"] | None = None,
    ) -> FloatArray:
        """Several objectives at one equilibrium, solved once (or given as `x`)."""
        x = self.state(policies) if x is None else x
        chosen = tuple(objectives)
        if self.specification.labour == "specific" and any(o.about_movers for o in chosen):
            raise InputError(
                'employment of a sector is no objective with labour = "specific": nobody changes '
                'sector, so no policy moves it. Take labour = "roy" or "mobile", or the objective '
                '"real sales:SECTOR".'
            )
        return np.asarray(
            kernels.worth(self._problem, self._fixed, policies, x, chosen, self.settings)
        )

    def evaluate(
        self, policies: Policies, objective: Objective
    ) -> tuple[float, Float[Array, " state"]]:
        """Value of an objective and the solver's state."""
        x = self.state(policies)
        return float(self.values(policies, [objective], x)[0]), x

    def welfare_hat(
        self, policies: Policies, x: Float[Array, " state"] | None = None
    ) -> FloatArray:
        """Welfare of every economy over the baseline: real income net of effort."""
        x = self.state(policies) if x is None else x
        return np.asarray(kernels.welfare(self._problem, x, self.settings))

    def exposure(self, policies: Policies) -> Policies:
        """Sales under `policies` times trade elasticity: about how curved welfare is in each."""
        x = self.state(policies, rough=True)
        found: Policies = kernels.exposure(self._problem, self._fixed, policies, x, self.settings)
        return found

    def gradient(
        self,
        policies: Policies,
        objective: Objective,
        x: Float[Array, " state"] | None = None,
        *,
        rough: bool = False,
    ) -> tuple[float, Policies]:
        """Value of an objective and its derivative in every policy.

        Raises
        ------
        ConvergenceError
            The adjoint did not converge.
        """
        x = self.state(policies, rough=rough) if x is None else x
        tolerance = ROUGH[1] if rough else ADJOINT_TOLERANCE
        start = self._adjoints.get(objective.label, jnp.zeros_like(x))
        for _ in range(2):
            value, slope, adjoint, gap = kernels.value_and_slope(
                self._problem,
                self._fixed,
                policies,
                x,
                objective,
                start,
                self._inverse,
                jnp.asarray(tolerance),
                self.settings,
            )
            if float(gap) <= SLACK * tolerance:
                self._adjoints[objective.label] = adjoint
                return float(value), slope
            start = jnp.zeros_like(x)
        raise ConvergenceError(
            f"the adjoint of {objective.label} stopped at a relative residual of {float(gap):.1e}."
        )

    def slope_along(
        self,
        policies: Policies,
        objective: Objective,
        direction: Policies,
        x: Float[Array, " state"],
    ) -> Policies:
        """How the derivatives of an objective move along a direction of policies: exact.

        Call it where :meth:`gradient` of the same objective was called last.

        Raises
        ------
        ConvergenceError
            One of the two linear solves did not converge.
        """
        moved, gap = kernels.slope_along(
            self._problem,
            self._fixed,
            policies,
            x,
            objective,
            self._adjoints[objective.label],
            direction,
            self._inverse,
            jnp.asarray(BEND_TOLERANCE),
            self.settings,
        )
        if not float(gap) <= SLACK * BEND_TOLERANCE:
            raise ConvergenceError(
                f"the curvature of {objective.label} stopped at a relative residual of "
                f"{float(gap):.1e}."
            )
        out: Policies = moved
        return out

    def certify(self, policies: Policies) -> Equilibrium:
        """The equilibrium under `policies` by the certified solver, which must agree.

        With economies of scale it is the end of the path from the baseline.

        Raises
        ------
        ConvergenceError
            Welfare differs from that of the search by more than 1e-9.
        """
        found = solve(
            self.world,
            self.shock(policies),
            specification=self.specification,
            tolerance=FOLLOWED_TOLERANCE if self.settings.scale else CERTIFICATE,
        )
        gap = np.abs(found.welfare_hat - self.welfare_hat(policies))
        if not gap.max() <= CERTIFIED:
            worst = int(np.argmax(gap))
            remedy = (
                " The search has left the branch of equilibria that is joined to the baseline: "
                "narrow the bounds of the strategies."
                if self.settings.scale
                else ""
            )
            raise ConvergenceError(
                f"the search and the certified solve differ by {gap[worst]:.1e} in the "
                f"welfare of {self.world.economies[worst]} (limit {CERTIFIED:.0e}).{remedy}"
            )
        return found

    def shock(self, policies: Policies) -> Shock:
        """The policies as a shock for :func:`detente.solve`, which certifies the equilibrium.

        A flow that is closed in part becomes a part of it that is banned; what measures in force
        hit remain parts.
        """
        base = Shock.none(self.world) if self.standing is None else self.standing.shock
        closed = np.asarray(policies.ban)
        levels = {
            "tariff": np.expm1(np.asarray(policies.tariff)),
            "export_tax": np.expm1(np.asarray(policies.export_tax)),
            "production_subsidy": -np.expm1(-np.asarray(policies.production_subsidy)),
        }
        n, i, j = np.nonzero((closed > 0) & (closed < 1) & (self.world.sales > 0))
        banned = Parts(
            importer=n,
            exporter=i,
            sector=j,
            share=closed[n, i, j],
            tariff=levels["tariff"][n, i, j],
            export_tax=levels["export_tax"][n, i, j],
            production_subsidy=levels["production_subsidy"][i, j],
            purchase_subsidy=base.purchase_subsidy[n, i, j],
            resource_cost=np.full(len(n), np.inf),
        )
        whole = Shock.of(
            self.world,
            **levels,
            purchase_subsidy=base.purchase_subsidy,
            resource_cost=np.where(closed >= 1, np.inf, base.resource_cost),
            productivity=base.productivity,
            labour=base.labour,
            transfer_change=np.asarray(policies.transfer),
        )
        kept = base.parts
        share = kept.share * (1 - closed[kept.importer, kept.exporter, kept.sector])
        tariff = np.expm1(np.asarray(policies.part_tariff)[: len(kept)])
        kept = replace(kept, share=share, tariff=tariff)
        both = {
            f.name: np.concatenate([getattr(kept, f.name)[share > 0], getattr(banned, f.name)])
            for f in fields(Parts)
        }
        return replace(whole, parts=Parts(**both))
