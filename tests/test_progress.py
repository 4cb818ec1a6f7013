"""Does whoever listens hear of all work, and nobody else?"""

from __future__ import annotations

import sys

import pytest

from detente.cli.progress import Bars, Sparse, progress
from detente.equilibrium import solve_batch
from detente.measures import Shock
from detente.progress import SILENT, Listener
from detente.world import World


class Heard(Listener):
    def __init__(self) -> None:
        self.counts: list[tuple[str, int, int]] = []

    def count(self, text: str, done: int, total: int) -> None:
        self.counts.append((text, done, total))


def test_a_listener_hears_what_it_asks_for() -> None:
    world = World.from_arrays(
        ["HOM", "FOR"], ["goods"], sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4
    )
    heard = Heard()
    solve_batch(world, [Shock.none(world)] * 3, workers=1, listener=heard)
    assert heard.counts == [("problems", k, 3) for k in (1, 2, 3)]
    heard.step("nobody asked for steps")
    heard.note("nor for notes")


def test_the_terminal_is_told_as_suits_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with progress(quiet=True) as show:
        assert show is SILENT
    with progress(quiet=False) as show:
        assert isinstance(show, Sparse)
        show.step("solving")
        for done in range(9):
            show.count("draws", done, 8)
        show.note("a line of its own")
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert [line.split("] ")[-1] for line in lines] == [
        "solving",
        "draws: 2 of 8",
        "draws: 4 of 8",
        "draws: 6 of 8",
        "draws: 8 of 8",
        "a line of its own",
    ]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress(quiet=False) as show:
        assert isinstance(show, Bars)
        show.step("solving")
        show.count("draws", 1, 2)
        show.note("above the bars")


def test_a_closed_error_stream_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with progress(quiet=False) as show:
        show.step("nobody can read this")
