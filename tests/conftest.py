"""What do all tests share? Folders of reference results, and memory that is given back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.reference_folders import OWN_RESULTS, beside_the_project


@pytest.fixture(scope="session")
def truth() -> Path:
    """Folder of other authors' data and published results."""
    return beside_the_project("DETENTE_TRUTH", "truth", "reference results")


@pytest.fixture(scope="session")
def source_tables() -> Path:
    """Folder of the source tables."""
    return beside_the_project("DETENTE_DATA", "data", "source tables")


@pytest.fixture(scope="session")
def own_results() -> Path:
    """Folder of what independent codes of our own found."""
    return OWN_RESULTS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse names that differ from process to process: workers could not share the tests."""
    if wrong := [item.nodeid for item in items if " at 0x" in item.nodeid]:
        raise pytest.UsageError("tests named by an address in memory:\n" + "\n".join(wrong))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Between files see that there is room for what the next ones compile."""
    if nextitem is None or item.path == nextitem.path or "jax" not in sys.modules:
        return
    from detente.equilibrium.setup import drop_programs_if_crowded

    drop_programs_if_crowded()
