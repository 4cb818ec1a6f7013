"""How is finished work kept whole and found again?

A file is there whole or not at all (:func:`write_whole`), whoever is killed and whoever else is
writing. Long work keeps its finished pieces in a folder (:class:`Blocks`): the same work finds
them again by the hash of what it depends on (:func:`content_hash`), and a damaged piece is
noticed and computed again. What a command has to show it publishes into a folder, all of it or
nothing (:class:`ResultFolder`).
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
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import DamagedFileWarning, InputError, OutputError, named, shortened

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "MANIFEST",
    "Block",
    "Blocks",
    "ResultFolder",
    "content_hash",
    "manifest_of",
    "write_whole",
]

#: Drafts are named so; one that is older than an hour was left by a writer that was killed.
DRAFT, ABANDONED_SECONDS = ".detente-", 3600.0
#: Begins every block; another number is another layout.
BLOCK_FORMAT = b"detente block 1 sha256 "
#: What arrays of a block may hold: floats, integers, truth values; little-endian on every machine.
BLOCK_TYPES = ("<f8", "<i8", "|b1")

#: Says which files each command wrote into a folder of results; moved to its place last.
MANIFEST = "manifest.json"
#: Where a publication is prepared, inside the folder; there only while one is under way.
WORK, JOURNAL = ".detente", "journal.json"
#: A longer manifest or journal is none of ours, in bytes.
LARGEST_RECORD = 10_000_000
#: How long one publication waits for another.
PATIENCE_SECONDS = 60.0


def refused(path: Path, problem: OSError) -> OutputError:
    """The message for anything that keeps a file from being written."""
    return OutputError(
        f"{named(path)}: cannot be written ({problem.strerror or problem}). Choose a folder that "
        "you may write to, with room on its disk; earlier results are untouched."
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
    import numpy as np  # not for a hash of bytes, which is all that a start needs

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
    >>> import numpy as np
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
                f"{path}: damaged ({shortened(problem)}); what it held is computed again.",
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
    import numpy as np

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
    import numpy as np

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


class ResultFolder:
    """A folder into which commands publish their results, each its own files and nobody else's.

    The manifest lists what each command wrote, with the hash of each file. A command replaces
    what the list gives, takes away what it wrote earlier and does not write now, and leaves
    everything else alone; a file in its way that is not on the list, or has changed since, is
    refused by name. All files are laid down in a hidden folder first, then a journal, then each
    is moved to its place in one step: whoever opens the folder after a kill finishes the journal
    that is there, or removes what had no journal yet. One process at a time does so.

    Parameters
    ----------
    place
        Where the results shall be; made if absent. The target of a link, if it is one.
    writer
        Which command writes, such as "run" or "war".
    names
        Files that will surely be written, so that a refusal comes before the work.

    Raises
    ------
    OutputError
        The place cannot be written, or holds something that is in the way.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as place:
    ...     for files in ({"report.html": "first", "old.csv": "1"}, {"report.html": "second"}):
    ...         path = ResultFolder(place, "run").publish(files, {"seed": 3})
    ...     print(sorted(file.name for file in path.iterdir()))
    ['manifest.json', 'report.html']
    """

    def __init__(self, place: str | Path, writer: str, names: Iterable[str] = ()) -> None:
        self.place, self.writer = Path(place), writer
        self._real = Path(os.path.realpath(place))
        self._work = self._real / WORK
        if os.path.exists(self._real) and not os.path.isdir(self._real):
            raise OutputError(f"{named(place)}: there is a file of this name; choose a folder.")
        with self._held():
            own = self._listed().get(writer, {})
            self._refuse_what_is_in_the_way(dict.fromkeys([*own, *names, MANIFEST], ""))

    def publish(
        self,
        files: Mapping[str, str | bytes],
        about: Mapping[str, Any] | None = None,
        *,
        outdated: Iterable[str] = (),
    ) -> Path:
        """Put files in their places, all of them or, until the next call, none.

        Parameters
        ----------
        files
            Contents by name below the folder.
        about
            What the manifest says beside its list of files; what it said before if left out.
        outdated
            Commands whose files were made of this one's, such as exports: they go with them.

        Raises
        ------
        OutputError
            The place cannot be written, or holds something that is in the way.
        """
        contents = {n: c.encode() if isinstance(c, str) else c for n, c in files.items()}
        if wrong := [name for name in contents if not _is_inside(name) or name == MANIFEST]:
            raise InputError(f'"{shortened(wrong[0])}" is no name for a file of results.')
        hashes = {name: content_hash(content) for name, content in contents.items()}
        with self._held():
            self._refuse_what_is_in_the_way({**hashes, MANIFEST: ""})
            listed = self._listed()
            ours = [listed.pop(name, {}) for name in (self.writer, *outdated)]
            others = {w: {n: h for n, h in o.items() if n not in hashes} for w, o in listed.items()}
            said = _read_record(self._real / MANIFEST) or {} if about is None else dict(about)
            said["files"] = {w: o for w, o in others.items() if o} | {self.writer: hashes}
            text = json.dumps(said, indent=2, ensure_ascii=False, default=str)
            gone = {name: h for own in ours for name, h in own.items() if name not in hashes}
            for name, content in {**contents, MANIFEST: text.encode()}.items():
                draft = self._work / "new" / name
                draft.parent.mkdir(parents=True, exist_ok=True)
                draft.write_bytes(content)
            journal = {"put": {**hashes, MANIFEST: ""}, "gone": gone}
            write_whole(self._work / JOURNAL, json.dumps(journal).encode())
            self._settle()
        return self.place

    def _listed(self) -> dict[str, dict[str, str]]:
        """Which files each command wrote, with their hashes."""
        record = _read_record(self._real / MANIFEST)
        return record["files"] if record else {}

    def _refuse_what_is_in_the_way(self, names: Mapping[str, str]) -> None:
        """Refuse to write over files that are neither on the list nor what will be written."""
        known = {name: h for own in self._listed().values() for name, h in own.items()}
        wrong = []
        for name, wanted in names.items():
            path = self._real / name
            below = [self._real / p for p in list(Path(name).parents)[-2::-1]]
            if strange := [p for p in below if os.path.lexists(p) and not _is_plain(p, "folder")]:
                wrong.append(strange[0].relative_to(self._real).as_posix())
            elif os.path.lexists(path) and not (
                _is_plain(path, "file")
                and (
                    _read_record(path) is not None
                    if name == MANIFEST
                    else _file_hash(path) in (known.get(name), wanted)
                )
            ):
                wrong.append(name)
        if wrong := list(dict.fromkeys(wrong)):
            rest = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
            raise OutputError(
                f"{named(self.place)}: {', '.join(wrong[:3])}{rest} would be overwritten, and no "
                "run wrote it or it has changed since. Move it away, or choose another with --out."
            )

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        """The folder to oneself, with whatever an earlier process left undone finished."""
        fresh = not os.path.exists(self._real)
        try:
            if os.path.lexists(self._work) and not _is_plain(self._work, "folder"):
                raise OutputError(f"{self.place / WORK} is no folder of ours. Remove it.")
            self._real.mkdir(parents=True, exist_ok=True)
            with _locked(self._work / "lock"):
                self._settle()
                try:
                    yield
                finally:
                    self._settle()
        except OSError as problem:
            raise refused(self.place, problem) from problem
        finally:
            if fresh:
                with contextlib.suppress(OSError):
                    self._real.rmdir()  # only if nothing is in it

    def _settle(self) -> None:
        """Finish the publication whose journal is there; remove what has none."""
        new = self._work / "new"
        journal = _read_json(self._work / JOURNAL)
        match journal:
            case {"put": dict(put), "gone": dict(gone)} if all(map(_is_inside, [*put, *gone])):
                self._refuse_what_is_in_the_way(put)
                for name in put:
                    if (new / name).exists():
                        (self._real / name).parent.mkdir(parents=True, exist_ok=True)
                        (new / name).replace(self._real / name)
                for name, was in gone.items():
                    path = self._real / name
                    if _is_plain(path, "file") and _file_hash(path) == was:
                        path.unlink()
                        with contextlib.suppress(OSError):
                            path.parent.rmdir()  # only if it was the last one
                (self._work / JOURNAL).unlink()
        for left in self._work.iterdir():
            if left.name != "lock":
                shutil.rmtree(left) if _is_plain(left, "folder") else left.unlink()


def manifest_of(place: str | Path) -> dict[str, Any] | None:
    """What the manifest of a folder of results says; None where there is none.

    A publication that a kill cut off is finished first, where the folder can be written.
    """
    if os.path.exists(Path(place) / WORK):
        with contextlib.suppress(OutputError):
            ResultFolder(place, "reader")
    said = _read_json(Path(place) / MANIFEST)
    return said if isinstance(said, dict) else None


def _is_plain(path: Path, kind: str) -> bool:
    """Whether a file or folder is there, and is no link."""
    return not path.is_symlink() and (path.is_file() if kind == "file" else path.is_dir())


def _file_hash(path: Path) -> str:
    """The hash of a file's content, however large it is."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_inside(name: object) -> bool:
    """Whether a name is that of a file below a folder of results."""
    if not isinstance(name, str) or len(name) > 255 or any(c in name for c in "\\:\0"):
        return False
    parts = name.split("/")
    return not {"", ".", ".."} & set(parts) and parts[0] != WORK


def _read_json(path: Path) -> Any:
    """What a small file says; None where there is none that can be read."""
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST_RECORD:
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _read_record(path: Path) -> dict[str, Any] | None:
    """A manifest that lists the files of commands; None where there is none."""
    match _read_json(path):
        case {"files": dict(files)} as record if all(
            isinstance(own, dict)
            and all(_is_inside(n) and isinstance(h, str) for n, h in own.items())
            for own in files.values()
        ):
            return dict(record)
    return None


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file; it and its folder go with the last holder.

    A lock of a process that was killed is free. Where a file system has no locks, none is held.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        # the folder may go, or come, at any moment: whoever held the lock before takes it away
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            with contextlib.suppress(FileNotFoundError):
                if _taken(handle) and os.path.samestat(os.fstat(handle), os.stat(path)):
                    break
            os.close(handle)
        if time.monotonic() > until:
            raise OutputError(
                f"{path.parent.parent}: another run has been writing there for "
                f"{PATIENCE_SECONDS:.0f} seconds. Wait for it, or choose another folder."
            )
        time.sleep(0.01)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
            path.parent.rmdir()  # unless a publication is left to be finished
        os.close(handle)


def _taken(handle: int) -> bool:
    """Whether the lock of a file is ours now."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # no locks on this file system
    return True
