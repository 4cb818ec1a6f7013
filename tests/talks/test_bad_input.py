"""Does a section that makes no sense get a message that says what to do?"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.talks.small_meeting import MEASURES, SIDES, issue, judged, raw, section, table

from detente.case import load_case, parse_case, starter, validate_case, world_of
from detente.cli.app import run_command_line
from detente.errors import CaseFileError, InputError
from detente.talks.agenda import Agenda, check_size
from detente.talks.checks import check_talks, range_problem
from detente.talks.ground import Ground, stand_at
from detente.talks.odds import scored
from detente.talks.price_table import PriceTable
from detente.talks.section import TalksSection
from detente.talks.threat_levels import check_threats, helpful_threats, threat_problems
from detente.world import World, load_world

STARTER = starter(talks=True)
#: A second is what may pass before the first package is priced.

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


def double_level(c: dict[str, Any]) -> None:
    c["issue"][2]["level"][2]["id"] = "half"


def unknown_round_issue(c: dict[str, Any]) -> None:
    c["round"][0]["issues"] = ["thre"]


def repeated_round_issue(c: dict[str, Any]) -> None:
    c["round"][0]["issues"] = ["one", "one"]


def climate_round(c: dict[str, Any]) -> None:
    c["round"][0]["climate_only"] = True


def no_coverage(c: dict[str, Any]) -> None:
    c["text_coverage"] = judged(0.5, 0.0, 1.0)


def too_much_coverage(c: dict[str, Any]) -> None:
    c["text_coverage"] = judged(0.5, 0.1, 1.1)


def only_talk(c: dict[str, Any]) -> None:
    for entry in c["issue"]:
        entry["talk_only"] = True


def few_terms(c: dict[str, Any]) -> None:
    c["statement"][0] |= {"text": "They met.", "score": None, "why": ""}


def unknown_answer(c: dict[str, Any]) -> None:
    c["threat"][0]["answers"] = ["bakc"]


def unknown_issue_of_a_threat(c: dict[str, Any]) -> None:
    c["threat"][0]["levels"] = {"thre": "half"}


def two_levels_of_one_issue(c: dict[str, Any]) -> None:
    first = c["threat"][0]
    c["threat"] = [
        {**first, "levels": {"three": "half"}},
        {**first, "id": "other", "levels": {"three": "all"}},
    ]


def levels_of_both_sides(c: dict[str, Any]) -> None:
    first = c["threat"][0]
    c["threat"] = [
        {**first, "levels": {"three": "half"}},
        {**first, "id": "other", "levels": {"three": "all"}, "by": SIDES[1], "against": SIDES[0]},
    ]


def levels_of_successors(c: dict[str, Any]) -> None:
    levels_of_both_sides(c)
    for entry in c["threat"]:
        entry["successor_only"] = True


def after_the_meeting(c: dict[str, Any]) -> None:
    c["round"][0]["date"] = "2024-06-01"
    c["statement"][0]["date"] = "2024-02-01"


def at_the_next_round(c: dict[str, Any]) -> None:
    c["round"][0]["date"] = c["statement"][0]["date"] = "2024-01-20"


def bad_variant_value(c: dict[str, Any]) -> None:
    c["variant"] = [{"id": "v", "title": "v", "set": {"tone.candour": 1.5}, "source": "x"}]


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
        (bad_variant_value, "got 1.5"),
        (double_level, 'issue "three" has a second level with the id "half"'),
        (unknown_round_issue, 'unknown issue "thre". Nearest: "three"'),
        (repeated_round_issue, 'names issue "one" twice'),
        (climate_round, "a round on climate alone says which issues of the agenda it can settle"),
        (no_coverage, "above 0, since a text covers something"),
        (too_much_coverage, "at most 1; got 1.1 (high)"),
        (only_talk, "nothing to sign"),
        (few_terms, "set score"),
        (unknown_answer, 'Nearest: "back"'),
        (unknown_issue_of_a_threat, 'unknown issue "thre". Nearest: "three"'),
        (two_levels_of_one_issue, 'set issue "three" to "half" and to "all"'),
        (levels_of_both_sides, "one by AAA and one by BBB, contradict each other: they set issue"),
        (levels_of_successors, 'set issue "three" to "half" and to "all"'),
        (after_the_meeting, "by 2024-01-31, 30 days after it"),
        (at_the_next_round, "by 2024-01-19, the day before the next round"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_nonsense_is_named(edit: Edit, words: str) -> None:
    assert words.lower() in said(edit).lower()


@pytest.mark.parametrize("date", ["2019-06-01", "2024-01-01", "2024-01-31"])
def test_a_statement_may_be_older_than_the_meeting(date: str) -> None:
    def dated(content: dict[str, Any]) -> None:
        content["round"][0]["date"] = "2024-06-01"
        content["statement"][0]["date"] = date

    assert said(dated) == ""


def test_a_successor_may_set_what_this_government_does_not() -> None:
    def one_of_each(content: dict[str, Any]) -> None:
        levels_of_both_sides(content)
        content["threat"][1]["successor_only"] = True

    assert said(one_of_each) == ""


def test_a_climate_round_is_shown_issues_on_climate_or_none() -> None:
    assert "issues = [...], with the ids" in said(climate_round)

    def with_an_issue_on_it(content: dict[str, Any]) -> None:
        climate_round(content)
        aid = issue("aid", SIDES[0], ("no", 0, 0), ("yes", 0, 0.1))
        content["issue"].append({**aid, "climate": True})

    assert 'such as issues = ["aid"]' in said(with_an_issue_on_it)


def test_an_empty_agenda_is_one_finding() -> None:
    def emptied(content: dict[str, Any]) -> None:
        no_issue(content)
        content["named"] = [{"id": "n", "title": "n", "levels": {"one": "eased"}}]

    assert "Choose from: ." not in said(emptied)


def test_the_example_itself_is_in_order() -> None:
    assert said(lambda c: None) == ""


def test_too_many_packages_say_which_issue_to_coarsen() -> None:
    levels = [(f"l{k}", 0.0, 0.0) for k in range(6)]
    wide = [issue(f"i{k}", SIDES[0], *levels) for k in range(6)]
    section = TalksSection.model_validate({**raw(), "issue": wide, "threat": []})
    with pytest.raises(InputError, match=r"46,656 packages .*20,000.*Coarsen issue \"i0\"") as e:
        check_size(Agenda(section.issues), 20_000)
    assert "keep 2 of its 6 levels" in str(e.value)
    assert "leaves 15,552 packages" in str(e.value)


def test_of_the_widest_issues_the_unpriced_are_coarsened_first() -> None:
    def levels(n: int) -> list[tuple[str, float, float]]:
        return [(f"l{k}", 0.0, 0.0) for k in range(n)]

    wide = [issue(f"i{k}", SIDES[0], *levels(6), measures=k < 3) for k in range(6)]
    agenda = Agenda(TalksSection.model_validate({**raw(), "issue": wide, "threat": []}).issues)
    with pytest.raises(InputError, match='Coarsen issue "i3" first'):
        check_size(agenda, 20_000)
    wide[1] = issue("i1", SIDES[0], *levels(7), measures=True)
    agenda = Agenda(TalksSection.model_validate({**raw(), "issue": wide, "threat": []}).issues)
    with pytest.raises(InputError, match='Coarsen issue "i1" first'):
        check_size(agenda, 20_000)


def test_a_far_too_wide_agenda_is_coarsened_until_it_fits() -> None:
    levels = [(f"l{k}", 0.0, 0.0) for k in range(6)]
    wide = [issue(f"i{k}", SIDES[0], *levels) for k in range(9)]
    agenda = Agenda(TalksSection.model_validate({**raw(), "issue": wide, "threat": []}).issues)
    with pytest.raises(InputError) as e:
        check_size(agenda, 20_000)
    kept = [int(x) for x in re.findall(r"keep (\d) of its 6", str(e.value))]
    left = int(re.findall(r"leaves ([\d,]+) packages", str(e.value))[0].replace(",", ""))
    assert left == np.prod(kept) * 6 ** (9 - len(kept))
    assert left <= 20_000


def test_many_issues_of_two_levels_cannot_be_coarsened() -> None:
    pair = [("a", 0.0, 0.0), ("b", 0.0, 0.0)]
    wide = [issue(f"i{k}", SIDES[0], *pair) for k in range(15)]
    agenda = Agenda(TalksSection.model_validate({**raw(), "issue": wide, "threat": []}).issues)
    with pytest.raises(InputError, match="at most 14 issues"):
        check_size(agenda, 20_000)


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
        parse_case(broken, "mine.toml")


def test_a_bare_number_for_a_judgement_is_explained() -> None:
    text = load_case("anchorage-2021").text
    start = text.index("length = {")
    broken = text[:start] + "length = 0.1" + text[text.index("\n", start) :]
    with pytest.raises(CaseFileError, match="a judgement is written"):
        parse_case(broken, "mine.toml")


def test_a_case_without_a_meeting_says_so() -> None:
    with pytest.raises(CaseFileError, match="no \\[talks\\] section"):
        _ = load_case("decoupling").meeting


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
        parse_case(text.replace(old, new), "mine.toml")


def test_a_round_on_climate_that_names_its_issues_is_in_order() -> None:
    def named(content: dict[str, Any]) -> None:
        content["issue"][3]["climate"] = True
        content["round"][0] |= {"climate_only": True, "issues": ["four"]}

    assert said(named) == ""


def test_every_shape_of_probability_is_held_to_its_range() -> None:
    assert "1.2 (high)" in range_problem("x.hazard.A", "hazard", (0.1, 0.2, 1.2))
    assert range_problem("x.hazard.A", "hazard", (0.0, 0.2, 1.0)) == ""
    assert "must be positive" in range_problem("party.A.impatience", "impatience", (0.0, 1.0, 2.0))


# ---- in a file: the line, the key, no word of the library that reads it -----------------------


def told(text: str) -> str:
    with pytest.raises(CaseFileError) as error:
        parse_case(text, "mine.toml")
    found = str(error.value)
    assert "Value error" not in found
    assert "Input should" not in found
    return found


def line_with(text: str, words: str) -> int:
    return 1 + text[: text.index(words)].count("\n")


BROKEN = [
    ("prior = { value = 0.4, low = 0.2, high = 0.6", "prior = { value = 0.4, low = 0.2, high = 1.6",
     "threat.cars.prior is a probability"),
    ("turnover = { value = 0.05, low = 0.0", "turnover = { value = 0.05, low = -0.5",
     "party.EU.turnover is a probability"),
    ("candour = { value = 0.6, low = 0.3, high = 0.8",
     "candour = { value = 0.6, low = 0.3, high = 8",
     "tone.candour is a probability"),
    ("length = { value = 0.1, low = 0.03", "length = { value = 0.1, low = 0.0",
     "length must be positive"),
    ("prior = { value = 0.4, low = 0.2", "prior = { value = 0.4, low = 0.5", "low ≤ value ≤ high"),
    ("vote = 0.1", "vote = 0.3", "votes of USA's constituencies sum to 1.2"),
    ("vote = 1.0", "vote = 1.5", "at most 1"),
    ('by = "USA"\nsetting', 'by = "China"\nsetting', "who is not at the table"),
    ('setting = "public"', 'setting = "pubic"', 'Nearest: "public"'),
    ("salience.EU = {", "salience.EUR = {", 'Nearest: "EU"'),
    ("value = { USA = 1.0, EU = 0.7 }", "value = { USA = 1.0, EU = 1.5 }", "between −1 and 1"),
    ('status_quo = "none"', 'status_quo = "non"', 'Nearest: "none"'),
    ("prior = { value = 0.4, low = 0.2, high = 0.6, why = \"chance that it is meant\" }",
     "prior = 0.4", "a judgement is written"),
    ('measures = ["us-cars-up"]\nanswers', "measures = []\nanswers", "name at least 1"),
    ("# leaders = true ", 'leaders = "yes" # ', 'true or false, without quotes (got "yes")'),
    ("demand = { value = 0.5, ", 'demand = { value = "0.5", ', "a number, without quotes"),
    ("vote = 0.1", "vote = true", "a number, without quotes (got true)"),
    ('about = "meeting-worthwhile"', 'about = "worth"',
     'unknown question "worth". Nearest: meeting-worthwhile. Choose from: audience-or-unwilling, '
     "amplified-before-concession, may-get-worse, toughness-buys-room, meeting-worthwhile, "
     "excuse-for-inaction, no-escalation-is-a-result, levies-stay."),
    ('sectors = ["motor_vehicles", "fabricated_metals"]', 'sectors = ["soybeans"]',
     'nknown sector "soybeans". List them with `detente list sectors --world icio-2022`'),
    ('sectors = ["motor_vehicles", "fabricated_metals"]', 'sectors = ["all goods"]',
     '"all goods" is no sector. Name sectors one by one'),
    ('economies = ["DEU", "FRA", "ITA", "REU"]', 'economies = ["EU27"]',
     'name its members, economies = ["DEU", "FRA", "ITA", "REU"]'),
    ('why = "share of the joint gain that is called a breakthrough"', 'wy = "share"',
     'unknown key "wy". Nearest: "why"'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), BROKEN, ids=[w for _, _, w in BROKEN])
def test_the_line_is_that_of_the_key(old: str, new: str, words: str) -> None:
    assert STARTER.count(old) >= 1
    text = STARTER.replace(old, new, 1)
    here = [line for line in told(text).splitlines() if words in line]
    assert len(here) == 1
    assert here[0].startswith(f"mine.toml, line {line_with(text, new)}, ")


def test_votes_of_the_second_side_have_their_own_line() -> None:
    text = STARTER.replace("vote = 1.0", "vote = 0.75")
    found = told(text)
    assert found.startswith(
        f"mine.toml, line {line_with(text, 'vote = 0.75')}, talks, constituency 3"
    )
    assert "add a constituency with the missing 0.25" in found


def test_a_thin_issue_has_its_own_line() -> None:
    cut = STARTER.index('[[talks.issue.level]]\nid = "agreed"')
    text = STARTER[:cut] + STARTER[STARTER.index("[[talks.threat]]") :]
    at = text[: text.index('id = "standards"')].rindex("[[talks.issue]]")
    assert told(text).startswith(f"mine.toml, line {1 + text[:at].count(chr(10))}, talks, issue 3")


def test_a_side_that_the_world_does_not_have_is_told_with_what_follows_from_it() -> None:
    found = told(STARTER.replace('id = "USA" ', 'id = "PRC" ')).splitlines()
    (first,) = [x for x in found if 'party 1 ("PRC"), id: Unknown economy "PRC"' in x]
    others = [x for x in found if x != first]
    assert "`detente list economies --world icio-2022`" in first
    assert 'write id = "USA"' in first
    assert 'economies = ["USA"]' in first
    assert len(others) > 8


def test_a_measure_that_the_meeting_uses_is_no_idle_one(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    idle = measure("idle", "+1 pp", sectors='["food"]', on='"CHN"')
    text = STARTER.replace("[[package]]", f"{idle}\n[[package]]", 1).replace(
        'measures = ["us-cars-up", "eu-farm-up"]', 'measures = ["us-cars-down"]'
    )
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    assert run_command_line(["validate", str(file)]) == 0
    notes = [x for x in capsys.readouterr().out.splitlines() if x.startswith("note")]
    assert len(notes) == 1
    assert '"idle" is in no package' in notes[0]


@pytest.mark.parametrize(
    ("game", "words"),
    [
        ('lowest = "5 %"\nhighest = "2 %"', "the bounds contradict each other"),
        ('lowest = 5\nhighest = "20 %"', 'write a rate in percent, such as "25 %"'),
        ('lowest = "-100 %"\nhighest = "20 %"', "leaves no price"),
        ('lowest = "0 %"', "give both lowest and highest, or neither"),
    ],
)
def test_messages_about_games_are_ours(game: str, words: str, tmp_path: Any) -> None:
    text = f'{STARTER}\n[game]\nplayer = ["USA", "CHN"]\n[[game.strategy]]\n{game}\n'
    file = tmp_path / "game.toml"
    file.write_text(text, "utf-8")
    (found,) = [f for f in validate_case(file) if f.level == "error"]
    assert words in found.message
    assert "Value error" not in found.message
    assert "{" not in found.message
    assert found.line is not None
    assert found.line > line_with(text, "[game]")


def test_a_game_without_instruments_says_so() -> None:
    with pytest.raises(CaseFileError, match="USA, CHN may set nothing") as error:
        parse_case(f'{STARTER}\n[game]\nplayer = ["USA", "CHN"]\n')
    assert "Value error" not in str(error.value)


# ---- threats ----------------------------------------------------------------------------------

THREAT = STARTER[STARTER.index("[[talks.threat]]") : STARTER.index("# What was said.")]


def measure(name: str, rate: str, **fields: str) -> str:
    given = {
        "kind": '"tariff"',
        "by": '"USA"',
        "on": '"EU27"',
        "sectors": '["motor_vehicles"]',
        "stacking": '"add"' if "+" in rate or "-" in rate else '"replace"',
        "source": '"an example"',
    } | fields
    lines = [f'[[measure]]\nid = "{name}"', *(f"{k} = {v}" for k, v in given.items() if v)]
    return "\n".join([*lines, f'rate = "{rate}"' if rate else "", ""])


def threat(name: str, *measures: str, answers: str = "", more: str = "") -> str:
    listed = ", ".join(f'"{m}"' for m in measures)
    return (
        THREAT.replace('id = "cars"', f'id = "{name}"\n{more}')
        .replace('measures = ["us-cars-up"]', f"measures = [{listed}]")
        .replace('answers = ["eu-farm-up"]', f"answers = [{answers}]")
    )


def with_threats(measures: str, *threats: str, keep: bool = False) -> str:
    text = STARTER.replace("[[package]]", f"{measures}\n[[package]]", 1)
    return text.replace(THREAT, "".join(threats) + (THREAT if keep else ""))


@pytest.fixture(scope="module")
def world() -> World:
    return load_world("icio-2022")


MINUS = measure("minus", "-10 pp")
SIXTY = measure("sixty", "60 %", sectors='["all goods"]')
FORTY = measure("forty", "40 %", on='["DEU", "FRA"]', sectors='["motor_vehicles", "food"]')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (with_threats("", threat("soft", "us-cars-down"), keep=True),
         'threats "soft" and "cars" contradict each other: "us-cars-up" (tariff, +25 pp) and '
         '"us-cars-down" (tariff, 0 %) move motor_vehicles, USA from DEU in opposite directions'),
        (with_threats(MINUS, threat("soft", "minus"), keep=True), "in opposite directions"),
        (with_threats(MINUS + measure("ban", "", kind='"import_ban"', stacking=""),
                      threat("shut", "ban"), threat("soft", "minus")),
         '"ban" (import ban) and "minus" (tariff, -10 pp)'),
        (with_threats(SIXTY + FORTY, threat("one", "sixty"), threat("two", "forty")),
         '"sixty" sets the level "60 %" and "forty" "40 %"'),
        (with_threats(SIXTY + FORTY, threat("one", "sixty", "forty")),
         'threat "one" contradicts itself'),
        (with_threats("", threat("one", "us-cars-up", "us-cars-down")),
         'threat "one" contradicts itself'),
        (with_threats(measure("a", "40 %", by='"EU27"', on='"USA"')
                      + measure("b", "60 %", by='"EU27"', on='"USA"'),
                      threat("one", "us-cars-up", answers='"a", "b"')),
         'the answers to threat "one" contradict each other'),
        (with_threats(measure("a", "+20 pp", stacking="") + measure("b", "+30 pp", stacking=""),
                      threat("one", "a"), threat("two", "b")), "neither says how they meet"),
        (with_threats(measure("free", "", on='"DEU"', stacking='"exempt"'),
                      threat("soft", "free"), keep=True), '"free" exempts it'),
        (with_threats(MINUS, threat("soft", "minus")), "betters them: a concession, no threat"),
        (with_threats("", threat("soft", "us-cars-up", answers='"eu-cars-down"')),
         'EU would answer with "eu-cars-down"'),
        (with_threats(measure("ease", "-5 %", kind='"non_tariff_barrier"'),
                      threat("soft", "ease")), 'rate = "+25 %"'),
        (with_threats(measure("buy", "", kind='"purchase_commitment"', stacking="", limit=
                              '{ relation = "at least", change = "+20 %", of = "quantity" }'),
                      threat("soft", "buy")), "a concession, no threat"),
        (with_threats("", threat("odd", "eu-farm-up", answers='"us-cars-up"')),
         "the side that it is aimed at"),
    ],
)  # fmt: skip
def test_contradictory_threats_are_refused(text: str, words: str) -> None:
    found = told(text)
    assert words in found
    lines = [int(x) for x in re.findall(r"mine.toml, line (\d+), talks, threat", found)]
    assert lines
    keys = [text.splitlines()[n - 1].split(" =")[0] for n in lines]
    assert set(keys) <= {"measures", "answers"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (with_threats(measure("low", "0.5 %", sectors='["textiles"]'), threat("soft", "low")),
         r'"low", which lowers the duty on textiles, USA from \w+ from [\d.]+ % to 0.5 %.*'
         "concession"),
        (with_threats(measure("low", "0.5 %", sectors='["motor_vehicles", "food"]'),
                      threat("soft", "low"), keep=True),
         r'"soft" and "cars" contradict each other.*"low" lowers it from 2.47 % to 0.5 % and '
         r'"us-cars-up" raises it'),
        (with_threats(measure("nothing", "+0 %"), threat("idle", "nothing")), "changes nothing"),
    ],
)  # fmt: skip
def test_what_only_the_levels_in_force_tell(text: str, words: str, world: World) -> None:
    case = parse_case(text, "mine.toml")
    (found,) = threat_problems(case.meeting, world)
    assert re.search(words, found)
    with pytest.raises(CaseFileError, match=r"mine.toml, line \d+, talks, threat \d .*measures: "):
        check_threats(case.meeting, world)


def test_a_duty_beside_what_is_in_force_already_is_measured_from_there(world: World) -> None:
    """A level above the world's own, but below what the background sets, gives."""
    text = with_threats(
        measure("now", "50 %") + measure("less", "30 %"), threat("soft", "less")
    ).replace('place = "Turnberry"', 'place = "Turnberry"\nbackground = ["now"]')
    case = parse_case(text)
    (found,) = threat_problems(case.meeting, world)
    assert "from 50 % to 30 %" in found


@pytest.mark.parametrize(
    "text",
    [
        # another government's level beside the points of this one
        with_threats(SIXTY, threat("later", "sixty", more="successor_only = true"), keep=True),
        # points beside a level: the duty rises twice
        with_threats(SIXTY, threat("later", "sixty"), keep=True),
        # two levels on goods that do not overlap
        with_threats(
            measure("a", "40 %", sectors='["food"]') + measure("b", "60 %"),
            threat("one", "a"),
            threat("two", "b"),
        ),
        # one level, said twice
        with_threats(
            SIXTY + measure("same", "60 %"), threat("one", "sixty"), threat("two", "same")
        ),
        # a duty on goods that the ban does not cover
        with_threats(
            measure("ban", "", kind='"import_ban"', stacking="", sectors='["food"]'),
            threat("shut", "ban"),
            keep=True,
        ),
    ],
)
def test_threats_that_go_together_are_left_alone(text: str, world: World) -> None:
    case = parse_case(text)
    assert threat_problems(case.meeting, world) == []


@pytest.mark.parametrize("name", ["anchorage-2021", "beijing-2024", "starter"])
def test_shipped_threats_threaten(name: str, world: World) -> None:
    case = parse_case(STARTER) if name == "starter" else load_case(name)
    assert world_of(case) == world.name
    assert threat_problems(case.meeting, world) == []


def helpful(priced: PriceTable, **changes: Any) -> tuple[str, ...]:
    here = Ground.of(section(**changes), priced)
    return helpful_threats(stand_at(here, here.central()))


def test_a_threat_that_helps_its_target_is_named() -> None:
    talks = section()
    priced = table(talks)
    assert helpful(priced) == ()
    hats = priced.welfare_hat.copy()
    hats[priced.request.extra["threat hit"], 1] = 1.0123
    (said_of,) = helpful(replace(priced, welfare_hat=hats))
    assert "a duty" in said_of
    assert "carried out and answered, it leaves BBB better off, +1.23\xa0% in real" in said_of
    unsolved = priced.solved.copy()
    unsolved[priced.request.extra["threat hit"]] = False
    without = replace(priced, welfare_hat=hats, solved=unsolved)
    assert helpful(without) == ()
    # it may help by what the answer is worth beyond its price
    levels = {**raw()["threat"][0], "levels": {"three": "all", "four": "done"}}
    (by_weights,) = helpful(priced, threat=[levels])
    assert "by its own weights" in by_weights


def test_what_is_on_climate_alone_holds_climate_alone() -> None:
    def round_on_more(content: dict[str, Any]) -> None:
        content["round"][0] |= {"climate_only": True, "issues": ["three", "four"]}
        content["issue"][3]["climate"] = True

    def meeting(content: dict[str, Any]) -> None:
        content["climate_only"] = True

    assert 'round "next" is on climate alone, but is to settle three' in said(round_on_more)
    assert "the meeting is on climate alone, but the agenda holds one, two" in said(meeting)


def test_a_round_settles_more_than_to_go_on_talking() -> None:
    def only_talk_there(content: dict[str, Any]) -> None:
        content["issue"][3]["talk_only"] = True
        content["round"][0]["issues"] = ["four"]

    assert "nothing but to go on talking" in said(only_talk_there)


def test_a_breakthrough_binds_no_more_issues_than_there_are() -> None:
    def too_many(content: dict[str, Any]) -> None:
        content["binding_issues"] = 9

    assert "At most binding_issues = 4" in said(too_many)
