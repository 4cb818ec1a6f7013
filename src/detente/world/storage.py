"""How is a world kept in files, and how does it come back unaltered?"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sized
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.data.files import read_file, verified_bytes
from detente.errors import DataFileError, WorldError
from detente.store import content_hash, write_whole
from detente.world.accounts import AXES
from detente.world.cleaning import Repair
from detente.world.descriptor import LARGEST, REMEDY, SCHEMA, described, read_descriptor
from detente.world.elasticities import elasticities_of
from detente.world.model import World

__all__ = ["load_world_from_files", "save_world"]

#: Largest file of arrays, in bytes: the largest world that there can be, not packed.
MOST_BYTES = 300_000_000

REWRITE = "Write the world again with save_world."
RESTORE = "Restore the file from where it was made, or write the world again."

#: Begins an array in NumPy's format 1.0; its header as NumPy writes it.
_MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(
    rb"\{'descr': '<f8', 'fortran_order': False, 'shape': \(([\d, ]{1,60})\), \} *\n"
)
#: What reading a damaged archive raises.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
    OverflowError,
    struct.error,
)
#: Fields of a world that the descriptor keeps as text or numbers.
_PLAIN = ("market_structure", "closure", "currency", "year", "elasticity_set", "is_consistent")


def packed(arrays: Mapping[str, FloatArray]) -> bytes:
    """A compressed .npz whose bytes depend on the arrays alone, not on the clock."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            inner = io.BytesIO()
            np.lib.format.write_array(
                inner, np.ascontiguousarray(array, dtype="<f8"), version=(1, 0)
            )
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, inner.getvalue())
    return buffer.getvalue()


def axis_lengths(economies: Sized, sectors: Sized) -> dict[str, int]:
    """Length of every axis of a world's arrays."""
    n, j = len(economies), len(sectors)
    return {"importer": n, "exporter": n, "economy": n, "sector": j, "input": j}


def unpacked(content: bytes, lengths: Mapping[str, int], path: Path) -> dict[str, FloatArray]:
    """The arrays of a .npz, nothing unpacked that is larger than the labels say.

    Parameters
    ----------
    content
        The archive.
    lengths
        Of each axis, see :func:`axis_lengths`.
    path
        Where it comes from, for messages.

    Raises
    ------
    DataFileError
        No archive; an array that no world has, has twice, or in another type or shape.
    """
    shapes = {name: tuple(lengths[axis] for axis in axes) for name, axes in AXES.items()}
    out: dict[str, FloatArray] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                name = entry.filename.removesuffix(".npy")
                if name not in shapes or name in out:
                    raise DataFileError(
                        f'{path}: holds an array "{name[:60]}" that a world does not have, or '
                        f"twice. {REWRITE}"
                    )
                out[name] = _array_of(archive, entry, shapes[name], path)
    except _DAMAGED:
        raise DataFileError(f"{path}: not a readable .npz archive. {REWRITE}") from None
    return out


def _array_of(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shape: tuple[int, ...], path: Path
) -> FloatArray:
    """One array, its header compared with the shape that it must have before it is read."""
    size = 8 * math.prod(shape)
    with archive.open(entry) as stream:
        start = stream.read(len(_MAGIC) + 2)
        header = stream.read(int.from_bytes(start[-2:], "little"))
        found = _HEADER.fullmatch(header)
        said = found and tuple(int(k) for k in found[1].split(b",") if k.strip())
        if not start.startswith(_MAGIC) or said != shape:
            raise DataFileError(
                f"{path}: {entry.filename} is no array of {' x '.join(map(str, shape))} float64 "
                f"numbers. {REWRITE}"
            )
        body = stream.read(size + 1)
    if len(body) != size:
        raise DataFileError(f"{path}: {entry.filename} holds more or fewer numbers. {REWRITE}")
    return np.frombuffer(body, dtype="<f8").reshape(shape)


def _json(value: Any) -> Any:
    """JSON for what a frozen descriptor may hold."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a descriptor cannot hold {type(value).__name__}")


def descriptor_bytes(descriptor: Mapping[str, Any]) -> bytes:
    """A descriptor as JSON text, one line for each short list."""
    try:
        text = json.dumps(descriptor, indent=1, ensure_ascii=False, default=_json, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as problem:
        raise WorldError(
            f"the descriptor of a world holds what JSON cannot: {str(problem)[:100]}."
        ) from None
    return (text + "\n").encode("utf-8")


def save_world(world: World, path: str | Path) -> Path:
    """Write a world as two files: NAME.json (its descriptor) and the arrays, NAME.npz.

    A world that stands there already is replaced at once when the new descriptor is complete: it
    names the arrays, and new arrays are written under another name (NAME-HASH.npz) before.

    Parameters
    ----------
    path
        Where to: with or without the ending .json; the folder is made if absent.

    Returns
    -------
    The path of the descriptor, which :func:`detente.world.load_world` takes.

    Raises
    ------
    WorldError, DataFileError
        Papers of the world that no file can hold: a name of a thousand letters, a repair whose
        size is no number.
    OutputError
        The folder cannot be made or written, or the disk is full; what was there stays.
    """
    json_path = descriptor_path(path)
    arrays = {name: getattr(world, name) for name in AXES if getattr(world, name, None) is not None}
    content = packed(arrays)
    before = _named_arrays(json_path)
    npz_path = _free_name(json_path, content)
    descriptor = dict(world.descriptor) | {
        "schema": SCHEMA,
        "name": world.name,
        **{name: getattr(world, name) for name in _PLAIN},
        "economies": list(world.economies),
        "sectors": list(world.sectors),
        "goods": list(world.goods),
        "economy_names": dict(world.economy_names),
        "sector_names": dict(world.sector_names),
        "groups": {code: list(members) for code, members in world.groups.items()},
        "repairs": [asdict(repair) for repair in world.repairs],
        "arrays": {"path": npz_path.name, "sha256": content_hash(content), "bytes": len(content)},
    }
    paper = descriptor_bytes(descriptor)
    read_descriptor(paper, json_path)  # what is written can be read
    write_whole(npz_path, content)
    write_whole(json_path, paper)
    if before is not None and before != npz_path:
        with contextlib.suppress(OSError):
            before.unlink()
    return json_path


def _named_arrays(json_path: Path) -> Path | None:
    """The arrays that the descriptor in place names, if there is one."""
    try:
        descriptor = read_descriptor(read_file(json_path, LARGEST, REMEDY), json_path)
    except DataFileError:
        return None
    return json_path.with_name(descriptor["arrays"]["path"])


def _free_name(json_path: Path, content: bytes) -> Path:
    """Where arrays can be written without harm to those that a descriptor names now."""
    plain = json_path.with_suffix(".npz")
    if not os.path.isfile(plain) or plain.read_bytes() == content:
        return plain
    return json_path.with_name(f"{json_path.stem}-{content_hash(content)[:12]}.npz")


def world_from_stored(
    descriptor: Mapping[str, Any],
    arrays: Mapping[str, FloatArray],
    elasticities: str | None = None,
    where: str = "",
) -> World:
    """A checked world from its descriptor and its arrays.

    Arrays that follow from others (final shares, transfers, value-added shares) may be absent;
    elasticities may come from a named set of the descriptor.
    """
    paper = described(descriptor, where)
    given = dict(arrays)
    for name in ("sales", "input_share"):
        if name not in given:
            raise DataFileError(f'{where}: holds no array "{name}".')
    set_name = paper.elasticity_set
    if elasticities is not None or "trade_elasticity" not in given:
        set_name = set_name if elasticities is None else elasticities
        theta, psi = elasticities_of(descriptor, set_name, paper.sectors, where)
        given |= {"trade_elasticity": theta, "scale_elasticity": psi}
    fields: dict[str, Any] = dict(given)
    return World.from_arrays(
        paper.economies,
        paper.sectors,
        **fields,
        market_structure=paper.market_structure,
        closure=paper.closure,
        accounts="exact" if paper.is_consistent else "shares",
        name=paper.name,
        currency=paper.currency,
        year=paper.year,
        goods=paper.goods,
        economy_names=paper.economy_names,
        sector_names=paper.sector_names,
        groups=paper.groups,
        elasticity_set=set_name,
        repairs=[Repair(**repair.model_dump()) for repair in paper.repairs],
        descriptor=descriptor,
    )


def descriptor_path(path: str | Path) -> Path:
    """NAME.json of a world file, whichever of its two files is named, or none.

    Examples
    --------
    >>> descriptor_path("mine").name, descriptor_path("mine.npz").name
    ('mine.json', 'mine.json')
    """
    given = Path(path)
    stem = given.name.removesuffix(".json").removesuffix(".npz")
    if not stem or "\0" in str(given):
        raise DataFileError(f"{str(given)[:60]!r}: names no file of a world. {REMEDY}")
    return given.with_name(f"{stem}.json")


def load_world_from_files(path: str | Path, elasticities: str | None = None) -> World:
    """A world that :func:`save_world` wrote.

    Parameters
    ----------
    path
        The descriptor, NAME.json; NAME.npz lies beside it.
    elasticities
        A named set of the descriptor instead of the stored elasticities.

    Raises
    ------
    DataFileError
        A file is absent, truncated or altered: named, with both hashes; or it is no world.
    """
    json_path = descriptor_path(path)
    descriptor = read_descriptor(read_file(json_path, LARGEST, REMEDY), json_path)
    arrays_entry = descriptor["arrays"]
    npz_path = json_path.with_name(arrays_entry["path"])
    content = verified_bytes(npz_path, arrays_entry["sha256"], RESTORE, MOST_BYTES)
    lengths = axis_lengths(descriptor["economies"], descriptor["sectors"])
    arrays = unpacked(content, lengths, npz_path)
    return world_from_stored(descriptor, arrays, elasticities, where=str(json_path))
