"""What follows the headline: packages, measures alone, attribution, other model choices?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import detente.outcomes as outcome
import detente.world as worlds
from detente.arrays import long_table
from detente.case import world_of
from detente.errors import ConvergenceError, InfeasibleError, MeasureError, UnknownNameError
from detente.outcomes.endogenous_rates import FOUND
from detente.progress import Listener
from detente.run.engine import Engine
from detente.run.results import AS_REPORTED, NotShown, Results, normal
from detente.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from detente.case.schema import CaseFile
    from detente.measures import Instrument
    from detente.outcomes import Outcomes
    from detente.scenario import CompiledScenario

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
    kept = [name for name in found.quantities if name in SHORT_LIST or name.startswith(FOUND)]
    table = found.table(kept)
    return normal(table.assign(scenario=name))


def _short(solved: Callable[[], Outcomes], name: str) -> pd.DataFrame:
    return short_table(solved(), name)


def _tried(
    problems: list[NotShown], kind: str, name: str, work: Callable[[], pd.DataFrame]
) -> pd.DataFrame | None:
    """A table; where there is no equilibrium to show, a problem instead."""
    try:
        return work()
    except (ConvergenceError, InfeasibleError, MeasureError, UnknownNameError) as problem:
        problems.append(NotShown(kind, name, str(problem)))
        return None


def _each(
    listener: Listener,
    told: str,
    problems: list[NotShown],
    kind: str,
    work: Sequence[tuple[str, Callable[[], Outcomes]]],
) -> pd.DataFrame | None:
    """The short lists of many comparisons, one below the other; None where there is none."""
    import pandas as pd

    tables = []
    for done, (name, found) in enumerate(work):
        listener.count(told, done, len(work))
        tables.append(_tried(problems, kind, name, partial(_short, found, name)))
    listener.count(told, len(work), len(work))
    kept = [table for table in tables if table is not None and len(table)]
    return pd.concat(kept, ignore_index=True) if kept else None


def packages_compared(
    case: CaseFile,
    chosen: str,
    engine: Engine,
    results: Results,
    listener: Listener,
    problems: list[NotShown],
    headline: Outcomes,
) -> tuple[Results, dict[str, float]]:
    """Every package against its own comparison, and the largest gap of each equilibrium."""
    residuals: dict[str, float] = {}

    def solved(name: str) -> Outcomes:
        found = headline if name == chosen else engine.outcomes(case.scenario(name))
        residuals[name] = residual_of(found)
        return found

    work = [(name, partial(solved, name)) for name in case.package_ids]
    table = _each(listener, "packages", problems, "package", work)
    return replace(results, packages=table), residuals


def measures_alone(
    case: CaseFile,
    engine: Engine,
    results: Results,
    listener: Listener,
    problems: list[NotShown],
) -> Results:
    """Each measure by itself, in full force, against the world.

    A measure that answers another (a mirror duty) does nothing by itself and is left out.
    """

    def solved(measure: Instrument) -> Outcomes:
        compiled = engine.compiled(Scenario(measure.id, (measure,)))
        return outcome.outcomes_of(engine.solve(compiled), None, measure.id, engine.world_words)

    work = [(m.id, partial(solved, m)) for m in case.measures if m.mirror is None]
    table = _each(listener, "measures alone", problems, "measure", work)
    return replace(results, alone=table, all_measures=tuple(case.measures))


def attributed(
    engine: Engine,
    scenario: Scenario,
    compiled: CompiledScenario,
    results: Results,
    listener: Listener,
    problems: list[NotShown],
) -> Results:
    """Shapley shares of the headline's measures."""
    import pandas as pd

    players = len(compiled.measure_ids)
    if players < 2:
        return results
    if scenario.compared_with is not None:
        problems.append(NotShown("attribution to a comparison"))
        return results

    def work() -> pd.DataFrame:
        shares = outcome.attribution(
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

    rows = _tried(problems, "attribution", "", work)
    if rows is None:
        return results
    return replace(results, headline=pd.concat([results.headline, rows], ignore_index=True))


#: Closures under which the headline is solved again.
CLOSURES = ("fixed-transfer", "proportional", "balanced")


def _variants(case: CaseFile, engine: Engine) -> Iterator[tuple[str, Callable[[], Engine]]]:
    """The headline's own model and every other, each by the one choice that differs."""
    world, spec = engine.world, engine.specification
    yield AS_REPORTED, partial(engine.under, spec)
    for name in CLOSURES:
        if name != (spec.closure or world.closure):
            yield f"closure={name}", partial(engine.under, replace(spec, closure=name))
    if spec.labour == "mobile":
        yield "labour=specific", partial(engine.under, replace(spec, labour="specific"))
    reference = world_of(case)
    for name in worlds.world_labels(reference).elasticity_sets:
        if name != world.elasticity_set:
            yield f"elasticities={name}", partial(engine.with_elasticities, reference, name)


def model_choices(
    case: CaseFile,
    engine: Engine,
    scenario: Scenario,
    results: Results,
    listener: Listener,
    problems: list[NotShown],
) -> Results:
    """The headline with one model choice at a time changed."""

    def solved(make: Callable[[], Engine]) -> Outcomes:
        return make().outcomes(scenario)

    work = [(name, partial(solved, make)) for name, make in _variants(case, engine)]
    table = _each(listener, "other model choices", problems, "choice", work)
    return replace(results, choices=table)
