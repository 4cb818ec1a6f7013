"""How are model choices told: closure, labour market, elasticities?"""

from __future__ import annotations

from detente.run.results import AS_REPORTED, Results

CLOSURES = {
    "balanced": "trade of every economy balanced",
    "fixed-transfer": "transfers between economies fixed as shares of world value added",
    "proportional": "external balances in proportion to income",
    "given": "external balances set by the measures",
    "trade-balance": "trade balances as in the data",
}
LABOUR = {
    "mobile": "long run: workers move freely between industries",
    "specific": "short run: workers stay in their industry",
    "roy": "medium run: workers move where they are good at it",
}
#: Rows of the table of other model choices that say less, or more, than the words above.
_CHOICES = {
    AS_REPORTED: "as in this report",
    "closure=fixed-transfer": "transfers between economies fixed",
    "labour=specific": "workers stay in their industry (short run)",
}


def closure(results: Results) -> str:
    """How external accounts are closed."""
    return CLOSURES.get(results.model.closure, results.model.closure)


def labour(results: Results) -> str:
    """How labour moves, and so which run this is."""
    return LABOUR.get(results.model.labour, results.model.labour)


def choice(results: Results, name: str) -> str:
    """One row of the table of other model choices."""
    kind, _, value = name.partition("=")
    if kind == "elasticities":
        return f"elasticities: {results.elasticity_titles.get(value, value)}"
    return _CHOICES.get(name) or CLOSURES.get(value, name)
