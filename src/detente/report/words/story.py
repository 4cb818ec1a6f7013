"""What do the report's words say besides the answer: tiles, method, certainty, limits?"""

from __future__ import annotations

from dataclasses import dataclass

from detente.report.words.answer import effect, together
from detente.report.words.captions import CLOSURES, LABOUR
from detente.run.results import HIGH, LOW, THIRD, Results, rows_of, unit_of, value_of
from detente.wording import (
    interval,
    join_names,
    money,
    money_interval,
    percent,
)


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


def nominal(results: Results) -> str:
    """What prices and money values are measured in: a reader would take them for inflation."""
    return f"in units of {results.model.numeraire or 'world value added'}, not inflation"


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
    return f"{'−' if each < 0 else '+'}${abs(each):,.0f} per employed person".replace(",", "\u2009")


def _outside(results: Results) -> list[str]:
    """A sentence where the central value of some economy lies outside its own range."""
    rows = rows_of(results.headline, "welfare_pct", sector="").dropna(subset=["value"])
    found = [effect(results, code) for code in rows["economy"]]
    names = [one.name for one in found if one is not None and one.is_outside]
    if not names:
        return []
    return [
        f"For {join_names(names)} the central value lies outside the range: the elasticities in "
        "use are the highest or lowest on record in industries that matter here, so most draws "
        "lie on one side of them. Read the range, not the central value."
    ]


def how_sure(results: Results) -> list[str]:
    """Sentences on ranges, failed draws, and what the ranges leave out."""
    draws = results.draws
    out = []
    if not results.has_ranges or draws.finished == 0:
        out.append("No ranges were drawn in this run, so every number stands without one.")
    else:
        out.append(
            f"The ranges hold 90 % of {draws.finished} draws of "
            f"{' and '.join(p.replace('_', ' ') for p in draws.parameters) or 'the parameters'}"
            f" (seed {draws.seed}). They speak of these parameters only: not of the model, the "
            "data, or what governments may do next. The central value is the one at the "
            "elasticities in use and need not lie in the middle."
        )
        out += _outside(results)
    if draws.failed:
        out.append(
            f"{draws.failed} of {draws.asked} draws found no equilibrium within tolerance. They "
            "are counted here and left out of the ranges, not drawn again."
        )
    elif draws.finished:
        out.append("No draw failed.")
    if draws.interrupted:
        out.append(
            f"The run was stopped after {draws.finished} of {draws.asked} draws; those are kept."
        )
    out += list(draws.sources)
    return out


def method(results: Results) -> list[tuple[str, str]]:
    """The model in a handful of headed sentences."""
    model = results.model
    size = f"{model.economies} economies and {model.sectors} industries"
    out = [
        (
            "The model",
            f"A general equilibrium of trade with {size}, linked by inputs: every industry buys "
            "from every other, at home and abroad. It is solved in changes from observed data "
            "(Dekle, Eaton and Kortum 2008; Caliendo and Parro 2015), so only the changes, the "
            "elasticities and the shares in the data enter.",
        ),
        (
            "Market structure and scale",
            (
                "Competitive markets"
                if model.market_structure == "competitive"
                else "A fixed number of firms in each industry, each with its own variety"
            )
            + (
                ", with industries that get more productive as they grow (external economies of "
                "scale)."
                if model.scale
                else ", without economies of scale."
            ),
        ),
        ("Workers", sentence(LABOUR.get(model.labour, model.labour))),
        ("External accounts", sentence(CLOSURES.get(model.closure, model.closure))),
        ("Elasticities", sentence(model.elasticity_set or "as given with the world")),
        (
            "Real income",
            "The change in what an economy can buy: its spending over the price of what it buys, "
            "exact for changes of any size; a plus is a gain. Money amounts are the equivalent "
            "variation. The split into terms of trade and volume of trade is a first-order "
            "approximation at baseline weights, a different notion that can differ even in sign.",
        ),
        (
            "Numeraire",
            sentence((model.numeraire or "world value added") + "; real results do not hang on it"),
        ),
    ]
    return out + list(model.details)


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else text + "."


def limits(results: Results) -> list[str]:
    """What a reader should not take the numbers for, in plain words."""
    year = results.model.year
    out = [
        "A scenario, not a forecast: it says what these measures alone would change, with "
        "everything else as in the base year" + (f" {year}." if year else "."),
        "It compares two states of rest. The way from one to the other, with its layoffs, "
        "stocks and investment, is left out.",
        "Each economy is one household. Who wins and loses inside it shows only through wages, "
        "industries and jobs.",
        "Firms do not move or hide where goods come from; a good that is not traded at all in "
        "the base year stays untraded.",
    ]
    told = any(note.startswith("Employment:") for note in results.notes)
    if results.employment_basis and results.employment and not told:
        out.append(f"Jobs by industry rest on {results.employment_basis}.")
    out += [sentence(note) for note in results.notes]
    out += [sentence(problem) for problem in results.problems]
    return out


def command(results: Results) -> str:
    """The command that repeats the run."""
    parts = [f"detente run {results.case}", f"--package {results.headline_id}"]
    if results.draws.asked:
        parts += [f"--draws {results.draws.asked}", f"--seed {results.draws.seed}"]
    else:
        parts.append("--no-ranges")
    return " ".join(parts)
