"""Are messages short, and do they come soon, whatever somebody wrote?"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.mutants import bounded

from detente import Scenario, Tariff, best_reply, errors, run_case, solve, trade_war
from detente.case import load_case, parse_case, validate_case
from detente.errors import LONGEST_ECHO, InputError, UnknownNameError, nearest, shortened
from detente.measures import Shock
from detente.measures.rates import parse_amount, parse_rate
from detente.world import (
    World,
    aggregate,
    load_world,
    with_elasticities,
    world_from_tables,
    world_labels,
)


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
    assert len(shortened("\N{CANCEL TAG}" * 60)) <= LONGEST_ECHO


def own(economies: Any = ("HOM", "FOR"), sectors: Any = ("g",), **more: Any) -> World:
    flows = {"sales": [[[80.0], [20.0]], [[20.0], [180.0]]], "trade_elasticity": 4.0} | more
    return World.from_arrays(economies, sectors, **flows)


def priced(**fields: Any) -> Any:
    every = {"by": "HOM", "on": "FOR", "sectors": "g", "rate": "+1 pp"} | fields
    return solve(own(), Scenario("a", (Tariff(**every),)))


#: Where somebody may write a name, in Python: every door by which text comes in.
DOORS: dict[str, Callable[[Any], Any]] = {
    "by": lambda name: priced(by=name),
    "on": lambda name: priced(on=name),
    "sectors": lambda name: priced(sectors=name),
    "rate": lambda name: priced(rate=name),
    "rate by sector": lambda name: priced(rate={name: "x"}),
    "stacking": lambda name: priced(stacking=name),
    "id": lambda name: priced(id=name),
    "a key of a measure": lambda name: priced(**{name: 1}),
    "a scenario": lambda name: Scenario(name, (5,)),  # type: ignore[arg-type]
    "the date of a scenario": lambda name: Scenario("a", date=name),
    "an economy": lambda name: own([name, "FOR"]),
    "a sector": lambda name: own(sectors=[name]),
    "the name of a world": lambda name: own(name=name),
    "its currency": lambda name: own(currency=name),
    "its elasticities": lambda name: own(elasticity_set=name),
    "its repairs": lambda name: own(repairs=name),
    "its goods": lambda name: own(goods=[name]),
    "a group": lambda name: own(groups={name: 5}),
    "a member": lambda name: own(groups={"a": [name]}),
    "a named economy": lambda name: own(economy_names={name: "x"}),
    "how it is called": lambda name: own(economy_names={"HOM": name}),
    "closure": lambda name: own(closure=name),
    "a duty": lambda name: own(tariff=name),
    "a merged economy": lambda name: aggregate(own(), economies={name: 5}),  # type: ignore[dict-item]
    "an empty one": lambda name: aggregate(own(), economies={name: []}),
    "one that is merged": lambda name: aggregate(own(), economies={"a": [name]}),
    "a set of elasticities": lambda name: with_elasticities(own(), name),
    "a world": load_world,
    "labels of a world": world_labels,
    "a folder of tables": world_from_tables,
    "a player": lambda name: best_reply(own(), name),
    "players": lambda name: trade_war(own(), ["HOM", name]),
    "a quantity of a shock": lambda name: Shock.of(own(), **{name: 1.0}),
    "a case": load_case,
    "a case to check": validate_case,
    "a case to run": run_case,
    "text of a case": parse_case,
    "a path": lambda name: load_case(f"{name}.toml"),
    "an amount": parse_amount,
    "a text of a rate": parse_rate,
}


#: Doors where the name is a key of Python's own.
HASHED = {
    "rate by sector", "a key of a measure", "a group", "a named economy", "a merged economy",
    "an empty one", "a quantity of a shock", "a path",
}  # fmt: skip
#: Doors whose signature is checked in tests: they are never called with what is no text.
CHECKED = {"a player", "players"}

#: What stands where a name should be.
NAMES: dict[str, Any] = {
    "a megabyte": "x" * 1_000_000,
    "control": "\n\x1b[31m" * 30_000,
    "nul": "\0",
    "unprintable": "\N{CANCEL TAG}" * 60,
    "one often": ["n"] * 250_000,
    "many": [f"n{k}" for k in range(250_000)],
    "None": None,
    "5": 5,
    "bytes": b"H M",
}


def meant(door: str, name: str) -> bool:
    """Whether the value means something there after all."""
    value = NAMES[name]
    if (door, name) == ("a duty", "5"):
        return True
    if value is None and door in {"stacking", "the date of a scenario"}:
        return True
    if isinstance(value, (str, list)) and door in CHECKED:
        return False
    return not isinstance(value, str) and door in HASHED | CHECKED


@pytest.mark.parametrize(
    ("door", "name"), [(d, n) for d in DOORS for n in NAMES if not meant(d, n)]
)
def test_whatever_stands_for_a_name_is_refused_shortly(door: str, name: str) -> None:
    """Nowhere is a value repeated beyond its beginning, sent to the terminal raw, or a crash."""
    found = bounded(lambda: DOORS[door](NAMES[name]), InputError)
    assert isinstance(found, InputError)
    assert len(str(found)) < 1_000
    assert all(c.isprintable() or c == "\n" for c in str(found))


#: Each with something else than it wants, in a process where no test checks types beforehand.
ASTRAY = """
from detente import best_reply, bargain, ensemble, load_world, outcomes_of, solve, trade_war
from detente.errors import InputError
import detente.talks
world = load_world("icio-2022-small")
for call in (
    lambda: solve("icio-2022"),
    lambda: solve(world, specification="balanced"),
    lambda: outcomes_of(world),
    lambda: best_reply("icio-2022-small", "USA"),
    lambda: trade_war("icio-2022-small", ["USA", "CHN"]),
    lambda: bargain("icio-2022-small", ["USA", "CHN"]),
    lambda: best_reply(world, "USA", specification={"closure": "balanced"}),
    lambda: ensemble("icio-2022-small", {"one": None}),
    lambda: ensemble(world, [None]),
    lambda: ensemble(world, {"one": None}, "balanced"),
    lambda: detente.talks.run_talks("beijing-2024"),
):
    try:
        call()
    except InputError as error:
        print(error)
"""


def test_the_wrong_kind_of_thing_is_refused_with_what_makes_the_right_one() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ASTRAY], capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.splitlines()
    assert len(said) == 11
    for line in said:
        assert re.search(" must be of type .*, which .* gives; got ", line), line


def test_a_day_that_is_on_no_calendar_says_what_is_wrong_with_it() -> None:
    tariff = '[[measure]]\nid = "t"\nkind = "tariff"\nby = "USA"\non = "CHN"\n'
    tariff += 'rate = "+1 pp"\nsource = "s"\n'
    top = 'schema = 2\nname = "c"\nworld = "icio-2022"\n'
    for text, said in (
        (f'{top}date = "2024-13-01"\n{tariff}', "line 4, date: there is no month 13 in 2024-13-01"),
        (f'{top}{tariff}from = "2024-02-30"\n', "no day 30 in month 2 of 2024"),
        (f"{top}{tariff}from = 2024-02-30\n", "line 11: there is no day 30 in month 2 of 2024"),
        (f'{top}compared_with = "in force 2023-02-29"\n{tariff}', "no day 29 in month 2 of 2023"),
        (f'{top}date = "1 May"\n{tariff}', '"1 May" is not a date'),
    ):
        with pytest.raises(errors.CaseFileError) as found:
            parse_case(text)
        assert said in str(found.value)
        assert "Dates are year-month-day" in str(found.value)
