"""What may the [game] section of a case file say?

Players, what each may set and how far, what it wants, and what is asked: the staircase of replies,
the war, the deals and whether they hold.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from detente.errors import InputError, UnknownNameError
from detente.scenario.groups import Labels, resolve_economies, resolve_sectors

__all__ = ["GameSection", "PlayerSection", "StrategySection"]

_PERCENT = re.compile(r"^\s*([+\-−–]?)\s*(\d+(?:\.\d+)?)\s*%\s*$")
_PERCENT_SCHEMA = {"type": "string", "pattern": _PERCENT.pattern, "examples": ["0 %", "1000 %"]}
_NAMES_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}


def _rate(value: object) -> float:
    """The fraction that "-50 %" stands for; a bare number is refused."""
    if isinstance(value, (int, float)):
        raise ValueError(f'write a rate in percent, such as "25 %", not the bare number {value!r}')
    match = _PERCENT.match(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'write a rate in percent, such as "25 %", not {value!r}')
    return (-1 if match[1] in ("-", "−", "–") else 1) * float(match[2]) / 100


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
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


#: Rates on a value: at -100 % the good would be given away.
TAXES = ("tariff", "export_tax")


class StrategySection(_Part):
    """``[[game.strategy]]``: one kind of rate that players may set."""

    instrument: Literal["tariff", "export_tax", "production_subsidy", "export_ban"] = Field(
        default="tariff", description="what is set"
    )
    on: Names | None = Field(
        default=None,
        description='partners: economies, groups, or "players" for the other players; all if left '
        "out",
    )
    sectors: Names | None = Field(default=None, description="sectors; all goods if left out")
    by: Literal["partner and sector", "sector", "partner", "uniform"] = Field(
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

    def members(self, labels: Labels) -> tuple[tuple[str, ...], ...]:
        """Economies of every player.

        Raises
        ------
        InputError
            An economy that the world does not have, or that is in two players.
        """
        out: list[tuple[str, ...]] = []
        owner: dict[str, str] = {}
        for player, name in zip(self.players, self.names, strict=True):
            inside = resolve_economies(labels, player.who, where="game, player")
            for code in inside:
                if code in owner:
                    raise InputError(
                        f"game: {code} is in two players, {owner[code]} and {name}. Take it out of "
                        "one."
                    )
                owner[code] = name
            out.append(inside)
        return tuple(out)

    def check(self, labels: Labels) -> None:
        """Refuse names that the world does not have."""
        members = self.members(labels)
        for player, inside in zip(self.players, members, strict=True):
            for strategy in (*player.strategy, *self.strategies, *self.deal_strategies):
                partners_of(strategy, inside, members, labels)
                if strategy.sectors is not None:
                    resolve_sectors(labels, strategy.sectors, "game, strategy")
            if player.weights is not None:
                resolve_sectors(labels, tuple(player.weights), "game, player, weights")
            check_objective(player.objective, labels)
        if isinstance(self.threat, dict) and set(self.threat) != set(self.names):
            raise InputError(
                f"game, threat: one number for each of {', '.join(self.names)}; got "
                f"{', '.join(self.threat) or 'none'}."
            )


#: Objectives, and what stands behind their colons.
OBJECTIVES: dict[str, tuple[str, ...]] = {
    "welfare": (),
    "real wage": (),
    "employment": ("sector",),
    "real sales": ("sector",),
    "production abroad": ("economy", "sector"),
}


def check_objective(written: str, labels: Labels) -> None:
    """Refuse an objective that is not defined, or that names what the world does not have."""
    kind, *where = written.split(":")
    forms = [":".join((k, *(p.upper() for p in parts))) for k, parts in OBJECTIVES.items()]
    if kind not in OBJECTIVES or len(where) != len(OBJECTIVES[kind]):
        raise UnknownNameError(
            "objective", written, forms, "game, player", f"One of {', '.join(forms)}."
        )
    for name, part in zip(where, OBJECTIVES[kind], strict=True):
        if part == "sector":
            resolve_sectors(labels, (name,), "game, player, objective")
        else:
            resolve_economies(labels, (name,), where="game, player, objective")


def partners_of(
    strategy: StrategySection,
    inside: tuple[str, ...],
    members: tuple[tuple[str, ...], ...],
    labels: Labels,
) -> tuple[str, ...] | None:
    """Economies that a player's rates are set on; None for all."""
    if strategy.on is None:
        return None
    found: list[str] = []
    for name in strategy.on:
        if name == "players":
            found += [code for other in members for code in other if other != inside]
        else:
            found += resolve_economies(labels, (name,), acting=inside, where="game, strategy")
    return tuple(e for e in labels.economies if e in found and e not in inside)
