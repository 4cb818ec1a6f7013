"""Does a reading add up, refuse what is no text, and hold to the audit by hand?"""

from __future__ import annotations

import csv
import hashlib
import json
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError, UnknownNameError
from detente.talks import read
from detente.talks.texts import vocabulary

#: What the issue of the reader asks: speakers right, correlation with labels, wrong signs.
RIGHT, CORRELATION, WRONG_SIGN = 0.9, 0.6, 0.03


@pytest.fixture(scope="module")
def tool(root: Path) -> ModuleType:
    spec = spec_from_file_location("fit_reader", root / "tools" / "fit_reader.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def root() -> Path:
    return Path(__file__).resolve().parents[3]


def digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def test_means_and_errors_add_up() -> None:
    reading = read("China agreed to a deal. China warned of countermeasures. China met.", by="CHN")
    found = reading.of("CHN")
    scores = [s.score for s in reading.sentences if s.speaks]
    assert (found.sentences, found.speak, found.thin) == (3, 2, True)
    assert found.mean == pytest.approx(sum(scores) / 2)
    assert found.standard_error == pytest.approx(abs(scores[0] - scores[1]) / 2)
    assert found.tone == pytest.approx(5 * sum(scores) / 2)
    assert reading.speakers["CHN"] == found
    assert reading.of().mean == found.mean


def test_nothing_said_has_no_mean() -> None:
    found = read("China met the press at noon on a sunny day.", by="China").of("CHN")
    assert (found.mean, found.standard_error, found.tone, found.thin) == (None, None, None, True)
    assert read("It rained.").of("USA").sentences == 0


def test_a_harsh_sentence_more_lowers_the_mean() -> None:
    base = "Yang said the talks were candid, constructive and helpful."
    more = f"{base} Yang said it was hypocrisy."
    before, after = read(base).of("CHN").mean, read(more).of("CHN").mean
    assert before is not None
    assert after is not None
    assert after < before


def test_ten_sentences_that_speak_are_not_thin() -> None:
    assert not read("China firmly opposes it. " * 10, by="CHN").of("CHN").thin
    assert read("China firmly opposes it. " * 9, by="CHN").of("CHN").thin


@pytest.mark.parametrize("text", ["", "  \n\t", "\ufeff"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        read(text)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="zero byte"):
        read("a\x00b")
    with pytest.raises(InputError, match="string"):
        read(b"bytes")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="characters"):
        read("a" * 5_000_001)
    with pytest.raises(UnknownNameError, match='Nearest: "China"'):
        read("It is.", by="Chna")
    with pytest.raises(UnknownNameError, match="Unknown party"):
        read("It is.", by="")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aU.S“”\"\n :-QA,saidChinatheUS”'", max_size=300))
def test_any_text_is_read(text: str) -> None:
    if text.strip("\ufeff \n"):
        for sentence in read(text).sentences:
            assert -2 <= sentence.score <= 2


HOSTILE = {
    "quotes": "“" * 200_000,
    "straight quotes": '"a ' * 100_000,
    "no space": "x" * 1_000_000,
    "no stop": "China said " * 60_000,
    "capitals": "The China " * 60_000,
    "commas": "China, " * 100_000,
    "turns": "Q  a\n\n" * 60_000,
    "and": "not and or of the " * 40_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_time_in_proportion(name: str) -> None:
    text = HOSTILE[name]

    def seconds(part: str) -> float:
        begun = time.process_time()
        read(part)
        return time.process_time() - begun

    half, whole = seconds(text[: len(text) // 2]), seconds(text)
    assert whole < 4 * half + 1.0, "twice the text should take about twice the time"
    assert whole < 30


def test_a_long_statement_is_read_at_once(own_results: Path) -> None:
    text = (own_results / "reader_reports" / "anchorage-wire.txt").read_text(encoding="utf-8")
    long = text * (100_000 // len(text) + 1)
    begun = time.process_time()
    read(long)
    assert time.process_time() - begun < 2


def audit(own_results: Path) -> list[dict[str, str]]:
    with (own_results / "reader_audit.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_speakers_hold_to_the_audit_by_hand(own_results: Path, truth: Path) -> None:
    import pandas as pd

    texts = pd.read_parquet(truth / "statements" / "white_house_texts.parquet").text
    found: dict[tuple[str, str], str] = {}
    for k, text in enumerate(texts):
        found |= {(f"white-house-{k}", digest(s.text)): s.speaker for s in read(text).sentences}
    for path in (own_results / "reader_reports").glob("*.txt"):
        sentences = read(path.read_text(encoding="utf-8")).sentences
        found |= {(path.stem, digest(s.text)): s.speaker for s in sentences}
    rows = [
        (row["speaker"], found.get((row["text"], row["sentence"]), ""))
        for row in audit(own_results)
    ]
    attributed = [(right, said) for right, said in rows if said]
    assert len(attributed) > 350
    assert sum(right == said for right, said in attributed) / len(attributed) >= RIGHT
    spoken = [(right, said) for right, said in rows if right]
    assert sum(right == said for right, said in spoken) / len(spoken) >= RIGHT


def test_shipped_weights_and_scores_are_the_tools(
    tool: ModuleType, own_results: Path, truth: Path
) -> None:
    import numpy as np

    rows = tool.labelled(truth / "statements")
    weights = tool.fitted(tool.design(rows), np.array([r.tone for r in rows]))
    shipped = [w.weight for w in vocabulary()]
    assert shipped == pytest.approx(list(weights), abs=0.005 + 1e-9)
    scores = json.loads((own_results / "reader_scores.json").read_text(encoding="utf-8"))
    assert tool.evaluate(rows) == scores
    for name, score in scores.items():
        assert score["correlation"] >= CORRELATION, name
        assert score["wrong_sign"] <= WRONG_SIGN, name
