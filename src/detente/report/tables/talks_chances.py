"""Which chances does a meeting have, as judged and with one thing changed?

All in the long format; `scenario` says whether it is this meeting, a what-if, the meeting without
one of the filters, or with one judgement at an end of its range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from detente.quantities import unit
from detente.run.results import COLUMNS
from detente.talks.bands import DEAL, WILLING
from detente.talks.meeting import in_words

if TYPE_CHECKING:
    import pandas as pd

    from detente.talks.meeting import TalksResults
    from detente.talks.outcome import MeetingWorth

__all__ = ["RECORD", "WORTH", "long_rows", "long_table", "talks_table"]

#: Worth and support are in percent of own real income.
WORTH = unit("worth")
#: Endings that the record of past meetings tells apart, best first.
RECORD = ("deal", "keep talking", "no result or breakdown")
#: The meeting as judged.
NOW = "this meeting"


def long_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows in the long format of every table."""
    import pandas as pd

    frame = pd.DataFrame(rows).reindex(columns=list(COLUMNS))
    text = [c for c in COLUMNS if c not in ("quantile", "value")]
    frame[text] = frame[text].astype(object).where(frame[text].notna(), "")
    return frame


def long_rows(
    r: TalksResults, scenario: str, metric: str, value: float, **more: Any
) -> dict[str, Any]:
    """One row about a meeting."""
    return {
        "scenario": scenario,
        "metric": metric,
        "value": value,
        "date": str(r.talks.date),
        "unit": unit(metric),
        **more,
    }


def talks_table(r: TalksResults) -> pd.DataFrame:
    """Every chance with its range, what stands behind a refusal, and each change of one thing."""
    rows = [*_this_meeting(r), *_behind_it(r)]
    for title, measures, zone in _changed(r):
        for name, value in measures.items():
            metric, party = _metric(name)
            if metric.startswith("chance"):
                rows.append(long_rows(r, title, metric, value, economy=party))
        rows.append(long_rows(r, title, "packages_in_zone", zone))
    return long_table(rows)


def _this_meeting(r: TalksResults) -> Iterator[dict[str, Any]]:
    """Its chances with their quantiles, its zone, and what meeting and linking are worth."""
    for name, value in r.measures.items():
        metric, party = _metric(name)
        yield long_rows(r, NOW, metric, value, economy=party)
        if r.bands is not None:
            for quantile, x in zip((0.05, 0.95), r.bands.of(name), strict=True):
                yield long_rows(r, NOW, metric, x, economy=party, quantile=quantile)
    now = r.horizon.now
    yield long_rows(r, NOW, "chance:a text is ready", now.ready)
    for k, side in enumerate(r.sides):
        more = {"economy": side}
        yield long_rows(r, NOW, "chance:talks on without a deal", now.actions[k, 0], **more)
        real = now.stand.carried_out[k]
        yield long_rows(r, NOW, "chance:threats against it are real", real, **more)
        for part, value in _parts(r.worth[k]).items():
            yield long_rows(r, NOW, f"worth_of_meeting:{part}", value, **more)
        yield long_rows(r, NOW, "linkage_value", r.linkage[0][k], **more)
    yield long_rows(r, NOW, "packages_in_zone", len(now.zone.members))
    yield long_rows(r, NOW, "packages_in_zone:holding issue by issue", r.separate[0])
    for round_, found in zip(r.talks.rounds, r.horizon.rounds[1:], strict=True):
        yield long_rows(r, round_.title, f"chance:{DEAL}", found.deal, date=str(round_.date))


def _parts(worth: MeetingWorth) -> dict[str, float]:
    """The parts of the worth of meeting, which sum to it."""
    return {f.name: getattr(worth, f.name) + 0.0 for f in fields(worth) if f.name != "party"}


def _behind_it(r: TalksResults) -> Iterator[dict[str, Any]]:
    """What threats are worth, and the record of past meetings."""
    for name, pair in r.horizon.now.stand.fought.items():
        for side, value in zip(r.sides, pair, strict=True):
            yield long_rows(r, name, "worth", value, economy=side)
    for name, value in zip(reversed(RECORD), r.record.classes, strict=True):
        yield long_rows(r, "record of past meetings", f"chance:{name}", value)


def _changed(r: TalksResults) -> Iterator[tuple[str, Mapping[str, float], int]]:
    """Title, measures and zone of the meeting with one thing changed."""
    for variant in r.variants:
        yield variant.title, variant.measures, variant.zone
    for dropped in r.filters:
        of_whom = dropped.title.replace("side 1", r.titles[0]).replace("side 2", r.titles[1])
        yield f"without the filter: {of_whom}", dropped.measures, dropped.zone
    for change in r.changes:
        yield change.title, change.measures, change.zone
    for swing in r.swings:
        name = in_words(swing.name)
        yield f"{name} at its low end", swing.at_low, swing.zones[0]
        yield f"{name} at its high end", swing.at_high, swing.zones[1]


def _metric(name: str) -> tuple[str, str]:
    """Metric and side of one measure of the ending."""
    if name.startswith("worth of meeting"):
        return "worth_of_meeting", name.rsplit(" ", 1)[1]
    if name.startswith(WILLING):
        return "chance:willing", name.removeprefix(WILLING)
    return f"chance:{name}", ""
