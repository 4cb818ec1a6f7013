"""What could governments gain together, and how would they share it?

Efficient policies maximise a weighted sum of the players' objectives; every way of sharing is a
point of that family. :mod:`detente.games.sharing` finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.equilibrium.specification import Specification
from detente.errors import InputError
from detente.games.agreements import Agreement, Threat, as_threat, threat_point
from detente.games.arena import Arena
from detente.games.best_reply import Player
from detente.games.game import Strategy
from detente.games.policies import Policies
from detente.games.sharing import Negotiation, ideal_value, share_fairly
from detente.progress import SILENT, Listener
from detente.world.model import World

__all__ = [
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

#: Smallest share of the gain at the ends of the frontier.
NARROW = 0.02


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
    table = Negotiation(arena, players, base)
    mu = np.asarray(weights, dtype=float)
    if mu.shape != (len(players),) or (mu < 0).any() or not mu.sum() > 0:
        raise InputError("weights must be one number ≥ 0 a player, not all zero.")
    none = np.zeros(len(players) - 1)
    origin = table.start if start is None else np.concatenate(list(start))
    x, first = table.reach(mu, none, origin)
    return table.agreement("efficient", x, none, as_threat(arena, players, threat), mu, first)


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
    table = Negotiation(arena, players, base)
    found = efficient(arena, players, list(table.income), threat=threat, base=base)
    return replace(found, name="utilitarian")


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
    table = Negotiation(arena, players, base)
    point = as_threat(arena, players, threat)
    d = np.array(point.value)
    got = share_fairly(table, d, d.copy(), transfers, "equal-gain", starts=starts)
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
    table = Negotiation(arena, players, base)
    point = as_threat(arena, players, threat)
    d = np.array(point.value)
    unit = d * part / part.max()
    got = share_fairly(table, d, unit, transfers, "split", near)
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
    table = Negotiation(arena, players, base)
    point = as_threat(arena, players, threat)
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
    table = Negotiation(arena, players, base)
    point = as_threat(arena, players, threat)
    d = np.array(point.value)
    begin = fair or equal_gain(arena, players, threat=point, transfers=transfers, base=base)
    ideal = np.array([ideal_value(table, d, k, begin, transfers) for k in range(len(players))])
    shared = share_fairly(table, d, ideal - d, transfers, "Kalai-Smorodinsky", begin)
    return table.agreement(
        "Kalai-Smorodinsky", shared.x, shared.money, point, shared.weights, shared.first_order
    )


def frontier(
    arena: Arena,
    players: Sequence[Player],
    points: int = 11,
    *,
    threat: Any = "status quo",
    transfers: bool = False,
    base: Policies | None = None,
    fair: Agreement | None = None,
    listener: Listener = SILENT,
) -> tuple[Agreement, ...]:
    """The efficient frontier of two players over a threat point, from the best for the second on.

    Points split the largest gains over the threat in growing proportions, so the part is traced
    that both prefer to the threat. Other weights are for :func:`efficient`.
    """
    if len(players) != 2:
        raise InputError("a frontier is traced for two players; use `efficient` for more.")
    if points < 2:
        raise InputError(f"a frontier needs at least two points; got {points}.")
    point = as_threat(arena, players, threat)
    out: list[Agreement] = []
    for k, part in enumerate(np.linspace(NARROW, 1 - NARROW, points)):
        listener.count("points of the frontier", k, points)
        found = split(
            arena, players, [part, 1 - part], threat=point, transfers=transfers, base=base,
            near=out[-1] if out else fair,
        )  # fmt: skip
        out.append(replace(found, name="frontier"))
    return tuple(out)


def bargain(
    arena: Arena | World,
    players: Sequence[Player | str | Sequence[str]],
    *,
    strategies: Sequence[Strategy] = (Strategy(),),
    specification: Specification | None = None,
    threat: Any = "status quo",
    transfers: bool = False,
    base: Policies | None = None,
    starts: int = 1,
) -> dict[str, Agreement]:
    """All named agreements of the same players over the same threat.

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
    threat, transfers, base, starts
        See :func:`equal_gain`.

    Examples
    --------
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"], tariff=[[[0.0], [0.3]], [[0.3], [0.0]]],
    ...     sales=[[[80.0], [20.0]], [[20.0], [80.0]]], trade_elasticity=4.0)
    >>> deals = bargain(world, ["HOM", "FOR"], strategies=[Strategy(bounds=(-0.5, 1.0))])
    >>> sorted(deals)
    ['Kalai-Smorodinsky', 'Nash', 'equal-gain', 'utilitarian']
    """
    arena = Arena.on(arena, specification)
    players = Player.all_of(arena, players, strategies)
    point = as_threat(arena, players, threat)
    fair = equal_gain(arena, players, threat=point, transfers=transfers, base=base, starts=starts)
    also: dict[str, Any] = {"threat": point, "transfers": transfers, "base": base, "fair": fair}
    return {
        "equal-gain": fair,
        "Nash": nash_product(arena, players, **also),
        "Kalai-Smorodinsky": kalai_smorodinsky(arena, players, **also),
        "utilitarian": utilitarian(arena, players, threat=point, base=base),
    }
