"""Is the full best reply to a package what a side could gain by any tariffs, and kept as such?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente import World
from detente.equilibrium import Specification, solve
from detente.errors import InputError
from detente.measures import Shock, Tariff
from detente.scenario import load_case
from detente.talks import full_reply
from detente.talks.answers import answers
from detente.talks.full_reply import full_replies, reply_gains
from detente.talks.meeting import run_talks
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


def test_a_measure_on_part_of_a_flow_is_refused() -> None:
    with pytest.raises(InputError, match="only part of goods"):
        reply_gains(asymmetric(0.3), (lifted(coverage="40 %"),), (["AAA"], ["BBB"]), PLAIN)


def test_reported_packages_of_a_meeting_have_their_replies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = load_case("anchorage-2021")
    world = load_world(case.world)
    found = run_talks(case, world, draws=0, elasticity_draws=0, folder=tmp_path)
    agenda = found.ground.agenda
    reported = {agenda.number(n.levels) for n in found.talks.named}
    reported |= {p.packages[0] for p in found.points.values()}
    assert {r.package for r in found.replies} == reported
    assert all(r.gain is not None and min(r.gain) > 0 for r in found.replies)
    said = {a.id: a.text for a in answers(found)}["sign"]
    assert "the best of all tariffs on the other side" in said

    def never(*_: object) -> tuple[float, float]:
        raise AssertionError("a reply that was kept is not worked out again")

    monkeypatch.setattr(full_reply, "reply_gains", never)
    again = full_replies(case, world, found.ground, sorted(reported), folder=tmp_path)
    assert {r.package: r.gain for r in again} == {r.package: r.gain for r in found.replies}
    without = run_talks(
        case, world, draws=0, elasticity_draws=0, folder=tmp_path, with_replies=False
    )
    assert without.replies == ()
    assert "the best of all tariffs" not in {a.id: a.text for a in answers(without)}["sign"]


def test_packages_with_parts_of_flows_say_why_they_have_no_reply() -> None:
    case = load_case("beijing-2024")
    found = run_talks(case, load_world(case.world), draws=0, elasticity_draws=0)
    silent = [r for r in found.replies if r.gain is None]
    assert silent
    assert all("only part of" in r.why_none for r in silent)
    assert "were not worked out" in {a.id: a.text for a in answers(found)}["sign"]
