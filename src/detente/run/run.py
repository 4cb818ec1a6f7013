"""What does a run do? From a case file to results, the headline first.

1. Read the case, open its world, solve the headline package: the first answer.
2. Every package, and each measure alone.
3. Which measure does what, in the headline.
4. The headline under other model choices.
5. Ranges from draws of the parameters.

Whatever has been found when a run is stopped is kept: the caller gets results with fewer draws.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import detente.games as games
import detente.world as worlds
from detente.case import CaseFile, load_case, world_of
from detente.data import us_china_tariffs
from detente.errors import ConvergenceError, InfeasibleError, InputError, InterruptedRun
from detente.progress import SILENT, Listener
from detente.run import contents
from detente.run.comparisons import (
    attributed,
    measures_alone,
    model_choices,
    packages_compared,
    residual_of,
)
from detente.run.engine import Engine, Overrides, specification_of
from detente.run.game import arena_of
from detente.run.meeting import PACKAGES, meet
from detente.run.provenance import manifest
from detente.run.ranges import with_ranges
from detente.run.results import ModelFacts, NotShown, Results, normal
from detente.store import content_hash
from detente.wording import world_named
from detente.world.shipped import shipped_descriptor

#: What a world's descriptor says about how its data are to be read.
BASES = (
    "years_basis",
    "valuation",
    "sourcing",
    "tariff_basis",
    "employment_basis",
    "emissions_basis",
)

if TYPE_CHECKING:
    import pandas as pd

    from detente.outcomes import Outcomes
    from detente.world import World


@dataclass
class _Stopwatch:
    seconds: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = now - self._last
        self._last = now


@dataclass(frozen=True)
class Run:
    """Results with the manifest that goes beside them."""

    results: Results
    manifest: Mapping[str, Any]
    stopped: bool = False


def run_case(
    case: str | CaseFile,
    *,
    package: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    ranges: bool = True,
    overrides: Overrides | None = None,
    listener: Listener = SILENT,
    first: Callable[[Results], None] | None = None,
    folder: Path | None = None,
) -> Run:
    """Work through a case.

    Parameters
    ----------
    case
        A shipped case by name, the path of a case file, or a case that was read.
    package
        Which package the headline is about; the case's own when left out.
    draws, seed, workers
        Of the parameters; the case's own when left out.
    ranges
        False leaves out the draws.
    overrides
        Model choices in place of the case's.
    listener
        Told how far the run has come.
    first
        Handed the first results, with the headline alone, as soon as they are there.
    folder
        Where finished draws are kept for a later run to go on from; None keeps none.

    Raises
    ------
    DetenteError
        Anything wrong with the case, the world, or the solution of the headline.
    """
    watch = _Stopwatch()
    listener.step("reading the case")
    read = case if isinstance(case, CaseFile) else load_case(case)
    chosen = package or read.headline_id
    scenario = read.scenario(chosen)
    watch.lap("case")

    listener.step("opening the world")
    engine, descriptor = _engine(read, overrides or Overrides())
    watch.lap("world")

    listener.step("solving the headline")
    compiled = engine.compiled(scenario)
    found = engine.outcomes(scenario, compiled)
    results = _headline(read, chosen, engine, found, descriptor)
    watch.lap("headline")
    if first is not None:
        first(results)

    residuals = {chosen: residual_of(found)}
    problems: list[NotShown] = []
    stopped = False
    try:
        results, more = packages_compared(read, chosen, engine, results, listener, problems, found)
        residuals |= more
        results = measures_alone(read, engine, results, listener, problems)
        watch.lap("packages")
        results = attributed(engine, scenario, compiled, results, listener, problems)
        watch.lap("attribution")
        results = model_choices(read, engine, scenario, results, listener, problems)
        watch.lap("model choices")
        results = _met(read, engine, results, seed, folder, listener)
        watch.lap("talks")
        results = _played(read, engine, results, listener, problems, folder)
        watch.lap("game")
        if ranges:
            try:
                results = with_ranges(
                    read,
                    engine,
                    scenario,
                    results,
                    draws=draws,
                    seed=seed,
                    workers=workers,
                    listener=listener,
                    folder=folder,
                )
            except InputError as problem:  # a world that does not say how unsure it is
                problems.append(NotShown("ranges", reason=str(problem)))
            watch.lap("ranges")
    except (KeyboardInterrupt, InterruptedRun):  # a game or a meeting says itself what it keeps
        stopped = True
        problems.append(NotShown("end"))
    stopped = stopped or results.draws.interrupted
    results = replace(results, problems=tuple(problems))

    record = manifest(
        case=read.name,
        package=chosen,
        world=engine.world.name,
        data_hash=descriptor.get("arrays", {}).get("sha256"),
        scenario_hash="sha256:" + content_hash((read.text or read.name).encode("utf-8")),
        seed=results.draws.seed,
        draws={
            "asked": results.draws.asked,
            "finished": results.draws.finished,
            "failed": results.draws.failed,
            "interrupted": results.draws.interrupted,
        },
        residuals=residuals,
        timings=watch.seconds,
        settings=found.settings,
    )
    shown = {
        "detente": record["detente"],
        "commit": record["commit"],
        "world": record["world"],
        "data_hash": record["data_hash"],
        "scenario_hash": record["scenario_hash"],
        "seed": record["seed"],
        "largest_residual": max(residuals.values()),
        "platform": f"{record['platform']['system']}, Python {record['platform']['python']}",
    }
    return Run(replace(results, provenance=shown), record, stopped)


def _met(
    case: CaseFile,
    engine: Engine,
    results: Results,
    seed: int | None,
    folder: Path | None,
    listener: Listener,
) -> Results:
    """The case's meeting, where it has one."""
    if case.talks is None:
        return results
    met = meet(
        case,
        world=engine.world,
        specification=engine.specification,
        seed=seed,
        folder=None if folder is None else folder.with_name(PACKAGES),
        listener=listener,
    )
    return replace(results, talks=met)


def _played(
    case: CaseFile,
    engine: Engine,
    results: Results,
    listener: Listener,
    problems: list[NotShown],
    folder: Path | None,
) -> Results:
    """War and deals of the case's [game] section, without economies of scale."""
    if case.game is None:
        return results
    try:
        arena, game = arena_of(case, engine.world, engine.specification)
        found = games.war(arena, game, listener=listener, folder=folder)
        results = replace(results, war=found)
        if found.end is not None:
            agreed = games.deals(arena, game, found=found, listener=listener)
            results = replace(results, deals=agreed)
    except (ConvergenceError, InfeasibleError) as problem:
        problems.append(NotShown("game", reason=str(problem)))
    return results


def _engine(case: CaseFile, overrides: Overrides) -> tuple[Engine, Mapping[str, Any]]:
    """World and specification of a case."""
    name = world_of(case)
    descriptor = shipped_descriptor(name)
    world = worlds.load_world(name, overrides.elasticities or case.model.elasticities)
    words = world_named(world.name, world.year)
    return Engine(world, specification_of(case, overrides), words), descriptor


def _headline(
    case: CaseFile,
    package: str,
    engine: Engine,
    found: Outcomes,
    descriptor: Mapping[str, Any],
) -> Results:
    """Results with the headline alone."""
    world = engine.world
    packages = contents.package_facts(case)
    fact = next(p for p in packages if p.id == package)
    employment = (
        {}
        if world.employment is None
        else dict(zip(world.economies, world.employment.sum(axis=1).tolist(), strict=True))
    )
    settings = found.settings
    sets = descriptor.get("elasticity_sets", {})
    titles = {name: str(about.get("title") or name) for name, about in sets.items()}
    return Results(
        case=case.name,
        title=case.title,
        question=" ".join(case.question.split()),
        background=" ".join(case.background.split()),
        headline_id=package,
        headline_title=fact.title or package,
        compared_with=found.compared_with,
        date=found.date,
        model=ModelFacts(
            world=world.name,
            year=world.year,
            economies=len(world.economies),
            sectors=len(world.sectors),
            closure=settings["closure"],
            labour=settings["labour"],
            market_structure=settings["market structure"],
            scale=settings["scale economies"] == "on",
            elasticity_set=titles.get(world.elasticity_set, world.elasticity_set),
            numeraire=settings["numeraire"],
            currency=world.currency,
        ),
        headline=normal(found.table()),
        measures=tuple(m for m in case.measures if m.id in fact.measures),
        package_facts=packages,
        not_priced=contents.not_priced(case),
        notes=tuple(found.notes),
        economy_names=world.economy_names,
        sector_names=world.sector_names,
        groups=world.groups,
        employment=employment,
        employment_basis=str(descriptor.get("employment_basis", "")),
        sources=tuple(descriptor.get("sources", ())),
        repairs=tuple(descriptor.get("repairs", ())),
        bases={key: str(descriptor[key]) for key in BASES if descriptor.get(key)},
        elasticity_titles=titles,
        tariff_path=_tariff_path(world),
    )


def _tariff_path(world: World) -> pd.DataFrame | None:
    """Dated tariffs between the United States and China, for the worlds that hold both."""
    if world.year is None or not {"USA", "CHN"} <= set(world.economies):
        return None
    import pandas as pd

    rows = [
        {
            "scenario": "history",
            "metric": "average_tariff",
            "importer": importer,
            "exporter": exporter,
            "date": record.date.isoformat(),
            "value": 100 * record.rate,
            "unit": "%",
            "compared_with": record.basis,
        }
        for importer, exporter in (("USA", "CHN"), ("CHN", "USA"))
        for record in us_china_tariffs(importer)
    ]
    return normal(pd.DataFrame(rows)) if rows else None
