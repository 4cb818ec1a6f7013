"""What is timed, and how?

A phase is measured in this process, after the caller has pinned it to one core where that is
asked for. Times are the least of several repetitions: the others measure the neighbours.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.rivals import RIVALS, Model
from benchmarks.worlds import PROBLEMS, icio_2022, tariff_on_goods
from detente.equilibrium import gradient, solve, solve_batch
from detente.equilibrium.setup import prepare_jax
from detente.measures.shock import Shock
from detente.world.model import World

#: Repetitions of short phases.
REPEATS = 15


def least(run: Callable[[], Any], repeats: int = REPEATS) -> tuple[float, Any]:
    """Least wall time in milliseconds, and the last result."""
    times, result = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times), result


def solver(name: str) -> dict[str, Any]:
    """First call, a solve, its residual, the gradient in all tariffs, memory."""
    prepare_jax()
    problem = PROBLEMS[name]
    world, shock = problem.build()
    start = time.perf_counter()
    found = solve(world, shock)
    first = time.perf_counter() - start
    run_ms, found = least(lambda: solve(world, shock))
    economy = found.world.economies[0]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    gradient(found, f"welfare:{economy}")
    gradient_ms, _ = least(lambda: gradient(found, f"welfare:{economy}"))
    n, j = len(world.economies), len(world.sectors)
    out: dict[str, Any] = {
        "problem": name,
        "title": problem.title,
        "economies": n,
        "sectors": j,
        "first_call_s": round(first, 3),
        "run_ms": round(run_ms, 3),
        "limit_ms": problem.limit_ms,
        "residual": found.certificate.residual,
        "evaluations": found.certificate.evaluations,
        "steps": found.certificate.steps,
        "method": found.certificate.method,
        "gradient_ms": round(gradient_ms, 3),
        "gradient_over_run": round(gradient_ms / run_ms, 2),
        "peak_memory_mb": round(memory, 1),
        "within_limit": run_ms <= problem.limit_ms,
    }
    if problem.memory_limit_mb is not None:
        out["memory_limit_mb"] = problem.memory_limit_mb
        out["within_limit"] = out["within_limit"] and memory <= problem.memory_limit_mb
    if problem.rivals:
        out["rivals"] = [rival(label, world, shock, found.welfare_hat, run_ms) for label in RIVALS]
    return out


def rival(
    label: str, world: World, shock: Shock, ours: np.ndarray, ours_ms: float
) -> dict[str, Any]:
    """One rival's time on the same problem, and how far its welfare effects are from ours."""
    model = Model.of(world, shock)
    base = Model.of(world, Shock.none(world))
    level = world.income
    del base
    try:
        ms, (welfare, evaluations) = least(lambda: RIVALS[label](model), repeats=1)
    except (RuntimeError, ValueError, ArithmeticError) as failure:
        return {"rival": label, "failed": str(failure)[:200]}
    except Exception as failure:  # noqa: BLE001 - SciPy's NoConvergence descends from Exception
        return {"rival": label, "failed": f"{type(failure).__name__}: {str(failure)[:120]}"}
    return {
        "rival": label,
        "run_ms": round(ms, 1),
        "evaluations": evaluations,
        "times_ours": round(ms / ours_ms, 1),
        "largest_difference": float(np.abs(welfare / level / ours - 1).max()),
    }


def draws(count: int = 1000, workers: int = 2) -> dict[str, Any]:
    """A war scenario under drawn trade elasticities, every draw a solve of its own world."""
    prepare_jax()
    world, _ = icio_2022()
    war = tariff_on_goods(world, "USA", "CHN", 0.6)
    tariff = war.tariff.copy()
    usa, chn = world.economy_index("USA"), world.economy_index("CHN")
    goods = [world.sector_index(name) for name in world.goods]
    tariff[chn, usa, goods] = 0.6
    shock = Shock.of(world, tariff=tariff)
    draw = np.random.default_rng(1)
    spread = np.exp(0.15 * draw.normal(size=(count, len(world.sectors))))
    worlds = [world.with_(trade_elasticity=world.trade_elasticity * s) for s in spread]
    centre = solve(world, shock)
    start = time.perf_counter()
    batch = solve_batch(worlds, [shock], workers=workers, start=centre)
    wall = time.perf_counter() - start
    return {
        "problem": f"{count} draws",
        "title": f"{count} draws of all trade elasticities, mutual 60 % tariffs, {workers} threads",
        "wall_s": round(wall, 2),
        "limit_s": 60.0 * count / 1000,
        "per_draw_ms": round(1e3 * wall / count, 3),
        "failed": len(batch.failures),
        "residual": max(e.certificate.residual for e in batch.solved),
        "within_limit": wall <= 60.0 * count / 1000,
    }


def cold_first_solve() -> dict[str, Any]:
    """A fresh process without compilation cache: import, compile, solve, in seconds."""
    program = (
        "import time; start = time.perf_counter()\n"
        "from detente.equilibrium import solve\n"
        "from benchmarks.worlds import icio_2022\n"
        "world, shock = icio_2022(); loaded = time.perf_counter()\n"
        "solve(world, shock); done = time.perf_counter()\n"
        "print(loaded - start, done - loaded)"
    )
    import os

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DETENTE_CACHE": "off"},
        capture_output=True,
        text=True,
        check=True,
    )
    load, first = (float(x) for x in done.stdout.split())
    return {
        "problem": "cold start",
        "title": "fresh process, no compilation cache, 24 x 32",
        "import_and_load_s": round(load, 2),
        "compile_and_first_solve_s": round(first, 2),
    }
