"""How is JAX set up before the first kernel runs?"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Hashable
from functools import cache
from pathlib import Path
from threading import Lock

import jax

__all__ = ["cache_folder", "drop_programs_if_crowded", "make_room", "prepare_jax"]

#: Share of the memory mappings a process may hold from which compiled programs are dropped. One
#: world's take about 400 of the 65,530 that Linux allows, and the compiler dies when none is left.
CROWDED = 1 / 3
#: Where the system does not say how many mappings there are: kinds of programs kept.
MOST_KINDS = 100

_kinds: set[Hashable] = set()
_lock = Lock()


def cache_folder() -> Path | None:
    """Where compiled kernels are kept between runs; None when DETENTE_CACHE=off.

    DETENTE_CACHE may also name a folder. Otherwise the platform's rule for a user's cache.
    """
    wish = os.environ.get("DETENTE_CACHE", "")
    if wish.lower() == "off":
        return None
    if wish:
        return Path(wish)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        root = Path(base) if base else Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME")
        root = Path(base) if base else Path.home() / ".cache"
    return root / "detente"


@cache
def prepare_jax() -> None:
    """Turn on 64-bit floats and the compilation cache, once a process.

    Hats are reported to 1e-10 and welfare effects of a hundredth of a percent are the subject:
    32-bit floats would drown them. A folder that cannot be written costs the cache, not the run.
    """
    jax.config.update("jax_enable_x64", True)
    if getattr(jax.config, "jax_compilation_cache_dir", None):
        return  # the user's own choice stands
    folder = cache_folder()
    if folder is None:
        return
    compiled = folder / "compiled"
    try:
        compiled.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return
    if not os.access(compiled, os.W_OK):
        return
    jax.config.update("jax_compilation_cache_dir", str(compiled))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)


def _is_crowded() -> bool:
    """Whether compiled programs hold so much that the next might not find room."""
    try:
        held = Path("/proc/self/maps").read_bytes().count(b"\n")
        allowed = int(Path("/proc/sys/vm/max_map_count").read_text())
    except (OSError, ValueError):
        return len(_kinds) >= MOST_KINDS
    return held >= CROWDED * allowed


def drop_programs_if_crowded() -> bool:
    """Forget all compiled programs if they hold too many memory mappings; whether that was so.

    They are compiled again, or read from the cache on disk, when next needed.
    """
    if not _is_crowded():
        return False
    _kinds.clear()
    jax.clear_caches()
    gc.collect()
    return True


def make_room(kind: Hashable) -> None:
    """Before a program of a new kind is compiled, see that the process can hold it.

    Parameters
    ----------
    kind
        What the compiler tells programs apart by: shapes, settings, functions.
    """
    with _lock:
        if kind not in _kinds:
            drop_programs_if_crowded()
            _kinds.add(kind)
