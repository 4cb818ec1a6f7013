"""What is a profile of policies worth to each government, and in which direction is it better?

One solve of the equilibrium and one adjoint solve a government give the value of its objective
and the derivative in every wedge of the world at once. Measures may stand below the policies, on
parts of flows too: each part keeps what they make of it, but for its tariff, which may be set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.equilibrium.baseline import baseline_of, problem_of, settings_of
from detente.equilibrium.effort import net_of_effort
from detente.equilibrium.income import expenditure_prime
from detente.equilibrium.methods.anderson import anderson
from detente.equilibrium.one_shock import accelerate, vector_of
from detente.equilibrium.problem import Problem, Settings, pack, unpack
from detente.equilibrium.rebase import balanced_baseline
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.solve import solve
from detente.equilibrium.specification import Specification
from detente.equilibrium.sweep import sweep
from detente.equilibrium.wedges import SHARE_SLACK, exporter_rate, wedge_product
from detente.errors import ConvergenceError, InputError
from detente.games.objectives import GovernmentWelfare, Objective
from detente.measures.shock import Parts, Shock
from detente.world.model import World, check_is_consistent

__all__ = ["Arena", "Policies"]

#: Residual to which the inner equilibria are solved; values of objectives are that good.
INNER_TOLERANCE = 1e-14
#: Relative residual of the adjoint; a gradient that good is enough for any search.
ADJOINT_TOLERANCE = 1e-12
#: Residuals of equilibria and adjoints while a search is still far from its goal.
ROUGH = (1e-11, 1e-7)
#: Real incomes of the fast path and of the certified solve agree to this.
CERTIFIED = 1e-9
#: Parts are filled up with empty ones to a multiple of this: packages share compiled kernels.
PADDED = 64


class Policies(NamedTuple):
    """Wedges of the whole world as the searches move them.

    Attributes
    ----------
    tariff, export_tax
        ln(1 + t) and ln(1 + e), [importer, exporter, sector]; where measures stand on parts of a
        flow, on the rest of it.
    production_subsidy
        −ln(1 − s), [economy, sector].
    ban
        Share of each flow that is closed, [importer, exporter, sector], in [0, 1].
    transfer
        Added to the transfer each economy receives, in its currency at an unchanged numeraire.
    part_tariff
        ln(1 + t) on each part of a flow that standing measures hit, [part].
    """

    tariff: Float[Array, "importer exporter sector"]
    export_tax: Float[Array, "importer exporter sector"]
    production_subsidy: Float[Array, "economy sector"]
    ban: Float[Array, "importer exporter sector"]
    transfer: Float[Array, " economy"]
    part_tariff: Float[Array, " part"] = np.zeros(0)  # type: ignore[assignment]


class _Fixed(NamedTuple):
    """What policies do not move: shares, baseline wedge logs, purchase subsidies, parts.

    `pi` holds the baseline shares less the parts, times the resource cost to the power −θ;
    `part_pi` the same of every part. `part_ln_k` is the log wedge of a part without its tariff,
    `part_rate` what the exporter's government nets on it.
    """

    pi: Float[Array, "importer exporter sector"]
    ln_k: Float[Array, "importer exporter sector"]
    ln_purchase: Float[Array, "importer exporter sector"]
    part_flow: Int[Array, " part"]
    part_pi: Float[Array, " part"]
    part_theta: Float[Array, " part"]
    part_ln_k: Float[Array, " part"]
    part_rate: Float[Array, " part"]


def with_policies(problem: Problem, fixed: _Fixed, policies: Policies) -> Problem:
    r"""The problem with the wedges of `policies` in place.

    .. math:: \ln K = \ln(1-s) + \ln(1+e) + \ln(1+t) + \ln(1-b)

    Parts h of a flow add :math:`\pi c_h(\hat\delta_h K_h/K)^{-\theta}`, as in
    :class:`detente.equilibrium.wedges.FlowFactors`.
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
    abe = ab * (jnp.expm1(policies.export_tax) * seller - (1.0 - seller))
    if fixed.part_flow.size:
        flow = fixed.part_flow
        ln_k_part = policies.part_tariff + fixed.part_ln_k
        left = (1.0 - policies.ban).ravel()[flow] * fixed.part_pi
        ln_k_hat = ln_k_part - fixed.ln_k.ravel()[flow]
        part = left * jnp.exp(-fixed.part_theta * ln_k_hat)
        part_b = part * jnp.exp(-ln_k_part)

        def with_parts(rest: Array, of_parts: Array) -> Array:
            return rest.ravel().at[flow].add(of_parts).reshape(rest.shape)

        a, ab = with_parts(a, part), with_parts(ab, part_b)
        abe = with_parts(abe, part_b * fixed.part_rate)

    def kernel(flows: Array) -> Array:
        return jnp.transpose(flows, (2, 0, 1))

    return problem._replace(
        pa=kernel(a),
        pab=kernel(ab),
        pae=kernel(abe),
        transfer_change=policies.transfer,
    )


@partial(jax.jit, static_argnames=("settings",))
def _solve(
    problem: Problem,
    fixed: _Fixed,
    policies: Policies,
    start: Array,
    tolerance: Array,
    settings: Settings,
) -> tuple[Array, Array, Array]:
    full = with_policies(problem, fixed, policies)
    end = accelerate(full, start, tolerance, settings)
    return end.x, end.residual, end.evaluations


@partial(jax.jit, static_argnames=("settings",))
def _worth(
    problem: Problem,
    fixed: _Fixed,
    policies: Policies,
    x: Array,
    objectives: tuple[Objective, ...],
    settings: Settings,
) -> Float[Array, " objective"]:
    """Every objective at one equilibrium."""
    n, j = problem.sales.shape
    full, state = with_policies(problem, fixed, policies), unpack(x, n, j, settings)
    first = objectives[0]
    if all(type(o) is GovernmentWelfare for o in objectives):
        stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), first, *objectives[1:])
        each: Array = jax.vmap(lambda o: o.value(full, state))(stacked)
        return each
    return jnp.stack([o.value(full, state) for o in objectives])


@partial(jax.jit, static_argnames=("settings",))
def _welfare(problem: Problem, x: Array, settings: Settings) -> Float[Array, " economy"]:
    """Income net of effort over consumer prices, over the baseline."""
    n, j = problem.sales.shape
    state = unpack(x, n, j, settings)
    income = problem.income * jnp.exp(state.ln_income)
    paid = (problem.labour_share * problem.sales * jnp.exp(state.ln_sales)).sum(axis=1)
    after = net_of_effort(income, paid, problem.epsilon)
    before = net_of_effort(problem.income, problem.labour_income.sum(axis=1), problem.epsilon)
    return after / before * jnp.exp(-(problem.alpha * state.ln_price).sum(axis=1))


@partial(jax.jit, static_argnames=("settings",))
def _exposure(
    problem: Problem, fixed: _Fixed, policies: Policies, x: Array, settings: Settings
) -> Policies:
    """Sales times trade elasticity, by policy."""
    n, j = problem.sales.shape
    full, state = with_policies(problem, fixed, policies), unpack(x, n, j, settings)
    sales = full.sales * jnp.exp(state.ln_sales)
    income = full.income * jnp.exp(state.ln_income)
    expenditure = expenditure_prime(full.alpha, full.g, income, sales)
    demand = expenditure * jnp.exp(full.theta * state.ln_price)
    pull = jnp.einsum("jni,nj->ij", full.pab, demand)
    supply = jnp.where(pull > 0, sales / jnp.where(pull > 0, pull, 1.0), 0.0)
    flows = jnp.einsum("jni,nj,ij->nij", full.pab, demand, supply) * full.theta
    # a tariff on a flow moves its parts too: they are in the flow already
    none = jnp.zeros_like(policies.part_tariff)
    return Policies(flows, flows, flows.sum(axis=0), flows, jnp.zeros(n), none)


@partial(jax.jit, static_argnames=("settings",))
def _value_and_gradient(
    problem: Problem,
    fixed: _Fixed,
    policies: Policies,
    x: Array,
    objective: Objective,
    start: Array,
    tolerance: Array,
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
        tolerance * size,
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
        Closure and labour market (any of them). Without economies of scale here; see
        `industrial_policy`.
    standing
        An equilibrium of this world under the same specification whose change stays in force: the
        policies start from its wedges, and on parts of flows everything but the tariff stays as it
        is. Rates that a budget or a limit has set there are kept. Values are still over the
        world's baseline.

    Raises
    ------
    InputError
        `standing` belongs to another world or specification.

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

    standing: Equilibrium | None = None

    def __init__(
        self,
        world: World,
        specification: Specification | None = None,
        standing: Equilibrium | None = None,
    ) -> None:
        check_is_consistent(world)
        self.specification = specification or Specification()
        self.specification.check_fits(world)
        if self.specification.closure_of(world) == "balanced":
            world = balanced_baseline(world, self.specification)
        self.world = world
        self.settings = settings_of(world, self.specification, wage_state=True)
        if self.settings.scale:
            raise InputError(
                "this search moves policies without economies of scale; pass "
                "Specification(scale=False), or use industrial_policy_race for the case with them."
            )
        if self.settings.complements:
            raise InputError("policy games are solved with Cobb-Douglas inputs (elasticity 1).")
        if standing is not None and (
            standing.world is not world or standing.specification != self.specification
        ):
            raise InputError(
                "the equilibrium that stands below the policies was solved for another world or "
                "specification: solve it for this one."
            )
        self.standing = standing
        shock = Shock.none(world) if standing is None else standing.shock
        prepared = problem_of(world, shock, self.specification)
        self._problem = prepared.problem
        self._fixed = _fixed_by(world, shock, np.transpose(prepared.factors.pa, (1, 2, 0)) > 0)
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
        self._size = 2 * n * j + n + (n if self.settings.labour == "mobile" else n * j)
        self._warm: Array = jnp.zeros(self._size)
        if standing is not None:
            self._warm = vector_of(standing, self.settings)
        self._adjoints: dict[Any, Array] = {}
        self.solves = 0

    def state(self, policies: Policies, *, rough: bool = False) -> Array:
        """Solver's state of the equilibrium under `policies`, warm-started from the last one.

        `rough` is for searches that are still far from their goal: residual 1e-11.

        Raises
        ------
        ConvergenceError
            Neither from the last equilibrium nor from the baseline was one found.
        """
        tolerance = ROUGH[0] if rough else INNER_TOLERANCE
        for start in (self._warm, jnp.zeros(self._size)):
            x, residual, _ = _solve(
                self._problem,
                self._fixed,
                policies,
                start,
                jnp.asarray(tolerance),
                self.settings,
            )
            self.solves += 1
            if float(residual) <= 100 * tolerance and bool(jnp.isfinite(x).all()):
                self._warm = x
                return self._warm
        raise ConvergenceError(
            f"no equilibrium under these policies within {100 * INNER_TOLERANCE:.0e} "
            f"(residual {float(residual):.1e}). Narrow the bounds of the strategies."
        )

    def values(
        self, policies: Policies, objectives: Sequence[Objective], x: Array | None = None
    ) -> FloatArray:
        """Several objectives at one equilibrium, solved once (or given as `x`)."""
        x = self.state(policies) if x is None else x
        chosen = tuple(objectives)
        return np.asarray(_worth(self._problem, self._fixed, policies, x, chosen, self.settings))

    def evaluate(self, policies: Policies, objective: Objective) -> tuple[float, Array]:
        """Value of an objective and the solver's state."""
        x = self.state(policies)
        return float(self.values(policies, [objective], x)[0]), x

    def welfare_hat(self, policies: Policies, x: Array | None = None) -> FloatArray:
        """Welfare of every economy over the baseline: real income net of effort."""
        x = self.state(policies) if x is None else x
        return np.asarray(_welfare(self._problem, x, self.settings))

    def exposure(self, policies: Policies) -> Policies:
        """Sales under `policies` times trade elasticity: about how curved welfare is in each."""
        x = self.state(policies, rough=True)
        found: Policies = _exposure(self._problem, self._fixed, policies, x, self.settings)
        return found

    def certify(self, policies: Policies) -> Equilibrium:
        """The equilibrium under `policies` by the certified solver, which must agree.

        Raises
        ------
        ConvergenceError
            Welfare differs from that of the search by more than 1e-9.
        """
        found = solve(self.world, self.shock(policies), specification=self.specification)
        fast = self.welfare_hat(policies)
        gap = np.abs(found.welfare_hat - fast)
        if not gap.max() <= CERTIFIED:
            worst = int(np.argmax(gap))
            raise ConvergenceError(
                f"the search and the certified solve differ by {gap[worst]:.1e} in the "
                f"welfare of {self.world.economies[worst]} (limit {CERTIFIED:.0e})."
            )
        return found

    def gradient(
        self,
        policies: Policies,
        objective: Objective,
        x: Array | None = None,
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
        start = self._adjoints.get(objective.label, jnp.zeros(self._size))
        for _ in range(2):
            value, gradient, adjoint, gap = _value_and_gradient(
                self._problem,
                self._fixed,
                policies,
                x,
                objective,
                start,
                jnp.asarray(tolerance),
                self.settings,
            )
            if float(gap) <= 100 * tolerance:
                self._adjoints[objective.label] = adjoint
                return float(value), gradient
            start = jnp.zeros(self._size)
        raise ConvergenceError(
            f"the adjoint of {objective.label} stopped at a relative residual of {float(gap):.1e}."
        )

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


def _fixed_by(world: World, shock: Shock, is_open: NDArray[np.bool]) -> _Fixed:
    """What the world and a standing shock fix; routes that are not open stay shut."""
    base, parts = baseline_of(world), shock.parts
    shape = world.sales.shape
    flow = np.ravel_multi_index((parts.importer, parts.exporter, parts.sector), shape)
    theta = world.trade_elasticity[parts.sector]
    rest = 1.0 - np.bincount(flow, weights=parts.share, minlength=world.sales.size).reshape(shape)
    rest = np.where(rest < SHARE_SLACK, 0.0, rest)
    pi = np.where(is_open, base.pi * rest * shock.resource_cost**-world.trade_elasticity, 0.0)
    part_pi = np.where(is_open, base.pi, 0.0).reshape(-1)[flow]
    s, e, b = parts.production_subsidy, parts.export_tax, parts.purchase_subsidy

    def filled(array: NDArray[Any]) -> Array:
        return jnp.asarray(np.pad(array, (0, -len(parts) % PADDED)))

    return _Fixed(
        pi=jnp.asarray(pi),
        ln_k=jnp.asarray(np.log(base.k)),
        ln_purchase=jnp.asarray(np.log1p(-shock.purchase_subsidy)),
        part_flow=filled(flow),
        part_pi=filled(part_pi * parts.share * parts.resource_cost**-theta),
        part_theta=filled(theta),
        part_ln_k=filled(np.log(wedge_product(s, e, np.zeros(len(parts)), b))),
        part_rate=filled(exporter_rate(s, e)),
    )


def import_value(world: World) -> FloatArray:
    """V·(1 + e)(1 − s): the base of the import duty, [importer, exporter, sector]."""
    out: FloatArray = world.sales * (1 + world.export_tax) * (1 - world.production_subsidy[None])
    return out
