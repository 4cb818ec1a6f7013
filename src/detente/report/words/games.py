"""How is a game told: replies, war, and the deal that gives both the same?"""

from __future__ import annotations

from detente.run.results import Results
from detente.wording import join_names, percent


def game_words(results: Results) -> list[str]:
    """The game in sentences."""
    out = []
    war, deals = results.war, results.deals
    if war is not None:
        for reply in war.replies:
            name = results.economy(reply.player.name)
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
                    f"{results.economy(n)} {percent(100 * (v - 1))}"
                    for n, v in zip(war.end.names, war.end.value, strict=True)
                ]
            )
            out.append(
                f"Where nobody gains by departing alone: {ends}. The best deviation found would "
                f"add {100 * max(war.end.regret):.0e} %."
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
