"""Where does it end when every government replies to every other?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from detente.arrays import FloatArray
from detente.equilibrium.specification import Specification
from detente.errors import ConvergenceError, InputError, InterruptedRun
from detente.games.arena import Arena
from detente.games.best_reply import GRADIENT_TOLERANCE, LONGEST_STEP, BestReply, Player, best_reply
from detente.games.game import REGRET_TOLERANCE, Strategy
from detente.games.policies import Policies
from detente.games.rows import (
    games_table,
    median_of,
    rate_rows,
    unidentified,
    value_rows,
    welfare_rows,
)
from detente.games.search import polish, settle
from detente.progress import SILENT, Listener
from detente.store import Blocks, content_hash
from detente.world.model import World

if TYPE_CHECKING:
    import pandas as pd

    from detente.equilibrium import Equilibrium

__all__ = [
    "PlayedProfile",
    "Round",
    "TradeWar",
    "check_players",
    "profile",
    "staircase",
    "trade_war",
]

#: First-order conditions, scaled, at which the search among all players ends.
WAR_TOLERANCE = 1e-10
#: Rounds after which the state is written down, where a folder is given.
KEEP_EVERY = 10
#: Starts of each search for a deviation: fewer where there are many players.
MORE_STARTS, FEW_STARTS, MANY_PLAYERS = 3, 2, 8
#: Longest steps that the profile may move before it looks again: it stays on the hill it is on.
REACH = 5.0
#: Rounds of replies in turn before conditions are polished by Newton's method.
MOST_TURNS = 2
#: Times that a profile may be left for a better deviation before the search is given up.
MOST_RESTARTS = 6


@dataclass(frozen=True, eq=False, kw_only=True)
class PlayedProfile:
    """Policies of several governments and what they are worth to each.

    Attributes
    ----------
    players
        The governments.
    x
        Each player's rates as the search knows them.
    policies
        All wedges of the profile.
    value
        Each player's objective over the baseline.
    welfare_hat
        Welfare of every economy of the world over the baseline.
    first_order
        Largest scaled first-order condition left.
    """

    world: World
    players: tuple[Player, ...]
    x: tuple[FloatArray, ...]
    policies: Policies
    value: tuple[float, ...]
    welfare_hat: FloatArray
    first_order: float

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the players."""
        return tuple(p.name for p in self.players)

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

    def rows(self) -> list[dict[str, Any]]:
        """Rows of the long table: rates and objectives of the players."""
        rows: list[dict[str, Any]] = []
        for player, x in zip(self.players, self.x, strict=True):
            rows += rate_rows(player.space, x)
        return rows + value_rows("objective_pct", self.names, 100 * (np.array(self.value) - 1))


@dataclass(frozen=True, eq=False, kw_only=True)
class TradeWar(PlayedProfile):
    """A profile of policies from which no player gains by departing alone.

    Attributes
    ----------
    regret
        What each could still gain by the best deviation found, share of its objective.
    deviations
        The replies from which the regrets are computed.
    equilibrium
        The equilibrium under these policies by the certified solver.
    rounds
        Profiles evaluated.
    """

    regret: tuple[float, ...]
    deviations: tuple[BestReply, ...]
    equilibrium: Equilibrium
    rounds: int

    @property
    def median_rates(self) -> dict[str, float]:
        """Median of each player's identified rates."""
        return {name: median_of(rates) for name, rates in self.levels.items()}

    @property
    def unidentified(self) -> dict[str, tuple[str, ...]]:
        """Each player's rates on flows that do not exist."""
        return {p.name: unidentified(p.space) for p in self.players}

    @property
    def welfare_pct(self) -> dict[str, float]:
        """Change of real income of every economy, percent."""
        return dict(zip(self.world.economies, (100 * (self.welfare_hat - 1)).tolist(), strict=True))

    def table(self, scenario: str = "trade war") -> pd.DataFrame:
        """Long table: rates and objectives of players, regrets, real income of all."""
        rows = self.rows()
        rows += value_rows("regret_pct", self.names, 100 * np.array(self.regret))
        rows += welfare_rows(self.world, self.welfare_hat)
        return games_table(scenario, rows)


def profile(
    arena: Arena,
    players: Sequence[Player],
    x: Sequence[FloatArray],
    base: Policies | None = None,
) -> Policies:
    """All wedges when every player sets its rates and nothing else moves."""
    policies = arena.in_force if base is None else base
    for player, rates in zip(players, x, strict=True):
        policies = player.space.apply(policies, rates)
    return policies


def check_players(players: Sequence[Player], least: int = 2) -> None:
    """Refuse too few players, and an economy that belongs to two of them."""
    if len(players) < least:
        raise InputError(f"this needs at least {least} players; for one, use best_reply.")
    seen: dict[str, str] = {}
    for player in players:
        for member in player.space.members:
            if member in seen:
                raise InputError(f"{member} is in two players: {seen[member]} and {player.name}.")
            seen[member] = player.name


def trade_war(
    arena: Arena | World,
    players: Sequence[Player | str | Sequence[str]],
    *,
    strategies: Sequence[Strategy] = (Strategy(),),
    specification: Specification | None = None,
    start: Sequence[FloatArray] | None = None,
    regret_starts: int | None = None,
    most_rounds: int = 400,
    listener: Listener = SILENT,
    folder: str | Path | None = None,
) -> TradeWar:
    """The Nash equilibrium in policies among `players`, with proof.

    All first-order conditions are solved together: one equilibrium and one adjoint a player give
    every player's gradient at a profile, and the profile moves along them with Anderson
    acceleration. Where that stalls, players reply in turn. In the end each player searches for
    its best deviation from several starts; what it would gain is its regret. A profile that a
    deviation beats is left for it and the search goes on. The profile that is reported is solved
    again by the certified solver. Where several equilibria exist, this is one near the rates it
    starts from.

    Parameters
    ----------
    arena
        The world in which policies are moved, or an arena on it.
    players
        each a :class:`Player`, or codes of economies (several that act as one in a tuple).
    strategies
        What players that are codes may set; tariffs on everyone when left out.
    specification
        Model choices, for a world.
    start
        Rates to start from, one vector a player; the present rates when left out.
    regret_starts
        Starts of each player's search for a deviation: its rates in the war, then uniform rates
        and random ones; three for up to eight players, else two.
    listener
        Told the number of rounds, which end when nobody gains by departing.
    folder
        Where the state is kept, so that a later call takes up interrupted work.

    Raises
    ------
    ConvergenceError
        No profile was found from which nobody gains by departing.
    InterruptedRun
        Ctrl-C; the last round is in `folder`.

    References
    ----------
    Ossa (2014), "Trade Wars and Trade Talks with Data".

    Examples
    --------
    >>> from detente.world import World
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> war = trade_war(world, players=["HOM", "FOR"])
    >>> print(max(war.welfare_pct.values()) < 0, max(war.regret) < 1e-9)
    True True
    """
    arena = Arena.on(arena, specification)
    players = Player.all_of(arena, players, strategies)
    check_players(players)
    if regret_starts is None:
        regret_starts = FEW_STARTS if len(players) > MANY_PLAYERS else MORE_STARTS
    cuts = np.cumsum([len(p.space) for p in players])[:-1]
    lower = np.concatenate([p.space.lower for p in players])
    upper = np.concatenate([p.space.upper for p in players])
    longest = LONGEST_STEP * np.concatenate([p.space.scale for p in players])
    given = [p.space.start for p in players] if start is None else list(start)
    stacked = np.clip(np.concatenate(given), lower, upper)
    kept = Blocks(folder, "trade-war", "" if folder is None else identity(arena, players, stacked))
    done = 0
    if (found := kept.read("state")) is not None:
        done, stacked = found.about, found.arrays["x"]

    def gradient(x: FloatArray) -> FloatArray:
        return np.concatenate(_gradients(arena, players, np.split(x, cuts)))

    def along(v: FloatArray) -> FloatArray:
        return np.concatenate(_slopes_along(arena, players, np.split(v, cuts)))

    seen = (done, stacked)

    def watch(rounds: int, size: float, x: FloatArray) -> None:
        nonlocal seen
        seen = (done + rounds, x)
        if rounds % KEEP_EVERY == 0:
            kept.write("state", {"x": x}, done + rounds)
        listener.count("rounds of the trade war", done + rounds, done + most_rounds)

    try:
        worst = np.inf
        for attempt in range(MOST_RESTARTS + 1):
            settled = settle(
                gradient, stacked, lower, upper, longest, reach=REACH,
                tolerance=WAR_TOLERANCE, most=most_rounds, watch=watch,
            )  # fmt: skip
            done += settled.evaluations
            if attempt > MOST_TURNS and settled.first_order > GRADIENT_TOLERANCE:
                settled = polish(gradient, along, settled.x, lower, upper, longest, WAR_TOLERANCE)
                done += settled.evaluations
            stacked, worst = settled.x, settled.first_order
            kept.write("state", {"x": stacked}, done)
            xs = np.split(stacked, cuts)
            if worst > GRADIENT_TOLERANCE and attempt < MOST_RESTARTS:
                stacked = _in_turn(arena, players, xs)
                continue
            policies = profile(arena, players, xs)
            deviations = tuple(
                best_reply(arena, p, policies, start=xi, starts=regret_starts, thorough=False)
                for p, xi in zip(players, xs, strict=True)
            )
            regret = [max(0.0, d.value / d.value_before - 1) for d in deviations]
            if max(regret) <= REGRET_TOLERANCE:
                break
            if attempt < MOST_RESTARTS:
                stacked = np.concatenate(
                    [d.x if r > REGRET_TOLERANCE else xi
                     for d, r, xi in zip(deviations, regret, xs, strict=True)]
                )  # fmt: skip
    except KeyboardInterrupt:
        rounds, x = seen
        kept.write("state", {"x": x}, rounds)
        raise InterruptedRun(
            f"stopped after {rounds} rounds of the trade war; {where_kept(folder)}"
        ) from None
    if max(regret) > REGRET_TOLERANCE:
        who = players[int(np.argmax(regret))].name
        raise ConvergenceError(
            f"no equilibrium found: after {done} rounds {who} would still gain "
            f"{100 * max(regret):.2e} percent by departing (largest first-order condition "
            f"{worst:.1e})."
        )
    equilibrium = arena.certify(policies)
    kept.drop("state")
    return TradeWar(
        world=arena.world,
        players=tuple(players),
        x=tuple(xs),
        policies=policies,
        value=tuple(d.value_before for d in deviations),
        regret=tuple(regret),
        deviations=deviations,
        welfare_hat=arena.welfare_hat(policies),
        equilibrium=equilibrium,
        first_order=worst,
        rounds=done,
    )


def where_kept(folder: str | Path | None) -> str:
    """What a stopped search says of what it did."""
    if folder is None:
        return "nothing is kept: give a folder to go on from there another time."
    return f"they are kept in {folder}: the same call goes on from there."


def identity(arena: Arena, players: Sequence[Player], *more: Any) -> str:
    """What makes a search the same search: world, measures, specification, rates, objectives."""
    return content_hash(
        arena.world,
        arena.specification,
        None if arena.standing is None else arena.standing.shock,
        [(p.space.rates, p.space.scale, p.space.lower, p.space.upper) for p in players],
        [p.objective.label for p in players],
        [np.asarray(leaf) for p in players for leaf in jax.tree.leaves(p.objective)],
        *more,
    )


def _in_turn(arena: Arena, players: Sequence[Player], xs: Sequence[FloatArray]) -> FloatArray:
    """One best reply after the other, where moving together cycles at a kink."""
    now = list(xs)
    for k, player in enumerate(players):
        policies = profile(arena, players, now)
        reply = best_reply(arena, player, policies, start=now[k], starts=1, thorough=False)
        now[k] = reply.x
    return np.concatenate(now)


def _gradients(
    arena: Arena, players: Sequence[Player], x: Sequence[FloatArray]
) -> list[FloatArray]:
    """Every player's own gradient at one profile: one equilibrium, one adjoint a player."""
    policies = profile(arena, players, x)
    state = arena.state(policies)
    out = []
    for player in players:
        _, gradient = arena.gradient(policies, player.objective, state)
        out.append(player.space.pull(gradient))
    return out


def _slopes_along(
    arena: Arena, players: Sequence[Player], v: Sequence[FloatArray]
) -> list[FloatArray]:
    """How every player's own gradient moves when the profile moves along v, where it was last."""
    here, state = arena.last
    direction = players[0].space.push(v[0], here)
    for player, part in zip(players[1:], v[1:], strict=True):
        direction = player.space.apply(direction, part)
    return [p.space.pull(arena.slope_along(here, p.objective, direction, state)) for p in players]


@dataclass(frozen=True, eq=False)
class Round:
    """One move of the staircase: who moved, what everybody has then.

    Attributes
    ----------
    mover
        Player that replied, "" for the start.
    value
        Objective of every player after the move, one at the baseline.
    mean_rate
        Every player's import-weighted mean rate after the move.
    x
        Everybody's rates after the move.
    """

    mover: str
    value: tuple[float, ...]
    mean_rate: tuple[float, ...]
    x: tuple[FloatArray, ...]


def staircase(
    arena: Arena,
    players: Sequence[Player],
    moves: int = 8,
    tolerance: float = 1e-7,
    listener: Listener = SILENT,
    kept: Blocks | None = None,
) -> tuple[Round, ...]:
    """Replies and counter-replies from the wedges in force, in the order of `players`.

    Ends after `moves`, or when a full turn changes nobody's objective by more than `tolerance`.

    Parameters
    ----------
    kept
        Where every move is kept, so that a later call takes up interrupted work.
    """
    check_players(players)
    kept = Blocks(None, "staircase", "") if kept is None else kept
    x = [p.space.start for p in players]
    objectives = [p.objective for p in players]

    def now(mover: str, x: Sequence[FloatArray], policies: Policies) -> Round:
        values = arena.values(policies, objectives)
        means = tuple(p.space.mean_level(xi) for p, xi in zip(players, x, strict=True))
        return Round(mover, tuple(values.tolist()), means, tuple(x))

    rounds = [now("", x, arena.in_force)]
    for move in range(moves):
        k = move % len(players)
        movers = min(move, len(players))
        before = profile(arena, players[:movers], x[:movers])
        known = kept.read(f"move {move}")
        if known is None:
            mine = best_reply(arena, players[k], before, start=x[k], starts=2, thorough=False).x
            kept.write(f"move {move}", {"x": mine})
        else:
            mine = known.arrays["x"]
        x = [*x[:k], mine, *x[k + 1 :]]
        # until everyone has moved, those who have not keep the wedges in force
        movers = min(move + 1, len(players))
        policies = profile(arena, players[:movers], x[:movers])
        rounds.append(now(players[k].name, x, policies))
        listener.count("moves of the staircase", move + 1, moves)
        turn = rounds[-len(players) - 1 :]
        if move + 1 > len(players) and k == len(players) - 1:
            change = np.abs(np.subtract(turn[-1].value, turn[0].value)).max()
            if change < tolerance:
                break
    return tuple(rounds)
