"""Is finished work whole, found again, and never mixed up, whatever happens to the process?"""

from __future__ import annotations

import datetime as dt
import enum
import errno
import json
import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.mutants import bounded, flipped, fuzzed

from detente import store
from detente.errors import DamagedFileWarning, DetenteError, InputError, OutputError
from detente.store import (
    MANIFEST,
    Block,
    Blocks,
    ResultFolder,
    content_hash,
    manifest_of,
    packed,
    unpacked,
    write_whole,
)

KEY = content_hash("a piece of work")
ARRAYS = {
    "x": np.arange(12.0).reshape(3, 4),
    "count": np.array([1, 2, 3]),
    "solved": np.array([True, False]),
    "none": np.empty((0, 5)),
    "number": np.array(7.5),
}


def start(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    """A process of its own; what it writes on the error stream can be read."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


# ---- files ---------------------------------------------------------------------------------


def test_a_file_is_written_whole_and_readable(tmp_path: Path) -> None:
    path = tmp_path / "below" / "file.txt"
    for content in (b"first", b"second"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [p.name for p in path.parent.iterdir()] == ["file.txt"]


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_whole(tmp_path / "link", b"content")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"content"


@pytest.mark.parametrize(
    "stop", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
def test_a_write_that_fails_leaves_the_earlier_file(
    stop: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.txt"
    write_whole(path, b"first")

    def fail(descriptor: int) -> None:
        raise stop

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        write_whole(path, b"second")
    assert path.read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        write_whole(tmp_path / "file" / "below.txt", b"")


def test_drafts_of_dead_writers_are_swept_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    dead, living = (tmp_path / f".detente-{name}.draft" for name in ("dead", "living"))
    for draft in (dead, living):
        draft.write_bytes(b"half")
    long_ago = time.time() - 2 * store.ABANDONED_SECONDS
    os.utime(dead, (long_ago, long_ago))
    write_whole(tmp_path / "file.txt", b"")
    assert not dead.exists()
    assert living.exists()


WRITER = """
import sys
from pathlib import Path
from detente.store import write_whole
path, mark = Path(sys.argv[1]), sys.argv[2].encode()
sys.stderr.write("ready"); sys.stderr.flush()
for k in range(int(sys.argv[3])):
    write_whole(path, mark * (200_000 + k))
"""


def test_many_writers_of_one_file_never_mix(tmp_path: Path) -> None:
    path = tmp_path / "file"
    writers = [start(WRITER, path, mark, 25) for mark in "abcd"]
    for writer in writers:
        assert writer.wait() == 0, writer.stderr
        assert writer.stderr is not None
        assert writer.stderr.read() == b"ready"
        writer.stderr.close()
    content = path.read_bytes()
    assert len(set(content)) == 1
    assert len(content) == 200_024
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_writer_leaves_one_version_or_the_other(tmp_path: Path, how: int) -> None:
    path = tmp_path / "file"
    write_whole(path, b"a" * 200_000)
    for k in range(7):
        writer = start(WRITER, path, "bc"[k % 2], 10_000)
        assert writer.stderr is not None
        assert writer.stderr.read(5) == b"ready"
        time.sleep(0.003 * k)
        writer.send_signal(how)
        writer.wait()
        writer.stderr.close()
        content = path.read_bytes()
        assert len(set(content)) == 1
        assert len(content) >= 200_000


# ---- hashes --------------------------------------------------------------------------------


class Colour(enum.StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Thing:
    name: str
    size: np.ndarray


class Model(BaseModel):
    name: str
    rate: float | None = None


DIFFERENT: list[Any] = [
    None, True, 1, 1.0, 0.0, -0.0, np.float64(1.0), "1", b"1", "", Path("1"), dt.date(2025, 1, 1),
    [], (1, 2), [1, [2]], [[1], 2], [12], {1, 2}, {}, {"a": 1}, {"a": 2}, {1: "a"},
    np.array([1.0]), np.array([[1.0]]), np.array([1]), np.array([True]),
    np.array(["1"], dtype=object),
    Thing("a", np.ones(2)), Thing("a", np.ones(3)), Model(name="a"), Model(name="a", rate=1.0),
    Colour.RED, "red", {"name": "a", "rate": None}, "ab", ["a", "b"], ["ab", ""], "\ud800",
]  # fmt: skip


def test_different_content_has_different_hashes() -> None:
    hashes = [content_hash(thing) for thing in DIFFERENT]
    assert len(set(hashes)) == len(DIFFERENT)


def test_the_same_content_has_one_hash_in_every_process() -> None:
    code = (
        "import numpy as np; from detente.store import content_hash;"
        "print(content_hash({'b': {'x', 'y', 'z'}, 'a': [np.arange(3.0), None, 1.5]}))"
    )
    mine = content_hash({"a": [np.arange(3.0), None, 1.5], "b": {"z", "y", "x"}})
    for seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.strip() == mine


def test_layout_in_memory_does_not_matter() -> None:
    array = np.arange(12.0).reshape(3, 4)
    assert content_hash(array.T) == content_hash(np.ascontiguousarray(array.T))
    assert content_hash(array.T) != content_hash(array)


def test_what_has_no_content_is_refused() -> None:
    with pytest.raises(InputError, match="no rule for a function"):
        content_hash([lambda: 1])


# ---- blocks --------------------------------------------------------------------------------


def same(found: Block | None, about: Any = None) -> bool:
    return (
        found is not None
        and found.about == about
        and list(found.arrays) == list(ARRAYS)
        and all(np.array_equal(found.arrays[n], a) for n, a in ARRAYS.items())
        and all(found.arrays[n].shape == a.shape for n, a in ARRAYS.items())
        and all(found.arrays[n].flags.writeable for n in ARRAYS)
    )


def test_a_block_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = Blocks(tmp_path / "folder", "work", KEY)
    assert kept.read("0001") is None
    assert kept.names() == []
    about = {"reasons": ["a", {"b": None}], "seed": 3}
    kept.write("0001", ARRAYS, about)
    kept.write("0000", {})
    again = Blocks(tmp_path / "folder", "work", KEY)
    assert again.names() == ["0000", "0001"]
    assert same(again.read("0001"), about)
    again.drop("0001")
    again.drop("0001")
    assert again.names() == ["0000"]


def test_work_with_another_key_or_name_is_not_found(tmp_path: Path) -> None:
    Blocks(tmp_path, "work", KEY).write("a", ARRAYS)
    for other in (
        Blocks(tmp_path, "work", content_hash("other")),
        Blocks(tmp_path, "play", KEY),
        Blocks(None, "work", KEY),
    ):
        assert other.read("a") is None
        assert other.names() == []


def test_without_a_folder_nothing_is_kept() -> None:
    nothing = Blocks(None, "work", KEY)
    nothing.write("a", ARRAYS)
    nothing.drop("a")
    assert nothing.read("a") is None


def test_a_folder_that_cannot_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        Blocks(tmp_path / "file" / "below", "work", KEY)


def test_a_full_disk_keeps_what_was_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Blocks(tmp_path, "work", KEY)
    kept.write("a", ARRAYS)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"No space left.*the same call goes on"):
        kept.write("b", ARRAYS)
    monkeypatch.undo()
    assert kept.names() == ["a"]
    assert same(kept.read("a"))
    assert len(list(tmp_path.iterdir())) == 1


WHOLE = packed(KEY, Block(ARRAYS, {"reasons": ["none", "too far"]}))


def test_any_flipped_bit_is_noticed() -> None:
    """All bits of a block, one after the other: each is a ValueError, none another error."""
    assert len(WHOLE) * 8 > 2_000
    for bit in range(0, len(WHOLE) * 8):
        damaged = bytearray(WHOLE)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match=r"hash|header"):
            unpacked(KEY, bytes(damaged))


@pytest.mark.parametrize("length", [0, 1, 10, 80, 90, 120, 300, len(WHOLE) - 1])
def test_a_block_cut_short_is_noticed(length: int) -> None:
    with pytest.raises(ValueError, match="hash"):
        unpacked(KEY, WHOLE[:length])


def forged(head: Any, body: bytes = b"") -> bytes:
    """A block whose hash is right and whose header is not."""
    line = head if isinstance(head, bytes) else json.dumps(head).encode()
    rest = line + b"\n" + body
    return store.BLOCK_FORMAT + content_hash(rest).encode() + b"\n" + rest


FORGED = {
    "no JSON": forged(b"{"),
    "not text": forged(b"\xff\xfe"),
    "nested too deeply": forged(b"[" * 200_000 + b"]" * 200_000),
    "a list": forged([1]),
    "no arrays": forged({"key": KEY, "about": 1}),
    "of other work": forged({"key": "other", "arrays": [], "about": None}),
    "terabytes": forged({"key": KEY, "arrays": [["x", "<f8", [10**13]]], "about": None}),
    "beyond all numbers": forged(
        {"key": KEY, "arrays": [["x", "<f8", [0, 10**30]]], "about": None}
    ),
    "negative": forged({"key": KEY, "arrays": [["x", "<f8", [-1, -1]]], "about": None}, b"x" * 8),
    "truth as a size": forged(
        {"key": KEY, "arrays": [["x", "<f8", [True]]], "about": None}, b"x" * 8
    ),
    "objects": forged({"key": KEY, "arrays": [["x", "|O", [1]]], "about": None}, b"x" * 8),
    "fields": forged({"key": KEY, "arrays": [["x", "i4,i4", [1]]], "about": None}, b"x" * 8),
    "many axes": forged({"key": KEY, "arrays": [["x", "|b1", [1] * 99]], "about": None}, b"x"),
    "too little": forged({"key": KEY, "arrays": [["x", "<f8", [2]]], "about": None}, b"x" * 8),
    "too much": forged({"key": KEY, "arrays": [], "about": None}, b"x"),
    "an archive": b"PK\x03\x04" + bytes(500),
    "a long number": forged(b'{"key": ' + b"9" * 10_000 + b"}"),
}


@pytest.mark.parametrize("content", FORGED.values(), ids=FORGED)
def test_a_header_that_lies_is_said_once_and_computed_again(content: bytes, tmp_path: Path) -> None:
    kept = Blocks(tmp_path, "work", KEY)
    kept.write("a", ARRAYS)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    with pytest.warns(DamagedFileWarning, match="computed again") as said:
        assert kept.read("a") is None
    assert len(said) == 1
    assert path.name in str(said[0].message)
    assert len(str(said[0].message)) < len(str(path)) + 150
    assert kept.read("a") is None, "removed, and not named again"
    kept.write("a", ARRAYS)
    assert same(kept.read("a"))


def test_a_folder_in_the_place_of_a_block_is_damage_too(tmp_path: Path) -> None:
    kept = Blocks(tmp_path, "work", KEY)
    kept.write("a", ARRAYS)
    (path,) = tmp_path.iterdir()
    path.unlink()
    path.mkdir()
    with pytest.warns(DamagedFileWarning):
        assert kept.read("a") is None


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one block, spoiled in many ways."""
    return tmp_path_factory.mktemp("blocks")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@fuzzed(500, changes=st.integers(0, 2**32 - 1), head=JSON, body=st.binary(max_size=40))
def test_blocks_of_any_content_are_blocks_or_are_computed_again(
    place: Path, changes: int, head: Any, body: bytes
) -> None:
    """A damaged block, one with a forged header, and one whose header is half ours."""
    kept = Blocks(place, "work", KEY)
    kept.write("a", ARRAYS)
    (path,) = place.iterdir()
    damaged = flipped(WHOLE, random.Random(changes))
    ours = {"key": KEY, "arrays": head, "about": None}
    for content in (damaged, forged(head, body), forged(ours, body)):
        path.write_bytes(content)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            found = bounded(lambda: kept.read("a"), DetenteError)
        assert isinstance(found, Block) or [w.category for w in said] == [DamagedFileWarning]
        assert not isinstance(found, Block) or content != damaged or damaged == WHOLE


def test_two_writers_of_one_block_never_mix(tmp_path: Path) -> None:
    def write(value: int) -> None:
        for _ in range(20):
            Blocks(tmp_path, "work", KEY).write("a", {"x": np.full(20_000, value)}, value)

    with ThreadPoolExecutor(4) as pool, warnings.catch_warnings():
        warnings.simplefilter("error")
        waiting = [pool.submit(write, k) for k in range(4)]
        kept = Blocks(tmp_path, "work", KEY)
        while not all(future.done() for future in waiting):
            found = kept.read("a")
            assert found is None or set(found.arrays["x"]) == {found.about}
        for future in waiting:
            future.result()
    assert len(list(tmp_path.iterdir())) == 1


ENSEMBLE = """
import sys
import numpy as np
from detente.measures import Shock
from detente.uncertainty import draw_parameters, ensemble
from detente.world import World
world = World.from_arrays(["HOM", "FOR"], ["goods"],
    sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0, scale_elasticity=0.0)
shock = Shock.of(world, tariff=[[[0.0], [0.2]], [[0.0], [0.0]]])
drawn = draw_parameters(world, 60, 3, log_sd=0.4)
sys.stderr.write("ready"); sys.stderr.flush()
found = ensemble(world, {"war": shock}, parameters=drawn, folder=sys.argv[1], workers=1)
print(found.sample("welfare_pct").tobytes().hex())
"""


def ensembles(folder: Path, count: int) -> list[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", ENSEMBLE, str(folder)]
    return [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What one ensemble alone comes to; the others then find its programs compiled."""
    (one,) = ensembles(tmp_path_factory.mktemp("alone"), 1)
    said, errors = one.communicate(timeout=300)
    assert one.returncode == 0, errors.decode()
    return said


@pytest.mark.slow
def test_nine_ensembles_on_one_folder_all_come_through(undisturbed: bytes, tmp_path: Path) -> None:
    for one in ensembles(tmp_path, 9):
        said, errors = one.communicate(timeout=500)
        assert one.returncode == 0, errors.decode()
        assert errors == b"ready"
        assert said == undisturbed
    assert {path.suffix for path in tmp_path.iterdir()} == {".block"}


@pytest.mark.slow
def test_a_killed_ensemble_goes_on_to_the_same_answer(undisturbed: bytes, tmp_path: Path) -> None:
    for k in range(4):
        (one,) = ensembles(tmp_path, 1)
        assert one.stderr is not None
        assert one.stderr.read(5) == b"ready"
        time.sleep(0.4 * k)
        one.kill()
        one.communicate()
    (last,) = ensembles(tmp_path, 1)
    said, errors = last.communicate(timeout=300)
    assert last.returncode == 0, errors.decode()
    assert said == undisturbed


# ---- folders of results --------------------------------------------------------------------


def tree(place: Path) -> dict[str, str]:
    return {
        p.relative_to(place).as_posix(): p.read_text(encoding="utf-8")
        for p in sorted(place.rglob("*"))
        if p.is_file()
    }


def results(mark: str) -> dict[str, str]:
    """What a run of some version writes: every file says which, one name is its own."""
    return {"report.html": mark, "tables/headline.csv": mark, f"figures/{mark}.svg": mark}


def without_manifest(place: Path) -> dict[str, str]:
    return {name: text for name, text in tree(place).items() if name != MANIFEST}


def test_a_new_run_replaces_what_the_earlier_wrote_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "case"
    ResultFolder(place, "run").publish(results("a"), {"seed": 1})
    foreign = {"notes.txt": "years of work", "tables/mine.csv": "1", "data/deep/x": "2"}
    for name, text in foreign.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    ResultFolder(place, "run", ["report.html"]).publish(results("b"), {"seed": 2})
    assert without_manifest(place) == results("b") | foreign
    said = json.loads((place / MANIFEST).read_text())
    assert said["seed"] == 2
    assert said["files"] == {"run": {n: content_hash(t.encode()) for n, t in results("b").items()}}
    assert not (place / ".detente").exists()
    assert stat.S_IMODE((place / "report.html").stat().st_mode) & 0o444 == 0o444


def test_a_folder_that_lost_its_last_file_goes(tmp_path: Path) -> None:
    ResultFolder(tmp_path, "run").publish({"figures/a.svg": "", "report.html": ""})
    ResultFolder(tmp_path, "run").publish({"report.html": ""})
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize("manifest", [None, "{}", '{"case": "another tool"}', "[" * 100_000])
def test_a_folder_of_somebody_else_is_added_to_or_refused(
    manifest: str | None, tmp_path: Path
) -> None:
    """Whatever a foreign manifest says, nothing that is there is lost."""
    (tmp_path / "chapter1.txt").write_text("years of work")
    if manifest is None:
        ResultFolder(tmp_path, "run").publish({"report.html": "first"})
        assert without_manifest(tmp_path) == {
            "chapter1.txt": "years of work",
            "report.html": "first",
        }
        return
    (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(OutputError, match=r"manifest\.json would be overwritten"):
        ResultFolder(tmp_path, "run")
    assert tree(tmp_path) == {"chapter1.txt": "years of work", MANIFEST: manifest}


def in_the_way(place: Path, kind: str) -> None:
    """Something at or above the place of tables/headline.csv that no run wrote."""
    path = place / "tables" / "headline.csv"
    if kind == "a file for a folder":
        path.parent.write_text("mine")
    elif kind == "a link for a folder":
        (place / "elsewhere").mkdir()
        path.parent.symlink_to(place / "elsewhere")
    else:
        path.parent.mkdir()
        if kind == "a file":
            path.write_text("mine")
        elif kind == "a folder":
            path.mkdir()
        elif kind == "a link":
            path.symlink_to(place / "elsewhere.csv")
        else:
            os.mkfifo(path)


@pytest.mark.parametrize(
    "kind",
    ["a file", "a folder", "a link", "a pipe", "a file for a folder", "a link for a folder"],
)
def test_what_is_in_the_way_is_named_and_stays(kind: str, tmp_path: Path) -> None:
    in_the_way(tmp_path, kind)
    before = sorted(map(str, tmp_path.rglob("*")))
    with pytest.raises(OutputError, match=r"tables.* would be overwritten.*--out"):
        ResultFolder(tmp_path, "run", ["report.html", "tables/headline.csv"])
    with pytest.raises(OutputError, match=r"tables.* would be overwritten.*--out"):
        ResultFolder(tmp_path, "run").publish(results("a"))
    assert sorted(map(str, tmp_path.rglob("*"))) == before


def test_a_file_that_was_changed_since_is_not_overwritten(tmp_path: Path) -> None:
    ResultFolder(tmp_path, "run").publish(results("a"))
    (tmp_path / "report.html").write_text("with my remarks")
    with pytest.raises(OutputError, match=r"report\.html would be overwritten"):
        ResultFolder(tmp_path, "run")
    (tmp_path / "report.html").rename(tmp_path / "remarks.html")
    (tmp_path / "figures" / "a.svg").write_text("touched up")
    (tmp_path / "figures" / "a.svg").rename(tmp_path / "figures" / "mine.svg")
    ResultFolder(tmp_path, "run").publish(results("b"))
    kept = {"remarks.html": "with my remarks", "figures/mine.svg": "touched up"}
    assert without_manifest(tmp_path) == results("b") | kept


def test_commands_share_a_folder_and_replace_each_its_own(tmp_path: Path) -> None:
    def war(text: str) -> None:
        ResultFolder(tmp_path, "war", ["tables/war.csv"]).publish({"tables/war.csv": text})

    def run(text: str, **more: str) -> None:
        files = {"report.html": text} | more
        ResultFolder(tmp_path, "run", ["report.html"]).publish(files, {"by": text})

    war("first")
    run("second")
    assert without_manifest(tmp_path) == {"tables/war.csv": "first", "report.html": "second"}
    war("third")
    run("fourth", **{"tables/war.csv": "fourth"})
    assert json.loads((tmp_path / MANIFEST).read_text())["files"].keys() == {"run"}
    war("fifth")
    run("sixth")
    assert without_manifest(tmp_path) == {"tables/war.csv": "fifth", "report.html": "sixth"}
    assert json.loads((tmp_path / MANIFEST).read_text())["by"] == "sixth"


def test_a_link_to_a_folder_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for mark in "ab":
        place = ResultFolder(tmp_path / "link", "run").publish(results(mark))
        assert place == tmp_path / "link"
        assert (tmp_path / "link").is_symlink()
        assert without_manifest(tmp_path / "target") == results(mark)


def test_a_file_for_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "case").write_text("a file")
    with pytest.raises(OutputError, match="there is a file of this name"):
        ResultFolder(tmp_path / "case", "run")
    for place in (tmp_path / "case" / "below", tmp_path / ("long" * 100)):
        with pytest.raises(OutputError, match="cannot be written"):
            ResultFolder(place, "run")
        with pytest.raises(OutputError, match="cannot be written"):
            Blocks(place, "work", KEY)
        with pytest.raises(OutputError, match="cannot be written"):
            write_whole(place, b"")
        assert manifest_of(place) is None


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder that takes no files")
def test_a_place_where_nothing_can_be_made_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "PATIENCE_SECONDS", 5.0)
    with pytest.raises(OutputError, match="cannot be written"):
        ResultFolder("/proc/case", "run")


def test_a_stranger_in_the_place_of_the_workshop_is_named(tmp_path: Path) -> None:
    (tmp_path / ".detente").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="is no folder of ours"):
        ResultFolder(tmp_path, "run")


def test_opening_leaves_nothing_behind(tmp_path: Path) -> None:
    ResultFolder(tmp_path / "case", "run", ["report.html"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "/x", "a//b", "a/../../x", ".detente/x", "a\\b", "c:x", "a\0b"]
)
def test_names_lead_nowhere_else(name: str, tmp_path: Path) -> None:
    place, outside = tmp_path / "case", tmp_path / "x"
    outside.write_text("mine")
    with pytest.raises(InputError, match="no name for a file"):
        ResultFolder(place, "run").publish({name: "theirs"})
    place.mkdir()
    record = {"files": {"run": {name: content_hash(b"mine")}}}
    (place / MANIFEST).write_text(json.dumps(record))
    with pytest.raises(OutputError, match="manifest"):
        ResultFolder(place, "run")
    assert outside.read_text() == "mine"


def test_a_full_disk_leaves_the_earlier_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ResultFolder(tmp_path, "run").publish(results("a"))
    before = tree(tmp_path)
    folder = ResultFolder(tmp_path, "run")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        folder.publish(results("b"))
    monkeypatch.undo()
    assert tree(tmp_path) == before
    assert not (tmp_path / ".detente").exists()


def test_a_stuck_publication_is_waited_for_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PATIENCE_SECONDS", 0.1)
    folder = ResultFolder(tmp_path, "run")
    with folder._held(), pytest.raises(OutputError, match="another run has been writing"):
        ResultFolder(tmp_path, "run")
    folder.publish(results("a"))


def test_what_a_reader_learns_of_a_folder(tmp_path: Path) -> None:
    assert manifest_of(tmp_path) is None
    assert manifest_of(tmp_path / "absent") is None
    for text in ("[1]", "{", "[" * 100_000):
        (tmp_path / MANIFEST).write_text(text)
        assert manifest_of(tmp_path) is None
    (tmp_path / MANIFEST).unlink()
    ResultFolder(tmp_path, "run").publish({}, {"seed": 3})
    said = manifest_of(tmp_path)
    assert said is not None
    assert said["seed"] == 3


#: Publishes version "b" over "a", in a child that is stopped at its k-th step on the disk, for
#: every k; says how many there were, and which versions the next process found.
STOPPED = """
import json, os, shutil, signal, sys
from pathlib import Path
from detente.store import ResultFolder
place, how = Path(sys.argv[1]), sys.argv[2]
results = lambda m: {"report.html": m, "tables/headline.csv": m, f"figures/{m}.svg": m}
STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "os.listdir"}
found = []
for k in range(1000):
    shutil.rmtree(place, ignore_errors=True)
    ResultFolder(place, "run").publish(results("a"), {"mark": "a"})
    (place / "notes.txt").write_text("mine")
    child = os.fork()
    if child == 0:
        left = k
        def step(event, arguments):
            global left
            if event in STEPS and str(place) in str(arguments):
                left -= 1
                if left < 0 and how == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                if left == -1:
                    raise KeyboardInterrupt
        sys.addaudithook(step)
        try:
            ResultFolder(place, "run").publish(results("b"), {"mark": "b"})
        except KeyboardInterrupt:
            os._exit(1)
        os._exit(0 if left >= 0 else 1)
    _, status = os.waitpid(child, 0)
    if status == 0:
        break
    ResultFolder(place, "run")
    files = {str(p.relative_to(place)): p.read_text() for p in place.rglob("*") if p.is_file()}
    mark = json.loads(files.pop("manifest.json"))["mark"]
    assert files == results(mark) | {"notes.txt": "mine"}, (k, files)
    found.append(mark)
print(json.dumps(found))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(("how", "least"), [("kill", 28), ("interrupt", 14)])
def test_a_publication_stopped_at_any_step_is_old_or_new(
    how: str, least: int, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED, str(tmp_path / "case"), how],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) >= least
    assert found == sorted(found), "the old version until the journal is there, the new one after"
    assert set(found) == {"a", "b"}


def test_what_came_into_the_way_of_a_cut_off_publication_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ResultFolder(tmp_path, "run").publish(results("a"))
    folder = ResultFolder(tmp_path, "run")
    with monkeypatch.context() as cut_off:
        cut_off.setattr(ResultFolder, "_settle", lambda self: None)
        folder.publish(results("b"))
    mine = tmp_path / "figures" / "b.svg"
    mine.write_text("mine")
    for _ in range(2):
        with pytest.raises(OutputError, match=r"figures/b\.svg would be overwritten"):
            ResultFolder(tmp_path, "run")
    assert mine.read_text() == "mine"
    mine.unlink()
    ResultFolder(tmp_path, "run")
    assert without_manifest(tmp_path) == results("b")


NAMES = st.sampled_from(
    ["report.html", "tables/headline.csv", "notes.txt", "../outside.txt", "", MANIFEST, "a/b"]
)
LISTS = st.dictionaries(
    NAMES | st.text(max_size=5), JSON | st.just(content_hash(b"mine")), max_size=4
)
RECORDS = JSON | st.fixed_dictionaries({"files": st.dictionaries(st.text(max_size=3), LISTS)})
JOURNALS = JSON | st.fixed_dictionaries({"put": LISTS | JSON, "gone": LISTS | JSON})


@fuzzed(
    150,
    record=RECORDS,
    journal=JOURNALS,
    at=st.integers(0, 400),
    byte=st.integers(0, 255),
)
def test_whatever_manifest_and_journal_say_nothing_of_others_is_lost(
    record: Any, journal: Any, at: int, byte: int
) -> None:
    """A file whose hash the manifest gives as a run's is the run's; all others are others'."""
    with tempfile.TemporaryDirectory() as parent:
        place, outside = Path(parent, "case"), Path(parent, "outside.txt")
        ResultFolder(place, "run").publish(results("a"))
        whole = bytearray((place / MANIFEST).read_bytes())
        whole[at % len(whole)] = byte
        (place / "data").mkdir()
        for path in (place / "data" / "notes.txt", outside):
            path.write_text("mine")
        for text in (json.dumps(record).encode(), bytes(whole)):
            (place / MANIFEST).write_bytes(text)
            (place / ".detente").mkdir(exist_ok=True)
            (place / ".detente" / "journal.json").write_text(json.dumps(journal))
            manifest_of(place)
            bounded(lambda: ResultFolder(place, "run").publish(results("b")), OutputError)
            assert outside.read_text() == "mine"
            assert (place / "data" / "notes.txt").read_text() == "mine"


PUBLISHING = """
import sys
from detente.store import ResultFolder
place, mark = sys.argv[1:]
for k in range(12):
    files = {"report.html": mark, "tables/headline.csv": mark, f"figures/{mark}.svg": mark}
    ResultFolder(place, "run", ["report.html"]).publish(files, {"mark": mark})
"""


def test_runs_at_once_into_one_place_never_mix(tmp_path: Path) -> None:
    place = tmp_path / "case"
    running = [start(PUBLISHING, place, mark) for mark in "abcd"]
    for one in running:
        _, errors = one.communicate(timeout=200)
        assert one.returncode == 0, errors.decode()
    mark = json.loads((place / MANIFEST).read_text())["mark"]
    assert without_manifest(place) == results(mark)
    assert [p.name for p in tmp_path.iterdir()] == ["case"]
