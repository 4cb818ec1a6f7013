"""How is a list of problems measured, each in a process of its own?"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def one_by_one(
    module: str,
    about: str | None,
    names: Sequence[str],
    measure: Callable[[str], dict[str, Any]],
    threads: Callable[[str], int] = lambda name: 1,
) -> int:
    """Measure what the command line asks for, each in a fresh process; the exit code.

    Parameters
    ----------
    module
        What ``python -m`` runs.
    names
        Problems; all of them where none is asked for.
    measure
        One problem in this process. Source tables that are absent leave it out, in words.
    threads
        How many cores a problem may have, where the system can pin a process.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("names", nargs="*", help=", ".join(names))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        if hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, set(cores[: threads(asked.one)]))
        from benchmarks.worlds import TablesAbsent

        try:
            result = measure(asked.one)
        except TablesAbsent as absent:
            result = {"problem": asked.one, "left_out": str(absent)}
        print(json.dumps(result))
        return 0
    unknown = [n for n in asked.names if n not in names]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; choose from {', '.join(names)}")
    results = []
    for name in asked.names or names:
        done = subprocess.run(
            [sys.executable, "-m", module, "--one", name],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            results.append({"problem": name, "error": done.stderr.strip().splitlines()[-1]})
        else:
            results.append(json.loads(done.stdout.splitlines()[-1]))
        print(results[-1], flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return int(any(r.get("error") or r.get("within_limit") is False for r in results))
