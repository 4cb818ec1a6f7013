"""Which numbers does the validation page show?

Runs every comparison (the engine against the independent solver, against published and
independently computed results), writes the differences to docs/_tables, and puts the tables into
docs/validation.md between its markers. The confrontation with the trade that followed the
tariffs of 2018-19 is computed by ``tools/build_confrontation.py``; its tables are read here.

Run: ``python tools/build_validation.py`` (reference results from DETENTE_TRUTH, else
../shared/truth beside the checkout), or with ``--page-only`` to rewrite the page from the tables.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
TABLES = ROOT / "docs" / "_tables"
PAGE = ROOT / "docs" / "validation.md"
#: The variant of the confrontation that the page shows.
STUDY, DUTIES = "Lashkaripour-Lugovskyy 2023", "trade-weighted"
IMPORTERS = {"USA": "United States", "CHN": "China", "third countries": "22 others"}


def truth_folder() -> Path:
    """Where the reference results are."""
    return Path(os.environ.get("DETENTE_TRUTH", ROOT.parent / "shared" / "truth"))


# ---- computing ----------------------------------------------------------------------------------


def against_table() -> pd.DataFrame:
    """Largest difference between engine and independent solver in each of sixty cases."""
    from tests.against.agreement import AGREED, CASES, differences, solved

    rows = []
    for case in CASES:
        world, found, expected = solved(case)
        apart = differences(found, expected, world)
        worst = max(apart, key=lambda k: apart[k])
        rows.append(
            {
                "structure": case.structure,
                "closure": case.closure,
                "labour": case.labour,
                "difference": apart[worst],
                "in": worst,
                "tolerance": AGREED,
            }
        )
    return pd.DataFrame(rows)


def published_table(folder: Path) -> pd.DataFrame:
    """Every comparison with a published or independently computed result."""
    from tests.replications import published

    rows = [
        {
            "case": r.case,
            "quantity": r.quantity,
            "cells": r.count,
            "difference": r.difference,
            "unit": r.unit,
            "tolerance": r.tolerance,
            "where": r.where,
            "ours": r.ours,
            "theirs": r.theirs,
            "source": r.source,
        }
        for run in published.ALL.values()
        for r in run(folder)
    ]
    return pd.DataFrame(rows)


def compute(folder: Path) -> None:
    """Run all comparisons and write their tables."""
    TABLES.mkdir(parents=True, exist_ok=True)
    for name, table in (
        ("against_reference", against_table()),
        ("published", published_table(folder)),
    ):
        missed = table[~(table["difference"] <= table["tolerance"])]
        if len(missed):
            raise SystemExit(f"{name}: beyond tolerance\n{missed.to_string()}")
        table.to_csv(TABLES / f"{name}.csv", index=False, float_format="%.8g")


# ---- writing ------------------------------------------------------------------------------------


def markdown(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in the page's own format."""
    head = list(header)
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def small(value: float) -> str:
    """A difference, to one digit."""
    return "0" if value == 0 else f"{value:.0e}".replace("e-0", "e-")


def against_block() -> str:
    """Structures by labour regimes, largest difference over the closures."""
    table = pd.read_csv(TABLES / "against_reference.csv")
    regimes = list(dict.fromkeys(table["labour"]))
    worst = table.groupby(["structure", "labour"], sort=False)["difference"].max()
    rows = [
        [structure, *(small(worst[structure, regime]) for regime in regimes)]
        for structure in dict.fromkeys(table["structure"])
    ]
    text = markdown(["market structure", *(f"labour {r}" for r in regimes)], rows)
    return (
        f"{text}\n\n{len(table)} cases, five closures behind each number; tolerance "
        f"{small(table['tolerance'].max())}."
    )


def published_block() -> str:
    """Every comparison, grouped by case; printed values stand beside ours."""
    table = pd.read_csv(TABLES / "published.csv")
    printed = table["tolerance"] >= 1e-3
    rows = []
    exact = table[~printed]
    for case, group in exact.groupby("case", sort=False):
        for _, r in group.iterrows():
            unit = {"pp": "percentage points", "ratio": "ratio"}[r["unit"]]
            rows.append(
                [str(case), r["quantity"], str(r["cells"]), f"{small(r['difference'])} {unit}",
                 small(r["tolerance"])]
            )  # fmt: skip
    independent = markdown(["case", "quantity", "values", "largest difference", "tolerance"], rows)
    rows = [
        [r["case"], r["quantity"], r["where"], f"{r['ours']:.3f}", f"{r['theirs']:g}", r["source"]]
        for _, r in table[printed].iterrows()
    ]
    as_printed = markdown(["case", "quantity", "where", "ours", "printed", "source"], rows)
    return (
        "Against independent codes on the same data:\n\n"
        f"{independent}\n\n"
        "Against printed numbers (within half of the last printed digit; where several values are "
        "compared, the one that is furthest off is shown):\n\n"
        f"{as_printed}"
    )


def confrontation_block() -> str:
    """Shares before, predicted, actual; correlation and slope by importer; the placebo."""
    totals = pd.read_csv(TABLES / "confrontation_totals.csv")
    shares = totals[
        (totals["elasticities"] == STUDY) & (totals["tariffs"] == DUTIES) & ~totals["scale"]
    ]
    rows = [
        [r["what"].removesuffix(", percent"), r["window"], f"{r['before']:.1f} %",
         f"{r['predicted']:.1f} %", f"{r['actual']:.1f} %"]
        for _, r in shares.iterrows()
        if r["window"] != "2017-2021"
    ]  # fmt: skip
    text = [
        "**Shares in goods imports.**",
        markdown(["share", "window", "2017", "predicted", "actual"], rows),
    ]

    table = pd.read_csv(TABLES / "confrontation.csv")
    main = table[(table["elasticities"] == STUDY) & (table["tariffs"] == DUTIES) & ~table["scale"]]
    text += [
        "**All flows of goods above USD 50 million.** Correlation; slope of actual on predicted "
        "with its robust standard error.",
        fits(main[main["flows"] == "all"]),
        "**Flows that the tariffs hit** (20 sectors of US imports from China, 21 of China's from "
        "the US), and the mean log change that was predicted and that happened.",
        fits(main[main["flows"] == "hit by tariffs"], means=True),
        others(main),
        variants(table),
    ]
    removed = totals[totals["what"].str.startswith("inputs of 2022")]["actual"].iloc[0]
    text.append(
        f"Technology of 2022 had to give way to the purchases of 2017 for {removed:.1f} % of all "
        "inputs."
    )
    return "\n\n".join(text)


def fits(table: pd.DataFrame, means: bool = False) -> str:
    """Correlations and slopes of each test, weighted by trade and not."""
    rows = []
    for _, r in table[table["importer"].isin(list(IMPORTERS))].iterrows():
        row = [
            f"{r['test']}, {r['window']}",
            IMPORTERS[r["importer"]],
            "by trade" if r["weights"] == "trade" else "none",
            str(r["observations"]),
            f"{r['correlation']:.2f}",
            f"{r['slope']:.2f} ± {r['slope_standard_error']:.2f}",
        ]
        if means:
            row += [f"{r['mean_predicted']:.2f}", f"{r['mean_actual']:.2f}"]
        rows.append(row)
    header = ["test", "importer", "weights", "flows", "correlation", "slope"]
    return markdown([*header, *(["predicted", "actual"] if means else [])], rows)


def others(main: pd.DataFrame) -> str:
    """One sentence on the third countries taken one by one."""
    alone = main[~main["importer"].isin(list(IMPORTERS)) & (main["weights"] == "trade")].set_index(
        "importer"
    )
    apart = main[(main["flows"] == "all but from China") & (main["weights"] == "trade")]
    without = apart.set_index(["test", "window"])["correlation"]
    real = alone[(alone["test"] == "tariffs") & (alone["window"] == "2017-2019")]["correlation"]
    placebo = alone[alone["test"] == "placebo"]["correlation"]
    return (
        f"Taken one by one, the {len(real)} other importers show correlations between "
        f"{real.min():.2f} ({real.idxmin()}) and {real.max():.2f} ({real.idxmax()}) in 2017-2019, "
        f"median {real.median():.2f}; the placebo gives {placebo.min():.2f} to "
        f"{placebo.max():.2f}, median {placebo.median():.2f}. Without China as exporter the "
        f"correlation over all of them is {without['tariffs', '2017-2019']:.2f} in 2017-2019 and "
        f"{without['tariffs', '2017-2021']:.2f} in 2017-2021."
    )


def variants(table: pd.DataFrame) -> str:
    """How the main finding moves with elasticities, duties and scale economies."""
    rows = []
    chosen = table[
        (table["test"] == "tariffs")
        & (table["window"] == "2017-2019")
        & (table["flows"] == "all")
        & (table["weights"] == "trade")
    ]
    for (study, duties, scale), group in chosen.groupby(
        ["elasticities", "tariffs", "scale"], sort=False
    ):
        by = group.set_index("importer")
        rows.append(
            [f"{study}{', scale economies' if scale else ''}", duties]
            + [
                f"{by.loc[code, 'correlation']:.2f}; {by.loc[code, 'slope']:.2f}"
                for code in ("USA", "CHN", "third countries")
            ]
        )
    return (
        "**Other elasticities and duties** (2017-2019, all flows, weighted by trade): "
        "correlation; slope.\n\n" + markdown(["elasticities", "duties", *IMPORTERS.values()], rows)
    )


BLOCKS: dict[str, Callable[[], str]] = {
    "against": against_block,
    "published": published_block,
    "confrontation": confrontation_block,
}


def page_with_numbers(page: str) -> str:
    """The page with every block between markers written anew."""
    for name, block in BLOCKS.items():
        marker = re.compile(rf"(<!-- numbers: {name} -->\n).*?(<!-- end -->)", re.S)
        text = block()
        page, count = marker.subn(lambda m, t=text: f"{m[1]}\n{t}\n\n{m[2]}", page)
        if count != 1:
            raise SystemExit(f"{PAGE.name}: {count} blocks named {name}; expected one")
    return page


def main() -> None:
    """Compute unless told otherwise, then write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--page-only", action="store_true", help="use the tables as they are")
    if not parser.parse_args().page_only:
        compute(truth_folder())
    PAGE.write_text(page_with_numbers(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
