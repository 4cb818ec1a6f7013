"""What do the descriptors of the shipped worlds say of their sources and choices?"""

from __future__ import annotations

from elasticity_tables import DEFAULT

CREDIT_OECD = (
    "OECD (2025), Inter-Country Input-Output Tables. This is an adaptation of an original work by "
    "the OECD. The opinions expressed and arguments employed in this adaptation should not be "
    "reported as representing the official views of the OECD or of its Member countries."
)
SOURCES: list[dict[str, str]] = [
    {
        "title": "Inter-Country Input-Output Tables",
        "publisher": "OECD",
        "edition": "2025, reference year 2022, USD million at basic prices",
        "used_for": "sales, inputs, final demand, value added; published value added of 13 "
        "economies; industry labels",
        "licence": "OECD terms and conditions: reuse with the credit line",
        "credit": CREDIT_OECD,
    },
    {
        "title": "Global Tariff Database (Teti 2024)",
        "publisher": "Feodora Teti",
        "edition": "2024; year 2022, which repeats 2021; 16 product groups; MFN and preferential "
        "rates weighted with trade of 2022, without trade-war duties",
        "used_for": "tariffs of all pairs of economies",
        "licence": "as published by the author; cite",
        "credit": "Teti, F. (2024), Missing Tariffs, Global Tariff Database.",
    },
    {
        "title": "US imports for consumption and calculated duties",
        "publisher": "US Census Bureau",
        "edition": "full year 2024, 51 partners by 21 sectors",
        "used_for": "tariffs of the United States; coverage of product groups",
        "licence": "public domain (work of the US government)",
        "credit": "US Census Bureau, USA Trade.",
    },
    {
        "title": "China's tariffs on US exports, 2018-2020",
        "publisher": "Bown, Jung and Zhang, Peterson Institute for International Economics",
        "edition": "12 dates to 26 December 2019, weighted with China's imports of 2017",
        "used_for": "tariffs of China on the United States",
        "licence": "as published by the authors; cite",
        "credit": "Bown, C. P., E. Jung and E. Zhang, PIIE.",
    },
    {
        "title": "US Section 301 lists and most-favoured-nation rates, 2018-2020",
        "publisher": "Federal Register",
        "edition": "7 dates, weighted with US imports from China of 2024",
        "used_for": "dated series of US tariffs on China",
        "licence": "public domain (works of the US government)",
        "credit": "US Federal Register.",
    },
    {
        "title": "US tariff tracker, 2025-2026",
        "publisher": "Michael E. Waugh",
        "edition": "states of 2025-02-04 to 2026-08-19",
        "used_for": "dated series of additions to US tariffs",
        "licence": "MIT",
        "credit": "Waugh, M. E., US tariff tracker.",
    },
    {
        "title": "Applied tariffs of 2017, seven economies by 22 sectors",
        "publisher": "Zi Wang, Hong Kong Baptist University (course data)",
        "edition": "2017, simple averages",
        "used_for": "caps of food tariffs only",
        "licence": "as published by the author; cite",
        "credit": "Wang, Z., course data on tariffs.",
    },
    {
        "title": "Greenhouse gas emissions of production by industry",
        "publisher": "OECD",
        "edition": "2022, all gases, Mt CO2-equivalent, 20 source areas by 50 industries",
        "used_for": "emissions",
        "licence": "OECD terms and conditions: reuse with credit",
        "credit": "OECD, greenhouse gas emissions by industry.",
    },
    {
        "title": "ILO modelled estimates of employment",
        "publisher": "International Labour Organization (ILOSTAT)",
        "edition": "November 2024, year 2022",
        "used_for": "employment totals of economies",
        "licence": "free reuse with citation",
        "credit": "ILO modelled estimates, ILOSTAT, November 2024.",
    },
]
DEFAULTS = {
    "elasticities": DEFAULT,
    "scale": "none: the default set has ψ = 0; lashkaripour-lugovskyy-2023 has scale economies",
    "closure": "fixed-transfer",
    "labour": "mobile",
    "market_structure": "competitive",
    "argument": "docs/data.md, section Defaults",
}
BASES = {
    "valuation": "sales at basic prices (factory gate): trade and transport margins are sales of "
    "services, so goods flows are below customs values, and revenue of a tariff here is "
    "its rate times the basic-price value",
    "inputs": "at purchaser prices: intermediate flows plus the tariffs in force on their actual "
    "sources. Value added is output less inputs so valued; it contains net taxes on "
    "inputs other than tariffs",
    "sourcing": "one sourcing pattern a good for all uses: intermediate and final flows together",
    "employment_basis": "economy totals of the ILO, split over sectors by value added; the ILO "
    "has no figure for Ukraine in 2022",
    "emissions_basis": "exact for AUS CAN CHN GBR IDN IND JPN KOR RUS TUR USA; elsewhere the "
    "intensity of the source area (EU27, Middle East, Africa, Latin America, rest) times output",
    "value_added_net_of_taxes_basis": "published for USA CHN GBR JPN IND CAN IDN RUS AUS TUR KOR "
    "(and the EU27 as one); missing elsewhere",
    "tariff_basis": "in force in 2022; anti-dumping and countervailing duties only where the "
    "source counts duties paid (United States); retaliation against US steel duties, "
    "sanctions and Russia's measures of 2022 are not included",
    "not_changed": "no flow, input or final demand was negative and every economy has a home "
    "source of every good: the input-output table itself needed no repair",
}


def _sources_of_2017() -> list[dict[str, str]]:
    """The sources of `icio-2017`, with the editions and uses that it has."""
    by_title = {source["title"]: source for source in SOURCES}
    used: list[tuple[str, dict[str, str]]] = [
        (
            "Inter-Country Input-Output Tables",
            {
                "edition": "2025; bilateral flows of 2017 and input coefficients of 2022, USD "
                "million at basic prices",
                "used_for": "sales (2017), input coefficients (2022)",
            },
        ),
        (
            "Global Tariff Database (Teti 2024)",
            {
                "edition": "2024; year 2017; 16 product groups; MFN and preferential rates "
                "weighted with trade of 2022",
                "used_for": "tariffs of all pairs but the United States and China on each other",
            },
        ),
        (
            "US Section 301 lists and most-favoured-nation rates, 2018-2020",
            {
                "edition": "1 January 2018, weighted with US imports from China of 2024",
                "used_for": "tariffs of the United States on China",
            },
        ),
        (
            "China's tariffs on US exports, 2018-2020",
            {
                "edition": "1 January 2018, weighted with China's imports of 2017",
                "used_for": "tariffs of China on the United States",
            },
        ),
        ("Applied tariffs of 2017, seven economies by 22 sectors", {}),
    ]
    return [by_title[title] | changes for title, changes in used]


SOURCES_2017 = _sources_of_2017()
BASES_2017 = {
    "years_basis": "trade, own sales, output, final demand and transfers are of 2017, tariffs of "
    "2017 (United States and China on each other: 1 January 2018), input coefficients of 2022, "
    "because the OECD's full table is for that year only",
    "valuation": BASES["valuation"],
    "inputs": "coefficients of 2022 at purchaser prices of 2017: the flows of 2022 per unit of "
    "output, times one plus the average tariff that an economy paid on the good in 2017. Value "
    "added is output less inputs so valued; it contains net taxes on inputs other than tariffs",
    "sourcing": BASES["sourcing"],
    "services_basis": "one sector of eleven: bilateral trade by year has no finer services. "
    "Trade elasticities of services are means weighted with world output of 2022",
    "employment_basis": "none: the sources count employment for 2022 only",
    "emissions_basis": "none: the sources count emissions for 2022 only",
    "tariff_basis": "in force in 2017, before any duty of the trade war: most-favoured-nation "
    "and preferential rates; between the United States and China the rates of 1 January 2018 "
    "from the dated tables on which the war's steps rest. Anti-dumping and countervailing duties "
    "are not included",
    "not_changed": "no flow was negative and every economy has a home source of every good",
}
