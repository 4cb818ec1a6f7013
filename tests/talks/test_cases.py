"""Do the two shipped meetings run end to end and answer every question asked of them?"""

from __future__ import annotations

import csv
import dataclasses
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tools.fit_reduced_form import fit_reduced_form

from detente.case import load_case, parse_case, starter
from detente.talks.agenda import Agenda
from detente.talks.answers import VERDICT, answers, as_json, headline, limits
from detente.talks.bands import draw_bands
from detente.talks.calibrated import calibrated
from detente.talks.meeting import TalksResults, run_talks
from detente.talks.outcome import look_ahead
from detente.talks.reduced_form import Meetings
from detente.talks.section import READINGS
from detente.talks.statements import FEWEST_HITS
from detente.talks.table_round import OUTCOMES
from detente.world import load_world

CASES = ("anchorage-2021", "beijing-2024")


@cache
def results(name: str) -> TalksResults:
    case = load_case(name)
    return run_talks(case.meeting, load_world(case.world), draws=12, elasticity_draws=0)


@pytest.mark.parametrize("name", CASES)
def test_the_agenda_is_as_large_as_it_should_be(name: str) -> None:
    talks = load_case(name).meeting.talks
    agenda = Agenda(talks.issues)
    assert 4 <= len(agenda) <= 10
    assert all(2 <= n <= 5 for n in agenda.shape)
    assert agenda.size <= 20_000


@pytest.mark.parametrize("name", CASES)
def test_every_fact_has_a_source_and_every_judgement_a_range(name: str) -> None:
    talks = load_case(name).meeting.talks
    for judgement in talks.judgements().values():
        assert judgement.low <= judgement.value <= judgement.high
        assert len(judgement.why) > 5
    for parts in (talks.issues, talks.threats, talks.statements, talks.rounds, talks.readings):
        assert parts
        assert all(part.source for part in parts)


@pytest.mark.parametrize("name", CASES)
def test_statements_are_scored_term_by_term_or_say_why_not(name: str) -> None:
    for belief in results(name).horizon.now.stand.beliefs:
        assert belief.evidence
        for e in belief.evidence:
            assert len(e.hits) >= FEWEST_HITS or e.statement.why


@pytest.mark.parametrize("name", CASES)
def test_every_reading_is_answered_in_words_and_numbers(name: str) -> None:
    found = {a.id: a for a in answers(results(name))}
    talks = load_case(name).meeting.talks
    for reading in talks.readings:
        assert any(c.isdigit() for c in found[reading.id].text), reading.id
    assert {"stake", "sign", "blocks", "end", "what-if", "third", "change"} <= set(found)
    assert "%" in headline(results(name))
    assert VERDICT in limits(results(name))
    assert sum(as_json(results(name))["outcome"].values()) == pytest.approx(1, abs=1e-4)


def test_the_questions_of_both_reports_are_asked() -> None:
    asked = {r.about for name in CASES for r in load_case(name).meeting.talks.readings}
    assert asked == set(READINGS)


@pytest.mark.parametrize("name", CASES)
def test_bands_hold_what_they_should(name: str) -> None:
    r = results(name)
    assert r.bands is not None
    for outcome in OUTCOMES:
        low, high = r.bands.of(outcome)
        assert 0 <= low <= high <= 1
    assert len(r.swings) >= 3
    assert r.swings[0].size >= r.swings[1].size >= r.swings[2].size > 0
    again = draw_bands([r.ground], 12, r.bands.seed)
    # every second draw takes the doubt of the case, whose prices are its own
    np.testing.assert_array_equal(again.values[::2], r.bands.values[::2])
    deal = r.bands.names.index("deal")
    assert (r.bands.values[1::2, deal] < again.values[1::2, deal]).any()


@pytest.mark.parametrize("name", CASES)
def test_prices_of_the_talks_are_those_of_the_packages(name: str) -> None:
    """Both lifting tariffs is worth in the talks what the engine says of the same measures."""
    from detente import solve
    from detente.talks.meeting import specification_for

    r = results(name)
    case = load_case(name)
    world = load_world(case.world)
    stand, agenda = r.horizon.now.stand, r.ground.agenda
    package = agenda.number({"us-tariffs": "lifted", "china-tariffs": "lifted"})
    names = r.ground.table.request.rows[r.ground.table.request.row_of[package]]
    spec = specification_for(case.meeting)
    found = solve(world, [case.built(m) for m in names], specification=spec)
    base = r.ground.table.request.rows[r.ground.table.request.base]
    before = solve(world, [case.built(m) for m in base] or None, specification=spec)
    hats = []
    for e in (before, found):
        exact = r.talks.income == "exact"
        real = e.income_prime - (0 if exact else e.transfer_prime)
        hats.append(real / e.consumer_price_hat)
    for k, side in enumerate(r.sides):
        i = world.economies.index(side)
        expected = 100 * (hats[1][i] / hats[0][i] - 1)
        assert stand.terms[k].terms[package, 0] == pytest.approx(expected, abs=1e-6)


def test_calibrated_numbers_are_those_of_the_record(truth: Path) -> None:
    """The shipped table is what the fit to the record gives."""
    with (truth / "us_china_talks_fit.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    meetings = Meetings(
        np.array([float(r["deadline_or_threat_coder2"] == "yes") for r in rows]),
        np.array([float(r["level"] == "leader") for r in rows]),
        np.array(
            [float(r["agenda"].startswith("climate") and ";" not in r["agenda"]) for r in rows]
        ),
        np.array([[float(r["opening_tone_us"]), float(r["opening_tone_cn"])] for r in rows]),
    )
    classes = {"no_result": 0, "breakdown": 0, "keep_talking": 1}
    escalated = np.array([r["followup_direction"] == "escalation" for r in rows])
    for coding, column in (("first coder", "outcome"), ("second coder", "outcome_coder2")):
        outcome = np.array([classes.get(r[column], 2) for r in rows])
        fitted = fit_reduced_form(meetings, outcome, escalated)
        # printed with four decimals
        np.testing.assert_allclose(fitted.values(), calibrated()[coding][0].values(), atol=1e-3)


def test_the_verdict_quotes_the_table_of_scores() -> None:
    path = Path(__file__).resolve().parents[2] / "docs" / "_tables" / "talks_scores.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["held_out"] != "meeting" or row["score"] not in (
            "ranked probability score",
            "Brier score, escalation",
        ):
            continue
        assert f"{float(row['value']):.3f}"[1:] in VERDICT, row


def test_the_starter_is_a_valid_meeting() -> None:

    talks = parse_case(starter(talks=True)).meeting.talks
    assert len(talks.issues) >= 3


def test_a_room_without_cameras_hears_no_opening() -> None:
    r = results("anchorage-2021")
    at = [v.id for v in r.talks.variants].index("quiet-room")
    variant, found = r.talks.variants[at], r.variants[at]
    assert variant.unsaid
    said = tuple(s for s in r.talks.statements if s.id not in variant.unsaid)
    here = dataclasses.replace(r.ground, talks=r.talks.model_copy(update={"statements": said}))
    horizon = look_ahead(here, dict(r.values) | dict(variant.set))
    assert horizon.now.stand.opening_tone == (0.0, 0.0)
    assert found.measures["keep talking"] == pytest.approx(horizon.outcome["keep talking"])


def test_a_doubt_is_drawn_and_said() -> None:
    r = results("beijing-2024")
    assert "China's war duties are waived already" in r.drawn_over
    assert sum("nothing could be signed at all" in line for line in limits(r)) == 2
    assert "hangs on a doubt" in headline(r)
