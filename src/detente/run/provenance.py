"""Which version, data, scenario and machine made these numbers?"""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from detente import __version__

#: Packages whose version can move a digit.
PACKAGES = ("jax", "numpy", "pandas", "pydantic", "altair")


def commit() -> str | None:
    """The commit of the checkout that runs, if it is one and git is there."""
    folder = Path(__file__).resolve().parents[3]
    if not (folder / ".git").exists():
        return None
    try:
        found = subprocess.run(
            ["git", "-C", str(folder), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip() or None


def package_versions() -> dict[str, str]:
    """Versions of the packages that numbers depend on."""
    out = {}
    for name in PACKAGES:
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            continue
    return out


def manifest(
    *,
    case: str,
    package: str,
    world: str,
    data_hash: str | None,
    scenario_hash: str,
    seed: int | None,
    draws: Mapping[str, Any],
    residuals: Mapping[str, float],
    timings: Mapping[str, float],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything needed to say where a number comes from, and to make it again."""
    return {
        "schema": 1,
        "detente": __version__,
        "commit": commit(),
        "case": case,
        "package": package,
        "world": world,
        "data_hash": data_hash,
        "scenario_hash": scenario_hash,
        "seed": seed,
        "draws": dict(draws),
        "settings": dict(settings),
        "residuals": dict(residuals),
        "timings_seconds": {k: round(v, 3) for k, v in timings.items()},
        "platform": {
            "system": platform.platform(terse=True),
            "machine": platform.machine(),
            "python": platform.python_version(),
            "packages": package_versions(),
        },
    }
