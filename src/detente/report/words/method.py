"""How was it reckoned, what should a reader not take it for, and how is it repeated?"""

from __future__ import annotations

from detente.report.words.choices import closure, labour
from detente.report.words.problems import problems
from detente.report.words.sources import reading_of_the_data
from detente.run.results import Results
from detente.wording import sentence


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
        ("Workers", sentence(labour(results))),
        ("External accounts", sentence(closure(results))),
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
    return out + reading_of_the_data(results)


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
    told = any(note.what == "employment" for note in results.notes)
    if results.employment_basis and results.employment and not told:
        out.append(f"Jobs by industry rest on {results.employment_basis}.")
    out += [sentence(str(note)) for note in results.notes]
    return out + problems(results)


def command(results: Results) -> str:
    """The command that repeats the run."""
    parts = [f"detente run {results.case}", f"--package {results.headline_id}"]
    if results.draws.asked:
        parts += [f"--draws {results.draws.asked}", f"--seed {results.draws.seed}"]
    else:
        parts.append("--no-ranges")
    return " ".join(parts)
