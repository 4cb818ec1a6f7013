"""What does a government want?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from numpy.typing import ArrayLike

from detente.equilibrium.effort import net_of_effort
from detente.equilibrium.labour import ln_labour_supply_hat
from detente.equilibrium.problem import Problem, Unknowns
from detente.errors import InputError
from detente.games.game import objective_parts
from detente.world.model import World

__all__ = ["GovernmentWelfare", "MixedObjective", "Objective", "OutcomeObjective"]

Outcome = Callable[[Problem, Unknowns], Float[Array, ""]]


class Objective(ABC):
    """Something that a government wants to be large: one number, one at the baseline.

    Build one with :meth:`welfare`, :meth:`political`, :meth:`outcome` or :meth:`mixed`.
    """

    label: str

    @abstractmethod
    def value(self, problem: Problem, state: Unknowns) -> Float[Array, ""]:
        """The number at an equilibrium."""

    @property
    def about_movers(self) -> bool:
        """Whether it counts who works in which sector."""
        return False

    @staticmethod
    def welfare(world: World, economies: str | Sequence[str]) -> GovernmentWelfare:
        """Welfare of one economy, or of several as one: real income net of effort.

        Several are weighted by baseline income: the sum of their real gains in money.

        Examples
        --------
        >>> world = World.from_arrays(
        ...     ["HOM", "FOR"], ["goods"],
        ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
        >>> print(Objective.welfare(world, ["HOM", "FOR"]).economy_weight.round(3))
        [0.333 0.667]
        """
        return Objective.political(world, economies, None)

    @staticmethod
    def political(
        world: World,
        economies: str | Sequence[str],
        weights: Mapping[str, float] | ArrayLike | None,
    ) -> GovernmentWelfare:
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
            given = np.asarray(weights, dtype=float)
            if given.shape not in ((shape[1],), shape):
                raise InputError(
                    f"political weights have shape {given.shape}; expected {shape[1]} (one a "
                    f"sector) or {shape} (economy by sector)."
                )
            lam = np.array(np.broadcast_to(given, shape))
        if not np.isfinite(lam).all() or (lam < 0).any() or (lam.sum(axis=1) == 0).any():
            raise InputError("political weights must be finite, not negative and not all zero.")
        lam = lam / lam.mean(axis=1, keepdims=True)
        label = "+".join(members) + ("" if weights is None else " (political)")
        return GovernmentWelfare(label, jnp.asarray(omega), jnp.asarray(lam))

    @staticmethod
    def outcome(world: World, economy: str, name: str | Outcome, label: str = "") -> Objective:
        """Any outcome of the model as what a government wants.

        Parameters
        ----------
        name
            "welfare"; "real wage", of a unit of labour supplied; "real sales:SECTOR" (sales over
            consumer prices); "employment:SECTOR", heads; "production abroad:ECONOMY:SECTOR"
            (minus a rival's sales over world value added, to hold it down); or a function of
            (problem, state) that JAX can differentiate. Names that results know, too, mean here
            what they mean there.

        Raises
        ------
        UnknownNameError
            No such outcome.

        Examples
        --------
        >>> world = World.from_arrays(
        ...     ["HOM", "FOR"], ["goods"],
        ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
        >>> Objective.outcome(world, "HOM", "real wage").label
        'HOM: real wage'
        """
        n = world.economy_index(economy, "objective")
        if callable(name):
            return OutcomeObjective(label or f"{economy}: own outcome", name)
        kind, of = objective_parts(name)
        if kind == "welfare":
            return Objective.welfare(world, economy)
        sector = world.sector_index(of["sector"], "objective") if "sector" in of else -1
        rival = world.economy_index(of["economy"], "objective") if "economy" in of else -1
        return OutcomeObjective(f"{economy}: {name}", _Named(kind, n, sector, rival))

    @staticmethod
    def mixed(label: str, objectives: Sequence[Objective], weights: ArrayLike) -> MixedObjective:
        """A weighted sum of objectives."""
        if not objectives:
            raise InputError("a mixed objective needs at least one part.")
        return MixedObjective(label, tuple(objectives), jnp.asarray(weights, dtype=float))


@jax.tree_util.register_pytree_node_class
class GovernmentWelfare(Objective):
    r"""Government welfare: real income of industries, weighted, added over economies.

    .. math:: G = \sum_n \omega_n\,
       \frac{\sum_s \lambda_{ns} Y'_{ns} / \sum_s \lambda_{ns} Y_{ns}}{\hat P_n}, \qquad
       Y_{ns} = VA_{ns} + \frac{w_nL_{ns}}{w_nL_n}\,(R_n + D_n)

    with :math:`VA_{ns}` the value added of industry s, R net revenue and D the transfer, which go
    to industries by their share of the wage bill. Where labour supply is elastic the effort that
    an industry's work takes, a share of its wage bill, is taken off its income. With all λ = 1 a
    single economy's G is its welfare over the baseline.

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

    def tree_flatten(self) -> tuple[tuple[Any, Any], None]:
        """Arrays only: labels must not trigger compilation."""
        return (self.economy_weight, self.industry_weight), None

    @classmethod
    def tree_unflatten(cls, _: None, leaves: tuple[Any, Any]) -> GovernmentWelfare:
        """The inverse of `tree_flatten`; the label is not needed inside a kernel."""
        made = object.__new__(cls)  # leaves may be stacked, or no arrays at all
        made.label, (made.economy_weight, made.industry_weight) = "", leaves
        return made

    def by_economy(self, problem: Problem, state: Unknowns) -> Float[Array, " economy"]:
        r""":math:`\hat G_n` of every economy."""
        share_of_value_added = problem.labour_share + problem.profit_share[None]
        sales_base, income_base = problem.sales, problem.income
        paid_base = problem.labour_share * sales_base
        added_base = share_of_value_added * sales_base
        sales = sales_base * jnp.exp(state.ln_sales)
        income = income_base * jnp.exp(state.ln_income)
        paid, added = problem.labour_share * sales, share_of_value_added * sales

        def weighted(
            paid: Float[Array, "economy sector"],
            added: Float[Array, "economy sector"],
            income: Float[Array, " economy"],
        ) -> Float[Array, " economy"]:
            total = paid.sum(axis=1)
            rest = net_of_effort(income, total, problem.epsilon) - added.sum(axis=1)
            return (self.industry_weight * (added + paid / total[:, None] * rest[:, None])).sum(
                axis=1
            )

        ratio = weighted(paid, added, income) / weighted(paid_base, added_base, income_base)
        return ratio * jnp.exp(-(problem.alpha * state.ln_price).sum(axis=1))

    def value(self, problem: Problem, state: Unknowns) -> Float[Array, ""]:
        """G, one at the baseline; several economies add up in money, net of effort."""
        net = net_of_effort(problem.income, problem.labour_income.sum(axis=1), problem.epsilon)
        weight = self.economy_weight * net / problem.income
        return (weight * self.by_economy(problem, state)).sum() / weight.sum()


@jax.tree_util.register_pytree_node_class
class MixedObjective(Objective):
    r"""A weighted sum :math:`\sum_k \mu_k G_k` of other objectives."""

    def __init__(
        self, label: str, parts: tuple[Objective, ...], weights: Float[Array, " objective"]
    ) -> None:
        self.label, self.parts, self.weights = label, parts, weights

    def tree_flatten(self) -> tuple[tuple[Any, Any], None]:
        """Parts and weights."""
        return (self.parts, self.weights), None

    @classmethod
    def tree_unflatten(cls, _: None, leaves: tuple[Any, Any]) -> MixedObjective:
        """The inverse of `tree_flatten`."""
        made = object.__new__(cls)
        made.label, (made.parts, made.weights) = "", leaves
        return made

    def value(self, problem: Problem, state: Unknowns) -> Float[Array, ""]:
        """The sum."""
        return jnp.stack([p.value(problem, state) for p in self.parts]) @ self.weights

    @property
    def about_movers(self) -> bool:
        """Whether one of its parts counts who works in which sector."""
        return any(part.about_movers for part in self.parts)


@jax.tree_util.register_pytree_node_class
class OutcomeObjective(Objective):
    """A function of (problem, state) as objective; the function itself is compiled in."""

    def __init__(self, label: str, function: Outcome) -> None:
        self.label, self.function = label, function

    def tree_flatten(self) -> tuple[tuple[()], Outcome]:
        """No arrays; the function is static."""
        return (), self.function

    @classmethod
    def tree_unflatten(cls, function: Outcome, _: Any) -> OutcomeObjective:
        """The inverse of `tree_flatten`."""
        return cls("", function)

    def value(self, problem: Problem, state: Unknowns) -> Float[Array, ""]:
        """What the function says."""
        return self.function(problem, state)

    @property
    def about_movers(self) -> bool:
        """Whether it is employment of a sector."""
        return isinstance(self.function, _Named) and self.function.kind == "employment"


class _Named:
    """A named outcome of one economy; equal names are the same function to the compiler."""

    __slots__ = ("economy", "kind", "rival", "sector")
    fields: ClassVar = ("kind", "economy", "sector", "rival")

    def __init__(self, kind: str, economy: int, sector: int, rival: int) -> None:
        self.kind, self.economy, self.sector, self.rival = kind, economy, sector, rival

    def _key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, f) for f in self.fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __call__(self, problem: Problem, state: Unknowns) -> Float[Array, ""]:
        n, j = self.economy, self.sector
        ln_consumer_price = (problem.alpha * state.ln_price).sum(axis=1)
        paid_base = problem.labour_share * problem.sales
        paid = paid_base * jnp.exp(state.ln_sales)
        if self.kind == "real sales":
            return jnp.exp(state.ln_sales[n, j] - ln_consumer_price[n])
        ln_income = jnp.log(paid.sum(axis=1) / paid_base.sum(axis=1))
        ln_supply = ln_labour_supply_hat(
            jnp.log(problem.labour), ln_income, ln_consumer_price, problem.epsilon
        )
        if self.kind == "real wage":
            return jnp.exp(ln_income - ln_supply - ln_consumer_price)[n]
        if self.kind == "employment":
            return jnp.exp(state.ln_sales[n, j] + (ln_supply - ln_income)[n])
        # world value added is the unit of account, so sales are already shares of it
        return 2.0 - jnp.exp(state.ln_sales[self.rival, j])
