"""Where does the economy stand, before or after a change?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import FloatArray
from detente.errors import InputError
from detente.measures.shock import Shock
from detente.world.model import World

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium

__all__ = ["State", "Wedges", "baseline_state", "check_comparable", "state_of"]

#: Two baselines count as the same world below this relative gap in sales.
SAME_WORLD = 1e-7
#: A flow whose parts cover all but this share of it has no rest.
WHOLE = 1e-9


@dataclass(frozen=True, eq=False)
class Wedges:
    """Levels that the pieces of one kind pay: the rests of all flows, or the parts.

    Bases: s·V, e(1 − s)V, t(1 + e)(1 − s)V, b(1 + t)(1 + e)(1 − s)V.
    """

    tariff: FloatArray
    export_tax: FloatArray
    production_subsidy: FloatArray
    purchase_subsidy: FloatArray

    def after_subsidy(self, sales: FloatArray) -> FloatArray:
        """(1 − s)V: what the buyer's side pays the firm."""
        out: FloatArray = (1 - self.production_subsidy) * sales
        return out

    def border(self, sales: FloatArray) -> FloatArray:
        """(1 + e)(1 − s)V: value at the border, before the import duty."""
        return (1 + self.export_tax) * self.after_subsidy(sales)

    def landed(self, sales: FloatArray) -> FloatArray:
        """(1 + t)(1 + e)(1 − s)V: duty paid."""
        return (1 + self.tariff) * self.border(sales)

    def base(self, instrument: str, sales: FloatArray) -> FloatArray:
        """What the rate of an instrument is levied on."""
        if instrument == "tariff":
            return self.border(sales)
        if instrument == "export_tax":
            return self.after_subsidy(sales)
        if instrument == "production_subsidy":
            return sales
        if instrument == "purchase_subsidy":
            return self.landed(sales)
        raise InputError(f'no instrument called "{instrument}".')


@dataclass(frozen=True, eq=False)
class State:
    """Levels of one equilibrium, and its prices over those of the baseline.

    The baseline itself is a state in which every price is one. Outcomes compare two states of
    the same world, so "against the world as it was" and "against another package" are one
    calculation.

    Attributes
    ----------
    gate_price_hat
        Price at the factory gate, ĉ L̂^(−ψ): unit cost less what scale saves. [exporter, sector]
    price_hat
        Purchaser price of a good, all sources together, [economy, sector].
    wage_hat, labour_hat, workers_hat, labour_supply_hat
        As in an Equilibrium.
    sales, expenditure, expenditure_share, output, labour_income, profits, net_revenue, income
        Levels in the world's currency at an unchanged numeraire.
    input_share
        Of gross output, [economy, input, sector].
    """

    world: World
    shock: Shock
    gate_price_hat: FloatArray
    price_hat: FloatArray
    wage_hat: FloatArray
    labour_hat: FloatArray
    workers_hat: FloatArray
    labour_supply_hat: FloatArray
    sales: FloatArray
    expenditure: FloatArray
    expenditure_share: FloatArray
    output: FloatArray
    labour_income: FloatArray
    profits: FloatArray
    net_revenue: FloatArray
    income: FloatArray
    transfer: FloatArray
    input_share: FloatArray
    parts_sales: FloatArray
    scale_elasticity: FloatArray
    labour_supply_elasticity: float = 0.0

    @cached_property
    def rest_sales(self) -> FloatArray:
        """V of what no part covers, [importer, exporter, sector]."""
        parts = self.shock.parts
        if not len(parts):
            return self.sales
        at = (parts.importer, parts.exporter, parts.sector)
        rest = self.sales.copy()
        np.subtract.at(rest, at, self.parts_sales)
        left = np.ones_like(rest)
        np.subtract.at(left, at, parts.share)
        rest[(left < WHOLE) | (rest < 0)] = 0.0  # what differences of equal numbers leave
        return rest

    @cached_property
    def rest_wedges(self) -> Wedges:
        """What the rests pay."""
        s = self.shock
        return Wedges(s.tariff, s.export_tax, s.production_subsidy[None], s.purchase_subsidy)

    @cached_property
    def part_wedges(self) -> Wedges:
        """What the parts pay."""
        p = self.shock.parts
        return Wedges(p.tariff, p.export_tax, p.production_subsidy, p.purchase_subsidy)

    def _both(self, name: str) -> FloatArray:
        out = np.array(getattr(self.rest_wedges, name)(self.rest_sales), dtype=float)
        parts = self.shock.parts
        if len(parts):
            piece = getattr(self.part_wedges, name)(self.parts_sales)
            np.add.at(out, (parts.importer, parts.exporter, parts.sector), piece)
        return out

    @cached_property
    def border(self) -> FloatArray:
        """Trade at border prices, own sales on the diagonal, [importer, exporter, sector]."""
        return self._both("border")

    @cached_property
    def purchaser(self) -> FloatArray:
        """Trade at purchaser prices, every wedge included, [importer, exporter, sector]."""
        return self.expenditure_share * self.expenditure[:, None, :]

    @cached_property
    def quantity(self) -> FloatArray:
        """V at the baseline's factory-gate prices, [importer, exporter, sector]."""
        out: FloatArray = self.sales / self.gate_price_hat[None]
        return out

    @cached_property
    def real_output(self) -> FloatArray:
        """Output at the baseline's factory-gate prices, [economy, sector]."""
        out: FloatArray = self.output / self.gate_price_hat
        return out

    @cached_property
    def consumer_price_hat(self) -> FloatArray:
        r"""Price of final spending over the baseline, :math:`\prod_j \hat P_{nj}^{\alpha_{nj}}`."""
        out: FloatArray = np.exp((self.world.final_share * np.log(self.price_hat)).sum(axis=1))
        return out


def baseline_state(
    world: World, scale: bool = True, labour_supply_elasticity: float = 0.0
) -> State:
    """The world as it is, as a state.

    Examples
    --------
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> float(baseline_state(world).border[0, 1, 0])
    20.0
    """
    ones = np.ones((len(world.economies), len(world.sectors)))
    return State(
        world=world,
        shock=Shock.none(world),
        gate_price_hat=ones,
        price_hat=ones,
        wage_hat=ones,
        labour_hat=ones,
        workers_hat=ones,
        labour_supply_hat=ones[:, 0],
        sales=world.sales,
        expenditure=world.expenditure,
        expenditure_share=world.expenditure_share,
        output=world.output,
        labour_income=world.labour_income,
        profits=world.profits,
        net_revenue=world.net_revenue,
        income=world.income,
        transfer=world.transfer,
        input_share=world.input_share,
        parts_sales=np.zeros(0),
        scale_elasticity=world.scale_elasticity if scale else np.zeros(len(world.sectors)),
        labour_supply_elasticity=labour_supply_elasticity,
    )


def state_of(equilibrium: Equilibrium) -> State:
    """The state that an equilibrium describes."""
    world, specification = equilibrium.world, equilibrium.specification
    psi = world.scale_elasticity if specification.scale else np.zeros(len(world.sectors))
    gate = equilibrium.unit_cost_hat
    if psi.any():
        active = (equilibrium.labour_hat > 0) & (world.labour_income > 0)
        gate = gate * np.where(active, equilibrium.labour_hat, 1.0) ** (-psi)
    gate = np.where(equilibrium.stopped, 1.0, gate)  # who makes nothing has no price
    inputs = equilibrium.input_share_prime
    return State(
        world=world,
        shock=equilibrium.shock,
        gate_price_hat=gate,
        price_hat=equilibrium.price_hat,
        wage_hat=equilibrium.wage_hat,
        labour_hat=equilibrium.labour_hat,
        workers_hat=equilibrium.workers_hat,
        labour_supply_hat=equilibrium.labour_supply_hat,
        sales=equilibrium.sales_prime,
        expenditure=equilibrium.expenditure_prime,
        expenditure_share=equilibrium.expenditure_share_prime,
        output=equilibrium.output_prime,
        labour_income=equilibrium.labour_income_prime,
        profits=equilibrium.profits_prime,
        net_revenue=equilibrium.net_revenue_prime,
        income=equilibrium.income_prime,
        transfer=equilibrium.transfer_prime,
        input_share=world.input_share if inputs is None else inputs,
        parts_sales=equilibrium.parts_sales,
        scale_elasticity=psi,
        labour_supply_elasticity=specification.labour_supply_elasticity,
    )


def check_comparable(before: Equilibrium, after: Equilibrium) -> None:
    """Refuse to compare equilibria of different worlds, closures or numeraires.

    Raises
    ------
    InputError
        Saying what differs.
    """
    a, b = before.world, after.world
    if a.economies != b.economies or a.sectors != b.sectors:
        raise InputError(
            f'cannot compare "{b.name}" with "{a.name}": their economies or sectors differ.'
        )
    scale = max(float(np.abs(a.sales).max()), 1e-300)
    gap = float(np.abs(a.sales - b.sales).max()) / scale
    if gap > SAME_WORLD:
        raise InputError(
            f'cannot compare two equilibria of "{a.name}": their baselines differ by {gap:.1e} '
            "of the largest flow. Solve both from the same world."
        )
    if before.specification != after.specification:
        raise InputError(
            "cannot compare equilibria under different specifications: "
            f"{before.specification} and {after.specification}."
        )
