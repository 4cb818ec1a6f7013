"""Is every array that is no baseline refused at the border, with one clear message?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.against.random_worlds import random_world
from tests.mutants import bounded, fuzzed

from detente import Shock, rebase, solve
from detente.errors import DetenteError, UnknownNameError, WorldError
from detente.world import Accounts, World

SALES = np.array([[[80.0, 60.0], [20.0, 5.0]], [[30.0, 4.0], [180.0, 150.0]]])
INPUTS = np.array([[[0.2, 0.1], [0.1, 0.3]], [[0.1, 0.2], [0.2, 0.1]]])


def world(**changes: Any) -> World:
    given = {
        "economies": ["HOM", "FOR"],
        "sectors": ["goods", "services"],
        "sales": SALES,
        "input_share": INPUTS,
        "trade_elasticity": 4.0,
    } | changes
    return World.from_arrays(given.pop("economies"), given.pop("sectors"), **given)


def with_cell(array: np.ndarray, value: float) -> np.ndarray:
    out = np.array(array)
    out[(0,) * out.ndim] = value
    return out


def test_the_world_itself_is_one() -> None:
    assert np.array_equal(world().sales, SALES)
    assert world().currency == "units of your data"
    assert world(currency="EUR thousand").currency == "EUR thousand"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sales": "80"}, "sales: holds text"),
        ({"sales": SALES.astype(str)}, "sales: holds text"),
        ({"sales": SALES.astype(object)}, "no number"),
        ({"sales": SALES > 0}, "no number"),
        ({"sales": SALES * 1j}, "no number"),
        ({"sales": [[[1.0, 2.0], [1.0]], [[1.0], [2.0, 3.0]]]}, "different lengths"),
        ({"sales": None}, "exactly one of"),
        ({"sales": SALES, "expenditure": SALES}, "exactly one of"),
        ({"sales": 5.0}, r"sales: shape \(\)"),
        ({"sales": SALES[:, :, 0]}, r"shape \(2, 2\), expected \(2, 2, 2\)"),
        ({"sales": with_cell(SALES, np.nan)}, "missing value"),
        ({"sales": np.ma.masked_less(SALES, 5.0)}, "missing value"),
        ({"sales": with_cell(SALES, np.inf)}, "infinite"),
        ({"sales": with_cell(SALES, -1.0)}, "negative"),
        ({"sales": 0 * SALES}, "largest flow is 0"),
        ({"sales": 1e300 * SALES}, "choose a unit"),
        ({"sales": 1e-300 * SALES}, "choose a unit"),
        ({"sales": with_cell(SALES, 1e-300)}, "drop_tiny_flows"),
        ({"expenditure": with_cell(SALES, -1.0), "sales": None}, "expenditure: 1 negative"),
        ({"trade_elasticity": 0.0}, "must be positive"),
        ({"trade_elasticity": [4.0, -1.0]}, "services has -1"),
        ({"trade_elasticity": [4.0, 1e300]}, "services has 1e\\+300"),
        ({"trade_elasticity": [4.0, 1e-300]}, "services has 1e-300"),
        ({"trade_elasticity": [4.0, 4.0, 4.0]}, "trade_elasticity: shape"),
        ({"trade_elasticity": "4"}, "trade_elasticity: holds text"),
        ({"scale_elasticity": -0.1}, "scale_elasticity: 2 negative"),
        ({"scale_elasticity": 1e300}, "scale_elasticity"),
        ({"tariff": -1.0}, "leaves no price"),
        ({"tariff": 1e300}, "fractions"),
        ({"tariff": [0.1, 0.2]}, "tariff: shape"),
        ({"export_tax": 1e300}, "export_tax"),
        ({"production_subsidy": 1.0}, "leaves no price"),
        ({"purchase_subsidy": -1e300}, "purchase_subsidy"),
        ({"input_share": 0.2}, "input_share: shape"),
        ({"input_share": with_cell(INPUTS, -0.2)}, "negative"),
        ({"input_share": 3 * INPUTS}, "value_added_share"),
        ({"input_share": None, "value_added_share": [[0.5, 0.5], [0.5, 0.5]]}, "which inputs"),
        ({"value_added_share": [[0.5, 0.5], [0.5, 0.5]]}, "sum to"),
        ({"final_share": [0.5, 0.5]}, "final_share: shape"),
        ({"final_share": [[0.5, 0.6], [0.5, 0.5]]}, "final shares of HOM"),
        ({"final_share": [[0.5, 0.5], [0.5, 0.5]]}, "does not balance"),
        ({"transfer": 5.0}, "transfer: shape"),
        ({"transfer": [5.0, 5.0]}, "balance|transfers sum"),
        ({"employment": [1.0, 2.0]}, "employment: shape"),
        ({"employment": -SALES[0]}, "employment: 4 negative"),
        ({"emissions": "none"}, "emissions: holds text"),
        ({"emissions": [[np.inf, 1.0], [1.0, 1.0]]}, "emissions: infinite"),
        ({"economies": "AB"}, "give a list"),
        ({"economies": 2}, "give a list"),
        ({"economies": []}, "at least one"),
        ({"economies": ["HOM", 3]}, "number 2 is not a name"),
        ({"economies": ["HOM", "  "]}, "number 2 is not a name"),
        ({"economies": ["HOM", "A\nB"]}, "number 2 is not a name"),
        ({"economies": ["HOM", "hom "]}, "are one name"),
        ({"economies": ["HOM", "X" * 5_000]}, "5,000 characters"),
        ({"economies": [f"E{k}" for k in range(5_000)]}, "at most 1,000"),
        ({"sectors": ["goods", "TLS"]}, "row of totals, taxes or value added"),
        ({"market_structure": "fixed-entry", "trade_elasticity": 0.1}, "fixed entry needs"),
        ({"currency": ""}, "currency"),
        ({"currency": 3}, "currency"),
        ({"year": "2022"}, "year"),
        ({"year": True}, "year"),
        ({"name": 3}, "name: 3 is no name"),
        ({"goods": "goods"}, "goods: give a list"),
        ({"goods": 3}, "goods: give a list"),
        ({"economy_names": ["HOM"]}, "economy_names: give a mapping"),
        ({"groups": ["HOM"]}, "groups: give a mapping"),
        ({"groups": {"HOM": ["HOM", "FOR"]}}, "is an economy"),
        ({"descriptor": 3}, "descriptor: give a mapping"),
        ({"groups": {"ALL": "HOM"}}, "give a list"),
    ],
)  # fmt: skip
def test_what_is_no_baseline(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(WorldError, match=says) as caught:
        world(**changes)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "changes",
    [
        {"closure": "fixed"},
        {"closure": 3},
        {"market_structure": "monopoly"},
        {"accounts": "loose"},
        {"goods": ["good"]},
        {"goods": [3]},
        {"groups": {"ALL": ["HOM", "FORR"]}},
        {"economy_names": {"HAM": "Home"}},
        {"sector_names": {"gods": "Goods"}},
    ],
)
def test_names_that_are_on_no_list(changes: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError):
        world(**changes)


def test_axes_in_another_order_are_named() -> None:
    sales = np.arange(1.0, 13.0).reshape(2, 2, 3)
    with pytest.raises(WorldError, match="another order"):
        World.from_arrays(["A", "B"], ["x", "y", "z"], sales=sales.T, trade_elasticity=4.0)


def test_one_number_for_a_duty_leaves_home_sales_alone() -> None:
    made = world(tariff=0.1, export_tax=0.02, purchase_subsidy=0.05)
    own = np.arange(2)
    for rate, value in ((made.tariff, 0.1), (made.export_tax, 0.02)):
        assert (rate[own, own] == 0).all()
        assert (rate[[0, 1], [1, 0]] == value).all()
    assert (made.purchase_subsidy == 0.05).all()


def test_shares_imply_transfers() -> None:
    exact = world(tariff=0.1)
    shares = world(
        sales=None,
        expenditure=exact.expenditure_by_source,
        tariff=0.1,
        final_share=exact.final_share,
        accounts="shares",
    )
    assert shares.transfer == pytest.approx(exact.transfer, rel=1e-12)
    assert np.abs(exact.transfer).max() > 1.0
    imports = exact.sales[[0, 1], [1, 0]].sum(axis=1)
    assert exact.transfer == pytest.approx(imports - imports[::-1])


def test_shares_stand_still_once_they_are_rebased() -> None:
    """Data that do not balance: the transfers that they imply are kept, and nothing moves."""
    given = random_world(28, 3, 2)
    shares = World.from_arrays(
        given.economies,
        given.sectors,
        expenditure=given.expenditure_by_source * np.array([1.0, 1.2, 0.8])[:, None, None],
        input_share=given.input_share,
        final_share=given.final_share,
        tariff=given.tariff,
        trade_elasticity=given.trade_elasticity,
        accounts="shares",
    )
    assert np.abs(shares.transfer).max() > 0.01 * shares.income.min()
    with pytest.raises(WorldError, match="rebase"):
        solve(shares)
    made = rebase(shares, shares.transfer)
    assert made.transfer == pytest.approx(shares.transfer, rel=1e-9)
    still = solve(made, Shock.none(made))
    for ones in (
        still.welfare_hat,
        still.unit_cost_hat,
        still.expenditure_prime / made.expenditure,
    ):
        assert np.abs(ones - 1).max() < 1e-10


def table(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
    """An array of this or another shape, of numbers of every size, or no array at all."""
    cell = st.one_of(
        st.floats(0, 1),
        st.floats(allow_nan=True, allow_infinity=True),
        st.sampled_from([0.0, -1.0, 1e300, 1e-300, 1e15, 1.0]),
    )
    size = int(np.prod(shape))
    whole = st.lists(cell, min_size=size, max_size=size).map(
        lambda cells: np.array(cells).reshape(shape)
    )
    return st.one_of(whole, cell, st.just(np.ones(shape)), st.sampled_from(["x", [[1], [2, 3]]]))


@fuzzed(500, data=st.data())
def test_any_arrays_make_a_world_or_one_error(data: st.DataObject) -> None:
    axes = {
        "sales": (2, 2, 2),
        "input_share": (2, 2, 2),
        "value_added_share": (2, 2),
        "final_share": (2, 2),
        "trade_elasticity": (2,),
        "scale_elasticity": (2,),
        "tariff": (2, 2, 2),
        "export_tax": (2, 2, 2),
        "production_subsidy": (2, 2),
        "purchase_subsidy": (2, 2, 2),
        "transfer": (2,),
        "employment": (2, 2),
    }
    names = data.draw(st.sets(st.sampled_from(sorted(axes)), min_size=1, max_size=3))
    changes = {name: data.draw(table(axes[name])) for name in sorted(names)}
    changes["accounts"] = data.draw(st.sampled_from(["exact", "shares"]))
    changes["market_structure"] = data.draw(st.sampled_from(["competitive", "fixed-entry"]))
    made = bounded(lambda: world(**changes), DetenteError)
    if isinstance(made, DetenteError):
        return
    assert isinstance(made, Accounts)
    assert np.isfinite(made.income).all()
    assert np.isfinite(made.expenditure_share).all()
