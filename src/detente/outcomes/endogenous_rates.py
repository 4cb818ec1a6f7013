"""Which rates did the model find, and which waiting measures started?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Labelled

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium

__all__ = ["FOUND", "endogenous_rates"]

#: How the names of these outcomes begin; the measure follows the colon.
FOUND = ("found_rate:", "started:")


def endogenous_rates(equilibrium: Equilibrium) -> dict[str, Labelled]:
    """Rates that spend a budget or hold a bound, and which measures with a trigger started.

    A found rate is what the measure adds to the level of the baseline, in points and in the
    direction of the measure: of subsidy for a budget or a purchase commitment, of duty or export
    tax for a quota or a voluntary restraint (zero where the bound holds by itself).

    Examples
    --------
    >>> from detente import World, solve
    >>> from detente.measures import Quota
    >>> world = World.from_arrays(["HOM", "FOR"], ["goods"], trade_elasticity=4.0,
    ...                           sales=[[[80.0], [20.0]], [[20.0], [180.0]]])
    >>> quota = Quota(id="q", by="HOM", on="FOR", sectors="goods",
    ...               limit={"relation": "at most", "change": "-20 %", "of": "quantity"})
    >>> found = endogenous_rates(solve(world, [quota]))["found_rate:q"]
    >>> print(f"{found.values:.1f} {found.unit}")
    12.5 pp
    """
    compiled = equilibrium.compiled
    if compiled is None:
        return {}
    out = {}
    for free, rate in zip(compiled.free_rates, equilibrium.rates, strict=True):
        key = f"found_rate:{compiled.measure_ids[free.measure]}"
        out[key] = Labelled(np.array(100.0 * rate), (), "pp", key)
    for trigger in compiled.triggers:
        key = f"started:{compiled.measure_ids[trigger.measure]}"
        out[key] = Labelled(np.array(float(trigger.measure in equilibrium.active)), (), "1", key)
    return out
