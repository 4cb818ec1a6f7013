"""Signs: liberal in types, strict in ranges."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import InputError, UnknownNameError
from detente.talks.signs import Signs, tone_of


def test_unit_weights() -> None:
    assert Signs(1, 0, 0.5, 0, 0.3).sum == pytest.approx(1.8)
    assert Signs(0, 1, 0, 0, -0.2).sum == pytest.approx(0.8)
    assert Signs(0, 0, 1, 1, -0.4).sum == pytest.approx(-0.4)


@pytest.mark.parametrize("level", ["cabinet", "Minister", " MINISTERS "])
def test_the_words_of_the_record_are_taken(level: str) -> None:
    assert Signs.of(level=level) == Signs(0, 0, 0, 0, 0)


@pytest.mark.parametrize("yes", [True, 1, 1.0, np.bool_(True), np.float32(1), "yes", "1", "True"])
def test_truth_in_any_type(yes: object) -> None:
    signs = Signs.of(level="deputy", dated=yes, diplomats=yes)
    assert (signs.dated, signs.diplomats) == (1, 1)


@pytest.mark.parametrize(
    "tone",
    [
        *(-1, "-1", np.float64(-1), np.array(-1.0)),
        *((2, -4), [2, -4], {"CHN": -4, "USA": 2}, np.array([2, -4]), ("2", np.int8(-4))),
    ],
)
def test_tones_in_any_type(tone: object) -> None:
    assert tone_of(tone) == -1
    assert Signs.of(level="deputy", tone=tone).tone == -0.1


def test_an_unknown_tone_is_neither_warm_nor_harsh() -> None:
    assert tone_of(None) == tone_of((None, None)) == 0
    assert tone_of({"USA": None, "CHN": 4}) == 2


def test_a_diplomatic_channel_is_led_by_diplomats_below_leaders() -> None:
    assert Signs.of(level="minister", channel="diplomatic").diplomats == 1
    assert Signs.of(level="minister", channel="diplomatic", diplomats=False).diplomats == 0
    assert Signs.of(level="minister", channel="economic", diplomats=True).diplomats == 1
    assert Signs.of(level="leader", channel="diplomatic", diplomats=True).diplomats == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"dated": 1.2}, "dated = 1.2: write a number from 0 to 1"),
        ({"dated": float("nan")}, "dated = nan"),
        ({"dated": None}, "dated = None"),
        ({"diplomats": "perhaps"}, "diplomats"),
        ({"tone": 10.5}, "from -10 to 10"),
        ({"tone": (3, -11)}, "from -10 to 10"),
        ({"tone": (1, 2, 3)}, "3 numbers"),
        ({"tone": {"USA": 1}}, "1 numbers"),
        ({"tone": "warm"}, "tone"),
        ({"tone": float("inf")}, "tone"),
    ],
)
def test_ranges_are_strict(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Signs.of(**{"level": "minister", **wrong})


def test_unknown_words_name_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match='Nearest: "minister"'):
        Signs.of(level="minster")
    with pytest.raises(UnknownNameError, match='Nearest: "climate"'):
        Signs.of(level="leader", channel="climat")
    with pytest.raises(UnknownNameError) as long:
        Signs.of(level="x" * 10_000)
    assert len(str(long.value)) < 300
