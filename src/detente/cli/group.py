"""Which commands are there, and when is each one loaded?

A command's module is imported when the command is called: the help of the whole, a usage error
and every cheap command come without what the others need.
"""

from __future__ import annotations

from typing import Any

import typer
import typer.core

import detente.cli.commands
from detente.errors import nearest

#: Each command: the function or group of ``detente.cli.commands`` that does it, and what it does.
COMMANDS = {
    "run": ("run", "Solve a case and write its report, figures and tables."),
    "talks": (
        "talks",
        "Say how a meeting ends, which packages both would sign, and what blocks the rest.",
    ),
    "read": ("read", "Score a statement or a news text, sentence by sentence."),
    "war": (
        "war",
        "What each government of a case would choose: best replies, staircase, trade war.",
    ),
    "deals": (
        "deals",
        "What the governments of a case could gain together, how to share it, whether it holds.",
    ),
    "forecast": (
        "forecast",
        "Seal the odds of a case's meeting before it ends: what is said now cannot be changed.",
    ),
    "score": (
        "score",
        "Check the chain of sealed forecasts, and score those whose outcome is known.",
    ),
    "list": (
        "list_names",
        "List cases, worlds, measures, metrics, sectors, economies or product-groups.",
    ),
    "show": (
        "show",
        "Show a case: its question, measures with sources, packages, what is not priced.",
    ),
    "new": ("new", "Write a commented case file to start from."),
    "validate": ("validate", "Check a case file without running it."),
    "explain": ("explain", "Say what a metric, a measure, a sector or an economy is."),
    "world": ("worlds", "Look into a world: show, check, economies, sectors."),
    "export": (
        "export",
        "Export the tables of a run as a workbook, as Parquet, or as a LaTeX table.",
    ),
    "cite": ("cite", "How to cite detente and the data behind a world."),
}


class LazyGroup(typer.core.TyperGroup):
    """The commands of the table above, besides any that are registered."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of all commands, in the order of the table."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, its module loaded now."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        does = getattr(detente.cli.commands, COMMANDS[cmd_name][0])
        if not isinstance(does, typer.Typer):
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(cmd_name)(does)
            does = alone
        return typer.main.get_command(does)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments begin with, or what it might have been."""
        known = self.list_commands(ctx)
        if args[0] not in known and (close := nearest(args[0], known)):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {close[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The table itself, without loading what it names."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
