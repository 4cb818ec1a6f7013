"""How is the world before the trade war made, from trade of 2017 and technology of 2022?

The OECD's full table is for 2022 only; of other years there is bilateral trade. So the world of
2017 has that year's flows and tariffs, and input coefficients of 2022 valued at its prices.
`tools/build_worlds.py` ships it as `icio-2017`; `tools/build_confrontation.py` asks of it whether
trade moved as the model says.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from source_tables import (
    InputOutput,
    Tariffs,
    all_pairs_tariff,
    cap_food,
    data_folder,
    finer_food,
    food_caps,
    rows,
    trade_inside,
)

from detente.arrays import FloatArray
from detente.world import Repair, cleaning

YEAR = 2017
#: The eleven service sectors as one: bilateral trade by year has no finer ones.
SERVICES = "services"
#: Day of the dated tables that is taken for the peace.
PEACE = "2018-01-01"
#: Share of each good that is left to final demand where inputs of 2022 would take all of it.
LEAST_FINAL = 0.05
#: In 2017 these were still on the Eurasian Economic Union's list of preferences: three quarters
#: of the most-favoured-nation rate. The all-pairs source has them near zero.
EAEU_PREFERRED = ("BRA", "CHN", "GLF", "IDN", "IND", "MEX", "MYS", "THA")
EAEU_RATIO = 0.75
#: An average weighted with US imports of 2024 that lies this far above the plain mean of its
#: tariff lines is not believed for 2017 (textiles 20.2 against 10.8 %, glass and cement 12.0
#: against 4.8 %; the two all-pairs tables say 9.0 and 7.7, 3.1 and 3.2).
WEIGHTS_ASTRAY = 0.05
#: The US table has 18 lines of medicines.
TOO_FEW_LINES = ("pharmaceuticals",)


def merged_sectors(table: InputOutput) -> tuple[tuple[str, ...], FloatArray]:
    """The 21 goods and services as one, and the matrix that merges the 32 into them."""
    sectors = (*table.goods, SERVICES)
    merge = np.zeros((len(table.sectors), len(sectors)))
    for k, name in enumerate(table.sectors):
        merge[k, sectors.index(name if name in table.goods else SERVICES)] = 1.0
    return sectors, merge


def bilateral_flows(
    economies: tuple[str, ...], sectors: tuple[str, ...], folder: Path | None = None
) -> dict[int, FloatArray]:
    """Sales [importer, exporter, sector] of each year, USD million at basic prices."""
    folder = data_folder() if folder is None else folder
    trade = pd.read_parquet(folder / "bilateral_trade_2011_2022_24x22.parquet")
    at_e = {code: k for k, code in enumerate(economies)}
    at_s = {code: k for k, code in enumerate(sectors)}
    flows = {}
    for year, part in trade.groupby("year"):
        v = np.zeros((len(economies), len(economies), len(sectors)))
        v[part["dest"].map(at_e), part["origin"].map(at_e), part["sector"].map(at_s)] = part[
            "usd_mn"
        ]
        if (v < 0).any():
            raise ValueError(f"flows of {year} are negative: a repair rule is needed")
        flows[int(str(year))] = v
    return flows


def technology(table: InputOutput, merge: FloatArray) -> FloatArray:
    """Inputs per unit of output in 2022 [economy, input, sector], basic prices, all sources."""
    used = np.einsum("iknj,ka,jb->nab", table.intermediate, merge, merge, optimize=True)
    sold = table.intermediate.sum(axis=(2, 3)) + table.final.sum(axis=2)
    out: FloatArray = used / (sold @ merge)[:, None, :]
    return out


def _dated(file: str, column: str, sectors: tuple[str, ...]) -> FloatArray:
    """Rates of the peace day by sector as fractions; NaN where the table has none."""
    out = np.full(len(sectors), np.nan)
    for r in rows(file):
        if r["date"] == PEACE and r["sector"] in sectors and r[column]:
            out[sectors.index(r["sector"])] = float(r[column]) / 100
    return out


def us_on_china(sectors: tuple[str, ...]) -> FloatArray:
    """US tariff on China before the war, most-favoured-nation; NaN: keep the other source."""
    file = "tradewar_us_tariff_on_china_2018_2020.csv"
    weighted = _dated(file, "wavg_pct_us_imports_from_china_2024", sectors)
    plain = _dated(file, "simple_avg_pct", sectors)
    out = np.where(weighted - plain > WEIGHTS_ASTRAY, plain, weighted)
    out[[sectors.index(s) for s in TOO_FEW_LINES]] = np.nan
    return out


def china_on_us(sectors: tuple[str, ...]) -> FloatArray:
    """China's tariff on the United States before the war; NaN: keep the other source."""
    return _dated(
        "tradewar_china_tariff_on_us_2018_2020.csv", "wavg_pct_china_imports_from_us_2017", sectors
    )


def tariffs_of_2017(
    economies: tuple[str, ...], sectors: tuple[str, ...], sales: FloatArray, inner: FloatArray
) -> Tariffs:
    """All pairs from Teti, the rules that the world of 2022 has too, the two sides on top."""
    at = {code: k for k, code in enumerate(economies)}
    tariff, own = cleaning.leave_out_own_tariffs(
        all_pairs_tariff(economies, sectors, YEAR), inner, "USD million"
    )
    repairs = [own]
    caps = {**food_caps(tariff, economies, sectors), "USA": finer_food()[0]["USA"]}
    repair, notes = cap_food(
        tariff,
        caps,
        economies,
        sectors,
        sales,
        "Food tariffs of the all-pairs source are dominated by tobacco peaks. Each importer's "
        "schedule was scaled down, partners' ratios kept: to the highest simple average of food "
        "in the finer table of 2017 where it has the importer (BRA CHN EU IND JPN USA, and the "
        "EU's for GBR), elsewhere to its highest rate on agriculture times the median ratio of "
        "food to agriculture in that table. Size: mean change of the rates that moved, weighted "
        "with trade.",
    )
    repairs.append(repair)

    rus, preferred = at["RUS"], [at[c] for c in EAEU_PREFERRED]
    tariff[rus, preferred], repair = cleaning.restore_mfn(
        tariff[rus, preferred],
        np.broadcast_to(tariff[rus, at["USA"]], (len(preferred), len(sectors))),
        EAEU_RATIO,
        sales[rus, preferred],
        "russia-preference",
        "Russia's tariffs on Brazil, China, the Gulf, India, Indonesia, Malaysia, Mexico and "
        "Thailand were near zero in the source (China 0.6 %). In 2017 all eight had the "
        "preference of the Eurasian Economic Union, which takes a quarter off the rate: raised "
        "to three quarters of Russia's rate on the United States, its most-favoured-nation rate.",
    )
    repairs.append(repair)

    usa, chn = at["USA"], at["CHN"]
    for importer, exporter, rates, rule, what in (
        (
            usa,
            chn,
            us_on_china(sectors),
            "us-rates-on-china",
            "US tariffs on China are the most-favoured-nation rates of 1 January 2018 from the "
            "dated table on which the war's steps rest, weighted with US imports of 2024; "
            "textiles and clothing (10.8 %) and glass, ceramics and cement (4.8 %) at the plain "
            "mean of their lines, because weights of 2024 put them at 20.2 and 12.0 %, far above "
            "every other source for 2017. Medicines keep the all-pairs source, because the table "
            "has 18 of their lines. Size: change against that source, weighted with trade.",
        ),
        (
            chn,
            usa,
            china_on_us(sectors),
            "china-rates-on-us",
            "China's tariffs on the United States are those of Bown, Jung and Zhang (PIIE) on "
            "1 January 2018, weighted with China's imports of 2017. Size: change against the "
            "all-pairs source, weighted with trade.",
        ),
    ):
        tariff[importer, exporter], repair = cleaning.replace_rates(
            tariff[importer, exporter], rates, sales[importer, exporter], rule, what
        )
        repairs.append(repair)
    return Tariffs(np.round(tariff, 8), tuple(repairs), {"food_tariff_caps": notes})


def fitted_inputs(
    at_gate: FloatArray, sales: FloatArray, tariff: FloatArray, year: int
) -> tuple[FloatArray, Repair]:
    """Input shares at purchaser prices that leave something of every good to final demand.

    The coefficients of another year may use more of a good than the economy bought. All its uses
    are then scaled down together; value added takes what they leave.
    """
    bought = (sales * (1 + tariff)).sum(axis=1)
    share = at_gate * (bought / sales.sum(axis=1))[:, :, None]
    output = sales.sum(axis=0)
    used = np.einsum("nkj,nj->nk", share, output)
    fits = np.minimum(1.0, (1 - LEAST_FINAL) * bought / used)
    removed = float((used * (1 - fits)).sum())
    share = np.round(share * fits[:, :, None], 12)
    repair = Repair(
        "technology-of-another-year",
        f"Input coefficients are those of {year}. Where they used more of a good than the "
        f"economy bought, all uses of it were scaled down to leave {100 * LEAST_FINAL:.0f} % of "
        "the purchases to final demand, and value added takes the difference. The size is what "
        f"inputs lost, {100 * removed / float(used.sum()):.1f} % of all inputs.",
        removed,
        "USD million",
        int((fits < 1).sum()),
    )
    return share, repair


@dataclass(frozen=True)
class Parts:
    """What goes into the files of the world of 2017."""

    sectors: tuple[str, ...]
    merged_from: dict[str, list[str]]
    arrays: dict[str, FloatArray]
    repairs: tuple[Repair, ...]
    notes: dict[str, object]


def parts_of_2017(table: InputOutput) -> Parts:
    """Flows, tariffs and technology, rounded so that every machine writes the same bytes."""
    sectors, merge = merged_sectors(table)
    sales = np.round(bilateral_flows(table.economies, sectors)[YEAR], 6)
    inner = trade_inside(table.economies, table.sectors) @ merge
    tariffs = tariffs_of_2017(table.economies, sectors, sales, inner)
    share, repair = fitted_inputs(technology(table, merge), sales, tariffs.rate, 2022)
    if (share.sum(axis=1) >= 1).any():
        raise ValueError("value added is not positive in every cell: a repair rule is needed")
    return Parts(
        sectors,
        {
            name: [old for old, row in zip(table.sectors, merge, strict=True) if row[k]]
            for k, name in enumerate(sectors)
        },
        {"sales": sales, "input_share": share, "tariff": tariffs.rate},
        (*tariffs.repairs, repair),
        tariffs.notes,
    )
