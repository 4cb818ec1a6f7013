"""Is everything that a run could not show said, in a sentence, with its reason?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.report.terminal import run_footing
from detente.report.words.method import limits
from detente.report.words.problems import problems
from detente.run.results import NotShown, Results

KINDS = {
    NotShown("package", "two", "no equilibrium"): 'Package "two" is not shown: no equilibrium.',
    NotShown("measure", "duty-a", "no flow"): 'Measure "duty-a" alone is not shown: no flow.',
    NotShown("attribution", reason="too many"): (
        "The attribution to measures is not shown: too many."
    ),
    NotShown("attribution to a comparison"): (
        "The attribution to measures is shown only where the comparison is the world itself."
    ),
    NotShown("choice", "closure=balanced", "no equilibrium"): (
        "The answer with trade of every economy balanced is not shown: no equilibrium."
    ),
    NotShown("choice", "elasticities=low", "no equilibrium"): (
        "The answer with elasticities: Low values is not shown: no equilibrium."
    ),
    NotShown("game", reason="a fold"): "Part of the game is not shown: a fold.",
    NotShown("ranges", reason="no studies"): "No ranges: no studies.",
    NotShown("end"): ("The run was stopped before its end: what is missing here was not reached."),
}


@pytest.mark.parametrize("problem", KINDS, ids=lambda problem: f"{problem.kind} {problem.name}")
def test_every_kind_of_problem_is_a_sentence(problem: NotShown, results: Results) -> None:
    told = replace(results, problems=(problem,), elasticity_titles={"low": "Low values"})
    assert problems(told) == [KINDS[problem]]
    assert KINDS[problem] in limits(told)
    assert KINDS[problem] in run_footing(told)
