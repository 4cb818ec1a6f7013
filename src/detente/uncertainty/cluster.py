"""How do draws run on many machines?"""

from __future__ import annotations

from concurrent.futures import Executor

from detente.errors import InputError

__all__ = ["cluster_executor"]


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
