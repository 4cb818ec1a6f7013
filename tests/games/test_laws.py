"""What is true of every game?"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.games.small_worlds import make_small

from detente.equilibrium import Specification
from detente.errors import DamagedFileWarning, InterruptedRun
from detente.games import (
    Agreement,
    Arena,
    Objective,
    Player,
    Policies,
    Strategy,
    TradeWar,
    bargain,
    best_reply,
    coalition_game,
    enforce,
    equal_gain,
    frontier,
    industrial_policy_race,
    most_cooperative,
    revealed_weights,
    staircase,
    threat_point,
    trade_war,
)
from detente.games.best_reply import uniform_start
from detente.games.search import held_by_bounds, settle
from detente.games.trade_war import profile
from detente.progress import Listener
from detente.world import World

#: Central differences of a function known to 1e-14 with steps of 1e-5.
DIFFERENCED = 2e-8
#: Rates from first-order conditions met to 1e-11.
RATE = 1e-7
#: Values at an optimum.
VALUE = 1e-12

DEAL = [Strategy(bounds=(-0.5, 3.0))]


def two(arena: Arena, strategies: list[Strategy] | None = None) -> list[Player]:
    return [Player.of(arena, code, strategies or [Strategy()]) for code in ("AAA", "BBB")]


@pytest.fixture(scope="module")
def war(arena: Arena) -> TradeWar:
    return trade_war(arena, two(arena))


@pytest.fixture(scope="module")
def agreements(arena: Arena, war: TradeWar) -> dict[str, Agreement]:
    table = two(arena, DEAL)
    return bargain(arena, table, threat=threat_point(arena, table, war))


# ---- derivatives ---------------------------------------------------------------------------


def objectives(world: World) -> list[Objective]:
    lam = np.random.default_rng(5).uniform(0.5, 1.5, (3, 2))
    parts = [Objective.welfare(world, c) for c in world.economies]
    return [
        Objective.welfare(world, "BBB"),
        Objective.welfare(world, ["AAA", "CCC"]),
        Objective.political(world, "AAA", lam),
        Objective.mixed("a mix", parts, [0.2, 0.5, 0.3]),
        *(
            Objective.outcome(world, "AAA", name)
            for name in (
                "real wage",
                "real sales:food",
                "employment:machines",
                "production abroad:BBB:food",
            )
        ),
    ]


@pytest.mark.parametrize("which", range(8))
def test_gradients_match_central_differences(arena: Arena, small: World, which: int) -> None:
    objective = objectives(small)[which]
    base = arena.in_force
    here = Policies(
        tariff=base.tariff + 0.1 * (1 - jnp.eye(3)[:, :, None]),
        export_tax=base.export_tax.at[0, 1, 1].set(0.05),
        production_subsidy=base.production_subsidy.at[2, 0].set(0.03),
        ban=base.ban.at[1, 2, 0].set(0.2),
        transfer=jnp.asarray([0.3, -0.1, -0.2]),
    )
    _, gradient = arena.gradient(here, objective)
    step = 1e-5
    moves = {
        "tariff": (0, 1, 1),
        "export_tax": (1, 0, 0),
        "production_subsidy": (0, 1),
        "ban": (1, 2, 0),
    }
    for name, at in moves.items():
        ends = [
            arena.values(
                here._replace(**{name: getattr(here, name).at[at].add(side * step)}), [objective]
            )[0]
            for side in (1.0, -1.0)
        ]
        assert float(getattr(gradient, name)[at]) == pytest.approx(
            (ends[0] - ends[1]) / (2 * step), abs=DIFFERENCED
        ), name
    # transfers sum to zero: differences between entries mean something
    move = jnp.asarray([1.0, -1.0, 0.0])
    ends = [
        arena.values(here._replace(transfer=here.transfer + side * 1e-3 * move), [objective])[0]
        for side in (1.0, -1.0)
    ]
    slope = float(gradient.transfer @ move)
    assert slope == pytest.approx((ends[0] - ends[1]) / 2e-3, abs=DIFFERENCED)


def test_the_certified_solver_agrees_bans_by_coverage_included(arena: Arena) -> None:
    policies = arena.in_force._replace(
        tariff=arena.in_force.tariff + 0.2 * (1 - jnp.eye(3)[:, :, None]),
        ban=arena.in_force.ban.at[0, 1, 1].set(0.4).at[2, 1, 0].set(1.0),
        transfer=jnp.asarray([1.0, -1.0, 0.0]),
    )
    found = arena.certify(policies)
    assert np.abs(found.welfare_hat - arena.welfare_hat(policies)).max() < 1e-9
    assert found.certificate.residual < 1e-10


# ---- best replies and wars -----------------------------------------------------------------


def test_no_player_gains_by_deviating(arena: Arena, war: TradeWar) -> None:
    draw = np.random.default_rng(11)
    for k, player in enumerate(war.players):
        space = player.space
        for size in (0.01, 0.1, 0.5):
            for _ in range(8):
                x = war.x[k] + size * space.scale * draw.standard_normal(len(space))
                x = np.clip(x, space.lower, space.upper)
                there = arena.evaluate(space.apply(war.policies, x), player.objective)[0]
                assert there <= war.value[k] + VALUE
    assert max(war.regret) < 1e-6


def test_permuting_economies_permutes_the_war(war: TradeWar) -> None:
    other = Arena(make_small((2, 0, 1)), Specification(closure="balanced"))
    turned = trade_war(other, [Player.of(other, code) for code in ("BBB", "AAA")])
    for code, rate in war.welfare_pct.items():
        assert turned.welfare_pct[code] == pytest.approx(rate, abs=1e-9)
    assert turned.median_rates["AAA"] == pytest.approx(war.median_rates["AAA"], abs=RATE)


def test_everyone_at_war_loses_where_nobody_is_large(arena: Arena, small: World) -> None:
    everyone = [Player.of(arena, code) for code in small.economies]
    found = trade_war(arena, everyone)
    income = small.income
    assert np.average(found.welfare_hat, weights=income) < 1


def test_the_stairs_lead_to_the_war(arena: Arena, war: TradeWar) -> None:
    steps = staircase(arena, war.players, moves=14)
    assert [s.mover for s in steps[:3]] == ["", "AAA", "BBB"]
    assert steps[-1].value == pytest.approx(war.value, abs=1e-6)
    # each move is good for who makes it
    for before, after in pairwise(steps):
        k = war.names.index(after.mover)
        assert after.value[k] >= before.value[k] - VALUE


def test_interrupted_wars_go_on_where_they_stopped(
    arena: Arena, war: TradeWar, tmp_path: Any
) -> None:
    seen: list[int] = []

    class Stopping(Listener):
        def count(self, text: str, done: int, total: int) -> None:
            if done == 11:
                raise KeyboardInterrupt

    class Watching(Listener):
        def count(self, text: str, done: int, total: int) -> None:
            seen.append(done)

    with pytest.raises(InterruptedRun, match="stopped after 11 rounds"):
        trade_war(arena, two(arena), folder=tmp_path, listener=Stopping())
    (state,) = tmp_path.glob("trade-war-*.block")
    again = trade_war(arena, two(arena), folder=tmp_path, listener=Watching())
    assert seen[0] == 12, "the round after those that are kept"
    assert again.value == pytest.approx(war.value, abs=1e-10)
    assert not list(tmp_path.iterdir())
    state.write_bytes(b"not a block")
    with pytest.warns(DamagedFileWarning, match="computed again"):
        damaged = trade_war(arena, two(arena), folder=tmp_path)
    assert damaged.value == pytest.approx(war.value)


def test_searches_see_through_prohibitive_starts(arena: Arena) -> None:
    player = Player.of(arena, "AAA")
    space = player.space
    shut = space.from_levels(np.full(len(space), 9.0))
    away = best_reply(arena, player, start=shut)
    assert away.value == pytest.approx(best_reply(arena, player).value, abs=1e-10)


def test_exposure_is_what_flows_times_the_elasticity(arena: Arena, small: World) -> None:
    players = two(arena)
    high = players[0].space.apply(arena.in_force, uniform_start(players[0].space, 2))
    found = arena.certify(high)
    for policies, sales in ((arena.in_force, arena.world.sales), (high, found.sales_prime)):
        exposure, expected = arena.exposure(policies), sales * small.trade_elasticity
        assert_allclose(exposure.tariff, expected, rtol=1e-8)
        assert_allclose(exposure.production_subsidy, expected.sum(axis=0), rtol=1e-8)


def test_rates_on_flows_that_are_nearly_shut_out_are_found_as_fast() -> None:
    """With θ up to 51 flows fall to a tenth at the optimum, and curvature with them."""
    draw = np.random.default_rng(3)
    n, size = 8, np.array([1.0, 0.02, 0.05, 0.03])
    sales = draw.uniform(0.2, 3.0, (n, n, 4)) * size
    for k in range(n):
        sales[k, k] = draw.uniform(30.0, 80.0) * size
    world = World.from_arrays(
        [f"E{k}" for k in range(n)],
        ["s0", "s1", "s2", "s3"],
        sales=sales,
        trade_elasticity=[8.0, 51.0, 25.0, 40.0],
    )
    arena = Arena(world, Specification(closure="balanced"))
    reply = best_reply(arena, "E0", starts=1)
    policies = arena.exposure(arena.in_force), arena.exposure(reply.policies)
    left = [reply.player.space.pull(p) for p in policies]
    assert (left[1] / left[0]).min() < 0.1
    assert reply.first_order < 1e-10
    # 21 gradients; 34 where curvature is taken to be that of the baseline
    assert reply.evaluations < 28
    assert_allclose(reply.value, best_reply(arena, "E0", starts=4).value, rtol=VALUE)


def test_settling_respects_bounds() -> None:
    peak = np.array([0.3, 2.0, -1.0])
    found = settle(
        lambda x: peak - x, np.zeros(3), np.zeros(3), np.ones(3), 0.1 * np.ones(3), reach=1.0
    )
    assert found.x == pytest.approx([0.3, 1.0, 0.0], abs=1e-11)
    assert not held_by_bounds(found.x, peak - found.x, np.zeros(3), np.ones(3)).round(11).any()


# ---- deals ---------------------------------------------------------------------------------


def test_agreements_are_what_they_say(
    arena: Arena, war: TradeWar, agreements: dict[str, Agreement]
) -> None:
    fair, nash = agreements["equal-gain"], agreements["Nash"]
    best_sum = agreements["utilitarian"]
    threat = np.array(war.value)
    assert np.ptp(fair.gain_pct) < 1e-8
    assert min(fair.gain_pct) > 0
    gains = {k: np.array(a.value) - threat for k, a in agreements.items()}
    for other in agreements.values():
        assert min(other.gain_pct) <= min(fair.gain_pct) + 1e-8
        assert np.prod(np.maximum(np.array(other.value) - threat, 0)) <= np.prod(gains["Nash"]) * (
            1 + 1e-9
        )
    income = np.array([arena.world.income[arena.world.economy_index(c)] for c in war.names])
    for gain in gains.values():
        assert income @ gain <= income @ gains["utilitarian"] + 1e-9
    assert nash.first_order < 1e-9
    assert best_sum.transfers == pytest.approx((0, 0))
    assert arena.certify(fair.policies).certificate.residual < 1e-10


def test_no_joint_change_makes_both_better_off(
    arena: Arena, agreements: dict[str, Agreement]
) -> None:
    deal = agreements["equal-gain"]
    draw = np.random.default_rng(2)
    for size in (1e-3, 1e-2, 0.2):
        for _ in range(10):
            x = [
                np.clip(
                    y + size * p.space.scale * draw.standard_normal(len(y)),
                    p.space.lower,
                    p.space.upper,
                )
                for p, y in zip(deal.players, deal.x, strict=True)
            ]
            there = arena.values(
                profile(arena, deal.players, x), [p.objective for p in deal.players]
            )
            assert (there - deal.value).min() <= VALUE


def test_payments_never_make_the_fair_deal_smaller(
    arena: Arena, agreements: dict[str, Agreement], war: TradeWar
) -> None:
    table = two(arena, DEAL)
    paid = equal_gain(arena, table, threat=threat_point(arena, table, war), transfers=True)
    assert min(paid.gain_pct) >= min(agreements["equal-gain"].gain_pct) - 1e-8
    assert sum(paid.transfers) == pytest.approx(0, abs=1e-9)


def test_the_frontier_falls(arena: Arena, agreements: dict[str, Agreement]) -> None:
    fair = agreements["equal-gain"]
    points = frontier(arena, fair.players, 5, threat=fair.threat, fair=fair)
    first, second = np.array([p.gain_pct for p in points]).T
    assert (np.diff(first) > 0).all()
    assert (np.diff(second) < 0).all()


def test_patience_and_enforcement(
    arena: Arena, war: TradeWar, agreements: dict[str, Agreement]
) -> None:
    table = two(arena, DEAL)
    at_table = trade_war(arena, table)
    held = enforce(arena, at_table, agreements["equal-gain"])
    beta = held.critical_discount_factor
    assert 0 < beta < 1
    assert held.holds_at(beta + 1e-9)
    assert not held.holds_at(beta - 1e-6)
    assert (held.temptation >= held.reward - VALUE).all()
    assert (held.reward >= held.punishment - 1e-3).all()
    impatient = most_cooperative(arena, at_table, agreements["equal-gain"], 0.6 * beta)
    assert 0 < impatient.share < 1
    assert impatient.holds_at(0.6 * beta)
    farther = enforce(arena, at_table, agreements["equal-gain"], share=impatient.share + 0.01)
    assert not farther.holds_at(0.6 * beta)
    assert enforce(arena, at_table, "free trade").reward.shape == (2,)
    assert war.names == at_table.names


# ---- coalitions, weights, industry ---------------------------------------------------------


def test_choosing_together_is_worth_it_together(arena: Arena) -> None:
    game = coalition_game(arena, "AAA", ["BBB"], strategies=[Strategy(partners=("CCC",))])
    alone, joint = game.of(), game.of("BBB")
    income = arena.world.income
    inside = [arena.world.economy_index(c) for c in joint.members]
    # nobody else answers: the union can do what its leader did alone
    assert (income[inside] @ joint.welfare_hat[inside]) >= (
        income[inside] @ alone.welfare_hat[inside]
    )
    assert {c.blocs for c in game.compositions} == {(), ("BBB",)}
    for composition in game.stable:
        assert not game.would_leave(composition)
        assert not game.would_join(composition)
    assert len(game.table()) == 6


def test_weights_of_a_coalition(arena: Arena) -> None:
    parts = [Objective.welfare(arena.world, code) for code in ("AAA", "BBB")]
    wants = Objective.mixed("mostly AAA", parts, [1.0, 0.0])
    one = Player.of(arena, ["AAA", "BBB"], objective=wants)
    value = arena.evaluate(arena.in_force, one.objective)[0]
    assert value == pytest.approx(1.0, abs=VALUE)
    reply = best_reply(arena, one)
    assert reply.welfare_hat[0] == pytest.approx(reply.value, abs=VALUE)


def test_weights_are_recovered_from_a_best_reply(arena: Arena, small: World) -> None:
    lam = np.array([1.3, 0.7])
    player = Player.of(
        arena, "BBB", [Strategy(by="sector")], Objective.political(small, "BBB", lam)
    )
    reply = best_reply(arena, player)
    found = revealed_weights(arena, player.space, x=reply.x)
    assert found.weight == pytest.approx(lam, abs=1e-6)
    assert found.unexplained < 1e-6
    assert found.identified_directions == 2
    # tariffs that nobody would choose leave something unexplained
    odd = player.space.from_levels(np.array([0.0001, 0.9]))
    assert revealed_weights(arena, player.space, x=odd).unexplained > found.unexplained


def test_weights_are_recovered_in_ossas_world(ossa: Any) -> None:
    world = ossa.world
    player = Player.of(
        ossa.arena, "US", [Strategy(by="sector")], Objective.political(world, "US", ossa.weights)
    )
    reply = best_reply(ossa.arena, player)
    found = revealed_weights(ossa.arena, player.space, x=reply.x)
    expected = ossa.weights[world.economy_index("US")]
    assert found.weight == pytest.approx(expected / expected.mean(), abs=1e-7)


def test_both_ways_of_finding_equilibria_agree_where_scale_hardly_matters(arena: Arena) -> None:
    rule = [Strategy("production_subsidy", sectors=("machines",), bounds=(-0.2, 0.3)), Strategy()]
    fast = best_reply(arena, "AAA", strategies=rule)
    nearly = make_small(scale_elasticity=1e-10)
    followed = Arena(nearly, Specification(closure="balanced"))
    assert followed.settings.scale
    assert not arena.settings.scale
    slow = best_reply(followed, "AAA", strategies=rule, starts=1)
    assert slow.value == pytest.approx(fast.value, abs=1e-10)
    assert slow.levels == pytest.approx(fast.levels, abs=1e-8)


def test_a_race_of_subsidies_with_economies_of_scale() -> None:
    world = make_small(scale_elasticity=[0.05, 0.12])
    race = industrial_policy_race(world, ["AAA", "BBB"], ["machines"], branch_starts=2)
    assert max(race.war.regret) < 1e-6
    assert not race.passed_a_fold
    assert race.signs[-1] == (1.0, 1)
    assert race.war.equilibrium.certificate.method.startswith("continuation")
    # industries with economies of scale are worth a subsidy that others are not
    plain = industrial_policy_race(
        world, ["AAA", "BBB"], ["machines"],
        specification=Specification(scale=False), branch_starts=0, check_path=False,
    )  # fmt: skip
    assert race.war.levels["AAA"][0] > plain.war.levels["AAA"][0]
