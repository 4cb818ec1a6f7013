"""Which numbers of a game stand in tables: rates, replies, moves, agreements, patience?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.games.play import Deals, War
from detente.games.rows import median_of
from detente.report.tables.table import TextTable
from detente.run.results import Results
from detente.wording import THIN, number, percent


def deals_table(results: Results) -> TextTable:
    """Agreements with gains and the patience that they need."""
    deals = results.deals
    if deals is None:
        return TextTable((), ())
    held = {e.package.removesuffix(" agreement"): e for e in deals.enforcement}
    rows = []
    for name, deal in deals.agreements.items():
        cells = [percent(g) for g in deal.gain_pct]
        need = held.get(name)
        beta = "" if need is None else _patience(need.critical_discount_factor)
        rows.append((name, *cells, beta))
    if "free trade" in held:
        free = held["free trade"]
        pairs = zip(free.reward, deals.threat.value, strict=True)
        gains = [percent(100 * (reward / threat - 1)) for reward, threat in pairs]
        rows.append(("free trade", *gains, _patience(free.critical_discount_factor)))
    head = (
        "Agreement",
        *(results.economy(name) for name in deals.names),
        "Holds from a discount factor of",
    )
    return TextTable(head, tuple(rows), len(deals.names) + 1)


def _patience(value: float, digits: int = 2) -> str:
    return "never" if value == float("inf") else f"{value:.{digits}f}"


# ---- on a terminal, with one digit more ------------------------------------------------------


def _gains(values: Iterable[float]) -> list[str]:
    return [percent(value, digits=3) for value in values]


def _changes(hats: Iterable[float]) -> list[str]:
    return _gains(100 * (hat - 1) for hat in hats)


def _rate(value: float) -> str:
    return percent(100 * value, sign=False, digits=1)


def _captioned(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], numeric: int
) -> TextTable:
    return TextTable(tuple(head), tuple(map(tuple, rows)), numeric, caption)


def war_tables(found: War) -> list[TextTable]:
    """What each may set, best replies, the staircase, the war."""
    shown = [
        _captioned(
            "What each government may set",
            ("Player", "Instrument", "Rates", "Lowest", "Highest"),
            (
                (reply.player.name, kind, str(count), low, high)
                for reply in found.replies
                for kind, count, low, high in reply.player.space.ranges()
            ),
            3,
        ),
        _captioned(
            "Best reply of each government to the tariffs in force",
            ("Player", "Median rate", "Own gain", "At a bound", "No such flow"),
            (
                (
                    reply.player.name,
                    _rate(median_of(reply.levels)),
                    *_gains([reply.gain_pct]),
                    str(len(reply.bounds_hit)),
                    str(len(reply.unidentified)),
                )
                for reply in found.replies
            ),
            4,
        ),
        _captioned(
            "Reply and counter-reply (change of each objective since the base year)",
            ("Move", "By", *found.names),
            (
                (str(move), step.mover or "base year", *_changes(step.value))
                for move, step in enumerate(found.stairs)
            ),
            len(found.names),
        ),
    ]
    if (end := found.end) is not None:
        shown.append(
            _captioned(
                "The trade war: nobody gains by departing alone",
                ("Player", "Median rate", "Objective", "Regret", "At a bound"),
                (
                    (
                        name,
                        _rate(end.median_rates[name]),
                        *_changes([value]),
                        f"{100 * regret:.0e}{THIN}%",
                        str(end.bounds_hit[name]),
                    )
                    for name, value, regret in zip(end.names, end.value, end.regret, strict=True)
                ),
                4,
            )
        )
    return [table for table in shown if table]


def deals_tables(found: Deals) -> list[TextTable]:
    """Agreements with transfers, and the discount factors at which packages hold."""
    shown = [
        _captioned(
            f"Gains over the threat point: {found.threat.name}",
            ("Sharing rule", *found.names, "Transfers received"),
            (
                (
                    rule,
                    *_gains(deal.gain_pct),
                    ", ".join(number(paid, 0, sign=True) for paid in deal.transfers)
                    if any(deal.transfers)
                    else "none",
                )
                for rule, deal in found.agreements.items()
            ),
            len(found.names) + 1,
        ),
        _captioned(
            "Discount factor from which each keeps its word (war for ever after a breach)",
            ("Package", *found.names),
            (
                (held.package, *(_patience(factor, 3) for factor in held.critical))
                for held in found.enforcement
            ),
            len(found.names),
        ),
    ]
    return [table for table in shown if table]
