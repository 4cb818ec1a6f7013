r"""What could governments gain together, and how would they share it?

Efficient policies maximise a weighted sum :math:`\sum_p \mu_p G_p`. Every way of sharing (equal
gain, Nash product, Kalai-Smorodinsky) is a point of that family. Rates, transfers and weights are
found together: rates climb the weighted sum while the weight of a player grows as long as it gets
less than the rule says (an augmented Lagrangian), one equilibrium and one adjoint a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
import numpy as np

from detente.errors import ConvergenceError, InfeasibleError, InputError
from detente.games.arena import Arena, Policies
from detente.games.best_reply import LONGEST_STEP, SHUT_OUT, Player
from detente.games.labelled import long_table, rate_rows, value_rows, welfare_rows
from detente.games.objectives import Objective
from detente.games.search import Summit, climb, settle
from detente.games.trade_war import TradeWar, check_players, profile
from detente.world.model import FloatArray, World

if TYPE_CHECKING:
    import pandas as pd

    from detente.equilibrium import Equilibrium

__all__ = [
    "SOLUTIONS",
    "Agreement",
    "Threat",
    "bargain",
    "efficient",
    "equal_gain",
    "frontier",
    "kalai_smorodinsky",
    "nash_product",
    "split",
    "threat_point",
    "utilitarian",
]

#: Gains that a rule makes equal may differ by this share of the objective.
SHARING_ACCEPTED = 1e-9
#: Largest first-order condition of an agreement that is reported.
AGREED = 1e-7
#: A joint gain below this share of the objective is none.
NO_GAIN = 1e-9
#: Sharpness of the soft minimum that finds the first weights, in units of the objective.
SHARPNESS = 300.0
#: Penalty on unequal gains over the inverse curvature that it adds: about as steep as the hill.
PENALTY = 2.0
#: Differences that steer the search, rounds at most, rounds without progress before the fallback.
MEMORY, MOST_ROUNDS, PATIENCE = 25, 700, 90
#: Rounds of the fallback: climb with fixed weights, then renew the weights.
FALLBACKS = 8
#: The first climb moves no log rate by more than this before it looks again, so many times.
BOX, MOST_BOXES = 0.4, 12
#: First-order conditions are solved within so many longest steps of the point.
REACH = 1.0
#: Smallest share of the gain at the ends of the frontier.
NARROW = 0.02
#: Largest transfer that is searched, share of the receiver's income.
LARGEST_TRANSFER = 0.2


@dataclass(frozen=True, eq=False)
class Threat:
    """What every player has without an agreement.

    Attributes
    ----------
    name
        "status quo", "trade war", or how the case calls it.
    value
        Objective of every player over the baseline.
    """

    name: str
    value: tuple[float, ...]


def threat_point(
    arena: Arena,
    players: Sequence[Player],
    what: str | TradeWar | Policies | Sequence[float] = "status quo",
) -> Threat:
    """The threat point by name, from a trade war, from given policies, or given by numbers.

    Parameters
    ----------
    what
        "status quo" (the wedges in force), a :class:`TradeWar` among (at least) these players,
        :class:`Policies` that would hold without a deal, or one number a player.

    Examples
    --------
    >>> from detente.world import World
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> arena = Arena(world)
    >>> threat_point(arena, [Player.of(arena, code) for code in world.economies]).value
    (1.0, 1.0)
    """
    objectives = [p.objective for p in players]
    if isinstance(what, TradeWar):
        return Threat("trade war", tuple(arena.values(what.policies, objectives).tolist()))
    if isinstance(what, Policies):
        return Threat("given policies", tuple(arena.values(what, objectives).tolist()))
    if isinstance(what, str):
        if what != "status quo":
            raise InputError(
                f'the threat point "{what}" is not known: "status quo", a trade war that was '
                "computed, policies, or one number a player."
            )
        values = arena.values(arena.in_force, objectives)
        # the wedges in force are the baseline, where objectives are one up to rounding
        return Threat("status quo", tuple(float(round(v, 14)) for v in values))
    value = np.asarray(what, dtype=float)
    if value.shape != (len(players),) or not np.isfinite(value).all() or (value <= 0).any():
        raise InputError(
            "the threat point needs one positive value a player (objective over the baseline); "
            f"got {list(what)}."
        )
    return Threat("given", tuple(value.tolist()))


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
        What each would have without the agreement, and how that is called.
    weights
        Weight of each player at which the agreement maximises the weighted sum.
    transfers
        What each player's members receive from the others, in the world's currency.
    policies, x
        All wedges; each player's rates as the search knows them.
    welfare_hat
        Real income of every economy over the baseline.
    first_order
        Largest scaled first-order condition left.
    """

    name: str
    world: World
    players: tuple[Player, ...]
    value: tuple[float, ...]
    threat: Threat
    weights: tuple[float, ...]
    transfers: tuple[float, ...]
    policies: Policies
    x: tuple[FloatArray, ...]
    welfare_hat: FloatArray
    first_order: float

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the players."""
        return tuple(p.name for p in self.players)

    @property
    def gain_pct(self) -> tuple[float, ...]:
        """Gain of each player over the threat point, percent."""
        return tuple(100 * (v / d - 1) for v, d in zip(self.value, self.threat.value, strict=True))

    @property
    def levels(self) -> dict[str, FloatArray]:
        """Each player's rates; missing where the flow does not exist."""
        return {p.name: p.space.levels(x) for p, x in zip(self.players, self.x, strict=True)}

    @property
    def bounds_hit(self) -> dict[str, int]:
        """How many of each player's rates sit on a bound."""
        return {
            p.name: int(p.space.at_bounds(x).sum())
            for p, x in zip(self.players, self.x, strict=True)
        }

    def certified(self, arena: Arena) -> Equilibrium:
        """The equilibrium under the agreement by the certified solver; it must agree."""
        return arena.certify(self.policies)

    def table(self, scenario: str = "") -> pd.DataFrame:
        """Long table: rates, gains over the threat, weights, transfers, real income of all."""
        rows: list[dict[str, Any]] = []
        for player, x in zip(self.players, self.x, strict=True):
            rows += rate_rows(player.space, x)
        rows += value_rows("objective_pct", self.names, 100 * (np.array(self.value) - 1))
        rows += value_rows("objective_gain_pct", self.names, self.gain_pct)
        rows += value_rows("bargaining_weight", self.names, self.weights, "share")
        rows += value_rows("transfer_received", self.names, self.transfers, self.world.currency)
        rows += welfare_rows(self.world, self.welfare_hat)
        return long_table(
            scenario or f"{self.name} agreement", rows, compared_with=self.threat.name
        )


#: From multipliers and values: weights that answer the multipliers, what these weigh in
#: objectives, and the height of the hill that is climbed at fixed multipliers.
Weigh = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray, float]]


@dataclass(frozen=True, eq=False)
class _Shared:
    """What a sharing rule leads to: rates, transfers, weights, values, what is left open."""

    x: FloatArray
    money: FloatArray
    weights: FloatArray
    values: FloatArray
    first_order: float


def _height(summit: Summit) -> float:
    return summit.value


class _Table:
    """The joint rates of the players at the table, and transfers among them."""

    def __init__(
        self, arena: Arena, players: Sequence[Player], base: Policies | None = None
    ) -> None:
        check_players(players)
        self.arena, self.players = arena, tuple(players)
        self.base = arena.in_force if base is None else base
        self.cuts = np.cumsum([len(p.space) for p in players])[:-1]
        world = arena.world
        self.members = [[world.economy_index(m) for m in p.space.members] for p in players]
        self.income = np.array([world.income[m].sum() for m in self.members])
        self.lower = np.concatenate([p.space.lower for p in players])
        self.upper = np.concatenate([p.space.upper for p in players])
        self.longest = LONGEST_STEP * np.concatenate([p.space.scale for p in players])
        self.start = np.concatenate([p.space.start for p in players])
        self.objectives = tuple(p.objective for p in players)

    def money(self, share: FloatArray) -> FloatArray:
        """Transfers received by player; the last one pays what the others receive."""
        received = share * self.income[:-1]
        return np.append(received, -received.sum())

    def share_of(self, agreement: Agreement) -> FloatArray:
        """The transfers of an agreement as shares of the receivers' incomes."""
        out: FloatArray = np.array(agreement.transfers)[:-1] / self.income[:-1]
        return out

    def policies(self, x: FloatArray, share: FloatArray) -> Policies:
        """The wedges and transfers of a joint vector."""
        policies = profile(self.arena, self.players, np.split(x, self.cuts), self.base)
        if not share.any():
            return policies
        world = self.arena.world
        paid = np.asarray(policies.transfer).copy()
        for members, amount, income in zip(
            self.members, self.money(share), self.income, strict=True
        ):
            paid[members] += amount * world.income[members] / income
        return policies._replace(transfer=jnp.asarray(paid))

    def values(self, x: FloatArray, share: FloatArray) -> FloatArray:
        """Objective of every player, from one equilibrium."""
        return self.arena.values(self.policies(x, share), self.objectives)

    def slope(
        self, policies: Policies, weights: FloatArray, state: Any = None, *, rough: bool = False
    ) -> tuple[FloatArray, FloatArray]:
        """Derivatives of the weighted sum in the rates and in every economy's transfer."""
        mixed = Objective.mixed("the table", self.objectives, weights)
        _, gradient = self.arena.gradient(policies, mixed, state, rough=rough)
        rates = np.concatenate([p.space.pull(gradient) for p in self.players])
        return rates, np.asarray(gradient.transfer)

    def by_transfer(self, by_economy: FloatArray) -> FloatArray:
        """Derivatives in the shares of income transferred, from those by economy."""
        world = self.arena.world
        per_unit = np.array(
            [
                (by_economy[m] * world.income[m]).sum() / income
                for m, income in zip(self.members, self.income, strict=True)
            ]
        )
        out: FloatArray = (per_unit[:-1] - per_unit[-1]) * self.income[:-1]
        return out

    def gradients(self, x: FloatArray, share: FloatArray) -> FloatArray:
        """Derivative of every player's objective in all rates, [player, rate]."""
        policies = self.policies(x, share)
        state = self.arena.state(policies)
        each = np.eye(len(self.players))
        return np.array([self.slope(policies, one, state)[0] for one in each])

    def soft_minimum(
        self, x: FloatArray, threat: FloatArray, unit: FloatArray, starts: int
    ) -> tuple[FloatArray, FloatArray]:
        r"""Climb :math:`-\frac1\kappa\ln\sum_p e^{-\kappa (G_p - d_p)/u_p}`: point and weights.

        From the present rates; with more `starts` also from none at all, and from the best so
        far with rates that shut out their flow taken back (nothing pulls those back by itself).
        """
        none = np.zeros(len(unit) - 1)
        weights = np.full(len(unit), 1.0 / len(unit))

        def function(x: FloatArray) -> tuple[float, FloatArray]:
            nonlocal weights
            policies = self.policies(x, none)
            state = self.arena.state(policies, rough=True)
            values = self.arena.values(policies, self.objectives, state)
            gains = (values - threat) / unit
            least = gains.min()
            shares = np.exp(-SHARPNESS * (gains - least))
            weights = shares / shares.sum()
            total = least - np.log(shares.sum()) / SHARPNESS
            return float(total), self.slope(policies, weights / unit, state, rough=True)[0]

        found: list[Summit] = []
        for k in range(max(1, starts)):
            begin = (x, self.nothing)[k] if k < 2 else self.let_in(max(found, key=_height).x)
            found.append(self.near_by(function, begin))
        best = max(found, key=_height)
        function(best.x)
        return best.x, weights

    def near_by(
        self, function: Callable[[FloatArray], tuple[float, FloatArray]], x: FloatArray
    ) -> Summit:
        """Climb in boxes around the point, so that the search stays on the hill it starts on."""
        reach = BOX / LONGEST_STEP * self.longest
        for _ in range(MOST_BOXES):
            low, high = np.maximum(self.lower, x - reach), np.minimum(self.upper, x + reach)
            found = climb(function, x, low, high, 1e-5, most=300)
            x = found.x
            inner = ((x <= low) & (low > self.lower)) | ((x >= high) & (high < self.upper))
            if not inner.any():
                break
        return found

    @property
    def nothing(self) -> FloatArray:
        """Every rate at zero, or at its nearest bound."""
        zero = [p.space.from_levels(np.zeros(len(p.space))) for p in self.players]
        return np.clip(np.concatenate(zero), self.lower, self.upper)

    def let_in(self, x: FloatArray) -> FloatArray:
        """The point with rates that shut out their flow back at zero."""
        levels = np.concatenate(
            [p.space.levels(y) for p, y in zip(self.players, np.split(x, self.cuts), strict=True)]
        )
        return np.where(np.nan_to_num(levels) > SHUT_OUT, self.nothing, x)

    def top(
        self, weights: FloatArray, share: FloatArray, x: FloatArray
    ) -> tuple[FloatArray, float]:
        """The rates that maximise a weighted sum, from nearby, to the last digits."""
        found = settle(
            lambda y: self.slope(self.policies(y, share), weights)[0],
            x, self.lower, self.upper, self.longest,
            reach=REACH, tolerance=1e-12, most=MOST_ROUNDS, memory=MEMORY,
            stride=1.0 / max(1.0, float(weights.max())),
        )  # fmt: skip
        return found.x, found.first_order

    def reach(
        self, weights: FloatArray, share: FloatArray, x: FloatArray, most: int = 1500
    ) -> tuple[FloatArray, float]:
        """The rates that maximise a weighted sum, from anywhere."""
        mu = weights / weights.sum()

        def function(x: FloatArray) -> tuple[float, FloatArray]:
            policies = self.policies(x, share)
            state = self.arena.state(policies)
            values = self.arena.values(policies, self.objectives, state)
            return float(mu @ values), self.slope(policies, mu, state)[0]

        climbed = climb(function, x, self.lower, self.upper, 1e-6, most)
        if (climbed.x - self.let_in(climbed.x)).any():
            again = climb(function, self.let_in(climbed.x), self.lower, self.upper, 1e-6, most)
            climbed = again if again.value > climbed.value else climbed
        x, first = self.top(mu, share, climbed.x)
        if first > AGREED:
            again = climb(function, x, self.lower, self.upper, 1e-9, most)
            settled = self.top(mu, share, again.x)
            x, first = min((settled, (again.x, again.first_order)), key=lambda f: f[1])
        return x, first

    def share(
        self,
        weigh: Weigh,
        multipliers: FloatArray,
        x: FloatArray,
        money: FloatArray | None,
        steepness: float,
    ) -> _Shared:
        """Rates, transfers and multipliers at which the weights are their own answer.

        Parameters
        ----------
        weigh
            Weights from multipliers and values; at the solution they equal the multipliers.
        money
            Transfers as shares of income to start from; None where there are none.
        steepness
            Curvature that the rule adds per squared slope of an objective.
        """
        n, p = len(x), len(multipliers)
        none = np.zeros(len(self.players) - 1)
        # a transfer moves an objective one for one: its unit makes that as steep as a rate
        unit = np.sqrt(4.0 * max(steepness, 1.0))
        extra = 0 if money is None else len(none)
        reach = LARGEST_TRANSFER * unit * np.ones(extra)
        lower = np.concatenate([self.lower, -reach, np.full(p, -1e3)])
        upper = np.concatenate([self.upper, reach, np.full(p, 1e3)])
        longest = np.concatenate([self.longest, 0.01 * unit * np.ones(extra), np.full(p, 0.2)])

        def at(v: FloatArray) -> tuple[FloatArray, float, FloatArray, FloatArray, FloatArray]:
            """Answering weights, height, slopes, transfers, values."""
            paid = v[n : n + extra] / unit if extra else none
            policies = self.policies(v[:n], paid)
            state = self.arena.state(policies)
            values = self.arena.values(policies, self.objectives, state)
            answer, weights, height = weigh(v[n + extra :], values)
            rates, by_economy = self.slope(policies, weights, state)
            moves = self.by_transfer(by_economy) / unit if extra else np.zeros(0)
            return answer, height, np.concatenate([rates, moves]), paid, values

        def residual(v: FloatArray) -> FloatArray:
            answer, _, slopes, _, _ = at(v)
            return np.concatenate([slopes, answer - v[n + extra :]])

        def refine(v: FloatArray) -> Summit:
            return settle(
                residual, v, lower, upper, longest,
                reach=REACH, tolerance=1e-12, most=MOST_ROUNDS, memory=MEMORY, patience=PATIENCE,
            )  # fmt: skip

        start = np.concatenate([x, [] if money is None else money * unit, multipliers])
        found = refine(start)
        point = start
        for _ in range(FALLBACKS):
            if found.first_order <= SHARING_ACCEPTED:
                break
            # climb at fixed multipliers, renew them, and try again
            held = point[n + extra :].copy()
            try:
                climbed = climb(
                    lambda y, held=held: at(np.concatenate([y, held]))[1:3],  # type: ignore[misc]
                    point[: n + extra], lower[: n + extra], upper[: n + extra], 1e-9, most=300,
                )  # fmt: skip
            except ConvergenceError:
                # a step beyond what the solver reaches: what was found so far is judged below
                break
            answer = at(np.concatenate([climbed.x, held]))[0]
            point = np.concatenate([climbed.x, answer])
            again = refine(point)
            found = again if again.first_order < found.first_order else found
        _, _, _, paid, values = at(found.x)
        weights = weigh(found.x[n + extra :], values)[1]
        return _Shared(found.x[:n], paid, weights, values, found.first_order)

    def agreement(
        self,
        name: str,
        x: FloatArray,
        share: FloatArray,
        threat: Threat,
        weights: FloatArray,
        first_order: float,
    ) -> Agreement:
        """A checked agreement."""
        if first_order > AGREED:
            raise ConvergenceError(
                f"the {name} agreement was not reached: a first-order condition of "
                f"{first_order:.1e} remains. Narrow the bounds of the strategies."
            )
        policies = self.policies(x, share)
        state = self.arena.state(policies)
        return Agreement(
            name=name,
            world=self.arena.world,
            players=self.players,
            value=tuple(self.arena.values(policies, self.objectives, state).tolist()),
            threat=threat,
            weights=tuple((weights / weights.sum()).tolist()),
            transfers=tuple(self.money(share).tolist()),
            policies=policies,
            x=tuple(np.split(x, self.cuts)),
            welfare_hat=self.arena.welfare_hat(policies, state),
            first_order=first_order,
        )


def _threat(arena: Arena, players: Sequence[Player], threat: Any) -> Threat:
    return threat if isinstance(threat, Threat) else threat_point(arena, players, threat)


def efficient(
    arena: Arena,
    players: Sequence[Player],
    weights: Sequence[float],
    *,
    threat: Any = "status quo",
    base: Policies | None = None,
    start: Sequence[FloatArray] | None = None,
) -> Agreement:
    r"""The policies that maximise :math:`\sum_p \mu_p G_p`: one point of the frontier.

    Parameters
    ----------
    weights
        μ of each player, not negative.
    threat
        What gains are measured from; see :func:`threat_point`.
    base
        What those who are not at the table do; the wedges in force when left out.

    Raises
    ------
    ConvergenceError
        The first-order conditions were not met.
    """
    table = _Table(arena, players, base)
    mu = np.asarray(weights, dtype=float)
    if mu.shape != (len(players),) or (mu < 0).any() or not mu.sum() > 0:
        raise InputError("weights must be one number ≥ 0 a player, not all zero.")
    none = np.zeros(len(players) - 1)
    origin = table.start if start is None else np.concatenate(list(start))
    x, first = table.reach(mu, none, origin)
    return table.agreement("efficient", x, none, _threat(arena, players, threat), mu, first)


def utilitarian(
    arena: Arena,
    players: Sequence[Player],
    *,
    threat: Any = "status quo",
    base: Policies | None = None,
) -> Agreement:
    """The largest sum of gains in money: players weigh by their baseline income.

    Transfers between players leave that sum as it is to first order, so none are made.
    """
    table = _Table(arena, players, base)
    found = efficient(arena, players, list(table.income), threat=threat, base=base)
    return replace(found, name="utilitarian")


def _level(multipliers: FloatArray, gains: FloatArray, penalty: float) -> float:
    r"""The common gain t at which :math:`\sum_p \max(0, m_p - \rho (g_p - t)) = 1`."""
    order = np.sort(gains - multipliers / penalty)
    level = order[0]
    for k in range(1, len(order) + 1):
        level = (1.0 / penalty + order[:k].sum()) / k
        if k == len(order) or level <= order[k]:
            break
    return float(level)


def _fair(
    table: _Table,
    threat: FloatArray,
    unit: FloatArray,
    transfers: bool,
    name: str,
    near: Agreement | None = None,
    starts: int = 1,
) -> _Shared:
    r"""Maximise the smallest :math:`(G_p - d_p)/u_p`, from a neighbouring agreement if given.

    Where a bound keeps a player from giving up more, it has a larger gain and no weight.
    """
    smallest = unit.min()
    money = np.zeros(len(unit) - 1)
    if near is None:
        x, weights = table.soft_minimum(table.start, threat, unit, starts)
    else:
        x, weights = np.concatenate(near.x), np.array(near.weights) * unit
        weights, money = weights / weights.sum(), table.share_of(near)
    slopes = table.gradients(x, money) * (smallest / unit)[:, None]
    # how much steeper the rule makes the hill; kept finite where nothing moves
    steep = float(np.linalg.eigvalsh(slopes @ slopes.T)[-1]) + 1e-6
    penalty = PENALTY / steep

    def weigh(multipliers: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray, float]:
        gains = (values - threat) / unit * smallest
        level = _level(multipliers, gains, penalty)
        answer = np.maximum(0.0, multipliers - penalty * (gains - level))
        height = level - float(answer @ answer) / (2 * penalty)
        return answer, answer * smallest / unit, height

    shared = table.share(weigh, weights, x, money if transfers else None, penalty)
    gains = (shared.values - threat) / unit * smallest
    if gains.min() <= NO_GAIN:
        raise InfeasibleError(
            "there is nothing to gain from cooperation here: no policies within the bounds "
            "leave every player better off than its threat value (the best smallest gain "
            f"found is {100 * gains.min():.1e} %). Widen the bounds or add instruments."
        )
    weighty = shared.weights > 1e-9
    spread = float(np.ptp(gains[weighty]))
    if spread > SHARING_ACCEPTED:
        raise ConvergenceError(
            f"the {name} agreement leaves gains that differ by {spread:.1e} among players that "
            f"could share (first-order condition {shared.first_order:.1e})."
        )
    return shared


def equal_gain(
    arena: Arena,
    players: Sequence[Player],
    *,
    threat: Any = "status quo",
    transfers: bool = False,
    base: Policies | None = None,
    starts: int = 1,
) -> Agreement:
    """The largest gain that every player can have in the same percentage over its threat value.

    Parameters
    ----------
    threat
        See :func:`threat_point`.
    transfers
        Players may also pay each other.
    base
        What those who are not at the table do; the wedges in force when left out.
    starts
        1 finds the agreement on the hill of the present rates, where a negotiation begins; 2 and 3
        look from no duties at all, and behind prohibitive rates, and take the best.

    Raises
    ------
    InfeasibleError
        There is nothing to gain.

    References
    ----------
    Ossa (2014), section III: efficient trade negotiations.

    Examples
    --------
    >>> from detente.games import Strategy
    >>> from detente.world import World
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"], tariff=[[[0.0], [0.3]], [[0.3], [0.0]]],
    ...     sales=[[[80.0], [20.0]], [[20.0], [80.0]]], trade_elasticity=4.0)
    >>> arena = Arena(world)
    >>> both = [Player.of(arena, c, [Strategy(bounds=(-0.5, 1.0))]) for c in world.economies]
    >>> deal = equal_gain(arena, both)
    >>> print(deal.gain_pct[0] > 0, round(deal.gain_pct[0] - deal.gain_pct[1], 8))
    True 0.0
    """
    table = _Table(arena, players, base)
    point = _threat(arena, players, threat)
    d = np.array(point.value)
    got = _fair(table, d, d.copy(), transfers, "equal-gain", starts=starts)
    return table.agreement("equal-gain", got.x, got.money, point, got.weights, got.first_order)


def split(
    arena: Arena,
    players: Sequence[Player],
    shares: Sequence[float],
    *,
    threat: Any = "status quo",
    transfers: bool = False,
    base: Policies | None = None,
    near: Agreement | None = None,
) -> Agreement:
    """The efficient agreement whose gains in percent stand in given proportions."""
    part = np.asarray(shares, dtype=float)
    if part.shape != (len(players),) or not (part > 0).all():
        raise InputError("shares of the gain must be one positive number a player.")
    table = _Table(arena, players, base)
    point = _threat(arena, players, threat)
    d = np.array(point.value)
    unit = d * part / part.max()
    got = _fair(table, d, unit, transfers, "split", near)
    return table.agreement("split", got.x, got.money, point, got.weights, got.first_order)


def nash_product(
    arena: Arena,
    players: Sequence[Player],
    *,
    threat: Any = "status quo",
    power: Sequence[float] | None = None,
    transfers: bool = False,
    base: Policies | None = None,
    fair: Agreement | None = None,
) -> Agreement:
    r"""The agreement that maximises :math:`\prod_p (G_p - d_p)^{\alpha_p}`.

    Parameters
    ----------
    power
        α of each player; equal when left out.
    fair
        An equal-gain agreement of the same players and threat to start from.

    Raises
    ------
    InfeasibleError
        No agreement leaves every player better off than the threat.

    References
    ----------
    Nash (1950).
    """
    table = _Table(arena, players, base)
    point = _threat(arena, players, threat)
    d = np.array(point.value)
    alpha = np.ones(len(players)) if power is None else np.asarray(power, dtype=float)
    if alpha.shape != d.shape or not (alpha > 0).all():
        raise InputError("bargaining power must be one positive number a player.")
    begin = fair or equal_gain(arena, players, threat=point, transfers=transfers, base=base)
    gain = np.array(begin.value) - d
    size = float(gain.mean())

    alpha = alpha / alpha.sum()

    def weigh(_: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray, float]:
        gains = np.maximum(values - d, 1e-3 * size)
        weights = size * alpha / gains
        return np.zeros(0), weights, float(size * alpha @ np.log(gains))

    money = table.share_of(begin) if transfers else None
    shared = table.share(weigh, np.zeros(0), np.concatenate(begin.x), money, 1.0 / size)
    return table.agreement(
        "Nash", shared.x, shared.money, point, shared.weights, shared.first_order
    )


def kalai_smorodinsky(
    arena: Arena,
    players: Sequence[Player],
    *,
    threat: Any = "status quo",
    transfers: bool = False,
    base: Policies | None = None,
    fair: Agreement | None = None,
) -> Agreement:
    """Equal shares of what each player could at best gain while the others lose nothing.

    References
    ----------
    Kalai and Smorodinsky (1975).
    """
    table = _Table(arena, players, base)
    point = _threat(arena, players, threat)
    d = np.array(point.value)
    begin = fair or equal_gain(arena, players, threat=point, transfers=transfers, base=base)
    ideal = np.array([_ideal(table, d, k, begin, transfers) for k in range(len(players))])
    shared = _fair(table, d, ideal - d, transfers, "Kalai-Smorodinsky", begin)
    return table.agreement(
        "Kalai-Smorodinsky", shared.x, shared.money, point, shared.weights, shared.first_order
    )


def _ideal(table: _Table, d: FloatArray, k: int, begin: Agreement, transfers: bool) -> float:
    """Best of player k while nobody else falls below its threat value."""
    others = np.array([p for p in range(len(d)) if p != k])
    x = np.concatenate(begin.x)
    money = table.share_of(begin)
    slopes = table.gradients(x, money)
    steep = float(np.linalg.eigvalsh(slopes @ slopes.T)[-1]) + 1e-6
    penalty = PENALTY / steep
    scale = float(begin.weights[k])

    def weigh(multipliers: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray, float]:
        slack = (values - d)[others]
        answer = np.maximum(0.0, multipliers - penalty * slack)
        weights = np.empty(len(d))
        weights[k], weights[others] = scale, answer
        height = scale * float(values[k]) - float(answer @ answer) / (2 * penalty)
        return answer, weights, height

    shared = table.share(
        weigh, np.array(begin.weights)[others], x, money if transfers else None, penalty
    )
    short = float((shared.values - d)[others].min())
    if short < -SHARING_ACCEPTED or shared.first_order > AGREED:
        raise ConvergenceError(
            f"the ideal point of {table.players[k].name} was not found: another player would fall "
            f"short by {max(-short, 0.0):.1e} (first-order condition {shared.first_order:.1e})."
        )
    return float(shared.values[k])


def frontier(
    arena: Arena,
    players: Sequence[Player],
    points: int = 11,
    *,
    threat: Any = "status quo",
    transfers: bool = False,
    base: Policies | None = None,
    fair: Agreement | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Agreement, ...]:
    """The efficient frontier of two players over a threat point, from the best for the second on.

    Points split the largest gains over the threat in growing proportions, so the part is traced
    that both prefer to the threat. Other weights are for :func:`efficient`.
    """
    if len(players) != 2:
        raise InputError("a frontier is traced for two players; use `efficient` for more.")
    if points < 2:
        raise InputError(f"a frontier needs at least two points; got {points}.")
    point = _threat(arena, players, threat)
    out: list[Agreement] = []
    for k, part in enumerate(np.linspace(NARROW, 1 - NARROW, points)):
        if progress is not None:
            progress(k, points)
        found = split(
            arena, players, [part, 1 - part], threat=point, transfers=transfers, base=base,
            near=out[-1] if out else fair,
        )  # fmt: skip
        out.append(replace(found, name="frontier"))
    return tuple(out)


#: Sharing rules by name.
SOLUTIONS: Mapping[str, Callable[..., Agreement]] = {
    "equal-gain": equal_gain,
    "Nash": nash_product,
    "Kalai-Smorodinsky": kalai_smorodinsky,
    "utilitarian": utilitarian,
}


def bargain(
    arena: Arena,
    players: Sequence[Player],
    *,
    threat: Any = "status quo",
    transfers: bool = False,
    base: Policies | None = None,
    starts: int = 1,
) -> dict[str, Agreement]:
    """All named agreements of the same players over the same threat."""
    point = _threat(arena, players, threat)
    fair = equal_gain(arena, players, threat=point, transfers=transfers, base=base, starts=starts)
    also: dict[str, Any] = {"threat": point, "transfers": transfers, "base": base, "fair": fair}
    return {
        "equal-gain": fair,
        "Nash": nash_product(arena, players, **also),
        "Kalai-Smorodinsky": kalai_smorodinsky(arena, players, **also),
        "utilitarian": utilitarian(arena, players, threat=point, base=base),
    }
