"""Which share of a sector's trade does a product group of the disputes cover?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from detente.data.files import read_table
from detente.errors import UnknownNameError

__all__ = ["ProductGroup", "hs_sectors", "product_group", "product_groups"]


@dataclass(frozen=True)
class ProductGroup:
    """US imports for consumption from China in 2024 of a named set of products.

    Attributes
    ----------
    name
        As case files write it.
    hs_codes
        Chapters (2 digits), headings (4) or subheadings (6) of the Harmonized System, 2022.
    imports
        Value in USD million.
    coverage
        Sector and share of that sector's US imports from China: what a measure on just these
        lines covers. The shares describe this importer, exporter and year and nothing else;
        for another pair of economies a case file states its own coverage and source.
    duty_rate
        Calculated duties over imports, an ad valorem fraction, average of 2024.
    source
        Publisher, table and year.
    """

    name: str
    hs_codes: tuple[str, ...]
    imports: float
    coverage: tuple[tuple[str, float], ...]
    duty_rate: float
    source: str

    def coverage_of(self, sector: str) -> float:
        """Share of a sector's imports that the group covers; zero for other sectors."""
        return dict(self.coverage).get(sector, 0.0)


def product_groups() -> Mapping[str, ProductGroup]:
    """Every product group by name.

    Examples
    --------
    >>> round(product_groups()["lithium-ion batteries"].coverage_of("electrical_equipment"), 3)
    0.275
    """
    found: dict[str, ProductGroup] = {}
    for row in read_table("product_groups.csv"):
        earlier = found.get(row["product_group"])
        entry = (row["sector"], float(row["coverage"]))
        found[row["product_group"]] = ProductGroup(
            name=row["product_group"],
            hs_codes=tuple(row["hs_codes"].split()),
            imports=float(row["imports_usd_mn"]) + (earlier.imports if earlier else 0.0),
            coverage=(*(earlier.coverage if earlier else ()), entry),
            duty_rate=float(row["duty_rate"]),
            source=row["source"],
        )
    return MappingProxyType(found)


def product_group(name: str, where: str = "") -> ProductGroup:
    """One product group; a wrong name is answered with the nearest.

    Examples
    --------
    >>> product_group("semiconductor manufacturing equipment").coverage[0][0]
    'machinery'
    """
    known = product_groups()
    if name not in known:
        raise UnknownNameError("product group", name, known, where)
    return known[name]


def hs_sectors() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Harmonized System codes of the product groups, with the sectors they belong to.

    Weights are shares of the product group's imports; codes of one group share its weights.

    Examples
    --------
    >>> hs_sectors()["850760"]
    (('electrical_equipment', 1.0),)
    """
    found: dict[str, list[tuple[str, float]]] = {}
    for row in read_table("hs_to_sector.csv"):
        found.setdefault(row["hs_code"], []).append((row["sector"], float(row["weight"])))
    return MappingProxyType({code: tuple(pairs) for code, pairs in found.items()})
