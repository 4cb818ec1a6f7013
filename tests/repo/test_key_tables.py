"""Do the pages on case files say which keys the code reads?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docs._ext.case_tables import PAGES, SECTIONS, refreshed

from detente.cli.app import run_command_line
from detente.measures import INSTRUMENTS
from detente.talks import section


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_code_says(name: str, root: Path) -> None:
    text = (root / "docs" / name).read_text(encoding="utf-8")
    assert refreshed(text) == text


def test_no_table_of_a_meeting_is_forgotten(root: Path) -> None:
    parts = {
        value
        for value in vars(section).values()
        if isinstance(value, type) and issubclass(value, section.TalksPart)
    }
    assert parts - {section.TalksPart} <= set(SECTIONS.values())
    page = (root / "docs" / "talks-file.md").read_text(encoding="utf-8")
    told = {name for name in SECTIONS if f"<!-- table: {name} -->" in page}
    assert {SECTIONS[name] for name in told} >= parts - {section.TalksPart}


@pytest.mark.parametrize("name", SECTIONS)
def test_every_key_has_its_meaning(name: str) -> None:
    assert all(info.description for info in SECTIONS[name].model_fields.values())


def test_every_instrument_is_on_the_page_of_case_files(root: Path) -> None:
    text = (root / "docs" / "case-files.md").read_text(encoding="utf-8")
    assert all(f"| `{kind}` |" in text for kind in INSTRUMENTS)


def test_the_printed_schema_holds_the_meeting(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["validate", "--schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    party = printed["$defs"]["PartySection"]
    assert party["additionalProperties"] is False
    assert party["properties"]["kappa"]["description"].startswith("κ")
