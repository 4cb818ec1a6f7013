"""Which worlds come with detente, and how are they opened?"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.data.files import REINSTALL, data_folder, read_file, read_shipped, verified_bytes
from detente.errors import UnknownNameError
from detente.world.descriptor import LARGEST, REMEDY, described, read_descriptor
from detente.world.model import World
from detente.world.storage import (
    axis_lengths,
    descriptor_path,
    load_world_from_files,
    unpacked,
    world_from_stored,
)

__all__ = ["WorldLabels", "list_worlds", "load_world", "shipped_descriptor", "world_labels"]

#: Shipped worlds, the default first.
NAMES = ("icio-2022", "icio-2022-small", "icio-2017")


@dataclass(frozen=True)
class WorldLabels:
    """The names a world knows: all that checking a case file needs, without any array."""

    name: str
    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    goods: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    economy_names: Mapping[str, str]
    sector_names: Mapping[str, str]
    elasticity_sets: tuple[str, ...]
    year: int | None
    currency: str


def list_worlds() -> tuple[str, ...]:
    """Names of the shipped worlds.

    Examples
    --------
    >>> list_worlds()
    ('icio-2022', 'icio-2022-small', 'icio-2017')
    """
    return NAMES


def _is_file_name(name: str) -> bool:
    return name.endswith((".json", ".npz")) or "/" in name or "\\" in name


def _existing(name: str) -> Path:
    """The descriptor of a world file, or UnknownNameError."""
    path = descriptor_path(name)
    if not os.path.isfile(path):
        raise UnknownNameError(
            "world", name, NAMES, hint="No such file; give a shipped name or a .json file."
        )
    return path


def shipped_descriptor(name: str | Path, folder: Path | None = None) -> dict[str, Any]:
    """The descriptor of a shipped world or of a world file: labels, sources, repairs, sets."""
    name = str(name)
    if _is_file_name(name):
        path = _existing(name)
        return read_descriptor(read_file(path, LARGEST, REMEDY), path)
    if name not in NAMES:
        raise UnknownNameError("world", name, NAMES, hint="List all with `detente list worlds`.")
    entry = f"shipped/{name}.json"
    content = read_shipped(entry, folder)
    return read_descriptor(content, (data_folder() if folder is None else folder) / entry)


def world_labels(name: str | Path) -> WorldLabels:
    """Economies, sectors, goods and groups of a world, read from its descriptor alone.

    Examples
    --------
    >>> world_labels("icio-2022").groups["EU27"]
    ('DEU', 'FRA', 'ITA', 'REU')
    """
    d = described(shipped_descriptor(name), str(name))
    return WorldLabels(
        name=d.name,
        economies=tuple(d.economies),
        sectors=tuple(d.sectors),
        goods=tuple(d.goods),
        groups={code: tuple(members) for code, members in d.groups.items()},
        economy_names=d.economy_names,
        sector_names=d.sector_names,
        elasticity_sets=tuple(d.elasticity_sets),
        year=d.year,
        currency=d.currency,
    )


def load_world(
    name: str | Path, elasticities: str | None = None, folder: Path | None = None
) -> World:
    """A shipped world, or one that :func:`save_world` wrote.

    Parameters
    ----------
    name
        "icio-2022" (24 economies x 32 sectors), "icio-2022-small" (10 x 12), "icio-2017" (24 x
        22, before the trade war), or the path of a descriptor (.json).
    elasticities
        A named set of trade and scale elasticities that belong together; the world's default
        when left out. `world_labels(name).elasticity_sets` lists them.
    folder
        Another data folder than the installed one.

    Raises
    ------
    UnknownNameError
        No such world or set; the nearest is named.
    DataFileError
        A shipped file is absent, truncated or altered.

    Examples
    --------
    >>> world = load_world("icio-2022")
    >>> len(world.economies), len(world.sectors), world.year
    (24, 32, 2022)
    """
    name = str(name)
    if _is_file_name(name):
        return load_world_from_files(_existing(name), elasticities)
    descriptor = shipped_descriptor(name, folder)
    path = (data_folder() if folder is None else folder) / "shipped" / f"{name}.npz"
    lengths = axis_lengths(descriptor["economies"], descriptor["sectors"])
    content = verified_bytes(path, descriptor["arrays"]["sha256"], REINSTALL)
    arrays = unpacked(content, lengths, path)
    return world_from_stored(descriptor, arrays, elasticities, where=f'world "{name}"')
