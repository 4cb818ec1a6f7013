"""Are all files of a run there, and do they read back?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.errors import InputError, UnknownNameError
from detente.report.exports.export import export_run
from detente.report.tables.files import TABLES
from detente.report.write import write_results
from detente.run.results import COLUMNS, Results
from detente.store import ResultFolder

MANIFEST = {"detente": "0.1.0", "case": "invented", "package": "package-one"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, results: Results) -> Path:
    place = tmp_path_factory.mktemp("out") / "invented"
    return write_results(results, ResultFolder(place, "run"), MANIFEST)


def test_everything_is_written(folder: Path) -> None:
    names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert {"report.html", "manifest.json", "datapackage.json"} <= names
    # sections that the invented case has not
    elsewhere = {"trade", "talks", "talks_packages", "war", "deals"}
    assert {f"tables/{n}.csv" for n in TABLES if n not in elsewhere} <= names
    for kind in ("svg", "png", "csv"):
        assert f"figures/gains.{kind}" in names
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]
    assert not list(folder.glob(".*"))


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


def test_a_new_run_takes_the_exports_of_the_earlier_with_it(
    tmp_path: Path, results: Results
) -> None:
    write_results(results, ResultFolder(tmp_path, "run"), MANIFEST)
    (mine,) = export_run(tmp_path, "latex", tmp_path / "mine.tex")
    (path,) = export_run(tmp_path, "latex")
    export_run(tmp_path, "latex")
    assert path.is_file()
    write_results(results, ResultFolder(tmp_path, "run"), MANIFEST)
    assert not path.exists()
    assert mine.is_file()


def test_exports_refuse(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match='"parquett"'):
        export_run(folder, "parquett")
    with pytest.raises(InputError, match="no run left its results here"):
        export_run(tmp_path, "latex")
