"""How does long work show that it is alive?

On a terminal: bars on the error stream. Otherwise: a line now and then, at each quarter of the
work, so that a log stays readable. Quiet: nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from detente.progress import SILENT, Listener


class Sparse(Listener):
    """Lines on the error stream: each step, and each quarter of counted work."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._quarter: dict[str, int] = {}

    def step(self, text: str) -> None:
        """One line with the seconds since the start."""
        print(f"[{time.monotonic() - self._started:6.1f} s] {text}", file=sys.stderr, flush=True)

    def count(self, text: str, done: int, total: int) -> None:
        """A line at each quarter."""
        quarter = 4 * done // total if total else 4
        if quarter > self._quarter.get(text, 0):
            self._quarter[text] = quarter
            self.step(f"{text}: {done} of {total}")

    def note(self, text: str) -> None:
        """A line of its own."""
        print(text, file=sys.stderr, flush=True)


class Bars(Listener):
    """Bars on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        self.bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task: Any = None
        self._text = ""

    def step(self, text: str) -> None:
        """A spinner with the text."""
        self._new(text, None)

    def count(self, text: str, done: int, total: int) -> None:
        """A bar with the share done."""
        if text != self._text:
            self._new(text, total)
        self.bars.update(self._task, completed=done, total=total)

    def note(self, text: str) -> None:
        """A line above the bars."""
        self.bars.console.print(text, highlight=False)

    def _new(self, text: str, total: int | None) -> None:
        if self._task is not None:
            self.bars.remove_task(self._task)
        self._text = text
        self._task = self.bars.add_task(text, total=total)


@contextmanager
def progress(quiet: bool) -> Iterator[Listener]:
    """Bars for a person, sparse lines for a log, nothing when quiet or nobody can read it."""
    if quiet or sys.stderr is None:
        yield SILENT
    elif sys.stderr.isatty():
        shown = Bars()
        with shown.bars:
            yield shown
    else:
        yield Sparse()
