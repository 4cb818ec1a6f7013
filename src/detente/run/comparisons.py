"""What follows the headline: packages, measures alone, attribution, other model choices?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from detente.arrays import long_table
from detente.errors import ConvergenceError, InfeasibleError, MeasureError, UnknownNameError
from detente.progress import Listener
from detente.run import facts, sources
from detente.run.engine import Engine
from detente.run.results import Results, normal

if TYPE_CHECKING:
    import pandas as pd

    from detente.case.schema import CaseFile
    from detente.measures import Instrument
    from detente.outcomes import Outcomes
    from detente.scenario import CompiledScenario, Scenario

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


def residual_of(found: Outcomes) -> float:
    """The largest gap of the equilibrium behind some outcomes."""
    return 0.0 if found.certificate is None else float(found.certificate.residual)


def short_table(found: Outcomes, name: str) -> pd.DataFrame:
    """The short list of one comparison, under another name."""
    from detente.outcomes.endogenous_rates import FOUND

    kept = [name for name in found.quantities if name in SHORT_LIST or name.startswith(FOUND)]
    table = found.table(kept)
    return normal(table.assign(scenario=name))


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


def packages_compared(
    case: CaseFile,
    chosen: str,
    engine: Engine,
    results: Results,
    listener: Listener,
    problems: list[str],
    headline: Outcomes,
) -> tuple[Results, dict[str, float]]:
    """Every package against its own comparison."""
    residuals: dict[str, float] = {}
    tables: list[pd.DataFrame | None] = []
    names = case.package_ids
    for done, name in enumerate(names):
        listener.count("packages", done, len(names))

        def work(name: str = name) -> pd.DataFrame:
            found = headline if name == chosen else engine.outcomes(case.scenario(name))
            residuals[name] = residual_of(found)
            return short_table(found, name)

        tables.append(_tried(problems, f'package "{name}"', work))
    listener.count("packages", len(names), len(names))
    return replace(results, packages=_stacked(tables)), residuals


def measures_alone(
    case: CaseFile, engine: Engine, results: Results, listener: Listener, problems: list[str]
) -> Results:
    """Each measure by itself, in full force, against the world.

    A measure that answers another (a mirror duty) does nothing by itself and is left out.
    """
    from detente.outcomes import outcomes
    from detente.scenario import Scenario

    wanted = [m for m in case.measures if m.mirror is None]
    tables: list[pd.DataFrame | None] = []
    for done, measure in enumerate(wanted):
        listener.count("measures alone", done, len(wanted))

        def work(measure: Instrument = measure) -> pd.DataFrame:
            name = measure.id
            scenario = Scenario(name, (measure,))
            found = engine.solve(engine.compiled(scenario))
            return short_table(outcomes(found, None, name, engine.world_words), name)

        tables.append(_tried(problems, f'measure "{measure.id}" alone', work))
    listener.count("measures alone", len(wanted), len(wanted))
    every = tuple(facts.measure_facts(m, engine.world.sector_names) for m in case.measures)
    return replace(results, alone=_stacked(tables), all_measures=every)


def attributed(
    engine: Engine,
    scenario: Scenario,
    compiled: CompiledScenario,
    results: Results,
    listener: Listener,
    problems: list[str],
) -> Results:
    """Shapley shares of the headline's measures."""
    import pandas as pd

    from detente.outcomes import attribution

    players = len(compiled.measure_ids)
    if players < 2:
        return results
    if scenario.compared_with is not None:
        problems.append(
            "the attribution to measures is shown only where the comparison is the world itself"
        )
        return results

    def work() -> pd.DataFrame:
        shares = attribution(
            engine.world,
            compiled,
            specification=engine.specification,
            exact_up_to=EXACT_ATTRIBUTION,
            orders=SAMPLED_ORDERS,
            listener=listener,
        )
        return normal(
            long_table(
                (item.rows(engine.world) for item in shares.quantities().values()),
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


def model_choices(
    case: CaseFile,
    engine: Engine,
    scenario: Scenario,
    results: Results,
    listener: Listener,
    problems: list[str],
) -> Results:
    """The headline with one model choice at a time changed."""
    from detente.case import world_of
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
        listener.count("other model choices", done, len(variants))
        tables.append(
            _tried(
                problems,
                f"the answer with {words}",
                partial(_under, make, scenario, words),
            )
        )
    listener.count("other model choices", len(variants), len(variants))
    return replace(results, choices=_stacked(tables))
