"""Are short answers read as they are meant, and refused with what to write?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from detente.case.meeting_answers import QUESTIONS, DutyAnswer, answer_of
from detente.errors import InputError
from detente.world import world_labels

BY_KEY = {question.key: question for question in QUESTIONS}
EARLIER = {"who": ("USA", "EU27")}


def read(key: str, text: str) -> Any:
    return answer_of(BY_KEY[key], text, EARLIER, world_labels("icio-2022"))


def test_there_are_eight() -> None:
    assert len(QUESTIONS) == 8


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("who", "the US and the EU", ("USA", "EU27")),
        ("who", "China, Japan", ("CHN", "JPN")),
        ("who", "IND v GBR", ("IND", "GBR")),
        ("when", "2026-12-14", dt.date(2026, 12, 14)),
        ("level", "Leader", "leader"),
        ("channel", "diplomatic", "diplomatic"),
        ("dated", "arguable", 0.5),
        ("tone", "2", (2.0, 2.0)),
        ("tone", "EU 3, US \u22121", (-1.0, 3.0)),
        ("fallback", "", ()),
        (
            "fallback",
            "US on EU motor_vehicles +25 pp, EU on US food 30 %",
            (
                DutyAnswer("USA", "EU27", "motor_vehicles", "+25 pp"),
                DutyAnswer("EU27", "USA", "food", "30 %"),
            ),
        ),
    ],
)
def test_answers_are_read(key: str, text: str, value: Any) -> None:
    assert read(key, text) == value


def test_an_issue_has_levels_with_duties_and_worths() -> None:
    issue = read(
        "issue", "cars by EU: kept / lifted = EU on US motor_vehicles -8 pp, US worth 0.02"
    )
    assert (issue.title, issue.by) == ("cars", ("EU27",))
    assert list(issue.levels) == ["kept", "lifted"]
    duties, worth = issue.levels["lifted"]
    assert duties == (DutyAnswer("EU27", "USA", "motor_vehicles", "-8 pp"),)
    assert worth == {"USA": 0.02}


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("who", "USA", "two parties"),
        ("who", "EU27, DEU", "both parties speak for DEU"),
        ("who", "USA, Atlantis", "ATLANTIS"),
        ("when", "tomorrow", "is not a date"),
        ("level", "head", "leader"),
        ("dated", "maybe", "arguable"),
        ("tone", "12", "-10 to 10"),
        ("tone", "CHN 2", "CHN"),
        ("fallback", "war", "a duty is written"),
        ("fallback", "US on EU motor_vehicle +5 pp", "motor_vehicles"),
        ("issue", "cars", "an issue is written"),
        ("issue", "cars by CHN: kept / lifted", "CHN"),
        ("issue", "cars by EU: kept / lifted", "two levels are the same"),
        ("issue", "cars by EU: kept / kept = US worth 1", "two levels are the same"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_form(key: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(key, text)
