"""Can what is said of a meeting be quoted, whoever meets?"""

from __future__ import annotations

import re
from dataclasses import replace

from detente.case import parse_case
from detente.report.words.talks import talks_answer, talks_limits, talks_told
from detente.run import meet
from detente.talks import TalksResults
from detente.wording import chance

#: Two parties of which no profile is shipped, and nothing that trade prices.
STRANGERS = """
schema = 2
name = "strangers"
world = "icio-2022"
[talks]
date = 2025-06-01
parties = ["JPN", "EU27"]
level = "deputy"
fallback = { measures = [], source = "nothing would change" }
issue.standards = { by = ["JPN", "EU27"], levels = { none = [], agreed = [] }, beyond.agreed = { JPN = 0.02, EU27 = -0.01 }, why = "an example" }
"""  # noqa: E501


def strangers() -> TalksResults:
    return meet(parse_case(STRANGERS), draws=50)


def test_the_first_sentence_says_who_what_and_how_much(met: TalksResults) -> None:
    first = talks_answer(met).split(". ")[0]
    assert first.startswith("The United States and China reach a deal at the meeting of Busan")
    assert chance(met.odds.blend.deal) in first
    assert len(re.findall(r"\d+\xa0%", first)) == 2


def test_sentences_are_whole(met: TalksResults) -> None:
    for r in (met, strangers()):
        for told in talks_told(r):
            assert told.question.endswith("?")
            assert told.text[0].isupper()
            assert told.text.endswith(".")
            assert ".." not in told.text
            assert "  " not in told.text
            assert "None" not in told.text


def test_no_sentence_knows_the_pair() -> None:
    r = strangers()
    said = " ".join([talks_answer(r), *(told.text for told in talks_told(r))])
    assert "Japan" in said
    assert "the European Union" in said or "EU27" in said
    assert "China" not in said
    assert "Washington" not in said
    assert any("Nothing is known of Japan" in line for line in talks_limits(r))
    assert any("Nothing on the table moves trade" in line for line in talks_limits(r))


def test_an_empty_zone_is_explained_by_its_filter_and_the_nearest_package() -> None:
    said = {told.question: told.text for told in talks_told(strangers())}["What could both sign?"]
    assert "would not sign 1 of 1 packages" in said
    assert "nearest comes standards" in said.lower()


def test_the_order_of_parties_changes_no_odds(met: TalksResults) -> None:
    text = STRANGERS.replace('["JPN", "EU27"]\nlevel', '["EU27", "JPN"]\nlevel')
    other = meet(parse_case(text), draws=50)
    assert other.odds.case == strangers().odds.case
    assert talks_answer(replace(other, parties=strangers().parties)) == talks_answer(strangers())
