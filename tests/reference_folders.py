"""Where do reference results and source tables lie, and what if they are absent?

Results of independent codes of our own lie in tests/replications/data. Other authors' data lie
beside the project, not in it: `DETENTE_TRUTH` and `DETENTE_DATA` name the folders; otherwise
``../shared/truth`` and ``../shared/data`` beside the checkout are taken. A test that needs one
skips with one plain line where it is absent, as on a fork; where `DETENTE_REQUIRE_TRUTH` is set
they must be there, and it fails.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

#: What independent codes of our own found; described in the README beside them.
OWN_RESULTS = ROOT / "tests" / "replications" / "data"


def beside_the_project(variable: str, default: str, what: str) -> Path:
    """The folder, or a skip with a plain reason, or (where it must be there) a failure."""
    folder = Path(os.environ.get(variable, ROOT.parent / "shared" / default))
    if folder.is_dir():
        return folder
    reason = f"{what} are not in {folder}; set {variable} to the folder that holds them"
    if os.environ.get("DETENTE_REQUIRE_TRUTH"):
        pytest.fail(f"{reason} (DETENTE_REQUIRE_TRUTH is set)")
    pytest.skip(reason)
