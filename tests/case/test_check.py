"""Is everything that is wrong with a case told at once, with file, line, key and what to write?"""

from __future__ import annotations

import pytest
from tests.case.plain import PLAIN, errors, line_of, validated

from detente.case import parse_case
from detente.case.check import MOST_SAID
from detente.errors import CaseFileError


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
        ('labour = "mobile"', 'labour = "roy"', ["needs a finite roy_elasticity"]),
        ('labour = "mobile"', "labour_supply_elasticity = 1e6", ["at most 100"]),
        ('labour = "mobile"', "input_elasticity = 1.00001", ["1 itself"]),
        ('labour = "mobile"', "scale = 3", ["scale"]),
        ("schema = 2", "schema = 3", ["this version reads 2"]),
        ("schema = 2", "schema = 1", ["Write schema = 2; nothing else has changed"]),
        ('world = "icio-2022"', 'world = "icio-2023"', ['"icio-2022"']),
        ('headline = "both"', 'headline = "boht"', ['"both"']),
        ('measures = ["us-cars"]', 'measures = ["us-car"]', ['"us-cars"']),
        ('compared_with = "us-alone"', 'compared_with = "us-alon"', ['"us-alone"']),
        ('compared_with = "us-alone"', 'compared_with = "in force 2024-13-01"', ["no month 13"]),
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


def test_a_meeting_of_the_first_format_gets_one_message() -> None:
    text = PLAIN.replace("schema = 2", "schema = 1").replace('"CHN"', '"CHX"')
    found = errors(text + '[talks]\ntitle = "x"\n[[talks.party]]\nid = "USA"\n')
    assert len(found) == 1
    assert "Write schema = 2, and [talks] anew" in found[0]
    assert f"line {line_of(text, 'schema = 1')}" in found[0]


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


def test_a_key_a_name_a_rate_and_a_member_that_are_wrong_are_told_together_by_line() -> None:
    text = (
        PLAIN.replace('id = "china-cars"', 'idd = "china-cars"')
        .replace('by = "USA"', 'by = "USX"')
        .replace('rate = "+75 pp"', "rate = 75")
        .replace('measures = ["us-cars"]', 'measures = ["us-car"]')
        .replace('labour = "mobile"', 'labor = "mobile"')
    )
    found = "\n".join(errors(text))
    for words in ('unknown key "labor"', 'unknown economy "USX"', "75 is a bare number",
                  'unknown key "idd"', '"id" is missing', 'unknown measure "us-car"'):  # fmt: skip
        assert words in found, found
    lines = [int(line.split("line ")[1].split(",")[0]) for line in found.splitlines()]
    assert lines == sorted(lines)


@pytest.mark.parametrize("broken", ["idd = 1", 'rate = "75"', "note = 5"])
def test_a_broken_measure_hides_nothing_of_the_others(broken: str) -> None:
    """What needs the broken measure is left alone, the rest is checked."""
    text = PLAIN.replace('rate = "+75 pp"', f'rate = "+75 pp"\n{broken}', 1)
    if broken.startswith("rate"):
        text = text.replace('rate = "+75 pp"\n', "", 1)
    clash = PLAIN[PLAIN.index('[[measure]]\nid = "china') : PLAIN.index("[[package]]")]
    text += f'{clash.replace("china-cars", "again")}[[package]]\nid = "clash"\n'
    text += 'measures = ["china-cars", "again"]\n'
    first, second = errors(text)
    assert broken.split(" =")[0] in first
    assert "neither says how they meet" in second


def test_a_broken_section_hides_no_other() -> None:
    game = '[game]\nplayer = ["USA", "CHX"]\n[[game.strategy]]\ninstrument = "tariff"\n'
    text = PLAIN.replace('world = "icio-2022"', 'world = "icio-2022"\ntitel = "x"') + game
    text += '[uncertainty]\ndraws = "many"\n[[not_priced]]\ntitle = "x"\n'
    found = "\n".join(errors(text))
    for words in ('unknown key "titel"', 'unknown economy "CHX"', "draws is a whole number",
                  '"why" is missing'):  # fmt: skip
        assert words in found, found


def test_many_errors_are_counted() -> None:
    names = ", ".join(f'"n{k}"' for k in range(400))
    found = errors(PLAIN.replace('measures = ["us-cars"]', f"measures = [{names}]"))
    assert len(found) == MOST_SAID + 1
    assert found[-1].endswith(f"… and {400 - MOST_SAID} more.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('rate = "+75 pp"', 'rate = "%s"'),
        ('by = "USA"', 'by = "%s"'),
        ('kind = "tariff"', 'kind = "%s"'),
        ('rate = "+75 pp"', '"%s" = 1'),
        ('labour = "mobile"', 'labour = "%s"'),
        ('world = "icio-2022"', 'world = "%s"'),
        ('headline = "both"', 'headline = "%s"'),
        ('id = "us-cars"', 'id = "%s"'),
        ('source = "an example"', 'overlap = "%s"\nsource = "x"'),
        ("date = 2024-10-01", 'date = "%s"'),
        ('sectors = ["motor_vehicles"]', 'sectors = ["%s"]'),
        ('compared_with = "us-alone"', 'compared_with = "%s"'),
    ],
)
def test_no_message_repeats_a_long_value(old: str, new: str) -> None:
    found = errors(PLAIN.replace(old, new % ("F" * 15_000), 1))
    assert max(len(line) for line in found) < 700


def test_no_message_breaks_its_line_or_writes_to_the_terminal() -> None:
    for odd in ("\\u001b[31m", "\\n\\n", "\\u0000"):
        (found,) = errors(PLAIN.replace('headline = "both"', f'headline = "{odd}"'))
        assert found.isprintable()


def test_overlap_without_stacking_names_both_and_the_line() -> None:
    text = PLAIN.replace('by = "CHN"\non = "USA"', 'by = "USA"\non = "all others"')
    (found,) = errors(text)
    for words in ('"us-cars"', '"china-cars"', "motor_vehicles, USA from CHN", 'stacking = "add"'):
        assert words in found


def test_a_circle_of_comparisons_is_refused() -> None:
    text = PLAIN.replace('measures = ["us-cars"]', 'measures = ["us-cars"]\ncompared_with = "both"')
    assert "in a circle" in errors(text)[0]


def test_validate_warns_of_measures_not_in_force() -> None:
    text = PLAIN.replace('rate = "+75 pp"', 'rate = "+75 pp"\nfrom = 2025-01-01')
    found = validated(text)
    assert {f.level for f in found} == {"warning"}
    assert any("none of its measures is in force on 2024-10-01" in f.message for f in found)


def test_validate_notes_what_no_package_uses() -> None:
    text = PLAIN.replace('measures = ["us-cars", "china-cars"]', 'measures = ["us-cars"]')
    (note,) = validated(text)
    assert note.level == "note"
    assert '"china-cars"' in note.message


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


def test_names_of_a_game_that_is_wrong_otherwise_are_told_with_it() -> None:
    game = """[game]
threat = "trade wr"
player = [{ who = "CHNA" }, { who = "USA", objectives = "welfare", weights = { textils = 2.0 } }]
[[game.strategy]]
instrument = "tariff"
lowest = "0 %"
highest = "x"
sectors = ["motor_vehicle"]
[[game.strategy]]
instrument = "tarif"
on = ["EU28"]
"""
    said = "\n".join(errors(PLAIN + game))
    for wrong in ("trade wr", "CHNA", "objectives", "textils", '"x"', "motor_vehicle", "EU28"):
        assert wrong in said, said
