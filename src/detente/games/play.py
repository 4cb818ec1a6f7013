"""What does a game come to: replies, staircase, war, and the deals instead of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import ConvergenceError, InfeasibleError, InputError, InterruptedRun
from detente.games.arena import Arena
from detente.games.best_reply import BestReply, Player, best_reply
from detente.games.cooperation import Agreement, Threat, bargain, frontier, threat_point
from detente.games.enforcement import Enforcement, enforce, most_cooperative
from detente.games.game import Game
from detente.games.objectives import Objective
from detente.games.payoff_map import PayoffMap, payoff_map
from detente.games.rows import games_table, value_rows
from detente.games.trade_war import Round, TradeWar, identity, staircase, trade_war, where_kept
from detente.progress import SILENT, Listener
from detente.store import Blocks
from detente.world.model import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Deals", "War", "deals", "players_of", "war"]


def players_of(arena: Arena, game: Game, *, at_the_table: bool = False) -> list[Player]:
    """The players of a game on an arena.

    Parameters
    ----------
    at_the_table
        With what a deal may set, where that differs.
    """
    out = []
    for one in game.players:
        strategies = one.at_the_table if at_the_table else one.strategies
        if one.weights is not None or len(one.members) > 1:
            wants: Objective = Objective.political(arena.world, one.members, one.weights)
        else:
            wants = Objective.outcome(arena.world, one.members[0], one.objective)
        player = Player.of(arena, one.members, strategies, wants)
        out.append(replace(player, space=replace(player.space, player=one.name)))
    return out


@dataclass(frozen=True, eq=False)
class War:
    """What every player would do alone, how they answer each other, and where it ends.

    Attributes
    ----------
    replies
        Best reply of every player to the wedges in force.
    stairs
        Replies and counter-replies.
    end
        The trade war; None for a single player.
    map
        For two players.
    """

    world: World
    replies: tuple[BestReply, ...]
    stairs: tuple[Round, ...] = ()
    end: TradeWar | None = None
    map: PayoffMap | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the players."""
        return tuple(r.player.name for r in self.replies)

    def table(self) -> pd.DataFrame:
        """Long table of everything."""
        import pandas as pd

        frames = [r.table() for r in self.replies]
        for k, round_ in enumerate(self.stairs):
            rows: list[dict[str, Any]] = value_rows(
                "objective_pct", self.names, 100 * (np.array(round_.value) - 1)
            )
            rows += value_rows("mean_rate", self.names, 100 * np.array(round_.mean_rate))
            frames.append(
                games_table(f"move {k}{f': {round_.mover}' if round_.mover else ''}", rows)
            )
        if self.end is not None:
            frames.append(self.end.table())
        return pd.concat(frames, ignore_index=True)


@dataclass(frozen=True, eq=False)
class Deals:
    """What the players could gain together, how they would share it, and whether it holds.

    Attributes
    ----------
    threat
        What they have without a deal.
    agreements
        By the name of the sharing rule.
    frontier
        Efficient points, for two players.
    enforcement
        Of free trade and of every agreement; empty without a war.
    most_cooperative
        The farthest package towards the equal-gain agreement that holds at `discount`.
    problems
        What could not be found, in words.
    """

    world: World
    names: tuple[str, ...]
    threat: Threat
    agreements: Mapping[str, Agreement]
    frontier: tuple[Agreement, ...]
    enforcement: tuple[Enforcement, ...]
    most_cooperative: Enforcement | None
    discount: float
    problems: tuple[str, ...] = ()

    def table(self) -> pd.DataFrame:
        """Long table of everything."""
        import pandas as pd

        frames = [a.table() for a in self.agreements.values()]
        for k, point in enumerate(self.frontier):
            rows = value_rows("objective_gain_pct", self.names, point.gain_pct)
            frames.append(games_table(f"frontier {k + 1}", rows, self.threat.name))
        frames += [e.table() for e in self.enforcement]
        if self.most_cooperative is not None:
            frames.append(self.most_cooperative.table())
        if not frames:
            return games_table("deals", [])
        return pd.concat(frames, ignore_index=True)


def war(
    arena: Arena,
    game: Game,
    *,
    listener: Listener = SILENT,
    folder: str | Path | None = None,
) -> War:
    """Best replies, the staircase, the war and its payoff map, as the game asks for them.

    Parameters
    ----------
    listener
        Told what is being worked out.
    folder
        Where replies, moves and the state of the war are kept, so that interrupted work is taken
        up again.

    Raises
    ------
    InterruptedRun
        Ctrl-C; what is done is in `folder`.
    """
    players = players_of(arena, game)
    kept = Blocks(folder, "game", "" if folder is None else identity(arena, players))
    replies: list[BestReply] = []
    stairs: tuple[Round, ...] = ()
    try:
        for k, player in enumerate(players):
            listener.step(f"best reply of {player.name}")
            reply = BestReply.found(kept, f"player {k}", arena, player, arena.in_force)
            if reply is None:
                reply = best_reply(arena, player)
                reply.keep(kept, f"player {k}")
            replies.append(reply)
        if game.moves and len(players) > 1:
            listener.step("staircase of replies")
            stairs = staircase(arena, players, game.moves, listener=listener, kept=kept)
    except KeyboardInterrupt:
        raise InterruptedRun(
            f"stopped before the trade war, after {len(replies)} of {len(players)} best replies; "
            f"{where_kept(folder)}"
        ) from None
    if len(players) == 1:
        return War(arena.world, tuple(replies))
    listener.step(f"trade war of {len(players)} players")
    end = trade_war(arena, players, listener=listener, folder=folder)
    for name in kept.names():
        kept.drop(name)
    grid = None
    if len(players) == 2:
        listener.step("payoff map")
        grid = payoff_map(arena, end)
    return War(arena.world, tuple(replies), stairs, end, grid)


def deals(
    arena: Arena,
    game: Game,
    *,
    found: War | None = None,
    listener: Listener = SILENT,
    folder: str | Path | None = None,
) -> Deals:
    """Agreements over the game's threat point, the frontier, and whether they hold.

    Parameters
    ----------
    found
        The war, where it was worked out already.

    Raises
    ------
    InfeasibleError
        There is nothing to gain from cooperation.
    """
    fighters = players_of(arena, game)
    players = players_of(arena, game, at_the_table=True)
    if len(players) < 2:
        raise InputError("a deal needs at least two players in [game].")
    end = found.end if found is not None else None
    if end is None and (game.threat == "trade war" or game.discount > 0):
        listener.step(f"trade war of {len(players)} players")
        end = trade_war(arena, fighters, folder=folder)
    if isinstance(game.threat, Mapping):
        threat = replace(
            threat_point(arena, players, [1 + game.threat[n] / 100 for n in game.names]),
            name="given in the case",
        )
    elif game.threat == "trade war" and end is not None:
        threat = threat_point(arena, players, end)
    else:
        threat = threat_point(arena, players)
    listener.step("agreements")
    agreements = bargain(arena, players, threat=threat, transfers=game.transfers, starts=3)
    problems: list[str] = []
    line: tuple[Agreement, ...] = ()
    if len(players) == 2:
        listener.step("efficient frontier")
        try:
            line = frontier(
                arena,
                players,
                game.points,
                threat=threat,
                transfers=game.transfers,
                fair=agreements["equal-gain"],
            )
        except (ConvergenceError, InfeasibleError) as problem:
            problems.append(f"the frontier is not shown: {problem}")
    held: list[Enforcement] = []
    far: Enforcement | None = None
    if end is not None:
        listener.step("enforcement")
        at_table = _war_of(end, players)
        held.append(enforce(arena, at_table, "free trade"))
        held += [enforce(arena, at_table, a) for a in agreements.values()]
        try:
            far = most_cooperative(arena, at_table, agreements["equal-gain"], game.discount)
        except InfeasibleError as problem:
            problems.append(str(problem))
    return Deals(
        world=arena.world,
        names=tuple(p.name for p in players),
        threat=threat,
        agreements=agreements,
        frontier=line,
        enforcement=tuple(held),
        most_cooperative=far,
        discount=game.discount,
        problems=tuple(problems),
    )


def _war_of(end: TradeWar, players: Sequence[Player]) -> TradeWar:
    """The war in the rates of the deal: the same policies, laid out as the table's players do."""
    x = tuple(p.space.read(end.policies) for p in players)
    return replace(end, players=tuple(players), x=x)
