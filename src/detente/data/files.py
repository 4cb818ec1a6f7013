"""Where are the shipped tables, and are they unaltered?"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.errors import DataFileError
from detente.store import content_hash

__all__ = [
    "data_folder",
    "read_file",
    "read_shipped",
    "read_table",
    "verified_bytes",
]

PACKAGE_FILE = "datapackage.json"
#: Larger than any table that ships, in bytes.
LARGEST = 50_000_000


def data_folder() -> Path:
    """The folder of the shipped tables."""
    return Path(__file__).resolve().parent


def read_file(path: Path, most: int, remedy: str) -> bytes:
    """The bytes of a file, at most so many.

    Parameters
    ----------
    path
        The file.
    most
        Largest size in bytes that it can have.
    remedy
        What the user can do when it is absent or too large.

    Raises
    ------
    DataFileError
        Absent, no file, unreadable or too large.
    """
    if not os.path.isfile(path):
        raise DataFileError(f"{path}: cannot be read (no such file). {remedy}")
    try:
        if path.stat().st_size > most:
            raise DataFileError(f"{path}: has more than {most:,} bytes. {remedy}")
        return path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise DataFileError(f"{path}: cannot be read ({reason}). {remedy}") from None


def verified_bytes(path: Path, expected: str, remedy: str, most: int = LARGEST) -> bytes:
    """The bytes of a file whose hash is known.

    Parameters
    ----------
    path
        The file.
    expected
        The hash that its descriptor gives.
    remedy
        What the user can do when the file is absent, truncated or altered.
    most
        Largest size in bytes that it can have.

    Raises
    ------
    DataFileError
        Absent, unreadable, too large, truncated or altered: names the file and both hashes.
    """
    content = read_file(path, most, remedy)
    found = content_hash(content)
    if found != expected:
        raise DataFileError(
            f"{path}: the file is truncated or was altered ({len(content):,} bytes). "
            f"SHA-256 is {found}, expected {expected}. {remedy}"
        )
    return content


REINSTALL = "Install detente again to restore the shipped tables."


def _package(folder: Path) -> Mapping[str, Any]:
    path = folder / PACKAGE_FILE
    try:
        package: dict[str, Any] = json.loads(read_file(path, LARGEST, REINSTALL))
    except ValueError:
        raise DataFileError(f"{path}: not valid JSON any more. {REINSTALL}") from None
    return package


def _entries(folder: Path) -> dict[str, Mapping[str, Any]]:
    try:
        return {entry["path"]: entry for entry in _package(folder)["resources"]}
    except (KeyError, TypeError):
        raise DataFileError(
            f"{folder / PACKAGE_FILE}: does not list the shipped files any more. {REINSTALL}"
        ) from None


def read_shipped(name: str, folder: Path | None = None) -> bytes:
    """The content of a shipped table, after comparing its hash with the data package.

    Parameters
    ----------
    name
        Path inside the data folder, e.g. "product_groups.csv" or "shipped/icio-2022.npz".
    folder
        Another data folder (used by tests).

    Raises
    ------
    DataFileError
        The file is absent, truncated or altered, or is not part of the data package.

    Examples
    --------
    >>> read_shipped("groups.csv").decode().splitlines()[0]
    'code,name,members,note'
    """
    folder = data_folder() if folder is None else folder
    entries = _entries(folder)
    if name not in entries:
        raise DataFileError(f"{name}: not part of the shipped data package in {folder}.")
    return verified_bytes(folder / name, str(entries[name]["sha256"]), REINSTALL)


def read_table(name: str, folder: Path | None = None) -> list[dict[str, str]]:
    """Rows of a shipped CSV table, its hash compared; lines that start with # are comments.

    Examples
    --------
    >>> read_table("groups.csv")[0]["members"]
    'DEU FRA ITA REU'
    """
    text = read_shipped(name, folder).decode("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))
