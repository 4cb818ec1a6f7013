"""Did trade move as the model says after the tariffs of 2018 and 2019?

Takes the shipped world of 2017, before the trade war (`icio-2017`, made by
``tools/world_of_2017.py``), puts the tariffs of 2018-19 between the United States and China on it,
and compares the predicted with the actual change of every importer's trade shares. A placebo sets
the same predictions against 2014-2017, when there was no trade war. Writes small tables to
docs/_tables, from which the validation page is made.

Run: ``python tools/build_confrontation.py`` (source tables from DETENTE_DATA, else
../shared/data beside the checkout).

What is compared
----------------
The log change of each exporter's share in an importer's spending on a good, all at basic prices,
own sales included. Flows that were below USD 50 million in 2017 are left out (small flows are
noise). China's cuts of its MFN tariffs on 1 July and 1 November 2018 go to every exporter (the
steps of the table by date on those two days, when no retaliation began). Not in the tariffs:
sections 201 and 232 (washing machines, solar cells, steel, aluminium), exclusions, purchase
commitments, and everything else that happened.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from world_of_2017 import bilateral_flows  # noqa: E402

from detente.equilibrium import Specification, solve  # noqa: E402
from detente.measures.shock import Shock  # noqa: E402
from detente.world import World, load_world  # noqa: E402

Floats = NDArray[np.float64]

WORLD = "icio-2017"
TABLES = ROOT / "docs" / "_tables"

#: Flows below this value in 2017 are left out, USD million.
SMALLEST_FLOW = 50.0
#: Studies of the trade elasticity and the world's named sets.
STUDIES = {
    "Lashkaripour-Lugovskyy 2023": "lashkaripour-lugovskyy-2023",
    "Fontagne-Guimbard-Orefice": "icio-estimates",
    "Caliendo-Parro 2015": "caliendo-parro-2015",
    "Giri-Yi-Yilmazkuday 2021": "giri-yi-yilmazkuday-2021",
}
MAIN_STUDY = "Lashkaripour-Lugovskyy 2023"
MAIN_TARIFFS = "trade-weighted"
#: Windows of comparison: first year, last year, which tariffs.
WINDOWS = {
    "2017-2019": (2017, 2019, "average of 2019"),
    "2017-2021": (2017, 2021, "after phase one"),
    "2017-2022": (2017, 2022, "after phase one"),
}
PLACEBO = (2014, 2017)
#: Importers that are shown for every variant; the others only for the main one.
SHOWN = ("USA", "CHN", "third countries")


def data_folder() -> Path:
    """Where the source tables are."""
    return Path(os.environ.get("DETENTE_DATA", ROOT.parent / "shared" / "data"))


# ---- the world of 2017 -----------------------------------------------------------------------


@dataclass(frozen=True)
class Sources:
    """Tables read once."""

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: dict[int, Floats]  # year -> V[importer, exporter, sector]
    folder: Path


def read_sources(folder: Path) -> Sources:
    """Flows of all years, on the axes of the world of 2017."""
    world = load_world(WORLD)
    flows = bilateral_flows(world.economies, world.sectors, folder)
    return Sources(world.economies, world.sectors, flows, folder)


def world_of_2017(study: str) -> World:
    """The world before the trade war, with the elasticities of a study."""
    return load_world(WORLD, elasticities=STUDIES[study])


def inputs_scaled_away(world: World) -> float:
    """Percent of inputs of 2022 that had to give way to the purchases of 2017."""
    (repair,) = [r for r in world.repairs if r.rule == "technology-of-another-year"]
    inputs = float((world.input_share.sum(axis=1) * world.output).sum())
    return 100 * repair.size / (inputs + repair.size)


# ---- the tariffs of 2018-19 --------------------------------------------------------------------


def average_over(rates: pd.DataFrame, first: str, last: str) -> pd.Series:
    """Mean of step functions (columns are dates of change) over a period, by days."""
    dates = pd.to_datetime(rates.columns)
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    total = pd.Series(0.0, index=rates.index)
    for k, column in enumerate(rates.columns):
        until = dates[k + 1] if k + 1 < len(dates) else pd.Timestamp.max
        days = (min(until, end) - max(dates[k], start)).days
        if days > 0:
            total += rates[column] * days
    return total / (end - start).days


#: Days on which China cut MFN tariffs for everybody, each with the table's date before it.
MFN_CUTS = (("2018-05-01", "2018-07-01"), ("2018-09-24", "2018-11-01"))


def added_tariffs(sources: Sources, tariffs: str, when: str) -> tuple[Floats, Floats, Floats]:
    """What the US added on China, China on the US, and China's MFN change; by sector.

    `tariffs` is "trade-weighted", "simple mean" (both from the tables by date) or
    "five waves" (another source, everything announced in 2018-19).
    """
    if tariffs == "five waves":
        return (*five_waves(sources), np.zeros(len(sources.sectors)))
    added = []
    mfn = np.zeros(len(sources.sectors))
    for name, weighted in (
        ("tradewar_us_tariff_on_china_2018_2020.csv", "wavg_pct_us_imports_from_china_2024"),
        ("tradewar_china_tariff_on_us_2018_2020.csv", "wavg_pct_china_imports_from_us_2017"),
    ):
        table = pd.read_csv(sources.folder / name)
        column = weighted if tariffs == "trade-weighted" else "simple_avg_pct"
        rates = table.pivot(index="sector", columns="date", values=column) / 100
        if when == "average of 2019":
            level = average_over(rates, "2019-01-01", "2020-01-01")
        else:
            level = rates[rates.columns[-1]]
        change = (level - rates[rates.columns[0]]).reindex(sources.sectors).fillna(0.0)
        added.append(change.to_numpy(dtype=float))
        if name.startswith("tradewar_china"):
            for before, after in MFN_CUTS:
                cut = (rates[after] - rates[before]).reindex(sources.sectors).fillna(0.0)
                mfn += cut.to_numpy(dtype=float)
    return added[0], added[1], mfn


def five_waves(sources: Sources) -> tuple[Floats, Floats]:
    """The second source: five waves by sectors of the 45-sector list, plain means over ours."""
    table = pd.read_csv(sources.folder / "tradewar_2018_2019_by_icio45_sector.csv")
    names = pd.read_csv(sources.folder / "sectors.csv").set_index("icio_code")["sector"]
    alias = {"A01_02": "A01", "B05_06": "B05", "B07_08": "B07", "C24": "C24A", "C30": "C301"}
    ours = table["icio45_sector"].map(lambda c: names[alias.get(c, c)])
    mean = table.drop(columns="icio45_sector").groupby(ours).mean()
    mean.loc["nonferrous_metals"] = mean.loc["iron_steel"]
    mean = mean.reindex(sources.sectors).fillna(0.0)
    return mean["added_by_USA_on_CHN"].to_numpy(), mean["added_by_CHN_on_USA"].to_numpy()


def predicted_sales(
    world: World,
    on_china: Floats,
    on_usa: Floats,
    mfn_of_china: Floats,
    specification: Specification,
) -> Floats:
    """Sales after the tariffs, everything else as in 2017."""
    usa, china = world.economy_index("USA"), world.economy_index("CHN")
    tariff = world.tariff.copy()
    tariff[usa, china] += on_china
    others = [k for k in range(len(world.economies)) if k not in (usa, china)]
    # a preferential rate below the cut has nothing to lose
    tariff[china, others] = np.maximum(0.0, tariff[china, others] + mfn_of_china)
    tariff[china, usa] = np.maximum(0.0, tariff[china, usa] + on_usa)
    return solve(world, Shock.of(world, tariff=tariff), specification=specification).sales_prime


# ---- the comparison ---------------------------------------------------------------------------


def log_share_change(before: Floats, after: Floats) -> Floats:
    """Change of ln(share of each source in an importer's purchases of a good)."""
    share = [v / v.sum(axis=1, keepdims=True) for v in (before, after)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(share[1]) - np.log(share[0])


def fit(predicted: Floats, actual: Floats, weight: Floats) -> tuple[float, float, float]:
    """Correlation, slope of actual on predicted (with a constant), and its standard error.

    The standard error is heteroskedasticity-robust (HC1).
    """
    w = weight / weight.sum()
    x, y = predicted - (w * predicted).sum(), actual - (w * actual).sum()
    sxx, syy, sxy = (w * x * x).sum(), (w * y * y).sum(), (w * x * y).sum()
    slope = sxy / sxx
    error = y - slope * x
    count = len(x)
    robust = np.sqrt(((w * x * error) ** 2).sum() * count / (count - 2)) / sxx
    return float(sxy / np.sqrt(sxx * syy)), float(slope), float(robust)


def groups(world: World, base: Floats) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Importers and flows that are looked at apart, as masks."""
    n = len(world.economies)
    usa, china = world.economy_index("USA"), world.economy_index("CHN")
    use = base >= SMALLEST_FLOW
    use[np.arange(n), np.arange(n)] = False
    use[..., world.sector_index("services")] = False
    hit = np.zeros_like(use)
    hit[usa, china] = hit[china, usa] = True
    for name, importers in (
        ("USA", [usa]),
        ("CHN", [china]),
        ("third countries", [k for k in range(n) if k not in (usa, china)]),
    ):
        mine = np.zeros_like(use)
        mine[importers] = True
        yield name, "all", use & mine
        if name == "third countries":
            elsewhere = use & mine
            elsewhere[:, china] = False
            yield name, "all but from China", elsewhere
        else:
            yield name, "hit by tariffs", use & mine & hit
            yield name, "not hit", use & mine & ~hit
    for code in world.economies:
        if code not in ("USA", "CHN"):
            mine = np.zeros_like(use)
            mine[world.economy_index(code)] = True
            yield code, "all", use & mine


def compare(
    world: World, sources: Sources, predicted: Floats, first: int, last: int, trend: bool
) -> list[dict[str, object]]:
    """Correlation and slope by importer, weighted by trade and not."""
    base = sources.flows[2017]
    actual = log_share_change(sources.flows[first], sources.flows[last])
    if trend:
        years = (last - first) / (PLACEBO[1] - PLACEBO[0])
        actual = actual - years * log_share_change(*(sources.flows[y] for y in PLACEBO))
    change = log_share_change(base, predicted)
    rows: list[dict[str, object]] = []
    for importer, flows, mask in groups(world, base):
        keep = mask & np.isfinite(actual) & np.isfinite(change)
        for weights in ("trade", "none"):
            weight = base[keep] if weights == "trade" else np.ones(int(keep.sum()))
            correlation, slope, error = fit(change[keep], actual[keep], weight)
            w = weight / weight.sum()
            rows.append(
                {
                    "importer": importer,
                    "flows": flows,
                    "weights": weights,
                    "observations": int(keep.sum()),
                    "correlation": correlation,
                    "slope": slope,
                    "slope_standard_error": error,
                    "mean_predicted": float((w * change[keep]).sum()),
                    "mean_actual": float((w * actual[keep]).sum()),
                }
            )
    return rows


def build(folder: Path) -> dict[str, pd.DataFrame]:
    """All tables of the confrontation."""
    sources = read_sources(folder)
    rows: list[dict[str, object]] = []
    cells: list[dict[str, object]] = []
    totals: list[dict[str, object]] = []
    variants = [(study, MAIN_TARIFFS, False) for study in STUDIES]
    variants += [(MAIN_STUDY, "simple mean", False), (MAIN_STUDY, "five waves", False)]
    variants += [(MAIN_STUDY, MAIN_TARIFFS, True)]
    for study, tariffs, scale in variants:
        world = world_of_2017(study)
        main = (study, tariffs, scale) == (MAIN_STUDY, MAIN_TARIFFS, False)
        specification = Specification(scale=scale)
        for window, (first, last, when) in WINDOWS.items():
            sales = predicted_sales(world, *added_tariffs(sources, tariffs, when), specification)
            runs = [("tariffs", first, last, False), ("tariffs, less trend", first, last, True)]
            if window == "2017-2019":
                runs.append(("placebo", *PLACEBO, False))
            for test, start, end, trend in runs:
                label = {
                    "test": test,
                    "window": f"{start}-{end}",
                    "elasticities": study,
                    "scale": scale,
                    "tariffs": tariffs,
                }
                for row in compare(world, sources, sales, start, end, trend):
                    if main or (window == "2017-2019" and row["importer"] in SHOWN):
                        rows.append({**label, **row})
            if main or window == "2017-2019":
                totals += headline(world, sources, sales, window, last, study, tariffs, scale)
            if main:
                cells += by_sector(world, sources, sales, window, last)
    totals.append(
        {
            "window": "2017",
            "elasticities": "",
            "scale": False,
            "tariffs": "",
            "what": "inputs of 2022 scaled away to fit purchases of 2017, percent of inputs",
            "before": np.nan,
            "predicted": np.nan,
            "actual": inputs_scaled_away(load_world(WORLD)),
        }
    )
    return {
        "confrontation": pd.DataFrame(rows),
        "confrontation_by_sector": pd.DataFrame(cells),
        "confrontation_totals": pd.DataFrame(totals),
    }


def headline(
    world: World,
    sources: Sources,
    sales: Floats,
    window: str,
    last: int,
    study: str,
    tariffs: str,
    scale: bool,
) -> list[dict[str, object]]:
    """Each side's share in the other's goods imports: before, predicted, actual."""
    rows: list[dict[str, object]] = []
    for buyer, seller in (("USA", "CHN"), ("CHN", "USA"), ("USA", "MEX"), ("USA", "VNM")):
        n, i = world.economy_index(buyer), world.economy_index(seller)
        share = []
        for v in (sources.flows[2017], sales, sources.flows[last]):
            goods = v[n, :, : world.sector_index("services")].sum(axis=1)
            share.append(100 * goods[i] / (goods.sum() - goods[n]))
        rows.append(
            {
                "window": window,
                "elasticities": study,
                "scale": scale,
                "tariffs": tariffs,
                "what": f"share of {seller} in goods imports of {buyer}, percent",
                "before": share[0],
                "predicted": share[1],
                "actual": share[2],
            }
        )
    return rows


def by_sector(
    world: World, sources: Sources, sales: Floats, window: str, last: int
) -> list[dict[str, object]]:
    """The flows that the tariffs hit, one by one."""
    base = sources.flows[2017]
    change = log_share_change(base, sales)
    actual = log_share_change(base, sources.flows[last])
    before = log_share_change(*(sources.flows[y] for y in PLACEBO))
    rows: list[dict[str, object]] = []
    for buyer, seller in (("USA", "CHN"), ("CHN", "USA")):
        n, i = world.economy_index(buyer), world.economy_index(seller)
        for j, sector in enumerate(world.sectors):
            if sector != "services":
                rows.append(
                    {
                        "window": window,
                        "importer": buyer,
                        "exporter": seller,
                        "sector": sector,
                        "trade_2017_usd_mn": base[n, i, j],
                        "predicted_log_change": change[n, i, j],
                        "actual_log_change": actual[n, i, j],
                        "actual_log_change_2014_2017": before[n, i, j],
                    }
                )
    return rows


def write(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """CSV with five digits: enough to compare, few enough to read."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.5g")


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=TABLES)
    arguments = parser.parse_args()
    write(build(data_folder()), arguments.out)


if __name__ == "__main__":
    main()
