"""How are finished draws kept, so that none is lost or half-written?"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import enum
import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from detente.errors import DataFileError, InputError, OutputError

__all__ = ["DrawStore", "content_hash"]

MANIFEST = "manifest.json"
FORMAT = 1

#: One finished draw: arrays by name, or the reason why there are none.
DrawResult = tuple[dict[str, np.ndarray], dict[str, str]]


def content_hash(*things: Any) -> str:
    """SHA-256 of the content of values, arrays and dataclasses; the same in every process.

    Examples
    --------
    >>> content_hash(1.0, "a") == content_hash(1.0, "a"), content_hash(1.0) == content_hash(2.0)
    (True, False)
    """
    digest = hashlib.sha256()
    for thing in things:
        _feed(digest, thing)
    return digest.hexdigest()


def _feed(digest: Any, thing: Any) -> None:
    """Add one value to a digest, with its kind in front so that nothing runs together."""
    if isinstance(thing, np.ndarray):
        array = np.ascontiguousarray(thing)
        digest.update(f"array {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        digest.update(f"object {type(thing).__name__}".encode())
        for field in dataclasses.fields(thing):
            digest.update(field.name.encode())
            _feed(digest, getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        digest.update(f"mapping {len(thing)}".encode())
        for key in sorted(thing, key=str):
            _feed(digest, key)
            _feed(digest, thing[key])
    elif isinstance(thing, (set, frozenset)):
        _feed(digest, sorted(thing, key=str))
    elif isinstance(thing, (list, tuple)):
        digest.update(f"sequence {len(thing)}".encode())
        for item in thing:
            _feed(digest, item)
    elif isinstance(thing, enum.Enum):
        digest.update(f"{type(thing).__name__}.{thing.name}".encode())
    elif thing is None or isinstance(
        thing, (str, bytes, bool, int, float, complex, np.generic, dt.date, Path)
    ):
        digest.update(f"{type(thing).__name__} {thing!r}".encode())
    else:
        raise InputError(f"content_hash: no rule for a {type(thing).__name__}.")


class DrawStore:
    """A folder of finished draws: a manifest and blocks, each written whole or not at all.

    Parameters
    ----------
    folder
        Made if absent.
    key
        Hash of everything that the draws depend on but their number.
    facts
        What a reader of the folder should know; written into the manifest.

    Raises
    ------
    InputError
        The folder holds draws of something else.
    DataFileError
        The manifest or a block cannot be read.
    OutputError
        The folder cannot be written.
    """

    def __init__(self, folder: str | Path, key: str, facts: Mapping[str, Any]) -> None:
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{self.folder}: cannot be made ({error.strerror or error}). Name another folder."
            ) from error
        manifest = self.folder / MANIFEST
        if manifest.exists():
            self._check(manifest, key)
        else:
            text = json.dumps({"format": FORMAT, "key": key, **facts}, indent=1, sort_keys=True)
            self._write(manifest, text.encode())

    def _check(self, manifest: Path, key: str) -> None:
        try:
            found = json.loads(manifest.read_text(encoding="utf-8"))
            same = found["key"] == key and found["format"] == FORMAT
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataFileError(
                f"{manifest}: cannot be read ({error}). Name another folder, or delete this one."
            ) from error
        if not same:
            raise InputError(
                f"{self.folder} holds draws of something else (another world, package, "
                "specification, seed or rule for the parameters). Name another folder."
            )

    def finished(self) -> dict[int, DrawResult]:
        """Every draw that the folder holds."""
        out: dict[int, DrawResult] = {}
        for path in sorted(self.folder.glob("draws-*.npz")):
            try:
                with path.open("rb") as stream, np.load(stream, allow_pickle=False) as block:
                    content = {name: block[name] for name in block.files}
                reasons = json.loads(str(content.pop("reasons")))
                for row, draw in enumerate(content.pop("draw")):
                    values = {name.removeprefix("v:"): v[row] for name, v in content.items()}
                    out[int(draw)] = (values, reasons[row])
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
                raise DataFileError(
                    f"{path}: damaged ({error}). Delete this file: its draws are computed again."
                ) from error
        return out

    def add(self, draws: Sequence[int], results: Iterable[DrawResult]) -> None:
        """Keep some finished draws; they are on the disk, whole, when this returns."""
        rows = list(results)
        names = sorted({name for values, _ in rows for name in values})
        shapes = {n: next(v[n].shape for v, _ in rows if n in v) for n in names}
        arrays: dict[str, Any] = {
            "v:" + n: np.stack([v.get(n, np.full(shapes[n], np.nan)) for v, _ in rows])
            for n in names
        }
        arrays["draw"] = np.asarray(draws)
        arrays["reasons"] = np.asarray(json.dumps([reason for _, reason in rows]))
        path = self.folder / f"draws-{min(draws):06d}-{max(draws):06d}-{len(draws)}.npz"
        temporary = path.with_suffix(".part")
        try:
            with temporary.open("wb") as stream:
                np.savez_compressed(stream, **arrays)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError as error:
            self._give_up(temporary, path, error)

    def _write(self, path: Path, content: bytes) -> None:
        temporary = path.with_suffix(".part")
        try:
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError as error:
            self._give_up(temporary, path, error)

    def _give_up(self, temporary: Path, path: Path, error: OSError) -> None:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}). What was finished before is "
            "kept; free some space or name another folder, and the same call goes on from there."
        ) from error
