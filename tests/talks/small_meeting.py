"""A meeting small enough to check by hand: two sides, four issues, invented prices."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from detente.talks.agenda import Agenda
from detente.talks.bands import measures_of_outcome
from detente.talks.calibrated import record_for
from detente.talks.ground import Ground, request_for
from detente.talks.meeting import TalksResults
from detente.talks.outcome import look_ahead, no_escalation, worth_meeting, worth_of_calm
from detente.talks.price_table import PriceTable
from detente.talks.section import TalksSection
from detente.talks.third_parties import joining
from detente.talks.zopa import bargaining_power, linkage_value, solutions

SIDES = ("AAA", "BBB")


def judged(value: float, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    return {
        "value": value,
        "low": value if low is None else low,
        "high": value if high is None else high,
        "why": "a test",
    }


def party(name: str, **changes: Any) -> dict[str, Any]:
    out: dict[str, Any] = {"id": name, "title": name, "ratification": "a vote"}
    for key, value in {
        "impatience": judged(0.5, 0.25, 1.0),
        "turnover": judged(0.1, 0.0, 0.2),
        "audience_cost": judged(0.1),
        "demand": judged(0.4),
        "relative_gains": judged(0.3),
        "drift": judged(0.02),
        "unwilling": judged(0.3, 0.2, 0.4),
        "pressure": judged(0.5),
        "amplification": judged(0.1),
        "threshold": judged(0.0, -0.1, 0.1),
        "spread": judged(0.2),
        "threshold_drift": judged(0.05),
        "rally": judged(0.0),
        "failure_cost": judged(0.1),
        "talking_cost": judged(0.02),
    }.items():
        out[key] = value
    out.update(changes)
    return out


def issue(name: str, who: str, *levels: tuple[str, float, float], measures: bool = False) -> Any:
    return {
        "id": name,
        "title": name,
        "performs": [who],
        "status_quo": levels[0][0],
        "salience": {SIDES[0]: judged(1.0), SIDES[1]: judged(1.0)},
        "source": "invented",
        "level": [
            {
                "id": level,
                "title": level,
                "value": {SIDES[0]: a, SIDES[1]: b},
                "measures": [f"{name}-{level}"] if measures and k else [],
            }
            for k, (level, a, b) in enumerate(levels)
        ],
    }


def raw() -> dict[str, Any]:
    """The section as a case file would hold it."""
    tone = {
        "public_mean": judged(0.0),
        "private_mean": judged(1.0),
        "unwilling_shift": judged(3.0),
        "pressure_shift": judged(3.0),
        "public_spread": judged(2.5),
        "private_spread": judged(2.0),
        "script_spread": judged(1.0),
        "candour": judged(0.4, 0.2, 0.6),
    }
    return {
        "title": "Small talks",
        "date": "2024-01-01",
        "breakthrough_share": judged(0.5),
        "length": judged(0.1),
        "unintended_closed": judged(0.3),
        "unintended_open": judged(0.2),
        "party": [party(SIDES[0]), party(SIDES[1], impatience=judged(0.25))],
        "issue": [
            issue("one", SIDES[0], ("as-is", 0, 0), ("eased", -0.1, 0.4), measures=True),
            issue("two", SIDES[1], ("as-is", 0, 0), ("eased", 0.5, -0.2), measures=True),
            issue("three", SIDES[0], ("as-is", 0, 0), ("half", 0.1, 0.1), ("all", -0.3, 0.5)),
            issue("four", SIDES[1], ("as-is", 0, 0), ("done", 0.2, 0.05)),
        ],
        "constituency": [
            {
                "id": f"{name}-all",
                "title": "everybody",
                "party": name,
                "weight": judged(0.0),
                "vote": 1.0,
                "source": "invented",
            }
            for name in SIDES
        ],
        "threat": [
            {
                "id": "hit",
                "title": "a duty",
                "by": SIDES[0],
                "against": SIDES[1],
                "measures": ["hit"],
                "answers": ["back"],
                "when": "later",
                "prior": judged(0.3),
                "war_cost": judged(1.0),
                "audience_cost": judged(0.3),
                "source": "invented",
            }
        ],
        "statement": [
            {
                "id": "opening",
                "title": "opening",
                "by": SIDES[1],
                "setting": "public",
                "date": "2024-01-01",
                "text": "harsh",
                "score": -4.0,
                "why": "invented",
                "source": "invented",
            }
        ],
        "round": [
            {"id": "next", "title": "next", "date": "2024-07-01", "source": "invented"},
            {
                "id": "after",
                "title": "after the vote",
                "date": "2025-02-01",
                "hazard": {SIDES[0]: judged(0.5)},
                "source": "invented",
            },
        ],
        "successor": [
            {"party": SIDES[0], "threat": "hit", "acts": judged(0.5), "source": "invented"}
        ],
        "tone": tone,
    }


MEASURES = ("one-eased", "two-eased", "hit", "back")


def section(**changes: Any) -> TalksSection:
    content = copy.deepcopy(raw())
    content.update(changes)
    return TalksSection.model_validate(content)


def table(talks: TalksSection) -> PriceTable:
    """Invented prices: each measure moves both sides by a fixed amount, jointly a little more."""
    effect = {
        "one-eased": (0.0005, 0.0015),
        "two-eased": (0.002, 0.0004),
        "hit": (-0.001, -0.004),
        "back": (-0.002, -0.001),
    }
    request = request_for(talks)
    hats = np.ones((len(request.rows), 2))
    for k, names in enumerate(request.rows):
        for name in names:
            hats[k] += effect[name]
        hats[k] *= 1 + 1e-4 * max(0, len(names) - 1)
    rows = len(request.rows)
    return PriceTable(
        request=request,
        economies=SIDES,
        sectors=("goods", "services"),
        income=np.array([100.0, 60.0]),
        labour_income=np.array([[30.0, 40.0], [30.0, 10.0]]),
        employment=None,
        welfare_hat=hats,
        earned_hat=hats,
        real_wage_hat=np.repeat(hats[:, :, None], 2, axis=2),
        workers_hat=np.ones((rows, 2, 2)),
        trade=np.ones((rows, 2, 2)),
        solved=np.ones(rows, dtype=bool),
    )


def ground(**changes: Any) -> Ground:
    talks = section(**changes)
    assert Agenda(talks.issues).size == 24
    return Ground.of(talks, table(talks))


def worked_out(ground: Ground) -> TalksResults:
    """Results of a meeting whose prices were invented."""
    values = ground.central()
    horizon = look_ahead(ground, values)
    stand, members = horizon.now.stand, horizon.now.zone.members
    u, d = stand.worth[0], stand.disagreement[0]
    power = bargaining_power((stand.of_party("impatience", 0), stand.of_party("impatience", 1)))
    calm = no_escalation(horizon.outcome, values)
    return TalksResults(
        case="small",
        talks=ground.talks,
        ground=ground,
        values=values,
        horizon=horizon,
        measures=measures_of_outcome(horizon, values),
        points=solutions(u, d, members, power),
        linkage=linkage_value(ground.agenda, u, d, power, members),
        separate=(0, len(members)),
        worth=worth_meeting(horizon),
        calm=calm,
        calm_worth=worth_of_calm(ground, values, calm),
        record=record_for(ground.talks, stand.opening_tone),
        third_parties=joining(stand),
        variants=(),
        filters=(),
        changes=(),
        bands=None,
        swings=(),
    )
