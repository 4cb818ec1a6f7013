"""Does a batch return what single solves return, and count what fails?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.laws.worlds import make_shock, make_world

from detente.equilibrium import Specification, solve, solve_batch
from detente.errors import InfeasibleError, InputError
from detente.measures.shock import Shock
from detente.progress import Listener


def impossible(world: object) -> Shock:
    cost = np.ones(world.sales.shape)  # type: ignore[attr-defined]
    cost[0, :, 0] = np.inf
    return Shock.of(world, resource_cost=cost)  # type: ignore[arg-type]


@pytest.mark.parametrize("scale", [0.0, 0.5])
def test_shocks_of_one_world(scale: float) -> None:
    world = make_world(51, scale=scale)
    shocks = [make_shock(world, k) for k in range(6)]
    calls: list[tuple[int, int]] = []

    class Watching(Listener):
        def count(self, text: str, done: int, total: int) -> None:
            calls.append((done, total))

    batch = solve_batch(world, shocks, workers=2, listener=Watching())
    assert len(batch) == 6
    assert not batch.failures
    for shock, found in zip(shocks, batch.solved, strict=True):
        assert found.shock is shock
        assert np.abs(found.welfare_hat - solve(world, shock).welfare_hat).max() < 1e-9
    assert calls[-1] == (6, 6)
    assert [done for done, _ in calls] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("scale", [0.0, 0.5])
def test_draws_of_parameters(scale: float) -> None:
    """Every draw is its own world; the first one's preconditioner serves all."""
    world = make_world(52, scale=scale)
    draw = np.random.default_rng(0)
    worlds = [
        world.with_(trade_elasticity=world.trade_elasticity * np.exp(0.1 * draw.normal(size=3)))
        for _ in range(4)
    ]
    shock = make_shock(world, 52)
    batch = solve_batch(worlds, [shock], start=solve(world, shock))
    for own, found in zip(worlds, batch.solved, strict=True):
        assert found.world is own
        assert np.abs(found.welfare_hat - solve(own, shock).welfare_hat).max() < 1e-9


@pytest.mark.parametrize("closure", ["fixed-transfer", "balanced"])
def test_stacked_shocks_are_what_single_solves_are(closure: str) -> None:
    """The kernel of accelerators, run here on the processor."""
    world = make_world(54)
    specification = Specification(closure=closure)
    shocks = [make_shock(world, k) for k in range(4)] + [impossible(world), Shock.none(world)]
    batch = solve_batch(world, shocks, specification=specification, stacked=4)
    assert list(batch.failures) == [4]
    for shock, found in zip(shocks, batch.equilibria, strict=True):
        if found is None:
            continue
        assert found.certificate.method == "Anderson acceleration, stacked"
        alone = solve(world, shock, specification=specification)
        assert np.abs(found.welfare_hat - alone.welfare_hat).max() < 1e-9


def test_failures_are_counted_in_their_place() -> None:
    world = make_world(53)
    shocks = [make_shock(world, 0), impossible(world), make_shock(world, 1)]
    batch = solve_batch(world, shocks)
    assert batch.equilibria[1] is None
    assert list(batch.failures) == [1]
    assert "no source of s0" in batch.failures[1]
    assert len(batch.solved) == 2
    with pytest.raises(InfeasibleError):
        solve_batch(world, shocks, on_failure="raise")


def test_requests_must_match_worlds() -> None:
    world = make_world(53)
    with pytest.raises(InputError, match="one request"):
        solve_batch([world, world, world], [Shock.none(world)] * 2)
    with pytest.raises(InputError, match="keep"):
        solve_batch(world, [Shock.none(world)], on_failure="ignore")
    assert len(solve_batch(world, [])) == 0
