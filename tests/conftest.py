"""What do all tests share? Folders of reference results, and memory that is given back."""

from __future__ import annotations

import gc
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


#: Compiled programs take memory mappings, of which Linux allows a process 65,530 by default; a
#: worker that runs most of the tests comes close to that and dies in the middle of one.
MOST_MAPPINGS = 20_000


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Drop compiled programs between files once there are many."""
    if nextitem is None or item.path == nextitem.path or "jax" not in sys.modules:
        return
    mappings = Path("/proc/self/maps")
    if not mappings.is_file() or mappings.read_bytes().count(b"\n") < MOST_MAPPINGS:
        return
    import jax

    jax.clear_caches()
    gc.collect()
