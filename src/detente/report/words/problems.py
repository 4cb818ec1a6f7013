"""What could a run not show, and why?"""

from __future__ import annotations

from detente.report.words.choices import choice
from detente.run.results import NotShown, Results
from detente.wording import sentence

#: What is said of each kind of problem.
_SAID = {
    "package": 'package "{name}" is not shown: {reason}',
    "measure": 'measure "{name}" alone is not shown: {reason}',
    "attribution": "the attribution to measures is not shown: {reason}",
    "attribution to a comparison": "the attribution to measures is shown only where the "
    "comparison is the world itself",
    "choice": "the answer with {name} is not shown: {reason}",
    "game": "part of the game is not shown: {reason}",
    "ranges": "no ranges: {reason}",
    "end": "the run was stopped before its end: what is missing here was not reached",
}


def problem_words(results: Results, problem: NotShown) -> str:
    """One problem in a sentence."""
    name = choice(results, problem.name) if problem.kind == "choice" else problem.name
    return sentence(_SAID[problem.kind].format(name=name, reason=problem.reason))


def problems(results: Results) -> list[str]:
    """Every problem in a sentence."""
    return [problem_words(results, problem) for problem in results.problems]
