"""Do the accounts of a baseline hold?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import UnknownNameError, WorldError
from detente.world.model import (
    ACCOUNTS_TOLERANCE,
    CLOSURES,
    MARKET_STRUCTURES,
    SHARES_TOLERANCE,
    FloatArray,
    Repair,
    World,
)

__all__ = ["check_accounts", "world_from_arrays"]


def _array(name: str, value: ArrayLike, shape: tuple[int, ...], axes: str) -> FloatArray:
    """`value` broadcast to `shape` as a read-only float64 array; scalars fill it."""
    given = np.asarray(value, dtype=float)
    if given.ndim and given.shape != shape and not (given.ndim == 1 and shape[-1:] == given.shape):
        raise WorldError(f"{name}: shape {given.shape}, expected {shape} ({axes}).")
    array = np.array(np.broadcast_to(given, shape))
    if np.isnan(array).any():
        at = tuple(int(k) for k in np.argwhere(np.isnan(array))[0])
        raise WorldError(f"{name}: missing value (NaN) at position {at} ({axes}).")
    if not np.isfinite(array).all():
        at = tuple(int(k) for k in np.argwhere(np.isinf(array))[0])
        raise WorldError(f"{name}: infinite value at position {at} ({axes}).")
    array.flags.writeable = False
    return array


def _known_cells(name: str, value: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """A side table [economy, sector] in which NaN means that the figure is not known."""
    array = np.array(value, dtype=float)
    if array.shape != shape:
        raise WorldError(f"{name}: shape {array.shape}, expected {shape} (economy, sector).")
    if np.isinf(array).any():
        raise WorldError(f"{name}: infinite value (economy, sector).")
    array.flags.writeable = False
    return array


#: Negative input share that accounts="shares" keeps: tables record some by-products so.
#: Caliendo and Parro's published table has one cell, −0.00057; zeroing it would move their
#: results by 1e-5 percentage points.
BY_PRODUCT = 1e-3


def _by_products(input_share: FloatArray, kept: np.ndarray) -> Repair:
    return Repair(
        rule="negative-input-share-kept",
        what="Small negative input shares (by-products in the source's table) stay as they are.",
        size=float(-input_share[kept].sum()),
        unit="share of output",
        cells=int(kept.sum()),
    )


def _cell(world_labels: tuple[Sequence[str], ...], position: tuple[int, ...]) -> str:
    return " / ".join(labels[k] for labels, k in zip(world_labels, position, strict=True))


def _refuse_negative(name: str, array: FloatArray, labels: tuple[Sequence[str], ...]) -> None:
    if (array < 0).any():
        at = tuple(int(k) for k in np.unravel_index(np.argmin(array), array.shape))
        count = int((array < 0).sum())
        raise WorldError(
            f"{name}: {count} negative cell(s), the lowest {array[at]:.6g} at {_cell(labels, at)}. "
            "Mend the data (detente.world.clean has named repairs) and try again."
        )


def world_from_arrays(
    cls: type[World],
    economies: Sequence[str],
    sectors: Sequence[str],
    *,
    trade_elasticity: ArrayLike,
    sales: ArrayLike | None,
    expenditure: ArrayLike | None,
    value_added_share: ArrayLike | None,
    input_share: ArrayLike | None,
    final_share: ArrayLike | None,
    scale_elasticity: ArrayLike,
    tariff: ArrayLike,
    export_tax: ArrayLike,
    production_subsidy: ArrayLike,
    purchase_subsidy: ArrayLike,
    transfer: ArrayLike | None,
    market_structure: str,
    closure: str,
    accounts: str,
    name: str,
    **also: Any,
) -> World:
    """See :meth:`detente.World.from_arrays`, which documents every argument."""
    e, s = tuple(economies), tuple(sectors)
    for kind, labels in (("economies", e), ("sectors", s)):
        if not labels or len(set(labels)) != len(labels):
            raise WorldError(f"{kind}: needs at least one name and no name twice.")
    for kind, value, choices in (
        ("market structure", market_structure, MARKET_STRUCTURES),
        ("closure", closure, CLOSURES),
        ("accounts rule", accounts, ("exact", "shares")),
    ):
        if value not in choices:
            raise UnknownNameError(kind, value, choices, where="World.from_arrays")
    n, j = len(e), len(s)
    flow, cell = (n, n, j), (n, j)
    flow_axes, cell_axes = "importer, exporter, sector", "economy, sector"

    theta = _array("trade_elasticity", trade_elasticity, (j,), "sector")
    if (theta <= 0).any():
        raise WorldError(
            f"trade_elasticity must be positive; {s[int(np.argmin(theta))]} has {theta.min():.6g}."
        )
    psi = _array("scale_elasticity", scale_elasticity, (j,), "sector")
    _refuse_negative("scale_elasticity", psi, (s,))
    wedges: dict[str, Any] = {
        "tariff": _array("tariff", tariff, flow, flow_axes),
        "export_tax": _array("export_tax", export_tax, flow, flow_axes),
        "production_subsidy": _array("production_subsidy", production_subsidy, cell, cell_axes),
        "purchase_subsidy": _array("purchase_subsidy", purchase_subsidy, flow, flow_axes),
    }
    for key in ("tariff", "export_tax"):
        if (wedges[key] <= -1).any():
            raise WorldError(f"{key}: a rate of −100 % or less leaves no price.")
    for key in ("production_subsidy", "purchase_subsidy"):
        if (wedges[key] >= 1).any():
            raise WorldError(f"{key}: a subsidy of 100 % or more leaves no price.")
    factor = (
        (1 - wedges["production_subsidy"][None])
        * (1 + wedges["export_tax"])
        * (1 + wedges["tariff"])
        * (1 - wedges["purchase_subsidy"])
    )
    if (sales is None) == (expenditure is None):
        raise WorldError(
            "give exactly one of `sales` (factory-gate prices) and `expenditure` "
            "(purchaser prices)."
        )
    if sales is not None:
        v_flow = _array("sales", sales, flow, flow_axes)
    else:
        v_flow = _array("expenditure", expenditure, flow, flow_axes) / factor  # type: ignore[arg-type]
        v_flow.flags.writeable = False
    _refuse_negative("sales" if sales is not None else "expenditure", v_flow, (e, e, s))

    if value_added_share is None and input_share is None:
        v, g = np.ones(cell), np.zeros((n, j, j))
    elif input_share is None:
        raise WorldError(
            "value_added_share without input_share does not say which inputs are used."
        )
    else:
        g = _array("input_share", input_share, (n, j, j), "economy, input, sector")
        kept = (g < 0) & (g >= -BY_PRODUCT) if accounts == "shares" else np.zeros(g.shape, bool)
        _refuse_negative("input_share", np.where(kept, 0.0, g), (e, s, s))
        if kept.any():
            also["repairs"] = (*also.get("repairs", ()), _by_products(g, kept))
        v = (
            1 - g.sum(axis=1)
            if value_added_share is None
            else _array("value_added_share", value_added_share, cell, cell_axes)
        )
    _refuse_negative("value_added_share", np.asarray(v), (e, s))
    output = v_flow.sum(axis=0)
    miss = np.where(output > 0, v + g.sum(axis=1) - 1, 0.0)
    limit = SHARES_TOLERANCE if closure == "trade-balance" else ACCOUNTS_TOLERANCE
    if np.abs(miss).max() > limit:
        at = tuple(int(k) for k in np.unravel_index(np.argmax(np.abs(miss)), cell))
        raise WorldError(
            f"value-added and input shares of {_cell((e, s), at)} sum to {1 + miss[at]:.10f}, "
            f"not 1 (gap {miss[at]:.2e}). Correct them, leave value_added_share out to take it "
            'as the rest, or use closure="trade-balance", which tolerates 1e-6.'
        )

    x = (v_flow * factor).sum(axis=1)
    inputs_bought = np.einsum("nkj,nj->nk", g, output)
    consistent = accounts == "exact"
    if final_share is None:
        final = x - inputs_bought
        floor = -ACCOUNTS_TOLERANCE * np.maximum(x, 1e-300)
        if (final < floor).any():
            at = tuple(int(k) for k in np.unravel_index(np.argmin(final / np.maximum(x, 1)), cell))
            raise WorldError(
                f"final demand left for {_cell((e, s), at)} is {final[at]:.6g}: inputs take more "
                "than is bought. Mend the data (detente.world.clean has named repairs)."
            )
        final = np.maximum(final, 0.0)
        alpha = final / final.sum(axis=1, keepdims=True)
    else:
        alpha = _array("final_share", final_share, cell, cell_axes)
        _refuse_negative("final_share", alpha, (e, s))
        gap = np.abs(alpha.sum(axis=1) - 1)
        if gap.max() > ACCOUNTS_TOLERANCE:
            worst = int(np.argmax(gap))
            raise WorldError(f"final shares of {e[worst]} sum to {alpha[worst].sum():.10f}, not 1.")

    for key in ("employment", "emissions", "value_added_net_of_taxes"):
        if also.get(key) is not None:
            also[key] = _known_cells(key, also[key], cell)
    world = cls(
        name=name,
        economies=e,
        sectors=s,
        sales=v_flow,
        value_added_share=_frozen(v),
        input_share=_frozen(g),
        final_share=_frozen(alpha),
        trade_elasticity=theta,
        scale_elasticity=psi,
        **wedges,
        transfer=np.zeros(n),
        market_structure=market_structure,
        closure=closure,
        is_consistent=consistent,
        **also,
    )
    if market_structure == "fixed-entry":
        short = (world.labour_share <= 0) & (output > 0)
        if short.any():
            cells = [_cell((e, s), tuple(map(int, at))) for at in np.argwhere(short)]
            raise WorldError(
                f"fixed entry needs value added above 1/σ of sales; {len(cells)} cell(s) fall "
                f"short: {', '.join(cells[:6])}{' …' if len(cells) > 6 else ''}. Use a larger σ "
                'or market_structure="competitive".'
            )
        if (psi > 0).any():
            raise WorldError("fixed entry has no external scale economies: set them to zero.")
    if transfer is not None:
        d = _array("transfer", transfer, (n,), "economy")
    elif consistent:
        d = _frozen((x - inputs_bought).sum(axis=1) - world.income)
    else:
        d = _frozen(np.zeros(n))
    world = world.with_(transfer=d)
    if consistent:
        check_accounts(world)
    return world


def _frozen(array: FloatArray) -> FloatArray:
    array = np.array(array, dtype=float)
    array.flags.writeable = False
    return array


def check_accounts(world: World, tolerance: float = ACCOUNTS_TOLERANCE) -> dict[str, float]:
    r"""Check every identity of a baseline; return the relative gap of each.

    Goods markets :math:`X_{nj} = \alpha_{nj} Y_n + \sum_k g_{njk} \sum_m V_{mnk}`, the budget of
    each economy, transfers that sum to zero, shares that sum to one.

    Raises
    ------
    WorldError
        Naming the worst economy and sector and the size of the gap.
    """
    e, s = world.economies, world.sectors
    x, output, income = world.expenditure, world.output, world.income
    inputs = np.einsum("nkj,nj->nk", world.input_share, output)
    loose = SHARES_TOLERANCE if world.closure == "trade-balance" else tolerance
    goods_gap = (world.final_share * income[:, None] + inputs - x) / np.maximum(
        x, 1e-9 * x.sum(axis=1, keepdims=True)
    )
    goods_scaled = (world.final_share * income[:, None] + inputs - x) / x.sum(axis=1, keepdims=True)
    worst = tuple(int(k) for k in np.unravel_index(np.argmax(np.abs(goods_scaled)), x.shape))
    gaps = {
        "goods market": float(np.abs(goods_scaled).max()),
        "transfers": float(abs(world.transfer.sum()) / world.world_value_added),
        "final shares": float(np.abs(world.final_share.sum(axis=1) - 1).max()),
    }
    if gaps["goods market"] > loose:
        raise WorldError(
            f'world "{world.name}" does not balance: {_cell((e, s), worst)} is bought for '
            f"{x[worst]:.8g} but final use and inputs take {x[worst] * (1 + goods_gap[worst]):.8g} "
            f"(gap {gaps['goods market']:.2e} of the economy's spending, tolerance {loose:g}). "
            "Correct the data, leave `final_share` and `transfer` out so that they follow from "
            'trade, or pass accounts="shares" and rebase.'
        )
    if gaps["transfers"] > loose:
        raise WorldError(
            f'world "{world.name}": transfers sum to {world.transfer.sum():.6g}, not zero.'
        )
    if gaps["final shares"] > tolerance:
        raise WorldError(f'world "{world.name}": final shares do not sum to one.')
    return gaps
