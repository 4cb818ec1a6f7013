"""Who is told how far long work has come?"""

from __future__ import annotations

__all__ = ["SILENT", "Listener"]


class Listener:
    """Told how far long work has come; this one keeps it to itself.

    Whoever wants to hear something derives from it and says what to do with it.

    Examples
    --------
    >>> class Loud(Listener):
    ...     def count(self, text: str, done: int, total: int) -> None:
    ...         print(f"{text}: {done} of {total}")
    >>> Loud().step("a piece of work that nobody hears of")
    >>> Loud().count("draws", 3, 10)
    draws: 3 of 10
    """

    def step(self, text: str) -> None:
        """A new piece of work begins."""

    def count(self, text: str, done: int, total: int) -> None:
        """So much of a piece of work is done; it may end before its total is reached."""

    def note(self, text: str) -> None:
        """Something worth a line of its own."""


#: For work that nobody listens to.
SILENT = Listener()
