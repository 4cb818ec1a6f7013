"""What do the labelled sentences say about the weights of the reader's words?

Each word has a prior weight by hand. The labels of two coders move it: a ridge towards the prior,
words of a kind moving together. Run it after a change to the words or the labels:

    python tools/fit_reader.py [folder of statements]

It writes the weights into `src/detente/talks/texts/words.csv` and the scores beside the audit,
`tests/replications/data/reader_scores.json`. Tests hold both to this output.

Labels: `sentences_labelled.csv` of the reference folder (60, by one coder), and the audit's
(`tests/replications/data/reader_audit.csv`), of sentences drawn from `white_house_texts.parquet`
with a fixed seed and labelled by reading before their scores were seen. The repository keeps of
these a hash and the labels.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.talks.texts import blocks, split, vocabulary, words_in

ROOT = Path(__file__).resolve().parents[1]
WORDS = ROOT / "src/detente/talks/texts/words.csv"
AUDIT = ROOT / "tests/replications/data/reader_audit.csv"
SCORES = ROOT / "tests/replications/data/reader_scores.json"

#: Standard deviation of a label about what its words say: coders differ by about this.
NOISE = 0.8
#: How far a word's own weight may lie from its prior, and how far those of a kind move together.
OWN, KIND = 0.25, 0.10
MOST = 2.0

FloatArray = NDArray[np.float64]


class Labelled(NamedTuple):
    """A sentence with its label, the text (by date or number) it is from, and the coder's name."""

    text: str
    tone: float
    block: str
    coder: str


def digest(text: str) -> str:
    """Twelve digits that stand for a sentence."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def sentences_of(folder: Path) -> dict[str, str]:
    """Every sentence of the texts by its digest."""
    import pandas as pd

    found = {}
    for text in pd.read_parquet(folder / "white_house_texts.parquet").text:
        for block in blocks(text):
            for sentence in split(block.text)[0]:
                found[digest(sentence.text)] = sentence.text
    return found


def labelled(folder: Path) -> list[Labelled]:
    """The labelled sentences of both coders."""
    with (folder / "sentences_labelled.csv").open(encoding="utf-8", newline="") as stream:
        found = [
            Labelled(r["text"], float(r["tone"]), r["date"], "first")
            for r in csv.DictReader(stream)
        ]
    if not AUDIT.exists():
        return found
    known = sentences_of(folder)
    with AUDIT.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["tone"] and row["sentence"] in known:
                tone = float(row["tone"])
                found.append(
                    Labelled(known[row["sentence"]], tone, row["date"], f"audit {row['round']}")
                )
    return found


def design(rows: list[Labelled]) -> FloatArray:
    """What each word counts in each sentence, after turns and rank: [sentence, word]."""
    position = {word.text: k for k, word in enumerate(vocabulary())}
    table = np.zeros((len(rows), len(position)))
    for i, row in enumerate(rows):
        for match in words_in(row.text):
            table[i, position[match.entry]] += match.share
    return table


def fitted(table: FloatArray, tone: FloatArray) -> FloatArray:
    """Posterior means of the weights; what is beyond the scale on its label's side is at rest."""
    prior = np.array([w.prior for w in vocabulary()])
    spread = spread_of_weights()
    weights = prior
    for _ in range(3):
        said = table @ weights
        rest = ((said > MOST) & (tone >= MOST)) | ((said < -MOST) & (tone <= -MOST))
        used = table[~rest]
        gap = tone[~rest] - used @ prior
        inner = used @ spread @ used.T + NOISE**2 * np.eye(len(gap))
        weights = prior + spread @ used.T @ np.linalg.solve(inner, gap)
    # a word keeps the sign that it was given by hand
    return np.where(np.sign(weights) == np.sign(prior), weights, 0.05 * np.sign(prior))


def spread_of_weights() -> FloatArray:
    """Prior covariance of the weights; a word of no weight keeps none."""
    prior = np.array([w.prior for w in vocabulary()])
    kinds = np.array([w.kind for w in vocabulary()])
    spread = OWN**2 * np.eye(len(prior)) + KIND**2 * (kinds[:, None] == kinds[None, :])
    spread[prior == 0] = 0
    spread[:, prior == 0] = 0
    return spread


def left_out(table: FloatArray, tone: FloatArray, groups: Sequence[object]) -> FloatArray:
    """What the fit to all other groups says of each: the same posterior, by its kernel."""
    said = table @ np.array([w.prior for w in vocabulary()])
    kernel = table @ spread_of_weights() @ table.T
    out = np.zeros(len(tone))
    for group in dict.fromkeys(groups):
        here = np.array([g == group for g in groups])
        now = said
        for _ in range(3):
            rest = ((now > MOST) & (tone >= MOST)) | ((now < -MOST) & (tone <= -MOST))
            used = ~here & ~rest
            inner = kernel[np.ix_(used, used)] + NOISE**2 * np.eye(int(used.sum()))
            now = said + kernel[:, used] @ np.linalg.solve(inner, tone[used] - said[used])
        out[here] = now[here]
    return out


def score(said: FloatArray, tone: FloatArray) -> dict[str, float | int]:
    """Correlation, root mean square error, and wrong signs."""
    said = np.clip(said, -MOST, MOST)
    said = np.where(np.abs(said) < 0.15, 0.0, said)
    wrong = said * tone < 0
    return {
        "sentences": len(tone),
        "correlation": round(float(np.corrcoef(said, tone)[0, 1]), 3),
        "rmse": round(float(np.sqrt(np.mean((said - tone) ** 2))), 3),
        "wrong_sign": round(float(np.mean(wrong)), 3),
    }


def evaluate(rows: list[Labelled]) -> dict[str, dict[str, float | int]]:
    """Scores of the prior alone, of the fit left out by text or date, and of the fit itself."""
    table, tone = design(rows), np.array([r.tone for r in rows])
    prior = np.array([w.prior for w in vocabulary()])
    coder = np.array([r.coder for r in rows])
    texts = left_out(table, tone, [r.block for r in rows])
    alone = left_out(table, tone, list(range(len(rows))))
    found = {}
    for name in dict.fromkeys(coder):
        mine = coder == name
        found[f"{name}: prior"] = score((table @ prior)[mine], tone[mine])
        found[f"{name}: text left out"] = score(texts[mine], tone[mine])
        found[f"{name}: sentence left out"] = score(alone[mine], tone[mine])
        if (~mine).any():
            across = table[mine] @ fitted(table[~mine], tone[~mine])
            found[f"{name}: other coder's labels"] = score(across, tone[mine])
    found["all: text left out"] = score(texts, tone)
    found["all: fitted"] = score(table @ fitted(table, tone), tone)
    return found


def main() -> None:
    """Fit, score, write."""
    given = sys.argv[1] if len(sys.argv) > 1 else None
    truth = os.environ.get("DETENTE_TRUTH", str(ROOT.parent / "shared/truth"))
    folder = Path(given) if given else Path(truth) / "statements"
    rows = labelled(folder)
    weights = fitted(design(rows), np.array([r.tone for r in rows]))
    with WORDS.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["words", "kind", "prior", "weight"])
        for word, weight in zip(vocabulary(), weights, strict=True):
            value = round(float(weight), 2) + 0.0
            out.writerow([word.text, word.kind, f"{word.prior:.2f}", f"{value:.2f}"])
    scores = evaluate(rows)
    SCORES.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    for name, values in scores.items():
        print(f"{name:32}", "  ".join(f"{k} {v}" for k, v in values.items()))


if __name__ == "__main__":
    main()
