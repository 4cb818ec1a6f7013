"""Do the figures of a meeting show its packages and endings, at every width?"""

from __future__ import annotations

import pytest

from detente.report.charts import theme
from detente.report.figures.talks import talks_figures
from detente.talks import TalksResults


@pytest.mark.parametrize("width", [theme.NARROW, theme.WIDE])
def test_figures_draw(met: TalksResults, width: int) -> None:
    figures = talks_figures(met)
    assert [f.id for f in figures] == ["talks-odds", "talks-packages"]
    for figure in figures:
        assert figure.inline(width).startswith("<svg")
        assert len(figure.data) > 0
        assert figure.alt.endswith(".")
