"""How do draws run on many machines?"""

from __future__ import annotations

import dataclasses
from concurrent.futures import Executor
from types import MappingProxyType
from typing import Any

from detente.errors import InputError

__all__ = ["cluster_executor", "portable"]


def portable(thing: Any) -> Any:
    """The same value with read-only mappings as dictionaries, so that it can be sent.

    Python cannot send a `MappingProxyType` to another process. Whatever holds none, however
    deep, comes back as the same object, so that what was shared stays shared.

    Examples
    --------
    >>> portable((1, MappingProxyType({"a": 2})))
    (1, {'a': 2})
    """
    if isinstance(thing, (MappingProxyType, dict)):
        plain = {key: portable(value) for key, value in thing.items()}
        same = isinstance(thing, dict) and all(plain[k] is thing[k] for k in plain)
        return thing if same else plain
    if isinstance(thing, tuple) and type(thing) is tuple:
        items = tuple(portable(item) for item in thing)
        return thing if all(a is b for a, b in zip(items, thing, strict=True)) else items
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        changed = {}
        for field in dataclasses.fields(thing):
            value = getattr(thing, field.name)
            if field.init and (sent := portable(value)) is not value:
                changed[field.name] = sent
        return dataclasses.replace(thing, **changed) if changed else thing
    return thing


def cluster_executor(address: str) -> Executor:
    """An executor that hands blocks of draws to a dask.distributed cluster.

    The one place where another engine comes in: `ensemble(..., executor=...)` takes any
    executor of the standard library's kind, and this makes one of a running scheduler.

    Parameters
    ----------
    address
        Of the scheduler, e.g. "tcp://10.0.0.1:8786".

    Raises
    ------
    InputError
        dask.distributed is not installed, or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "running on a cluster needs dask.distributed: pip install distributed."
        ) from None
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(f'no scheduler answers at "{address}" ({error}).') from error
    executor: Executor = client.get_executor()
    return executor
