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
from detente.world.labels import check_labels, check_size, refuse_totals

__all__ = ["GIVEN_AXES", "accounts_from_arrays", "checked_elasticities", "side_table"]

#: Axes of every array that a user may give: trade also at purchaser prices.
GIVEN_AXES = AXES | {"expenditure": AXES["sales"]}

#: Where one number stands for every cell; at the border, for every cell between two economies.
FILLED = ("trade_elasticity", "scale_elasticity", "production_subsidy", "purchase_subsidy")
BORDER = ("tariff", "export_tax")

#: Largest and smallest flow; beyond, products of a few numbers leave float64.
SCALE = (1e-30, 1e30)
#: Elasticities beyond which a per cent of price decides nothing or everything, and the solver
#: no longer reaches its tolerance.
ELASTICITIES = (1e-4, 1e3)
#: Largest rate of a duty or a tax, as a fraction: a million per cent.
HIGHEST_RATE = 1e4


#: Negative input share that accounts="shares" keeps: tables record some by-products so.
#: Caliendo and Parro's published table has one cell, −0.00057; zeroing it would move their
#: results by 1e-5 percentage points.
BY_PRODUCT = 1e-3


def _frozen(array: ArrayLike) -> FloatArray:
    out = np.array(array, dtype=float)
    out.flags.writeable = False
    return out


def _numbers(name: str, value: ArrayLike) -> FloatArray:
    """What was given, as float64 of its own shape; WorldError where it is no array of numbers."""
    axes = ", ".join(GIVEN_AXES[name])
    try:
        given = np.asarray(value)
    except ValueError:
        raise WorldError(f"{name}: rows of different lengths, not an array ({axes}).") from None
    if given.dtype.kind not in "iuf":
        raise WorldError(
            f"{name}: holds text, empty cells or something else that is no number ({axes})."
        )
    out = given.astype(float)
    if isinstance(value, np.ma.MaskedArray):
        out[np.ma.getmaskarray(value)] = np.nan
    return out


def _shaped(name: str, given: FloatArray, shape: tuple[int, ...]) -> None:
    """Refuse any other shape than the one that the labels give."""
    if given.shape == shape:
        return
    axes = ", ".join(GIVEN_AXES[name])
    hint = ""
    if sorted(given.shape) == sorted(shape):
        hint = " The axes are there in another order: move them (numpy.moveaxis)."
    raise WorldError(f"{name}: shape {given.shape}, expected {shape} ({axes}).{hint}")


def _array(name: str, value: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """`value` as a read-only float64 array of finite numbers; one number fills what it may."""
    given = _numbers(name, value)
    if name in BORDER and not given.ndim:
        given = np.where(np.eye(shape[0], dtype=bool)[:, :, None], 0.0, np.full(shape, given))
    elif name in FILLED and not given.ndim:
        given = np.full(shape, given)
    _shaped(name, given, shape)
    for wrong, what in (
        (np.isnan(given), "missing value (NaN)"),
        (np.isinf(given), "infinite value"),
    ):
        if wrong.any():
            at = tuple(int(k) for k in np.argwhere(wrong)[0])
            raise WorldError(f"{name}: {what} at position {at} ({', '.join(GIVEN_AXES[name])}).")
    return _frozen(given)


def side_table(name: str, value: ArrayLike, accounts: Accounts) -> FloatArray:
    """A table [economy, sector] beside the accounts, in which NaN means not known."""
    given = _numbers(name, value)
    _shaped(name, given, (len(accounts.economies), len(accounts.sectors)))
    if np.isinf(given).any():
        raise WorldError(f"{name}: infinite value ({', '.join(AXES[name])}).")
    labels = (accounts.economies, accounts.sectors)
    _refuse_negative(name, np.nan_to_num(given), labels)
    return _frozen(given)


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
    e, s = check_labels("economies", economies), check_labels("sectors", sectors)
    check_size(e, s)
    for kind, value, choices in (
        ("market structure", market_structure, MARKET_STRUCTURES),
        ("closure", closure, CLOSURES),
        ("accounts rule", accounts, ("exact", "shares")),
    ):
        if value not in choices:
            raise UnknownNameError(kind, str(value), choices, where="World.from_arrays")
    n, j = len(e), len(s)
    flow, cell = (n, n, j), (n, j)

    theta, psi = checked_elasticities(s, trade_elasticity, scale_elasticity)
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
    kind = "expenditure" if sales is None else "sales"
    flows = _flows(kind, expenditure if sales is None else sales, partial)
    partial = replace(partial, sales=flows)
    earned = (partial.value_added_share * partial.output).sum(axis=1)
    if (earned <= 0).any():
        raise WorldError(
            f"{e[int(np.argmin(earned))]} has no value added in any sector: nobody earns there."
        )
    _check_shares(partial)
    if market_structure == "fixed-entry":
        _check_entry(partial)
    partial = replace(partial, final_share=_final_share(partial, final_share))
    d = implied_transfer(partial) if transfer is None else _array("transfer", transfer, (n,))
    whole = replace(partial, transfer=d)
    if whole.is_consistent:
        check_accounts(whole)
    return whole, repairs


def implied_transfer(accounts: Accounts) -> FloatArray:
    r"""Transfers [economy] that the budgets imply: imports less exports at border prices.

    Spending beyond income is, once each wedge has gone to whom it belongs, what is bought abroad
    beyond what is sold there, :math:`D_n = \sum_{ij} B_{nij} - \sum_{mj} B_{mnj}` with
    :math:`B = (1 + e)(1 - s)V`. Sums to zero.
    """
    border = (1 + accounts.export_tax) * (1 - accounts.production_subsidy[None]) * accounts.sales
    return _frozen(border.sum(axis=(1, 2)) - border.sum(axis=(0, 2)))


def checked_elasticities(
    sectors: tuple[str, ...], trade_elasticity: Any, scale_elasticity: Any
) -> tuple[FloatArray, FloatArray]:
    """Trade and scale elasticities [sector], or WorldError with the sector whose own is none."""
    shape = (len(sectors),)
    theta = _array("trade_elasticity", trade_elasticity, shape)
    psi = _array("scale_elasticity", scale_elasticity, shape)
    lowest, highest = ELASTICITIES
    if (theta <= 0).any():
        raise WorldError(
            "trade_elasticity must be positive; "
            f"{sectors[int(np.argmin(theta))]} has {theta.min():.6g}."
        )
    _refuse_negative("scale_elasticity", psi, (sectors,))
    for name, values, low in (
        ("trade_elasticity", theta, lowest),
        ("scale_elasticity", psi, 0.0),
    ):
        wrong = (values < low) | (values > highest)
        if wrong.any():
            at = int(np.argmax(wrong))
            raise WorldError(
                f"{name}: {sectors[at]} has {values[at]:.6g}, outside {low:g} to {highest:g}."
            )
    return theta, psi


def _flows(kind: str, value: Any, accounts: Accounts) -> FloatArray:
    """Sales at the factory gate from trade at that price or at purchaser prices."""
    e, s = accounts.economies, accounts.sectors
    given = _array(kind, value, (len(e), len(e), len(s)))
    _refuse_negative(kind, given, (e, e, s))
    most = given.max()
    if not SCALE[0] <= most <= SCALE[1]:
        raise WorldError(
            f"{kind}: the largest flow is {most:.6g}; choose a unit in which it lies between "
            f"{SCALE[0]:g} and {SCALE[1]:g}."
        )
    tiny = (given > 0) & (given < SCALE[0] * most)
    if tiny.any():
        raise WorldError(
            f"{kind}: {int(tiny.sum())} flow(s) are below {SCALE[0]:g} of the largest and cannot "
            "be told from zero. Set them to zero (detente.world.cleaning.drop_tiny_flows)."
        )
    refuse_totals(given, e, s)
    return given if kind == "sales" else _frozen(given / accounts.wedge_factor)


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
        if (rates[name] > HIGHEST_RATE).any():
            raise WorldError(
                f"{name}: a rate of {rates[name].max():.6g} is above {HIGHEST_RATE:g}. Rates are "
                "fractions (0.25 is 25 %); a route that is closed has no sales."
            )
    for name in ("production_subsidy", "purchase_subsidy"):
        if (rates[name] >= 1).any():
            raise WorldError(f"{name}: a subsidy of 100 % or more leaves no price.")
        if (rates[name] < -HIGHEST_RATE).any():
            raise WorldError(f"{name}: {rates[name].min():.6g} is below −{HIGHEST_RATE:g}.")
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
    if (final.sum(axis=1) == 0).any():
        idle = e[int(np.argmin(final.sum(axis=1)))]
        raise WorldError(f"{idle} buys nothing for final use: inputs take all that is bought.")
    return _frozen(final / final.sum(axis=1, keepdims=True))
