"""Where does a race of subsidies end where size makes productive?"""

from __future__ import annotations

from tests.games.small_worlds import make_small

from detente.equilibrium import Specification
from detente.games import (
    industrial_policy_race,
)


def test_a_race_of_subsidies_with_economies_of_scale() -> None:
    world = make_small(scale_elasticity=[0.05, 0.12])
    race = industrial_policy_race(world, ["AAA", "BBB"], ["machines"], branch_starts=2)
    assert max(race.war.regret) < 1e-6
    assert race.signs[-1] == (1.0, 1)
    assert {sign for _, sign in race.signs} == {1}
    assert race.war.equilibrium.certificate.method.startswith("continuation")
    # industries with economies of scale are worth a subsidy that others are not
    plain = industrial_policy_race(
        world, ["AAA", "BBB"], ["machines"],
        specification=Specification(scale=False), branch_starts=0, check_path=False,
    )  # fmt: skip
    assert race.war.levels["AAA"][0] > plain.war.levels["AAA"][0]
