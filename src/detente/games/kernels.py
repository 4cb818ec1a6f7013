"""What are policies worth at an equilibrium, and how does that move with them?

Compiled functions of the solver's state x, with :math:`x = G(x; p)` under policies p. One adjoint
solve gives the derivative of an objective in every policy; one more of each kind gives how those
derivatives move along a direction. Both hold with and without economies of scale; only the way
that the linear equations are solved differs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from detente.equilibrium.effort import net_of_effort
from detente.equilibrium.income import expenditure_prime
from detente.equilibrium.methods.anderson import FixedPoint, anderson
from detente.equilibrium.methods.newton_krylov import gmres
from detente.equilibrium.one_shock import accelerate
from detente.equilibrium.problem import Problem, Settings, pack, unpack
from detente.equilibrium.sourcing import demand_prime
from detente.equilibrium.sweep import sweep
from detente.games.objectives import GovernmentWelfare, Objective
from detente.games.policies import FixedWedges, Policies, with_policies

__all__ = [
    "accelerated",
    "exposure",
    "problem_under",
    "slope_along",
    "value_and_slope",
    "welfare",
    "worth",
]

#: Differences that the linear solves remember, and sweeps at most.
MEMORY, MOST_SWEEPS = 10, 400


problem_under = jax.jit(with_policies)


@partial(jax.jit, static_argnames=("settings",))
def accelerated(
    problem: Problem,
    fixed: FixedWedges,
    policies: Policies,
    start: Float[Array, " state"],
    tolerance: Float[Array, ""],
    settings: Settings,
) -> FixedPoint:
    """Accelerated sweeps under policies."""
    end: FixedPoint = accelerate(
        with_policies(problem, fixed, policies), start, tolerance, settings
    )
    return end


@partial(jax.jit, static_argnames=("settings",))
def worth(
    problem: Problem,
    fixed: FixedWedges,
    policies: Policies,
    x: Float[Array, " state"],
    objectives: tuple[Objective, ...],
    settings: Settings,
) -> Float[Array, " objective"]:
    """Every objective at one equilibrium."""
    n, j = problem.sales.shape
    full, state = with_policies(problem, fixed, policies), unpack(x, n, j, settings)
    first = objectives[0]
    if all(type(o) is GovernmentWelfare for o in objectives):
        stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), first, *objectives[1:])
        each: Float[Array, " objective"] = jax.vmap(lambda o: o.value(full, state))(stacked)
        return each
    return jnp.stack([o.value(full, state) for o in objectives])


@partial(jax.jit, static_argnames=("settings",))
def welfare(
    problem: Problem, x: Float[Array, " state"], settings: Settings
) -> Float[Array, " economy"]:
    """Income net of effort over consumer prices, over the baseline."""
    n, j = problem.sales.shape
    state = unpack(x, n, j, settings)
    income = problem.income * jnp.exp(state.ln_income)
    paid = (problem.labour_share * problem.sales * jnp.exp(state.ln_sales)).sum(axis=1)
    after = net_of_effort(income, paid, problem.epsilon)
    before = net_of_effort(problem.income, problem.labour_income.sum(axis=1), problem.epsilon)
    return after / before * jnp.exp(-(problem.alpha * state.ln_price).sum(axis=1))


@partial(jax.jit, static_argnames=("settings",))
def exposure(
    problem: Problem,
    fixed: FixedWedges,
    policies: Policies,
    x: Float[Array, " state"],
    settings: Settings,
) -> Policies:
    """Sales times trade elasticity, by policy."""
    n, j = problem.sales.shape
    full, state = with_policies(problem, fixed, policies), unpack(x, n, j, settings)
    sales = full.sales * jnp.exp(state.ln_sales)
    income = full.income * jnp.exp(state.ln_income)
    expenditure = expenditure_prime(full.alpha, full.g, income, sales)
    demand = demand_prime(expenditure, state.ln_price, full.theta)
    pull = jnp.einsum("jni,nj->ij", full.pab, demand)
    supply = jnp.where(pull > 0, sales / jnp.where(pull > 0, pull, 1.0), 0.0)
    flows = jnp.einsum("jni,nj,ij->nij", full.pab, demand, supply) * full.theta[None, None]
    # a tariff on a flow moves its parts too: they are in the flow already
    none = jnp.zeros_like(policies.part_tariff)
    return Policies(flows, flows, flows.sum(axis=0), flows, jnp.zeros(n), none)


def _functions(
    problem: Problem, fixed: FixedWedges, objective: Objective, settings: Settings
) -> tuple[
    Callable[[Float[Array, " state"], Policies], Float[Array, ""]],
    Callable[[Float[Array, " state"], Policies], Float[Array, " state"]],
]:
    """The objective and the sweep, both of state and policies."""
    n, j = problem.sales.shape

    def outcome(x: Float[Array, " state"], policies: Policies) -> Float[Array, ""]:
        full = with_policies(problem, fixed, policies)
        return objective.value(full, unpack(x, n, j, settings))

    def step(x: Float[Array, " state"], policies: Policies) -> Float[Array, " state"]:
        full = with_policies(problem, fixed, policies)
        return pack(sweep(full, settings, unpack(x, n, j, settings)))

    return outcome, step


def _fixed_point(
    linear: Callable[[Float[Array, " state"]], Float[Array, " state"]],
    right: Float[Array, " state"],
    start: Float[Array, " state"],
    tolerance: Float[Array, ""],
    inverse: Float[Array, "state state"] | None,
) -> tuple[Float[Array, " state"], Float[Array, ""]]:
    """The v with v = right + linear(v), and what is left open over the size of `right`.

    With economies of scale plain iteration need not contract; `inverse` then is about that of
    linear − 1.
    """
    size = jnp.maximum(jnp.max(jnp.abs(right)), 1e-30)
    if inverse is not None:
        point = gmres(
            lambda v: v - linear(v),
            right,
            lambda v: -(inverse @ v.astype(inverse.dtype)).astype(v.dtype),
            tolerance,
        )
        return point.x, point.residual
    end = anderson(
        lambda v: right + linear(v),
        start,
        tolerance * size,
        jnp.ones_like(right),
        memory=MEMORY,
        max_evaluations=MOST_SWEEPS,
    )
    return end.x, end.residual / size


def _transposed(inverse: Float[Array, "state state"] | None) -> Float[Array, "state state"] | None:
    """For adjoint equations."""
    return None if inverse is None else inverse.T


@partial(jax.jit, static_argnames=("settings",))
def value_and_slope(
    problem: Problem,
    fixed: FixedWedges,
    policies: Policies,
    x: Float[Array, " state"],
    objective: Objective,
    start: Float[Array, " state"],
    inverse: Float[Array, "state state"] | None,
    tolerance: Float[Array, ""],
    settings: Settings,
) -> tuple[Float[Array, ""], Policies, Float[Array, " state"], Float[Array, ""]]:
    r"""Value, its derivative in every policy, the adjoint, and what the adjoint leaves open.

    .. math:: \lambda = h_x + G_x'\lambda, \qquad \frac{dh}{dp} = h_p + G_p'\lambda

    Parameters
    ----------
    inverse
        Of the Jacobian at the baseline, where there are economies of scale; else None.
    """
    outcome, step = _functions(problem, fixed, objective, settings)
    value, (by_state, by_policy) = jax.value_and_grad(outcome, argnums=(0, 1))(x, policies)
    _, pull_state = jax.vjp(lambda y: step(y, policies), x)
    adjoint, gap = _fixed_point(
        lambda v: pull_state(v)[0],
        by_state,
        start,
        tolerance,
        _transposed(inverse),
    )
    _, pull_policy = jax.vjp(lambda p: step(x, p), policies)
    return value, jax.tree.map(jnp.add, by_policy, pull_policy(adjoint)[0]), adjoint, gap


@partial(jax.jit, static_argnames=("settings",))
def slope_along(
    problem: Problem,
    fixed: FixedWedges,
    policies: Policies,
    x: Float[Array, " state"],
    objective: Objective,
    adjoint: Float[Array, " state"],
    direction: Policies,
    inverse: Float[Array, "state state"] | None,
    tolerance: Float[Array, ""],
    settings: Settings,
) -> tuple[Policies, Float[Array, ""]]:
    r"""How an objective's derivatives move along a direction of policies; what is left open.

    With :math:`s = h_p + G_p'\lambda` the derivatives and
    :math:`r = h_x + G_x'\lambda - \lambda = 0` the adjoint equation, along :math:`\dot p`

    .. math:: \dot x = G_x \dot x + G_p \dot p, \qquad
       \dot\lambda = \dot r|_\lambda + G_x'\dot\lambda, \qquad
       \dot s = \partial s\,(\dot x, \dot p, \dot\lambda).
    """
    outcome, step = _functions(problem, fixed, objective, settings)

    def conditions(
        x: Float[Array, " state"], policies: Policies, adjoint: Float[Array, " state"]
    ) -> tuple[Float[Array, " state"], Policies]:
        by_state, by_policy = jax.grad(outcome, argnums=(0, 1))(x, policies)
        _, pull = jax.vjp(step, x, policies)
        through, slope = pull(adjoint)
        return by_state + through, jax.tree.map(jnp.add, by_policy, slope)

    _, push = jax.linearize(lambda y: step(y, policies), x)
    _, right = jax.jvp(lambda p: step(x, p), (policies,), (direction,))
    moved, first_gap = _fixed_point(push, right, right, tolerance, inverse)
    _, bend = jax.linearize(conditions, x, policies, adjoint)
    right = bend(moved, direction, jnp.zeros_like(adjoint))[0]
    _, pull = jax.vjp(lambda y: step(y, policies), x)
    bent, second_gap = _fixed_point(
        lambda v: pull(v)[0],
        right,
        right,
        tolerance,
        _transposed(inverse),
    )
    return bend(moved, direction, bent)[1], jnp.maximum(first_gap, second_gap)
