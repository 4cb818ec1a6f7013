"""Does each set of measures price as if it stood alone?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.talks import small_meeting

import detente.talks.prices as prices_module
from detente.equilibrium import Equilibrium, Specification, solve
from detente.errors import ConvergenceError
from detente.talks.prices import price_sets
from detente.talks.profile import sides_of
from detente.talks.stage import Stage
from detente.talks.table import stages_of

#: Two equilibria solved to 1e-10, in percent.
SOLVED = 1e-7


@pytest.fixture(scope="module")
def stage() -> Stage:
    given = small_meeting.given()
    world = small_meeting.world()
    return stages_of(given, sides_of(given.talks, world), world).main


@pytest.mark.parametrize("specification", [Specification(), Specification(labour="specific")])
def test_each_set_is_the_equilibrium_of_its_measures(
    stage: Stage, specification: Specification
) -> None:
    world, measures = small_meeting.world(), small_meeting.measures()
    priced = price_sets(world, measures, stage.sets, specification=specification)
    assert priced.failures == {}
    base = solve(world, [measures[n] for n in stage.base], specification=specification)
    for named in (stage.sets[1], stage.sets[5], stage.sets[-1]):
        alone = solve(world, [measures[n] for n in named], specification=specification)
        for k, economy in enumerate(world.economies):
            gain = 100 * (alone.welfare_hat[k] / base.welfare_hat[k] - 1)
            there = priced.gain([named], stage.base, (economy,))
            assert there[0] == pytest.approx(gain, abs=SOLVED)


def test_a_group_is_weighted_by_income(stage: Stage) -> None:
    world = small_meeting.world()
    priced = price_sets(world, small_meeting.measures(), stage.sets, specification=Specification())
    both = priced.gain([stage.no_deal], stage.base, ("HOM", "FOR"))[0]
    single = [priced.gain([stage.no_deal], stage.base, (e,))[0] for e in ("HOM", "FOR")]
    assert min(single) < both < max(single)
    assert abs(both - single[0]) < abs(both - single[1])  # home is the larger


def test_an_own_move_of_a_shared_issue_leaves_the_other_s_part(stage: Stage) -> None:
    mirror = [item.name for item in stage.agenda.items].index("mirror")
    assert set(stage.base) - set(stage.own_move(0, mirror, 1)) == {"h-cars"}
    assert set(stage.base) - set(stage.own_move(1, mirror, 1)) == {"f-cars"}
    farm = [item.name for item in stage.agenda.items].index("farm")
    assert stage.own_move(0, farm, 1) == stage.base


def test_a_set_without_an_equilibrium_is_counted_and_left_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The base must be solved; any other set may fail."""
    broken = stage.sets[3]
    plain = prices_module._Solver.solve

    def solve_or_fail(self: object, named: tuple[str, ...]) -> Equilibrium:
        if named == broken:
            raise ConvergenceError("no equilibrium")
        return plain(self, named)  # type: ignore[arg-type]

    monkeypatch.setattr(prices_module._Solver, "solve", solve_or_fail)
    priced = price_sets(
        small_meeting.world(),
        small_meeting.measures(),
        stage.sets,
        specification=Specification(),
    )
    assert priced.failures == {broken: "no equilibrium"}
    missing = np.isnan(priced.welfare_hat).all(axis=1)
    assert missing.tolist() == [s == broken for s in stage.sets]
