"""Are the shipped tables whole, credited, and answered for when they are not?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from detente.data import data_folder, economies, groups, sectors
from detente.data.files import read_shipped
from detente.errors import DataFileError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the data folder that a test may harm."""
    target = tmp_path / "data"
    shutil.copytree(data_folder(), target, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return target


def test_every_file_is_listed_and_has_its_hash(copy: Path) -> None:
    on_disk = {
        str(p.relative_to(copy)) for p in copy.rglob("*") if p.suffix in (".csv", ".json", ".npz")
    }
    package = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    listed = {entry["path"] for entry in package["resources"]}
    assert listed == on_disk - {"datapackage.json"}
    for name in listed:
        assert read_shipped(name, copy)


def test_every_source_has_credit_and_licence() -> None:
    package = json.loads((data_folder() / "datapackage.json").read_text(encoding="utf-8"))
    for source in package["sources"]:
        for key in ("title", "publisher", "edition", "used_for", "licence", "credit"):
            assert source[key], (source["title"], key)
    oecd = package["sources"][0]["credit"]
    assert oecd.startswith("OECD (2025), Inter-Country Input-Output Tables.")
    assert "should not be reported as representing the official views of the OECD" in oecd


@pytest.mark.parametrize("name", ["groups.csv", "shipped/icio-2022.npz", "shipped/icio-2022.json"])
@pytest.mark.parametrize("harm", ["truncated", "altered", "absent"])
def test_a_harmed_file_is_refused_by_name(copy: Path, name: str, harm: str) -> None:
    path = copy / name
    content = path.read_bytes()
    if harm == "absent":
        path.unlink()
    elif harm == "truncated":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataFileError) as caught:
        read_shipped(name, copy)
    text = str(caught.value)
    assert Path(name).name in text
    assert "Install detente again" in text
    if harm != "absent":
        assert "expected" in text


def test_a_harmed_package_file_is_refused(copy: Path) -> None:
    (copy / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataFileError, match="not valid JSON"):
        read_shipped("groups.csv", copy)


def test_groups_are_made_of_known_economies() -> None:
    known = economies()
    for group in groups().values():
        assert set(group.members) <= set(known)
        assert len(set(group.members)) == len(group.members)
    assert len([s for s in sectors().values() if s.is_good]) == 21
    # The European Union's members are the members of the four economies that make it up.
    union = groups()["EU27"].members
    assert sum(len(known[code].members) for code in union) == 27
