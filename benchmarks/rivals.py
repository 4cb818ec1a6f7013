"""How long do the usual ways of solving the same problem take?

Plain NumPy and SciPy, for the model that all of them share: mobile labour, Cobb-Douglas inputs,
tariffs, no economies of scale, fixed transfers. Every rival is asked for the same residual on
the same world and shock, and its answer is held against ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import fsolve, newton_krylov

from detente.measures.shock import Shock
from detente.world.model import World

#: Largest residual that a rival may stop at.
TOLERANCE = 1e-10


@dataclass
class Model:
    """The arrays that every rival needs."""

    pi: np.ndarray
    a: np.ndarray
    at_gate: np.ndarray
    theta: np.ndarray
    v: np.ndarray
    labour: np.ndarray
    g: np.ndarray
    alpha: np.ndarray
    wages0: np.ndarray
    transfer: np.ndarray

    @classmethod
    def of(cls, world: World, shock: Shock) -> Model:
        theta = world.trade_elasticity
        kappa = (1 + shock.tariff) / (1 + world.tariff)
        pi = world.expenditure_share
        a = pi * kappa**-theta
        v = world.value_added_share
        return cls(
            pi=pi,
            a=a,
            at_gate=a / (1 + shock.tariff),
            theta=theta,
            v=v,
            labour=world.labour_share,
            g=world.input_share,
            alpha=world.final_share,
            wages0=world.labour_income.sum(axis=1),
            transfer=world.transfer,
        )

    def prices(self, w: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """One sweep of prices: purchaser prices and sellers' pull."""
        ln_c = self.v * np.log(w)[:, None] + np.einsum("nkj,nk->nj", self.g, np.log(p))
        z = np.exp(-self.theta * ln_c)
        return np.einsum("nij,ij->nj", self.a, z) ** (-1 / self.theta), z

    def trade(self, p: np.ndarray, z: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sales at the gate and tariff revenue."""
        demand = x * p**self.theta
        sales = z * np.einsum("nij,nj->ij", self.at_gate, demand)
        revenue = (x - demand * np.einsum("nij,ij->nj", self.at_gate, z)).sum(axis=1)
        return sales, revenue

    def spending(self, w: np.ndarray, sales: np.ndarray, revenue: np.ndarray) -> np.ndarray:
        income = w * self.wages0 + revenue + self.transfer
        return self.alpha * income[:, None] + np.einsum("njk,nk->nj", self.g, sales)


def damped_iteration(m: Model) -> tuple[np.ndarray, int]:
    """Everything updated once a round, wages with a damped step."""
    n, j = m.alpha.shape
    w, p = np.ones(n), np.ones((n, j))
    sales = m.wages0[:, None] * np.ones((n, j)) / m.v / j
    revenue = np.zeros(n)
    count, gap = 0, np.inf
    while gap > TOLERANCE and count < 20_000:
        count += 1
        new_p, z = m.prices(w, p)
        x = m.spending(w, sales, revenue)
        new_sales, new_revenue = m.trade(new_p, z, x)
        paid = (m.labour * new_sales).sum(axis=1)
        gap_w = paid / (w * m.wages0)
        gap = max(
            np.abs(new_p / p - 1).max(),
            np.abs(new_sales - sales).max() / sales.max(),
            np.abs(gap_w - 1).max(),
        )
        w = w * gap_w**0.2
        scale = (w * m.wages0).sum() / m.wages0.sum()
        w, p, sales, revenue = w / scale, new_p / scale, new_sales / scale, new_revenue / scale
    return welfare(m, w, p, sales, revenue), count


def nested_fsolve(m: Model) -> tuple[np.ndarray, int]:
    """MINPACK on wages; prices iterated and spending solved as a dense linear system inside."""
    n, j = m.alpha.shape
    count = 0
    last: dict[str, np.ndarray] = {}

    def excess(ln_w: np.ndarray) -> np.ndarray:
        nonlocal count
        count += 1
        w = np.exp(np.append(ln_w, 0.0))
        w = w * m.wages0.sum() / (w * m.wages0).sum()
        p = np.ones((n, j))
        while True:
            new_p, z = m.prices(w, p)
            done = np.abs(new_p / p - 1).max() < 1e-12
            p = new_p
            if done:
                break
        # sales are linear in spending, revenue too: one dense system in spending
        share = m.at_gate * z[None] * (p**m.theta)[:, None, :]
        kept = 1 - share.sum(axis=1)
        system = np.eye(n * j).reshape(n, j, n, j)
        for buyer in range(n):
            system[:, :, buyer, :] -= np.einsum("njk,nk->njk", m.g, share[buyer])
        idx = np.arange(n)
        system[idx, :, idx, :] -= m.alpha[:, :, None] * kept[:, None, :]
        right = m.alpha * (w * m.wages0 + m.transfer)[:, None]
        x = np.linalg.solve(system.reshape(n * j, n * j), right.ravel()).reshape(n, j)
        sales = np.einsum("nij,nj->ij", share, x)
        last.update(w=w, p=p, sales=sales, revenue=(kept * x).sum(axis=1))
        return ((m.labour * sales).sum(axis=1) / (w * m.wages0) - 1)[:-1]

    fsolve(excess, np.zeros(n - 1), xtol=1e-12)
    excess_now = np.abs((m.labour * last["sales"]).sum(axis=1) / (last["w"] * m.wages0) - 1).max()
    if excess_now > 1e-8:
        raise RuntimeError(f"fsolve stopped at {excess_now:.1e}")
    return welfare(m, last["w"], last["p"], last["sales"], last["revenue"]), count


def krylov(m: Model) -> tuple[np.ndarray, int]:
    """SciPy's Newton-Krylov on all unknowns together."""
    n, j = m.alpha.shape
    count = 0
    size = n * j
    start_sales = m.wages0[:, None] * np.ones((n, j)) / m.v / j

    def parts(y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        p = np.exp(y[:size].reshape(n, j))
        sales = start_sales * np.exp(y[size : 2 * size].reshape(n, j))
        revenue = y[2 * size : 2 * size + n] * m.wages0
        return p, sales, revenue, np.exp(y[2 * size + n :])

    def gap(y: np.ndarray) -> np.ndarray:
        nonlocal count
        count += 1
        p, sales, revenue, w = parts(y)
        new_p, z = m.prices(w, p)
        new_sales, new_revenue = m.trade(new_p, z, m.spending(w, sales, revenue))
        paid = (m.labour * new_sales).sum(axis=1)
        scale = np.log((w * m.wages0).sum() / m.wages0.sum())
        return np.concatenate(
            [
                (np.log(new_p) - np.log(p)).ravel(),
                (np.log(new_sales) - np.log(sales)).ravel(),
                (new_revenue - revenue) / m.wages0,
                0.3 * np.log(paid / (w * m.wages0)) - scale,
            ]
        )

    found = newton_krylov(gap, np.zeros(2 * size + 2 * n), f_tol=TOLERANCE, maxiter=200)
    p, sales, revenue, w = parts(found)
    return welfare(m, w, p, sales, revenue), count


def welfare(
    m: Model, w: np.ndarray, p: np.ndarray, sales: np.ndarray, revenue: np.ndarray
) -> np.ndarray:
    """Real income, up to the baseline's own level."""
    income = w * m.wages0 + revenue + m.transfer
    return income / np.exp((m.alpha * np.log(p)).sum(axis=1))


RIVALS: dict[str, Callable[[Model], tuple[np.ndarray, int]]] = {
    "damped iteration, NumPy": damped_iteration,
    "Newton-Krylov, SciPy": krylov,
    "fsolve on wages with dense inner solve, SciPy": nested_fsolve,
}
