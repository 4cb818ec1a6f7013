"""What is the best a government can do, given what the others do?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import FloatArray
from detente.equilibrium.specification import Specification
from detente.errors import ConvergenceError, InputError
from detente.games.arena import Arena
from detente.games.game import Strategy
from detente.games.measures_in_force import welfare_from
from detente.games.objectives import Objective
from detente.games.policies import Policies
from detente.games.rows import (
    games_table,
    median_of,
    rate_rows,
    unidentified,
    value_rows,
)
from detente.games.search import EXACT, UNSOLVABLE, Summit, climb, left_open, polish, settle
from detente.games.strategies import StrategySpace
from detente.store import Blocks
from detente.world.model import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BestReply", "Player", "best_reply"]

#: Value and gradient in a player's vector.
Function = Callable[[FloatArray], tuple[float, FloatArray]]

#: First-order conditions, scaled, that a reply may leave open; welfare is then within the square.
GRADIENT_TOLERANCE = 1e-8
#: Gradient to which each start is taken before the best is worked out.
COARSE = 2e-5
#: Gradients taken from every start but the first before the starts are compared.
SHORT = 40
#: Rates beyond this level, and beyond this multiple of the mean, may have shut out their flow, so
#: that nothing pulls them back: the search tries them again from the mean.
SHUT_OUT, MULTIPLE = 1.0, 3.0
#: Starts whose objectives lie this close to the best are all worked out.
NEAR = 1e-6
#: Two optima are the same if no identified scaled log rate differs by more than this share.
SAME = 1e-3
#: Uniform rates that the search also starts from, by instrument: low, middling, prohibitive.
UNIFORM: dict[str, tuple[float, ...]] = {
    "tariff": (0.3, 0.6, 1.5),
    "export_tax": (0.1, 0.3, 0.6),
    "production_subsidy": (0.0, 0.1, 0.25),
    "export_ban": (0.0, 0.5, 1.0),
}
#: Longest step of a log rate while first-order conditions are solved.
LONGEST_STEP = 0.3
#: Curvature of a rate, over that at the baseline, is taken to lie within this range.
CURVED = (1e-4, 10.0)
#: Curvature pairs where first-order conditions alone do not get there: nearly flat directions.
NEARLY_FLAT = 100
#: Rounds of settling and climbing before a reply is judged as it is.
MOST_ATTEMPTS = 3
#: Values of an objective are good to this.
ROUNDING = 1e-11
#: Numbers of a reply that are written down beside its arrays.
WRITTEN = ("value", "value_before", "first_order", "curvature", "evaluations")
#: Directions in which curvature is sampled.
DIRECTIONS = 4


@dataclass(frozen=True, eq=False)
class Player:
    """A government: what it wants and what it may set."""

    space: StrategySpace
    objective: Objective

    @classmethod
    def of(
        cls,
        arena: Arena,
        members: str | Sequence[str],
        strategies: Sequence[Strategy] = (Strategy(),),
        objective: Objective | None = None,
    ) -> Player:
        """A player of this arena; it maximises real income unless another objective is given.

        Where measures stand below the policies, rates start from theirs.

        Examples
        --------
        >>> from detente.world import World
        >>> world = World.from_arrays(
        ...     ["HOM", "FOR"], ["goods"],
        ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
        >>> Player.of(Arena(world), "HOM").name
        'HOM'
        """
        space = StrategySpace.of(arena.world, members, strategies, arena.standing)
        return cls(space, objective or welfare_from(arena.world, members, arena.standing))

    @classmethod
    def all_of(
        cls,
        arena: Arena,
        players: Sequence[Player | str | Sequence[str]],
        strategies: Sequence[Strategy] = (Strategy(),),
    ) -> list[Player]:
        """Players as they are; codes, and groups of codes, as players with these strategies."""
        if len(players) > len(arena.world.economies):
            raise InputError(
                f"{len(players):,} players, but the world has {len(arena.world.economies):,} "
                "economies."
            )
        return [p if isinstance(p, Player) else cls.of(arena, p, strategies) for p in players]

    @property
    def name(self) -> str:
        """Code of the economy, or of the members joined by +."""
        return self.space.player


@dataclass(frozen=True, eq=False)
class BestReply:
    """The best that a player can do against fixed policies of all others.

    Attributes
    ----------
    player
        Who replies.
    x
        The rates as the search knows them.
    value, value_before
        Objective at the reply, and under the policies that it replies to (one at the baseline).
    policies
        All wedges with the reply in place.
    welfare_hat, economies
        Real income of every economy at the reply over the baseline.
    first_order
        Largest scaled first-order condition that is not held by a bound.
    starts
        Objective reached from each start (the best worked out, the others to about 1e-8).
    optima
        Objectives of the different local optima met, best first.
    curvature
        Largest second derivative among the sampled directions, negative at a maximum; missing
        where it was not sampled or every rate sits on a bound.
    evaluations
        Equilibria solved with a gradient.
    """

    player: Player
    x: FloatArray
    value: float
    value_before: float
    policies: Policies
    welfare_hat: FloatArray
    economies: tuple[str, ...]
    first_order: float
    starts: tuple[float, ...]
    optima: tuple[float, ...]
    curvature: float
    evaluations: int

    @property
    def gain_pct(self) -> float:
        """What the reply adds to the objective, percent of the level replied to."""
        return 100 * (self.value / self.value_before - 1)

    @property
    def is_maximum(self) -> bool:
        """Whether no sampled curvature is positive."""
        return not self.curvature > 0

    @property
    def levels(self) -> FloatArray:
        """The rates; missing where the flow does not exist."""
        return self.player.space.levels(self.x)

    @property
    def median_rate(self) -> float:
        """Median of the identified rates."""
        return median_of(self.levels)

    @property
    def bounds_hit(self) -> tuple[str, ...]:
        """Rates that sit on a bound, in words."""
        space = self.player.space
        hit = space.at_bounds(self.x)
        return tuple(
            " ".join(filter(None, (r.player, r.instrument, r.partner, r.sector)))
            for r, at in zip(space.rates, hit, strict=True)
            if at
        )

    @property
    def unidentified(self) -> tuple[str, ...]:
        """Rates on flows that do not exist: they have no value."""
        return unidentified(self.player.space)

    def keep(self, kept: Blocks, name: str) -> None:
        """Write the reply down as finished work."""
        kept.write(
            name,
            {
                "x": self.x,
                "welfare_hat": self.welfare_hat,
                "starts": np.array(self.starts),
                "optima": np.array(self.optima),
            },
            {key: getattr(self, key) for key in WRITTEN},
        )

    @classmethod
    def found(
        cls, kept: Blocks, name: str, arena: Arena, player: Player, base: Policies
    ) -> BestReply | None:
        """A reply to `base` that was written down; None where there is none."""
        block = kept.read(name)
        if block is None:
            return None
        x = block.arrays["x"]
        return cls(
            player=player,
            x=x,
            policies=player.space.apply(base, x),
            welfare_hat=block.arrays["welfare_hat"],
            economies=arena.world.economies,
            starts=tuple(block.arrays["starts"].tolist()),
            optima=tuple(block.arrays["optima"].tolist()),
            **block.about,
        )

    def rates(self) -> pd.DataFrame:
        """One row a rate: instrument, player, partner, sector, rate, whether at a bound."""
        import pandas as pd

        space = self.player.space
        frame = pd.DataFrame([vars(r) for r in space.rates])
        return frame.assign(
            rate=self.levels, at_bound=space.at_bounds(self.x), identified=space.identified
        )

    def table(self, scenario: str = "") -> pd.DataFrame:
        """Long table: every rate, the gain of the player, real income of every economy."""
        name = scenario or f"best reply of {self.player.name}"
        rows = rate_rows(self.player.space, self.x)
        rows += value_rows("objective_pct", [self.player.name], [100 * (self.value - 1)])
        rows += value_rows("objective_gain_pct", [self.player.name], [self.gain_pct])
        rows += value_rows("welfare_pct", self.economies, 100 * (self.welfare_hat - 1))
        return games_table(name, rows)


def uniform_start(space: StrategySpace, level: int) -> FloatArray:
    """Every rate at its instrument's low (0), middling (1) or prohibitive (2) level."""
    rates = np.array([UNIFORM[r.instrument][level] for r in space.rates])
    x = np.clip(space.from_levels(rates), space.lower, space.upper)
    return np.where(space.identified, x, space.start)


def _start_points(
    space: StrategySpace, start: FloatArray | None, starts: int, seed: int
) -> list[FloatArray]:
    """The present rates, three uniform levels, then random points."""
    rng = np.random.default_rng(seed)
    points = [space.start if start is None else start]
    points += [uniform_start(space, k) for k in (1, 0, 2)]
    reach = np.minimum(space.upper, np.maximum(space.lower, 0.0) + 1.0 * space.scale)
    while len(points) < starts:
        drawn = rng.uniform(space.lower, np.maximum(reach, space.lower))
        points.append(np.where(space.identified, drawn, space.start))
    return points[:starts]


def best_reply(
    arena: Arena | World,
    player: Player | str | Sequence[str],
    policies: Policies | None = None,
    *,
    strategies: Sequence[Strategy] = (Strategy(),),
    specification: Specification | None = None,
    start: FloatArray | None = None,
    starts: int = 3,
    seed: int = 0,
    thorough: bool = True,
    most_evaluations: int = 2000,
) -> BestReply:
    r"""A government's best policies against fixed policies of all others.

    The gradient of the objective in every rate comes from one adjoint solve. Limited-memory BFGS
    on scaled logs of the rates climbs from every start; the best are then worked out by solving
    the first-order conditions themselves.

    Parameters
    ----------
    arena
        The world in which policies are moved, or an arena on it.
    player
        A :class:`Player`, or codes of economies for one that maximises their real income.
    policies
        What the others do; the wedges in force when left out.
    strategies
        What the player may set, when `player` is a code; tariffs on everyone when left out.
    specification
        Model choices, for a world.
    starts
        Number of starting points: the present rates (or `start`), three uniform rates (60 %,
        30 %, 150 % for tariffs), then random ones. Objectives of this kind can have
        several local optima.
    thorough
        Take first-order conditions to 1e-11 also where that needs Newton's method, and sample
        second derivatives at the reply. Conditions of 1e-8 suffice for a value that is good to
        1e-16, and for rates of nearly flat directions to about 1e-4.

    Raises
    ------
    ConvergenceError
        The first-order conditions were not met from any start.

    References
    ----------
    Ossa (2014), optimal tariffs; the gradient by the implicit function theorem.

    Examples
    --------
    >>> from detente.world import World
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[1.0], [1.0]], [[1.0], [1e7]]], trade_elasticity=4.0)
    >>> reply = best_reply(world, "HOM")
    >>> round(float(reply.levels[0]), 4)    # a small economy: 1/θ
    0.25
    """
    if starts < 1:
        raise InputError(f"best_reply needs at least one start; got {starts}.")
    arena = Arena.on(arena, specification)
    (player,) = Player.all_of(arena, [player], strategies)
    policies = arena.in_force if policies is None else policies
    space = player.space
    before = arena.evaluate(policies, player.objective)[0]

    def function(x: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = arena.gradient(space.apply(policies, x), player.objective)
        return value, space.pull(gradient)

    def along(v: FloatArray) -> FloatArray:
        here, state = arena.last
        direction = space.push(v, here)
        return space.pull(arena.slope_along(here, player.objective, direction, state))

    def roughly(x: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = arena.gradient(space.apply(policies, x), player.objective, rough=True)
        return value, space.pull(gradient)

    at_first = arena.exposure(policies)
    exact = EXACT if thorough else GRADIENT_TOLERANCE

    def work_out(summit: Summit) -> Summit:
        stretch = _stretch(space, at_first, arena.exposure(space.apply(policies, summit.x)))
        return _work_out(function, along, space, summit, most_evaluations, stretch, exact)

    coarse: list[Summit] = []
    trouble = ""
    for k, point in enumerate(_start_points(space, start, starts, seed)):
        most = min(SHORT, most_evaluations) if k and coarse else most_evaluations
        try:
            coarse.append(climb(roughly, point, space.lower, space.upper, COARSE, most))
        except UNSOLVABLE as problem:
            # a start beyond what the solver reaches is no start
            trouble = str(problem)
    if not coarse:
        raise ConvergenceError(f"no best reply of {player.name}: {trouble}")
    evaluations = sum(s.evaluations for s in coarse)
    groups = _different(space, coarse)
    best_value = max(s.value for s in coarse)
    fine: list[Summit] = []
    for summit in groups:
        if summit.value < best_value - NEAR:
            continue
        worked_out = work_out(summit)
        evaluations += worked_out.evaluations
        fine.append(worked_out)
    best = max(fine, key=lambda s: s.value)
    if (again := _let_in(space, best.x)) is not None:
        with suppress(*UNSOLVABLE):
            second = climb(roughly, again, space.lower, space.upper, COARSE, SHORT)
            evaluations += second.evaluations
            if second.value > best.value + 1e-10:
                best = work_out(second)
                evaluations += best.evaluations
    if best.first_order > GRADIENT_TOLERANCE:
        edge = f" No step leads on: {best.unsolvable}" if best.unsolvable else ""
        raise ConvergenceError(
            f"no best reply of {player.name}: a first-order condition of {best.first_order:.1e} "
            f"remains after {evaluations} equilibria. Narrow the bounds or allow more.{edge}"
        )
    curvature = _curvature(function, space, best.x) if thorough else float("nan")
    after = space.apply(policies, best.x)
    return BestReply(
        player=player,
        x=best.x,
        value=best.value,
        value_before=before,
        policies=after,
        welfare_hat=arena.welfare_hat(after),
        economies=arena.world.economies,
        first_order=best.first_order,
        starts=tuple(s.value for s in coarse),
        optima=tuple(sorted((s.value for s in groups), reverse=True)),
        curvature=curvature,
        evaluations=evaluations,
    )


def _let_in(space: StrategySpace, x: FloatArray) -> FloatArray | None:
    """The point with shut-out rates back at the mean; None where there are none."""
    levels = space.levels(x)
    mean = space.mean_level(x)
    with np.errstate(invalid="ignore"):
        shut = (levels > max(SHUT_OUT, MULTIPLE * mean)) & (space.kinds != "export_ban")
    if not shut.any():
        return None
    again = space.from_levels(np.where(shut, mean, np.nan_to_num(levels)))
    return np.where(shut, np.clip(again, space.lower, space.upper), x)


def _different(space: StrategySpace, summits: Sequence[Summit]) -> list[Summit]:
    """One summit of each group that lies together, the highest first."""
    kept: list[Summit] = []
    for summit in sorted(summits, key=lambda s: -s.value):
        apart = [float(np.abs((summit.x - other.x)[space.identified]).max()) for other in kept]
        close = [abs(summit.value - other.value) < 1e-9 for other in kept]
        if not any(
            near or far < SAME * float(space.scale[space.identified].max())
            for near, far in zip(close, apart, strict=True)
        ):
            kept.append(summit)
    return kept


def _work_out(
    function: Function,
    along: Callable[[FloatArray], FloatArray],
    space: StrategySpace,
    summit: Summit,
    most: int,
    stretch: FloatArray,
    tolerance: float,
) -> Summit:
    """From nearly there to first-order conditions of 1e-11, or as far as it goes.

    Searches run in x · stretch, in which curvature is near one at the summit too.
    """
    lower, upper = space.lower * stretch, space.upper * stretch
    longest = LONGEST_STEP * space.scale * stretch

    def back(y: FloatArray) -> FloatArray:
        """From the stretched vector; what is on a bound stays on it to the last digit."""
        x = np.clip(y / stretch, space.lower, space.upper)
        return np.where(y <= lower, space.lower, np.where(y >= upper, space.upper, x))

    def slope(y: FloatArray) -> FloatArray:
        return function(back(y))[1] / stretch

    def judged(y: FloatArray, trouble: str) -> Summit:
        x = back(y)
        value, gradient = function(x)
        first = left_open(x, gradient, space.lower, space.upper)
        return Summit(x, value, first, 1, trouble)

    settled = settle(
        slope, summit.x * stretch, lower, upper, longest, reach=1.0, most=150, patience=20
    )
    count, best, y = settled.evaluations, summit, settled.x
    for _ in range(MOST_ATTEMPTS):
        polished = polish(
            slope, lambda v: along(v / stretch) / stretch, y, lower, upper, longest, tolerance
        )
        reached = judged(polished.x, polished.unsolvable)
        count += polished.evaluations + 1
        if reached.value >= best.value - ROUNDING:
            best = reached
            if best.first_order <= GRADIENT_TOLERANCE:
                break
        best = climb(function, best.x, space.lower, space.upper, 1e-8, most, memory=NEARLY_FLAT)
        count, y = count + best.evaluations, best.x * stretch
    return replace(best, evaluations=count)


def _stretch(space: StrategySpace, before: Policies, now: Policies) -> FloatArray:
    r"""By how much each direction must be stretched for curvature to stay as at the baseline.

    Curvature in a log rate is about proportional to what still flows: the stretch is the square
    root of that over the baseline, so that flows that a high trade elasticity has nearly shut out
    do not leave the search on a plain.
    """
    at_first, still = space.pull(before), space.pull(now)
    known = space.identified & (at_first > 0)
    out = np.ones(len(space))
    out[known] = np.sqrt(np.clip(still[known] / at_first[known], *CURVED))
    return out


def _curvature(function: Function, space: StrategySpace, x: FloatArray) -> float:
    """Largest sampled second derivative along directions that leave the bounds in peace."""
    rng = np.random.default_rng(0)
    free = space.identified & ~space.at_bounds(x)
    if not free.any():
        return float("nan")
    largest, step = -np.inf, 1e-4
    for _ in range(DIRECTIONS):
        direction = np.where(free, rng.standard_normal(len(x)), 0.0)
        direction /= np.linalg.norm(direction)
        with suppress(*UNSOLVABLE):
            ends = [
                function(np.clip(x + side * step * direction, space.lower, space.upper))[1]
                @ direction
                for side in (1.0, -1.0)
            ]
            largest = max(largest, float(ends[0] - ends[1]) / (2 * step))
    return largest if np.isfinite(largest) else float("nan")
