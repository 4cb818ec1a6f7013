"""How are files written so that they are either whole or not there?

A file is written beside its place and moved there in one step. A folder of results is built
under a hidden name next to its place; what an earlier run left stays until the new one is
complete, and stays for good when something goes wrong.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType

from detente.errors import OutputError

#: A folder that holds this was written by a run and may be replaced by the next.
MARK = "manifest.json"


def refused(path: Path, problem: OSError) -> OutputError:
    """The message for anything that keeps a file from being written."""
    return OutputError(
        f"{path}: cannot be written ({problem.strerror or problem}). Choose a folder that you "
        "may write to, with room on its disk; earlier results are untouched."
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file completely or not at all.

    Raises
    ------
    OutputError
        The folder cannot be written, or the disk is full; what was there before stays.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as problem:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise refused(path, problem) from problem


class Staged:
    """A folder that appears at its place complete, or not at all.

    Used as a context: write below :attr:`folder`, then call :meth:`publish`. Leaving without
    publishing removes what was written. The place is tested for writing at the start, so a
    long run does not end in a refusal.

    Parameters
    ----------
    place
        Where the folder shall be. If something is there, it must be empty or the result of an
        earlier run (it holds a manifest).

    Raises
    ------
    OutputError
        The place cannot be written, or holds something that is not ours.
    """

    def __init__(self, place: Path) -> None:
        self.place = Path(place)
        try:
            if self.place.exists() and not self.place.is_dir():
                raise OutputError(f"{self.place}: there is a file of this name; choose a folder.")
            if (
                self.place.is_dir()
                and any(self.place.iterdir())
                and not (self.place / MARK).is_file()
            ):
                raise OutputError(
                    f"{self.place}: the folder holds other files and no {MARK}, so it is not the "
                    "result of a run. Choose another folder with --out."
                )
            parent = self.place.absolute().parent
            parent.mkdir(parents=True, exist_ok=True)
            self.folder = Path(tempfile.mkdtemp(dir=parent, prefix=f".{self.place.name}."))
            self.folder.chmod(0o755)
        except OSError as problem:
            raise refused(self.place, problem) from problem

    def __enter__(self) -> Staged:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name: str, content: bytes | str) -> Path:
        """One file below the folder."""
        path = self.folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        except OSError as problem:
            raise refused(self.place, problem) from problem
        return path

    def publish(self) -> Path:
        """Put the folder at its place; an earlier run's goes only when the new one is there."""
        old = None
        try:
            if self.place.exists():
                old = Path(tempfile.mkdtemp(dir=self.folder.parent, prefix=f".{self.place.name}."))
                self.place.replace(old / "earlier")
            try:
                self.folder.replace(self.place)
            except OSError:
                if old is not None:
                    (old / "earlier").replace(self.place)
                raise
        except OSError as problem:
            raise refused(self.place, problem) from problem
        finally:
            if old is not None and self.place.exists():
                shutil.rmtree(old, ignore_errors=True)
        return self.place
