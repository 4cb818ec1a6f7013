"""Does the report of a meeting show its figures, its answers and its limits?"""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from detente.report.charts import theme
from detente.report.figures.talks import talks_figures
from detente.report.tables.talks import talks_table
from detente.report.words.talks import TalksWords, talks_words
from detente.run.results import COLUMNS
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


def printed(words: TalksWords) -> list[str]:
    """Every text of the section."""
    tables = [words.chances, words.terms, words.statements, words.swings, words.judgements]
    out = [words.answer, *words.limits]
    for answer in words.answers:
        out += [answer.question, answer.text, *(text for _, text in answer.items)]
        tables += answer.grids
    return out + [cell for table in tables for row in (table.head, *table.rows) for cell in row]


def test_minus_is_the_minus_sign_everywhere(meeting: TalksResults) -> None:
    texts = printed(talks_words(meeting))
    assert any(j.low < 0 for j in meeting.ground.judgements().values())
    assert any(re.search(r"\u2212\d.* to", text) for text in texts)
    for text in texts:
        assert not re.search(r"(?:^|[ (])-\.?\d", text), text


def test_units_stay_with_their_numbers(meeting: TalksResults) -> None:
    words = talks_words(meeting)
    assert "\u00a0%" in words.answer
    for text in printed(words):
        assert not re.search(r"\d %", text), text


def test_answers_shrink_with_the_page() -> None:
    """Tables scroll in themselves; the cell that holds them never grows beyond the page."""
    from detente.report.page import environment

    loader = environment().loader
    css, _, _ = loader.get_source(environment(), "report.css")  # type: ignore[union-attr]
    columns = re.findall(r"dl \{[^}]*grid-template-columns: ([^;]+);", css)
    assert len(columns) == 2, "one for wide pages, one for phones"
    assert all(c.endswith("minmax(0, 1fr)") for c in columns)
    assert columns[1] == "minmax(0, 1fr)", "on a phone the question stands above its answer"
    assert re.search(r"dd \{[^}]*min-width: 0", css)


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
    assert text.count("<table") == text.count('<div class="scroll"><table')
    assert "—" not in talks_words(meeting).answer
