"""How sure is the answer: ranges, failed draws, and what the ranges leave out?"""

from __future__ import annotations

from detente.report.words.answer import effect
from detente.run.results import Results, rows_of
from detente.wording import THIN, join_names


def _outside(results: Results) -> list[str]:
    """A sentence where the central value of some economy lies outside its own range."""
    rows = rows_of(results.headline, "welfare_pct", sector="").dropna(subset=["value"])
    found = [effect(results, code) for code in rows["economy"]]
    names = [one.name for one in found if one is not None and one.is_outside]
    if not names:
        return []
    return [
        f"For {join_names(names)} the central value lies outside the range: the elasticities in "
        "use are the highest or lowest on record in industries that matter here, so most draws "
        "lie on one side of them. Read the range, not the central value."
    ]


def how_sure(results: Results) -> list[str]:
    """Sentences on ranges, failed draws, and what the ranges leave out."""
    draws = results.draws
    out = []
    if not results.has_ranges or draws.finished == 0:
        out.append("No ranges were drawn in this run, so every number stands without one.")
    else:
        out.append(
            f"The ranges hold 90 % of {draws.finished} draws of "
            f"{' and '.join(p.replace('_', ' ') for p in draws.parameters) or 'the parameters'}"
            f" (seed {draws.seed}). They speak of these parameters only: not of the model, the "
            "data, or what governments may do next. The central value is the one at the "
            "elasticities in use and need not lie in the middle."
        )
        out += _outside(results)
    if draws.failed:
        out.append(
            f"{draws.failed} of {draws.asked} draws found no equilibrium within tolerance. They "
            "are counted here and left out of the ranges, not drawn again."
        )
    elif draws.finished:
        out.append("No draw failed.")
    if draws.interrupted:
        out.append(
            f"The run was stopped after {draws.finished} of {draws.asked} draws; those are kept."
        )
    return out + _origin(results)


def _origin(results: Results) -> list[str]:
    """Where the distributions of the parameters come from."""
    draws = results.draws
    if not draws.studies:
        return []
    return [
        "Trade elasticities are drawn log-normally around the set in use, as wide as published "
        f"studies disagree and within the span of their estimates ({'; '.join(draws.studies)}); "
        f"{100 * draws.common_variance:.0f}{THIN}% of the variance is common to all sectors."
    ]


def failures(results: Results) -> list[str]:
    """Every draw that failed, and why."""
    return [f"draw {number}: {reason}" for number, reason in results.draws.failures]
