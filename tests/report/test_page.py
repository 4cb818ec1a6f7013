"""Is the report one offline page with everything a reader needs?"""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from detente.report.charts.figure import Figure
from detente.report.figures.figures import figures
from detente.report.page import LARGEST_REPORT, render_report
from detente.run.results import COLUMNS, Results

SECTIONS = (
    "answer",
    "gains",
    "prices",
    "industries",
    "trade",
    "why",
    "packages",
    "sure",
    "measures",
    "not-priced",
    "method",
    "limits",
    "data",
)


class Page(HTMLParser):
    """Tags, ids, and whatever would be fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag

    @property
    def ids(self) -> list[str]:
        return [str(a["id"]) for _, a in self.tags if "id" in a]


@pytest.fixture(scope="module")
def drawn(results: Results) -> list[Figure]:
    return figures(results)


@pytest.fixture(scope="module")
def text(results: Results, drawn: list[Figure]) -> str:
    return render_report(results, drawn)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_every_section_in_order(page: Page) -> None:
    found = [i for i in page.ids if i in SECTIONS]
    assert tuple(found) == SECTIONS


def test_every_figure_is_there(drawn: list[Figure]) -> None:
    assert [f.id for f in drawn] == [
        "gains",
        "prices-usa",
        "prices-chn",
        "industries",
        "jobs",
        "partners",
        "matrix",
        "tariffs",
        "why-usa",
        "why-chn",
        "channels-usa",
        "channels-chn",
        "packages",
        "alone",
        "drivers-usa",
        "drivers-chn",
    ]


def test_nothing_is_fetched(text: str, page: Page) -> None:
    fetching = {"src", "srcset", "data", "poster", "action", "background", "xlink:href"}
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "iframe", "object", "embed", "img", "base"}
        assert not fetching & set(attributes), (tag, attributes)
        for name in ("href",):
            value = attributes.get(name) or ""
            assert not re.match(r"[a-z]+:|//", value), value
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert not re.search(r"(https?:)?//[a-z]", text)


def test_small_enough(text: str) -> None:
    assert 20_000 < len(text.encode()) < LARGEST_REPORT


def test_every_figure_says_what_it_shows(page: Page, drawn: list[Figure]) -> None:
    pictures = [a for tag, a in page.tags if tag == "svg"]
    assert len(pictures) == 2 * len(drawn)
    for attributes in pictures:
        assert attributes["role"] == "img"
        assert len(attributes["aria-label"] or "") > 40
    for figure in drawn:
        assert figure.caption
        assert figure.subtitle
        if figure.id != "tariffs":
            assert "Compared with the world of 2022" in figure.caption
            assert "Base year 2022" in figure.caption
            assert "long run" in figure.caption
        assert list(figure.data.columns) == list(COLUMNS)
        assert len(figure.data)


def test_identifiers_are_unique(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))


def test_links_of_every_figure(page: Page, drawn: list[Figure]) -> None:
    links = {a.get("href") for tag, a in page.tags if tag == "a"}
    for figure in drawn:
        for kind in ("csv", "png", "svg"):
            assert f"figures/{figure.id}.{kind}" in links


def test_user_text_is_escaped(text: str) -> None:
    assert "An invented case &lt;b&gt;&amp; more&lt;/b&gt;" in text
    assert "Food &amp; drink" in text


def test_words_that_must_stand(text: str) -> None:
    for words in (
        "OECD (2025), Inter-Country Input-Output Tables.",
        "a scenario, not a forecast",
        "2 of 200 draws found no equilibrium",
        "Delistings",
        "No financial assets in the model.",
        "prices at nothing: every flow that it names is zero",
        "totals split by value added",
        "in units of world value added, not inflation",
        "detente run invented --package package-one --draws 200 --seed 7",
    ):
        assert words in text, words


def test_labels_keep_their_digits(drawn: list[Figure]) -> None:
    """Shortening coordinates must not shorten what is printed."""
    gains = next(f for f in drawn if f.id == "gains")
    assert ">−0.112<" in gains.inline(520) or ">−0.11<" in gains.inline(520)
    assert "−0.1<" not in gains.inline(520).replace("−0.10<", "")


def test_without_ranges_says_so(without_ranges: Results) -> None:
    text = render_report(without_ranges, figures(without_ranges))
    assert "No ranges were drawn" in text
    assert "90\u00a0% range" not in text
    assert "--no-ranges" in text


def test_a_bare_headline_still_makes_a_page(results: Results) -> None:
    bare = replace(
        results,
        packages=None,
        alone=None,
        choices=None,
        drivers=None,
        same_sign=None,
        tariff_path=None,
        not_priced=(),
        repairs=(),
    )
    text = render_report(bare, figures(bare))
    assert 'id="not-priced"' not in text
    assert 'id="packages"' not in text
    assert 'id="sure"' in text


def test_worlds_without_usa_and_china(results: Results) -> None:
    """The two hit hardest take the foreground, in greys that can be told apart."""
    names = {"USA": "AAA", "CHN": "BBB", "VNM": "CCC", "XSE": "DDD"}
    table = results.headline.replace(dict.fromkeys(("economy", "importer", "exporter"), names))
    own = replace(
        results,
        headline=table,
        packages=None,
        alone=None,
        choices=None,
        drivers=None,
        economy_names={},
        employment={},
    )
    assert own.principals == ("BBB", "CCC")
    text = render_report(own, figures(own))
    assert "CCC" in text
