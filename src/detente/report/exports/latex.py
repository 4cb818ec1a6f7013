"""How do the main outcomes of a run become a table for a paper?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def _escape(text: str) -> str:
    for mark in "&%$#_{}":
        text = text.replace(mark, f"\\{mark}")
    return text


def economies(headline: pd.DataFrame, manifest: Mapping[str, Any]) -> str:
    """Economies by real income (with its range), wages and prices; percent."""
    central = headline[headline["quantile"].isna() & (headline["sector"] == "")]
    metrics = [
        ("Real income", "welfare_pct"),
        ("Real wage", "real_wage_pct"),
        ("Consumer prices", "consumer_price_pct"),
    ]
    wide = {
        metric: central[central["metric"] == metric].set_index("economy")["value"]
        for _, metric in metrics
    }
    low, high = (
        headline[
            (headline["metric"] == "welfare_pct") & ((headline["quantile"] - q).abs() < 1e-9)
        ].set_index("economy")["value"]
        for q in (0.05, 0.95)
    )
    order = wide["welfare_pct"].sort_values(ascending=False).index
    compared = str(headline["compared_with"].iloc[0]) if len(headline) else ""
    lines = [
        f"% {manifest.get('case')}, package {manifest.get('package')}, detente "
        f"{manifest.get('detente')}, {manifest.get('scenario_hash')}",
        "\\begin{tabular}{lrcrr}",
        "\\toprule",
        "Economy & Real income & 90\\,\\% range & Real wage & Consumer prices \\\\",
        "\\midrule",
    ]
    for code in order:
        cells = [f"${wide[m].get(code, float('nan')):+.3f}$" for _, m in metrics]
        cells = ["" if "nan" in c else c for c in cells]
        spread = (
            f"$[{low[code]:+.3f},\\ {high[code]:+.3f}]$" if code in low and code in high else ""
        )
        lines.append(f"{_escape(str(code))} & {cells[0]} & {spread} & {cells[1]} & {cells[2]} \\\\")
    lines += [
        "\\bottomrule",
        "\\end{tabular}",
        f"% Percent changes. Compared with {compared}.",
        "",
    ]
    return "\n".join(lines)
