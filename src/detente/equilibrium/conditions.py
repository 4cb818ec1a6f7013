"""At which rates is a budget spent, a quota filled, a duty triggered?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.equilibrium.result import Equilibrium
from detente.errors import ConvergenceError, InputError

__all__ = ["measured", "solve_compiled", "surge"]

#: Largest miss of an amount or bound, relative to its level.
MET = 1e-9
#: Evaluations after which the rates are given up.
MOST_TRIALS = 80
#: Step of finite differences in a rate.
NUDGE = 1e-5
#: No rate moves further than this in one step.
LONGEST_MOVE = 0.5

Solver = Callable[[Any, Equilibrium | None, dict[str, Any]], Equilibrium]


def solve_compiled(
    compiled: Any, solve_one: Solver, start: Equilibrium | None = None
) -> Equilibrium:
    """The equilibrium of a compiled scenario: free rates found, triggers checked.

    Triggers are worked through from none fired; a duty that was imposed stays. With each set of
    fired triggers the free rates are found anew.

    Parameters
    ----------
    compiled
        See :class:`detente.scenario.compiled.CompiledScenario`.
    solve_one
        Solves one shock from a start, with labels for the result.
    start
        A neighbouring equilibrium; its rates are the first guess if it has as many.

    Raises
    ------
    ConvergenceError
        An amount or bound cannot be met within the range of its rate.
    """
    active: frozenset[int] = frozenset()
    rates = np.array([f.start for f in compiled.free_rates], dtype=float)
    if start is not None and len(start.rates) == len(rates):
        rates = np.array(start.rates, dtype=float)
    found = start
    while True:
        found, rates = _with_rates(compiled, active, rates, solve_one, found)
        fired = {
            t.measure
            for t in compiled.triggers
            if t.measure not in active and surge(found, compiled, t) > t.threshold
        }
        if not fired:
            return found
        active = active | fired


def _with_rates(
    compiled: Any,
    active: frozenset[int],
    rates: FloatArray,
    solve_one: Solver,
    start: Equilibrium | None,
) -> tuple[Equilibrium, FloatArray]:
    """Rates that meet every condition, given which triggers have fired."""
    free = compiled.free_rates
    latest = start

    def at(r: FloatArray) -> tuple[Equilibrium, FloatArray]:
        nonlocal latest
        labels = {
            "compiled": compiled,
            "rates": tuple(float(x) for x in r),
            "active": active,
        }
        shock = compiled.shock(labels["rates"], active)
        latest = solve_one(shock, latest, labels)
        return latest, np.array(
            [_miss(latest, compiled, f, x) for f, x in zip(free, r, strict=True)]
        )

    if not free:
        return at(rates)
    lower = np.array([f.lower for f in free], dtype=float)
    upper = np.array([f.upper for f in free], dtype=float)
    r = np.clip(rates, lower, upper)
    found, miss = at(r)
    trials, slopes, is_fresh = 1, np.eye(len(r)), False
    renew = True
    while np.abs(miss).max() > MET:
        if trials > MOST_TRIALS:
            raise _unmet(compiled, found, r, miss)
        if renew:
            slopes, is_fresh, renew = _slopes(at, r, miss, upper), True, False
            trials += len(r)
        step = np.linalg.lstsq(slopes, -miss, rcond=None)[0]
        for shrink in (1.0, 0.4, 0.1, 0.02):
            trial = np.clip(r + np.clip(shrink * step, -LONGEST_MOVE, LONGEST_MOVE), lower, upper)
            if np.array_equal(trial, r):
                continue
            new, new_miss = at(trial)
            trials += 1
            if np.abs(new_miss).max() < np.abs(miss).max():
                break
        else:
            if is_fresh:
                raise _unmet(compiled, found, r, miss)
            renew = True
            continue
        change = trial - r
        slopes = slopes + np.outer(new_miss - miss - slopes @ change, change) / (change @ change)
        is_fresh = False
        renew = bool(np.abs(new_miss).max() > 0.3 * np.abs(miss).max())
        r, found, miss = trial, new, new_miss
    return found, r


def _slopes(
    at: Callable[[FloatArray], tuple[Equilibrium, FloatArray]],
    r: FloatArray,
    miss: FloatArray,
    upper: FloatArray,
) -> FloatArray:
    """Finite differences of every miss in every rate, [condition, rate]."""
    out = np.empty((len(r), len(r)))
    for k in range(len(r)):
        nudge = NUDGE if r[k] + NUDGE <= upper[k] else -NUDGE
        moved = r.copy()
        moved[k] += nudge
        out[:, k] = (at(moved)[1] - miss) / nudge
    return out


def _miss(found: Equilibrium, compiled: Any, free: Any, rate: float) -> float:
    """How far a condition is from being met, relative to its level; zero when met.

    A bound is met when it holds with the rate at its lower end, or is just reached.
    """
    value = measured(found, compiled, free.measure, free.quantity)
    scale = abs(free.level) or 1.0
    if free.relation == "==":
        return float((value - free.level) / scale)
    slack = (free.level - value if free.relation == "<=" else value - free.level) / scale
    return float(min(rate - free.lower, slack))


def measured(found: Equilibrium, compiled: Any, measure: int, quantity: str) -> float:
    """The quantity that a condition is about.

    "net_cost": what the measure costs its government a year. "import_value": customs value
    (1 + e)(1 − s)V′ of the parts that it hits. "import_quantity": their quantity over the
    baseline's, parts weighted by baseline customs value.
    """
    if quantity == "net_cost":
        return _net_cost(found, compiled, measure)
    parts = compiled.parts_of(measure)
    p = found.shock.parts
    if quantity == "import_value":
        s, e = p.production_subsidy[parts], p.export_tax[parts]
        return float(((1 + e) * (1 - s) * found.parts_sales[parts]).sum())
    if quantity == "import_quantity":
        return _growth(
            found, p.importer[parts], p.exporter[parts], p.sector[parts], p.share[parts], parts
        )
    raise InputError(
        f'condition: no such quantity "{quantity}". Choose from net_cost, import_value, '
        "import_quantity."
    )


def _net_cost(found: Equilibrium, compiled: Any, measure: int) -> float:
    """World currency a year that a measure costs the governments that pay it."""
    ledger = compiled.ledger(found.rates, found.active)
    own = np.asarray(ledger.measure) == measure
    part, rate = np.asarray(ledger.part)[own], np.asarray(ledger.rate)[own]
    instrument = np.asarray(ledger.instrument, dtype=object)[own]
    p = found.shock.parts
    s, e, t = p.production_subsidy[part], p.export_tax[part], p.tariff[part]
    gate = found.parts_sales[part]
    base = {
        "production_subsidy": gate,
        "export_tax": -(1 - s) * gate,
        "tariff": -(1 + e) * (1 - s) * gate,
        "purchase_subsidy": (1 + t) * (1 + e) * (1 - s) * gate,
    }
    return float(sum((rate * base[name])[instrument == name].sum() for name in base))


def _growth(
    found: Equilibrium,
    importer: Any,
    exporter: Any,
    sector: Any,
    share: FloatArray,
    parts: Any = None,
) -> float:
    """Quantity of some flows, or of parts of them, over the baseline's."""
    world = found.world
    s0, e0 = (
        world.production_subsidy[exporter, sector],
        world.export_tax[importer, exporter, sector],
    )
    sales = world.sales[importer, exporter, sector]
    weight = share * sales * (1 + e0) * (1 - s0)
    psi = world.scale_elasticity if found.specification.scale else 0 * world.scale_elasticity
    gate_price = (found.unit_cost_hat / found.labour_hat**psi)[exporter, sector]
    buys = weight > 0
    if not buys.any():
        return 1.0
    if parts is None:
        value, delta = found.sales_prime[importer, exporter, sector] * share, 1.0
    else:
        value, delta = found.parts_sales[parts], found.shock.parts.resource_cost[parts]
    safe = np.where(buys, share * sales, 1.0)
    growth = np.where(buys, value / safe, 0.0) / (gate_price * delta)
    return float((weight * growth)[buys].sum() / weight[buys].sum())


def surge(found: Equilibrium, compiled: Any, trigger: Any) -> float:
    """Imports that a trigger watches, over their baseline.

    Watched parts of flows are followed line by line; other watched flows count as a whole.
    """
    watch = trigger.watch
    p = found.shock.parts
    part = np.asarray(watch.part)
    lines, whole = part[part >= 0], part < 0
    pieces: list[tuple[float, float]] = []
    if trigger.quantity not in ("import_quantity", "import_value"):
        raise InputError(f'trigger: no such quantity "{trigger.quantity}".')
    world = found.world

    def add(n: Any, i: Any, j: Any, share: FloatArray, lines: Any, value_now: FloatArray) -> None:
        customs = (1 + world.export_tax[n, i, j]) * (1 - world.production_subsidy[i, j])
        before = share * world.sales[n, i, j] * customs
        if trigger.quantity == "import_quantity":
            pieces.append((float(before.sum()), _growth(found, n, i, j, share, lines)))
        elif before.sum() > 0:
            pieces.append((float(before.sum()), float((value_now).sum() / before.sum())))

    if len(lines):
        value = (
            (1 + p.export_tax[lines]) * (1 - p.production_subsidy[lines]) * found.parts_sales[lines]
        )
        add(p.importer[lines], p.exporter[lines], p.sector[lines], p.share[lines], lines, value)
    if whole.any():
        n, i, j = watch.importer[whole], watch.exporter[whole], watch.sector[whole]
        share = watch.share[whole]
        customs = (1 + found.shock.export_tax[n, i, j]) * (1 - found.shock.production_subsidy[i, j])
        add(n, i, j, share, None, share * customs * found.sales_prime[n, i, j])
    total = sum(weight for weight, _ in pieces)
    return sum(weight * growth for weight, growth in pieces) / total if total > 0 else 1.0


def _unmet(
    compiled: Any, found: Equilibrium, rates: FloatArray, miss: FloatArray
) -> ConvergenceError:
    k = int(np.argmax(np.abs(miss)))
    free = compiled.free_rates[k]
    value = measured(found, compiled, free.measure, free.quantity)
    at_end = "the end of its range" if rates[k] in (free.lower, free.upper) else "this rate"
    words = {
        "net_cost": "its net cost",
        "import_value": "the value of the imports it covers",
        "import_quantity": "the quantity of the imports it covers, over the baseline's,",
    }
    return ConvergenceError(
        f'measure "{compiled.measure_ids[free.measure]}": {words[free.quantity]} is '
        f"{value:.6g} at a rate of {rates[k]:.4g} ({at_end}: {free.lower:g} to {free.upper:g}), "
        f"but should be {free.relation} {free.level:.6g}. Ask for less, or widen the range."
    )
