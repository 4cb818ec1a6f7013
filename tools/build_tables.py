"""Which small tables of tariffs and product groups ship with the worlds?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from source_tables import CENSUS_DOUBLE, CENSUS_PARTS, EU27, rows

CENSUS_SOURCE = "US Census Bureau, US imports for consumption from China, 2024"
#: Country names of the tracker that are economies of their own in the worlds.
TRACKER_CODES = {
    "CHINA": "CHN", "MEXICO": "MEX", "CANADA": "CAN", "JAPAN": "JPN", "KOREA, SOUTH": "KOR",
    "VIETNAM": "VNM", "TAIWAN": "TWN", "INDIA": "IND", "UNITED KINGDOM": "GBR",
    "MALAYSIA": "MYS", "THAILAND": "THA", "BRAZIL": "BRA", "SINGAPORE": "SGP",
    "INDONESIA": "IDN", "SAUDI ARABIA": "SAU", "RUSSIA": "RUS", "AUSTRALIA": "AUS",
    "PHILIPPINES": "PHL", "TURKEY": "TUR", "CAMBODIA": "KHM", "UNITED ARAB EMIRATES": "ARE",
    "EUROPEAN UNION": "EU27", "SLOVAKIA": "Slovakia",
}  # fmt: skip
STATUTORY = "statutory"
APPLIED = "applied plus additions"
CHINA_BASIS = "statutory"


def _csv(header: tuple[str, ...], body: list[tuple[object, ...]], comments: list[str]) -> bytes:
    buffer = io.StringIO()
    for line in comments:
        buffer.write(f"# {line}\n")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(body)
    return buffer.getvalue().encode("utf-8")


def imports_from_china() -> dict[str, float]:
    """US imports for consumption from China in 2024 by sector, USD."""
    return {
        r["sector"]: float(r["imports_usd_2024"])
        for r in rows("us_applied_tariff_2024_by_partner_sector.csv")
        if r["partner"] == "CHN"
    }


def product_groups() -> tuple[bytes, bytes]:
    """Coverage of each product group by sector, and the HS codes it implies."""
    total = imports_from_china()
    body: list[tuple[object, ...]] = []
    codes: list[tuple[object, ...]] = []
    for r in rows("us_imports_from_china_2024_product_groups.csv"):
        value = float(r["us_imports_from_china_2024_usd_mn"])
        for entry in r["sector_split"].split("; "):
            sector, text = entry.rsplit(" ", 1)
            weight = float(text)
            if weight == 0:
                continue
            part = value * weight
            coverage = part * 1e6 / total[sector]
            body.append(
                (
                    r["product_group"],
                    sector,
                    r["hs_codes"],
                    f"{part:.1f}",
                    f"{coverage:.6f}",
                    r["calculated_duty_rate"],
                    CENSUS_SOURCE,
                )
            )
            codes += [(c, sector, text, r["product_group"]) for c in r["hs_codes"].split()]
    comments = [
        f"Source: {CENSUS_SOURCE}; HS 2022 codes (chapter, heading or subheading).",
        "coverage = imports of the group over the sector's imports, importer USA, exporter CHN.",
    ]
    groups = _csv(
        (
            "product_group",
            "sector",
            "hs_codes",
            "imports_usd_mn",
            "coverage",
            "duty_rate",
            "source",
        ),
        body,
        comments,
    )
    concordance = _csv(
        ("hs_code", "sector", "weight", "product_group"),
        sorted(codes),
        [
            f"Source: {CENSUS_SOURCE}; concordance of HS 2022 codes to ICIO industries.",
            "weight = share of the product group's imports that belongs to the sector.",
        ],
    )
    return groups, concordance


def us_china() -> bytes:
    """Dated tariffs of the United States on China and of China on the United States."""
    weights = imports_from_china()
    body: list[tuple[object, ...]] = []

    def add(
        series: dict[tuple[str, str], tuple[float, float | None]],
        importer: str,
        exporter: str,
        basis: str,
        weighing: str,
    ) -> None:
        dates = sorted({date for date, _ in series})
        for date in dates:
            cells = {s: v for (d, s), v in series.items() if d == date}
            known = {s: v for s, v in cells.items() if v[1] is not None}
            if known:
                bought = sum(w for _, w in known.values() if w is not None)
                mean = sum(v * w for v, w in known.values() if w is not None) / bought
                body.append((date, importer, exporter, "all goods", f"{mean:.6f}", basis, weighing))
            for sector in sorted(cells):
                rate = f"{cells[sector][0]:.6f}"
                body.append((date, importer, exporter, sector, rate, basis, weighing))

    add(
        {
            (r["date"], r["sector"]): (
                float(r["wavg_pct_us_imports_from_china_2024"]) / 100,
                weights[r["sector"]],
            )
            for r in rows("tradewar_us_tariff_on_china_2018_2020.csv")
        },
        "USA", "CHN", STATUTORY, "US imports 2024",
    )  # fmt: skip
    add(
        {
            (r["date"], r["sector"]): (float(r["total_tariff"]), float(r["imports_usd_2024"]))
            for r in rows("tradewar_us_tariff_on_china_2024_2026.csv")
        },
        "USA", "CHN", APPLIED, "US imports 2024",
    )  # fmt: skip
    china = china_weights()
    add(
        {
            (r["date"], r["sector"]): (
                float(r["wavg_pct_china_imports_from_us_2017"]) / 100,
                china[r["sector"]],
            )
            for r in rows("tradewar_china_tariff_on_us_2018_2020.csv")
            if r["wavg_pct_china_imports_from_us_2017"]
        },
        "CHN", "USA", CHINA_BASIS,
        "China's imports 2017",
    )  # fmt: skip
    return _csv(
        ("date", "importer", "exporter", "sector", "rate", "basis", "weights"),
        body,
        [
            "rate: average tariff as an ad valorem fraction, in force from date on.",
            "USA on CHN, statutory: most-favoured-nation and Section 301 (Federal Register),",
            "without Sections 201 and 232; weighted with US imports from China of 2024 (Census).",
            "USA on CHN, applied plus additions: calculated duties of 2024 (Census) plus statutory",
            "additions since; approximate, its additions run 1-14 % above a published tracker's.",
            "CHN on USA, statutory: Bown, Jung and Zhang (PIIE), most-favoured-nation and",
            "retaliation; sectors weighted with China's imports of 2017, all goods with trade of",
            "2017 in the OECD table. It ends 2019-12-26: the halving of 2020-02-14 and the",
            "retaliation of 2025-26 are not in it. Totals weighted line by line with customs",
            "values differ a little: 4.9 to 18.8 % (USA on CHN), 7.2 to 19.5 % (CHN on USA).",
        ],
    )


def china_weights() -> dict[str, float]:
    """China's purchases from the United States in 2017 by sector, USD million, basic prices."""
    import pandas as pd
    from source_tables import data_folder

    table = pd.read_parquet(data_folder() / "bilateral_trade_2011_2022_24x22.parquet")
    chosen = table[(table.year == 2017) & (table.origin == "USA") & (table.dest == "CHN")]
    return {str(s): float(v) for s, v in zip(chosen.sector, chosen.usd_mn, strict=True)}


def us_additions() -> bytes:
    """What the United States added in 2025-26 by economy, weighted within composites."""
    bought: dict[tuple[str, str], float] = {}
    added: dict[tuple[str, str], float] = {}
    for r in rows("us_effective_tariff_by_country_2025_2026.csv"):
        code = TRACKER_CODES.get(r["country_name"], "ROW")
        if code in CENSUS_DOUBLE:
            continue
        homes = EU27 if code == "EU27" else (CENSUS_PARTS.get(code, code),)
        for home in homes:
            key = (r["date"], home)
            value = float(r["total imports"])
            bought[key] = bought.get(key, 0.0) + value
            added[key] = added.get(key, 0.0) + value * float(r["effective tariff"]) / 100
    body: list[tuple[object, ...]] = [
        (
            date, "USA", code, "all goods", f"{added[date, code] / bought[date, code]:.6f}",
            "addition", "US imports 2024",
        )
        for date, code in sorted(bought)
    ]  # fmt: skip
    return _csv(
        ("date", "importer", "exporter", "sector", "rate", "basis", "weights"),
        body,
        [
            "Source: US tariff tracker of M. E. Waugh (MIT licence). rate: what was added to the",
            "tariff of 2024, as a fraction, from date on. EU members carry the EU's figure;",
            "composites (XSE, GLF, ROW) the listed members' average weighted with imports.",
        ],
    )


def us_daily() -> bytes:
    """The average US tariff on the days on which it changed."""
    body: list[tuple[object, ...]] = []
    last = None
    for r in rows("us_import_weighted_tariff_daily_2025_2026.csv"):
        rate = round(float(r["import_weighted_avg_tariff"]) / 100, 6)
        if rate != last:
            body.append((r["date"], rate))
            last = rate
    return _csv(
        ("date", "rate"),
        body,
        [
            "Source: US tariff tracker of M. E. Waugh (MIT licence). Average tariff of the United",
            "States on all imports, weighted with imports of 2024, ad valorem fraction, from date.",
        ],
    )


def build_tables(out: Path) -> list[str]:
    """Write every small table; their names."""
    groups, concordance = product_groups()
    tables = {
        "product_groups.csv": groups,
        "hs_to_sector.csv": concordance,
        "us_china_tariffs.csv": us_china(),
        "us_tariff_additions_2025_2026.csv": us_additions(),
        "us_tariff_daily_2025_2026.csv": us_daily(),
    }
    for name, content in tables.items():
        (out / name).write_bytes(content)
    return list(tables)
