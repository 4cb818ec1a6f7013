"""Do named elasticity sets and studies come as they stand, and are broken ones refused?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.errors import UnknownNameError, WorldError
from detente.world import elasticity_studies, load_world, with_elasticities


def test_studies_differ() -> None:
    studies = elasticity_studies(load_world("icio-2022"))
    assert studies.trade_elasticity.shape == (len(studies.studies), 32)
    spread = dict(zip(studies.sectors, studies.log_sd, strict=True))
    assert np.isnan(spread["finance"])
    assert spread["petroleum"] > spread["nonmetal_minerals"] > 0
    filled = studies.log_sd_or_pooled()
    assert np.isfinite(filled).all()
    assert filled[studies.sectors.index("finance")] == studies.pooled_log_sd
    small = elasticity_studies(load_world("icio-2022-small"))
    assert small.trade_elasticity.shape == (len(studies.studies), 12)


def test_a_set_moves_nothing_but_elasticities() -> None:
    papers = {
        "elasticity_sets": {"a": {"trade_elasticity": [4.0, 5.0], "scale_elasticity": [0, 0]}}
    }
    world = random_world(2, 3, 2).with_(descriptor=papers)
    other = with_elasticities(world, "a")
    assert other.trade_elasticity.tolist() == [4.0, 5.0]
    assert other.elasticity_set == "a"
    assert other.sales is world.sales
    assert np.array_equal(other.transfer, world.transfer)
    with pytest.raises(UnknownNameError, match='"a"'):
        with_elasticities(world, "b")
    with pytest.raises(WorldError, match="profit share"):
        with_elasticities(random_world(2, 3, 2, fixed_entry=True), "a")


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"trade_elasticity": [4.0, 5.0]},
        {"trade_elasticity": [4.0], "scale_elasticity": [0.0]},
        {"trade_elasticity": [4.0, -5.0], "scale_elasticity": [0.0, 0.0]},
        {"trade_elasticity": ["4", "5"], "scale_elasticity": [0.0, 0.0]},
        {"trade_elasticity": None, "scale_elasticity": [0.0, 0.0]},
        {"trade_elasticity": [4.0, 5.0], "scale_elasticity": [0.0, -0.1]},
    ],
)
def test_a_set_that_is_none(broken: dict[str, Any]) -> None:
    world = random_world(2, 3, 2).with_(descriptor={"elasticity_sets": {"a": broken}})
    with pytest.raises(WorldError, match="elasticity"):
        with_elasticities(world, "a")
