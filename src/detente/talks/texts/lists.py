"""Which words tell who speaks, where a sentence ends, and what turns a word?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["phrases", "voices", "word_list"]


@cache
def _table(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def word_list(module: str, name: str) -> frozenset[str]:
    """A list of words of the table beside this module.

    Examples
    --------
    >>> "told" in word_list("speakers", "tags")
    True
    """
    return frozenset(_table("lists.toml")[module][name].split())


def phrases(name: str) -> re.Pattern[str]:
    """Turns of phrase by which a genre is known.

    Examples
    --------
    >>> phrases("joint").search("This Joint Statement reflects") is not None
    True
    """
    return re.compile("|".join(_table("marks.toml")[name]))


def voices() -> Mapping[str, tuple[tuple[re.Pattern[str], int], ...]]:
    """Marks of each government's own voice, with their strength.

    Examples
    --------
    >>> sorted(voices())
    ['CHN', 'EU27', 'USA']
    """
    return {
        party: tuple((re.compile(mark), strength) for mark, strength in marks)
        for party, marks in _table("marks.toml")["voices"].items()
    }
