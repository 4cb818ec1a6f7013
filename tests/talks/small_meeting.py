"""Which meeting are the laws tested on? Three economies, two goods, duties of both sides."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import numpy as np

from detente.measures import Instrument, measure
from detente.talks.given import MeetingGiven
from detente.talks.section import TalksSection
from detente.world.model import World

#: Sides, asymmetric in size, and somebody outside the room.
SIDES = ("HOM", "FOR")

TEXT = """
date = 2025-10-30
parties = ["HOM", "FOR"]
level = "leader"
dated = 1
tone = { HOM = 3, FOR = -1 }
always = ["h-base"]
fallback = { measures = ["h-war", "f-war"], chance = 0.5, source = "invented" }
issue.duties = { by = "HOM", levels = { high = ["h20"], low = ["h10"], none = [] } }
issue.farm = { by = "FOR", levels = { kept = ["f15"], lifted = [] } }
issue.mirror = { by = ["HOM", "FOR"], levels = { both = ["h-cars", "f-cars"], none = [] } }
what_if = { "rest joins" = { add = ["r5"] }, "chips open" = { issue.chips = "open" } }
next_government = { by = "HOM", hazard = 0.4, measures = ["h-war"], source = "invented" }
[issue.chips]
by = "HOM"
levels = { shut = [], open = [] }
beyond.open = { HOM = -0.01, FOR = 0.02 }
"""


def world() -> World:
    """A world of three economies and two goods; home is the largest."""
    sales = np.array(
        [
            [[400.0, 250.0], [30.0, 60.0], [20.0, 15.0]],
            [[25.0, 50.0], [150.0, 210.0], [12.0, 18.0]],
            [[22.0, 12.0], [15.0, 14.0], [90.0, 70.0]],
        ]
    )
    return World.from_arrays(
        ["HOM", "FOR", "RST"],
        ["farm", "cars"],
        sales=sales,
        trade_elasticity=[3.0, 5.0],
        goods=("farm", "cars"),
    )


def _duty(name: str, by: str, on: str, sectors: str, rate: str) -> Instrument:
    return measure("tariff", id=name, by=by, on=on, sectors=sectors, rate=rate, stacking="add")


def measures() -> dict[str, Instrument]:
    """Every measure of the case."""
    found = (
        _duty("h-base", "HOM", "FOR", "all goods", "+5 pp"),
        _duty("h20", "HOM", "FOR", "cars", "+20 pp"),
        _duty("h10", "HOM", "FOR", "cars", "+10 pp"),
        _duty("f15", "FOR", "HOM", "farm", "+15 pp"),
        _duty("h-cars", "HOM", "FOR", "cars", "+4 pp"),
        _duty("f-cars", "FOR", "HOM", "cars", "+6 pp"),
        _duty("h-war", "HOM", "FOR", "all goods", "+60 pp"),
        _duty("f-war", "FOR", "HOM", "all goods", "+60 pp"),
        _duty("r5", "RST", "FOR", "all goods", "+5 pp"),
    )
    return {str(m.id): m for m in found}


def raw(**changes: Any) -> dict[str, Any]:
    """The section as a case file holds it, with some keys replaced; None takes a key out."""
    table = copy.deepcopy(tomllib.loads(TEXT)) | changes
    return {key: value for key, value in table.items() if value is not None}


def section(**changes: Any) -> TalksSection:
    """The section, typed."""
    return TalksSection.model_validate(raw(**changes))


def given(**changes: Any) -> MeetingGiven:
    """The meeting."""
    return MeetingGiven("small", section(**changes), measures())
