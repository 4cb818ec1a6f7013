"""What may the [game] section of a case file say?

Players, what each may set and how far, what it wants, and what is asked: the staircase of replies,
the war, the deals and whether they hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from detente.errors import InputError, shown
from detente.games.game import (
    Differentiation,
    Game,
    Government,
    Instrument,
    Strategy,
    objective_parts,
)
from detente.measures.rates import LARGEST_RATE
from detente.scenario.groups import Labels, resolve_economies, resolve_sectors

__all__ = ["GameSection", "PlayerSection", "StrategySection", "game_despite"]

#: Where something stands in the section: keys, and positions in lists.
Path = tuple[str | int, ...]

_PERCENT = re.compile(r"^([+\-−–]?)\s*(\d+(?:\.\d+)?)\s*%$")
_PERCENT_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*[+\-−–]?\s*\d+(\.\d+)?\s*%\s*$",
    "examples": ["0 %", "1000 %"],
}
_NAMES_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}


def _rate(value: object) -> float:
    """The fraction that "-50 %" stands for; a bare number is refused."""
    if isinstance(value, (int, float)):
        raise ValueError(
            f'write a rate in percent, such as "25 %", not the bare number {shown(value)}'
        )
    match = _PERCENT.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'write a rate in percent, such as "25 %", not {shown(value)}')
    rate = float(match[2]) / 100
    if rate > LARGEST_RATE:
        raise ValueError(f"{shown(value)} is beyond {LARGEST_RATE:.0%}: check the unit")
    return -rate if match[1] in ("-", "−", "–") else rate


def _names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _written(rate: float) -> str:
    """A fraction as it stands in a file."""
    return f"{100 * rate:.12g} %"


Percent = Annotated[
    float,
    BeforeValidator(_rate),
    PlainSerializer(_written, return_type=str),
    WithJsonSchema(_PERCENT_SCHEMA),
]
Names = Annotated[tuple[str, ...], BeforeValidator(_names), WithJsonSchema(_NAMES_SCHEMA)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


_PartOfGame = TypeVar("_PartOfGame", bound=_Part)

#: Stands for all other players where a strategy says on whom.
PLAYERS = "players"
#: Rates on a value: at -100 % the good would be given away.
TAXES = ("tariff", "export_tax")


class StrategySection(_Part):
    """``[[game.strategy]]``: one kind of rate that players may set."""

    instrument: Instrument = Field(default="tariff", description="what is set")
    on: Names | None = Field(
        default=None,
        description='partners: economies, groups, or "players" for the other players; all if left '
        "out",
    )
    sectors: Names | None = Field(default=None, description="sectors; all goods if left out")
    by: Differentiation = Field(
        default="partner and sector",
        description='how finely rates differ: "sector" is one rate for all partners (most '
        'favoured nation), "uniform" one rate for all',
    )
    lowest: Percent | None = Field(default=None, description='lowest rate, such as "0 %"')
    highest: Percent | None = Field(default=None, description='highest rate, such as "1000 %"')

    @model_validator(mode="after")
    def _ordered(self) -> StrategySection:
        if (self.lowest is None) != (self.highest is None):
            raise ValueError("give both lowest and highest, or neither")
        if self.on is not None and self.instrument == "production_subsidy":
            raise ValueError("a production subsidy has no partners: leave out `on`")
        if self.lowest is not None and self.lowest <= -1 and self.instrument in TAXES:
            raise ValueError(
                f"a lowest rate of {self.lowest:.0%} leaves no price: a {self.instrument} stays "
                "above -100%"
            )
        if self.lowest is not None and self.highest is not None and not self.lowest < self.highest:
            raise ValueError(
                f"the bounds contradict each other: lowest {self.lowest:.0%} is not below highest "
                f"{self.highest:.0%}"
            )
        return self

    def strategy(
        self, inside: tuple[str, ...], members: Sequence[tuple[str, ...]], labels: Labels
    ) -> Strategy | None:
        """What a player may set, in codes of the world; None where that is nothing.

        A rule for all players that names one of them sets nothing for that one.

        Parameters
        ----------
        inside
            Economies of the player.
        members
            Economies of every player.
        """
        partners = None
        if self.on is not None:
            found: set[str] = set()
            for name in self.on:
                if name == PLAYERS:
                    found |= {code for other in members for code in other}
                else:
                    found |= {
                        *resolve_economies(labels, (name,), acting=inside, where="game, strategy")
                    }
            partners = tuple(e for e in labels.economies if e in found and e not in inside)
            if not partners:
                return None
        return Strategy(
            self.instrument,
            partners=partners,
            sectors=None
            if self.sectors is None
            else resolve_sectors(labels, self.sectors, "game, strategy"),
            by=self.by,
            bounds=None
            if self.lowest is None or self.highest is None
            else (self.lowest, self.highest),
        )


class PlayerSection(_Part):
    """``[[game.player]]``: a government, or several that choose as one."""

    who: Names = Field(description="an economy, a group, or several that choose as one")
    name: str = Field(default="", description="a readable name")
    objective: str = Field(
        default="welfare",
        description='"welfare", "real wage", "employment:SECTOR", "real sales:SECTOR" or '
        '"production abroad:ECONOMY:SECTOR"',
    )
    weights: dict[str, float] | None = Field(
        default=None, description="political weights by sector; sectors left out keep one"
    )
    strategy: tuple[StrategySection, ...] = Field(
        default=(), description="what this player may set; the game's strategies if left out"
    )


def _player(value: object) -> object:
    """A player given by its code alone."""
    return {"who": value} if isinstance(value, str) else value


class GameSection(_Part):
    """``[game]``: what each government would choose, and what both could gain."""

    question: str = Field(default="", description="the question that the game answers")
    players: tuple[Annotated[PlayerSection, BeforeValidator(_player)], ...] = Field(
        alias="player", min_length=1, max_length=40, description="who plays"
    )
    strategies: tuple[StrategySection, ...] = Field(
        default=(),
        alias="strategy",
        description="what players may set, unless they name their own; required otherwise",
    )
    deal_strategies: tuple[StrategySection, ...] = Field(
        default=(),
        alias="deal_strategy",
        description="what a deal may set, where that is more than in a war (import subsidies)",
    )
    moves: int = Field(default=8, ge=0, le=200, description="moves of the staircase")
    threat: Literal["status quo", "trade war"] | dict[str, float] = Field(
        default="trade war",
        description='what happens without a deal: "status quo", "trade war", or the change of '
        "every player's objective in percent",
    )
    transfers: bool = Field(default=False, description="whether a deal may include payments")
    discount: float = Field(
        default=0.9, ge=0, lt=1, description="discount factor at which deals must hold"
    )
    points: int = Field(default=9, ge=2, le=101, description="points of the efficient frontier")

    @field_validator("threat", mode="before")
    @classmethod
    def _threatened(cls, value: object) -> object:
        """One message, not one for each of the forms that it may have."""
        by_player = isinstance(value, dict) and all(
            isinstance(v, (int, float)) and not isinstance(v, bool) and abs(v) < float("inf")
            for v in value.values()
        )
        if not by_player and value not in ("status quo", "trade war"):
            raise ValueError(
                'write "status quo", "trade war", or a number for every player, such as '
                f"{{ USA = -1.5, CHN = -2 }}, not {shown(value)}"
            )
        return value

    @model_validator(mode="after")
    def _armed(self) -> GameSection:
        idle = [n for n, p in zip(self.names, self.players, strict=True) if not p.strategy]
        if idle and not self.strategies:
            raise ValueError(
                f"{', '.join(idle)} may set nothing: add a [[game.strategy]] with an instrument, "
                'such as instrument = "tariff"'
            )
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """How players are called: their own name, or their codes joined by +."""
        return tuple(p.name or "+".join(p.who) for p in self.players)

    def game(self, labels: Labels) -> Game:
        """The game that the section describes, in codes of the world.

        Raises
        ------
        InputError
            Names that the world does not have; an economy in two players; an objective that is
            not defined.
        """
        members = tuple(
            resolve_economies(labels, p.who, where="game, player") for p in self.players
        )

        def of_player(
            sections: Sequence[StrategySection], inside: tuple[str, ...]
        ) -> tuple[Strategy, ...]:
            made = (s.strategy(inside, members, labels) for s in sections)
            return tuple(strategy for strategy in made if strategy is not None)

        players = []
        for section, inside, name in zip(self.players, members, self.names, strict=True):
            weights = section.weights and {
                sector: weight
                for key, weight in section.weights.items()
                for sector in resolve_sectors(labels, (key,), "game, player, weights")
            }
            own = section.strategy or self.strategies
            players.append(
                Government(
                    name=name,
                    members=inside,
                    strategies=of_player(own, inside),
                    deal_strategies=of_player(self.deal_strategies, inside),
                    objective=section.objective,
                    weights=weights,
                )
            )
        return Game(
            players=tuple(players),
            question=self.question,
            moves=self.moves,
            threat=self.threat,
            transfers=self.transfers,
            discount=self.discount,
            points=self.points,
        )

    def problems(self, labels: Labels) -> list[tuple[str, Path]]:
        """What the world does not have or no game can be, each with its place in the section."""
        found = self.unknown_names(labels)
        if not found:
            try:
                self.game(labels)
            except InputError as error:
                threat = "threat" in str(error).partition(":")[0]
                return [(str(error), ("threat",) if threat else ())]
        return found

    def unknown_names(self, labels: Labels) -> list[tuple[str, Path]]:
        """Names that the world does not have, each with its place in the section."""
        found: dict[str, Path] = {}
        for work, path in self._names(labels):
            try:
                work()
            except InputError as error:
                found.setdefault(str(error), path)
        return list(found.items())

    def _names(self, labels: Labels) -> Iterator[tuple[Callable[[], object], Path]]:
        """What looks names up in the world, and where they stand."""
        for k, player in enumerate(self.players):
            place = ("player", k)
            yield partial(resolve_economies, labels, player.who, where="game, player"), place
            yield partial(check_objective, player.objective, labels), (*place, "objective")
            if player.weights is not None:
                names, where = tuple(player.weights), "game, player, weights"
                yield partial(resolve_sectors, labels, names, where), (*place, "weights")
        for strategy, path in self._strategies():
            names = strategy.sectors or ()
            yield partial(resolve_sectors, labels, names, "game, strategy"), (*path, "sectors")
            abroad = [name for name in strategy.on or () if name != PLAYERS]
            yield partial(resolve_economies, labels, abroad, where="game, strategy"), (*path, "on")

    def _strategies(self) -> Iterator[tuple[StrategySection, Path]]:
        """Every strategy, and where it stands."""
        for k, player in enumerate(self.players):
            for n, strategy in enumerate(player.strategy):
                yield strategy, ("player", k, "strategy", n)
        for n, strategy in enumerate(self.strategies):
            yield strategy, ("strategy", n)
        for n, strategy in enumerate(self.deal_strategies):
            yield strategy, ("deal_strategy", n)


def game_despite(raw: object, broken: Collection[Path], labels: Labels) -> GameSection:
    """What is left of a section that is broken at some places, for names to be looked up.

    Entries that cannot be read stand empty, so that the others keep their positions.
    """

    def left(entry: object, place: Path, *leave_out: str) -> dict[str, Any]:
        known = entry if isinstance(entry, Mapping) else {}
        lost = {path[len(place)] for path in broken if path[: len(place)] == place != path}
        return {k: v for k, v in known.items() if k not in lost and k not in leave_out}

    def entries(table: object, place: Path) -> Iterator[tuple[object, Path]]:
        found = table.get(place[-1]) if isinstance(table, Mapping) else None
        for k, entry in enumerate(found if isinstance(found, list) else ()):
            yield entry, (*place, k)

    def strategies(table: object, place: Path) -> tuple[StrategySection, ...]:
        """Bounds go with each other: neither is looked at."""
        return tuple(
            _or(StrategySection(), left(entry, path, "lowest", "highest"))
            for entry, path in entries(table, place)
        )

    return GameSection.model_construct(
        players=tuple(
            _or(
                PlayerSection(who=()),
                {"who": ()} | left(_player(entry), path, "strategy"),
                strategies(entry, (*path, "strategy")),
            )
            for entry, path in entries(raw, ("player",))
        ),
        strategies=strategies(raw, ("strategy",)),
        deal_strategies=strategies(raw, ("deal_strategy",)),
    )


def _or(
    empty: _PartOfGame, given: Mapping[str, Any], strategy: Sequence[StrategySection] | None = None
) -> _PartOfGame:
    """A part from what is given; the empty one where that cannot be read."""
    try:
        found = type(empty).model_validate(given)
    except ValidationError:
        found = empty
    return found if strategy is None else found.model_copy(update={"strategy": strategy})


def check_objective(written: str, labels: Labels) -> None:
    """Refuse an objective that is not defined, or that names what the world does not have."""
    _, parts = objective_parts(written)
    if "sector" in parts:
        resolve_sectors(labels, (parts["sector"],), "game, player, objective")
    if "economy" in parts:
        resolve_economies(labels, (parts["economy"],), where="game, player, objective")
