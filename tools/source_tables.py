"""What do the source tables hold, and which written rules turn them into a world's arrays?

Read by the build scripts only; the package never sees these tables. Their folder is given by
the environment variable DETENTE_DATA (default: ../shared/data beside the repository).
"""

from __future__ import annotations

import csv
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from detente.arrays import FloatArray  # noqa: E402
from detente.world import Repair, cleaning  # noqa: E402

#: Codes of the composite economies of the 24-economy table.
COMPOSITES = ("REU", "XSE", "GLF", "ROW")
EU27 = ("DEU", "FRA", "ITA", "REU")
#: Partners of the Census table that are printed a second time inside another row.
CENSUS_DOUBLE = ("Slovakia",)
#: Partners of the Census table that are part of a composite; the rest belong to ROW.
CENSUS_PARTS = {"SGP": "XSE", "PHL": "XSE", "KHM": "XSE", "SAU": "GLF", "ARE": "GLF"}
#: Importers of the finer 2017 table and the economies whose food schedules it describes.
FINER = {"BRA": ("BRA",), "CHN": ("CHN",), "EU": (*EU27, "GBR"), "IND": ("IND",), "JPN": ("JPN",)}
#: Partners taken off the Eurasian Economic Union's list of preferences on 12 October 2021, and
#: those that stayed on it: at most a quarter is taken off for them.
EAEU_DROPPED = ("BRA", "CHN", "GLF", "MEX", "MYS", "THA")
EAEU_KEPT = ("IND", "IDN")
EAEU_LOWEST_RATIO = 0.75


def data_folder() -> Path:
    """The folder of the source tables."""
    return Path(os.environ.get("DETENTE_DATA", ROOT.parent / "shared" / "data")).resolve()


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a source table in CSV."""
    with (data_folder() / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@dataclass(frozen=True)
class InputOutput:
    """The OECD table in 24 economies and 32 sectors, USD million at basic prices.

    `intermediate` is [seller, good, buyer, using sector], `final` [seller, good, buyer].
    """

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    goods: tuple[str, ...]
    intermediate: FloatArray
    final: FloatArray
    value_added_and_taxes: FloatArray


def input_output() -> InputOutput:
    """Read the aggregated table and the list of goods."""
    with np.load(data_folder() / "icio2022_24x32.npz") as z:
        economies = tuple(str(c) for c in z["regions"])
        sectors = tuple(str(c) for c in z["sectors"])
        goods = {r["sector"] for r in rows("sectors.csv") if r["tradable_good"] == "1"}
        return InputOutput(
            economies,
            sectors,
            tuple(s for s in sectors if s in goods),
            np.array(z["Z"], dtype=float),
            np.array(z["F"], dtype=float),
            np.array(z["VA_TAX"], dtype=float),
        )


@dataclass(frozen=True)
class FullTable:
    """The OECD table in 81 economies and 50 industries, USD million at basic prices.

    `intermediate` is float32 [seller and industry, buyer and industry], `final` float32
    [seller and industry, buyer].
    """

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    intermediate: NDArray[np.float32]
    final: NDArray[np.float32]
    value_added_and_taxes: FloatArray

    @property
    def flows(self) -> FloatArray:
        """Intermediate and final flows together, [seller, industry, buyer]."""
        n, k = len(self.economies), len(self.sectors)
        used = self.intermediate.reshape(n * k, n, k).sum(axis=2, dtype=float)
        out: FloatArray = (used + self.final).reshape(n, k, n)
        return out


def full_table() -> FullTable:
    """Read the full table."""
    with np.load(data_folder() / "full/icio2022_81x50.npz") as z:
        return FullTable(
            tuple(str(c) for c in z["countries"]),
            tuple(str(c) for c in z["sectors"]),
            z["Z"],
            z["F"],
            np.array(z["VA_TAX"], dtype=float),
        )


def region_of() -> dict[str, str]:
    """The economy of the 24 that each of the 81 belongs to."""
    return {r["iso3"]: r["region"] for r in rows("regions.csv")}


def sector_of() -> dict[str, str]:
    """The sector of the 32 that each of the 50 industries belongs to."""
    return {r["icio_code"]: r["sector"] for r in rows("sectors.csv")}


def trade_inside(economies: tuple[str, ...], sectors: tuple[str, ...]) -> FloatArray:
    """Trade between different members of each economy of the 24, [economy, sector]."""
    table, region, sector = full_table(), region_of(), sector_of()
    flows = table.flows
    out = np.zeros((len(economies), len(sectors)))
    for i, seller in enumerate(table.economies):
        for n, buyer in enumerate(table.economies):
            if i != n and region[seller] == region[buyer]:
                for k, industry in enumerate(table.sectors):
                    at = (economies.index(region[seller]), sectors.index(sector[industry]))
                    out[at] += flows[i, k, n]
    return out


def all_pairs_tariff(
    economies: tuple[str, ...], sectors: tuple[str, ...], year: int = 2022
) -> FloatArray:
    """Teti's Global Tariff Database, 2017 or 2022: [importer, exporter, sector], services zero."""
    tariff = np.zeros((len(economies), len(economies), len(sectors)))
    for r in rows("baseline_tariff_teti_2017_2022_24x21.csv"):
        if r["year"] == str(year):
            at = (
                economies.index(r["importer"]),
                economies.index(r["exporter"]),
                sectors.index(r["sector"]),
            )
            tariff[at] = float(r["tariff_tw"])
    return tariff


def census_rates(economies: tuple[str, ...], sectors: tuple[str, ...]) -> FloatArray:
    """US calculated duties over imports for consumption, 2024: [exporter, sector], NaN: none."""
    duty = np.zeros((len(economies), len(sectors)))
    value = np.zeros_like(duty)
    for r in rows("us_applied_tariff_2024_by_partner_sector.csv"):
        if r["partner"] in CENSUS_DOUBLE or r["sector"] not in sectors:
            continue
        partner = r["partner"]
        home = EU27 if partner == "EU27" else (CENSUS_PARTS.get(partner, partner),)
        for code in home:
            at = (economies.index(code if code in economies else "ROW"), sectors.index(r["sector"]))
            duty[at] += float(r["calculated_duty_usd_2024"])
            value[at] += float(r["imports_usd_2024"])
    return np.divide(duty, value, out=np.full_like(duty, np.nan), where=value > 0)


def china_on_us(sectors: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    """China's tariff on the US [sector] at the last date, and after the halving of 2020.

    The published table ends on 26 December 2019. On 14 February 2020 China halved what it had
    added on 1 September 2019; the second array takes half of that step off.
    """
    table: dict[tuple[str, str], float] = {}
    for r in rows("tradewar_china_tariff_on_us_2018_2020.csv"):
        weighted = r["wavg_pct_china_imports_from_us_2017"]
        if weighted:
            table[r["date"], r["sector"]] = float(weighted) / 100
    last = np.full(len(sectors), np.nan)
    halved = np.full(len(sectors), np.nan)
    for k, s in enumerate(sectors):
        if ("2019-12-26", s) in table:
            last[k] = table["2019-12-26", s]
            step = max(0.0, table["2019-09-01", s] - table["2019-06-01", s])
            halved[k] = last[k] - step / 2
    return last, halved


def finer_food() -> tuple[dict[str, float], float]:
    """Highest simple-average food rate by importer in the 2017 table; food over agriculture."""
    highest: dict[tuple[str, str], float] = {}
    for r in rows("tariffs_2017_7x22.csv"):
        key = (r["importer"], r["icio45_sector"])
        highest[key] = max(highest.get(key, 0.0), float(r["tariff_2017"]))
    importers = {importer for importer, _ in highest}
    food = {i: highest[i, "C10T12"] for i in importers}
    ratio = float(np.median([food[i] / highest[i, "A01_02"] for i in sorted(importers - {"ROW"})]))
    return {i: food[i] for i in sorted(importers)}, ratio


def food_caps(
    tariff: FloatArray, economies: tuple[str, ...], sectors: tuple[str, ...]
) -> dict[str, float]:
    """The highest food tariff each importer is left with, as an ad valorem fraction.

    Where the finer table of 2017 has the importer: its highest simple average of food, drink
    and tobacco (the United Kingdom: the EU's). Elsewhere: the importer's highest rate on
    agriculture times the median ratio of food to agriculture in the finer table, but not below
    the lowest food average of that table.
    """
    finer, ratio = finer_food()
    lowest = min(v for k, v in finer.items() if k != "ROW")
    agriculture = sectors.index("agriculture")
    caps = {
        code: max(lowest, ratio * float(tariff[n, :, agriculture].max()))
        for n, code in enumerate(economies)
        if code != "USA"
    }
    for importer, codes in FINER.items():
        caps.update(dict.fromkeys(codes, finer[importer]))
    return caps


def cap_food(
    tariff: FloatArray,
    caps: dict[str, float],
    economies: tuple[str, ...],
    sectors: tuple[str, ...],
    sales: FloatArray,
    what: str,
) -> tuple[Repair, dict[str, Any]]:
    """Scale the food schedules down to their caps, in place; the repair and a note of the caps."""
    food = sectors.index("food")
    before = tariff[:, :, food].copy()
    notes = {}
    for code, cap in caps.items():
        n = economies.index(code)
        notes[code] = {
            "highest_in_source": round(float(before[n].max()), 5),
            "cap": round(cap, 5),
        }
        tariff[n, :, food], _ = cleaning.cap_schedule(tariff[n, :, food], cap)
    moved = before != tariff[:, :, food]
    weight = sales[:, :, food]
    size = ((tariff[:, :, food] - before) * weight)[moved].sum() / weight[moved].sum()
    repair = Repair(
        "tobacco-in-food", what, float(100 * size), "percentage points", int(moved.sum())
    )
    return repair, notes


@dataclass(frozen=True)
class Tariffs:
    """Tariffs in force [importer, exporter, sector] and what was mended on the way."""

    rate: FloatArray
    repairs: tuple[Repair, ...]
    notes: dict[str, Any]


def tariffs_in_force(
    economies: tuple[str, ...], sectors: tuple[str, ...], sales: FloatArray
) -> Tariffs:
    """All pairs from Teti, then the written rules, then the better sources on top."""
    tariff = all_pairs_tariff(economies, sectors)
    repairs: list[Repair] = []
    notes: dict[str, Any] = {}
    at = {code: k for k, code in enumerate(economies)}

    tariff, repair = cleaning.leave_out_own_tariffs(
        tariff, trade_inside(economies, sectors), "USD million"
    )
    repairs.append(repair)

    repair, notes["food_tariff_caps"] = cap_food(
        tariff,
        food_caps(tariff, economies, sectors),
        economies,
        sectors,
        sales,
        "Food tariffs of the all-pairs source are dominated by tobacco peaks. Each importer's "
        "schedule was scaled down, partners' ratios kept: to the highest simple average of "
        "food in the finer table of 2017 where it has the importer (BRA CHN EU IND JPN, and "
        "the EU's for GBR), elsewhere to its highest rate on agriculture times the median "
        "ratio of food to agriculture in that table. USA: see us-applied-duties. Size: "
        "mean change of the rates that moved, weighted with trade.",
    )
    repairs.append(repair)

    goods = np.array(
        [
            s in {r["sector"] for r in rows("us_applied_tariff_2024_by_partner_sector.csv")}
            for s in sectors
        ]
    )
    rus, mfn = at["RUS"], tariff[at["RUS"], at["USA"]].copy()
    dropped = [at[c] for c in EAEU_DROPPED]
    kept = [at[c] for c in EAEU_KEPT]
    for partners, floor, rule, why in (
        (
            dropped,
            1.0,
            "russia-mfn",
            "Russia's tariffs on Brazil, China, Malaysia, Mexico, Thailand and the Gulf were near "
            "zero in the source (China 0.6 %). Economies above the income bound lost the "
            "preference of the Eurasian Economic Union on 12 October 2021: set to Russia's rate "
            "on the United States, its most-favoured-nation rate.",
        ),
        (
            kept,
            EAEU_LOWEST_RATIO,
            "russia-preference",
            "Russia's tariffs on India and Indonesia were near zero in the source. The union's "
            "preference for developing countries takes a quarter off the rate: raised to three "
            "quarters of the most-favoured-nation rate.",
        ),
    ):
        tariff[rus, partners], repair = cleaning.restore_mfn(
            tariff[rus, partners],
            np.broadcast_to(mfn, (len(partners), len(sectors))),
            floor,
            sales[rus, partners],
            rule,
            why,
        )
        repairs.append(repair)

    usa, chn = at["USA"], at["CHN"]
    applied = census_rates(economies, sectors)
    applied[usa] = np.nan
    applied[:, ~goods] = np.nan
    statutory = tariff[usa].copy()
    tariff[usa], repair = cleaning.replace_rates(
        statutory,
        applied,
        sales[usa],
        "us-applied-duties",
        "Tariffs of the United States are calculated duties over imports for consumption, 2024, "
        "by partner and sector (US Census Bureau), which contain the Section 301, 232 and 201 "
        "duties. 2024 stands in for 2022: between the two hardly anything changed before the "
        "Section 301 increases of 27 September 2024. EU members carry the EU's rate; composites "
        "the average of their listed members, weighted with imports. Cells without imports keep "
        "the all-pairs source. Size: change against that source, weighted with trade.",
    )
    repairs.append(repair)
    notes["us_cells_without_imports"] = int((np.isnan(applied[:, goods])).sum() - goods.sum())

    last, halved = china_on_us(sectors)
    before_war = tariff[chn, usa].copy()
    tariff[chn, usa], repair = cleaning.replace_rates(
        before_war,
        last,
        sales[chn, usa],
        "china-war-duties",
        "China's tariffs on the United States are those of Bown, Jung and Zhang (PIIE) on "
        "26 December 2019, weighted with China's imports of 2017. Exclusions that China granted "
        "from March 2020 on (soybeans, pork, energy among them) are not in the table: what was "
        "paid in 2022 was lower. Size: change against the all-pairs source, weighted with trade.",
    )
    repairs.append(repair)
    step = tariff[chn, usa].copy()
    tariff[chn, usa], repair = cleaning.replace_rates(
        step,
        halved,
        sales[chn, usa],
        "china-halving-2020",
        "The table ends before 14 February 2020, when China halved what it had added on "
        "1 September 2019 (10 to 5 %, 5 to 2.5 %): half of that step was taken off.",
    )
    repairs.append(repair)
    return Tariffs(np.round(tariff, 8), tuple(repairs), notes)


def by_cell(
    name: str, column: str, economies: tuple[str, ...], sectors: tuple[str, ...]
) -> FloatArray:
    """A source table with columns region and sector as an array [economy, sector]."""
    out = np.full((len(economies), len(sectors)), np.nan)
    for r in rows(name):
        out[economies.index(r["region"]), sectors.index(r["sector"])] = float(r[column])
    return out


def employment_totals(economies: tuple[str, ...]) -> FloatArray:
    """Employed persons by economy, thousand, 2022."""
    out = np.zeros(len(economies))
    for r in rows("employment_total_2022_by_country.csv"):
        out[economies.index(r["region"])] += float(r["employment_thousand_2022"])
    return out


def value_added_net_of_taxes(
    economies: tuple[str, ...], sectors: tuple[str, ...]
) -> tuple[FloatArray, FloatArray]:
    """Published value added [economy, sector], NaN where unknown; and the EU27's [sector]."""
    of = {r["icio_code"]: r["sector"] for r in rows("sectors.csv")}
    out = np.full((len(economies), len(sectors)), np.nan)
    eu = np.zeros(len(sectors))
    for r in rows("icio2022_value_added_exact_13economies.csv"):
        k = sectors.index(of[r["icio_code"]])
        eu[k] += float(r["EU27"])
        for n, code in enumerate(economies):
            if code in r:
                out[n, k] = np.nan_to_num(out[n, k]) + float(r[code])
    return out, eu
