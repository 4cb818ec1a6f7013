"""What is a profile of policies worth to each government, and in which direction is it better?

One solve of the equilibrium and one adjoint solve a government give the value of its objective
and the derivative in every wedge of the world at once.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from detente.equilibrium.baseline import baseline_of, problem_of, settings_of
from detente.equilibrium.methods.anderson import anderson
from detente.equilibrium.one_shock import accelerate
from detente.equilibrium.problem import Problem, Settings, pack, unpack
from detente.equilibrium.specification import Specification
from detente.equilibrium.sweep import sweep
from detente.errors import ConvergenceError, InputError
from detente.games.objectives import Objective
from detente.measures.shock import Shock
from detente.world.model import FloatArray, World, check_is_consistent

__all__ = ["Arena", "Policies"]

#: Residual to which the inner equilibria are solved; values of objectives are that good.
INNER_TOLERANCE = 1e-14
#: Relative residual of the adjoint; a gradient that good is enough for any search.
ADJOINT_TOLERANCE = 1e-12


class Policies(NamedTuple):
    """Wedges of the whole world as the searches move them.

    Attributes
    ----------
    tariff, export_tax
        ln(1 + t) and ln(1 + e), [importer, exporter, sector].
    production_subsidy
        −ln(1 − s), [economy, sector].
    ban
        Share of each flow that is closed, [importer, exporter, sector], in [0, 1].
    transfer
        Added to the transfer each economy receives, in its currency at an unchanged numeraire.
    """

    tariff: Float[Array, "importer exporter sector"]
    export_tax: Float[Array, "importer exporter sector"]
    production_subsidy: Float[Array, "economy sector"]
    ban: Float[Array, "importer exporter sector"]
    transfer: Float[Array, " economy"]


class _Fixed(NamedTuple):
    """What policies do not move: baseline shares, baseline wedge logs, purchase subsidies."""

    pi: Float[Array, "importer exporter sector"]
    ln_k: Float[Array, "importer exporter sector"]
    ln_purchase: Float[Array, "importer exporter sector"]


def with_policies(problem: Problem, fixed: _Fixed, policies: Policies) -> Problem:
    r"""The problem with the wedges of `policies` in place.

    .. math:: \ln K = \ln(1-s) + \ln(1+e) + \ln(1+t) + \ln(1-b)
    """
    ln_k = (
        policies.tariff
        + policies.export_tax
        - policies.production_subsidy[None]
        + fixed.ln_purchase
    )
    a = fixed.pi * (1.0 - policies.ban) * jnp.exp(-problem.theta * (ln_k - fixed.ln_k))
    ab = a * jnp.exp(-ln_k)
    seller = jnp.exp(-policies.production_subsidy)[None]
    rate = jnp.expm1(policies.export_tax) * seller - (1.0 - seller)

    def kernel(flows: Array) -> Array:
        return jnp.transpose(flows, (2, 0, 1))

    return problem._replace(
        pa=kernel(a),
        pab=kernel(ab),
        pae=kernel(ab * rate),
        transfer_change=policies.transfer,
    )


@partial(jax.jit, static_argnames=("settings",))
def _solve(
    problem: Problem, fixed: _Fixed, policies: Policies, start: Array, settings: Settings
) -> tuple[Array, Array, Array]:
    full = with_policies(problem, fixed, policies)
    end = accelerate(full, start, jnp.asarray(INNER_TOLERANCE), settings)
    return end.x, end.residual, end.evaluations


@partial(jax.jit, static_argnames=("settings",))
def _worth(
    problem: Problem,
    fixed: _Fixed,
    policies: Policies,
    x: Array,
    objective: Objective,
    settings: Settings,
) -> Array:
    n, j = problem.sales.shape
    return objective.value(with_policies(problem, fixed, policies), unpack(x, n, j, settings))


@partial(jax.jit, static_argnames=("settings",))
def _value_and_gradient(
    problem: Problem,
    fixed: _Fixed,
    policies: Policies,
    x: Array,
    objective: Objective,
    start: Array,
    settings: Settings,
) -> tuple[Array, Policies, Array, Array]:
    """Value, its derivative in every policy, and the adjoint (a warm start for the next)."""
    n, j = problem.sales.shape

    def outcome(x: Array, policies: Policies) -> Array:
        full = with_policies(problem, fixed, policies)
        return objective.value(full, unpack(x, n, j, settings))

    def step(x: Array, policies: Policies) -> Array:
        full = with_policies(problem, fixed, policies)
        return pack(sweep(full, settings, unpack(x, n, j, settings)))

    value, (by_state, by_policy) = jax.value_and_grad(outcome, argnums=(0, 1))(x, policies)
    _, pull_state = jax.vjp(lambda y: step(y, policies), x)
    size = jnp.maximum(jnp.max(jnp.abs(by_state)), 1e-30)
    end = anderson(
        lambda adjoint: by_state + pull_state(adjoint)[0],
        start,
        ADJOINT_TOLERANCE * size,
        jnp.ones_like(x),
        memory=10,
        max_evaluations=400,
    )
    _, pull_policy = jax.vjp(lambda p: step(x, p), policies)
    through = pull_policy(end.x)[0]
    gradient = jax.tree.map(jnp.add, by_policy, through)
    return value, gradient, end.x, end.residual / size


class Arena:
    """A world in which policies are moved: warm solves, values and gradients.

    Parameters
    ----------
    world
        The baseline; its wedges in force are the policies one starts from.
    specification
        Closure and labour market. Without economies of scale here; see `industrial_policy`.

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

    def __init__(self, world: World, specification: Specification | None = None) -> None:
        check_is_consistent(world)
        self.world = world
        self.specification = specification or Specification()
        self.specification.check_fits(world)
        self.settings = settings_of(world, self.specification, wage_state=True)
        if self.settings.scale:
            raise InputError(
                "this search moves policies without economies of scale; pass "
                "Specification(scale=False), or use industrial_policy_race for the case with them."
            )
        if self.settings.complements:
            raise InputError("policy games are solved with Cobb-Douglas inputs (elasticity 1).")
        base = baseline_of(world)
        self._problem = problem_of(world, Shock.none(world), self.specification).problem
        self._fixed = _Fixed(
            pi=jnp.asarray(base.pi),
            ln_k=jnp.asarray(np.log(base.k)),
            ln_purchase=jnp.asarray(np.log1p(-world.purchase_subsidy)),
        )
        self.in_force = Policies(
            tariff=jnp.asarray(np.log1p(world.tariff)),
            export_tax=jnp.asarray(np.log1p(world.export_tax)),
            production_subsidy=jnp.asarray(-np.log1p(-world.production_subsidy)),
            ban=jnp.zeros(world.sales.shape),
            transfer=jnp.zeros(len(world.economies)),
        )
        n, j = len(world.economies), len(world.sectors)
        self._size = 2 * n * j + n + (n if self.settings.labour == "mobile" else n * j)
        self._warm: Array = jnp.zeros(self._size)
        self._adjoints: dict[Any, Array] = {}
        self.solves = 0

    def state(self, policies: Policies) -> Array:
        """Solver's state of the equilibrium under `policies`, warm-started from the last one.

        Raises
        ------
        ConvergenceError
            Neither from the last equilibrium nor from the baseline was one found.
        """
        for start in (self._warm, jnp.zeros(self._size)):
            x, residual, _ = _solve(self._problem, self._fixed, policies, start, self.settings)
            self.solves += 1
            if float(residual) <= 100 * INNER_TOLERANCE and bool(jnp.isfinite(x).all()):
                self._warm = x
                return self._warm
        raise ConvergenceError(
            f"no equilibrium under these policies within {100 * INNER_TOLERANCE:.0e} "
            f"(residual {float(residual):.1e}). Narrow the bounds of the strategies."
        )

    def evaluate(self, policies: Policies, objective: Objective) -> tuple[float, Array]:
        """Value of an objective and the solver's state."""
        x = self.state(policies)
        value = _worth(self._problem, self._fixed, policies, x, objective, self.settings)
        return float(value), x

    def gradient(
        self, policies: Policies, objective: Objective, x: Array | None = None
    ) -> tuple[float, Policies]:
        """Value of an objective and its derivative in every policy.

        Raises
        ------
        ConvergenceError
            The adjoint did not converge.
        """
        x = self.state(policies) if x is None else x
        start = self._adjoints.get(objective.label, jnp.zeros(self._size))
        for _ in range(2):
            value, gradient, adjoint, gap = _value_and_gradient(
                self._problem, self._fixed, policies, x, objective, start, self.settings
            )
            if float(gap) <= 100 * ADJOINT_TOLERANCE:
                self._adjoints[objective.label] = adjoint
                return float(value), gradient
            start = jnp.zeros(self._size)
        raise ConvergenceError(
            f"the adjoint of {objective.label} stopped at a relative residual of {float(gap):.1e}."
        )

    def shock(self, policies: Policies) -> Shock:
        """The policies as a shock for :func:`detente.solve`, which certifies the equilibrium."""
        closed = np.asarray(policies.ban)
        if ((closed > 0) & (closed < 1)).any():
            raise InputError("bans by coverage need parts: use Arena.programme instead.")
        return Shock.of(
            self.world,
            tariff=np.expm1(np.asarray(policies.tariff)),
            export_tax=np.expm1(np.asarray(policies.export_tax)),
            production_subsidy=-np.expm1(-np.asarray(policies.production_subsidy)),
            resource_cost=np.where(closed >= 1, np.inf, 1.0),
            transfer_change=np.asarray(policies.transfer),
        )


def import_value(world: World) -> FloatArray:
    """V·(1 + e)(1 − s): the base of the import duty, [importer, exporter, sector]."""
    out: FloatArray = world.sales * (1 + world.export_tax) * (1 - world.production_subsidy[None])
    return out
