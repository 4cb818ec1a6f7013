"""How did past meetings end, by the signs of their opening day, and how well is that foretold?

Reads the record of 55 meetings (``us_china_talks_fit.csv``, found through ``DETENTE_TRUTH``) and
writes

- ``src/detente/talks/record.toml``: both posterior logits, stages, escalation, base rates, scores;
- ``src/detente/talks/record.csv``: the coded signs and endings of each meeting, with its source;
- ``docs/_tables/talks_scores.csv`` and ``talks_escalation.csv``: scores by coding.

The signs, their unit weights and the priors were fixed before this tool was written; what a
choice of signs inside each fold would have scored stands beside them.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.talks.fitted import ENDINGS, LogitPosterior
from detente.talks.signs import Signs

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "src/detente/talks"
TABLES = ROOT / "docs/_tables"
RECORD = "us_china_talks_fit.csv"

CODERS = ("first coder", "second coder")
#: Who leads for the United States where a meeting below leaders is one of diplomats.
DIPLOMATS = ("Sullivan", "Blinken", "Pompeo", "Sherman")
#: First day of the second administration in the record.
CHANGE = "2021-01-20"
#: Rolling forecasts start with this meeting, counted from zero.
ROLLING_FROM = 18

#: Priors of intercept and slope: mean and spread of each.
DEAL_PRIOR = ((-1.2, 1.0), (1.5, 1.0))
NONE_PRIOR = ((-1.2, 0.0), (1.5, 4.0))
ESCALATION_PRIOR = ((-0.5, 0.0), (1.5, 1.0))
#: Beta counts: half a meeting each way (Jeffreys), and what both coders found on average.
JEFFREYS = 0.5
#: Spread of the noise added to each side's tone, in points of −10 to 10.
CODING_NOISE = 2.0
REPETITIONS, SEED = 20, 20_241_116

IntArray = NDArray[np.int64]
Fold = tuple[IntArray, IntArray]


class RecordScore(NamedTuple):
    """How one way to give odds did on meetings that it was not fitted to; gain on base rates."""

    held_out: str
    forecast: str
    rps: float
    log_loss: float
    gain: float
    standard_error: float
    meetings: int


@dataclass(frozen=True)
class Coded:
    """The record as columns: five signs, endings by both coders (positions in ENDINGS)."""

    rows: list[dict[str, str]]
    columns: FloatArray  # leaders, climate, dated, minus diplomats, tone
    endings: IntArray
    escalated: FloatArray
    election: FloatArray

    @property
    def s(self) -> FloatArray:
        return np.asarray(self.columns.sum(axis=1))

    @property
    def tone(self) -> FloatArray:
        return self.columns[:, 4]


def described(row: dict[str, str]) -> dict[str, object]:
    """A row of the record in the words that `record_odds` takes."""
    below = row["level"] != "leader"
    channel = "economic"
    if row["us_head"] == "Kerry":
        channel = "climate"
    elif below and any(name in row["us_head"] for name in DIPLOMATS):
        channel = "diplomatic"
    dated = (row["deadline_or_threat"] != "none") + (row["deadline_or_threat_coder2"] == "yes")
    return {
        "level": row["level"],
        "channel": channel,
        "dated": dated / 2,
        "tone": (float(row["opening_tone_us"]), float(row["opening_tone_cn"])),
    }


def read_record() -> Coded:
    """The record, coded."""
    folder = Path(os.environ.get("DETENTE_TRUTH", ROOT.parent / "shared" / "truth"))
    with (folder / RECORD).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    signs = [Signs.of(**described(row)) for row in rows]
    return Coded(
        rows,
        np.array([[g.leaders, g.climate, g.dated, -g.diplomats, g.tone] for g in signs]),
        np.array([[ENDINGS.index(r[k]) for k in ("outcome", "outcome_coder2")] for r in rows]),
        np.array([float(r["followup_direction"] == "escalation") for r in rows]),
        np.array([float(r["us_election_year"]) for r in rows]),
    )


# ---- the fit ----------------------------------------------------------------------------------


def fit_logit(
    x: FloatArray, happened: FloatArray, weight: FloatArray, prior: tuple[tuple[float, float], ...]
) -> tuple[LogitPosterior, float]:
    """Mode and Laplace covariance of a logit under independent normal priors, by Newton.

    Returns the posterior and the logarithm of its evidence (up to a constant).
    """
    mean, spread = np.array(prior[0]), np.array(prior[1])
    columns = np.column_stack([np.ones(len(x)), x])
    b = mean.copy()
    for _ in range(100):
        p = 1 / (1 + np.exp(-columns @ b))
        slope = columns.T @ (weight * (happened - p)) - (b - mean) / spread**2
        curvature = (columns * (weight * p * (1 - p))[:, None]).T @ columns + np.diag(spread**-2)
        step = np.linalg.solve(curvature, slope)
        b = b + step
        if np.abs(step).max() < 1e-12:
            break
    else:
        raise RuntimeError("Newton's method found no mode")
    covariance = np.linalg.inv(curvature)
    z = columns @ b
    fitted = (weight * (happened * z - np.logaddexp(0, z))).sum()
    fitted -= 0.5 * (((b - mean) / spread) ** 2).sum()
    evidence = fitted - np.log(spread).sum() + 0.5 * np.linalg.slogdet(covariance)[1]
    rows = tuple((float(row[0]), float(row[1])) for row in covariance)
    return LogitPosterior((float(b[0]), float(b[1])), (rows[0], rows[1])), float(evidence)


def fit_deal(s: FloatArray, endings: IntArray) -> tuple[LogitPosterior, float]:
    """Deal or not on the sum of the signs; each coder's row at half weight."""
    happened = (endings <= 1).astype(float).ravel()
    return fit_logit(np.repeat(s, 2), happened, np.full(len(happened), 0.5), DEAL_PRIOR)


def fit_none(tone: FloatArray, endings: IntArray) -> LogitPosterior:
    """No result or breakdown on the tone, among the rows without a deal."""
    flat = endings.ravel()
    without = flat > 1
    happened = (flat[without] >= 3).astype(float)
    weight = np.full(len(happened), 0.5)
    return fit_logit(np.repeat(tone, 2)[without], happened, weight, NONE_PRIOR)[0]


def fit_escalation(election: FloatArray, escalated: FloatArray) -> LogitPosterior:
    """Escalation within six months on the federal election year."""
    return fit_logit(election, escalated, np.ones(len(election)), ESCALATION_PRIOR)[0]


def stages(endings: IntArray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Beta counts of a breakthrough given a deal, of a breakdown given nothing.

    Both coders found one of each; of the others, the mean of both in whole meetings.
    """
    count = np.bincount(endings.ravel(), minlength=len(ENDINGS)) / endings.shape[1]
    best, partial, _, nothing, worst = (float(c) for c in count)
    return (
        (best + JEFFREYS, int(partial) + JEFFREYS),
        (worst + JEFFREYS, int(nothing) + JEFFREYS),
    )


# ---- scores -----------------------------------------------------------------------------------

#: Class of each ending: nothing, talking on, a deal.
CLASS_OF = np.array([2, 2, 1, 0, 0])


def three(deal: LogitPosterior, none: LogitPosterior, s: FloatArray, y: FloatArray) -> FloatArray:
    """Chances of nothing, talking on, a deal."""
    p = np.array([deal.chance(float(x)).p for x in s])
    q = np.array([none.chance(float(x)).p for x in y])
    return np.column_stack([(1 - p) * q, (1 - p) * (1 - q), p])


def folds(record: Coded) -> dict[str, list[Fold]]:
    """Which meetings are fitted to, and which foretold, in each test."""
    n = len(record.rows)
    every = np.arange(n)
    later = np.array([row["date_start"] >= CHANGE for row in record.rows])
    return {
        "meeting": [(np.delete(every, k), every[k : k + 1]) for k in every],
        "administration": [(every[~later], every[later]), (every[later], every[~later])],
        "later": [(every[:k], every[k : k + 1]) for k in range(ROLLING_FROM, n)],
    }


Forecast = Callable[[IntArray, IntArray], FloatArray]


def base_rates(endings: IntArray) -> Forecast:
    """Shares of the meetings that were fitted to, with one more of each class."""

    def forecast(train: IntArray, held: IntArray) -> FloatArray:
        count = np.bincount(CLASS_OF[endings[train]].ravel(), minlength=3) / 2 + 1
        return np.tile(count / count.sum(), (len(held), 1))

    return forecast


def by_signs(s: FloatArray, tone: FloatArray, endings: IntArray) -> Forecast:
    """Both logits, fitted to the other meetings."""

    def forecast(train: IntArray, held: IntArray) -> FloatArray:
        deal = fit_deal(s[train], endings[train])[0]
        none = fit_none(tone[train], endings[train])
        return three(deal, none, s[held], tone[held])

    return forecast


def by_chosen_signs(record: Coded) -> Forecast:
    """The subset of the five signs with the best evidence among the meetings fitted to."""
    count = record.columns.shape[1]
    menu = [list(c) for k in range(count + 1) for c in combinations(range(count), k)]
    sums = [record.columns[:, chosen].sum(axis=1) for chosen in menu]

    def forecast(train: IntArray, held: IntArray) -> FloatArray:
        evidence = [fit_deal(s[train], record.endings[train])[1] for s in sums]
        s = sums[int(np.argmax(evidence))]
        return by_signs(s, record.tone, record.endings)(train, held)

    return forecast


def each_score(forecast: Forecast, parts: list[Fold], endings: IntArray) -> FloatArray:
    """Ranked probability score and log loss: axes score, coder, meeting."""
    p = np.vstack([forecast(train, held) for train, held in parts])
    held = np.concatenate([held for _, held in parts])
    happened = CLASS_OF[endings[held]].T
    below = np.cumsum(p, axis=1)[:, :2]
    reached = happened[..., None] <= np.arange(2)
    ranked = ((below - reached) ** 2).mean(axis=2)
    loss = -np.log(np.take_along_axis(p.T[:, None, :], happened[None], axis=0)[0])
    order = np.argsort(held, kind="stable")
    return np.stack([ranked, loss])[:, :, order]


def scored(
    name: tuple[str, str], score: FloatArray, base: FloatArray, coders: Iterable[int] = (0, 1)
) -> RecordScore:
    """One line of the table of scores, paired with base rates."""
    chosen = list(coders)
    gain = (base - score)[0, chosen].mean(axis=0)
    return RecordScore(
        held_out=name[0],
        forecast=name[1],
        rps=float(score[0, chosen].mean()),
        log_loss=float(score[1, chosen].mean()),
        gain=float(gain.mean()),
        standard_error=float(gain.std(ddof=1) / np.sqrt(len(gain))),
        meetings=len(gain),
    )


def repeated(
    name: str, parts: list[Fold], once: Callable[[], tuple[Forecast, IntArray]]
) -> RecordScore:
    """Mean over repetitions with other random numbers; the error is the spread of the gain."""
    found, bases = [], []
    for _ in range(REPETITIONS):
        forecast, endings = once()
        found.append(each_score(forecast, parts, endings).mean(axis=(1, 2)))
        bases.append(each_score(base_rates(endings), parts, endings).mean(axis=(1, 2)))
    gain = np.array(bases)[:, 0] - np.array(found)[:, 0]
    rps, loss = (float(x) for x in np.mean(found, axis=0))
    spread = float(gain.std(ddof=1))
    return RecordScore("meeting", name, rps, loss, float(gain.mean()), spread, len(parts))


def score_table(record: Coded) -> dict[str, list[RecordScore]]:
    """Scores by coding, and of both together."""
    table: dict[str, list[RecordScore]] = {"both": [], **{coder: [] for coder in CODERS}}
    plain = by_signs(record.s, record.tone, record.endings)
    silent = record.columns * np.array([1, 1, 1, 1, 0])
    for held_out, parts in folds(record).items():
        rivals = {"signs": plain, "signs chosen": by_chosen_signs(record)}
        if held_out == "meeting":
            rivals["tone unknown"] = by_signs(silent.sum(axis=1), silent[:, 4], record.endings)
        base = each_score(base_rates(record.endings), parts, record.endings)
        for name, forecast in {"base rates": base_rates(record.endings), **rivals}.items():
            score = each_score(forecast, parts, record.endings)
            table["both"].append(scored((held_out, name), score, base))
            for k, coder in enumerate(CODERS):
                table[coder].append(scored((held_out, name), score, base, [k]))
    rng = np.random.default_rng(SEED)

    def noisy() -> tuple[Forecast, IntArray]:
        noise = rng.normal(0, CODING_NOISE, (len(record.rows), 2)).mean(axis=1) / 10
        return by_signs(record.s + noise, record.tone + noise, record.endings), record.endings

    def shuffled() -> tuple[Forecast, IntArray]:
        endings = record.endings[rng.permutation(len(record.rows))]
        return by_signs(record.s, record.tone, endings), endings

    parts = folds(record)["meeting"]
    table["both"].append(repeated("noise of 2", parts, noisy))
    table["both"].append(repeated("shuffled", parts, shuffled))
    return table


def escalation_table(record: Coded) -> list[tuple[str, str, str, str]]:
    """Brier scores of escalation within six months, and how often years shuffled do as well."""
    years = np.array([row["date_start"][:4] for row in record.rows])
    every = np.arange(len(years))
    tests = folds(record)
    tests["year"] = [(every[years != y], every[years == y]) for y in sorted(set(years))]
    table = []
    for held_out, parts in tests.items():
        held = np.concatenate([h for _, h in parts])
        base, model = [], []
        for train, out in parts:
            count = record.escalated[train].sum() + 1
            base += [count / (len(train) + 2)] * len(out)
            fit = fit_escalation(record.election[train], record.escalated[train])
            model += [fit.chance(float(x)).p for x in record.election[out]]
        brier = [((np.array(p) - record.escalated[held]) ** 2).mean() for p in (model, base)]
        table.append((held_out, f"{brier[0]:.4f}", f"{brier[1]:.4f}", ""))
    names = sorted(set(years))
    found = []
    elections = {y: bool(record.election[years == y].any()) for y in names}
    chosen = [tuple(y for y in names if elections[y])]
    for some in chosen + list(combinations(names, len(chosen[0]))):
        inside = np.isin(years, some)
        found.append(abs(record.escalated[inside].mean() - record.escalated[~inside].mean()))
    share = np.mean(np.array(found[1:]) >= found[0] - 1e-12)
    return [*table, ("years shuffled", "", "", f"{share:.3f}")]


# ---- files ------------------------------------------------------------------------------------


def _posterior(name: str, comment: str, found: LogitPosterior) -> list[str]:
    pairs = [", ".join(f"{v:.6f}" for v in row) for row in (found.mean, *found.covariance)]
    return [
        f"# {comment}",
        f"[{name}]",
        f"mean = [{pairs[0]}]",
        f"covariance = [[{pairs[1]}], [{pairs[2]}]]",
        "",
    ]


def _four(value: float) -> str:
    """A score with four digits, a whole number as it is."""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def numbers_file(record: Coded, scores: list[RecordScore]) -> str:
    """The text of record.toml."""
    deal, none = fit_deal(record.s, record.endings)[0], fit_none(record.tone, record.endings)
    best, worst = stages(record.endings)
    share = np.bincount(record.endings.ravel(), minlength=5) / record.endings.size
    lines = [
        f"# Written by tools/fit_record.py from {len(record.rows)} meetings. Not edited by hand.",
        "",
        *_posterior("deal", "log odds of a deal on the sum of the signs: intercept, slope", deal),
        *_posterior("no_result", "log odds of nothing without a deal, on the tone over ten", none),
        *_posterior(
            "escalation",
            "log odds of escalation within six months, on the federal election year",
            fit_escalation(record.election, record.escalated),
        ),
        "# Beta counts: breakthrough given a deal, breakdown given no result",
        "[stages]",
        f"breakthrough = [{best[0]}, {best[1]}]",
        f"breakdown = [{worst[0]}, {worst[1]}]",
        "",
        "# shares of the endings, mean of both codings",
        "[base_rates]",
        *(f"{name} = {p:.12f}" for name, p in zip(ENDINGS, share, strict=True)),
        "",
        "# out of sample, over deal, talking on, nothing; mean of both codings",
    ]
    for row in scores:
        lines.append("[[score]]")
        for name, value in row._asdict().items():
            lines.append(
                f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {_four(value)}"
            )
        lines.append("")
    return "\n".join(lines)


def _table(head: Iterable[str], body: Iterable[Iterable[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(body)
    return buffer.getvalue()


def record_file(record: Coded) -> str:
    """The text of record.csv: signs, endings and source of each meeting."""
    head = (
        "id,start,end,place,level,channel,dated,tone_us,tone_cn,ending,ending_coder2,"
        "escalated,election_year,source"
    )
    body = []
    for row in record.rows:
        told = described(row)
        body.append(
            [
                *(row[k] for k in ("id", "date_start", "date_end", "place")),
                *(told["level"], told["channel"], f"{told['dated']:g}"),
                *(f"{float(row[k]):g}" for k in ("opening_tone_us", "opening_tone_cn")),
                *(row["outcome"], row["outcome_coder2"]),
                int(row["followup_direction"] == "escalation"),
                *(row["us_election_year"], row["source"]),
            ]
        )
    return _table(head.split(","), body)


def outputs() -> dict[Path, str]:
    """Every file that this tool writes, and its text."""
    record = read_record()
    scores = score_table(record)
    rows = [
        [r.held_out, r.forecast, coding, *map(_four, r[2:])]
        for coding, table in scores.items()
        for r in table
    ]
    head = "held_out,forecast,coding,rps,log_loss,gain,standard_error,meetings"
    return {
        SHIPPED / "record.toml": numbers_file(record, scores["both"]),
        SHIPPED / "record.csv": record_file(record),
        TABLES / "talks_scores.csv": _table(head.split(","), rows),
        TABLES / "talks_escalation.csv": _table(
            ("held_out", "brier", "brier_of_base_rates", "share_as_large"),
            escalation_table(record),
        ),
    }


def main() -> None:
    """Fit, score, write."""
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main()
