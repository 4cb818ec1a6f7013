"""Is a folder of version 0.1 replaced where it is a run's, and nowhere else?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from detente.errors import OutputError
from detente.report.earlier import SAID, results_folder
from detente.store import MANIFEST

#: What a run of version 0.1 wrote, its manifest last.
FILES = ("report.html", "datapackage.json", "tables/headline.csv", "figures/gains.svg", MANIFEST)
OF_01 = dict.fromkeys(SAID, "x")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for second, name in enumerate(FILES):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(OF_01) if name == MANIFEST else "first")
        os.utime(path, (1e9 + second / 10, 1e9 + second / 10))
    return tmp_path


def there(place: Path) -> dict[str, str]:
    return {
        p.relative_to(place).as_posix(): p.read_text()
        for p in place.rglob("*")
        if p.is_file() and p.name != MANIFEST
    }


def test_a_run_replaces_one_of_version_01(place: Path) -> None:
    (place / "notes.txt").write_text("mine")
    (place / "tables" / "mine.csv").write_text("mine")
    folder = results_folder(place, "run", ["report.html"])
    folder.publish({"report.html": "second"}, {"seed": 1})
    mine = {"notes.txt": "mine", "tables/mine.csv": "mine"}
    assert there(place) == {"report.html": "second"} | mine
    results_folder(place, "run").publish({"report.html": "third"}, {"seed": 1})
    assert there(place) == {"report.html": "third"} | mine


def test_other_commands_leave_it(place: Path) -> None:
    before = there(place)
    results_folder(place, "war", ["tables/war.csv"]).publish({"tables/war.csv": "war"})
    assert there(place) == before | {"tables/war.csv": "war"}
    assert json.loads((place / MANIFEST).read_text()).keys() == {*SAID, "files"}


def test_what_was_changed_since_is_named_and_stays(place: Path) -> None:
    (place / "report.html").write_text("with my remarks")
    with pytest.raises(OutputError, match=r"report\.html would be overwritten"):
        results_folder(place, "run", ["report.html"])
    assert there(place)["report.html"] == "with my remarks"


@pytest.mark.parametrize(
    "said", [{}, {"schema": 1}, dict.fromkeys(sorted(SAID)[1:], 1), [1]], ids=str
)
def test_the_manifest_of_another_tool_is_not_taken_for_ours(place: Path, said: object) -> None:
    (place / MANIFEST).write_text(json.dumps(said))
    before = there(place)
    with pytest.raises(OutputError, match=r"manifest\.json would be overwritten"):
        results_folder(place, "run", ["report.html"])
    assert there(place) == before


def test_a_place_with_nothing_in_it_stays_so(tmp_path: Path) -> None:
    results_folder(tmp_path / "case", "run", ["report.html"])
    assert list(tmp_path.iterdir()) == []
