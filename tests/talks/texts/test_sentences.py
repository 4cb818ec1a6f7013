"""Are sentences cut where they end, and headlines, datelines and footers kept apart?"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.talks.texts import blocks, split


def cut(text: str) -> list[str]:
    return [s.text for s in split(text)[0]]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Li met Gen. Zhang of the U.S. Army. They talked.", 2),
        ("President Joseph R. Biden, Jr. spoke today. He was brief.", 2),
        ("He left the U.S. The visit was short.", 2),
        ("The U.S. Treasury cut it by 2.5 percent. Fine.", 2),
        ("It began at 10 a.m. on Monday, i.e. early.", 1),
        ("“Why now?” she asked. No answer came!", 2),
        ("“We oppose this.” He added nothing.", 2),
        ("“We oppose it!” Wang said.", 1),
        ("Section 301(b) of Pub. L. 93-618 applies. So does No. 4.", 2),
        ("One… two. Three", 2),
    ],
)
def test_full_stops_that_end_no_sentence(text: str, count: int) -> None:
    assert len(cut(text)) == count


@given(st.text(alphabet="aB .!?“”\"'\nU.S-", max_size=80))
def test_nothing_is_lost_but_space(text: str) -> None:
    joined = " ".join(text.split())
    kept = "".join("".join(cut(joined)).split())
    assert kept == "".join(joined.split())


def test_a_quotation_goes_on_into_the_next_paragraph() -> None:
    first, left_open = split("“We came to talk. We stayed.")
    assert left_open
    assert [s.inside for s in first] == [False, True]
    second, left_open = split("“And we left,” he said. It rained.", left_open)
    assert not left_open
    assert [s.inside for s in second] == [True, False]


def test_what_is_no_sentence_is_kept_apart() -> None:
    text = """Talks End Without a Deal

BEIJING (Wire) — They met on Monday.

THE ROAD AHEAD

**CLOSING A LOOPHOLE:** Today, the order was signed.

- Tariffs fall
- Talks go on; no date is set

For more information, contact the press office.

###
"""
    found = [(b.kind, b.label, b.text) for b in blocks(text)]
    assert found == [
        ("headline", "", "Talks End Without a Deal"),
        ("text", "", "They met on Monday."),
        ("headline", "", "THE ROAD AHEAD"),
        ("text", "CLOSING A LOOPHOLE", "Today, the order was signed."),
        ("bullet", "", "Tariffs fall"),
        ("bullet", "", "Talks go on; no date is set"),
        ("footer", "", "For more information, contact the press office."),
        ("footer", "", "###"),
    ]


def test_lines_are_counted_and_folded() -> None:
    (first, second) = blocks("One line\nand its rest are here.\n\n\nAnother one stands below.")
    assert first.text == "One line and its rest are here."
    assert (first.line, second.line) == (1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "“" * 300_000,
        '"a. ' * 100_000,
        "x" * 1_000_000,
        "a " * 300_000,
        "[" * 300_000,
        "(a" * 200_000,
        "<b" * 200_000,
        "A.B." * 100_000,
        "*" * 300_000,
        "A " * 200_000 + ":",
    ],
    ids=[f"text {k}" for k in range(10)],
)
def test_hostile_text_takes_bounded_time(text: str) -> None:
    begun = time.perf_counter()
    for block in blocks(text):
        split(block.text)
    assert time.perf_counter() - begun < 10
