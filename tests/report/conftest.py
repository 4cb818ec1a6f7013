"""Results that every test of the report shares."""

from __future__ import annotations

import pytest
from tests.report.invented import invented

from detente.case import load_case
from detente.run import meet
from detente.run.results import Results
from detente.talks import TalksResults


@pytest.fixture(scope="session")
def results() -> Results:
    return invented()


@pytest.fixture(scope="session")
def without_ranges() -> Results:
    return invented(ranges=False)


@pytest.fixture(scope="session")
def met() -> TalksResults:
    """A shipped meeting, worked out once."""
    return meet(load_case("busan-2025"), draws=200)
