"""How does a case become a file? A commented starter, and TOML from a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from detente.scenario.schema import CaseFile

_STARTER = """\
# A case for detente: measures with their sources, and packages of them that are compared.
# Check it with `detente validate {file}`, run it with `detente run {file}`.
# Lines that begin with "#" are remarks; take the "#" away to use what stands behind it.

schema = 1
name = "{name}"
title = "A US tariff on Chinese cars, and China's answer"
question = "Who gains and who loses?"
background = \"\"\"
What happened, in a few sentences.
\"\"\"
world = "icio-2022"            # list them with `detente list worlds`
compared_with = "world"        # or "in force 2024-04-01": measures with that status then
# date = 2024-10-01            # the day that is looked at; without it all measures count
headline = "both"              # the package that the headline is about

# Three rates look alike and mean different things:
#   "25 %"    the level is 25 %
#   "+10 pp"  ten points are added to the level
#   "+10 %"   the level is raised by a tenth
# A bare number is refused.

[[measure]]
id = "us-cars"
title = "US tariff on Chinese cars and parts"
kind = "tariff"                # list them with `detente list measures`
by = "USA"                     # an economy, several, or a group such as "EU27"
on = "CHN"                     # the same, or "all others"
sectors = ["motor_vehicles"]   # or "all goods", "all services", "all"
rate = "+10 pp"                # or one rate per sector: rate = {{ motor_vehicles = "+10 pp" }}
# product_group = "electric passenger vehicles"   # hits only these lines, at their share of trade
# coverage = "27 %"            # or state the share yourself, and its source
# use = "final"                # only what is bought for final use, or ["motor_vehicles"]
# from = 2024-09-27            # first day
# until = 2026-01-01           # first day no longer in force
# stacking = "add"             # needed where two measures of a kind meet: add, replace, cap, exempt
authority = ""                 # legal basis, such as "Section 301"
status = "hypothetical"        # in force, announced, proposed, hypothetical
source = "Hypothetical: an example."   # publication, date, page: required

[[measure]]
id = "china-answers"
title = "China returns the rate on US farm goods"
kind = "tariff"
by = "CHN"
on = "USA"
sectors = ["agriculture"]
rule = {{ kind = "mirror", of = "us-cars", share = "100 %" }}
source = "Hypothetical: an example."

# An amount instead of a rate: the engine finds the rate that costs it.
# [[measure]]
# id = "grant"
# kind = "production_subsidy"
# by = "USA"
# sectors = ["electronics"]
# budget = {{ amount = "6.6 bn USD", years = 5 }}
# source = "…"

# A bound instead of a rate: the engine finds the duty, and its holder earns the rent.
# [[measure]]
# id = "quota"
# kind = "quota"
# by = "USA"
# on = "CHN"
# sectors = ["textiles"]
# limit = {{ relation = "at most", change = "-20 %", of = "quantity", licence = "importer" }}
# source = "…"

[[package]]
id = "us-alone"
title = "The US tariff alone"
measures = ["us-cars"]

[[package]]
id = "both"
title = "The US tariff and China's answer"
measures = ["us-cars", "china-answers"]
# compared_with = "us-alone"   # what does the answer add?

# What was on the table and has no price here is said openly in the report.
# [[not_priced]]
# title = "…"
# why = "…"
# source = "…"

[uncertainty]
draws = 200
seed = 1
parameters = ["trade_elasticity"]
"""


def starter(name: str = "my-case") -> str:
    """A commented case file to start from: what `detente new` writes.

    Examples
    --------
    >>> from detente.scenario import parse_case
    >>> parse_case(starter("cars")).package_ids
    ('us-alone', 'both')
    """
    return _STARTER.format(name=name, file=f"{name}.toml")


def case_tables(case: CaseFile) -> dict[str, Any]:
    """A case as plain tables, in the words of the file format; defaults are left out."""
    tables: dict[str, Any] = _plain(case.model_dump(by_alias=True, exclude_unset=True))
    return tables


def case_to_toml(case: CaseFile) -> str:
    """A case as TOML text; reading it gives the same case.

    Examples
    --------
    >>> from detente.scenario import parse_case
    >>> case = parse_case(starter())
    >>> parse_case(case_to_toml(case)).model_dump() == case.model_dump()
    True
    """
    import tomlkit

    document = tomlkit.document()
    tables = case_tables(case)
    for key, value in tables.items():
        if not isinstance(value, dict) and not _is_array_of_tables(value):
            document.add(key, tomlkit.item(value))
    for key, value in tables.items():
        if isinstance(value, dict):
            document.add(key, tomlkit.item(value))
        elif _is_array_of_tables(value):
            array = tomlkit.aot()
            for entry in value:
                table = tomlkit.table()
                for name, field in entry.items():
                    table.add(name, _inline(field))
                array.append(table)
            document.add(key, array)
    return tomlkit.dumps(document)


def _is_array_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _inline(value: Any) -> Any:
    """Small tables inside an entry stay on one line."""
    import tomlkit

    if not isinstance(value, dict):
        return tomlkit.item(value)
    table = tomlkit.inline_table()
    for key, field in value.items():
        table.append(key, _inline(field))
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (str, int, float, bool, dt.date, dt.time)):
        return value
    return str(value)
