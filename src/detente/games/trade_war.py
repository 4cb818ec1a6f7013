"""Where does it end when every government replies to every other?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import ConvergenceError, InputError
from detente.games.arena import Arena, Policies
from detente.games.best_reply import BestReply, Player, best_reply, projected_gradient
from detente.world.model import FloatArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Round", "TradeWar", "staircase", "trade_war"]

#: A deviation may gain at most this share of the objective.
REGRET_TOLERANCE = 1e-6
#: The search ends when no player's scaled first-order condition exceeds this.
GRADIENT_TOLERANCE = 1e-9
#: Profiles whose differences steer the acceleration.
MEMORY = 8
#: Largest step of a log rate between two profiles: the quadratic picture holds that far.
LONGEST_STEP = 0.5


@dataclass(frozen=True, eq=False)
class TradeWar:
    """A profile of policies from which no player gains by departing alone.

    Attributes
    ----------
    players
        The governments at war.
    x
        Each player's rates as the search knows them.
    policies
        All wedges of the profile.
    value
        Each player's objective in the war over the baseline.
    regret
        What each could still gain by the best deviation found, share of its objective.
    deviations
        The replies from which the regrets are computed.
    welfare_hat
        Real income of every economy of the world over the baseline.
    rounds
        Profiles evaluated; first_order is the largest condition left.
    """

    players: tuple[Player, ...]
    x: tuple[FloatArray, ...]
    policies: Policies
    value: tuple[float, ...]
    regret: tuple[float, ...]
    deviations: tuple[BestReply, ...]
    welfare_hat: FloatArray
    first_order: float
    rounds: int

    @property
    def levels(self) -> dict[str, FloatArray]:
        """Each player's rates; missing where the flow does not exist."""
        return {p.name: p.space.levels(x) for p, x in zip(self.players, self.x, strict=True)}

    def table(self) -> pd.DataFrame:
        """One row a rate of every player."""
        import pandas as pd

        frames = []
        for player, x in zip(self.players, self.x, strict=True):
            frame = pd.DataFrame([vars(r) for r in player.space.rates])
            frames.append(
                frame.assign(
                    rate=player.space.levels(x),
                    at_bound=player.space.at_bounds(x),
                    identified=player.space.identified,
                )
            )
        return pd.concat(frames, ignore_index=True)


def _profile(arena: Arena, players: Sequence[Player], x: Sequence[FloatArray]) -> Policies:
    policies = arena.in_force
    for player, rates in zip(players, x, strict=True):
        policies = player.space.apply(policies, rates)
    return policies


def _check_players(players: Sequence[Player]) -> None:
    if len(players) < 2:
        raise InputError("a trade war needs at least two players; for one, use best_reply.")
    seen: dict[str, str] = {}
    for player in players:
        for member in player.space.members:
            if member in seen:
                raise InputError(f"{member} is in two players: {seen[member]} and {player.name}.")
            seen[member] = player.name


class _Mixer:
    """Anderson acceleration of a map of NumPy vectors."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.x: list[FloatArray] = []
        self.f: list[FloatArray] = []

    def forget(self) -> None:
        self.x, self.f = [], []

    def step(self, x: FloatArray, f: FloatArray) -> FloatArray:
        self.x, self.f = [*self.x, x][-self.memory :], [*self.f, f][-self.memory :]
        if len(self.x) == 1:
            return x + f
        dx = np.diff(np.array(self.x), axis=0)
        df = np.diff(np.array(self.f), axis=0)
        gram = df @ df.T
        gram += 1e-10 * np.trace(gram) * np.eye(len(gram))
        gamma = np.linalg.solve(gram, df @ f)
        out: FloatArray = x + f - gamma @ (dx + df)
        return out


def trade_war(
    arena: Arena,
    players: Sequence[Player],
    *,
    start: Sequence[FloatArray] | None = None,
    regret_starts: int = 3,
    most_rounds: int = 400,
    progress: Callable[[int, float], None] | None = None,
) -> TradeWar:
    """The Nash equilibrium in policies among `players`, with proof.

    All first-order conditions are solved together: one equilibrium and one adjoint a player give
    every player's gradient at a profile, and the profile moves along them with Anderson
    acceleration. Where that stalls, players reply in turn. In the end each player searches for
    its best deviation from several starts; what it would gain is its regret.

    Raises
    ------
    ConvergenceError
        No profile was found from which nobody gains by departing.

    References
    ----------
    Ossa (2014), "Trade Wars and Trade Talks with Data".
    """
    _check_players(players)
    given = [p.space.start for p in players] if start is None else list(start)
    x = [np.clip(s, p.space.lower, p.space.upper) for p, s in zip(players, given, strict=True)]
    cuts = np.cumsum([len(p.space) for p in players])[:-1]
    lower = np.concatenate([p.space.lower for p in players])
    upper = np.concatenate([p.space.upper for p in players])
    longest = LONGEST_STEP * np.concatenate([p.space.scale for p in players])
    stacked = np.concatenate(x)
    mixer = _Mixer(MEMORY)
    worst, best, since, rounds = np.inf, np.inf, 0, 0
    while rounds < most_rounds:
        rounds += 1
        gradients = _gradients(arena, players, np.split(stacked, cuts))
        flat = np.concatenate(gradients)
        worst = max(
            projected_gradient(p, xi, g)
            for p, xi, g in zip(players, np.split(stacked, cuts), gradients, strict=True)
        )
        if progress is not None:
            progress(rounds, worst)
        if worst <= GRADIENT_TOLERANCE:
            break
        since = 0 if worst < 0.7 * best else since + 1
        best = min(best, worst)
        if since > 25:
            # cycling at a kink: let players reply in turn for a round
            mixer.forget()
            since, best = 0, np.inf
            for k, player in enumerate(players):
                xs = np.split(stacked, cuts)
                reply = best_reply(
                    arena, player, _profile(arena, players, xs), start=xs[k],
                    check_curvature=False,
                )  # fmt: skip
                xs[k] = reply.x
                stacked = np.concatenate(xs)
            continue
        move = np.clip(stacked + flat, lower, upper) - stacked
        proposed = mixer.step(stacked, move)
        stacked = np.clip(np.clip(proposed, stacked - longest, stacked + longest), lower, upper)
    x = np.split(stacked, cuts)
    policies = _profile(arena, players, x)
    deviations = tuple(
        best_reply(arena, p, policies, start=xi, starts=regret_starts, check_curvature=False)
        for p, xi in zip(players, x, strict=True)
    )
    regret = tuple(max(0.0, d.value / d.value_before - 1) for d in deviations)
    if max(regret) > REGRET_TOLERANCE:
        who = players[int(np.argmax(regret))].name
        raise ConvergenceError(
            f"no equilibrium found: after {rounds} rounds {who} would still gain "
            f"{100 * max(regret):.2e} percent by departing (largest first-order condition "
            f"{worst:.1e})."
        )
    welfare = [
        arena.evaluate(policies, type(players[0].objective).welfare(arena.world, code))[0]
        for code in arena.world.economies
    ]
    return TradeWar(
        players=tuple(players),
        x=tuple(x),
        policies=policies,
        value=tuple(d.value_before for d in deviations),
        regret=regret,
        deviations=deviations,
        welfare_hat=np.array(welfare),
        first_order=worst,
        rounds=rounds,
    )


def _gradients(
    arena: Arena, players: Sequence[Player], x: Sequence[FloatArray]
) -> list[FloatArray]:
    """Every player's own gradient at one profile: one equilibrium, one adjoint a player."""
    policies = _profile(arena, players, x)
    state = arena.state(policies)
    out = []
    for player in players:
        _, gradient = arena.gradient(policies, player.objective, state)
        out.append(player.space.pull(gradient))
    return out


@dataclass(frozen=True, eq=False)
class Round:
    """One move of the staircase: who moved, what everybody has then.

    Attributes
    ----------
    mover
        Player that replied, "" for the start.
    value
        Objective of every player after the move, one at the baseline.
    x
        Everybody's rates after the move.
    """

    mover: str
    value: tuple[float, ...]
    x: tuple[FloatArray, ...]


def staircase(
    arena: Arena, players: Sequence[Player], moves: int = 8, tolerance: float = 1e-7
) -> tuple[Round, ...]:
    """Replies and counter-replies from the wedges in force, in the order of `players`.

    Ends after `moves`, or when a full turn changes nobody's objective by more than `tolerance`.
    """
    _check_players(players)
    x = [p.space.start for p in players]

    def values(x: Sequence[FloatArray]) -> tuple[float, ...]:
        policies = _profile(arena, players, x)
        return tuple(arena.evaluate(policies, p.objective)[0] for p in players)

    rounds = [Round("", values(x), tuple(x))]
    for move in range(moves):
        k = move % len(players)
        reply = best_reply(
            arena, players[k], _profile(arena, players, x), start=x[k], check_curvature=False
        )
        x = [*x[:k], reply.x, *x[k + 1 :]]
        rounds.append(Round(players[k].name, values(x), tuple(x)))
        turn = rounds[-len(players) - 1 :]
        if len(turn) > len(players) and k == len(players) - 1:
            change = np.abs(np.subtract(turn[-1].value, turn[0].value)).max()
            if change < tolerance:
                break
    return tuple(rounds)
