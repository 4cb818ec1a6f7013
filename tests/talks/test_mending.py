"""Is the rest of a broken section checked, and nothing said twice or that only follows?"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from tests.talks import small_meeting

from detente.errors import schema_error
from detente.talks.mending import problems_despite
from detente.talks.section import TalksSection


def told(**changes: Any) -> tuple[set[Any], set[Any]]:
    """Places at which the form is wrong, and at which the meaning is."""
    raw = small_meeting.raw(**changes)
    with pytest.raises(ValidationError) as error:
        TalksSection.model_validate(raw)
    items = error.value.errors(include_url=False)
    broken = {schema_error(item, TalksSection)[0] for item in items}
    ids = tuple(small_meeting.measures())
    return broken, {place for _, place in problems_despite(raw, broken, small_meeting.world(), ids)}


ODDS = [0.5, 0.2, 0.1, 0.1, 0.05]


def test_form_and_meaning_are_told_together() -> None:
    said = [{"by": "RST", "setting": "public", "tone": -3, "source": "x"}]
    broken, meant = told(tone={"HOM": 11, "FOR": 2, "RST": 0}, my_odds=ODDS, said=said)
    assert broken == {("tone", "HOM", "value")}
    assert meant == {("tone", "RST"), ("my_odds",), ("said", 0, "by")}


def test_what_is_missing_is_not_said_twice() -> None:
    broken, meant = told(fallback={"measures": []}, level=None, my_odds=ODDS)
    assert broken == {("fallback", "source"), ("level",)}
    assert meant == {("my_odds",)}


def test_nothing_is_said_that_only_follows_from_a_broken_issue() -> None:
    issue = small_meeting.raw()["issue"] | {"chips": {"by": "HOM", "levels": 3}}
    issue["farm"]["by"] = "Farm"
    broken, meant = told(issue=issue)
    assert broken == {("issue", "chips", "levels")}
    assert meant == {("issue", "farm", "by")}


def test_without_parties_what_hangs_on_them_waits() -> None:
    broken, meant = told(parties=["HOM"], my_odds=ODDS, always=["nothing"])
    assert broken == {("parties",)}
    assert meant == {("my_odds",), ("always",)}


def test_what_is_no_table_has_nothing_more_to_say() -> None:
    ids = tuple(small_meeting.measures())
    assert problems_despite("talks", [()], small_meeting.world(), ids) == []
