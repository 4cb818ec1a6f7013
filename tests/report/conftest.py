"""Results that every test of the report shares."""

from __future__ import annotations

import pytest
from tests.report.invented import invented

from detente.run.results import Results


@pytest.fixture(scope="session")
def results() -> Results:
    return invented()


@pytest.fixture(scope="session")
def without_ranges() -> Results:
    return invented(ranges=False)
