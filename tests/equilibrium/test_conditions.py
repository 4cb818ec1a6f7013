"""Are amounts spent, bounds kept and triggers pulled in equilibrium?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from tests.laws.worlds import make_world

from detente.equilibrium import Specification, solve
from detente.equilibrium.conditions import MET, measured, surge
from detente.errors import ConvergenceError, InputError
from detente.measures import (
    AntiDumpingDuty,
    Instrument,
    ProductionSubsidy,
    PurchaseCommitment,
    Quota,
    Tariff,
    VoluntaryRestraint,
)
from detente.scenario import CompiledScenario, compile_scenario
from detente.world.model import World


def named(scale: float = 0.0, **also: Any) -> World:
    return make_world(41, scale=scale, **also).with_(
        economies=("USA", "CHN", "DEU"),
        sectors=("cars", "chips", "talk"),
        goods=("cars", "chips"),
        currency="USD million",
    )


def brought_onto(world: World, *measures: Instrument) -> CompiledScenario:
    return compile_scenario(world, list(measures))


def subsidy(world: World, share: float) -> ProductionSubsidy:
    """A subsidy that costs `share` of US chip output a year."""
    amount = share * world.output[0, 1]
    return ProductionSubsidy(
        id="chips",
        by="USA",
        sectors="chips",
        budget={"amount": f"{5 * amount:.9f} mn USD", "years": 5},
    )


def limit(relation: str, change: str, of: str = "quantity", **also: str) -> dict[str, str]:
    return {"relation": relation, "change": change, "of": of, **also}


@pytest.mark.parametrize("scale", [0.0, 0.5])
def test_a_budget_is_spent_in_equilibrium(scale: float) -> None:
    world = named(scale)
    asked = subsidy(world, 0.05)
    found = solve(world, brought_onto(world, asked))
    level = found.compiled.free_rates[0].level
    base = world.production_subsidy[0, 1]
    rate = found.shock.parts.production_subsidy[0]
    cost = (rate - base) * found.output_prime[0, 1]
    assert cost == pytest.approx(level, rel=MET)
    assert found.rates[0] == pytest.approx(rate - base, rel=1e-12)
    assert found.output_prime[0, 1] > world.output[0, 1]
    assert found.certificate.residual < 1e-10


@pytest.mark.parametrize("of", ["quantity", "value"])
@pytest.mark.parametrize("kind", [Quota, VoluntaryRestraint])
def test_a_binding_bound_is_just_reached(kind: type[Instrument], of: str) -> None:
    world = named()
    by, on = ("USA", "CHN") if kind is Quota else ("CHN", "USA")
    asked = kind(
        id="bound", by=by, on=on, sectors=["cars", "chips"], limit=limit("at most", "-20 %", of)
    )
    found = solve(world, brought_onto(world, asked))
    free = found.compiled.free_rates[0]
    assert measured(found, found.compiled, 0, free.quantity) == pytest.approx(free.level, rel=MET)
    assert found.rates[0] > 0.01
    assert found.certificate.residual < 1e-10


def test_the_holder_of_the_licence_earns_the_rent() -> None:
    world = named()
    bound = limit("at most", "-20 %")
    of_importer = solve(
        world, brought_onto(world, Quota(by="USA", on="CHN", sectors="cars", limit=bound))
    )
    of_exporter = solve(
        world,
        brought_onto(world, VoluntaryRestraint(by="CHN", on="USA", sectors="cars", limit=bound)),
    )
    usa, chn = 0, 1
    assert of_importer.welfare_hat[usa] > of_exporter.welfare_hat[usa]
    assert of_importer.welfare_hat[chn] < of_exporter.welfare_hat[chn]


def test_quantity_is_measured_at_baseline_prices() -> None:
    """Bought with two parts of the flow apart, quantities are value over gate price."""
    world = named()
    asked = Quota(id="q", by="USA", on="CHN", sectors="cars", limit=limit("at most", "-20 %"))
    found = solve(world, brought_onto(world, asked))
    gate_price = found.unit_cost_hat[1, 0]  # no economies of scale
    quantity = found.sales_prime[0, 1, 0] / gate_price
    assert quantity / world.sales[0, 1, 0] == pytest.approx(0.8, rel=MET)


def test_a_slack_bound_costs_nothing() -> None:
    world = named()
    asked = brought_onto(
        world, Quota(by="USA", on="CHN", sectors="cars", limit=limit("at most", "+30 %"))
    )
    found = solve(world, asked)
    assert found.rates == (0.0,)
    assert np.abs(found.welfare_hat - 1).max() < 1e-10


def test_a_purchase_commitment_is_kept_with_a_subsidy() -> None:
    world = named()
    asked = PurchaseCommitment(
        by="CHN", on="USA", sectors="chips", limit=limit("at least", "+25 %", "value")
    )
    found = solve(world, brought_onto(world, asked))
    p = found.shock.parts
    value = ((1 + p.export_tax) * (1 - p.production_subsidy) * found.parts_sales).sum()
    before = (
        (1 + world.export_tax[1, 0, 1])
        * (1 - world.production_subsidy[0, 1])
        * world.sales[1, 0, 1]
    )
    assert value / before == pytest.approx(1.25, rel=MET)
    assert p.purchase_subsidy[0] > world.purchase_subsidy[1, 0, 1]


def test_several_conditions_hold_together() -> None:
    world = named()
    found = solve(
        world,
        brought_onto(
            world,
            subsidy(world, 0.03),
            Quota(id="q", by="USA", on="CHN", sectors="cars", limit=limit("at most", "-10 %")),
            Quota(id="r", by="USA", on="DEU", sectors="cars", limit=limit("at most", "-15 %")),
            Tariff(id="t", by="CHN", on="USA", sectors="chips", rate="+10 pp"),
        ),
        specification=Specification(closure="proportional"),
    )
    for free, rate in zip(found.compiled.free_rates, found.rates, strict=True):
        value = measured(found, found.compiled, free.measure, free.quantity)
        assert value == pytest.approx(free.level, rel=MET)
        assert rate > 0


def test_an_impossible_amount_is_refused_by_name() -> None:
    world = named()
    asked = subsidy(world, 0.05)
    steep = brought_onto(world, asked)
    low = _with_upper(steep, 1e-3)
    with pytest.raises(ConvergenceError, match='measure "chips": its net cost'):
        solve(world, low)


def _with_upper(compiled: CompiledScenario, upper: float) -> CompiledScenario:
    from dataclasses import replace

    free = tuple(replace(f, upper=upper, start=min(f.start, upper)) for f in compiled.free_rates)
    return replace(compiled, free_rates=free, all_free_rates=free)


def duty(threshold: str, **also: Any) -> AntiDumpingDuty:
    return AntiDumpingDuty(
        id="duty",
        by="DEU",
        on="CHN",
        sectors="cars",
        rate="+20 pp",
        rule={"kind": "surge", "threshold": threshold, **also},
    )


def diverting(world: World, *measures: Instrument) -> CompiledScenario:
    """A US tariff that sends Chinese cars to Germany, and what Germany may do about it."""
    return brought_onto(
        world, Tariff(id="us", by="USA", on="CHN", sectors="cars", rate="+60 pp"), *measures
    )


def test_a_surge_triggers_a_duty_that_stays() -> None:
    world = named()
    calm = solve(world, diverting(world, duty("+90 %")))
    assert calm.active == frozenset()
    trigger = calm.compiled.triggers[0]
    rise = surge(calm, calm.compiled, trigger) - 1
    assert rise > 0
    fired = solve(world, diverting(world, duty(f"+{50 * rise:.6f} %")))
    assert fired.active == frozenset({trigger.measure})
    # below the threshold again, and still in force
    assert surge(fired, fired.compiled, trigger) < 1 + rise / 2
    plain = solve(
        world,
        diverting(
            world, AntiDumpingDuty(id="duty", by="DEU", on="CHN", sectors="cars", rate="+20 pp")
        ),
    )
    assert np.abs(plain.welfare_hat - fired.welfare_hat).max() < 1e-9


def test_the_threshold_is_on_the_quantity_watched() -> None:
    world = named()
    calm = solve(world, diverting(world, duty("+90 %")))
    quantity = (calm.sales_prime / calm.unit_cost_hat[None])[2, 1, 0] / world.sales[2, 1, 0]
    assert surge(calm, calm.compiled, calm.compiled.triggers[0]) == pytest.approx(quantity)
    by_value = solve(world, diverting(world, duty("+90 %", of="value")))
    value = calm.sales_prime[2, 1, 0] / world.sales[2, 1, 0]
    assert surge(by_value, by_value.compiled, by_value.compiled.triggers[0]) == pytest.approx(value)


def test_measures_can_be_handed_over_as_they_are() -> None:
    world = named()
    measures: Sequence[Instrument] = [Tariff(by="USA", on="CHN", sectors="cars", rate="+25 pp")]
    a, b = solve(world, measures), solve(world, brought_onto(world, *measures))
    assert np.array_equal(a.welfare_hat, b.welfare_hat)
    assert a.compiled.measure_ids == b.compiled.measure_ids


def test_a_scenario_compiled_for_another_world_is_refused() -> None:
    other = make_world(42)
    asked = brought_onto(named(), Tariff(by="USA", on="CHN", sectors="cars", rate="+25 pp"))
    with pytest.raises(InputError, match="Compile it again"):
        solve(other, asked)


def test_the_shock_of_a_result_is_what_was_solved() -> None:
    """Rates that measures set, mirror, find for a budget or a bound, on whole flows."""
    world = named()
    usa, chn = 0, 1
    asked = [
        Tariff(id="first", by="USA", on="CHN", sectors=["cars"], rate="+10 pp"),
        Tariff(
            id="answer",
            by="CHN",
            on="USA",
            sectors=["cars"],
            rule={"kind": "mirror", "of": "first"},
        ),
        Quota(id="cap", by="USA", on="DEU", sectors="cars", limit=limit("at most", "-20 %")),
        subsidy(world, 0.05),
    ]
    found = solve(world, brought_onto(world, *asked))
    shock, old = found.shock, world.tariff
    assert shock.tariff[usa, chn, 0] == pytest.approx(old[usa, chn, 0] + 0.1)
    assert shock.tariff[chn, usa, 0] == pytest.approx(old[chn, usa, 0] + 0.1)
    rates = dict(zip([f.measure for f in found.compiled.free_rates], found.rates, strict=True))
    assert shock.tariff[usa, 2, 0] == pytest.approx(old[usa, 2, 0] + rates[2])
    paid = world.production_subsidy[0, 1] + rates[3]
    assert shock.production_subsidy[0, 1] == pytest.approx(paid)
    # told twice, priced once
    again = solve(world, shock)
    assert np.abs(again.welfare_hat - found.welfare_hat).max() < 1e-10


def test_a_part_of_a_flow_leaves_the_rest_as_it_was() -> None:
    world = named()
    half = Tariff(id="t", by="USA", on="CHN", sectors=["cars"], rate="+10 pp", coverage="50 %")
    found = solve(world, brought_onto(world, half))
    assert found.shock.tariff[0, 1, 0] == world.tariff[0, 1, 0]
