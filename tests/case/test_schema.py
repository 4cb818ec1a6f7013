"""What may a case file say, and what does that come to?"""

from __future__ import annotations

import datetime as dt
import json
import tomllib

import jsonschema
import pytest
from tests.case.plain import PLAIN, errors, validated

from detente.case import json_schema, list_cases, load_case, parse_case, starter
from detente.case.schema import ModelSection
from detente.world import CLOSURES


def test_a_plain_case() -> None:
    case = parse_case(PLAIN)
    assert case.package_ids == ("us-alone", "both")
    both = case.headline_scenario
    assert both.ids == ("us-cars", "china-cars")
    assert both.compared_with is not None
    assert both.compared_with.ids == ("us-cars",)
    assert both.date == dt.date(2024, 10, 1)
    assert case.scenario("us-alone").compared_with is None


@pytest.mark.parametrize("name", list_cases())
def test_shipped_cases_meet_the_json_schema(name: str) -> None:
    # JSON has no dates: they are text there.
    tables = json.loads(json.dumps(tomllib.loads(load_case(name).text), default=str))
    jsonschema.validate(tables, dict(json_schema()))


def test_the_json_schema_refuses_what_the_reader_refuses() -> None:
    for old, new in (('rate = "+75 pp"', "rate = 75"), ('kind = "tariff"', 'kind = "tarif"'),
                     ('by = "USA"', 'buy = "USA"'), ("schema = 2", "schema = 1")):  # fmt: skip
        text = PLAIN.replace(old, new)
        assert errors(text)
        tables = json.loads(json.dumps(tomllib.loads(text), default=str))
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(tables, dict(json_schema()))


def test_a_starter_is_a_valid_case() -> None:
    assert parse_case(starter()).scenarios
    assert not [f for f in validated(starter()) if f.level != "note"]


def test_closures_are_those_of_the_world() -> None:
    literal = next(
        a for a in ModelSection.model_fields["closure"].annotation.__args__  # type: ignore[union-attr]
        if a is not type(None)
    )  # fmt: skip
    assert set(literal.__args__) == set(CLOSURES)


DATED = """\
schema = 2
name = "dated"
world = "icio-2022"
compared_with = "in force 2024-04-01"
date = 2024-10-01

[[measure]]
id = "old"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["textiles"]
rate = "+7.5 pp"
from = 2020-02-14
until = 2025-01-01
status = "in force"
source = "an example"

[[measure]]
id = "ended"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["food"]
rate = "+7.5 pp"
from = 2020-02-14
until = 2024-04-01
status = "in force"
source = "an example"

[[measure]]
id = "new"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["motor_vehicles"]
rate = "+75 pp"
from = 2024-09-27
source = "an example"

[[package]]
id = "more"
measures = ["new"]

[[package]]
id = "less"
measures = []
lifts = ["old"]
"""


def test_packages_come_on_top_of_what_was_in_force() -> None:
    case = parse_case(DATED)
    more, less = case.scenarios
    assert more.compared_with is not None
    # `until` is the first day no longer in force
    assert more.compared_with.ids == ("old",)
    assert [m.id for m in more.in_force] == ["old", "new"]
    assert less.ids == ()
    assert less.compared_with == more.compared_with


def test_only_what_was_in_force_can_be_lifted() -> None:
    text = DATED.replace('lifts = ["old"]', 'lifts = ["ended"]')
    assert '"old"' in errors(text)[0]
