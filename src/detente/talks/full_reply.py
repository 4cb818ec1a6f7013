"""What would a side gain by breaking a package with the best tariffs that it could set?

The filters of the zone know breaches among the levels on the table. Here each side may set any
tariff on the other, sector by sector, once a package is in force: the best reply of the policy
game. It moves real income alone; what a breach does beyond trade is not in it.

The package's measures stay in force under the reply, on parts of flows too. A side's tariff on a
flow is one level, which the rest of the flow and every part of it pay in place of the tariffs that
they paid (ordinary, additional, anti-dumping alike). Everything else stays with its part: a ban
remains a ban, barriers, subsidies and the other side's export taxes remain; so do rates that a
budget, a limit or a mirror rule has set under the package, since the others hold still. Where the
parts of a flow differ in nothing but tariffs and barriers, tariffs by part would be worth no more;
where one level would be worth less than the package's own tariffs, the side leaves those alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import ConvergenceError, InfeasibleError, InputError
from detente.store import Blocks, content_hash
from detente.talks.given import MeetingGiven
from detente.talks.ground import Ground

if TYPE_CHECKING:
    from detente.equilibrium import Specification
    from detente.measures import Instrument
    from detente.world import World

__all__ = ["FullReply", "full_replies", "reply_gains"]

#: Relative gap of the equilibrium that becomes the baseline of the reply.
TOLERANCE = 1e-12
#: Version of what is kept; another version is computed anew.
FORMAT = 2


@dataclass(frozen=True)
class FullReply:
    """A package and what each side's best tariffs on the other would add to its real income.

    Attributes
    ----------
    package
        Number of the package.
    gain
        Percent of real income under the package, by side; None where it has no answer.
    why_none
        Why there is no number, or "".
    """

    package: int
    gain: tuple[float, float] | None
    why_none: str = ""


def reply_gains(
    world: World,
    measures: Sequence[Instrument],
    sides: tuple[Sequence[str], Sequence[str]],
    specification: Specification,
) -> tuple[float, float]:
    """Gain of each side's best tariffs on the other over a package, percent of real income.

    Parameters
    ----------
    measures
        What is in force under the package.
    sides
        Members of both sides.
    specification
        Closure and labour market, without economies of scale.

    Returns
    -------
    Never negative: to leave the package's tariffs as they are is a reply too.

    Raises
    ------
    InputError
        Economies of scale, or inputs that are no Cobb-Douglas nest.
    ConvergenceError, InfeasibleError
        The package or a reply to it has no equilibrium.

    References
    ----------
    Ossa (2014), optimal tariffs by partner and sector; Bagwell and Staiger (1990), temptation.

    Examples
    --------
    >>> from detente.equilibrium import Specification
    >>> from detente.world import World
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [80.0]]], trade_elasticity=4.0)
    >>> gains = reply_gains(world, (), (["HOM"], ["FOR"]), Specification(scale=False))
    >>> gains[0] > 0 and abs(gains[0] - gains[1]) < 1e-6
    True
    """
    from detente.equilibrium import solve
    from detente.games.arena import Arena
    from detente.games.best_reply import Player, best_reply
    from detente.games.game import Strategy
    from detente.scenario import Scenario, compile_scenario

    standing = None
    if measures:
        compiled = compile_scenario(world, Scenario("package", tuple(measures)))
        standing = solve(world, compiled, specification=specification, tolerance=TOLERANCE)
    arena = Arena(world, specification, standing)
    gains = []
    for mine, yours in (sides, sides[::-1]):
        tariffs = Strategy("tariff", partners=tuple(yours))
        player = Player.of(arena, mine, [tariffs])
        found = best_reply(arena, player, starts=1, thorough=False)
        gains.append(max(0.0, found.gain_pct))
    return gains[0], gains[1]


def full_replies(
    given: MeetingGiven,
    world: World,
    ground: Ground,
    packages: Sequence[int],
    *,
    folder: Path | None = None,
) -> tuple[FullReply, ...]:
    """The full best replies to some packages; those with the same measures are answered once.

    The labour market is that of the talks, scale apart, which a search over tariffs does without.

    Parameters
    ----------
    folder
        Where answers are kept for a later run with the same content.
    """
    from detente.equilibrium import Specification

    talks, request = ground.talks, ground.table.request
    specification = Specification(
        closure=given.closure,
        labour=talks.labour,
        roy_elasticity=talks.roy_elasticity if talks.labour == "roy" else None,
        labour_supply_elasticity=given.labour_supply_elasticity,
        input_elasticity=given.input_elasticity,
        scale=False,
    )
    members = (talks.parties[0].members, talks.parties[1].members)
    rows: dict[int, tuple[tuple[float, float] | None, str]] = {}
    out = []
    for package in dict.fromkeys(int(p) for p in packages):
        row = int(request.row_of[package])
        if row not in rows:
            chosen = tuple(given.measures[m] for m in request.rows[row])
            key = content_hash(FORMAT, TOLERANCE, members, world, specification, chosen)
            store = Blocks(folder, "reply", key)
            if (kept := store.read("gains")) is not None:
                first, second = kept.arrays["gains"].tolist()
                rows[row] = (first, second), ""
            else:
                try:
                    gains = reply_gains(world, chosen, members, specification)
                    rows[row] = gains, ""
                    store.write("gains", {"gains": np.array(gains)})
                except (InputError, ConvergenceError, InfeasibleError) as problem:
                    rows[row] = None, str(problem).split(". ")[0]
        out.append(FullReply(package, *rows[row]))
    return tuple(out)
