"""How fast are best replies, trade wars and deals, and against whom?

Run: ``python -m benchmarks.games [NAME ...] [--json FILE]``. Each problem runs in a process of its
own, pinned to one core where the system allows it. Times are warm: after one call that compiles.
The rival is SciPy's SLSQP on the same problem from the present rates, in the same run, stopped
after two minutes or a hundred iterations: handed our gradients in our scaled logs, handed our
gradients in the rates themselves, and left to its own finite differences.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.apart import one_by_one

#: Seconds, on one core and warm, that the project asks of itself.
LIMITS = {
    "reply-24x32": 1.0,
    "reply-31x40": 2.0,
    "two-player-24x32": 5.0,
    "world-war-24x32": 30.0,
    "ossa-nash": 15.0,
    "ossa-deal": 15.0,
    "slsqp-24x32": float("inf"),
    "slsqp-ossa": float("inf"),
}
RIVAL_SECONDS, RIVAL_ITERATIONS = 120.0, 100
RIVALS = ("scaled, adjoint", "rates, adjoint", "rates, finite differences")


def ossa() -> tuple[Any, np.ndarray]:
    """Ossa's (2014) seven regions with the political weights."""
    from benchmarks.worlds import _folder
    from detente.equilibrium import Specification
    from detente.games import Arena
    from detente.world import World

    inputs = dict(np.load(_folder("DETENTE_TRUTH", "truth") / "ossa_2014" / "inputs.npz"))
    world = World.from_arrays(
        [str(r) for r in inputs["regions"]],
        [str(s) for s in inputs["labels"]],
        sales=inputs["trade_ex_tariff"].transpose(1, 0, 2),
        tariff=inputs["tariff"].transpose(1, 0, 2),
        trade_elasticity=inputs["sigma"] - 1,
        market_structure="fixed-entry",
    )
    return Arena(world, Specification(closure="fixed-transfer")), inputs["lambda_pol"]


def shipped() -> Any:
    """The shipped world."""
    from detente.games import Arena
    from detente.world import load_world

    return Arena(load_world("icio-2022"))


def caliendo_parro() -> Any:
    """Caliendo and Parro's 31 economies by 40 sectors, balanced first."""
    from benchmarks.worlds import PROBLEMS
    from detente.games import Arena

    return Arena(PROBLEMS["cp-31x40"].build()[0])


def warm(run: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds of the first call, of the second, and the result."""
    start = time.perf_counter()
    run()
    first = time.perf_counter() - start
    start = time.perf_counter()
    result = run()
    return first, time.perf_counter() - start, result


def slsqp(arena: Any, player: Any, variant: str) -> dict[str, Any]:
    """SciPy's SLSQP on a best reply."""
    from scipy.optimize import minimize

    space, began = player.space, time.perf_counter()
    best = {"value": -np.inf}
    in_rates, by_differences = variant.startswith("rates"), variant.endswith("differences")
    known = space.identified

    class Late(RuntimeError):
        """The rival's time is up."""

    def vector(y: np.ndarray) -> np.ndarray:
        if not in_rates:
            return y
        return np.where(known, space.from_levels(y), space.start)

    def loss(y: np.ndarray) -> Any:
        if time.perf_counter() - began > RIVAL_SECONDS:
            raise Late
        policies = space.apply(arena.in_force, vector(y))
        if by_differences:
            value = arena.evaluate(policies, player.objective)[0]
            best["value"] = max(best["value"], value)
            return -value
        value, gradient = arena.gradient(policies, player.objective)
        best["value"] = max(best["value"], value)
        slope = space.pull(gradient)
        return -value, -(slope * space.scale / (1 + y) if in_rates else slope)

    start = np.clip(space.start, space.lower, space.upper)
    low, high = space.lower, space.upper
    if in_rates:
        start, low, high = (np.nan_to_num(np.expm1(v / space.scale)) for v in (start, low, high))
    try:
        found = minimize(
            loss, start, jac=not by_differences, method="SLSQP",
            bounds=np.column_stack([low, high]),
            options={"maxiter": RIVAL_ITERATIONS, "ftol": 1e-14},
        )  # fmt: skip
        end = str(found.message)
    except Late:
        end = "stopped after its time"
    return {
        "variant": variant,
        "seconds": round(time.perf_counter() - began, 2),
        "value": best["value"],
        "end": end,
    }


def measure(name: str) -> dict[str, Any]:
    """One problem in this process."""
    from detente.games import (
        Objective,
        Player,
        Strategy,
        best_reply,
        equal_gain,
        trade_war,
    )

    out: dict[str, Any] = {"problem": name, "limit_s": LIMITS[name]}
    if name in ("reply-24x32", "reply-31x40", "slsqp-24x32", "slsqp-ossa"):
        if name == "slsqp-ossa":
            arena, weights = ossa()
            player = Player.of(
                arena, "US", [Strategy(by="sector")],
                Objective.political(arena.world, "US", weights),
            )  # fmt: skip
        else:
            arena = caliendo_parro() if "31" in name else shipped()
            codes = arena.world.economies
            # goods only: 20 of the 40 sectors there, those of the shipped world's own list here
            rule = Strategy(sectors=arena.world.sectors[:20] if "31" in name else None)
            player = Player.of(arena, "USA" if "USA" in codes else codes[-1], [rule])
        first, run, reply = warm(lambda: best_reply(arena, player))
        out |= {
            "rates": len(player.space),
            "gain_pct": reply.gain_pct,
            "first_order": reply.first_order,
            "evaluations": reply.evaluations,
        }
        if "slsqp" in name:
            out["value"] = reply.value
            out["rivals"] = [slsqp(arena, player, variant) for variant in RIVALS]
    elif name in ("two-player-24x32", "world-war-24x32"):
        arena = shipped()
        codes = ("USA", "CHN") if "two" in name else arena.world.economies
        players = [Player.of(arena, c) for c in codes]
        first, run, war = warm(lambda: trade_war(arena, players))
        out |= {"rounds": war.rounds, "regret": max(war.regret), "first_order": war.first_order}
    else:
        arena, weights = ossa()
        is_deal = "deal" in name
        rules = [
            Strategy(by="sector", bounds=(-0.9, 10.0))
            if is_deal
            else Strategy(by="partner and sector")
        ]
        players = [
            Player.of(arena, c, rules, Objective.political(arena.world, c, weights))
            for c in arena.world.economies
        ]
        if is_deal:
            first, run, deal = warm(lambda: equal_gain(arena, players))
            out |= {"gain_pct": deal.gain_pct[0], "first_order": deal.first_order}
        else:
            first, run, war = warm(lambda: trade_war(arena, players))
            out |= {
                "rounds": war.rounds,
                "regret": max(war.regret),
                "first_order": war.first_order,
            }
    out |= {"first_call_s": round(first, 2), "run_s": round(run, 3)}
    out["within_limit"] = run <= LIMITS[name]
    return out


def main() -> int:
    """Measure what is asked for, each in a fresh process."""
    return one_by_one("benchmarks.games", __doc__, tuple(LIMITS), measure)


if __name__ == "__main__":
    raise SystemExit(main())
