"""What is the world like once a change is taken as the new normal?"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import FloatArray
from detente.equilibrium.one_shock import solve_shock
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.specification import Specification, specification_or_default
from detente.errors import ConvergenceError, InputError
from detente.measures.shock import Shock
from detente.world.model import World

__all__ = ["balanced_baseline", "rebase", "world_of"]

#: A new baseline is solved this well, so that its own accounts hold to rounding.
REBASED = 1e-12
#: Transfers below this share of world value added are none.
NO_TRANSFER = 1e-13

_BALANCED: WeakKeyDictionary[World, dict[Specification, World]] = WeakKeyDictionary()


def rebase(
    world: World,
    to: Equilibrium | ArrayLike | None = None,
    *,
    specification: Specification | None = None,
) -> World:
    r"""The counterfactual as a world of its own.

    Parameters
    ----------
    world
        The baseline.
    to
        An equilibrium of this world, or the transfers [economy] that the new baseline shall
        have; None for none, the balanced baseline.
    specification
        Technology and labour market under which transfers are changed.

    Returns
    -------
    A world whose sales, wedges, shares and transfers are those of the counterfactual.

    Raises
    ------
    InputError
        A measure hits only part of a flow: the new world would need two wedges on one flow.

    Examples
    --------
    >>> from detente.world.model import World
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [30.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> balanced = rebase(world)
    >>> bool(abs(balanced.transfer).max() < 1e-9 * balanced.world_value_added)
    True
    """
    if isinstance(to, Equilibrium):
        return world_of(to)
    wanted = np.zeros(len(world.economies)) if to is None else np.asarray(to, dtype=float)
    if wanted.shape != world.transfer.shape or abs(wanted.sum()) > 1e-9 * world.world_value_added:
        raise InputError("rebase: transfers need one number per economy and must sum to zero.")
    asked = specification_or_default(specification)
    closure = "trade-balance" if asked.closure_of(world) == "trade-balance" else "given"
    solved = solve_shock(
        world,
        Shock.of(world, transfer_change=wanted - world.transfer),
        _with_closure(asked, closure),
        tolerance=REBASED,
    )
    return world_of(solved)


def balanced_baseline(world: World, specification: Specification) -> World:
    """The world solved again without transfers; found once, kept as long as the world lives."""
    if np.abs(world.transfer).max() <= NO_TRANSFER * world.world_value_added:
        return world
    asked = _with_closure(specification, "given")
    known = _BALANCED.setdefault(world, {})
    if asked not in known:
        try:
            known[asked] = rebase(world, specification=asked)
        except ConvergenceError as failure:
            raise ConvergenceError(
                'closure "balanced": the baseline without transfers could not be reached. '
                f"{failure} Or balance it without economies of scale: "
                "rebase(world, specification=Specification(scale=False))."
            ) from failure
    return known[asked]


def _with_closure(specification: Specification, closure: str) -> Specification:
    return Specification(
        closure=closure,
        labour=specification.labour,
        roy_elasticity=specification.roy_elasticity,
        labour_supply_elasticity=specification.labour_supply_elasticity,
        input_elasticity=specification.input_elasticity,
        scale=specification.scale,
    )


def world_of(found: Equilibrium) -> World:
    """An equilibrium as the baseline of a new world."""
    world = found.world
    wedges = _whole_wedges(found)
    output, labour_income = world.output, world.labour_income
    growth = np.where(output > 0, found.output_prime / np.where(output > 0, output, 1.0), 1.0)
    psi = world.scale_elasticity if found.specification.scale else 0.0 * world.scale_elasticity
    gate_price = found.unit_cost_hat / np.where(found.labour_hat > 0, found.labour_hat, 1.0) ** psi
    quantity = growth / gate_price
    changes: dict[str, object] = dict(wedges)
    if found.input_share_prime is not None:
        sells = found.output_prime > 0
        safe = np.where(sells, found.output_prime, 1.0)
        changes["input_share"] = found.input_share_prime
        changes["value_added_share"] = np.where(
            sells, found.labour_income_prime / safe + world.profit_share, world.value_added_share
        )
    if world.employment is not None:
        changes["employment"] = world.employment * np.where(
            found.output_prime > 0, found.workers_hat, 0.0
        )
    if world.emissions is not None:
        changes["emissions"] = world.emissions * quantity
    if world.value_added_net_of_taxes is not None:
        safe = np.where(labour_income > 0, labour_income, 1.0)
        changes["value_added_net_of_taxes"] = world.value_added_net_of_taxes * np.where(
            labour_income > 0, found.labour_income_prime / safe, 1.0
        )
    for value in changes.values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    sales = np.array(found.sales_prime)
    sales.flags.writeable = False
    return world.with_(sales=sales, transfer=found.transfer_prime, is_consistent=True, **changes)


def _whole_wedges(found: Equilibrium) -> dict[str, FloatArray]:
    """The wedges that every flow pays after the change, where it pays one level."""
    world, shock, parts = found.world, found.shock, found.shock.parts
    wedges = {
        "tariff": shock.tariff,
        "export_tax": shock.export_tax,
        "purchase_subsidy": shock.purchase_subsidy,
        "production_subsidy": shock.production_subsidy,
    }
    if not len(parts):
        return wedges
    at = (parts.importer, parts.exporter, parts.sector)
    buys = world.sales[at] > 0
    if np.any(buys & (parts.share < 1 - 1e-9)):
        n, i, j = (int(a[np.flatnonzero(buys & (parts.share < 1 - 1e-9))[0]]) for a in at)
        raise InputError(
            f"rebase: a measure hits only part of {world.sectors[j]} from {world.economies[i]} to "
            f"{world.economies[n]}, and a world has one wedge a flow. Compare two equilibria of "
            "one world instead."
        )
    for name in ("tariff", "export_tax", "purchase_subsidy"):
        array = np.array(wedges[name])
        array[at] = getattr(parts, name)
        wedges[name] = array
    # a production subsidy belongs to the seller: every buyer's part must say the same
    paid = np.broadcast_to(shock.production_subsidy[None], world.sales.shape).copy()
    paid[at] = parts.production_subsidy
    sold = world.sales > 0
    low = np.where(sold, paid, np.inf).min(axis=0)
    high = np.where(sold, paid, -np.inf).max(axis=0)
    mixed = sold.any(axis=0) & (high - low > 1e-12)
    if mixed.any():
        i, j = (int(k) for k in np.argwhere(mixed)[0])
        raise InputError(
            f"rebase: {world.sectors[j]} in {world.economies[i]} is subsidised for some buyers "
            "only, and a world has one production subsidy a producer."
        )
    wedges["production_subsidy"] = np.where(sold.any(axis=0), low, shock.production_subsidy)
    return wedges
