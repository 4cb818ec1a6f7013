"""Is every damaged world file a world or one clear message, in little time and memory?"""

from __future__ import annotations

import copy
import hashlib
import io
import json
import os
import random
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.errors import DataFileError, DetenteError, UnknownNameError
from detente.world import Repair, World, load_world, save_world, world_labels
from detente.world.storage import load_world_from_files

#: Mutants of each kind, times what the variable says.
MANY = 1_000 * int(os.environ.get("DETENTE_FUZZ", "1"))
#: What one message may take, of processor time and memory.
SECONDS, MEGABYTES = 2.0, 300.0


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


def outcome(path: Path) -> World | DetenteError:
    """The world, or the error, whichever; anything else that is raised fails the test."""
    start = time.process_time()
    try:
        labels = world_labels(str(path))
        assert labels.economies
        return load_world(str(path))
    except DetenteError as problem:
        return problem
    finally:
        assert time.process_time() - start < SECONDS


def written(folder: Path, descriptor: Any, arrays: bytes) -> Path:
    """Both files, the hash of the arrays as they are."""
    (folder / "w.npz").write_bytes(arrays)
    if isinstance(descriptor, dict) and isinstance(descriptor.get("arrays"), dict):
        descriptor["arrays"]["sha256"] = hashlib.sha256(arrays).hexdigest()
    (folder / "w.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder / "w.json"


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a tree of JSON."""
    yield at
    if isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*at, key))


ODD: tuple[Callable[[], Any], ...] = (
    lambda: None, lambda: True, lambda: False, lambda: 0, lambda: -1, lambda: 10**400,
    lambda: 1e308, lambda: -1e-308, lambda: "", lambda: "x", lambda: "x" * 100_000, lambda: "\x00",
    lambda: [], lambda: [[]], lambda: {}, lambda: {"a": {"b": []}}, lambda: [None], lambda: ["a"],
    lambda: float("nan"), lambda: float("inf"), lambda: "/", lambda: "../w.npz",
    lambda: ["E00"] * 5_000, lambda: [f"s{k}" for k in range(900)],
)  # fmt: skip


def mutated(descriptor: dict[str, Any], rng: random.Random) -> Any:
    """One or two places of a descriptor changed, dropped or doubled."""
    out: Any = copy.deepcopy(descriptor)
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.choice(list(places(out)))
        if not at:
            continue
        holder = out
        for key in at[:-1]:
            holder = holder[key]
        kind = rng.randrange(4)
        if kind == 0:
            del holder[at[-1]]
        elif kind == 1 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[at[-1]]))
        else:
            holder[at[-1]] = rng.choice(ODD)()
    return out


@pytest.mark.fuzz
def test_descriptors_that_were_changed(saved: Path, tmp_path: Path) -> None:
    rng = random.Random(1)
    descriptor = json.loads(saved.read_text(encoding="utf-8"))
    arrays = saved.with_suffix(".npz").read_bytes()
    found = {True: 0, False: 0}
    for _ in range(MANY):
        path = written(tmp_path, mutated(descriptor, rng), arrays)
        result = outcome(path)
        found[isinstance(result, World)] += 1
        if isinstance(result, DetenteError):
            assert len(str(result)) < 1_000, str(result)[:200]
    assert min(found.values()) > MANY / 20


def flipped(content: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, cut out, put in or doubled."""
    out = bytearray(content)
    for _ in range(rng.choice((1, 1, 3))):
        at = rng.randrange(len(out))
        kind = rng.randrange(4)
        if kind == 0:
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            out[at : at + 4] = rng.randbytes(4)
        elif kind == 2:
            del out[at : at + rng.randrange(1, 40)]
        else:
            out[at:at] = out[at : at + rng.randrange(1, 40)]
    return bytes(out)


@pytest.mark.fuzz
def test_archives_that_were_changed(saved: Path, tmp_path: Path) -> None:
    rng = random.Random(2)
    descriptor = json.loads(saved.read_text(encoding="utf-8"))
    arrays = saved.with_suffix(".npz").read_bytes()
    for _ in range(MANY):
        outcome(written(tmp_path, descriptor, flipped(arrays, rng)))


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


@pytest.mark.fuzz
def test_headers_that_were_changed(saved: Path, tmp_path: Path) -> None:
    """The archive is whole, an array's first bytes are not."""
    rng = random.Random(3)
    descriptor = json.loads(saved.read_text(encoding="utf-8"))
    parts = parts_of(saved.with_suffix(".npz").read_bytes())
    for _ in range(MANY // 4):
        name = rng.choice(sorted(parts))
        start, rest = parts[name][:128], parts[name][128:]
        path = written(tmp_path, descriptor, archive(parts | {name: flipped(start, rng) + rest}))
        outcome(path)


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
    tracemalloc.start()
    try:
        with pytest.raises(DataFileError, match=r"w\.npz"):
            load_world_from_files(path)
        assert tracemalloc.get_traced_memory()[1] < MEGABYTES * 1e6
    finally:
        tracemalloc.stop()


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
    tracemalloc.start()
    try:
        problem = outcome(tmp_path / "w.json")
        assert tracemalloc.get_traced_memory()[1] < MEGABYTES * 1e6
    finally:
        tracemalloc.stop()
    assert isinstance(problem, DataFileError)
    assert len(str(problem)) < 600


def test_a_path_of_any_kind_and_either_file(saved: Path) -> None:
    for name in (saved, saved.with_suffix(".npz"), saved.with_suffix("")):
        assert load_world_from_files(name).year == 2020
        assert load_world(name).year == 2020
