"""Do the contributions of measures add up, and treat equal measures alike?"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.arrays import long_table
from detente.equilibrium import Equilibrium, Specification, solve
from detente.errors import InputError, UnknownNameError
from detente.measures import Tariff
from detente.outcomes import attribution, outcomes_of
from detente.outcomes.attribution import shapley_values
from detente.scenario import CompiledScenario, Scenario, compile_scenario
from detente.world.model import World

#: Sums of solved numbers.
EXACT = 1e-9
SPEC = Specification(scale=False)


def _worth(seed: int, names: str) -> dict[frozenset[str], np.ndarray]:
    rng = np.random.default_rng(seed)
    subsets = [frozenset()]
    for name in names:
        subsets += [s | {name} for s in subsets]
    return {s: rng.normal(size=3) for s in subsets}


def test_shapley_is_the_mean_over_all_orders() -> None:
    names = "abcd"
    worth = _worth(1, names)
    phi, error = shapley_values(names, worth.__getitem__, exact=True)
    mean = np.zeros((4, 3))
    orders = list(permutations(range(4)))
    for order in orders:
        joined: frozenset[str] = frozenset()
        for k in order:
            mean[k] += worth[joined | {names[k]}] - worth[joined]
            joined |= {names[k]}
    assert np.allclose(phi, mean / len(orders))
    assert (error == 0).all()


def test_samples_sum_exactly_and_bracket_the_exact_value() -> None:
    names = "abcdef"
    worth = _worth(2, names)
    exact, _ = shapley_values(names, worth.__getitem__, exact=True)
    sampled, error = shapley_values(names, worth.__getitem__, exact=False, orders=400, seed=7)
    total = worth[frozenset(names)] - worth[frozenset()]
    assert np.allclose(sampled.sum(axis=0), total, atol=1e-12)
    assert (error > 0).all()
    assert (np.abs(sampled - exact) < 4.5 * error).all()
    again, _ = shapley_values(names, worth.__getitem__, exact=False, orders=400, seed=7)
    assert (sampled == again).all()


def _compiled(world: World) -> CompiledScenario:
    names = world.economies
    sectors = list(world.sectors)
    return compile_scenario(
        world,
        Scenario(
            "war",
            tuple(
                Tariff(id=name, by=by, on=on, sectors=sectors, rate=rate, stacking="add")
                for name, by, on, rate in (
                    ("first", names[0], names[1], "+20 pp"),
                    ("answer", names[1], names[0], "+15 pp"),
                    ("twin", names[0], names[1], "+20 pp"),
                    ("third", names[2], names[0], "+10 pp"),
                )
            ),
        ),
    )


@pytest.fixture(scope="module")
def world() -> World:
    return random_world(31)


def counting(calls: list[Any]) -> Any:
    def solver(world: World, what: Any, **options: Any) -> Equilibrium:
        calls.append(what)
        return solve(world, what, **options)

    return solver


def test_contributions_sum_to_the_whole_and_twins_are_equal(world: World) -> None:
    compiled = _compiled(world)
    calls: list[Any] = []
    found = attribution(world, compiled, specification=SPEC, solver=counting(calls))
    assert found.exact
    assert len(calls) == found.solved == 16
    whole = outcomes_of(solve(world, compiled, specification=SPEC))
    assert np.allclose(found.welfare_pct.sum(axis=0), whole.welfare_pct, atol=1e-7)
    assert np.allclose(found.welfare_pct.sum(axis=0), found.total_welfare_pct, atol=EXACT)
    scale = np.abs(found.total_equivalent_variation).max()
    gap = found.equivalent_variation.sum(axis=0) - found.total_equivalent_variation
    assert np.abs(gap).max() < EXACT * scale
    first, twin = found.names.index("first"), found.names.index("twin")
    assert np.allclose(found.welfare_pct[first], found.welfare_pct[twin], atol=1e-7)
    assert not np.allclose(found.welfare_pct[first], found.welfare_pct[1], atol=1e-4)
    rows = long_table(item.rows(world) for item in found.quantities().values())
    mine = rows[rows["metric"] == "attribution:answer"]
    assert list(mine["economy"]) == list(world.economies)
    assert set(mine["unit"]) == {"pp"}


def test_groups_and_samples(world: World) -> None:
    compiled = _compiled(world)
    found = attribution(world, compiled, specification=SPEC, groups={"duties": ["first", "twin"]})
    assert found.names == ("duties", "answer", "third")
    assert found.solved == 8
    alone = attribution(world, compiled, specification=SPEC, exact_up_to=2, orders=6, seed=3)
    assert not alone.exact
    assert np.allclose(alone.welfare_pct.sum(axis=0), alone.total_welfare_pct, atol=EXACT)
    assert (alone.welfare_error > 0).any()
    assert "attribution_error:first" in alone.quantities()


def test_wrong_names_are_named(world: World) -> None:
    compiled = _compiled(world)
    with pytest.raises(UnknownNameError, match='Nearest: "first"'):
        attribution(world, compiled, groups={"g": ["frist"]})
    with pytest.raises(InputError, match="two groups"):
        attribution(world, compiled, groups={"g": ["first"], "h": ["first"]})


def test_revenue_of_measures_adds_up_to_what_the_wedges_bring(world: World) -> None:
    """What the ledger gives to measures is the revenue less that of wedges in force before."""
    compiled = _compiled(world)
    found = solve(world, compiled, specification=SPEC)
    result = outcomes_of(found)
    by_measure = sum(result[f"measure_revenue:{m}"] for m in compiled.measure_ids)
    # at the baseline's tariffs the same flows would bring t0 on the same base
    parts = found.shock.parts
    at = (parts.importer, parts.exporter, parts.sector)
    gate = (1 - parts.production_subsidy) * found.parts_sales * (1 + parts.export_tax)
    before = np.bincount(
        parts.importer, weights=world.tariff[at] * gate, minlength=len(world.economies)
    )
    paid = np.bincount(parts.importer, weights=parts.tariff * gate, minlength=len(world.economies))
    assert np.allclose(by_measure, paid - before)
    assert result["measure_revenue:first"][0] > 0
    assert (result["measure_revenue:first"][1:] == 0).all()
    assert np.allclose(result["measure_revenue:first"], result["measure_revenue:twin"])
