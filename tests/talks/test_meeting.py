"""What must a meeting have been worth, and what is calm worth?"""

from __future__ import annotations

import pytest

from detente.talks.meeting import meeting_worth


def test_a_meeting_earns_its_cost_by_lowering_the_chance_of_harm() -> None:
    out = meeting_worth(0.8, 0.05, -0.25)
    points = out.points_for(0.01)
    assert points is not None
    assert points * out.no_escalation == pytest.approx(0.01)
    assert out.expected == pytest.approx(0.04)


def test_who_gains_by_the_fallback_has_no_reason_to_meet_for_calm() -> None:
    out = meeting_worth(0.8, 0.05, 0.1)
    assert out.no_escalation == -0.1
    assert out.points_per_cost is None
    assert out.points_for(0.01) is None
