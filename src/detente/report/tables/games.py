"""Which agreements could the players of a game sign, and how patient must they be?"""

from __future__ import annotations

from detente.report.tables.table import Table
from detente.run.results import Results
from detente.wording import percent


def deals_table(results: Results) -> Table:
    """Agreements with gains and the patience that they need."""
    deals = results.deals
    if deals is None:
        return Table((), ())
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
    return Table(head, tuple(rows), len(deals.names) + 1)


def _patience(value: float) -> str:
    return "never" if value == float("inf") else f"{value:.2f}"
