"""Is every spoiled case a case or one clear message a finding, in little time and memory?"""

from __future__ import annotations

import random
from functools import cache

from tests.mutants import bounded, fuzzed, spoiled

from detente.case import CaseFile, list_cases, load_case, parse_case, starter
from detente.errors import CaseFileError, DetenteError

#: Findings that are told, and the count of the rest.
MOST_LINES = 51


@cache
def sound() -> tuple[str, ...]:
    """The shipped cases and the starters; the long ones less often."""
    texts = sorted((starter(), *(load_case(n).text for n in list_cases())))
    short = [text for text in texts if len(text) < 35_000]
    return (*short, *short, *short, *texts)


def read(text: str) -> CaseFile:
    """The case as a run reads it, with its scenarios."""
    case = parse_case(text)
    assert case.scenarios
    return case


@fuzzed(2_000)
def test_a_spoiled_case_is_a_case_or_one_message_a_finding(seed: int) -> None:
    rng = random.Random(seed)
    text = spoiled(rng.choice(sound()), rng)
    found = bounded(lambda: read(text), DetenteError)
    if isinstance(found, Exception):
        assert isinstance(found, CaseFileError), repr(found)
        assert len(str(found).splitlines()) <= MOST_LINES
