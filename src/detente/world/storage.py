"""How is a world kept in files, and how does it come back unaltered?"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.data.files import verified_bytes
from detente.errors import DataFileError
from detente.store import content_hash, write_whole
from detente.world.accounts import AXES
from detente.world.cleaning import Repair
from detente.world.elasticities import elasticities_of
from detente.world.model import OWN_UNITS, World

__all__ = ["load_world_from_files", "save_world"]

SCHEMA = 1
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


def unpacked(content: bytes, path: Path) -> dict[str, FloatArray]:
    """The arrays of a .npz; DataFileError when it is not one."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: np.asarray(archive[name], dtype=float) for name in archive.files}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile):
        raise DataFileError(
            f"{path}: not a readable .npz archive. Write the world again with save_world."
        ) from None


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
    text = json.dumps(descriptor, indent=1, ensure_ascii=False, default=_json, allow_nan=False)
    return (text + "\n").encode("utf-8")


def save_world(world: World, path: str | Path) -> Path:
    """Write a world as two files: NAME.npz (arrays) and NAME.json (its descriptor).

    Parameters
    ----------
    path
        Where to: with or without the ending .json; the folder is made if absent. Both files are
        written whole or not at all, the descriptor last; it holds the hash of the arrays.

    Returns
    -------
    The path of the descriptor, which :func:`load_world_from_files` takes.

    Raises
    ------
    OutputError
        The folder cannot be made or written, or the disk is full.
    """
    target = Path(path)
    stem = target.name.removesuffix(".json").removesuffix(".npz")
    json_path, npz_path = target.with_name(f"{stem}.json"), target.with_name(f"{stem}.npz")
    arrays = {name: getattr(world, name) for name in AXES if getattr(world, name, None) is not None}
    content = packed(arrays)
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
    write_whole(npz_path, content)
    write_whole(json_path, descriptor_bytes(descriptor))
    return json_path


def read_descriptor(content: bytes, path: Path) -> dict[str, Any]:
    """A descriptor from its bytes, its schema checked."""
    try:
        descriptor = json.loads(content)
    except (ValueError, RecursionError):
        raise DataFileError(
            f"{path}: not valid JSON. Give the .json file that save_world wrote."
        ) from None
    needed = ("name", "economies", "sectors", "arrays")
    missing = [k for k in needed if not isinstance(descriptor, dict) or k not in descriptor]
    if missing:
        raise DataFileError(
            f"{path}: not the descriptor of a world; it lacks {', '.join(missing)}. "
            "Give the .json file that save_world wrote."
        )
    if descriptor.get("schema") != SCHEMA:
        raise DataFileError(
            f"{path}: written in schema {descriptor.get('schema')}; this version reads {SCHEMA}."
        )
    out: dict[str, Any] = descriptor
    return out


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
    given = {name: array for name, array in arrays.items() if name in AXES}
    for name in ("sales", "input_share"):
        if name not in given:
            raise DataFileError(f'{where}: holds no array "{name}".')
    set_name = str(descriptor.get("elasticity_set", "own"))
    if elasticities is not None or "trade_elasticity" not in given:
        set_name = set_name if elasticities is None else elasticities
        theta, psi = elasticities_of(descriptor, set_name, where)
        given = {**given, "trade_elasticity": theta, "scale_elasticity": psi}
    for name in ("employment", "emissions", "value_added_net_of_taxes"):
        if name in given:
            given[name].flags.writeable = False
    fields: dict[str, Any] = dict(given)
    labels: dict[str, Any] = {
        "economy_names": MappingProxyType(dict(descriptor.get("economy_names", {}))),
        "sector_names": MappingProxyType(dict(descriptor.get("sector_names", {}))),
        "groups": MappingProxyType(
            {code: tuple(members) for code, members in descriptor.get("groups", {}).items()}
        ),
    }
    world = World.from_arrays(
        descriptor["economies"],
        descriptor["sectors"],
        **fields,
        market_structure=str(descriptor.get("market_structure", "competitive")),
        closure=str(descriptor.get("closure", "fixed-transfer")),
        accounts="exact" if descriptor.get("is_consistent", True) else "shares",
        name=str(descriptor["name"]),
        currency=str(descriptor.get("currency", OWN_UNITS)),
        year=descriptor.get("year"),
        goods=tuple(descriptor.get("goods", ())),
        elasticity_set=set_name,
        repairs=tuple(Repair(**repair) for repair in descriptor.get("repairs", ())),
        descriptor=MappingProxyType(dict(descriptor)),
        **labels,
    )
    return world


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
        A file is absent, truncated or altered: named, with both hashes.
    """
    json_path = Path(path)
    if json_path.suffix == ".npz":
        json_path = json_path.with_suffix(".json")
    try:
        content = json_path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise DataFileError(
            f"{json_path}: cannot be read ({reason}). Give the .json file that save_world wrote."
        ) from None
    descriptor = read_descriptor(content, json_path)
    entry = descriptor["arrays"]
    npz_path = json_path.with_name(Path(str(entry["path"])).name)
    remedy = "Restore the file from where it was made, or write the world again."
    arrays = unpacked(verified_bytes(npz_path, str(entry["sha256"]), remedy), npz_path)
    return world_from_stored(descriptor, arrays, elasticities, where=str(json_path))
