"""Is the compilation cache where users expect it, and harmless where it cannot be?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from detente.equilibrium.setup import cache_folder

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
