"""Do words score as they should: turned, ranked, and hidden in titles?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.talks.texts import vocabulary, words_in
from detente.talks.texts.tone import sentence_tone

KINDS = {"accord", "warmth", "cooperation", "dialogue", "plain"} | {
    "concern",
    "opposition",
    "charge",
    "threat",
    "measure",
    "peril",
}


def tone(text: str) -> float:
    return sentence_tone(words_in(text))


def test_the_table_is_usable() -> None:
    entries = [w.text for w in vocabulary()]
    assert len(set(entries)) == len(entries)
    for word in vocabulary():
        assert -2 <= word.weight <= 2
        assert word.prior * word.weight >= 0, "the labels move a weight, they do not turn it"
        assert word.kind in KINDS


@given(st.text(max_size=300))
def test_tone_is_bounded_and_only_words_count(text: str) -> None:
    words = words_in(text)
    assert -2 <= sentence_tone(words) <= 2
    for word in words:
        assert text[word.start :].startswith(word.text)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("The talks were constructive.", 1),
        ("The talks were not constructive.", -1),
        ("They did not agree to anything.", -1),
        ("Both must prevent conflict.", 1),
        ("We want to avoid decoupling.", 1),
        ("Competition must not veer into conflict.", 1),
        ("China will suspend its tariffs for a year.", 1),
        ("The two agreed to lift sanctions.", 1),
        ("Beijing suspends all dialogue on climate.", -1),
        ("They cancelled the talks.", -1),
        ("We will combat China’s unfair trade practices.", -1),
        ("We will not accept coercion.", -1),
        ("China will never tolerate such bullying.", -1),
        ("There are no winners in a trade war.", -1),
        ("Workers must not be held back by unfair practices.", -1),
        ("It failed to reach an agreement.", -1),
        ("The US must lift its tariffs at once and correct its wrong practices.", -1),
        ("If so, China will fight to the end.", -1),
        ("He denied that there was any coercion.", -1),
        ("They will cooperate to combat drug trafficking.", 1),
        ("They will address unfair practices of third countries in close cooperation.", 1),
    ],
)
def test_turns(text: str, sign: int) -> None:
    assert tone(text) * sign > 0


def test_what_is_asked_for_is_not_done() -> None:
    assert tone("They lifted the tariffs.") > 0
    assert tone("They should lift the tariffs.") == 0


def test_a_charge_that_is_denied_weighs_less_than_the_charge() -> None:
    charge = tone("It gave illegal subsidies.")
    denied = tone("It gave no illegal subsidies.")
    assert charge < -1
    assert 0 < denied < -charge


def test_a_further_word_counts_less() -> None:
    one = tone("It was helpful.")
    both = tone("It was helpful and productive.")
    weights = sorted(w.weight for w in words_in("It was helpful and productive."))
    assert one < both == pytest.approx(weights[1] + weights[0] / 2)


def test_a_harsh_word_never_makes_a_sentence_milder() -> None:
    base = "The talks were candid and constructive"
    assert tone(f"{base}, but the crackdown was brutal.") < tone(f"{base}.")


@pytest.mark.parametrize(
    "text",
    [
        "National Security Advisor Sullivan met the Minister of Public Security.",
        "It was laid before the House under the National Emergencies Act.",
        "The U.S. Trade Representative and the Secretary of War were there.",
        "The order (Imposing Duties To Address the Synthetic Opioid Supply Chain) is amended and "
        "published in the register at the time that is given below in the annex.",
        "With respect to the first issue, he dealt with it in advance.",
    ],
)
def test_titles_do_not_count(text: str) -> None:
    assert tone(text) == pytest.approx(0, abs=0.3)


def test_capitals_do_not_hide_what_is_shouted() -> None:
    assert tone("CHINA HAS BEEN CHEATING AND STEALING FROM US") < -1
    assert tone("We Will Not Tolerate Unfair Trade") < -1
