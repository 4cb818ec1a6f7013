"""Is what ships complete, unaltered and sourced?"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "detente"
CASES = sorted((PACKAGE / "cases").glob("*.toml"))
SHIPPED_CASES = {
    "anchorage-2021",
    "beijing-2024",
    "busan-2025",
    "decoupling",
    "liberation-day-2025",
    "trade-war-2018",
}
#: Files beside the tables that are not tables.
NOT_TABLES = {"datapackage.json", ".gitattributes"}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---- data ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def resources() -> list[dict[str, Any]]:
    package = json.loads((PACKAGE / "data" / "datapackage.json").read_text(encoding="utf-8"))
    entries: list[dict[str, Any]] = package["resources"]
    return entries


def test_every_shipped_table_matches_its_hash(resources: list[dict[str, Any]]) -> None:
    assert resources
    wrong = [r["path"] for r in resources if sha256(PACKAGE / "data" / r["path"]) != r["sha256"]]
    assert wrong == []


def test_every_shipped_table_is_described(
    resources: list[dict[str, Any]], project_files: list[Path]
) -> None:
    folder = PACKAGE / "data"
    shipped = {
        p.relative_to(folder).as_posix()
        for p in project_files
        if p.is_relative_to(folder) and p.suffix not in {".py", ".pyi"}
    }
    assert shipped - NOT_TABLES == {r["path"] for r in resources}


def test_every_source_is_credited_with_edition_and_licence() -> None:
    package = json.loads((PACKAGE / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["sources"]
    for source in package["sources"]:
        for key in ("title", "publisher", "edition", "licence", "credit", "used_for"):
            assert source[key].strip(), f"{source['title']}: no {key}"


def test_worlds_name_the_hash_of_their_arrays() -> None:
    descriptors = sorted((PACKAGE / "data" / "shipped").glob("*.json"))
    assert {p.stem for p in descriptors} == {"icio-2017", "icio-2022", "icio-2022-small"}
    for path in descriptors:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        assert descriptor["arrays"]["sha256"] == sha256(path.with_suffix(".npz")), path.name
        credit = json.dumps(descriptor, ensure_ascii=False)
        assert "Inter-Country Input-Output" in credit
        assert "adaptation of an original work by the OECD" in credit


# ---- cases --------------------------------------------------------------------------------


def test_the_promised_cases_are_there() -> None:
    assert {path.stem for path in CASES} >= SHIPPED_CASES


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_measure_of_a_case_has_its_source(path: Path) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    assert case["name"] == path.stem
    assert case["question"].strip().endswith("?")
    assert case["measure"]
    for measure in case["measure"]:
        source = measure.get("source", "")
        assert len(source) >= 20, f"{path.stem}, {measure['id']}: no source"
        hypothetical = measure.get("status") == "hypothetical"
        dated = re.search(r"\b(19|20)\d\d\b", source)
        assert dated or hypothetical, f"{path.stem}, {measure['id']}: the source has no date"
    for left_out in case.get("not_priced", []):
        assert left_out["why"].strip()
        assert left_out["source"].strip()
    known = {measure["id"] for measure in case["measure"]}
    for package in case["package"]:
        assert set(package["measures"]) <= known, f"{path.stem}, {package['id']}"
    assert case["headline"] in {package["id"] for package in case["package"]}


# ---- wheel --------------------------------------------------------------------------------


def test_the_wheel_holds_every_file_of_the_package(
    project_files: list[Path], root: Path, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=root,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("detente-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("detente/")}
    assert packed == {
        p.relative_to(root / "src").as_posix()
        for p in project_files
        if p.is_relative_to(root / "src")
    }
    megabytes = wheel.stat().st_size / 1e6
    assert megabytes < 20, f"the wheel has grown to {megabytes:.1f} MB"
