"""Results of an invented run: four economies, five sectors, nothing symmetric, no solver."""

from __future__ import annotations

import pandas as pd

from detente.measures import Tariff
from detente.run.results import (
    Draws,
    ModelFacts,
    NotPriced,
    PackageFacts,
    Results,
    normal,
)
from detente.wording import Note

ECONOMIES = {
    "USA": "United States",
    "CHN": "China",
    "VNM": "Vietnam",
    "XSE": "Rest of ASEAN (several)",
}
SECTORS = {
    "cars": "Motor vehicles",
    "steel": "Iron and steel",
    "chips": "Electronics (incl. chips)",
    "food": "Food & drink",
    "services": "Services",
}
WELFARE = {"USA": -0.041, "CHN": -0.112, "VNM": 0.08, "XSE": 0.003}
MONEY = {"USA": -9_900.0, "CHN": -20_100.0, "VNM": 320.0, "XSE": 41.0}


def row(metric: str, value: float | None, unit: str, **codes: object) -> dict[str, object]:
    base = {
        "scenario": "package-one",
        "compared_with": "the world of 2022",
        "importer": "",
        "exporter": "",
        "economy": "",
        "sector": "",
        "date": "",
        "quantile": None,
    }
    return {**base, "metric": metric, "value": value, "unit": unit, **codes}


def by_economy(scenario: str, factor: float) -> list[dict[str, object]]:
    out = []
    for code, value in WELFARE.items():
        at = {"economy": code, "scenario": scenario}
        out.append(row("welfare_pct", factor * value, "%", **at))
        out.append(row("equivalent_variation", factor * MONEY[code], "USD million", **at))
        out.append(row("consumer_price_pct", -0.5 * factor * value, "%", **at))
        out.append(row("real_wage_pct", 1.1 * factor * value, "%", **at))
        out.append(row("terms_of_trade_pct", 0.7 * factor * value, "%", **at))
        out.append(row("volume_of_trade_pct", 0.2 * factor * value, "%", **at))
        out.append(row("exports_pct", 9 * factor * value, "%", **at))
        out.append(row("revenue_change", 4_000 * factor, "USD million", **at))
    return out


def headline_rows(ranges: bool) -> list[dict[str, object]]:
    rows = by_economy("package-one", 1.0)
    if ranges:
        for code, value in WELFARE.items():
            for quantile, shift in ((0.05, -0.02), (0.5, 0.001), (0.95, 0.015)):
                rows.append(row("welfare_pct", value + shift, "%", economy=code, quantile=quantile))
    for k, sector in enumerate(SECTORS):
        for n, code in enumerate(ECONOMIES):
            size = (k - 2) * (0.3 + 0.1 * n)
            rows.append(row("output_pct", size, "%", economy=code, sector=sector))
            rows.append(
                row("employment_change", 3 * size, "thousand persons", economy=code, sector=sector)
            )
            rows.append(row("price_pct", 0.4 * size, "%", economy=code, sector=sector))
    for n, importer in enumerate(ECONOMIES):
        for i, exporter in enumerate(ECONOMIES):
            if importer != exporter:
                rows.append(
                    row(
                        "trade_change",
                        700.0 * (i - 1.4 * n),
                        "USD million",
                        importer=importer,
                        exporter=exporter,
                    )
                )
    for name, share in (("duty-a", 0.75), ("duty-b", 0.25)):
        for code, value in WELFARE.items():
            rows.append(row(f"attribution:{name}", share * value, "pp", economy=code))
    return rows


def duty(name: str, title: str, sector: str, rate: str) -> Tariff:
    return Tariff(id=name, title=title, by="USA", on="CHN", sectors=[sector], rate=rate)


def invented(ranges: bool = True) -> Results:
    packages = [*by_economy("package-one", 1.0), *by_economy("package-two", -2.0)]
    alone = [*by_economy("duty-a", 0.7), *by_economy("duty-b", 0.2)]
    choices = [*by_economy("as in this report", 1.0), *by_economy("short run", 1.6)]
    drivers = [
        row("welfare_pct", WELFARE[code] + s * step, "%", economy=code, scenario=p, quantile=q)
        for code in ("USA", "CHN")
        for p, step in (("Trade elasticity, cars", 0.02), ("Trade elasticity, steel", 0.005))
        for q, s in ((0.05, -1), (0.95, 1))
    ]
    signs = [row("same_sign:welfare_pct", 0.97, "share of draws", economy=c) for c in ECONOMIES]
    path = [
        row(
            "average_tariff",
            value,
            "%",
            importer="USA",
            exporter="CHN",
            date=date,
            scenario="history",
            compared_with="statutory",
        )
        for date, value in (("2018-01-01", 3.1), ("2019-06-01", 16.0), ("2020-02-14", 18.3))
    ]
    table = pd.DataFrame
    return Results(
        case="invented",
        title="An invented case <b>& more</b>",
        question="Who gains?",
        background="Nothing here is real.",
        headline_id="package-one",
        headline_title="Two duties",
        compared_with="the world of 2022",
        date="2024-08-01",
        model=ModelFacts("toy", 2022, 4, 5, "fixed-transfer", elasticity_set="toy set"),
        headline=normal(table(headline_rows(ranges))),
        packages=normal(table(packages)),
        alone=normal(table(alone)),
        choices=normal(table(choices)),
        drivers=normal(table(drivers)) if ranges else None,
        same_sign=normal(table(signs)) if ranges else None,
        tariff_path=normal(table(path)),
        measures=(
            duty("duty-a", "Duty on cars", "cars", "+75 pp"),
            duty("duty-b", "Duty on steel", "steel", "+25 pp"),
        ),
        package_facts=(
            PackageFacts("package-one", "Two duties", ("duty-a", "duty-b")),
            PackageFacts("package-two", "Both lifted", ("duty-a",)),
        ),
        not_priced=(NotPriced("Delistings", "No financial assets in the model.", "A statute"),),
        notes=(Note("prices at nothing", ("duty-b",)),),
        draws=Draws(200, 198, 2, 7, failures=((3, "residual"),), parameters=("theta",))
        if ranges
        else Draws(),
        economy_names=ECONOMIES,
        sector_names=SECTORS,
        employment={"USA": 160_000.0, "CHN": 740_000.0},
        employment_basis="totals split by value added",
        sources=({"credit": "OECD (2025), Inter-Country Input-Output Tables."},),
        repairs=(
            {
                "rule": "negative cells",
                "what": "Set to zero.",
                "size": 1200,
                "unit": "USD million",
                "cells": 3,
            },
        ),
        provenance={"detente": "0.1.0", "largest_residual": 1.2e-12},
    )
