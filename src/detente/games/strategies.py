"""Which instruments does a government set, and how far may it go?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Shaped
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.errors import InputError, shown
from detente.games.game import Strategy
from detente.games.measures_in_force import present
from detente.games.policies import Policies
from detente.world.model import World

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium

__all__ = ["PolicyRate", "StrategySpace"]

#: Which array of the policies an instrument moves.
FIELD: dict[str, str] = {
    "tariff": "tariff",
    "export_tax": "export_tax",
    "production_subsidy": "production_subsidy",
    "export_ban": "ban",
}
#: A rate whose base is below this share of the player's income moves nothing that could be
#: measured: it is reported as unidentified rather than as a number.
UNIDENTIFIED = 1e-12


@dataclass(frozen=True)
class PolicyRate:
    """One free rate: which instrument, on whom, in which sector ("" where it spans several)."""

    instrument: str
    player: str
    partner: str
    sector: str


@dataclass(frozen=True, eq=False)
class StrategySpace:
    r"""A player's free rates as one vector of scaled logs.

    x = scale · ln(1 + rate) (for subsidies −ln(1 − s), for bans the share itself), where the
    scale is the square root of base × θ over income: the curvature of welfare in x is then close
    to one everywhere, which is what makes gradient searches fast.

    Where measures stand on parts of a flow, a tariff is one level on the whole of it: the rest and
    every part pay it in place of what they paid. Parts of a flow differ in nothing that the
    importer could exploit, so no tariff by part is better where they share their other wedges;
    what stays with each part are those: bans, barriers, subsidies, taxes of the exporter.
    """

    player: str
    members: tuple[str, ...]
    rates: tuple[PolicyRate, ...]
    scale: FloatArray
    lower: FloatArray
    upper: FloatArray
    start: FloatArray
    identified: NDArray[np.bool_]
    _positions: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]] = field(repr=False)
    _parts: tuple[NDArray[np.int64], NDArray[np.int64]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rates)

    @classmethod
    def of(
        cls,
        world: World,
        members: str | Sequence[str],
        strategies: Sequence[Strategy],
        standing: Equilibrium | None = None,
    ) -> StrategySpace:
        """Lay out the free rates of a player (one economy, or several that choose as one).

        A coalition sets rates on outsiders only. `standing` is what the arena stands on.

        Raises
        ------
        InputError
            No instrument, or none of the flows exists; an export tax or a production subsidy on a
            flow of which standing measures hit a part.
        UnknownNameError
            A partner or sector that the world does not have.

        Examples
        --------
        >>> world = World.from_arrays(
        ...     ["HOM", "FOR"], ["goods"],
        ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
        >>> StrategySpace.of(world, "HOM", [Strategy("tariff")]).rates[0].partner
        'FOR'
        """
        if not isinstance(members, Iterable):
            raise InputError(f"game, player: give a code or a list of codes; got {shown(members)}.")
        inside = (members,) if isinstance(members, str) else tuple(members)
        home = [world.economy_index(code, "game, player") for code in inside]
        if len(set(home)) < len(home):
            twice = next(code for code in inside if inside.count(code) > 1)
            raise InputError(f"game, player: {twice} is named twice.")
        name = "+".join(inside)
        if not strategies:
            raise InputError(f"{name} has no instrument: give at least one strategy, e.g. tariffs.")
        n, j = len(world.economies), len(world.sectors)
        now = present(world, standing)
        base = now.base
        split = np.zeros(world.sales.size, dtype=bool)
        split[now.part_flow] = True
        rates: list[PolicyRate] = []
        columns: dict[str, list[float]] = {k: [] for k in ("size", "low", "high", "start")}
        positions: dict[str, list[tuple[NDArray[np.int64], int]]] = {}
        seen: set[tuple[str, int]] = set()
        for strategy in strategies:
            sectors = strategy.sectors or world.goods or world.sectors
            columns_j = [world.sector_index(s, "game, strategy") for s in sectors]
            others = strategy.partners or world.economies
            abroad = [world.economy_index(c, "game, strategy") for c in others]
            abroad = [p for p in abroad if p not in home]
            if strategy.instrument == "production_subsidy":
                cells = [(m, m, s) for m in home for s in columns_j]
            elif strategy.instrument == "tariff":
                cells = [(m, p, s) for m in home for p in abroad for s in columns_j]
            else:
                cells = [(p, m, s) for m in home for p in abroad for s in columns_j]
            groups: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}
            for cell in cells:
                importer, exporter, sector = cell
                mine, other = (
                    (exporter, importer)
                    if strategy.instrument in ("export_tax", "export_ban")
                    else (importer, exporter)
                )
                # members of a customs union set one rate together
                own = -1 if len(home) > 1 and strategy.instrument == "tariff" else mine
                key = {
                    "partner and sector": (own, other, sector),
                    "sector": (own, -1, sector),
                    "partner": (own, other, -1),
                    "uniform": (own, -1, -1),
                }[strategy.by]
                groups.setdefault(key, []).append(cell)
            low, high = strategy.limits
            in_force = {
                "tariff": now.tariff,
                "export_tax": now.export_tax,
                "production_subsidy": None,
                "export_ban": None,
            }[strategy.instrument]
            for key, group in groups.items():
                where = np.array(group)
                if strategy.instrument == "production_subsidy":
                    flat = where[:, 0] * j + where[:, 2]
                    weight = now.output[where[:, 0], where[:, 2]]
                    level = now.production_subsidy[where[:, 0], where[:, 2]]
                else:
                    flat = (where[:, 0] * n + where[:, 1]) * j + where[:, 2]
                    weight = base[where[:, 0], where[:, 1], where[:, 2]]
                    level = (
                        np.zeros(len(where))
                        if in_force is None
                        else in_force[where[:, 0], where[:, 1], where[:, 2]]
                    )
                if strategy.instrument in ("export_tax", "production_subsidy"):
                    _check_whole(world, strategy.instrument, where, split)
                for p in flat:
                    if (strategy.instrument, int(p)) in seen:
                        raise InputError(
                            f"two strategies of {name} set the {strategy.instrument} on the same "
                            "flow: keep one."
                        )
                    seen.add((strategy.instrument, int(p)))
                positions.setdefault(strategy.instrument, []).append((flat, len(rates)))
                theta = world.trade_elasticity[where[:, 2]]
                columns["size"].append(float((weight * theta).sum()))
                columns["low"].append(low)
                columns["high"].append(high)
                mean = (weight * level).sum() / weight.sum() if weight.sum() > 0 else level.mean()
                columns["start"].append(float(np.clip(mean, low, high)))
                own, other, sector = key
                rates.append(
                    PolicyRate(
                        instrument=strategy.instrument,
                        player=name if own < 0 else world.economies[own],
                        partner="" if other < 0 or other == own else world.economies[other],
                        sector="" if sector < 0 else world.sectors[sector],
                    )
                )
        income = now.income[home].sum()
        size = np.array(columns["size"]) / income
        identified = size > UNIDENTIFIED
        if not identified.any():
            raise InputError(
                f"{name} would set {len(rates)} rate(s), all on flows that do not exist."
            )
        kinds = np.array([r.instrument for r in rates])
        owner = np.full(world.sales.size, -1)
        for cells_of_rate, k in positions.get("tariff", []):
            owner[cells_of_rate] = k
        part_rate = owner[now.part_flow]
        part = np.flatnonzero(part_rate >= 0)

        scale = np.sqrt(np.where(identified, size, 1.0))
        return cls(
            player=name,
            members=inside,
            rates=tuple(rates),
            scale=scale,
            lower=logs_of(kinds, np.array(columns["low"], dtype=float)) * scale,
            upper=logs_of(kinds, np.array(columns["high"], dtype=float)) * scale,
            start=logs_of(kinds, np.array(columns["start"], dtype=float)) * scale,
            identified=identified,
            _positions={
                instrument: (
                    np.concatenate([flat for flat, _ in entries]),
                    np.concatenate([np.full(len(flat), k) for flat, k in entries]),
                )
                for instrument, entries in positions.items()
            },
            _parts=(part, part_rate[part]),
        )

    @property
    def kinds(self) -> Shaped[np.ndarray, " rate"]:
        """Instrument of every rate."""
        return np.array([r.instrument for r in self.rates])

    def apply(self, policies: Policies, x: FloatArray) -> Policies:
        """The policies with this player's rates in place."""
        logs = np.asarray(x) / self.scale
        changed = {}
        for instrument, (flat, rate) in self._positions.items():
            array = getattr(policies, FIELD[instrument])
            moved = np.array(array)
            moved.reshape(-1)[flat] = logs[rate]
            changed[FIELD[instrument]] = jnp.asarray(moved)
        part, rate = self._parts
        if len(part):
            moved = np.array(policies.part_tariff)
            moved[part] = logs[rate]
            changed["part_tariff"] = jnp.asarray(moved)
        return policies._replace(**changed)

    def push(self, v: FloatArray, policies: Policies) -> Policies:
        """The direction in which the policies move when x moves along v; the dual of `pull`."""
        still = Policies._make(np.zeros(field.shape) for field in policies)
        return self.apply(still, v)

    def read(self, policies: Policies) -> FloatArray:
        """This player's rates under `policies`; the mean over the flows and parts of each."""
        total, count = np.zeros(len(self.rates)), np.zeros(len(self.rates))
        for instrument, (flat, rate) in self._positions.items():
            array = np.asarray(getattr(policies, FIELD[instrument])).reshape(-1)
            total += np.bincount(rate, weights=array[flat], minlength=len(self.rates))
            count += np.bincount(rate, minlength=len(self.rates))
        part, rate = self._parts
        paid = np.asarray(policies.part_tariff)[part]
        total += np.bincount(rate, weights=paid, minlength=len(self.rates))
        count += np.bincount(rate, minlength=len(self.rates))
        out: FloatArray = total / count * self.scale
        return out

    def pull(self, gradient: Policies) -> FloatArray:
        """The derivative in x from the derivative in every policy; zero where unidentified."""
        out = np.zeros(len(self.rates))
        for instrument, (flat, rate) in self._positions.items():
            array = np.asarray(getattr(gradient, FIELD[instrument])).reshape(-1)
            out += np.bincount(rate, weights=array[flat], minlength=len(self.rates))
        part, rate = self._parts
        slope = np.asarray(gradient.part_tariff)[part]
        out += np.bincount(rate, weights=slope, minlength=len(self.rates))
        out /= self.scale
        out[~self.identified] = 0.0
        return out

    def levels(self, x: FloatArray) -> FloatArray:
        """The rates themselves; missing (NaN) where nothing identifies them."""
        logs, kinds = np.asarray(x) / self.scale, self.kinds
        out = np.where(
            kinds == "export_ban",
            logs,
            np.where(kinds == "production_subsidy", -np.expm1(-logs), np.expm1(logs)),
        )
        return np.where(self.identified, out, np.nan)

    def from_levels(self, rates: FloatArray) -> FloatArray:
        """The vector of given rates, the inverse of `levels`."""
        out: FloatArray = logs_of(self.kinds, np.asarray(rates, dtype=float)) * self.scale
        return out

    def mean_level(self, x: FloatArray) -> float:
        """Mean of the identified rates, weighted with baseline value times trade elasticity."""
        known = self.identified
        return float(np.average(self.levels(x)[known], weights=self.scale[known] ** 2))

    def ranges(self) -> tuple[tuple[str, int, str, str], ...]:
        """Instrument, number of rates, lowest and highest rate (as text), by instrument."""
        low, high = self.levels(self.lower), self.levels(self.upper)
        kinds = [r.instrument for r in self.rates]
        out = []
        for kind in dict.fromkeys(kinds):
            mine = np.array([k == kind for k in kinds]) & self.identified
            if mine.any():
                ends = (f"{100 * low[mine].min():.0f} %", f"{100 * high[mine].max():.0f} %")
                out.append((kind.replace("_", " "), int(mine.sum()), *ends))
        return tuple(out)

    def at_bounds(self, x: FloatArray) -> NDArray[np.bool_]:
        """Which identified rates sit on a bound."""
        edge = 1e-9 * np.maximum(self.upper - self.lower, 1e-30)
        hit: NDArray[np.bool_] = ((x <= self.lower + edge) | (x >= self.upper - edge)) & (
            self.identified
        )
        return hit


def logs_of(
    kinds: Shaped[np.ndarray, " rate"], rates: Float[np.ndarray, " rate"]
) -> Float[np.ndarray, " rate"]:
    """ln(1 + rate) of taxes, −ln(1 − s) of subsidies, bans as they are."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(kinds == "production_subsidy", -np.log1p(-rates), np.log1p(rates))
    out: FloatArray = np.where(kinds == "export_ban", rates, logs)
    return out


def _check_whole(
    world: World, instrument: str, cells: NDArray[np.int64], split: NDArray[np.bool]
) -> None:
    """Refuse an instrument on flows of which standing measures hit a part."""
    is_split = split.reshape(world.sales.shape)
    for n, i, j in cells:
        # a production subsidy is the seller's: it moves every flow of the seller
        hit = is_split[:, i, j].any() if instrument == "production_subsidy" else is_split[n, i, j]
        if hit:
            raise InputError(
                f"measures in force hit {world.sectors[j]} from {world.economies[i]}: a player "
                f"can set tariffs and bans there, no {instrument.replace('_', ' ')}. Leave the "
                "sector out, or drop the measures."
            )
