"""Is the full best reply to a package what a side could gain by any tariffs, and kept as such?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detente import World
from detente.case import load_case
from detente.equilibrium import Equilibrium, Specification, rebase, solve
from detente.errors import ConvergenceError
from detente.games import Arena, Player, Strategy, best_reply
from detente.measures import Shock, Tariff
from detente.scenario import Scenario, compile_scenario
from detente.talks import full_reply
from detente.talks.answers import answers
from detente.talks.full_reply import full_replies, reply_gains
from detente.talks.ground import request_for
from detente.talks.meeting import TalksResults, run_talks
from detente.talks.shown import called
from detente.world import load_world

PLAIN = Specification(closure="given", labour="mobile", scale=False)
#: Percent of real income: two routes to one equilibrium, each solved to 1e-12 or better.
SAME = 1e-7


def asymmetric(tariff: float = 0.0) -> World:
    flows = np.array([[[80.0, 60.0], [30.0, 5.0]], [[25.0, 5.0], [90.0, 80.0]]])
    levels = np.zeros_like(flows)
    levels[0, 1, 0] = tariff
    return World.from_arrays(
        ["AAA", "BBB"],
        ["goods", "services"],
        sales=flows,
        tariff=levels,
        trade_elasticity=[4.0, 2.0],
    )


def lifted(rate: str = "5 %", coverage: str | None = None) -> Tariff:
    more = {} if coverage is None else {"coverage": coverage}
    return Tariff(
        id="lift", by="AAA", on="BBB", sectors=["goods"], rate=rate, stacking="replace", **more
    )


def test_no_tariff_of_a_grid_beats_the_reply() -> None:
    world = asymmetric(0.3)
    gains = reply_gains(world, (lifted(),), (["AAA"], ["BBB"]), PLAIN)
    kept = np.array(world.tariff)
    kept[0, 1, 0] = 0.05
    before = solve(world, Shock.of(world, tariff=kept), specification=PLAIN).welfare_hat
    best = [0.0, 0.0]
    for goods in np.linspace(0.0, 1.0, 9):
        for services in np.linspace(0.0, 1.5, 7):
            for k in (0, 1):
                tried = kept.copy()
                tried[k, 1 - k] = goods, services
                after = solve(world, Shock.of(world, tariff=tried), specification=PLAIN)
                best[k] = max(best[k], 100 * (after.welfare_hat[k] / before[k] - 1))
    for k in (0, 1):
        assert best[k] <= gains[k] + SAME
        assert gains[k] < 1.2 * best[k]  # the grid comes close, so the reply is no fancy number


def test_swapping_the_sides_swaps_the_gains() -> None:
    world = asymmetric(0.3)
    one = reply_gains(world, (lifted(),), (["AAA"], ["BBB"]), PLAIN)
    other = reply_gains(world, (lifted(),), (["BBB"], ["AAA"]), PLAIN)
    assert one == pytest.approx(other[::-1], abs=SAME)


@pytest.mark.parametrize(
    "specification",
    [
        PLAIN,
        Specification(closure="given", labour="roy", roy_elasticity=1.5, scale=False),
        Specification(closure="balanced", labour="specific", scale=False),
    ],
    ids=["mobile", "roy", "specific"],
)
def test_no_tariff_that_a_reader_adds_to_a_package_on_parts_beats_the_reply(
    specification: Specification,
) -> None:
    world = asymmetric(0.3)
    package = (lifted(coverage="40 %"),)

    def real_income(*more: Tariff) -> float:
        compiled = compile_scenario(world, Scenario("package", (*package, *more)))
        found = solve(world, compiled, specification=specification, tolerance=1e-12)
        return float(found.welfare_hat[0])

    gains = reply_gains(world, package, (["AAA"], ["BBB"]), specification)
    before, best = real_income(), 0.0
    for goods in np.linspace(0.0, 1.0, 11):
        for services in np.linspace(0.0, 1.5, 7):
            tried = [
                Tariff(id=s, by="AAA", on="BBB", sectors=[s], rate=f"{100 * r:.8g} %",
                       stacking="replace")
                for s, r in (("goods", goods), ("services", services))
            ]  # fmt: skip
            best = max(best, 100 * (real_income(*tried) / before - 1))
    assert best <= gains[0] + SAME
    assert gains[0] < 1.2 * best


@pytest.mark.parametrize("labour", ["mobile", "specific", "roy"])
def test_a_package_on_whole_flows_is_the_game_of_the_world_after_it(labour: str) -> None:
    world = asymmetric(0.3)
    specification = Specification(
        closure="given",
        labour=labour,
        roy_elasticity=1.5 if labour == "roy" else None,
        scale=False,
    )
    after = rebase(world, solve(world, [lifted()], specification=specification, tolerance=1e-12))
    anew = reply_gains(after, (), (["AAA"], ["BBB"]), specification)
    sides = (["AAA"], ["BBB"])
    assert reply_gains(world, (lifted(),), sides, specification) == pytest.approx(anew, abs=1e-9)
    covered = reply_gains(world, (lifted(coverage="100 %"),), sides, specification)
    assert covered == pytest.approx(anew, abs=1e-9)
    nearly = reply_gains(world, (lifted(coverage="99.999 %"),), sides, specification)
    assert nearly == pytest.approx(anew, abs=1e-4)


def breaches(found: TalksResults) -> tuple[tuple[str, ...], ...]:
    """The table of what breaking each package that is shown would bring."""
    sign = {a.id: a for a in answers(found)}["sign"]
    return sign.grids[-1].rows


def test_reported_packages_of_a_meeting_have_their_replies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = load_case("anchorage-2021")
    world = load_world(case.world)
    found = run_talks(case.meeting, world, draws=0, elasticity_draws=0, folder=tmp_path)
    reported = set(called(found.talks, found.points, found.horizon))
    assert {r.package for r in found.replies} == reported
    assert all(r.gain is not None and min(r.gain) > 0 for r in found.replies)
    assert all(all(row[-2:]) for row in breaches(found))

    def never(*_: object) -> tuple[float, float]:
        raise AssertionError("a reply that was kept is not worked out again")

    monkeypatch.setattr(full_reply, "reply_gains", never)
    again = full_replies(case.meeting, world, found.ground, sorted(reported), folder=tmp_path)
    assert {r.package: r.gain for r in again} == {r.package: r.gain for r in found.replies}
    without = run_talks(
        case.meeting, world, draws=0, elasticity_draws=0, folder=tmp_path, with_replies=False
    )
    assert without.replies == ()
    assert not any(any(row[-2:]) for row in breaches(without))


def test_packages_on_parts_of_flows_have_their_replies_too() -> None:
    case = load_case("beijing-2024")
    found = run_talks(case.meeting, load_world(case.world), draws=0, elasticity_draws=0)
    assert found.replies
    assert all(r.gain is not None and min(r.gain) > 0 for r in found.replies)
    assert "were not worked out" not in {a.id: a.text for a in answers(found)}["sign"]


def with_tariffs(standing: Equilibrium, player: Player, levels: np.ndarray) -> Shock:
    """What stands, with the player's tariffs on the rest and on every part of its flows."""
    world, parts = standing.world, standing.shock.parts
    tariff, is_set = np.array(world.tariff), np.zeros(world.sales.shape, dtype=bool)
    for rate, level in zip(player.space.rates, levels, strict=True):
        at = (
            world.economies.index(rate.player),
            world.economies.index(rate.partner),
            world.sectors.index(rate.sector),
        )
        tariff[at], is_set[at] = level, True
    flow = (parts.importer, parts.exporter, parts.sector)
    of_part = np.where(is_set[flow], tariff[flow], parts.tariff)
    return replace(standing.shock, tariff=tariff, parts=replace(parts, tariff=of_part))


def test_no_tariffs_beat_the_reply_to_a_package_of_a_meeting() -> None:
    case = load_case("beijing-2024")
    world, talks = load_world(case.world), case.talks
    specification = Specification(labour="roy", roy_elasticity=1.5, scale=False)
    package = max(request_for(talks).rows, key=lambda row: (len(row), row))
    written = Scenario(
        "package", tuple(m for m in case.meeting.measures.values() if m.id in package)
    )
    compiled = compile_scenario(world, written)
    standing = solve(world, compiled, specification=specification, tolerance=1e-12)
    assert np.any(standing.shock.parts.share < 0.9)
    arena = Arena(world, specification, standing)
    draw = np.random.default_rng(2)
    for mine, yours in (("USA", "CHN"), ("CHN", "USA")):
        player = Player.of(arena, mine, [Strategy("tariff", partners=(yours,))])
        reply = best_reply(arena, player, starts=1, thorough=False)
        n = world.economies.index(mine)
        levels = np.where(np.isnan(reply.levels), 0.0, reply.levels)
        tried = [levels]
        for size in (0.01, 0.05, 0.2):
            away = size * draw.standard_normal(len(levels))
            tried.append(np.clip(levels + away, 0, None))
        gains = []
        for rates in tried:
            shock = with_tariffs(standing, player, rates)
            found = solve(world, shock, specification=specification, tolerance=1e-12)
            gains.append(100 * (found.welfare_hat[n] / standing.welfare_hat[n] - 1))
        assert gains[0] == pytest.approx(reply.gain_pct, abs=SAME)
        assert max(gains[1:]) < gains[0]


def test_a_package_without_an_equilibrium_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    case = load_case("anchorage-2021")
    world = load_world(case.world)
    found = run_talks(case.meeting, world, draws=0, elasticity_draws=0, with_replies=False)

    def fails(*_: object) -> tuple[float, float]:
        raise ConvergenceError("no equilibrium within 1e-12: the worst gap is 1. Try another.")

    monkeypatch.setattr(full_reply, "reply_gains", fails)
    replies = full_replies(case.meeting, world, found.ground, [found.ground.agenda.status_quo])
    assert [r.gain for r in replies] == [None]
    assert replies[0].why_none == "no equilibrium within 1e-12: the worst gap is 1"
