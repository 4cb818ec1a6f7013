"""How does a world enter the kernels?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from detente.arrays import FloatArray
from detente.equilibrium.feasibility import (
    check_transfers_can_be_paid,
    close_stopped,
    stopped_producers,
)
from detente.equilibrium.problem import Problem, Settings
from detente.equilibrium.setup import make_room, prepare_jax
from detente.equilibrium.specification import Specification
from detente.equilibrium.wedges import (
    FlowFactors,
    HitFactors,
    exporter_rate,
    flow_factors,
    hit_factors,
)
from detente.measures.shock import Parts, Shock
from detente.world.model import World

__all__ = ["Baseline", "Prepared", "baseline_of", "numeraire_kind", "problem_of", "settings_of"]

#: Step of log wages towards the market's, by labour regime: a full step overshoots, since a
#: higher wage loses sales θ-fold.
WAGE_STEP = {"mobile": 0.35, "specific": 0.12, "roy": 0.2}


@dataclass(frozen=True)
class Baseline:
    """A world's arrays in the kernel's axes, made once a world and shared by its solves."""

    pi: Float[np.ndarray, "importer exporter sector"]
    k: Float[np.ndarray, "importer exporter sector"]
    factors: FlowFactors
    output: Float[np.ndarray, "economy sector"]
    income: Float[np.ndarray, " economy"]
    labour_income: Float[np.ndarray, "economy sector"]
    value_added: float
    device: dict[str, Array]


_BASELINES: WeakKeyDictionary[World, Baseline] = WeakKeyDictionary()


def _kernel_axes(
    flows: Float[np.ndarray, "importer exporter sector"],
) -> Float[np.ndarray, "sector importer exporter"]:
    return np.ascontiguousarray(np.transpose(flows, (2, 0, 1)))


def baseline_of(world: World) -> Baseline:
    """The world's kernel arrays; kept as long as the world itself lives."""
    known = _BASELINES.get(world)
    if known is not None:
        return known
    prepare_jax()
    k = world.wedge_factor
    by_source = world.sales * k
    total = by_source.sum(axis=1)
    pi = by_source / np.where(total > 0, total, 1.0)[:, None, :]
    rate = exporter_rate(world.production_subsidy[None], world.export_tax)
    factors = FlowFactors(
        pa=_kernel_axes(pi),
        pab=_kernel_axes(pi / k),
        pae=_kernel_axes(pi * rate / k) if rate.any() else None,
    )
    profit = world.profit_share
    cost_share = 1.0 - profit
    device = {
        "g": jnp.asarray(world.input_share),
        "cost_input": jnp.asarray(world.input_share / cost_share),
        "cost_labour": jnp.asarray((world.value_added_share - profit) / cost_share),
        "alpha": jnp.asarray(world.final_share),
        "profit_share": jnp.asarray(profit),
        "theta": jnp.asarray(world.trade_elasticity),
        "psi": jnp.asarray(world.scale_elasticity),
        "labour_income": jnp.asarray(world.labour_income),
        "income": jnp.asarray(world.income),
        "transfer": jnp.asarray(world.transfer),
        "zero_economies": jnp.zeros(len(world.economies)),
    }
    made = Baseline(
        pi=pi,
        k=k,
        factors=factors,
        output=world.output,
        income=world.income,
        labour_income=world.labour_income,
        value_added=world.world_value_added,
        device=device,
    )
    _BASELINES[world] = made
    return made


def settings_of(world: World, specification: Specification, *, wage_state: bool) -> Settings:
    """The compiled variant that a specification asks for."""
    closure = specification.closure_of(world)
    return Settings(
        labour=specification.labour,
        closure="proportional" if closure == "proportional" else "fixed",
        # a constant share of world value added needs no numeraire
        numeraire="value added" if closure == "fixed-transfer" else numeraire_kind(specification),
        complements=specification.input_elasticity != 1.0,
        elastic_labour=specification.labour_supply_elasticity > 0,
        scale=has_scale(world, specification),
        wage_state=wage_state or specification.input_elasticity != 1.0,
    )


def numeraire_kind(specification: Specification) -> str:
    """What the kernels call the numeraire; any economy's wage is one kind."""
    known = {"world value added": "value added", "world labour income": "labour income"}
    return known.get(specification.numeraire, "wage")


def has_scale(world: World, specification: Specification) -> bool:
    """Whether external economies of scale are at work."""
    return specification.scale and bool(world.scale_elasticity.any())


def labour_share_of(world: World, closure: str) -> Float[np.ndarray, "economy sector"]:
    """Labour's share of sales: v, or what inputs leave under the trade-balance closing.

    Clearing trade instead of labour is the same as paying labour all that inputs and profits
    leave; the two differ only where shares miss one.
    """
    if closure == "trade-balance":
        out: FloatArray = 1.0 - world.input_share.sum(axis=1) - world.profit_share
        return out
    return world.labour_share


@dataclass(frozen=True, eq=False)
class Prepared:
    """One problem as the kernels take it, with what is needed to read the answer.

    `stopped` marks producers that lost every source of an input; `closed` those that no buyer
    can reach, stopped ones included. `parts` are the shock's, `parts_share` the baseline share
    of the flow that each belongs to.
    """

    problem: Problem
    hit: HitFactors
    factors: FlowFactors
    parts: Parts
    parts_share: Float[np.ndarray, " part"]
    stopped: Bool[np.ndarray, "economy sector"]
    closed: Bool[np.ndarray, "economy sector"]


def problem_of(
    world: World, shock: Shock, specification: Specification, *, newton: bool = False
) -> Prepared:
    """The arrays of one problem; `newton` takes wages' full step.

    Raises
    ------
    InfeasibleError
        Closed routes leave a needed good without a seller.
    """
    base = baseline_of(world)
    device = base.device
    make_room((base.output.shape, settings_of(world, specification, wage_state=not newton)))
    hit = hit_factors(world, shock, base.k)
    keep = base.factors.pae is not None or bool(hit.rate.any())
    factors = flow_factors(hit, base.pi, base.factors, keep_exporter=keep)
    stopped = np.zeros(base.output.shape, dtype=bool)
    if len(hit.flow) and not hit.weight.all():
        stopped = stopped_producers(world, factors, base.output, specification.input_elasticity)
        if stopped.any():
            factors = close_stopped(factors, stopped)
    closed = (base.output > 0) & ~factors.pa.any(axis=1).T
    closure = specification.closure_of(world)
    closes = len(hit.flow) > 0 and not hit.weight.all()
    if closes or shock.transfer_change.any():
        kept = 0.0 if closure == "balanced" else world.transfer
        check_transfers_can_be_paid(world, factors, kept + shock.transfer_change, closure)
    theta, psi = device["theta"], device["psi"]
    anchor = device["zero_economies"]
    if specification.numeraire in world.economies:
        anchor = anchor.at[world.economies.index(specification.numeraire)].set(1.0)
    regime = specification.labour
    step = WAGE_STEP[regime]
    if regime == "roy":
        zeta = specification.roy_elasticity
        assert zeta is not None
        step = WAGE_STEP["specific"] + (WAGE_STEP["mobile"] - WAGE_STEP["specific"]) * (
            (zeta - 1.0) / (zeta + 1.0)
        )
    # what changes with the shock goes in as NumPy arrays: the call of a compiled kernel hands
    # all of them over at once, faster than one by one
    arrays: dict[str, Any] = {
        "pa": factors.pa,
        "pab": factors.pab,
        "pae": factors.pae,
        "g": device["g"],
        "cost_input": device["cost_input"],
        "cost_labour": device["cost_labour"],
        "alpha": device["alpha"],
        "labour_share": labour_share_of(world, closure),
        "profit_share": device["profit_share"],
        "theta": theta,
        "psi": psi,
        "sales": np.where(closed, 0.0, base.output),
        "labour_income": device["labour_income"],
        "income": device["income"],
        "ln_productivity": np.log(shock.productivity),
        "labour": shock.labour,
        "transfer": device["zero_economies"] if closure == "balanced" else device["transfer"],
        "transfer_change": shock.transfer_change,
        "anchor": anchor,
        "value_added": np.float64(base.value_added),
        "zeta": np.float64(specification.roy_elasticity or 1.0),
        "epsilon": np.float64(specification.labour_supply_elasticity),
        "eta": np.float64(specification.input_elasticity),
        "wage_step": np.float64(1.0 if newton else step),
    }
    problem = Problem(**arrays)
    parts = shock.parts
    parts_share = base.pi[parts.importer, parts.exporter, parts.sector]
    return Prepared(problem, hit, factors, parts, parts_share, stopped, closed)
