"""How does a scenario become a shock on one world? Names to flows, flows to parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.errors import MeasureError
from detente.measures import Budget, Instrument, ProductivityChange, TransferChange
from detente.measures.base import OnFlows
from detente.measures.coverage import Lines, final_use_share, partition, user_share
from detente.measures.fundamentals import BY_INCOME
from detente.measures.rates import plain
from detente.measures.shock import IntArray, Parts
from detente.scenario.compiled import CompiledScenario, FreeRate, PlacedTarget, Trigger, Watch
from detente.scenario.groups import resolve_economies, resolve_sectors
from detente.scenario.scenario import Scenario
from detente.scenario.targets import Target, check_stacking, flow_name, sector_rates, targets_of
from detente.wording import Note
from detente.world.model import World

#: A scenario with more parts than this is refused.
MOST_PARTS_IN_ALL = 400_000
#: Largest shadow duty (5,000 %) and largest shadow subsidy (99 %) that are searched.
LARGEST_DUTY, LARGEST_SUBSIDY = 50.0, 0.99

_LIMIT_RELATION = {"at most": "<=", "at least": ">="}


def compile_scenario(
    world: World, scenario: Scenario | Sequence[Instrument] | Instrument
) -> CompiledScenario:
    """Bring a scenario onto a world.

    Parameters
    ----------
    world
        The baseline.
    scenario
        A scenario, or measures.

    Raises
    ------
    UnknownNameError
        An economy or sector that the world does not have.
    MeasureError
        Measures that meet without a stacking rule, a coverage that is not known, a budget on
        flows that do not exist, duties that mirror each other without end.

    Examples
    --------
    >>> from detente.measures import ImportBan, Tariff
    >>> world = World.from_arrays(["HOM", "FOR"], ["goods"], trade_elasticity=4.0,
    ...                           sales=[[[80.0], [20.0]], [[20.0], [180.0]]])
    >>> compiled = compile_scenario(world, [
    ...     Tariff(by="HOM", on="FOR", sectors="goods", rate="+10 pp"),
    ...     ImportBan(by="HOM", on="FOR", sectors="goods", coverage="25 %")])
    >>> parts = compiled.shock().parts
    >>> [(float(c), float(t), float(d))
    ...  for c, t, d in zip(parts.share, parts.tariff, parts.resource_cost)]
    [(0.25, 0.1, inf), (0.75, 0.1, 1.0)]
    """
    if isinstance(scenario, Instrument):
        scenario = Scenario.of([scenario])
    elif not isinstance(scenario, Scenario):
        scenario = Scenario.of(tuple(scenario))
    measures = scenario.in_force
    notes = [
        Note("not in force", (m.id, str(scenario.date)))
        for m in scenario.measures
        if not m.is_in_force(scenario.date)
    ]
    position = {m.id: k for k, m in enumerate(measures)}
    targets = [
        target
        for measure in measures
        if isinstance(measure, OnFlows)
        for target in targets_of(world, measure)
    ]
    check_stacking(world, targets)
    targets = _drop_idle_denials(world, targets)
    parts, hits = _parts(world, targets)
    free_of: dict[int, int] = {}
    placed: list[PlacedTarget] = []
    border = ((1 + world.export_tax) * (1 - world.production_subsidy[None]) * world.sales).reshape(
        -1
    )
    flow_of_part = _flat(world, parts)
    for target, hit in zip(targets, hits, strict=True):
        measure = target.measure
        free = -1
        if target.fixed is None and measure.found_by and target.wedge != "resource_cost":
            free = free_of.setdefault(position[measure.id], len(free_of))
        flows = flow_of_part[hit]
        base = _baseline_level(world, target, flows)
        placed.append(
            PlacedTarget(
                measure=position[measure.id],
                component=target.component,
                wedge=target.wedge,
                sign=target.sign,
                parts=hit,
                rule="deny" if target.fixed == "none" else measure.stacking or "add",
                points=_points(target, base, parts.sector[hit]),
                free=free,
                base=base,
                weight=border[flows] * parts.share[hit],
            )
        )
    order = sorted(range(len(placed)), key=lambda k: _when(measures[placed[k].measure], k))
    placed = [placed[k] for k in order]
    _refuse_level_on_level(world, measures, [targets[k] for k in order], placed, flow_of_part)
    notes.extend(_priced_at_nothing(measures, targets, hits))
    free_rates = tuple(
        _free_rate(world, measures[m], m, [c for c in placed if c.measure == m], border, parts)
        for m in free_of
    )
    return CompiledScenario(
        world=world,
        scenario=scenario,
        measure_ids=tuple(m.id for m in measures),
        free_rates=free_rates,
        triggers=tuple(_triggers(world, measures, placed, parts)),
        notes=tuple(notes),
        parts=parts,
        targets=tuple(placed),
        mirrors=_mirrors(measures, placed, notes),
        fundamentals=tuple(_fundamentals(world, measures)),
        all_free_rates=free_rates,
    )


def _when(measure: Instrument, position: int) -> tuple[bool, str, int]:
    """Order of application: without a stacking rule first, then by first day, then as written."""
    return (measure.stacking is not None, str(measure.from_ or ""), position)


def _drop_idle_denials(world: World, targets: Sequence[Target]) -> list[Target]:
    """Keep a denial only where there is something to deny."""
    out = []
    paid = world.purchase_subsidy.reshape(-1)
    for target in targets:
        if target.fixed == "none":
            others = [
                c.flow
                for c in targets
                if c.component == target.component and c.measure is not target.measure
            ]
            given = np.isin(target.flow, np.concatenate(others)) if others else False
            keep = (paid[target.flow] != 0) | given
            target = Target(**{**target.__dict__, "flow": target.flow[keep]})
        out.append(target)
    return out


# ---- flows to parts ------------------------------------------------------------------------


def _flat(world: World, parts: Parts) -> IntArray:
    n, j = len(world.economies), len(world.sectors)
    out: IntArray = (parts.importer * n + parts.exporter) * j + parts.sector
    return out


class _Uses:
    """Shares of each importer's purchases by use, computed when first asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[int, FloatArray] = {}

    def share(self, use: int, importer: int, sector: int) -> float:
        if use not in self._known:
            final = use == len(self.world.sectors)
            self._known[use] = final_use_share(self.world) if final else user_share(self.world, use)
        return float(self._known[use][importer, sector])


def _parts(world: World, targets: Sequence[Target]) -> tuple[Parts, list[IntArray]]:
    """Every part that some target hits, and for each target the positions of its parts."""
    n, j = len(world.economies), len(world.sectors)
    traded = world.sales.reshape(-1) > 0
    hitting: dict[int, list[int]] = {}
    for k, target in enumerate(targets):
        for flow in target.flow[traded[target.flow]].tolist():
            hitting.setdefault(flow, []).append(k)
    uses = _Uses(world)
    known: dict[tuple[Any, ...], list[tuple[float, tuple[int, ...]]]] = {}
    flow_of, share, members_of = [], [], []
    for flow in sorted(hitting):
        here = hitting[flow]
        sector = flow % j
        lines: tuple[Lines, ...] = tuple(targets[k].lines[sector] for k in here)
        wanted = tuple(targets[k].uses for k in here)
        use_share: tuple[float, ...] = ()
        if any(u is not None for u in wanted):
            importer = flow // (n * j)
            use_share = _use_shares(uses, wanted, importer, sector, j)
        key = (lines, wanted, use_share)
        if key not in known:
            known[key] = partition(lines, wanted, use_share, flow_name(world, flow))
        for weight, members in known[key]:
            if members:
                flow_of.append(flow)
                share.append(weight)
                members_of.append([here[m] for m in members])
        if len(flow_of) > MOST_PARTS_IN_ALL:
            raise MeasureError(
                f"the measures split the world's flows into more than {MOST_PARTS_IN_ALL:,} parts; "
                "name fewer sectors, or say how covered lines overlap."
            )
    at = np.array(flow_of, dtype=np.int64)
    importers, exporters, sectors = at // (n * j), at // j % n, at % j
    hits: list[list[int]] = [[] for _ in targets]
    for part, hitters in enumerate(members_of):
        for k in hitters:
            hits[k].append(part)
    parts = Parts(
        importer=importers,
        exporter=exporters,
        sector=sectors,
        share=np.array(share, dtype=float),
        tariff=world.tariff.reshape(-1)[at],
        export_tax=world.export_tax.reshape(-1)[at],
        production_subsidy=world.production_subsidy[exporters, sectors],
        purchase_subsidy=world.purchase_subsidy.reshape(-1)[at],
        resource_cost=np.ones(len(at)),
    )
    return parts, [np.array(h, dtype=np.int64) for h in hits]


def _use_shares(
    uses: _Uses,
    wanted: Sequence[frozenset[int] | None],
    importer: int,
    sector: int,
    sectors: int,
) -> tuple[float, ...]:
    """Shares of the named uses, and last, at position `sectors` + 1, of all others."""
    named = sorted(frozenset().union(*(u for u in wanted if u is not None)))
    share = [0.0] * (sectors + 2)
    for use in named:
        share[use] = uses.share(use, importer, sector)
    if len(named) <= sectors:  # some use is not named
        share[sectors + 1] = max(0.0, 1.0 - sum(share))
    return tuple(share)


def _baseline_level(world: World, target: Target, flows: IntArray) -> FloatArray:
    """Level that the baseline holds of a target's instrument, in the measure's direction."""
    n, j = len(world.economies), len(world.sectors)
    if not target.at_baseline_level:
        return np.zeros(len(flows))
    if target.wedge == "production_subsidy":
        return world.production_subsidy[flows // j % n, flows % j]
    level: FloatArray = getattr(world, target.wedge).reshape(-1)[flows]
    if target.wedge == "export_tax":
        # A tax and a subsidy on exports are the two signs of one wedge.
        level = np.maximum(target.sign * level, 0.0)
    return level


def _points(target: Target, base: FloatArray, sector: IntArray) -> FloatArray:
    """What a target adds to the baseline level on its parts, as far as it is given."""
    points = np.full(len(base), np.inf if target.fixed == "closed" else 0.0)
    for j, rate in target.rates.items():
        here = sector == j
        if target.wedge == "resource_cost":
            points[here] = rate.value
        else:
            points[here] = rate.points(base[here])
    return points


def _refuse_level_on_level(
    world: World,
    measures: Sequence[Instrument],
    targets: Sequence[Target],
    placed: Sequence[PlacedTarget],
    flow_of_part: IntArray,
) -> None:
    """A level that adds to another measure is ambiguous where the baseline is not zero."""
    for k, target in enumerate(placed):
        levels = [r for r in targets[k].rates.values() if r.kind == "level"]
        if measures[target.measure].stacking != "add" or not levels:
            continue  # a level without a stacking rule comes first: nothing is ambiguous
        rate = levels[0]
        for other in (*placed[:k], *placed[k + 1 :]):
            if (
                other.component != target.component
                or other.rule != "add"
                or other.measure == target.measure
            ):
                continue
            both = np.isin(target.parts, other.parts) & (target.base != 0)
            if both.any():
                flow = int(flow_of_part[target.parts[np.flatnonzero(both)[0]]])
                raise MeasureError(
                    f'{measures[target.measure].where} sets the level "{rate}" on '
                    f"{flow_name(world, flow)} and {measures[other.measure].where} adds to it; the "
                    "baseline is not zero there. Write the points that are added "
                    f'("+{100 * rate.value:g} pp") or stacking = "replace" on one of them.'
                )


def _priced_at_nothing(
    measures: Sequence[Instrument], targets: Sequence[Target], hits: Sequence[IntArray]
) -> list[Note]:
    notes = []
    for measure in measures:
        mine = [k for k, c in enumerate(targets) if c.measure is measure and c.fixed != "none"]
        if mine and not any(len(hits[k]) for k in mine):
            if measure.found_by is not None:
                raise MeasureError(
                    f"{measure.where}: every flow that it names is zero in the baseline, so no "
                    "rate can meet its "
                    f"{measure.found_by.called}. Name other flows."
                )
            notes.append(Note("prices at nothing", (measure.id,)))
    return notes


# ---- rates to be found ---------------------------------------------------------------------


def _free_rate(
    world: World,
    measure: Instrument,
    position: int,
    targets: Sequence[PlacedTarget],
    border: FloatArray,
    parts: Parts,
) -> FreeRate:
    free = [c for c in targets if c.free >= 0]
    hit = np.unique(np.concatenate([c.parts for c in free]))
    flows = _flat(world, parts)[hit]
    value = float(border[flows] @ parts.share[hit])
    wedge = free[0].wedge
    pays = measure.sign < 0 or wedge in ("production_subsidy", "purchase_subsidy")
    upper = LARGEST_SUBSIDY if pays else LARGEST_DUTY
    limit = measure.found_by
    assert limit is not None  # only such measures have a free rate
    if isinstance(limit, Budget):
        level = limit.amount.within(world.currency, measure.where) / limit.years
        if level >= value:
            raise MeasureError(
                f"{measure.where}: a budget of {plain(level)} {world.currency} a year exceeds the "
                f"{plain(value)} of sales that it covers. Check the unit, the years and the "
                "coverage."
            )
        return FreeRate(
            position, 0.0, upper, min(0.5 * upper, level / value), "net_cost", "==", level
        )
    relation = _LIMIT_RELATION[limit.relation]
    ratio = 1 + (limit.change or 0.0)
    if limit.amount is not None:
        ratio = limit.amount.within(world.currency, measure.where) / value
    binds = (ratio < 1) if relation == "<=" else (ratio > 1)
    theta = float(np.average(world.trade_elasticity[parts.sector[hit]], weights=border[flows]))
    # A first guess from the trade elasticity alone: quantity moves by (price)^(−θ).
    guess = abs(ratio ** (-1 / (1 + theta)) - 1) if binds else 0.0
    level = ratio if limit.of == "quantity" else ratio * value
    quantity = "import_quantity" if limit.of == "quantity" else "import_value"
    return FreeRate(position, 0.0, upper, min(guess, 0.5 * upper), quantity, relation, level)


def _triggers(
    world: World, measures: Sequence[Instrument], placed: Sequence[PlacedTarget], parts: Parts
) -> list[Trigger]:
    out = []
    for position, measure in enumerate(measures):
        surge = measure.surge
        if surge is None:
            continue
        hits = [c.parts for c in placed if c.measure == position]
        hit = np.unique(np.concatenate(hits)) if hits else np.zeros(0, dtype=np.int64)
        if not len(hit):
            continue
        watch = Watch(
            parts.importer[hit], parts.exporter[hit], parts.sector[hit], parts.share[hit], hit
        )
        if surge.watch == "all sources":
            watch = _all_sources(world, watch)
        out.append(
            Trigger(
                position,
                f"import_{surge.of}",
                1 + surge.threshold,
                watch,
            )
        )
    return out


def _all_sources(world: World, watch: Watch) -> Watch:
    """The importers' whole imports of the sectors, from everyone abroad."""
    n = len(world.economies)
    pairs = sorted(set(zip(watch.importer.tolist(), watch.sector.tolist(), strict=True)))
    flows = [(m, i, j) for m, j in pairs for i in range(n) if i != m and world.sales[m, i, j] > 0]
    array = np.array(flows, dtype=np.int64).reshape(-1, 3)
    whole = np.full(len(array), -1, dtype=np.int64)
    return Watch(array[:, 0], array[:, 1], array[:, 2], np.ones(len(array)), whole)


def _mirrors(
    measures: Sequence[Instrument], placed: Sequence[PlacedTarget], notes: list[Note]
) -> tuple[tuple[int, int, float], ...]:
    ids = [m.id for m in measures]
    links = []
    for position, measure in enumerate(measures):
        mirror = measure.mirror
        if mirror is None:
            continue
        if mirror.of not in ids:
            notes.append(Note("mirrors nothing", (measure.id, mirror.of)))
            continue
        of = ids.index(mirror.of)
        if measures[of].wedge_moved not in (
            "tariff",
            "export_tax",
            "production_subsidy",
            "purchase_subsidy",
        ):
            raise MeasureError(
                f'{measure.where}: "{measures[of].id}" is a {measures[of].kind.replace("_", " ")} '
                "and has no rate that could be mirrored."
            )
        links.append((position, of, float(mirror.share)))
    share = np.zeros((len(measures), len(measures)))
    for m, of, part in links:
        share[m, of] = part
    if links and np.abs(np.linalg.eigvals(share)).max() >= 1 - 1e-12:
        names = ", ".join(f'"{ids[m]}"' for m, _, _ in links)
        raise MeasureError(
            f"{names} mirror each other without end: every round raises the next. Return less than "
            '100 % on one side (share = "50 %").'
        )
    return tuple(links)


# ---- transfers, productivity, labour -------------------------------------------------------


def _fundamentals(
    world: World, measures: Sequence[Instrument]
) -> list[tuple[int, str, FloatArray]]:
    out: list[tuple[int, str, FloatArray]] = []
    seen: dict[tuple[str, int], Instrument] = {}
    for position, measure in enumerate(measures):
        if measure.moves not in ("transfer", "productivity", "labour"):
            continue
        acting = resolve_economies(world, measure.by, where=f"{measure.where}, by")
        rows = [world.economies.index(e) for e in acting]
        cells = [(row, -1) for row in rows]
        if isinstance(measure, TransferChange):
            change = _transfer(world, measure, rows)
        elif isinstance(measure, ProductivityChange):
            sectors = resolve_sectors(world, measure.sectors, f"{measure.where}, sectors")
            columns = [world.sectors.index(s) for s in sectors]
            change = np.zeros((len(world.economies), len(world.sectors)))
            by_sector = sector_rates(world, measure, sectors)
            for column in columns:
                change[rows, column] = by_sector[column].value
            cells = [(row, column) for row in rows for column in columns]
        else:
            change = np.zeros(len(world.economies))
            change[rows] = measure.rates[0].value
        for row, column in cells:
            other = seen.get((f"{measure.moves}:{column}", row))
            if other is not None and not (other.stacking or measure.stacking):
                raise MeasureError(
                    f"{other.where} and {measure.where} both change the {measure.moves} of "
                    f'{world.economies[row]}. Give the second stacking = "add" if both count.'
                )
            seen[(f"{measure.moves}:{column}", row)] = measure
        out.append((position, measure.moves, change))
    return out


def _transfer(world: World, measure: TransferChange, rows: list[int]) -> FloatArray:
    """What each economy receives (+) or gives (−); sums to zero."""
    income = world.income
    change = np.zeros(len(world.economies))
    if measure.rate is not None:
        change[rows] = float(measure.rate) * income[rows]
    elif measure.amount is not None:
        amount = measure.amount.within(world.currency, measure.where)
        change[rows] = amount * income[rows] / income[rows].sum()
    acting = [world.economies[r] for r in rows]
    named = ("all others",) if measure.counterpart == (BY_INCOME,) else measure.counterpart
    others = resolve_economies(world, named, acting=acting, where=f"{measure.where}, counterpart")
    givers = [world.economies.index(e) for e in others]
    shared = [e for e in others if e in acting]
    if shared or not givers:
        wrong = f"{shared[0]} cannot be its own counterpart" if shared else "nobody is left to give"
        raise MeasureError(f"{measure.where}: {wrong}.")
    change[givers] -= change[rows].sum() * income[givers] / income[givers].sum()
    return change
