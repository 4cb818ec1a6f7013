"""What does the [game] section of a case come to?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.equilibrium.specification import Specification
from detente.errors import ConvergenceError, InfeasibleError, InputError
from detente.games.arena import Arena
from detente.games.best_reply import BestReply, Player, best_reply
from detente.games.cooperation import Agreement, Threat, bargain, frontier, threat_point
from detente.games.enforcement import Enforcement, enforce, most_cooperative
from detente.games.labelled import long_table, value_rows
from detente.games.objectives import Objective
from detente.games.strategies import Strategy, StrategySpace
from detente.games.trade_war import Round, TradeWar, profile, staircase, trade_war
from detente.scenario.game_section import GameSection, StrategySection, partners_of
from detente.scenario.groups import resolve_sectors
from detente.world.model import FloatArray, World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Deals", "GameResults", "PayoffMap", "War", "deals", "payoff_map", "players_of", "war"]

#: Sizes of the payoff map: multiples of each player's rates in the war, in logs.
MAP_REACH, MAP_POINTS = 2.0, 9

Tell = Callable[[str], None]


def _strategies(
    sections: Sequence[StrategySection],
    inside: tuple[str, ...],
    members: tuple[tuple[str, ...], ...],
    world: World,
) -> list[Strategy]:
    out = []
    for s in sections:
        out.append(
            Strategy(
                s.instrument,
                partners=None
                if s.instrument == "production_subsidy"
                else partners_of(s, inside, members, world),
                sectors=None
                if s.sectors is None
                else resolve_sectors(world, s.sectors, "game, strategy"),
                by=s.by,
                bounds=None if s.lowest is None or s.highest is None else (s.lowest, s.highest),
            )
        )
    return out


def players_of(arena: Arena, game: GameSection, *, at_the_table: bool = False) -> list[Player]:
    """The players of a case on an arena.

    Parameters
    ----------
    at_the_table
        With the strategies of a deal where the case gives some.
    """
    world = arena.world
    game.check(world)
    members = game.members(world)
    out = []
    for section, inside, name in zip(game.players, members, game.names, strict=True):
        own = section.strategy or game.strategies
        if at_the_table and game.deal_strategies:
            own = game.deal_strategies
        space = StrategySpace.of(world, inside, _strategies(own, inside, members, world))
        if section.weights is not None:
            if section.objective != "welfare":
                raise InputError(
                    f"game, player {name}: political weights go with the objective welfare, not "
                    f"with {section.objective}."
                )
            known = {
                s: w
                for key, w in section.weights.items()
                for s in resolve_sectors(world, (key,), "game, player, weights")
            }
            objective: Objective = Objective.political(world, inside, known)
        elif len(inside) > 1:
            if section.objective != "welfare":
                raise InputError(f"game, player {name}: several economies have welfare in common.")
            objective = Objective.welfare(world, inside)
        else:
            objective = Objective.outcome(world, inside[0], section.objective)
        out.append(Player(replace(space, player=name), objective))
    return out


@dataclass(frozen=True, eq=False)
class PayoffMap:
    """Objectives of two players over a grid of how hard each fights.

    Attributes
    ----------
    names
        The two players.
    intensity
        Multiples of the (log) rates of the war: 0 is no duty at all, 1 the war.
    mean_rate
        Mean rate of each player at each intensity, [player, intensity].
    value
        Objective of each player, [player, intensity of the first, intensity of the second].
    """

    names: tuple[str, str]
    intensity: FloatArray
    mean_rate: FloatArray
    value: FloatArray

    def best_replies(self) -> tuple[FloatArray, FloatArray]:
        """Best intensity of the first for each of the second, and the reverse (parabolas)."""
        return (
            np.array(
                [_peak(self.intensity, self.value[0][:, k]) for k in range(len(self.intensity))]
            ),
            np.array(
                [_peak(self.intensity, self.value[1][k, :]) for k in range(len(self.intensity))]
            ),
        )


def _peak(x: FloatArray, y: FloatArray) -> float:
    """Top of the parabola through the best grid point and its neighbours."""
    k = int(np.clip(np.argmax(y), 1, len(x) - 2))
    a, b, _ = np.polyfit(x[k - 1 : k + 2], y[k - 1 : k + 2], 2)
    return float(np.clip(-b / (2 * a), x[0], x[-1])) if a < 0 else float(x[np.argmax(y)])


def payoff_map(
    arena: Arena, found: TradeWar, reach: float = MAP_REACH, points: int = MAP_POINTS
) -> PayoffMap:
    """Objectives of the two players of a war around it."""
    if len(found.players) != 2:
        raise InputError("a payoff map has two axes: it needs a war of two players.")
    first, second = found.players
    intensity = np.linspace(0.0, reach, points)
    value = np.empty((2, points, points))
    for a, s in enumerate(intensity):
        for b, t in enumerate(intensity):
            x = [
                np.clip(s * found.x[0], first.space.lower, first.space.upper),
                np.clip(t * found.x[1], second.space.lower, second.space.upper),
            ]
            policies = profile(arena, found.players, x)
            value[:, a, b] = arena.values(policies, [first.objective, second.objective])
    mean = np.array(
        [
            [p.space.mean_level(np.clip(s * x, p.space.lower, p.space.upper)) for s in intensity]
            for p, x in zip(found.players, found.x, strict=True)
        ]
    )
    return PayoffMap((first.name, second.name), intensity, mean, value)


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
                long_table(f"move {k}{f': {round_.mover}' if round_.mover else ''}", rows)
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
            frames.append(long_table(f"frontier {k + 1}", rows, self.threat.name))
        frames += [e.table() for e in self.enforcement]
        if self.most_cooperative is not None:
            frames.append(self.most_cooperative.table())
        if not frames:
            return long_table("deals", [])
        return pd.concat(frames, ignore_index=True)


@dataclass(frozen=True, eq=False)
class GameResults:
    """War and deals of a case."""

    question: str
    war: War
    deals: Deals | None
    seconds: Mapping[str, float] = field(default_factory=dict)


def war(
    world: World,
    game: GameSection,
    specification: Specification | None = None,
    *,
    tell: Tell | None = None,
    folder: str | Path | None = None,
    arena: Arena | None = None,
) -> War:
    """Best replies, the staircase, the war and its payoff map, as the case asks for them.

    Parameters
    ----------
    tell
        Told what is being worked out.
    folder
        Where the state of the war is kept, so that interrupted work is taken up again.
    """
    say = tell or (lambda text: None)
    arena = arena or Arena(world, specification)
    players = players_of(arena, game)
    replies = []
    for player in players:
        say(f"best reply of {player.name}")
        replies.append(best_reply(arena, player))
    if len(players) == 1:
        return War(arena.world, tuple(replies))
    stairs: tuple[Round, ...] = ()
    if game.moves:
        say("staircase of replies")
        stairs = staircase(arena, players, game.moves)
    say(f"trade war of {len(players)} players")
    end = trade_war(arena, players, folder=folder)
    grid = None
    if len(players) == 2:
        say("payoff map")
        grid = payoff_map(arena, end)
    return War(arena.world, tuple(replies), stairs, end, grid)


def deals(
    world: World,
    game: GameSection,
    specification: Specification | None = None,
    *,
    found: War | None = None,
    tell: Tell | None = None,
    folder: str | Path | None = None,
    arena: Arena | None = None,
) -> Deals:
    """Agreements over the case's threat point, the frontier, and whether they hold.

    Parameters
    ----------
    found
        The war, where it was worked out already.

    Raises
    ------
    InfeasibleError
        There is nothing to gain from cooperation.
    """
    say = tell or (lambda text: None)
    arena = arena or Arena(world, specification)
    fighters = players_of(arena, game)
    players = players_of(arena, game, at_the_table=True)
    if len(players) < 2:
        raise InputError("a deal needs at least two players in [game].")
    end = found.end if found is not None else None
    if end is None and (game.threat == "trade war" or game.discount > 0):
        say(f"trade war of {len(players)} players")
        end = trade_war(arena, fighters, folder=folder)
    if isinstance(game.threat, dict):
        threat = replace(
            threat_point(arena, players, [1 + game.threat[n] / 100 for n in game.names]),
            name="given in the case",
        )
    elif game.threat == "trade war" and end is not None:
        threat = threat_point(arena, players, end)
    else:
        threat = threat_point(arena, players)
    say("agreements")
    agreements = bargain(arena, players, threat=threat, transfers=game.transfers, starts=3)
    problems: list[str] = []
    line: tuple[Agreement, ...] = ()
    if len(players) == 2:
        say("efficient frontier")
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
        say("enforcement")
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
