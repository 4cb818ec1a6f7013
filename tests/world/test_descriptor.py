"""Is every damaged world file a world or one clear message, in little time and memory?"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.against.random_worlds import random_world
from tests.mutants import bounded, flipped, fuzzed, grafted

from detente.errors import DataFileError, DetenteError, UnknownNameError
from detente.world import Repair, World, load_world, save_world, world_labels
from detente.world.storage import load_world_from_files


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small world with every part that a file can hold."""
    world = random_world(7, 3, 2, scale=True)
    paper = {
        "title": "A small world",
        "elasticity_sets": {
            "one": {"title": "a", "note": "b", "trade_elasticity": [4.0, 5.0],
                    "scale_elasticity": [0.0, 0.1]},
        },
        "elasticity_studies": {"first": [4.0, None], "second": [3.0, 2.0]},
        "sources": [{"title": "t", "publisher": "p", "edition": "e", "credit": "c"}],
        "defaults": {"closure": "fixed-transfer"},
        "valuation": "at the factory gate",
    }  # fmt: skip
    whole = world.with_(
        currency="USD million",
        year=2020,
        goods=world.sectors[:1],
        groups={"AB": world.economies[:2]},
        economy_names={world.economies[0]: "First"},
        repairs=(Repair("a-rule", "What it did.", 1.5, "USD million", 3),),
        employment=np.ones((3, 2)),
        descriptor=paper,
    )
    return save_world(whole, tmp_path_factory.mktemp("world") / "w")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what becomes of it."""
    return tmp_path_factory.mktemp("spoiled")


def outcome(path: Path) -> World | Exception:
    """The world, or the error, whichever; anything else that is raised fails the test."""

    def opened() -> World:
        assert world_labels(str(path)).economies
        return load_world(str(path))

    return bounded(opened, DetenteError)


def written(folder: Path, descriptor: Any, arrays: bytes) -> Path:
    """Both files, the hash of the arrays as they are."""
    (folder / "w.npz").write_bytes(arrays)
    if isinstance(descriptor, dict) and isinstance(descriptor.get("arrays"), dict):
        descriptor["arrays"]["sha256"] = hashlib.sha256(arrays).hexdigest()
    (folder / "w.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder / "w.json"


@fuzzed(500)
def test_descriptors_that_were_changed(saved: Path, place: Path, seed: int) -> None:
    descriptor = json.loads(saved.read_text(encoding="utf-8"))
    arrays = saved.with_suffix(".npz").read_bytes()
    result = outcome(written(place, grafted(descriptor, random.Random(seed)), arrays))
    assert isinstance(result, World) or len(str(result)) < 1_000, str(result)[:200]


@fuzzed(500)
def test_archives_that_were_changed(saved: Path, place: Path, seed: int) -> None:
    descriptor = json.loads(saved.read_text(encoding="utf-8"))
    arrays = saved.with_suffix(".npz").read_bytes()
    outcome(written(place, descriptor, flipped(arrays, random.Random(seed))))


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


@fuzzed(500)
def test_headers_that_were_changed(saved: Path, place: Path, seed: int) -> None:
    """The archive is whole, an array's first bytes are not."""
    rng = random.Random(seed)
    descriptor = json.loads(saved.read_text(encoding="utf-8"))
    parts = parts_of(saved.with_suffix(".npz").read_bytes())
    name = rng.choice(sorted(parts))
    start, rest = parts[name][:128], parts[name][128:]
    outcome(written(place, descriptor, archive(parts | {name: flipped(start, rng) + rest})))


def header(text: str) -> bytes:
    padded = text.encode("latin1").ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded


HUGE = "{'descr': '<f8', 'fortran_order': False, 'shape': (100000, 100000, 1000), }"


@pytest.mark.parametrize(
    "content",
    [
        header(HUGE),
        header(HUGE.replace("100000, 100000, 1000", "3, 3, 2").replace("'<f8'", "[('a', '<f8')]")),
        header(HUGE.replace("100000, 100000, 1000", "3, 3, 2").replace("<f8", "|O")) + b"x" * 144,
        header(HUGE.replace("100000, 100000, 1000", "3, 3, 2").replace("<f8", "<c8")) + b"x" * 144,
        header(HUGE.replace("100000, 100000, 1000", "-3, 3, 2")),
        header(HUGE.replace("100000, 100000, 1000", "3, 2, 3")) + b"\0" * 144,
        header("{'descr': " + "(" * 90),
        header(HUGE.replace("100000, 100000, 1000", "3, 3, 2")) + b"\0" * 143,
        header(HUGE.replace("100000, 100000, 1000", "3, 3, 2")) + b"\0" * 200_000_000,
        b"",
        b"\x93NUMPY\x03\x00" + struct.pack("<I", 2**32 - 1),
    ],
    ids=["80-terabytes", "structured", "objects", "complex", "negative", "axes", "nested", "short",
         "two-hundred-megabytes", "empty", "header-of-4-gigabytes"],
)  # fmt: skip
def test_headers_that_lie(saved: Path, tmp_path: Path, content: bytes) -> None:
    descriptor = json.loads(saved.read_text(encoding="utf-8"))
    parts = parts_of(saved.with_suffix(".npz").read_bytes())
    path = written(tmp_path, descriptor, archive(parts | {"sales.npy": content}))
    del content
    problem = bounded(lambda: load_world_from_files(path), DataFileError)
    assert isinstance(problem, DataFileError)
    assert "w.npz" in str(problem)


def test_archives_that_a_world_does_not_have(saved: Path, tmp_path: Path) -> None:
    descriptor = json.loads(saved.read_text(encoding="utf-8"))
    parts = parts_of(saved.with_suffix(".npz").read_bytes())
    with pytest.raises(DataFileError, match="does not have, or twice"):
        load_world_from_files(written(tmp_path, descriptor, archive(parts | {"more.npy": b"x"})))
    with pytest.raises(DataFileError, match="not a readable"):
        load_world_from_files(written(tmp_path, descriptor, b"no archive"))
    del parts["sales.npy"]
    with pytest.raises(DataFileError, match='no array "sales"'):
        load_world_from_files(written(tmp_path, descriptor, archive(parts)))


def test_labels_that_claim_more_than_a_file_may_hold(saved: Path, tmp_path: Path) -> None:
    descriptor = json.loads(saved.read_text(encoding="utf-8"))
    descriptor |= {
        "economies": [f"E{k}" for k in range(1_000)],
        "sectors": [f"s{k}" for k in range(1_000)],
        "goods": [],
        "groups": {},
        "economy_names": {},
        "elasticity_sets": {},
        "elasticity_studies": {},
    }
    with pytest.raises(DataFileError, match="at most 6,000,000"):
        load_world_from_files(written(tmp_path, descriptor, archive({})))


@pytest.mark.parametrize(
    "name", ["/", "//", "a/\0b", "a/" + "x" * 5_000, "./", "..", "/.json", "~/"]
)
def test_names_that_are_no_file(name: str) -> None:
    with pytest.raises((UnknownNameError, DataFileError)) as caught:
        load_world(name)
    assert len(str(caught.value)) < 400
    with pytest.raises((UnknownNameError, DataFileError)):
        world_labels(name)


def test_a_descriptor_that_is_no_file_or_too_large(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(UnknownNameError, match="No such file"):
        load_world(str(tmp_path / "folder.json"))
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(DataFileError, match="no such file"):
        load_world_from_files(tmp_path / "pipe.json")
    (tmp_path / "large.json").write_bytes(b" " * 5_000_000)
    with pytest.raises(DataFileError, match="more than 1,000,000 bytes"):
        load_world(str(tmp_path / "large.json"))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 900_000,
        '{"schema": 1, "x": [' + ",".join(["[]"] * 300_000) + "]}",
        '{"schema": 1, "sources": [' + ",".join(["1"] * 450_000) + "]}",
        '{"schema": 1, "economies": [' + ",".join(["1"] * 450_000) + "]}",
        '{"schema": 1, "repairs": [' + ",".join(["{}"] * 300_000) + "]}",
        '{"schema": 1, "defaults": {' + ",".join(f'"{k}":1' for k in range(90_000)) + "}}",
        '{"schema": 1, ' + ",".join(f'"{k}":1' for k in range(90_000)) + "}",
        '{"schema": 1' + "0" * 900_000 + "}",
        '{"schema": "' + "x" * 900_000 + '"}',
    ],
    ids=["deep", "wide", "sources", "economies", "repairs", "defaults", "keys", "digits", "text"],
)
def test_much_of_one_wrong_thing_is_one_short_message(tmp_path: Path, text: str) -> None:
    (tmp_path / "w.json").write_text(text, encoding="utf-8")
    problem = outcome(tmp_path / "w.json")
    assert isinstance(problem, DataFileError)
    assert len(str(problem)) < 600


def test_a_path_of_any_kind_and_either_file(saved: Path) -> None:
    for name in (saved, saved.with_suffix(".npz"), saved.with_suffix("")):
        assert load_world_from_files(name).year == 2020
        assert load_world(name).year == 2020
