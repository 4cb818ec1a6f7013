"""Is the compilation cache where users expect it, and harmless where it cannot be?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest

from detente.equilibrium import Specification, setup, solve
from detente.equilibrium.setup import cache_folder
from detente.measures.shock import Shock
from detente.world.model import World

PROGRAM = """
import json, jax
from detente.equilibrium.setup import prepare_jax
prepare_jax()
folder = jax.config.jax_compilation_cache_dir
print(json.dumps([folder, bool(jax.config.jax_enable_x64)]))
"""


def settings_under(**environment: str) -> list[object]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DETENTE_", "XDG_", "JAX_"))}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**env, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))


def test_folder_follows_the_platform_and_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DETENTE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/detente")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "detente"
    monkeypatch.setenv("DETENTE_CACHE", "off")
    assert cache_folder() is None
    monkeypatch.setenv("DETENTE_CACHE", "/elsewhere")
    assert cache_folder() == Path("/elsewhere")


def test_cache_is_used_switched_off_and_never_in_the_way(tmp_path: Path) -> None:
    folder, wide = settings_under(XDG_CACHE_HOME=str(tmp_path))
    assert folder == str(tmp_path / "detente" / "compiled")
    assert wide is True
    assert settings_under(DETENTE_CACHE="off") == [None, True]
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert settings_under(DETENTE_CACHE=str(in_the_way / "below")) == [None, True]


#: Worlds of ever new shapes. Mappings of other kinds leave the compiler little room, so that a few
#: worlds fill it: of what is left, programs may hold the same share as of all.
SHAPES = """
import mmap, sys
from pathlib import Path
import numpy as np
from detente.equilibrium import setup, solve
from detente.measures.shock import Shock
from detente.world.model import World

def gain(n, j):
    sales = np.ones((n, n, j)) + 5 * np.eye(n)[:, :, None] + np.arange(n)[:, None, None]
    world = World.from_arrays(
        [f"E{i}" for i in range(n)], [f"s{i}" for i in range(j)], sales=sales,
        trade_elasticity=4.0, closure="proportional",
    )
    tariff = np.zeros((n, n, j))
    tariff[0, 1:] = 0.1
    return solve(world, Shock.of(world, tariff=tariff)).welfare_hat[0]

room, worlds, bound = map(int, sys.argv[1:])
gains = [gain(2, 1)]
held = Path("/proc/self/maps").read_bytes().count(b"\\n")
allowed = int(Path("/proc/sys/vm/max_map_count").read_text())
# Neighbours that may be read and that may be written stay two mappings.
kinds = mmap.PROT_READ, mmap.PROT_READ | mmap.PROT_WRITE
taken = [
    mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=kinds[k % 2])
    for k in range(allowed - room - held)
]
setup.CROWDED = 1 - (1 - setup.CROWDED) * room / allowed if bound else 2
gains += [gain(2, j) for j in range(2, worlds + 1)]
print(len(gains), np.ptp(gains) < 1e-10)
"""
#: Mappings left to the compiler, and a number of worlds that need more.
ROOM, WORLDS = 4_000, 16


def solved_in_little_room(bound: bool) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SHAPES, str(ROOM), str(WORLDS), str(int(bound))],
        env={**os.environ, "DETENTE_CACHE": "off"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/sys/vm/max_map_count").exists(), reason="no such limit here")
def test_a_process_outlives_any_number_of_shapes() -> None:
    """Each shape is compiled anew; without a bound the compiler kills the process.

    Sectors are alike, so that their number changes no answer.
    """
    done = solved_in_little_room(bound=True)
    assert done.stdout.split() == [str(WORLDS), "True"], done.stderr[-2000:]


def test_programs_are_dropped_where_they_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new kind clears what there is, a known one does not, and answers stay as they were."""
    world = World.from_arrays(
        ["HOM", "FOR"], ["g"], sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0
    )
    shock = Shock.of(world, productivity=[[1.1], [1.0]])
    before = solve(world, shock).welfare_hat
    assert not setup.drop_programs_if_crowded()
    dropped: list[bool] = []
    clear = jax.clear_caches
    monkeypatch.setattr(setup, "CROWDED", 0.0)
    monkeypatch.setattr(jax, "clear_caches", lambda: (dropped.append(True), clear()))
    solve(world, shock)
    assert not dropped
    after = solve(world, shock, specification=Specification(labour="specific"))
    assert dropped
    assert after.certificate.residual < 1e-10
    assert np.array_equal(solve(world, shock).welfare_hat, before)


def test_kinds_are_counted_where_mappings_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.Path, "read_bytes", lambda _: (_ for _ in ()).throw(OSError))
    monkeypatch.setattr(setup, "_kinds", set(range(setup.MOST_KINDS - 1)))
    assert not setup.drop_programs_if_crowded()
    setup.make_room("one more")
    assert setup.drop_programs_if_crowded()
