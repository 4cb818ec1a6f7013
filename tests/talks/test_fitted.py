"""The shipped numbers: what the tool writes, what the design prints, what they are worth."""

from __future__ import annotations

import importlib.util
import math
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from tests.reference_folders import ROOT, beside_the_project

from detente.talks.fitted import LogitPosterior, record_numbers, recorded_meetings
from detente.talks.record import ENDINGS, odds_of

#: What the tool wrote.
SHIPPED = ROOT / "src/detente/talks/record.toml"
#: Half the last printed digit of the design.
PRINTED = 0.0051
#: Half the last digit of covariances printed to three.
PRINTED_COVARIANCE = 0.00051
#: Numbers of the file have six digits; another processor may round the last one otherwise.
WRITTEN = 2e-6
#: Scores have four digits.
SCORED = 1.5e-4


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The tool that fits, where its record is."""
    beside_the_project("DETENTE_TRUTH", "truth", "past meetings")
    spec = importlib.util.spec_from_file_location("fit_record", ROOT / "tools/fit_record.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fit_record"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def outputs(tool: ModuleType) -> dict[Path, str]:
    found: dict[Path, str] = tool.outputs()
    return found


def _leaves(table: object, path: str = "") -> dict[str, object]:
    """Every value of a file by its place."""
    if isinstance(table, dict):
        pairs = [(str(key), value) for key, value in table.items()]
    elif isinstance(table, list):
        pairs = [(str(k), value) for k, value in enumerate(table)]
    else:
        return {path: table}
    return {k: v for key, value in pairs for k, v in _leaves(value, f"{path}/{key}").items()}


# ---- the formula ------------------------------------------------------------------------------


def test_averaging_draws_a_chance_towards_one_half() -> None:
    vague = LogitPosterior((1.0, 2.0), ((0.9, -0.1), (-0.1, 0.4)))
    sure = LogitPosterior((1.0, 2.0), ((9e-9, -1e-9), (-1e-9, 4e-9)))
    for x in (-1.7, 0.3, 1.1):
        assert abs(vague.chance(x).p - 0.5) < abs(sure.chance(x).p - 0.5)
    assert sure.chance(0.3).p == pytest.approx(1 / (1 + math.exp(-1.6)), abs=1e-6)


def test_it_is_within_a_hundredth_of_the_integral() -> None:
    posterior = record_numbers().deal
    z = np.linspace(-8, 8, 4001)
    weight = np.exp(-z * z / 2)
    for s in np.linspace(-1.5, 3, 19):
        log_odds = posterior.log_odds(s) + z * math.sqrt(posterior.variance(s))
        exact = (weight / (1 + np.exp(-log_odds))).sum() / weight.sum()
        assert posterior.chance(s).p == pytest.approx(exact, abs=0.01)


def test_meetings_behind_a_chance_grow_with_what_is_known() -> None:
    some = LogitPosterior((-0.5, 1.0), ((0.2, 0.0), (0.0, 0.1)))
    more = LogitPosterior((-0.5, 1.0), ((0.1, 0.0), (0.0, 0.05)))
    assert some.chance(0.4).meetings < more.chance(0.4).meetings
    flat = LogitPosterior((0.0, 0.0), ((4 / 37, 0.0), (0.0, 0.0)))
    assert flat.chance(2.0).meetings == pytest.approx(37)  # the mean of 37 even chances


# ---- the record -------------------------------------------------------------------------------


def test_the_numbers_of_the_design() -> None:
    numbers = record_numbers()
    assert numbers.deal.mean == pytest.approx((-2.98, 1.91), abs=PRINTED)
    assert numbers.no_result.mean == pytest.approx((-2.45, -4.89), abs=PRINTED)
    assert np.allclose(
        numbers.deal.covariance, [[0.433, -0.262], [-0.262, 0.236]], atol=PRINTED_COVARIANCE
    )
    assert np.allclose(
        numbers.no_result.covariance, [[0.395, 0.803], [0.803, 2.728]], atol=PRINTED_COVARIANCE
    )
    assert numbers.escalation.mean == pytest.approx((-0.95, 1.14), abs=PRINTED)
    assert (numbers.breakthrough, numbers.breakdown) == ((1.5, 10.5), (1.5, 8.5))
    assert sum(numbers.base_rates) == pytest.approx(1, abs=1e-5)


def test_every_meeting_is_there_once_in_order_with_a_source() -> None:
    meetings = recorded_meetings()
    assert len(meetings) == len({m.id for m in meetings}) == 55
    assert [m.start for m in meetings] == sorted(m.start for m in meetings)
    assert sum(m.signs.diplomats for m in meetings) == 15
    assert all(m.source and set(m.endings) <= set(ENDINGS) for m in meetings)


def test_the_mean_of_the_odds_is_close_to_what_happened() -> None:
    mean = np.mean([odds_of(m.signs) for m in recorded_meetings()], axis=0)
    assert mean == pytest.approx([0.03, 0.20, 0.60, 0.15, 0.03], abs=PRINTED)
    assert np.abs(mean - record_numbers().base_rates).max() < 0.04


# ---- the back-test ----------------------------------------------------------------------------


def test_what_ships_is_what_the_tool_writes(tool: ModuleType, outputs: dict[Path, str]) -> None:
    for path, text in outputs.items():
        shipped = path.read_text(encoding="utf-8")
        if path.suffix != ".toml":
            assert len(shipped.splitlines()) == len(text.splitlines()), path.name
        if path.name == "record.csv":
            assert shipped == text
    now = _leaves(tomllib.loads(outputs[SHIPPED]))
    was = _leaves(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))
    assert now.keys() == was.keys()
    for place, value in now.items():
        close = SCORED if place.startswith("/score") else WRITTEN
        expected = pytest.approx(value, abs=close) if isinstance(value, float) else value
        assert was[place] == expected, place


def test_the_tables_of_the_page_are_what_the_tool_writes(
    tool: ModuleType, outputs: dict[Path, str]
) -> None:
    for path in (tool.TABLES / "talks_scores.csv", tool.TABLES / "talks_escalation.csv"):
        lines = zip(path.read_text(encoding="utf-8").split(), outputs[path].split(), strict=True)
        for was, now in lines:
            for a, b in zip(was.split(","), now.split(","), strict=True):
                same = a == b or abs(float(a) - float(b)) < SCORED
                assert same, f"{path.name}: {was} is now {now}"


def _scores() -> dict[tuple[str, str], tuple[float, float, float]]:
    return {
        (row["held_out"], row["forecast"]): (row["rps"], row["log_loss"], row["gain"])
        for row in tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["score"]
    }


def test_the_printed_scores() -> None:
    scores = _scores()
    printed = {
        ("meeting", "base rates"): (0.156, 0.95),
        ("meeting", "signs"): (0.098, 0.62),
        ("meeting", "signs chosen"): (0.098, 0.62),
        ("meeting", "tone unknown"): (0.125, 0.77),
        ("administration", "base rates"): (0.162, 1.01),
        ("administration", "signs"): (0.113, 0.70),
        ("later", "signs"): (0.089, 0.58),
    }
    for name, (rps, loss) in printed.items():
        assert scores[name][0] == pytest.approx(rps, abs=0.0006), name
        assert scores[name][1] == pytest.approx(loss, abs=PRINTED), name


@pytest.mark.parametrize("held_out", ["meeting", "administration", "later"])
def test_the_signs_gain_on_base_rates(held_out: str) -> None:
    scores = _scores()
    gain = scores[held_out, "base rates"][0] - scores[held_out, "signs"][0]
    assert gain >= 0.03
    assert scores[held_out, "signs"][2] == pytest.approx(gain, abs=SCORED)
    assert scores[held_out, "signs"][1] < scores[held_out, "base rates"][1]
    chosen = scores[held_out, "signs chosen"][0]
    assert scores[held_out, "base rates"][0] - chosen >= 0.03


def test_shuffled_endings_gain_nothing() -> None:
    assert _scores()["meeting", "shuffled"][2] <= 0.001


def test_noise_of_coding_leaves_most_of_the_gain() -> None:
    scores = _scores()
    assert scores["meeting", "noise of 2"][2] > 0.03
    assert scores["meeting", "signs"][0] < scores["meeting", "noise of 2"][0]
