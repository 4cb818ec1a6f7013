"""Which flows does each measure hit, and which lines and users of them? By names alone.

A target is one thing that a measure does to a set of flows. Most measures have one target; a
content rule has up to three (the credit, its denial, the bar on components). Nothing here needs
the numbers of a world, so that a case file can be checked without opening one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from detente.data import ProductGroup, product_groups
from detente.errors import MeasureError, UnknownNameError
from detente.measures import BarredInputs, ContentRule, Instrument, Rate, TransferChange
from detente.measures.base import FINAL_USE, Bilateral, OnFlows, Rated
from detente.measures.coverage import Lines
from detente.measures.fundamentals import BY_INCOME
from detente.measures.shock import IntArray
from detente.scenario.groups import ALL, Labels, resolve_economies, resolve_sectors

#: The pair of economies whose trade the table of product groups describes.
PRODUCT_GROUP_PAIR = ("USA", "CHN")


@dataclass(frozen=True, eq=False)
class Target:
    """What a measure does to some flows.

    Attributes
    ----------
    measure
        The measure.
    component
        Measures of one component meet under a stacking rule; components add up (multiply, for
        resource costs).
    wedge, sign
        The wedge that moves and the direction in which a positive rate moves it.
    flow
        Flat positions in [importer, exporter, sector], sorted.
    lines
        Per sector position: which lines are covered.
    uses
        User sectors by position, the number of sectors standing for final use; None for all.
    fixed
        "closed" (a ban), "none" (the level becomes zero), or None.
    rates
        The rate by sector position; empty where none is given.
    at_baseline_level
        The world's baseline holds this component's level.
    """

    measure: OnFlows
    component: str
    wedge: str
    sign: int
    flow: IntArray
    lines: Mapping[int, Lines] = field(repr=False)
    uses: frozenset[int] | None
    fixed: str | None = None
    rates: Mapping[int, Rate] = field(default_factory=dict, repr=False)
    at_baseline_level: bool = False


def targets_of(labels: Labels, measure: Instrument) -> tuple[Target, ...]:
    """Everything that a measure hits; nothing for one on fundamentals, whose names are checked.

    Raises
    ------
    UnknownNameError
        An economy, sector, group or product group on no list.
    MeasureError
        No flow is left, or a coverage is not known for these flows.
    """
    if not isinstance(measure, OnFlows):
        _check_names(labels, measure)
        return ()
    table = product_groups() if _asks_for_group(measure) else {}
    if isinstance(measure, ContentRule):
        return tuple(_content_rule(labels, measure, table))
    importers, exporters = _sides(labels, measure)
    sectors = _sectors_of(labels, measure.sectors, measure.product_group, measure, table)
    own, moved = measure.kind, measure.wedge_moved
    target = _target(
        labels,
        measure,
        importers,
        exporters,
        sectors,
        table,
        component=own if moved == measure.moves else f"{own}:{moved}",
        wedge=moved,
        fixed="closed" if own in ("import_ban", "export_ban") else None,
    )
    return (target,)


def _check_names(labels: Labels, measure: Instrument) -> None:
    """Refuse a measure on fundamentals that names what the world does not have."""
    where = measure.where
    acting = resolve_economies(labels, measure.by, where=f"{where}, by")
    if isinstance(measure, TransferChange) and measure.counterpart != (BY_INCOME,):
        resolve_economies(labels, measure.counterpart, acting=acting, where=f"{where}, counterpart")
    if isinstance(measure, Rated):
        sectors = resolve_sectors(labels, measure.sectors, f"{where}, sectors")
        sector_rates(labels, measure, sectors)


def _asks_for_group(measure: OnFlows) -> bool:
    inputs = measure.inputs if isinstance(measure, ContentRule) else None
    return measure.product_group is not None or (
        inputs is not None and inputs.product_group is not None
    )


def _sides(labels: Labels, measure: OnFlows) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Importers and exporters of the flows that a measure hits."""
    acting = resolve_economies(labels, measure.by, where=f"{measure.where}, by")
    if not isinstance(measure, Bilateral):
        return tuple(labels.economies), acting
    partners = _partners(labels, measure, acting)
    return (acting, partners) if measure.side == "importer" else (partners, acting)


def _partners(labels: Labels, measure: Bilateral, acting: Sequence[str]) -> tuple[str, ...]:
    """Who `on` means, less those who are excepted."""
    excepted = resolve_economies(
        labels, measure.except_for, acting=acting, where=f"{measure.where}, except_for"
    )
    return resolve_economies(
        labels, measure.on, acting=acting, except_for=excepted, where=f"{measure.where}, on"
    )


def _sectors_of(
    labels: Labels,
    named: Sequence[str],
    group: str | None,
    measure: OnFlows,
    table: Mapping[str, ProductGroup],
) -> tuple[str, ...]:
    """The sectors named; those of the product group where none is."""
    if named:
        return resolve_sectors(labels, named, f"{measure.where}, sectors")
    if group is None or group not in table:
        raise UnknownNameError(
            "product group",
            str(group),
            table,
            where=f"{measure.where}, product_group",
            hint="A group of your own needs sectors, coverage and a source.",
        )
    return resolve_sectors(
        labels, [s for s, share in table[group].coverage if share > 0], measure.where
    )


def _flows(
    labels: Labels,
    importers: Sequence[str],
    exporters: Sequence[str],
    sectors: Sequence[str],
    at_home: bool,
) -> IntArray:
    economy, sector = _positions(labels.economies), _positions(labels.sectors)
    n = np.array([economy[e] for e in importers], dtype=np.int64)
    i = np.array([economy[e] for e in exporters], dtype=np.int64)
    j = np.array([sector[s] for s in sectors], dtype=np.int64)
    grid = (n[:, None, None] * len(economy) + i[None, :, None]) * len(sector) + j
    if not at_home:
        grid = grid[n[:, None] != i[None, :]]
    return np.sort(grid.reshape(-1))


def _positions(names: Sequence[str]) -> dict[str, int]:
    """Position of each name."""
    return {name: position for position, name in enumerate(names)}


def _target(
    labels: Labels,
    measure: OnFlows,
    importers: Sequence[str],
    exporters: Sequence[str],
    sectors: Sequence[str],
    table: Mapping[str, ProductGroup],
    *,
    component: str,
    wedge: str,
    fixed: str | None,
) -> Target:
    at_home = measure.at_home
    flow = _flows(labels, importers, exporters, sectors, at_home)
    if not len(flow):
        raise MeasureError(
            f"{measure.where}, on: no flow is left: {', '.join(measure.by)} and "
            f"{', '.join(measure.partners)} are the same economy."
        )
    at = _positions(labels.sectors)
    lines = {at[s]: _lines(measure, s, importers, exporters, table) for s in sectors}
    return Target(
        measure=measure,
        component=component,
        wedge=wedge,
        sign=measure.sign,
        flow=flow,
        lines=lines,
        uses=_uses(labels, measure.users, measure.where),
        fixed=fixed,
        rates=sector_rates(labels, measure, sectors) if fixed is None else {},
        at_baseline_level=measure.in_baseline,
    )


def sector_rates(labels: Labels, measure: Instrument, sectors: Sequence[str]) -> dict[int, Rate]:
    """The rate on each sector; a sector's own rate goes before that of a group it is in."""
    at = _positions(labels.sectors)
    if not isinstance(measure, Rated) or measure.rate is None:
        return {}
    if not isinstance(measure.rate, Mapping):
        return {at[s]: measure.rate for s in sectors}
    found: dict[int, Rate] = {}
    where = f"{measure.where}, rate"
    for is_own in (False, True):
        for name, rate in measure.rate.items():
            if (name in at) == is_own:
                found.update({at[s]: rate for s in resolve_sectors(labels, [name], where)})
    return found


def _uses(labels: Labels, use: Sequence[str] | None, where: str) -> frozenset[int] | None:
    if use is None:
        return None
    users: set[int] = set()
    named = [u for u in use if u != FINAL_USE]
    if len(named) < len(use):
        users.add(len(labels.sectors))
    at = _positions(labels.sectors)
    users.update(at[s] for s in resolve_sectors(labels, named, f"{where}, use"))
    return frozenset(users)


def _lines(
    measure: OnFlows,
    sector: str,
    importers: Sequence[str],
    exporters: Sequence[str],
    table: Mapping[str, ProductGroup],
) -> Lines:
    share = measure.coverage_of(sector)
    name, relation = measure.product_group, None
    if share is None:
        share = (
            1.0
            if name is None
            else group_share(name, sector, importers, exporters, table, measure.where)
        )
    if name is not None and name in table:
        relation = "disjoint"
    if measure.overlap is not None:
        if measure.overlap.startswith("same-lines:"):
            name = measure.overlap.removeprefix("same-lines:")
        else:
            relation = measure.overlap
    return Lines(share, name, relation)


def group_share(
    name: str,
    sector: str,
    importers: Sequence[str],
    exporters: Sequence[str],
    table: Mapping[str, ProductGroup],
    where: str,
) -> float:
    """Share of a sector's flow that a product group of the shipped table covers.

    Raises
    ------
    UnknownNameError
        No such product group.
    MeasureError
        The table describes another pair of economies, or the group has nothing in the sector.
    """
    if name not in table:
        raise UnknownNameError(
            "product group",
            name,
            table,
            where=f"{where}, product_group",
            hint="List them with `detente list product-groups`. For a group of your own add "
            'coverage = "… %" and its source.',
        )
    importer, exporter = PRODUCT_GROUP_PAIR
    if tuple(importers) != (importer,) or tuple(exporters) != (exporter,):
        raise MeasureError(
            f'{where}: the table of product groups knows the share of "{name}" in imports of '
            f"{importer} from {exporter} only. For other flows write the share yourself, such as "
            'coverage = "12 %", and say where it is from in source.'
        )
    share = table[name].coverage_of(sector)
    if share <= 0:
        homes = ", ".join(s for s, c in table[name].coverage if c > 0)
        raise MeasureError(
            f'{where}: product group "{name}" is not in {sector} but in {homes}. Correct sectors, '
            "or leave them out."
        )
    return share


def _content_rule(
    labels: Labels, rule: ContentRule, table: Mapping[str, ProductGroup]
) -> list[Target]:
    """The credit for eligible origins, its denial to barred ones, the bar on components."""
    buyers = resolve_economies(labels, rule.by, where=f"{rule.where}, by")
    barred = _partners(labels, rule, buyers)
    eligible = tuple(
        e
        for e in resolve_economies(
            labels, rule.eligible or (ALL,), acting=buyers, where=f"{rule.where}, eligible"
        )
        if e not in barred
    )
    both = [e for e in rule.eligible if e in barred]
    if both:
        raise MeasureError(f"{rule.where}: {both[0]} is both eligible and barred.")
    sectors = _sectors_of(labels, rule.sectors, rule.product_group, rule, table)
    targets = []
    if rule.rate is not None or rule.budget is not None:
        shared = {"component": "purchase_subsidy", "wedge": "purchase_subsidy"}
        targets.append(
            _target(labels, rule, buyers, eligible, sectors, table, fixed=None, **shared)
        )
        targets.append(
            _target(labels, rule, buyers, barred, sectors, table, fixed="none", **shared)
        )
    if rule.inputs is not None:
        targets.extend(_barred_inputs(labels, rule, rule.inputs, buyers, barred, sectors, table))
    return targets


def _barred_inputs(
    labels: Labels,
    rule: ContentRule,
    inputs: BarredInputs,
    buyers: Sequence[str],
    barred: Sequence[str],
    products: Sequence[str],
    table: Mapping[str, ProductGroup],
) -> list[Target]:
    components = _sectors_of(labels, inputs.sectors, inputs.product_group, rule, table)
    at = _positions(labels.sectors)
    targets = []
    for product in products:
        # Only the covered share of the product's makers seeks the credit.
        seeking = rule.coverage_of(product)
        seeking = 1.0 if seeking is None else seeking
        lines = {}
        for sector in components:
            share = 1.0
            if isinstance(inputs.coverage, Mapping):
                if sector not in inputs.coverage:
                    raise MeasureError(f"{rule.where}: inputs.coverage leaves out {sector}.")
                share = inputs.coverage[sector]
            elif inputs.coverage is not None:
                share = inputs.coverage
            elif inputs.product_group is not None:
                group = inputs.product_group
                share = group_share(group, sector, buyers, barred, table, rule.where)
            lines[at[sector]] = Lines(float(share) * seeking)
        targets.append(
            Target(
                measure=rule,
                component="content_rule:inputs",
                wedge="resource_cost",
                sign=1,
                flow=_flows(labels, buyers, barred, components, at_home=False),
                lines=lines,
                uses=frozenset({at[product]}),
                fixed="closed" if inputs.rate is None else None,
                rates={} if inputs.rate is None else dict.fromkeys(lines, inputs.rate),
            )
        )
    return targets


def check_stacking(labels: Labels, targets: Sequence[Target]) -> None:
    """Refuse measures of one instrument that meet on a flow when neither says how.

    Raises
    ------
    MeasureError
        Naming both measures, a flow on which they meet, and what to write.
    """
    found = clashes(targets, len(labels.sectors))
    if found:
        second, first = min(found)
        raise no_rule(labels, targets[first], targets[second], found[second, first])


def no_rule(labels: Labels, one: Target, two: Target, flow: int) -> MeasureError:
    """The error of two targets that meet on a flow without a rule, and what to write."""
    first, second = one.measure, two.measure
    return MeasureError(
        f"{first.where} and {second.where} are both a {first.kind.replace('_', ' ')} on "
        f"{flow_name(labels, flow)}, and neither says how they meet. Give the second stacking = "
        '"add" (both count), "replace" (it alone counts), "cap" (it bounds the sum) or "exempt".'
    )


def clashes(targets: Sequence[Target], sectors: int) -> dict[tuple[int, int], int]:
    """Where targets of one component meet and need a rule: later and earlier one, first flow.

    Only flows that several targets hit are looked at, and each set of targets that meets on some
    sector once.
    """
    # A stated rule settles any meeting; closed is closed and denied is denied without one.
    open_ = [
        k
        for k, target in enumerate(targets)
        if target.measure.stacking is None and target.fixed is None
    ]
    by_component: dict[str, list[int]] = {}
    for k in open_:
        by_component.setdefault(targets[k].component, []).append(k)
    found: dict[tuple[int, int], int] = {}
    for together in by_component.values():
        for flow, here in _meetings(targets, together, sectors):
            for first, second in combinations(here, 2):
                if (second, first) not in found and _meet(
                    targets[first], targets[second], flow % sectors
                ):
                    found[second, first] = flow
    return found


def _meetings(
    targets: Sequence[Target], together: Sequence[int], sectors: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The first flow of each sector on which the same several targets meet, and these targets."""
    flows = np.concatenate([targets[k].flow for k in together])
    owner = np.repeat(together, [len(targets[k].flow) for k in together])
    order = np.lexsort((owner, flows))
    flows, owner = flows[order], owner[order]
    begins = np.flatnonzero(np.r_[True, flows[1:] != flows[:-1]])
    ends = np.r_[begins[1:], len(flows)]
    seen: set[tuple[int, tuple[int, ...]]] = set()
    for begin, end in zip(begins[ends - begins > 1], ends[ends - begins > 1], strict=True):
        flow, here = int(flows[begin]), tuple(owner[begin:end].tolist())
        if (flow % sectors, here) not in seen:
            seen.add((flow % sectors, here))
            yield flow, here


def _meet(one: Target, two: Target, sector: int) -> bool:
    """Whether two targets of different measures hit the same lines for the same users."""
    if one.measure is two.measure:
        return False
    if one.uses is not None and two.uses is not None and not (one.uses & two.uses):
        return False
    a, b = one.lines[sector], two.lines[sector]
    return not (a.relation == b.relation == "disjoint" and (a.name is None or a.name != b.name))


def flow_name(labels: Labels, flow: int) -> str:
    """A flow in words, importer first.

    Examples
    --------
    >>> from detente.world.model import World
    >>> world = World.from_arrays(["HOM", "FOR"], ["goods"], trade_elasticity=4.0,
    ...                           sales=[[[80.0], [20.0]], [[20.0], [180.0]]])
    >>> flow_name(world, 1)
    'goods, HOM from FOR'
    """
    n, j = len(labels.economies), len(labels.sectors)
    return (
        f"{labels.sectors[flow % j]}, {labels.economies[flow // (n * j)]} from "
        f"{labels.economies[flow // j % n]}"
    )
