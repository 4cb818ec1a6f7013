"""What does a world's descriptor say about it, in words?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import detente.data
import detente.world


def descriptor_of(world: str) -> dict[str, Any]:
    """The descriptor alone: no array is read."""
    return detente.world.shipped_descriptor(world)


def credits(descriptor: Mapping[str, Any]) -> list[str]:
    """Credit lines of a world, each once, in the order of its sources."""
    lines = []
    for source in descriptor.get("sources", ()):
        text = str(source.get("credit") or "")
        if not text:
            known = (source.get(k) for k in ("publisher", "title", "edition"))
            text = ", ".join(str(part) for part in known if part) + "."
        if text not in lines:
            lines.append(text)
    return lines


def credits_of(world: str) -> list[str]:
    """Credit lines of a shipped world or a world file."""
    return credits(descriptor_of(world))


def repair_lines(descriptor: Mapping[str, Any]) -> list[str]:
    """Every repair with its size, a line each."""
    return [
        f"{r['rule']}: {r['what']} Size: {float(r['size']):,.4g} {r['unit']}, {r['cells']} cells."
        for r in descriptor.get("repairs", ())
    ]


def method_lines(descriptor: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """How the world's data are to be read: valuation, tariffs, employment, emissions."""
    wanted = (
        ("Years", "years_basis"),
        ("Valuation", "valuation"),
        ("Sourcing", "sourcing"),
        ("Tariffs in force", "tariff_basis"),
        ("Employment", "employment_basis"),
        ("Emissions", "emissions_basis"),
    )
    out = []
    for head, key in wanted:
        text = str(descriptor.get(key) or "").strip()
        if text:
            text = text[:1].upper() + text[1:]
            out.append((head, text if text.endswith(".") else text + "."))
    return tuple(out)


#: Under the step lines of tariffs.
TARIFF_PATH_NOTE = (
    "United States on China: statutory rates of 2018-2020 and, from the end of 2024, duties "
    "applied plus those added, which are not comparable to the last point; none is known to the "
    "shipped table in between. China on the United States: after Bown, Jung and Zhang (PIIE), to "
    "the end of 2019. Both weighted with imports; not part of the calculation."
)


def tariff_rows() -> list[dict[str, object]]:
    """Average tariffs between the United States and China by date, as long rows."""
    rows: list[dict[str, object]] = []
    for importer, exporter in (("USA", "CHN"), ("CHN", "USA")):
        for record in detente.data.us_china_tariffs(importer):
            rows.append(
                {
                    "scenario": "history",
                    "metric": "average_tariff",
                    "importer": importer,
                    "exporter": exporter,
                    "date": record.date.isoformat(),
                    "value": 100 * record.rate,
                    "unit": "%",
                    "compared_with": record.basis,
                }
            )
    return rows
