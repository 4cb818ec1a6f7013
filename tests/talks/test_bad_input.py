"""Does a section that makes no sense get a message that says what to do?"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from tests.talks.small_meeting import MEASURES, SIDES, issue, judged, raw

from detente.errors import CaseFileError, InputError
from detente.scenario import load_case, parse_case
from detente.talks.agenda import Agenda, check_size, check_talks, read_talks
from detente.talks.odds import scored
from detente.talks.section import TalksSection

Edit = Callable[[dict[str, Any]], None]


def said(edit: Edit) -> str:
    content = copy.deepcopy(raw())
    edit(content)
    section = TalksSection.model_validate(content)
    return "\n".join(text for text, _ in check_talks(section, MEASURES))


def one_level(c: dict[str, Any]) -> None:
    c["issue"][1]["level"] = c["issue"][1]["level"][:1]


def no_level(c: dict[str, Any]) -> None:
    c["issue"][1]["level"] = []


def no_issue(c: dict[str, Any]) -> None:
    c["issue"] = []


def votes(c: dict[str, Any]) -> None:
    c["constituency"][0]["vote"] = 0.9


def nobody(c: dict[str, Any]) -> None:
    c["statement"][0]["by"] = "CCC"


def probability(c: dict[str, Any]) -> None:
    c["party"][0]["unwilling"] = judged(1.2)


def against_itself(c: dict[str, Any]) -> None:
    c["threat"][0]["against"] = SIDES[0]


def in_force_already(c: dict[str, Any]) -> None:
    c["background"] = ["hit"]


def unknown_measure(c: dict[str, Any]) -> None:
    c["issue"][0]["level"][1]["measures"] = ["one-easd"]


def three_parties(c: dict[str, Any]) -> None:
    c["party"].append({**c["party"][0], "id": "CCC"})


def rounds_backwards(c: dict[str, Any]) -> None:
    c["round"][1]["date"] = "2024-02-01"


def unknown_variant(c: dict[str, Any]) -> None:
    c["variant"] = [{"id": "v", "title": "v", "set": {"tone.candor": 0.5}, "source": "x"}]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (one_level, 'issue "two" has one level'),
        (no_level, 'issue "two" has no level'),
        (no_issue, "agenda is empty"),
        (votes, "AAA's constituencies sum to 0.9"),
        (nobody, "not at the table"),
        (probability, "must lie in [0, 1]"),
        (against_itself, "against itself"),
        (in_force_already, "in force already"),
        (unknown_measure, 'Nearest: "one-eased"'),
        (three_parties, "between two parties"),
        (rounds_backwards, "order of time"),
        (unknown_variant, "tone.candour"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_nonsense_is_named(edit: Edit, words: str) -> None:
    assert words in said(edit)


def test_an_empty_agenda_is_one_finding() -> None:
    def emptied(content: dict[str, Any]) -> None:
        no_issue(content)
        content["named"] = [{"id": "n", "title": "n", "levels": {"one": "eased"}}]

    assert "Choose from: ." not in said(emptied)


def test_the_example_itself_is_in_order() -> None:
    assert said(lambda c: None) == ""


def test_threats_that_cannot_both_be_carried_out() -> None:
    content = copy.deepcopy(raw())
    content["threat"].append({**content["threat"][0], "id": "other", "measures": ["back"]})
    section = TalksSection.model_validate(content)
    same = ("tariff", ("BBB",), ("goods",))
    found = check_talks(section, MEASURES, {"hit": same, "back": same})
    assert any("contradict each other" in text for text, _ in found)


def test_too_many_packages_say_which_issue_to_coarsen() -> None:
    levels = [(f"l{k}", 0.0, 0.0) for k in range(6)]
    wide = [issue(f"i{k}", SIDES[0], *levels) for k in range(6)]
    section = TalksSection.model_validate({**raw(), "issue": wide, "threat": []})
    with pytest.raises(InputError, match=r"46,656 packages .*20,000.*Coarsen issue \"i0\"") as e:
        check_size(Agenda(section.issues), 20_000)
    assert "keep 2 of its 6 levels" in str(e.value)


def test_ranges_that_do_not_hold_their_value_are_refused() -> None:
    with pytest.raises(ValueError, match="low ≤ value ≤ high"):
        TalksSection.model_validate({**raw(), "length": judged(0.5, 0.6, 0.7)})


def test_a_statement_without_known_terms_asks_for_a_score() -> None:
    content = copy.deepcopy(raw())
    content["statement"][0] |= {"text": "They met on a sunny day.", "score": None, "why": ""}
    section = TalksSection.model_validate(content)
    with pytest.raises(InputError, match="set score"):
        scored(section.statements[0])


def test_a_finding_has_file_line_and_key() -> None:
    text = load_case("anchorage-2021").text
    broken = text.replace('by = "CHN"\nsetting = "public"', 'by = "CHM"\nsetting = "public"', 1)
    line = 1 + broken[: broken.index('by = "CHM"')].count("\n")
    with pytest.raises(CaseFileError, match=rf"line {line}.*CHM"):
        read_talks(parse_case(broken, "mine.toml"))


def test_a_bare_number_for_a_judgement_is_explained() -> None:
    text = load_case("anchorage-2021").text
    start = text.index("length = {")
    broken = text[:start] + "length = 0.1" + text[text.index("\n", start) :]
    with pytest.raises(CaseFileError, match="a judgement is a table"):
        read_talks(parse_case(broken, "mine.toml"))


def test_a_case_without_a_meeting_says_so() -> None:
    with pytest.raises(CaseFileError, match="no \\[talks\\] section"):
        read_talks(load_case("decoupling"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('sectors = ["agriculture", "energy_mining"', 'sectors = ["agricluture", "energy_mining"',
         'Nearest: "agriculture"'),
        ('economies = ["JPN", "KOR", "TWN"]', 'economies = ["JPN", "KOR", "TWM"]', "TWN"),
    ],
    ids=["sector", "economy"],
)  # fmt: skip
def test_names_that_the_world_does_not_have(old: str, new: str, words: str) -> None:
    text = load_case("anchorage-2021").text
    assert old in text
    with pytest.raises(CaseFileError, match=words):
        read_talks(parse_case(text.replace(old, new), "mine.toml"))
