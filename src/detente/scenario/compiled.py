"""What does a scenario ask of the solver? Wedges given, rates to be found, duties that may start.

A :class:`CompiledScenario` is a scenario brought onto one world. The solver asks it for the shock
at given free rates and with given triggers fired; which parts there are, and their order, never
changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from detente.arrays import FloatArray
from detente.errors import MeasureError, UnknownNameError
from detente.measures.shock import IntArray, Parts, Shock, checked_shock, with_whole_flows
from detente.measures.stacking import Layer, stack
from detente.scenario.scenario import Scenario
from detente.scenario.targets import flow_name
from detente.wording import Note
from detente.world.model import World

#: Wedges on which somebody pays or earns.
PAID_WEDGES = ("tariff", "export_tax", "production_subsidy", "purchase_subsidy")


@dataclass(frozen=True)
class FreeRate:
    """A rate that is found in equilibrium.

    Attributes
    ----------
    measure
        Position in `CompiledScenario.measure_ids`.
    lower, upper, start
        Range of the rate (a fraction, in the direction of the measure) and a first guess.
    quantity
        "net_cost" (what the measure costs its government a year), "import_value" (customs value,
        (1 + e)(1 − s)V, of the parts that it hits) or "import_quantity" (their quantity over the
        baseline's).
    relation, level
        What must hold: "==", "<=" or ">=". Cost and value are in the world's currency a year at an
        unchanged numeraire; quantity is a ratio to the baseline. With an inequality the rate is at
        `lower` where the bound does not bind.
    """

    measure: int
    lower: float
    upper: float
    start: float
    quantity: str
    relation: str
    level: float


@dataclass(frozen=True, eq=False)
class Watch:
    """Flows, or shares of flows, that a trigger looks at.

    Attributes
    ----------
    importer, exporter, sector, share
        Which flow, and which share of it.
    part
        Position of the watched part in `Shock.parts`; −1 where the whole flow is watched.
    """

    importer: IntArray
    exporter: IntArray
    sector: IntArray
    share: FloatArray
    part: IntArray


@dataclass(frozen=True, eq=False)
class Trigger:
    """A measure that starts only after an import surge.

    Attributes
    ----------
    measure
        Position in `CompiledScenario.measure_ids`.
    quantity
        "import_quantity" or "import_value".
    threshold
        Ratio to the baseline above which it starts: 1.2 for "+20 %".
    watch
        The flows that are watched.
    """

    measure: int
    quantity: str
    threshold: float
    watch: Watch


@dataclass(frozen=True, eq=False)
class Ledger:
    """Who brought a part to the level it pays.

    One entry for every paid wedge that a measure moves on a part; all arrays have one length, and
    their order is that of the compiled scenario whatever the rates. On each part the contributions
    sum to the level less the baseline's.

    Attributes
    ----------
    measure
        Position in `CompiledScenario.measure_ids`.
    part
        Position in `Shock.parts`.
    instrument
        "tariff", "export_tax", "production_subsidy" or "purchase_subsidy".
    rate
        What the measure adds to the level, as a fraction.
    """

    measure: IntArray
    part: IntArray
    instrument: tuple[str, ...]
    rate: FloatArray


@dataclass(frozen=True, eq=False)
class PlacedTarget:
    """A target on the parts of one world.

    Attributes
    ----------
    measure, component, wedge, sign
        As in :class:`detente.scenario.targets.Target`.
    parts
        Positions in the parts of the compiled scenario.
    rule
        Layer rule, see :mod:`detente.measures.stacking`.
    points
        What it adds to `base` by itself: fractions, `inf` for a ban, zero where the rate is free.
    free
        Position of the free rate in the full scenario, or −1.
    base
        Baseline level of the component on `parts`, in the direction of the measure.
    weight
        Customs value of `parts` in the baseline: the weight of averages.
    """

    measure: int
    component: str
    wedge: str
    sign: int
    parts: IntArray
    rule: str
    points: FloatArray
    free: int
    base: FloatArray
    weight: FloatArray


@dataclass(frozen=True, eq=False)
class CompiledScenario:
    """A scenario on a world: what the solver works through.

    Attributes
    ----------
    world, scenario
        What it was compiled from.
    measure_ids
        Ids of the measures in force, the index space of everything below. Measures taken out by
        :meth:`without` keep their position.
    free_rates, triggers
        Rates to be found, duties that may start; in the order of `rates` and by measure.
    notes
        What the reader of results must know, such as a measure that hits nothing.
    removed
        Positions of measures taken out.
    """

    world: World
    scenario: Scenario
    measure_ids: tuple[str, ...]
    free_rates: tuple[FreeRate, ...]
    triggers: tuple[Trigger, ...]
    notes: tuple[Note, ...]
    parts: Parts = field(repr=False)
    targets: tuple[PlacedTarget, ...] = field(repr=False)
    mirrors: tuple[tuple[int, int, float], ...] = ()
    fundamentals: tuple[tuple[int, str, FloatArray], ...] = field(default=(), repr=False)
    all_free_rates: tuple[FreeRate, ...] = ()
    removed: frozenset[int] = frozenset()

    # ---- what the solver asks -----------------------------------------------------------

    def shock(self, rates: Sequence[float] = (), active: frozenset[int] | None = None) -> Shock:
        """Everything exogenous at given free rates and fired triggers.

        Parameters
        ----------
        rates
            One per free rate; their starting values when left out.
        active
            Positions of measures whose trigger has fired; none when left out.

        Raises
        ------
        MeasureError
            Measures add up to a level that leaves no price.
        """
        total, _ = self._levels(rates, active)
        base = self.parts
        new = {w: getattr(base, w) + total[w] for w in PAID_WEDGES if w in total}
        cost = total.get("resource_cost", base.resource_cost)
        self._refuse_impossible(new)
        n, j = len(self.world.economies), len(self.world.sectors)
        productivity, labour = np.ones((n, j)), np.ones(n)
        transfer = np.zeros(n)
        on = self._on(active)
        for measure, what, change in self.fundamentals:
            if measure not in on:
                continue
            if what == "productivity":
                productivity = productivity + change
            elif what == "labour":
                labour = labour + change
            else:
                transfer = transfer + change
        none = Shock.none(self.world)
        shock = replace(
            none,
            parts=replace(base, **new, resource_cost=cost),
            productivity=productivity,
            labour=labour,
            transfer_change=transfer,
        )
        return with_whole_flows(self.world, checked_shock(self.world, shock))

    def ledger(self, rates: Sequence[float] = (), active: frozenset[int] | None = None) -> Ledger:
        """What each measure contributes to the level that each part pays."""
        _, contributions = self._levels(rates, active)
        each = zip(self.targets, contributions, strict=True)
        paid = [(c, x) for c, x in each if c.wedge in PAID_WEDGES]
        if not paid:
            nothing = np.zeros(0, dtype=np.int64)
            return Ledger(nothing, nothing, (), np.zeros(0))
        return Ledger(
            measure=np.concatenate([np.full(len(c.parts), c.measure) for c, _ in paid]),
            part=np.concatenate([c.parts for c, _ in paid]),
            instrument=tuple(c.wedge for c, _ in paid for _ in range(len(c.parts))),
            rate=np.concatenate([c.sign * x for c, x in paid]),
        )

    def without(self, measure_ids: Sequence[str]) -> CompiledScenario:
        """The compiled scenario with some measures taken out; parts and positions stay.

        Examples
        --------
        >>> from detente.measures import Tariff
        >>> from detente.scenario import compile_scenario
        >>> world = World.from_arrays(["HOM", "FOR"], ["goods"], trade_elasticity=4.0,
        ...                           sales=[[[80.0], [20.0]], [[20.0], [180.0]]])
        >>> war = compile_scenario(world, [
        ...     Tariff(id="t", by="HOM", on="FOR", sectors="goods", rate="+25 pp")])
        >>> war.shock().parts.tariff, war.without(["t"]).shock().parts.tariff
        (array([0.25]), array([0.]))
        """
        gone = set(self.removed)
        for name in measure_ids:
            if name not in self.measure_ids:
                raise UnknownNameError(
                    "measure", name, self.measure_ids, where=f'scenario "{self.scenario.name}"'
                )
            gone.add(self.measure_ids.index(name))
        return replace(
            self,
            removed=frozenset(gone),
            free_rates=tuple(f for f in self.all_free_rates if f.measure not in gone),
            triggers=tuple(t for t in self.triggers if t.measure not in gone),
        )

    def parts_of(self, measure: int) -> IntArray:
        """Positions of the parts that a measure hits, sorted."""
        hit = [c.parts for c in self.targets if c.measure == measure]
        return np.unique(np.concatenate(hit)) if hit else np.zeros(0, dtype=np.int64)

    # ---- how levels come about ------------------------------------------------------------

    def _on(self, active: frozenset[int] | None) -> frozenset[int]:
        """Positions of measures that count: not taken out, and started if they wait."""
        waiting = {t.measure for t in self.triggers} - (active or frozenset())
        return frozenset(range(len(self.measure_ids))) - self.removed - waiting

    def _rate_of_free(self, rates: Sequence[float]) -> dict[int, float]:
        """Value of each free rate by its position in the full compiled."""
        if not len(rates):
            rates = [f.start for f in self.free_rates]
        if len(rates) != len(self.free_rates):
            raise MeasureError(
                f'scenario "{self.scenario.name}" has {len(self.free_rates)} free rate(s); '
                f"{len(rates)} given."
            )
        where = {id(f): k for k, f in enumerate(self.all_free_rates)}
        return {where[id(f)]: float(r) for f, r in zip(self.free_rates, rates, strict=True)}

    def _levels(
        self, rates: Sequence[float], active: frozenset[int] | None
    ) -> tuple[dict[str, FloatArray], list[FloatArray]]:
        """Change of each wedge by part, and each target's contribution on its own parts."""
        free, on = self._rate_of_free(rates), self._on(active)
        own = [self._own_points(target, free) for target in self.targets]
        mirrored = self._mirrored(own, on)
        count = len(self.parts)
        totals: dict[str, FloatArray] = {}
        contributions: list[FloatArray] = [np.zeros(len(c.parts)) for c in self.targets]
        for component in dict.fromkeys(c.component for c in self.targets):
            members = [
                k
                for k, c in enumerate(self.targets)
                if c.component == component and c.measure in on
            ]
            if not members:
                continue
            base = np.zeros(count)
            for k in members:
                base[self.targets[k].parts] = self.targets[k].base
            layers = [
                Layer(
                    self.targets[k].parts,
                    self.targets[k].rule,
                    own[k] + mirrored.get(self.targets[k].measure, 0.0),
                )
                for k in members
            ]
            total, each = stack(layers, base)
            for k, contribution in zip(members, each, strict=True):
                contributions[k] = contribution
            first = self.targets[members[0]]
            if first.wedge == "resource_cost":
                so_far = totals.get("resource_cost", self.parts.resource_cost)
                totals["resource_cost"] = so_far * (1 + total)
            else:
                totals[first.wedge] = totals.get(first.wedge, np.zeros(count)) + first.sign * total
        return totals, contributions

    def _own_points(self, target: PlacedTarget, free: dict[int, float]) -> FloatArray:
        """What a target adds on its parts before mirroring, in the direction of its measure."""
        if target.free >= 0:
            return np.full(len(target.parts), free.get(target.free, 0.0))
        return target.points

    def _mirrored(self, own: list[FloatArray], on: frozenset[int]) -> dict[int, float]:
        """Points that mirroring adds to each measure: r = r_own + S r, solved exactly."""
        links = [(m, of, share) for m, of, share in self.mirrors if m in on and of in on]
        if not links:
            return {}
        count = len(self.measure_ids)
        average, weight = np.zeros(count), np.zeros(count)
        for target, points in zip(self.targets, own, strict=True):
            if target.wedge in PAID_WEDGES and target.rule in ("add", "replace"):
                average[target.measure] += float(target.weight @ points)
                weight[target.measure] += float(target.weight.sum())
        average = np.divide(average, weight, out=np.zeros(count), where=weight > 0)
        share = np.zeros((count, count))
        for m, of, part in links:
            share[m, of] = part
        total = np.linalg.solve(np.eye(count) - share, average)
        return {m: part * float(total[of]) for m, of, part in links}

    def _refuse_impossible(self, new: dict[str, FloatArray]) -> None:
        """Name the measures that together leave no price on a part."""
        for wedge, level in new.items():
            subsidy = wedge in ("production_subsidy", "purchase_subsidy")
            bad = np.flatnonzero(level >= 1 if subsidy else level <= -1)
            if not len(bad):
                continue
            part = int(bad[0])
            names = [
                self.measure_ids[c.measure]
                for c in self.targets
                if c.wedge == wedge and part in c.parts
            ]
            n, j = len(self.world.economies), len(self.world.sectors)
            flow = (int(self.parts.importer[part]) * n + int(self.parts.exporter[part])) * j + int(
                self.parts.sector[part]
            )
            raise MeasureError(
                f'scenario "{self.scenario.name}": {wedge.replace("_", " ")} on '
                f"{flow_name(self.world, flow)} becomes {100 * level[part]:.4g} % through "
                f"{', '.join(dict.fromkeys(names))}. It must stay "
                f"{'below 100 %' if subsidy else 'above −100 %'}; lower a rate or change stacking."
            )
