"""What does every flow pay after the change, part by part, and what else has moved?"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.arrays import FloatArray
from detente.errors import MeasureError
from detente.world.model import World

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Parts:
    """Parts of flows that some measure hits, one entry a part.

    The rest of a flow (one minus the sum of its parts' shares) pays what the dense arrays of
    the :class:`Shock` say. All arrays have length m, the number of parts.

    Attributes
    ----------
    importer, exporter, sector
        Which flow.
    share
        c, the part's baseline share of the flow at purchaser prices, in (0, 1].
    tariff, export_tax, production_subsidy, purchase_subsidy
        Levels that the part pays, ad valorem fractions (all of it, not the addition).
    resource_cost
        Resource cost over its baseline value; `inf` closes the part.
    """

    importer: IntArray
    exporter: IntArray
    sector: IntArray
    share: FloatArray
    tariff: FloatArray
    export_tax: FloatArray
    production_subsidy: FloatArray
    purchase_subsidy: FloatArray
    resource_cost: FloatArray

    def __len__(self) -> int:
        return len(self.share)

    @classmethod
    def none(cls) -> Parts:
        """No part at all: every flow is whole."""
        i, f = np.zeros(0, dtype=np.int64), np.zeros(0)
        return cls(i, i, i, f, f, f, f, f, f)


@dataclass(frozen=True, eq=False)
class Shock:
    """Everything exogenous after a change: wedges in levels, fundamentals as ratios.

    Attributes
    ----------
    tariff, export_tax, purchase_subsidy
        [importer, exporter, sector], levels after the change, on the rest of each flow.
    production_subsidy
        [economy, sector], level after the change, on the rest of each flow.
    resource_cost
        [importer, exporter, sector] over baseline; `inf` closes the flow.
    parts
        Parts of flows that pay something else.
    productivity
        [economy, sector] over baseline.
    labour
        [economy] endowment over baseline.
    transfer_change
        [economy], added to the transfer, in the world's currency at an unchanged numeraire;
        sums to zero.
    """

    tariff: FloatArray
    export_tax: FloatArray
    purchase_subsidy: FloatArray
    production_subsidy: FloatArray
    resource_cost: FloatArray
    parts: Parts
    productivity: FloatArray
    labour: FloatArray
    transfer_change: FloatArray

    @classmethod
    def none(cls, world: World) -> Shock:
        """No change: the wedges in force, everything else at one."""
        n, j = len(world.economies), len(world.sectors)
        return cls(
            tariff=world.tariff,
            export_tax=world.export_tax,
            purchase_subsidy=world.purchase_subsidy,
            production_subsidy=world.production_subsidy,
            resource_cost=np.ones((n, n, j)),
            parts=Parts.none(),
            productivity=np.ones((n, j)),
            labour=np.ones(n),
            transfer_change=np.zeros(n),
        )

    @classmethod
    def of(cls, world: World, **levels: ArrayLike) -> Shock:
        """A change given by plain arrays: new levels of wedges, ratios of fundamentals.

        Whatever is left out stays as in the baseline. A scalar holds everywhere; an array has
        all the axes above, of which one of length one holds along the whole axis.

        Raises
        ------
        MeasureError
            An unknown name, a wrong shape, a value outside its range.

        Examples
        --------
        >>> world = World.from_arrays(
        ...     ["HOM", "FOR"], ["goods"],
        ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
        >>> shock = Shock.of(world, tariff=[[[0.0], [0.25]], [[0.0], [0.0]]])
        >>> shock.tariff[0, 1, 0]
        np.float64(0.25)
        """
        base = cls.none(world)
        known = {f.name for f in fields(cls)} - {"parts"}
        changed: dict[str, Any] = {}
        for key, value in levels.items():
            if key == "parts":
                changed[key] = value
                continue
            if key not in known:
                raise MeasureError(
                    f'Shock.of: no such quantity "{key}". Choose from {", ".join(sorted(known))}.'
                )
            shape = getattr(base, key).shape
            if np.ndim(value) not in (0, len(shape)):  # a missing axis would shift the others
                raise MeasureError(
                    f"Shock.of: {key} has shape {np.shape(value)}; expected {shape}, every axis "
                    "named in Shock, or one number for all."
                )
            try:
                array = np.array(np.broadcast_to(np.asarray(value, dtype=float), shape))
            except ValueError:
                raise MeasureError(
                    f"Shock.of: {key} has shape {np.shape(value)}; expected {shape}."
                ) from None
            array.flags.writeable = False
            changed[key] = array
        shock = replace(base, **changed)
        check_shock(shock)
        return shock


def check_shock(shock: Shock) -> None:
    """Refuse levels outside their range: subsidies of 100 % or more, rates of −100 % or less."""
    for holder, where in ((shock, "flow"), (shock.parts, "part")):
        for name in ("tariff", "export_tax"):
            rate = getattr(holder, name)
            if not np.all(np.isfinite(rate)) or np.any(rate <= -1):
                raise MeasureError(f"{name} must be finite and above −100 % on every {where}.")
        for name in ("production_subsidy", "purchase_subsidy"):
            rate = getattr(holder, name)
            if not np.all(np.isfinite(rate)) or np.any(rate >= 1):
                raise MeasureError(f"{name} must be below 100 % on every {where}.")
        cost = holder.resource_cost
        if np.any(np.isnan(cost)) or np.any(cost <= 0):
            raise MeasureError(f"resource_cost must be positive (or inf) on every {where}.")
    for name in ("productivity", "labour"):
        value = getattr(shock, name)
        if not np.all(np.isfinite(value)) or np.any(value <= 0):
            raise MeasureError(f"{name} must be positive and finite.")
    change = shock.transfer_change
    if not np.all(np.isfinite(change)) or abs(change.sum()) > 1e-6 * max(1.0, np.abs(change).max()):
        raise MeasureError("transfer_change must be finite and sum to zero over economies.")
