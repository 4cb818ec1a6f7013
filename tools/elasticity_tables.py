"""Which trade and scale elasticities belong together?"""

from __future__ import annotations

from typing import Any

import numpy as np
from source_tables import rows

from detente.world import cleaning

#: Columns of the source table that are studies of the trade elasticity, with their references.
STUDIES = {
    "fgo_icio2025": "Fontagné, Guimbard and Orefice, on the industries of the OECD tables (2025)",
    "caliendo_parro_2015": "Caliendo and Parro (2015), Review of Economic Studies, table 1",
    "lashkaripour_lugovskyy_2023": "Lashkaripour and Lugovskyy (2023), American Economic Review",
    "giri_yi_yilmazkuday_2021": "Giri, Yi and Yilmazkuday (2021), Journal of International "
    "Economics",
    "shapiro_2016": "Shapiro (2016), American Economic Journal: Economic Policy",
    "bagwell_staiger_yurukoglu_2021": "Bagwell, Staiger and Yurukoglu (2021), Econometrica",
    "fontagne_2022_tiva": "Fontagné, Guimbard and Orefice (2022), Journal of International "
    "Economics, on TiVA industries",
    "caliendo_parro_estimator_on_icio": "the Caliendo-Parro estimator on the industries of the "
    "OECD tables",
    "ahmad_schreiber_services": "Ahmad and Schreiber (USITC), services",
}
#: Named set, its column for goods, its title, and what is said of it.
SETS = {
    "icio-estimates": (
        "fgo_icio2025",
        "Fontagné, Guimbard and Orefice, on the industries of this table",
        "Estimated on the same industry classification as the world. No scale economies.",
    ),
    "lashkaripour-lugovskyy-2023": (
        "lashkaripour_lugovskyy_2023",
        "Lashkaripour and Lugovskyy (2023): trade and scale elasticities estimated together",
        "External scale economies in goods; θψ is below one everywhere (largest 0.94).",
    ),
    "caliendo-parro-2015": (
        "caliendo_parro_2015",
        "Caliendo and Parro (2015)",
        "Petroleum (64.85 there) is replaced by the median of the other studies.",
    ),
    "giri-yi-yilmazkuday-2021": (
        "giri_yi_yilmazkuday_2021",
        "Giri, Yi and Yilmazkuday (2021)",
        "",
    ),
    "shapiro-2016": ("shapiro_2016", "Shapiro (2016)", ""),
    "bagwell-staiger-yurukoglu-2021": (
        "bagwell_staiger_yurukoglu_2021",
        "Bagwell, Staiger and Yurukoglu (2021)",
        "",
    ),
    "fontagne-2022": (
        "fontagne_2022_tiva",
        "Fontagné, Guimbard and Orefice (2022)",
        "",
    ),
    "caliendo-parro-on-icio": (
        "caliendo_parro_estimator_on_icio",
        "The Caliendo-Parro estimator on the industries of the OECD tables",
        "",
    ),
}
DEFAULT = "icio-estimates"
SCALE_SET = "lashkaripour-lugovskyy-2023"
SERVICES = (
    "Services: Ahmad and Schreiber. Utilities: Fontagné, Guimbard and Orefice (no other study has "
    "them)."
)
#: Caliendo and Parro's petroleum, ten times what the other studies find.
CP_PETROLEUM = 64.85


def _cell(text: str) -> float | None:
    return float(text) if text else None


def studies(sectors: tuple[str, ...]) -> dict[str, list[float | None]]:
    """Trade elasticities by study and sector; none where a study has no value."""
    table = {r["sector"]: r for r in rows("elasticities_32.csv")}
    out = {name: [_cell(table[s][name]) for s in sectors] for name in STUDIES}
    # A parcel service stands for the whole of transport in this column, two of three
    # activities for business services: services are left to the services study.
    for k, s in enumerate(sectors):
        if table[s]["ahmad_schreiber_services"]:
            out["fgo_icio2025"][k] = None
    if "petroleum" in sectors:
        out["caliendo_parro_2015"][sectors.index("petroleum")] = None
    return out


def elasticity_sets(sectors: tuple[str, ...], goods: tuple[str, ...]) -> dict[str, Any]:
    """Every named set, complete: θ and ψ of each sector."""
    table = {r["sector"]: r for r in rows("elasticities_32.csv")}
    known = studies(sectors)
    out: dict[str, Any] = {}
    for name, (column, title, note) in SETS.items():
        theta = np.zeros(len(sectors))
        psi = np.zeros(len(sectors))
        for k, s in enumerate(sectors):
            services = table[s]["ahmad_schreiber_services"]
            if s in goods:
                theta[k] = float(table[s][column])
                if name == SCALE_SET:
                    psi[k] = float(table[s]["ll2023_scale_mu"])
            else:
                theta[k] = float(services or table[s]["fgo_icio2025"])
        if name == "caliendo-parro-2015":
            k = sectors.index("petroleum")
            if theta[k] != CP_PETROLEUM:
                raise ValueError("the petroleum elasticity is not the outlier the rule is for")
            others = [row[k] for row in known.values()]
            theta, _ = cleaning.replace_elasticity(theta, k, [x for x in others if x is not None])
        out[name] = {
            "title": title,
            "note": f"{note} {SERVICES}".strip(),
            "has_scale_economies": bool(psi.any()),
            "trade_elasticity": [round(float(x), 6) for x in theta],
            "scale_elasticity": [round(float(x), 6) for x in psi],
        }
    return out
