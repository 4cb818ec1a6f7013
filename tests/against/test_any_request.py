"""Is every request solved with a certificate, or refused in words, whatever is combined in it?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.against.random_worlds import random_shock, random_world
from tests.mutants import many

from detente.equilibrium import Specification, solve
from detente.errors import DetenteError
from detente.world.accounts import CLOSURES

#: Two economies and one sector: the smallest world, whose kernels are compiled soonest.
SHAPE = (2, 1)
LABOUR = [("mobile", None), ("specific", None), *(("roy", z) for z in (1.0001, 1.5, 1e3, 1e9))]
SPECIFICATIONS = st.builds(
    lambda labour, **chosen: Specification(labour=labour[0], roy_elasticity=labour[1], **chosen),
    labour=st.sampled_from(LABOUR),
    closure=st.sampled_from([None, *CLOSURES]),
    labour_supply_elasticity=st.sampled_from([0.0, 0.4, 30.0, 100.0]),
    input_elasticity=st.sampled_from([1.0, 0.01, 0.9998, 4.0, 100.0]),
    numeraire=st.sampled_from(["world value added", "world labour income", "E00"]),
)
#: A vector that went astray warned of overflow before it was refused.
ASTRAY = Specification(closure="balanced", labour_supply_elasticity=30.0, input_elasticity=4.0)


@pytest.mark.fuzz
@settings(max_examples=many(5), deadline=None, derandomize=True, database=None)
@given(
    seed=st.integers(0, 10_000),
    specification=SPECIFICATIONS,
    scale=st.booleans(),
    size=st.sampled_from([0.0, 0.1, 1.0, 3.0]),
)
@example(seed=2, specification=ASTRAY, scale=True, size=3.0)
def test_solved_with_a_certificate_or_refused(
    seed: int, specification: Specification, scale: bool, size: float
) -> None:
    """Every instrument at once, in worlds with every wedge in force."""
    world = random_world(seed, *SHAPE, scale=scale)
    try:
        found = solve(world, random_shock(seed, world, size=size), specification=specification)
    except DetenteError:
        return
    assert found.certificate.residual <= 1e-10
    assert np.isfinite(found.welfare_hat).all()
