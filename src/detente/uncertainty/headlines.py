"""What is kept of each draw?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.arrays import Labelled
from detente.errors import UnknownNameError
from detente.outcomes.activity import activity
from detente.outcomes.decomposition import first_order_split
from detente.outcomes.emissions import home_emissions
from detente.outcomes.prices import prices
from detente.outcomes.revenue import INSTRUMENTS, instrument_revenue
from detente.outcomes.state import State, baseline_state, state_of
from detente.outcomes.trade import trade
from detente.outcomes.welfare import welfare

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium

__all__ = ["HEADLINES", "headlines", "states_of"]

#: Outcomes that an ensemble keeps unless told otherwise, by their name in `Outcomes`.
HEADLINES = (
    "welfare_pct",
    "equivalent_variation",
    "real_income_pct",
    "real_income_without_transfer_pct",
    "real_wage_pct",
    "terms_of_trade_pct",
    "volume_of_trade_pct",
    "consumer_price_pct",
    "price_pct",
    "producer_price_pct",
    "output_pct",
    "employment_pct",
    "employment_change",
    "imports_pct",
    "exports_pct",
    "balance_change",
    "trade_change_by_pair",
    "trade_pct_by_pair",
    "trade_value_by_pair",
    "trade_creation_total",
    "trade_diversion_by_pair",
    "trade_diversion_total",
    "revenue_change",
    "revenue_change:tariff",
    "revenue_change:export_tax",
    "revenue_change:production_subsidy",
    "revenue_change:purchase_subsidy",
    "emissions_change",
)


def headlines(
    before: State, after: State, keep: tuple[str, ...] = HEADLINES
) -> dict[str, Labelled]:
    """The outcomes in `keep`, computed without those that take long.

    Emissions embodied in consumption and average tariffs are not among them: the former need
    the chains of production of every draw, the latter hardly move with elasticities.
    """
    economy, world = ("economy",), after.world
    found = {
        **welfare(before, after),
        **prices(before, after),
        **activity(before, after),
        **trade(before, after),
    }
    split = first_order_split(before, after)
    for name, value in (
        ("terms_of_trade_pct", split.terms_of_trade),
        ("volume_of_trade_pct", split.volume_of_trade),
    ):
        found[name] = Labelled(value, economy, "%", name)
    for instrument in INSTRUMENTS:
        name = f"revenue_change:{instrument}"
        change = instrument_revenue(after, instrument) - instrument_revenue(before, instrument)
        found[name] = Labelled(change, economy, world.currency, name)
    found["revenue_change"] = Labelled(
        after.net_revenue - before.net_revenue, economy, world.currency, "revenue_change"
    )
    if world.emissions is not None:
        change = (home_emissions(after) - home_emissions(before)).sum(axis=1)
        found["emissions_change"] = Labelled(
            change, economy, "Mt CO2-equivalent", "emissions_change"
        )
    unknown = [name for name in keep if name not in found and name not in HEADLINES]
    if unknown:
        raise UnknownNameError("outcome of a draw", unknown[0], found)
    return {name: found[name] for name in keep if name in found}


def states_of(equilibrium: Equilibrium) -> tuple[State, State]:
    """Baseline and counterfactual of an equilibrium."""
    before = baseline_state(
        equilibrium.world,
        equilibrium.specification.scale,
        equilibrium.specification.labour_supply_elasticity,
    )
    return before, state_of(equilibrium)
