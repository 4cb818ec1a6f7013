"""Which flows does each measure hit, and which lines and users of them? By names alone.

A target is one thing that a measure does to a set of flows. Most measures have one target; a
content rule has up to three (the credit, its denial, the bar on components). Nothing here needs
the numbers of a world, so that a case file can be checked without opening one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from detente.data import ProductGroup, product_groups
from detente.errors import MeasureError, UnknownNameError
from detente.measures import ContentRule, Measure, Rate, TransferChange
from detente.measures.base import FINAL_USE
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
        Position of the measure in the scenario.
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

    measure: int
    component: str
    wedge: str
    sign: int
    flow: IntArray
    lines: Mapping[int, Lines] = field(repr=False)
    uses: frozenset[int] | None
    fixed: str | None = None
    rates: Mapping[int, Rate] = field(default_factory=dict, repr=False)
    at_baseline_level: bool = False


def targets_of(labels: Labels, measures: Sequence[Measure]) -> list[Target]:
    """Every target that measures on flows make.

    Raises
    ------
    UnknownNameError
        An economy, sector, group or product group on no list.
    MeasureError
        No flow is left, or a coverage is not known for these flows.
    """
    table = product_groups() if any(_asks_for_group(m) for m in measures) else {}
    targets: list[Target] = []
    for position, measure in enumerate(measures):
        if measure.moves in ("transfer", "productivity", "labour"):
            continue
        if isinstance(measure, ContentRule):
            targets.extend(_content_rule(labels, measure, position, table))
            continue
        importers, exporters = _sides(labels, measure)
        sectors = _sectors_of(labels, measure.sectors, measure.product_group, measure, table)
        closes = measure.kind in ("import_ban", "export_ban")
        targets.append(
            _claim(
                labels,
                measure,
                position,
                importers,
                exporters,
                sectors,
                table,
                component=measure.kind
                if measure.wedge_moved == measure.moves
                else f"{measure.kind}:{measure.wedge_moved}",
                wedge=measure.wedge_moved,
                fixed="closed" if closes else None,
            )
        )
    return targets


def together(targets: Sequence[Sequence[Target]]) -> list[Target]:
    """Targets of several measures, each found alone, as those of one scenario.

    Parameters
    ----------
    targets
        Of every measure, in the order of the scenario.
    """
    return [
        replace(target, measure=position) for position, own in enumerate(targets) for target in own
    ]


def _asks_for_group(measure: Measure) -> bool:
    inputs = getattr(measure, "inputs", None)
    return measure.product_group is not None or (
        inputs is not None and inputs.product_group is not None
    )


def _sides(labels: Labels, measure: Measure) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Importers and exporters of the flows that a measure hits."""
    acting = resolve_economies(labels, measure.by, where=f"{measure.where}, by")
    if measure.side == "producer":
        return tuple(labels.economies), acting
    partners = _partners(labels, measure, acting)
    return (acting, partners) if measure.side == "importer" else (partners, acting)


def _partners(labels: Labels, measure: Measure, acting: Sequence[str]) -> tuple[str, ...]:
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
    measure: Measure,
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
    economies, all_sectors = list(labels.economies), list(labels.sectors)
    n = np.array([economies.index(e) for e in importers], dtype=np.int64)
    i = np.array([economies.index(e) for e in exporters], dtype=np.int64)
    j = np.array([all_sectors.index(s) for s in sectors], dtype=np.int64)
    grid = (n[:, None, None] * len(economies) + i[None, :, None]) * len(all_sectors) + j
    if not at_home:
        grid = grid[n[:, None] != i[None, :]]
    return np.sort(grid.reshape(-1))


def _claim(
    labels: Labels,
    measure: Measure,
    position: int,
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
            f"{', '.join(measure.on)} are the same economy."
        )
    order = list(labels.sectors)
    lines = {order.index(s): _lines(measure, s, importers, exporters, table) for s in sectors}
    return Target(
        measure=position,
        component=component,
        wedge=wedge,
        sign=measure.sign,
        flow=flow,
        lines=lines,
        uses=_uses(labels, measure.use, measure.where),
        fixed=fixed,
        rates=sector_rates(labels, measure, sectors) if fixed is None else {},
        at_baseline_level=measure.in_baseline,
    )


def sector_rates(labels: Labels, measure: Measure, sectors: Sequence[str]) -> dict[int, Rate]:
    """The rate on each sector; a sector's own rate goes before that of a group it is in."""
    order = list(labels.sectors)
    if measure.rate is None:
        return {}
    if not isinstance(measure.rate, Mapping):
        return {order.index(s): measure.rate for s in sectors}
    found: dict[int, Rate] = {}
    where = f"{measure.where}, rate"
    for is_own in (False, True):
        for name, rate in measure.rate.items():
            if (name in order) == is_own:
                found.update({order.index(s): rate for s in resolve_sectors(labels, [name], where)})
    return found


def _uses(labels: Labels, use: Sequence[str] | None, where: str) -> frozenset[int] | None:
    if use is None:
        return None
    users: set[int] = set()
    named = [u for u in use if u != FINAL_USE]
    if len(named) < len(use):
        users.add(len(labels.sectors))
    order = list(labels.sectors)
    users.update(order.index(s) for s in resolve_sectors(labels, named, f"{where}, use"))
    return frozenset(users)


def _lines(
    measure: Measure,
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
    labels: Labels, rule: ContentRule, position: int, table: Mapping[str, ProductGroup]
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
            _claim(labels, rule, position, buyers, eligible, sectors, table, fixed=None, **shared)
        )
        targets.append(
            _claim(labels, rule, position, buyers, barred, sectors, table, fixed="none", **shared)
        )
    if rule.inputs is not None:
        targets.extend(_barred_inputs(labels, rule, position, buyers, barred, sectors, table))
    return targets


def _barred_inputs(
    labels: Labels,
    rule: ContentRule,
    position: int,
    buyers: Sequence[str],
    barred: Sequence[str],
    products: Sequence[str],
    table: Mapping[str, ProductGroup],
) -> list[Target]:
    inputs = rule.inputs
    components = _sectors_of(labels, inputs.sectors, inputs.product_group, rule, table)
    order = list(labels.sectors)
    targets = []
    for product in products:
        # Only the covered share of the product's makers seeks the credit.
        seeking = rule.coverage_of(product)
        seeking = 1.0 if seeking is None else seeking
        lines = {}
        for sector in components:
            share = inputs.coverage
            if isinstance(share, Mapping):
                if sector not in share:
                    raise MeasureError(f"{rule.where}: inputs.coverage leaves out {sector}.")
                share = share[sector]
            if share is None:
                share = (
                    1.0
                    if inputs.product_group is None
                    else group_share(
                        inputs.product_group, sector, buyers, barred, table, rule.where
                    )
                )
            lines[order.index(sector)] = Lines(float(share) * seeking)
        targets.append(
            Target(
                measure=position,
                component="content_rule:inputs",
                wedge="resource_cost",
                sign=1,
                flow=_flows(labels, buyers, barred, components, at_home=False),
                lines=lines,
                uses=frozenset({order.index(product)}),
                fixed="closed" if inputs.rate is None else None,
                rates={} if inputs.rate is None else dict.fromkeys(lines, inputs.rate),
            )
        )
    return targets


def check_names(labels: Labels, measure: Measure) -> None:
    """Refuse a measure that names economies, sectors or groups which the world does not have."""
    where = measure.where
    acting = resolve_economies(labels, measure.by, where=f"{where}, by")
    if isinstance(measure, TransferChange):
        if measure.counterpart != (BY_INCOME,):
            resolve_economies(
                labels, measure.counterpart, acting=acting, where=f"{where}, counterpart"
            )
        return
    if measure.moves in ("productivity", "labour"):
        sectors = resolve_sectors(labels, measure.sectors, f"{where}, sectors")
        sector_rates(labels, measure, sectors)
        return
    targets_of(labels, [measure])


def check_stacking(labels: Labels, measures: Sequence[Measure], targets: Sequence[Target]) -> None:
    """Refuse measures of one instrument that meet on a flow when neither says how.

    Raises
    ------
    MeasureError
        Naming both measures, a flow on which they meet, and what to write.
    """
    for second, later in enumerate(targets):
        for earlier in targets[:second]:
            if earlier.component != later.component or earlier.measure == later.measure:
                continue
            first_measure, second_measure = measures[earlier.measure], measures[later.measure]
            if first_measure.stacking or second_measure.stacking:
                continue
            if {earlier.fixed, later.fixed} & {"closed", "none"}:
                continue  # closed is closed, denied is denied: no rule is needed
            if (
                earlier.uses is not None
                and later.uses is not None
                and not (earlier.uses & later.uses)
            ):
                continue
            for flow in np.intersect1d(earlier.flow, later.flow):
                sector = int(flow) % len(labels.sectors)
                one, two = earlier.lines[sector], later.lines[sector]
                if one.relation == two.relation == "disjoint" and (
                    one.name is None or one.name != two.name
                ):
                    continue
                instrument = first_measure.kind.replace("_", " ")
                raise MeasureError(
                    f"{first_measure.where} and {second_measure.where} are both a {instrument} on "
                    f"{flow_name(labels, int(flow))}, and "
                    'neither says how they meet. Give the second stacking = "add" (both count), '
                    '"replace" (it alone counts), "cap" (it bounds the sum) or "exempt".'
                )


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
