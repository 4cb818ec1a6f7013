"""Is everything that is wrong with a section said at once, with its place and what to write?"""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.talks import small_meeting

from detente.scenario.targets import targets_of
from detente.talks.checks import FIRST_MEETING, problems_of
from detente.talks.fitted import recorded_meetings
from detente.talks.given import Problems
from detente.talks.section import TalksSection

IDS = tuple(small_meeting.measures())
WAR = {"measures": ["h-war", "f-war"], "source": "invented"}


def found(**changes: Any) -> Problems:
    return problems_of(small_meeting.section(**changes), small_meeting.world(), IDS)


def issues(**changes: Any) -> dict[str, Any]:
    """The issues with some replaced."""
    return copy.deepcopy(small_meeting.raw()["issue"]) | changes


def levels(count: int, **keys: Any) -> dict[str, Any]:
    """An issue of so many levels that move nothing in trade."""
    names = [f"level {k}" for k in range(count)]
    worth = {name: {"HOM": 0.01 * k} for k, name in enumerate(names) if k}
    return {"by": "HOM", "levels": {name: [] for name in names}, "beyond": worth} | keys


def test_a_sound_section_has_no_problem() -> None:
    world = small_meeting.world()
    targets = {name: targets_of(world, m) for name, m in small_meeting.measures().items()}
    assert problems_of(small_meeting.section(), world, IDS, targets) == []


def test_the_first_meeting_is_the_record_s() -> None:
    assert recorded_meetings()[0].start == FIRST_MEETING


@pytest.mark.parametrize(
    ("changes", "place", "says"),
    [
        ({"parties": "us-europe"}, ("parties", "profile"), 'Unknown profile "us-europe"'),
        ({"parties": ["HOM", "Mars"]}, ("parties", "Mars"), 'Unknown economy "Mars"'),
        ({"parties": {"HOM": {}}}, ("parties",), "between two parties; found HOM"),
        (
            {"parties": {"HOM": {}, "FOR": {"economies": ["HOM", "FOR"]}}},
            ("parties",),
            "both parties speak for HOM",
        ),
        ({"date": dt.date(2016, 9, 3)}, ("date",), "before the record begins"),
        ({"diplomats": True}, ("diplomats",), "below leaders only"),
        ({"my_odds": [0.5, 0.2, 0.1, 0.1, 0.05]}, ("my_odds",), "sum to 0.95"),
        ({"my_odds": [1.2, -0.2, 0, 0, 0]}, ("my_odds",), "between 0 and 1"),
        ({"my_odds": [0.5, 0.5]}, ("my_odds",), "2 odds; write five"),
        ({"tone": {"RST": 3}}, ("tone", "RST"), 'Unknown party "RST"'),
        ({"tone": {"HOM": {"by": "HOM"}}}, ("tone", "HOM"), "a tone is written 3"),
        ({"pressure": {"Home": 0.5}}, ("pressure", "Home"), 'Unknown party "Home"'),
        (
            {"said": [{"by": "RST", "setting": "public", "tone": -3, "source": "x"}]},
            ("said", 0, "by"),
            'Unknown party "RST"',
        ),
        ({"fallback": None}, ("fallback",), "say what happens without a deal"),
        ({"fallback": WAR | {"beyond": {"RST": 1}}}, ("fallback", "beyond", "RST"), "party"),
        ({"fallback": WAR | {"measures": ["h-w"]}}, ("fallback", "measures"), 'Nearest: "h-war"'),
        ({"fallback": WAR | {"measures": ["h20"]}}, ("fallback", "measures"), "(issue duties)"),
        ({"fallback": WAR | {"measures": ["h-base"]}}, ("fallback", "measures"), "(always)"),
        ({"issue": issues(x=levels(2, levels={"a": ["f15"], "b": []}))}, ("issue", "x"), "farm"),
        ({"always": ["h10"]}, ("always",), 'on the table in issue "duties"'),
        ({"always": ["h"]}, ("always",), "Unknown measure"),
        ({"issue": issues(x=levels(1))}, ("issue", "x", "levels"), "fewer than two levels"),
        ({"issue": issues(x=levels(2, by="RST"))}, ("issue", "x", "by"), 'party "RST"'),
        (
            {"issue": issues(x=levels(2, beyond={}))},
            ("issue", "x", "levels", "level 1"),
            "names no measure and no worth",
        ),
        (
            {"issue": issues(x=levels(2, beyond={"level 0": {"HOM": 1}, "level 1": {"HOM": 1}}))},
            ("issue", "x", "beyond", "level 0"),
            "worth nothing more",
        ),
        (
            {"issue": issues(x=levels(2, beyond={"level 1": {"RST": 1}}))},
            ("issue", "x", "beyond", "level 1", "RST"),
            "party",
        ),
        (
            {"issue": issues(x=levels(2, beyond={"level 1": {"HOM": 1}, "other": {"HOM": 1}}))},
            ("issue", "x", "beyond", "other"),
            'Unknown level "other"',
        ),
        ({"issue": issues(x=levels(900))}, ("issue", "x"), 'coarsen "x" to 833'),
        ({"what_if": {"all": {}}}, ("what_if", "all"), "it changes nothing"),
        ({"what_if": {"x": {"add": ["h-base"]}}}, ("what_if", "x", "add"), "in force already"),
        ({"what_if": {"x": {"issue": {"y": "z"}}}}, ("what_if", "x", "issue", "y"), "issue"),
        (
            {"what_if": {"x": {"issue": {"duties": "z"}}}},
            ("what_if", "x", "issue", "duties"),
            'Unknown level "z"',
        ),
        ({"unwilling": {"HOM": 1}}, ("unwilling", "HOM"), "without the ends"),
        ({"signed": {"duties": "gone"}}, ("signed", "duties"), 'Unknown level "gone"'),
        (
            {"next_government": {"by": "HOM", "hazard": 0.4, "source": "x"}},
            ("next_government",),
            "announces nothing",
        ),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else "",
)
def test_one_thing_is_wrong(changes: dict[str, Any], place: tuple[Any, ...], says: str) -> None:
    problems = found(**changes)
    hits = [text for text, where in problems if where == place and says in text]
    assert hits, problems


def test_more_sets_of_measures_than_are_priced() -> None:
    names = tuple(f"m{k}" for k in range(600))
    wide = {"by": "HOM", "levels": {f"{k}": [name] for k, name in enumerate(names)}}
    section = small_meeting.section(issue={"wide": wide, "two": levels(2)}, what_if={})
    problems = problems_of(section, small_meeting.world(), (*IDS, *names))
    assert problems == [
        (
            '600 sets of measures; at most 500 are priced: coarsen "wide" to 500.',
            ("issue", "wide"),
        )
    ]


def test_everything_is_said_at_once() -> None:
    problems = found(
        my_odds=[1, 1, 0, 0, 0], date=dt.date(2001, 1, 1), tone={"X": 1}, fallback=None
    )
    assert {place[0] for _, place in problems} == {"my_odds", "date", "tone", "fallback"}


def test_a_text_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "there.txt").write_text("We are grateful.", encoding="utf-8")
    there = {"text": "there.txt", "by": "USA"}
    section = small_meeting.section(tone={"HOM": there, "FOR": {"text": "no.txt"}})
    problems = problems_of(section, small_meeting.world(), IDS, folder=tmp_path)
    assert [place for _, place in problems] == [("tone", "FOR", "text")]


def test_measures_that_contradict_each_other_in_a_package() -> None:
    world, measures = small_meeting.world(), small_meeting.measures()
    measures["f15"] = measures["f15"].model_copy(update={"stacking": None})
    measures["f-war"] = measures["f-war"].model_copy(update={"stacking": None})
    targets = {name: targets_of(world, m) for name, m in measures.items()}
    problems = problems_of(small_meeting.section(), world, IDS, targets)
    assert ["stacking" in text for text, _ in problems] == [True]


def test_what_stands_besides_may_contradict_a_package() -> None:
    """The second in the file has to say how it meets the first."""
    world, measures = small_meeting.world(), small_meeting.measures()
    extra = measures["f15"].model_copy(update={"id": "f-old", "stacking": None})
    targets = {"f-old": targets_of(world, extra)}
    targets |= {
        name: targets_of(world, m.model_copy(update={"stacking": None}))
        for name, m in measures.items()
        if name == "f15"
    }
    ids = ("f-old", *IDS)
    section = small_meeting.section()
    assert problems_of(section, world, ids, targets) == []
    ((text, _),) = problems_of(section, world, ids, targets, standing=("f-old",))
    assert text.index("f-old") < text.index("f15")


def test_levels_of_one_issue_never_meet() -> None:
    world, measures = small_meeting.world(), small_meeting.measures()
    for name in ("h10", "h20"):
        measures[name] = measures[name].model_copy(update={"stacking": "replace"})
    targets = {name: targets_of(world, m) for name, m in measures.items()}
    assert problems_of(small_meeting.section(), world, IDS, targets) == []


def test_names_without_a_world(tmp_path: Path) -> None:
    """What needs no world is said without opening one."""
    section = TalksSection.model_validate(small_meeting.raw(parties=["USA", "CHN"]))
    problems = problems_of(section, small_meeting.world(), IDS)
    assert ("parties", "USA") in [place for _, place in problems]
