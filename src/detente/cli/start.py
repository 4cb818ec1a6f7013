"""How does the command start, and what if it is stopped while the program is being read?"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import detente.cli
from detente.errors import InterruptedRun

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (the entry point `detente`)."""
    try:
        return detente.cli.run_command_line(arguments)
    except KeyboardInterrupt:  # before the commands are there to answer it
        print("detente: stopped before anything was done.", file=sys.stderr)
        return InterruptedRun.exit_code
