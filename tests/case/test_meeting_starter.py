"""Does a file made from eight answers validate, and mean what was answered?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from detente.case import QUESTIONS, answer_of, meeting_starter, parse_case
from detente.world import world_labels

PAIRS = {
    "us-eu": (
        "US, EU",
        [
            "duty on cars by EU: kept / lifted = EU on US motor_vehicles -8 pp",
            "standards by US and EU: none / agreed = US worth 0.02, EU worth 0.01",
        ],
        "US on EU motor_vehicles +10 pp, EU on US food +20 pp",
    ),
    "china-japan": ("China, Japan", ["fish ban by CHN: on / lifted = JPN worth 0.02"], ""),
    "us-china": ("USA, CHN", [], ""),
}


def answers(pair: str) -> dict[str, Any]:
    who, issues, fallback = PAIRS[pair]
    given = {
        "who": who, "when": "2026-12-14", "level": "leader", "channel": "economic",
        "dated": "yes", "tone": "1", "fallback": fallback,
    }  # fmt: skip
    labels, found = world_labels("icio-2022"), dict[str, Any]()
    for question in QUESTIONS:
        texts = issues if question.many else [given[question.key]]
        read = [answer_of(question, text, found, labels) for text in texts]
        found[question.key] = read if question.many else read[0]
    return found


@pytest.mark.parametrize("pair", PAIRS)
def test_what_is_written_is_a_case_that_says_what_was_answered(pair: str) -> None:
    given = answers(pair)
    case = parse_case(meeting_starter(given, pair))
    assert case.talks is not None
    assert case.talks.date == dt.date(2026, 12, 14)
    assert case.talks.level == "leader"
    assert case.talks.dated == 1
    assert tuple(case.talks.parties.named) == given["who"]
    assert len(case.talks.issue) == len(given["issue"])
    assert case.talks.measure_ids == set(case.measure_ids)


def test_defaults_are_marked_with_where_they_are_from() -> None:
    assert "defaults of any pair" in meeting_starter(answers("us-eu"))
    assert 'defaults of the profile "us-china"' in meeting_starter(answers("us-china"))
    assert "the record, worth" in meeting_starter(answers("china-japan"))
