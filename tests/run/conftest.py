"""Results that tests of a run share with those of the report."""

from __future__ import annotations

import pytest
from tests.report.invented import invented

from detente.run.results import Results


@pytest.fixture(scope="session")
def results() -> Results:
    return invented()
