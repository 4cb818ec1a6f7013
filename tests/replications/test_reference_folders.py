"""Does a missing folder of reference results skip at home and fail where it must be there?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.reference_folders import OWN_RESULTS, beside_the_project


def ask(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DETENTE_TRUTH", str(folder))
    return beside_the_project("DETENTE_TRUTH", "truth", "reference results")


def test_a_folder_that_is_there_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(tmp_path, monkeypatch) == tmp_path


def test_absent_on_a_fork_skips_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("DETENTE_REQUIRE_TRUTH", raising=False)
    with pytest.raises(pytest.skip.Exception, match="set DETENTE_TRUTH"):
        ask(tmp_path / "nowhere", monkeypatch)


def test_absent_where_it_must_be_there_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_REQUIRE_TRUTH", "1")
    with pytest.raises(pytest.fail.Exception, match="DETENTE_REQUIRE_TRUTH is set"):
        ask(tmp_path / "nowhere", monkeypatch)


def test_every_sourcing_case_that_the_index_tells_is_there() -> None:
    folder = OWN_RESULTS / "sourcing_2026"
    told = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    assert {p.stem for p in folder.glob("*.npz")} >= set(told)
