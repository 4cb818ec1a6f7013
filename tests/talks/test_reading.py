"""Does the reading keep the laws of odds: pressure explains away, no candour no news?"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from detente.errors import InputError, UnknownNameError
from detente.talks.reading import (
    ReadingConstants,
    Statement,
    posterior_from_table,
    private_term,
    public_term,
    unwilling,
)

EXACT = 1e-12
HARSH = Statement("CHN", "public", -7)
MILD = Statement("CHN", "private", 4)


def test_no_statements_leave_the_prior() -> None:
    found = unwilling([], prior=0.37, pressure=0.9, candour=0.2)
    assert found.probability == pytest.approx(0.37, abs=EXACT)
    assert found.terms == ()


def test_pressure_explains_harsh_words_away() -> None:
    chances = [unwilling([HARSH], pressure=d).probability for d in (0.0, 0.3, 0.9, 1.0)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > chances[-1] + 0.1


def test_no_candour_is_no_news() -> None:
    """A room that repeats the public line says nothing, whatever its tone."""
    public = unwilling([HARSH], candour=0.0).probability
    for tone in (-9.0, 0.0, 6.0):
        said = [HARSH, Statement("CHN", "private", tone)]
        assert unwilling(said, candour=0.0).probability == pytest.approx(public, abs=EXACT)
    for tone in (-9.0, 6.0):
        said = [Statement("CHN", "private", tone)]
        assert unwilling(said, prior=0.3, candour=0.0).probability == pytest.approx(0.3, abs=EXACT)


def test_candour_gives_a_private_word_its_weight() -> None:
    chances = [unwilling([HARSH, MILD], candour=c).probability for c in (0.0, 0.2, 0.7, 1.0)]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] == unwilling([HARSH, MILD], candour=0.5).by_candour.candid


def test_terms_add_up_and_come_in_any_order() -> None:
    said = [HARSH, MILD, Statement("CHN", "public", 2)]
    found = unwilling(said, prior=0.3)
    total = math.log(0.3 / 0.7) + sum(t.log_odds for t in found.terms)
    assert found.probability == pytest.approx(1 / (1 + math.exp(-total)), abs=EXACT)
    assert unwilling(said[::-1], prior=0.3).probability == pytest.approx(
        found.probability, abs=EXACT
    )


def test_a_term_falls_in_tone_and_is_even_between_the_means() -> None:
    constants = ReadingConstants()
    middle = constants.mean - constants.unwilling_shift / 2
    assert public_term(middle, 0.0, constants) == pytest.approx(0.0, abs=EXACT)
    assert public_term(-6, 0.0, constants) > public_term(-5, 0.0, constants) > 0
    candid = private_term(-6, None, 1.0, constants)
    assert candid == pytest.approx(public_term(-6, 0.0, constants), abs=EXACT)


def test_the_observation_named_moves_the_odds_most() -> None:
    found = unwilling([HARSH], prior=0.4, pressure=0.6, candour=0.4)
    best = found.most_informative
    said = [HARSH, Statement("CHN", best.setting, best.tone)]
    again = unwilling(said, prior=0.4, pressure=0.6, candour=0.4).probability
    assert again == pytest.approx(best.probability, abs=EXACT)
    assert best.probability != pytest.approx(found.probability, abs=0.05)


@pytest.mark.parametrize("case", ["tone1", "tone2", "tone3", "tone4"])
def test_textbook_cases(case: str, truth: Path) -> None:
    listed = json.loads((truth / "theorems.json").read_text(encoding="utf-8"))
    found = next(c for c in listed if c["id"] == case)
    given = found["inputs"]
    chance = posterior_from_table(
        given["prior"],
        given["pD"],
        [[0.2, 0.7], [0.8, 0.95]],
        [0.15, 0.7],
        public_harsh=given["public_harsh"],
        private_harsh=given["private_harsh"],
    )
    assert chance == pytest.approx(found["expected"]["post"], abs=found["tol"])


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError, match="pressure"):
        unwilling([HARSH], pressure=1.2)
    with pytest.raises(InputError, match="prior"):
        unwilling([HARSH], prior=1.0)
    with pytest.raises(InputError, match="more than one side"):
        unwilling([HARSH, Statement("USA", "public", 1)])
    with pytest.raises(InputError, match="−10 to 10"):
        Statement("CHN", "public", 11)
    with pytest.raises(UnknownNameError, match="public"):
        Statement("CHN", "publik", 1)
    with pytest.raises(InputError, match="above 0"):
        ReadingConstants(spread=0)
    with pytest.raises(InputError, match="impossible"):
        posterior_from_table(
            0.5, 0.5, [[0, 0], [0, 0]], [0, 0], public_harsh=True, private_harsh=None
        )
    with pytest.raises(InputError, match="two rows"):
        posterior_from_table(0.5, 0.5, [0, 0], [0, 0], public_harsh=True, private_harsh=None)
