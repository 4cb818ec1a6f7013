"""The log: a changed byte is found, nothing is written over, late or by halves."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from tests.reference_folders import ROOT

from detente.errors import DataFileError, InputError, OutputError
from detente.forecast.log import FIRST, Forecast, question_id, read_chain, seal
from detente.store import content_hash
from detente.talks.odds import meeting_odds
from detente.talks.signs import Signs

DAY = dt.date(2026, 3, 2)


def forecast(case: str = "first", made: dt.date = DAY, zone: float | None = 0.8) -> Forecast:
    signs = Signs.of(level="minister", dated=0.5, tone=(-3, 1))
    odds = meeting_odds(signs, zone)
    rows = {
        "record": odds.record.odds,
        "case": odds.case,
        "blend": odds.blend,
        "base_rates": odds.base_rates,
    }
    return Forecast(
        case=case,
        ends=dt.date(2026, 4, 1),
        made=made,
        question=f'How does "{case}" end?\tTab, Ümlaut, \\ and \x7f.',
        resolution="by the record",
        resolution_source="two agencies",
        signs=signs,
        zone_share=zone,
        odds=rows,
        escalation=0.28,
        case_hash=content_hash(b"case"),
        world="small",
        world_hash="ab",
        numbers_hash="cd",
        version="1",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three sealed forecasts."""
    for k, case in enumerate(("zebra", "alpha", "middle")):
        seal(tmp_path, forecast(case, DAY + dt.timedelta(k), None if k == 1 else 0.8))
    return tmp_path


def test_what_is_read_is_what_was_sealed(tmp_path: Path) -> None:
    path = seal(tmp_path, forecast())
    (found,) = read_chain(tmp_path)
    assert path.name == "2026-04-01-first.toml"
    assert found.forecast == forecast()
    assert (found.id, found.number, found.before) == (path.stem, 1, FIRST)
    assert path.read_text(encoding="utf-8").splitlines()[-1].startswith("seal = ")


def test_each_names_the_one_before(folder: Path) -> None:
    chain = read_chain(folder)
    assert [one.forecast.case for one in chain] == ["zebra", "alpha", "middle"]
    assert [one.before for one in chain[1:]] == [content_hash(one.content) for one in chain[:-1]]


def test_no_folder_is_an_empty_chain(tmp_path: Path) -> None:
    assert read_chain(tmp_path / "absent") == ()


def test_one_changed_byte_is_found_wherever_it_is(folder: Path) -> None:
    path = folder / f"{question_id('alpha', dt.date(2026, 4, 1))}.toml"
    content = path.read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        path.write_bytes(bytes(changed))
        with pytest.raises(DataFileError, match="never edited"):
            read_chain(folder)
    for other in (b"", content[:-1], content + b"\n", content + content):
        path.write_bytes(other)
        with pytest.raises(DataFileError):
            read_chain(folder)
    path.write_bytes(content)
    assert len(read_chain(folder)) == 3


def test_a_file_sealed_anew_breaks_the_next_one(folder: Path) -> None:
    path = folder / f"{question_id('zebra', dt.date(2026, 4, 1))}.toml"
    body = path.read_bytes().rsplit(b"seal = ", 1)[0].replace(b"0.28", b"0.82")
    path.write_bytes(body + f'seal = "{content_hash(body)}"\n'.encode())
    with pytest.raises(DataFileError, match="not the one that it was sealed on"):
        read_chain(folder)


@pytest.mark.parametrize("gone", ["zebra", "alpha"])
def test_a_file_taken_out_or_renamed_is_missed(folder: Path, gone: str) -> None:
    path = folder / f"{question_id(gone, dt.date(2026, 4, 1))}.toml"
    path.rename(folder / "2026-04-01-other.toml")
    with pytest.raises(DataFileError, match="renamed"):
        read_chain(folder)
    (folder / "2026-04-01-other.toml").unlink()
    with pytest.raises(DataFileError, match="is missing"):
        read_chain(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"ends = 2026-04-01", b'ends = "april"'),
        (b"number = 1", b'number = "1"'),
        (b"made = ", b"maid = "),
        (b"odds.case", b"odds.cases"),
        (b"{ breakthrough = ", b"{ breakthrough = 1"),
    ],
)
def test_a_forgery_that_lacks_something_is_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = seal(tmp_path, forecast())
    body = path.read_bytes().rsplit(b"seal = ", 1)[0]
    assert old in body
    body = body.replace(old, new, 1)
    path.write_bytes(body + f'seal = "{content_hash(body)}"\n'.encode())
    with pytest.raises(DataFileError):
        read_chain(tmp_path)


def test_strangers_are_refused(folder: Path) -> None:
    (folder / "notes.toml").write_text("a = 1\n")
    with pytest.raises(DataFileError, match="no sealed forecast"):
        seal(folder, forecast("fourth", DAY + dt.timedelta(9)))


def test_nothing_is_written_over_or_late(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(InputError, match="sealed forecast of this question already"):
        seal(folder, forecast("alpha", DAY + dt.timedelta(9)))
    with pytest.raises(InputError, match="too late"):
        seal(folder, forecast("fourth", dt.date(2026, 4, 2)))
    with pytest.raises(InputError, match="Set the clock"):
        seal(folder, forecast("fourth", DAY))
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_changed_log_takes_no_more(folder: Path) -> None:
    path = folder / f"{question_id('middle', dt.date(2026, 4, 1))}.toml"
    path.write_bytes(path.read_bytes().replace(b"0.8", b"0.9", 1))
    with pytest.raises(DataFileError, match="not what was sealed"):
        seal(folder, forecast("fourth", DAY + dt.timedelta(9)))


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interruption_leaves_whole_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def broken(*_: object) -> None:
        raise fault

    before = {path: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        seal(folder, forecast("fourth", DAY + dt.timedelta(9)))
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    monkeypatch.undo()
    seal(folder, forecast("fourth", DAY + dt.timedelta(9)))
    assert len(read_chain(folder)) == 4


def test_odds_that_do_not_sum_are_not_sealed(tmp_path: Path) -> None:
    good = forecast()
    bad = {**good.odds, "case": good.odds["case"]._replace(breakdown=0.9)}
    with pytest.raises(DataFileError, match="sum to one"):
        seal(tmp_path, dataclasses.replace(good, odds=bad))
    assert list(tmp_path.iterdir()) == []


def test_the_forecasts_of_this_project_are_whole() -> None:
    own = ROOT / "forecasts"
    for one in read_chain(own):
        case = own / "cases" / f"{one.forecast.case}.toml"
        assert content_hash(case.read_bytes()) == one.forecast.case_hash, one.id
