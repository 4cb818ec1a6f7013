"""Does reading a text find the terms, the denials and the speakers?"""

from __future__ import annotations

import re

import pytest

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
