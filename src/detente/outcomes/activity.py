"""What is produced, and who works?"""

from __future__ import annotations

import numpy as np

from detente.arrays import Labelled, percent_change
from detente.outcomes.state import State

__all__ = ["activity", "employment_note"]


def employment_note(state: State) -> str:
    """What the employment figures rest on, from the world's descriptor; blank if none.

    Where no survey counts workers by sector they are split by value added. That is weak: it
    assumes one productivity for all sectors of an economy.
    """
    if state.world.employment is None:
        return ""
    basis = str(state.world.descriptor.get("employment_basis", "")).strip()
    return basis or "baseline employment as given with the world"


def activity(before: State, after: State) -> dict[str, Labelled]:
    """Real output, its value, and employment by sector and in all, labelled.

    Real output is output over its factory-gate price. Employment is baseline heads times the
    change in workers; in total it moves only where labour supply does.
    """
    cell, world = ("economy", "sector"), after.world
    out = {
        "output_pct": Labelled(
            percent_change(after.real_output, before.real_output), cell, "%", "output_pct"
        ),
        "output_value_change": Labelled(
            after.output - before.output, cell, world.currency, "output_value_change"
        ),
        "output_value_pct": Labelled(
            percent_change(after.output, before.output), cell, "%", "output_value_pct"
        ),
        "employment_pct": Labelled(
            np.where(
                world.labour_income > 0,
                percent_change(after.workers_hat, before.workers_hat),
                np.nan,
            ),
            cell,
            "%",
            "employment_pct",
        ),
    }
    if world.employment is not None:
        change = world.employment * (after.workers_hat - before.workers_hat)
        out["employment_change"] = Labelled(change, cell, "thousand persons", "employment_change")
        out["employment_change_total"] = Labelled(
            change.sum(axis=1), ("economy",), "thousand persons", "employment_change"
        )
    return out
