"""Results that every test of the report shares."""

from __future__ import annotations

import pytest
from tests.report.invented import invented

from detente.case import load_case
from detente.run.results import Results
from detente.talks.meeting import TalksResults, run_talks
from detente.world import load_world


@pytest.fixture(scope="session")
def results() -> Results:
    return invented()


@pytest.fixture(scope="session")
def without_ranges() -> Results:
    return invented(ranges=False)


@pytest.fixture(scope="session")
def meeting() -> TalksResults:
    """A shipped meeting, worked out once."""
    case = load_case("beijing-2024")
    return run_talks(case.meeting, load_world(case.world), draws=8, elasticity_draws=0)
