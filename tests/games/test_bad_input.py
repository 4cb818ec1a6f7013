"""Does bad input get a clear message?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.games.small_worlds import make_small

from detente.case import parse_case
from detente.equilibrium import Specification
from detente.errors import (
    CaseFileError,
    InfeasibleError,
    InputError,
    UnknownNameError,
)
from detente.games import (
    Arena,
    Objective,
    Player,
    Strategy,
    StrategySpace,
    best_reply,
    coalition_game,
    equal_gain,
    most_cooperative,
    revealed_weights,
    threat_point,
    trade_war,
)
from detente.world import World

CASE = """
schema = 2
name = "bad"
world = "icio-2022-small"
[game]
[[game.player]]
who = {who}
[[game.player]]
who = "CHN"
[[game.strategy]]
lowest = "0 %"
highest = {highest}
"""


def test_an_empty_strategy_set(arena: Arena) -> None:
    with pytest.raises(InputError, match="AAA has no instrument"):
        best_reply(arena, "AAA", strategies=[])


def test_contradictory_bounds() -> None:
    with pytest.raises(InputError, match=r"contradict each other, 0.5 is not below 0.2"):
        Strategy(bounds=(0.5, 0.2))
    with pytest.raises(InputError, match="a rate of -100 % leaves no price"):
        Strategy("tariff", bounds=(-1.0, 0.2))
    with pytest.raises(InputError, match="a rate of 100 % leaves no price"):
        Strategy("production_subsidy", bounds=(-0.1, 1.0))
    with pytest.raises(InputError, match="are no shares of a flow"):
        Strategy("export_ban", bounds=(0.0, 1.5))


def test_a_player_that_is_not_in_the_world(arena: Arena) -> None:
    with pytest.raises(UnknownNameError, match=r'unknown economy "AAB".*Nearest: "AAA"'):
        best_reply(arena, "AAB")


def test_an_objective_that_is_not_defined(small: World) -> None:
    with pytest.raises(UnknownNameError, match='unknown objective "happiness"'):
        Objective.outcome(small, "AAA", "happiness")
    with pytest.raises(UnknownNameError, match=r'unknown sector "foot".*Nearest: "food"'):
        Objective.outcome(small, "AAA", "employment:foot")
    with pytest.raises(InputError, match="not negative"):
        Objective.political(small, "AAA", [-1.0, 1.0])
    with pytest.raises(InputError, match="shape"):
        Objective.political(small, "AAA", [1.0, 1.0, 1.0])


def test_rates_on_flows_that_do_not_exist_have_no_value() -> None:
    sales = np.ones((3, 3, 2)) + 20 * np.eye(3)[:, :, None]
    sales[0, 2, 1] = 0.0
    world = World.from_arrays(
        ["AAA", "BBB", "CCC"], ["food", "machines"], sales=sales, trade_elasticity=4.0
    )
    reply = best_reply(Arena(world), "AAA")
    rates = reply.rates().set_index(["partner", "sector"])
    assert not rates.loc[("CCC", "machines"), "identified"]
    assert np.isnan(rates.loc[("CCC", "machines"), "rate"])
    assert reply.unidentified == ("AAA tariff with CCC machines",)
    assert np.isfinite(reply.median_rate)
    sales[0, 1] = sales[0, 2] = 0.0
    closed = World.from_arrays(
        ["AAA", "BBB", "CCC"], ["food", "machines"], sales=sales, trade_elasticity=4.0
    )
    with pytest.raises(InputError, match="all on flows that do not exist"):
        StrategySpace.of(closed, "AAA", [Strategy()])


def test_nothing_to_gain_from_cooperation(arena: Arena) -> None:
    table = [Player.of(arena, c, [Strategy(bounds=(-0.3, 1.0))]) for c in ("AAA", "BBB")]
    with pytest.raises(InfeasibleError, match="nothing to gain from cooperation"):
        equal_gain(arena, table, threat=[1.2, 1.2])
    with pytest.raises(InputError, match="one positive value a player"):
        equal_gain(arena, table, threat=[1.0])
    with pytest.raises(InputError, match="is not known"):
        threat_point(arena, table, "armageddon")


def test_players_that_overlap_or_are_alone(arena: Arena) -> None:
    with pytest.raises(InputError, match="at least 2 players"):
        trade_war(arena, [Player.of(arena, "AAA")])
    both = Player.of(arena, ("AAA", "BBB"))
    with pytest.raises(InputError, match="AAA is in two players"):
        trade_war(arena, [both, Player.of(arena, "AAA")])
    twice = [Strategy(), Strategy(by="uniform")]
    with pytest.raises(InputError, match="on the same flow"):
        best_reply(arena, "AAA", strategies=twice)


def test_worlds_and_requests_that_a_search_refuses(arena: Arena) -> None:
    with pytest.raises(InputError, match="Cobb-Douglas inputs"):
        Arena(make_small(), Specification(input_elasticity=0.5))
    with pytest.raises(InputError, match="at least one start"):
        best_reply(arena, "AAA", starts=0)
    with pytest.raises(InputError, match="at least one possible partner"):
        coalition_game(arena, "AAA", [])
    with pytest.raises(InputError, match="one economy at a time"):
        revealed_weights(arena, StrategySpace.of(arena.world, ("AAA", "BBB"), [Strategy()]))
    war = trade_war(arena, [Player.of(arena, c) for c in ("AAA", "BBB")])
    with pytest.raises(InputError, match="discount factor"):
        most_cooperative(arena, war, "free trade", 1.2)


def test_bounds_that_are_hit_are_reported(arena: Arena) -> None:
    reply = best_reply(arena, "AAA", strategies=[Strategy(bounds=(0.0, 0.05))])
    assert "AAA tariff BBB food" in reply.bounds_hit
    assert reply.rates()["at_bound"].any()


@pytest.mark.parametrize(
    ("who", "highest", "message"),
    [
        ('"USX"', '"50 %"', 'unknown economy "USX"'),
        ('"CHN"', '"50 %"', "two players are called CHN"),
        ('["USA", "CHN"]', '"50 %"', "CHN is in two players"),
        ('"USA"', '"-5 %"', "bounds contradict each other"),
        ('"USA"', "0.5", "rate in percent"),
    ],
)
def test_case_files_say_what_is_wrong(who: str, highest: str, message: str) -> None:
    with pytest.raises(CaseFileError, match=message):
        parse_case(CASE.format(who=who, highest=highest))


def test_a_tariff_that_leaves_no_price_is_refused_before_any_world_is_opened() -> None:
    with pytest.raises(CaseFileError, match="leaves no price"):
        parse_case(CASE.format(who='"USA"', highest='"50 %"').replace('"0 %"', '"-150 %"'))


def test_a_sharing_rule_below_the_threat_is_remarked_on() -> None:
    from detente.report.words.games import below_threat

    remarks = below_threat(("AAA", "BBB"), {"utilitarian": (0.3, -0.1), "Nash": (0.1, 0.0)})
    assert len(remarks) == 1
    assert remarks[0].startswith("utilitarian leaves BBB below the threat point")


def test_a_case_whose_players_may_set_nothing() -> None:
    text = CASE.split("[[game.strategy]]")[0].format(who='"USA"')
    with pytest.raises(CaseFileError, match=r"USA, CHN may set nothing: add a \[\[game.strategy"):
        parse_case(text)


@pytest.mark.parametrize(
    ("objective", "named"),
    [("happiness", "welfare"), ("employment:steel", "iron_steel"), ("real sales", "SECTOR")],
)
def test_a_case_with_an_objective_that_is_not_defined(objective: str, named: str) -> None:
    text = CASE.format(who='"USA"', highest='"50 %"').replace(
        'who = "USA"', f'who = "USA"\nobjective = "{objective}"'
    )
    with pytest.raises(InputError, match=named):
        parse_case(text)
