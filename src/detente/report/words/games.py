"""How is a game told: replies, war, and the deal that gives both the same?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.games.game import REGRET_TOLERANCE
from detente.games.play import Deals, War
from detente.run.results import Results
from detente.wording import THIN, in_sentence, join_names, number, percent

#: Percent; a smaller loss is what is left of the search, not a loss.
LEAST_LOSS = 1e-6


def game_words(results: Results) -> list[str]:
    """The game in sentences."""
    out = []
    war, deals = results.war, results.deals
    if war is not None:
        for reply in war.replies:
            name = in_sentence(results.economy(reply.player.name))
            text = (
                f"Alone, {name} would set a median rate of {100 * reply.median_rate:.0f} % "
                f"and gain {percent(reply.gain_pct)}"
            )
            if reply.bounds_hit:
                text += f"; {len(reply.bounds_hit)} of its rates sit on a bound"
            if reply.unidentified:
                text += f"; {len(reply.unidentified)} rates are on flows that do not exist"
            out.append(text + ".")
        if war.end is not None:
            ends = join_names(
                [
                    f"{in_sentence(results.economy(n))} {percent(100 * (v - 1))}"
                    for n, v in zip(war.end.names, war.end.value, strict=True)
                ]
            )
            out.append(
                f"Where nobody gains by departing alone: {ends}. No deviation found would add as "
                f"much as {number(100 * REGRET_TOLERANCE, 4)}{THIN}%."
            )
    if deals is not None:
        fair = deals.agreements.get("equal-gain")
        if fair is not None:
            out.append(
                f"A deal that gives both the same would add {percent(fair.gain_pct[0])} over the "
                f"threat point ({deals.threat.name})."
            )
        out += list(deals.problems)
    return out


def war_footing(found: War) -> list[str]:
    """Real income of everybody in the war, and how exactly it was solved."""
    end = found.end
    if end is None:
        return []
    incomes = (f"{name} {number(value, 3, sign=True)}" for name, value in end.welfare_pct.items())
    return [
        f"Real income, percent of the base year: {'; '.join(incomes)}.",
        f"Certified: largest residual {end.equilibrium.certificate.residual:.0e}; first-order "
        f"conditions to {end.first_order:.0e}.",
    ]


def deals_footing(found: Deals) -> list[str]:
    """Whom a rule leaves worse off, how far patience reaches, and what was not found."""
    gains = {rule: deal.gain_pct for rule, deal in found.agreements.items()}
    out = below_threat(found.names, gains)
    if found.most_cooperative is not None:
        out.append(
            f"At a discount factor of {found.discount:g} the farthest enforceable package goes "
            f"{100 * found.most_cooperative.share:.0f}{THIN}% of the way from the war to the "
            "equal-gain agreement."
        )
    return [*out, *found.problems]


def below_threat(names: Sequence[str], gains: Mapping[str, Sequence[float]]) -> list[str]:
    """A remark on every sharing rule that leaves somebody worse off than without a deal.

    Examples
    --------
    >>> below_threat(("A", "B"), {"utilitarian": (-0.1, 0.5), "Nash": (0.1, 0.2)})[0][:34]
    'utilitarian leaves A below the thr'
    """
    out = []
    for rule, gain in gains.items():
        losers = [n for n, g in zip(names, gain, strict=True) if g < -LEAST_LOSS]
        if losers:
            out.append(
                f"{rule} leaves {join_names(losers)} below the threat point: a yardstick of the "
                "joint gain, and no deal that would be signed without a transfer."
            )
    return out
