"""Does every instrument take what makes sense for it, and refuse what does not?"""

from __future__ import annotations

import datetime as dt
import inspect
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from detente.errors import InputError, MeasureError, UnknownNameError, schema_error
from detente.measures import INSTRUMENTS, ImportBan, Measure, Mirror, Tariff, measure, table

AT_MOST = {"relation": "at most", "change": "-20 %", "of": "quantity"}
AT_LEAST = {"relation": "at least", "amount": "40 bn USD", "of": "value"}
BUDGET = {"amount": "6.6 bn USD", "years": 5}
FLOWS = {"by": "USA", "on": "CHN", "sectors": "electronics"}

#: A sensible call of every instrument.
SENSIBLE: dict[str, dict[str, Any]] = {
    "tariff": {**FLOWS, "rate": "+25 pp"},
    "anti_dumping_duty": {**FLOWS, "rate": "25 %"},
    "countervailing_duty": {**FLOWS, "rate": "25 %"},
    "safeguard_duty": {**FLOWS, "rate": "25 %"},
    "import_ban": {**FLOWS},
    "export_ban": {**FLOWS},
    "export_tax": {**FLOWS, "rate": "25 %"},
    "export_subsidy": {**FLOWS, "budget": BUDGET},
    "production_subsidy": {"by": "USA", "sectors": "electronics", "budget": BUDGET},
    "purchase_subsidy": {**FLOWS, "rate": "+5 pp", "use": "final"},
    "non_tariff_barrier": {**FLOWS, "rate": "+5 %"},
    "content_rule": {**FLOWS, "rate": "+5 pp", "inputs": {"sectors": ["electronics"]}},
    "quota": {**FLOWS, "limit": AT_MOST},
    "voluntary_restraint": {**FLOWS, "limit": AT_MOST},
    "purchase_commitment": {**FLOWS, "limit": AT_LEAST},
    "transfer_change": {"by": "CHN", "rate": "+1 % of income"},
    "productivity_change": {"by": "CHN", "sectors": "all", "rate": "+1 %"},
    "labour_change": {"by": "CHN", "rate": "-1 %"},
}


def test_every_instrument_is_exercised_here() -> None:
    assert set(SENSIBLE) == set(INSTRUMENTS)


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_every_instrument_can_be_made_and_copied(kind: str) -> None:
    made = measure(kind, **SENSIBLE[kind])
    assert type(made) is INSTRUMENTS[kind]
    assert type(made)(**dict(made)) == made
    assert made.model_copy(update={"id": "again"}) != made
    with pytest.raises(ValidationError, match="frozen"):
        made.id = "other"


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_editors_and_help_see_the_keys_of_an_instrument(kind: str) -> None:
    """Before the class is first used and afterwards; by names, not by validators spelt out."""
    before = inspect.signature(INSTRUMENTS[kind])
    INSTRUMENTS[kind](**SENSIBLE[kind])
    shown = inspect.signature(INSTRUMENTS[kind])
    assert shown == before
    assert {*SENSIBLE[kind], "source", "from_"} <= set(shown.parameters)
    assert shown.parameters["by"].default is inspect.Parameter.empty
    assert len(str(shown)) < 1_000


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_every_instrument_is_in_the_table(kind: str) -> None:
    (row,) = [row for row in table() if row.kind == kind]
    for word in (row.meaning, row.wedge, row.payer, row.base, row.how_much):
        assert word


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_fields_of_other_instruments_are_refused(kind: str) -> None:
    foreign = {
        "rate": "+5 pp", "budget": BUDGET, "limit": AT_MOST, "use": "final",
        "product_group": "computers", "counterpart": "MEX", "amount": "+5 bn USD",
        "eligible": "MEX", "inputs": {"sectors": ["electronics"]},
    }  # fmt: skip
    for field, value in foreign.items():
        if field not in INSTRUMENTS[kind].takes():
            with pytest.raises(MeasureError, match="means nothing for"):
                measure(kind, **{**SENSIBLE[kind], field: value})


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("tariff", {"rate": 25}, "bare number"),
        ("tariff", {"rate": None}, "say how much"),
        ("tariff", {"by": ()}, "say who acts"),
        ("tariff", {"on": ()}, "whose goods"),
        ("export_tax", {"on": ()}, "which buyers"),
        ("tariff", {"sectors": ()}, "which sectors"),
        ("tariff", {"rate": "-100 pp"}, "leaves no price"),
        ("tariff", {"stacking": "add", "rate": "25 %"}, "cannot be added"),
        ("tariff", {"stacking": "cap", "rate": "+25 pp"}, "a cap is a level"),
        ("tariff", {"stacking": "exempt"}, "an exemption"),
        ("tariff", {"on": ["CHN", "CHN"]}, "twice"),
        ("tariff", {"coverage": "120 %"}, "at most 100 %"),
        ("tariff", {"from_": "2024-08-01", "until": "2024-08-01"}, "ends"),
        ("tariff", {"rate": {}}, "table is empty"),
        ("tariff", {"rate": {"food": "+5 pp"}}, "name different sectors"),
        ("anti_dumping_duty", {"rate": "+10 %"}, "could raise"),
        ("production_subsidy", {"budget": None, "rate": "100 %"}, "below 100 %"),
        ("purchase_subsidy", {"rate": "+120 pp"}, "below 100 %"),
        ("export_subsidy", {"budget": None, "rate": "100 %"}, "below 100 %"),
        ("export_subsidy", {"rate": "5 %"}, "only one of"),
        ("production_subsidy", {"budget": {"amount": "5 bn USD"}}, "years"),
        ("production_subsidy", {"budget": {"amount": "5 bn USD", "years": 0}}, "must be above 0"),
        ("production_subsidy", {"budget": {"amount": "-5 bn USD", "years": 1}}, "positive"),
        ("production_subsidy", {"budget": {"amount": 5, "years": 1}}, "bare number"),
        ("non_tariff_barrier", {"rate": "10 %"}, 'write "\\+10 %"'),
        ("non_tariff_barrier", {"rate": "-100 %"}, "leaves no price"),
        ("quota", {"limit": AT_LEAST}, '"at most"'),
        ("quota", {"limit": {**AT_MOST, "amount": "5 bn USD"}}, "exactly one of"),
        ("quota", {"limit": {**AT_MOST, "change": "-100 %"}}, "use an import or export ban"),
        ("purchase_commitment", {"limit": AT_MOST}, '"at least"'),
        ("purchase_commitment", {"limit": {**AT_LEAST, "licence": "importer"}}, "no licence"),
        ("transfer_change", {"amount": "+5 bn USD"}, "exactly one of"),
        ("transfer_change", {"rate": None, "amount": "5 bn USD"}, "needs a sign"),
        ("labour_change", {"rate": "-100 %"}, "leaves nothing"),
        ("content_rule", {"inputs": {"coverage": "5 %"}}, "barred inputs are written"),
        ("content_rule", {"inputs": "batteries"}, "inputs is written"),
        ("quota", {"limit": {"relation": "at most", "change": "-5 %"}}, '"of" is missing'),
        ("quota", {"limit": {"change": "-5 %", "of": "value"}}, '"relation" is missing'),
        ("quota", {"limit": 5}, "limit is written"),
        ("tariff", {"rule": {"of": "x"}}, '"kind" is missing. Choose from mirror, surge'),
        ("tariff", {"rule": {"kind": "surge"}}, '"threshold" is missing'),
        ("tariff", {"rule": {"kind": "mirror"}}, "names the measure"),
        ("tariff", {"rule": {"kind": "surge", "threshold": "-5 %"}}, "is a rise"),
    ],
)
def test_what_makes_no_sense_is_refused(kind: str, change: dict[str, Any], message: str) -> None:
    with pytest.raises(MeasureError, match=message):
        measure(kind, **{**SENSIBLE[kind], "id": "x", **change})


@pytest.mark.parametrize(
    ("change", "offered"),
    [
        ({"stacking": "ad"}, '"add"'),
        ({"status": "anounced"}, '"announced"'),
        ({"overlap": "nestled"}, '"nested"'),
        ({"stacking": "cup"}, '"cap"'),
        ({"stakcing": "add"}, '"stacking"'),
        ({"rule": {"kind": "miror", "of": "x"}}, '"mirror"'),
        ({"rule": {"kind": "surge", "threshold": "+5 %", "of": "quantty"}}, '"quantity"'),
    ],
)
def test_wrong_words_are_answered_with_the_nearest(change: dict[str, Any], offered: str) -> None:
    with pytest.raises(UnknownNameError, match=offered):
        Tariff(**{**SENSIBLE["tariff"], **change})


def test_a_ban_says_why_it_does_not_stack() -> None:
    with pytest.raises(UnknownNameError, match="closed is closed"):
        ImportBan(**SENSIBLE["import_ban"], stacking="add")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(MeasureError) as caught:
        Tariff(by=["USA", "USA"], on="CHN", sectors="food", rate=25, until="soon")
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["tariff, by", "tariff, until", "tariff, rate"]


def test_the_reader_of_a_case_file_gets_every_error_with_its_key() -> None:
    entries = [{"kind": "tarif"}, {"kind": "quota", "by": "USA", "on": "CHN", "sectors": "food",
                                   "limit": {"relation": "at most"}, "rate": "5 %"}]  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(list[Measure]).validate_python(entries)
    found = [schema_error(item, list[Measure]) for item in caught.value.errors()]
    assert [path for path, _ in found] == [(0, "kind"), (1, "limit", "of"), (1, "rate")]
    assert '"tariff"' in str(found[0][1])
    assert "means nothing for quota" in str(found[2][1])


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_what_is_written_down_is_read_again(kind: str) -> None:
    made = measure(kind, **SENSIBLE[kind])
    written = made.model_dump(by_alias=True, exclude_unset=True, exclude_defaults=False)
    again = TypeAdapter(Measure).validate_python({"kind": kind, **written})
    assert again == made


def test_unknown_instrument_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match='"tariff"'):
        measure("tarif", **SENSIBLE["tariff"])


def test_messages_name_the_measure() -> None:
    with pytest.raises(InputError, match='measure "301-ev", rate'):
        Tariff(id="301-ev", by="USA", on="CHN", sectors="food", rate="25")


def test_in_force_from_the_first_day_until_the_day_before_the_last() -> None:
    duty = Tariff(**SENSIBLE["tariff"], from_="2024-08-01", until="2024-09-01")
    assert not duty.is_in_force(dt.date(2024, 7, 31))
    with pytest.raises(MeasureError, match="is not a date"):
        duty.is_in_force("2024")  # type: ignore[arg-type]
    assert duty.is_in_force(dt.date(2024, 8, 1))
    assert duty.is_in_force(dt.date(2024, 8, 31))
    assert not duty.is_in_force(dt.date(2024, 9, 1))
    assert duty.is_in_force(None)
    assert ImportBan(**SENSIBLE["import_ban"]).is_in_force(dt.date(1900, 1, 1))


def test_a_rate_by_sector_says_which_sectors() -> None:
    duty = Tariff(by="USA", on="CHN", rate={"food": "+5 pp", "textiles": "20 %"})
    assert duty.sectors == ("food", "textiles")
    assert [r.value for r in duty.rates] == [0.05, 0.2]
    assert type(duty)(**dict(duty)).rates == duty.rates


def test_a_mirror_needs_no_rate() -> None:
    duty = Tariff(by="CHN", on="USA", sectors="food", rule={"kind": "mirror", "of": "x"})
    assert duty.rule == Mirror(of="x")
