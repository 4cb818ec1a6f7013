"""Run the benchmarks: ``python -m benchmarks [NAME ...] [--json FILE] [--draws N]``.

Every problem runs in a process of its own, pinned to one core where the system allows it, so
that memory and compilation are its own. Draws and the cold start use all cores.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def _one(name: str) -> None:
    """Measure one problem in this process and print it as JSON."""
    from benchmarks import phases
    from benchmarks.worlds import TablesAbsent

    try:
        if name.startswith("draws:"):
            result: dict[str, Any] = phases.draws(int(name.split(":")[1]))
        elif name == "cold":
            result = phases.cold_first_solve()
        else:
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
            result = phases.solver(name)
    except TablesAbsent as absent:
        result = {"problem": name, "left_out": str(absent)}
    print(json.dumps(result))


def _measure(name: str) -> dict[str, Any]:
    """Measure one problem in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--one", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"problem": name, "error": done.stderr.strip().splitlines()[-1]}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _line(result: dict[str, Any]) -> str:
    """One result in words."""
    if "left_out" in result:
        return f"{result['problem']}: left out, {result['left_out']}"
    if "error" in result:
        return f"{result['problem']}: {result['error']}"
    if "run_ms" not in result:
        rest = {k: v for k, v in result.items() if k not in ("problem", "title")}
        return f"{result['title']}: " + ", ".join(f"{k} {v}" for k, v in rest.items())
    text = (
        f"{result['title']}: {result['run_ms']:.1f} ms (limit {result['limit_ms']:g}), residual "
        f"{result['residual']:.0e}, {result['evaluations']} evaluations, gradient "
        f"{result['gradient_ms']:.1f} ms, first call {result['first_call_s']:.1f} s, peak memory "
        f"{result['peak_memory_mb']:.0f} MB"
    )
    for rival in result.get("rivals", []):
        if "failed" in rival:
            text += f"\n    {rival['rival']}: failed ({rival['failed']})"
        else:
            text += (
                f"\n    {rival['rival']}: {rival['run_ms']:.0f} ms, {rival['times_ours']:g} times "
                f"ours, differs by {rival['largest_difference']:.0e}"
            )
    return text


def main() -> int:
    from benchmarks.worlds import PROBLEMS

    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(PROBLEMS)}, draws, cold")
    parser.add_argument("--json", type=Path, help="write all results to this file")
    parser.add_argument("--draws", type=int, default=1000, help="how many draws")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        _one(asked.one)
        return 0
    names = asked.names or [*PROBLEMS, "draws", "cold"]
    unknown = [name for name in names if name not in (*PROBLEMS, "draws", "cold")]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; choose from {', '.join(PROBLEMS)}, draws, cold")
    results = []
    for name in names:
        result = _measure(f"draws:{asked.draws}" if name == "draws" else name)
        results.append(result)
        print(_line(result), flush=True)
    if asked.json:
        report = {
            "machine": {
                "processor": platform.processor() or platform.machine(),
                "cores": os.cpu_count(),
                "system": platform.platform(),
                "python": platform.python_version(),
            },
            "results": results,
        }
        asked.json.write_text(json.dumps(report, indent=2) + "\n")
    return int(any(r.get("error") or r.get("within_limit") is False for r in results))


if __name__ == "__main__":
    raise SystemExit(main())
