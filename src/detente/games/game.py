"""What is a game: who plays, what each may set and how far, what it wants, and what is asked?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from detente.errors import InputError, UnknownNameError

__all__ = [
    "INSTRUMENTS",
    "OBJECTIVES",
    "Game",
    "Government",
    "Strategy",
    "objective_parts",
]

Instrument = Literal["tariff", "export_tax", "production_subsidy", "export_ban"]
INSTRUMENTS: tuple[Instrument, ...] = ("tariff", "export_tax", "production_subsidy", "export_ban")

Differentiation = Literal["partner and sector", "sector", "partner", "uniform"]
#: How finely rates may differ.
DIFFERENTIATIONS: tuple[Differentiation, ...] = (
    "partner and sector",
    "sector",
    "partner",
    "uniform",
)

#: Bounds that hold unless others are given: [0, 1000 %] for tariffs as in Ossa (2014); the rest
#: so wide that an interior optimum is not cut off, and stated with every result.
DEFAULT_BOUNDS: dict[str, tuple[float, float]] = {
    "tariff": (0.0, 10.0),
    "export_tax": (-0.5, 10.0),
    "production_subsidy": (-0.5, 0.5),
    "export_ban": (0.0, 1.0),
}

#: In a war a deviation may gain at most this share of the objective.
REGRET_TOLERANCE = 1e-6
#: Rates on a value: at −100 % the good would be given away.
TAXES = ("tariff", "export_tax")

#: Objectives, and what stands behind their colons.
OBJECTIVES: dict[str, tuple[Literal["economy", "sector"], ...]] = {
    "welfare": (),
    "real wage": (),
    "employment": ("sector",),
    "real sales": ("sector",),
    "production abroad": ("economy", "sector"),
}


@dataclass(frozen=True)
class Strategy:
    """One kind of rate that a government may set.

    Attributes
    ----------
    instrument
        "tariff" and "export_tax" (levels of the rate), "production_subsidy", "export_ban"
        (share of the flow that is closed).
    partners
        Trade partners it may be set on; None for all. Not for production subsidies.
    sectors
        Sectors; None for all goods of the world (all sectors where goods are not named).
    by
        "partner and sector" (one rate each), "sector" (one rate for all partners: most favoured
        nation), "partner", or "uniform" (one rate for all).
    bounds
        Lowest and highest rate; None takes the instrument's default.

    Raises
    ------
    InputError
        Bounds that contradict each other or leave no price; partners of a production subsidy; no
        partner, or no sector, to be set on.

    Examples
    --------
    >>> Strategy("export_tax").limits
    (-0.5, 10.0)
    """

    instrument: Instrument = "tariff"
    partners: tuple[str, ...] | None = None
    sectors: tuple[str, ...] | None = None
    by: Differentiation = "partner and sector"
    bounds: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.instrument not in INSTRUMENTS:
            raise UnknownNameError("instrument", self.instrument, INSTRUMENTS, "strategy")
        if self.by not in DIFFERENTIATIONS:
            raise UnknownNameError(
                "way to differentiate rates", self.by, DIFFERENTIATIONS, "strategy"
            )
        if self.instrument == "production_subsidy" and self.partners is not None:
            raise InputError("a production subsidy has no partners: leave them out.")
        if self.partners == () or self.sectors == ():
            what = "partner" if self.partners == () else "sector"
            raise InputError(
                f"strategy {self.instrument}: it names no {what} to be set on; leave "
                f"{what}s out for all of them."
            )
        low, high = self.limits
        if not (low < high and -np.inf < low and high < np.inf):
            raise InputError(
                f"strategy {self.instrument}: the bounds contradict each other, "
                f"{low:g} is not below {high:g}."
            )
        if self.instrument in TAXES and low <= -1:
            raise InputError(
                f"strategy {self.instrument}: a rate of {100 * low:g} % leaves no price; stay "
                "above −100 %."
            )
        if self.instrument == "production_subsidy" and high >= 1:
            raise InputError(
                f"strategy production_subsidy: a rate of {100 * high:g} % leaves no price; stay "
                "below 100 %."
            )
        if self.instrument == "export_ban" and (low < 0 or high > 1):
            raise InputError(
                f"strategy export_ban: bounds {100 * low:g} % to {100 * high:g} % are no shares "
                "of a flow; stay within 0 % to 100 %."
            )

    @property
    def limits(self) -> tuple[float, float]:
        """The bounds that hold."""
        return self.bounds or DEFAULT_BOUNDS[self.instrument]


@dataclass(frozen=True)
class Government:
    """A player as a case describes it, in codes of the world.

    Attributes
    ----------
    name
        How it is called.
    members
        Economies that choose as one.
    strategies
        What it may set in a war.
    deal_strategies
        What a deal may set; the same as in a war where there are none.
    objective
        A kind of :data:`OBJECTIVES` with what stands behind its colons, "employment:SECTOR".
    weights
        Political weights by sector; sectors left out keep one. None: all of them do.

    Raises
    ------
    InputError
        It has no members, or may set nothing; several members, or weights, with an objective
        other than welfare; a weight below zero.
    UnknownNameError
        No such objective.

    Examples
    --------
    >>> Government("USA", ("USA",), (Strategy(partners=("CHN",)),)).at_the_table[0].partners
    ('CHN',)
    """

    name: str
    members: tuple[str, ...]
    strategies: tuple[Strategy, ...]
    deal_strategies: tuple[Strategy, ...] = ()
    objective: str = "welfare"
    weights: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        objective_parts(self.objective)
        if not self.members:
            raise InputError(f"game, player {self.name}: it needs at least one economy.")
        if not self.strategies:
            raise InputError(
                f"game, player {self.name}: it may set nothing; give it at least one strategy "
                "on others than itself."
            )
        for sector, weight in (self.weights or {}).items():
            if not 0 <= weight < np.inf:
                raise InputError(
                    f"game, player {self.name}: the weight of {sector} must be finite and not "
                    f"negative; got {weight:g}."
                )
        if self.objective != "welfare" and (self.weights is not None or len(self.members) > 1):
            what = "several economies have" if self.weights is None else "political weights need"
            raise InputError(
                f"game, player {self.name}: {what} the objective welfare, not {self.objective}."
            )

    @property
    def at_the_table(self) -> tuple[Strategy, ...]:
        """What it may set in a deal."""
        return self.deal_strategies or self.strategies


@dataclass(frozen=True)
class Game:
    """Players and what is asked about them.

    Attributes
    ----------
    players
        Who plays; no economy twice.
    question
        The question that the game answers, in the words of its author.
    moves
        Moves of the staircase of replies.
    threat
        What happens without a deal: "status quo", "trade war", or the change of every player's
        objective in percent, by name.
    transfers
        Whether a deal may include payments.
    discount
        Discount factor at which deals must hold, in [0, 1).
    points
        Points of the efficient frontier.

    Raises
    ------
    InputError
        No player, two of one name, an economy in two of them, a threat that leaves one out, or a
        number out of range.

    Examples
    --------
    >>> tariffs = (Strategy("tariff"),)
    >>> game = Game((Government("US", ("USA",), tariffs), Government("CN", ("CHN",), tariffs)))
    >>> game.names
    ('US', 'CN')
    """

    players: tuple[Government, ...]
    question: str = ""
    moves: int = 8
    threat: Literal["status quo", "trade war"] | Mapping[str, float] = "trade war"
    transfers: bool = False
    discount: float = 0.9
    points: int = 9
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(p.name for p in self.players))
        if not self.players:
            raise InputError("a game needs at least one player.")
        if twice := sorted({n for n in self.names if self.names.count(n) > 1}):
            raise InputError(f"game: two players are called {twice[0]}. Give each its own name.")
        owner: dict[str, str] = {}
        for player in self.players:
            for code in player.members:
                if code in owner:
                    raise InputError(
                        f"game: {code} is in two players, {owner[code]} and {player.name}. "
                        "Take it out of one."
                    )
                owner[code] = player.name
        if isinstance(self.threat, Mapping) and set(self.threat) != set(self.names):
            raise InputError(
                f"game, threat: one number for each of {', '.join(self.names)}; got "
                f"{', '.join(self.threat) or 'none'}."
            )
        for name, change in self.threat.items() if isinstance(self.threat, Mapping) else ():
            if not -100 < change < np.inf:
                raise InputError(
                    f"game, threat: the change of {name} is in percent, above −100; got {change:g}."
                )
        if not 0 <= self.discount < 1:
            raise InputError(f"a discount factor lies in [0, 1); got {self.discount:g}.")
        if self.moves < 0 or self.points < 2:
            raise InputError(
                f"game: moves must not be negative and points at least 2; got {self.moves} and "
                f"{self.points}."
            )


def objective_parts(written: str) -> tuple[str, dict[str, str]]:
    """Kind of an objective, and the economy and sector that it names.

    Raises
    ------
    UnknownNameError
        No such objective, or one part too many or too few.

    Examples
    --------
    >>> objective_parts("employment:steel")
    ('employment', {'sector': 'steel'})
    """
    kind, *where = written.split(":")
    if kind not in OBJECTIVES or len(where) != len(OBJECTIVES[kind]):
        forms = [":".join((k, *(p.upper() for p in parts))) for k, parts in OBJECTIVES.items()]
        raise UnknownNameError(
            "objective", written, forms, "game, player", f"One of {', '.join(forms)}."
        )
    return kind, dict(zip(OBJECTIVES[kind], where, strict=True))
