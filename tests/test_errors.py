"""Are messages short, and do they come soon, whatever somebody wrote?"""

from __future__ import annotations

import time

import pytest

from detente import errors
from detente.errors import LONGEST_ECHO, UnknownNameError, nearest, shortened


def test_every_error_of_ours_has_an_exit_code_and_is_in_the_tree() -> None:
    for name in errors.__all__:
        kind = getattr(errors, name)
        if isinstance(kind, type) and issubclass(kind, errors.DetenteError):
            assert kind.exit_code in {1, 2, 3, 4, 5, 130}
            assert name in str(errors.__doc__)


@pytest.mark.parametrize("name", ["x" * 1_800_000, "electronics" * 100_000, " " * 60_000, ""])
def test_long_names_are_neither_repeated_nor_searched_for_long(name: str) -> None:
    choices = ["electronics", "y" * 1_000_000, *(f"sector {k}" for k in range(250_000))]
    started = time.perf_counter()
    said = str(UnknownNameError("sector", name, choices))
    few = str(UnknownNameError("sector", name, choices[:2]))
    assert time.perf_counter() - started < 2.0
    assert len(said) < 100 + 4 * LONGEST_ECHO
    assert len(few) < 100 + 3 * LONGEST_ECHO


def test_nearest_gives_the_choice_as_it_is_written() -> None:
    long = "Manufacture of computers, electronics and optical products, not elsewhere classified"
    assert nearest("ELECTRONICS", ["food", long]) == (long,)


def test_what_is_short_is_repeated_whole() -> None:
    assert shortened("x" * LONGEST_ECHO) == "x" * LONGEST_ECHO
    assert shortened("x" * 61) == "x" * 59 + "…"
    assert shortened(None) == "None"
