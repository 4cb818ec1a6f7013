"""Does a missing folder of reference results skip at home and fail under CI?"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import beside_the_project


def ask(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DETENTE_TRUTH", str(folder))
    return beside_the_project("DETENTE_TRUTH", "truth", "reference results")


def test_a_folder_that_is_there_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(tmp_path, monkeypatch) == tmp_path


def test_absent_at_home_skips_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="set DETENTE_TRUTH"):
        ask(tmp_path / "nowhere", monkeypatch)


def test_absent_under_ci_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="required under CI"):
        ask(tmp_path / "nowhere", monkeypatch)
