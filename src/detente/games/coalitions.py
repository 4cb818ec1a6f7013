"""Who would choose together, and would they stay together?

Several economies that consult first and then act as one have one objective (the sum of their real
gains in money, or weights that are given) and one set of rates on outsiders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import FloatArray
from detente.errors import InputError
from detente.games.arena import Arena
from detente.games.best_reply import Player, best_reply
from detente.games.game import Strategy
from detente.games.policies import Policies
from detente.games.rows import games_table, median_of, welfare_rows
from detente.games.trade_war import trade_war
from detente.progress import SILENT, Listener
from detente.world.model import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Coalition", "CoalitionGame", "coalition_game"]

#: Partners are searched up to this many: every subset is a game of its own.
MOST_PARTNERS = 5


@dataclass(frozen=True, eq=False)
class Coalition:
    """One composition of the coalition and what everybody has under it.

    Attributes
    ----------
    blocs
        Partners that joined the leader, by name of the bloc.
    members
        The economies that choose as one.
    welfare_hat
        Real income of every economy over the baseline.
    median_rate
        Of the coalition's rates on outsiders.
    """

    blocs: tuple[str, ...]
    members: tuple[str, ...]
    welfare_hat: FloatArray
    median_rate: float


@dataclass(frozen=True, eq=False)
class CoalitionGame:
    """Every composition of a coalition around a leader.

    Attributes
    ----------
    leader, partners
        Who leads, and the blocs that may join.
    rivals
        Players that answer; nobody answers where there are none.
    compositions
        One for every subset of the partners.
    """

    world: World
    leader: str
    partners: Mapping[str, tuple[str, ...]]
    rivals: tuple[str, ...]
    compositions: tuple[Coalition, ...]

    def of(self, *blocs: str) -> Coalition:
        """One composition by its partners."""
        for c in self.compositions:
            if set(c.blocs) == set(blocs):
                return c
        raise InputError(f"no composition with {', '.join(blocs) or 'the leader alone'}.")

    def worth(self, bloc: str, composition: Coalition) -> float:
        """Real income of a bloc under a composition, its members weighted by income."""
        inside = (self.leader,) if bloc == self.leader else self.partners[bloc]
        at = [self.world.economies.index(m) for m in inside]
        return float(np.average(composition.welfare_hat[at], weights=self.world.income[at]))

    def would_leave(self, composition: Coalition) -> tuple[str, ...]:
        """Members that are better off outside while the others stay (internal stability: none)."""
        return tuple(
            bloc
            for bloc in composition.blocs
            if self.worth(bloc, self.of(*(b for b in composition.blocs if b != bloc)))
            > self.worth(bloc, composition) + 1e-12
        )

    def would_join(self, composition: Coalition) -> tuple[str, ...]:
        """Outsiders better off inside while the members stay (external stability: none)."""
        return tuple(
            bloc
            for bloc in self.partners
            if bloc not in composition.blocs
            and self.worth(bloc, self.of(*composition.blocs, bloc))
            > self.worth(bloc, composition) + 1e-12
        )

    @property
    def stable(self) -> tuple[Coalition, ...]:
        """Compositions that nobody wants to leave and nobody outside wants to join."""
        return tuple(
            c for c in self.compositions if not self.would_leave(c) and not self.would_join(c)
        )

    def table(self) -> pd.DataFrame:
        """Long table: real income of every economy under every composition."""
        import pandas as pd

        frames = []
        for c in self.compositions:
            name = "+".join((self.leader, *c.blocs))
            rows: list[dict[str, Any]] = welfare_rows(self.world, c.welfare_hat)
            frames.append(games_table(name, rows))
        return pd.concat(frames, ignore_index=True)


def coalition_game(
    arena: Arena,
    leader: str,
    partners: Mapping[str, Sequence[str]] | Sequence[str],
    *,
    strategies: Sequence[Strategy] = (Strategy(),),
    rivals: Sequence[Player] = (),
    policies: Policies | None = None,
    listener: Listener = SILENT,
) -> CoalitionGame:
    """What every composition of a coalition would do and get.

    The coalition sets `strategies` on outsiders. With `rivals` each composition fights a trade war
    with them; without, it sets its best policies while all others keep theirs. Partners that stay
    out keep the wedges in force.

    Parameters
    ----------
    partners
        Economies, or blocs by name, that may join the leader.

    References
    ----------
    d'Aspremont, Jacquemin, Gabszewicz and Weymark (1983), internal and external stability.
    """
    blocs = (
        {k: tuple(v) for k, v in partners.items()}
        if isinstance(partners, Mapping)
        else {p: (p,) for p in partners}
    )
    if not blocs:
        raise InputError("a coalition needs at least one possible partner.")
    if len(blocs) > MOST_PARTNERS:
        raise InputError(
            f"{len(blocs)} partners make {2 ** len(blocs)} compositions; at most {MOST_PARTNERS} "
            "partners are searched. Join some into blocs."
        )
    subsets = list(chain.from_iterable(combinations(blocs, k) for k in range(len(blocs) + 1)))
    found = []
    for k, subset in enumerate(subsets):
        listener.count("compositions", k, len(subsets))
        members = (leader, *(m for bloc in subset for m in blocs[bloc]))
        player = Player.of(arena, members, strategies)
        if rivals:
            war = trade_war(arena, [player, *rivals], regret_starts=2)
            welfare, x = war.welfare_hat, war.x[0]
        else:
            reply = best_reply(arena, player, policies, thorough=False)
            welfare, x = reply.welfare_hat, reply.x
        median = median_of(player.space.levels(x))
        found.append(Coalition(subset, members, welfare, median))
    return CoalitionGame(arena.world, leader, blocs, tuple(p.name for p in rivals), tuple(found))
