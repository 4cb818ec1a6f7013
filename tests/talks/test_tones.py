"""Is a tone taken as given, or read off the text of whoever speaks?"""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import InputError, UnknownNameError
from detente.talks.section import ToneSection
from detente.talks.texts import read
from detente.talks.tones import tone_found

HARSH = "China firmly opposes these unfair tariffs and will take countermeasures.\n"


def test_a_number_is_taken_as_it_is() -> None:
    found = tone_found(ToneSection(value=4.0, source="the press"), "USA", None)
    assert found == (4.0, True, None, "the press")


def test_nothing_said_is_neutral_and_says_so() -> None:
    assert tone_found(None, "USA", None) == (0.0, False, None, "")


def test_a_text_is_read_off_its_speaker(tmp_path: Path) -> None:
    (tmp_path / "opening.txt").write_text(HARSH, encoding="utf-8")
    found = tone_found(ToneSection(text="opening.txt"), "CHN", tmp_path)
    assert found.value == read(HARSH).of("CHN").tone
    assert found.value < 0
    assert found.read_off is not None
    assert found.read_off.thin


def test_a_statement_says_whose_it_is(tmp_path: Path) -> None:
    (tmp_path / "opening.txt").write_text("We are deeply grateful.\n", encoding="utf-8")
    found = tone_found(ToneSection(text="opening.txt", by="China"), "USA", tmp_path)
    assert found.value > 0
    assert found.read_off is not None
    assert found.read_off.speaker == "CHN"


def test_texts_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "opening.txt").write_text(HARSH, encoding="utf-8")
    with pytest.raises(InputError, match="no text can be read"):
        tone_found(ToneSection(text="other.txt"), "CHN", tmp_path)
    with pytest.raises(InputError, match="leans either way"):
        tone_found(ToneSection(text="opening.txt"), "USA", tmp_path)
    with pytest.raises(UnknownNameError):
        tone_found(ToneSection(text="opening.txt", by="Mars"), "USA", tmp_path)
