"""How is interrupted work taken up again?

A search that runs for minutes writes where it stands into a folder, whole or not at all; the next
call with the same problem goes on from there.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.errors import OutputError
from detente.games.arena import Arena
from detente.games.strategies import StrategySpace
from detente.uncertainty.storage import content_hash

__all__ = ["Diary", "fingerprint"]


def fingerprint(arena: Arena, spaces: Sequence[StrategySpace], *more: Any) -> str:
    """What makes a search the same search: world, measures, specification, rates, objectives."""
    world = arena.world
    return content_hash(
        world.economies,
        world.sectors,
        world.sales,
        world.tariff,
        world.trade_elasticity,
        world.value_added_share,
        arena.specification,
        *([] if arena.standing is None else [arena.standing.sales_prime]),
        [[vars(r) for r in s.rates] for s in spaces],
        [(s.scale, s.lower, s.upper) for s in spaces],
        *more,
    )


class Diary:
    """A folder that remembers how far a search has come; without a folder, nothing.

    Parameters
    ----------
    folder
        Where to write; made when it is missing.
    name
        Name of the search.
    mark
        From :func:`fingerprint`: an entry with another mark is not read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Diary(folder, "war", "abc").write(3, np.ones(2))
    ...     print(Diary(folder, "war", "abc").read(), Diary(folder, "war", "other").read())
    (3, array([1., 1.])) None
    """

    def __init__(self, folder: str | Path | None, name: str, mark: str) -> None:
        self.file = None if folder is None else Path(folder) / f"{name}.npz"
        self.mark = mark

    def write(self, rounds: int, x: FloatArray) -> None:
        """Replace the entry in one step.

        Raises
        ------
        OutputError
            The folder cannot be written.
        """
        if self.file is None:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self.file.parent, suffix=".draft")
            with os.fdopen(handle, "wb") as out:
                np.savez(out, x=x, about=json.dumps({"mark": self.mark, "rounds": rounds}))
            os.replace(draft, self.file)
        except OSError as problem:
            raise OutputError(
                f"the state of the search cannot be kept in {self.file.parent} "
                f"({problem.strerror}). Choose another folder, or none."
            ) from None

    def read(self) -> tuple[int, FloatArray] | None:
        """Rounds done and the point reached; None where nothing fits."""
        if self.file is None or not self.file.exists():
            return None
        try:
            with np.load(self.file, allow_pickle=False) as kept:
                about = json.loads(str(kept["about"]))
                x = np.array(kept["x"])
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None
        return (int(about["rounds"]), x) if about.get("mark") == self.mark else None

    def close(self) -> None:
        """The search is done: nothing is left to resume."""
        if self.file is not None:
            self.file.unlink(missing_ok=True)
