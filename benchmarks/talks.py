"""How fast is a meeting priced and worked out?

Run: ``python -m benchmarks.talks [NAME ...] [--json FILE]``. Every problem runs in a process of its
own, pinned to as many cores as it has threads where the system allows it. The agenda has 2,304
packages, no two alike in trade, built of the measures of the shipped case beijing-2024 on the
world icio-2022. The first call of a process, on a few packages, compiles and is timed apart; it
uses the compilation cache that a user's second run would find, except in `cold`, which is told to
keep none. Beside each time stands the largest gap that any package's certificate shows, and how
far welfare is from solutions of a sample made anew from the baseline, a hundred times as exact.

With economies of scale the packages are priced from their neighbours and, for comparison, each
from the baseline. `shipped` prices the two shipped meetings as they are, the US car credit with its
budget among the measures, whose rate has to be found for each package.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.apart import ROOT, one_by_one

#: Seconds that the project asks of itself for 2,000 packages on two cores, warm, without scale.
LIMIT, LIMIT_PACKAGES = 30.0, 2000
#: Packages of a sample that is solved anew, and how exactly.
SAMPLE, EXACT = 24, 1e-11
#: With economies of scale only so many of the ten issues are on the table.
SCALE_ISSUES = 7
SCALE_SET = "lashkaripour-lugovskyy-2023"
#: Levels of each issue: measures of beijing-2024. The first two have three, the others two.
TWO_SIDED = {
    "us-tariffs": (("tariff-60",), ("rollback-us",)),
    "china-tariffs": (("tariff-60-returned",), ("rollback-china",)),
}
ONE_MEASURE = (
    "end-subsidy-ev", "end-subsidy-batteries", "end-subsidy-solar", "rebalancing", "platform-ban",
    "eu-countervailing-ev", "mexico-steel", "brazil-ev",
)  # fmt: skip
#: name: (threads, labour, scale)
PRICINGS = {
    "specific-2": (2, "specific", False),
    "specific-1": (1, "specific", False),
    "roy-2": (2, "roy", False),
    "roy-1": (1, "roy", False),
    "scale-2": (2, "specific", True),
    "scale-1": (1, "specific", True),
    "scale-roy-2": (2, "roy", True),
}
MEETINGS = ("anchorage-2021", "beijing-2024")
NAMES = (*PRICINGS, "cold", "shipped", "working-out")
ROY = 1.5


@dataclass
class Watched:
    """What the solver's certificates said of the packages of one pricing, and what it took."""

    residuals: list[float] = field(default_factory=list)
    evaluations: int = 0
    processor_s: float = 0.0

    def worst(self) -> float:
        return max(self.residuals, default=float("nan"))


def agenda() -> Any:
    """3 × 3 × 2⁸ packages."""
    from detente.talks.agenda import Agenda
    from detente.talks.section import IssueSection, LevelSection

    levels = {**TWO_SIDED, **{m: ((m,),) for m in ONE_MEASURE}}
    made = [
        IssueSection(
            id=name,
            title=name,
            performs="either",
            status_quo="as-is",
            source="a benchmark",
            level=[
                LevelSection(id="as-is", title="as it is"),
                *(
                    LevelSection(id=f"level-{k}", title=", ".join(m), measures=m)
                    for k, m in enumerate(moves)
                ),
            ],
        )
        for name, moves in levels.items()
    ]
    return Agenda(tuple(made))


def ingredients(labour: str, scale: bool) -> tuple[Any, Any, Any, Any]:
    """World, measures, request and specification."""
    from detente.case import load_case
    from detente.equilibrium import Specification
    from detente.talks.price_table import request_of
    from detente.world import load_world

    case = load_case("beijing-2024")
    world = load_world("icio-2022", SCALE_SET if scale else None)
    request = request_of(agenda())
    specification = Specification(
        labour=labour, roy_elasticity=ROY if labour == "roy" else None, scale=scale
    )
    named = dict.fromkeys(m for row in request.rows for m in row)
    return world, tuple(case.built(m) for m in named), request, specification


def priced(
    what: tuple[Any, Any, Any, Any],
    *,
    threads: int,
    folder: Path | None = None,
    rows: int | None = None,
    from_baseline: bool = False,
) -> tuple[float, Any, Watched]:
    """Seconds, the table, and its certificates.

    Parameters
    ----------
    rows
        Only the first of them.
    from_baseline
        Leave neighbours out of it: each package starts from the baseline.
    """
    from detente.talks import price_table

    world, measures, request, specification = what
    if rows is not None:
        keep = [tuple(s for s in one if s < rows) for one in request.single[:rows]]
        request = price_table.Request(
            request.rows[:rows], np.minimum(request.row_of, rows - 1), {}, tuple(keep), request.base
        )
    watched = Watched()
    solve = price_table._Pricer.solve

    def noting(pricer: Any, row: int, start: Any) -> Any:
        found = solve(pricer, row, None if from_baseline else start)
        watched.residuals.append(found.certificate.residual)
        watched.evaluations += found.certificate.evaluations
        return found

    price_table._Pricer.solve = noting  # type: ignore[method-assign]
    try:
        began, busy = time.perf_counter(), time.process_time()
        table = price_table.price_packages(
            world, measures, request, specification=specification, workers=threads, folder=folder
        )
        watched.processor_s = time.process_time() - busy
        return time.perf_counter() - began, table, watched
    finally:
        price_table._Pricer.solve = solve  # type: ignore[method-assign]


def checked(what: tuple[Any, Any, Any, Any], table: Any) -> float:
    """How far the welfare of a sample is from solutions made anew, at most."""
    from detente.equilibrium import solve

    world, measures, request, specification = what
    by_id = {m.id: m for m in measures}
    drawn = np.random.default_rng(1).permutation(np.flatnonzero(table.solved))[:SAMPLE]
    worst = 0.0
    for row in drawn.tolist():
        chosen = [by_id[m] for m in request.rows[row]] or None
        alone = solve(world, chosen, specification=specification, tolerance=EXACT)
        worst = max(worst, float(np.abs(table.welfare_hat[row] - alone.welfare_hat).max()))
    return worst


def pricing(name: str) -> dict[str, Any]:
    """One way of pricing: first call, warm run, resumed run."""
    from detente.equilibrium.setup import prepare_jax

    threads, labour, scale = PRICINGS[name]
    prepare_jax()
    what = ingredients(labour, scale)
    run = partial(priced, what, threads=threads)
    first, _, _ = run(rows=8)
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        seconds, table, watched = run(folder=folder)
        blocks = sorted(folder.glob("*.npz"))
        again, _, none = run(folder=folder)
        for block in blocks[len(blocks) // 2 :]:
            block.unlink()
        rest, resumed, _ = run(folder=folder)
    count = len(table.request.rows)
    out = {
        "problem": name,
        "labour": labour,
        "scale": scale,
        "threads": threads,
        "packages": count,
        "first_call_s": round(first, 2),
        "run_s": round(seconds, 2),
        "processor_s": round(watched.processor_s, 2),
        "per_package_ms": round(1e3 * seconds / count, 2),
        "evaluations": watched.evaluations,
        "failed": int((~table.solved).sum()),
        "residual": watched.worst(),
        "welfare_differs_by": checked(what, table),
        "read_back_s": round(again, 3),
        "solved_again": len(none.residuals),
        "second_half_s": round(rest, 2),
        "resumed_the_same": bool(np.array_equal(resumed.welfare_hat, table.welfare_hat)),
    }
    if not scale and threads == 2:
        out["limit_s"] = round(LIMIT * count / LIMIT_PACKAGES, 1)
        out["within_limit"] = seconds <= out["limit_s"]
    if scale:
        from_baseline, alone, other = run(from_baseline=True)
        out["from_baseline_s"] = round(from_baseline, 2)
        out["baseline_over_neighbours"] = {
            "wall": round(from_baseline / seconds, 2),
            "processor": round(other.processor_s / watched.processor_s, 2),
            "evaluations": round(other.evaluations / watched.evaluations, 2),
        }
        gap = np.abs(alone.welfare_hat - table.welfare_hat)
        out["both_ways_differ_by"] = float(np.nanmax(gap))
    return out


def cold() -> dict[str, Any]:
    """A fresh process that keeps no compiled code: import, compile, and price eight packages."""
    program = (
        "import json, time; start = time.perf_counter()\n"
        "from benchmarks.talks import ingredients, priced\n"
        "from detente.equilibrium.setup import prepare_jax\n"
        "prepare_jax(); what = ingredients('roy', False); ready = time.perf_counter()\n"
        "first = priced(what, threads=2, rows=8)[0]; warm = priced(what, threads=2, rows=8)[0]\n"
        "print(json.dumps([ready - start, first, warm]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env={**os.environ, "DETENTE_CACHE": "off"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    load, first, warm = json.loads(done.stdout)
    return {
        "problem": "cold",
        "import_and_compile_measures_s": round(load, 2),
        "first_eight_packages_s": round(first, 2),
        "the_same_warm_s": round(warm, 2),
    }


def shipped() -> dict[str, Any]:
    """The shipped meetings as they are, and with economies of scale."""
    from dataclasses import replace

    from detente.case import load_case
    from detente.equilibrium.setup import prepare_jax
    from detente.talks.ground import request_for
    from detente.talks.meeting import specification_for
    from detente.world import load_world

    prepare_jax()
    out: dict[str, Any] = {"problem": "shipped"}
    for name in MEETINGS:
        case = load_case(name)
        talks = case.talks
        request = request_for(talks)
        named = dict.fromkeys(m for row in request.rows for m in row)
        measures = tuple(m for m in case.meeting.measures.values() if m.id in named)
        for scale in (False, True):
            world = load_world(case.world, SCALE_SET if scale else None)
            specification = replace(specification_for(case.meeting), scale=scale)
            what = (world, measures, request, specification)
            first, _, _ = priced(what, threads=2)
            seconds, table, watched = priced(what, threads=2)
            out[f"{name}{', scale' if scale else ''}"] = {
                "equilibria": len(request.rows),
                "labour": specification.labour,
                "first_call_s": round(first, 2),
                "run_s": round(seconds, 2),
                "per_equilibrium_ms": round(1e3 * seconds / len(request.rows), 1),
                "failed": int((~table.solved).sum()),
                "residual": watched.worst(),
                "welfare_differs_by": checked(what, table),
            }
    return out


def working_out() -> dict[str, Any]:
    """The talks on priced packages, per draw of the judgements, and moving each input."""
    from detente.case import load_case
    from detente.talks.bands import draw_bands, swings
    from detente.talks.meeting import price_ground
    from detente.talks.outcome import look_ahead
    from detente.world import load_world

    out: dict[str, Any] = {"problem": "working-out"}
    for name in MEETINGS:
        case = load_case(name)
        talks = case.talks
        ground = price_ground(case.meeting, load_world(case.world), workers=2)
        values = ground.central()
        look_ahead(ground, values)
        began = time.perf_counter()
        for _ in range(10):
            look_ahead(ground, values)
        each = (time.perf_counter() - began) / 10
        began = time.perf_counter()
        draw_bands([ground], 40, 1)
        drawn = (time.perf_counter() - began) / 40
        began = time.perf_counter()
        moved = swings(ground)
        out[name] = {
            "packages": ground.agenda.size,
            "rounds": 1 + len(talks.rounds),
            "look_ahead_ms": round(1e3 * each, 1),
            "draw_ms": round(1e3 * drawn, 1),
            "inputs": len(moved),
            "swings_s": round(time.perf_counter() - began, 2),
        }
    return out


def measure(name: str) -> dict[str, Any]:
    """One problem in this process."""
    others = {"cold": cold, "shipped": shipped, "working-out": working_out}
    return others[name]() if name in others else pricing(name)


def main() -> int:
    """Measure what is asked for, each in a fresh process."""
    return one_by_one(
        "benchmarks.talks", __doc__, NAMES, measure, lambda name: PRICINGS.get(name, (2,))[0]
    )


if __name__ == "__main__":
    raise SystemExit(main())
