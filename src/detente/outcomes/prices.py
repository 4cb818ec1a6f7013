"""Which prices rise, and which fall?"""

from __future__ import annotations

from detente.arrays import Labelled, percent_change
from detente.outcomes.state import State

__all__ = ["prices"]


def prices(before: State, after: State) -> dict[str, Labelled]:
    """Consumer, purchaser and producer prices, relative to the numeraire, labelled.

    A price here is what the good costs in units of the numeraire (world value added unless
    said): levels between economies can be compared, a general rise cannot be told from a fall
    of the numeraire. Real results (welfare, real wages, quantities) do not depend on it.

    The purchaser price of a good is the index over all its sources with every wedge,
    :math:`P_{nj}`; the consumer price weighs goods with their share in final spending; the
    producer price is at the factory gate.
    """
    cell = ("economy", "sector")
    return {
        "consumer_price_pct": Labelled(
            percent_change(after.consumer_price_hat, before.consumer_price_hat),
            ("economy",),
            "%",
            "consumer_price_pct",
        ),
        "price_pct": Labelled(
            percent_change(after.price_hat, before.price_hat), cell, "%", "price_pct"
        ),
        "producer_price_pct": Labelled(
            percent_change(after.gate_price_hat, before.gate_price_hat),
            cell,
            "%",
            "producer_price_pct",
        ),
    }
