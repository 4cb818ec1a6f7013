"""How does an outcome move with every wedge at once?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from detente.arrays import FloatArray
from detente.equilibrium.baseline import (
    Prepared,
    baseline_of,
    numeraire_kind,
    problem_of,
    settings_of,
)
from detente.equilibrium.jacobian import preconditioner
from detente.equilibrium.methods.anderson import anderson
from detente.equilibrium.methods.newton_krylov import gmres
from detente.equilibrium.one_shock import vector_of
from detente.equilibrium.problem import Problem, Settings, pack, unpack
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.setup import make_room
from detente.equilibrium.state import arrays_of
from detente.equilibrium.sweep import sweep
from detente.errors import ConvergenceError, UnknownNameError
from detente.world.model import World

__all__ = ["OUTCOMES", "WEDGES", "gradient"]

#: Outcomes that can be named.
OUTCOMES = ("welfare", "real_income", "income", "price_index", "output", "price", "sales")
WEDGES = (
    "tariff",
    "export_tax",
    "production_subsidy",
    "purchase_subsidy",
    "resource_cost",
    "productivity",
    "labour",
    "transfer",
)
#: Residual of the adjoint equation over its largest right-hand side.
ADJOINT = 1e-10
#: Differences that Anderson acceleration remembers on the adjoint equation, which is linear.
ADJOINT_MEMORY = 10
#: Arrays of the problem through which a wedge acts.
FIELDS = {
    "productivity": ("ln_productivity",),
    "labour": ("labour",),
    "transfer": ("transfer_change",),
}

Outcome = Callable[[Mapping[str, Array]], Float[Array, ""]]


def _named(world: World, name: str) -> tuple[str, tuple[int, ...]]:
    """The array and the position of a name such as "welfare:USA" or "output:USA:electronics"."""
    kind, *labels = name.split(":")
    where = f'gradient, outcome "{name}"'
    if kind not in OUTCOMES:
        raise UnknownNameError("outcome", kind, OUTCOMES, where=where)
    count = {"output": 2, "price": 2, "sales": 3}.get(kind, 1)
    if len(labels) != count:
        form = {1: "ECONOMY", 2: "ECONOMY:SECTOR", 3: "IMPORTER:EXPORTER:SECTOR"}[count]
        raise UnknownNameError("outcome", name, (f"{kind}:{form}",), where="gradient")
    at = tuple(world.economy_index(code, where) for code in labels[: 2 if count == 3 else 1])
    if count > 1:
        at = (*at, world.sector_index(labels[-1], where))
    field = {
        "welfare": "welfare_hat",
        "real_income": "real_income_hat",
        "income": "income_prime",
        "price_index": "consumer_price_hat",
        "output": "output_prime",
        "price": "price_hat",
        "sales": "sales_prime",
    }[kind]
    return field, at


def outcomes_at(
    p: Problem, settings: Settings, numeraire: str, x: Float[Array, " state"]
) -> dict[str, Array]:
    """Arrays of an equilibrium by name as functions of problem and unknowns."""
    n, j = p.sales.shape
    arrays = arrays_of(p, settings, unpack(x, n, j, settings), numeraire)._asdict()
    for name in ("expenditure_share_prime", "sales_prime"):
        arrays[name] = arrays[name].transpose(1, 2, 0)
    return arrays


@partial(jax.jit, static_argnames=("settings", "kind", "outcome", "fields"))
def _sensitivity(
    p: Problem,
    x: Float[Array, " state"],
    inverse: Float[Array, "state state"] | None,
    at: tuple[Int[Array, ""], ...],
    settings: Settings,
    kind: str,
    outcome: Outcome | str,
    fields: tuple[str, ...],
) -> tuple[tuple[Array, ...], Float[Array, ""]]:
    """Derivative of the outcome in some arrays of the problem; residual of the adjoint."""
    n, j = p.sales.shape

    def value(moved: tuple[Array, ...], y: Float[Array, " state"]) -> Float[Array, ""]:
        problem = p._replace(**dict(zip(fields, moved, strict=True)))
        arrays = outcomes_at(problem, settings, kind, y)
        # a named outcome is a position of an array, so that all economies share one kernel
        return arrays[outcome][at] if isinstance(outcome, str) else outcome(arrays)

    def step(moved: tuple[Array, ...], y: Float[Array, " state"]) -> Float[Array, " state"]:
        problem = p._replace(**dict(zip(fields, moved, strict=True)))
        return pack(sweep(problem, settings, unpack(y, n, j, settings)))

    here = tuple(getattr(p, name) for name in fields)
    direct, right = jax.grad(value, argnums=(0, 1))(here, x)
    size = jnp.max(jnp.abs(right))
    right = right / jnp.where(size > 0, size, 1.0)
    _, pull_x = jax.vjp(lambda y: step(here, y), x)
    if inverse is not None:
        point = gmres(
            lambda v: v - pull_x(v)[0],
            right,
            lambda v: -(v.astype(inverse.dtype) @ inverse).astype(v.dtype),
            jnp.asarray(ADJOINT),
        )
        adjoint, residual = point.x, point.residual
    else:
        found = anderson(
            lambda v: right + pull_x(v)[0],
            right,
            jnp.asarray(ADJOINT),
            jnp.ones_like(right),
            memory=ADJOINT_MEMORY,
        )
        adjoint, residual = found.x, found.residual
    _, pull_p = jax.vjp(lambda moved: step(moved, x), here)
    indirect = pull_p(adjoint * size)[0]
    return tuple(a + b for a, b in zip(direct, indirect, strict=True)), residual


def gradient(equilibrium: Equilibrium, outcome: str | Outcome, wedge: str = "tariff") -> FloatArray:
    r"""Derivative of an outcome in all rates of one instrument, by the implicit function theorem.

    With the equilibrium :math:`x = G(x; p)` and an outcome :math:`h(x; p)`,

    .. math:: \frac{dh}{dp} = h_p + G_p'\lambda, \qquad (I - G_x')\lambda = h_x

    so one linear solve, about as dear as the equilibrium itself, gives every derivative.

    Parameters
    ----------
    equilibrium
        Where the derivative is taken.
    outcome
        A name: "welfare:ECONOMY", "real_income:ECONOMY", "income:ECONOMY", "price_index:ECONOMY",
        "output:ECONOMY:SECTOR", "price:ECONOMY:SECTOR", "sales:IMPORTER:EXPORTER:SECTOR"; or a
        function of the arrays of an equilibrium, by the names of
        :class:`~detente.equilibrium.result.Equilibrium`, that returns a scalar with `jax.numpy`.
        Define such a function once and pass it again: it is compiled by identity.
    wedge
        "tariff", "export_tax", "purchase_subsidy", "resource_cost" [importer, exporter, sector];
        "production_subsidy", "productivity" [economy, sector]; "labour", "transfer" [economy].
        A rate moves on all parts of its flow alike. Transfers must sum to zero, so only
        differences between their entries mean something.

    Returns
    -------
    Change of the outcome per unit of the rate (a tariff from 0.10 to 0.11 is 0.01 of it).

    Examples
    --------
    >>> from detente.equilibrium.solve import solve
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> slope = gradient(solve(world), "welfare:HOM")
    >>> print(f"{slope[0, 1, 0]:.4f}")
    0.1026
    """
    world, shock = equilibrium.world, equilibrium.shock
    specification = equilibrium.specification
    if wedge not in WEDGES:
        raise UnknownNameError("wedge", wedge, WEDGES, where="gradient")
    position: tuple[int, ...] = ()
    if isinstance(outcome, str):
        outcome, position = _named(world, outcome)
    by_newton = equilibrium.certificate.method.startswith("continuation")
    settings = settings_of(world, specification, wage_state=not by_newton)
    prepared = problem_of(world, shock, specification, newton=by_newton)
    problem = prepared.problem
    if problem.pae is None and wedge in ("export_tax", "production_subsidy"):
        problem = problem._replace(pae=jnp.zeros_like(problem.pa))
    inverse = preconditioner(world, specification) if by_newton else None
    kind = numeraire_kind(specification)
    make_room((prepared.closed.shape, settings, outcome, wedge))
    fields = FIELDS.get(wedge, ("pa", "pab") if problem.pae is None else ("pa", "pab", "pae"))
    slopes, residual = _sensitivity(
        problem,
        vector_of(equilibrium, settings),
        inverse,
        tuple(jnp.asarray(k) for k in position),
        settings,
        kind,
        outcome,
        fields,
    )
    if not float(residual) <= 100 * ADJOINT:
        raise ConvergenceError(
            f"gradient: the adjoint equation was solved only to {float(residual):.1e}: the "
            "equilibrium is nearly singular (a fold is close)."
        )
    if wedge == "productivity":
        return np.asarray(slopes[0]) / shock.productivity
    if wedge in FIELDS:
        return np.asarray(slopes[0])
    return _by_flow(equilibrium, prepared, slopes, wedge)


def _by_flow(
    equilibrium: Equilibrium, prepared: Prepared, slopes: tuple[Array, ...], wedge: str
) -> FloatArray:
    """Chain rule from the factors of flows to one wedge, piece by piece of every flow."""
    world, shock = equilibrium.world, equilibrium.shock
    pi = baseline_of(world).pi
    j = pi.shape[2]
    theta = world.trade_elasticity

    bar_a, bar_ab = (np.transpose(np.asarray(bar), (1, 2, 0)) * pi for bar in slopes[:2])
    bar_ae = np.zeros(pi.shape)
    if len(slopes) > 2:
        bar_ae = np.transpose(np.asarray(slopes[2]), (1, 2, 0)) * pi

    def slope(
        weight: FloatArray,
        k: FloatArray,
        s: FloatArray,
        e: FloatArray,
        t: FloatArray,
        b: FloatArray,
        delta: FloatArray,
        th: FloatArray,
        bars: tuple[FloatArray, FloatArray, FloatArray],
    ) -> FloatArray:
        rate = e * (1 - s) - s
        by_price = -th * weight * (bars[0] + bars[1] / k + bars[2] * rate / k)
        if wedge == "resource_cost":
            with np.errstate(invalid="ignore"):
                closed: FloatArray = np.where(np.isinf(delta), 0.0, by_price / delta)
            return closed
        by_base = -weight * (bars[1] + bars[2] * rate) / k
        factor = {
            "tariff": 1 / (1 + t),
            "export_tax": 1 / (1 + e),
            "production_subsidy": -1 / (1 - s),
            "purchase_subsidy": -1 / (1 - b),
        }[wedge]
        by_rate: FloatArray | float = 0.0
        if wedge == "export_tax":
            by_rate = bars[2] * weight / k * (1 - s)
        elif wedge == "production_subsidy":
            by_rate = -bars[2] * weight / k * (1 + e)
        moved: FloatArray = (by_price + by_base) * factor + by_rate
        return moved

    ones = np.ones(pi.shape)
    s_flow = np.broadcast_to(world.production_subsidy[None], pi.shape)
    out = slope(
        ones,
        baseline_of(world).k,
        s_flow,
        world.export_tax,
        world.tariff,
        world.purchase_subsidy,
        ones,
        np.broadcast_to(theta, pi.shape),
        (bar_a, bar_ab, bar_ae),
    )
    hit = prepared.hit
    if len(hit.flow):
        pieces = len(hit.touched)
        delta = np.concatenate(
            [shock.resource_cost.reshape(-1)[hit.flow[:pieces]], shock.parts.resource_cost]
        )
        each = slope(
            hit.weight,
            hit.k,
            hit.s,
            hit.e,
            hit.t,
            hit.b,
            delta,
            theta[hit.flow % j],
            tuple(bar.reshape(-1)[hit.flow] for bar in (bar_a, bar_ab, bar_ae)),
        )
        where = np.searchsorted(hit.touched, hit.flow)
        flat = out.reshape(-1)
        flat[hit.touched] = np.bincount(where, weights=each, minlength=pieces)
        out = flat.reshape(pi.shape)
    if prepared.stopped.any():
        out = out * ~prepared.stopped[None]
    if wedge == "production_subsidy":
        by_seller: FloatArray = out.sum(axis=0)
        return by_seller
    return out
