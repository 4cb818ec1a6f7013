"""Does the table of commands agree with the commands, and what becomes of a misspelt one?"""

from __future__ import annotations

import inspect

import pytest
import typer

from detente.cli import commands, main
from detente.cli.group import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_of_itself_what_the_table_says(name: str) -> None:
    function, line = COMMANDS[name]
    does = getattr(commands, function)
    if isinstance(does, typer.Typer):
        assert does.info.help == line
    else:
        assert (inspect.getdoc(does) or "").splitlines()[0] == line


def test_every_command_is_in_the_table() -> None:
    assert sorted(function for function, _ in COMMANDS.values()) == sorted(commands.__all__)


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert all(f"{name} {line}" in said for name, (_, line) in COMMANDS.items())


def test_a_misspelt_command_gets_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["valdate", "x"]) == 2
    assert "No such command 'valdate'. Did you mean 'validate'?" in capsys.readouterr().err
    assert main(["qqqq"]) == 2
    said = capsys.readouterr().err
    assert "No such command 'qqqq'." in said
    assert "Did you mean" not in said
