"""How are the deals of a case worked out from a terminal?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.commands.war import KEPT, fought, opened, with_game, write_table
from detente.cli.progress import progress
from detente.cli.screen import AsJson, grid, heading, paragraph, print_json
from detente.errors import InterruptedRun
from detente.store import ResultFolder
from detente.wording import number, percent

if TYPE_CHECKING:
    from detente.games.play import Deals


#: Percent; a smaller loss is what is left of the search, not a loss.
LEAST_LOSS = 1e-6


def deals(
    case: Annotated[str, typer.Argument(help="A shipped case, or a case file with [game].")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the table [default: out/CASE].")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    json: AsJson = False,
) -> None:
    """What the governments of a case could gain together, how to share it, whether it holds."""
    read = with_game(case)
    place = out or Path("out") / read.name
    folder = ResultFolder(place, "deals", ["tables/deals.csv"])
    with progress(quiet or json) as show:
        show.step("opening the world")
        arena, game = opened(read)
        end = fought(arena, game, show, place)
        from detente.games.play import deals as bargain

        try:
            found = bargain(arena, game, found=end, listener=show, folder=place / KEPT)
        except KeyboardInterrupt:
            raise InterruptedRun("stopped before the deals were found.") from None
    written = write_table(folder, found.table())
    if json:
        print_json(as_json(found) | {"table": str(written)})
        return
    heading(read.title or read.name)
    if game.question:
        paragraph(game.question)
    show_deals(found)
    print()
    print(f"Table: {written}")


def show_deals(found: Deals) -> None:
    """Agreements, transfers and discount factors."""
    print()
    heading(f"Gains over the threat point: {found.threat.name}")
    rows = []
    for name, deal in found.agreements.items():
        paid = [number(t, 0, sign=True) for t in deal.transfers] if any(deal.transfers) else []
        rows.append(
            (name, *(percent(g, digits=3) for g in deal.gain_pct), ", ".join(paid) or "none")
        )
    grid(("Sharing rule", *found.names, "Transfers received"), rows, len(found.names) + 1)
    for remark in below_threat(
        found.names, {name: deal.gain_pct for name, deal in found.agreements.items()}
    ):
        paragraph(remark)
    if found.enforcement:
        print()
        heading("Discount factor from which each keeps its word (war for ever after a breach)")
        grid(
            ("Package", *found.names),
            [
                (e.package, *("never" if c == float("inf") else f"{c:.3f}" for c in e.critical))
                for e in found.enforcement
            ],
            len(found.names),
        )
    if found.most_cooperative is not None:
        far = found.most_cooperative
        print()
        paragraph(
            f"At a discount factor of {found.discount:g} the farthest enforceable package goes "
            f"{100 * far.share:.0f} % of the way from the war to the equal-gain agreement."
        )
    for problem in found.problems:
        paragraph(problem)


def below_threat(names: Sequence[str], gains: Mapping[str, Sequence[float]]) -> list[str]:
    """A remark on every sharing rule that leaves somebody worse off than without a deal.

    Examples
    --------
    >>> below_threat(("A", "B"), {"utilitarian": (-0.1, 0.5), "Nash": (0.1, 0.2)})[0][:34]
    'utilitarian leaves A below the thr'
    """
    out = []
    for rule, gain in gains.items():
        losers = [n for n, g in zip(names, gain, strict=True) if g < -LEAST_LOSS]
        if losers:
            out.append(
                f"{rule} leaves {' and '.join(losers)} below the threat point: a yardstick of the "
                "joint gain, and no deal that would be signed without a transfer."
            )
    return out


def as_json(found: Deals) -> dict[str, Any]:
    """The deals as JSON; a discount factor that no patience reaches is null."""
    return {
        "threat": {
            "name": found.threat.name,
            "objective_pct": [100 * (v - 1) for v in found.threat.value],
        },
        "players": list(found.names),
        "agreements": {
            name: {
                "gain_pct": list(a.gain_pct),
                "weights": list(a.weights),
                "transfers": list(a.transfers),
            }
            for name, a in found.agreements.items()
        },
        "critical_discount_factor": {
            e.package: [None if c == float("inf") else float(c) for c in e.critical]
            for e in found.enforcement
        },
        "frontier_gain_pct": [list(p.gain_pct) for p in found.frontier],
        "problems": list(found.problems),
    }
