"""Which few numbers stand above the figures?"""

from __future__ import annotations

from dataclasses import dataclass

from detente.report.words.answer import together
from detente.report.words.captions import nominal
from detente.run.results import HIGH, LOW, THIRD, Results, rows_of, unit_of, value_of
from detente.wording import interval, money, money_interval, number, percent


@dataclass(frozen=True)
class Tile:
    """One number above the figures."""

    label: str
    value: str
    notes: tuple[str, ...] = ()


def tiles(results: Results) -> list[Tile]:
    """A handful of numbers: income and prices of the principals, revenue, everyone else."""
    table = results.headline
    out = []
    for code in results.principals:
        value = value_of(table, "welfare_pct", economy=code)
        if value is None:
            continue
        notes = [_range(results, "welfare_pct", code), _per_worker(results, code)]
        out.append(
            Tile(
                f"{results.economy(code)}: real income",
                percent(value),
                tuple(note for note in notes if note),
            )
        )
    for code in results.principals[:1]:
        value = value_of(table, "consumer_price_pct", economy=code)
        if value is not None:
            out.append(
                Tile(
                    f"{results.economy(code)}: consumer prices",
                    percent(value),
                    tuple(
                        filter(
                            None,
                            [_range(results, "consumer_price_pct", code), nominal(results)],
                        )
                    ),
                )
            )
        value = value_of(table, "revenue_change", economy=code)
        if value is not None:
            unit = unit_of(table, "revenue_change", results.model.currency)
            low, high = (value_of(table, "revenue_change", q, economy=code) for q in (LOW, HIGH))
            spread = money_interval(low, high, unit)
            year = f"a year, {results.model.year} dollars" if results.model.year else "a year"
            out.append(
                Tile(
                    f"{results.economy(code)}: public revenue",
                    money(value, unit),
                    tuple(filter(None, [spread, year])),
                )
            )
    rows = rows_of(table, "equivalent_variation", sector="")
    others = rows[~rows["economy"].isin(results.involved)]["value"].dropna()
    if len(others):
        unit = unit_of(table, "equivalent_variation", results.model.currency)
        gain, lose = int((others > 0).sum()), int((others < 0).sum())
        out.append(
            Tile(
                "Third countries together",
                money(float(others.sum()), unit),
                tuple(
                    filter(
                        None,
                        [
                            money_interval(*together(results, THIRD), unit),
                            "a year",
                            f"{gain} gain, {lose} lose",
                        ],
                    )
                ),
            )
        )
    return out


def _range(results: Results, metric: str, code: str) -> str:
    low, high = (value_of(results.headline, metric, q, economy=code) for q in (LOW, HIGH))
    text = interval(low, high)
    return f"90\u00a0% range {text}" if text else ""


def _per_worker(results: Results, code: str) -> str:
    """Money per employed person, where employment and the currency allow it."""
    amount = value_of(results.headline, "equivalent_variation", economy=code)
    heads = results.employment.get(code)
    if amount is None or not heads or results.model.currency != "USD million":
        return ""
    each = amount * 1e3 / heads
    if abs(each) < 0.5:
        return ""
    return f"{'−' if each < 0 else '+'}${number(abs(each), 0)} per employed person"
