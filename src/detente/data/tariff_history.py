"""Which tariffs did the United States and China charge each other, from date to date?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime

from detente.data.files import read_table
from detente.errors import InputError, UnknownNameError, shown

__all__ = ["TariffRecord", "us_china_tariffs", "us_tariff_additions", "us_tariff_daily"]


@dataclass(frozen=True)
class TariffRecord:
    """An average tariff from a date on, until the next record of the same series.

    Attributes
    ----------
    date
        First day in force.
    importer, exporter, sector
        Who charges whom on what; sector "all goods" is the average over sectors.
    rate
        Ad valorem fraction: the level, or the addition to the tariff of 2024 where `basis`
        is "addition".
    basis
        "statutory", "applied plus additions" or "addition"; the header of the shipped table says
        what each contains.
    weights
        What it is weighted with.
    """

    date: Date
    importer: str
    exporter: str
    sector: str
    rate: float
    basis: str
    weights: str


def _records(table: str) -> tuple[TariffRecord, ...]:
    return tuple(
        TariffRecord(
            Date.fromisoformat(r["date"]),
            r["importer"],
            r["exporter"],
            r["sector"],
            float(r["rate"]),
            r["basis"],
            r["weights"],
        )
        for r in read_table(table)
    )


def us_china_tariffs(
    importer: str = "USA", sector: str = "all goods", basis: str | None = None
) -> tuple[TariffRecord, ...]:
    """Dated tariffs between the United States and China, 2018 to 2026.

    The US series joins two that are not comparable to the last point: statutory rates of
    2018-2020 and applied plus added duties from the end of 2024. China's ends in December 2019.

    Parameters
    ----------
    importer
        "USA" (on China) or "CHN" (on the United States).
    sector
        A goods sector, or "all goods".
    basis
        Only records of this basis.

    Examples
    --------
    >>> first, *_ = us_china_tariffs("CHN")
    >>> first.date.year, round(100 * first.rate, 1)
    (2018, 6.3)
    """
    records = _records("us_china_tariffs.csv")
    for kind, value, choices in (
        ("economy", importer, {r.importer for r in records}),
        ("sector", sector, {r.sector for r in records}),
        ("basis", basis, {r.basis for r in records}),
    ):
        if value is not None and value not in choices:
            raise UnknownNameError(kind, value, sorted(choices), where="us_china_tariffs")
    return tuple(
        r
        for r in records
        if r.importer == importer and r.sector == sector and basis in (None, r.basis)
    )


def us_tariff_additions(date: Date | None = None) -> tuple[TariffRecord, ...]:
    """What the United States added to its tariffs of 2024 in 2025-26, by economy and date.

    Parameters
    ----------
    date
        Only the records in force on this day: the latest of each exporter not after it.

    Examples
    --------
    >>> day = Date(2025, 4, 9)
    >>> {r.exporter: round(100 * r.rate) for r in us_tariff_additions(day)}["CHN"]
    112
    """
    if not isinstance(date, Date | None) or isinstance(date, datetime):
        raise InputError(
            f"us_tariff_additions: {shown(date)} is not a day. Give a datetime.date, such as "
            "date(2025, 4, 9)."
        )
    records = _records("us_tariff_additions_2025_2026.csv")
    if date is None:
        return records
    latest: dict[str, TariffRecord] = {}
    for record in sorted(records, key=lambda r: r.date):
        if record.date <= date:
            latest[record.exporter] = record
    return tuple(latest.values())


def us_tariff_daily() -> tuple[tuple[Date, float], ...]:
    """The average US tariff day by day, weighted with imports of 2024: (first day, fraction).

    Only days on which the average changed are listed.

    Examples
    --------
    >>> us_tariff_daily()[0][1]
    0.023
    """
    return tuple(
        (Date.fromisoformat(r["date"]), float(r["rate"]))
        for r in read_table("us_tariff_daily_2025_2026.csv")
    )
