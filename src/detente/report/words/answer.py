"""What is the answer, in a sentence?

Honest by rule: a scenario, never a forecast; no direction is claimed where the range holds
zero or the effect is too small to print; third countries are summed in money, not counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.report.words.choices import closure, labour
from detente.run.results import HIGH, LOW, THIRD, Results, rows_of, unit_of, value_of
from detente.wording import (
    SMALL_PCT,
    in_sentence,
    interval,
    join_names,
    money,
    money_interval,
    percent,
    upper_first,
)

#: Part of a range's width by which a value may miss it and still look inside.
VISIBLE = 0.05


@dataclass(frozen=True)
class Effect:
    """One economy's change in real income, with its range where one was drawn."""

    economy: str
    name: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def direction(self) -> int:
        """+1 gains, −1 loses, 0 when the effect is small or its range holds zero."""
        if abs(self.value) < SMALL_PCT:
            return 0
        if self.low is not None and self.high is not None and self.low < 0 < self.high:
            return 0
        return 1 if self.value > 0 else -1

    @property
    def is_outside(self) -> bool:
        """Whether the central value lies outside its own range, by more than can be seen."""
        if self.low is None or self.high is None:
            return False
        slack = VISIBLE * (self.high - self.low)
        return not self.low - slack <= self.value <= self.high + slack


def effect(results: Results, economy: str) -> Effect | None:
    """The change in one economy's real income."""
    value = value_of(results.headline, "welfare_pct", economy=economy)
    if value is None:
        return None
    return Effect(
        economy,
        in_sentence(results.economy_names.get(economy, economy)),
        value,
        value_of(results.headline, "welfare_pct", LOW, economy=economy),
        value_of(results.headline, "welfare_pct", HIGH, economy=economy),
    )


def verdict(first: Effect, second: Effect) -> str:
    """Who of the two gains and who loses, in a clause.

    >>> usa = Effect("USA", "the United States", -0.04, -0.06, -0.02)
    >>> china = Effect("CHN", "China", -0.11, -0.2, -0.05)
    >>> verdict(usa, china)
    'both the United States and China lose, China more'
    """
    a, b = first.direction, second.direction
    if a == b == 0:
        return f"neither {first.name} nor {second.name} clearly gains or loses"
    if a == b:
        verb = "gain" if a > 0 else "lose"
        larger = max((first, second), key=lambda e: abs(e.value))
        smaller = first if larger is second else second
        tail = f", {larger.name} more" if abs(larger.value) > 1.1 * abs(smaller.value) else ""
        return f"both {first.name} and {second.name} {verb}{tail}"
    if 0 in (a, b):
        sure, unsure = (first, second) if b == 0 else (second, first)
        verb = "gains" if sure.direction > 0 else "loses"
        return f"{sure.name} {verb}; for {unsure.name} the sign is not settled"
    gains, loses = (first, second) if a > 0 else (second, first)
    return f"{gains.name} gains, {loses.name} loses"


def together(results: Results, who: str) -> tuple[float | None, float | None]:
    """The range of several economies' money together; a pair of None where none was drawn."""
    metric = f"equivalent_variation_of:{who}"
    return value_of(results.headline, metric, LOW), value_of(results.headline, metric, HIGH)


def third_countries(results: Results) -> tuple[str, float | None]:
    """What happens to everyone else, in a clause, and their sum in money."""
    rows = rows_of(results.headline, "equivalent_variation", sector="")
    others = rows[~rows["economy"].isin(results.involved)]["value"].dropna()
    everyone = rows["value"].abs().sum()
    if others.empty or everyone == 0:
        return "", None
    total = float(others.sum())
    percents = rows_of(results.headline, "welfare_pct", sector="")
    felt = percents[~percents["economy"].isin(results.involved)]["value"].abs() >= SMALL_PCT
    if not bool(felt.any()) or abs(total) < 0.02 * everyone:
        return "third countries together hardly notice", total
    low, high = together(results, THIRD)
    if low is not None and high is not None and low < 0 < high:
        return "for third countries together the sign is not settled", total
    return "third countries together " + ("gain" if total > 0 else "lose"), total


def moves(one: Effect) -> str:
    """Rises or falls by how much, with the range.

    >>> moves(Effect("CHN", "China", -0.112, -0.2, -0.05))
    'falls 0.11\\xa0% (90\\xa0% range −0.20 to −0.05)'
    >>> moves(Effect("CHN", "China", 0.0001))
    'hardly changes (under 0.001\\xa0%)'
    """
    if abs(one.value) < SMALL_PCT:
        return "hardly changes (under 0.001\u00a0%)"
    verb = "rises" if one.value > 0 else "falls"
    text = f"{verb} {percent(abs(one.value), sign=False)}"
    if one.low is not None and one.high is not None:
        outside = "; the central value lies outside it" if one.is_outside else ""
        text += f" (90\u00a0% range {interval(one.low, one.high)}{outside})"
    return text


@dataclass(frozen=True)
class Answer:
    """The answer: a bold clause, and the sentences after it."""

    lead: str
    body: str

    @property
    def text(self) -> str:
        """Both in one."""
        return f"{self.lead} {self.body}"


def answer(results: Results) -> Answer:
    """The run's answer in a bold clause and a few sentences."""
    effects = [e for e in (effect(results, code) for code in results.principals) if e]
    clause, total = third_countries(results)
    if len(effects) == 2:
        lead = verdict(*effects)
    elif effects:
        one = effects[0]
        lead = {1: f"{one.name} gains", -1: f"{one.name} loses", 0: f"{one.name}: no clear change"}[
            one.direction
        ]
    else:
        lead = "nothing to report"
    if clause:
        lead += f"; {clause}" if ";" not in lead else f". {upper_first(clause)}"
    said = [f"{moves(e)} in {e.name}" for e in effects]
    if len(said) == 2:
        verbs = [text.split(" ")[0] for text in said]
        if verbs[0] == verbs[1] and verbs[0] in ("rises", "falls"):
            said[1] = said[1].removeprefix(verbs[1] + " ")
    sentences = []
    if said:
        sentences.append(
            f"Compared with {results.compared_with}, real income " + " and ".join(said) + "."
        )
    sentences += [s for s in (_money(results, total), _outliers(results)) if s]
    model = results.model
    term = labour(results).partition(":")[0]
    sentences.append(
        f"This is a scenario, not a forecast: {term}, {closure(results)}"
        + (f", the economy of {model.year}." if model.year else ".")
    )
    return Answer(upper_first(lead) + ".", " ".join(sentences))


def _money(results: Results, third: float | None) -> str:
    """The same in money."""
    unit = unit_of(results.headline, "equivalent_variation", results.model.currency)
    parts = []
    for code in results.principals:
        amount = value_of(results.headline, "equivalent_variation", economy=code)
        if amount is not None:
            name = in_sentence(results.economy_names.get(code, code))
            low, high = (
                value_of(results.headline, "equivalent_variation", q, economy=code)
                for q in (LOW, HIGH)
            )
            parts.append(f"{_amount(amount, low, high, unit)} for {name}")
    if third is not None:
        parts.append(f"{_amount(third, *together(results, THIRD), unit)} for everyone else")
    if not parts:
        return ""
    rows = rows_of(results.headline, "equivalent_variation", sector="")
    for group in results.acting_groups:
        total = float(rows[rows["economy"].isin(results.groups[group])]["value"].sum())
        said = _amount(total, *together(results, group), unit)
        parts.insert(1, f"{said} for the {group} as a whole")
    return f"In money that is {join_names(parts)}, a year."


def _amount(value: float, low: float | None, high: float | None, unit: str) -> str:
    """An amount with its range in brackets, where there is one."""
    spread = money_interval(low, high, unit)
    return money(value, unit) + (f" ({spread})" if spread else "")


def _outliers(results: Results) -> str:
    """The third country that gains most and the one that loses most, where sure of the sign."""
    rows = rows_of(results.headline, "welfare_pct", sector="")
    codes = [c for c in rows["economy"] if c not in results.involved]
    found = [e for e in (effect(results, c) for c in codes) if e and e.direction]
    gains = [e for e in found if e.direction > 0]
    losses = [e for e in found if e.direction < 0]
    parts = []
    if gains:
        best = max(gains, key=lambda e: e.value)
        parts.append(f"{best.name} gains most ({percent(best.value)})")
    if losses:
        worst = min(losses, key=lambda e: e.value)
        parts.append(f"{worst.name} loses most ({percent(worst.value)})")
    return "Among third countries " + " and ".join(parts) + "." if parts else ""
