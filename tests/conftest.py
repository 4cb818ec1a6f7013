"""Where do reference results and source tables lie, and what if they are absent?

They lie beside the project, not in it. `DETENTE_TRUTH` and `DETENTE_DATA` name the folders;
otherwise ``../shared/truth`` and ``../shared/data`` beside the checkout are taken. A test that
needs one skips with a plain reason where it is absent, but fails under continuous integration
(the variable `CI` is set), where it must be there.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def beside_the_project(variable: str, default: str, what: str) -> Path:
    """The folder, or a skip with a plain reason, or (under CI) a failure."""
    folder = Path(os.environ.get(variable, ROOT.parent / "shared" / default))
    if folder.is_dir():
        return folder
    reason = f"{what} are not in {folder}; set {variable} to the folder that holds them"
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (required under CI)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def truth() -> Path:
    """Folder of the reference results."""
    return beside_the_project("DETENTE_TRUTH", "truth", "reference results")


@pytest.fixture(scope="session")
def source_tables() -> Path:
    """Folder of the source tables."""
    return beside_the_project("DETENTE_DATA", "data", "source tables")


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
