r"""How are rates, transfers and weights of an agreement found together?

Efficient policies maximise a weighted sum :math:`\sum_p \mu_p G_p`. Every way of sharing (equal
gain, Nash product, Kalai-Smorodinsky) is a point of that family. Rates, transfers and weights are
found together: rates climb the weighted sum while the weight of a player grows as long as it gets
less than the rule says (an augmented Lagrangian), one equilibrium and one adjoint a step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np

from detente.arrays import FloatArray
from detente.errors import ConvergenceError, InfeasibleError
from detente.games.agreements import Agreement, Threat
from detente.games.arena import Arena
from detente.games.best_reply import LONGEST_STEP, SHUT_OUT, Player
from detente.games.objectives import Objective
from detente.games.policies import Policies
from detente.games.search import Summit, climb, settle
from detente.games.trade_war import check_players, profile

__all__ = ["Negotiation", "Shared", "ideal_value", "share_fairly"]

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
#: Largest transfer that is searched, share of the receiver's income.
LARGEST_TRANSFER = 0.2


#: From multipliers and values: weights that answer the multipliers, what these weigh in
#: objectives, and the height of the hill that is climbed at fixed multipliers.
Weigh = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray, float]]


@dataclass(frozen=True, eq=False)
class Shared:
    """What a sharing rule leads to: rates, transfers, weights, values, what is left open."""

    x: FloatArray
    money: FloatArray
    weights: FloatArray
    values: FloatArray
    first_order: float


def _height(summit: Summit) -> float:
    return summit.value


class Negotiation:
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
    ) -> Shared:
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
        return Shared(found.x[:n], paid, weights, values, found.first_order)

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


def _level(multipliers: FloatArray, gains: FloatArray, penalty: float) -> float:
    r"""The common gain t at which :math:`\sum_p \max(0, m_p - \rho (g_p - t)) = 1`."""
    order = np.sort(gains - multipliers / penalty)
    level = order[0]
    for k in range(1, len(order) + 1):
        level = (1.0 / penalty + order[:k].sum()) / k
        if k == len(order) or level <= order[k]:
            break
    return float(level)


def share_fairly(
    table: Negotiation,
    threat: FloatArray,
    unit: FloatArray,
    transfers: bool,
    name: str,
    near: Agreement | None = None,
    starts: int = 1,
) -> Shared:
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


def ideal_value(
    table: Negotiation, d: FloatArray, k: int, begin: Agreement, transfers: bool
) -> float:
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
