"""What could governments gain together, and how would they share it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from detente.errors import ConvergenceError, InfeasibleError, InputError
from detente.games.arena import Arena, Policies
from detente.games.best_reply import GRADIENT_TOLERANCE, Player
from detente.games.objectives import Objective
from detente.games.trade_war import _check_players
from detente.world.model import FloatArray

__all__ = [
    "Agreement",
    "efficient",
    "equal_gain",
    "frontier",
    "kalai_smorodinsky",
    "nash_product",
    "utilitarian",
]

#: Gains of an equal-gain or Kalai-Smorodinsky agreement agree to this share of the objective.
SHARING_TOLERANCE = 1e-9
#: Largest transfer between members that is searched, share of the payer's income.
LARGEST_TRANSFER = 0.2
#: A joint gain below this share of the objective is none.
NO_GAIN = 1e-9


@dataclass(frozen=True, eq=False)
class Agreement:
    """Policies that several governments set together.

    Attributes
    ----------
    name
        Which solution it is.
    value
        Objective of every player over the baseline.
    threat
        What each would have without the agreement.
    weights
        Weight of each player at which the agreement maximises the weighted sum.
    transfers
        What each player's members receive from the others, in the world's currency.
    policies, x
        All wedges; each player's rates as the search knows them.
    first_order
        Largest scaled first-order condition left.
    """

    name: str
    players: tuple[Player, ...]
    value: tuple[float, ...]
    threat: tuple[float, ...]
    weights: tuple[float, ...]
    transfers: tuple[float, ...]
    policies: Policies
    x: FloatArray
    first_order: float

    @property
    def gain_pct(self) -> tuple[float, ...]:
        """Gain of each player over the threat point, percent."""
        return tuple(100 * (v / d - 1) for v, d in zip(self.value, self.threat, strict=True))


class _Table:
    """The joint rates of the players at the table, and transfers among them."""

    def __init__(self, arena: Arena, players: Sequence[Player], transfers: bool) -> None:
        _check_players(players)
        self.arena, self.players, self.transfers = arena, tuple(players), transfers
        self.cuts = np.cumsum([len(p.space) for p in players])
        world = arena.world
        self.income = np.array(
            [sum(world.income[world.economy_index(m)] for m in p.space.members) for p in players]
        )
        extra = len(players) - 1 if transfers else 0
        reach = LARGEST_TRANSFER * np.ones(extra)
        self.lower = np.concatenate([*(p.space.lower for p in players), -reach])
        self.upper = np.concatenate([*(p.space.upper for p in players), reach])
        self.start = np.concatenate([*(p.space.start for p in players), np.zeros(extra)])

    def money(self, x: FloatArray) -> FloatArray:
        """Transfers received by player; those of all but the last are free, it pays the rest."""
        if not self.transfers:
            return np.zeros(len(self.players))
        received = x[self.cuts[-1] :] * self.income[:-1]
        return np.append(received, -received.sum())

    def policies(self, x: FloatArray) -> Policies:
        """The wedges and transfers of a joint vector."""
        policies = self.arena.in_force
        pieces = np.split(x, self.cuts)
        for player, rates in zip(self.players, pieces[:-1], strict=True):
            policies = player.space.apply(policies, rates)
        if self.transfers:
            world = self.arena.world
            paid = np.zeros(len(world.economies))
            for player, amount, income in zip(
                self.players, self.money(x), self.income, strict=True
            ):
                for member in player.space.members:
                    k = world.economy_index(member)
                    paid[k] += amount * world.income[k] / income
            policies = policies._replace(transfer=jnp.asarray(paid))
        return policies

    def values(self, x: FloatArray) -> FloatArray:
        """Objective of every player."""
        policies = self.policies(x)
        return np.array([self.arena.evaluate(policies, p.objective)[0] for p in self.players])

    def weighted(self, weights: FloatArray) -> Objective:
        """Weighted sum of the players' objectives as one objective."""
        omega = sum(
            w * p.objective.economy_weight for w, p in zip(weights, self.players, strict=True)
        )
        lam = jnp.ones_like(self.players[0].objective.industry_weight)
        for player in self.players:
            inside = player.objective.economy_weight > 0
            lam = jnp.where(inside[:, None], player.objective.industry_weight, lam)
        return Objective("the table", jnp.asarray(omega), lam)

    def slope(self, x: FloatArray, weights: FloatArray) -> FloatArray:
        """Derivative of the weighted sum in the joint vector."""
        _, gradient = self.arena.gradient(self.policies(x), self.weighted(weights))
        parts = [p.space.pull(gradient) for p in self.players]
        if self.transfers:
            world = self.arena.world
            by_economy = np.asarray(gradient.transfer)
            by_player = np.array(
                [
                    sum(
                        by_economy[world.economy_index(m)]
                        * world.income[world.economy_index(m)]
                        for m in p.space.members
                    )
                    for p in self.players
                ]
            )
            per_unit = by_player / self.income
            parts.append((per_unit[:-1] - per_unit[-1]) * self.income[:-1])
        return np.concatenate(parts)

    def maximise(
        self,
        weigh: Callable[[FloatArray], tuple[float, FloatArray]],
        x: FloatArray,
        most: int = 3000,
    ) -> tuple[FloatArray, float]:
        """Climb an aggregate of the players' values; `weigh` gives it and its derivative."""
        from scipy.optimize import minimize

        def loss(x: FloatArray) -> tuple[float, FloatArray]:
            total, weights = weigh(self.values(x))
            return -total, -self.slope(x, weights)

        first_order = np.inf
        for _ in range(4):
            found = minimize(
                loss,
                x,
                jac=True,
                method="L-BFGS-B",
                bounds=list(zip(self.lower, self.upper, strict=True)),
                options={"maxiter": most, "maxfun": most, "maxcor": 20, "ftol": 0, "gtol": 1e-11},
            )
            x = found.x
            slope = -np.asarray(found.jac)
            held = ((x <= self.lower) & (slope < 0)) | ((x >= self.upper) & (slope > 0))
            first_order = float(np.abs(np.where(held, 0.0, slope)).max(initial=0.0))
            if first_order <= GRADIENT_TOLERANCE:
                break
        return x, first_order

    def agreement(
        self,
        name: str,
        x: FloatArray,
        threat: FloatArray,
        weights: FloatArray,
        first_order: float,
        scale: float = 1.0,
    ) -> Agreement:
        """A checked agreement."""
        if first_order > 1e3 * GRADIENT_TOLERANCE * max(scale, 1.0):
            raise ConvergenceError(
                f"the {name} agreement was not reached: a first-order condition of "
                f"{first_order:.1e} remains."
            )
        return Agreement(
            name=name,
            players=self.players,
            value=tuple(map(float, self.values(x))),
            threat=tuple(map(float, threat)),
            weights=tuple(map(float, weights / weights.sum())),
            transfers=tuple(map(float, self.money(x))),
            policies=self.policies(x),
            x=x,
            first_order=first_order,
        )


def _threat(players: Sequence[Player], threat: Sequence[float]) -> FloatArray:
    d = np.asarray(threat, dtype=float)
    if d.shape != (len(players),) or not np.isfinite(d).all() or (d <= 0).any():
        raise InputError(
            "the threat point needs one positive value a player (objective over the baseline); "
            f"got {list(threat)}."
        )
    return d


def efficient(
    arena: Arena,
    players: Sequence[Player],
    weights: Sequence[float],
    *,
    threat: Sequence[float] | None = None,
    transfers: bool = False,
    start: FloatArray | None = None,
) -> Agreement:
    r"""The policies that maximise :math:`\sum_p \mu_p G_p`: one point of the frontier.

    Parameters
    ----------
    weights
        μ of each player, not negative.
    transfers
        Players may also pay each other.
    """
    table = _Table(arena, players, transfers)
    mu = np.asarray(weights, dtype=float)
    if mu.shape != (len(players),) or (mu < 0).any() or mu.sum() == 0:
        raise InputError("weights must be one number ≥ 0 a player, not all zero.")
    mu = mu / mu.sum()
    d = _threat(players, threat or [1.0] * len(players))
    x, first = table.maximise(lambda g: (float(mu @ g), mu), table.start if start is None else start)
    return table.agreement("efficient", x, d, mu, first)


def utilitarian(
    arena: Arena,
    players: Sequence[Player],
    *,
    threat: Sequence[float] | None = None,
    transfers: bool = False,
) -> Agreement:
    """The largest sum of gains in money: players weigh by their baseline income."""
    table = _Table(arena, players, transfers)
    out = efficient(
        arena, players, list(table.income), threat=threat, transfers=transfers
    )
    return _renamed(out, "utilitarian")


def _renamed(agreement: Agreement, name: str) -> Agreement:
    from dataclasses import replace

    return replace(agreement, name=name)


def frontier(
    arena: Arena,
    players: Sequence[Player],
    points: int = 11,
    *,
    threat: Sequence[float] | None = None,
    transfers: bool = False,
) -> tuple[Agreement, ...]:
    """The efficient frontier of two players, from the best for the second to the best for the first.

    Points maximise weighted sums, so only the concave part is traced; it is the whole frontier
    when lotteries over agreements are allowed.
    """
    if len(players) != 2:
        raise InputError("a frontier is traced for two players; use `efficient` for more.")
    out: list[Agreement] = []
    start = None
    for mu in np.linspace(0.0, 1.0, points):
        # a player of no weight at all would leave its own rates undetermined
        mu = float(np.clip(mu, 1e-3, 1 - 1e-3))
        found = efficient(
            arena, players, [mu, 1 - mu], threat=threat, transfers=transfers, start=start
        )
        start = found.x
        out.append(found)
    return tuple(out)


def nash_product(
    arena: Arena,
    players: Sequence[Player],
    *,
    threat: Sequence[float],
    power: Sequence[float] | None = None,
    transfers: bool = False,
) -> Agreement:
    r"""The agreement that maximises :math:`\prod_p (G_p - d_p)^{\alpha_p}`.

    Raises
    ------
    InfeasibleError
        No agreement leaves every player better off than the threat.

    References
    ----------
    Nash (1950).
    """
    table = _Table(arena, players, transfers)
    d = _threat(players, threat)
    alpha = np.ones(len(players)) if power is None else np.asarray(power, dtype=float)
    alpha = alpha / alpha.sum()
    inside = equal_gain(arena, players, threat=threat, transfers=transfers)

    def weigh(values: FloatArray) -> tuple[float, FloatArray]:
        gain = values - d
        if (gain <= 0).any():
            return -1e6 * (1 + float(np.abs(np.minimum(gain, 0)).sum())), np.zeros(len(d))
        return float(alpha @ np.log(gain)) * size, size * alpha / gain

    size = float((np.array(inside.value) - d).min())
    x, first = table.maximise(weigh, inside.x)
    gain = table.values(x) - d
    return table.agreement("Nash", x, d, alpha / gain, first, scale=1e2)


def _max_min(
    table: _Table, d: FloatArray, unit: FloatArray, name: str
) -> Agreement:
    r"""Maximise the smallest :math:`(G_p - d_p)/u_p` by its dual in the weights.

    The dual :math:`\min_\mu \max_x \sum_p \mu_p (G_p(x) - d_p)/u_p` is convex in the weights; its
    gradient is what each player gains at the inner maximum.
    """
    from scipy.optimize import minimize

    count = len(table.players)
    x, first = table.start, np.inf

    def at(log_weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        mu = np.exp(np.append(log_weights, 0.0) - np.append(log_weights, 0.0).max())
        return mu / mu.sum(), np.zeros(0)

    def dual(log_weights: FloatArray) -> tuple[float, FloatArray]:
        nonlocal x, first
        mu, _ = at(log_weights)
        scaled = mu / unit
        x, first = table.maximise(
            lambda g: (float(scaled @ (g - d)) / scaled.sum(), scaled / scaled.sum()), x
        )
        gains = (table.values(x) - d) / unit
        value = float(mu @ gains)
        return value, (mu * (gains - value))[:-1]

    found = minimize(
        dual, np.zeros(count - 1), jac=True, method="BFGS", options={"gtol": 1e-11, "maxiter": 60}
    )
    dual(found.x)
    gains = (table.values(x) - d) / unit
    mu, _ = at(found.x)
    spread = float((gains.max() - gains.min()) * unit.max())
    if gains.min() <= NO_GAIN / unit.max():
        raise InfeasibleError(
            "there is nothing to gain from cooperation here: no policies within the bounds leave "
            f"every player better off than its threat value (best smallest gain {gains.min():.1e})."
        )
    if spread > 1e3 * SHARING_TOLERANCE:
        raise ConvergenceError(
            f"the {name} agreement leaves gains that differ by {spread:.1e}: the frontier is not "
            "concave there, and no single agreement (without lotteries) shares as asked."
        )
    return table.agreement(name, x, d, mu / unit, first)


def equal_gain(
    arena: Arena,
    players: Sequence[Player],
    *,
    threat: Sequence[float],
    transfers: bool = False,
) -> Agreement:
    """The largest gain that every player can have in the same percentage over its threat value.

    References
    ----------
    Ossa (2014), section III: efficient trade negotiations.
    """
    table = _Table(arena, players, transfers)
    d = _threat(players, threat)
    return _max_min(table, d, d.copy(), "equal-gain")


def kalai_smorodinsky(
    arena: Arena,
    players: Sequence[Player],
    *,
    threat: Sequence[float],
    transfers: bool = False,
) -> Agreement:
    """Equal shares of what each player could at best gain while the others lose nothing.

    References
    ----------
    Kalai and Smorodinsky (1975).
    """
    table = _Table(arena, players, transfers)
    d = _threat(players, threat)
    fair = equal_gain(arena, players, threat=threat, transfers=transfers)
    ideal = np.array([_ideal(table, d, k, fair.x) for k in range(len(players))])
    return _max_min(table, d, ideal - d, "Kalai-Smorodinsky")


def _ideal(table: _Table, d: FloatArray, k: int, start: FloatArray) -> float:
    """Best of player k while nobody else falls below its threat value: by the dual again."""
    from scipy.optimize import minimize

    others = [p for p in range(len(d)) if p != k]
    x = start

    def dual(log_price: FloatArray) -> tuple[float, FloatArray]:
        nonlocal x
        mu = np.zeros(len(d))
        mu[k] = 1.0
        mu[others] = np.exp(log_price)
        x, _ = table.maximise(
            lambda g: (float(mu @ (g - d)) / mu.sum(), mu / mu.sum()), x
        )
        slack = table.values(x) - d
        return float(mu @ slack), mu[others] * slack[others]

    found = minimize(
        dual, np.zeros(len(others)), jac=True, method="BFGS", options={"gtol": 1e-9}
    )
    dual(found.x)
    values = table.values(x)
    if (values[others] - d[others]).min() < -1e-6:
        raise ConvergenceError(
            f"the ideal point of {table.players[k].name} was not found: another player would "
            f"fall short by {-(values[others] - d[others]).min():.1e}."
        )
    return float(values[k])
