"""Is a game on top of measures that hit parts of flows the game that one would expect?"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from tests.games.small_worlds import make_small

from detente.equilibrium import Equilibrium, Specification, rebase, solve
from detente.errors import InputError
from detente.games import Arena, Objective, Player, Strategy, best_reply, trade_war
from detente.games.strategies import StrategySpace
from detente.games.trade_war import identity
from detente.measures import ExportTax, ImportBan, NonTariffBarrier, Tariff
from detente.measures.base import Instrument
from detente.measures.shock import Parts, Shock
from detente.scenario import Scenario, compile_scenario
from detente.world import World

#: Percent of real income, and rates: both worked out to first-order conditions of 1e-11.
GAIN = 1e-9
RATE = 1e-7
#: Central differences of a function known to 1e-14 with steps of 1e-5.
DIFFERENCED = 2e-8
#: First-order conditions that a search leaves open, in logs of rates.
FIRST_ORDER = 1e-9
#: Real income: an equilibrium solved to 1e-12.
SOLVED = 1e-11

REGIMES = (
    Specification(closure="balanced"),
    Specification(closure="proportional", labour="specific"),
    Specification(closure="given", labour="roy", roy_elasticity=1.5),
    Specification(
        closure="balanced", labour="roy", roy_elasticity=2.0, labour_supply_elasticity=0.5
    ),
)
NAMES = ("balanced, mobile", "proportional, specific", "given, roy", "roy, elastic supply")
ON_B = Strategy("tariff", partners=("BBB",))


def on_parts(n: int, i: int, j: int, world: World, pieces: list[dict[str, float]]) -> Parts:
    """Parts of one flow; what a piece does not say stays at the baseline."""
    m = len(pieces)
    levels = {
        "tariff": world.tariff[n, i, j],
        "export_tax": world.export_tax[n, i, j],
        "production_subsidy": world.production_subsidy[i, j],
        "purchase_subsidy": world.purchase_subsidy[n, i, j],
        "resource_cost": 1.0,
    }
    return Parts(
        importer=np.full(m, n),
        exporter=np.full(m, i),
        sector=np.full(m, j),
        share=np.array([p["share"] for p in pieces]),
        **{k: np.array([p.get(k, v) for p in pieces]) for k, v in levels.items()},
    )


def together(*several: Parts) -> Parts:
    return Parts(
        **{f.name: np.concatenate([getattr(p, f.name) for p in several]) for f in fields(Parts)}
    )


def under(world: World, shock: Any, specification: Specification) -> Equilibrium:
    return solve(world, shock, specification=specification, tolerance=1e-12)


def mixed(world: World) -> Shock:
    """AAA buys food from BBB at three tariffs, machines with a barrier, a ban and an export tax."""
    return Shock.of(
        world,
        parts=together(
            on_parts(
                0, 1, 0, world, [{"share": 0.3, "tariff": 0.9}, {"share": 0.25, "tariff": 0.01}]
            ),
            on_parts(
                0,
                1,
                1,
                world,
                [
                    {"share": 0.2, "tariff": 0.4, "resource_cost": 1.3},
                    {"share": 0.15, "resource_cost": np.inf},
                ],
            ),
            on_parts(2, 1, 1, world, [{"share": 0.5, "export_tax": 0.2, "purchase_subsidy": 0.1}]),
            on_parts(1, 0, 1, world, [{"share": 0.6, "tariff": 0.35}]),
        ),
    )


# ---- whole flows ---------------------------------------------------------------------------


@pytest.mark.parametrize("specification", REGIMES, ids=NAMES)
def test_whole_flows_give_the_game_of_the_rebased_world(specification: Specification) -> None:
    world = make_small()
    tariff = np.array(world.tariff)
    tariff[0, 1] = 0.3, 0.5
    tariff[1, 0, 1] = 0.25
    dense = Shock.of(world, tariff=tariff)
    whole = Shock.of(
        world,
        parts=together(
            on_parts(0, 1, 0, world, [{"share": 1.0, "tariff": 0.3}]),
            on_parts(0, 1, 1, world, [{"share": s, "tariff": 0.5} for s in (0.35, 0.65)]),
            on_parts(1, 0, 1, world, [{"share": 0.4, "tariff": 0.25}]),
        ),
    )
    # the rest of the flow into BBB pays what its part pays
    whole = replace(whole, tariff=np.where(np.arange(3)[:, None, None] == 1, tariff, world.tariff))
    new = rebase(world, under(world, dense, specification))
    arenas = [
        Arena(new, specification),
        Arena(world, specification, under(world, dense, specification)),
        Arena(world, specification, under(world, whole, specification)),
    ]
    for members, strategy in (
        ("AAA", Strategy()),
        ("AAA", Strategy(by="uniform")),
        (("AAA", "CCC"), ON_B),
        ("BBB", Strategy(partners=("AAA",))),
    ):
        found = []
        for arena in arenas:
            player = Player.of(arena, members, [strategy])
            found.append(best_reply(arena, player, starts=1, thorough=False))
        for other in found[1:]:
            assert other.gain_pct == pytest.approx(found[0].gain_pct, abs=GAIN)
            assert other.levels == pytest.approx(found[0].levels, abs=RATE)
        assert found[0].gain_pct > 1e-3
        start = [f.player.space.levels(f.player.space.start) for f in found]
        assert start[1] == pytest.approx(start[0], abs=RATE)
        assert start[2] == pytest.approx(start[0], abs=RATE)


def test_measures_that_change_nothing_leave_the_game_as_it_is() -> None:
    world = make_small()
    specification = REGIMES[0]
    plain = best_reply(Arena(world, specification), "AAA", starts=1)
    for shock in (
        Shock.none(world),
        Shock.of(world, parts=on_parts(0, 1, 0, world, [{"share": 0.3}, {"share": 0.4}])),
    ):
        arena = Arena(world, specification, under(world, shock, specification))
        found = best_reply(arena, "AAA", starts=1)
        assert found.gain_pct == pytest.approx(plain.gain_pct, abs=GAIN)
        assert found.value == pytest.approx(plain.value, abs=SOLVED)
        assert found.levels == pytest.approx(plain.levels, abs=RATE)


def test_a_war_on_standing_measures_is_the_war_of_the_rebased_world() -> None:
    world, specification = make_small(), REGIMES[0]
    shock = Shock.of(world, tariff=np.where(world.tariff > 0, 0.4, 0.0))
    standing = under(world, shock, specification)
    on_top, anew = (
        Arena(world, specification, standing),
        Arena(rebase(world, standing), specification),
    )
    first, second = (
        trade_war(a, [Player.of(a, code) for code in ("AAA", "BBB")]) for a in (on_top, anew)
    )
    assert first.welfare_hat == pytest.approx(
        second.welfare_hat * standing.welfare_hat, abs=SOLVED * 10
    )
    marks = {identity(a, first.players) for a in (on_top, Arena(world))}
    assert len(marks) == 2


# ---- parts of flows ------------------------------------------------------------------------


@pytest.mark.parametrize("specification", REGIMES, ids=NAMES)
def test_values_and_gradients_with_parts(specification: Specification) -> None:
    draw = np.random.default_rng(5)
    world = make_small(
        export_tax=draw.uniform(0.0, 0.1, (3, 3, 2)),
        purchase_subsidy=draw.uniform(0.0, 0.1, (3, 3, 2)),
        production_subsidy=draw.uniform(0.0, 0.1, (3, 2)),
    )
    standing = under(world, mixed(world), specification)
    arena = Arena(world, specification, standing)
    assert arena.welfare_hat(arena.in_force) == pytest.approx(standing.welfare_hat, abs=SOLVED)
    base = arena.in_force
    here = base._replace(
        tariff=base.tariff.at[0, 1, 1].add(0.1),
        part_tariff=base.part_tariff.at[0].add(0.2).at[5].add(-0.1),
        ban=base.ban.at[0, 1, 0].set(0.3).at[1, 2, 0].set(0.2).at[2, 0, 1].set(1.0),
        transfer=base.transfer + jnp.asarray([0.3, -0.1, -0.2]),
    )
    # what the search values is what the certified solver finds
    certified = arena.certify(here)
    assert arena.welfare_hat(here) == pytest.approx(certified.welfare_hat, abs=1e-9)
    flows = arena.exposure(here).tariff
    expected = certified.sales_prime * world.trade_elasticity
    assert np.asarray(flows) == pytest.approx(expected, rel=1e-7)
    objective = Objective.welfare(world, ["AAA", "CCC"])
    _, gradient = arena.gradient(here, objective)
    step = 1e-5
    for name, at in [
        ("tariff", (0, 1, 0)),
        ("tariff", (2, 1, 1)),
        ("export_tax", (0, 1, 1)),
        ("ban", (0, 1, 0)),
        ("production_subsidy", (1, 1)),
        *(("part_tariff", (h,)) for h in (0, 1, 2, 4, 5)),
    ]:
        ends = [
            arena.values(
                here._replace(**{name: getattr(here, name).at[at].add(side * step)}), [objective]
            )[0]
            for side in (1.0, -1.0)
        ]
        assert float(getattr(gradient, name)[at]) == pytest.approx(
            (ends[0] - ends[1]) / (2 * step), abs=DIFFERENCED
        ), (name, at)
    assert float(gradient.part_tariff[3]) == 0.0  # a part that is banned pays no tariff


@pytest.mark.parametrize("way", ["partner and sector", "uniform"])
def test_the_gradient_in_a_players_own_rates(way: Any) -> None:
    world, specification = make_small(), REGIMES[2]
    arena = Arena(world, specification, under(world, mixed(world), specification))
    player = Player.of(arena, "AAA", [Strategy(by=way)])
    x = player.space.start + 0.1 * np.random.default_rng(3).uniform(size=len(player.space))
    policies = player.space.apply(arena.in_force, x)
    assert player.space.read(policies) == pytest.approx(x, abs=1e-14)
    slope = player.space.pull(arena.gradient(policies, player.objective)[1])
    for k in range(len(x)):
        move = 1e-5 * (np.arange(len(x)) == k)
        ends = [
            arena.values(player.space.apply(arena.in_force, x + side * move), [player.objective])[0]
            for side in (1.0, -1.0)
        ]
        assert slope[k] == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=DIFFERENCED)


def measures() -> list[Instrument]:
    """A package as a reader writes it, on parts of what AAA buys from BBB."""
    return [
        Tariff(id="ev", by="AAA", on="BBB", sectors=["machines"], rate="+60 pp", coverage="20 %"),
        Tariff(id="low", by="AAA", on="BBB", sectors=["food"], rate="1 %", coverage="35 %",
               stacking="replace"),
        NonTariffBarrier(id="tests", by="AAA", on="BBB", sectors=["food"], rate="+15 %",
                         coverage="35 %", overlap="same-lines:food"),
        ImportBan(id="ban", by="AAA", on="BBB", sectors=["machines"], coverage="10 %",
                  overlap="nested"),
        ExportTax(id="ore", by="BBB", on="CCC", sectors=["food"], rate="+10 pp", coverage="50 %"),
    ]  # fmt: skip


def replacing(rates: np.ndarray) -> list[Instrument]:
    return [
        Tariff(id=f"set-{s}", by="AAA", on="BBB", sectors=[s], rate=f"{100 * rate:.13g} %",
               stacking="replace")
        for s, rate in zip(("food", "machines"), rates, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("specification", REGIMES, ids=NAMES)
def test_no_tariffs_that_a_reader_writes_beat_the_reply(specification: Specification) -> None:
    world = make_small()
    package = measures()

    def real_income(rates: np.ndarray | None) -> float:
        written = [*package, *(() if rates is None else replacing(rates))]
        compiled = compile_scenario(world, Scenario("written", tuple(written)))
        return float(under(world, compiled, specification).welfare_hat[0])

    before = real_income(None)
    compiled = compile_scenario(world, Scenario("package", tuple(package)))
    arena = Arena(world, specification, under(world, compiled, specification))
    reply = best_reply(arena, Player.of(arena, "AAA", [ON_B]), starts=1)
    best = real_income(reply.levels)
    assert reply.gain_pct == pytest.approx(100 * (best / before - 1), abs=GAIN)
    assert reply.is_maximum
    assert reply.gain_pct > 0.01
    draw = np.random.default_rng(11)
    for size in (0.003, 0.03, 0.3):
        for _ in range(3):
            tried = np.clip(reply.levels + size * draw.standard_normal(2), 0, None)
            assert real_income(tried) < best


@pytest.mark.parametrize("specification", REGIMES, ids=NAMES)
def test_tariffs_by_part_gain_no_more_where_parts_share_other_wedges(
    specification: Specification,
) -> None:
    world = make_small()
    arena = Arena(world, specification, under(world, mixed(world), specification))
    reply = best_reply(arena, Player.of(arena, "AAA", [ON_B]), starts=1)
    _, gradient = arena.gradient(reply.policies, reply.player.objective)
    assert np.abs(np.asarray(gradient.part_tariff)[:4]).max() < FIRST_ORDER
    assert np.abs(np.asarray(gradient.tariff)[0, 1]).max() < FIRST_ORDER


def test_a_part_that_its_exporter_taxes_would_bear_another_tariff() -> None:
    # what the law above does not cover: a reply with one level a flow is then the best of those
    world, specification = make_small(), REGIMES[0]
    pieces = [{"share": 0.5, "export_tax": 0.3}]
    shock = Shock.of(world, parts=on_parts(0, 1, 1, world, pieces))
    arena = Arena(world, specification, under(world, shock, specification))
    reply = best_reply(arena, Player.of(arena, "AAA", [ON_B]), starts=1)
    _, gradient = arena.gradient(reply.policies, reply.player.objective)
    by_part, rest = float(gradient.part_tariff[0]), float(gradient.tariff[0, 1, 1])
    assert by_part < -1e-5
    assert by_part + rest == pytest.approx(0.0, abs=FIRST_ORDER)


def test_the_order_and_the_number_of_pieces_do_not_matter() -> None:
    world, specification = make_small(), REGIMES[2]
    shock = mixed(world)
    m = len(shock.parts)
    turned = Parts(**{f.name: getattr(shock.parts, f.name)[::-1] for f in fields(Parts)})
    halves = Parts(**{f.name: np.tile(getattr(shock.parts, f.name), 40) for f in fields(Parts)})
    halves = replace(halves, share=halves.share / 40)
    assert len(halves) > 3 * 64 > m  # more parts than one filling
    found = []
    for parts in (shock.parts, turned, halves):
        arena = Arena(
            world, specification, under(world, replace(shock, parts=parts), specification)
        )
        found.append(best_reply(arena, "AAA", starts=1, thorough=False))
    for other in found[1:]:
        assert other.gain_pct == pytest.approx(found[0].gain_pct, abs=GAIN)
        assert other.levels == pytest.approx(found[0].levels, abs=RATE)


# ---- what is closed, what is refused --------------------------------------------------------


def test_bans_stay_bans() -> None:
    world, specification = make_small(), REGIMES[0]
    closed = on_parts(0, 1, 0, world, [{"share": 1.0, "resource_cost": np.inf}])
    half = on_parts(0, 1, 1, world, [{"share": 0.5, "resource_cost": np.inf}])
    shock = Shock.of(world, parts=together(closed, half))
    arena = Arena(world, specification, under(world, shock, specification))
    reply = best_reply(arena, Player.of(arena, "AAA", [ON_B]), starts=1)
    assert np.isnan(reply.levels[0])
    assert reply.unidentified == ("AAA tariff with BBB food",)
    found = arena.certify(reply.policies)
    assert found.sales_prime[0, 1, 0] == 0.0
    assert found.parts_sales[1] == 0.0 < found.sales_prime[0, 1, 1]


def test_other_instruments_are_refused_where_measures_hit() -> None:
    world, specification = make_small(), REGIMES[0]
    arena = Arena(world, specification, under(world, mixed(world), specification))
    for strategy in (
        Strategy("export_tax", partners=("AAA",)),
        Strategy("production_subsidy", sectors=("machines",)),
    ):
        with pytest.raises(InputError, match="measures in force hit"):
            Player.of(arena, "BBB", [strategy])
    assert Player.of(arena, "CCC", [Strategy("production_subsidy")]).space.identified.all()
    ban = Player.of(arena, "BBB", [Strategy("export_ban", partners=("AAA",))])
    shut = arena.certify(ban.space.apply(arena.in_force, ban.space.upper))
    assert np.all(shut.sales_prime[0, 1] == 0.0)


def test_what_stands_must_be_of_this_world() -> None:
    world = make_small()
    standing = under(world, mixed(world), REGIMES[1])
    with pytest.raises(InputError, match="another world or specification"):
        Arena(world, REGIMES[2], standing)
    with pytest.raises(InputError, match="another world or specification"):
        Arena(make_small(), REGIMES[1], standing)


def test_rates_start_at_the_mean_that_is_paid() -> None:
    world, specification = make_small(), REGIMES[1]
    standing = under(world, mixed(world), specification)
    space = StrategySpace.of(world, "AAA", [ON_B], standing)
    found, parts = standing, standing.shock.parts
    of_part = found.parts_sales[:2] * (1 + parts.export_tax[:2])
    rest = (found.sales_prime[0, 1, 0] - found.parts_sales[:2].sum()) * (
        1 + world.export_tax[0, 1, 0]
    )
    duty = rest * world.tariff[0, 1, 0] + of_part @ parts.tariff[:2]
    assert space.levels(space.start)[0] == pytest.approx(duty / (rest + of_part.sum()), abs=1e-12)
