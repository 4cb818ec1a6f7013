"""Which economies and sectors does a name stand for? "EU27", "all others", "all goods"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from detente.errors import InputError, UnknownNameError
from detente.world.shipped import list_worlds

ALL = "all"
ALL_OTHERS = "all others"
ALL_GOODS = "all goods"
ALL_SERVICES = "all services"


class Labels(Protocol):
    """Names of a world; a :class:`detente.world.World` has them, and so has its descriptor."""

    @property
    def name(self) -> str:
        """What the world is called."""
        ...

    @property
    def economies(self) -> Sequence[str]:
        """Codes of the economies, in order."""
        ...

    @property
    def sectors(self) -> Sequence[str]:
        """Names of the sectors, in order."""
        ...

    @property
    def goods(self) -> Sequence[str]:
        """Names of the sectors that are goods."""
        ...

    @property
    def currency(self) -> str:
        """Unit of its money, such as "USD million"."""
        ...

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """Groups of economies by name."""
        ...

    @property
    def economy_names(self) -> Mapping[str, str]:
        """Display names of economies by code."""
        ...

    @property
    def sector_names(self) -> Mapping[str, str]:
        """Display names of sectors by name."""
        ...


def resolve_economies(
    labels: Labels,
    names: Sequence[str],
    *,
    acting: Sequence[str] = (),
    except_for: Sequence[str] = (),
    where: str = "",
) -> tuple[str, ...]:
    """Codes of the economies that names and groups stand for, in the order of the world.

    Parameters
    ----------
    labels
        A world or its labels.
    names
        Codes, groups, "all", or "all others" (everyone but `acting`).
    acting
        Codes of those who act.
    except_for
        Codes or groups to leave out.
    where
        Begins the message of an error.

    Examples
    --------
    >>> from detente.world.model import World
    >>> world = World.from_arrays(["HOM", "FOR"], ["goods"], trade_elasticity=4.0,
    ...                           sales=[[[80.0], [20.0]], [[20.0], [180.0]]])
    >>> resolve_economies(world, ["all others"], acting=["HOM"])
    ('FOR',)
    """
    found: set[str] = set()
    for name in names:
        found.update(_economies_of(labels, name, acting, where))
    for name in except_for:
        found.difference_update(_economies_of(labels, name, acting, where))
    if names and not found:
        raise InputError(f"{where}: no economy is left of {', '.join(names)}.")
    return tuple(e for e in labels.economies if e in found)


def _economies_of(labels: Labels, name: str, acting: Sequence[str], where: str) -> tuple[str, ...]:
    if name in labels.economies:
        return (name,)
    if name in labels.groups:
        return tuple(e for e in labels.groups[name] if e in labels.economies)
    if name == ALL:
        return tuple(labels.economies)
    if name == ALL_OTHERS:
        return tuple(e for e in labels.economies if e not in acting)
    raise UnknownNameError(
        "economy",
        name,
        [*labels.economies, *labels.groups, ALL, ALL_OTHERS],
        where=where,
        hint=_by_display_name(name, labels.economy_names) or _where_listed(labels, "economies"),
    )


def resolve_sectors(labels: Labels, names: Sequence[str], where: str = "") -> tuple[str, ...]:
    """Sectors that names and groups stand for, in the order of the world.

    Examples
    --------
    >>> from detente.world.model import World
    >>> world = World.from_arrays(["HOM", "FOR"], ["goods"], trade_elasticity=4.0, goods=("goods",),
    ...                           sales=[[[80.0], [20.0]], [[20.0], [180.0]]])
    >>> resolve_sectors(world, ["all goods"])
    ('goods',)
    """
    found: set[str] = set()
    for name in names:
        if name in labels.sectors:
            found.add(name)
        elif name == ALL:
            found.update(labels.sectors)
        elif name in (ALL_GOODS, ALL_SERVICES):
            if not labels.goods:
                raise InputError(
                    f'{where}: world "{labels.name}" does not say which sectors are goods; name '
                    "the sectors, or build the world with goods=[…]."
                )
            goods = set(labels.goods)
            found.update(s for s in labels.sectors if (s in goods) == (name == ALL_GOODS))
        else:
            raise UnknownNameError(
                "sector",
                name,
                [*labels.sectors, ALL, ALL_GOODS, ALL_SERVICES],
                where=where,
                hint=_by_display_name(name, labels.sector_names)
                or _where_listed(labels, "sectors"),
            )
    return tuple(s for s in labels.sectors if s in found)


def _where_listed(labels: Labels, what: str) -> str:
    """How to see every valid name: a command for a shipped world, the names for one's own."""
    if labels.name in list_worlds():
        return f"List them with `detente list {what} --world {labels.name}`."
    names = labels.economies if what == "economies" else labels.sectors
    return f"Known: {', '.join(names)}." if 12 < len(names) <= 100 else ""


def _by_display_name(name: str, display: Mapping[str, str]) -> str:
    """A hint where someone wrote "China" for CHN."""
    for code, shown in display.items():
        if shown.lower() == name.lower():
            return f'{shown} is written "{code}".'
    return ""
