"""Does the report of a meeting show its figures, its answers and its limits?"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from detente.report.charts import theme
from detente.report.results import COLUMNS
from detente.report.talks_figures import talks_figures
from detente.report.talks_tables import talks_table
from detente.report.talks_words import talks_words
from detente.talks.meeting import TalksResults


def test_four_figures_at_every_width(meeting: TalksResults) -> None:
    drawn = talks_figures(meeting)
    assert [f.id for f in drawn] == ["talks-ending", "talks-packages", "talks-home", "talks-odds"]
    for figure in drawn:
        assert figure.alt
        assert set(figure.data.columns) == set(COLUMNS)
        assert len(figure.data)
        for width in (theme.WIDE, theme.NARROW):
            assert figure.inline(width).startswith("<svg")


def test_the_bar_sums_to_one(meeting: TalksResults) -> None:
    data = talks_figures(meeting)[0].data
    for _, rows in data.groupby("scenario"):
        assert rows["value"].sum() == pytest.approx(1.0)


def test_the_table_carries_quantiles(meeting: TalksResults) -> None:
    table = talks_table(meeting)
    assert {0.05, 0.95} <= set(table["quantile"].dropna())
    assert "record of past meetings" in set(table["scenario"])
    assert not table["scenario"].str.contains("side [12]").any(), "sides go by their names"
    assert table["scenario"].str.startswith("without the filter: ").any()


def test_words_show_every_judgement_with_its_reason(meeting: TalksResults) -> None:
    words = talks_words(meeting)
    assert len(words.judgements.rows) == len(meeting.ground.judgements())
    assert any("scenario, not a forecast" in line for line in words.limits)
    assert any("metaphor" in line for line in words.limits)
    assert all(len(row) == len(words.terms.head) for row in words.terms.rows)
    assert any("cooperation +3" in row[2] for row in words.statements.rows)


def test_the_page_has_the_section(meeting: TalksResults) -> None:
    from detente.report.page import drawn, environment, in_section

    source = environment()
    shown = [drawn(f) for f in talks_figures(meeting)]
    head, _, _ = source.loader.get_source(source, "report.html.j2")  # type: ignore[union-attr]
    macros = head[: head.index("<!doctype")]
    text = source.from_string(macros + '{% include "talks.html.j2" %}').render(
        talks=talks_words(meeting),
        of=lambda name: in_section(shown, name),
        results=SimpleNamespace(),
    )
    assert 'id="talks"' in text
    assert text.count("<figure") == 4
    assert "not a forecast" in text
    assert "—" not in talks_words(meeting).answer
