"""How does a world look with fewer economies and sectors, its accounts exact?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from detente.arrays import FloatArray
from detente.errors import UnknownNameError, WorldError
from detente.world.accounts import check_accounts
from detente.world.elasticities import elasticity_sets, studies_of
from detente.world.labels import check_name
from detente.world.model import World, check_is_consistent

__all__ = ["aggregate"]

Mapper = Mapping[str, Sequence[str]]


def _membership(kind: str, old: Sequence[str], mapping: Mapper | None) -> FloatArray:
    """[new, old] zeros and ones; every old label belongs to one new label."""
    if mapping is None:
        return np.eye(len(old))
    where = f"aggregate, {kind}"
    if not isinstance(mapping, Mapping):
        raise WorldError(f"{where}: give a mapping from each new name to its members.")
    out = np.zeros((len(mapping), len(old)))
    for row, (new, members) in enumerate(mapping.items()):
        check_name(where, new)
        if isinstance(members, str) or not isinstance(members, Iterable):
            raise WorldError(f'{where}: the members of "{new}" must be a list, not one text.')
        for member in members:
            if member not in old:
                raise UnknownNameError(kind, str(member), old, where)
            out[row, old.index(member)] += 1
        if not members:
            raise WorldError(f'{where}: "{new}" has no members.')
    for column, label in enumerate(old):
        if out[:, column].sum() != 1:
            times = int(out[:, column].sum())
            said = (
                f'"{label}" is in no group; keep it as it is with "{label}": ["{label}"].'
                if times == 0
                else f'"{label}" is used {times} times; each must belong to exactly one group.'
            )
            raise WorldError(f"{where}: {said}")
    return out


def _ratio(top: FloatArray, bottom: FloatArray, empty: float = 0.0) -> FloatArray:
    out: FloatArray = np.divide(top, bottom, out=np.full(top.shape, empty), where=bottom != 0)
    return out


def merged_elasticities(
    theta: FloatArray, psi: FloatArray, output: FloatArray, members: FloatArray
) -> tuple[FloatArray, FloatArray]:
    r"""Elasticities of merged sectors.

    The trade elasticity is the mean weighted with world output. The scale elasticity is such
    that :math:`\theta\psi` is the mean weighted with world output: where :math:`\theta\psi < 1`
    held in every sector it then holds in every merged sector, which separate means of
    :math:`\theta` and :math:`\psi` would not assure.

    Parameters
    ----------
    theta, psi, output
        [sector].
    members
        [new sector, sector], zeros and ones.
    """
    weight = members * output
    total = weight.sum(axis=1)
    weight = np.where(total[:, None] > 0, weight, members)
    total = weight.sum(axis=1)
    new_theta = (weight @ theta) / total
    product = (weight @ (theta * psi)) / total
    return new_theta, product / new_theta


def _merged_descriptor(world: World, members: FloatArray, same_sectors: bool) -> dict[str, Any]:
    """The descriptor, with its elasticity sets and studies in the new sectors."""
    descriptor = dict(world.descriptor)
    if same_sectors:
        return descriptor
    output = world.output.sum(axis=0)
    sets = {}
    for name, chosen in elasticity_sets(descriptor).items():
        theta, psi = merged_elasticities(
            np.array(chosen["trade_elasticity"], dtype=float),
            np.array(chosen["scale_elasticity"], dtype=float),
            output,
            members,
        )
        sets[name] = dict(chosen) | {
            "trade_elasticity": theta.tolist(),
            "scale_elasticity": psi.tolist(),
        }
    if sets:
        descriptor["elasticity_sets"] = sets
    if "elasticity_studies" in descriptor:
        studies = studies_of(descriptor, world.sectors)
        table: dict[str, list[float | None]] = {}
        for name, row in zip(studies.studies, studies.trade_elasticity, strict=True):
            has = np.isfinite(row)
            weight = members * (output * has)
            total = weight.sum(axis=1)
            mean = _ratio(weight @ np.where(has, row, 0.0), total, np.nan)
            table[name] = [None if np.isnan(m) else float(m) for m in mean]
        descriptor["elasticity_studies"] = table
    return descriptor


def aggregate(
    world: World,
    economies: Mapper | None = None,
    sectors: Mapper | None = None,
    name: str | None = None,
) -> World:
    r"""A world with economies and sectors merged, its accounts exact.

    Flows, inputs, final spending, employment, emissions and transfers are summed (transfers
    inside a group net out). Wedges are such that each government's revenue from each kind is
    kept: with :math:`V, G, B, L, X` the value of a merged flow at the factory gate, after the
    production subsidy, after the export tax, after the tariff and at purchaser prices,
    :math:`1 - s = \sum_n G/\sum_n V`, :math:`1 + e = B/((1 - s)V)`, :math:`1 + t = L/B`,
    :math:`1 - b = X/L`. Tariffs between economies that become one are kept too, as a wedge on
    the merged economy's purchases from itself at the average rate: its revenue and its prices
    stay what they were. Elasticities: see :func:`merged_elasticities`.

    Parameters
    ----------
    economies, sectors
        New name and its members, in the order wanted; every old name exactly once. Left out:
        as they are.
    name
        Name of the new world.

    Raises
    ------
    UnknownNameError
        A member that the world does not have.
    WorldError
        A label left out or used twice.

    Examples
    --------
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods", "services"], trade_elasticity=[4.0, 2.0],
    ...     sales=[[[80.0, 10.0], [20.0, 0.0]], [[20.0, 0.0], [180.0, 30.0]]])
    >>> aggregate(world, sectors={"all": ["goods", "services"]}).sales[0, :, 0].tolist()
    [90.0, 20.0]
    """
    check_is_consistent(world)
    e = _membership("economy", world.economies, economies)
    s = _membership("sector", world.sectors, sectors)
    new_economies = tuple(world.economies if economies is None else economies)
    new_sectors = tuple(world.sectors if sectors is None else sectors)

    def flows(array: FloatArray) -> FloatArray:
        out: FloatArray = np.einsum("Nn,Ii,nij,Jj->NIJ", e, e, array, s, optimize=True)
        return out

    def cells(array: FloatArray) -> FloatArray:
        out: FloatArray = e @ array @ s.T
        return out

    gate = world.sales * (1 - world.production_subsidy[None])
    border = gate * (1 + world.export_tax)
    landed = border * (1 + world.tariff)
    v, x = flows(world.sales), flows(world.expenditure_by_source)
    at_border, paid_duty = flows(border), flows(landed)
    subsidy = 1 - _ratio(flows(gate).sum(axis=0), v.sum(axis=0), 1.0)
    subsidy[np.abs(subsidy) < 1e-15] = 0.0
    export_tax = _ratio(at_border, (1 - subsidy)[None] * v, 1.0) - 1
    tariff = _ratio(paid_duty, at_border, 1.0) - 1
    purchase_subsidy = 1 - _ratio(x, paid_duty, 1.0)
    for wedge, kept in (
        (export_tax, world.export_tax),
        (tariff, world.tariff),
        (purchase_subsidy, world.purchase_subsidy),
    ):
        wedge[np.abs(wedge) < 1e-15] = 0.0
        if not kept.any():
            wedge[...] = 0.0

    output = cells(world.output)
    used = np.einsum(
        "Nn,Kk,nkj,nj,Jj->NKJ", e, s, world.input_share, world.output, s, optimize=True
    )
    g = _ratio(used, np.broadcast_to(output[:, None, :], used.shape))
    final = cells(world.final_share * world.income[:, None])
    theta, psi = merged_elasticities(
        world.trade_elasticity, world.scale_elasticity, world.output.sum(axis=0), s
    )
    if sectors is None:
        theta, psi = world.trade_elasticity, world.scale_elasticity

    def members(row: FloatArray, labels: Sequence[str]) -> tuple[str, ...]:
        return tuple(label for label, in_it in zip(labels, row, strict=True) if in_it)

    def of_cells(array: FloatArray | None) -> FloatArray | None:
        if array is None:
            return None
        # A missing cell makes the merged cell missing, and no other.
        missing = cells(np.isnan(array).astype(float)) > 0
        out = np.where(missing, np.nan, cells(np.nan_to_num(array)))
        out.flags.writeable = False
        return out

    groups = {}
    for code, old in world.groups.items():
        new = [
            label
            for label, row in zip(new_economies, e, strict=True)
            if set(members(row, world.economies)) <= set(old)
        ]
        covered = {
            m for label in new for m in members(e[new_economies.index(label)], world.economies)
        }
        if covered == set(old) and code not in new_economies:
            groups[code] = tuple(new)
    goods = tuple(
        label
        for label, row in zip(new_sectors, s, strict=True)
        if set(members(row, world.sectors)) <= set(world.goods)
    )
    descriptor = _merged_descriptor(world, s, sectors is None)
    descriptor["aggregated"] = {
        "from": world.name,
        "economies": {
            label: list(members(row, world.economies))
            for label, row in zip(new_economies, e, strict=True)
        },
        "sectors": {
            label: list(members(row, world.sectors))
            for label, row in zip(new_sectors, s, strict=True)
        },
    }
    merged = World.from_arrays(
        new_economies,
        new_sectors,
        trade_elasticity=theta,
        scale_elasticity=psi,
        sales=v,
        input_share=g,
        final_share=final / final.sum(axis=1, keepdims=True),
        tariff=tariff,
        export_tax=export_tax,
        production_subsidy=subsidy,
        purchase_subsidy=purchase_subsidy,
        transfer=e @ world.transfer,
        market_structure=world.market_structure,
        closure=world.closure,
        name=f"{world.name}, aggregated" if name is None else name,
        currency=world.currency,
        year=world.year,
        goods=goods,
        employment=of_cells(world.employment),
        emissions=of_cells(world.emissions),
        value_added_net_of_taxes=of_cells(world.value_added_net_of_taxes),
        elasticity_set=world.elasticity_set,
        economy_names=MappingProxyType(
            {label: world.economy_names.get(label, label) for label in new_economies}
        ),
        sector_names=MappingProxyType(
            {label: world.sector_names.get(label, label) for label in new_sectors}
        ),
        groups=MappingProxyType(groups),
        repairs=world.repairs,
        descriptor=MappingProxyType(descriptor),
    )
    check_accounts(merged)
    return merged
