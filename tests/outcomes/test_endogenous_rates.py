"""Are rates that the model found told, and do they do what was asked?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.equilibrium import Specification, solve
from detente.measures import ProductionSubsidy, Quota, SafeguardDuty, Tariff
from detente.outcomes import outcomes_of
from detente.outcomes.endogenous_rates import endogenous_rates

#: Two solutions at a tolerance of 1e-10, one of them at a rate found to 1e-9.
SOLVED = 1e-7
SPEC = Specification(scale=False)


def test_a_duty_at_the_found_rate_does_what_the_quota_does() -> None:
    world = random_world(17)
    buyer, seller, good = world.economies[0], world.economies[1], "all"
    limit = {"relation": "at most", "change": "-20 %", "of": "quantity"}
    quota = Quota(id="q", by=buyer, on=seller, sectors=good, limit=limit)
    found = solve(world, [quota], specification=SPEC)
    rate = endogenous_rates(found)["found_rate:q"]
    assert rate.unit == "pp"
    assert rate.values > 0
    duty = Tariff(id="t", by=buyer, on=seller, sectors=good, rate=f"+{float(rate.values):.12f} pp")
    same = solve(world, [duty], specification=SPEC)
    assert not endogenous_rates(same)
    assert same.welfare_hat == pytest.approx(found.welfare_hat, abs=SOLVED)


def test_budgets_and_triggers_stand_in_the_table() -> None:
    world = random_world(17).with_(currency="USD million")
    me, other, good = world.economies[0], world.economies[1], world.sectors[0]
    output = float(world.output[0, 0])
    budget = {"amount": f"{output / 100:.6f} million USD", "years": 1}
    rule = {"kind": "surge", "threshold": "+900 %", "of": "value"}
    measures = [
        ProductionSubsidy(id="chips", by=me, sectors=good, budget=budget),
        SafeguardDuty(id="guard", by=other, on=me, sectors=good, rate="+10 pp", rule=rule),
    ]
    table = outcomes_of(solve(world, measures, specification=SPEC)).table()
    rows = table.set_index("metric")["value"]
    assert rows["started:guard"] == 0.0
    assert 0.5 < rows["found_rate:chips"] < 1.5  # a budget of a hundredth of output
    assert np.isfinite(rows["found_rate:chips"])
