"""Does the certificate notice what is wrong, and does the solver refuse to hide it?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.laws.worlds import make_shock, make_world

from detente.equilibrium import Equilibrium, Specification, solve
from detente.equilibrium.certificate import certify, scale_conditions
from detente.errors import ConvergenceError, InputError, UnknownNameError, WorldError
from detente.measures.shock import Shock
from detente.world.model import World

ARRAYS = (
    "price_hat",
    "unit_cost_hat",
    "wage_hat",
    "labour_hat",
    "workers_hat",
    "labour_supply_hat",
    "expenditure_prime",
    "expenditure_share_prime",
    "sales_prime",
    "output_prime",
    "labour_income_prime",
    "net_revenue_prime",
    "income_prime",
    "transfer_prime",
    "stopped",
)
#: Where a wrong array must show first.
BLOCK = {
    "price_hat": "prices",
    "unit_cost_hat": "prices",
    "expenditure_share_prime": "prices",
    "expenditure_prime": "goods markets",
    "sales_prime": "goods markets",
    "output_prime": "goods markets",
    "wage_hat": "labour",
    "labour_hat": "labour",
    "labour_supply_hat": "labour",
    "labour_income_prime": "labour",
    "net_revenue_prime": "budgets",
    "income_prime": "budgets",
    "transfer_prime": "transfers",
}


@pytest.fixture(scope="module")
def found() -> Equilibrium:
    world = make_world(21)
    return solve(world, make_shock(world, 21))


@pytest.mark.parametrize("name", list(BLOCK))
def test_a_disturbed_array_shows_in_its_block(found: Equilibrium, name: str) -> None:
    arrays = {key: np.array(getattr(found, key)) for key in ARRAYS}
    before = certify(found.world, found.shock, found.specification, arrays)
    # one cell of the first economy only: a common factor would be another numeraire
    arrays[name].flat[1] *= 1.001
    after = certify(found.world, found.shock, found.specification, arrays)
    assert before[BLOCK[name]].size < 1e-10
    assert after[BLOCK[name]].size > 1e-6


def test_a_stopped_producer_must_lack_an_input(found: Equilibrium) -> None:
    arrays = {key: np.array(getattr(found, key)) for key in ARRAYS}
    arrays["stopped"][0, 0] = True
    blocks = certify(found.world, found.shock, found.specification, arrays)
    assert blocks["prices"].size == np.inf


def test_an_economy_that_vanished_is_infinitely_far_off(found: Equilibrium) -> None:
    """A vector that went astray may leave nobody any income: a gap, never a division by zero."""
    for level in (0.0, np.nan, np.inf):
        arrays = {name: np.full_like(getattr(found, name), level) for name in ARRAYS}
        arrays["stopped"] = found.stopped
        with np.errstate(all="ignore"):
            blocks = certify(found.world, found.shock, found.specification, arrays)
        assert not any(np.isnan(gap.size) for gap in blocks.values())
        assert np.isinf(blocks["transfers"].size)


def test_certificate_names_what_was_solved(found: Equilibrium) -> None:
    certificate = found.certificate
    assert set(certificate.blocks) == {
        "prices",
        "goods markets",
        "labour",
        "budgets",
        "walras",
        "transfers",
    }
    text = str(certificate)
    for part in ("residual", "fixed-transfer", "mobile", "competitive", "world value added"):
        assert part in text
    assert certificate.residual == certificate.blocks[certificate.worst_block].size
    assert certificate.evaluations > 5


def test_trade_balance_closing_has_its_own_block() -> None:
    world = make_world(22)
    found = solve(
        world, make_shock(world, 22), specification=Specification(closure="trade-balance")
    )
    assert "trade balance" in found.certificate.blocks


def test_missed_tolerance_is_an_error_unless_asked_for() -> None:
    world = make_world(23)
    shock = make_shock(world, 23)
    with pytest.raises(ConvergenceError, match=r"worst gap .* in .*E\d"):
        solve(world, shock, tolerance=1e-19)
    shown = solve(world, shock, tolerance=1e-19, on_failure="return")
    assert 1e-19 < shown.certificate.residual < 1e-9


def test_scale_conditions_are_reported() -> None:
    world = make_world(24, scale=0.6)
    certificate = solve(world).certificate
    theta_psi = world.trade_elasticity * world.scale_elasticity
    assert certificate.theta_psi == pytest.approx(theta_psi.max())
    assert certificate.leontief_theta_psi > certificate.theta_psi
    off = Specification(scale=False)
    assert scale_conditions(world, off) == (0.0, 0.0, 0)
    assert not solve(world, specification=off).certificate.scale


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda w: solve(w, method="newtn"), UnknownNameError, "anderson"),
        (lambda w: solve(w, on_failure="hide"), UnknownNameError, "raise"),
        (lambda w: solve(w, tolerance=2.0), InputError, "tolerance"),
        (lambda w: solve(w, specification=Specification(numeraire="E7")), UnknownNameError, "E0"),
        (lambda w: solve(w.with_(is_consistent=False)), WorldError, "rebase"),
        (lambda w: Specification(closure="open"), UnknownNameError, "closure"),
        (lambda w: Specification(labour="roy"), InputError, "roy_elasticity"),
        (lambda w: Specification(labour="mobile", roy_elasticity=2.0), InputError, "roy"),
        (lambda w: Specification(input_elasticity=0.0), InputError, "positive"),
        (lambda w: Specification(labour_supply_elasticity=-1.0), InputError, "zero or positive"),
        (lambda w: Specification(labour_supply_elasticity=1e6), InputError, "at most 100"),
        (lambda w: Specification(labour_supply_elasticity=np.nan), InputError, "is nan"),
        (lambda w: Specification(input_elasticity=1 + 1e-9), InputError, "1 itself"),
        (lambda w: Specification(input_elasticity=1e6), InputError, "at most 100"),
        (lambda w: Specification(labour="roy", roy_elasticity=np.inf), InputError, "finite"),
    ],
)
def test_bad_requests_are_refused(call: object, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call(make_world(21))  # type: ignore[operator]


def test_plain_iteration_is_refused_with_economies_of_scale() -> None:
    with pytest.raises(InputError, match="joined to the baseline"):
        solve(make_world(24, scale=0.6), method="anderson")


def test_a_start_of_another_world_is_refused() -> None:
    other = solve(make_world(25, 4))
    with pytest.raises(InputError, match="another world"):
        solve(make_world(21), start=other)


@pytest.mark.parametrize("scale", [0.0, 0.6])
def test_a_warm_start_gives_the_same_answer_sooner(scale: float) -> None:
    world = make_world(26, scale=scale)
    shock = make_shock(world, 26)
    cold = solve(world, shock)
    tariff = shock.tariff * 1.001
    from dataclasses import replace

    near = replace(shock, tariff=tariff)
    warm = solve(world, near, start=cold)
    again = solve(world, near)
    assert np.abs(warm.welfare_hat - again.welfare_hat).max() < 1e-9
    assert warm.certificate.evaluations < again.certificate.evaluations


def test_results_are_read_only(found: Equilibrium) -> None:
    with pytest.raises(ValueError, match="read-only"):
        found.price_hat[0, 0] = 2.0


def test_rebase_refuses_parts_of_flows(found: Equilibrium) -> None:
    from detente.equilibrium import rebase

    with pytest.raises(InputError, match="hits only part"):
        rebase(found.world, found)
    with pytest.raises(InputError, match="sum to zero"):
        rebase(found.world, [1.0, 0.0, 0.0])


def test_balanced_closure_purges_transfers_first() -> None:
    world = make_world(27)
    found = solve(world, specification=Specification(closure="balanced"))
    assert np.abs(found.world.transfer).max() < 1e-11 * world.world_value_added
    assert np.abs(found.welfare_hat - 1).max() < 1e-11
    assert solve(world, specification=Specification(closure="balanced")).world is found.world


def test_shares_only_world_becomes_an_equilibrium_when_rebased() -> None:
    world = make_world(28)
    shares = World.from_arrays(
        world.economies,
        world.sectors,
        expenditure=world.expenditure_by_source * np.array([1.0, 1.2, 0.8])[:, None, None],
        input_share=world.input_share,
        final_share=world.final_share,
        tariff=world.tariff,
        trade_elasticity=world.trade_elasticity,
        accounts="shares",
    )
    from detente.equilibrium import rebase
    from detente.world import check_accounts

    made = rebase(shares)
    assert max(check_accounts(made).values()) < 1e-10
    assert made.is_consistent
    assert np.abs(solve(made, Shock.none(made)).welfare_hat - 1).max() < 1e-10
