"""What does a run keep when it is stopped?"""

from __future__ import annotations

import pytest

from detente.case import parse_case
from detente.progress import Listener
from detente.run.run import run_case

CASE = """
schema = 2
name = "small-war"
title = "A small war"
world = "icio-2022-small"

[[measure]]
id = "cars"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["electronics"]
rate = "+10 pp"
stacking = "add"
source = "an example"

[game]
threat = "trade war"
[[game.player]]
who = "USA"
[[game.player]]
who = "CHN"
[[game.strategy]]
on = "players"
by = "sector"
"""


@pytest.mark.parametrize("word", ["packages", "best reply", "trade war", "rounds of"])
def test_what_was_found_before_a_stop_is_kept(word: str) -> None:
    class Stopping(Listener):
        def step(self, text: str) -> None:
            if word in text:
                raise KeyboardInterrupt

        def count(self, text: str, done: int, total: int) -> None:
            self.step(text)

    done = run_case(parse_case(CASE), ranges=False, listener=Stopping())
    assert done.stopped
    assert len(done.results.headline)
    assert done.results.war is None
    assert done.results.problems
