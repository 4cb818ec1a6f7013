"""Are the draws those that the page on uncertainty describes?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.against.random_worlds import random_world

from detente.errors import InputError, UnknownNameError
from detente.uncertainty import draw_parameters
from detente.uncertainty.parameters import between_study_correlation
from detente.world import ElasticityStudies, elasticity_studies, load_world
from detente.world.model import World

#: Sampling error of moments with 4,000 draws, about three standard errors.
SAMPLED = 0.06


@pytest.fixture(scope="module")
def shipped() -> World:
    return load_world("icio-2022")


def test_more_draws_begin_with_the_same(shipped: World) -> None:
    few, many = draw_parameters(shipped, 5, seed=4), draw_parameters(shipped, 50, seed=4)
    assert (few.trade_elasticity == many.trade_elasticity[:5]).all()
    other = draw_parameters(shipped, 5, seed=5)
    assert not np.allclose(few.trade_elasticity, other.trade_elasticity)


def test_centre_spread_and_correlation_are_as_said(shipped: World) -> None:
    """Without a span (a given spread) the draws are plain log-normals around the set in use."""
    sd = elasticity_studies(shipped).log_sd_or_pooled()
    rho = between_study_correlation(elasticity_studies(shipped))
    drawn = draw_parameters(shipped, 4000, seed=1, log_sd=sd, correlation=rho)
    logs = np.log(drawn.trade_elasticity / shipped.trade_elasticity)
    assert np.abs(np.median(logs, axis=0)).max() < SAMPLED
    assert np.allclose(logs.std(axis=0), sd, rtol=SAMPLED)
    between = np.corrcoef(logs.T)[~np.eye(len(shipped.sectors), dtype=bool)]
    assert abs(between.mean() - rho) < SAMPLED
    together = draw_parameters(shipped, 500, seed=1, correlation=1.0, log_sd=0.3)
    logs = np.log(together.trade_elasticity / shipped.trade_elasticity)
    assert np.ptp(logs, axis=1).max() < 1e-12


def test_no_draw_lies_beyond_what_was_published(shipped: World) -> None:
    """The same draws as without bounds, save that those beyond the span stand at its end."""
    studies = elasticity_studies(shipped)
    rho = between_study_correlation(studies)
    drawn = draw_parameters(shipped, 2000, seed=1)
    free = draw_parameters(
        shipped, 2000, seed=1, log_sd=studies.log_sd_or_pooled(), correlation=rho
    ).trade_elasticity
    assert drawn.correlation == rho
    bounded = 0
    for k in range(len(shipped.sectors)):
        got = drawn.trade_elasticity[:, k]
        values = studies.trade_elasticity[:, k]
        values = values[np.isfinite(values)]
        if len(values) < 2:
            np.testing.assert_array_equal(got, free[:, k])
            continue
        low = min(values.min(), shipped.trade_elasticity[k])
        high = max(values.max(), shipped.trade_elasticity[k])
        inside = (free[:, k] >= low) & (free[:, k] <= high)
        np.testing.assert_array_equal(got[inside], free[inside, k])
        assert set(got[~inside]) <= {low, high}
        bounded += int((~inside).sum())
    assert bounded > 0


def test_correlation_of_studies_by_simulation() -> None:
    """Studies that share 60 per cent of their variance over 40 sectors."""
    rng = np.random.default_rng(0)
    common, own = rng.normal(size=(400, 1)), rng.normal(size=(400, 40))
    values = np.exp(np.sqrt(0.6) * common + np.sqrt(0.4) * own)
    values[::3, 5] = np.nan
    studies = ElasticityStudies(tuple(map(str, range(400))), tuple(map(str, range(40))), values)
    assert abs(between_study_correlation(studies) - 0.6) < SAMPLED
    lone = ElasticityStudies(("a",), ("x",), np.array([[4.0]]))
    assert between_study_correlation(lone) == 0.0


def test_scale_rules() -> None:
    world = random_world(1, scale=True)
    product = world.trade_elasticity * world.scale_elasticity
    kept = draw_parameters(world, 50, 1, log_sd=0.8)
    assert np.allclose(kept.trade_elasticity * kept.scale_elasticity, product)
    assert kept.refused == {}
    fixed = draw_parameters(world, 200, 1, log_sd=1.5, scale_rule="fixed")
    assert (fixed.scale_elasticity == world.scale_elasticity).all()
    too_large = (fixed.trade_elasticity * world.scale_elasticity >= 1).any(axis=1)
    assert 0 < too_large.sum() < 200
    assert sorted(fixed.refused) == np.flatnonzero(too_large).tolist()
    assert "not below one" in str(next(iter(fixed.refused.values())))


def test_whole_sets(shipped: World) -> None:
    names = ("icio-estimates", "shapiro-2016")
    drawn = draw_parameters(shipped, 40, 2, elasticity_sets=names)
    rows = {tuple(row) for row in drawn.trade_elasticity}
    assert len(rows) == 2
    assert tuple(shipped.trade_elasticity) in rows
    assert (drawn.factors.sum(axis=1) == 1).all()
    with pytest.raises(UnknownNameError, match="shapiro-2016"):
        draw_parameters(shipped, 4, 2, elasticity_sets=("shapiro",))


def test_what_is_refused(shipped: World) -> None:
    with pytest.raises(InputError, match=r"log_sd=0\.5"):
        draw_parameters(random_world(1), 10, 1)
    with pytest.raises(InputError, match="between zero and one"):
        draw_parameters(shipped, 10, 1, correlation=1.5)
    with pytest.raises(InputError, match="at least one"):
        draw_parameters(shipped, 0, 1)
    with pytest.raises(UnknownNameError, match="product"):
        draw_parameters(shipped, 1, 1, scale_rule="products")
    with pytest.raises(InputError, match="profit shares"):
        draw_parameters(random_world(1, fixed_entry=True), 10, 1, log_sd=0.1)
    with pytest.raises(InputError, match="zero or positive"):
        draw_parameters(shipped, 10, 1, log_sd=-0.1)


def test_correlation_takes_nothing_from_the_spread() -> None:
    drawn = draw_parameters(random_world(1), 4000, seed=1, log_sd=0.3, correlation=0.5)
    logs = np.log(drawn.trade_elasticity)
    assert np.allclose(logs.std(axis=0), 0.3, rtol=SAMPLED)
    between = np.corrcoef(logs.T)[~np.eye(logs.shape[1], dtype=bool)]
    assert np.abs(between - 0.5).max() < SAMPLED


def test_the_set_in_use_counts_as_published(shipped: World) -> None:
    """A centre above every estimate is drawn itself, and nothing above it."""
    _, highest = elasticity_studies(shipped).span()
    known = np.isfinite(highest)
    far = np.where(known, 1.5 * highest, shipped.trade_elasticity)
    drawn = draw_parameters(shipped.with_(trade_elasticity=far), 200, seed=1).trade_elasticity
    assert np.allclose(drawn.max(axis=0)[known], far[known])
