"""Is the file format what the design says, and does it refuse what is no number, name or date?"""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from pydantic import ValidationError

from detente.errors import schema_error
from detente.talks.section import TalksSection

#: All of [talks] for Busan, as a user would write it.
BUSAN = """
date = 2025-10-30
parties = "us-china"
level = "leader"
channel = "economic"
dated = 1
tone = { USA = 3, CHN = { text = "opening.txt", by = "CHN" } }
always = ["rec-10", "cn-10"]
fallback = { measures = ["us-100", "cn-100"], chance = 0.48, source = "announced" }
my_odds = [0.10, 0.75, 0.10, 0.03, 0.02]
issue.fentanyl = { by = ["USA"], levels = { "20 points" = ["f20"], "10 points" = ["f10"], none = [] } }
issue.farm = { by = ["CHN"], levels = { kept = ["farm"], lifted = [] } }
issue.port-fees = { by = ["USA", "CHN"], levels = { charged = [], suspended = [] }, beyond.suspended = { USA = -0.005, CHN = 0.01 }, why = "a levy on ships" }
issue.soybeans = { by = ["CHN"], levels = { none = [], "25 Mt a year" = [] }, beyond."25 Mt a year" = { USA = 0.01, CHN = -0.005 } }
what_if = { "EU controls too" = { add = ["eu-re"] }, "no fees" = { issue.port-fees = "suspended" } }
said = [{ by = "CHN", setting = "public", tone = -8, source = "the press" }]
pressure.CHN = 0.9
candour = 0.5
"""  # noqa: E501


def raw(**changes: Any) -> dict[str, Any]:
    return tomllib.loads(BUSAN) | changes


def refused(**changes: Any) -> dict[tuple[str | int, ...], str]:
    with pytest.raises(ValidationError) as told:
        TalksSection.model_validate(raw(**changes))
    errors = (schema_error(e, TalksSection) for e in told.value.errors(include_url=False))
    return {path: str(error) for path, error in errors}


def test_busan_is_read_as_it_stands() -> None:
    section = TalksSection.model_validate(raw())
    assert section.parties.profile == "us-china"
    assert section.issue["fentanyl"].status_quo == "20 points"
    assert section.issue["fentanyl"].levels["none"] == ()
    assert section.tone["USA"].value == 3
    assert section.tone["CHN"].text == "opening.txt"
    assert section.said[0].tone.value == -8
    assert section.measure_ids == {
        *("rec-10", "cn-10", "us-100", "cn-100", "f20", "f10", "farm", "eu-re")
    }


@pytest.mark.parametrize(
    ("parties", "named"),
    [
        (["USA", "EU27"], ("USA", "EU27")),
        ({"USA": {"q": 0.02}, "CHN": {}}, ("USA", "CHN")),
        ({"profile": "us-china", "USA": {"kappa": 1.5}}, ("USA",)),
    ],
)
def test_parties_are_named_in_three_ways(parties: object, named: tuple[str, ...]) -> None:
    section = TalksSection.model_validate(raw(parties=parties))
    assert tuple(section.parties.named) == named


@pytest.mark.parametrize(
    ("changes", "place", "says"),
    [
        ({"date": "soon"}, ("date",), "year-month-day"),
        ({"level": "chief"}, ("level",), 'Unknown level "chief"'),
        ({"channel": "trade war"}, ("channel",), "Choose from"),
        ({"dated": 2}, ("dated",), "at most 1"),
        ({"dated": "yes"}, ("dated",), "a number"),
        ({"tone": {"USA": 11}}, ("tone", "USA", "value"), "at most 10"),
        ({"tone": {"USA": -10.5}}, ("tone", "USA", "value"), "at least -10"),
        ({"tone": 3}, ("tone",), "written"),
        ({"parties": ["USA"]}, ("parties",), "between two parties"),
        ({"parties": ["USA", "USA"]}, ("parties",), "both parties"),
        ({"parties": 7}, ("parties",), '"us-china"'),
        ({"parties": {"USA": {"kapa": 2}}}, ("parties", "USA", "kapa"), 'Nearest: "kappa"'),
        ({"parties": {"USA": {"kappa": 0.5}}}, ("parties", "USA", "kappa"), "at least 1"),
        ({"fallback": {"measures": []}}, ("fallback", "source"), "missing"),
        ({"issue": {"x": {"levels": {"a": []}}}}, ("issue", "x", "by"), "missing"),
        ({"issue": {"x": {"by": "USA", "lvls": {}}}}, ("issue", "x", "lvls"), "levels"),
        ({"candour": 1.5}, ("candour",), "at most 1"),
        ({"horizon": "soon"}, ("horizon",), "short run"),
        ({"salience": 3}, ("salience",), "Unknown key"),
    ],
)
def test_what_is_no_number_name_or_date(
    changes: dict[str, Any], place: tuple[str, ...], says: str
) -> None:
    told = refused(**changes)
    assert place in told
    assert says in told[place]


def test_every_key_is_described() -> None:
    schema = TalksSection.model_json_schema()
    json.dumps(schema)
    for part in (schema, *schema["$defs"].values()):
        for name, key in part.get("properties", {}).items():
            assert key.get("description"), name
