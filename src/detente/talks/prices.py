"""What does each package do to incomes, before anybody weighs it?

Only measures move the economy, so packages with the same measures share one equilibrium. All
measures that are named are compiled once; each set of them switches some on and starts from how
things are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import detente.equilibrium as equilibrium
from detente.arrays import FloatArray
from detente.errors import ConvergenceError, InfeasibleError, MeasureError
from detente.progress import SILENT, Listener
from detente.scenario import Scenario, compile_scenario
from detente.store import Blocks, content_hash
from detente.talks.stage import Measures

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium, Specification
    from detente.measures import Instrument
    from detente.scenario import CompiledScenario
    from detente.world import World

__all__ = ["Prices", "price_sets"]

#: Version of what a block holds; another version is computed anew.
FORMAT = 1
#: Sets in a block: what is lost at most when a run is stopped, per thread.
BLOCK = 16
#: Largest relative gap of a priced set; its worth is then good to eight digits.
TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class Prices:
    """Real income under every set of measures.

    Attributes
    ----------
    economies, income
        Of the world: names, and baseline income.
    row
        Row of each set.
    welfare_hat
        Real income over the baseline's, [row, economy]; NaN where no equilibrium was found.
    failures
        Why a set has none.
    computed
        How many were solved now; the others were kept.
    """

    economies: tuple[str, ...]
    income: FloatArray
    row: Mapping[Measures, int]
    welfare_hat: FloatArray
    failures: Mapping[Measures, str]
    computed: int

    def gain(self, sets: Sequence[Measures], base: Measures, members: Sequence[str]) -> FloatArray:
        r"""Real income of a side over that under another set, %, [set].

        .. math:: 100 \left(\frac{\sum_e s_e \hat W_e(x)}{\sum_e s_e \hat W_e(x^0)} - 1\right)

        with s the share in the side's baseline income.

        Parameters
        ----------
        sets, base
            Measures in force, and those of the comparison.
        members
            Economies of the side.
        """
        at = [self.economies.index(e) for e in members]
        weighted = self.welfare_hat[:, at] @ (self.income[at] / self.income[at].sum())
        rows = [self.row[s] for s in sets]
        out: FloatArray = 100.0 * (weighted[rows] / weighted[self.row[base]] - 1.0)
        return out


def price_sets(
    world: World,
    measures: Mapping[str, Instrument],
    sets: Sequence[Measures],
    *,
    specification: Specification,
    folder: Path | None = None,
    workers: int | None = None,
    listener: Listener = SILENT,
) -> Prices:
    """Real incomes under every set of measures.

    Parameters
    ----------
    world, measures
        The baseline, and every measure that a set may name.
    sets
        The first is how things are.
    folder
        Where finished blocks are kept; a later call with the same content goes on from them.
    workers
        Threads; the number of cores where left out.
    listener
        Told how many are done of how many.

    Raises
    ------
    ConvergenceError, InfeasibleError
        How things are has no equilibrium itself; other sets that fail are counted and left out.
    """
    used = [m for name, m in measures.items() if any(name in s for s in sets)]
    key = content_hash(FORMAT, TOLERANCE, BLOCK, world, specification, used, tuple(sets))
    store = Blocks(folder, "packages", key)
    blocks = [range(a, min(a + BLOCK, len(sets))) for a in range(0, len(sets), BLOCK)]
    hats = np.full((len(sets), len(world.economies)), np.nan)
    missing = []
    for k, block in enumerate(blocks):
        if (kept := store.read(f"{k:04d}")) is not None:
            hats[block] = kept.arrays["welfare_hat"]
        else:
            missing.append(k)
    done = len(sets) - sum(len(blocks[k]) for k in missing)
    failures: dict[Measures, str] = {}
    listener.count("packages", done, len(sets))
    if missing:
        solver = _Solver(world, used, sets[0], specification)
        pool = ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1)
        try:
            waiting: dict[Future[tuple[FloatArray, dict[Measures, str]]], int] = {
                pool.submit(solver.block, [sets[row] for row in blocks[k]]): k for k in missing
            }
            while waiting:
                ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    k = waiting.pop(future)
                    hats[blocks[k]], failed = future.result()
                    failures |= failed
                    if not failed:
                        store.write(f"{k:04d}", {"welfare_hat": hats[blocks[k]]})
                    done += len(blocks[k])
                    listener.count("packages", done, len(sets))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return Prices(
        economies=tuple(world.economies),
        income=np.asarray(world.income),
        row={s: row for row, s in enumerate(sets)},
        welfare_hat=hats,
        failures=failures,
        computed=sum(len(blocks[k]) for k in missing),
    )


class _Solver:
    """Solves sets; measures are compiled together once where they can stand side by side."""

    def __init__(
        self,
        world: World,
        measures: Sequence[Instrument],
        base: Measures,
        specification: Specification,
    ) -> None:
        self.world, self.specification = world, specification
        self.measures = {m.id: m for m in measures}
        self.union: CompiledScenario | None
        try:
            self.union = compile_scenario(world, Scenario("agenda", tuple(measures)))
        except MeasureError:
            self.union = None  # two measures that no package holds together: compiled set by set
        # with economies of scale the answer is found along the path from the baseline
        self.has_scale = specification.scale and bool(np.any(world.scale_elasticity))
        self.base = base
        self.start: Equilibrium | None = None
        self.start = self.solve(base)

    def compiled(self, named: Measures) -> CompiledScenario:
        """The compiled scenario of one set."""
        if self.union is not None:
            return self.union.without([m for m in self.measures if m not in named])
        chosen = tuple(self.measures[m] for m in named)
        return compile_scenario(self.world, Scenario("package", chosen))

    def solve(self, named: Measures) -> Equilibrium:
        """The equilibrium of one set."""
        if named == self.base and self.start is not None:
            return self.start
        return equilibrium.solve(
            self.world,
            self.compiled(named) if named else None,
            specification=self.specification,
            tolerance=TOLERANCE,
            start=None if self.has_scale else self.start,
        )

    def block(self, sets: Sequence[Measures]) -> tuple[FloatArray, dict[Measures, str]]:
        """Real incomes under some sets, and why some failed."""
        out = np.full((len(sets), len(self.world.economies)), np.nan)
        failed: dict[Measures, str] = {}
        for k, named in enumerate(sets):
            try:
                out[k] = self.solve(named).welfare_hat
            except (ConvergenceError, InfeasibleError) as problem:
                failed[named] = str(problem)
        return out, failed
