"""Does an array of the wrong shape, kind or range ever reach the equations?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from detente.equilibrium import solve
from detente.errors import MeasureError
from detente.measures import Parts, Shock
from detente.measures.shock import checked_shock, with_whole_flows
from detente.world import World

WORLD = World.from_arrays(
    ["HOM", "FOR"],
    ["goods", "services"],
    trade_elasticity=4.0,
    sales=[[[80.0, 90.0], [20.0, 5.0]], [[15.0, 5.0], [200.0, 180.0]]],
)


def test_an_array_without_one_axis_is_refused() -> None:
    """[importer, exporter] would be read as [exporter, sector], silently where both are two."""
    with pytest.raises(MeasureError, match=r"expected \(2, 2, 2\)"):
        Shock.of(WORLD, tariff=np.array([[0.0, 0.25], [0.0, 0.0]]))


ABROAD = ~np.eye(2, dtype=bool)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tariff", 0.1),
        ("tariff", [[[0.1]], [[0.2]]]),  # one rate an importer, from every source
        ("tariff", [[[0.1, 0.2]]]),  # one rate a sector
        ("export_tax", 0.1),
        ("export_tax", [[[0.1], [0.2]]]),  # one rate an exporter, to every buyer
        ("resource_cost", 1.1),
    ],
)
def test_a_rate_without_partners_means_those_abroad(name: str, value: Any) -> None:
    base = getattr(Shock.none(WORLD), name)
    level = getattr(Shock.of(WORLD, **{name: value}), name)
    np.testing.assert_array_equal(level[~ABROAD], base[~ABROAD])
    np.testing.assert_array_equal(level[ABROAD], np.broadcast_to(value, base.shape)[ABROAD])


def test_what_names_every_partner_is_taken_as_it_is() -> None:
    assert np.all(Shock.of(WORLD, tariff=np.full((2, 2, 2), 0.1)).tariff == 0.1)
    assert np.all(Shock.of(WORLD, purchase_subsidy=0.1).purchase_subsidy == 0.1)
    assert np.all(Shock.of(WORLD, production_subsidy=0.1).production_subsidy == 0.1)
    assert np.all(Shock.of(WORLD, productivity=1.1).productivity == 1.1)


@pytest.mark.parametrize(
    "value",
    [0.1 + 0.2j, np.full((2, 2, 2), 1 + 1j), "0.1", True, None, [1, [2]], [[["a"]]], object()],
    ids=["complex", "complex array", "text", "truth", "none", "ragged", "letters", "object"],
)
def test_what_is_no_real_number_is_refused(value: Any) -> None:
    """An imaginary part would be dropped."""
    with pytest.raises(MeasureError, match="must be an array of real numbers; it is"):
        Shock.of(WORLD, tariff=value)


def test_axes_of_length_one_hold_throughout() -> None:
    tariff = Shock.of(WORLD, tariff=np.array([[[0.0], [0.25]], [[0.0], [0.0]]])).tariff
    assert tariff.shape == (2, 2, 2)
    assert np.all(tariff[0, 1] == 0.25)


def test_arrays_of_jax_and_whole_numbers_are_taken() -> None:
    shock = replace(Shock.none(WORLD), tariff=jnp.full((2, 2, 2), 0.25, dtype=float), labour=[1, 2])
    found = checked_shock(WORLD, shock)
    assert isinstance(found.tariff, np.ndarray)
    assert found.labour.dtype == np.float64
    assert checked_shock(WORLD, found) is found


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ({"tariff": jnp.full((2, 2, 2), jnp.nan)}, "tariff must be finite"),
        ({"export_tax": jnp.full((2, 2, 2), jnp.inf)}, "export_tax must be finite"),
        ({"tariff": np.zeros((3, 2, 2))}, r"tariff has shape \(3, 2, 2\); expected \(2, 2, 2\)"),
        ({"tariff": None}, "tariff must be an array of real numbers"),
        ({"tariff": np.zeros((2, 2, 2), dtype=complex)}, "real numbers"),
        ({"labour": "many"}, "labour must be an array"),
        ({"labour": jnp.array([1.0, 0.0])}, "labour must be positive"),
        ({"productivity": np.full((2, 2), np.inf)}, "productivity must be positive and finite"),
        ({"resource_cost": jnp.full((2, 2, 2), jnp.nan)}, "resource_cost must be positive"),
        ({"transfer_change": jnp.array([1.0, jnp.nan])}, "transfer_change must be finite"),
        ({"transfer_change": np.array([5.0, -4.9999])}, "sum to zero"),
        ({"parts": None}, "parts must be Parts"),
        ({"parts": replace(Parts.none(), share=np.ones(1))}, r"parts.importer has shape \(0,\)"),
        ({"parts": Parts(*([np.array([5])] * 3), *([np.ones(1) / 2] * 6))}, "from 0 to 1"),
    ],
)
def test_what_is_no_shock_is_refused_with_one_clear_error(
    levels: dict[str, Any], said: str
) -> None:
    with pytest.raises(MeasureError, match=said):
        solve(WORLD, replace(Shock.none(WORLD), **levels))


def test_whole_flows_say_the_mean_of_what_their_parts_pay() -> None:
    """Two parts that are all of a flow; another that one part is all of; a third with a rest."""
    at = np.array([0, 0, 0, 1])
    parts = replace(
        Parts.none(),
        importer=at,
        exporter=1 - at,
        sector=np.array([0, 0, 1, 0]),
        share=np.array([0.25, 0.75, 1.0, 0.4]),
        tariff=np.array([0.1, 0.3, 0.2, 0.5]),
        **dict.fromkeys(("export_tax", "production_subsidy", "purchase_subsidy"), np.zeros(4)),
        resource_cost=np.array([1.1, 1.1, 1.2, 1.3]),
    )
    told = with_whole_flows(WORLD, Shock.of(WORLD, parts=parts))
    assert told.tariff[0, 1] == pytest.approx([0.25, 0.2])
    assert told.resource_cost[0, 1].tolist() == [1.0, 1.2]
    assert told.tariff[1, 0, 0] == 0
    assert told.resource_cost[1, 0, 0] == 1
