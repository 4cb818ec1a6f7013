"""How do plain arrays become the accounts of a baseline?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import FloatArray
from detente.errors import UnknownNameError, WorldError
from detente.world.accounts import (
    ACCOUNTS_TOLERANCE,
    AXES,
    CLOSURES,
    MARKET_STRUCTURES,
    SHARES_TOLERANCE,
    Accounts,
    cell_name,
    check_accounts,
)
from detente.world.cleaning import Repair

__all__ = ["GIVEN_AXES", "accounts_from_arrays", "side_table"]

#: Axes of every array that a user may give: trade also at purchaser prices.
GIVEN_AXES = AXES | {"expenditure": AXES["sales"]}


#: Negative input share that accounts="shares" keeps: tables record some by-products so.
#: Caliendo and Parro's published table has one cell, −0.00057; zeroing it would move their
#: results by 1e-5 percentage points.
BY_PRODUCT = 1e-3


def _frozen(array: ArrayLike) -> FloatArray:
    out = np.array(array, dtype=float)
    out.flags.writeable = False
    return out


def _array(name: str, value: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """`value` broadcast to `shape` as a read-only float64 array; scalars fill it."""
    axes = ", ".join(GIVEN_AXES[name])
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


def side_table(name: str, value: ArrayLike, accounts: Accounts) -> FloatArray:
    """A table [economy, sector] beside the accounts, in which NaN means not known."""
    array = np.array(value, dtype=float)
    shape = (len(accounts.economies), len(accounts.sectors))
    if array.shape != shape:
        raise WorldError(f"{name}: shape {array.shape}, expected {shape} (economy, sector).")
    if np.isinf(array).any():
        raise WorldError(f"{name}: infinite value (economy, sector).")
    return _frozen(array)


def _by_products(input_share: FloatArray, kept: np.ndarray) -> Repair:
    return Repair(
        rule="negative-input-share-kept",
        what="Small negative input shares (by-products in the source's table) stay as they are.",
        size=float(-input_share[kept].sum()),
        unit="share of output",
        cells=int(kept.sum()),
    )


def _refuse_negative(name: str, array: FloatArray, labels: tuple[tuple[str, ...], ...]) -> None:
    if (array < 0).any():
        at = tuple(int(k) for k in np.unravel_index(np.argmin(array), array.shape))
        count = int((array < 0).sum())
        raise WorldError(
            f"{name}: {count} negative cell(s), the lowest {array[at]:.6g} at "
            f"{cell_name(labels, at)}. "
            "Mend the data (detente.world.cleaning has named repairs) and try again."
        )


def accounts_from_arrays(
    economies: Sequence[str],
    sectors: Sequence[str],
    *,
    name: str,
    sales: ArrayLike | None,
    expenditure: ArrayLike | None,
    value_added_share: ArrayLike | None,
    input_share: ArrayLike | None,
    final_share: ArrayLike | None,
    trade_elasticity: ArrayLike,
    scale_elasticity: ArrayLike,
    wedges: dict[str, ArrayLike],
    transfer: ArrayLike | None,
    market_structure: str,
    closure: str,
    accounts: str,
) -> tuple[Accounts, tuple[Repair, ...]]:
    """Checked accounts and what was repaired; :meth:`detente.World.from_arrays` says the rest.

    Parameters
    ----------
    wedges
        `tariff`, `export_tax`, `production_subsidy` and `purchase_subsidy`.

    Raises
    ------
    WorldError
        Negative or missing data, shares that miss one, goods markets or budgets that do not
        balance: with the name of the worst cell and the size of the gap.
    """
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

    theta = _array("trade_elasticity", trade_elasticity, (j,))
    if (theta <= 0).any():
        raise WorldError(
            f"trade_elasticity must be positive; {s[int(np.argmin(theta))]} has {theta.min():.6g}."
        )
    psi = _array("scale_elasticity", scale_elasticity, (j,))
    _refuse_negative("scale_elasticity", psi, (s,))
    rates = _rates(wedges, flow, cell)
    if (sales is None) == (expenditure is None):
        raise WorldError(
            "give exactly one of `sales` (factory-gate prices) and `expenditure` "
            "(purchaser prices)."
        )
    repairs: tuple[Repair, ...] = ()
    if value_added_share is None and input_share is None:
        v, g = np.ones(cell), np.zeros((n, j, j))
    elif input_share is None:
        raise WorldError(
            "value_added_share without input_share does not say which inputs are used."
        )
    else:
        g = _array("input_share", input_share, (n, j, j))
        kept = (g < 0) & (g >= -BY_PRODUCT) if accounts == "shares" else np.zeros(g.shape, bool)
        _refuse_negative("input_share", np.where(kept, 0.0, g), (e, s, s))
        if kept.any():
            repairs = (_by_products(g, kept),)
        v = (
            1 - g.sum(axis=1)
            if value_added_share is None
            else _array("value_added_share", value_added_share, cell)
        )
    _refuse_negative("value_added_share", v, (e, s))
    # Without final shares and transfers, which follow from the rest.
    partial = Accounts(
        name=name,
        economies=e,
        sectors=s,
        sales=np.zeros(flow),
        value_added_share=_frozen(v),
        input_share=_frozen(g),
        final_share=np.zeros(cell),
        trade_elasticity=theta,
        scale_elasticity=psi,
        **rates,
        transfer=np.zeros(n),
        market_structure=market_structure,
        closure=closure,
        is_consistent=accounts == "exact",
    )
    if sales is not None:
        flows = _array("sales", sales, flow)
    else:
        bought = _array("expenditure", expenditure, flow)  # type: ignore[arg-type]
        flows = _frozen(bought / partial.wedge_factor)
    _refuse_negative("sales" if sales is not None else "expenditure", flows, (e, e, s))
    partial = replace(partial, sales=flows)
    _check_shares(partial)
    if market_structure == "fixed-entry":
        _check_entry(partial)
    partial = replace(partial, final_share=_final_share(partial, final_share))
    if transfer is not None:
        d = _array("transfer", transfer, (n,))
    elif partial.is_consistent:
        d = _frozen((partial.expenditure - partial.inputs_bought).sum(axis=1) - partial.income)
    else:
        d = _frozen(np.zeros(n))
    whole = replace(partial, transfer=d)
    if whole.is_consistent:
        check_accounts(whole)
    return whole, repairs


def _rates(
    wedges: dict[str, ArrayLike], flow: tuple[int, ...], cell: tuple[int, ...]
) -> dict[str, Any]:
    """The wedges as arrays, none of which leaves no price."""
    rates = {
        name: _array(name, value, cell if name == "production_subsidy" else flow)
        for name, value in wedges.items()
    }
    for name in ("tariff", "export_tax"):
        if (rates[name] <= -1).any():
            raise WorldError(f"{name}: a rate of −100 % or less leaves no price.")
    for name in ("production_subsidy", "purchase_subsidy"):
        if (rates[name] >= 1).any():
            raise WorldError(f"{name}: a subsidy of 100 % or more leaves no price.")
    return rates


def _check_shares(accounts: Accounts) -> None:
    """Value-added and input shares of whoever sells sum to one."""
    total = accounts.value_added_share + accounts.input_share.sum(axis=1)
    miss = np.where(accounts.output > 0, total - 1, 0.0)
    limit = SHARES_TOLERANCE if accounts.closure == "trade-balance" else ACCOUNTS_TOLERANCE
    if np.abs(miss).max() > limit:
        at = tuple(int(k) for k in np.unravel_index(np.argmax(np.abs(miss)), miss.shape))
        raise WorldError(
            "value-added and input shares of "
            f"{cell_name((accounts.economies, accounts.sectors), at)} sum to {1 + miss[at]:.10f}, "
            f"not 1 (gap {miss[at]:.2e}). Correct them, leave value_added_share out to take it "
            'as the rest, or use closure="trade-balance", which tolerates 1e-6.'
        )


def _check_entry(accounts: Accounts) -> None:
    """Fixed entry pays profits out of value added, and has no external scale economies."""
    short = (accounts.labour_share <= 0) & (accounts.output > 0)
    if short.any():
        labels = (accounts.economies, accounts.sectors)
        cells = [cell_name(labels, tuple(map(int, at))) for at in np.argwhere(short)]
        raise WorldError(
            f"fixed entry needs value added above 1/σ of sales; {len(cells)} cell(s) fall "
            f"short: {', '.join(cells[:6])}{' …' if len(cells) > 6 else ''}. Use a larger σ "
            'or market_structure="competitive".'
        )
    if (accounts.scale_elasticity > 0).any():
        raise WorldError("fixed entry has no external scale economies: set them to zero.")


def _final_share(accounts: Accounts, given: ArrayLike | None) -> FloatArray:
    """The shares given, checked; or what expenditure leaves after inputs."""
    e, s = accounts.economies, accounts.sectors
    if given is not None:
        alpha = _array("final_share", given, (len(e), len(s)))
        _refuse_negative("final_share", alpha, (e, s))
        gap = np.abs(alpha.sum(axis=1) - 1)
        if gap.max() > ACCOUNTS_TOLERANCE:
            worst = int(np.argmax(gap))
            raise WorldError(f"final shares of {e[worst]} sum to {alpha[worst].sum():.10f}, not 1.")
        return alpha
    x = accounts.expenditure
    final = x - accounts.inputs_bought
    floor = -ACCOUNTS_TOLERANCE * np.maximum(x, 1e-300)
    if (final < floor).any():
        at = tuple(int(k) for k in np.unravel_index(np.argmin(final / np.maximum(x, 1)), x.shape))
        raise WorldError(
            f"final demand left for {cell_name((e, s), at)} is {final[at]:.6g}: inputs take more "
            "than is bought. Mend the data (detente.world.cleaning has named repairs)."
        )
    final = np.maximum(final, 0.0)
    return _frozen(final / final.sum(axis=1, keepdims=True))
