"""How is the full world of 81 economies and 50 industries made, for those who want every country?

    python tools/build_full_world.py FOLDER

Writes FOLDER/icio-2022-full.npz and .json (not shipped: about 5 MB). Open it with
``load_world("FOLDER/icio-2022-full.json")``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from build_worlds import VERSION
from elasticity_tables import DEFAULT, STUDIES, elasticity_sets, studies
from source_tables import (
    EU27,
    FullTable,
    all_pairs_tariff,
    by_cell,
    food_caps,
    full_table,
    input_output,
    region_of,
    rows,
    sector_of,
    tariffs_in_force,
)
from world_texts import BASES, DEFAULTS, SOURCES

from detente.arrays import FloatArray
from detente.world import Repair, World, check_accounts, cleaning, save_world

NAME = "icio-2022-full"


def tariffs(table: FullTable) -> tuple[FloatArray, tuple[Repair, ...]]:
    """The mended tariffs of the 24 economies spread over their members and industries.

    Members of one composite charge each other the composite's tariff on itself (the EU nothing);
    the United States charges each partner that the Census table lists its own rate.
    """
    small = input_output()
    flows = small.intermediate.sum(axis=3).transpose(2, 0, 1) + small.final.transpose(2, 0, 1)
    done = tariffs_in_force(small.economies, small.sectors, flows)
    rate = done.rate.copy()
    source = all_pairs_tariff(small.economies, small.sectors)
    caps = food_caps(rate, small.economies, small.sectors)
    food = small.sectors.index("food")
    for n, code in enumerate(small.economies):
        rate[n, n] = source[n, n]
        if code in caps:
            rate[n, n, food] = min(rate[n, n, food], caps[code])
    region, sector = region_of(), sector_of()
    e = [small.economies.index(region[c]) for c in table.economies]
    s = [small.sectors.index(sector[c]) for c in table.sectors]
    out: FloatArray = rate[np.ix_(e, e, s)]
    for n in range(len(e)):
        out[n, n] = 0.0
    in_eu = np.array([region[c] in EU27 for c in table.economies])
    out[np.ix_(in_eu, in_eu)] = 0.0
    usa = table.economies.index("USA")
    cells = 0
    for r in rows("us_applied_tariff_2024_by_partner_sector.csv"):
        if r["partner"] in table.economies and r["applied_tariff"]:
            i = table.economies.index(r["partner"])
            here = [k for k, code in enumerate(table.sectors) if sector[code] == r["sector"]]
            out[usa, i, here] = float(r["applied_tariff"])
            cells += len(here)
    repairs = tuple(x for x in done.repairs if x.rule != "tariffs-inside-groups")
    spread = Repair(
        "spread-over-members",
        "Tariffs of the 24 economies and 32 sectors hold for all their members and industries; "
        "members of one composite charge each other its tariff on itself. The United States "
        "charges the partners that the Census lists their own rates.",
        float(cells),
        "cells with their own rate",
        int((out != 0).sum()),
    )
    return out, (*repairs, spread)


def sets_of_industries(table: FullTable) -> dict[str, Any]:
    """The named elasticity sets by industry: the industry's own figure, else its sector's."""
    small = input_output()
    sector = sector_of()
    own = {r["icio_code"]: r for r in rows("elasticities_50.csv")}
    columns = {
        "icio-estimates": "fgo_icio2025",
        "lashkaripour-lugovskyy-2023": "lashkaripour_lugovskyy_2023",
        "caliendo-parro-2015": "caliendo_parro_2015",
        "giri-yi-yilmazkuday-2021": "giri_yi_yilmazkuday_2021",
        "shapiro-2016": "shapiro_2016",
        "bagwell-staiger-yurukoglu-2021": "bagwell_staiger_yurukoglu_2021",
        "fontagne-2022": "fontagne_2022_tiva",
        "caliendo-parro-on-icio": "caliendo_parro_estimator_on_icio",
    }
    out = {}
    for name, chosen in elasticity_sets(small.sectors, small.goods).items():
        theta, psi = [], []
        for code in table.sectors:
            k = small.sectors.index(sector[code])
            good = sector[code] in small.goods
            column = columns[name] if good else "ahmad_schreiber_services"
            text = own[code][column]
            outlier = name == "caliendo-parro-2015" and sector[code] == "petroleum"
            theta.append(chosen["trade_elasticity"][k] if outlier or not text else float(text))
            mu = own[code]["ll2023_scale_mu"] if chosen["has_scale_economies"] and good else ""
            psi.append(float(mu) if mu else chosen["scale_elasticity"][k])
        out[name] = dict(chosen) | {"trade_elasticity": theta, "scale_elasticity": psi}
    return out


def build(folder: Path) -> World:
    """Build the full world, write it into a folder and return it."""
    table = full_table()
    n_e, n_s = len(table.economies), len(table.sectors)
    sales = table.flows.transpose(2, 0, 1)
    rate, repairs = tariffs(table)
    z = table.intermediate.reshape(n_e, n_s, n_e, n_s)
    inputs = np.empty((n_e, n_s, n_s))
    for n in range(n_e):
        inputs[n] = np.einsum("ikj,ik->kj", z[:, :, n, :].astype(float), 1 + rate[n])
    output = sales.sum(axis=0)
    share = np.divide(
        inputs,
        output[:, None, :],
        out=np.zeros_like(inputs),
        where=np.broadcast_to(output[:, None, :] > 0, inputs.shape),
    )
    share, low = cleaning.raise_value_added(share, 0.01)
    sector, region = sector_of(), region_of()
    small = input_output()
    intensity = by_cell(
        "ghg_scope1_2022_24x32.csv", "ghg_mtco2e", small.economies, small.sectors
    ) / np.array(small.final.sum(axis=2) + small.intermediate.sum(axis=(2, 3)))
    e = [small.economies.index(region[c]) for c in table.economies]
    s = [small.sectors.index(sector[c]) for c in table.sectors]
    total = {
        r["iso3"]: float(r["employment_thousand_2022"])
        for r in rows("employment_total_2022_by_country.csv")
    }
    named = set(table.economies)
    people = np.array([total.get(c, np.nan) for c in table.economies])
    people[table.economies.index("ROW")] = sum(v for c, v in total.items() if c not in named)
    value_added = (1 - share.sum(axis=1)) * output
    employment = people[:, None] * value_added / value_added.sum(axis=1, keepdims=True)
    sets = sets_of_industries(table)
    known = studies(small.sectors)
    labels = {r["icio_code"]: r["icio_label"] for r in rows("sectors.csv")}
    names = {r["iso3"]: r["iso3"] for r in rows("regions.csv")}
    world = World.from_arrays(
        table.economies,
        table.sectors,
        sales=sales,
        input_share=share,
        tariff=rate,
        trade_elasticity=sets[DEFAULT]["trade_elasticity"],
        scale_elasticity=sets[DEFAULT]["scale_elasticity"],
        closure="fixed-transfer",
        name=NAME,
        year=2022,
        goods=tuple(c for c in table.sectors if sector[c] in small.goods),
        elasticity_set=DEFAULT,
        employment=employment,
        emissions=intensity[np.ix_(e, s)] * output,
        economy_names=names,
        sector_names={c: labels[c] for c in table.sectors},
        groups={
            "EU27": tuple(c for c in table.economies if region[c] in EU27),
            "ASEAN": tuple(
                c for c in table.economies if region[c] in ("VNM", "MYS", "THA", "IDN", "XSE")
            ),
            "G7": ("USA", "CAN", "GBR", "JPN", "DEU", "FRA", "ITA"),
            "USMCA": ("USA", "CAN", "MEX"),
            "QUAD": ("USA", "JPN", "IND", "AUS"),
            "BRICS": ("BRA", "RUS", "IND", "CHN", "ZAF"),
        },
        repairs=(*repairs, *((low,) if low.cells else ())),
        descriptor={
            "title": "The world economy of 2022 in 81 economies and 50 industries",
            "version": VERSION,
            "defaults": DEFAULTS,
            **{k: v for k, v in BASES.items() if not k.startswith(("value_added", "not_changed"))},
            "emissions_basis": "intensity of the sector in the economy's group of the 24, times "
            "output",
            "elasticity_sets": sets,
            "elasticity_studies": {study: [row[k] for k in s] for study, row in known.items()},
            "elasticity_study_references": STUDIES,
            "sources": SOURCES,
        },
    )
    check_accounts(world)
    save_world(world, folder / NAME)
    return world


def main() -> None:
    """Build from the command line."""
    parser = argparse.ArgumentParser(description="Build the full world (81 x 50).")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    world = build(folder)
    for path in sorted(folder.glob(f"{NAME}.*")):
        print(f"{path.stat().st_size:>12,} {path}")
    for repair in world.repairs:
        print(f"  {repair.rule}: {repair.size:,.4g} {repair.unit}, {repair.cells} cells")


if __name__ == "__main__":
    main()
