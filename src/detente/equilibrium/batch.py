"""How are many scenarios or parameter draws solved together?"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import jax

from detente.equilibrium.baseline import has_scale
from detente.equilibrium.rebase import balanced_baseline
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.solve import solve
from detente.equilibrium.specification import Specification, specification_or_default
from detente.equilibrium.stacked import solve_stacked
from detente.errors import ConvergenceError, InfeasibleError, InputError
from detente.measures.shock import Shock
from detente.progress import SILENT, Listener
from detente.world.model import World, check_is_consistent

__all__ = ["Batch", "solve_batch"]

#: Problems in one kernel on an accelerator.
STACKED = 64


@dataclass(frozen=True, eq=False)
class Batch:
    """Equilibria in the order asked for; None where no equilibrium was found.

    Attributes
    ----------
    equilibria
        One entry per request.
    failures
        Why a request failed, by its position.
    """

    equilibria: tuple[Equilibrium | None, ...]
    failures: dict[int, str]

    def __len__(self) -> int:
        return len(self.equilibria)

    @property
    def solved(self) -> tuple[Equilibrium, ...]:
        """Those that were found, in order."""
        return tuple(e for e in self.equilibria if e is not None)


def _baseline(world: World, specification: Specification) -> World:
    """The world itself, or the one without transfers."""
    check_is_consistent(world)
    if specification.closure_of(world) == "balanced":
        return balanced_baseline(world, specification)
    return world


def _given(answer: Equilibrium | Exception) -> Equilibrium:
    """An equilibrium handed on, an error raised."""
    if isinstance(answer, Equilibrium):
        return answer
    raise answer


def solve_batch(
    world: World | Sequence[World],
    whats: Sequence[Any],
    *,
    specification: Specification | None = None,
    tolerance: float = 1e-10,
    workers: int | None = None,
    on_failure: str = "keep",
    start: Equilibrium | None = None,
    listener: Listener = SILENT,
    stacked: int | None = None,
) -> Batch:
    """Solve many problems on all cores, or stacked on an accelerator.

    On a processor threads are used, not one vectorised loop: compiled kernels run outside
    Python's lock, and a batch axis costs more than it saves, since every problem waits for the
    slowest to converge. On an accelerator shocks without economies of scale are stacked.

    Parameters
    ----------
    world
        One world for all, or one for each request (parameter draws). Draws share the first
        one's preconditioner where economies of scale are at work.
    whats
        Shocks, scenarios, scenarios or measures; with several worlds a single entry serves
        them all.
    workers
        Threads; the number of cores when left out.
    on_failure
        "keep" counts failures and goes on, "raise" stops at the first.
    start
        A neighbouring equilibrium from which every solve may start.
    listener
        Told how many are done of how many.
    stacked
        How many shocks share one vectorised kernel; 0 for none, and None for the default: none
        on a processor, 64 on an accelerator.

    Examples
    --------
    >>> from detente.world.model import World
    >>> from detente.measures.shock import Shock
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> rates = [[[[0.0], [t]], [[0.0], [0.0]]] for t in (0.1, 0.2)]
    >>> batch = solve_batch(world, [Shock.of(world, tariff=r) for r in rates])
    >>> [round(float(100 * (e.welfare_hat[0] - 1)), 3) for e in batch.solved]
    [0.728, 1.023]
    """
    if on_failure not in ("keep", "raise"):
        raise InputError('solve_batch: on_failure is "keep" or "raise".')
    worlds = [world] * len(whats) if isinstance(world, World) else list(world)
    asked = list(whats) * len(worlds) if len(whats) == 1 else list(whats)
    if len(asked) != len(worlds):
        raise InputError(
            f"solve_batch: {len(worlds)} worlds and {len(asked)} requests; give one request for "
            "all or one for each."
        )
    if not asked:
        return Batch((), {})

    def one(k: int) -> Equilibrium:
        return solve(
            worlds[k],
            asked[k],
            specification=specification,
            tolerance=tolerance,
            start=start,
            neighbour=worlds[0],
        )

    found: list[Equilibrium | None] = [None] * len(asked)
    failures: dict[int, str] = {}
    done = 0

    def collect(k: int, get: Callable[[], Equilibrium]) -> None:
        nonlocal done
        try:
            found[k] = get()
        except (ConvergenceError, InfeasibleError) as failure:
            if on_failure == "raise":
                raise
            failures[k] = str(failure)
        done += 1
        listener.count("problems", done, len(asked))

    asked_for = specification_or_default(specification)
    together = (0 if jax.default_backend() == "cpu" else STACKED) if stacked is None else stacked
    if (
        together
        and all(isinstance(what, Shock) for what in asked)
        and not any(has_scale(w, asked_for) for w in worlds)
    ):
        for first in range(0, len(asked), together):
            rows = range(first, min(first + together, len(asked)))
            bases = [_baseline(worlds[k], asked_for) for k in rows]
            answers = solve_stacked(
                bases,
                [asked[k] for k in rows],
                asked_for,
                tolerance=tolerance,
                start=start,
            )
            for k, answer in zip(rows, answers, strict=True):
                collect(k, lambda answer=answer: _given(answer))  # type: ignore[misc]
        return Batch(tuple(found), failures)

    collect(0, lambda: one(0))  # compiles, and fills what the others share
    pool = ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1)
    try:
        waiting: dict[Future[Equilibrium], int] = {
            pool.submit(one, k): k for k in range(1, len(asked))
        }
        while waiting:
            ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ready:
                collect(waiting.pop(future), future.result)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return Batch(tuple(found), failures)
