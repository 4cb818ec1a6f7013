"""Why, under which package, and how sure: which figures tell it?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from detente.report.charts import bars, dots, theme
from detente.report.charts.figure import Figure
from detente.report.words.captions import SIX, TWELVE, caption, sized
from detente.run.results import HIGH, LOW, Results, rows_of, value_of
from detente.wording import (
    join_names,
    percent,
)

if TYPE_CHECKING:
    import pandas as pd


def by_measure(results: Results, code: str) -> Figure | None:
    """Waterfall of one economy's change in real income by measure."""
    import pandas as pd

    rows = results.headline
    rows = rows[
        rows["metric"].str.startswith("attribution:")
        & (rows["economy"] == code)
        & rows["quantile"].isna()
        & (rows["sector"] == "")
    ]
    total = value_of(results.headline, "welfare_pct", economy=code)
    if rows.empty or total is None:
        return None
    order = rows.reindex(rows["value"].abs().sort_values(ascending=False).index)
    labels = [results.measure_title(m.removeprefix("attribution:")) for m in order["metric"]]
    values = [float(v) for v in order["value"]]
    if len(values) > TWELVE:
        rest = sum(values[TWELVE - 1 :])
        labels = [*labels[: TWELVE - 1], f"{len(values) - TWELVE + 1} smaller measures"]
        values = [*values[: TWELVE - 1], rest]
    gap = total - sum(values)
    if abs(gap) > max(1e-6, 0.02 * abs(total)):
        labels.append("not attributed")
        values.append(gap)
    data = pd.DataFrame(
        {
            "label": [*labels, "All together"],
            "value": [*values, total],
            "is_total": [False] * len(values) + [True],
        }
    )
    name = results.economy(code)
    return Figure(
        id=f"why-{code.lower()}",
        section="why",
        title=f"{name}: which measure does it",
        subtitle="Contribution of each measure to the change in real income, percent",
        caption=caption(
            results,
            "Shapley shares: each measure's effect averaged over the orders of adding it."
            + _sampled(results, code),
        ),
        alt=f"Waterfall for {name}: the largest contribution is {labels[0]} "
        f"({percent(values[0])}); all together {percent(total)}.",
        data=rows,
        specification=partial(
            sized, bars.waterfall, data, "percent of real income", theme.colour_of(code)
        ),
    )


def _sampled(results: Results, code: str) -> str:
    """How well sampled shares are known; nothing where every order was taken."""
    rows = results.headline
    rows = rows[
        rows["metric"].str.startswith("attribution_error:")
        & (rows["economy"] == code)
        & rows["quantile"].isna()
    ]
    if rows.empty:
        return ""
    largest = float(rows["value"].max())
    return f" Orders are sampled; the largest standard error is {largest:.1g} points."


def channels(results: Results, code: str) -> Figure | None:
    """Terms of trade, volume of trade and other channels: the split that leaves less over."""
    import pandas as pd

    total = value_of(results.headline, "welfare_pct", economy=code)
    splits = [s for s in (_symmetric(results, code), _first_order(results, code)) if s is not None]
    if total is None or not splits:
        return None
    chosen = min(splits, key=lambda s: abs(total - sum(s.channels.values())))
    rest = total - sum(chosen.channels.values())
    steps = {
        label: value for label, value in chosen.channels.items() if _is_seen(label, value, total)
    }
    rest += sum(v for label, v in chosen.channels.items() if label not in steps)
    steps[chosen.remainder] = rest
    data = pd.DataFrame(
        {
            "label": [*steps, "Real income"],
            "value": [*steps.values(), total],
            "is_total": [False] * len(steps) + [True],
        }
    )
    name = results.economy(code)
    told = ", ".join(f"{label.lower()} {percent(value)}" for label, value in steps.items())
    return Figure(
        id=f"channels-{code.lower()}",
        section="why",
        title=f"{name}: through which channel",
        subtitle=chosen.subtitle,
        caption=caption(results, chosen.note),
        alt=f"Waterfall for {name}: {told}, real income {percent(total)}.",
        data=rows_of(results.headline, [*chosen.metrics, "welfare_pct"], economy=code, sector=""),
        specification=partial(
            sized, bars.waterfall, data, "percent of real income", theme.colour_of(code)
        ),
    )


@dataclass(frozen=True)
class _Split:
    """A way to take real income apart: channels by label, and what is said beside them."""

    channels: dict[str, float]
    metrics: tuple[str, ...]
    remainder: str
    subtitle: str
    note: str


#: Channels of a split, by their name after the colon.
_CHANNELS = {
    "terms_of_trade": "Terms of trade",
    "volume_of_trade": "Volume of trade",
    "scale": "Scale of industries",
    "profits": "Profits",
    "labour": "Labour supply",
    "productivity": "Productivity",
    "resource_cost": "Cost of barriers",
    "transfer": "Transfers",
}
#: A channel smaller than this share of the whole is left to the remainder; trade's two stay.
_SEEN = 0.01


def _is_seen(label: str, value: float, total: float) -> bool:
    return label in ("Terms of trade", "Volume of trade") or abs(value) >= _SEEN * abs(total)


def _found(
    results: Results, code: str, names: dict[str, str]
) -> tuple[dict[str, float], tuple[str, ...]] | None:
    """Channels that the table holds, by label, and their metrics; None without trade's two."""
    values = {m: value_of(results.headline, m, economy=code) for m in names}
    known = {m: v for m, v in values.items() if v is not None}
    channels = {names[m]: v for m, v in known.items()}
    if not {"Terms of trade", "Volume of trade"} <= set(channels):
        return None
    return channels, tuple(known)


def _symmetric(results: Results, code: str) -> _Split | None:
    """Channels at the average of the weights before and after."""
    names = {f"symmetric_pct:{channel}": label for channel, label in _CHANNELS.items()}
    found = _found(results, code, names)
    if found is None:
        return None
    return _Split(
        *found,
        "Not split",
        "Split of the change in real income at the average of both states, percent",
        "Symmetric split: prices and quantities weighted with the average of before and after "
        "(Bennet 1920; Harberger 1971), shown because it leaves less over than the first-order "
        "split of Caliendo and Parro (2015), which is in the table.",
    )


def _first_order(results: Results, code: str) -> _Split | None:
    """Channels at baseline weights."""
    names = {
        {"terms_of_trade": "terms_of_trade_pct", "volume_of_trade": "volume_of_trade_pct"}.get(
            channel, f"first_order_pct:{channel}"
        ): label
        for channel, label in _CHANNELS.items()
    }
    found = _found(results, code, names)
    if found is None:
        return None
    return _Split(
        *found,
        "Beyond the first order",
        "First-order split of the change in real income, percent",
        "First-order split after Caliendo and Parro (2015), at baseline weights; the rest is "
        "what large changes add.",
    )


# ---- packages and measures alone -----------------------------------------------------------


def _against(rows: pd.DataFrame, results: Results) -> str:
    """What rows are compared with, in their own words."""
    said = [str(words) for words in rows["compared_with"].unique() if words]
    return said[0] if len(said) == 1 else results.compared_with


def scenarios(results: Results, which: str) -> Figure | None:
    """One row a package (or a measure alone), dots for the two principals."""
    table = results.packages if which == "packages" else results.alone
    who = list(results.principals)
    if table is None or table.empty or len(who) < 2:
        return None
    rows = rows_of(table, "welfare_pct", sector="")
    rows = rows[rows["economy"].isin(who)].dropna(subset=["value"])
    if rows["scenario"].nunique() < 2:
        return None
    data = rows.copy()
    title = results.package_title if which == "packages" else results.measure_title
    names = [results.economy(c) for c in who]
    data["key"], data["label"] = data["scenario"], [title(s) for s in data["scenario"]]
    data["who"] = data["economy"].map(dict(zip(who, names, strict=True)))
    lead = data[data["economy"] == who[0]].set_index("scenario")["value"]
    if which == "alone":
        size = data.assign(size=data["value"].abs()).groupby("scenario")["size"].max()
        keep = size.sort_values(ascending=False).head(2 * TWELVE).index
        data = data[data["scenario"].isin(keep)]
    if which == "alone":
        data["order"] = data["scenario"].map(lead)
        data = data.sort_values("order", ascending=False, kind="stable")
    top = data.iloc[data["value"].abs().argmax()]
    is_packages = which == "packages"
    count, every = data["scenario"].nunique(), rows["scenario"].nunique()
    differing = {p.compared_with for p in results.package_facts if p.compared_with}
    # A measure by itself is set against the world, whatever the headline is compared with.
    against = results if is_packages else replace(results, compared_with=_against(rows, results))
    more = (
        ["A package with another comparison says so in the table."]
        if is_packages and len(differing) > 1
        else []
    )
    return Figure(
        id=which,
        section=which,
        title="Real income under each package" if is_packages else "Each measure alone",
        subtitle="Change in real income, percent; one row a "
        + (
            "package, in the order of the case"
            if is_packages
            else "measure, taken by itself"
            + (f"; the {count} largest effects of {every}" if count < every else "")
        ),
        caption=caption(against, *more),
        alt=f"Dots for {join_names(names)} under {count} "
        + ("packages" if is_packages else "measures, each alone")
        + f". The largest effect: {top['label']}, {top['who']} {percent(top['value'])}.",
        data=rows,
        specification=partial(
            sized,
            dots.paired_dots,
            data[["key", "label", "who", "value"]],
            "percent of real income",
            names,
            theme.pair_of_colours(*who),
        ),
        is_wide=True,
    )


# ---- how sure ------------------------------------------------------------------------------


def strongest_parameters(results: Results, code: str) -> Figure | None:
    """The six parameters that move one economy's real income most."""
    table = results.drivers
    centre = value_of(results.headline, "welfare_pct", economy=code)
    if table is None or table.empty or centre is None:
        return None
    low = rows_of(table, "welfare_pct", LOW, economy=code).set_index("scenario")["value"]
    high = rows_of(table, "welfare_pct", HIGH, economy=code).set_index("scenario")["value"]
    import pandas as pd

    data = pd.DataFrame({"low": low, "high": high}).dropna()
    if data.empty:
        return None
    data["span"] = (data["high"] - data["low"]).abs()
    data = data.sort_values("span", ascending=False).head(SIX).reset_index(names="label")
    top = data.iloc[0]
    name = results.economy(code)
    return Figure(
        id=f"drivers-{code.lower()}",
        section="sure",
        title=f"{name}: what the answer hangs on",
        subtitle="Change in real income, percent, with one parameter at a time at its low and "
        "high value; the six strongest",
        caption=caption(results, "Low and high: the 5th and 95th percentile of the parameter."),
        alt=f"Tornado for {name} around {percent(centre)}. Strongest: {top['label']}, from "
        f"{percent(top['low'])} to {percent(top['high'])}.",
        data=table[(table["metric"] == "welfare_pct") & (table["economy"] == code)],
        specification=partial(sized, bars.tornado, data, "percent of real income", centre),
    )
