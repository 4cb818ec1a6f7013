"""How is detente used from a terminal? One file per command, each thin."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (the entry point `detente`)."""
    try:
        from detente.cli.app import run_command_line

        return run_command_line(arguments)
    except KeyboardInterrupt:  # while the program is still being read
        import sys

        print("detente: stopped before anything was done.", file=sys.stderr)
        return 130
