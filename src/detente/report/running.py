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
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from detente.errors import ConvergenceError, InfeasibleError, MeasureError, UnknownNameError
from detente.report import facts, sources
from detente.report.provenance import digest, manifest
from detente.report.ranges import with_ranges
from detente.report.results import ModelFacts, Results, normal

if TYPE_CHECKING:
    import pandas as pd

    from detente.equilibrium import Equilibrium, Specification
    from detente.outcomes import Outcomes
    from detente.scenario import Programme, Scenario
    from detente.scenario.schema import CaseFile
    from detente.world import World

#: What is kept of packages, measures alone and model choices.
SHORT_LIST = (
    "welfare_pct",
    "equivalent_variation",
    "real_income_without_transfer_pct",
    "real_wage_pct",
    "consumer_price_pct",
    "terms_of_trade_pct",
    "volume_of_trade_pct",
    "imports_pct",
    "exports_pct",
    "balance_change",
    "revenue_change",
    "emissions_change",
)
#: Up to so many measures the attribution solves every subset; beyond, orders are sampled.
EXACT_ATTRIBUTION = 6
SAMPLED_ORDERS = 8


class Listener(Protocol):
    """Who is told how far a run has come."""

    def step(self, text: str) -> None:
        """A new piece of work begins."""

    def count(self, text: str, done: int, total: int) -> None:
        """So much of a piece of work is done."""


class _Nobody:
    def step(self, text: str) -> None:
        """Says nothing."""

    def count(self, text: str, done: int, total: int) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class Overrides:
    """Model choices that the caller puts in place of the case's."""

    closure: str | None = None
    labour: str | None = None
    roy_elasticity: float | None = None
    elasticities: str | None = None
    scale: bool | None = None


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


def specification_of(case: CaseFile, overrides: Overrides) -> Specification:
    """The case's model section with the caller's choices put first."""
    from detente.equilibrium import Specification

    model = case.model
    labour = overrides.labour or model.labour or "mobile"
    roy = overrides.roy_elasticity or model.roy_elasticity
    scale = overrides.scale if overrides.scale is not None else model.scale
    return Specification(
        closure=overrides.closure or model.closure,
        labour=labour,
        roy_elasticity=roy if labour == "roy" else None,
        labour_supply_elasticity=model.labour_supply_elasticity or 0.0,
        input_elasticity=model.input_elasticity or 1.0,
        scale=True if scale is None else scale,
    )


@dataclass(frozen=True)
class Engine:
    """One world under one specification, with the comparison solved once for each name."""

    world: World
    specification: Specification
    world_words: str
    _known: dict[str, Equilibrium] = field(default_factory=dict)

    def under(self, specification: Specification) -> Engine:
        """The same world under another specification."""
        return Engine(self.world, specification, self.world_words)

    def with_elasticities(self, reference: str, name: str) -> Engine:
        """The same specification with another elasticity set."""
        from detente.world import load_world

        return Engine(load_world(reference, name), self.specification, self.world_words)

    def programme(self, scenario: Scenario) -> Programme:
        """A scenario brought onto the world."""
        from detente.scenario import compile_scenario

        return compile_scenario(self.world, scenario)

    def solve(self, what: Any) -> Equilibrium:
        """One equilibrium."""
        from detente.equilibrium import solve

        return solve(self.world, what, specification=self.specification)

    def comparison(self, scenario: Scenario) -> tuple[Equilibrium | None, str]:
        """The equilibrium that a scenario is compared with (None: the world), and its name."""
        other = scenario.compared_with
        if other is None:
            return None, self.world_words
        if other.name not in self._known:
            self._known[other.name] = self.solve(self.programme(other))
        words = other.title or other.name
        return self._known[other.name], words[:1].lower() + words[1:]

    def outcomes(self, scenario: Scenario, what: Any = None) -> Outcomes:
        """What a scenario changes, against its comparison."""
        from detente.outcomes import outcomes

        reference, words = self.comparison(scenario)
        found = self.solve(self.programme(scenario) if what is None else what)
        return outcomes(found, reference, scenario.name, words)


def short_table(found: Outcomes, name: str) -> pd.DataFrame:
    """The short list of one comparison, under another name."""
    table = found.table([metric for metric in SHORT_LIST if metric in found.quantities])
    return normal(table.assign(scenario=name))


def run_case(
    case: str | CaseFile,
    *,
    package: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    ranges: bool = True,
    overrides: Overrides | None = None,
    listener: Listener | None = None,
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
    from detente.scenario import load_case

    tell = listener or _Nobody()
    watch = _Stopwatch()
    tell.step("reading the case")
    read = load_case(case) if isinstance(case, str) else case
    chosen = package or read.headline_id
    scenario = read.scenario(chosen)
    watch.lap("case")

    tell.step("opening the world")
    engine, descriptor = _engine(read, overrides or Overrides())
    watch.lap("world")

    tell.step("solving the headline")
    programme = engine.programme(scenario)
    found = engine.outcomes(scenario, programme)
    results = _headline(read, chosen, engine, found, descriptor)
    watch.lap("headline")
    if first is not None:
        first(results)

    residuals = {chosen: _residual(found)}
    problems: list[str] = []
    stopped = False
    try:
        results, more = _packages(read, chosen, engine, results, tell, problems, found)
        residuals |= more
        results = _alone(read, engine, results, tell, problems)
        watch.lap("packages")
        results = _attributed(engine, scenario, programme, results, tell, problems)
        watch.lap("attribution")
        results = _choices(read, engine, scenario, results, tell, problems)
        watch.lap("model choices")
        if ranges:
            results = with_ranges(
                read,
                engine,
                scenario,
                results,
                draws=draws,
                seed=seed,
                workers=workers,
                tell=tell,
                folder=folder,
            )
            watch.lap("ranges")
    except KeyboardInterrupt:
        stopped = True
        problems.append("the run was stopped before its end: what is missing here was not reached")
    stopped = stopped or results.draws.interrupted
    results = replace(results, problems=tuple(problems))

    record = manifest(
        case=read.name,
        package=chosen,
        world=engine.world.name,
        data_hash=descriptor.get("arrays", {}).get("sha256"),
        scenario_hash=digest(read.text.encode("utf-8")) if read.text else digest(read.name),
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


def _engine(case: CaseFile, overrides: Overrides) -> tuple[Engine, Mapping[str, Any]]:
    """World and specification of a case."""
    from detente.scenario.load import world_of
    from detente.world import load_world

    name = world_of(case)
    descriptor = sources.descriptor_of(name)
    world = load_world(name, overrides.elasticities or case.model.elasticities)
    words = f"the world of {world.year}" if world.year else f'the world "{world.name}"'
    return Engine(world, specification_of(case, overrides), words), descriptor


def _residual(found: Outcomes) -> float:
    return 0.0 if found.certificate is None else float(found.certificate.residual)


def _headline(
    case: CaseFile,
    package: str,
    engine: Engine,
    found: Outcomes,
    descriptor: Mapping[str, Any],
) -> Results:
    """Results with the headline alone."""
    world = engine.world
    packages = facts.package_facts(case)
    fact = next(p for p in packages if p.id == package)
    sections = [m for m in case.measures if m.id in fact.measures]
    employment = (
        {}
        if world.employment is None
        else dict(zip(world.economies, world.employment.sum(axis=1).tolist(), strict=True))
    )
    settings = found.settings
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
            elasticity_set=facts.elasticity_title(descriptor, world.elasticity_set),
            numeraire=settings["numeraire"],
            currency=world.currency,
            details=sources.method_lines(descriptor),
        ),
        headline=normal(found.table()),
        measures=tuple(facts.measure_facts(m, world.sector_names) for m in sections),
        package_facts=packages,
        not_priced=facts.not_priced(case),
        notes=tuple(found.notes),
        economy_names=world.economy_names,
        sector_names=world.sector_names,
        groups=world.groups,
        employment=employment,
        employment_basis=str(descriptor.get("employment_basis", "")),
        credits=tuple(sources.credits(descriptor)),
        repairs=tuple(sources.repair_lines(descriptor)),
        tariff_path=_tariff_path(world),
        tariff_path_note=sources.TARIFF_PATH_NOTE,
    )


def _tariff_path(world: World) -> pd.DataFrame | None:
    """Dated tariffs between the United States and China, for the worlds that hold both."""
    if world.year is None or not {"USA", "CHN"} <= set(world.economies):
        return None
    import pandas as pd

    rows = sources.tariff_rows()
    return normal(pd.DataFrame(rows)) if rows else None


def _tried(problems: list[str], what: str, work: Callable[[], pd.DataFrame]) -> pd.DataFrame | None:
    """A table, or a line among the problems where there is no equilibrium to show."""
    try:
        return work()
    except (ConvergenceError, InfeasibleError, MeasureError, UnknownNameError) as problem:
        problems.append(f"{what} is not shown: {problem}")
        return None


def _stacked(tables: list[pd.DataFrame | None]) -> pd.DataFrame | None:
    import pandas as pd

    kept = [table for table in tables if table is not None and len(table)]
    return pd.concat(kept, ignore_index=True) if kept else None


def _packages(
    case: CaseFile,
    chosen: str,
    engine: Engine,
    results: Results,
    tell: Listener,
    problems: list[str],
    headline: Outcomes,
) -> tuple[Results, dict[str, float]]:
    """Every package against its own comparison."""
    residuals: dict[str, float] = {}
    tables: list[pd.DataFrame | None] = []
    names = case.package_ids
    for done, name in enumerate(names):
        tell.count("packages", done, len(names))

        def work(name: str = name) -> pd.DataFrame:
            found = headline if name == chosen else engine.outcomes(case.scenario(name))
            residuals[name] = _residual(found)
            return short_table(found, name)

        tables.append(_tried(problems, f'package "{name}"', work))
    tell.count("packages", len(names), len(names))
    return replace(results, packages=_stacked(tables)), residuals


def _alone(
    case: CaseFile, engine: Engine, results: Results, tell: Listener, problems: list[str]
) -> Results:
    """Each measure by itself, in full force, against the world.

    A measure that answers another (a mirror duty) does nothing by itself and is left out.
    """
    from detente.measures import Mirror
    from detente.outcomes import outcomes
    from detente.scenario import Scenario

    wanted = [m for m in case.measures if not isinstance(case.built(m.id).rule, Mirror)]
    tables: list[pd.DataFrame | None] = []
    for done, section in enumerate(wanted):
        tell.count("measures alone", done, len(wanted))

        def work(name: str = section.id) -> pd.DataFrame:
            scenario = Scenario(name, (case.built(name),))
            found = engine.solve(engine.programme(scenario))
            return short_table(outcomes(found, None, name, engine.world_words), name)

        tables.append(_tried(problems, f'measure "{section.id}" alone', work))
    tell.count("measures alone", len(wanted), len(wanted))
    every = tuple(facts.measure_facts(m, engine.world.sector_names) for m in case.measures)
    return replace(results, alone=_stacked(tables), all_measures=every)


def _attributed(
    engine: Engine,
    scenario: Scenario,
    programme: Programme,
    results: Results,
    tell: Listener,
    problems: list[str],
) -> Results:
    """Shapley shares of the headline's measures."""
    import pandas as pd

    from detente.outcomes import attribution, long_table

    players = len(programme.measure_ids)
    if players < 2:
        return results
    if scenario.compared_with is not None:
        problems.append(
            "the attribution to measures is shown only where the comparison is the world itself"
        )
        return results
    exact = players <= EXACT_ATTRIBUTION
    total = 2**players if exact else 2 * SAMPLED_ORDERS * (players - 1) + 2

    def work() -> pd.DataFrame:
        shares = attribution(
            engine.world,
            programme,
            specification=engine.specification,
            exact_up_to=EXACT_ATTRIBUTION,
            orders=SAMPLED_ORDERS,
            progress=lambda done, _: tell.count("which measure does what", min(done, total), total),
        )
        items = ((item, None) for item in shares.quantities().values())
        return normal(
            long_table(
                engine.world,
                items,
                scenario=scenario.name,
                compared_with=results.compared_with,
                date=results.date,
            )
        )

    rows = _tried(problems, "the attribution to measures", work)
    if rows is None:
        return results
    return replace(results, headline=pd.concat([results.headline, rows], ignore_index=True))


def _under(make: Callable[[], Engine], scenario: Scenario, words: str) -> pd.DataFrame:
    """The short list of the headline under another model choice."""
    return short_table(make().outcomes(scenario), words)


def _choices(
    case: CaseFile,
    engine: Engine,
    scenario: Scenario,
    results: Results,
    tell: Listener,
    problems: list[str],
) -> Results:
    """The headline with one model choice at a time changed."""
    from detente.scenario.load import world_of
    from detente.world import world_labels

    world, spec = engine.world, engine.specification
    variants: list[tuple[str, Callable[[], Engine]]] = [
        ("as in this report", partial(engine.under, spec))
    ]
    closures = {
        "fixed-transfer": "transfers between economies fixed",
        "proportional": "external balances in proportion to income",
        "balanced": "trade of every economy balanced",
    }
    now = spec.closure or world.closure
    for name, words in closures.items():
        if name != now:
            variants.append((words, partial(engine.under, replace(spec, closure=name))))
    if spec.labour == "mobile":
        short = replace(spec, labour="specific")
        variants.append(
            ("workers stay in their industry (short run)", partial(engine.under, short))
        )
    reference = world_of(case)
    descriptor = sources.descriptor_of(reference)
    for name in world_labels(reference).elasticity_sets:
        if name != world.elasticity_set:
            words = f"elasticities: {facts.elasticity_title(descriptor, name)}"
            variants.append((words, partial(engine.with_elasticities, reference, name)))
    tables: list[pd.DataFrame | None] = []
    for done, (words, make) in enumerate(variants):
        tell.count("other model choices", done, len(variants))
        tables.append(
            _tried(
                problems,
                f"the answer with {words}",
                partial(_under, make, scenario, words),
            )
        )
    tell.count("other model choices", len(variants), len(variants))
    return replace(results, choices=_stacked(tables))


__all__ = ["Engine", "Overrides", "Run", "run_case", "specification_of"]
