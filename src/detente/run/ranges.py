"""How wide are the ranges, what do they hang on, and which draws failed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import detente.uncertainty as uncertainty
from detente.errors import InputError, InterruptedRun
from detente.progress import Listener
from detente.run.results import THIRD, Draws, Results, normal

if TYPE_CHECKING:
    import pandas as pd

    from detente.case.schema import CaseFile
    from detente.run.engine import Engine
    from detente.scenario import Scenario
    from detente.uncertainty import Ensemble

#: Failures that the report lists one by one.
_LISTED = 20


def with_ranges(
    case: CaseFile,
    engine: Engine,
    scenario: Scenario,
    results: Results,
    *,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    listener: Listener,
    folder: Path | None = None,
) -> Results:
    """The results with quantiles, strongest parameters, and shares of the same sign.

    A stop by the user keeps the draws that are done and marks the results as interrupted.
    """
    asked = draws or case.uncertainty.draws
    used_seed = case.uncertainty.seed if seed is None else seed
    scenarios: dict[str, Any] = {scenario.name: engine.compiled(scenario)}
    against: dict[str, str] = {}
    if scenario.compared_with is not None:
        other = scenario.compared_with
        scenarios[other.name] = engine.compiled(other)
        against[scenario.name] = other.name
    options: dict[str, Any] = {} if workers is None else {"workers": workers}
    interrupted = False
    try:
        found = uncertainty.ensemble(
            engine.world,
            scenarios,
            engine.specification,
            draws=asked,
            seed=used_seed,
            compared_with=against,
            listener=listener,
            folder=folder,
            **options,
        )
    except InterruptedRun as stopped:
        partial = getattr(stopped, "partial", None)
        if partial is None:
            raise
        found, interrupted = partial, True
    return merged(case, scenario.name, results, found, interrupted)


def merged(
    case: CaseFile, name: str, results: Results, found: Ensemble, interrupted: bool
) -> Results:
    """Results and draws in one."""
    import pandas as pd

    done = int(found.finished.sum())
    failed = found.failed(name)
    worked = done - failed
    failures = tuple((draw + 1, reason) for draw, of, reason in found.failures if of == name)[
        :_LISTED
    ]
    record = Draws(
        asked=found.draws,
        finished=worked,
        failed=failed,
        seed=found.parameters.seed,
        interrupted=interrupted,
        failures=failures,
        parameters=tuple(case.uncertainty.parameters),
        studies=studies_of(found),
        common_variance=found.parameters.correlation,
    )
    if worked < 2:
        return replace(results, draws=record)
    table = found.table([name])
    table["compared_with"] = results.compared_with
    quantiles = normal(table[table["quantile"].notna()])
    together = normal(_together(found, name, results))
    headline = pd.concat([results.headline, quantiles, together], ignore_index=True)
    signs = normal(found.same_sign_table(("welfare_pct",), name))
    signs["metric"] = "same_sign:" + signs["metric"]
    signs["compared_with"] = results.compared_with
    return replace(
        results,
        headline=headline,
        same_sign=signs,
        drivers=_drivers(found, name, results),
        draws=record,
    )


def _together(found: Ensemble, name: str, results: Results) -> pd.DataFrame:
    """Quantiles of money sums over several economies: third countries, and acting groups.

    Summed draw by draw, since quantiles of single economies do not add up.
    """
    import pandas as pd

    draws = found.sample("equivalent_variation", name)
    sets = {THIRD: {c for c in found.world.economies if c not in results.involved}}
    sets |= {group: set(results.groups[group]) for group in results.acting_groups}
    rows = []
    for who, members in sets.items():
        inside = [code in members for code in found.world.economies]
        if not any(inside):
            continue
        total = draws[:, inside].sum(axis=1)
        rows += [
            {
                "scenario": name,
                "compared_with": results.compared_with,
                "metric": f"equivalent_variation_of:{who}",
                "quantile": q,
                "value": float(np.quantile(total, q)),
                "unit": found.world.currency,
            }
            for q in uncertainty.QUANTILES
        ]
    return pd.DataFrame(rows)


def _drivers(found: Ensemble, name: str, results: Results) -> pd.DataFrame | None:
    """The strongest parameters of the two principals; None where draws are too few to tell."""
    import pandas as pd

    frames = []
    for code in results.principals:
        try:
            frames.append(uncertainty.drivers_table(found, "welfare_pct", name, economy=code))
        except InputError:
            return None
    out = normal(pd.concat(frames, ignore_index=True))
    out["scenario"] = [text[:1].upper() + text[1:] for text in out["scenario"]]
    out["compared_with"] = results.compared_with
    return out


def studies_of(found: Ensemble) -> tuple[str, ...]:
    """References behind the spread of trade elasticities; empty where a rule made it."""
    parameters = found.parameters
    if parameters.scale_rule == "as in the set":
        return ()
    references: Mapping[str, str] = found.world.descriptor.get("elasticity_study_references", {})
    return tuple(references.get(key, key) for key in parameters.sources)
