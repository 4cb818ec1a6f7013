"""Does reading a text find the terms, the denials and the speakers?"""

from __future__ import annotations

import re

import pytest

from detente.case import load_case
from detente.errors import InputError
from detente.talks.statements import codebook, read_statement

OPENING = (
    "The opening ran over. Yang said the visitors spoke with condescension.\n"
    "He accused Washington of hypocrisy.\n\n"
    "Sullivan said that serious concerns had been laid out.\n"
)


def test_every_line_of_the_codebook_is_usable() -> None:
    for term in codebook():
        re.compile(term.pattern)
        assert -10 <= term.score <= 10
        assert term.score != 0
        assert term.kind in ("word", "act")
        assert term.reason


def test_hits_carry_line_and_speaker() -> None:
    hits = {h.text: h for h in read_statement(OPENING).hits}
    assert hits["hypocrisy"].line == 2
    assert hits["hypocrisy"].speaker == "CHN", "a pronoun goes on with the speaker before it"
    assert hits["serious concerns"].speaker == "USA"
    assert hits["ran over"].speaker == ""


@pytest.mark.parametrize(
    "text",
    [
        "Blinken said: “We have deep concerns. Coercion threatens the rules.”",
        "“We have deep concerns. Coercion threatens the rules,” Blinken said.",
    ],
)
def test_all_sentences_of_a_quotation_have_its_speaker(text: str) -> None:
    hits = read_statement(text + " Relations were tense, and a boycott was near.").hits
    assert {h.speaker for h in hits if h.quoted} == {"USA"}
    assert {h.speaker for h in hits if not h.quoted} == {""}


def test_an_object_is_not_the_speaker() -> None:
    (hit,) = read_statement("Blinken accused Beijing.").hits
    assert hit.speaker == "USA"


def test_a_denial_turns_and_halves_the_weight() -> None:
    plain = read_statement("It was a breakthrough.").hits[0]
    denied = read_statement("It was not a real breakthrough.").hits[0]
    assert denied.denied
    assert denied.score == -plain.score / 2


def test_adding_a_harsh_sentence_never_raises_the_score() -> None:
    base = "Yang said the talks were candid, constructive and helpful."
    before = read_statement(base).score("CHN")
    after = read_statement(base + " Yang said it was hypocrisy.").score("CHN")
    assert before is not None
    assert after is not None
    assert after < before


def test_thin_coverage_is_said() -> None:
    reading = read_statement("The ministers met on a sunny day and had lunch.")
    assert reading.score() is None
    assert "too thin" in reading.coverage_note()


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(InputError, match="empty"):
        read_statement("  \n")


#: Tones of the shipped statements that the codebook scores. A new term may not move them unseen.
SHIPPED = {
    "anchorage-2021": {
        "us-opening": -4.0,
        "cn-opening": -3.0,
        "us-closing": -6 / 5,
        "cn-closing": -12 / 7,
    },
    "beijing-2024": {
        "us-guangzhou": -16 / 9,
        "cn-guangzhou": 1 / 8,
        "cn-premier": 3 / 7,
        "us-room": 11 / 5,
        "us-closing": 1 / 14,
    },
}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_statements_keep_their_scores(name: str) -> None:
    statements = load_case(name).meeting.talks.statements
    scores = {s.id: read_statement(s.text).score() for s in statements if s.score is None}
    assert scores == pytest.approx(SHIPPED[name], abs=1e-12)


# ---- refusals, acts and speakers --------------------------------------------------------------


def found(text: str) -> dict[str, float]:
    return {h.text.lower(): h.score for h in read_statement(text).hits}


@pytest.mark.parametrize(
    "text",
    [
        "We will not accept this coercion.",
        "China will never tolerate such coercion.",
        "No country should accept coercion.",
        "They cannot bow to\ncoercion.",
        "He refused to accept coercion.",
    ],
)
def test_refusing_something_harsh_is_harsh(text: str) -> None:
    scores = found(text)
    assert scores["coercion"] == -5
    assert all(score < 0 for score in scores.values())


def test_refusing_something_friendly_is_harsh_and_denying_something_harsh_mild() -> None:
    assert found("We will not accept cooperation.")["cooperation"] == -1.5
    assert found("There was no coercion.")["coercion"] == 2.5
    assert found("He would not rule out tariffs.") == {"not rule out": -3}


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("The sides agreed on a framework.", 4),
        ("China will fight to the end.", -6),
        ("This is unilateralism.", -3),
        ("Beijing welcomed the step.", 2),
        ("A warm welcome.", 3),
        ("China urges them to immediately correct its wrong practices.", -4),
        ("The talks collapsed.", -7),
        ("Negotiations have broken down.", -7),
        ("China suspends all dialogue on climate.", -6),
        ("They suspended the tariffs and resumed talks.", 5),
        ("Beijing expels the US ambassador.", -7),
    ],
)
def test_acts_and_words_of_the_codebook(text: str, score: float) -> None:
    assert list(found(text).values()) == [score]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("U.S. Trade Representative Greer said it was unfair.", "USA"),
        ("U.S. Trade Representative Smith said it was unfair.", "USA"),
        ("The U.S. side condemned the curbs.", "USA"),
        ("The United States said it was unfair.", "USA"),
        ("US warns of what comes next.", "USA"),
        ("The Chinese side condemned the curbs.", "CHN"),
        ("China rejected the tariffs of the U.S. as a matter of course.", "CHN"),
        ("Mr. Wang spoke first. J. Blinken said it was unfair.", "USA"),
    ],
)
def test_speakers_by_their_offices(text: str, speaker: str) -> None:
    assert [h.speaker for h in read_statement(text).hits] == [speaker]


def test_a_sentence_may_end_with_the_us() -> None:
    text = "Wang rejected the claims of the U.S. Blinken was absent. China warned the U.S. The end."
    assert [h.speaker for h in read_statement(text).hits] == ["CHN", "CHN"]
