"""Does the page on the keys of [talks] say what the code reads, and the schema what it refuses?"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from docs._ext.case_tables import PAGES, refreshed, tables_of
from pydantic import BaseModel

from detente.case import json_schema, list_cases, load_case, starter
from detente.cli.app import run_command_line
from detente.measures import INSTRUMENTS
from detente.talks import section

STARTER = starter(talks=True)


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "talks-file.md").read_text(encoding="utf-8")


def keys_of(page: str) -> dict[str, list[str]]:
    """Keys in the first column of every marked table of the page."""
    blocks = re.findall(r"<!-- table: (\S+) -->\n(.*?)<!-- end -->", page, re.S)
    return {name: re.findall(r"^\| `([a-z_]+)` \|", text, re.M) for name, text in blocks}


def test_the_page_has_every_key_and_no_other(page: str) -> None:
    wanted = {
        name: [info.alias or key for key, info in model.model_fields.items()]
        for name, model in tables_of().items()
    }
    assert keys_of(page) == wanted


def test_no_table_of_the_section_is_forgotten() -> None:
    models = {
        m
        for m in vars(section).values()
        if isinstance(m, type) and issubclass(m, section.Part) and m is not section.Part
    }
    assert set(tables_of().values()) == models


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_code_says(name: str, root: Path) -> None:
    text = (root / "docs" / name).read_text(encoding="utf-8")
    assert refreshed(text) == text


def test_every_instrument_is_on_the_page_of_case_files(root: Path) -> None:
    text = (root / "docs" / "case-files.md").read_text(encoding="utf-8")
    assert all(f"| `{kind}` |" in text for kind in INSTRUMENTS)


@pytest.mark.parametrize("table", tables_of())
def test_every_key_has_its_meaning(table: str) -> None:
    model: type[BaseModel] = tables_of()[table]
    assert all(info.description for info in model.model_fields.values())


def test_the_page_explains_every_question(page: str) -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| ", page[page.index("`about` is one of") :], re.M)
    assert tuple(told[1:]) == section.READINGS


def test_dotted_names_on_the_page_are_those_of_a_variant(page: str) -> None:
    names = "\n".join(section.TalksSection.model_validate(talks_of(STARTER)).judgements())
    for kind in ("tone.candour", "party.USA.impatience", "constituency.us-cars.weight"):
        assert f"`{kind}`" in page
        assert kind in names


def talks_of(text: str) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(text)["talks"]
    return found


# ---- the schema for editors -------------------------------------------------------------------


def as_json(text: str) -> Any:
    # JSON has no dates: they are text there.
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def test_validate_prints_the_schema_with_the_meeting(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["validate", "--schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(json_schema()))
    jsonschema.Draft202012Validator.check_schema(printed)
    party = printed["$defs"]["PartySection"]
    assert party["properties"]["demand"]["description"].startswith("how much was demanded")
    assert party["additionalProperties"] is False


@pytest.mark.parametrize("name", [*list_cases(), "starter"])
def test_cases_meet_the_schema_with_the_meeting(name: str) -> None:
    text = STARTER if name == "starter" else load_case(name).text
    jsonschema.validate(as_json(text), dict(json_schema()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('about = "meeting-worthwhile"', 'about = "worth"'),
        ('setting = "public"', 'seting = "public"'),
        ("# leaders = true", 'leaders = "yes"  #'),
        ("demand = { value = 0.5", 'demand = { value = "0.5"'),
        ("vote = 0.9", "vote = 1.9"),
        ('ratification = "Congress and the press."', ""),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(old: str, new: str) -> None:
    text = STARTER.replace(old, new, 1)
    assert text != STARTER
    with pytest.raises(ValueError, match="validation error"):
        section.TalksSection.model_validate(talks_of(text))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_json(text), dict(json_schema()))
