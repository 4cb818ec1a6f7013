"""How does Ctrl-C reach the work even where Python would drop it?"""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Seconds until a dropped Ctrl-C is tried again: longer than the callback that dropped it.
AGAIN = 0.1

#: What a stopped command says, unless it knows better, and its exit code.
INTERRUPTED = "stopped before there were results to write; earlier results are untouched."
STOPPED = 130


def _interrupt() -> None:
    """Ctrl-C for the main thread; a true signal where there are any, so that a sleep ends too."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


@contextmanager
def heard() -> Iterator[None]:
    """Within it, a Ctrl-C that falls into a callback is raised again a moment later.

    Python prints and forgets an exception inside a garbage collector's callback (JAX has one) or
    a finalizer. A run would then go on as if nobody had asked it to stop.
    """
    before = sys.unraisablehook

    def again(unraisable: Any) -> None:
        if unraisable.exc_type is not None and issubclass(unraisable.exc_type, KeyboardInterrupt):
            timer = threading.Timer(AGAIN, _interrupt)
            timer.daemon = True
            timer.start()
        else:
            before(unraisable)

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = before
