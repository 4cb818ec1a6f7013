"""How is finished work kept whole and found again?

A file is there whole or not at all (:func:`write_whole`), whoever is killed and whoever else is
writing. Long work keeps its finished pieces in a folder (:class:`Blocks`): the same work finds
them again by the hash of what it depends on (:func:`content_hash`), and a damaged piece is
noticed and computed again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import enum
import errno
import hashlib
import json
import math
import os
import tempfile
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from detente.errors import DamagedFileWarning, InputError, OutputError

__all__ = ["Block", "Blocks", "content_hash", "refused", "write_whole"]

#: Drafts are named so; one that is older than an hour was left by a writer that was killed.
DRAFT, ABANDONED_SECONDS = ".detente-", 3600.0
#: Begins every block; another number is another layout.
BLOCK_FORMAT = b"detente block 1 sha256 "
#: What arrays of a block may hold: floats, integers, truth values; little-endian on every machine.
BLOCK_TYPES = ("<f8", "<i8", "|b1")


def refused(path: Path, problem: OSError) -> OutputError:
    """The message for anything that keeps a file from being written."""
    return OutputError(
        f"{path}: cannot be written ({problem.strerror or problem}). Choose a folder that you "
        "may write to, with room on its disk; earlier results are untouched."
    )


def write_whole(path: str | Path, content: bytes) -> None:
    """Write a file completely or not at all; a link is kept and its target written.

    Raises
    ------
    OutputError
        The folder cannot be written, or the disk is full; what was there before stays.
    """
    path = Path(os.path.realpath(path))
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=DRAFT, suffix=".draft")
        draft = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(0o644)
        draft.replace(path)
    except OSError as problem:
        raise refused(path, problem) from problem
    finally:
        if draft is not None:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove drafts of writers that are gone."""
    for draft in folder.glob(f"{DRAFT}*.draft"):
        with contextlib.suppress(OSError):
            if time.time() - draft.stat().st_mtime > ABANDONED_SECONDS:
                draft.unlink()


def content_hash(*things: Any) -> str:
    """SHA-256 of the content of values, arrays, dataclasses and models; alike in every process.

    Of one text in bytes it is what `sha256sum` prints, so that a file's hash can be checked
    anywhere.

    Raises
    ------
    InputError
        Something among them has no content that could be hashed, such as a function.

    Examples
    --------
    >>> content_hash(1.0, "a") == content_hash(1.0, "a"), content_hash(1.0) == content_hash(1)
    (True, False)
    >>> content_hash(b"abc")[:8]
    'ba7816bf'
    """
    if len(things) == 1 and isinstance(things[0], bytes):
        return hashlib.sha256(things[0]).hexdigest()
    digest = hashlib.sha256()
    _feed(digest, "things", things)
    return digest.hexdigest()


def _feed(digest: Any, kind: str, thing: Any) -> None:
    """Add one value to a digest, its kind and length in front so that nothing runs together."""
    model_fields = getattr(type(thing), "model_fields", None)  # of a pydantic model
    if isinstance(thing, np.ndarray) and thing.dtype != object:
        array = np.ascontiguousarray(thing)
        _leaf(digest, f"array {array.dtype.str} {array.shape}", array.tobytes())
    elif isinstance(thing, np.ndarray):
        _feed(digest, f"array {thing.shape}", thing.tolist())
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        fields = {f.name: getattr(thing, f.name) for f in dataclasses.fields(thing)}
        _feed(digest, type(thing).__name__, fields)
    elif isinstance(model_fields, Mapping):
        fields = {name: getattr(thing, name) for name in model_fields}
        _feed(digest, type(thing).__name__, fields)
    elif isinstance(thing, enum.Enum):
        _leaf(digest, type(thing).__name__, thing.name.encode())
    elif isinstance(thing, Mapping):
        pairs = sorted((content_hash(key), value) for key, value in thing.items())
        _leaf(digest, f"{kind} mapping", str(len(pairs)).encode())
        for key, value in pairs:
            _leaf(digest, "key", key.encode())
            _feed(digest, "value", value)
    elif isinstance(thing, (set, frozenset)):
        _leaf(digest, f"{kind} set", "".join(sorted(map(content_hash, thing))).encode())
    elif isinstance(thing, (list, tuple)):
        _leaf(digest, f"{kind} sequence", str(len(thing)).encode())
        for item in thing:
            _feed(digest, "item", item)
    elif thing is None or isinstance(
        thing, (str, bytes, bool, int, float, complex, np.generic, dt.date, Path)
    ):
        _leaf(digest, type(thing).__name__, repr(thing).encode("utf-8", "surrogatepass"))
    else:
        raise InputError(f"content_hash: no rule for a {type(thing).__name__}.")


def _leaf(digest: Any, kind: str, content: bytes) -> None:
    head = kind.encode()
    digest.update(b"%d %d " % (len(head), len(content)) + head + content)


@dataclasses.dataclass(frozen=True)
class Block:
    """One finished piece of work.

    Attributes
    ----------
    arrays
        Its numbers by name.
    about
        Whatever else JSON can say.
    """

    arrays: Mapping[str, np.ndarray]
    about: Any = None


class Blocks:
    """Finished pieces of long work, each in a file of its own.

    Any number of processes may read and write the same folder at once. A block is replaced in
    one step; one that is damaged is named in a warning, removed, and missing from then on.

    Parameters
    ----------
    folder
        Made if absent; None keeps nothing.
    work
        Name of the work; file names begin with it.
    key
        From :func:`content_hash`: everything that the pieces depend on. Pieces of work with
        another key lie in files of their own.

    Raises
    ------
    OutputError
        The folder cannot be made or written: said before the work begins.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Blocks(folder, "war", content_hash("a world")).write("state", {"x": np.ones(2)})
    ...     found = Blocks(folder, "war", content_hash("a world")).read("state")
    ...     print(found.arrays["x"], Blocks(folder, "war", content_hash("another")).read("state"))
    [1. 1.] None
    """

    def __init__(self, folder: str | Path | None, work: str, key: str) -> None:
        self.folder = None if folder is None else Path(folder)
        self.key = key
        self._stem = f"{work}-{key[:16]}-"
        if self.folder is not None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                if not os.access(self.folder, os.W_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            except OSError as problem:
                raise refused(self.folder, problem) from problem

    def names(self) -> list[str]:
        """Names of all blocks that are there."""
        if self.folder is None:
            return []
        found = self.folder.glob(f"{self._stem}*.block")
        return sorted(path.name.removeprefix(self._stem).removesuffix(".block") for path in found)

    def write(self, name: str, arrays: Mapping[str, np.ndarray], about: Any = None) -> None:
        """Keep a block: it is on the disk, whole, when this returns.

        Raises
        ------
        OutputError
            The folder cannot be written; what was kept before stays.
        """
        if self.folder is None:
            return
        try:
            write_whole(self._path(self.folder, name), packed(self.key, Block(arrays, about)))
        except OutputError as problem:
            raise OutputError(
                f"{problem} What was finished before is kept, and the same call goes on from there."
            ) from problem

    def read(self, name: str) -> Block | None:
        """A block that was kept; None where there is none, or none that is whole."""
        if self.folder is None:
            return None
        path = self._path(self.folder, name)
        try:
            return unpacked(self.key, path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, MemoryError, OverflowError, ValueError, RecursionError) as problem:
            warnings.warn(
                f"{path}: damaged ({str(problem)[:60]}); what it held is computed again.",
                DamagedFileWarning,
                stacklevel=2,
            )
            self.drop(name)
            return None

    def drop(self, name: str) -> None:
        """Forget a block."""
        if self.folder is not None:
            with contextlib.suppress(OSError):
                self._path(self.folder, name).unlink(missing_ok=True)

    def _path(self, folder: Path, name: str) -> Path:
        return folder / f"{self._stem}{name}.block"


def packed(key: str, block: Block) -> bytes:
    """A block as bytes: format and hash, a line of JSON, the arrays one after the other."""
    kinds = {"f": "<f8", "i": "<i8", "u": "<i8", "b": "|b1"}
    arrays = {n: np.asarray(a) for n, a in block.arrays.items()}
    arrays = {n: np.ascontiguousarray(a, dtype=kinds[a.dtype.kind]) for n, a in arrays.items()}
    head = {
        "key": key,
        "arrays": [[n, a.dtype.str, list(np.shape(block.arrays[n]))] for n, a in arrays.items()],
        "about": block.about,
    }
    rest = b"\n".join([json.dumps(head).encode(), b"".join(a.tobytes() for a in arrays.values())])
    return BLOCK_FORMAT + content_hash(rest).encode() + b"\n" + rest


def unpacked(key: str, content: bytes) -> Block:
    """The block in `content`; ValueError says why it is none."""
    first, _, rest = content.partition(b"\n")
    if first != BLOCK_FORMAT + content_hash(rest).encode():
        raise ValueError("its hash is not that of its content")
    line, _, body = rest.partition(b"\n")
    match json.loads(line):
        case {"key": str(of), "arrays": list(listed), "about": about} if of == key:
            pass
        case _:
            raise ValueError("its header is not that of this work")
    arrays: dict[str, np.ndarray] = {}
    start = 0
    for entry in listed:
        match entry:
            case [str(name), str(kind), list(shape)] if kind in BLOCK_TYPES and all(
                type(size) is int and size >= 0 for size in shape
            ):
                count = math.prod(shape)
            case _:
                raise ValueError("its header lists something that is no array")
        if count * np.dtype(kind).itemsize > len(body) - start:
            raise ValueError("its header claims more than it holds")
        found = np.frombuffer(body, kind, count, start) if count else np.empty(0, kind)
        arrays[name] = found.reshape(shape).astype(found.dtype.newbyteorder("="))
        start += found.nbytes
    if start != len(body):
        raise ValueError("it holds more than its header says")
    return Block(arrays, about)
