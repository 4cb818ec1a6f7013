"""Are published and independently computed results replicated, each to its own tolerance?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.replications import published


def check(rows: list[published.Comparison]) -> None:
    """Every comparison within its tolerance; all that miss are named."""
    missed = [
        f"{r.case}, {r.quantity}, {r.where}: {r.ours!r} against {r.theirs!r} "
        f"(difference {r.difference:.2e} {r.unit}, tolerance {r.tolerance:g})"
        for r in rows
        if not r.difference <= r.tolerance
    ]
    assert rows
    assert not missed, "\n".join(missed)


def test_nafta(truth: Path) -> None:
    """Caliendo and Parro's Table 2, and what an independent code finds on their data."""
    check(published.caliendo_parro(truth))


def test_ossa_counterfactuals(truth: Path) -> None:
    """Five tariff schedules under a fixed number of firms."""
    check(published.ossa(truth))


def test_ossa_optimal_tariffs(truth: Path) -> None:
    """What Ossa publishes on optimal tariffs, from the tariffs he stored."""
    check(published.ossa_optimal_tariffs(truth))


def test_us_china(truth: Path) -> None:
    """US tariffs of 2018-19: balanced, with deficits, with and without scale economies."""
    check(published.us_china(truth))


def test_scale_economies_turn_the_sign(truth: Path) -> None:
    """The finding that the case is known for: with scale economies the US gains, else it loses."""
    rows = {(r.case, r.quantity): r for r in published.us_china(truth)}
    assert len(rows) == 24
    welfare = {}
    world, tariff = published.us_china_world(truth, "balanced")
    for scale in (True, False):
        found = published.solve(
            world,
            published.Shock.of(world, tariff=tariff),
            specification=published.Specification(scale=scale),
        )
        index = published.price_index_hat(world, found.price_hat)
        at = world.economies.index("USA")
        welfare[scale] = 100 * (found.income_prime[at] / world.income[at] / index[at] - 1)
    # the reference's own printed values, five digits
    assert welfare[True] == pytest.approx(0.05892, abs=5e-6)
    assert welfare[False] == pytest.approx(-0.04992, abs=5e-6)


def test_a_wrong_elasticity_is_noticed(truth: Path) -> None:
    """The comparison can fail: one percent on one elasticity moves Mexico by more than allowed."""
    world, tariff = published.us_china_world(truth, "balanced")
    theta = np.array(world.trade_elasticity)
    theta[0] *= 1.01
    other = world.with_(trade_elasticity=theta)
    index = []
    for w in (world, other):
        found = published.solve(w, published.Shock.of(w, tariff=tariff))
        index.append(100 * published.price_index_hat(w, found.price_hat))
    assert np.abs(index[0] - index[1]).max() > published.US_CHINA
