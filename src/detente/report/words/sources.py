"""Where do a world's data come from, how are they to be read, and what was repaired in them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from detente.run.results import Results
from detente.wording import sentence

#: How a world's data are to be read: heading, and where its descriptor says it.
BASES = (
    ("Years", "years_basis"),
    ("Valuation", "valuation"),
    ("Sourcing", "sourcing"),
    ("Tariffs in force", "tariff_basis"),
    ("Employment", "employment_basis"),
    ("Emissions", "emissions_basis"),
)

#: Under the step lines of tariffs.
TARIFF_PATH = (
    "United States on China: statutory rates of 2018-2020 and, from the end of 2024, duties "
    "applied plus those added, which are not comparable to the last point; none is known to the "
    "shipped table in between. China on the United States: after Bown, Jung and Zhang (PIIE), to "
    "the end of 2019. Both weighted with imports; not part of the calculation."
)


def credits(sources: Iterable[Mapping[str, Any]]) -> list[str]:
    """Credit lines of the sources of a world, each once, in their order.

    >>> credits([{"publisher": "OECD", "title": "ICIO", "edition": "2025"}, {"credit": "Mine."}])
    ['OECD, ICIO, 2025.', 'Mine.']
    """
    lines = []
    for source in sources:
        text = str(source.get("credit") or "")
        if not text:
            known = (source.get(k) for k in ("publisher", "title", "edition"))
            text = ", ".join(str(part) for part in known if part) + "."
        if text not in lines:
            lines.append(text)
    return lines


def repair_lines(repairs: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every repair with its size, a line each."""
    return [
        f"{r['rule']}: {r['what']} Size: {float(r['size']):,.4g} {r['unit']}, {r['cells']} cells."
        for r in repairs
    ]


def reading_of_the_data(results: Results) -> list[tuple[str, str]]:
    """Valuation, tariffs, employment, emissions: how the world's data are to be read."""
    return [(head, sentence(results.bases[key])) for head, key in BASES if results.bases.get(key)]
