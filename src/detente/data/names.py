"""What are economies, sectors and groups called, and who belongs to them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from detente.data.files import read_table

__all__ = ["Economy", "Group", "Sector", "economies", "groups", "sectors"]


@dataclass(frozen=True)
class Economy:
    """A row of the table of economies.

    Attributes
    ----------
    code
        ISO 3166 alpha-3, or the project's code of a composite (REU, XSE, GLF, ROW, EU27).
    name, in_text
        For tables ("United States") and for sentences ("the United States").
    members
        What it is made of; empty for ROW, which is everything else.
    """

    code: str
    name: str
    in_text: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Sector:
    """A row of the table of sectors.

    Attributes
    ----------
    code
        The name that case files use.
    name, in_text
        For tables and for sentences.
    is_good
        True for the 21 goods sectors: those that tariffs can be laid on.
    isic
        Industries of the OECD tables (ISIC revision 4) that it adds up.
    """

    code: str
    name: str
    in_text: str
    is_good: bool
    isic: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """A named set of economies, exact in terms of the 24 economies of `icio-2022`."""

    code: str
    name: str
    members: tuple[str, ...]
    note: str


def economies() -> Mapping[str, Economy]:
    """The table of economies by code.

    Examples
    --------
    >>> economies()["REU"].name
    'Rest of EU'
    """
    rows = read_table("economies.csv")
    return MappingProxyType(
        {
            r["code"]: Economy(r["code"], r["name"], r["in_text"], tuple(r["members"].split()))
            for r in rows
        }
    )


def sectors() -> Mapping[str, Sector]:
    """The table of sectors by code, in the order of the worlds.

    Examples
    --------
    >>> sectors()["electrical_equipment"].name
    'Electrical equipment (incl. batteries)'
    """
    rows = read_table("sectors.csv")
    return MappingProxyType(
        {
            r["code"]: Sector(
                r["code"], r["name"], r["in_text"], r["good"] == "1", tuple(r["isic"].split())
            )
            for r in rows
        }
    )


def groups() -> Mapping[str, Group]:
    """The table of groups by code.

    Examples
    --------
    >>> groups()["EU27"].members
    ('DEU', 'FRA', 'ITA', 'REU')
    """
    rows = read_table("groups.csv")
    return MappingProxyType(
        {
            r["code"]: Group(r["code"], r["name"], tuple(r["members"].split()), r["note"])
            for r in rows
        }
    )
