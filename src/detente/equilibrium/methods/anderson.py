"""How is a contraction's fixed point reached in few evaluations?"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

__all__ = ["FixedPoint", "anderson"]


class FixedPoint(NamedTuple):
    """Where the iteration stopped, how far from a fixed point, after how many evaluations."""

    x: Float[Array, " state"]
    residual: Float[Array, ""]
    evaluations: Int[Array, ""]


class _Memory(NamedTuple):
    x: Float[Array, " state"]
    fx: Float[Array, " state"]
    dx: Float[Array, "memory state"]
    df: Float[Array, "memory state"]
    gram: Float[Array, "memory memory"]
    residual: Float[Array, ""]
    rounds: Int[Array, ""]
    best: Float[Array, ""]


def anderson(
    step: Callable[[Float[Array, " state"]], Float[Array, " state"]],
    x: Float[Array, " state"],
    tolerance: Float[Array, ""],
    gap_scale: Float[Array, " state"],
    memory: int = 6,
    regularisation: float = 1e-10,
    max_evaluations: int = 600,
) -> FixedPoint:
    r"""Anderson acceleration of :math:`x = G(x)`.

    With residuals :math:`f_k = G(x_k) - x_k` and the last m differences of x and f in the
    columns of :math:`\Delta X, \Delta F`,

    .. math:: \gamma = \arg\min \|f_k - \Delta F\gamma\|^2 + \lambda\|\gamma\|^2, \qquad
              x_{k+1} = x_k + f_k - (\Delta X + \Delta F)\gamma

    Parameters
    ----------
    step
        One evaluation of G.
    gap_scale
        What a component's residual is multiplied by before it is held against the tolerance.
    memory
        Number m of differences kept.
    regularisation
        :math:`\lambda` over the trace of :math:`\Delta F'\Delta F`.

    Returns
    -------
    The last x, and the largest scaled gap of its evaluation.

    References
    ----------
    Walker and Ni (2011), "Anderson acceleration for fixed-point iterations".

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> found = anderson(jnp.cos, jnp.array([1.0]), jnp.array(1e-6), jnp.ones(1))
    >>> print(found.x.round(3))
    [0.739]
    """
    size = x.shape[0]
    eye = jnp.eye(memory, dtype=x.dtype)

    def gap(f: Float[Array, " state"]) -> Float[Array, ""]:
        worst = jnp.max(jnp.abs(f) * gap_scale)
        return jnp.where(jnp.isnan(worst), jnp.inf, worst)

    def more(m: _Memory) -> Bool[Array, ""]:
        going = (m.residual > tolerance) & (m.rounds < max_evaluations)
        return going & jnp.isfinite(m.residual)

    def advance(m: _Memory) -> _Memory:
        f = m.fx
        right = m.df @ f
        ridge = regularisation * jnp.trace(m.gram) + 1e-290
        gamma = jnp.linalg.solve(m.gram + ridge * eye, right)
        gamma = jnp.where(jnp.isfinite(gamma).all(), gamma, 0.0)
        new_x = m.x + f - gamma @ (m.dx + m.df)
        new_f = step(new_x) - new_x
        slot = (m.rounds - 1) % memory
        difference = new_f - f
        dx = m.dx.at[slot].set(new_x - m.x)
        df = m.df.at[slot].set(difference)
        products = df @ difference
        gram = m.gram.at[slot, :].set(products).at[:, slot].set(products)
        residual = gap(new_f)
        return _Memory(
            new_x, new_f, dx, df, gram, residual, m.rounds + 1, jnp.minimum(m.best, residual)
        )

    f = step(x) - x
    start = _Memory(
        x=x,
        fx=f,
        dx=jnp.zeros((memory, size), x.dtype),
        df=jnp.zeros((memory, size), x.dtype),
        gram=jnp.zeros((memory, memory), x.dtype),
        residual=gap(f),
        rounds=jnp.array(1),
        best=gap(f),
    )
    end = jax.lax.while_loop(more, advance, start)
    return FixedPoint(end.x, end.residual, end.rounds)
