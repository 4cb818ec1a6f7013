"""What does every flow pay after the change, part by part, and what else has moved?"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.arrays import FloatArray
from detente.errors import MeasureError, shortened
from detente.world.model import World

IntArray = NDArray[np.int64]

#: Shares of parts may exceed a whole flow, or fall short of it, by rounding only.
SHARE_SLACK = 1e-9
#: Changes of transfers sum to this share of the largest at most.
BALANCED = 1e-9


#: Wedges that trade between economies pays: at home there is no border.
_BETWEEN_ECONOMIES = ("tariff", "export_tax", "resource_cost")


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
        all the axes above, of which one of length one holds along the whole axis. Of a tariff, an
        export tax or a resource cost that does not tell the partners apart (a scalar, or an axis
        of importers or exporters of length one) the partners abroad are meant: sales at home stay
        as in the baseline. A subsidy of purchases holds at home too.

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
                    f'Shock.of: no such quantity "{shortened(key)}". '
                    f"Choose from {', '.join(sorted(known))}."
                )
            shape = getattr(base, key).shape
            given = _numbers(value, f"Shock.of: {key}")
            # a missing axis would shift the others
            fits = given.ndim in (0, len(shape)) and all(
                length in (1, whole) for length, whole in zip(given.shape, shape, strict=False)
            )
            if not fits:
                raise MeasureError(
                    f"Shock.of: {key} has shape {given.shape}; expected {shape}, every axis "
                    "named in Shock, or one number for all."
                )
            array = np.array(np.broadcast_to(given, shape))
            if key in _BETWEEN_ECONOMIES and (given.ndim == 0 or 1 in given.shape[:2]):
                home = np.arange(shape[0])
                array[home, home] = getattr(base, key)[home, home]
            array.flags.writeable = False
            changed[key] = array
        return checked_shock(world, replace(base, **changed))


def with_whole_flows(world: World, shock: Shock) -> Shock:
    """The same shock, saying of flows that parts cover wholly what these pay.

    No rest is left of such a flow, so nothing is priced otherwise; but who reads the dense arrays
    finds the rates that hold: the mean over the parts at baseline shares, and the resource cost
    where one part is all of the flow.
    """
    parts = shock.parts
    if not len(parts):
        return shock
    at = np.ravel_multi_index((parts.importer, parts.exporter, parts.sector), world.sales.shape)
    size = world.sales.size
    covered = np.bincount(at, weights=parts.share, minlength=size)
    whole = covered > 1 - SHARE_SLACK
    if not whole.any():
        return shock

    def mean(rate: FloatArray) -> FloatArray:
        total = np.bincount(at, weights=parts.share * rate, minlength=size)
        out: FloatArray = total / np.where(whole, covered, 1.0)
        return out

    changed: dict[str, Any] = {}
    for name in ("tariff", "export_tax", "purchase_subsidy"):
        level = np.array(getattr(shock, name))
        level.reshape(-1)[whole] = mean(getattr(parts, name))[whole]
        changed[name] = level
    alone = parts.share > 1 - SHARE_SLACK
    cost = np.array(shock.resource_cost)
    cost.reshape(-1)[at[alone]] = parts.resource_cost[alone]
    # a producer's subsidy is one number: it is told where every buyer's part has it
    paid = mean(parts.production_subsidy).reshape(world.sales.shape)
    sold = world.sales > 0
    everywhere = (whole.reshape(sold.shape) | ~sold).all(axis=0) & sold.any(axis=0)
    low = np.where(sold, paid, np.inf).min(axis=0)
    same = everywhere & (np.where(sold, paid, -np.inf).max(axis=0) - low < SHARE_SLACK)
    changed["production_subsidy"] = np.where(same, low, shock.production_subsidy)
    changed["resource_cost"] = cost
    for level in changed.values():
        level.flags.writeable = False
    return replace(shock, **changed)


def checked_shock(world: World, shock: Shock) -> Shock:
    """The shock with arrays of real numbers, in the world's shape and range.

    Arrays of JAX and whole numbers are taken as they are; a shock that has nothing to be mended
    comes back itself.

    Raises
    ------
    MeasureError
        Says which array has the wrong shape, is no array of numbers, or leaves its range:
        subsidies of 100 % or more, rates of −100 % or less, ratios that are not positive.
    """
    if not isinstance(shock.parts, Parts):
        raise MeasureError(f"parts must be Parts; they are {type(shock.parts).__name__}.")
    n, j = len(world.economies), len(world.sectors)
    flow = ("tariff", "export_tax", "purchase_subsidy", "resource_cost")
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(flow, (n, n, j))
    shapes |= dict.fromkeys(("production_subsidy", "productivity"), (n, j))
    shapes |= dict.fromkeys(("labour", "transfer_change"), (n,))
    whole = _arrays(shock, shapes, "")
    count = (np.size(shock.parts.share),)
    in_parts = _arrays(shock.parts, {f.name: count for f in fields(Parts)}, "parts.")
    if in_parts:
        whole["parts"] = replace(shock.parts, **in_parts)
    shock = replace(shock, **whole) if whole else shock
    _check_range(shock, (n, n, j))
    return shock


def _numbers(given: Any, name: str, kind: type = np.float64) -> NDArray[Any]:
    """What was given as an array of one kind; nothing is cut off that does not fit into it."""
    try:
        found = np.asarray(given)
    except (TypeError, ValueError):
        found = np.asarray(None)
    if found.dtype.kind not in "iuf" or not np.can_cast(found.dtype, kind, "same_kind"):
        what = type(given).__name__ + ("" if found.dtype == object else f" of {found.dtype}")
        raise MeasureError(f"{name} must be an array of real numbers; it is {what}.")
    return found.astype(kind)


def _arrays(
    holder: Shock | Parts, shapes: dict[str, tuple[int, ...]], prefix: str
) -> dict[str, Any]:
    """What is not yet an array of the right kind, as one."""
    changed: dict[str, Any] = {}
    for name, shape in shapes.items():
        given = getattr(holder, name)
        kind = np.int64 if name in ("importer", "exporter", "sector") else np.float64
        if not (isinstance(given, np.ndarray) and given.dtype == kind):
            given = changed[name] = _numbers(given, f"{prefix}{name}", kind)
        if given.shape != shape:
            raise MeasureError(f"{prefix}{name} has shape {given.shape}; expected {shape}.")
    return changed


def _between(values: FloatArray, low: float, high: float) -> bool:
    """Whether all values lie strictly between two bounds, which NaN never does."""
    return not values.size or bool(low < values.min() and values.max() < high)


def _check_range(shock: Shock, shape: tuple[int, int, int]) -> None:
    for holder, where in ((shock, "flow"), (shock.parts, "part")):
        for name in ("tariff", "export_tax"):
            rate = getattr(holder, name)
            if not _between(rate, -1.0, np.inf):
                raise MeasureError(f"{name} must be finite and above −100 % on every {where}.")
        for name in ("production_subsidy", "purchase_subsidy"):
            rate = getattr(holder, name)
            if not _between(rate, -np.inf, 1.0):
                raise MeasureError(f"{name} must be below 100 % on every {where}.")
        cost = holder.resource_cost
        if cost.size and not cost.min() > 0:
            raise MeasureError(f"resource_cost must be positive (or inf) on every {where}.")
    for name in ("productivity", "labour"):
        if not _between(getattr(shock, name), 0.0, np.inf):
            raise MeasureError(f"{name} must be positive and finite.")
    change = shock.transfer_change
    if not np.all(np.isfinite(change)) or abs(change.sum()) > BALANCED * np.abs(change).max():
        raise MeasureError("transfer_change must be finite and sum to zero over economies.")
    parts = shock.parts
    for name, length in zip(("importer", "exporter", "sector"), shape, strict=True):
        at = getattr(parts, name)
        if np.any((at < 0) | (at >= length)):
            raise MeasureError(f"parts.{name} must be positions from 0 to {length - 1}.")
    if np.any(~(parts.share >= 0) | ~(parts.share <= 1 + SHARE_SLACK)):
        raise MeasureError("parts.share must lie between 0 and 1.")
