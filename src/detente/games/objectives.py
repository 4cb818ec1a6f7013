"""What does a government want?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from numpy.typing import ArrayLike

from detente.equilibrium.problem import Problem, State
from detente.errors import InputError
from detente.world.model import World

__all__ = ["Objective"]


@jax.tree_util.register_pytree_node_class
class Objective:
    r"""Government welfare: real income of industries, weighted, added over economies.

    .. math:: G = \sum_n \omega_n\,
       \frac{\sum_s \lambda_{ns} Y'_{ns} / \sum_s \lambda_{ns} Y_{ns}}{\hat P_n}, \qquad
       Y_{ns} = VA_{ns} + \frac{w_nL_{ns}}{w_nL_n}\,(R_n + D_n)

    with :math:`VA_{ns}` the value added of industry s, R net revenue and D the transfer, which go
    to industries by their share of the wage bill. With all λ = 1 a single economy's G is its
    exact real income over the baseline.

    Parameters
    ----------
    label
        Name in messages and tables.
    economy_weight
        ω, [economy].
    industry_weight
        λ, [economy, sector], mean one over industries.

    References
    ----------
    Grossman and Helpman (1994); Ossa (2014), section I.C.
    """

    def __init__(
        self,
        label: str,
        economy_weight: Float[Array, " economy"],
        industry_weight: Float[Array, "economy sector"],
    ) -> None:
        self.label = label
        self.economy_weight = economy_weight
        self.industry_weight = industry_weight

    def tree_flatten(self) -> tuple[tuple[Array, Array], None]:
        """Arrays only: labels must not trigger compilation."""
        return (self.economy_weight, self.industry_weight), None

    @classmethod
    def tree_unflatten(cls, _: None, leaves: tuple[Array, Array]) -> Objective:
        """The inverse of `tree_flatten`; the label is not needed inside a kernel."""
        return cls("", *leaves)

    @classmethod
    def welfare(cls, world: World, economies: str | Sequence[str]) -> Objective:
        """Real income of one economy, or of several as one.

        Several are weighted by baseline income: the sum of their real gains in money.

        Examples
        --------
        >>> world = World.from_arrays(
        ...     ["HOM", "FOR"], ["goods"],
        ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
        >>> print(Objective.welfare(world, ["HOM", "FOR"]).economy_weight.round(3))
        [0.333 0.667]
        """
        return cls.political(world, economies, None)

    @classmethod
    def political(
        cls,
        world: World,
        economies: str | Sequence[str],
        weights: Mapping[str, float] | ArrayLike | None,
    ) -> Objective:
        """Government welfare with political weights by sector.

        Parameters
        ----------
        weights
            λ by sector name (others keep one), or [sector], or [economy, sector]; scaled to mean
            one over sectors. None means one everywhere.

        Raises
        ------
        InputError
            A weight is negative, or names no sector.
        """
        members = [economies] if isinstance(economies, str) else list(economies)
        if not members:
            raise InputError("an objective needs at least one economy.")
        position = [world.economy_index(code, "objective") for code in members]
        omega = np.zeros(len(world.economies))
        omega[position] = world.income[position] / world.income[position].sum()
        shape = (len(world.economies), len(world.sectors))
        if weights is None:
            lam = np.ones(shape)
        elif isinstance(weights, Mapping):
            lam = np.ones(shape)
            for sector, weight in weights.items():
                lam[:, world.sector_index(sector, "objective weights")] = weight
        else:
            lam = np.array(np.broadcast_to(np.asarray(weights, dtype=float), shape))
        if not np.isfinite(lam).all() or (lam < 0).any() or (lam.sum(axis=1) == 0).any():
            raise InputError("political weights must be finite, not negative and not all zero.")
        lam = lam / lam.mean(axis=1, keepdims=True)
        label = "+".join(members) + ("" if weights is None else " (political)")
        return cls(label, jnp.asarray(omega), jnp.asarray(lam))

    def by_economy(self, problem: Problem, state: State) -> Float[Array, " economy"]:
        r""":math:`\hat G_n` of every economy."""
        share_of_value_added = problem.labour_share + problem.profit_share
        sales_base, income_base = problem.sales, problem.income
        paid_base = problem.labour_share * sales_base
        added_base = share_of_value_added * sales_base
        sales = sales_base * jnp.exp(state.ln_sales)
        income = income_base * jnp.exp(state.ln_income)
        paid, added = problem.labour_share * sales, share_of_value_added * sales

        def weighted(paid: Array, added: Array, income: Array) -> Array:
            wage_share = paid / paid.sum(axis=1, keepdims=True)
            rest = (income - added.sum(axis=1))[:, None]
            return (self.industry_weight * (added + wage_share * rest)).sum(axis=1)

        ratio = weighted(paid, added, income) / weighted(paid_base, added_base, income_base)
        return ratio * jnp.exp(-(problem.alpha * state.ln_price).sum(axis=1))

    def value(self, problem: Problem, state: State) -> Float[Array, ""]:
        """G, one at the baseline."""
        return (self.economy_weight * self.by_economy(problem, state)).sum()
