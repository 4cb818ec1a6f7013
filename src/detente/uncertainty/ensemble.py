"""How sure are we?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import FloatArray, Labelled, cell, long_table, those_named
from detente.equilibrium import Equilibrium, Specification, solve
from detente.equilibrium.solve import compiled_of
from detente.equilibrium.specification import specification_or_default
from detente.errors import (
    ConvergenceError,
    InfeasibleError,
    InputError,
    InterruptedRun,
    MeasureError,
    UnknownNameError,
    check_kind,
)
from detente.measures.shock import Shock
from detente.outcomes.state import check_comparable, state_of
from detente.progress import SILENT, Listener
from detente.store import Blocks, content_hash
from detente.uncertainty.cluster import portable
from detente.uncertainty.headlines import HEADLINES, headlines, states_of
from detente.uncertainty.parameters import ParameterDraws, draw_parameters
from detente.world.model import World

if TYPE_CHECKING:
    import pandas as pd

    from detente.measures import Instrument
    from detente.scenario import CompiledScenario, Scenario

__all__ = ["BLOCK", "QUANTILES", "Ensemble", "ensemble"]

#: Quantiles of every range: nine tenths of the draws lie between the outer two.
QUANTILES = (0.05, 0.5, 0.95)
#: Reasons of failed draws that the text names.
REASONS_SHOWN = 3
#: Draws that are written together, and handed out together.
BLOCK = 20

_SEPARATOR = "\x1f"

#: One finished draw: arrays by name, or the reason why there are none.
DrawResult = tuple[dict[str, np.ndarray], dict[str, str]]


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Outcomes of every draw, and of the elasticities in use.

    Attributes
    ----------
    world
        With the elasticities in use.
    names
        The scenarios; `compared_with` says against what each was held ("" for the baseline).
    central
        Scenario: outcomes at the elasticities in use, labelled.
    values
        Scenario: name of an outcome: array with the draw as first axis, NaN where it failed.
    parameters
        The draws themselves.
    failures
        (draw, scenario, reason). Failed draws are counted, never drawn again.
    interrupted
        True when the run was stopped; the draws not done are NaN and are not failures.
    finished
        Which draws were done, booleans.
    """

    world: World
    names: tuple[str, ...]
    compared_with: Mapping[str, str]
    central: Mapping[str, Mapping[str, Labelled]]
    values: Mapping[str, Mapping[str, FloatArray]]
    parameters: ParameterDraws
    failures: tuple[tuple[int, str, str], ...]
    finished: np.ndarray
    interrupted: bool = False

    @property
    def draws(self) -> int:
        """How many draws were asked for."""
        return len(self.parameters)

    def failed(self, scenario: str | None = None) -> int:
        """How many draws failed for a scenario, or for any."""
        return len({d for d, name, _ in self.failures if scenario in (None, name)})

    def _named(self, scenario: str | None) -> str:
        if scenario is None:
            return self.names[0]
        if scenario not in self.names:
            raise UnknownNameError("scenario", scenario, self.names)
        return scenario

    def sample(self, outcome: str, scenario: str | None = None, **codes: str) -> FloatArray:
        """Values of one outcome in the draws that succeeded, [draw, ...].

        Codes pick a cell: ``sample("welfare_pct", economy="USA")``.
        """
        name = self._named(scenario)
        values = self.values[name]
        if outcome not in values:
            raise UnknownNameError("outcome of a draw", outcome, values)
        failed = {d for d, of, _ in self.failures if of == name}
        done = np.array([bool(f) and d not in failed for d, f in enumerate(self.finished)])
        kept: FloatArray = values[outcome][done]
        if not codes:
            return kept
        item = self.central[name][outcome]
        flat = Labelled(np.moveaxis(kept, 0, -1), item.axes, item.unit, item.metric)
        picked: FloatArray = np.moveaxis(cell(flat, self.world, codes), -1, 0)
        return picked

    def quantile(self, outcome: str, q: float, scenario: str | None = None) -> FloatArray:
        """Quantile over the draws that succeeded; NaN without any."""
        kept = self.sample(outcome, scenario)
        if not len(kept):
            return np.full(kept.shape[1:], np.nan)
        out: FloatArray = np.quantile(kept, q, axis=0)
        return out

    def same_sign(self, outcome: str = "welfare_pct", scenario: str | None = None) -> FloatArray:
        """Share of successful draws whose sign is that of the central value."""
        name = self._named(scenario)
        kept, central = self.sample(outcome, name), self.central[name][outcome].values
        if not len(kept):
            return np.full(central.shape, np.nan)
        share: FloatArray = (np.sign(kept) == np.sign(central)).mean(axis=0)
        return np.where(np.isnan(central), np.nan, share)

    def table(
        self,
        scenarios: str | Iterable[str] | None = None,
        quantiles: Sequence[float] = QUANTILES,
        outcomes: str | Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """Central values (quantile blank) and quantiles, in the long format of `Outcomes`.

        Scenarios and outcomes are those named, one or several, or all.
        """
        import pandas as pd

        frames = []
        for name in those_named(scenarios or None, self.names, "scenario"):
            rows: list[dict[str, Any]] = []
            for outcome in those_named(outcomes, self.central[name]):
                item = self.central[name][outcome]
                rows.append(item.rows(self.world))
                for q in quantiles:
                    drawn = replace(item, values=self.quantile(outcome, q, name))
                    rows.append(drawn.rows(self.world, q))
            frames.append(
                long_table(
                    rows,
                    scenario=name,
                    compared_with=self.compared_with.get(name) or self.world.name,
                )
            )
        return pd.concat(frames, ignore_index=True)

    def same_sign_table(
        self, outcomes: str | Iterable[str] = "welfare_pct", scenario: str | None = None
    ) -> pd.DataFrame:
        """Share of draws with the sign of the central value, long format, unit "share"."""
        name = self._named(scenario)
        shares = (
            replace(self.central[name][o], values=self.same_sign(o, name), unit="share of draws")
            for o in those_named(outcomes, self.central[name])
        )
        return long_table(
            (share.rows(self.world) for share in shares),
            scenario=name,
            compared_with=self.compared_with.get(name) or self.world.name,
        )

    def __str__(self) -> str:
        done = int(self.finished.sum())
        lines = [
            f"{done} of {self.draws} draws done (seed {self.parameters.seed}), "
            f"{self.failed()} failed" + ("; stopped before the end" if self.interrupted else "")
        ]
        for name in self.names:
            low, high = (self.quantile("welfare_pct", q, name) for q in (0.05, 0.95))
            central = self.central[name]["welfare_pct"].values
            lines.append(f"{name}: welfare, %")
            order = np.argsort(-np.abs(central), kind="stable")[:6]
            lines += [
                f"  {self.world.economies[k]:6} {central[k]:+9.4f}  "
                f"({low[k]:+.4f} to {high[k]:+.4f})"
                for k in order
            ]
        reasons = Counter(reason.split(". ")[0] for _, _, reason in self.failures)
        lines += [f"failed, {n}: {why}" for why, n in reasons.most_common(REASONS_SHOWN)]
        if len(reasons) > REASONS_SHOWN:
            lines.append(f"and {len(reasons) - REASONS_SHOWN} other reasons, in `failures`")
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class _Job:
    """What a worker needs to know; the same for every draw."""

    world: World
    scenarios: Mapping[str, Any]
    compared_with: Mapping[str, str]
    specification: Specification
    parameters: ParameterDraws
    keep: tuple[str, ...]
    tolerance: float
    starts: Mapping[str, Equilibrium]
    solver: Callable[..., Equilibrium]

    def solve(self, name: str, world: World, warm: bool) -> Equilibrium:
        what = self.scenarios[name]
        if not isinstance(what, Shock):
            what = replace(what, world=world)
        options: dict[str, Any] = {"start": self.starts[name]} if warm else {}
        return self.solver(
            world,
            what,
            specification=self.specification,
            tolerance=self.tolerance,
            **options,
        )

    def draw(self, draw: int) -> DrawResult:
        """All scenarios under one draw of the parameters."""
        values: dict[str, np.ndarray] = {}
        reasons: dict[str, str] = {}
        if draw in self.parameters.refused:
            return {}, dict.fromkeys(self.scenarios, str(self.parameters.refused[draw]))
        world = self.parameters.world(self.world, draw)
        solved: dict[str, Equilibrium] = {}
        for name in self.scenarios:
            try:
                solved[name] = self.solve(name, world, warm=name in self.starts)
            except (ConvergenceError, InfeasibleError, MeasureError) as error:
                reasons[name] = str(error)
        for name, equilibrium in solved.items():
            other = self.compared_with.get(name, "")
            before, after = states_of(equilibrium)
            if other:
                if other not in solved:
                    reasons[name] = f'"{other}", which it is compared with, failed'
                    continue
                before = state_of(solved[other])
            for key, item in headlines(before, after, self.keep).items():
                values[name + _SEPARATOR + key] = item.values
        return values, reasons


def _run_block(job: _Job, draws: Sequence[int]) -> list[tuple[int, DrawResult]]:
    """Some draws, one after the other: the unit of work that a worker is handed."""
    return [(draw, job.draw(draw)) for draw in draws]


def ensemble(
    world: World,
    scenarios: Mapping[
        str, CompiledScenario | Shock | Scenario | Instrument | Sequence[Instrument] | None
    ],
    specification: Specification | None = None,
    draws: int = 200,
    seed: int = 0,
    *,
    workers: int = 2,
    folder: str | Path | None = None,
    listener: Listener = SILENT,
    compared_with: Mapping[str, str] | None = None,
    parameters: ParameterDraws | None = None,
    keep: Sequence[str] = HEADLINES,
    tolerance: float = 1e-9,
    executor: Executor | None = None,
    solver: Callable[..., Equilibrium] = solve,
) -> Ensemble:
    """Solve scenarios under many draws of the elasticities.

    Every draw is a full solution: the baseline accounts are data and stay, except where the
    closure asks for a baseline with balanced trade, which each draw solves anew. All
    scenarios meet the same draws, so differences between them are not blurred by chance.
    Results do not depend on the number of workers, nor on whether a run was interrupted.

    Parameters
    ----------
    world, scenarios
        Name: anything that :func:`detente.solve` takes: a compiled scenario, a plain shock, a
        scenario, a measure or a list of measures, or None for no change.
    specification
        As for :func:`detente.solve`.
    draws, seed
        Of the elasticities, see :func:`detente.uncertainty.draw_parameters`.
    workers
        Threads.
    folder
        Where finished draws are kept. The same call finds them again and goes on; a larger
        number of draws adds to them. None keeps them in memory only.
    listener
        Told how many draws are done of how many.
    compared_with
        Scenario: the scenario it is held against, instead of the baseline.
    parameters
        Draws made beforehand, e.g. of whole elasticity sets; `draws` and `seed` then say
        nothing.
    keep
        Outcomes to keep, by their name in `Outcomes`.
    tolerance
        Of each draw's solution; ranges need fewer digits than the central values.
    executor
        Runs blocks of draws in place of threads, e.g. that of a cluster, see
        :func:`detente.uncertainty.cluster_executor`.
    solver
        In place of :func:`detente.solve`.

    Raises
    ------
    InterruptedRun
        Ctrl-C. What was finished is kept in `folder`, and in the error's `partial` as an
        Ensemble.
    OutputError
        The folder cannot be written; nothing there is half-written.
    ConvergenceError, InfeasibleError
        The central case itself cannot be solved.
    """
    check_kind(world, World, "ensemble: world", "load_world(NAME)")
    check_kind(scenarios, Mapping, "ensemble: scenarios", "{NAME: scenario}")
    if not scenarios:
        raise InputError("ensemble: no scenario to draw for.")
    if workers < 1:
        raise InputError(f"ensemble: workers must be at least one, got {workers}.")
    readable = _readable(world, scenarios)
    against = dict(compared_with or {})
    for name, other in against.items():
        for what in (name, other):
            if what and what not in scenarios:
                raise UnknownNameError("scenario", what, scenarios, where="compared_with")
    spec = specification_or_default(specification)
    drawn = draw_parameters(world, draws, seed) if parameters is None else parameters
    done: dict[int, DrawResult] = {}
    store = None
    if folder is not None:
        key = _identity(world, readable, against, spec, drawn, keep, tolerance)
        store = Blocks(folder, "draws", key)
        done = {d: r for d, r in _kept(store).items() if d < len(drawn)}
    job = _Job(world, readable, against, spec, drawn, tuple(keep), tolerance, {}, solver)
    central_equilibria = {name: job.solve(name, world, warm=False) for name in scenarios}
    central = _central(central_equilibria, against, tuple(keep))
    if not (spec.scale and world.scale_elasticity.any()):
        job = replace(job, starts=central_equilibria)

    todo = [d for d in range(len(drawn)) if d not in done]
    buffer: dict[int, DrawResult] = {}

    def save() -> None:
        if store is not None and buffer:
            _keep(store, buffer)
        buffer.clear()

    stopped = False
    with closing(_work(job, todo, workers, executor)) as work:
        try:
            for results in work:
                for draw, result in results:
                    done[draw] = buffer[draw] = result
                if len(buffer) >= BLOCK:
                    save()
                listener.count("draws", len(done), len(drawn))
        except KeyboardInterrupt:
            stopped = True
        finally:
            save()  # whatever ends the loop, what is done is kept
    collected = _collect(world, against, central, drawn, done, stopped)
    if stopped:
        where = f"kept in {folder}; the same call goes on from there" if folder else "not saved"
        error = InterruptedRun(
            f"stopped after {len(done)} of {len(drawn)} draws; they are {where}."
        )
        error.partial = collected  # type: ignore[attr-defined]
        raise error
    return collected


def _readable(world: World, scenarios: Mapping[str, Any]) -> dict[str, Any]:
    """Every entry as a shock or a compiled scenario."""
    if not isinstance(scenarios, Mapping):
        raise InputError(
            "ensemble: scenarios are given by name, such as "
            f'{{"a": [Tariff(…)]}}; got {type(scenarios).__name__}.'
        )
    out: dict[str, Any] = {}
    for name, what in scenarios.items():
        if what is None:
            out[name] = Shock.none(world)
        elif isinstance(what, Shock):
            out[name] = what
        else:
            out[name] = compiled_of(world, what, f'ensemble, "{name}"')
    return out


def _work(
    job: _Job, todo: Sequence[int], workers: int, executor: Executor | None
) -> Generator[list[tuple[int, DrawResult]], None, None]:
    """Results of all draws, in the order in which they are done."""
    # One draw a task in threads, so that an interruption loses little; blocks over a network.
    size = 1 if executor is None else BLOCK
    tasks = [todo[k : k + size] for k in range(0, len(todo), size)]
    job = job if executor is None else portable(job)
    pool = executor or ThreadPoolExecutor(max_workers=workers, thread_name_prefix="draws")
    ahead = 2 * workers if executor is None else len(tasks)
    pending: set[Future[list[tuple[int, DrawResult]]]] = set()
    waiting = iter(tasks)
    try:
        while True:
            while len(pending) < ahead and (task := next(waiting, None)) is not None:
                pending.add(pool.submit(_run_block, job, task))
            if not pending:
                return
            ready, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in ready:
                yield future.result()
    finally:
        for future in pending:
            future.cancel()
        if executor is None:
            pool.shutdown(wait=True, cancel_futures=True)


def _central(
    equilibria: Mapping[str, Equilibrium], against: Mapping[str, str], keep: tuple[str, ...]
) -> dict[str, dict[str, Labelled]]:
    out = {}
    for name, equilibrium in equilibria.items():
        before, after = states_of(equilibrium)
        if other := against.get(name, ""):
            check_comparable(equilibria[other], equilibrium)
            before = state_of(equilibria[other])
        out[name] = headlines(before, after, keep)
    return out


def _collect(
    world: World,
    against: Mapping[str, str],
    central: Mapping[str, Mapping[str, Labelled]],
    drawn: ParameterDraws,
    done: Mapping[int, DrawResult],
    stopped: bool,
) -> Ensemble:
    """All draws, in their order, as arrays."""
    values: dict[str, dict[str, FloatArray]] = {}
    for name, items in central.items():
        values[name] = {}
        for outcome, item in items.items():
            array = np.full((len(drawn), *item.values.shape), np.nan)
            for draw, (found, _) in done.items():
                got = found.get(name + _SEPARATOR + outcome)
                if got is not None:
                    array[draw] = got
            array.flags.writeable = False
            values[name][outcome] = array
    failures = tuple(
        (draw, name, reason)
        for draw in sorted(done)
        for name, reason in sorted(done[draw][1].items())
    )
    return Ensemble(
        world=world,
        names=tuple(central),
        compared_with=MappingProxyType(dict(against)),
        central=MappingProxyType(dict(central)),
        values=MappingProxyType(values),
        parameters=drawn,
        failures=failures,
        finished=np.array([d in done for d in range(len(drawn))]),
        interrupted=stopped,
    )


def _identity(
    world: World,
    scenarios: Mapping[str, Any],
    against: Mapping[str, str],
    specification: Specification,
    drawn: ParameterDraws,
    keep: Sequence[str],
    tolerance: float,
) -> str:
    """Hash of everything that the draws depend on but their number."""
    rule = (drawn.seed, drawn.log_sd, drawn.correlation, drawn.scale_rule, drawn.sources)
    contents = {
        name: what if isinstance(what, Shock) else _compiled_content(what)
        for name, what in scenarios.items()
    }
    return content_hash(world, contents, dict(against), specification, rule, tuple(keep), tolerance)


def _compiled_content(scenario: Any) -> tuple[Any, ...]:
    """What of a scenario decides its equilibrium: its parts and rates, rules and bounds."""
    return (
        scenario.measure_ids,
        scenario.removed,
        scenario.shock(),
        scenario.free_rates,
        scenario.triggers,
        scenario.mirrors,
        scenario.ledger(),
    )


def _keep(store: Blocks, results: Mapping[int, DrawResult]) -> None:
    """Keep some finished draws in a block; what a draw does not have is not a number."""
    draws = sorted(results)
    shapes = {name: v.shape for d in draws for name, v in results[d][0].items()}
    arrays = {
        "v:" + name: np.stack([results[d][0].get(name, np.full(shape, np.nan)) for d in draws])
        for name, shape in sorted(shapes.items())
    }
    arrays["draw"] = np.array(draws)
    name = f"{draws[0]:06d}-{draws[-1]:06d}-{len(draws)}"
    store.write(name, arrays, [results[d][1] for d in draws])


def _kept(store: Blocks) -> dict[int, DrawResult]:
    """Every finished draw that is kept."""
    out: dict[int, DrawResult] = {}
    for name in store.names():
        if (block := store.read(name)) is None:
            continue
        values = {n.removeprefix("v:"): v for n, v in block.arrays.items() if n != "draw"}
        for row, draw in enumerate(block.arrays["draw"].tolist()):
            out[draw] = ({n: v[row] for n, v in values.items()}, block.about[row])
    return out
