r"""What does the model say, computed the plain way?

An independent solver of the economy described on the theory page, written from its equations
alone. It shares no code with :mod:`detente.equilibrium` and no trick either: every variable is an
unknown, every equation is a residual, no equation is dropped. Derivatives are exact (complex
steps), each system is solved by Gauss-Newton, and a shock is followed from nothing to its full
size in steps that are halved when Newton fails, so that with scale economies the equilibrium
reached is the one joined to the baseline.

It is dense and slow on purpose: four economies and four sectors take a fraction of a second,
seven by forty-four take a minute. Use it to check the engine, nothing else.

Axes as everywhere: importer n, exporter i, sector j; economy, input, sector. A flow is cut into
*varieties*: one for each part that some measure hits and one for the rest, kept in a flat table.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

Real = NDArray[np.float64]
Any_ = NDArray[Any]

#: Largest residual of any equation, relative, at which Newton stops.
NEWTON_TOLERANCE = 2e-13
#: Largest residual, relative, with which a solution is accepted (Newton may stall on rounding).
ACCEPTED = 2e-12
#: Imaginary step of the derivative: exact to rounding, there is no difference to lose digits in.
COMPLEX_STEP = 1e-30


@dataclass(frozen=True)
class Baseline:
    """The economy before the change, in plain arrays."""

    sales: Real  # V[n, i, j], factory gate
    value_added_share: Real  # v[n, j] of gross output
    input_share: Real  # g[n, k, j] of gross output
    final_share: Real  # alpha[n, j]
    theta: Real  # [j]
    psi: Real  # [j]
    tariff: Real  # t[n, i, j]
    export_tax: Real  # e[n, i, j]
    production_subsidy: Real  # s[i, j]
    purchase_subsidy: Real  # b[n, i, j]
    transfer: Real  # D[n]
    fixed_entry: bool = False


@dataclass(frozen=True)
class Rules:
    """Which closing and which labour market."""

    closure: str = "fixed-transfer"
    labour: str = "mobile"
    roy_elasticity: float | None = None
    labour_supply_elasticity: float = 0.0
    input_elasticity: float = 1.0


@dataclass(frozen=True)
class Varieties:
    """Flows cut into what is hit alike: c[h] of flow (n, i, j) pays these levels."""

    n: NDArray[np.int64]
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    c: Real
    t: Real
    e: Real
    s: Real
    b: Real
    delta_hat: Real  # resource cost over baseline; inf closes the variety


@dataclass(frozen=True)
class Change:
    """Everything exogenous after the change."""

    varieties: Varieties
    productivity_hat: Real  # [i, j]
    labour_hat: Real  # [i]
    transfer_change: Real  # [n], in currency at an unchanged numeraire


@dataclass(frozen=True)
class Solution:
    """Levels and ratios after the change."""

    price_hat: Real
    unit_cost_hat: Real
    wage_hat: Real
    labour_hat: Real
    labour_supply_hat: Real
    expenditure_prime: Real
    sales_prime: Real
    labour_income_prime: Real
    profits_prime: Real
    net_revenue_prime: Real
    income_prime: Real
    transfer_prime: Real
    varieties_sales: Real
    input_share_prime: Real
    residual: float
    residual_by_equation: dict[str, float] = field(default_factory=dict)


class NoSolution(Exception):
    """Newton failed even with the smallest step along the path."""


# ---- baseline accounts --------------------------------------------------------------------


def profit_share(world: Baseline) -> Real:
    """1/sigma of sales under a fixed number of firms, sigma = theta + 1."""
    return 1 / (1 + world.theta) if world.fixed_entry else np.zeros_like(world.theta)


def labour_share(world: Baseline) -> Real:
    """Labour's part of sales."""
    return world.value_added_share - profit_share(world)[None, :]


def wedge(t: Any_, e: Any_, s: Any_, b: Any_) -> Any_:
    """K: purchaser price over factory-gate price, resource cost apart."""
    return (1 - s) * (1 + e) * (1 + t) * (1 - b)


def whole_flows(world: Baseline) -> Varieties:
    """Every flow as one variety that pays the baseline's wedges."""
    n, i, j = np.nonzero(world.sales)
    return Varieties(
        n,
        i,
        j,
        np.ones(len(n)),
        world.tariff[n, i, j],
        world.export_tax[n, i, j],
        world.production_subsidy[i, j],
        world.purchase_subsidy[n, i, j],
        np.ones(len(n)),
    )


def no_change(world: Baseline) -> Change:
    """Nothing moves."""
    economies, sectors = world.final_share.shape
    return Change(
        whole_flows(world),
        np.ones((economies, sectors)),
        np.ones(economies),
        np.zeros(economies),
    )


def part_of_the_way(world: Baseline, change: Change, way: float) -> Change:
    """A fraction of a change: levels of wedges in proportion, the rest geometrically.

    A closed variety is closed through the weight delta^-theta, which goes linearly from 1 to 0.
    """
    h = change.varieties
    base = (
        world.tariff[h.n, h.i, h.j],
        world.export_tax[h.n, h.i, h.j],
        world.production_subsidy[h.i, h.j],
        world.purchase_subsidy[h.n, h.i, h.j],
    )
    levels = [old + way * (new - old) for old, new in zip(base, (h.t, h.e, h.s, h.b), strict=True)]
    theta = world.theta[h.j]
    weight = 1 + way * (h.delta_hat**-theta - 1)
    with np.errstate(divide="ignore"):
        delta = weight ** (-1 / theta)
    return Change(
        Varieties(h.n, h.i, h.j, h.c, levels[0], levels[1], levels[2], levels[3], delta),
        change.productivity_hat**way,
        change.labour_hat**way,
        change.transfer_change * way,
    )


# ---- the economy, given trial values of every unknown --------------------------------------


@dataclass(frozen=True)
class Unknowns:
    """Logs of ratios to the baseline."""

    price: Any_  # ln P_hat[n, j]
    spending: Any_  # ln X_hat[n, j]
    wage: Any_  # ln w_hat[i, j], per efficiency unit
    labour: Any_  # ln L_hat[i, j], efficiency units
    supply: Any_  # ln L_hat[i], total labour supplied
    income: Any_  # ln Y_hat[n]

    @classmethod
    def from_vector(cls, z: Any_, economies: int, sectors: int) -> Unknowns:
        cells = economies * sectors
        cuts = np.cumsum([cells, cells, cells, cells, economies])
        p, x, w, labour, supply, y = np.split(z, cuts)
        shape = (economies, sectors)
        return cls(
            p.reshape(shape), x.reshape(shape), w.reshape(shape), labour.reshape(shape), supply, y
        )


def evaluate(
    world: Baseline, change: Change, rules: Rules, z: Any_
) -> tuple[dict[str, Any_], dict[str, Any_]]:
    """Residual of every equation, and the variables on the way."""
    economies, sectors = world.final_share.shape
    u = Unknowns.from_vector(z, economies, sectors)
    v, g, alpha, theta = (
        world.value_added_share,
        world.input_share,
        world.final_share,
        world.theta,
    )
    profit = profit_share(world)
    wages = labour_share(world)
    h = change.varieties

    # the baseline
    base_wedge = wedge(
        world.tariff, world.export_tax, world.production_subsidy[None], world.purchase_subsidy
    )
    spending_by_source = world.sales * base_wedge
    spending = spending_by_source.sum(axis=1)
    output = world.sales.sum(axis=0)
    labour_income = wages * output
    world_value_added = (v * output).sum()
    bought = spending > 0
    made = labour_income > 0
    base_income = (spending - np.einsum("nkj,nj->nk", g, output)).sum(axis=1)

    p_hat, w_hat = np.exp(u.price), np.exp(u.wage)
    l_hat, supply_hat = np.exp(u.labour), np.exp(u.supply)

    # technology: shares of cost, Cobb-Douglas or one CES nest of labour and inputs
    labour_cost, input_cost = wages / (1 - profit), g / (1 - profit)
    if rules.input_elasticity == 1:
        ln_factors = labour_cost * u.wage + np.einsum("nkj,nk->nj", input_cost, u.price)
    else:
        power = 1 - rules.input_elasticity
        labour_moved = labour_cost * w_hat**power
        inputs_moved = input_cost * (p_hat**power)[:, :, None]
        nest = labour_moved + inputs_moved.sum(axis=1)
        ln_factors = np.log(nest) / power
        labour_cost = labour_moved / nest
        input_cost = inputs_moved / nest[:, None, :]
    wages_prime = labour_cost * (1 - profit)  # of sales
    g_prime = input_cost * (1 - profit)
    ln_cost = ln_factors - np.log(change.productivity_hat)

    # sourcing, variety by variety
    paid = wedge(h.t, h.e, h.s, h.b)
    with np.errstate(divide="ignore"):
        ln_kappa_hat = np.log(h.delta_hat) + np.log(paid / base_wedge[h.n, h.i, h.j])
    closed = np.isinf(ln_kappa_hat)
    exponent = np.where(closed, 0.0, ln_kappa_hat) + (
        ln_cost[h.i, h.j] - world.psi[h.j] * u.labour[h.i, h.j]
    )
    a = np.where(
        closed,
        0.0,
        (spending_by_source[h.n, h.i, h.j] / spending[h.n, h.j])
        * h.c
        * np.exp(-theta[h.j] * exponent),
    )
    sum_a = np.zeros((economies, sectors), dtype=z.dtype)
    np.add.at(sum_a, (h.n, h.j), a)
    x_prime = spending * np.exp(u.spending)
    spent = a / sum_a[h.n, h.j] * x_prime[h.n, h.j]
    gate = spent / paid  # factory-gate value of each variety

    def summed(values: Any_, *axes: NDArray[np.int64]) -> Any_:
        out = np.zeros((economies, sectors)[: len(axes)], dtype=z.dtype)
        np.add.at(out, axes, values)
        return out

    sold = summed(gate, h.i, h.j)

    # who collects, who pays
    after_subsidy = (1 - h.s) * gate
    border = (1 + h.e) * after_subsidy
    landed = (1 + h.t) * border
    revenue = summed(h.e * after_subsidy - h.s * gate, h.i)
    revenue = revenue + summed(h.t * border - h.b * landed, h.n)

    # incomes
    earned = labour_income * w_hat * l_hat
    profits = (profit * sold).sum(axis=1)
    income = base_income * np.exp(u.income)
    value_added_prime = earned.sum() + profits.sum()
    if rules.closure in ("fixed-transfer", "given", "trade-balance"):
        transfer = world.transfer + change.transfer_change
    elif rules.closure == "balanced":
        transfer = 0 * world.transfer + change.transfer_change
    elif rules.closure == "proportional":
        rate = world.transfer / base_income
        transfer = income * (rate - (rate * income).sum() / income.sum()) + change.transfer_change
    else:
        raise ValueError(rules.closure)
    transfer = transfer * value_added_prime / world_value_added

    # labour supply answers the real wage: labour income per head over the price of consumption
    ln_cost_of_living = (alpha * u.price).sum(axis=1)
    per_head = earned.sum(axis=1) / labour_income.sum(axis=1) / supply_hat
    ln_supply = np.log(change.labour_hat) + rules.labour_supply_elasticity * (
        np.log(per_head) - ln_cost_of_living
    )

    labour_shares = labour_income / labour_income.sum(axis=1, keepdims=True)
    if rules.labour == "mobile":
        # one wage in all sectors; hours add up
        first = np.argmax(made, axis=1)
        everyone = np.arange(economies)
        labour_rule = np.where(made, u.wage - u.wage[everyone, first][:, None], u.wage)
        hours = (labour_shares * l_hat).sum(axis=1) / supply_hat - 1
        labour_rule[everyone, first] = hours
    elif rules.labour == "specific":
        labour_rule = np.where(made, u.labour - u.supply[:, None], u.wage)
    elif rules.labour == "roy":
        zeta = rules.roy_elasticity
        assert zeta is not None
        phi = (labour_shares * w_hat**zeta).sum(axis=1, keepdims=True)
        income_hat = supply_hat[:, None] * phi ** (1 / zeta)
        share_hat = w_hat**zeta / phi
        labour_rule = np.where(made, np.log(share_hat * income_hat / w_hat) - u.labour, u.wage)
    else:
        raise ValueError(rules.labour)

    # what sells pays its labour, or (trade-balance) what is bought abroad is paid for
    paid_out = np.where(made, wages_prime * sold, 1)
    demand = np.where(made, np.log(paid_out / np.where(made, earned, 1)), u.labour)
    if rules.closure == "trade-balance":
        foreign = h.n != h.i
        imports = summed(np.where(foreign, border, 0), h.n)
        exports = summed(np.where(foreign, border, 0), h.i)
        external = (imports - exports - transfer) / base_income
        # the split over sectors follows sales; their total follows the external account
        gap = (wages_prime * sold).sum(axis=1) / earned.sum(axis=1)
        split = np.where(made, demand - np.log(gap)[:, None], demand)
        # one sector's split follows from the others: put the external account there
        largest = np.argmax(labour_income, axis=1)
        split[np.arange(economies), largest] = external
        demand = split

    goods = alpha * income[:, None] + np.einsum("nkj,nj->nk", g_prime, sold)
    residuals = {
        "price": np.where(bought, np.log(np.where(bought, sum_a, 1)) + theta * u.price, u.price),
        "goods": np.where(bought, goods / np.where(bought, x_prime, 1) - 1, u.spending),
        "labour demand": demand,
        "labour supply by sector": labour_rule,
        "labour supply": u.supply - ln_supply,
        "income": (earned.sum(axis=1) + revenue + profits + transfer) / income - 1,
        "numeraire": np.array([value_added_prime / world_value_added - 1]),
    }
    sales_prime = np.zeros((economies, economies, sectors), dtype=z.dtype)
    np.add.at(sales_prime, (h.n, h.i, h.j), gate)
    found = {
        "price_hat": p_hat,
        "unit_cost_hat": np.exp(ln_cost),
        "wage_hat": w_hat,
        "labour_hat": l_hat,
        "labour_supply_hat": supply_hat,
        "expenditure_prime": x_prime,
        "sales_prime": sales_prime,
        "labour_income_prime": earned,
        "profits_prime": profits,
        "net_revenue_prime": revenue,
        "income_prime": income,
        "transfer_prime": transfer,
        "varieties_sales": gate,
        "input_share_prime": g_prime,
    }
    return residuals, found


# ---- solving ------------------------------------------------------------------------------


def stacked(residuals: dict[str, Any_]) -> Any_:
    """All residuals as one vector."""
    return np.concatenate([r.ravel() for r in residuals.values()])


def newton(
    world: Baseline, change: Change, rules: Rules, start: Real, steps: int = 25
) -> Real | None:
    """Gauss-Newton on all equations at once; None when it does not get there.

    Walras' law makes one equation follow from the others, so the system with the numeraire has
    one equation more than unknowns and still a solution: least squares needs no choice of which
    market to leave out, and a breach of Walras' law would show as a residual that stays.
    """
    z = start.copy()
    best, best_size = z, np.inf
    for _ in range(steps):
        residual = stacked(evaluate(world, change, rules, z)[0])
        size = float(np.abs(residual).max())
        if not np.isfinite(size):
            return None
        if size < best_size:
            best, best_size = z, size
        elif best_size < ACCEPTED:
            break  # rounding is reached
        if size < NEWTON_TOLERANCE:
            break
        jacobian = np.empty((len(residual), len(z)))
        trial = z.astype(complex)
        for k in range(len(z)):
            trial[k] += 1j * COMPLEX_STEP
            jacobian[:, k] = stacked(evaluate(world, change, rules, trial)[0]).imag / COMPLEX_STEP
            trial[k] = z[k]
        # complete orthogonal factorisation: as safe as singular values, several times faster
        move = scipy.linalg.lstsq(jacobian, -residual, lapack_driver="gelsy")[0]
        largest = np.abs(move).max()
        if not np.isfinite(largest) or largest > 5:
            return None  # too far for Newton: the caller takes a shorter way
        z = z + move
    return best if best_size < ACCEPTED else None


def follow(
    world: Baseline, change: Change, rules: Rules, first_step: float, shortest: float = 1e-4
) -> Real:
    """From the baseline along the path of the change to its full size."""
    economies, sectors = world.final_share.shape
    z = np.zeros(4 * economies * sectors + 2 * economies)
    way, step = 0.0, first_step
    while way < 1:
        ahead = min(1.0, way + step)
        reached = newton(world, part_of_the_way(world, change, ahead), rules, z)
        # A long jump in the answer may have changed branch: go there in shorter steps.
        if reached is None or (np.abs(reached - z).max() > 1.5 and step > 0.02):
            step /= 2
            if step < shortest:
                raise NoSolution(f"stopped at {way:.4f} of the way")
            continue
        z, way = reached, ahead
        step = min(first_step, step * 1.5)
    return z


def solve(
    world: Baseline, change: Change, rules: Rules | None = None, first_step: float | None = None
) -> Solution:
    """The equilibrium after `change`; with closure "balanced", of the world balanced first."""
    rules = rules or Rules()
    if rules.closure == "balanced":
        world = balanced(world, rules)
    if first_step is None:
        first_step = 0.1 if world.psi.any() else 0.5
    z = follow(world, change, rules, first_step)
    residuals, found = evaluate(world, change, rules, z)
    by_equation = {name: float(np.abs(r).max()) for name, r in residuals.items()}
    return Solution(**found, residual=max(by_equation.values()), residual_by_equation=by_equation)


def rebased(world: Baseline, change: Change, solution: Solution) -> Baseline:
    """The economy after the change as a new baseline (whole flows only: no measured parts)."""
    h = change.varieties
    if not np.all(h.c == 1):
        raise ValueError("a flow in parts is no baseline")

    def dense(values: Real, like: Real) -> Real:
        out = like.copy()
        out[h.n, h.i, h.j] = values
        return out

    subsidy = world.production_subsidy.copy()
    subsidy[h.i, h.j] = h.s
    inputs = solution.input_share_prime
    return replace(
        world,
        sales=solution.sales_prime,
        input_share=inputs,
        value_added_share=world.value_added_share + (world.input_share - inputs).sum(axis=1),
        tariff=dense(h.t, world.tariff),
        export_tax=dense(h.e, world.export_tax),
        purchase_subsidy=dense(h.b, world.purchase_subsidy),
        production_subsidy=subsidy,
        transfer=solution.transfer_prime,
    )


def balanced(world: Baseline, rules: Rules, first_step: float = 0.25) -> Baseline:
    """The same economy without transfers, everything else in force unchanged."""
    change = replace(no_change(world), transfer_change=-world.transfer)
    rules = replace(rules, closure="fixed-transfer")
    solution = solve(world, change, rules, first_step)
    return rebased(world, change, solution)


# ---- connecting with the package's own objects ------------------------------------------------


def baseline_of(world: Any, scale: bool = True) -> Baseline:
    """The plain arrays of a :class:`detente.World`."""
    return Baseline(
        sales=np.array(world.sales),
        value_added_share=np.array(world.value_added_share),
        input_share=np.array(world.input_share),
        final_share=np.array(world.final_share),
        theta=np.array(world.trade_elasticity),
        psi=np.array(world.scale_elasticity) * (1.0 if scale else 0.0),
        tariff=np.array(world.tariff),
        export_tax=np.array(world.export_tax),
        production_subsidy=np.array(world.production_subsidy),
        purchase_subsidy=np.array(world.purchase_subsidy),
        transfer=np.array(world.transfer),
        fixed_entry=world.market_structure == "fixed-entry",
    )


def change_of(world: Any, shock: Any) -> Change:
    """The table of varieties of a :class:`detente.measures.Shock`: its parts, then the rests."""
    parts = shock.parts
    rest = np.ones_like(world.sales)
    np.subtract.at(rest, (parts.importer, parts.exporter, parts.sector), parts.share)
    rest[np.abs(rest) < 1e-14] = 0.0
    n, i, j = np.nonzero((world.sales > 0) & (rest > 0))
    live = world.sales[parts.importer, parts.exporter, parts.sector] > 0

    def joined(of_parts: Any, of_rest: Any) -> Any:
        return np.concatenate([np.asarray(of_parts)[live], of_rest])

    varieties = Varieties(
        joined(parts.importer, n),
        joined(parts.exporter, i),
        joined(parts.sector, j),
        joined(parts.share, rest[n, i, j]),
        joined(parts.tariff, shock.tariff[n, i, j]),
        joined(parts.export_tax, shock.export_tax[n, i, j]),
        joined(parts.production_subsidy, shock.production_subsidy[i, j]),
        joined(parts.purchase_subsidy, shock.purchase_subsidy[n, i, j]),
        joined(parts.resource_cost, shock.resource_cost[n, i, j]),
    )
    return Change(varieties, shock.productivity, shock.labour, shock.transfer_change)
