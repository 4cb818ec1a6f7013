"""Are results whole or absent, and do earlier ones survive?"""

from __future__ import annotations

import contextlib
import errno
import json
from pathlib import Path

import pytest

from detente.errors import InputError, OutputError, UnknownNameError
from detente.report.exports.export import export_run
from detente.report.files import Staged, write_whole
from detente.report.write import TABLES, write_results
from detente.run.results import COLUMNS, Results

MANIFEST = {"detente": "0.1.0", "case": "invented", "package": "package-one"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, results: Results) -> Path:
    place = tmp_path_factory.mktemp("out") / "invented"
    with Staged(place) as staged:
        return write_results(results, staged, MANIFEST)


def test_everything_is_written(folder: Path) -> None:
    names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert {"report.html", "manifest.json", "datapackage.json"} <= names
    # sections that the invented case has not
    elsewhere = {"trade", "talks", "talks_packages", "talks_prices", "war", "deals"}
    assert {f"tables/{n}.csv" for n in TABLES if n not in elsewhere} <= names
    for kind in ("svg", "png", "csv"):
        assert f"figures/gains.{kind}" in names
    assert not list(folder.parent.glob(".*")), "temporary folders are left"


def test_tables_are_long(folder: Path) -> None:
    for path in (folder / "tables").glob("*.csv"):
        head = path.read_text(encoding="utf-8").splitlines()[0]
        assert tuple(head.split(",")) == COLUMNS
    package = json.loads((folder / "datapackage.json").read_text())
    for resource in package["resources"]:
        assert (folder / resource["path"]).is_file()


def test_missing_is_blank_never_zero(folder: Path) -> None:
    lines = (folder / "tables" / "headline.csv").read_text().splitlines()
    central = [line for line in lines if ",welfare_pct,,,USA,,,," in line]
    assert len(central) == 1
    assert central[0].endswith(",-0.041,%")


def test_links_in_the_report_lead_somewhere(folder: Path) -> None:
    import re

    text = (folder / "report.html").read_text(encoding="utf-8")
    for link in re.findall(r'href="([^"#][^"]*)"', text):
        assert (folder / link).is_file(), link


def test_svg_stands_on_its_own(folder: Path) -> None:
    from xml.etree import ElementTree

    root = ElementTree.fromstring((folder / "figures" / "gains.svg").read_text(encoding="utf-8"))
    words = " ".join(root.itertext())
    assert "Real income by economy" in words
    assert "Compared with the world of 2022" in words


def test_a_failure_leaves_the_earlier_run(tmp_path: Path) -> None:
    place = tmp_path / "case"
    with Staged(place) as staged:
        staged.write("manifest.json", "{}")
        staged.write("report.html", "first")
        staged.publish()
    with contextlib.suppress(RuntimeError), Staged(place) as staged:
        staged.write("manifest.json", "{}")
        staged.write("report.html", "second")
        raise RuntimeError("midway")
    assert (place / "report.html").read_text() == "first"
    assert [p.name for p in tmp_path.iterdir()] == ["case"]


def test_a_new_run_replaces_the_earlier_whole(tmp_path: Path) -> None:
    place = tmp_path / "case"
    for content, extra in (("first", "old.csv"), ("second", "new.csv")):
        with Staged(place) as staged:
            staged.write("manifest.json", "{}")
            staged.write("report.html", content)
            staged.write(extra, "x")
            staged.publish()
    assert {p.name for p in place.iterdir()} == {"manifest.json", "report.html", "new.csv"}
    assert (place / "report.html").read_text() == "second"
    assert [p.name for p in tmp_path.iterdir()] == ["case"]


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "thesis"
    place.mkdir()
    (place / "chapter1.txt").write_text("years of work")
    with pytest.raises(OutputError, match=r"holds other files and no manifest\.json"):
        Staged(place)
    assert (place / "chapter1.txt").read_text() == "years of work"


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "case").write_text("a file")
    with pytest.raises(OutputError, match="there is a file of this name"):
        Staged(tmp_path / "case")
    with pytest.raises(OutputError, match="cannot be written"):
        Staged(tmp_path / "case" / "below")


def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "case"
    with Staged(place) as staged:
        staged.write("manifest.json", "{}")
        staged.write("report.html", "first")
        staged.publish()

    def full(self: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Staged(place) as staged:
        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(OutputError, match="No space left on device"):
            staged.write("report.html", "second")
    monkeypatch.undo()
    assert (place / "report.html").read_text() == "first"
    assert [p.name for p in tmp_path.iterdir()] == ["case"]


def test_write_whole_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.txt"
    write_whole(path, b"first")

    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        write_whole(path, b"second")
    monkeypatch.undo()
    assert path.read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("form", ["xlsx", "parquet", "latex"])
def test_exports(folder: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / {"xlsx": "t.xlsx", "parquet": "t", "latex": "t.tex"}[form]
    written = export_run(folder, form, target)
    assert all(path.stat().st_size > 200 for path in written)
    if form == "latex":
        text = target.read_text(encoding="utf-8")
        assert "USA & $-0.041$ & $[-0.061,\\ -0.026]$" in text
        assert text.count("\\\\") == 1 + 4
    if form == "parquet":
        import pandas as pd

        table = pd.read_parquet(next(p for p in written if p.stem == "headline"))
        assert tuple(table.columns) == COLUMNS
    if form == "xlsx":
        assert target.read_bytes()[:2] == b"PK"


def test_exports_refuse(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match='"parquett"'):
        export_run(folder, "parquett")
    with pytest.raises(InputError, match="no run left its results here"):
        export_run(tmp_path, "latex")
