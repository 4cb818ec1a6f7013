"""Is every way of getting a case file wrong answered with file, line, key and what to write?"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import (
    CaseFile,
    json_schema,
    list_cases,
    load_case,
    parse_case,
    starter,
    validate_case,
)
from detente.case.lines import DEEPEST
from detente.case.read import LARGEST_FILE
from detente.case.schema import ModelSection
from detente.errors import CaseFileError, InputError, UnknownNameError
from detente.world import CLOSURES

PLAIN = """\
schema = 1
name = "cars"
world = "icio-2022"
date = 2024-10-01
headline = "both"

[model]
labour = "mobile"

[[measure]]
id = "us-cars"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["motor_vehicles"]
rate = "+75 pp"
source = "an example"

[[measure]]
id = "china-cars"
kind = "tariff"
by = "CHN"
on = "USA"
sectors = ["motor_vehicles"]
rate = "+10 pp"
source = "an example"

[[package]]
id = "us-alone"
measures = ["us-cars"]

[[package]]
id = "both"
measures = ["us-cars", "china-cars"]
compared_with = "us-alone"
"""


def errors(text: str) -> list[str]:
    with pytest.raises(CaseFileError) as caught:
        parse_case(text, "cars.toml")
    return str(caught.value).splitlines()


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


# ---- what is right --------------------------------------------------------------------------


def test_a_plain_case() -> None:
    case = parse_case(PLAIN)
    assert case.package_ids == ("us-alone", "both")
    both = case.headline_scenario
    assert both.ids == ("us-cars", "china-cars")
    assert both.compared_with is not None
    assert both.compared_with.ids == ("us-cars",)
    assert both.date == dt.date(2024, 10, 1)
    assert case.scenario("us-alone").compared_with is None


@pytest.mark.parametrize("name", list_cases())
def test_shipped_cases_meet_the_json_schema(name: str) -> None:
    # JSON has no dates: they are text there.
    tables = json.loads(json.dumps(tomllib.loads(load_case(name).text), default=str))
    jsonschema.validate(tables, dict(json_schema()))


def test_the_json_schema_refuses_what_the_reader_refuses() -> None:
    for old, new in (('rate = "+75 pp"', "rate = 75"), ('kind = "tariff"', 'kind = "tarif"'),
                     ('by = "USA"', 'buy = "USA"'), ("schema = 1", "schema = 2")):  # fmt: skip
        text = PLAIN.replace(old, new)
        assert errors(text)
        tables = json.loads(json.dumps(tomllib.loads(text), default=str))
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(tables, dict(json_schema()))


@pytest.mark.parametrize("talks", [False, True])
def test_a_starter_is_a_valid_case(talks: bool) -> None:
    assert (parse_case(starter(talks)).talks is not None) == talks
    assert not [f for f in validate_text(starter(talks)) if f.level != "note"]


def validate_text(text: str, folder: Path | None = None) -> list[Any]:
    import tempfile

    with tempfile.TemporaryDirectory() as where:
        path = Path(folder or where) / "case.toml"
        path.write_text(text, encoding="utf-8")
        return validate_case(path)


def test_closures_are_those_of_the_world() -> None:
    literal = next(
        a for a in ModelSection.model_fields["closure"].annotation.__args__  # type: ignore[union-attr]
        if a is not type(None)
    )  # fmt: skip
    assert set(literal.__args__) == set(CLOSURES)


# ---- what is wrong: syntax, keys, values ------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('rate = "+75 pp"', "rate = 75", ["bare number", '"+75 pp"']),
        ('rate = "+75 pp"', 'rate = "75"', ["bare number", '"75 %"']),
        ('rate = "+75 pp"', 'rate = "75 pp"', ["needs a sign"]),
        ('rate = "+75 pp"', 'rates = "+75 pp"', ["unknown key", '"rate"']),
        ('kind = "tariff"', 'kind = "tarrif"', ['unknown instrument "tarrif"', '"tariff"']),
        ('by = "USA"', 'by = "US"', ['"US"', '"USA"']),
        ('by = "USA"', 'by = "United States"', ['is written "USA"']),
        ('by = "USA"', "by = 5", ["by"]),
        ('on = "CHN"', 'on = "EU28"', ['"EU27"']),
        ('on = "CHN"', 'on = "USA"', ["no flow is left"]),
        ('["motor_vehicles"]', '["motor_vehicle"]', ['"motor_vehicles"']),
        ('["motor_vehicles"]', '["all good"]', ['"all goods"']),
        ("date = 2024-10-01", 'date = "soon"', ["year-month-day"]),
        ("date = 2024-10-01", "date = 5", ["date"]),
        ('labour = "mobile"', 'labour = "mobil"', ['"mobile"']),
        ('labour = "mobile"', 'elasticities = "none-such"', ["elasticity set"]),
        ('labour = "mobile"', "roy_elasticity = nan", ["roy_elasticity"]),
        ('labour = "mobile"', "scale = 3", ["scale"]),
        ("schema = 1", "schema = 2", ["this version reads 1"]),
        ('world = "icio-2022"', 'world = "icio-2023"', ['"icio-2022"']),
        ('headline = "both"', 'headline = "boht"', ['"both"']),
        ('measures = ["us-cars"]', 'measures = ["us-car"]', ['"us-cars"']),
        ('compared_with = "us-alone"', 'compared_with = "us-alon"', ['"us-alone"']),
        ('compared_with = "us-alone"', 'compared_with = "in force 2024-13-01"', ["calendar"]),
        ('id = "us-cars"', 'id = "us cars"', ["cannot be a short name"]),
        ('source = "an example"', 'source = ""', ["source"]),
        ('name = "cars"', 'name = "cars"\ntitel = "x"', ['"title"']),
    ],
)
def test_each_mistake_is_placed_and_explained(old: str, new: str, said: list[str]) -> None:
    text = PLAIN.replace(old, new, 1)
    found = errors(text)
    key = new.split(" = ", 1)[0] if " = " in new and "\n" not in new else ""
    line = line_of(text, new.splitlines()[-1])
    assert any(e.startswith(f"cars.toml, line {line}") for e in found), (line, found)
    whole = "\n".join(found)
    for words in said:
        assert words in whole, whole
    if key and key not in ("id", "measures"):
        assert key in whole


def test_ids_are_given_once() -> None:
    text = PLAIN.replace('id = "china-cars"', 'id = "us-cars"')
    assert any("line 20" in e and "Ids are given once" in e for e in errors(text))


def test_an_unknown_unit_of_money() -> None:
    tariff = 'kind = "tariff"\nby = "USA"\non = "CHN"'
    text = PLAIN.replace(tariff, 'kind = "production_subsidy"\nby = "USA"', 1)
    text = text.replace('rate = "+75 pp"', 'budget = { amount = "5 bilion USD", years = 1 }')
    assert '"billion"' in errors(text)[0]


def test_a_missing_source_says_why_it_is_needed() -> None:
    text = PLAIN.replace('source = "an example"\n', "", 1)
    assert "Every number has a source" in errors(text)[0]
    assert f"line {line_of(text, '[[measure]]')}" in errors(text)[0]


def test_all_mistakes_are_told_at_once() -> None:
    text = PLAIN.replace('by = "USA"', 'by = "US"').replace('rate = "+10 pp"', "rate = 10")
    assert len(errors(text)) == 2


def test_a_missing_key_does_not_hide_a_wrong_rate() -> None:
    text = PLAIN.replace('source = "an example"\n', "", 1).replace('rate = "+10 pp"', "rate = 10")
    found = "\n".join(errors(text))
    assert "Every number has a source" in found
    assert "10 is a bare number" in found


def test_overlap_without_stacking_names_both_and_the_line() -> None:
    text = PLAIN.replace('by = "CHN"\non = "USA"', 'by = "USA"\non = "all others"')
    (found,) = errors(text)
    for words in ('"us-cars"', '"china-cars"', "motor_vehicles, USA from CHN", 'stacking = "add"'):
        assert words in found


def test_a_circle_of_comparisons_is_refused() -> None:
    text = PLAIN.replace('measures = ["us-cars"]', 'measures = ["us-cars"]\ncompared_with = "both"')
    assert "in a circle" in errors(text)[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "a', "at its end"),
        ("schema = 1\nname = cars\n", "line 2"),
        ("[measure\n", "line 1"),
        ("a = 1\na = 2\n", "line 2"),
        ("", '"schema" is missing'),
        ("x = " + "[" * 50 + "]" * 50, f"deeper than {DEEPEST}"),
        ("x = " + "[" * 19_000, "deeper than"),
        ("x = [\n" * 30, "deeper than"),
        (".".join(["a"] * 50) + " = 1", "deeper than"),
        ('x = "' + "a" * 30_000 + '"', "characters"),
    ],
)
def test_text_that_is_no_case(text: str, said: str) -> None:
    assert any(said in e for e in errors(text)), errors(text)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    big = tmp_path / "big.toml"
    big.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(CaseFileError, match="larger than"):
        load_case(big)
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "Yellen"\ntitle = "Türkiye"'.encode("latin-1"))
    with pytest.raises(CaseFileError, match=r"line 2: not UTF-8"):
        load_case(latin)
    with pytest.raises(CaseFileError, match="no such file"):
        load_case(tmp_path / "none.toml")
    with pytest.raises(CaseFileError, match="is a folder"):
        load_case(tmp_path)
    with pytest.raises(UnknownNameError, match='"beijing-2024"'):
        load_case("beijing-2042")
    zeros = tmp_path / "zeros.toml"
    zeros.write_bytes(bytes(100))
    with pytest.raises(CaseFileError, match="line 1"):
        load_case(zeros)


def test_a_thousand_measures_are_refused() -> None:
    entry = PLAIN[PLAIN.index("[[measure]]") : PLAIN.index("[[package]]")]
    head = PLAIN[: PLAIN.index("headline")]
    many = head + "\n".join(entry.replace('"us-', f'"u{k}-').replace('"china-', f'"c{k}-')
                            for k in range(300))  # fmt: skip
    assert "at most 500" in errors(many)[0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), st.integers(1, 40), st.text(max_size=6))
def test_a_mangled_file_gives_a_case_or_a_message(at: int, length: int, put: str) -> None:
    text = PLAIN[:at] + put + PLAIN[at + length :]
    with contextlib.suppress(InputError):
        assert isinstance(parse_case(text), CaseFile)


# ---- warnings and dates -------------------------------------------------------------------------


def test_validate_warns_of_measures_not_in_force() -> None:
    text = PLAIN.replace('rate = "+75 pp"', 'rate = "+75 pp"\nfrom = 2025-01-01')
    found = validate_text(text)
    assert {f.level for f in found} == {"warning"}
    assert any("none of its measures is in force on 2024-10-01" in f.message for f in found)


def test_validate_notes_what_no_package_uses() -> None:
    text = PLAIN.replace('measures = ["us-cars", "china-cars"]', 'measures = ["us-cars"]')
    (note,) = validate_text(text)
    assert note.level == "note"
    assert '"china-cars"' in note.message


DATED = """\
schema = 1
name = "dated"
world = "icio-2022"
compared_with = "in force 2024-04-01"
date = 2024-10-01

[[measure]]
id = "old"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["textiles"]
rate = "+7.5 pp"
from = 2020-02-14
until = 2025-01-01
status = "in force"
source = "an example"

[[measure]]
id = "ended"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["food"]
rate = "+7.5 pp"
from = 2020-02-14
until = 2024-04-01
status = "in force"
source = "an example"

[[measure]]
id = "new"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["motor_vehicles"]
rate = "+75 pp"
from = 2024-09-27
source = "an example"

[[package]]
id = "more"
measures = ["new"]

[[package]]
id = "less"
measures = []
lifts = ["old"]
"""


def test_packages_come_on_top_of_what_was_in_force() -> None:
    case = parse_case(DATED)
    more, less = case.scenarios
    assert more.compared_with is not None
    # `until` is the first day no longer in force
    assert more.compared_with.ids == ("old",)
    assert [m.id for m in more.in_force] == ["old", "new"]
    assert less.ids == ()
    assert less.compared_with == more.compared_with


def test_only_what_was_in_force_can_be_lifted() -> None:
    text = DATED.replace('lifts = ["old"]', 'lifts = ["ended"]')
    assert '"old"' in errors(text)[0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("2024-13-01", "line 4: there is no month 13"),
        ("2024-02-30", "line 4: there is no day 30 in month 2 of 2024"),
        ("2024-8-01", "lacks a zero: write 2024-08-01"),
    ],
)
def test_a_day_that_is_not_in_the_calendar(wrong: str, said: str) -> None:
    with pytest.raises(CaseFileError, match=said):
        parse_case(PLAIN.replace("2024-10-01", wrong))


def test_money_of_another_currency_is_refused_before_a_run() -> None:
    text = PLAIN.replace(
        'kind = "tariff"\nby = "USA"\non = "CHN"', 'kind = "production_subsidy"\nby = "USA"', 1
    ).replace('rate = "+75 pp"', 'budget = { amount = "6 bn EUR", years = 1 }')
    with pytest.raises(CaseFileError, match=r'line \d+: .*"USD million".*"6 bn EUR" in EUR'):
        parse_case(text)
    assert parse_case(text.replace("EUR", "USD")).name == "cars"


def test_a_limit_below_nothing_names_what_was_written() -> None:
    with pytest.raises(CaseFileError, match='"-200 %" would leave less than nothing'):
        parse_case(
            PLAIN.replace('kind = "tariff"', 'kind = "quota"', 1).replace(
                'rate = "+75 pp"',
                'limit = { relation = "at most", change = "-200 %", of = "quantity" }',
            )
        )
