"""Are draws reproducible, counted, and never lost?"""

from __future__ import annotations

import errno
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.equilibrium import Equilibrium, Specification, solve
from detente.errors import (
    ConvergenceError,
    DamagedFileWarning,
    InputError,
    InterruptedRun,
    OutputError,
    UnknownNameError,
)
from detente.measures import Tariff
from detente.measures.shock import Shock
from detente.outcomes import outcomes_of
from detente.progress import Listener
from detente.quantities import COLUMNS
from detente.scenario import compile_scenario
from detente.uncertainty import Ensemble, ParameterDraws, draw_parameters, ensemble
from detente.world.model import World

DRAWS = 8
SPEC = Specification(scale=False)
KEEP = ("welfare_pct", "equivalent_variation", "trade_pct_by_pair", "output_pct")
#: Solutions at a tolerance of 1e-9, in percent.
SOLVED = 1e-6


@pytest.fixture(scope="module")
def world() -> World:
    return random_world(17)


def tariff_war(world: World, size: float) -> Shock:
    tariff = np.array(world.tariff)
    tariff[0, 1] += size
    tariff[1, 0] += size / 2
    return Shock.of(world, tariff=tariff)


@pytest.fixture(scope="module")
def war(world: World) -> Shock:
    return tariff_war(world, 0.3)


@pytest.fixture(scope="module")
def parameters(world: World) -> ParameterDraws:
    return draw_parameters(world, DRAWS, 3, log_sd=0.4)


def run(world: World, what: Any, parameters: ParameterDraws, **options: Any) -> Ensemble:
    return ensemble(world, what, SPEC, parameters=parameters, keep=KEEP, **options)


@pytest.fixture(scope="module")
def whole(world: World, war: Shock, parameters: ParameterDraws) -> Ensemble:
    return run(world, {"war": war}, parameters, workers=1)


def same(a: Ensemble, b: Ensemble) -> bool:
    """Bit by bit."""
    return (
        all(
            np.array_equal(a.values[name][key], b.values[name][key], equal_nan=True)
            for name in a.names
            for key in a.values[name]
        )
        and a.failures == b.failures
    )


def test_each_draw_is_a_full_solution(
    world: World, war: Shock, parameters: ParameterDraws, whole: Ensemble
) -> None:
    for draw in (0, 5):
        there = parameters.world(world, draw)
        direct = outcomes_of(solve(there, war, specification=SPEC))
        for key in KEEP:
            got = whole.values["war"][key][draw]
            scale = max(1.0, float(np.nanmax(np.abs(got))))
            assert np.nanmax(np.abs(got - direct[key])) < SOLVED * scale
    assert whole.finished.all()
    assert whole.failed() == 0


def test_workers_change_nothing(
    world: World, war: Shock, parameters: ParameterDraws, whole: Ensemble
) -> None:
    assert same(whole, run(world, {"war": war}, parameters, workers=3))


def test_seeds(world: World, war: Shock, parameters: ParameterDraws, whole: Ensemble) -> None:
    other = draw_parameters(world, DRAWS, 4, log_sd=0.4)
    assert not same(whole, run(world, {"war": war}, other))


@pytest.mark.parametrize("stop_after", [1, 5])
def test_an_interrupted_run_goes_on_to_the_same_bits(
    stop_after: int,
    tmp_path: Path,
    world: World,
    war: Shock,
    parameters: ParameterDraws,
    whole: Ensemble,
) -> None:
    class Stopping(Listener):
        def count(self, text: str, done: int, total: int) -> None:
            assert total == DRAWS
            if done >= stop_after:
                raise KeyboardInterrupt

    with pytest.raises(InterruptedRun, match="the same call goes on") as caught:
        run(world, {"war": war}, parameters, folder=tmp_path, listener=Stopping())
    partial = caught.value.partial  # type: ignore[attr-defined]
    assert partial.interrupted
    kept = int(partial.finished.sum())
    assert stop_after <= kept < DRAWS
    assert len(partial.sample("welfare_pct")) == kept
    assert not list(tmp_path.glob(".*"))

    calls: list[int] = []

    def counting(*args: Any, **options: Any) -> Equilibrium:
        calls.append(1)
        return solve(*args, **options)

    result = run(world, {"war": war}, parameters, folder=tmp_path, solver=counting)
    assert same(result, whole)
    assert len(calls) == DRAWS - kept + 1  # and the central case
    calls.clear()
    assert same(run(world, {"war": war}, parameters, folder=tmp_path, solver=counting), whole)
    assert len(calls) == 1


def test_more_draws_add_to_a_folder(tmp_path: Path, world: World, war: Shock) -> None:
    few = draw_parameters(world, 3, 3, log_sd=0.4)
    run(world, {"war": war}, few, folder=tmp_path)
    many = draw_parameters(world, DRAWS, 3, log_sd=0.4)
    result = run(world, {"war": war}, many, folder=tmp_path)
    assert same(result, run(world, {"war": war}, many))


def test_a_folder_may_hold_draws_of_several_things(
    tmp_path: Path, world: World, war: Shock, parameters: ParameterDraws, whole: Ensemble
) -> None:
    other = tariff_war(world, 0.31)
    apart = run(world, {"war": other}, parameters)
    run(world, {"war": war}, parameters, folder=tmp_path)
    assert same(run(world, {"war": other}, parameters, folder=tmp_path), apart)
    assert same(run(world, {"war": war}, parameters, folder=tmp_path), whole)


def test_a_damaged_block_is_said_once_and_drawn_again(
    tmp_path: Path, world: World, war: Shock, parameters: ParameterDraws, whole: Ensemble
) -> None:
    run(world, {"war": war}, parameters, folder=tmp_path)
    block = next(tmp_path.glob("draws-*.block"))
    block.write_bytes(block.read_bytes()[:-1])
    with pytest.warns(DamagedFileWarning, match=block.name) as said:
        assert same(run(world, {"war": war}, parameters, folder=tmp_path), whole)
    assert len(said) == 1
    assert same(run(world, {"war": war}, parameters, folder=tmp_path), whole)


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    world: World,
    war: Shock,
    parameters: ParameterDraws,
    whole: Ensemble,
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        run(world, {"war": war}, parameters, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert same(run(world, {"war": war}, parameters, folder=tmp_path), whole)


def test_a_folder_that_cannot_be_made(
    tmp_path: Path, world: World, war: Shock, parameters: ParameterDraws
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        run(world, {"war": war}, parameters, folder=tmp_path / "file" / "below")


def test_failed_draws_are_counted_and_not_redrawn(
    world: World, war: Shock, parameters: ParameterDraws, whole: Ensemble
) -> None:
    bad = {1, 6}
    tried: list[int] = []

    def failing(there: World, what: Any, **options: Any) -> Equilibrium:
        rows = np.flatnonzero((parameters.trade_elasticity == there.trade_elasticity).all(axis=1))
        tried.extend(map(int, rows))
        if set(map(int, rows)) & bad:
            raise ConvergenceError("no equilibrium within 1e-09: made to fail")
        return solve(there, what, **options)

    result = run(world, {"war": war}, parameters, solver=failing)
    assert result.failed() == result.failed("war") == 2
    assert {d for d, _, _ in result.failures} == bad
    assert all("made to fail" in reason for _, _, reason in result.failures)
    assert sorted(tried) == list(range(DRAWS))
    good = [d for d in range(DRAWS) if d not in bad]
    assert np.array_equal(result.sample("welfare_pct"), whole.values["war"]["welfare_pct"][good])
    assert np.isnan(result.values["war"]["welfare_pct"][sorted(bad)]).all()
    assert "2 failed" in str(result)
    assert "failed, 2: no equilibrium within 1e-09" in str(result)
    expected = np.quantile(whole.values["war"]["welfare_pct"][good], 0.95, axis=0)
    assert np.array_equal(result.quantile("welfare_pct", 0.95), expected)


def test_refused_parameters_count_as_failed() -> None:
    world = random_world(1, scale=True)
    drawn = draw_parameters(world, 100, 1, log_sd=1.5, scale_rule="fixed")
    keep = sorted(drawn.refused)[:1]
    only = ParameterDraws(
        *(getattr(drawn, k)[keep] for k in ("trade_elasticity", "scale_elasticity", "factors")),
        drawn.factor_names, drawn.log_sd, drawn.correlation, drawn.scale_rule, drawn.seed,
        drawn.sources, {0: drawn.refused[keep[0]]},
    )  # fmt: skip
    result = ensemble(world, {"war": tariff_war(world, 0.1)}, parameters=only, keep=KEEP)
    assert result.failed() == 1
    assert "not below one" in result.failures[0][2]
    assert np.isnan(result.quantile("welfare_pct", 0.5)).all()


def test_scenarios_meet_the_same_draws_and_can_be_compared(world: World) -> None:
    name, sectors = world.economies, list(world.sectors)
    light, heavy = (
        compile_scenario(
            world, [Tariff(id="t", by=name[0], on=name[1], sectors=sectors, rate=rate)]
        )
        for rate in ("+10 pp", "+30 pp")
    )
    drawn = draw_parameters(world, 4, 3, log_sd=0.4)
    result = run(world, {"light": light, "heavy": heavy}, drawn, compared_with={"heavy": "light"})
    alone = run(world, {"light": light, "heavy": heavy}, drawn)
    ev = "equivalent_variation"
    difference = alone.values["heavy"][ev] - alone.values["light"][ev]
    assert np.allclose(result.values["heavy"][ev], difference, atol=1e-5)
    assert np.array_equal(result.values["light"][ev], alone.values["light"][ev])
    with pytest.raises(UnknownNameError, match="lite"):
        run(world, {"light": light}, drawn, compared_with={"light": "lite"})


def test_balanced_trade_solves_each_draws_own_baseline(world: World, war: Shock) -> None:
    spec = Specification(scale=False, closure="balanced")
    drawn = draw_parameters(world, 2, 3, log_sd=0.4)
    result = ensemble(world, {"war": war}, spec, parameters=drawn, keep=KEEP)
    direct = outcomes_of(solve(drawn.world(world, 1), war, specification=spec))
    assert np.allclose(result.values["war"]["welfare_pct"][1], direct.welfare_pct, atol=SOLVED)


def test_ranges_in_long_format(whole: Ensemble, world: World) -> None:
    table = whole.table()
    assert tuple(table.columns) == COLUMNS
    rows = table[(table["metric"] == "welfare_pct") & (table["economy"] == world.economies[2])]
    assert rows["quantile"].fillna(-1).tolist() == [-1, 0.05, 0.5, 0.95]
    values = rows["value"].tolist()
    assert values[1] <= values[2] <= values[3]
    assert values[0] == whole.central["war"]["welfare_pct"].values[2]
    sample = whole.sample("welfare_pct", economy=world.economies[2])
    assert sample.shape == (DRAWS,)
    assert values[2] == np.median(sample)
    pair = whole.sample("trade_pct_by_pair", importer=world.economies[0])
    assert pair.shape == (DRAWS, len(world.economies))
    share = whole.same_sign("welfare_pct")
    central = whole.central["war"]["welfare_pct"].values
    by_hand = [
        np.mean(np.sign(whole.sample("welfare_pct")[:, k]) == np.sign(central[k]))
        for k in range(len(central))
    ]
    assert share.tolist() == by_hand
    one = whole.table("war", outcomes="welfare_pct")
    assert one.equals(table[table["metric"] == "welfare_pct"].reset_index(drop=True))
    for ask in (whole.same_sign_table, lambda name: whole.table(outcomes=[name])):
        with pytest.raises(UnknownNameError, match="welfare_pct"):
            ask("welfare")
    signs = whole.same_sign_table()
    assert set(signs["unit"]) == {"share of draws"}


@pytest.mark.slow
def test_other_processes_give_the_same_bits(world: World) -> None:
    """What a cluster is handed can be sent, and comes back as if it had been done here."""
    name, sectors = world.economies, list(world.sectors)
    duty = Tariff(id="t", by=name[0], on=name[1], sectors=sectors, rate="+10 pp")
    compiled = compile_scenario(world, [duty])
    drawn = draw_parameters(world, 3, 3, log_sd=0.4)
    here = run(world, {"duty": compiled}, drawn)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        there = run(world, {"duty": compiled}, drawn, executor=executor)
    assert same(here, there)


def test_bad_calls(world: World, war: Shock, parameters: ParameterDraws) -> None:
    with pytest.raises(InputError, match="no scenario"):
        run(world, {}, parameters)
    with pytest.raises(InputError, match="workers"):
        run(world, {"war": war}, parameters, workers=0)
    with pytest.raises(UnknownNameError, match="welfare_pct"):
        ensemble(world, {"war": war}, SPEC, parameters=parameters, keep=("welfare_pc",))


def test_takes_what_solve_takes(world: World, parameters: ParameterDraws) -> None:
    measure = Tariff(
        id="t", by=world.economies[0], on=world.economies[1], sectors="all", rate="+10 pp"
    )
    scenario = compile_scenario(world, [measure]).scenario
    ways = {"list": [measure], "one": measure, "scenario": scenario, "nothing": None}
    found = ensemble(world, ways, SPEC, parameters=parameters, keep=KEEP)  # type: ignore[arg-type]
    first = found.sample("welfare_pct", "list")
    for name in ("one", "scenario"):
        np.testing.assert_array_equal(found.sample("welfare_pct", name), first)
    assert np.abs(found.sample("welfare_pct", "nothing")).max() < SOLVED


@pytest.mark.parametrize("wrong", [{"a": 5}, {"a": "war"}, {"a": ["war"]}, ["war"]])
def test_what_cannot_be_priced_is_refused_in_words(world: World, wrong: Any) -> None:
    with pytest.raises(InputError, match="ensemble"):
        ensemble(world, wrong, SPEC, draws=2)
