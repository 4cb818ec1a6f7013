"""How is JAX set up before the first kernel runs?"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import jax

__all__ = ["cache_folder", "prepare_jax"]


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
