"""How is an equilibrium reached where plain iteration does not contract?"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

__all__ = ["NewtonPoint", "gmres", "newton"]

#: Krylov vectors kept before a linear solve is given up as it is.
KRYLOV = 40
#: Below this, the length of a correction is rounding.
ROUNDING = 1e-10


class LinearPoint(NamedTuple):
    """Solution of a linear system, its relative residual and the products it took."""

    x: Float[Array, " state"]
    residual: Float[Array, ""]
    products: Int[Array, ""]


class NewtonPoint(NamedTuple):
    """Where Newton's method stopped.

    Attributes
    ----------
    x
        The last iterate.
    residual
        Largest gap of the equations there.
    first_step
        Largest component of the first correction.
    contraction
        Largest ratio of one correction to the one before.
    evaluations
        Evaluations of all equations, products with the Jacobian included.
    steps
        Newton steps.
    """

    x: Float[Array, " state"]
    residual: Float[Array, ""]
    first_step: Float[Array, ""]
    contraction: Float[Array, ""]
    evaluations: Int[Array, ""]
    steps: Int[Array, ""]


class _Arnoldi(NamedTuple):
    basis: Float[Array, "vector state"]
    images: Float[Array, "krylov state"]
    upper: Float[Array, "krylov krylov"]
    cosine: Float[Array, " krylov"]
    sine: Float[Array, " krylov"]
    right: Float[Array, " vector"]
    rounds: Int[Array, ""]
    residual: Float[Array, ""]


def gmres(
    product: Callable[[Float[Array, " state"]], Float[Array, " state"]],
    right: Float[Array, " state"],
    precondition: Callable[[Float[Array, " state"]], Float[Array, " state"]],
    tolerance: Float[Array, ""],
    krylov: int = KRYLOV,
) -> LinearPoint:
    r"""Solve :math:`A x = b` by GMRES with right preconditioning, :math:`A M u = b, x = M u`.

    The flexible variant: x is put together from the images M u that were really used, so that a
    preconditioner in single precision costs no accuracy.

    Parameters
    ----------
    tolerance
        On the residual over the norm of `right`.

    References
    ----------
    Saad and Schultz (1986); Saad (1993) for the flexible variant.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> a = jnp.array([[2.0, 1.0], [0.0, 3.0]])
    >>> point = gmres(lambda x: a @ x, jnp.array([3.0, 3.0]), lambda x: x, jnp.array(1e-6), 5)
    >>> print(point.x.round(4))
    [1. 1.]
    """
    size = right.shape[0]
    norm = jnp.linalg.norm(right)
    safe = jnp.where(norm > 0, norm, 1.0)
    start = _Arnoldi(
        basis=jnp.zeros((krylov + 1, size), right.dtype).at[0].set(right / safe),
        images=jnp.zeros((krylov, size), right.dtype),
        upper=jnp.eye(krylov, dtype=right.dtype),
        cosine=jnp.ones(krylov, right.dtype),
        sine=jnp.zeros(krylov, right.dtype),
        right=jnp.zeros(krylov + 1, right.dtype).at[0].set(norm),
        rounds=jnp.array(0),
        residual=jnp.where(norm > 0, 1.0, 0.0).astype(right.dtype),
    )

    def more(a: _Arnoldi) -> Bool[Array, ""]:
        return (a.residual > tolerance) & (a.rounds < krylov)

    def advance(a: _Arnoldi) -> _Arnoldi:
        k = a.rounds
        image = precondition(a.basis[k])
        w = product(image)
        # twice is enough to keep the basis orthogonal to rounding
        h = a.basis @ w
        w = w - h @ a.basis
        again = a.basis @ w
        w = w - again @ a.basis
        h = h + again
        length = jnp.linalg.norm(w)
        basis = a.basis.at[k + 1].set(w / jnp.where(length > 0, length, 1.0))

        def rotate(i: Int[Array, ""], column: Float[Array, " vector"]) -> Float[Array, " vector"]:
            c, s = a.cosine[i], a.sine[i]
            top, bottom = column[i], column[i + 1]
            return column.at[i].set(c * top + s * bottom).at[i + 1].set(c * bottom - s * top)

        column = jax.lax.fori_loop(0, k, rotate, h.at[k + 1].set(length))
        radius = jnp.hypot(column[k], column[k + 1])
        radius = jnp.where(radius > 0, radius, 1.0)
        c, s = column[k] / radius, column[k + 1] / radius
        new = a.right.at[k].set(c * a.right[k]).at[k + 1].set(-s * a.right[k])
        kept = jnp.where(jnp.arange(krylov) < k, column[:krylov], 0.0).at[k].set(radius)
        return _Arnoldi(
            basis=basis,
            images=a.images.at[k].set(image),
            upper=a.upper.at[:, k].set(kept),
            cosine=a.cosine.at[k].set(c),
            sine=a.sine.at[k].set(s),
            right=new,
            rounds=k + 1,
            residual=jnp.abs(new[k + 1]) / safe,
        )

    end = jax.lax.while_loop(more, advance, start)
    live = jnp.where(jnp.arange(krylov) < end.rounds, end.right[:krylov], 0.0)
    u = jax.scipy.linalg.solve_triangular(end.upper, live)
    return LinearPoint(u @ end.images, end.residual, end.rounds)


class _Newton(NamedTuple):
    x: Float[Array, " state"]
    gap: Float[Array, " state"]
    residual: Float[Array, ""]
    step: Float[Array, ""]
    first: Float[Array, ""]
    contraction: Float[Array, ""]
    evaluations: Int[Array, ""]
    rounds: Int[Array, ""]


def newton(
    residual: Callable[[Float[Array, " state"]], Float[Array, " state"]],
    x: Float[Array, " state"],
    precondition: Callable[[Float[Array, " state"]], Float[Array, " state"]],
    tolerance: Float[Array, ""],
    max_steps: int = 12,
    forcing: float = 1e-2,
    patience: float = 0.5,
) -> NewtonPoint:
    r"""Newton's method on :math:`F(x) = 0` with GMRES for every step.

    Stops early, unconverged, when a correction is not smaller than `patience` times the one
    before: the start then was not near enough for the answer to be the one that the start is
    joined to (Deuflhard's natural monotonicity test).

    References
    ----------
    Deuflhard (2011), "Newton Methods for Nonlinear Problems", section 5.1.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> point = newton(lambda x: x**2 - 2.0, jnp.array([1.5]), lambda v: v, jnp.array(1e-10))
    >>> print(point.x.round(6))
    [1.414214]
    """

    def size(v: Float[Array, " state"]) -> Float[Array, ""]:
        worst = jnp.max(jnp.abs(v))
        return jnp.where(jnp.isnan(worst), jnp.inf, worst)

    def more(m: _Newton) -> Bool[Array, ""]:
        hopeful = (m.contraction <= patience) & jnp.isfinite(m.residual)
        return (m.residual > tolerance) & (m.rounds < max_steps) & hopeful

    def advance(m: _Newton) -> _Newton:
        _, product = jax.linearize(residual, m.x)
        # solve more exactly as the answer comes near, never more than the tolerance deserves
        wanted = jnp.clip(0.2 * tolerance / m.residual, 1e-10, forcing)
        wanted = jnp.maximum(wanted, jnp.minimum(forcing, m.residual))
        linear = gmres(product, -m.gap, precondition, wanted)
        new_x = m.x + linear.x
        gap = residual(new_x)
        step = size(linear.x)
        # a fast fall of the gaps, or rounding, says more than the length of the correction
        near = size(gap) <= jnp.maximum(jnp.maximum(tolerance, ROUNDING), 1e-3 * m.residual)
        ratio = jnp.where((m.rounds > 0) & ~near, step / m.step, 0.0)
        return _Newton(
            x=new_x,
            gap=gap,
            residual=size(gap),
            step=step,
            first=jnp.where(m.rounds == 0, step, m.first),
            contraction=jnp.maximum(m.contraction, ratio),
            evaluations=m.evaluations + linear.products + 2,
            rounds=m.rounds + 1,
        )

    gap = residual(x)
    zero = jnp.zeros((), x.dtype)
    end = jax.lax.while_loop(
        more,
        advance,
        _Newton(x, gap, size(gap), zero, zero, zero, jnp.array(1), jnp.array(0)),
    )
    return NewtonPoint(end.x, end.residual, end.first, end.contraction, end.evaluations, end.rounds)
