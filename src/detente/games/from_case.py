"""Which game does the [game] section of a case describe?"""

from __future__ import annotations

from collections.abc import Sequence

from detente.games.game import Game, Government, Strategy
from detente.scenario.game_section import GameSection, StrategySection, partners_of
from detente.scenario.groups import Labels, resolve_sectors

__all__ = ["game_of"]


def game_of(section: GameSection, labels: Labels) -> Game:
    """The section with its groups and names resolved to codes of the world."""
    section.check(labels)
    members = section.members(labels)

    def typed(sections: Sequence[StrategySection], inside: tuple[str, ...]) -> tuple[Strategy, ...]:
        return tuple(
            Strategy(
                s.instrument,
                partners=None
                if s.instrument == "production_subsidy"
                else partners_of(s, inside, members, labels),
                sectors=None
                if s.sectors is None
                else tuple(resolve_sectors(labels, s.sectors, "game, strategy")),
                by=s.by,
                bounds=None if s.lowest is None or s.highest is None else (s.lowest, s.highest),
            )
            for s in sections
        )

    players = []
    for one, inside, name in zip(section.players, members, section.names, strict=True):
        weights = one.weights and {
            s: weight
            for key, weight in one.weights.items()
            for s in resolve_sectors(labels, (key,), "game, player, weights")
        }
        players.append(
            Government(
                name=name,
                members=inside,
                strategies=typed(one.strategy or section.strategies, inside),
                deal_strategies=typed(section.deal_strategies, inside),
                objective=one.objective,
                weights=weights,
            )
        )
    return Game(
        players=tuple(players),
        question=section.question,
        moves=section.moves,
        threat=section.threat,
        transfers=section.transfers,
        discount=section.discount,
        points=section.points,
    )
