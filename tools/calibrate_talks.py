"""How well would the talks' reduced form have called 55 past meetings, and with which numbers?

Writes ``src/detente/talks/calibrated.csv`` (six numbers with standard errors, both codings) and
``docs/_tables/talks_scores.csv`` (scores beside base rates and a ridge logit). The record is found
through ``DETENTE_TRUTH``. The specification was fixed before it was scored and is not searched.
"""

from __future__ import annotations

import csv
import os
from dataclasses import fields
from pathlib import Path

import numpy as np
from fit_reduced_form import (
    fit_reduced_form,
    log_loss,
    predict_held_out,
    ranked_probability_score,
    reliability,
    standard_errors,
)
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.talks.reduced_form import (
    OUTCOME_CLASSES,
    Meetings,
    ReducedForm,
    escalation_probability,
    outcome_probabilities,
)

ROOT = Path(__file__).resolve().parents[1]
RECORD = "us_china_talks_fit.csv"
CODERS = {"first coder": "outcome", "second coder": "outcome_coder2"}
CLASS_OF = {"no_result": 0, "breakdown": 0, "keep_talking": 1, "partial_deal": 2, "breakthrough": 2}
#: First day of the second administration in the record.
CHANGE = "2021-01-20"
#: Strength of the ridge on standardised columns (one: a prior spread of one).
RIDGE = 1.0
EDGES = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])

IntArray = NDArray[np.int64]


def read_record() -> tuple[list[dict[str, str]], Meetings]:
    """The rows of the record, and the columns that the model may see."""
    folder = Path(os.environ.get("DETENTE_TRUTH", ROOT.parent / "shared" / "truth"))
    with (folder / RECORD).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    climate = [r["agenda"].startswith("climate") and ";" not in r["agenda"] for r in rows]
    meetings = Meetings(
        deadline=np.array([r["deadline_or_threat_coder2"] == "yes" for r in rows], dtype=float),
        leader=np.array([r["level"] == "leader" for r in rows], dtype=float),
        climate=np.array(climate, dtype=float),
        opening_tone=np.array(
            [[float(r["opening_tone_us"]), float(r["opening_tone_cn"])] for r in rows]
        ),
    )
    return rows, meetings


def base_rates(
    train: Meetings, outcome: IntArray, escalated: NDArray[np.bool_], held: Meetings
) -> FloatArray:
    """Shares of the training meetings, for everybody."""
    share = np.bincount(outcome, minlength=len(OUTCOME_CLASSES)) / len(outcome)
    return np.tile(share, (len(held), 1))


def ridge_logit(
    train: Meetings, outcome: IntArray, escalated: NDArray[np.bool_], held: Meetings
) -> FloatArray:
    """A multinomial logit on the same five columns, shrunk."""
    from scipy.optimize import minimize

    def columns(m: Meetings) -> FloatArray:
        return np.column_stack([m.deadline, m.leader, m.climate, m.opening_tone])

    x = columns(train)
    centre, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    x = np.column_stack([np.ones(len(x)), (x - centre) / scale])
    count = len(OUTCOME_CLASSES)

    def probabilities(b: FloatArray, x: FloatArray) -> FloatArray:
        z = x @ b.reshape(x.shape[1], count)
        z -= z.max(axis=1, keepdims=True)
        e = np.exp(z)
        return e / e.sum(axis=1, keepdims=True)

    def loss(b: FloatArray) -> tuple[float, FloatArray]:
        p = probabilities(b, x)
        weights = b.reshape(x.shape[1], count)
        penalty = weights.copy()
        penalty[0] = 0
        gap = p.copy()
        gap[np.arange(len(outcome)), outcome] -= 1
        value = -np.log(p[np.arange(len(outcome)), outcome]).sum()
        value += 0.5 * RIDGE * (penalty**2).sum()
        return float(value), (x.T @ gap + RIDGE * penalty).ravel()

    fit = minimize(loss, np.zeros(x.shape[1] * count), jac=True, method="L-BFGS-B")
    y = np.column_stack([np.ones(len(held)), (columns(held) - centre) / scale])
    return probabilities(fit.x, y)


def main() -> None:
    """Fit, score, write."""
    rows, meetings = read_record()
    escalated = np.array([r["followup_direction"] == "escalation" for r in rows])
    one = np.arange(len(rows))
    administration = np.array([int(r["date_start"] >= CHANGE) for r in rows])
    numbers, scores = [], []
    for coding, column in CODERS.items():
        outcome = np.array([CLASS_OF[r[column]] for r in rows])
        form = fit_reduced_form(meetings, outcome, escalated)
        error = standard_errors(form, meetings, outcome, escalated)
        for f in fields(ReducedForm):
            value, spread = getattr(form, f.name), getattr(error, f.name)
            numbers.append([coding, f.name, f"{value:.4f}", f"{spread:.4f}"])
        for held_out, group in (("meeting", one), ("administration", administration)):
            rivals = {"model": None, "base rates": base_rates, "ridge logit": ridge_logit}
            for rival, predict in rivals.items():
                p = predict_held_out(meetings, outcome, escalated, group, predict)
                for name, score in (
                    ("ranked probability score", ranked_probability_score(p, outcome)),
                    ("log loss", log_loss(p, outcome)),
                ):
                    row = [coding, held_out, rival, name, "", f"{score.mean:.4f}"]
                    scores.append([*row, f"{score.standard_error:.4f}", len(outcome)])
                if rival == "model" and held_out == "meeting":
                    for c, label in enumerate(OUTCOME_CLASSES):
                        for said, was, count in reliability(p[:, c], outcome == c, EDGES):
                            row = [coding, held_out, rival, f"reliability: {label}"]
                            scores.append([*row, f"{said:.3f}", f"{was:.3f}", "", count])
            for half in np.unique(administration):
                p = predict_held_out(meetings, outcome, escalated, one)
                mine = administration == half
                score = ranked_probability_score(p[mine], outcome[mine])
                label = "2017-2021" if half == 0 else "2021-2024"
                if held_out == "meeting":
                    row = [coding, held_out, "model", f"ranked probability score, {label}", ""]
                    scores.append(
                        [*row, f"{score.mean:.4f}", f"{score.standard_error:.4f}", int(mine.sum())]
                    )
        for rival in ("model", "base rates"):
            p = np.empty(len(rows))
            for k in one:
                rest = one != k
                if rival == "model":
                    fit = fit_reduced_form(meetings.rows(rest), outcome[rest], escalated[rest])
                    p[k] = escalation_probability(fit, meetings.rows(one == k))[0]
                else:
                    p[k] = escalated[rest].mean()
            two = np.column_stack([1 - p, p])
            for name, score in (
                ("Brier score, escalation", ranked_probability_score(two, escalated.astype(int))),
                ("log loss, escalation", log_loss(two, escalated.astype(int))),
            ):
                row = [coding, "meeting", rival, name, "", f"{score.mean:.4f}"]
                scores.append([*row, f"{score.standard_error:.4f}", len(rows)])
        # in-sample probabilities are never scored; this only guards the fit itself
        assert np.allclose(outcome_probabilities(form, meetings).sum(axis=1), 1)
    _write(
        ROOT / "src/detente/talks/calibrated.csv",
        ["coding", "number", "value", "standard_error"],
        numbers,
    )
    _write(
        ROOT / "docs/_tables/talks_scores.csv",
        ["coding", "held_out", "forecast", "score", "said", "value", "standard_error", "meetings"],
        scores,
    )


def _write(path: Path, head: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
    print(f"{path.relative_to(ROOT)}: {len(rows)} rows")


if __name__ == "__main__":
    main()
