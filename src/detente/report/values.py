"""What does a program get of a run, a war or deals: plain values for JSON?"""

from __future__ import annotations

from typing import Any

from detente.games.play import Deals, War
from detente.games.rows import median_of
from detente.report.words.answer import answer
from detente.report.words.measures import found_values
from detente.run.results import HIGH, LOW, Results, rows_of, value_of


def run_values(results: Results) -> dict[str, Any]:
    """A run: the answer, the welfare of every economy, and what was found."""
    said = answer(results)
    rows = rows_of(results.headline, "welfare_pct", sector="")
    economies = []
    for code, value in zip(rows["economy"], rows["value"], strict=True):
        economies.append(
            {
                "economy": code,
                "name": results.economy(code),
                "welfare_pct": float(value),
                "low": value_of(results.headline, "welfare_pct", LOW, economy=code),
                "high": value_of(results.headline, "welfare_pct", HIGH, economy=code),
                "equivalent_variation": value_of(
                    results.headline, "equivalent_variation", economy=code
                ),
            }
        )
    return {
        "case": results.case,
        "package": results.headline_id,
        "compared_with": results.compared_with,
        "answer": said.text,
        "economies": economies,
        "currency": results.model.currency,
        "draws": {
            "asked": results.draws.asked,
            "finished": results.draws.finished,
            "failed": results.draws.failed,
            "seed": results.draws.seed,
        },
        "model": {
            "world": results.model.world,
            "year": results.model.year,
            "closure": results.model.closure,
            "labour": results.model.labour,
            "scale": results.model.scale,
            "elasticities": results.model.elasticity_set,
            "horizon": results.model.horizon,
        },
        "found": found_values(results),
        "notes": [str(note) for note in results.notes],
        "provenance": dict(results.provenance),
    }


def war_values(found: War) -> dict[str, Any]:
    """A war: best replies, the staircase, and where it ends."""
    value: dict[str, Any] = {
        "best_replies": {
            r.player.name: {
                "median_rate_pct": 100 * median_of(r.levels),
                "gain_pct": r.gain_pct,
                "at_bound": list(r.bounds_hit),
                "unidentified": list(r.unidentified),
            }
            for r in found.replies
        },
        "staircase": [
            {"move": k, "by": s.mover, "objective_pct": [100 * (v - 1) for v in s.value]}
            for k, s in enumerate(found.stairs)
        ],
    }
    if found.end is not None:
        end = found.end
        value["trade_war"] = {
            "median_rate_pct": {k: 100 * v for k, v in end.median_rates.items()},
            "objective_pct": dict(zip(end.names, [100 * (v - 1) for v in end.value], strict=True)),
            "regret_pct": dict(zip(end.names, [100 * r for r in end.regret], strict=True)),
            "welfare_pct": end.welfare_pct,
        }
    return value


def deals_values(found: Deals) -> dict[str, Any]:
    """Deals; a discount factor that no patience reaches is null."""
    return {
        "threat": {
            "name": found.threat.name,
            "objective_pct": [100 * (v - 1) for v in found.threat.value],
        },
        "players": list(found.names),
        "agreements": {
            name: {
                "gain_pct": list(a.gain_pct),
                "weights": list(a.weights),
                "transfers": list(a.transfers),
            }
            for name, a in found.agreements.items()
        },
        "critical_discount_factor": {
            e.package: [None if c == float("inf") else float(c) for c in e.critical]
            for e in found.enforcement
        },
        "frontier_gain_pct": [list(p.gain_pct) for p in found.frontier],
        "problems": list(found.problems),
    }
