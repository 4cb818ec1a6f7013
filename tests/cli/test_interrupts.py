"""Does Ctrl-C stop a command even where Python would drop it?"""

from __future__ import annotations

import subprocess
import sys

DROPPED = """
import gc, signal, time
from detente.cli.interrupts import heard

# a shell that puts a command into the background tells it to ignore Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)

def callback(phase, info):
    if phase == "start":
        gc.callbacks.remove(callback)
        raise KeyboardInterrupt

with heard():
    try:
        gc.callbacks.append(callback)
        gc.collect()
        print("dropped")
        time.sleep(20)
    except KeyboardInterrupt:
        print("heard")
"""


def test_an_interrupt_that_a_callback_drops_comes_back() -> None:
    """Python forgets an exception in a garbage collector's callback; the run must still stop."""
    said = subprocess.run(
        [sys.executable, "-c", DROPPED], capture_output=True, text=True, timeout=60, check=True
    )
    assert said.stdout.split() == ["dropped", "heard"], said.stderr


def test_a_stopped_command_says_so() -> None:
    """Typer turns Ctrl-C into an exit code without a word; the user gets a sentence."""
    code = (
        "import detente.cli.app as a\n"
        "def stop(*_, **__): raise KeyboardInterrupt\n"
        "a.app.command('halt')(lambda: stop())\n"
        "raise SystemExit(a.run_command_line(['halt']))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert said.returncode == 130
    assert said.stderr.startswith("detente: stopped")
    assert "Traceback" not in said.stderr
