"""What does the command line print, and what becomes of an error?"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import sys
import warnings
from collections.abc import Sequence
from typing import TextIO

import typer

from detente import __version__
from detente.cli.group import LazyGroup
from detente.cli.interrupts import INTERRUPTED, STOPPED, heard
from detente.errors import DamagedFileWarning, DetenteError, OutputError, shortened

#: A usage error of the command line, whichever package the installed typer takes it from.
UsageProblem: type[Exception] = next(
    c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException"
)

#: What is said of a stream that is closed, or open for reading only.
NOWHERE = (
    "is closed, so the answer has nowhere to go. Send it to a file (> answer.txt) or away "
    "(> /dev/null)."
)

app = typer.Typer(
    name="detente",
    cls=LazyGroup,
    help="What does a package of trade measures do to every economy?",
    epilog="Start with: detente list cases; detente run beijing-2024",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"detente {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """What does a package of trade measures do to every economy?"""


def run_command_line(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors meant for the user become a message and an exit code.

    An error of our own making keeps its traceback.
    """
    try:
        check_streams()
        with heard(), warnings.catch_warnings():
            warnings.showwarning = note
            code = app(
                args=None if arguments is None else list(arguments),
                prog_name="detente",
                standalone_mode=False,
            )
        sys.stdout.flush()
        if code == STOPPED:  # Typer turns Ctrl-C into this code, without a word
            return say(INTERRUPTED, STOPPED)
        return code if isinstance(code, int) else 0
    except UsageProblem as problem:
        said = io.StringIO()
        problem.show(said)  # type: ignore[attr-defined]
        code = int(problem.exit_code)  # type: ignore[attr-defined]
        text = re.sub(r"\S{61,}", lambda word: shortened(word[0]), said.getvalue().rstrip())
        return say(text, code, "")
    except DetenteError as problem:
        return say(problem, problem.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        return say(INTERRUPTED, STOPPED)
    except (BrokenPipeError, SystemExit):
        # The reader has left (`detente list sectors | head`): no complaint, nothing more to say.
        # Typer turns the broken pipe into an exit of its own; it exits for nothing else here.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            return say(f"the disk is full: {problem}", OutputError.exit_code)
        if problem.errno == errno.EBADF:
            return say(f"standard output {NOWHERE}", OutputError.exit_code)
        raise


def note(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning on the error stream: one of ours in a line, any other with its place."""
    if issubclass(category, DamagedFileWarning):
        print(f"detente: {message}", file=sys.stderr)
    else:
        print(warnings.formatwarning(message, category, filename, lineno, line), file=sys.stderr)


def check_streams() -> None:
    """Refuse to work where an answer has nowhere to go; errors without a stream are not said.

    Raises
    ------
    OutputError
        Standard output is closed. The next file to be opened would take its place, and what is
        printed would end in it.
    """
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout is None:
        raise OutputError(f"standard output {NOWHERE}")


def say(problem: object, code: int, begin: str = "detente: ") -> int:
    """The message on the error stream, if that takes it, without a traceback."""
    with contextlib.suppress(OSError):
        print(f"{begin}{problem}", file=sys.stderr)
    return code
