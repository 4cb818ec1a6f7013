"""Does a world come back from its files unaltered, and is anything else refused?"""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.errors import DataFileError, OutputError, WorldError
from detente.world import Repair, load_world, save_world
from detente.world.accounts import AXES
from detente.world.storage import load_world_from_files


def test_round_trip_is_exact(tmp_path: Path) -> None:
    world = random_world(7, 4, 3, scale=True)
    path = save_world(world, tmp_path / "mine")
    back = load_world_from_files(path)
    for name in AXES:
        before, after = getattr(world, name), getattr(back, name)
        assert (before is None) == (after is None)
        if before is not None:
            assert np.array_equal(before, after), name
            assert not after.flags.writeable, name
    assert back.economies == world.economies
    assert back.closure == world.closure
    assert back.market_structure == world.market_structure


@pytest.mark.parametrize("name", ["icio-2022-small"])
def test_a_shipped_world_keeps_its_papers(tmp_path: Path, name: str) -> None:
    world = load_world(name, "lashkaripour-lugovskyy-2023")
    back = load_world(str(save_world(world, tmp_path / "copy.json")))
    assert back.repairs == world.repairs
    assert back.descriptor["sources"] == world.descriptor["sources"]
    assert back.elasticity_set == "lashkaripour-lugovskyy-2023"
    assert np.array_equal(back.scale_elasticity, world.scale_elasticity)
    other = load_world(str(tmp_path / "copy.json"), "shapiro-2016")
    assert other.elasticity_set == "shapiro-2016"


def test_the_same_world_gives_the_same_bytes(tmp_path: Path) -> None:
    world = random_world(2, 3, 2)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for folder in ("a", "b"):
        save_world(world, tmp_path / folder / "w")
    for end in ("npz", "json"):
        assert (tmp_path / f"a/w.{end}").read_bytes() == (tmp_path / f"b/w.{end}").read_bytes()


@pytest.mark.parametrize(
    "papers",
    [
        {"name": "x" * 1_000},
        {"descriptor": {"note": float("nan")}},
        {"descriptor": {"note": object()}},
        {"descriptor": {"sources": "OECD"}},
        {"descriptor": {"elasticity_sets": {"a": {"trade_elasticity": [1.0]}}}},
        {"repairs": (Repair("r", "w", float("inf"), "u", 1),)},
    ],
)
def test_what_could_not_be_read_is_not_written(tmp_path: Path, papers: dict[str, Any]) -> None:
    with pytest.raises((WorldError, DataFileError)):
        save_world(random_world(2, 3, 2).with_(**papers), tmp_path / "w")
    assert list(tmp_path.iterdir()) == []


def test_harmed_files_are_refused(tmp_path: Path) -> None:
    path = save_world(random_world(2, 3, 2), tmp_path / "w")
    arrays = path.with_suffix(".npz")
    whole = arrays.read_bytes()
    arrays.write_bytes(whole[:-10])
    with pytest.raises(DataFileError, match="truncated or was altered"):
        load_world_from_files(path)
    arrays.unlink()
    with pytest.raises(DataFileError, match="cannot be read"):
        load_world_from_files(path)
    arrays.write_bytes(whole)
    path.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(DataFileError, match="not valid JSON"):
        load_world_from_files(path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(DataFileError, match="no key schema"):
        load_world_from_files(path)


def test_another_schema_is_refused(tmp_path: Path) -> None:
    path = save_world(random_world(2, 3, 2), tmp_path / "w")
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(descriptor | {"schema": 99}), encoding="utf-8")
    with pytest.raises(DataFileError, match="schema 99"):
        load_world_from_files(path)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        save_world(random_world(2, 3, 2), tmp_path / "file" / "w")


@pytest.mark.parametrize("at", [1, 2])
def test_a_full_disk_leaves_the_old_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    old = random_world(2, 3, 2)
    path = save_world(old, tmp_path / "w")
    sync, calls = os.fsync, []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        save_world(random_world(3, 3, 2), tmp_path / "w")
    assert np.array_equal(load_world(path).sales, old.sales)


def test_a_world_is_replaced_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    for seed in (2, 3, 4, 4, 2):
        path = save_world(random_world(seed, 3, 2), tmp_path / "w")
        assert np.array_equal(load_world(path).sales, random_world(seed, 3, 2).sales)
        assert len(list(tmp_path.iterdir())) == 2
