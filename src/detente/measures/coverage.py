r"""Which share of a flow does each combination of measures hit?

A measure may cover only some tariff lines, firms or regions of a flow, or only what some users
buy. Where several meet on one flow, the flow falls into parts, each hit by the same measures all
over. Lines and uses are separate dimensions: the share of lines is the same for every use, because
a world keeps one sourcing pattern for all uses.

Shares are of the baseline flow at purchaser prices. With parts h of weight :math:`c_h` the flow's
price change is the exact mixture :math:`\hat\kappa^{-\theta} = \sum_h c_h \hat\kappa_h^{-\theta}`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from detente.arrays import FloatArray
from detente.errors import MeasureError
from detente.world.model import World

#: More parts than this in one flow are refused.
MOST_PARTS = 256
#: Shares closer than this are the same; covered sets may exceed one by no more.
SHARE_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Lines:
    """The lines of one flow that a measure covers.

    Attributes
    ----------
    share
        Share of the flow, in (0, 1].
    name
        Measures with the same name hit the same lines; None for lines of their own.
    relation
        "nested", "disjoint", "independent", or None (not said: independent, unless another
        measure on the flow is nested).
    """

    share: float
    name: str | None = None
    relation: str | None = None


def final_use_share(world: World) -> FloatArray:
    r"""Share of each flow that goes to final use, :math:`\alpha_{nj} Y_n / X_{nj}`.

    Axes [economy, sector]; it is the same for every origin.
    """
    bought = world.expenditure
    final = world.final_share * world.income[:, None]
    return _ratio(final, bought)


def user_share(world: World, user: int) -> FloatArray:
    r"""Share of each flow that sector k buys as an input, :math:`g_{njk} S_{nk} / X_{nj}`.

    Axes [economy, sector]; S is gross output at the factory gate.
    """
    return _ratio(world.input_share[:, :, user] * world.output[:, user][:, None], world.expenditure)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    import numpy as np

    out: FloatArray = np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
    return out


def partition(
    lines: Sequence[Lines],
    uses: Sequence[frozenset[int] | None] = (),
    use_share: Sequence[float] = (),
    where: str = "",
) -> list[tuple[float, tuple[int, ...]]]:
    """Split one flow into the parts on which the same measures meet.

    Parameters
    ----------
    lines
        What each measure covers.
    uses
        For each measure the uses that it hits, as positions in `use_share`; None for all.
    use_share
        Share of the flow by use, summing to one.
    where
        Names the flow in messages.

    Returns
    -------
    Pairs of a weight and the measures that hit the part (positions in `lines`). Weights sum to
    one; the part that nobody hits comes last and is left out where it is empty.

    Raises
    ------
    MeasureError
        The same lines with two shares, disjoint lines that sum to more than the flow, or more
        than 256 parts.

    Examples
    --------
    >>> partition([Lines(1.0), Lines(0.25)])
    [(0.25, (0, 1)), (0.75, (0,))]
    """
    uses = list(uses) or [None] * len(lines)
    families, always = _families(lines, where)
    atoms_of_use = _use_atoms(uses, use_share)
    count = math.prod(len(f) for f in families) * len(atoms_of_use)
    if count > MOST_PARTS:
        raise MeasureError(
            f"{where}: {len(lines)} covered measures meet on one flow and would split it into "
            f"{count} parts (at most {MOST_PARTS}). Say that they hit the same lines "
            '(overlap = "same-lines:NAME"), are "nested" or "disjoint", or use fewer.'
        )
    weights: dict[tuple[int, ...], float] = {}
    for choice in product(*families):
        by_lines = math.prod(weight for weight, _ in choice)
        covered = always.union(*(members for _, members in choice))
        for by_use, hit in atoms_of_use:
            weight = by_lines * by_use
            if weight <= 0:
                continue
            members = tuple(sorted(m for m in covered if m in hit))
            weights[members] = weights.get(members, 0.0) + weight
    rest = weights.pop((), 0.0)
    parts = [(weight, members) for members, weight in weights.items()]
    if rest <= SHARE_TOLERANCE * 1e-3 and parts:
        # Wholly hit: make the weights sum to one exactly, so that a ban leaves an exact zero.
        others = sum(weight for weight, _ in parts[:-1])
        parts[-1] = (1.0 - others, parts[-1][1])
    elif rest > 0:
        parts.append((rest, ()))
    return parts


def _families(
    lines: Sequence[Lines], where: str
) -> tuple[list[list[tuple[float, frozenset[int]]]], frozenset[int]]:
    """Independent families of line sets, each as its atoms, and the measures that hit all lines."""
    always: set[int] = set()
    sets: dict[object, tuple[float, list[int], str | None]] = {}
    for position, line in enumerate(lines):
        if line.share >= 1.0 - SHARE_TOLERANCE:
            always.add(position)
            continue
        key: object = line.name if line.name is not None else position
        if key in sets:
            share, members, relation = sets[key]
            if abs(share - line.share) > SHARE_TOLERANCE:
                raise MeasureError(
                    f'{where}: measures on the same lines "{line.name}" give two shares of the '
                    f"flow, {share:.6g} and {line.share:.6g}. The same lines are one share; give "
                    "one of them another name if other lines are meant."
                )
            members.append(position)
            sets[key] = (share, members, relation or line.relation)
        else:
            sets[key] = (line.share, [position], line.relation)

    nested = any(relation == "nested" for _, _, relation in sets.values())
    chain, apart, free = [], [], []
    for share, members, relation in sets.values():
        entry = (share, frozenset(members))
        if relation == "nested" or (relation is None and nested):
            chain.append(entry)
        elif relation == "disjoint":
            apart.append(entry)
        else:
            free.append(entry)
    families: list[list[tuple[float, frozenset[int]]]] = []
    nobody: frozenset[int] = frozenset()
    if chain:
        # The smallest set lies inside all others: shells from the inside out.
        chain.sort(key=lambda entry: entry[0])
        shells = []
        inner = 0.0
        for k, (share, _) in enumerate(chain):
            shells.append((share - inner, nobody.union(*(members for _, members in chain[k:]))))
            inner = share
        families.append([*shells, (1.0 - inner, nobody)])
    if apart:
        total = sum(share for share, _ in apart)
        if total > 1 + SHARE_TOLERANCE:
            raise MeasureError(
                f"{where}: product groups that exclude each other cover {100 * total:.4g} % of the "
                "flow together. Lower a coverage, or say how the lines overlap."
            )
        families.append([*apart, (max(0.0, 1.0 - total), nobody)])
    families.extend([entry, (1.0 - entry[0], nobody)] for entry in free)
    return families, frozenset(always)


def _use_atoms(
    uses: Sequence[frozenset[int] | None], use_share: Sequence[float]
) -> list[tuple[float, frozenset[int]]]:
    """Groups of uses that the same measures hit, with their share of the flow."""
    everyone = frozenset(range(len(uses)))
    if all(u is None for u in uses):
        return [(1.0, everyone)]
    atoms: dict[frozenset[int], float] = {}
    for use, share in enumerate(use_share):
        hit = frozenset(m for m, wanted in enumerate(uses) if wanted is None or use in wanted)
        atoms[hit] = atoms.get(hit, 0.0) + float(share)
    total = sum(atoms.values())
    return [(share / total, hit) for hit, share in atoms.items()] if total > 0 else []
