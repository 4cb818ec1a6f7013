"""What is every package worth to every economy, before anybody weighs it?

Only issues with measures move the economy, so packages that differ elsewhere share one
equilibrium. All measures of the agenda are compiled once; a package switches them on and off, and
its solution starts from the sum of what its levels do one by one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.errors import ConvergenceError, InfeasibleError, InputError, MeasureError
from detente.progress import SILENT, Listener
from detente.store import Blocks, content_hash
from detente.talks.agenda import Agenda

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium, Specification
    from detente.measures import Instrument
    from detente.world import World

__all__ = ["PriceTable", "Request", "price_packages", "request_of"]

IntArray = NDArray[np.intp]

#: Version of what a block holds; another version is computed anew.
FORMAT = 1
#: Packages in a block: what is lost at most when a run is stopped, per thread.
BLOCK = 32
#: Largest relative gap of a priced package; its worth is then good to eight digits.
TOLERANCE = 1e-9
#: Columns of a block.
COLUMNS = ("welfare_hat", "earned_hat", "real_wage_hat", "workers_hat", "trade", "solved")


@dataclass(frozen=True)
class Request:
    """Rows to price: measures by row, and how packages map on rows.

    Attributes
    ----------
    rows
        Ids of the measures in force, one tuple a row; equal sets appear once.
    row_of
        Row of each package.
    extra
        Row of each situation that is no package: threats carried out, wars.
    single
        For each row, the rows of its levels taken one by one (none for a level in force).
    base
        Row of the status quo.
    """

    rows: tuple[tuple[str, ...], ...]
    row_of: IntArray
    extra: dict[str, int]
    single: tuple[tuple[int, ...], ...]
    base: int


def request_of(
    agenda: Agenda, background: Sequence[str] = (), extra: Mapping[str, Sequence[str]] | None = None
) -> Request:
    """The rows that an agenda needs.

    Parameters
    ----------
    background
        Measures in force whatever is signed.
    extra
        Situations on top of the status quo, by name: measures added.
    """
    rows: dict[tuple[str, ...], int] = {}

    def row(measures: Sequence[str]) -> int:
        key = tuple(dict.fromkeys([*background, *measures]))
        return rows.setdefault(key, len(rows))

    priced = agenda.priced
    standing = agenda.standing

    def measures_at(levels: Sequence[int]) -> list[str]:
        return [m for k in priced for m in agenda.issues[k].levels[levels[k]].measures]

    base = row(measures_at(standing))
    row_of = np.empty(agenda.size, dtype=np.intp)
    single: dict[int, tuple[int, ...]] = {base: ()}
    known: dict[tuple[int, ...], int] = {}
    for package, levels in enumerate(agenda.levels):
        key = tuple(int(levels[k]) for k in priced)
        if key not in known:
            at = row(measures_at(levels))
            alone = []
            for k in priced:
                if levels[k] != standing[k]:
                    one = list(standing)
                    one[k] = int(levels[k])
                    alone.append(row(measures_at(one)))
            known[key] = at
            single.setdefault(at, () if at in alone else tuple(alone))
        row_of[package] = known[key]
    named = {}
    for name, measures in (extra or {}).items():
        named[name] = row([*measures_at(standing), *measures])
        single.setdefault(named[name], ())
    order = tuple(rows)
    return Request(order, row_of, named, tuple(single.get(k, ()) for k in range(len(order))), base)


@dataclass(frozen=True, eq=False)
class PriceTable:
    """Every row's equilibrium in the numbers that the talks use.

    Attributes
    ----------
    economies, sectors
        Names of the axes.
    welfare_hat, earned_hat
        Real income over its baseline, exact and without transfers from abroad, [row, economy].
    real_wage_hat
        Wage over consumer prices by sector, [row, economy, sector]: what a sector's people earn.
    workers_hat
        Heads by sector, [row, economy, sector].
    trade
        Sales at the factory gate, [row, importer, exporter], world's currency.
    solved
        False where no equilibrium was found; such packages are left out of the talks.
    """

    request: Request
    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    income: FloatArray
    labour_income: FloatArray
    employment: FloatArray | None
    welfare_hat: FloatArray
    earned_hat: FloatArray
    real_wage_hat: FloatArray
    workers_hat: FloatArray
    trade: FloatArray
    solved: NDArray[np.bool]
    failures: tuple[str, ...] = ()
    computed: int = 0

    def gain(self, measure: str, economies: Sequence[str]) -> FloatArray:
        r"""Real income of a side over the status quo, [row], weighted by baseline income.

        Parameters
        ----------
        measure
            "exact" for :math:`\hat W`, "earned" for income less transfers from abroad.
        """
        at = self.positions(economies)
        hats = self.welfare_hat if measure == "exact" else self.earned_hat
        hats = hats / hats[self.request.base]
        weight = self.income[at] / self.income[at].sum()
        out: FloatArray = hats[:, at] @ weight
        return out

    def sector_gain(self, economies: Sequence[str], sectors: Sequence[str]) -> FloatArray:
        """Real earnings of the people of some sectors over the status quo, [row]."""
        at = self.positions(economies)
        known = set(sectors)
        cols = [k for k, s in enumerate(self.sectors) if s in known]
        hats = self.real_wage_hat[:, at][:, :, cols]
        hats = hats / hats[self.request.base]
        weight = self.labour_income[np.ix_(at, cols)]
        out: FloatArray = (hats * weight).sum(axis=(1, 2)) / weight.sum()
        return out

    def jobs(self, economies: Sequence[str]) -> FloatArray:
        """Workers that changed sector against the status quo, [row, sector], thousand."""
        if self.employment is None:
            return np.zeros((len(self.welfare_hat), len(self.sectors)))
        at = self.positions(economies)
        change = self.workers_hat[:, at] - self.workers_hat[self.request.base, at]
        out: FloatArray = (change * self.employment[at]).sum(axis=1)
        return out

    def positions(self, economies: Sequence[str]) -> list[int]:
        """Positions of economies."""
        for name in economies:
            if name not in self.economies:
                raise InputError(
                    f'the world has no economy "{name}"; it has {", ".join(self.economies)}.'
                )
        return [self.economies.index(e) for e in economies]


def price_packages(
    world: World,
    measures: Sequence[Instrument],
    request: Request,
    *,
    specification: Specification,
    folder: Path | None = None,
    workers: int | None = None,
    listener: Listener = SILENT,
) -> PriceTable:
    """Price every row of a request, in batch.

    Parameters
    ----------
    world
        The baseline.
    measures
        Every measure that a row may name.
    request
        From :func:`request_of`.
    specification
        Closure, labour market, scale.
    folder
        Where finished blocks are kept; a later call with the same content goes on from them.
    workers
        Threads; the number of cores when left out.
    listener
        Told how many rows are done of how many.

    Raises
    ------
    ConvergenceError, InfeasibleError
        The status quo itself has no equilibrium; other rows that fail are counted and left out.
    """
    pricer = _Pricer(world, tuple(measures), request, specification)
    count = len(request.rows)
    key = content_hash(FORMAT, TOLERANCE, BLOCK, world, specification, measures, request.rows)
    store = Blocks(folder, "packages", key)
    blocks = [np.arange(a, min(a + BLOCK, count)) for a in range(0, count, BLOCK)]
    found: dict[int, dict[str, FloatArray]] = {}
    for k in range(len(blocks)):
        if (kept := store.read(f"{k:04d}")) is not None:
            found[k] = dict(kept.arrays)
    done = sum(len(blocks[k]) for k in found)
    missing = [k for k in range(len(blocks)) if k not in found]
    failures: list[str] = []
    listener.count("packages of the talks", done, count)
    if missing:
        pricer.prepare([r for k in missing for r in blocks[k].tolist()])
        pool = ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1)
        try:
            waiting: dict[Future[tuple[dict[str, FloatArray], list[str]]], int] = {
                pool.submit(pricer.block, blocks[k]): k for k in missing
            }
            while waiting:
                ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    k = waiting.pop(future)
                    found[k], failed = future.result()
                    failures += failed
                    if not failed:
                        store.write(f"{k:04d}", found[k])
                    done += len(blocks[k])
                    listener.count("packages of the talks", done, count)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    whole = {c: np.concatenate([found[k][c] for k in range(len(blocks))]) for c in COLUMNS}
    return PriceTable(
        request=request,
        economies=tuple(world.economies),
        sectors=tuple(world.sectors),
        income=np.asarray(world.income),
        labour_income=np.asarray(world.labour_income),
        employment=None if world.employment is None else np.asarray(world.employment),
        welfare_hat=whole["welfare_hat"],
        earned_hat=whole["earned_hat"],
        real_wage_hat=whole["real_wage_hat"],
        workers_hat=whole["workers_hat"],
        trade=whole["trade"],
        solved=whole["solved"].astype(bool),
        failures=tuple(failures),
        computed=sum(len(blocks[k]) for k in missing),
    )


class _Pricer:
    """Solves rows; measures are compiled together once where they can stand side by side."""

    def __init__(
        self,
        world: World,
        measures: tuple[Instrument, ...],
        request: Request,
        specification: Specification,
    ) -> None:
        from detente.scenario import Scenario, compile_scenario

        self.world, self.request, self.specification = world, request, specification
        used = dict.fromkeys(m for row in request.rows for m in row)
        self.measures = {m.id: m for m in measures if m.id in used}
        try:
            together = Scenario("agenda", tuple(self.measures.values()))
            self.union: Any = compile_scenario(world, together)
        except MeasureError:
            self.union = None  # two measures that no package holds together: compiled row by row
        self.base: Equilibrium | None = None
        self.alone: dict[int, Equilibrium] = {}

    def compiled(self, row: int) -> Any:
        """The compiled scenario of one row."""
        from detente.scenario import Scenario, compile_scenario

        named = self.request.rows[row]
        if self.union is not None:
            return self.union.without([m for m in self.measures if m not in named])
        chosen = tuple(self.measures[m] for m in named)
        return compile_scenario(self.world, Scenario("package", chosen))

    def solve(self, row: int, start: Equilibrium | None) -> Equilibrium:
        """The equilibrium of one row; from the baseline if a start leads nowhere."""
        from detente.equilibrium import solve

        if not self.request.rows[row]:
            return solve(self.world, None, specification=self.specification, tolerance=TOLERANCE)
        what = self.compiled(row)
        try:
            return solve(
                self.world,
                what,
                specification=self.specification,
                tolerance=TOLERANCE,
                start=start,
            )
        except ConvergenceError:
            if start is None:
                raise
            return solve(self.world, what, specification=self.specification, tolerance=TOLERANCE)

    def prepare(self, rows: Sequence[int]) -> None:
        """Solve the status quo and each level alone: the pieces of every start."""
        self.base = self.solve(self.request.base, None)
        for row in dict.fromkeys(s for r in rows for s in self.request.single[r]):
            try:
                self.alone[row] = self.solve(row, self.base)
            except (ConvergenceError, InfeasibleError):
                continue

    def start_of(self, row: int) -> Equilibrium | None:
        """The sum of what a row's levels do alone, as a start."""
        base = self.base
        if base is None or self.specification.scale:
            return base
        pieces = [self.alone[s] for s in self.request.single[row] if s in self.alone]
        if not pieces:
            return base
        moved = (
            at_base + sum(piece - at_base for piece in alone)
            for at_base, *alone in zip(base.state, *(p.state for p in pieces), strict=True)
        )
        return replace(base, state=type(base.state)(*moved), rates=())

    def shapes(self, rows: int) -> dict[str, tuple[int, ...]]:
        """Shape of each column of a block."""
        n, j = len(self.world.economies), len(self.world.sectors)
        return {
            "welfare_hat": (rows, n),
            "earned_hat": (rows, n),
            "real_wage_hat": (rows, n, j),
            "workers_hat": (rows, n, j),
            "trade": (rows, n, n),
            "solved": (rows,),
        }

    def block(self, rows: IntArray) -> tuple[dict[str, FloatArray], list[str]]:
        """Columns of some rows, and why some failed."""
        out = {c: np.full(shape, np.nan) for c, shape in self.shapes(len(rows)).items()}
        out["solved"][:] = 0.0
        failed: list[str] = []
        near: Equilibrium | None = None
        for k, row in enumerate(rows.tolist()):
            if row == self.request.base and self.base is not None:
                found: Equilibrium = self.base
            elif row in self.alone:
                found = self.alone[row]
            else:
                start = near if self.specification.scale and near is not None else None
                try:
                    found = self.solve(row, start or self.start_of(row))
                except (ConvergenceError, InfeasibleError) as problem:
                    measures = " + ".join(self.request.rows[row]) or "the baseline"
                    failed.append(f"{measures}: {problem}")
                    continue
            near = found
            price = found.consumer_price_hat
            world = found.world
            out["welfare_hat"][k] = found.welfare_hat
            earned = (found.income_prime - found.transfer_prime) / price
            out["earned_hat"][k] = earned / (world.income - world.transfer)
            out["real_wage_hat"][k] = found.wage_hat / price[:, None]
            out["workers_hat"][k] = found.workers_hat
            out["trade"][k] = found.sales_prime.sum(axis=2)
            out["solved"][k] = 1.0
        return out, failed
